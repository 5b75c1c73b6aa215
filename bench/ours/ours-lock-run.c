/* SPDX-License-Identifier: Apache-2.0 */
#include "ours-lock-run.h"

void
ours_lock_run_init (OursLockRun *run, const BenchJob *job, BenchTally *tally)
{
  *run = (OursLockRun){ .job = job, .tally = tally };
  run->path = g_strconcat (job->root, "/lock", NULL);
  /* As many turns more as there are clients keep the lock contended until the last one that is measured. */
  run->n_left = job->warmup + job->operations + (job->clients > 1 ? job->clients : 0);
  run->failed = g_cancellable_new ();
  g_mutex_init (&run->mutex);
}

gboolean
ours_lock_run_clear (OursLockRun *run, GError **error)
{
  gboolean ok = run->error == NULL;

  g_mutex_clear (&run->mutex);
  g_object_unref (run->failed);
  g_free (run->path);
  if (!ok)
    g_propagate_error (error, run->error);
  return ok;
}

OursLockClient *
ours_lock_run_open (OursLockRun *run)
{
  OursLockClient *clients = g_new0 (OursLockClient, run->job->clients);

  for (guint i = 0; i < run->job->clients && run->error == NULL; i++)
    {
      clients[i].run = run;
      if (i > 0 && run->job->workload == BENCH_WORKLOAD_LOCK_SHARED)
        {
          clients[i].mutex = g_object_ref (clients[0].mutex);
          continue;
        }
      clients[i].client = ours_client_open (run->job, &run->error);
      if (clients[i].client != NULL)
        clients[i].mutex = curator_mutex_new (clients[i].client, run->path);
    }
  if (run->error != NULL)
    {
      ours_lock_run_close (run, clients);
      return NULL;
    }
  bench_tally_begin (run->tally, run->job->warmup, run->job->operations);
  run->granted_us = bench_now_us ();
  return clients;
}

void
ours_lock_run_close (OursLockRun *run, OursLockClient *clients)
{
  for (guint i = 0; i < run->job->clients; i++)
    {
      g_clear_object (&clients[i].mutex);
      g_clear_pointer (&clients[i].client, ours_client_close);
    }
  g_free (clients);
}

gboolean
ours_lock_run_take_turn (OursLockRun *run)
{
  gboolean taken;

  g_mutex_lock (&run->mutex);
  taken = run->n_left > 0 && run->error == NULL;
  if (taken)
    run->n_left--;
  g_mutex_unlock (&run->mutex);
  return taken;
}

void
ours_lock_run_count_grant (OursLockRun *run, OursLockClient *client)
{
  double now = bench_now_us ();
  guint64 token = curator_lease_get_fencing_token (client->lease);
  gboolean in_order;

  g_mutex_lock (&run->mutex);
  in_order = token > run->last_token;
  run->last_token = token;
  if (run->job->workload == BENCH_WORKLOAD_LOCK_ACQUIRE)
    bench_tally_add (run->tally, now - client->asked_us);
  else if (run->job->workload == BENCH_WORKLOAD_LOCK_CONTENDED ||
           run->job->workload == BENCH_WORKLOAD_LOCK_SHARED)
    bench_tally_add (run->tally, now - run->granted_us);
  run->granted_us = now;
  g_mutex_unlock (&run->mutex);
  if (!in_order)
    ours_lock_run_fail (run,
                        g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s was not granted in turn", run->path));
}

void
ours_lock_run_count_release (OursLockRun *run, OursLockClient *client)
{
  if (run->job->workload != BENCH_WORKLOAD_LOCK_CYCLE &&
      run->job->workload != BENCH_WORKLOAD_LOCK_BACKGROUND)
    return;
  g_mutex_lock (&run->mutex);
  bench_tally_add (run->tally, bench_now_us () - client->asked_us);
  g_mutex_unlock (&run->mutex);
}

void
ours_lock_run_fail (OursLockRun *run, GError *error)
{
  g_mutex_lock (&run->mutex);
  if (run->error == NULL)
    run->error = g_steal_pointer (&error);
  g_mutex_unlock (&run->mutex);
  g_clear_error (&error);
  g_cancellable_cancel (run->failed);
}
