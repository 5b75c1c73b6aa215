/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ours-client.h"

G_BEGIN_DECLS

/* get, create and createpipe: asynchronous calls, each submitted from the callback of one before it. */
gboolean ours_pipe_run (CuratorFramework *client, const BenchJob *job, BenchTally *tally, GError **error);
/* The same with blocking calls, one by one. */
gboolean
ours_pipe_run_sync (CuratorFramework *client, const BenchJob *job, BenchTally *tally, GError **error);

G_END_DECLS
