/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-backoff-private.h"

enum
{
  BASE_SLEEP_MS,
  MAX_RETRIES,
  MAX_SLEEP_MS,
};

static const CuratorRetrySetting settings[] = {
  [BASE_SLEEP_MS] = { "base-sleep-ms", G_TYPE_INT64, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0 },
  [MAX_RETRIES] = { "max-retries", G_TYPE_INT, 0, CURATOR_RETRY_BACKOFF_MAX_RETRIES, 0 },
  [MAX_SLEEP_MS] = { "max-sleep-ms", G_TYPE_INT64, 0, CURATOR_RETRY_MAX_SLEEP_MS,
                     CURATOR_RETRY_MAX_SLEEP_MS },
};

/* The base times a whole number that is at least 1 and less than 2^(@retry_count + 1), but not more than the
 * maximum. */
static gboolean
allow_retry (CuratorRetryPolicy *policy,
             guint retry_count,
             gint64 elapsed_ms,
             gboolean session_lost,
             gdouble random,
             gint64 *sleep_ms)
{
  const gint64 *values = ((CuratorRetrySettings *) policy)->values;
  gint64 bound, factor;

  if (retry_count >= (guint) values[MAX_RETRIES])
    return FALSE;
  /* At most 2^31 times 2^30: no overflow. */
  bound = G_GINT64_CONSTANT (1) << (retry_count + 1);
  factor = MAX (1, (gint64) (random * (gdouble) bound));
  *sleep_ms = MIN (values[BASE_SLEEP_MS] * factor, values[MAX_SLEEP_MS]);
  return TRUE;
}

void
curator_retry_backoff_class_init (CuratorRetryPolicyClass *klass)
{
  klass->allow_retry = allow_retry;
  curator_retry_settings_install (klass, settings, G_N_ELEMENTS (settings));
}
