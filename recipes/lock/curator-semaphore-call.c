/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-semaphore-call-private.h"

#include "curator-contender-private.h"
#include "curator-guard-private.h"
#include "curator-lease-private.h"
#include "curator-path-private.h"
#include "curator-pending-private.h"
#include "curator-request-private.h"
#include "curator-semaphore-machine-private.h"

#define OPERATION "acquire"

static const char *const lock_patterns[] = { "lock-", NULL };
static const CuratorContenderKind lock_kind = {
  .operation = OPERATION,
  .name = "lock-",
  .patterns = lock_patterns,
};

static const char *const lease_patterns[] = { "lease-", NULL };
static const CuratorContenderKind lease_kind = {
  .operation = OPERATION,
  .name = "lease-",
  .patterns = lease_patterns,
  .counted = TRUE,
};

/* Lives in the loop; the contenders and the cancellable keep it alive. */
typedef struct
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  CuratorSemaphoreLimit *limit;
  CuratorContenderQueue *queue;
  char *path;
  guint n_leases;
  gint64 timeout_ms;
  gboolean is_array;
  gboolean is_try;
  GMainContext *context;
  CuratorPending *pending;

  CuratorSemaphoreState state;
  CuratorContender *lock;
  GPtrArray *leases; /* (element-type CuratorContender) */
  guint n_held;
  CuratorTimer *timeout;
  GError *failure;
} Call;

static void call_step (Call *self, CuratorSemaphoreEvent event);

static Call *
call_ref (Call *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
call_unref (gpointer data)
{
  Call *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_error (&self->failure);
  g_clear_pointer (&self->pending, curator_pending_unref);
  g_ptr_array_unref (self->leases);
  g_main_context_unref (self->context);
  curator_semaphore_limit_unref (self->limit);
  curator_contender_queue_unref (self->queue);
  g_object_unref (self->client);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_unref)

static CuratorLoop *
call_get_loop (Call *self)
{
  return curator_framework_get_loop (self->client);
}

static void
call_take_failure (Call *self, GError *error)
{
  g_clear_error (&self->failure);
  self->failure = error;
}

/* Contenders */

/* Whatever it has come to, it leaves nothing behind and says nothing more. */
static void
drop_contender (CuratorContender *contender)
{
  curator_contender_set_owner (contender, NULL, NULL, NULL);
  curator_contender_release (contender);
  curator_contender_give_up (contender, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, OPERATION));
  curator_contender_unref (contender);
}

static void
on_locked (CuratorContender *contender, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  call_step (self, CURATOR_SEMAPHORE_EVENT_LOCKED);
}

static void
on_lock_lost (CuratorContender *contender, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  call_step (self, CURATOR_SEMAPHORE_EVENT_LOCK_LOST);
}

static void
on_lock_failed (CuratorContender *contender, const GError *error, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  call_take_failure (self, g_error_copy (error));
  call_step (self, CURATOR_SEMAPHORE_EVENT_LOCK_FAILED);
}

static const CuratorContenderOwner lock_owner = {
  .granted = on_locked,
  .lost = on_lock_lost,
  .failed = on_lock_failed,
};

/* For the first time, or again. */
static void
on_lease_held (CuratorContender *contender, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  self->n_held++;
  call_step (self, self->n_held < self->n_leases ? CURATOR_SEMAPHORE_EVENT_LEASED
                                                 : CURATOR_SEMAPHORE_EVENT_LEASED_LAST);
}

static void
on_lease_suspect (CuratorContender *contender, gpointer user_data)
{
  Call *self = user_data;

  self->n_held--;
}

static void
on_lease_lost (CuratorContender *contender, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  call_step (self, CURATOR_SEMAPHORE_EVENT_LEASE_LOST);
}

static void
on_lease_failed (CuratorContender *contender, const GError *error, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  call_take_failure (self, g_error_copy (error));
  call_step (self, CURATOR_SEMAPHORE_EVENT_LEASE_FAILED);
}

/* Those that are held already may have gone before they were watched; with them nothing is complete. */
static void
on_lease_listed (CuratorContender *contender, const char *const *children, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);

  for (guint i = 0; i < self->leases->len; i++)
    {
      CuratorContender *lease = self->leases->pdata[i];

      if (CURATOR_GUARD (LEASES_ALL_THERE) && curator_contender_is_held (lease) &&
          !g_strv_contains (children, curator_path_get_basename (curator_contender_get_path (lease))))
        {
          call_step (self, CURATOR_SEMAPHORE_EVENT_LEASE_LOST);
          return;
        }
    }
}

static const CuratorContenderOwner lease_owner = {
  .listed = on_lease_listed,
  .granted = on_lease_held,
  .suspect = on_lease_suspect,
  .restored = on_lease_held,
  .lost = on_lease_lost,
  .failed = on_lease_failed,
};

