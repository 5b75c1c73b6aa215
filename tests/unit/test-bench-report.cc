/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "bench-json.h"
#include "bench-render.h"
#include "bench-targets.h"

using ::testing::DoubleEq;
using ::testing::HasSubstr;
using ::testing::Not;

namespace
{

const BenchConditions conditions = { "127.0.0.1:2181", "Release" };

BenchMeasure
MakeMeasure (double median_us, double cpu_us)
{
  BenchMeasure measure = {};

  measure.operations = 1000;
  measure.wall_us = 1e6;
  measure.cpu_us = cpu_us * 1000;
  measure.switches = 2000;
  measure.latency_us.median = median_us;
  measure.latency_us.p99 = 2 * median_us;
  return measure;
}

std::string
TakeString (char *string)
{
  std::string copy (string);

  g_free (string);
  return copy;
}

/* get and getpipe-256 by the implementations of a target. */
class BenchReportTest : public ::testing::Test
{
protected:
  void SetUp () override
  {
    const char *const workloads[] = { "get", "getpipe-256", nullptr };
    const char *const implementations[] = { "ours-zerohop", "raw-mt", "raw-mt-sync", nullptr };

    plan_ = bench_plan_new (workloads, implementations, nullptr);
    ASSERT_NE (plan_, nullptr);
    report_ = bench_report_new (plan_);
  }

  void TearDown () override
  {
    bench_report_free (report_);
    bench_plan_free (plan_);
  }

  void Add (guint workload, guint implementation, double median_us, double cpu_us = 10)
  {
    BenchMeasure measure = MakeMeasure (median_us, cpu_us);

    bench_report_add (report_, workload, implementation, &measure);
  }

  void AddError (guint workload, guint implementation, int code)
  {
    g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, code, "it went wrong");

    bench_report_add_error (report_, workload, implementation, error);
  }

  BenchPlan *plan_ = nullptr;
  BenchReport *report_ = nullptr;
};

TEST (BenchPlan, SelectsAllByDefault)
{
  g_autoptr (BenchPlan) plan = bench_plan_new (nullptr, nullptr, nullptr);
  std::string all = TakeString (bench_plan_describe_all ());
  std::set<std::string> names;

  ASSERT_NE (plan, nullptr);
  for (guint i = 0; i < plan->workloads->len; i++)
    {
      names.insert (bench_plan_get_workload (plan, i)->name);
      EXPECT_THAT (all, HasSubstr (bench_plan_get_workload (plan, i)->name));
    }
  EXPECT_EQ (names.size (), plan->workloads->len);
  for (guint i = 0; i < plan->implementations->len; i++)
    {
      const char *baseline = bench_plan_get_implementation (plan, i)->baseline;
      guint index;

      EXPECT_TRUE (baseline == nullptr || bench_plan_find_implementation (plan, baseline, &index));
    }
  EXPECT_EQ (names.count ("lock-contended-32"), 1u);
}

TEST (BenchPlan, SelectsFamiliesAndYardsticksOnce)
{
  const char *const workloads[] = { "getpipe", "lock-acquire", "create", "getpipe-16", nullptr };
  const char *const implementations[] = { "raw-mt", "raw-mt", nullptr };
  g_autoptr (BenchPlan) plan = bench_plan_new (workloads, implementations, nullptr);
  guint index;

  ASSERT_NE (plan, nullptr);
  EXPECT_EQ (plan->workloads->len, 5u);
  EXPECT_EQ (plan->implementations->len, 1u);
  EXPECT_TRUE (bench_plan_find_workload (plan, "getpipe-256", &index));
  EXPECT_TRUE (bench_plan_find_workload (plan, "create", &index));
  EXPECT_FALSE (bench_plan_find_workload (plan, "get", &index));
}

TEST (BenchPlan, OptionalOnesAreLeftOutWhereTheyAreMissing)
{
  g_autoptr (BenchPlan) plan = bench_plan_new (nullptr, nullptr, nullptr);
  g_autofree char *folder = g_dir_make_tmp ("test-bench-XXXXXX", nullptr);
  g_autofree char *program = g_build_filename (folder, "curator-bench-kazoo", nullptr);
  guint index;

  ASSERT_NE (plan, nullptr);
  guint n_all = plan->implementations->len;
  ASSERT_TRUE (
      g_file_set_contents_full (program, "#!/bin/sh\n", -1, G_FILE_SET_CONTENTS_NONE, 0700, nullptr));
  bench_plan_leave_out_missing (plan, folder);
  EXPECT_EQ (plan->implementations->len, n_all - 1);
  EXPECT_FALSE (bench_plan_find_implementation (plan, "curator", &index));
  EXPECT_TRUE (bench_plan_find_implementation (plan, "kazoo", &index));
  EXPECT_TRUE (bench_plan_find_implementation (plan, "raw-mt", &index));
  g_unlink (program);
  g_rmdir (folder);
}

TEST (BenchPlan, UnknownNamesAreNamed)
{
  const char *const unknown[] = { "getpipe-17", nullptr };
  g_autoptr (GError) error = nullptr;

  EXPECT_EQ (bench_plan_new (unknown, nullptr, &error), nullptr);
  ASSERT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  EXPECT_THAT (error->message, HasSubstr ("getpipe-17"));
  EXPECT_EQ (bench_plan_new (nullptr, unknown, nullptr), nullptr);
}

