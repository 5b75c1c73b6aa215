/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "bench-process.h"
#include "bench-render.h"
#include "bench-server.h"

typedef struct
{
  char **workloads;
  char **implementations;
  char *connect;
  char *json;
  int repetitions;
  int operations;
  int data_size;
  int timeout_s;
  gboolean list;
} Options;

typedef struct
{
  const BenchPlan *plan;
  const char *connect;
  guint timeout_s;
  GPtrArray *processes; /* (element-type BenchProcess): one for each implementation */
  BenchReport *report;
  guint n_runs;
} Runner;

static void
options_clear (Options *options)
{
  g_strfreev (options->workloads);
  g_strfreev (options->implementations);
  g_free (options->connect);
  g_free (options->json);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check_range (const char *option, int value, int min, int max, GError **error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s %d: must be from %d to %d", option,
               value, min, max);
  return FALSE;
}

static gboolean
check_options (const Options *options, GError **error)
{
  const char *connect = options->connect;

  if (connect != NULL && (*connect == '\0' || strpbrk (connect, " \t\r\n") != NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--connect \"%s\": must be HOST:PORT,...",
                   connect);
      return FALSE;
    }
  return check_range ("repetitions", options->repetitions, 1, 1000, error) &&
         check_range ("operations", options->operations, 0, 10000000, error) &&
         check_range ("data-size", options->data_size, 0, 1000000, error) &&
         check_range ("timeout", options->timeout_s, 1, 86400, error);
}

static gboolean
parse_options (Options *options, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "workload", 'w', 0, G_OPTION_ARG_STRING_ARRAY, &options->workloads,
      "Run this workload (repeatable; all)", "NAME" },
    { "impl", 'i', 0, G_OPTION_ARG_STRING_ARRAY, &options->implementations,
      "Run this implementation (repeatable; all)", "NAME" },
    { "connect", 'c', 0, G_OPTION_ARG_STRING, &options->connect,
      "Use these servers instead of one of its own", "HOSTS" },
    { "repetitions", 'r', 0, G_OPTION_ARG_INT, &options->repetitions, "How often each is run (5)", "N" },
    { "operations", 'n', 0, G_OPTION_ARG_INT, &options->operations,
      "Operations per run (each workload has its own)", "N" },
    { "data-size", 0, 0, G_OPTION_ARG_INT, &options->data_size, "Bytes of data in each node (100)", "N" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &options->timeout_s, "Give a run up after this time (120)",
      "SECONDS" },
    { "json", 'j', 0, G_OPTION_ARG_FILENAME, &options->json, "Write the report there as JSON too", "FILE" },
    { "list", 'l', 0, G_OPTION_ARG_NONE, &options->list, "Show workloads and implementations", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                "Compares ZooKeeper clients: the same workloads, in turns, in one run.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (argc <= 1)
    return check_options (options, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "unexpected argument %s", argv[1]);
  return FALSE;
}

static char *
find_own_folder (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL ? g_path_get_dirname (program) : g_strdup (".");
}

static BenchPlan *
make_plan (const Options *options, GError **error)
{
  g_autofree char *folder = find_own_folder ();
  BenchPlan *plan = bench_plan_new ((const char *const *) options->workloads,
                                    (const char *const *) options->implementations, error);

  if (plan == NULL)
    return NULL;
  if (options->implementations == NULL)
    bench_plan_leave_out_missing (plan, folder);
  plan->repetitions = (guint) options->repetitions;
  plan->operations = (guint) options->operations;
  plan->data_size = (guint) options->data_size;
  return plan;
}

