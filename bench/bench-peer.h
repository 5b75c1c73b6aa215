/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-job.h"

G_BEGIN_DECLS

/* Does @job and fills @tally; off the clock it makes the job's root node and takes it away again. An error of
 * G_IO_ERROR_NOT_SUPPORTED where the program cannot do that job. */
typedef gboolean (*BenchPeerFunc) (const BenchJob *job, BenchTally *tally, GError **error);

/* The main function of a program under test: does the jobs that come on standard input, one per line, and
 * answers on standard output, until the input ends. @about is shown by --help. */
int bench_peer_main (int argc, char **argv, const char *about, BenchPeerFunc func);

/* FALSE with the error to return for a variant or workload that the program does not have. */
gboolean bench_peer_set_unsupported (const BenchJob *job, GError **error);

G_END_DECLS
