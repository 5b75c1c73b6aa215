/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-change-private.h"

#include "curator-call-private.h"
#include "curator-change-judge-private.h"
#include "curator-change-machine-private.h"
#include "curator-contender-private.h"
#include "curator-guard-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/* As in CuratorMutex. */
static const char *const lock_patterns[] = { "lock-", "__lock__", NULL };
static const CuratorContenderKind lock_kind = {
  .operation = "acquire",
  .name = "lock-",
  .patterns = lock_patterns,
};

/* Lives in the loop; what is in flight keeps it alive. */
typedef struct
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  CuratorChangeOptions options; /* with copies of what is in it */
  CuratorCallKind kind;
  CuratorChangeOutcome *outcome;

  CuratorChangeState state;
  CuratorCall *call; /* from start to end */
  CuratorRequest *sync;
  CuratorRequest *request;
  CuratorTimer *pause;
  gint64 pause_ms;
  CuratorContender *lock;
  gboolean is_promoted;
  guint n_retries;
  gint64 started_us;
  GError *failure;

  /* what was read, and what is written in its place */
  gboolean exists;
  CuratorStat stat;
  GBytes *before;
  GBytes *after;
} Change;

static void change_step (Change *self, CuratorChangeEvent event);

void
curator_change_outcome_free (CuratorChangeOutcome *outcome)
{
  g_clear_pointer (&outcome->before, g_bytes_unref);
  g_clear_pointer (&outcome->after, g_bytes_unref);
  g_free (outcome);
}

static Change *
change_ref (Change *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
change_unref (Change *self)
{
  CuratorChangeOptions *options = &self->options;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (options->free_data != NULL)
    options->free_data (options->data);
  g_clear_pointer (&options->expected, curator_versioned_value_unref);
  g_clear_pointer (&options->wanted, g_bytes_unref);
  g_clear_object (&options->policy);
  g_clear_object (&options->lock_policy);
  g_free ((char *) options->path);
  g_free ((char *) options->lock_path);
  g_clear_pointer (&self->outcome, curator_change_outcome_free);
  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->after, g_bytes_unref);
  g_clear_error (&self->failure);
  g_object_unref (self->client);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_unref)

static CuratorLoop *
change_get_loop (Change *self)
{
  return curator_framework_get_loop (self->client);
}

static void
change_take_failure (Change *self, int rc)
{
  g_clear_error (&self->failure);
  curator_error_set_from_rc (&self->failure, rc, self->options.operation, self->options.path);
}

static void
change_set_before (Change *self, CuratorRequest *read)
{
  g_clear_pointer (&self->before, g_bytes_unref);
  self->exists = read != NULL;
  if (read == NULL)
    return;
  self->before = g_bytes_ref (read->result_data);
  self->stat = read->stat;
}

/* TRUE once for the request that is waited for. */
static gboolean
change_take_answer (Change *self, CuratorRequest **slot, CuratorRequest *request)
{
  if (*slot != request)
    return FALSE;
  g_clear_pointer (slot, curator_request_unref);
  return TRUE;
}

/* Reading */

static GBytes *
change_compute (Change *self, GError **error)
{
  if (self->options.type != CURATOR_CHANGE_KNOWN)
    return self->options.compute (self->before, self->options.data, error);
  if (self->exists && self->stat.mzxid == curator_versioned_value_get_stat (self->options.expected)->mzxid)
    return g_bytes_ref (self->options.wanted);
  return NULL;
}

static void
change_on_read (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (Change) self = user_data;

  if (!change_take_answer (self, &self->request, request))
    return;
  if (request->rc != 0 && !curator_change_request_is_error (request, CURATOR_ERROR_NO_NODE))
    {
      change_take_failure (self, request->rc);
      change_step (self, CURATOR_CHANGE_EVENT_READ_FAILED);
      return;
    }
  if (self->sync != NULL)
    {
      change_step (self, CURATOR_CHANGE_EVENT_UNSURE);
      return;
    }
  change_set_before (self, request->rc == 0 ? request : NULL);
  g_clear_pointer (&self->after, g_bytes_unref);
  g_clear_error (&self->failure);
  self->after = change_compute (self, &self->failure);
  if (self->failure != NULL)
    change_step (self, CURATOR_CHANGE_EVENT_READ_FAILED);
  else
    change_step (self, self->after != NULL ? CURATOR_CHANGE_EVENT_WANTED : CURATOR_CHANGE_EVENT_SETTLED);
}

