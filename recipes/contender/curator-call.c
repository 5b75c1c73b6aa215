/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-call-private.h"

#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-pending-private.h"
#include "curator-request-private.h"

struct _CuratorCall
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  const CuratorCallKind *kind;
  char *path;
  gint64 timeout_ms;
  gpointer data;
  GDestroyNotify free_data;

  CuratorPending *pending; /* which keeps the call while it can be cancelled */
  CuratorTimer *timeout;
  guint listener;
  gboolean is_over;
};

CuratorCall *
curator_call_ref (CuratorCall *call)
{
  g_atomic_ref_count_inc (&call->ref_count);
  return call;
}

void
curator_call_unref (CuratorCall *call)
{
  if (!g_atomic_ref_count_dec (&call->ref_count))
    return;
  if (call->free_data != NULL)
    call->free_data (call->data);
  g_clear_pointer (&call->pending, curator_pending_unref);
  g_free (call->path);
  g_object_unref (call->client);
  g_free (call);
}

static CuratorLoop *
call_get_loop (CuratorCall *call)
{
  return curator_framework_get_loop (call->client);
}

/* Breaks the cycle of the call and what is pending. */
void
curator_call_complete (CuratorCall *call, GError *error)
{
  g_autoptr (CuratorPending) pending = g_steal_pointer (&call->pending);

  if (call->is_over)
    {
      g_clear_error (&error);
      return;
    }
  call->is_over = TRUE;
  curator_loop_cancel_timer (call_get_loop (call), &call->timeout);
  curator_framework_remove_state_listener (call->client, call->listener);
  curator_pending_complete (pending, GINT_TO_POINTER (error == NULL), error);
}

gboolean
curator_call_is_over (CuratorCall *call)
{
  return call->is_over;
}

gpointer
curator_call_get_data (CuratorCall *call)
{
  return call->data;
}

static void
call_give_up (CuratorCall *call, GError *error)
{
  if (call->is_over)
    {
      g_clear_error (&error);
      return;
    }
  curator_call_complete (call, error);
  if (call->kind->give_up != NULL)
    call->kind->give_up (call, call->data);
}

static void
on_cancelled (gpointer user_data)
{
  g_autoptr (CuratorCall) call = curator_call_ref (user_data);
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CANCELLED, call->kind->operation, call->path);
  call_give_up (call, error);
}

gboolean
curator_call_is_try (CuratorCall *call)
{
  return call->timeout_ms == 0;
}

void
curator_call_time_out (CuratorCall *call)
{
  g_autofree char *quoted = curator_path_quote (call->path);

  call_give_up (call,
                g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s %s: not within %" G_GINT64_FORMAT " ms%s",
                             call->kind->operation, quoted, call->timeout_ms,
                             curator_framework_is_connected (call->client) ? "" : CURATOR_CALL_NOT_CONNECTED));
}

static void
on_timeout (gpointer user_data)
{
  g_autoptr (CuratorCall) call = curator_call_ref (user_data);

  call->timeout = NULL;
  curator_call_time_out (call);
}

/* With the client nothing is waited for any more. */
static void
call_end_with_client (CuratorCall *call)
{
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CLOSED, call->kind->operation, call->path);
  call_give_up (call, error);
}

static void
on_state (CuratorConnectionState state, gpointer user_data)
{
  g_autoptr (CuratorCall) call = curator_call_ref (user_data);

  if (state == CURATOR_CONNECTION_STATE_CLOSED)
    call_end_with_client (call);
}

static void
begin_in_loop (gpointer user_data)
{
  g_autoptr (CuratorCall) call = user_data;
  gint64 timeout_ms = curator_call_is_try (call) ? curator_framework_get_connection_timeout_ms (call->client)
                                                 : call->timeout_ms;

  if (call->is_over)
    return;
  if (timeout_ms >= 0)
    call->timeout = curator_loop_add_timer (call_get_loop (call), timeout_ms, on_timeout, call);
  call->listener = curator_framework_add_state_listener (call->client, on_state, call);
  call->kind->begin (call, call->data);
  if (!call->is_over &&
      curator_framework_get_connection_state (call->client) == CURATOR_CONNECTION_STATE_CLOSED)
    call_end_with_client (call);
}

/* What is wrong with a call before it begins. */
static gboolean
check_options (const CuratorCallOptions *options, GCancellable *cancellable, GError **error)
{
  const char *operation = options->kind->operation;

  if (g_cancellable_is_cancelled (cancellable))
    curator_error_set_from_rc (error, CURATOR_RC_CANCELLED, operation, options->path);
  else if (!curator_path_validate (options->path, options->sequential, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, operation, options->path);
  else if (options->timeout_ms < -1)
    {
      g_autofree char *quoted = curator_path_quote (options->path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s %s: the time-out is %" G_GINT64_FORMAT " ms, less than -1", operation, quoted,
                   options->timeout_ms);
    }
  else if (!curator_loop_is_alive (curator_framework_get_loop (options->client)))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, operation, options->path);
  else
    return TRUE;
  return FALSE;
}

static void
options_drop_data (const CuratorCallOptions *options)
{
  if (options->free_data != NULL)
    options->free_data (options->data);
}

/* Takes @pending. */
static void
begin_call (const CuratorCallOptions *options, GCancellable *cancellable, CuratorPending *pending)
{
  CuratorCall *call = g_new0 (CuratorCall, 1);

  g_atomic_ref_count_init (&call->ref_count);
  call->client = g_object_ref (options->client);
  call->kind = options->kind;
  call->path = g_strdup (options->path);
  call->timeout_ms = options->timeout_ms;
  call->data = options->data;
  call->free_data = options->free_data;
  call->pending = pending;
  curator_pending_set_cancel (pending, cancellable, on_cancelled, curator_call_ref (call),
                              (GDestroyNotify) curator_call_unref);
  curator_loop_invoke (call_get_loop (call), begin_in_loop, call);
}

void
curator_call_async (const CuratorCallOptions *options,
                    gpointer source_object,
                    gpointer source_tag,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source_object, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, source_tag);
  /* Whoever is through is told so, however late he wanted to give up. */
  g_task_set_check_cancellable (task, FALSE);
  if (check_options (options, cancellable, &error))
    {
      begin_call (options, cancellable,
                  curator_pending_new_for_task (curator_framework_get_loop (options->client),
                                                g_steal_pointer (&task), NULL));
      return;
    }
  options_drop_data (options);
  g_task_return_error (task, error);
}

gboolean
curator_call_sync (const CuratorCallOptions *options, GCancellable *cancellable, GError **error)
{
  CuratorLoop *loop = curator_framework_get_loop (options->client);
  g_autoptr (CuratorPending) pending = NULL;

  if (!check_options (options, cancellable, error) ||
      !curator_loop_check_may_block (loop, options->kind->operation, options->path, error))
    {
      options_drop_data (options);
      return FALSE;
    }
  pending = curator_pending_new_for_thread (loop, NULL);
  begin_call (options, cancellable, curator_pending_ref (pending));
  return GPOINTER_TO_INT (curator_pending_wait (pending, error));
}

gboolean
curator_call_finish (gpointer source_object, gpointer source_tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source_object), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);

  return GPOINTER_TO_INT (g_task_propagate_pointer (G_TASK (result), error));
}
