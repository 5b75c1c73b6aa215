/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-job.h"

G_BEGIN_DECLS

/* A program under test, as the runner sees it. It is started for its first job and again after it died or was
 * killed for taking too long, so that one bad run does not take the others with it.
 *
 * Belongs to one thread, whose thread-default main context it iterates while it waits. */
typedef struct _BenchProcess BenchProcess;

BenchProcess *bench_process_new (const char *program);
/* Lets it end by itself, and kills it where it does not. */
void bench_process_free (BenchProcess *process);

/* Blocks until the answer is there, or @timeout_s have passed. */
gboolean bench_process_run (
    BenchProcess *process, const BenchJob *job, guint timeout_s, BenchMeasure *measure, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchProcess, bench_process_free)

G_END_DECLS
