/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-targets.h"

#include <math.h>
#include <stddef.h>

typedef struct
{
  const char *workload;
  const char *implementation;
  const char *base_workload; /* NULL: the bound is the figure itself, not a ratio */
  const char *base_implementation;
  const char *field;
  gsize offset;
  double bound;
  gboolean at_most;
} Target;

#define MEDIAN "p50", offsetof (BenchFigures, median_us)
#define RATE   "ops/s", offsetof (BenchFigures, operations_per_second)
#define CPU    "CPU per operation", offsetof (BenchFigures, cpu_us_per_operation)

static const Target targets[] = {
  { "get", "ours-zerohop", "get", "raw-mt", MEDIAN, 0.85, TRUE },
  { "get", "ours-sync", "get", "raw-mt", MEDIAN, 1.0, TRUE },
  { "get", "ours-sync", "get", "raw-mt-sync", MEDIAN, 1.0, TRUE },
  { "getpipe-256", "ours-zerohop", "getpipe-256", "raw-mt", RATE, 1.2, FALSE },
  { "getpipe-256", "ours-zerohop", "getpipe-256", "raw-mt", CPU, 0.45, TRUE },
  { "createpipe-256", "ours-zerohop", "createpipe-256", "raw-mt", RATE, 1.2, FALSE },
  { "createpipe-256", "ours-zerohop", "createpipe-256", "raw-mt", CPU, 0.45, TRUE },
  { "lock-acquire", "ours-zerohop", "create", "ours-zerohop", MEDIAN, 1.15, TRUE },
  { "lock-contended-8", "ours-zerohop", NULL, NULL, RATE, 2500, FALSE },
  { "lock-contended-32", "ours-zerohop", "lock-contended-8", "ours-zerohop", RATE, 0.95, FALSE },
  { "lock-acquire", "ours-zerohop", "lock-acquire", "curator", MEDIAN, 0.5, TRUE },
  { "lock-cycle", "ours-zerohop", "lock-cycle", "curator", MEDIAN, 0.6, TRUE },
  { "lock-background", "ours-zerohop", "lock-cycle", "curator", MEDIAN, 0.4, TRUE },
  { "lock-contended-8", "ours-zerohop", "lock-contended-8", "curator", RATE, 3, FALSE },
  { "lock-contended-32", "ours-zerohop", "lock-contended-32", "curator", RATE, 3, FALSE },
  { "lock-shared-32", "ours-zerohop", "lock-shared-32", "curator", RATE, 3, FALSE },
  { "latch-failover", "ours-zerohop", "latch-failover", "curator", MEDIAN, 0.5, TRUE },
};

guint
bench_targets_count (void)
{
  return G_N_ELEMENTS (targets);
}

static char *
make_name (const Target *target)
{
  if (target->base_workload == NULL)
    return g_strdup_printf ("%s %s of %s", target->workload, target->field, target->implementation);
  return g_strdup_printf ("%s %s of %s / %s of %s", target->workload, target->field, target->implementation,
                          target->base_workload, target->base_implementation);
}

BenchTargetResult
bench_targets_check (const BenchReport *report, guint index)
{
  const Target *target = &targets[index];
  BenchTargetResult result = { make_name (target), (double) NAN, target->bound, target->at_most };
  BenchFigures figures;
  BenchFigures base;

  if (!bench_report_lookup (report, target->workload, target->implementation, &figures))
    return result;
  if (target->base_workload == NULL)
    result.value = G_STRUCT_MEMBER (double, &figures, target->offset);
  else if (bench_report_lookup (report, target->base_workload, target->base_implementation, &base))
    result.value = bench_ratio (G_STRUCT_MEMBER (double, &figures, target->offset),
                                G_STRUCT_MEMBER (double, &base, target->offset));
  return result;
}

gboolean
bench_target_is_met (const BenchTargetResult *result)
{
  return result->at_most ? result->value <= result->bound : result->value >= result->bound;
}