TEST (BenchPlan, JobsHaveRootsOfTheirOwn)
{
  g_autoptr (BenchPlan) plan = bench_plan_new (nullptr, nullptr, nullptr);
  guint workload;
  guint implementation;

  ASSERT_TRUE (bench_plan_find_workload (plan, "lock-contended-8", &workload));
  ASSERT_TRUE (bench_plan_find_implementation (plan, "raw-mt", &implementation));
  g_autoptr (BenchJob) first = bench_plan_make_job (plan, workload, implementation, "h:1", 1);
  plan->operations = 10;
  g_autoptr (BenchJob) second = bench_plan_make_job (plan, workload, implementation, "h:1", 2);
  EXPECT_STRNE (first->root, second->root);
  EXPECT_STREQ (first->variant, "async");
  EXPECT_EQ (first->clients, 8u);
  EXPECT_GT (first->operations, 10u);
  EXPECT_EQ (second->operations, 10u);
  EXPECT_EQ (second->data_size, 100u);
}

TEST_F (BenchReportTest, FiguresAreMediansOfTheRepetitions)
{
  BenchFigures figures;

  for (double median_us : { 90, 130, 100 })
    Add (0, 0, median_us);
  ASSERT_TRUE (bench_report_lookup (report_, "get", "ours-zerohop", &figures));
  EXPECT_THAT (figures.median_us, DoubleEq (100));
  EXPECT_THAT (figures.switches_per_operation, DoubleEq (2));
  EXPECT_FALSE (bench_report_lookup (report_, "get", "raw-mt", &figures));
  EXPECT_FALSE (bench_report_lookup (report_, "create", "raw-mt", &figures));
}

TEST_F (BenchReportTest, UnsupportedIsNoFailure)
{
  AddError (1, 2, G_IO_ERROR_NOT_SUPPORTED);
  EXPECT_FALSE (bench_report_has_failures (report_));
  EXPECT_EQ (bench_report_get_state (report_, 1, 2), BENCH_CELL_UNSUPPORTED);
}

TEST_F (BenchReportTest, FailureAfterSuccessesVoidsThem)
{
  BenchFigures figures;

  Add (0, 1, 100);
  AddError (0, 1, G_IO_ERROR_FAILED);
  EXPECT_TRUE (bench_report_has_failures (report_));
  EXPECT_FALSE (bench_report_lookup (report_, "get", "raw-mt", &figures));
  EXPECT_THAT (TakeString (bench_render_text (report_, &conditions)), HasSubstr ("FAILED: it went wrong"));
}

TEST_F (BenchReportTest, TargetsCompareMedians)
{
  BenchTargetResult result;

  Add (0, 0, 80);
  result = bench_targets_check (report_, 0);
  EXPECT_TRUE (std::isnan (result.value));
  EXPECT_FALSE (bench_target_is_met (&result));
  g_free (result.name);

  Add (0, 1, 100);
  result = bench_targets_check (report_, 0);
  EXPECT_THAT (result.value, DoubleEq (0.8));
  EXPECT_TRUE (result.at_most);
  EXPECT_TRUE (bench_target_is_met (&result));
  EXPECT_STREQ (result.name, "get p50 of ours-zerohop / get of raw-mt");
  g_free (result.name);
  result = { nullptr, 2400, 2500, FALSE };
  EXPECT_FALSE (bench_target_is_met (&result));
}

TEST_F (BenchReportTest, TextHasRatiosAndTargets)
{
  Add (0, 0, 80, 5);
  Add (0, 1, 100, 20);
  AddError (1, 2, G_IO_ERROR_NOT_SUPPORTED);
  Add (1, 0, 300);
  Add (1, 1, 100);
  AddError (0, 2, G_IO_ERROR_NOT_SUPPORTED);
  std::string text = TakeString (bench_render_text (report_, &conditions));

  EXPECT_THAT (text, HasSubstr ("   0.80    1.00    0.25  raw-mt\n"));
  EXPECT_THAT (text, HasSubstr ("met    get p50 of ours-zerohop / get of raw-mt: 0.80"));
  EXPECT_THAT (text, HasSubstr ("MISSED getpipe-256 ops/s of ours-zerohop"));
  EXPECT_THAT (text, Not (HasSubstr ("raw-mt-sync")));
  EXPECT_THAT (text, Not (HasSubstr ("nan")));
}

TEST_F (BenchReportTest, JsonHasRepetitionsAndRatios)
{
  Add (0, 0, 80);
  Add (0, 0, 90);
  Add (0, 1, 170);
  AddError (1, 0, G_IO_ERROR_FAILED);
  std::string json = TakeString (bench_render_json (report_, &conditions));

  EXPECT_THAT (json, HasSubstr ("\"median\":{\"p50_us\":85.000"));
  EXPECT_THAT (json, HasSubstr ("\"repetitions\":[{\"p50_us\":80.000"));
  EXPECT_THAT (json, HasSubstr ("\"ratios\":{\"raw-mt\":{\"p50_us\":0.500"));
  EXPECT_THAT (json, HasSubstr ("\"status\":\"failed\",\"message\":\"it went wrong\""));
  EXPECT_THAT (json, HasSubstr ("\"build_type\":\"Release\""));
  EXPECT_THAT (json, Not (HasSubstr ("nan")));
}

} // namespace
