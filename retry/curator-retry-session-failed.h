/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_SESSION_FAILED (curator_retry_session_failed_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorRetrySessionFailed,
                      curator_retry_session_failed,
                      CURATOR,
                      RETRY_SESSION_FAILED,
                      CuratorRetryPolicy)

CURATOR_API CuratorRetryPolicy *curator_retry_session_failed_new (CuratorRetryPolicy *delegate);

G_END_DECLS
