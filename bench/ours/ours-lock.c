/* SPDX-License-Identifier: Apache-2.0 */
#include "ours-lock.h"

#include "ours-lock-run.h"

static void begin_turn (OursLockClient *client);

/* The thread is the clients' only one here: with nothing to do, it is at its end. */
static void
end_client (OursLockClient *client, GError *error)
{
  if (error != NULL)
    ours_lock_run_fail (client->run, error);
  g_clear_object (&client->mutex);
}

static void
on_released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OursLockClient *client = user_data;
  GError *error = NULL;
  gboolean released = curator_lease_release_finish (client->lease, result, &error);

  g_clear_object (&client->lease);
  if (!released)
    {
      end_client (client, error);
      return;
    }
  ours_lock_run_count_release (client->run, client);
  begin_turn (client);
}

/* Dropped, it is released; the next acquire goes right behind that. */
static void
drop_lease (OursLockClient *client)
{
  g_clear_object (&client->lease);
  ours_lock_run_count_release (client->run, client);
}

static void
on_acquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OursLockClient *client = user_data;
  GError *error = NULL;

  client->lease = curator_mutex_acquire_finish (client->mutex, result, &error);
  if (client->lease == NULL)
    {
      end_client (client, error);
      return;
    }
  ours_lock_run_count_grant (client->run, client);
  if (client->run->job->workload == BENCH_WORKLOAD_LOCK_BACKGROUND)
    {
      drop_lease (client);
      begin_turn (client);
    }
  else
    curator_lease_release_async (client->lease, NULL, on_released, client);
}

static void
begin_turn (OursLockClient *client)
{
  if (!ours_lock_run_take_turn (client->run))
    {
      end_client (client, NULL);
      return;
    }
  client->asked_us = bench_now_us ();
  curator_mutex_acquire_async (client->mutex, -1, client->run->failed, on_acquired, client);
}

static gboolean
is_any_running (const OursLockClient *clients, guint n)
{
  for (guint i = 0; i < n; i++)
    if (clients[i].mutex != NULL)
      return TRUE;
  return FALSE;
}

gboolean
ours_lock_run (const BenchJob *job, BenchTally *tally, GError **error)
{
  OursLockClient *clients;
  OursLockRun run;

  ours_lock_run_init (&run, job, tally);
  clients = ours_lock_run_open (&run);
  if (clients != NULL)
    {
      for (guint i = 0; i < job->clients; i++)
        begin_turn (&clients[i]);
      while (is_any_running (clients, job->clients))
        g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
      ours_lock_run_close (&run, clients);
    }
  return ours_lock_run_clear (&run, error);
}

static gboolean
do_turn (OursLockClient *client, GError **error)
{
  OursLockRun *run = client->run;
  gboolean released;

  client->asked_us = bench_now_us ();
  client->lease = curator_mutex_acquire_sync (client->mutex, -1, run->failed, error);
  if (client->lease == NULL)
    return FALSE;
  ours_lock_run_count_grant (run, client);
  if (run->job->workload == BENCH_WORKLOAD_LOCK_BACKGROUND)
    {
      drop_lease (client);
      return TRUE;
    }
  released = curator_lease_release_sync (client->lease, NULL, error);
  g_clear_object (&client->lease);
  if (released)
    ours_lock_run_count_release (run, client);
  return released;
}

static gpointer
run_client_thread (gpointer data)
{
  OursLockClient *client = data;
  GError *error = NULL;

  while (ours_lock_run_take_turn (client->run))
    if (!do_turn (client, &error))
      {
        ours_lock_run_fail (client->run, error);
        break;
      }
  return NULL;
}

gboolean
ours_lock_run_sync (const BenchJob *job, BenchTally *tally, GError **error)
{
  OursLockClient *clients;
  OursLockRun run;

  ours_lock_run_init (&run, job, tally);
  clients = ours_lock_run_open (&run);
  if (clients != NULL)
    {
      for (guint i = 0; i < job->clients; i++)
        clients[i].thread = g_thread_new ("client", run_client_thread, &clients[i]);
      for (guint i = 0; i < job->clients; i++)
        g_thread_join (clients[i].thread);
      ours_lock_run_close (&run, clients);
    }
  return ours_lock_run_clear (&run, error);
}