static void
change_on_synced (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (Change) self = user_data;

  if (!change_take_answer (self, &self->sync, request) || request->rc == 0)
    return;
  change_take_failure (self, request->rc);
  change_step (self, CURATOR_CHANGE_EVENT_READ_FAILED);
}

static void
change_cancel (Change *self, CuratorRequest **slot)
{
  g_autoptr (CuratorRequest) cancelled = g_steal_pointer (slot);

  if (cancelled != NULL)
    curator_request_cancel (self->client, cancelled);
}

static void
change_submit_read (Change *self, CuratorRequestFunc func)
{
  self->request = curator_request_new (CURATOR_REQUEST_GET_DATA, self->options.path);
  curator_framework_submit (self->client, self->request, func, change_ref (self));
}

/* In one flight; the answer to a read that comes before that to the sync says nothing. */
static void
change_run_read (Change *self)
{
  change_cancel (self, &self->sync);
  if (self->options.is_fresh && CURATOR_GUARD (CHANGE_SYNCS))
    {
      self->sync = curator_request_new (CURATOR_REQUEST_SYNC, self->options.path);
      curator_framework_submit (self->client, self->sync, change_on_synced, change_ref (self));
    }
  change_submit_read (self, change_on_read);
}

/* Writing */

static void
change_on_written (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (Change) self = user_data;

  if (!change_take_answer (self, &self->request, request))
    return;
  if (request->rc == 0)
    self->stat = request->stat;
  else
    change_take_failure (self, request->rc);
  change_step (self, curator_change_judge_write (request));
}

static CuratorRequest *
change_new_write (Change *self)
{
  const CuratorRequestFlags parents = CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
  CuratorChangeType type = self->options.type;
  gboolean is_forced = type == CURATOR_CHANGE_FORCED || type == CURATOR_CHANGE_FORCED_OR_CREATED;
  gboolean creates = is_forced ? type == CURATOR_CHANGE_FORCED_OR_CREATED : !self->exists;
  CuratorRequest *request =
      curator_request_new (creates ? CURATOR_REQUEST_CREATE : CURATOR_REQUEST_SET_DATA, self->options.path);

  request->data = g_bytes_ref (self->after);
  request->mode = CURATOR_CREATE_MODE_PERSISTENT;
  request->version = is_forced ? -1 : self->stat.version;
  if (creates)
    request->flags |= parents;
  if (creates && is_forced)
    request->flags |= CURATOR_REQUEST_FLAG_OR_SET_DATA;
  /* What became of a write has to be known before there is another one. */
  if (!is_forced)
    request->flags |= CURATOR_REQUEST_FLAG_NO_RETRY;
  return request;
}

static void
change_run_write (Change *self)
{
  self->request = change_new_write (self);
  curator_framework_submit (self->client, self->request, change_on_written, change_ref (self));
}

/* Checking */

static void
change_on_checked (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (Change) self = user_data;

  if (!change_take_answer (self, &self->request, request))
    return;
  if (request->rc != 0 && !curator_change_request_is_error (request, CURATOR_ERROR_NO_NODE))
    {
      change_take_failure (self, request->rc);
      change_step (self, CURATOR_CHANGE_EVENT_CHECK_FAILED);
    }
  else
    change_step (self,
                 curator_change_judge_check (self->exists ? &self->stat : NULL, self->after,
                                             request->rc == 0 ? &request->stat : NULL, request->result_data));
}

/* Trying again */

static void
change_run_decide (Change *self)
{
  CuratorLoop *loop = change_get_loop (self);
  CuratorRetryPolicy *policy = self->is_promoted ? self->options.lock_policy : self->options.policy;
  gint64 elapsed_ms = (curator_loop_now_us (loop) - self->started_us) / 1000;
  gdouble random = (gdouble) (curator_loop_random (loop) >> 11) / 9007199254740992.0;

  self->pause_ms = 0;
  if (policy != NULL && curator_retry_policy_allow_retry (policy, self->n_retries++, elapsed_ms, FALSE,
                                                          random, &self->pause_ms))
    change_step (self, CURATOR_CHANGE_EVENT_RETRY);
  else if (self->options.lock_path != NULL && !self->is_promoted)
    change_step (self, CURATOR_CHANGE_EVENT_PROMOTE);
  else
    change_step (self, CURATOR_CHANGE_EVENT_EXHAUSTED);
}

