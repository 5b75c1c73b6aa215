/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-forever.h"

#include "curator-retry-settings-private.h"

/**
 * CuratorRetryForever:
 *
 * A policy that always tries again, after the same delay.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryForever
{
  CuratorRetrySettings parent_instance;
};

enum
{
  SLEEP_MS,
};

static const CuratorRetrySetting settings[] = {
  /**
   * CuratorRetryForever:sleep-ms:
   *
   * How long to wait before each retry, in milliseconds, at least 1.
   *
   * Since: 1.0
   */
  [SLEEP_MS] = { "sleep-ms", G_TYPE_INT64, 1, CURATOR_RETRY_MAX_SLEEP_MS, 1 },
};

G_DEFINE_FINAL_TYPE (CuratorRetryForever, curator_retry_forever, CURATOR_TYPE_RETRY_POLICY)

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
  return TRUE;
}

static void
curator_retry_forever_class_init (CuratorRetryForeverClass *klass)
{
  CuratorRetryPolicyClass *policy_class = CURATOR_RETRY_POLICY_CLASS (klass);

  policy_class->allow_retry = allow_retry;
  curator_retry_settings_install (policy_class, settings, G_N_ELEMENTS (settings));
}

static void
curator_retry_forever_init (CuratorRetryForever *self)
{
}

/**
 * curator_retry_forever_new:
 * @sleep_ms: how long to wait before each retry, in milliseconds, from 1 to %G_MAXINT; values outside are
 * moved to the nearest inside
 *
 * Creates a policy that never gives up.
 *
 * Returns: (transfer full) (type CuratorRetryForever): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_forever_new (gint64 sleep_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_FOREVER, "sleep-ms",
                       CLAMP (sleep_ms, 1, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
