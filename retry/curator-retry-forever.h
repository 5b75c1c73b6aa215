/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_FOREVER (curator_retry_forever_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorRetryForever, curator_retry_forever, CURATOR, RETRY_FOREVER, CuratorRetryPolicy)

CURATOR_API CuratorRetryPolicy *curator_retry_forever_new (gint64 sleep_ms);

G_END_DECLS
