/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-render.h"

#include <math.h>

#include "bench-targets.h"

static void
append_ratio (GString *text, double ratio)
{
  if (isfinite (ratio))
    g_string_append_printf (text, " %7.2f", ratio);
  else
    g_string_append_printf (text, " %7s", "-");
}

/* The implementation to compare with: the named baseline, or that one's own where it could not do the
 * workload. */
static const char *
find_baseline (const BenchReport *report,
               const char *workload,
               const char *implementation,
               BenchFigures *figures)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  guint index;

  while (bench_plan_find_implementation (plan, implementation, &index))
    {
      implementation = bench_plan_get_implementation (plan, index)->baseline;
      if (implementation == NULL || bench_report_lookup (report, workload, implementation, figures))
        return implementation;
    }
  return NULL;
}

static void
append_ratios (GString *text,
               const BenchReport *report,
               const BenchWorkloadSpec *workload,
               const BenchImplementation *implementation,
               const BenchFigures *figures)
{
  BenchFigures base = { 0 };
  BenchFigures yardstick = { 0 };
  const char *baseline = find_baseline (report, workload->name, implementation->name, &base);

  append_ratio (text, bench_ratio (figures->median_us, base.median_us));
  append_ratio (text, bench_ratio (figures->operations_per_second, base.operations_per_second));
  append_ratio (text, bench_ratio (figures->cpu_us_per_operation, base.cpu_us_per_operation));
  g_string_append_printf (text, "  %s", baseline != NULL ? baseline : "-");
  if (workload->yardstick != NULL &&
      bench_report_lookup (report, workload->yardstick, implementation->name, &yardstick))
    g_string_append_printf (text, "; p50 %.2f x %s", bench_ratio (figures->median_us, yardstick.median_us),
                            workload->yardstick);
}

static void
append_cell (GString *text, const BenchReport *report, guint row, guint column)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  const BenchWorkloadSpec *workload = bench_plan_get_workload (plan, row);
  const BenchImplementation *implementation = bench_plan_get_implementation (plan, column);
  GArray *repetitions = bench_report_get_repetitions (report, row, column);
  BenchFigures figures;

  g_string_append_printf (text, "%-18s %-13s", workload->name, implementation->name);
  if (bench_report_get_state (report, row, column) != BENCH_CELL_MEASURED)
    {
      g_string_append_printf (text, " FAILED: %s\n", bench_report_get_problem (report, row, column));
      return;
    }
  figures = bench_report_get_figures (report, row, column);
  g_string_append_printf (
      text, " %9.1f %9.1f %9.0f %7.1f %7.2f %6.2f", figures.median_us, figures.p99_us,
      figures.operations_per_second, figures.cpu_us_per_operation, figures.switches_per_operation,
      bench_figures_spread ((const BenchFigures *) (gpointer) repetitions->data, repetitions->len));
  append_ratios (text, report, workload, implementation, &figures);
  g_string_append_c (text, '\n');
}

static void
append_table (GString *text, const BenchReport *report)
{
  const BenchPlan *plan = bench_report_get_plan (report);

  g_string_append_printf (text, "%-18s %-13s %9s %9s %9s %7s %7s %6s %7s %7s %7s  %s\n", "workload",
                          "implementation", "p50 us", "p99 us", "ops/s", "CPU us", "switch", "spread",
                          "p50 x", "ops/s x", "CPU x", "of");
  for (guint row = 0; row < plan->workloads->len; row++)
    {
      for (guint column = 0; column < plan->implementations->len; column++)
        if (bench_report_get_state (report, row, column) != BENCH_CELL_UNSUPPORTED)
          append_cell (text, report, row, column);
      g_string_append_c (text, '\n');
    }
}

static void
append_targets (GString *text, const BenchReport *report)
{
  for (guint i = 0; i < bench_targets_count (); i++)
    {
      BenchTargetResult result = bench_targets_check (report, i);

      if (isfinite (result.value))
        g_string_append_printf (text, "%-6s %s: %.2f, wanted %s %g\n",
                                bench_target_is_met (&result) ? "met" : "MISSED", result.name, result.value,
                                result.at_most ? "<=" : ">=", result.bound);
      g_free (result.name);
    }
}

char *
bench_render_text (const BenchReport *report, const BenchConditions *conditions)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text,
      "Medians; repetitions: %u, interleaved; %u-byte data, %u processors, server %s, %s build.\n"
      "CPU and context switches are the client process's, per operation. spread: largest p50 of "
      "the repetitions over the smallest.\n\n",
      plan->repetitions, plan->data_size, g_get_num_processors (), conditions->server,
      conditions->build_type);
  append_table (text, report);
  append_targets (text, report);
  return g_string_free (text, FALSE);
}
