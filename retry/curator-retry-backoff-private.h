/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-settings-private.h"

G_BEGIN_DECLS

/* The policies whose delays grow. */

/* More retries than this they never grant. */
#define CURATOR_RETRY_BACKOFF_MAX_RETRIES 29

/* From the class's initialization; its instance is a CuratorRetrySettings. */
void curator_retry_backoff_class_init (CuratorRetryPolicyClass *klass);

G_END_DECLS
