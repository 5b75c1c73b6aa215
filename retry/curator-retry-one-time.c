/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-one-time.h"

#include "curator-retry-settings-private.h"

/**
 * CuratorRetryOneTime:
 *
 * A policy that tries again once.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryOneTime
{
  CuratorRetrySettings parent_instance;
};

enum
{
  SLEEP_MS,
};

static const CuratorRetrySetting settings[] = {
  /**
   * CuratorRetryOneTime:sleep-ms:
   *
   * How long to wait before the retry, in milliseconds.
   *
   * Since: 1.0
   */
  [SLEEP_MS] = { "sleep-ms", G_TYPE_INT64, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0 },
};

G_DEFINE_FINAL_TYPE (CuratorRetryOneTime, curator_retry_one_time, CURATOR_TYPE_RETRY_POLICY)

static gboolean
allow_retry (CuratorRetryPolicy *policy,
             guint retry_count,
             gint64 elapsed_ms,
             gboolean session_lost,
             gdouble random,
             gint64 *sleep_ms)
{
  const gint64 *values = ((CuratorRetrySettings *) policy)->values;

  *sleep_ms = values[SLEEP_MS];
  return retry_count == 0;
}

static void
curator_retry_one_time_class_init (CuratorRetryOneTimeClass *klass)
{
  CuratorRetryPolicyClass *policy_class = CURATOR_RETRY_POLICY_CLASS (klass);

  policy_class->allow_retry = allow_retry;
  curator_retry_settings_install (policy_class, settings, G_N_ELEMENTS (settings));
}

static void
curator_retry_one_time_init (CuratorRetryOneTime *self)
{
}

/**
 * curator_retry_one_time_new:
 * @sleep_ms: how long to wait before the retry, in milliseconds, from 0 to %G_MAXINT; values outside are
 * moved to the nearest inside
 *
 * Creates a policy that tries again once.
 *
 * Returns: (transfer full) (type CuratorRetryOneTime): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_one_time_new (gint64 sleep_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_ONE_TIME, "sleep-ms",
                       CLAMP (sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
