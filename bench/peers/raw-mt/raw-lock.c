/* SPDX-License-Identifier: Apache-2.0 */
#include "raw-lock.h"

#include <string.h>

#define MAX_PATH_LENGTH 512
#define SEQUENCE_LENGTH 10

/* All clients' callbacks run in threads of their own; what they share is guarded by the mutex. */
typedef struct
{
  const BenchJob *job;
  gboolean tuned;
  BenchTally *tally;
  char *path;
  GMutex mutex;
  GCond ended;
  guint n_left; /* turns that nobody has begun */
  guint n_live; /* clients that are not at their end */
  int rc;       /* the first failure */
  gboolean out_of_order;
  double granted_us; /* the last grant, or the beginning */
  char last[SEQUENCE_LENGTH + 1];
} LockRun;

typedef struct
{
  LockRun *run;
  RawSession *session;
  char own[MAX_PATH_LENGTH];
  double asked_us;
} Client;

static void begin_turn (Client *client);
static void list_children (Client *client);

static void
end_client (Client *client, int rc)
{
  LockRun *run = client->run;

  g_mutex_lock (&run->mutex);
  if (run->rc == ZOK)
    run->rc = rc;
  run->n_live--;
  g_cond_signal (&run->ended);
  g_mutex_unlock (&run->mutex);
}

static void
end_client_unless_ok (Client *client, int rc)
{
  if (rc != ZOK)
    end_client (client, rc);
}

static void
on_deleted (int rc, const void *data)
{
  Client *client = (Client *) data;
  LockRun *run = client->run;

  if (rc != ZOK)
    {
      end_client (client, rc);
      return;
    }
  if (run->job->workload == BENCH_WORKLOAD_LOCK_CYCLE)
    {
      g_mutex_lock (&run->mutex);
      bench_tally_add (run->tally, bench_now_us () - client->asked_us);
      g_mutex_unlock (&run->mutex);
    }
  begin_turn (client);
}

/* Sequential names of one parent end in ten digits that sort as strings. */
static const char *
get_sequence (const char *name)
{
  gsize length = strlen (name);

  return length > SEQUENCE_LENGTH ? name + length - SEQUENCE_LENGTH : name;
}

static void
count_grant (Client *client)
{
  LockRun *run = client->run;
  double now = bench_now_us ();

  g_mutex_lock (&run->mutex);
  /* Turns come in the order of the nodes; two holders at once would break it. */
  run->out_of_order |= strcmp (get_sequence (client->own), run->last) <= 0;
  g_strlcpy (run->last, get_sequence (client->own), sizeof run->last);
  if (run->job->workload == BENCH_WORKLOAD_LOCK_ACQUIRE)
    bench_tally_add (run->tally, now - client->asked_us);
  else if (run->job->workload == BENCH_WORKLOAD_LOCK_CONTENDED)
    bench_tally_add (run->tally, now - run->granted_us);
  run->granted_us = now;
  g_mutex_unlock (&run->mutex);
}

static void
release (Client *client)
{
  end_client_unless_ok (client, zoo_adelete (client->session->zh, client->own, -1, on_deleted, client));
}

/* The node right before @own, or NULL where @own is the first. */
static const char *
find_predecessor (const struct String_vector *names, const char *own)
{
  const char *found = NULL;

  for (int i = 0; i < names->count; i++)
    {
      const char *sequence = get_sequence (names->data[i]);

      if (strcmp (sequence, get_sequence (own)) < 0 &&
          (found == NULL || strcmp (sequence, get_sequence (found)) > 0))
        found = names->data[i];
    }
  return found;
}

static void
on_predecessor_event (zhandle_t *zh, int type, int state, const char *path, void *context)
{
  if (type != ZOO_SESSION_EVENT)
    list_children (context);
}

static void
on_predecessor (int rc, const char *value, int length, const struct Stat *stat, const void *data)
{
  Client *client = (Client *) data;

  if (rc == ZNONODE)
    list_children (client);
  else
    end_client_unless_ok (client, rc);
}