static CuratorContender *
call_make_contender (Call *self,
                     const CuratorContenderKind *kind,
                     const char *folder,
                     const CuratorContenderOwner *owner)
{
  g_autofree char *parent = curator_path_make (self->path, folder);
  CuratorContender *contender =
      curator_contender_new (self->client, kind, parent, NULL, self->timeout_ms == 0 ? 0 : -1);

  curator_contender_set_owner (contender, owner, call_ref (self), call_unref);
  return contender;
}

/* Actions */

static void
call_run_drop_leases (Call *self)
{
  self->n_held = 0;
  while (self->leases->len > 0)
    drop_contender (g_ptr_array_steal_index (self->leases, self->leases->len - 1));
}

static void
call_run_drop_lock (Call *self)
{
  CuratorContender *lock = g_steal_pointer (&self->lock);

  if (lock != NULL)
    drop_contender (lock);
}

static void
call_run_lock (Call *self, void (*start) (CuratorContender *contender))
{
  g_autoptr (CuratorContender) lock = call_make_contender (self, &lock_kind, "locks", &lock_owner);

  curator_contender_set_queue (lock, self->queue);
  self->lock = curator_contender_ref (lock);
  start (lock);
}

/* All in one flight. One that fails at once takes the others along. */
static void
call_run_lease (Call *self)
{
  g_autoptr (GPtrArray) started = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_contender_unref);

  for (guint i = 0; i < self->n_leases; i++)
    {
      CuratorContender *lease = call_make_contender (self, &lease_kind, "leases", &lease_owner);

      curator_contender_set_limit (lease, curator_semaphore_limit_get (self->limit));
      g_ptr_array_add (self->leases, lease);
      g_ptr_array_add (started, curator_contender_ref (lease));
    }
  for (guint i = 0; i < started->len && self->leases->len > 0; i++)
    curator_contender_start (started->pdata[i]);
}

/* The pending result keeps us alive for the sake of a cancellation. */
static void
call_complete (Call *self, gpointer result, GError *error)
{
  g_autoptr (CuratorPending) pending = g_steal_pointer (&self->pending);

  curator_pending_complete (pending, result, error);
}

static void
call_run_grant (Call *self)
{
  g_autoptr (GPtrArray) leases = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->leases->len; i++)
    g_ptr_array_add (leases,
                     curator_lease_new_for_contender (self->client, self->leases->pdata[i], self->context));
  while (self->leases->len > 0)
    curator_contender_unref (g_ptr_array_steal_index (self->leases, self->leases->len - 1));
  if (self->is_array)
    call_complete (self, g_steal_pointer (&leases), NULL);
  else
    call_complete (self, g_ptr_array_steal_index (leases, 0), NULL);
}

/* That there is no lease is no error for who only tried. */
static void
call_run_fail (Call *self)
{
  gboolean is_none = self->is_try && g_error_matches (self->failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  call_complete (self, NULL, is_none ? NULL : g_error_copy (self->failure));
}

static void
call_run_end (Call *self)
{
  curator_loop_cancel_timer (call_get_loop (self), &self->timeout);
  curator_semaphore_limit_unwatch (self->limit, self);
}

static void
call_step (Call *self, CuratorSemaphoreEvent event)
{
  g_autoptr (Call) kept = call_ref (self);
  CuratorSemaphoreState before = self->state;
  CuratorSemaphoreActions actions = curator_semaphore_machine_step (&self->state, event);

  if (self->state == CURATOR_SEMAPHORE_DONE && before != CURATOR_SEMAPHORE_DONE)
    call_run_end (self);
  if ((actions & CURATOR_SEMAPHORE_ACTION_DROP_LEASES) != 0)
    call_run_drop_leases (self);
  if ((actions & CURATOR_SEMAPHORE_ACTION_GRANT) != 0)
    call_run_grant (self);
  if ((actions & CURATOR_SEMAPHORE_ACTION_DROP_LOCK) != 0)
    call_run_drop_lock (self);
  if ((actions & CURATOR_SEMAPHORE_ACTION_LOCK) != 0)
    call_run_lock (self, curator_contender_start);
  if ((actions & CURATOR_SEMAPHORE_ACTION_LOCK_ANEW) != 0)
    call_run_lock (self, curator_contender_start_patiently);
  if ((actions & CURATOR_SEMAPHORE_ACTION_LEASE) != 0)
    call_run_lease (self);
  if ((actions & CURATOR_SEMAPHORE_ACTION_FAIL) != 0)
    call_run_fail (self);
}

/* Beginning and giving up */

static void
call_give_up (Call *self, GError *error)
{
  if (self->state == CURATOR_SEMAPHORE_DONE)
    g_error_free (error);
  else
    {
      call_take_failure (self, error);
      call_step (self, CURATOR_SEMAPHORE_EVENT_GIVE_UP);
    }
}

static void
on_timeout (gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);
  g_autofree char *path = curator_path_quote (self->path);

  self->timeout = NULL;
  call_give_up (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                   "%s %s: not granted within %" G_GINT64_FORMAT " ms", OPERATION, path,
                                   self->timeout_ms));
}

