/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-peer.h"
#include "raw-lock.h"
#include "raw-pipe.h"

static gboolean
run_in_root (RawSession *session, const BenchJob *job, BenchTally *tally, GError **error)
{
  gboolean pipe = job->workload <= BENCH_WORKLOAD_CREATEPIPE;

  if (g_str_equal (job->variant, "async"))
    return pipe ? raw_pipe_run (session, job, tally, error) : raw_lock_run (session, job, tally, error);
  if (g_str_equal (job->variant, "sync") && pipe)
    return raw_pipe_run_sync (session, job, tally, error);
  return bench_peer_set_unsupported (job, error);
}

static gboolean
run_job (const BenchJob *job, BenchTally *tally, GError **error)
{
  g_autoptr (RawSession) session = raw_session_open (job->connect, error);
  g_autofree char *data = g_strnfill (job->data_size, 'x');
  gboolean ok;

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
