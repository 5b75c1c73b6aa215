/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_UNTIL_ELAPSED (curator_retry_until_elapsed_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (
    CuratorRetryUntilElapsed, curator_retry_until_elapsed, CURATOR, RETRY_UNTIL_ELAPSED, CuratorRetryPolicy)

CURATOR_API CuratorRetryPolicy *curator_retry_until_elapsed_new (gint64 max_elapsed_ms,
                                                                 gint64 sleep_between_ms);

G_END_DECLS