static void
on_cancelled (gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CANCELLED, OPERATION, self->path);
  call_give_up (self, error);
}

/* One that goes at that takes the others along. */
static void
on_limit (guint limit, gpointer user_data)
{
  g_autoptr (Call) self = call_ref (user_data);
  g_autoptr (GPtrArray) leases = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_contender_unref);

  for (guint i = 0; i < self->leases->len; i++)
    g_ptr_array_add (leases, curator_contender_ref (self->leases->pdata[i]));
  for (guint i = 0; i < leases->len; i++)
    curator_contender_set_limit (leases->pdata[i], limit);
}

static void
run_start (gpointer user_data)
{
  g_autoptr (Call) self = user_data;

  if (self->state != CURATOR_SEMAPHORE_IDLE)
    return;
  curator_semaphore_limit_watch (self->limit, on_limit, self);
  if (self->timeout_ms > 0)
    self->timeout = curator_loop_add_timer (call_get_loop (self), self->timeout_ms, on_timeout, self);
  call_step (self, CURATOR_SEMAPHORE_EVENT_START);
}

static gboolean
check_numbers (const CuratorSemaphoreOptions *options, GError **error)
{
  g_autofree char *path = curator_path_quote (options->path);
  guint limit = curator_semaphore_limit_get (options->limit);

  if (options->timeout_ms < -1)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s %s: the time-out is %" G_GINT64_FORMAT " ms, less than -1", OPERATION, path,
                 options->timeout_ms);
  else if (options->n_leases == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s %s: no leases are asked for", OPERATION,
                 path);
  else if (options->is_limit_set && options->n_leases > limit)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s %s: %u leases are asked for, and there are %u at most", OPERATION, path,
                 options->n_leases, limit);
  else
    return TRUE;
  return FALSE;
}

/* What is wrong with a call before anything is sent. */
static gboolean
check_options (const CuratorSemaphoreOptions *options, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    curator_error_set_from_rc (error, CURATOR_RC_CANCELLED, OPERATION, options->path);
  else if (!curator_path_validate (options->path, FALSE, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, OPERATION, options->path);
  else if (!curator_loop_is_alive (curator_framework_get_loop (options->client)))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, OPERATION, options->path);
  else
    return check_numbers (options, error);
  return FALSE;
}

/* Takes @pending. */
static void
begin_call (const CuratorSemaphoreOptions *options, GCancellable *cancellable, CuratorPending *pending)
{
  g_autoptr (Call) self = g_new0 (Call, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (options->client);
  self->limit = curator_semaphore_limit_ref (options->limit);
  self->queue = curator_contender_queue_ref (options->queue);
  self->path = g_strdup (options->path);
  self->n_leases = options->n_leases;
  self->timeout_ms = options->timeout_ms;
  self->is_array = options->is_array;
  self->is_try = options->is_try;
  self->context = g_main_context_ref_thread_default ();
  self->pending = curator_pending_ref (pending);
  self->state = CURATOR_SEMAPHORE_IDLE;
  self->leases = g_ptr_array_new ();
  curator_pending_set_cancel (pending, cancellable, on_cancelled, call_ref (self), call_unref);
  curator_loop_invoke (call_get_loop (self), run_start, call_ref (self));
  curator_pending_unref (pending);
}

static GDestroyNotify
get_free_func (const CuratorSemaphoreOptions *options)
{
  return options->is_array ? (GDestroyNotify) g_ptr_array_unref : g_object_unref;
}

void
curator_semaphore_call_async (const CuratorSemaphoreOptions *options,
                              gpointer source_object,
                              gpointer source_tag,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  /* As for a single lease, the task knows of no cancellable: what was granted is handed over, before its signals. */
  g_autoptr (GTask) task = g_task_new (source_object, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, source_tag);
  if (check_options (options, cancellable, &error))
    begin_call (options, cancellable,
                curator_pending_new_for_task (curator_framework_get_loop (options->client),
                                              g_steal_pointer (&task), get_free_func (options)));
  else
    g_task_return_error (task, error);
}

gpointer
curator_semaphore_call_sync (const CuratorSemaphoreOptions *options,
                             GCancellable *cancellable,
                             GError **error)
{
  CuratorLoop *loop = curator_framework_get_loop (options->client);
  g_autoptr (CuratorPending) pending = NULL;

  if (!check_options (options, cancellable, error) ||
      !curator_loop_check_may_block (loop, OPERATION, options->path, error))
    return NULL;
  pending = curator_pending_new_for_thread (loop, get_free_func (options));
  begin_call (options, cancellable, curator_pending_ref (pending));
  return curator_pending_wait (pending, error);
}
