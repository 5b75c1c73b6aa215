/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_BOUNDED_EXPONENTIAL_BACKOFF (curator_retry_bounded_exponential_backoff_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorRetryBoundedExponentialBackoff,
                      curator_retry_bounded_exponential_backoff,
                      CURATOR,
                      RETRY_BOUNDED_EXPONENTIAL_BACKOFF,
                      CuratorRetryPolicy)

CURATOR_API CuratorRetryPolicy *
curator_retry_bounded_exponential_backoff_new (gint64 base_sleep_ms, gint64 max_sleep_ms, int max_retries);

G_END_DECLS
