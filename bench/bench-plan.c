/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-plan.h"

#include <unistd.h>

#define WARMUP_PART 10
#define MIN_WARMUP  50

static const BenchWorkloadSpec all_workloads[] = {
  { "get", "get", BENCH_WORKLOAD_GET, 1, 1, 4000, NULL, "read one node, one request at a time" },
  { "getpipe-1", "getpipe", BENCH_WORKLOAD_GET, 1, 1, 4000, NULL, "read one node, 1 request outstanding" },
  { "getpipe-16", "getpipe", BENCH_WORKLOAD_GET, 16, 1, 20000, NULL,
    "read one node, 16 requests outstanding" },
  { "getpipe-256", "getpipe", BENCH_WORKLOAD_GET, 256, 1, 40000, NULL,
    "read one node, 256 requests outstanding" },
  { "createpipe-1", "createpipe", BENCH_WORKLOAD_CREATEPIPE, 1, 1, 2000, NULL,
    "create nodes, 1 request outstanding" },
  { "createpipe-16", "createpipe", BENCH_WORKLOAD_CREATEPIPE, 16, 1, 10000, NULL,
    "create nodes, 16 requests outstanding" },
  { "createpipe-256", "createpipe", BENCH_WORKLOAD_CREATEPIPE, 256, 1, 20000, NULL,
    "create nodes, 256 requests outstanding" },
  { "create", "create", BENCH_WORKLOAD_CREATE, 1, 1, 2000, NULL,
    "create an ephemeral sequential node, then delete it; latency is the create's" },
  { "lock-acquire", "lock-acquire", BENCH_WORKLOAD_LOCK_ACQUIRE, 1, 1, 2000, "create",
    "acquire a free lock, then release it; latency is the acquire's" },
  { "lock-cycle", "lock-cycle", BENCH_WORKLOAD_LOCK_CYCLE, 1, 1, 2000, "create",
    "acquire and release a free lock" },
  { "lock-background", "lock-background", BENCH_WORKLOAD_LOCK_BACKGROUND, 1, 1, 2000, "create",
    "acquire a free lock and drop it, so that it is released behind one's back" },
  { "lock-contended-8", "lock-contended", BENCH_WORKLOAD_LOCK_CONTENDED, 1, 8, 3000, NULL,
    "8 sessions hand one lock on; an operation is a hand-over" },
  { "lock-contended-32", "lock-contended", BENCH_WORKLOAD_LOCK_CONTENDED, 1, 32, 3000, NULL,
    "32 sessions hand one lock on; an operation is a hand-over" },
  { "lock-shared-32", "lock-shared", BENCH_WORKLOAD_LOCK_SHARED, 1, 32, 3000, NULL,
    "32 callers of one lock object in one session hand the lock on; an operation is a hand-over" },
  { "latch-failover", "latch-failover", BENCH_WORKLOAD_LATCH_FAILOVER, 1, 5, 1000, NULL,
    "5 sessions elect a leader, who closes; latency is until the next one says that it leads" },
};

static const BenchImplementation all_implementations[] = {
  { "ours-zerohop", "curator-bench-ours", "zerohop", "raw-mt", FALSE,
    "asynchronous, in the application's own main context" },
  { "ours-sync", "curator-bench-ours", "sync", "raw-mt-sync", FALSE,
    "blocking calls, through the shared loop thread" },
  { "ours-async", "curator-bench-ours", "async", "raw-mt", FALSE,
    "asynchronous, through the shared loop thread" },
  { "raw-mt", "curator-bench-raw-mt", "async", NULL, FALSE,
    "multi-threaded C client as it is by default, next request submitted from the callback" },
  { "raw-mt-tuned", "curator-bench-raw-mt", "async-tuned", "raw-mt", FALSE,
    "the same, without its look-ups of the servers' names" },
  { "raw-mt-sync", "curator-bench-raw-mt", "sync", "raw-mt", FALSE,
    "multi-threaded C client, blocking calls" },
  { "curator", "curator-bench-curator", "sync", "raw-mt", TRUE,
    "Apache Curator (Java), where it is installed" },
  { "kazoo", "curator-bench-kazoo", "sync", "raw-mt", TRUE, "kazoo (Python), where it is installed" },
};

static void
add_once (GPtrArray *array, gconstpointer item)
{
  if (!g_ptr_array_find (array, item, NULL))
    g_ptr_array_add (array, (gpointer) item);
}

static const BenchWorkloadSpec *
lookup_workload (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_workloads); i++)
    if (g_str_equal (all_workloads[i].name, name))
      return &all_workloads[i];
  return NULL;
}

static void
add_workload (GPtrArray *array, const BenchWorkloadSpec *spec)
{
  if (spec->yardstick != NULL)
    add_once (array, lookup_workload (spec->yardstick));
  add_once (array, spec);
}

