/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-peer.h"
#include "ours-latch.h"
#include "ours-lock.h"
#include "ours-pipe.h"

static const char *const variants[] = { "zerohop", "sync", "async", NULL };

static gboolean
run_in_root (CuratorFramework *client, const BenchJob *job, BenchTally *tally, GError **error)
{
  gboolean sync = g_str_equal (job->variant, "sync");

  if (job->workload <= BENCH_WORKLOAD_CREATEPIPE)
    return sync ? ours_pipe_run_sync (client, job, tally, error) : ours_pipe_run (client, job, tally, error);
  /* A latch tells by its signals that it leads, which a thread that blocks does not hear. */
  if (job->workload == BENCH_WORKLOAD_LATCH_FAILOVER)
    return sync ? bench_peer_set_unsupported (job, error) : ours_latch_run (job, tally, error);
  return sync ? ours_lock_run_sync (job, tally, error) : ours_lock_run (job, tally, error);
}

static gboolean
run_with_client (const BenchJob *job, BenchTally *tally, GError **error)
{
  CuratorFramework *client = ours_client_open (job, error);
  gboolean ok = FALSE;

  if (client == NULL)
    return FALSE;
  if (ours_client_create (client, job->root, job->data_size, error))
    {
      ok = run_in_root (client, job, tally, error);
      /* After a failure what is wrong is known already. */
      ok = ours_client_delete (client, job->root, ok ? error : NULL) && ok;
    }
  ours_client_close (client);
  return ok;
}

static gboolean
run_job (const BenchJob *job, BenchTally *tally, GError **error)
{
  g_autoptr (GMainContext) context = NULL;
  gboolean ok;

  if (!g_strv_contains (variants, job->variant))
    return bench_peer_set_unsupported (job, error);
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  ok = run_with_client (job, tally, error);
  g_main_context_pop_thread_default (context);
  return ok;
}

int
main (int argc, char **argv)
{
  return bench_peer_main (argc, argv, "The library itself, in the ways that an application can use it.",
                          run_job);
}
