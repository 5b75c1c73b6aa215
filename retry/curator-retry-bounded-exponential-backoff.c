/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-bounded-exponential-backoff.h"

#include "curator-retry-backoff-private.h"

/**
 * CuratorRetryBoundedExponentialBackoff:
 *
 * A policy whose delays grow, on average, to the double with each retry, up to a maximum that has to be
 * given.
 *
 * The delays are those of [class@Curator.RetryExponentialBackoff].
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryBoundedExponentialBackoff
{
  CuratorRetrySettings parent_instance;
};

G_DEFINE_FINAL_TYPE (CuratorRetryBoundedExponentialBackoff,
                     curator_retry_bounded_exponential_backoff,
                     CURATOR_TYPE_RETRY_POLICY)

/**
 * CuratorRetryBoundedExponentialBackoff:base-sleep-ms:
 *
 * The delay that the others are multiples of, in milliseconds.
 *
 * Since: 1.0
 */

/**
 * CuratorRetryBoundedExponentialBackoff:max-sleep-ms:
 *
 * The longest delay, in milliseconds.
 *
 * Since: 1.0
 */

/**
 * CuratorRetryBoundedExponentialBackoff:max-retries:
 *
 * How often to try again, at most 29.
 *
 * Since: 1.0
 */

static void
curator_retry_bounded_exponential_backoff_class_init (CuratorRetryBoundedExponentialBackoffClass *klass)
{
  curator_retry_backoff_class_init (CURATOR_RETRY_POLICY_CLASS (klass));
}

static void
curator_retry_bounded_exponential_backoff_init (CuratorRetryBoundedExponentialBackoff *self)
{
}

/**
 * curator_retry_bounded_exponential_backoff_new:
 * @base_sleep_ms: the delay that the others are multiples of, in milliseconds, from 0 to %G_MAXINT; values
 *   outside are moved to the nearest inside
 * @max_sleep_ms: the longest delay, in milliseconds, from 0 to %G_MAXINT; values outside are moved to the
 *   nearest inside
 * @max_retries: how often to try again, from 0 to 29; values outside are moved to the nearest inside
 *
 * Creates a policy with growing delays up to a maximum.
 *
 * Returns: (transfer full) (type CuratorRetryBoundedExponentialBackoff): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_bounded_exponential_backoff_new (gint64 base_sleep_ms, gint64 max_sleep_ms, int max_retries)
{
  return g_object_new (CURATOR_TYPE_RETRY_BOUNDED_EXPONENTIAL_BACKOFF, "base-sleep-ms",
                       CLAMP (base_sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), "max-sleep-ms",
                       CLAMP (max_sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), "max-retries",
                       CLAMP (max_retries, 0, CURATOR_RETRY_BACKOFF_MAX_RETRIES), NULL);
}
