/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-leader-latch-private.h"

/* What a latch is asked to do, and asked for. */

/**
 * curator_leader_latch_start:
 * @self: a latch
 * @error: (nullable): where to put the reason for a failure
 *
 * Begins to take part, in the background, whether the client is connected yet or not. A latch can be started
 * once.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, an id that is not UTF-8, or a latch that was
 * started before; `G_IO_ERROR_CLOSED` for a latch that was closed, and in a process that was forked from the
 * client's.
 *
 * Returns: %TRUE if it began
 *
 * Since: 1.0
 */
gboolean
curator_leader_latch_start (CuratorLeaderLatch *self, GError **error)
{
  g_return_val_if_fail (curator_leader_latch_is_usable (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!curator_candidate_check_start (self->candidate, g_atomic_int_get (&self->closed), error))
    return FALSE;
  if (!g_atomic_int_compare_and_exchange (&self->started, FALSE, TRUE))
    {
      curator_candidate_set_started_error (self->candidate, error);
      return FALSE;
    }
  curator_leader_latch_notify_state (self);
  curator_candidate_begin_start (self->candidate);
  return TRUE;
}

/* In a forked process the session, and with it the node, is the parent's. */
void
curator_leader_latch_begin_close (CuratorLeaderLatch *self, CuratorLeaderLatchCloseMode mode)
{
  if (!g_atomic_int_compare_and_exchange (&self->closed, FALSE, TRUE))
    return;
  g_atomic_int_set (&self->silent, mode == CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT);
  curator_leader_latch_notify_state (self);
  curator_candidate_begin_close (self->candidate);
}

/**
 * curator_leader_latch_close_async:
 * @self: a latch
 * @mode: what is told
 * @cancellable: (nullable): a #GCancellable; cancelling ends the wait, not the closing
 * @callback: (scope async) (nullable): called when the latch's node has gone
 * @user_data: for @callback
 *
 * Ends taking part. From the call on the latch does not lead; its lease, where it has one, is released. All
 * that wait for its leadership fail. Closing once more waits as well; the first one's @mode counts.
 *
 * Since: 1.0
 */
void
curator_leader_latch_close_async (CuratorLeaderLatch *self,
                                  CuratorLeaderLatchCloseMode mode,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (curator_leader_latch_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_leader_latch_begin_close (self, mode);
  options = curator_candidate_get_closed_call (self->candidate);
  curator_call_async (&options, self, curator_leader_latch_close_async, cancellable, callback, user_data);
}

/**
 * curator_leader_latch_close_finish:
 * @self: a latch
 * @result: the result of [method@Curator.LeaderLatch.close_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderLatch.close_async]. Where the node is only being created, or cannot be deleted
 * now, it is deleted as soon as that is possible, and goes with the session at the latest; that is no error.
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, and in a forked process
 * `G_IO_ERROR_CLOSED`.
 *
 * Returns: %TRUE if the latch takes part no more
 *
 * Since: 1.0
 */
gboolean
curator_leader_latch_close_finish (CuratorLeaderLatch *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_leader_latch_close_async, result, error);
}

/**
 * curator_leader_latch_close_sync:
 * @self: a latch
 * @mode: what is told
 * @cancellable: (nullable): a #GCancellable; cancelling ends the wait, not the closing
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends taking part, and blocks until the latch's node has gone; see
 * [method@Curator.LeaderLatch.close_async] and, for the errors, [method@Curator.LeaderLatch.close_finish]. In
 * the client's own main context the latch is closed in the background and the error is
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the latch takes part no more
 *
 * Since: 1.0
 */
gboolean
curator_leader_latch_close_sync (CuratorLeaderLatch *self,
                                 CuratorLeaderLatchCloseMode mode,
                                 GCancellable *cancellable,
                                 GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (curator_leader_latch_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  curator_leader_latch_begin_close (self, mode);
  options = curator_candidate_get_closed_call (self->candidate);
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_leader_latch_await_leadership_async:
 * @self: a latch
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where the latch does not lead
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the latch leads, or when the wait is over
 * @user_data: for @callback
 *
 * Waits until the latch leads; also of one that is not started yet. Whatever ends the wait, the latch goes on
 * to take part.
 *
 * Since: 1.0
 */
void
curator_leader_latch_await_leadership_async (CuratorLeaderLatch *self,
                                             gint64 timeout_ms,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (curator_leader_latch_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_candidate_get_leading_call (self->candidate, timeout_ms);
  curator_call_async (&options, self, curator_leader_latch_await_leadership_async, cancellable, callback,
                      user_data);
}

/**
 * curator_leader_latch_await_leadership_finish:
 * @self: a latch
 * @result: the result of [method@Curator.LeaderLatch.await_leadership_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderLatch.await_leadership_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the
 * latch or the client was closed, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out, and what the
 * server does not let the latch take part for; see [signal@Curator.LeaderLatch::error]. The leadership may be
 * over again: see [method@Curator.LeaderLatch.get_has_leadership].
 *
 * Returns: %TRUE if the latch came to lead
 *
 * Since: 1.0
 */
gboolean
curator_leader_latch_await_leadership_finish (CuratorLeaderLatch *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_leader_latch_await_leadership_async, result, error);
}

/**
 * curator_leader_latch_await_leadership_sync:
 * @self: a latch
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where the latch does not lead
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits until the latch leads, and blocks meanwhile; see
 * [method@Curator.LeaderLatch.await_leadership_async] and, for the errors,
 * [method@Curator.LeaderLatch.await_leadership_finish]. In the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the latch came to lead
 *
 * Since: 1.0
 */
gboolean
curator_leader_latch_await_leadership_sync (CuratorLeaderLatch *self,
                                            gint64 timeout_ms,
                                            GCancellable *cancellable,
                                            GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (curator_leader_latch_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_candidate_get_leading_call (self->candidate, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_leader_latch_get_participants_async:
 * @self: a latch
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server who takes part. The latch need not be started.
 *
 * Since: 1.0
 */
void
curator_leader_latch_get_participants_async (CuratorLeaderLatch *self,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorElectorateOptions options;

  g_return_if_fail (curator_leader_latch_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_leader_latch_make_question (self, FALSE);
  curator_electorate_ask_async (&options, self, curator_leader_latch_get_participants_async, cancellable,
                                callback, user_data);
}

/**
 * curator_leader_latch_get_participants_finish:
 * @self: a latch
 * @result: the result of [method@Curator.LeaderLatch.get_participants_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderLatch.get_participants_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED`, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, and
 * whatever the server reports.
 *
 * Returns: (transfer container) (element-type CuratorParticipant): who takes part, in their order, the leader
 * first; %NULL with @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_leader_latch_get_participants_finish (CuratorLeaderLatch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_leader_latch_get_participants_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_leader_latch_get_participants_sync:
 * @self: a latch
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who takes part, and blocks meanwhile. For the errors see
 * [method@Curator.LeaderLatch.get_participants_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer container) (element-type CuratorParticipant): who takes part, in their order, the leader
 * first; %NULL with @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_leader_latch_get_participants_sync (CuratorLeaderLatch *self,
                                            GCancellable *cancellable,
                                            GError **error)
{
  CuratorElectorateOptions options;

  g_return_val_if_fail (curator_leader_latch_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_leader_latch_make_question (self, FALSE);
  return curator_electorate_ask_sync (&options, cancellable, error);
}

/**
 * curator_leader_latch_get_leader_async:
 * @self: a latch
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server who leads. The latch need not be started.
 *
 * Since: 1.0
 */
void
curator_leader_latch_get_leader_async (CuratorLeaderLatch *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorElectorateOptions options;

  g_return_if_fail (curator_leader_latch_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_leader_latch_make_question (self, TRUE);
  curator_electorate_ask_async (&options, self, curator_leader_latch_get_leader_async, cancellable, callback,
                                user_data);
}

/**
 * curator_leader_latch_get_leader_finish:
 * @self: a latch
 * @result: the result of [method@Curator.LeaderLatch.get_leader_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderLatch.get_leader_async]. For the errors see
 * [method@Curator.LeaderLatch.get_participants_finish].
 *
 * Returns: (transfer full) (nullable): the leader; %NULL with no error set where nobody takes part, or with
 * @error set
 *
 * Since: 1.0
 */
CuratorParticipant *
curator_leader_latch_get_leader_finish (CuratorLeaderLatch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_leader_latch_get_leader_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_leader_latch_get_leader_sync:
 * @self: a latch
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who leads, and blocks meanwhile. For the errors see
 * [method@Curator.LeaderLatch.get_participants_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full) (nullable): the leader; %NULL with no error set where nobody takes part, or with
 * @error set
 *
 * Since: 1.0
 */
CuratorParticipant *
curator_leader_latch_get_leader_sync (CuratorLeaderLatch *self, GCancellable *cancellable, GError **error)
{
  CuratorElectorateOptions options;

  g_return_val_if_fail (curator_leader_latch_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_leader_latch_make_question (self, TRUE);
  return curator_electorate_ask_sync (&options, cancellable, error);
}
