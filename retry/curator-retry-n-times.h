/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_N_TIMES (curator_retry_n_times_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorRetryNTimes, curator_retry_n_times, CURATOR, RETRY_N_TIMES, CuratorRetryPolicy)

CURATOR_API CuratorRetryPolicy *curator_retry_n_times_new (int n, gint64 sleep_between_ms);

G_END_DECLS
