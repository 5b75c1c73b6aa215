/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-acquire-private.h"

#include "curator-lease-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-pending-private.h"
#include "curator-request-private.h"

/* One call that wants a lease. */
typedef struct
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  CuratorPending *pending;
  CuratorContender *contender; /* which owns us until it is granted or fails */
  GMainContext *context;
  gboolean is_try;
} Acquire;

static Acquire *
acquire_ref (Acquire *acquire)
{
  g_atomic_ref_count_inc (&acquire->ref_count);
  return acquire;
}

static void
acquire_unref (gpointer data)
{
  Acquire *acquire = data;

  if (!g_atomic_ref_count_dec (&acquire->ref_count))
    return;
  curator_pending_unref (acquire->pending);
  g_main_context_unref (acquire->context);
  g_object_unref (acquire->client);
  g_free (acquire);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Acquire, acquire_unref)

static void
on_granted (CuratorContender *contender, gpointer user_data)
{
  g_autoptr (Acquire) acquire = acquire_ref (user_data);
  CuratorLease *lease = curator_lease_new_for_contender (acquire->client, contender, acquire->context);

  curator_pending_complete (acquire->pending, lease, NULL);
}

/* That somebody else holds is no error for who only tried. */
static void
on_failed (CuratorContender *contender, const GError *error, gpointer user_data)
{
  Acquire *acquire = user_data;
  gboolean is_held = acquire->is_try && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  curator_pending_complete (acquire->pending, NULL, is_held ? NULL : g_error_copy (error));
}

static const CuratorContenderOwner contender_owner = {
  .granted = on_granted,
  .failed = on_failed,
};

static void
start_contender (gpointer user_data)
{
  g_autoptr (CuratorContender) contender = user_data;

  curator_contender_start (contender);
}

typedef struct
{
  CuratorContender *contender;
  const CuratorContenderKind *kind;
  char *path;
} Cancel;

static void
cancel_free (gpointer data)
{
  Cancel *cancel = data;

  curator_contender_unref (cancel->contender);
  g_free (cancel->path);
  g_free (cancel);
}

static void
on_cancelled (gpointer user_data)
{
  Cancel *cancel = user_data;
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CANCELLED, cancel->kind->operation, cancel->path);
  curator_contender_give_up (cancel->contender, error);
}

static gboolean
check_text (GBytes *data)
{
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  return g_utf8_validate (text, (gssize) length, NULL);
}

static void
set_argument_error (const CuratorAcquireOptions *options, const char *reason, GError **error)
{
  g_autofree char *quoted = curator_path_quote (options->path);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s %s: %s", options->kind->operation, quoted,
               reason);
}

/* What is wrong with a call before anything is sent. */
static gboolean
check_options (const CuratorAcquireOptions *options, GCancellable *cancellable, GError **error)
{
  const char *operation = options->kind->operation;

  if (g_cancellable_is_cancelled (cancellable))
    curator_error_set_from_rc (error, CURATOR_RC_CANCELLED, operation, options->path);
  else if (!curator_path_validate (options->path, FALSE, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, operation, options->path);
  else if (options->timeout_ms < -1)
    {
      g_autofree char *reason =
          g_strdup_printf ("the time-out is %" G_GINT64_FORMAT " ms, less than -1", options->timeout_ms);

      set_argument_error (options, reason, error);
    }
  else if (options->is_text && !check_text (options->data))
    set_argument_error (options, "the id is not UTF-8", error);
  else if (!curator_loop_is_alive (curator_framework_get_loop (options->client)))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, operation, options->path);
  else
    return TRUE;
  return FALSE;
}

/* Takes @pending. */
static void
begin_acquire (const CuratorAcquireOptions *options, GCancellable *cancellable, CuratorPending *pending)
{
  CuratorFramework *client = options->client;
  CuratorContender *contender =
      curator_contender_new (client, options->kind, options->path, options->data, options->timeout_ms);
  Acquire *acquire = g_new0 (Acquire, 1);
  Cancel *cancel = g_new (Cancel, 1);

  g_atomic_ref_count_init (&acquire->ref_count);
  acquire->client = g_object_ref (client);
  acquire->context = g_main_context_ref_thread_default ();
  acquire->is_try = options->is_try;
  acquire->pending = pending;
  curator_contender_set_owner (contender, &contender_owner, acquire, acquire_unref);
  if (options->queue != NULL)
    curator_contender_set_queue (contender, options->queue);
  if (options->cover != NULL)
    curator_contender_set_cover (contender, curator_lease_get_path (options->cover),
                                 curator_lease_get_session_id (options->cover));
  *cancel = (Cancel){ curator_contender_ref (contender), options->kind, g_strdup (options->path) };
  curator_pending_set_cancel (pending, cancellable, on_cancelled, cancel, cancel_free);
  curator_loop_invoke (curator_framework_get_loop (client), start_contender, contender);
}

void
curator_acquire_async (const CuratorAcquireOptions *options,
                       gpointer source_object,
                       gpointer source_tag,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  /* A task with a cancellable would drop a lease that was granted before the caller gave up, or hand it over only
   * after its first signals. */
  g_autoptr (GTask) task = g_task_new (source_object, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, source_tag);
  if (check_options (options, cancellable, &error))
    begin_acquire (options, cancellable,
                   curator_pending_new_for_task (curator_framework_get_loop (options->client),
                                                 g_steal_pointer (&task), g_object_unref));
  else
    g_task_return_error (task, error);
}

CuratorLease *
curator_acquire_sync (const CuratorAcquireOptions *options, GCancellable *cancellable, GError **error)
{
  CuratorLoop *loop = curator_framework_get_loop (options->client);
  g_autoptr (CuratorPending) pending = NULL;

  if (!check_options (options, cancellable, error) ||
      !curator_loop_check_may_block (loop, options->kind->operation, options->path, error))
    return NULL;
  pending = curator_pending_new_for_thread (loop, g_object_unref);
  begin_acquire (options, cancellable, curator_pending_ref (pending));
  return curator_pending_wait (pending, error);
}
