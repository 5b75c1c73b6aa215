/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-number-private.h"
#include "curator-shared-count-private.h"

/**
 * curator_shared_count_await_count_async:
 * @self: a shared count
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async) (nullable): called when a count is known, or when the wait failed
 * @user_data: for @callback
 *
 * Waits until the first count is known.
 *
 * Since: 1.0
 */
void
curator_shared_count_await_count_async (CuratorSharedCount *self,
                                        gint64 timeout_ms,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (curator_shared_count_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_mirror_get_await_call (self->shared.mirror, timeout_ms);
  curator_call_async (&options, self, curator_shared_count_await_count_async, cancellable, callback,
                      user_data);
}

/**
 * curator_shared_count_await_count_finish:
 * @self: a shared count
 * @result: the result of [method@Curator.SharedCount.await_count_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.SharedCount.await_count_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT`, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when it or its client was
 * closed, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out, and what
 * [signal@Curator.SharedCount::error] reports. A lost connection is no error: the wait goes on.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_await_count_finish (CuratorSharedCount *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_shared_count_await_count_async, result, error);
}

/**
 * curator_shared_count_await_count_sync:
 * @self: a shared count
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever
 * @cancellable: (nullable): ends the wait
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits until the first count is known, and blocks meanwhile. For the errors see
 * [method@Curator.SharedCount.await_count_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_await_count_sync (CuratorSharedCount *self,
                                       gint64 timeout_ms,
                                       GCancellable *cancellable,
                                       GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (curator_shared_count_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_mirror_get_await_call (self->shared.mirror, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_shared_count_set_count_async:
 * @self: a shared count
 * @count: what it is to become
 * @cancellable: (nullable): ends the wait; the count may be set nevertheless
 * @callback: (scope async) (nullable): called when it is set, or when that failed
 * @user_data: for @callback
 *
 * Sets the count, whatever it was. A set whose answer is lost is done again, as the client's retry policy
 * says: what somebody else has set in between can then be gone. It need not be started.
 *
 * Since: 1.0
 */
void
curator_shared_count_set_count_async (CuratorSharedCount *self,
                                      gint32 count,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GBytes) bytes = curator_number_to_bytes (count, CURATOR_NUMBER_INT_SIZE);

  g_return_if_fail (curator_shared_count_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_shared_set_async (&self->shared, self, curator_shared_count_set_count_async, NULL, bytes,
                            cancellable, callback, user_data);
}

/**
 * curator_shared_count_set_count_finish:
 * @self: a shared count
 * @result: the result of [method@Curator.SharedCount.set_count_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.SharedCount.set_count_async].
 *
 * Errors: %CURATOR_ERROR_NO_NODE when there is none; `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED`, and
 * %CURATOR_ERROR_CONNECTION_LOSS and the like when the client's retry policy gave up, after which it may be
 * set nevertheless; `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, and what the server refuses it with.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_set_count_finish (CuratorSharedCount *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (curator_shared_count_is_usable (self), FALSE);

  return curator_shared_set_finish (&self->shared, self, curator_shared_count_set_count_async, result, error);
}

/**
 * curator_shared_count_set_count_sync:
 * @self: a shared count
 * @count: what it is to become
 * @cancellable: (nullable): ends the wait; the count may be set nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.SharedCount.set_count_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.SharedCount.set_count_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_set_count_sync (CuratorSharedCount *self,
                                     gint32 count,
                                     GCancellable *cancellable,
                                     GError **error)
{
  g_autoptr (GBytes) bytes = curator_number_to_bytes (count, CURATOR_NUMBER_INT_SIZE);

  g_return_val_if_fail (curator_shared_count_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return curator_shared_set_sync (&self->shared, NULL, bytes, cancellable, error);
}

/**
 * curator_shared_count_try_set_count_async:
 * @self: a shared count
 * @previous: what it was, from [method@Curator.SharedCount.dup_versioned_value] or
 *   [signal@Curator.SharedCount::changed]
 * @count: what it is to become
 * @cancellable: (nullable): ends the wait; the count may be set nevertheless
 * @callback: (scope async) (nullable): called when it is set, or when that failed
 * @user_data: for @callback
 *
 * Sets the count where nobody else has set it since it was @previous.
 *
 * A set whose answer is lost is never done twice: what has become of it is looked up. Where that cannot be
 * told, as somebody may have set the same in its place, the error is %CURATOR_ERROR_UNKNOWN_OUTCOME. It need
 * not be started. What the server compares is the version: where the node is deleted and created
 * again that begins anew, and it can be set once it has come to the same one.
 *
 * Since: 1.0
 */
void
curator_shared_count_try_set_count_async (CuratorSharedCount *self,
                                          CuratorVersionedValue *previous,
                                          gint32 count,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  g_autoptr (GBytes) bytes = curator_number_to_bytes (count, CURATOR_NUMBER_INT_SIZE);

  g_return_if_fail (curator_shared_count_is_usable (self));
  g_return_if_fail (previous != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_shared_set_async (&self->shared, self, curator_shared_count_try_set_count_async, previous, bytes,
                            cancellable, callback, user_data);
}

/**
 * curator_shared_count_try_set_count_finish:
 * @self: a shared count
 * @result: the result of [method@Curator.SharedCount.try_set_count_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.SharedCount.try_set_count_async].
 *
 * Errors: %CURATOR_ERROR_BAD_VERSION when somebody else has set it or deleted the node,
 * %CURATOR_ERROR_UNKNOWN_OUTCOME when that cannot be told, `G_IO_ERROR_CANCELLED` and
 * `G_IO_ERROR_CLOSED`, after which it may be set nevertheless, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid
 * path, %CURATOR_ERROR_CONNECTION_LOSS and the like when the client's retry policy gave up before it was sent,
 * and what the server refuses it with.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_try_set_count_finish (CuratorSharedCount *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (curator_shared_count_is_usable (self), FALSE);

  return curator_shared_set_finish (&self->shared, self, curator_shared_count_try_set_count_async, result,
                                    error);
}

/**
 * curator_shared_count_try_set_count_sync:
 * @self: a shared count
 * @previous: what it was, from [method@Curator.SharedCount.dup_versioned_value] or
 *   [signal@Curator.SharedCount::changed]
 * @count: what it is to become
 * @cancellable: (nullable): ends the wait; the count may be set nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.SharedCount.try_set_count_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.SharedCount.try_set_count_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_try_set_count_sync (CuratorSharedCount *self,
                                         CuratorVersionedValue *previous,
                                         gint32 count,
                                         GCancellable *cancellable,
                                         GError **error)
{
  g_autoptr (GBytes) bytes = curator_number_to_bytes (count, CURATOR_NUMBER_INT_SIZE);

  g_return_val_if_fail (curator_shared_count_is_usable (self), FALSE);
  g_return_val_if_fail (previous != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return curator_shared_set_sync (&self->shared, previous, bytes, cancellable, error);
}
