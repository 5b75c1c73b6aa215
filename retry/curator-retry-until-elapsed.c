/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-until-elapsed.h"

#include "curator-retry-settings-private.h"

/**
 * CuratorRetryUntilElapsed:
 *
 * A policy that tries again, always after the same delay, until some time has passed since the first attempt.
 *
 * The time is looked at when an attempt fails; the delay and the attempt that follow may end after it.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryUntilElapsed
{
  CuratorRetrySettings parent_instance;
};

enum
{
  MAX_ELAPSED_MS,
  SLEEP_BETWEEN_MS,
};

static const CuratorRetrySetting settings[] = {
  /**
   * CuratorRetryUntilElapsed:max-elapsed-ms:
   *
   * For how long to try again, in milliseconds since the first attempt.
   *
   * Since: 1.0
   */
  [MAX_ELAPSED_MS] = { "max-elapsed-ms", G_TYPE_INT64, 0, G_MAXINT64, 0 },
  /**
   * CuratorRetryUntilElapsed:sleep-between-ms:
   *
   * How long to wait before each retry, in milliseconds.
   *
   * Since: 1.0
   */
  [SLEEP_BETWEEN_MS] = { "sleep-between-ms", G_TYPE_INT64, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0 },
};

G_DEFINE_FINAL_TYPE (CuratorRetryUntilElapsed, curator_retry_until_elapsed, CURATOR_TYPE_RETRY_POLICY)

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
  return elapsed_ms < values[MAX_ELAPSED_MS];
}

static void
curator_retry_until_elapsed_class_init (CuratorRetryUntilElapsedClass *klass)
{
  CuratorRetryPolicyClass *policy_class = CURATOR_RETRY_POLICY_CLASS (klass);

  policy_class->allow_retry = allow_retry;
  curator_retry_settings_install (policy_class, settings, G_N_ELEMENTS (settings));
}

static void
curator_retry_until_elapsed_init (CuratorRetryUntilElapsed *self)
{
}

/**
 * curator_retry_until_elapsed_new:
 * @max_elapsed_ms: for how long to try again, in milliseconds since the first attempt; negative values count
 * as
 *   0
 * @sleep_between_ms: how long to wait before each retry, in milliseconds, from 0 to %G_MAXINT; values outside
 *   are moved to the nearest inside
 *
 * Creates a policy that tries again for some time.
 *
 * Returns: (transfer full) (type CuratorRetryUntilElapsed): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_until_elapsed_new (gint64 max_elapsed_ms, gint64 sleep_between_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_UNTIL_ELAPSED, "max-elapsed-ms", MAX (max_elapsed_ms, 0),
                       "sleep-between-ms", CLAMP (sleep_between_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
