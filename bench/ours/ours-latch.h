/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ours-client.h"

G_BEGIN_DECLS

/* The latch workload with CuratorLeaderLatch; each latch has a session of its own. */
gboolean ours_latch_run (const BenchJob *job, BenchTally *tally, GError **error);

G_END_DECLS
