/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-atomic-number-private.h"

/**
 * curator_atomic_number_get_async:
 * @self: a number
 * @cancellable: (nullable): ends the operation
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Gets the number. What others were told that they have done before the call is seen.
 *
 * Where there is no node the number is 0.
 *
 * Since: 1.0
 */
void
curator_atomic_number_get_async (CuratorAtomicNumber *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_GET, 0, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_get_async, cancellable, callback,
                                  user_data);
}

/**
 * curator_atomic_number_get_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.get_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.get_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_get_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_GET, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_get_async, result, error);
}

/**
 * curator_atomic_number_get_sync:
 * @self: a number
 * @cancellable: (nullable): ends the operation
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.get_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.get_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_get_sync (CuratorAtomicNumber *self, GCancellable *cancellable, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_GET, 0, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_increment_async:
 * @self: a number
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Adds 1 to the number.
 *
 * Since: 1.0
 */
void
curator_atomic_number_increment_async (CuratorAtomicNumber *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_INCREMENT, 1, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_increment_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_increment_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.increment_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.increment_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_increment_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_INCREMENT, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_increment_async, result,
                                          error);
}

/**
 * curator_atomic_number_increment_sync:
 * @self: a number
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.increment_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.increment_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_increment_sync (CuratorAtomicNumber *self, GCancellable *cancellable, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_INCREMENT, 1, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_decrement_async:
 * @self: a number
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Subtracts 1 from the number.
 *
 * Since: 1.0
 */
void
curator_atomic_number_decrement_async (CuratorAtomicNumber *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_DECREMENT, -1, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_decrement_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_decrement_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.decrement_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.decrement_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_decrement_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_DECREMENT, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_decrement_async, result,
                                          error);
}

/**
 * curator_atomic_number_decrement_sync:
 * @self: a number
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.decrement_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.decrement_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_decrement_sync (CuratorAtomicNumber *self, GCancellable *cancellable, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_DECREMENT, -1, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_add_async:
 * @self: a number
 * @delta: how much to add
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Adds to the number.
 *
 * Since: 1.0
 */
void
curator_atomic_number_add_async (CuratorAtomicNumber *self,
                                 gint64 delta,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_ADD, delta, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_add_async, cancellable, callback,
                                  user_data);
}

/**
 * curator_atomic_number_add_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.add_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.add_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_add_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_ADD, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_add_async, result, error);
}

/**
 * curator_atomic_number_add_sync:
 * @self: a number
 * @delta: how much to add
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.add_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.add_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_add_sync (CuratorAtomicNumber *self,
                                gint64 delta,
                                GCancellable *cancellable,
                                GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_ADD, delta, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_subtract_async:
 * @self: a number
 * @delta: how much to subtract
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Subtracts from the number.
 *
 * Since: 1.0
 */
void
curator_atomic_number_subtract_async (CuratorAtomicNumber *self,
                                      gint64 delta,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_SUBTRACT, delta, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_subtract_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_subtract_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.subtract_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.subtract_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_subtract_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_SUBTRACT, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_subtract_async, result,
                                          error);
}

/**
 * curator_atomic_number_subtract_sync:
 * @self: a number
 * @delta: how much to subtract
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.subtract_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.subtract_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_subtract_sync (CuratorAtomicNumber *self,
                                     gint64 delta,
                                     GCancellable *cancellable,
                                     GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_SUBTRACT, delta, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}
