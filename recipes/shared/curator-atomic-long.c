/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-atomic-long.h"

#include "curator-number-private.h"
#include "curator-request-private.h"

/**
 * CuratorAtomicLong:
 *
 * A number of 64 bits that many processes change: see [class@Curator.AtomicNumber] for what can be done with
 * it.
 *
 * In the node it is eight bytes, the highest first, as in Apache Curator's `DistributedAtomicLong`, so that
 * Java programs can change it as well. As there, what does not fit wraps around.
 *
 * Threads: all functions may be called from any thread.
 *
 * Since: 1.0
 */
struct _CuratorAtomicLong
{
  CuratorAtomicNumber parent_instance;
};

G_DEFINE_FINAL_TYPE (CuratorAtomicLong, curator_atomic_long, CURATOR_TYPE_ATOMIC_NUMBER)

static void
curator_atomic_long_class_init (CuratorAtomicLongClass *klass)
{
  CURATOR_ATOMIC_NUMBER_CLASS (klass)->size = CURATOR_NUMBER_LONG_SIZE;
}

static void
curator_atomic_long_init (CuratorAtomicLong *self)
{
}

/**
 * curator_atomic_long_new:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by each
 * operation
 * @retry_policy: (nullable): how often and after which pauses to try again when others were faster; %NULL for
 *   29 times, after pauses that grow to a second
 *
 * Makes an atomic number. Nothing is sent before it is used, and it needs not be closed.
 *
 * Returns: (transfer full): the number
 *
 * Since: 1.0
 */
CuratorAtomicNumber *
curator_atomic_long_new (CuratorFramework *client, const char *path, CuratorRetryPolicy *retry_policy)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (retry_policy == NULL || CURATOR_IS_RETRY_POLICY (retry_policy), NULL);

  return g_object_new (CURATOR_TYPE_ATOMIC_LONG, "client", client, "path", path, "retry-policy", retry_policy,
                       NULL);
}

/**
 * curator_atomic_long_new_promoted:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by each
 * operation
 * @retry_policy: (nullable): how often and after which pauses to try again when others were faster; %NULL for
 *   29 times, after pauses that grow to a second
 * @lock_path: the path of a [class@Curator.Mutex] that all users of the number agree on
 * @lock_timeout_ms: how long to wait for it, in milliseconds: -1 for ever
 * @lock_retry_policy: (nullable): how often and after which pauses to try again while it is held; %NULL for
 *   29 times, after pauses that grow to a second
 *
 * Makes an atomic number whose operations, where @retry_policy gives up, acquire a mutex and go on under it:
 * so that under much contention everybody has his turn. Others may use the same number without the mutex.
 *
 * Returns: (transfer full): the number
 *
 * Since: 1.0
 */
CuratorAtomicNumber *
curator_atomic_long_new_promoted (CuratorFramework *client,
                                  const char *path,
                                  CuratorRetryPolicy *retry_policy,
                                  const char *lock_path,
                                  gint64 lock_timeout_ms,
                                  CuratorRetryPolicy *lock_retry_policy)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (retry_policy == NULL || CURATOR_IS_RETRY_POLICY (retry_policy), NULL);
  g_return_val_if_fail (lock_path != NULL, NULL);
  g_return_val_if_fail (lock_retry_policy == NULL || CURATOR_IS_RETRY_POLICY (lock_retry_policy), NULL);

  return g_object_new (CURATOR_TYPE_ATOMIC_LONG, "client", client, "path", path, "retry-policy", retry_policy,
                       "lock-path", lock_path, "lock-timeout-ms", lock_timeout_ms, "lock-retry-policy",
                       lock_retry_policy, NULL);
}
