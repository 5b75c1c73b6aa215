/* SPDX-License-Identifier: Apache-2.0 */
#include "ours-pipe.h"

#include "bench-peer.h"

#define CLEANUP_WINDOW  256
#define MAX_PATH_LENGTH 512

typedef struct _Slot Slot;

/* Everything runs in the thread that iterates the main context. */
typedef struct
{
  const BenchJob *job;
  BenchTally *tally;
  CuratorGetDataBuilder *get;
  CuratorCreateBuilder *create;
  CuratorDeleteBuilder *delete;
  GBytes *data;
  void (*submit) (Slot *slot, guint index);
  guint total;
  guint next;
  guint n_live;
  GError *error; /* the first failure */
} Pipe;

/* One of the operations outstanding at any time. */
struct _Slot
{
  Pipe *pipe;
  double sent_us;
};

static void
end_slot (Slot *slot, GError *error)
{
  Pipe *pipe = slot->pipe;

  if (pipe->error == NULL)
    pipe->error = error;
  else
    g_clear_error (&error);
  pipe->n_live--;
}

static void
submit_next (Slot *slot)
{
  Pipe *pipe = slot->pipe;

  if (pipe->next == pipe->total || pipe->error != NULL)
    {
      end_slot (slot, NULL);
      return;
    }
  slot->sent_us = bench_now_us ();
  pipe->submit (slot, pipe->next++);
}

static void
on_data (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Slot *slot = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) data = curator_get_data_builder_for_path_finish (slot->pipe->get, result, &error);

  if (data == NULL)
    {
      end_slot (slot, error);
      return;
    }
  bench_tally_add (slot->pipe->tally, bench_now_us () - slot->sent_us);
  submit_next (slot);
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Slot *slot = user_data;
  GError *error = NULL;

  if (curator_delete_builder_for_path_finish (slot->pipe->delete, result, &error))
    submit_next (slot);
  else
    end_slot (slot, error);
}

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Slot *slot = user_data;
  Pipe *pipe = slot->pipe;
  GError *error = NULL;
  g_autofree char *path = curator_create_builder_for_path_finish (pipe->create, result, &error);

  if (path == NULL)
    {
      end_slot (slot, error);
      return;
    }
  bench_tally_add (pipe->tally, bench_now_us () - slot->sent_us);
  if (pipe->job->workload == BENCH_WORKLOAD_CREATE)
    curator_delete_builder_for_path_async (pipe->delete, path, NULL, on_deleted, slot);
  else
    submit_next (slot);
}

static void
submit_get (Slot *slot, guint index)
{
  Pipe *pipe = slot->pipe;

  curator_get_data_builder_for_path_async (pipe->get, pipe->job->root, NULL, on_data, slot);
}

static void
submit_create (Slot *slot, guint index)
{
  Pipe *pipe = slot->pipe;
  char path[MAX_PATH_LENGTH];

  g_snprintf (path, sizeof path, "%s/n-%u", pipe->job->root, index);
  curator_create_builder_for_path_async (pipe->create, path, pipe->data, NULL, on_created, slot);
}

static void
submit_delete (Slot *slot, guint index)
{
  Pipe *pipe = slot->pipe;
  char path[MAX_PATH_LENGTH];

  g_snprintf (path, sizeof path, "%s/n-%u", pipe->job->root, index);
  curator_delete_builder_for_path_async (pipe->delete, path, NULL, on_deleted, slot);
}

static void
run_slots (Pipe *pipe, guint window, void (*submit) (Slot *slot, guint index))
{
  g_autofree Slot *slots = g_new0 (Slot, window);

  pipe->submit = submit;
  pipe->next = 0;
  pipe->n_live = window;
  for (guint i = 0; i < window; i++)
    {
      slots[i].pipe = pipe;
      submit_next (&slots[i]);
    }
  while (pipe->n_live > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
pipe_init (Pipe *pipe, CuratorFramework *client, const BenchJob *job, BenchTally *tally)
{
  *pipe = (Pipe){ .job = job, .tally = tally };
  pipe->total = job->warmup + job->operations;
  pipe->get = curator_framework_get_data (client);
  pipe->create = curator_framework_create (client);
  if (job->workload == BENCH_WORKLOAD_CREATE)
    curator_create_builder_with_mode (pipe->create, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  pipe->delete = curator_framework_delete (client);
  pipe->data = ours_make_data (job->data_size);
}

static gboolean
pipe_clear (Pipe *pipe, GError **error)
{
  gboolean ok = pipe->error == NULL;

  g_object_unref (pipe->get);
  g_object_unref (pipe->create);
  g_object_unref (pipe->delete);
  g_bytes_unref (pipe->data);
  if (!ok)
    g_propagate_error (error, pipe->error);
  return ok;
}

gboolean
ours_pipe_run (CuratorFramework *client, const BenchJob *job, BenchTally *tally, GError **error)
{
  Pipe pipe;

  pipe_init (&pipe, client, job, tally);
  bench_tally_begin (tally, job->warmup, job->operations);
  run_slots (&pipe, job->window, job->workload == BENCH_WORKLOAD_GET ? submit_get : submit_create);
  if (pipe.error == NULL && job->workload == BENCH_WORKLOAD_CREATEPIPE)
    run_slots (&pipe, CLEANUP_WINDOW, submit_delete);
  return pipe_clear (&pipe, error);
}

static gboolean
call_get (Pipe *pipe, guint index)
{
  double sent_us = bench_now_us ();
  g_autoptr (GBytes) data =
      curator_get_data_builder_for_path_sync (pipe->get, pipe->job->root, NULL, &pipe->error);

  bench_tally_add (pipe->tally, bench_now_us () - sent_us);
  return data != NULL;
}

static gboolean
call_create (Pipe *pipe, guint index)
{
  g_autofree char *created = NULL;
  char path[MAX_PATH_LENGTH];
  double sent_us;

  g_snprintf (path, sizeof path, "%s/n-%u", pipe->job->root, index);
  sent_us = bench_now_us ();
  created = curator_create_builder_for_path_sync (pipe->create, path, pipe->data, NULL, &pipe->error);
  bench_tally_add (pipe->tally, bench_now_us () - sent_us);
  if (created == NULL || pipe->job->workload == BENCH_WORKLOAD_CREATEPIPE)
    return created != NULL;
  return curator_delete_builder_for_path_sync (pipe->delete, created, NULL, &pipe->error);
}

gboolean
ours_pipe_run_sync (CuratorFramework *client, const BenchJob *job, BenchTally *tally, GError **error)
{
  gboolean (*call) (Pipe *, guint) = job->workload == BENCH_WORKLOAD_GET ? call_get : call_create;
  gboolean ok = TRUE;
  Pipe pipe;

  if (job->window != 1)
    return bench_peer_set_unsupported (job, error);
  pipe_init (&pipe, client, job, tally);
  bench_tally_begin (tally, job->warmup, job->operations);
  for (guint i = 0; i < pipe.total && ok; i++)
    ok = call (&pipe, i);
  if (ok && job->workload == BENCH_WORKLOAD_CREATEPIPE)
    run_slots (&pipe, CLEANUP_WINDOW, submit_delete);
  return pipe_clear (&pipe, error);
}
