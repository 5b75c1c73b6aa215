/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-report.h"

G_BEGIN_DECLS

/* What the library is meant to reach. */

typedef struct
{
  char *name;   /* what is compared with what */
  double value; /* NaN where the run did not measure it */
  double bound;
  gboolean at_most; /* else at least */
} BenchTargetResult;

guint bench_targets_count (void);
/* The result's name is the caller's to free. */
BenchTargetResult bench_targets_check (const BenchReport *report, guint index);
/* FALSE where the value is NaN. */
gboolean bench_target_is_met (const BenchTargetResult *result);

G_END_DECLS
