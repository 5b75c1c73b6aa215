/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "bench-job.h"
#include "bench-json.h"
#include "bench-stats.h"
#include "bench-tally.h"

using ::testing::DoubleEq;
using ::testing::HasSubstr;

namespace
{

std::string
TakeString (char *string)
{
  std::string copy (string);

  g_free (string);
  return copy;
}

BenchJob
ExampleJob ()
{
  BenchJob job = {};

  job.workload = BENCH_WORKLOAD_LOCK_CONTENDED;
  job.variant = const_cast<char *> ("async");
  job.connect = const_cast<char *> ("127.0.0.1:2181,127.0.0.1:2182/a=b");
  job.root = const_cast<char *> ("/bench-1");
  job.window = 1;
  job.clients = 32;
  job.operations = 3000;
  job.warmup = 0;
  job.data_size = 100;
  return job;
}

TEST (BenchStats, MedianOfOddAndEvenCounts)
{
  const double values[] = { 9, 1, 5, 3 };

  EXPECT_THAT (bench_median (values, 0), DoubleEq (0));
  EXPECT_THAT (bench_median (values, 1), DoubleEq (9));
  EXPECT_THAT (bench_median (values, 3), DoubleEq (5));
  EXPECT_THAT (bench_median (values, 4), DoubleEq (4));
  EXPECT_THAT (values[0], DoubleEq (9));
}

TEST (BenchStats, QuantileIsTheNearestRank)
{
  std::vector<double> sorted;

  for (int i = 1; i <= 100; i++)
    sorted.push_back (i);
  EXPECT_THAT (bench_quantile (sorted.data (), 100, 0), DoubleEq (1));
  EXPECT_THAT (bench_quantile (sorted.data (), 100, 0.5), DoubleEq (50));
  EXPECT_THAT (bench_quantile (sorted.data (), 100, 0.99), DoubleEq (99));
  EXPECT_THAT (bench_quantile (sorted.data (), 100, 1), DoubleEq (100));
  EXPECT_THAT (bench_quantile (sorted.data (), 10, 0.99), DoubleEq (10));
  EXPECT_THAT (bench_quantile (sorted.data (), 1, 0.99), DoubleEq (1));
  EXPECT_THAT (bench_quantile (sorted.data (), 100, 7), DoubleEq (100));
  EXPECT_THAT (bench_quantile (sorted.data (), 0, 0.5), DoubleEq (0));
}

TEST (BenchStats, SummaryOfUnsortedSamples)
{
  double samples[] = { 4, 2, 8, 2 };
  BenchSummary summary = bench_summarise (samples, G_N_ELEMENTS (samples));

  EXPECT_EQ (summary.count, 4u);
  EXPECT_THAT (summary.min, DoubleEq (2));
  EXPECT_THAT (summary.mean, DoubleEq (4));
  EXPECT_THAT (summary.median, DoubleEq (3));
  EXPECT_THAT (summary.p99, DoubleEq (8));
  EXPECT_THAT (summary.max, DoubleEq (8));
}

TEST (BenchStats, NoSamplesAreZeros)
{
  BenchSummary summary = bench_summarise (nullptr, 0);
  BenchMeasure measure = {};
  BenchFigures figures = bench_figures_from_measure (&measure);

  EXPECT_EQ (summary.count, 0u);
  EXPECT_THAT (summary.max, DoubleEq (0));
  EXPECT_THAT (figures.operations_per_second, DoubleEq (0));
  EXPECT_THAT (figures.cpu_us_per_operation, DoubleEq (0));
}

TEST (BenchStats, FiguresArePerOperation)
{
  BenchMeasure measure = {};
  BenchFigures figures;

  measure.operations = 200;
  measure.wall_us = 1e5;
  measure.cpu_us = 5000;
  measure.switches = 100;
  measure.latency_us.median = 480;
  measure.latency_us.p99 = 900;
  figures = bench_figures_from_measure (&measure);
  EXPECT_THAT (figures.median_us, DoubleEq (480));
  EXPECT_THAT (figures.p99_us, DoubleEq (900));
  EXPECT_THAT (figures.operations_per_second, DoubleEq (2000));
  EXPECT_THAT (figures.cpu_us_per_operation, DoubleEq (25));
  EXPECT_THAT (figures.switches_per_operation, DoubleEq (0.5));
}

TEST (BenchStats, MedianOfFiguresIsFieldByField)
{
  const BenchFigures figures[] = { { 1, 60, 500, 9, 0.1 }, { 2, 50, 400, 7, 0.3 }, { 6, 40, 600, 8, 0.2 } };
  BenchFigures median = bench_figures_median (figures, G_N_ELEMENTS (figures));

  EXPECT_THAT (median.median_us, DoubleEq (2));
  EXPECT_THAT (median.p99_us, DoubleEq (50));
  EXPECT_THAT (median.operations_per_second, DoubleEq (500));
  EXPECT_THAT (median.cpu_us_per_operation, DoubleEq (8));
  EXPECT_THAT (median.switches_per_operation, DoubleEq (0.2));
  EXPECT_THAT (bench_figures_spread (figures, 3), DoubleEq (6));
  EXPECT_THAT (bench_figures_spread (figures, 1), DoubleEq (1));
}

TEST (BenchStats, RatioToNothingIsNotANumber)
{
  EXPECT_THAT (bench_ratio (3, 4), DoubleEq (0.75));
  EXPECT_TRUE (std::isnan (bench_ratio (3, 0)));
  EXPECT_TRUE (std::isnan (bench_ratio (NAN, 4)));
}

TEST (BenchTally, MeasuresOnlyWhatFollowsTheWarmUp)
{
  g_auto (BenchTally) tally = {};

  bench_tally_begin (&tally, 2, 3);
  for (int i = 1; i <= 4; i++)
    bench_tally_add (&tally, i);
  EXPECT_FALSE (bench_tally_is_full (&tally));
  bench_tally_add (&tally, 5);
  EXPECT_TRUE (bench_tally_is_full (&tally));
  double wall_us = tally.meter.wall_us;
  bench_tally_add (&tally, 6);
  EXPECT_EQ (tally.n_samples, 3u);
  EXPECT_THAT (tally.samples_us[0], DoubleEq (3));
  EXPECT_THAT (tally.samples_us[2], DoubleEq (5));
  EXPECT_THAT (tally.meter.wall_us, DoubleEq (wall_us));
}

TEST (BenchTally, MeterSpansTheMeasuredOperations)
{
  g_auto (BenchTally) tally = {};
  double started_us = bench_now_us ();

  bench_tally_begin (&tally, 0, 1);
  while (bench_now_us () - started_us < 5000)
    continue;
  bench_tally_add (&tally, 5000);
  ASSERT_TRUE (bench_tally_is_full (&tally));
  EXPECT_GT (tally.meter.wall_us, 4000);
  EXPECT_GT (tally.meter.cpu_us, 0);
  EXPECT_LE (tally.meter.wall_us, bench_now_us () - started_us);
}

TEST (BenchJob, SurvivesTheLine)
{
  BenchJob job = ExampleJob ();
  std::string line = TakeString (bench_job_to_line (&job));
  g_autoptr (GError) error = nullptr;
  g_autoptr (BenchJob) parsed = bench_job_from_line (line.c_str (), &error);

  ASSERT_NE (parsed, nullptr) << error->message;
  EXPECT_EQ (parsed->workload, job.workload);
  EXPECT_STREQ (parsed->variant, job.variant);
  EXPECT_STREQ (parsed->connect, job.connect);
  EXPECT_STREQ (parsed->root, job.root);
  EXPECT_EQ (parsed->window, job.window);
  EXPECT_EQ (parsed->clients, job.clients);
  EXPECT_EQ (parsed->operations, job.operations);
  EXPECT_EQ (parsed->warmup, job.warmup);
  EXPECT_EQ (parsed->data_size, job.data_size);
}

TEST (BenchJob, BadFieldIsNamed)
{
  BenchJob job = ExampleJob ();
  const std::string line = TakeString (bench_job_to_line (&job));
  const struct
  {
    const char *from, *to, *named;
  } cases[] = { { "run ", "walk ", "run line" },
                { "workload=", "load=", "workload" },
                { "lock-contended", "x", "workload" },
                { "root=/bench-1", "root=", "root" },
                { "clients=32", "clients=0", "clients" },
                { "window=1", "window=-1", "window" },
                { "operations=3000", "operations=3e3", "operations" },
                { "data-size=100", "", "data-size" } };

  for (const auto &c : cases)
    {
      std::string bad = line;
      g_autoptr (GError) error = nullptr;

      bad.replace (bad.find (c.from), std::string (c.from).size (), c.to);
      EXPECT_EQ (bench_job_from_line (bad.c_str (), &error), nullptr) << bad;
      ASSERT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << bad;
      EXPECT_THAT (error->message, HasSubstr (c.named));
    }
  EXPECT_EQ (bench_job_from_line ("", nullptr), nullptr);
}

TEST (BenchAnswer, SurvivesTheLine)
{
  g_auto (BenchTally) tally = {};
  BenchMeasure measure = {};
  g_autoptr (GError) error = nullptr;

  bench_tally_begin (&tally, 0, 3);
  for (double sample : { 30.0, 10.5, 20.25 })
    bench_tally_add (&tally, sample);
  tally.meter = { 123.456, 78.5, 9 };
  std::string line = TakeString (bench_answer_to_line (&tally));
  ASSERT_TRUE (bench_answer_from_line (line.c_str (), &measure, &error)) << error->message;
  EXPECT_EQ (measure.operations, 3u);
  EXPECT_THAT (measure.wall_us, DoubleEq (123.456));
  EXPECT_THAT (measure.cpu_us, DoubleEq (78.5));
  EXPECT_EQ (measure.switches, 9u);
  EXPECT_THAT (measure.latency_us.median, DoubleEq (20.25));
}

TEST (BenchAnswer, CarriesErrors)
{
  for (int code : { G_IO_ERROR_FAILED, G_IO_ERROR_NOT_SUPPORTED })
    {
      g_autoptr (GError) sent = g_error_new_literal (G_IO_ERROR, code, "a \"quoted\"\n\\message");
      std::string line = TakeString (bench_error_to_line (sent));
      g_autoptr (GError) received = nullptr;
      BenchMeasure measure;

      EXPECT_EQ (line.find ('\n'), line.size () - 1);
      EXPECT_FALSE (bench_answer_from_line (line.c_str (), &measure, &received));
      EXPECT_TRUE (g_error_matches (received, G_IO_ERROR, code));
      EXPECT_STREQ (received->message, sent->message);
    }
}

TEST (BenchAnswer, IncompleteOneIsInvalid)
{
  for (const char *line :
       { "{\"status\":\"ok\"}", "{\"status\":\"ok\",\"samples_us\":[]}", "", "ok",
         "{\"status\":\"ok\",\"wall_us\":1,\"cpu_us\":1,\"switches\":-1,\"samples_us\":[1]}" })
    {
      g_autoptr (GError) error = nullptr;
      BenchMeasure measure;

      EXPECT_FALSE (bench_answer_from_line (line, &measure, &error)) << line;
      EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)) << line;
    }
}

