/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-plan.h"

G_BEGIN_DECLS

/* The results of a plan: for each workload and implementation the figures of every repetition. */
typedef struct _BenchReport BenchReport;

typedef enum
{
  BENCH_CELL_EMPTY,
  BENCH_CELL_MEASURED,
  BENCH_CELL_UNSUPPORTED,
  BENCH_CELL_FAILED,
} BenchCellState;

/* @plan must outlive the report. */
BenchReport *bench_report_new (const BenchPlan *plan);
void bench_report_free (BenchReport *report);

void
bench_report_add (BenchReport *report, guint workload, guint implementation, const BenchMeasure *measure);
/* The workload is not to be run with that implementation any more; G_IO_ERROR_NOT_SUPPORTED is not a failure.
 */
void bench_report_add_error (BenchReport *report, guint workload, guint implementation, const GError *error);

const BenchPlan *bench_report_get_plan (const BenchReport *report);
BenchCellState bench_report_get_state (const BenchReport *report, guint workload, guint implementation);
/* Why there is no result; NULL where there is one. */
const char *bench_report_get_problem (const BenchReport *report, guint workload, guint implementation);
/* One by one: (element-type BenchFigures). */
GArray *bench_report_get_repetitions (const BenchReport *report, guint workload, guint implementation);
/* The medians over the repetitions. */
BenchFigures bench_report_get_figures (const BenchReport *report, guint workload, guint implementation);
/* The same by name; FALSE where that was not measured. */
gboolean bench_report_lookup (const BenchReport *report,
                              const char *workload,
                              const char *implementation,
                              BenchFigures *figures);
gboolean bench_report_has_failures (const BenchReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchReport, bench_report_free)

G_END_DECLS
