/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_METRICS (curator_metrics_get_type ())

CURATOR_API GType curator_metrics_get_type (void);
CURATOR_API CuratorMetrics *curator_metrics_ref (CuratorMetrics *self);
CURATOR_API void curator_metrics_unref (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_operations (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_retries (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_failures (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_watch_events (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_bytes_sent (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_bytes_received (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_reconnects (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_sessions (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_requests_in_flight (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_watches (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_latency_mean_us (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_latency_max_us (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_latency_p50_us (CuratorMetrics *self);
CURATOR_API gint64 curator_metrics_get_latency_p99_us (CuratorMetrics *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorMetrics, curator_metrics_unref)

G_END_DECLS
