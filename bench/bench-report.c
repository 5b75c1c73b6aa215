/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-report.h"

typedef struct
{
  GArray *repetitions; /* (element-type BenchFigures) */
  BenchCellState state;
  char *problem;
} Cell;

struct _BenchReport
{
  const BenchPlan *plan;
  Cell *cells; /* one row for each workload, in it one cell for each implementation */
};

static guint
count_cells (const BenchReport *report)
{
  return report->plan->workloads->len * report->plan->implementations->len;
}

static Cell *
get_cell (const BenchReport *report, guint workload, guint implementation)
{
  return &report->cells[workload * report->plan->implementations->len + implementation];
}

BenchReport *
bench_report_new (const BenchPlan *plan)
{
  BenchReport *report = g_new0 (BenchReport, 1);

  report->plan = plan;
  report->cells = g_new0 (Cell, count_cells (report));
  for (guint i = 0; i < count_cells (report); i++)
    report->cells[i].repetitions = g_array_new (FALSE, FALSE, sizeof (BenchFigures));
  return report;
}

void
bench_report_free (BenchReport *report)
{
  for (guint i = 0; i < count_cells (report); i++)
    {
      g_array_unref (report->cells[i].repetitions);
      g_free (report->cells[i].problem);
    }
  g_free (report->cells);
  g_free (report);
}

void
bench_report_add (BenchReport *report, guint workload, guint implementation, const BenchMeasure *measure)
{
  Cell *cell = get_cell (report, workload, implementation);
  BenchFigures figures = bench_figures_from_measure (measure);

  g_array_append_val (cell->repetitions, figures);
  if (cell->state == BENCH_CELL_EMPTY)
    cell->state = BENCH_CELL_MEASURED;
}

void
bench_report_add_error (BenchReport *report, guint workload, guint implementation, const GError *error)
{
  Cell *cell = get_cell (report, workload, implementation);
  gboolean unsupported = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);

  cell->state = unsupported ? BENCH_CELL_UNSUPPORTED : BENCH_CELL_FAILED;
  g_free (cell->problem);
  cell->problem = g_strdup (error->message);
}

const BenchPlan *
bench_report_get_plan (const BenchReport *report)
{
  return report->plan;
}

BenchCellState
bench_report_get_state (const BenchReport *report, guint workload, guint implementation)
{
  return get_cell (report, workload, implementation)->state;
}

const char *
bench_report_get_problem (const BenchReport *report, guint workload, guint implementation)
{
  return get_cell (report, workload, implementation)->problem;
}

GArray *
bench_report_get_repetitions (const BenchReport *report, guint workload, guint implementation)
{
  return get_cell (report, workload, implementation)->repetitions;
}

BenchFigures
bench_report_get_figures (const BenchReport *report, guint workload, guint implementation)
{
  GArray *repetitions = get_cell (report, workload, implementation)->repetitions;

  return bench_figures_median ((const BenchFigures *) (gpointer) repetitions->data, repetitions->len);
}

gboolean
bench_report_lookup (const BenchReport *report,
                     const char *workload,
                     const char *implementation,
                     BenchFigures *figures)
{
  guint row;
  guint column;

  if (!bench_plan_find_workload (report->plan, workload, &row) ||
      !bench_plan_find_implementation (report->plan, implementation, &column) ||
      bench_report_get_state (report, row, column) != BENCH_CELL_MEASURED)
    return FALSE;
  *figures = bench_report_get_figures (report, row, column);
  return TRUE;
}

gboolean
bench_report_has_failures (const BenchReport *report)
{
  for (guint i = 0; i < count_cells (report); i++)
    if (report->cells[i].state == BENCH_CELL_FAILED)
      return TRUE;
  return FALSE;
}