static void
change_on_pause_over (gpointer user_data)
{
  g_autoptr (Change) self = change_ref (user_data);

  self->pause = NULL;
  change_step (self, CURATOR_CHANGE_EVENT_PAUSE_OVER);
}

static void
change_run_pause (Change *self)
{
  self->pause = curator_loop_add_timer (change_get_loop (self), self->pause_ms, change_on_pause_over, self);
}

/* The lock. What it does is only to keep others away: whoever loses it goes on without. */

static void
change_on_locked (CuratorContender *contender, gpointer user_data)
{
  g_autoptr (Change) self = change_ref (user_data);

  change_step (self, CURATOR_CHANGE_EVENT_LOCKED);
}

static void
change_on_lock_failed (CuratorContender *contender, const GError *error, gpointer user_data)
{
  g_autoptr (Change) self = change_ref (user_data);

  g_clear_error (&self->failure);
  self->failure = g_error_copy (error);
  change_step (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
                         ? CURATOR_CHANGE_EVENT_LOCK_TIMED_OUT
                         : CURATOR_CHANGE_EVENT_LOCK_FAILED);
}

static const CuratorContenderOwner lock_owner = {
  .granted = change_on_locked,
  .failed = change_on_lock_failed,
};

static void
change_run_lock (Change *self)
{
  g_autoptr (CuratorContender) lock = curator_contender_new (
      self->client, &lock_kind, self->options.lock_path, NULL, self->options.lock_timeout_ms);

  self->is_promoted = TRUE;
  self->n_retries = 0;
  self->started_us = curator_loop_now_us (change_get_loop (self));
  self->lock = curator_contender_ref (lock);
  curator_contender_set_owner (lock, &lock_owner, change_ref (self), (GDestroyNotify) change_unref);
  curator_contender_start (lock);
}

static void
change_drop_lock (Change *self)
{
  g_autoptr (CuratorContender) lock = g_steal_pointer (&self->lock);

  if (lock == NULL)
    return;
  curator_contender_set_owner (lock, NULL, NULL, NULL);
  curator_contender_release (lock);
  curator_contender_give_up (lock, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "acquire"));
}

/* The end */

static void
change_run_drop (Change *self)
{
  change_cancel (self, &self->sync);
  change_cancel (self, &self->request);
  curator_loop_cancel_timer (change_get_loop (self), &self->pause);
  change_drop_lock (self);
}

static void
change_complete (Change *self, GError *error)
{
  g_autoptr (CuratorCall) call = g_steal_pointer (&self->call);

  curator_call_complete (call, error);
}

static void
change_run_return (Change *self, gboolean applied)
{
  self->outcome = g_new0 (CuratorChangeOutcome, 1);
  self->outcome->applied = applied;
  self->outcome->before = g_steal_pointer (&self->before);
  if (applied)
    {
      self->outcome->after = g_steal_pointer (&self->after);
      self->outcome->stat = self->stat;
      if (self->options.applied != NULL)
        self->options.applied (self->outcome, self->options.data);
    }
  change_complete (self, NULL);
}

