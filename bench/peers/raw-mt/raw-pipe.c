/* SPDX-License-Identifier: Apache-2.0 */
#include "raw-pipe.h"

#include "bench-peer.h"

#define CLEANUP_WINDOW  256
#define MAX_PATH_LENGTH 512

typedef struct _Slot Slot;

typedef struct
{
  RawSession *session;
  const BenchJob *job;
  BenchTally *tally; /* touched by the completion thread alone; NULL where nothing is measured */
  char *data;
  gboolean deleting;
  int total;
  int next; /* atomic: the operation to submit next */
  int rc;   /* atomic: the first failure */
  GMutex mutex;
  GCond ended;
  guint n_live; /* slots that are not at their end; guarded by mutex */
} Pipe;

/* One of the operations outstanding at any time. */
struct _Slot
{
  Pipe *pipe;
  double sent_us;
};

static void submit_next (Slot *slot);

static void
end_slot (Slot *slot, int rc)
{
  Pipe *pipe = slot->pipe;

  if (rc != ZOK)
    g_atomic_int_compare_and_exchange (&pipe->rc, ZOK, rc);
  g_mutex_lock (&pipe->mutex);
  if (--pipe->n_live == 0)
    g_cond_signal (&pipe->ended);
  g_mutex_unlock (&pipe->mutex);
}

static void
complete (Slot *slot, int rc)
{
  if (rc != ZOK)
    {
      end_slot (slot, rc);
      return;
    }
  if (slot->pipe->tally != NULL)
    bench_tally_add (slot->pipe->tally, bench_now_us () - slot->sent_us);
  submit_next (slot);
}

static void
on_data (int rc, const char *value, int length, const struct Stat *stat, const void *data)
{
  complete ((Slot *) data, rc);
}

static void
on_void (int rc, const void *data)
{
  complete ((Slot *) data, rc);
}

static void
on_created (int rc, const char *value, const void *data)
{
  complete ((Slot *) data, rc);
}

static void
on_unmeasured_void (int rc, const void *data)
{
  if (rc == ZOK)
    submit_next ((Slot *) data);
  else
    end_slot ((Slot *) data, rc);
}

static void
on_created_to_delete (int rc, const char *value, const void *data)
{
  Slot *slot = (Slot *) data;
  Pipe *pipe = slot->pipe;

  if (rc == ZOK)
    {
      bench_tally_add (pipe->tally, bench_now_us () - slot->sent_us);
      rc = zoo_adelete (pipe->session->zh, value, -1, on_unmeasured_void, slot);
    }
  if (rc != ZOK)
    end_slot (slot, rc);
}

static int
submit (Slot *slot, int index)
{
  Pipe *pipe = slot->pipe;
  const BenchJob *job = pipe->job;
  zhandle_t *zh = pipe->session->zh;
  char path[MAX_PATH_LENGTH];

  if (job->workload == BENCH_WORKLOAD_GET)
    return zoo_aget (zh, job->root, 0, on_data, slot);
  g_snprintf (path, sizeof path, "%s/n-%d", job->root, index);
  if (pipe->deleting)
    return zoo_adelete (zh, path, -1, on_void, slot);
  if (job->workload == BENCH_WORKLOAD_CREATEPIPE)
    return zoo_acreate (zh, path, pipe->data, (int) job->data_size, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT,
                        on_created, slot);
  return zoo_acreate (zh, path, pipe->data, (int) job->data_size, &ZOO_OPEN_ACL_UNSAFE,
                      ZOO_EPHEMERAL | ZOO_SEQUENCE, on_created_to_delete, slot);
}

static void
submit_next (Slot *slot)
{
  Pipe *pipe = slot->pipe;
  int index = g_atomic_int_add (&pipe->next, 1);
  int rc = ZOK;

  if (index < pipe->total && g_atomic_int_get (&pipe->rc) == ZOK)
    {
      slot->sent_us = bench_now_us ();
      rc = submit (slot, index);
      if (rc == ZOK)
        return;
    }
  end_slot (slot, rc);
}

