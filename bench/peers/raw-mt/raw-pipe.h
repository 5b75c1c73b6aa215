/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-job.h"
#include "raw-session.h"

G_BEGIN_DECLS

/* get, create and createpipe: asynchronous calls, each submitted from the callback of one before it. */
gboolean raw_pipe_run (RawSession *session, const BenchJob *job, BenchTally *tally, GError **error);
/* The same with the client's blocking calls, one by one. */
gboolean raw_pipe_run_sync (RawSession *session, const BenchJob *job, BenchTally *tally, GError **error);

G_END_DECLS