/* A client that was closed says so, as ever. */
static GError *
change_new_open_error (Change *self)
{
  g_autofree char *path = curator_path_quote (self->options.path);

  if (self->failure != NULL && g_error_matches (self->failure, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return g_error_copy (self->failure);
  return g_error_new (CURATOR_ERROR, CURATOR_ERROR_UNKNOWN_OUTCOME,
                      "%s %s: the answer was lost, and whether it was applied cannot be told",
                      self->options.operation, path);
}

static void
change_run_end (Change *self, CuratorChangeActions actions)
{
  if ((actions & CURATOR_CHANGE_ACTION_SUCCEED) != 0)
    change_run_return (self, TRUE);
  if ((actions & CURATOR_CHANGE_ACTION_RETURN) != 0)
    change_run_return (self, FALSE);
  if ((actions & CURATOR_CHANGE_ACTION_FAIL) != 0)
    change_complete (self, g_error_copy (self->failure));
  if ((actions & CURATOR_CHANGE_ACTION_FAIL_OPEN) != 0)
    change_complete (self, change_new_open_error (self));
}

static void
change_step (Change *self, CuratorChangeEvent event)
{
  g_autoptr (Change) kept = change_ref (self);
  CuratorChangeState before = self->state;
  CuratorChangeActions actions = curator_change_machine_step (&self->state, event);

  if (!g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    g_debug ("%s %s: %s in %s -> %s", self->options.operation, self->options.path,
             curator_change_event_to_string (event), curator_change_state_to_string (before),
             curator_change_state_to_string (self->state));
  if ((actions & CURATOR_CHANGE_ACTION_DROP) != 0)
    change_run_drop (self);
  if ((actions & CURATOR_CHANGE_ACTION_READ) != 0)
    change_run_read (self);
  if ((actions & CURATOR_CHANGE_ACTION_WRITE) != 0)
    change_run_write (self);
  if ((actions & CURATOR_CHANGE_ACTION_CHECK) != 0)
    change_submit_read (self, change_on_checked);
  if ((actions & CURATOR_CHANGE_ACTION_DECIDE) != 0)
    change_run_decide (self);
  if ((actions & CURATOR_CHANGE_ACTION_PAUSE) != 0)
    change_run_pause (self);
  if ((actions & CURATOR_CHANGE_ACTION_LOCK) != 0)
    change_run_lock (self);
  change_run_end (self, actions);
}

/* Beginning and giving up */

static void
change_begin (CuratorCall *call, gpointer data)
{
  g_autoptr (Change) self = change_ref (data);
  CuratorChangeOptions *options = &self->options;

  self->call = curator_call_ref (call);
  self->started_us = curator_loop_now_us (change_get_loop (self));
  if (options->wanted != NULL)
    self->after = g_bytes_ref (options->wanted);
  if (options->type == CURATOR_CHANGE_KNOWN)
    {
      self->exists = TRUE;
      self->stat = *curator_versioned_value_get_stat (options->expected);
      self->before = g_bytes_ref (curator_versioned_value_get_value (options->expected));
      change_step (self, CURATOR_CHANGE_EVENT_START_KNOWN);
    }
  else
    change_step (self, options->type == CURATOR_CHANGE_COMPUTED ? CURATOR_CHANGE_EVENT_START
                                                                : CURATOR_CHANGE_EVENT_START_FORCED);
}

static void
change_give_up (CuratorCall *call, gpointer data)
{
  g_autoptr (Change) self = change_ref (data);

  g_clear_pointer (&self->call, curator_call_unref);
  change_step (self, CURATOR_CHANGE_EVENT_GIVE_UP);
}

static Change *
change_new (const CuratorChangeOptions *options)
{
  Change *self = g_new0 (Change, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (options->client);
  self->options = *options;
  self->options.path = g_strdup (options->path);
  self->options.lock_path = g_strdup (options->lock_path);
  self->options.wanted = options->wanted != NULL ? g_bytes_ref (options->wanted) : NULL;
  self->options.expected = options->expected != NULL ? curator_versioned_value_ref (options->expected) : NULL;
  self->options.policy = options->policy != NULL ? g_object_ref (options->policy) : NULL;
  self->options.lock_policy = options->lock_policy != NULL ? g_object_ref (options->lock_policy) : NULL;
  self->kind = (CuratorCallKind){ options->operation, change_begin, change_give_up };
  self->state = CURATOR_CHANGE_IDLE;
  return self;
}

static CuratorCallOptions
change_get_call (Change *self)
{
  return (CuratorCallOptions){ .client = self->client,
                               .kind = &self->kind,
                               .path = self->options.path,
                               .timeout_ms = -1,
                               .data = change_ref (self),
                               .free_data = (GDestroyNotify) change_unref };
}

/* The call's task has no place for the outcome. */
static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Change *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (curator_call_finish (source, g_task_get_source_tag (task), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&self->outcome),
                           (GDestroyNotify) curator_change_outcome_free);
  else
    g_task_return_error (task, error);
}

void
curator_change_async (const CuratorChangeOptions *options,
                      gpointer source_object,
                      gpointer source_tag,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (source_object, NULL, callback, user_data);
  Change *self = change_new (options);
  CuratorCallOptions call = change_get_call (self);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, self, (GDestroyNotify) change_unref);
  curator_call_async (&call, source_object, source_tag, cancellable, on_called, task);
}

CuratorChangeOutcome *
curator_change_finish (gpointer source_object, gpointer source_tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source_object), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

CuratorChangeOutcome *
curator_change_sync (const CuratorChangeOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (Change) self = change_new (options);
  CuratorCallOptions call = change_get_call (self);

  return curator_call_sync (&call, cancellable, error) ? g_steal_pointer (&self->outcome) : NULL;
}
