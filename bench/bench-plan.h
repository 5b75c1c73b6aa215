/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-job.h"

G_BEGIN_DECLS

/* What there is to run, and what of it is to be run. */

typedef struct
{
  const char *name;
  const char *family; /* names a group of workloads, which may be a group of one */
  BenchWorkload workload;
  guint window;
  guint clients;
  guint operations;
  const char *yardstick; /* the workload whose latency is this one's measure, or NULL */
  const char *about;
} BenchWorkloadSpec;

typedef struct
{
  const char *name;
  const char *program; /* in the runner's folder */
  const char *variant;
  const char *baseline; /* the implementation to compare with, or NULL */
  gboolean optional;    /* left out where its program is not there, unless it is asked for by name */
  const char *about;
} BenchImplementation;

typedef struct
{
  GPtrArray *workloads;       /* (element-type BenchWorkloadSpec) */
  GPtrArray *implementations; /* (element-type BenchImplementation) */
  guint repetitions;
  guint operations; /* 0: as many as each workload has by itself */
  guint data_size;
} BenchPlan;

/* Names of workloads, of families of them, and of implementations; NULL selects all. A workload's yardstick
 * is selected with it. NULL with G_IO_ERROR_INVALID_ARGUMENT for a name that is not known. */
BenchPlan *bench_plan_new (const char *const *workloads, const char *const *implementations, GError **error);
void bench_plan_free (BenchPlan *plan);
/* For a plan that was made with all implementations: leaves those out that are optional and have no program
 * in @folder. */
void bench_plan_leave_out_missing (BenchPlan *plan, const char *folder);

const BenchWorkloadSpec *bench_plan_get_workload (const BenchPlan *plan, guint index);
const BenchImplementation *bench_plan_get_implementation (const BenchPlan *plan, guint index);
/* FALSE where nothing of that name is selected. */
gboolean bench_plan_find_workload (const BenchPlan *plan, const char *name, guint *index);
gboolean bench_plan_find_implementation (const BenchPlan *plan, const char *name, guint *index);

/* The job of one run; the number keeps its root apart from those of other runs. */
BenchJob *bench_plan_make_job (
    const BenchPlan *plan, guint workload, guint implementation, const char *connect, guint number);

/* All that could be selected, for a reader. */
char *bench_plan_describe_all (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchPlan, bench_plan_free)

G_END_DECLS
