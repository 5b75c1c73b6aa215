/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-framework-private.h"
#include "curator-pending-private.h"

/* The client's own calls that wait: for the connection, for the close, for credentials. */

typedef struct
{
  gatomicrefcount ref_count;
  CuratorFramework *self;
  const char *operation;
  CuratorPending *pending; /* NULL once it was completed; loop only */
  gint64 timeout_ms;
  char *scheme;
  GBytes *auth;
  /* loop only */
  CuratorTimer *timer;
  guint listener_id;
} Call;

static Call *
call_new (CuratorFramework *self, const char *operation, CuratorPending *pending)
{
  Call *call = g_new0 (Call, 1);

  g_atomic_ref_count_init (&call->ref_count);
  call->self = g_object_ref (self);
  call->operation = operation;
  call->pending = curator_pending_ref (pending);
  call->timeout_ms = -1;
  return call;
}

static Call *
call_ref (Call *call)
{
  g_atomic_ref_count_inc (&call->ref_count);
  return call;
}

static void
call_unref (gpointer data)
{
  Call *call = data;

  if (!g_atomic_ref_count_dec (&call->ref_count))
    return;
  g_clear_pointer (&call->auth, g_bytes_unref);
  g_free (call->scheme);
  g_object_unref (call->self);
  g_free (call);
}

/* Loop only: the first to come decides, and ends the loop's part in the call. */
static void
call_return (Call *call, GError *error)
{
  g_autoptr (CuratorPending) pending = g_steal_pointer (&call->pending);

  if (pending == NULL)
    {
      g_clear_error (&error);
      return;
    }
  curator_loop_cancel_timer (call->self->core->loop, &call->timer);
  if (call->listener_id != 0)
    curator_core_remove_state_listener (call->self->core, call->listener_id);
  curator_pending_complete (pending, GINT_TO_POINTER (error == NULL), error);
  call_unref (call);
}

static void
cancel_in_loop (gpointer user_data)
{
  Call *call = user_data;

  call_return (call, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s: the operation was cancelled", call->operation));
}

/* Runs @func in the loop, which takes over @call; or fails here where there is no loop. */
static void
call_begin (Call *call, CuratorLoopFunc func, GCancellable *cancellable)
{
  CuratorLoop *loop = call->self->core->loop;
  g_autoptr (CuratorPending) pending = curator_pending_ref (call->pending);

  if (!curator_loop_is_alive (loop))
    {
      call_return (call, g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s: the client belongs to the parent process",
                                      call->operation));
      return;
    }
  call_ref (call);
  curator_loop_defer (loop, func, call);
  curator_pending_set_cancel (pending, cancellable, cancel_in_loop, call, call_unref);
}

static CuratorPending *
pending_for_task (CuratorFramework *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  return curator_pending_new_for_task (self->core->loop, task, NULL);
}

/* NULL with an error where the thread may not block. */
static CuratorPending *
pending_for_thread (CuratorFramework *self, const char *operation, const char *detail, GError **error)
{
  if (!curator_loop_check_may_block (self->core->loop, operation, detail, error))
    return NULL;
  return curator_pending_new_for_thread (self->core->loop, NULL);
}