static gboolean
add_workloads (GPtrArray *array, const char *name)
{
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (all_workloads); i++)
    if (name == NULL || g_str_equal (name, all_workloads[i].name) ||
        g_str_equal (name, all_workloads[i].family))
      {
        add_workload (array, &all_workloads[i]);
        found = TRUE;
      }
  return found;
}

static gboolean
add_implementations (GPtrArray *array, const char *name)
{
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (all_implementations); i++)
    if (name == NULL || g_str_equal (name, all_implementations[i].name))
      {
        add_once (array, &all_implementations[i]);
        found = TRUE;
      }
  return found;
}

static gboolean
add_names (GPtrArray *array,
           const char *const *names,
           gboolean (*add) (GPtrArray *, const char *),
           const char *what,
           GError **error)
{
  if (names == NULL || names[0] == NULL)
    return add (array, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    if (!add (array, names[i]))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no %s %s (--list shows them)", what,
                     names[i]);
        return FALSE;
      }
  return TRUE;
}

BenchPlan *
bench_plan_new (const char *const *workloads, const char *const *implementations, GError **error)
{
  g_autoptr (BenchPlan) plan = g_new0 (BenchPlan, 1);

  plan->workloads = g_ptr_array_new ();
  plan->implementations = g_ptr_array_new ();
  plan->repetitions = 5;
  plan->data_size = 100;
  if (!add_names (plan->workloads, workloads, add_workloads, "workload", error) ||
      !add_names (plan->implementations, implementations, add_implementations, "implementation", error))
    return NULL;
  return g_steal_pointer (&plan);
}

void
bench_plan_free (BenchPlan *plan)
{
  g_ptr_array_unref (plan->workloads);
  g_ptr_array_unref (plan->implementations);
  g_free (plan);
}

void
bench_plan_leave_out_missing (BenchPlan *plan, const char *folder)
{
  for (guint i = plan->implementations->len; i-- > 0;)
    {
      const BenchImplementation *implementation = bench_plan_get_implementation (plan, i);
      g_autofree char *program = g_build_filename (folder, implementation->program, NULL);

      if (implementation->optional && !g_file_test (program, G_FILE_TEST_IS_EXECUTABLE))
        g_ptr_array_remove_index (plan->implementations, i);
    }
}

const BenchWorkloadSpec *
bench_plan_get_workload (const BenchPlan *plan, guint index)
{
  return g_ptr_array_index (plan->workloads, index);
}

const BenchImplementation *
bench_plan_get_implementation (const BenchPlan *plan, guint index)
{
  return g_ptr_array_index (plan->implementations, index);
}

gboolean
bench_plan_find_workload (const BenchPlan *plan, const char *name, guint *index)
{
  for (*index = 0; *index < plan->workloads->len; (*index)++)
    if (g_str_equal (bench_plan_get_workload (plan, *index)->name, name))
      return TRUE;
  return FALSE;
}

gboolean
bench_plan_find_implementation (const BenchPlan *plan, const char *name, guint *index)
{
  for (*index = 0; *index < plan->implementations->len; (*index)++)
    if (g_str_equal (bench_plan_get_implementation (plan, *index)->name, name))
      return TRUE;
  return FALSE;
}

BenchJob *
bench_plan_make_job (
    const BenchPlan *plan, guint workload, guint implementation, const char *connect, guint number)
{
  const BenchWorkloadSpec *spec = bench_plan_get_workload (plan, workload);
  BenchJob *job = g_new0 (BenchJob, 1);

  job->workload = spec->workload;
  job->variant = g_strdup (bench_plan_get_implementation (plan, implementation)->variant);
  job->connect = g_strdup (connect);
  job->root = g_strdup_printf ("/curator-bench-%d-%u", (int) getpid (), number);
  job->window = spec->window;
  job->clients = spec->clients;
  job->operations = plan->operations > 0 ? plan->operations : spec->operations;
  job->warmup = MAX (job->operations / WARMUP_PART, MIN_WARMUP);
  job->data_size = plan->data_size;
  return job;
}

char *
bench_plan_describe_all (void)
{
  GString *text = g_string_new ("Workloads:\n");

  for (guint i = 0; i < G_N_ELEMENTS (all_workloads); i++)
    g_string_append_printf (text, "  %-18s %s\n", all_workloads[i].name, all_workloads[i].about);
  g_string_append (text,
                   "getpipe, createpipe and lock-contended name all of their kind.\n\nImplementations:\n");
  for (guint i = 0; i < G_N_ELEMENTS (all_implementations); i++)
    g_string_append_printf (text, "  %-18s %s\n", all_implementations[i].name, all_implementations[i].about);
  return g_string_free (text, FALSE);
}