static void
run_one (Runner *runner, guint workload, guint implementation, gboolean counts)
{
  const BenchPlan *plan = runner->plan;
  BenchCellState state = bench_report_get_state (runner->report, workload, implementation);
  g_autoptr (BenchJob) job = NULL;
  g_autoptr (GError) error = NULL;
  BenchMeasure measure;

  if (state == BENCH_CELL_UNSUPPORTED || state == BENCH_CELL_FAILED)
    return;
  job = bench_plan_make_job (plan, workload, implementation, runner->connect, ++runner->n_runs);
  if (bench_process_run (runner->processes->pdata[implementation], job, runner->timeout_s, &measure, &error))
    {
      if (counts)
        bench_report_add (runner->report, workload, implementation, &measure);
      return;
    }
  bench_report_add_error (runner->report, workload, implementation, error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_printerr ("%s, %s: %s\n", bench_plan_get_workload (plan, workload)->name,
                bench_plan_get_implementation (plan, implementation)->name, error->message);
}

/* A workload and right after it those that are measured by it, so that the machine is the same for both. */
static void
run_with_measured (Runner *runner, guint yardstick, guint implementation, gboolean counts)
{
  const char *name = bench_plan_get_workload (runner->plan, yardstick)->name;

  run_one (runner, yardstick, implementation, counts);
  for (guint workload = 0; workload < runner->plan->workloads->len; workload++)
    if (g_strcmp0 (bench_plan_get_workload (runner->plan, workload)->yardstick, name) == 0)
      run_one (runner, workload, implementation, counts);
}

/* In each round another implementation goes first, so that none always follows the same one. The first round
 * does not count: the server's code is compiled while it runs. */
static void
run_round (Runner *runner, guint round)
{
  guint n_implementations = runner->plan->implementations->len;

  for (guint workload = 0; workload < runner->plan->workloads->len; workload++)
    {
      const BenchWorkloadSpec *spec = bench_plan_get_workload (runner->plan, workload);

      if (spec->yardstick != NULL)
        continue;
      g_printerr ("round %u of %u: %s\n", round, runner->plan->repetitions, spec->name);
      for (guint i = 0; i < n_implementations; i++)
        run_with_measured (runner, workload, (round + i) % n_implementations, round > 0);
    }
}

static void
run_plan (BenchReport *report, const char *connect, guint timeout_s)
{
  g_autofree char *folder = find_own_folder ();
  g_autoptr (GPtrArray) processes = g_ptr_array_new_with_free_func ((GDestroyNotify) bench_process_free);
  Runner runner = { bench_report_get_plan (report), connect, timeout_s, processes, report, 0 };

  for (guint i = 0; i < runner.plan->implementations->len; i++)
    {
      g_autofree char *program =
          g_build_filename (folder, bench_plan_get_implementation (runner.plan, i)->program, NULL);

      g_ptr_array_add (processes, bench_process_new (program));
    }
  for (guint round = 0; round <= runner.plan->repetitions; round++)
    run_round (&runner, round);
}

static gboolean
write_report (const BenchReport *report, const char *server, const char *json_file, GError **error)
{
  const BenchConditions conditions = { server, BENCH_BUILD_TYPE };
  g_autofree char *text = bench_render_text (report, &conditions);
  g_autofree char *json = bench_render_json (report, &conditions);

  g_print ("%s", text);
  return json_file == NULL || g_file_set_contents (json_file, json, -1, error);
}

static gboolean
run (const Options *options, GError **error)
{
  g_autoptr (BenchPlan) plan = make_plan (options, error);
  g_autoptr (BenchServer) server = NULL;
  g_autoptr (BenchReport) report = NULL;
  const char *connect = options->connect;

  if (plan == NULL)
    return FALSE;
  if (connect == NULL)
    {
      server = bench_server_start (error);
      if (server == NULL)
        return FALSE;
      connect = bench_server_get_connect_string (server);
    }
  report = bench_report_new (plan);
  run_plan (report, connect, (guint) options->timeout_s);
  if (!write_report (report, server != NULL ? "its own" : connect, options->json, error))
    return FALSE;
  if (!bench_report_has_failures (report))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "some runs failed");
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .repetitions = 5, .data_size = 100, .timeout_s = 120 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_CTYPE, "");
  /* A program under test that dies is an error to report. */
  signal (SIGPIPE, SIG_IGN);
  if (!parse_options (&options, argc, argv, &error))
    {
      g_printerr ("curator-bench: %s\n", error->message);
      return 2;
    }
  if (options.list)
    {
      g_autofree char *all = bench_plan_describe_all ();

      g_print ("%s", all);
      return EXIT_SUCCESS;
    }
  if (run (&options, &error))
    return EXIT_SUCCESS;
  g_printerr ("curator-bench: %s\n", error->message);
  return EXIT_FAILURE;
}
