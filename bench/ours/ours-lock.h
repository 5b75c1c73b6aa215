/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ours-client.h"

G_BEGIN_DECLS

/* The lock workloads with CuratorMutex; each client has a session of its own. */
gboolean ours_lock_run (const BenchJob *job, BenchTally *tally, GError **error);
/* The same with blocking calls, in a thread for each client. */
gboolean ours_lock_run_sync (const BenchJob *job, BenchTally *tally, GError **error);

G_END_DECLS