static gboolean
finish_task (CuratorFramework *self, gpointer tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (curator_framework_is_built (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, FALSE);

  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

/* --- await connected ------------------------------------------------------------------------------------------- */

static void
check_connected (Call *call, CuratorConnectionState state)
{
  int failed_rc = call->self->core->failed_rc;
  GError *error = NULL;

  if (curator_connection_state_is_connected (state))
    call_return (call, NULL);
  else if (state == CURATOR_CONNECTION_STATE_CLOSED)
    call_return (call, g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s: the client was closed", call->operation));
  else if (failed_rc != 0)
    {
      curator_error_set_from_rc (&error, failed_rc, call->operation, NULL);
      call_return (call, error);
    }
}

static void
on_state (CuratorConnectionState state, gpointer user_data)
{
  check_connected (user_data, state);
}

static void
on_await_due (gpointer user_data)
{
  Call *call = user_data;

  call->timer = NULL;
  call_return (call, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                  "%s: not connected after %" G_GINT64_FORMAT " ms", call->operation,
                                  call->timeout_ms));
}

static void
await_in_loop (gpointer user_data)
{
  Call *call = user_data;
  CuratorCore *core = call->self->core;

  call_ref (call);
  if (call->timeout_ms < -1)
    call_return (call, g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "%s: a time-out of %" G_GINT64_FORMAT " ms is none", call->operation,
                                    call->timeout_ms));
  else
    check_connected (call, (CuratorConnectionState) core->state);
  if (call->pending != NULL)
    {
      call->listener_id = curator_core_add_state_listener (core, on_state, call);
      if (call->timeout_ms >= 0)
        call->timer = curator_loop_add_timer (core->loop, call->timeout_ms, on_await_due, call);
    }
  call_unref (call);
}

static void
begin_await (CuratorFramework *self, gint64 timeout_ms, GCancellable *cancellable, CuratorPending *pending)
{
  Call *call = call_new (self, "await connected", pending);

  call->timeout_ms = timeout_ms;
  call_begin (call, await_in_loop, cancellable);
}

/**
 * curator_framework_await_connected_async:
 * @self: the client
 * @timeout_ms: how long to wait, in milliseconds; -1 for ever
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called when it has ended
 * @user_data: for @callback
 *
 * Waits until the client is connected, be it to a read-only server. Before the client is started it waits for
 * that as well.
 *
 * Fails with `G_IO_ERROR_TIMED_OUT`, `G_IO_ERROR_INVALID_ARGUMENT` for any other negative time-out, `G_IO_ERROR_CLOSED` where the client was closed, or `G_IO_ERROR_CANCELLED`.
 *
 * Since: 1.0
 */
void
curator_framework_await_connected_async (CuratorFramework *self, gint64 timeout_ms, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (CuratorPending) pending = NULL;

  g_return_if_fail (curator_framework_is_built (self));

  pending = pending_for_task (self, curator_framework_await_connected_async, cancellable, callback, user_data);
  begin_await (self, timeout_ms, cancellable, pending);
}

/**
 * curator_framework_await_connected_finish:
 * @self: the client
 * @result: what the callback was given
 * @error: where to put an error
 *
 * The outcome of [method@Curator.Framework.await_connected_async].
 *
 * Returns: %TRUE once connected
 *
 * Since: 1.0
 */
gboolean
curator_framework_await_connected_finish (CuratorFramework *self, GAsyncResult *result, GError **error)
{
  return finish_task (self, curator_framework_await_connected_async, result, error);
}

/**
 * curator_framework_await_connected_sync:
 * @self: the client
 * @timeout_ms: how long to wait, in milliseconds; -1 for ever
 * @cancellable: (nullable): ends the wait
 * @error: where to put an error
 *
 * Like [method@Curator.Framework.await_connected_async], but blocks the calling thread.
 *
 * Returns: %TRUE once connected
 *
 * Since: 1.0
 */
gboolean
curator_framework_await_connected_sync (CuratorFramework *self, gint64 timeout_ms, GCancellable *cancellable,
                                        GError **error)
{
  g_autoptr (CuratorPending) pending = NULL;

  g_return_val_if_fail (curator_framework_is_built (self), FALSE);

  pending = pending_for_thread (self, "await connected", NULL, error);
  if (pending == NULL)
    return FALSE;
  begin_await (self, timeout_ms, cancellable, pending);
  return curator_pending_wait (pending, error) != NULL;
}

/* --- close ----------------------------------------------------------------------------------------------------- */

static void
on_closed (gpointer user_data)
{
  call_return (user_data, NULL);
}

static void
close_in_loop (gpointer user_data)
{
  Call *call = user_data;

  curator_core_close (call->self->core, on_closed, call);
}

/**
 * curator_framework_close_async:
 * @self: the client
 * @cancellable: (nullable): not used: a close is not cancelled
 * @callback: (scope async): called when the client is closed
 * @user_data: for @callback
 *
 * Closes the client: whatever it has under way fails with `G_IO_ERROR_CLOSED`, the state becomes
 * %CURATOR_CONNECTION_STATE_CLOSED, and the server is told to end the session, which takes its ephemeral nodes along.
 * The server's answer is awaited for the time set with [method@Curator.FrameworkBuilder.with_max_close_wait_ms].
 *
 * Closing a client that is closed succeeds. May be called from any callback.
 *
 * Since: 1.0
 */
void
curator_framework_close_async (CuratorFramework *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (CuratorPending) pending = NULL;

  g_return_if_fail (curator_framework_is_built (self));

  pending = pending_for_task (self, curator_framework_close_async, cancellable, callback, user_data);
  call_begin (call_new (self, "close", pending), close_in_loop, NULL);
}

/**
 * curator_framework_close_finish:
 * @self: the client
 * @result: what the callback was given
 * @error: where to put an error
 *
 * The outcome of [method@Curator.Framework.close_async].
 *
 * Returns: %TRUE once closed
 *
 * Since: 1.0
 */
gboolean
curator_framework_close_finish (CuratorFramework *self, GAsyncResult *result, GError **error)
{
  return finish_task (self, curator_framework_close_async, result, error);
}

/**
 * curator_framework_close_sync:
 * @self: the client
 * @cancellable: (nullable): not used: a close is not cancelled
 * @error: where to put an error
 *
 * Like [method@Curator.Framework.close_async], but blocks the calling thread.
 *
 * Returns: %TRUE once closed
 *
 * Since: 1.0
 */
gboolean
curator_framework_close_sync (CuratorFramework *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (CuratorPending) pending = NULL;

  g_return_val_if_fail (curator_framework_is_built (self), FALSE);

  pending = pending_for_thread (self, "close", NULL, error);
  if (pending == NULL)
    return FALSE;
  call_begin (call_new (self, "close", pending), close_in_loop, NULL);
  return curator_pending_wait (pending, error) != NULL;
}

/* --- credentials ----------------------------------------------------------------------------------------------- */

static void
on_auth_answered (int rc, gpointer user_data)
{
  Call *call = user_data;
  GError *error = NULL;

  if (rc != 0)
    curator_error_set_from_rc (&error, rc, call->operation, call->scheme);
  call_return (call, error);
  call_unref (call);
}

static void
add_auth_in_loop (gpointer user_data)
{
  Call *call = user_data;

  call_ref (call);
  curator_core_add_auth (call->self->core, call->scheme, call->auth, on_auth_answered, call);
}

static void
begin_add_auth (CuratorFramework *self, const char *scheme, GBytes *auth, GCancellable *cancellable,
                CuratorPending *pending)
{
  Call *call = call_new (self, "add auth", pending);

  call->scheme = g_strdup (scheme);
  call->auth = g_bytes_ref (auth);
  call_begin (call, add_auth_in_loop, cancellable);
}

/**
 * curator_framework_add_auth_async:
 * @self: the client
 * @scheme: the scheme, such as `digest`
 * @auth: the credentials, such as `user:password`
 * @cancellable: (nullable): ends the wait; the credentials are kept all the same
 * @callback: (scope async): called when the server has answered
 * @user_data: for @callback
 *
 * Gives the client further credentials, now and at every later connection. While not connected the next connection
 * is waited for.
 *
 * Credentials that the server refuses end the session for good: the state becomes %CURATOR_CONNECTION_STATE_LOST and
 * every operation fails with %CURATOR_ERROR_AUTH_FAILED.
 *
 * Since: 1.0
 */
void
curator_framework_add_auth_async (CuratorFramework *self, const char *scheme, GBytes *auth,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (CuratorPending) pending = NULL;

  g_return_if_fail (curator_framework_is_built (self));
  g_return_if_fail (scheme != NULL && auth != NULL);

  pending = pending_for_task (self, curator_framework_add_auth_async, cancellable, callback, user_data);
  begin_add_auth (self, scheme, auth, cancellable, pending);
}

/**
 * curator_framework_add_auth_finish:
 * @self: the client
 * @result: what the callback was given
 * @error: where to put an error
 *
 * The outcome of [method@Curator.Framework.add_auth_async].
 *
 * Returns: %TRUE where the server accepted the credentials
 *
 * Since: 1.0
 */
gboolean
curator_framework_add_auth_finish (CuratorFramework *self, GAsyncResult *result, GError **error)
{
  return finish_task (self, curator_framework_add_auth_async, result, error);
}

/**
 * curator_framework_add_auth_sync:
 * @self: the client
 * @scheme: the scheme, such as `digest`
 * @auth: the credentials, such as `user:password`
 * @cancellable: (nullable): ends the wait; the credentials are kept all the same
 * @error: where to put an error
 *
 * Like [method@Curator.Framework.add_auth_async], but blocks the calling thread.
 *
 * Returns: %TRUE where the server accepted the credentials
 *
 * Since: 1.0
 */
gboolean
curator_framework_add_auth_sync (CuratorFramework *self, const char *scheme, GBytes *auth, GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (CuratorPending) pending = NULL;

  g_return_val_if_fail (curator_framework_is_built (self), FALSE);
  g_return_val_if_fail (scheme != NULL && auth != NULL, FALSE);

  pending = pending_for_thread (self, "add auth", scheme, error);
  if (pending == NULL)
    return FALSE;
  begin_add_auth (self, scheme, auth, cancellable, pending);
  return curator_pending_wait (pending, error) != NULL;
}
