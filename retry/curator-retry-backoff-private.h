/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More retries than this are never granted by a policy that doubles its delays. */
#define CURATOR_RETRY_BACKOFF_MAX_RETRIES 29
/* The longest delay of any policy, in milliseconds (about 25 days). */
#define CURATOR_RETRY_MAX_SLEEP_MS        ((gint64) G_MAXINT)

/* @base_ms times a whole number that is at least 1 and less than 2^(@retry_count + 1), but not more than
 * @max_ms. Both are in [0, CURATOR_RETRY_MAX_SLEEP_MS], @random is in [0, 1). */
gint64 curator_retry_backoff_ms (gint64 base_ms, gint64 max_ms, guint retry_count, gdouble random);

G_END_DECLS
