/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-metrics.h"

#include "curator-metrics-private.h"

/**
 * CuratorMetrics:
 *
 * What a client has counted since it was built, as of one moment. Immutable and reference counted; ask the
 * client again for newer numbers.
 *
 * Latencies are those of operations, from the submission to the answer, retries included. They are counted in
 * classes whose upper bounds are powers of two, so that percentiles are estimates within a factor of two; the
 * mean and the maximum are exact.
 *
 * Threads: may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorMetrics
{
  gatomicrefcount ref_count;
  CuratorMetricsCounters counters;
  /* Of the buckets as they were read, so that percentiles add up. */
  gint64 n_latencies;
};

G_DEFINE_BOXED_TYPE (CuratorMetrics, curator_metrics, curator_metrics_ref, curator_metrics_unref)

static gint64
load (const gint64 *counter)
{
  return __atomic_load_n (counter, __ATOMIC_RELAXED);
}

CuratorMetrics *
curator_metrics_snapshot (const CuratorMetricsCounters *counters)
{
  CuratorMetrics *self = g_new0 (CuratorMetrics, 1);
  CuratorMetricsCounters *own = &self->counters;

  g_atomic_ref_count_init (&self->ref_count);
  own->operations = load (&counters->operations);
  own->retries = load (&counters->retries);
  own->failures = load (&counters->failures);
  own->watch_events = load (&counters->watch_events);
  own->bytes_sent = load (&counters->bytes_sent);
  own->bytes_received = load (&counters->bytes_received);
  own->reconnects = load (&counters->reconnects);
  own->sessions = load (&counters->sessions);
  own->requests_in_flight = load (&counters->requests_in_flight);
  own->watches = load (&counters->watches);
  own->latency_sum_us = load (&counters->latency_sum_us);
  own->latency_max_us = load (&counters->latency_max_us);
  for (guint i = 0; i < CURATOR_METRICS_BUCKETS; i++)
    {
      own->latency_buckets[i] = load (&counters->latency_buckets[i]);
      self->n_latencies += own->latency_buckets[i];
    }
  return self;
}

/* The latency of the @rank-th fastest of a bucket's @count operations, were they spread evenly over it. */
static gint64
interpolate (guint bucket, gint64 rank, gint64 count)
{
  gint64 low = bucket == 0 ? 0 : G_GINT64_CONSTANT (1) << (bucket - 1);
  gint64 width = bucket == 0 ? 0 : low - 1;

  return low + (gint64) ((gdouble) width * ((gdouble) rank - 0.5) / (gdouble) count);
}

static gint64
get_percentile (CuratorMetrics *self, gint64 percent)
{
  const gint64 *buckets = self->counters.latency_buckets;
  gint64 rank = (self->n_latencies * percent + 99) / 100;
  gint64 seen = 0;

  for (guint i = 0; i < CURATOR_METRICS_BUCKETS; i++)
    {
      if (buckets[i] > 0 && rank <= seen + buckets[i])
        return MIN (interpolate (i, rank - seen, buckets[i]), self->counters.latency_max_us);
      seen += buckets[i];
    }
  return 0;
}

/**
 * curator_metrics_ref:
 * @self: a snapshot
 *
 * Adds a reference.
 *
 * Returns: (transfer full): the snapshot
 *
 * Since: 1.0
 */
CuratorMetrics *
curator_metrics_ref (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_metrics_unref:
 * @self: (transfer full): a snapshot
 *
 * Drops a reference; the last one frees the snapshot.
 *
 * Since: 1.0
 */
void
curator_metrics_unref (CuratorMetrics *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * curator_metrics_get_operations:
 * @self: a snapshot
 *
 * Gets how many operations have ended, well or not.
 *
 * Returns: the number of operations
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_operations (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.operations;
}

/**
 * curator_metrics_get_retries:
 * @self: a snapshot
 *
 * Gets how often an operation was sent again.
 *
 * Returns: the number of retries
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_retries (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.retries;
}

/**
 * curator_metrics_get_failures:
 * @self: a snapshot
 *
 * Gets how many operations have ended with an error.
 *
 * Returns: the number of failures
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_failures (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.failures;
}

/**
 * curator_metrics_get_watch_events:
 * @self: a snapshot
 *
 * Gets how many events watches have reported.
 *
 * Returns: the number of events
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_watch_events (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.watch_events;
}

/**
 * curator_metrics_get_bytes_sent:
 * @self: a snapshot
 *
 * Gets how much was sent to servers.
 *
 * Returns: the number of bytes
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_bytes_sent (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.bytes_sent;
}

/**
 * curator_metrics_get_bytes_received:
 * @self: a snapshot
 *
 * Gets how much was received from servers.
 *
 * Returns: the number of bytes
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_bytes_received (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.bytes_received;
}

/**
 * curator_metrics_get_reconnects:
 * @self: a snapshot
 *
 * Gets how often the connection was made again after it had been lost.
 *
 * Returns: the number of reconnects
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_reconnects (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.reconnects;
}

/**
 * curator_metrics_get_sessions:
 * @self: a snapshot
 *
 * Gets how many sessions the client has had.
 *
 * Returns: the number of sessions
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_sessions (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.sessions;
}

/**
 * curator_metrics_get_requests_in_flight:
 * @self: a snapshot
 *
 * Gets how many requests were waiting for their answer at the moment of the snapshot.
 *
 * Returns: the number of requests
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_requests_in_flight (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.requests_in_flight;
}

/**
 * curator_metrics_get_watches:
 * @self: a snapshot
 *
 * Gets how many watches were set at the moment of the snapshot.
 *
 * Returns: the number of watches
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_watches (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.watches;
}

/**
 * curator_metrics_get_latency_mean_us:
 * @self: a snapshot
 *
 * Gets the mean latency.
 *
 * Returns: the latency in microseconds, 0 before the first operation has ended
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_latency_mean_us (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_latencies == 0 ? 0 : self->counters.latency_sum_us / self->n_latencies;
}

/**
 * curator_metrics_get_latency_max_us:
 * @self: a snapshot
 *
 * Gets the longest latency.
 *
 * Returns: the latency in microseconds, 0 before the first operation has ended
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_latency_max_us (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->counters.latency_max_us;
}

/**
 * curator_metrics_get_latency_p50_us:
 * @self: a snapshot
 *
 * Gets the latency that half of the operations stayed below, estimated.
 *
 * Returns: the latency in microseconds, 0 before the first operation has ended
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_latency_p50_us (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_percentile (self, 50);
}

/**
 * curator_metrics_get_latency_p99_us:
 * @self: a snapshot
 *
 * Gets the latency that 99 of 100 operations stayed below, estimated.
 *
 * Returns: the latency in microseconds, 0 before the first operation has ended
 *
 * Since: 1.0
 */
gint64
curator_metrics_get_latency_p99_us (CuratorMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return get_percentile (self, 99);
}
