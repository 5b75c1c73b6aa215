/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <atomic>
#include <initializer_list>
#include <thread>

#include "curator-metrics-private.h"

namespace
{

CuratorMetrics *
Measure (std::initializer_list<gint64> latencies)
{
  CuratorMetricsCounters counters = {};

  for (gint64 latency : latencies)
    curator_metrics_add_latency (&counters, latency);
  return curator_metrics_snapshot (&counters);
}

TEST (Metrics, AreZeroToBeginWith)
{
  g_autoptr (CuratorMetrics) metrics = Measure ({});

  EXPECT_EQ (0, curator_metrics_get_operations (metrics));
  EXPECT_EQ (0, curator_metrics_get_latency_mean_us (metrics));
  EXPECT_EQ (0, curator_metrics_get_latency_max_us (metrics));
  EXPECT_EQ (0, curator_metrics_get_latency_p50_us (metrics));
  EXPECT_EQ (0, curator_metrics_get_latency_p99_us (metrics));
}

TEST (Metrics, HaveAGetterForEachCounter)
{
  CuratorMetricsCounters counters = {};

  curator_metrics_add (&counters.operations, 1);
  curator_metrics_add (&counters.retries, 2);
  curator_metrics_add (&counters.failures, 3);
  curator_metrics_add (&counters.watch_events, 4);
  curator_metrics_add (&counters.bytes_sent, 5);
  curator_metrics_add (&counters.bytes_received, 6);
  curator_metrics_add (&counters.reconnects, 7);
  curator_metrics_add (&counters.sessions, 8);
  curator_metrics_set (&counters.requests_in_flight, 9);
  curator_metrics_add (&counters.watches, 12);
  curator_metrics_add (&counters.watches, -2);
  g_autoptr (CuratorMetrics) metrics = curator_metrics_snapshot (&counters);
  curator_metrics_add (&counters.operations, 100);

  EXPECT_EQ (1, curator_metrics_get_operations (metrics));
  EXPECT_EQ (2, curator_metrics_get_retries (metrics));
  EXPECT_EQ (3, curator_metrics_get_failures (metrics));
  EXPECT_EQ (4, curator_metrics_get_watch_events (metrics));
  EXPECT_EQ (5, curator_metrics_get_bytes_sent (metrics));
  EXPECT_EQ (6, curator_metrics_get_bytes_received (metrics));
  EXPECT_EQ (7, curator_metrics_get_reconnects (metrics));
  EXPECT_EQ (8, curator_metrics_get_sessions (metrics));
  EXPECT_EQ (9, curator_metrics_get_requests_in_flight (metrics));
  EXPECT_EQ (10, curator_metrics_get_watches (metrics));
}

TEST (Metrics, CountLatenciesInPowersOfTwo)
{
  struct Row
  {
    gint64 latency;
    int bucket;
  };
  const Row rows[] = {
    { G_MININT64, 0 },
    { -1, 0 },
    { 0, 0 },
    { 1, 1 },
    { 2, 2 },
    { 3, 2 },
    { 4, 3 },
    { 7, 3 },
    { 8, 4 },
    { 127, 7 },
    { 128, 8 },
    { 1000000, 20 },
    { CURATOR_METRICS_MAX_LATENCY_US, 43 },
    { G_MAXINT64, 43 },
  };

  for (const Row &row : rows)
    {
      CuratorMetricsCounters counters = {};

      curator_metrics_add_latency (&counters, row.latency);
      for (int i = 0; i < CURATOR_METRICS_BUCKETS; i++)
        EXPECT_EQ (i == row.bucket ? 1 : 0, counters.latency_buckets[i]) << row.latency << " " << i;
    }
}

TEST (Metrics, MeanAndMaximumAreExact)
{
  g_autoptr (CuratorMetrics) metrics = Measure ({ 100, 101, 102, 997 });
  g_autoptr (CuratorMetrics) extreme = Measure ({ G_MAXINT64, G_MAXINT64, G_MAXINT64, G_MININT64 });

  EXPECT_EQ (325, curator_metrics_get_latency_mean_us (metrics));
  EXPECT_EQ (997, curator_metrics_get_latency_max_us (metrics));
  EXPECT_EQ (CURATOR_METRICS_MAX_LATENCY_US, curator_metrics_get_latency_max_us (extreme));
  EXPECT_EQ (CURATOR_METRICS_MAX_LATENCY_US / 4 * 3 + 2, curator_metrics_get_latency_mean_us (extreme));
}

TEST (Metrics, PercentilesAreInTheRightBucket)
{
  CuratorMetricsCounters counters = {};

  for (int i = 0; i < 980; i++)
    curator_metrics_add_latency (&counters, 150);
  for (int i = 0; i < 20; i++)
    curator_metrics_add_latency (&counters, 5000);
  g_autoptr (CuratorMetrics) metrics = curator_metrics_snapshot (&counters);

  EXPECT_GE (curator_metrics_get_latency_p50_us (metrics), 128);
  EXPECT_LT (curator_metrics_get_latency_p50_us (metrics), 256);
  EXPECT_GE (curator_metrics_get_latency_p99_us (metrics), 4096);
  EXPECT_LE (curator_metrics_get_latency_p99_us (metrics), 5000);
}

TEST (Metrics, PercentilesOfOneSampleAreThatSampleOrLess)
{
  for (gint64 latency : { 0, 1, 2, 3, 64, 100, 127, 1 << 20 })
    {
      g_autoptr (CuratorMetrics) metrics = Measure ({ latency });

      EXPECT_EQ (curator_metrics_get_latency_p50_us (metrics), curator_metrics_get_latency_p99_us (metrics));
      EXPECT_LE (curator_metrics_get_latency_p50_us (metrics), latency);
      EXPECT_GE (curator_metrics_get_latency_p50_us (metrics), latency / 2);
    }
}

TEST (Metrics, PercentilesInterpolate)
{
  CuratorMetricsCounters counters = {};

  for (int i = 0; i < 512; i++)
    curator_metrics_add_latency (&counters, 512 + i);
  g_autoptr (CuratorMetrics) metrics = curator_metrics_snapshot (&counters);

  EXPECT_NEAR (512 + 256, curator_metrics_get_latency_p50_us (metrics), 2);
  EXPECT_NEAR (512 + 507, curator_metrics_get_latency_p99_us (metrics), 2);
}

TEST (Metrics, PercentilesAreOrdered)
{
  CuratorMetricsCounters counters = {};

  for (gint64 latency = 0; latency < 100000; latency += 7)
    {
      curator_metrics_add_latency (&counters, latency * latency % 100003);
      g_autoptr (CuratorMetrics) metrics = curator_metrics_snapshot (&counters);

      ASSERT_LE (curator_metrics_get_latency_p50_us (metrics), curator_metrics_get_latency_p99_us (metrics));
      ASSERT_LE (curator_metrics_get_latency_p99_us (metrics), curator_metrics_get_latency_max_us (metrics));
    }
}

TEST (Metrics, CanBeReadWhileTheyAreWritten)
{
  CuratorMetricsCounters counters = {};
  std::atomic<bool> stop{ false };
  std::thread writer ([&] {
    while (!stop)
      {
        curator_metrics_add (&counters.operations, 1);
        curator_metrics_add_latency (&counters, 100);
      }
  });
  gint64 last = 0;

  while (last < 10000)
    {
      g_autoptr (CuratorMetrics) metrics = curator_metrics_snapshot (&counters);

      EXPECT_GE (curator_metrics_get_operations (metrics), last);
      last = curator_metrics_get_operations (metrics);
    }
  stop = true;
  writer.join ();
  EXPECT_EQ (counters.operations, counters.latency_buckets[7]);
}

TEST (Metrics, AreBoxed)
{
  g_autoptr (CuratorMetrics) metrics = Measure ({ 1 });
  gpointer boxed = g_boxed_copy (CURATOR_TYPE_METRICS, metrics);

  EXPECT_EQ (metrics, boxed);
  g_boxed_free (CURATOR_TYPE_METRICS, boxed);
  EXPECT_EQ (1, curator_metrics_get_latency_max_us (metrics));
}

} // namespace
