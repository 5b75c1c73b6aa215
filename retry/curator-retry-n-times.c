/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-n-times.h"

#include "curator-retry-settings-private.h"

/**
 * CuratorRetryNTimes:
 *
 * A policy that tries again a number of times, always after the same delay.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryNTimes
{
  CuratorRetrySettings parent_instance;
};

enum
{
  N,
  SLEEP_BETWEEN_MS,
};

static const CuratorRetrySetting settings[] = {
  /**
   * CuratorRetryNTimes:n:
   *
   * How often to try again.
   *
   * Since: 1.0
   */
  [N] = { "n", G_TYPE_INT, 0, G_MAXINT, 0 },
  /**
   * CuratorRetryNTimes:sleep-between-ms:
   *
   * How long to wait before each retry, in milliseconds.
   *
   * Since: 1.0
   */
  [SLEEP_BETWEEN_MS] = { "sleep-between-ms", G_TYPE_INT64, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0 },
};

G_DEFINE_FINAL_TYPE (CuratorRetryNTimes, curator_retry_n_times, CURATOR_TYPE_RETRY_POLICY)

static gboolean
allow_retry (CuratorRetryPolicy *policy,
             guint retry_count,
             gint64 elapsed_ms,
             gboolean session_lost,
             gdouble random,
             gint64 *sleep_ms)
{
  const gint64 *values = ((CuratorRetrySettings *) policy)->values;

  *sleep_ms = values[SLEEP_BETWEEN_MS];
  return retry_count < (guint) values[N];
}

static void
curator_retry_n_times_class_init (CuratorRetryNTimesClass *klass)
{
  CuratorRetryPolicyClass *policy_class = CURATOR_RETRY_POLICY_CLASS (klass);

  policy_class->allow_retry = allow_retry;
  curator_retry_settings_install (policy_class, settings, G_N_ELEMENTS (settings));
}

static void
curator_retry_n_times_init (CuratorRetryNTimes *self)
{
}

/**
 * curator_retry_n_times_new:
 * @n: how often to try again; negative values count as 0
 * @sleep_between_ms: how long to wait before each retry, in milliseconds, from 0 to %G_MAXINT; values outside
 *   are moved to the nearest inside
 *
 * Creates a policy that tries again @n times.
 *
 * Returns: (transfer full) (type CuratorRetryNTimes): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_n_times_new (int n, gint64 sleep_between_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_N_TIMES, "n", MAX (n, 0), "sleep-between-ms",
                       CLAMP (sleep_between_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