TEST (BenchJson, ReadsFlatObjects)
{
  g_autoptr (GHashTable) object = bench_json_read_object (
      " { \"s\" : \"a\\u00e4\\n\\\"\" , \"n\":-1.5e2,\"b\":true, \"l\":[ 1, 2.5 ], \"e\":[] } ", nullptr);
  double number = 0;

  ASSERT_NE (object, nullptr);
  EXPECT_STREQ (bench_json_get_string (object, "s"), "a\xc3\xa4\n\"");
  ASSERT_TRUE (bench_json_get_number (object, "n", &number));
  EXPECT_THAT (number, DoubleEq (-150));
  ASSERT_TRUE (bench_json_get_number (object, "b", &number));
  EXPECT_THAT (number, DoubleEq (1));
  ASSERT_NE (bench_json_get_numbers (object, "l"), nullptr);
  EXPECT_EQ (bench_json_get_numbers (object, "l")->len, 2u);
  EXPECT_EQ (bench_json_get_numbers (object, "e")->len, 0u);
  EXPECT_EQ (bench_json_get_string (object, "n"), nullptr);
  EXPECT_FALSE (bench_json_get_number (object, "s", &number));
  EXPECT_EQ (bench_json_get_numbers (object, "missing"), nullptr);
}

TEST (BenchJson, EveryTruncationIsRefused)
{
  const std::string text = "{\"s\":\"\\u00e4\\n\",\"n\":1.5,\"b\":false,\"l\":[1,2]}";

  for (gsize length = 0; length < text.size (); length++)
    EXPECT_EQ (bench_json_read_object (text.substr (0, length).c_str (), nullptr), nullptr) << length;
  g_autoptr (GHashTable) object = bench_json_read_object (text.c_str (), nullptr);
  EXPECT_NE (object, nullptr);
}

TEST (BenchJson, OtherThingsAreRefused)
{
  for (const char *text :
       { "[]", "{\"a\":{}}", "{\"a\":null}", "{\"a\":[[1]]}", "{\"a\":[1,]}", "{\"a\":1,}", "{\"a\":nan}",
         "{\"a\":0x10}", "{\"a\":1e999}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u0000\"}",
         "{\"a\":\"\n\"}", "{a:1}", "{} {}", "{\"a\":[\"b\"]}" })
    {
      g_autoptr (GError) error = nullptr;

      EXPECT_EQ (bench_json_read_object (text, &error), nullptr) << text;
      EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)) << text;
    }
}

TEST (BenchJson, WritesWhatIsNotFiniteAsNull)
{
  g_autoptr (GString) json = g_string_new (nullptr);

  bench_json_append_number (json, 1.0 / 3);
  g_string_append_c (json, ' ');
  bench_json_append_number (json, NAN);
  EXPECT_STREQ (json->str, "0.333 null");
}

} // namespace
