/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-metrics.h"

G_BEGIN_DECLS

/* Bucket 0 counts latencies of 0 µs, bucket n those from 2^(n-1) to 2^n - 1 µs. */
#define CURATOR_METRICS_BUCKETS 64
/* No latency is counted as longer (about a hundred days), so that their sum cannot overflow. */
#define CURATOR_METRICS_MAX_LATENCY_US (G_MAXINT64 >> 20)

/* What a client counts. Written by its loop only; a reader in another thread gets each number whole, and
 * numbers that differ by what happens while it reads. All zero to begin with. */
typedef struct
{
  gint64 operations;
  gint64 retries;
  gint64 failures;
  gint64 watch_events;
  gint64 bytes_sent;
  gint64 bytes_received;
  gint64 reconnects;
  gint64 sessions;
  gint64 requests_in_flight;
  gint64 watches;
  gint64 latency_sum_us;
  gint64 latency_max_us;
  gint64 latency_buckets[CURATOR_METRICS_BUCKETS];
} CuratorMetricsCounters;

/* Loop only. There is one writer, so that a load and a store will do for an addition. */
static inline void
curator_metrics_set (gint64 *counter, gint64 value)
{
  __atomic_store_n (counter, value, __ATOMIC_RELAXED);
}

static inline void
curator_metrics_add (gint64 *counter, gint64 n)
{
  curator_metrics_set (counter, *counter + n);
}

static inline void
curator_metrics_add_latency (CuratorMetricsCounters *counters, gint64 latency_us)
{
  gint64 us = CLAMP (latency_us, 0, CURATOR_METRICS_MAX_LATENCY_US);
  int bucket = us == 0 ? 0 : 64 - __builtin_clzll ((unsigned long long) us);

  curator_metrics_add (&counters->latency_buckets[bucket], 1);
  curator_metrics_add (&counters->latency_sum_us, us);
  if (us > counters->latency_max_us)
    curator_metrics_set (&counters->latency_max_us, us);
}

/* Any thread. */
CuratorMetrics *curator_metrics_snapshot (const CuratorMetricsCounters *counters);

G_END_DECLS
