/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-policy.h"

#include <float.h>

/**
 * CuratorRetryPolicy:
 *
 * Decides whether a failed operation is tried again, and how long to wait before that.
 *
 * A policy is asked only after failures for which trying again can help, such as a lost connection. Derive
 * from this class for a policy of your own, or take one of those that exist:
 * [class@Curator.RetryExponentialBackoff], [class@Curator.RetryBoundedExponentialBackoff],
 * [class@Curator.RetryNTimes], [class@Curator.RetryOneTime], [class@Curator.RetryUntilElapsed],
 * [class@Curator.RetryForever] and [class@Curator.RetrySessionFailed].
 *
 * A policy is pure: it has no clock, no random numbers and no state of its own. The same arguments always
 * give the same answer, and one policy can serve any number of clients.
 *
 * Threads: policies are immutable and may be used from any thread. The virtual function may be called from
 * any thread, and from several at once.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE (CuratorRetryPolicy, curator_retry_policy, G_TYPE_OBJECT)

static void
curator_retry_policy_class_init (CuratorRetryPolicyClass *klass)
{
}

static void
curator_retry_policy_init (CuratorRetryPolicy *self)
{
}

/* Into [0, 1); what is not a number becomes 0. */
static gdouble
sanitize_random (gdouble random)
{
  if (!(random > 0.0))
    return 0.0;
  return MIN (random, 1.0 - DBL_EPSILON / 2);
}

/**
 * curator_retry_policy_allow_retry: (virtual allow_retry)
 * @self: a retry policy
 * @retry_count: how often the operation was tried again already, 0 after the first failure
 * @elapsed_ms: the time since the operation was first tried, in milliseconds; negative values count as 0
 * @session_lost: %TRUE if the operation failed because its session is gone
 * @random: a random number, at least 0 and less than 1, that the policy takes its jitter from; values outside
 * are moved to the nearest inside
 * @sleep_ms: (out) (optional): how long to wait before the next attempt, in milliseconds, never negative; 0
 * where the answer is %FALSE
 *
 * Decides whether to try again.
 *
 * Returns: %TRUE to try again after @sleep_ms, %FALSE to report the failure
 *
 * Since: 1.0
 */
gboolean
curator_retry_policy_allow_retry (CuratorRetryPolicy *self,
                                  guint retry_count,
                                  gint64 elapsed_ms,
                                  gboolean session_lost,
                                  gdouble random,
                                  gint64 *sleep_ms)
{
  CuratorRetryPolicyClass *klass;
  gint64 sleep = 0;
  gboolean allowed;

  if (sleep_ms != NULL)
    *sleep_ms = 0;
  g_return_val_if_fail (CURATOR_IS_RETRY_POLICY (self), FALSE);

  klass = CURATOR_RETRY_POLICY_GET_CLASS (self);
  g_return_val_if_fail (klass->allow_retry != NULL, FALSE);
  allowed = klass->allow_retry (self, retry_count, MAX (elapsed_ms, 0), session_lost,
                                sanitize_random (random), &sleep);
  if (allowed && sleep_ms != NULL)
    *sleep_ms = MAX (sleep, 0);
  return allowed;
}
