/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-peer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

static gboolean
do_line (const char *line, BenchTally *tally, BenchPeerFunc func, GError **error)
{
  g_autoptr (BenchJob) job = bench_job_from_line (line, error);

  if (job == NULL || !func (job, tally, error))
    return FALSE;
  if (bench_tally_is_full (tally))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%u of %u operations were done", tally->n_samples,
               tally->operations);
  return FALSE;
}

static char *
answer_line (const char *line, BenchPeerFunc func)
{
  g_autoptr (GError) error = NULL;
  g_auto (BenchTally) tally = { 0 };

  if (do_line (line, &tally, func, &error))
    return bench_answer_to_line (&tally);
  return bench_error_to_line (error);
}

static int
answer_all (BenchPeerFunc func)
{
  char *line = NULL;
  size_t size = 0;

  while (getline (&line, &size, stdin) >= 0)
    {
      g_autofree char *answer = answer_line (g_strchomp (line), func);

      if (fputs (answer, stdout) < 0 || fflush (stdout) != 0)
        break;
    }
  free (line);
  return ferror (stdin) || ferror (stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
bench_peer_main (int argc, char **argv, const char *about, BenchPeerFunc func)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, about);
  g_option_context_set_description (context,
                                    "Started by curator-bench, which writes the jobs to its standard input.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  /* A runner that dies while a job runs must not leave it running. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  return answer_all (func);
}

gboolean
bench_peer_set_unsupported (const BenchJob *job, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s has no workload %s with window %u",
               job->variant, bench_workload_to_string (job->workload), job->window);
  return FALSE;
}
