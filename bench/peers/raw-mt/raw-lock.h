/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-job.h"
#include "raw-session.h"

G_BEGIN_DECLS

/* The lock workloads, by ZooKeeper's own lock recipe: an ephemeral sequential node, the list of children, a
 * watch on the node before one's own. @session makes the lock's node; each client has a session of its own.
 */
gboolean
raw_lock_run (RawSession *session, const BenchJob *job, gboolean tuned, BenchTally *tally, GError **error);

G_END_DECLS
