/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-atomic-number-private.h"

/**
 * curator_atomic_number_try_set_async:
 * @self: a number
 * @value: what the number is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Sets the number. Unlike [method@Curator.AtomicNumber.force_set_async] it tells what the number was before,
 * and does not succeed where others are faster all the time.
 *
 * Since: 1.0
 */
void
curator_atomic_number_try_set_async (CuratorAtomicNumber *self,
                                     gint64 value,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_TRY_SET, value, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_try_set_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_try_set_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.try_set_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.try_set_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_try_set_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_TRY_SET, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_try_set_async, result,
                                          error);
}

/**
 * curator_atomic_number_try_set_sync:
 * @self: a number
 * @value: what the number is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.try_set_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.try_set_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_try_set_sync (CuratorAtomicNumber *self,
                                    gint64 value,
                                    GCancellable *cancellable,
                                    GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_TRY_SET, value, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_compare_and_set_async:
 * @self: a number
 * @expected: what the number has to be
 * @value: what it is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Sets the number if it is @expected. If it is not, or if there is no node, that does not succeed.
 *
 * Since: 1.0
 */
void
curator_atomic_number_compare_and_set_async (CuratorAtomicNumber *self,
                                             gint64 expected,
                                             gint64 value,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_COMPARE_AND_SET, expected, value);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_compare_and_set_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_compare_and_set_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.compare_and_set_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.compare_and_set_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_compare_and_set_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_COMPARE_AND_SET, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_compare_and_set_async,
                                          result, error);
}

/**
 * curator_atomic_number_compare_and_set_sync:
 * @self: a number
 * @expected: what the number has to be
 * @value: what it is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.compare_and_set_async] does, and blocks meanwhile. For the errors
 * see [method@Curator.AtomicNumber.compare_and_set_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_compare_and_set_sync (
    CuratorAtomicNumber *self, gint64 expected, gint64 value, GCancellable *cancellable, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_COMPARE_AND_SET, expected, value);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_initialize_async:
 * @self: a number
 * @value: what the number is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Creates the node with a number in it. If there is a node already, that does not succeed.
 *
 * Since: 1.0
 */
void
curator_atomic_number_initialize_async (CuratorAtomicNumber *self,
                                        gint64 value,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_INITIALIZE, value, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_initialize_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_initialize_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.initialize_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.initialize_async].
 *
 * Errors: See [class@Curator.AtomicNumber].
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_initialize_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_INITIALIZE, 0, 0);
  return curator_atomic_operation_finish (&operation, self, curator_atomic_number_initialize_async, result,
                                          error);
}

/**
 * curator_atomic_number_initialize_sync:
 * @self: a number
 * @value: what the number is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.initialize_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.initialize_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): what became of it, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_number_initialize_sync (CuratorAtomicNumber *self,
                                       gint64 value,
                                       GCancellable *cancellable,
                                       GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_INITIALIZE, value, 0);
  return curator_atomic_operation_sync (&operation, cancellable, error);
}

/**
 * curator_atomic_number_force_set_async:
 * @self: a number
 * @value: what the number is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @callback: (scope async) (nullable): called when it is done, or failed
 * @user_data: for @callback
 *
 * Sets the number, whatever the data of the node were; a missing node is created. A set whose answer is lost
 * is done again, as the client's retry policy says: what others have done in between can then be gone.
 *
 * Since: 1.0
 */
void
curator_atomic_number_force_set_async (CuratorAtomicNumber *self,
                                       gint64 value,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorAtomicOperation operation;

  g_return_if_fail (curator_atomic_number_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_FORCE_SET, value, 0);
  curator_atomic_operation_async (&operation, self, curator_atomic_number_force_set_async, cancellable,
                                  callback, user_data);
}

/**
 * curator_atomic_number_force_set_finish:
 * @self: a number
 * @result: the result of [method@Curator.AtomicNumber.force_set_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.AtomicNumber.force_set_async].
 *
 * Errors: %CURATOR_ERROR_CONNECTION_LOSS and the like when the client's retry policy gave up, after which it
 * may be set nevertheless; for the others see [class@Curator.AtomicNumber].
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_atomic_number_force_set_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), FALSE);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_FORCE_SET, 0, 0);
  return curator_atomic_operation_finish_forced (&operation, self, curator_atomic_number_force_set_async,
                                                 result, error);
}

/**
 * curator_atomic_number_force_set_sync:
 * @self: a number
 * @value: what the number is to become
 * @cancellable: (nullable): ends the operation; it may take place nevertheless
 * @error: (nullable): where to put the reason for a failure
 *
 * Does what [method@Curator.AtomicNumber.force_set_async] does, and blocks meanwhile. For the errors see
 * [method@Curator.AtomicNumber.force_set_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_atomic_number_force_set_sync (CuratorAtomicNumber *self,
                                      gint64 value,
                                      GCancellable *cancellable,
                                      GError **error)
{
  CuratorAtomicOperation operation;

  g_return_val_if_fail (curator_atomic_number_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  operation = curator_atomic_number_make_operation (self, CURATOR_ATOMIC_FORCE_SET, value, 0);
  return curator_atomic_operation_sync_forced (&operation, cancellable, error);
}
