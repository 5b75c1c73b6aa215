/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-backoff-private.h"

gint64
curator_retry_backoff_ms (gint64 base_ms, gint64 max_ms, guint retry_count, gdouble random)
{
  /* At most 2^31 times 2^30: no overflow. */
  gint64 bound = G_GINT64_CONSTANT (1) << (MIN (retry_count, CURATOR_RETRY_BACKOFF_MAX_RETRIES) + 1);
  gint64 factor = MAX (1, (gint64) (random * (gdouble) bound));

  return MIN (base_ms * factor, max_ms);
}