static void
on_children (int rc, const struct String_vector *names, const void *data)
{
  Client *client = (Client *) data;
  char path[MAX_PATH_LENGTH];
  const char *predecessor;

  if (rc != ZOK)
    {
      end_client (client, rc);
      return;
    }
  predecessor = find_predecessor (names, client->own);
  if (predecessor == NULL)
    {
      count_grant (client);
      release (client);
      return;
    }
  g_snprintf (path, sizeof path, "%s/%s", client->run->path, predecessor);
  end_client_unless_ok (
      client, zoo_awget (client->session->zh, path, on_predecessor_event, client, on_predecessor, client));
}

static void
list_children (Client *client)
{
  end_client_unless_ok (client,
                        zoo_aget_children (client->session->zh, client->run->path, 0, on_children, client));
}

static void
on_created (int rc, const char *value, const void *data)
{
  Client *client = (Client *) data;

  if (rc != ZOK)
    {
      end_client (client, rc);
      return;
    }
  g_strlcpy (client->own, value, sizeof client->own);
  list_children (client);
}

static gboolean
take_turn (LockRun *run)
{
  gboolean taken;

  g_mutex_lock (&run->mutex);
  taken = run->n_left > 0 && run->rc == ZOK;
  if (taken)
    run->n_left--;
  g_mutex_unlock (&run->mutex);
  return taken;
}

static void
begin_turn (Client *client)
{
  LockRun *run = client->run;
  char path[MAX_PATH_LENGTH];

  if (!take_turn (run))
    {
      end_client (client, ZOK);
      return;
    }
  g_snprintf (path, sizeof path, "%s/lock-", run->path);
  client->asked_us = bench_now_us ();
  end_client_unless_ok (client, zoo_acreate (client->session->zh, path, NULL, -1, &ZOO_OPEN_ACL_UNSAFE,
                                             ZOO_EPHEMERAL | ZOO_SEQUENCE, on_created, client));
}

static gboolean
open_sessions (Client *clients, LockRun *run, GError **error)
{
  for (guint i = 0; i < run->job->clients; i++)
    {
      clients[i].run = run;
      clients[i].session = raw_session_open (run->job->connect, run->tuned, error);
      if (clients[i].session == NULL)
        return FALSE;
    }
  return TRUE;
}

/* A client that waits for its predecessor hears nothing of another one's failure, so that ends the run at
 * once. */
static gboolean
wait_for_end (LockRun *run, GError **error)
{
  g_mutex_lock (&run->mutex);
  while (run->n_live > 0 && run->rc == ZOK)
    g_cond_wait (&run->ended, &run->mutex);
  g_mutex_unlock (&run->mutex);
  if (run->out_of_order)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s was not granted in turn", run->path);
      return FALSE;
    }
  return raw_check (run->rc, bench_workload_to_string (run->job->workload), run->path, error);
}

static gboolean
run_clients (LockRun *run, GError **error)
{
  const BenchJob *job = run->job;
  g_autofree Client *clients = g_new0 (Client, job->clients);
  gboolean ok = open_sessions (clients, run, error);

  if (ok)
    {
      bench_tally_begin (run->tally, job->warmup, job->operations);
      run->granted_us = bench_now_us ();
      for (guint i = 0; i < job->clients; i++)
        begin_turn (&clients[i]);
      ok = wait_for_end (run, error);
    }
  for (guint i = 0; i < job->clients; i++)
    g_clear_pointer (&clients[i].session, raw_session_close);
  return ok;
}

gboolean
raw_lock_run (RawSession *session, const BenchJob *job, gboolean tuned, BenchTally *tally, GError **error)
{
  g_autofree char *path = g_strconcat (job->root, "/lock", NULL);
  LockRun run = { .job = job, .tuned = tuned, .tally = tally, .path = path, .n_live = job->clients };
  gboolean ok;

  /* As many turns more as there are clients keep the lock contended until the last one that is measured. */
  run.n_left = job->warmup + job->operations + (job->clients > 1 ? job->clients : 0);
  g_mutex_init (&run.mutex);
  g_cond_init (&run.ended);
  ok = raw_session_create (session, path, NULL, 0, error) && run_clients (&run, error) &&
       raw_session_delete (session, path, error);
  g_cond_clear (&run.ended);
  g_mutex_clear (&run.mutex);
  return ok;
}
