/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-lock.h"

/**
 * CuratorLock:
 *
 * What hands over a [class@Curator.Lease], whatever it is made of: [class@Curator.Mutex] and
 * [class@Curator.SemaphoreMutex] do, and an application's own class may. A [class@Curator.MultiLock] takes
 * several.
 *
 * Threads: as the class that implements it says; those of this library may be used from any thread.
 *
 * Since: 1.0
 */
G_DEFINE_INTERFACE (CuratorLock, curator_lock, G_TYPE_OBJECT)

static void
curator_lock_default_init (CuratorLockInterface *iface)
{
}

/**
 * curator_lock_acquire_async:
 * @self: a lock
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else holds
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Waits for one's turn to hold the lock. Whatever ends the wait, no node is left behind.
 *
 * Since: 1.0
 */
void
curator_lock_acquire_async (CuratorLock *self,
                            gint64 timeout_ms,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (CURATOR_IS_LOCK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  CURATOR_LOCK_GET_IFACE (self)->acquire_async (self, timeout_ms, cancellable, callback, user_data);
}

/**
 * curator_lock_acquire_finish:
 * @self: a lock
 * @result: the result of [method@Curator.Lock.acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Lock.acquire_async]. For the errors see the class that implements it, such as
 * [method@Curator.Mutex.acquire_finish].
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_lock_acquire_finish (CuratorLock *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_LOCK (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return CURATOR_LOCK_GET_IFACE (self)->acquire_finish (self, result, error);
}

/**
 * curator_lock_acquire_sync:
 * @self: a lock
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else holds
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for one's turn to hold the lock, and blocks meanwhile. For the errors see
 * [method@Curator.Lock.acquire_finish].
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_lock_acquire_sync (CuratorLock *self, gint64 timeout_ms, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_LOCK (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return CURATOR_LOCK_GET_IFACE (self)->acquire_sync (self, timeout_ms, cancellable, error);
}
