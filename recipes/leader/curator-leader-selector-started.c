/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-leader-selector-private.h"

#include "curator-loop-private.h"

/* A selector that is started: the signal's way to a turn. */

/**
 * curator_leader_selector_start:
 * @self: a selector
 * @error: (nullable): where to put the reason for a failure
 *
 * Begins to wait for a turn, in the background, whether the client is connected yet or not; see
 * [signal@Curator.LeaderSelector::leadership-taken]. A selector can be started once.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, an id that is not UTF-8, or a selector that was
 * started before; `G_IO_ERROR_CLOSED` for a selector that was closed, and in a process that was forked from
 * the client's.
 *
 * Returns: %TRUE if it began
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_start (CuratorLeaderSelector *self, GError **error)
{
  g_return_val_if_fail (curator_leader_selector_is_usable (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!curator_candidate_check_start (self->candidate, g_atomic_int_get (&self->closed), error))
    return FALSE;
  if (!g_atomic_int_compare_and_exchange (&self->started, FALSE, TRUE))
    {
      curator_candidate_set_started_error (self->candidate, error);
      return FALSE;
    }
  curator_candidate_queue (self->candidate);
  curator_candidate_begin_start (self->candidate);
  return TRUE;
}

/**
 * curator_leader_selector_get_has_leadership: (get-property has-leadership)
 * @self: a selector
 *
 * Tells whether a started selector leads, without blocking. Of leases that were taken by calls it knows
 * nothing. While the connection is suspended it depends on the client's
 * [enum@Curator.ConnectionStateErrorPolicy].
 *
 * Returns: %TRUE if the selector leads now
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_get_has_leadership (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_SELECTOR (self), FALSE);

  return self->candidate != NULL && curator_candidate_is_leading (self->candidate);
}

/**
 * curator_leader_selector_get_auto_requeue: (get-property auto-requeue)
 * @self: a selector
 *
 * Tells whether a turn of a started selector is always followed by another one.
 *
 * Returns: %TRUE if it is
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_get_auto_requeue (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (CURATOR_IS_LEADER_SELECTOR (self), FALSE);

  return self->candidate != NULL && curator_candidate_get_enters_again (self->candidate);
}

/**
 * curator_leader_selector_set_auto_requeue: (set-property auto-requeue)
 * @self: a selector
 * @auto_requeue: whether a turn is always followed by another one
 *
 * Has each turn of a started selector be followed by another one, or not. Where the last turn is over
 * already, that is followed by one as well.
 *
 * Since: 1.0
 */
void
curator_leader_selector_set_auto_requeue (CuratorLeaderSelector *self, gboolean auto_requeue)
{
  g_return_if_fail (curator_leader_selector_is_usable (self));

  if (curator_candidate_set_enters_again (self->candidate, auto_requeue))
    curator_leader_selector_notify_auto_requeue (self);
  if (auto_requeue)
    curator_candidate_begin_queue (self->candidate);
}

/**
 * curator_leader_selector_requeue:
 * @self: a selector
 *
 * Asks for one more turn: at once, or after the one that is going on.
 *
 * Returns: %TRUE if there will be one more turn; %FALSE where one is waited for already, which it is until
 * [signal@Curator.LeaderSelector::leadership-taken], and for a selector that was not started or is closed
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_requeue (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (curator_leader_selector_is_usable (self), FALSE);

  if (!g_atomic_int_get (&self->started) || g_atomic_int_get (&self->closed) ||
      curator_candidate_is_over (self->candidate) || !curator_candidate_queue (self->candidate))
    return FALSE;
  curator_candidate_begin_queue (self->candidate);
  return TRUE;
}

/**
 * curator_leader_selector_interrupt_leadership:
 * @self: a selector
 *
 * Asks whoever leads by a started selector to end the turn: the lease emits
 * [signal@Curator.Lease::revocation-requested]. Nothing else happens, as nobody else may lead before he has
 * stopped.
 *
 * Returns: %TRUE if there was somebody to ask
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_interrupt_leadership (CuratorLeaderSelector *self)
{
  g_return_val_if_fail (curator_leader_selector_is_usable (self), FALSE);

  return curator_candidate_ask_for_lease (self->candidate);
}

/* In a forked process the session, and with it the node, is the parent's. */
void
curator_leader_selector_begin_close (CuratorLeaderSelector *self)
{
  if (g_atomic_int_compare_and_exchange (&self->closed, FALSE, TRUE))
    curator_candidate_begin_close (self->candidate);
}

/**
 * curator_leader_selector_close_async:
 * @self: a selector
 * @cancellable: (nullable): a #GCancellable; cancelling ends the wait, not the closing
 * @callback: (scope async) (nullable): called when the selector's node has gone
 * @user_data: for @callback
 *
 * Ends taking part of a started selector. Where it leads the lease is released. Calls that wait for a turn,
 * and leases that they returned, are not concerned.
 *
 * Since: 1.0
 */
void
curator_leader_selector_close_async (CuratorLeaderSelector *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (curator_leader_selector_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_leader_selector_begin_close (self);
  options = curator_candidate_get_closed_call (self->candidate);
  curator_call_async (&options, self, curator_leader_selector_close_async, cancellable, callback, user_data);
}

/**
 * curator_leader_selector_close_finish:
 * @self: a selector
 * @result: the result of [method@Curator.LeaderSelector.close_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderSelector.close_async]. For the errors see
 * [method@Curator.LeaderLatch.close_finish].
 *
 * Returns: %TRUE if the selector takes part no more
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_close_finish (CuratorLeaderSelector *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_leader_selector_close_async, result, error);
}

/**
 * curator_leader_selector_close_sync:
 * @self: a selector
 * @cancellable: (nullable): a #GCancellable; cancelling ends the wait, not the closing
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends taking part of a started selector, and blocks until its node has gone; see
 * [method@Curator.LeaderSelector.close_async] and, for the errors, [method@Curator.LeaderLatch.close_finish].
 * In the client's own main context the selector is closed in the background and the error is
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the selector takes part no more
 *
 * Since: 1.0
 */
gboolean
curator_leader_selector_close_sync (CuratorLeaderSelector *self, GCancellable *cancellable, GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (curator_leader_selector_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  curator_leader_selector_begin_close (self);
  options = curator_candidate_get_closed_call (self->candidate);
  return curator_call_sync (&options, cancellable, error);
}
