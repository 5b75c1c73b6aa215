/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-leader-selector-private.h"

#include "curator-acquire-private.h"
#include "curator-electorate-private.h"

/* Turns that are taken by calls, and who takes part. */

static CuratorElectorateOptions
selector_make_question (CuratorLeaderSelector *self, gboolean first_only)
{
  return (CuratorElectorateOptions){ self->client, &curator_leader_selector_kind, self->path, first_only };
}

static CuratorAcquireOptions
selector_make_acquire (CuratorLeaderSelector *self, gint64 timeout_ms)
{
  return (CuratorAcquireOptions){ .client = self->client,
                                  .kind = &curator_leader_selector_kind,
                                  .queue = self->queue,
                                  .path = self->path,
                                  .timeout_ms = timeout_ms,
                                  .data = curator_candidate_get_id_bytes (self->candidate),
                                  .is_text = TRUE };
}

/**
 * curator_leader_selector_take_leadership_async:
 * @self: a selector
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else leads
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when it is the caller's turn, or when that failed
 * @user_data: for @callback
 *
 * Waits for one's turn to lead. Whatever ends the wait, no node is left behind. The selector need not be
 * started; the calls on one object are served in their order.
 *
 * Since: 1.0
 */
void
curator_leader_selector_take_leadership_async (CuratorLeaderSelector *self,
                                               gint64 timeout_ms,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (curator_leader_selector_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = selector_make_acquire (self, timeout_ms);
  curator_acquire_async (&options, self, curator_leader_selector_take_leadership_async, cancellable, callback,
                         user_data);
}

/**
 * curator_leader_selector_take_leadership_finish:
 * @self: a selector
 * @result: the result of [method@Curator.LeaderSelector.take_leadership_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderSelector.take_leadership_async]. For the errors see
 * [method@Curator.Mutex.acquire_finish].
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_leader_selector_take_leadership_finish (CuratorLeaderSelector *self,
                                                GAsyncResult *result,
                                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_leader_selector_take_leadership_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_leader_selector_take_leadership_sync:
 * @self: a selector
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else leads
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for one's turn to lead, and blocks meanwhile; see
 * [method@Curator.LeaderSelector.take_leadership_async]. For the errors see
 * [method@Curator.Mutex.acquire_sync].
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_leader_selector_take_leadership_sync (CuratorLeaderSelector *self,
                                              gint64 timeout_ms,
                                              GCancellable *cancellable,
                                              GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (curator_leader_selector_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = selector_make_acquire (self, timeout_ms);
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_leader_selector_get_participants_async:
 * @self: a selector
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server who takes part. The selector need not be started.
 *
 * Since: 1.0
 */
void
curator_leader_selector_get_participants_async (CuratorLeaderSelector *self,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data)
{
  CuratorElectorateOptions options;

  g_return_if_fail (curator_leader_selector_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = selector_make_question (self, FALSE);
  curator_electorate_ask_async (&options, self, curator_leader_selector_get_participants_async, cancellable,
                                callback, user_data);
}

/**
 * curator_leader_selector_get_participants_finish:
 * @self: a selector
 * @result: the result of [method@Curator.LeaderSelector.get_participants_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderSelector.get_participants_async].
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
curator_leader_selector_get_participants_finish (CuratorLeaderSelector *self,
                                                 GAsyncResult *result,
                                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_leader_selector_get_participants_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_leader_selector_get_participants_sync:
 * @self: a selector
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who takes part, and blocks meanwhile. For the errors see
 * [method@Curator.LeaderSelector.get_participants_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer container) (element-type CuratorParticipant): who takes part, in their order, the leader
 * first; %NULL with @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_leader_selector_get_participants_sync (CuratorLeaderSelector *self,
                                               GCancellable *cancellable,
                                               GError **error)
{
  CuratorElectorateOptions options;

  g_return_val_if_fail (curator_leader_selector_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = selector_make_question (self, FALSE);
  return curator_electorate_ask_sync (&options, cancellable, error);
}

/**
 * curator_leader_selector_get_leader_async:
 * @self: a selector
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server who leads. The selector need not be started.
 *
 * Since: 1.0
 */
void
curator_leader_selector_get_leader_async (CuratorLeaderSelector *self,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  CuratorElectorateOptions options;

  g_return_if_fail (curator_leader_selector_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = selector_make_question (self, TRUE);
  curator_electorate_ask_async (&options, self, curator_leader_selector_get_leader_async, cancellable,
                                callback, user_data);
}

/**
 * curator_leader_selector_get_leader_finish:
 * @self: a selector
 * @result: the result of [method@Curator.LeaderSelector.get_leader_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.LeaderSelector.get_leader_async]. For the errors see
 * [method@Curator.LeaderSelector.get_participants_finish].
 *
 * Returns: (transfer full) (nullable): the leader; %NULL with no error set where nobody takes part, or with
 * @error set
 *
 * Since: 1.0
 */
CuratorParticipant *
curator_leader_selector_get_leader_finish (CuratorLeaderSelector *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_leader_selector_get_leader_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_leader_selector_get_leader_sync:
 * @self: a selector
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who leads, and blocks meanwhile. For the errors see
 * [method@Curator.LeaderSelector.get_participants_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full) (nullable): the leader; %NULL with no error set where nobody takes part, or with
 * @error set
 *
 * Since: 1.0
 */
CuratorParticipant *
curator_leader_selector_get_leader_sync (CuratorLeaderSelector *self,
                                         GCancellable *cancellable,
                                         GError **error)
{
  CuratorElectorateOptions options;

  g_return_val_if_fail (curator_leader_selector_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = selector_make_question (self, TRUE);
  return curator_electorate_ask_sync (&options, cancellable, error);
}
