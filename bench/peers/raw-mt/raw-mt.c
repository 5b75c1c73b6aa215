/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-peer.h"
#include "raw-lock.h"
#include "raw-pipe.h"

static const char *const variants[] = { "async", "async-tuned", "sync", NULL };

static gboolean
is_tuned (const BenchJob *job)
{
  return g_str_has_suffix (job->variant, "-tuned");
}

static gboolean
run_in_root (RawSession *session, const BenchJob *job, BenchTally *tally, GError **error)
{
  gboolean pipe = job->workload <= BENCH_WORKLOAD_CREATEPIPE;

  if (!g_str_equal (job->variant, "sync"))
    return pipe ? raw_pipe_run (session, job, tally, error)
                : raw_lock_run (session, job, is_tuned (job), tally, error);
  return pipe ? raw_pipe_run_sync (session, job, tally, error) : bench_peer_set_unsupported (job, error);
}

static gboolean
run_job (const BenchJob *job, BenchTally *tally, GError **error)
{
  g_autoptr (RawSession) session = NULL;
  g_autofree char *data = g_strnfill (job->data_size, 'x');
  gboolean ok;

  if (!g_strv_contains (variants, job->variant) || job->workload == BENCH_WORKLOAD_LATCH_FAILOVER ||
      job->workload == BENCH_WORKLOAD_LOCK_BACKGROUND || job->workload == BENCH_WORKLOAD_LOCK_SHARED)
    return bench_peer_set_unsupported (job, error);
  session = raw_session_open (job->connect, is_tuned (job), error);
  if (session == NULL || !raw_session_create (session, job->root, data, job->data_size, error))
    return FALSE;
  ok = run_in_root (session, job, tally, error);
  /* After a failure the root may have nodes in it, and what is wrong is known already. */
  return raw_session_delete (session, job->root, ok ? error : NULL) && ok;
}

int
main (int argc, char **argv)
{
  return bench_peer_main (argc, argv, "The multi-threaded ZooKeeper C client, for comparison.", run_job);
}
