/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-render.h"

#include <stddef.h>

#include "bench-json.h"
#include "bench-targets.h"

static const struct
{
  const char *name;
  gsize offset;
} fields[] = {
  { "p50_us", offsetof (BenchFigures, median_us) },
  { "p99_us", offsetof (BenchFigures, p99_us) },
  { "operations_per_second", offsetof (BenchFigures, operations_per_second) },
  { "cpu_us_per_operation", offsetof (BenchFigures, cpu_us_per_operation) },
  { "switches_per_operation", offsetof (BenchFigures, switches_per_operation) },
};

static void
append_key (GString *json, const char *key)
{
  bench_json_append_string (json, key);
  g_string_append_c (json, ':');
}

static void
append_member (GString *json, const char *key, const char *value)
{
  append_key (json, key);
  bench_json_append_string (json, value);
}

static void
append_figures (GString *json, const BenchFigures *figures)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_string_append (json, i == 0 ? "{" : ",");
      append_key (json, fields[i].name);
      bench_json_append_number (json, G_STRUCT_MEMBER (double, figures, fields[i].offset));
    }
  g_string_append_c (json, '}');
}

static BenchFigures
divide_figures (const BenchFigures *figures, const BenchFigures *base)
{
  BenchFigures ratios;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    G_STRUCT_MEMBER (double, &ratios, fields[i].offset) =
        bench_ratio (G_STRUCT_MEMBER (double, figures, fields[i].offset),
                     G_STRUCT_MEMBER (double, base, fields[i].offset));
  return ratios;
}

/* To every other implementation that did the workload. */
static void
append_ratios (GString *json, const BenchReport *report, guint row, guint column, const BenchFigures *figures)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  const char *separator = "";

  append_key (json, "ratios");
  g_string_append_c (json, '{');
  for (guint other = 0; other < plan->implementations->len; other++)
    {
      BenchFigures base;
      BenchFigures ratios;

      if (other == column || bench_report_get_state (report, row, other) != BENCH_CELL_MEASURED)
        continue;
      base = bench_report_get_figures (report, row, other);
      ratios = divide_figures (figures, &base);
      g_string_append (json, separator);
      append_key (json, bench_plan_get_implementation (plan, other)->name);
      append_figures (json, &ratios);
      separator = ",";
    }
  g_string_append_c (json, '}');
}

static void
append_yardstick (
    GString *json, const BenchReport *report, guint row, guint column, const BenchFigures *figures)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  const char *yardstick = bench_plan_get_workload (plan, row)->yardstick;
  BenchFigures base;

  if (yardstick == NULL ||
      !bench_report_lookup (report, yardstick, bench_plan_get_implementation (plan, column)->name, &base))
    return;
  g_string_append_printf (json, ",\"p50_over_%s\":", yardstick);
  bench_json_append_number (json, bench_ratio (figures->median_us, base.median_us));
}

static void
append_measured (GString *json, const BenchReport *report, guint row, guint column)
{
  GArray *repetitions = bench_report_get_repetitions (report, row, column);
  const BenchFigures *each = (const BenchFigures *) (gpointer) repetitions->data;
  BenchFigures figures = bench_report_get_figures (report, row, column);

  g_string_append (json, ",\"median\":");
  append_figures (json, &figures);
  g_string_append (json, ",\"spread\":");
  bench_json_append_number (json, bench_figures_spread (each, repetitions->len));
  g_string_append (json, ",\"repetitions\":[");
  for (guint i = 0; i < repetitions->len; i++)
    {
      g_string_append (json, i == 0 ? "" : ",");
      append_figures (json, &each[i]);
    }
  g_string_append (json, "],");
  append_ratios (json, report, row, column, &figures);
  append_yardstick (json, report, row, column, &figures);
}

static void
append_cell (GString *json, const BenchReport *report, guint row, guint column)
{
  static const char *const states[] = {
    [BENCH_CELL_EMPTY] = "empty",
    [BENCH_CELL_MEASURED] = "measured",
    [BENCH_CELL_UNSUPPORTED] = "unsupported",
    [BENCH_CELL_FAILED] = "failed",
  };
  const BenchPlan *plan = bench_report_get_plan (report);
  BenchCellState state = bench_report_get_state (report, row, column);
  const char *problem = bench_report_get_problem (report, row, column);

  g_string_append_c (json, '{');
  append_member (json, "workload", bench_plan_get_workload (plan, row)->name);
  g_string_append_c (json, ',');
  append_member (json, "implementation", bench_plan_get_implementation (plan, column)->name);
  g_string_append_c (json, ',');
  append_member (json, "status", states[state]);
  if (problem != NULL)
    {
      g_string_append_c (json, ',');
      append_member (json, "message", problem);
    }
  if (state == BENCH_CELL_MEASURED)
    append_measured (json, report, row, column);
  g_string_append_c (json, '}');
}

static void
append_results (GString *json, const BenchReport *report)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  guint columns = plan->implementations->len;

  g_string_append (json, "\"results\":[");
  for (guint i = 0; i < plan->workloads->len * columns; i++)
    {
      g_string_append (json, i == 0 ? "\n" : ",\n");
      append_cell (json, report, i / columns, i % columns);
    }
  g_string_append (json, "],\n");
}

static void
append_targets (GString *json, const BenchReport *report)
{
  g_string_append (json, "\"targets\":[");
  for (guint i = 0; i < bench_targets_count (); i++)
    {
      BenchTargetResult result = bench_targets_check (report, i);

      g_string_append (json, i == 0 ? "\n{" : ",\n{");
      append_member (json, "name", result.name);
      g_string_append (json, ",\"value\":");
      bench_json_append_number (json, result.value);
      g_string_append_printf (json, ",\"%s\":", result.at_most ? "at_most" : "at_least");
      bench_json_append_number (json, result.bound);
      g_string_append_printf (json, ",\"met\":%s}", bench_target_is_met (&result) ? "true" : "false");
      g_free (result.name);
    }
  g_string_append_c (json, ']');
}

char *
bench_render_json (const BenchReport *report, const BenchConditions *conditions)
{
  const BenchPlan *plan = bench_report_get_plan (report);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format_iso8601 (now);
  GString *json = g_string_new ("{");

  append_member (json, "date", date);
  g_string_append_c (json, ',');
  append_member (json, "server", conditions->server);
  g_string_append_c (json, ',');
  append_member (json, "build_type", conditions->build_type);
  g_string_append_printf (json, ",\"processors\":%u,\"repetitions\":%u,\"data_size\":%u,\n",
                          g_get_num_processors (), plan->repetitions, plan->data_size);
  append_results (json, report);
  append_targets (json, report);
  g_string_append (json, "}\n");
  return g_string_free (json, FALSE);
}
