/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_ONE_TIME (curator_retry_one_time_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (
    CuratorRetryOneTime, curator_retry_one_time, CURATOR, RETRY_ONE_TIME, CuratorRetryPolicy)

CURATOR_API CuratorRetryPolicy *curator_retry_one_time_new (gint64 sleep_ms);

G_END_DECLS
