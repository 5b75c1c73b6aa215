/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-semaphore-private.h"

/**
 * curator_semaphore_acquire_async:
 * @self: a semaphore
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where there is none to be had now
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Waits for a lease. Whatever ends the wait, no node is left behind.
 *
 * Since: 1.0
 */
void
curator_semaphore_acquire_async (CuratorSemaphore *self,
                                 gint64 timeout_ms,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  CuratorSemaphoreOptions options;

  g_return_if_fail (curator_semaphore_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_semaphore_get_options (self, 1, timeout_ms);
  curator_semaphore_call_async (&options, self, curator_semaphore_acquire_async, cancellable, callback,
                                user_data);
}

/**
 * curator_semaphore_acquire_finish:
 * @self: a semaphore
 * @result: the result of [method@Curator.Semaphore.acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Semaphore.acquire_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the
 * client was closed meanwhile, was never started, or belongs to the process that this one was forked from,
 * `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, time-out or number of leases, and whatever the server
 * reports, such as %CURATOR_ERROR_NO_AUTH. A call that was cancelled when it had been granted already still
 * returns what it was granted.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_acquire_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_semaphore_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_acquire_sync:
 * @self: a semaphore
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where there is none to be had now
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Does the same as [method@Curator.Semaphore.acquire_async], and blocks meanwhile. For the errors see
 * [method@Curator.Semaphore.acquire_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_acquire_sync (CuratorSemaphore *self,
                                gint64 timeout_ms,
                                GCancellable *cancellable,
                                GError **error)
{
  CuratorSemaphoreOptions options;

  g_return_val_if_fail (curator_semaphore_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_semaphore_get_options (self, 1, timeout_ms);
  return curator_semaphore_call_sync (&options, cancellable, error);
}

/**
 * curator_semaphore_acquire_several_async:
 * @self: a semaphore
 * @n_leases: how many leases, from 1 to [property@Curator.Semaphore:max-leases]; with a count any number,
 * which is waited for
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where there is none to be had now
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Waits for several leases at once: all, or none. Each is given back on its own.
 *
 * Since: 1.0
 */
void
curator_semaphore_acquire_several_async (CuratorSemaphore *self,
                                         guint n_leases,
                                         gint64 timeout_ms,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  CuratorSemaphoreOptions options;

  g_return_if_fail (curator_semaphore_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_semaphore_get_options (self, n_leases, timeout_ms);
  options.is_array = TRUE;
  curator_semaphore_call_async (&options, self, curator_semaphore_acquire_several_async, cancellable,
                                callback, user_data);
}

/**
 * curator_semaphore_acquire_several_finish:
 * @self: a semaphore
 * @result: the result of [method@Curator.Semaphore.acquire_several_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Semaphore.acquire_several_async].
 *
 * For the errors see [method@Curator.Semaphore.acquire_finish].
 *
 * Returns: (transfer container) (element-type CuratorLease): the leases, or %NULL with @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_semaphore_acquire_several_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_semaphore_acquire_several_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_acquire_several_sync:
 * @self: a semaphore
 * @n_leases: how many leases, from 1 to [property@Curator.Semaphore:max-leases]; with a count any number,
 * which is waited for
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where there is none to be had now
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Does the same as [method@Curator.Semaphore.acquire_several_async], and blocks meanwhile. For the errors see
 * [method@Curator.Semaphore.acquire_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer container) (element-type CuratorLease): the leases, or %NULL with @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_semaphore_acquire_several_sync (
    CuratorSemaphore *self, guint n_leases, gint64 timeout_ms, GCancellable *cancellable, GError **error)
{
  CuratorSemaphoreOptions options;

  g_return_val_if_fail (curator_semaphore_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_semaphore_get_options (self, n_leases, timeout_ms);
  options.is_array = TRUE;
  return curator_semaphore_call_sync (&options, cancellable, error);
}

/**
 * curator_semaphore_try_acquire_async:
 * @self: a semaphore
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Acquires a lease if there is one to be had now. While others wait, or are just being served, there is none.
 * Does not wait for others, but for the connection as every operation does.
 *
 * Since: 1.0
 */
void
curator_semaphore_try_acquire_async (CuratorSemaphore *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CuratorSemaphoreOptions options;

  g_return_if_fail (curator_semaphore_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_semaphore_get_options (self, 1, 0);
  options.is_try = TRUE;
  curator_semaphore_call_async (&options, self, curator_semaphore_try_acquire_async, cancellable, callback,
                                user_data);
}

/**
 * curator_semaphore_try_acquire_finish:
 * @self: a semaphore
 * @result: the result of [method@Curator.Semaphore.try_acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Semaphore.try_acquire_async].
 *
 * For the errors see [method@Curator.Semaphore.acquire_finish].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if there is none, or with @error
 * set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_try_acquire_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_semaphore_try_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_try_acquire_sync:
 * @self: a semaphore
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Does the same as [method@Curator.Semaphore.try_acquire_async], and blocks meanwhile. For the errors see
 * [method@Curator.Semaphore.acquire_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if there is none, or with @error
 * set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_try_acquire_sync (CuratorSemaphore *self, GCancellable *cancellable, GError **error)
{
  CuratorSemaphoreOptions options;

  g_return_val_if_fail (curator_semaphore_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_semaphore_get_options (self, 1, 0);
  options.is_try = TRUE;
  return curator_semaphore_call_sync (&options, cancellable, error);
}

/**
 * curator_semaphore_get_participant_nodes_async:
 * @self: a semaphore
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server who has leases, and who is about to get one.
 *
 * Since: 1.0
 */
void
curator_semaphore_get_participant_nodes_async (CuratorSemaphore *self,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data)
{
  g_return_if_fail (curator_semaphore_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_semaphore_list_async (self, self, curator_semaphore_get_participant_nodes_async, cancellable,
                                callback, user_data);
}

/**
 * curator_semaphore_get_participant_nodes_finish:
 * @self: a semaphore
 * @result: the result of [method@Curator.Semaphore.get_participant_nodes_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Semaphore.get_participant_nodes_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED`, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, and
 * whatever the server reports.
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, in their order; empty where nobody takes part. %NULL with
 * @error set
 *
 * Since: 1.0
 */
GStrv
curator_semaphore_get_participant_nodes_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_semaphore_get_participant_nodes_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_get_participant_nodes_sync:
 * @self: a semaphore
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who has leases, and who is about to get one, and blocks meanwhile. For the errors see
 * [method@Curator.Semaphore.get_participant_nodes_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, in their order; empty where nobody takes part. %NULL with
 * @error set
 *
 * Since: 1.0
 */
GStrv
curator_semaphore_get_participant_nodes_sync (CuratorSemaphore *self,
                                              GCancellable *cancellable,
                                              GError **error)
{
  g_return_val_if_fail (curator_semaphore_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return curator_semaphore_list_sync (self, cancellable, error);
}