static int
run_slots (Pipe *pipe, guint window)
{
  g_autofree Slot *slots = g_new0 (Slot, window);

  pipe->next = 0;
  pipe->n_live = window;
  for (guint i = 0; i < window; i++)
    {
      slots[i].pipe = pipe;
      submit_next (&slots[i]);
    }
  g_mutex_lock (&pipe->mutex);
  while (pipe->n_live > 0)
    g_cond_wait (&pipe->ended, &pipe->mutex);
  g_mutex_unlock (&pipe->mutex);
  return pipe->rc;
}

gboolean
raw_pipe_run (RawSession *session, const BenchJob *job, BenchTally *tally, GError **error)
{
  g_autofree char *data = g_strnfill (job->data_size, 'x');
  Pipe pipe = { .session = session, .job = job, .tally = tally, .data = data };
  gboolean ok;

  pipe.total = (int) (job->warmup + job->operations);
  g_mutex_init (&pipe.mutex);
  g_cond_init (&pipe.ended);
  bench_tally_begin (tally, job->warmup, job->operations);
  ok = raw_check (run_slots (&pipe, job->window), bench_workload_to_string (job->workload), job->root, error);
  if (ok && job->workload == BENCH_WORKLOAD_CREATEPIPE)
    {
      pipe.deleting = TRUE;
      pipe.tally = NULL;
      ok = raw_check (run_slots (&pipe, CLEANUP_WINDOW), "delete what was created under", job->root, error);
    }
  g_cond_clear (&pipe.ended);
  g_mutex_clear (&pipe.mutex);
  return ok;
}

static int
call_get (RawSession *session, const BenchJob *job, char *buffer, BenchTally *tally)
{
  double sent_us = bench_now_us ();
  int length = (int) job->data_size;
  int rc = zoo_get (session->zh, job->root, 0, buffer, &length, NULL);

  bench_tally_add (tally, bench_now_us () - sent_us);
  return rc;
}

static int
call_create (RawSession *session, const BenchJob *job, const char *data, BenchTally *tally)
{
  gboolean sequential = job->workload == BENCH_WORKLOAD_CREATE;
  char path[MAX_PATH_LENGTH];
  char created[MAX_PATH_LENGTH];
  double sent_us;
  int rc;

  g_snprintf (path, sizeof path, "%s/n-%u", job->root, tally->seen);
  sent_us = bench_now_us ();
  rc = zoo_create (session->zh, path, data, (int) job->data_size, &ZOO_OPEN_ACL_UNSAFE,
                   sequential ? ZOO_EPHEMERAL | ZOO_SEQUENCE : ZOO_PERSISTENT, created, sizeof created);
  bench_tally_add (tally, bench_now_us () - sent_us);
  return rc == ZOK && sequential ? zoo_delete (session->zh, created, -1) : rc;
}

gboolean
raw_pipe_run_sync (RawSession *session, const BenchJob *job, BenchTally *tally, GError **error)
{
  g_autofree char *data = g_strnfill (job->data_size, 'x');
  guint total = job->warmup + job->operations;
  int rc = ZOK;

  if (job->window != 1)
    return bench_peer_set_unsupported (job, error);
  bench_tally_begin (tally, job->warmup, job->operations);
  for (guint i = 0; i < total && rc == ZOK; i++)
    rc = job->workload == BENCH_WORKLOAD_GET ? call_get (session, job, data, tally)
                                             : call_create (session, job, data, tally);
  for (guint i = 0; i < total && rc == ZOK && job->workload == BENCH_WORKLOAD_CREATEPIPE; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/n-%u", job->root, i);

      rc = zoo_delete (session->zh, path, -1);
    }
  return raw_check (rc, bench_workload_to_string (job->workload), job->root, error);
}
