/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-mirror-private.h"

#include "curator-loop-private.h"
#include "curator-mirror-machine-private.h"
#include "curator-request-private.h"
#include "curator-versioned-value-private.h"

#define PAUSE_MS 1000

typedef struct
{
  CuratorMirrorFunc func;
  gpointer user_data;
  GDestroyNotify free_data;
} Follower;

struct _CuratorMirror
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  char *path;
  GBytes *seed;
  const CuratorMirrorOwner *owner;
  gpointer user_data;
  GDestroyNotify free_data;

  GMutex lock;                  /* for the next three */
  CuratorVersionedValue *value; /* NULL before anything is known */
  gboolean is_current;
  GHashTable *followers; /* user data → Follower */

  CuratorMirrorState state;
  gboolean active;
  guint listener;
  CuratorTimer *pause;
  CuratorRequest *request;
  CuratorWatch *watch;
  GBytes *read_data;
  CuratorStat read_stat;
  GError *refusal;      /* of data that are not such as are wanted */
  gint64 refused_mzxid; /* theirs; told once */
  GError *failure;
  int told_failure;   /* its code, 0 for none */
  GPtrArray *waiting; /* (element-type CuratorCall) */
};

static void mirror_step (CuratorMirror *self, CuratorMirrorEvent event);

/* What is known */

/* In a forked process nobody may ever give the lock back. */
static gboolean
mirror_is_alive (CuratorMirror *self)
{
  return curator_loop_is_alive (curator_framework_get_loop (self->client));
}

CuratorVersionedValue *
curator_mirror_dup_value (CuratorMirror *self)
{
  CuratorVersionedValue *value;

  if (!mirror_is_alive (self))
    return NULL;
  g_mutex_lock (&self->lock);
  value = self->value != NULL ? curator_versioned_value_ref (self->value) : NULL;
  g_mutex_unlock (&self->lock);
  return value;
}

gboolean
curator_mirror_is_current (CuratorMirror *self)
{
  gboolean is_current;

  if (!mirror_is_alive (self))
    return FALSE;
  g_mutex_lock (&self->lock);
  is_current = self->is_current;
  g_mutex_unlock (&self->lock);
  return is_current;
}

static void
follower_free (gpointer data)
{
  Follower *follower = data;

  if (follower->free_data != NULL)
    follower->free_data (follower->user_data);
  g_free (follower);
}

void
curator_mirror_follow (CuratorMirror *self,
                       CuratorMirrorFunc func,
                       gpointer user_data,
                       GDestroyNotify free_data)
{
  Follower *follower = g_new (Follower, 1);

  *follower = (Follower){ func, user_data, free_data };
  if (!mirror_is_alive (self))
    {
      follower_free (follower);
      return;
    }
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->followers, user_data, follower);
  if (self->value != NULL)
    func (self->value, user_data);
  g_mutex_unlock (&self->lock);
}

void
curator_mirror_unfollow (CuratorMirror *self, gpointer user_data)
{
  gpointer follower = NULL;

  if (!mirror_is_alive (self))
    return;
  g_mutex_lock (&self->lock);
  g_hash_table_steal_extended (self->followers, user_data, NULL, &follower);
  g_mutex_unlock (&self->lock);
  if (follower != NULL)
    follower_free (follower);
}

/* With the lock. */
static void
mirror_tell_followers (CuratorMirror *self)
{
  GHashTableIter iter;
  gpointer follower;

  g_hash_table_iter_init (&iter, self->followers);
  while (g_hash_table_iter_next (&iter, NULL, &follower))
    ((Follower *) follower)->func (self->value, ((Follower *) follower)->user_data);
}

static void
mirror_set_current (CuratorMirror *self, gboolean is_current)
{
  gboolean is_news;

  g_mutex_lock (&self->lock);
  is_news = self->is_current != is_current;
  self->is_current = is_current;
  g_mutex_unlock (&self->lock);
  if (is_news)
    self->owner->current (self->user_data);
}

static void
mirror_complete_waiting (CuratorMirror *self, const GError *error)
{
  g_autoptr (GPtrArray) completed = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  for (guint i = 0; i < completed->len; i++)
    curator_call_complete (completed->pdata[i], error != NULL ? g_error_copy (error) : NULL);
}

static void
mirror_tell_error (CuratorMirror *self, const GError *error)
{
  mirror_complete_waiting (self, error);
  self->owner->failed (self->user_data, error);
}

/* What was written here may be known before it is read. */
static gboolean
mirror_is_newer (CuratorMirror *self, const CuratorStat *stat)
{
  return self->value == NULL || stat->mzxid > curator_versioned_value_get_stat (self->value)->mzxid;
}

static void
mirror_learn (CuratorMirror *self, GBytes *data, const CuratorStat *stat)
{
  g_autoptr (CuratorVersionedValue) before = NULL;

  if (!mirror_is_newer (self, stat))
    return;
  g_mutex_lock (&self->lock);
  before = g_steal_pointer (&self->value);
  self->value = curator_versioned_value_new (data, stat);
  mirror_tell_followers (self);
  g_mutex_unlock (&self->lock);
  self->owner->changed (self->user_data, self->value);
}

/* An error is told after that the value is no longer current. */
static void
mirror_refuse (CuratorMirror *self, GError *refusal)
{
  gboolean is_news = self->read_stat.mzxid > self->refused_mzxid;

  g_clear_error (&self->refusal);
  self->refusal = refusal;
  self->refused_mzxid = self->read_stat.mzxid;
  mirror_set_current (self, FALSE);
  if (is_news)
    mirror_tell_error (self, refusal);
}

static void
mirror_run_take (CuratorMirror *self)
{
  g_autoptr (GBytes) data = g_steal_pointer (&self->read_data);
  GError *refusal = NULL;

  self->told_failure = 0;
  if (self->owner->check != NULL && !self->owner->check (data, self->path, &refusal))
    {
      mirror_refuse (self, refusal);
      return;
    }
  g_clear_error (&self->refusal);
  mirror_learn (self, data, &self->read_stat);
  mirror_set_current (self, self->read_stat.mzxid >= curator_versioned_value_get_stat (self->value)->mzxid);
  mirror_complete_waiting (self, NULL);
}

void
curator_mirror_take (CuratorMirror *self, GBytes *data, const CuratorStat *stat)
{
  g_autoptr (CuratorMirror) kept = curator_mirror_ref (self);

  if (!self->active)
    return;
  mirror_learn (kept, data, stat);
  mirror_complete_waiting (kept, NULL);
}

/* Requests */

static void
drop_watch (CuratorWatch **watch)
{
  g_autoptr (CuratorWatch) dropped = g_steal_pointer (watch);

  if (dropped != NULL)
    curator_watch_cancel (dropped);
}

/* A read that was sent is left to be answered where that comes soon: only then is it known that there is a
 * watch of nobody's to be removed. */
static void
mirror_drop_request (CuratorMirror *self)
{
  g_autoptr (CuratorRequest) dropped = g_steal_pointer (&self->request);

  if (dropped != NULL && !curator_framework_is_connected (self->client))
    curator_request_cancel (self->client, dropped);
}

static gboolean
mirror_take_answer (CuratorMirror *self, CuratorRequest *request)
{
  if (self->request != request)
    return FALSE;
  g_clear_pointer (&self->request, curator_request_unref);
  g_clear_error (&self->failure);
  curator_request_check (request, &self->failure);
  return TRUE;
}

static void
mirror_submit (CuratorMirror *self, CuratorRequest *request, CuratorRequestFunc func)
{
  self->request = request;
  curator_framework_submit (self->client, request, func, curator_mirror_ref (self));
}

static void
mirror_on_seeded (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorMirror) self = user_data;

  if (!mirror_take_answer (self, request))
    return;
  if (request->rc == 0 || g_error_matches (self->failure, CURATOR_ERROR, CURATOR_ERROR_NODE_EXISTS))
    mirror_step (self, CURATOR_MIRROR_EVENT_SEEDED);
  else
    mirror_step (self, CURATOR_MIRROR_EVENT_SEED_FAILED);
}

static void
mirror_run_seed (CuratorMirror *self)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_CREATE, self->path);

  request->flags = CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
  request->mode = CURATOR_CREATE_MODE_PERSISTENT;
  request->data = g_bytes_ref (self->seed);
  mirror_submit (self, request, mirror_on_seeded);
}

static void
mirror_on_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (CuratorMirror) self = curator_mirror_ref (user_data);

  if (watch == self->watch && type != CURATOR_WATCHED_EVENT_TYPE_NONE)
    mirror_step (self, CURATOR_MIRROR_EVENT_TOUCHED);
}

/* Watches, unless that is done already. */
static CuratorRequest *
mirror_new_read (CuratorMirror *self, CuratorRequestType type)
{
  CuratorRequest *request = curator_request_new (type, self->path);

  mirror_drop_request (self);
  if (self->watch != NULL && curator_watch_is_armed (self->watch))
    return request;
  drop_watch (&self->watch);
  self->watch = curator_watch_new (FALSE, mirror_on_event, curator_mirror_ref (self),
                                   (GDestroyNotify) curator_mirror_unref);
  request->watch = curator_watch_ref (self->watch);
  return request;
}

static void
mirror_on_read (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorMirror) self = user_data;

  if (!mirror_take_answer (self, request))
    return;
  if (request->rc == 0)
    {
      self->read_data = g_bytes_ref (request->result_data);
      self->read_stat = request->stat;
      mirror_step (self, CURATOR_MIRROR_EVENT_READ);
    }
  else if (g_error_matches (self->failure, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    mirror_step (self, CURATOR_MIRROR_EVENT_ABSENT);
  else
    mirror_step (self, CURATOR_MIRROR_EVENT_READ_FAILED);
}

static void
mirror_on_looked (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorMirror) self = user_data;

  if (!mirror_take_answer (self, request))
    return;
  if (request->rc == 0)
    mirror_step (self, CURATOR_MIRROR_EVENT_PRESENT);
  else if (g_error_matches (self->failure, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    mirror_step (self, CURATOR_MIRROR_EVENT_ABSENT);
  else
    mirror_step (self, CURATOR_MIRROR_EVENT_READ_FAILED);
}

/* What was refused has gone. */
static void
mirror_run_look (CuratorMirror *self)
{
  g_clear_error (&self->refusal);
  mirror_submit (self, mirror_new_read (self, CURATOR_REQUEST_EXISTS), mirror_on_looked);
}

/* Life */

/* What passes by itself is no news. */
static gboolean
is_passing (const GError *error)
{
  return error->domain == G_IO_ERROR ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_CONNECTION_LOSS) ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_OPERATION_TIMEOUT) ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_SESSION_EXPIRED) ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_SESSION_MOVED) ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_THROTTLED);
}

static void
mirror_on_pause_over (gpointer user_data)
{
  g_autoptr (CuratorMirror) self = curator_mirror_ref (user_data);

  self->pause = NULL;
  mirror_step (self, CURATOR_MIRROR_EVENT_PAUSE_OVER);
}

/* The same failure over and over is told once. */
static void
mirror_run_pause (CuratorMirror *self)
{
  g_autoptr (GError) failure = g_steal_pointer (&self->failure);

  self->pause = curator_loop_add_timer (curator_framework_get_loop (self->client), PAUSE_MS,
                                        mirror_on_pause_over, self);
  if (is_passing (failure))
    return;
  if (self->told_failure != failure->code)
    {
      self->told_failure = failure->code;
      mirror_tell_error (self, failure);
    }
  else
    mirror_complete_waiting (self, failure);
}

static GError *
mirror_new_closed_error (CuratorMirror *self)
{
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CLOSED, "await value of", self->path);
  return error;
}

static void
mirror_run_finish (CuratorMirror *self)
{
  g_autoptr (GError) closed = mirror_new_closed_error (self);

  curator_loop_cancel_timer (curator_framework_get_loop (self->client), &self->pause);
  mirror_drop_request (self);
  drop_watch (&self->watch);
  mirror_complete_waiting (self, closed);
  if (!self->active)
    return;
  self->active = FALSE;
  curator_framework_remove_state_listener (self->client, self->listener);
  curator_mirror_unref (self);
}

static void
mirror_run_actions (CuratorMirror *self, CuratorMirrorActions actions)
{
  /* Whatever goes on now ends a pause. */
  if (self->state != CURATOR_MIRROR_PAUSED && self->state != CURATOR_MIRROR_UNSEEDED)
    curator_loop_cancel_timer (curator_framework_get_loop (self->client), &self->pause);
  if ((actions & CURATOR_MIRROR_ACTION_SEED) != 0)
    mirror_run_seed (self);
  if ((actions & CURATOR_MIRROR_ACTION_READ) != 0)
    mirror_submit (self, mirror_new_read (self, CURATOR_REQUEST_GET_DATA), mirror_on_read);
  if ((actions & CURATOR_MIRROR_ACTION_LOOK) != 0)
    mirror_run_look (self);
  if ((actions & CURATOR_MIRROR_ACTION_TAKE) != 0)
    mirror_run_take (self);
  if ((actions & CURATOR_MIRROR_ACTION_STALE) != 0)
    mirror_set_current (self, FALSE);
  if ((actions & CURATOR_MIRROR_ACTION_PAUSE) != 0)
    mirror_run_pause (self);
  if ((actions & CURATOR_MIRROR_ACTION_FINISH) != 0)
    mirror_run_finish (self);
}

static void
mirror_step (CuratorMirror *self, CuratorMirrorEvent event)
{
  g_autoptr (CuratorMirror) kept = curator_mirror_ref (self);
  CuratorMirrorState before = self->state;
  CuratorMirrorActions actions = curator_mirror_machine_step (&self->state, event);

  if (!g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    g_debug ("mirror %s: %s in %s -> %s", self->path, curator_mirror_event_to_string (event),
             curator_mirror_state_to_string (before), curator_mirror_state_to_string (self->state));
  mirror_run_actions (kept, actions);
}

static void
mirror_on_state (CuratorConnectionState state, gpointer user_data)
{
  CuratorMirror *self = user_data;

  switch (state)
    {
    case CURATOR_CONNECTION_STATE_CONNECTED:
    case CURATOR_CONNECTION_STATE_RECONNECTED:
      mirror_step (self, CURATOR_MIRROR_EVENT_RECONNECTED);
      break;
    case CURATOR_CONNECTION_STATE_SUSPENDED:
    case CURATOR_CONNECTION_STATE_LOST:
      mirror_step (self, CURATOR_MIRROR_EVENT_SUSPENDED);
      break;
    case CURATOR_CONNECTION_STATE_CLOSED:
      mirror_step (self, CURATOR_MIRROR_EVENT_CLOSE);
      break;
    case CURATOR_CONNECTION_STATE_LATENT:
    case CURATOR_CONNECTION_STATE_READ_ONLY:
    default:
      break;
    }
}

CuratorMirror *
curator_mirror_new (CuratorFramework *client,
                    const char *path,
                    GBytes *seed,
                    const CuratorMirrorOwner *owner,
                    gpointer user_data,
                    GDestroyNotify free_data)
{
  CuratorMirror *self = g_new0 (CuratorMirror, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (client);
  self->path = g_strdup (path);
  self->seed = seed != NULL ? g_bytes_ref (seed) : g_bytes_new_static ("", 0);
  self->owner = owner;
  self->user_data = user_data;
  self->free_data = free_data;
  g_mutex_init (&self->lock);
  self->state = CURATOR_MIRROR_IDLE;
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  self->followers = g_hash_table_new_full (NULL, NULL, NULL, follower_free);
  return self;
}

CuratorMirror *
curator_mirror_ref (CuratorMirror *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_mirror_unref (CuratorMirror *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->free_data != NULL)
    self->free_data (self->user_data);
  g_ptr_array_unref (self->waiting);
  g_hash_table_unref (self->followers);
  g_clear_error (&self->failure);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->value, curator_versioned_value_unref);
  g_bytes_unref (self->seed);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_object_unref (self->client);
  g_free (self);
}

static void
start_in_loop (gpointer user_data)
{
  g_autoptr (CuratorMirror) self = user_data;

  if (self->state != CURATOR_MIRROR_IDLE)
    return;
  self->active = TRUE;
  curator_mirror_ref (self);
  self->listener = curator_framework_add_state_listener (self->client, mirror_on_state, self);
  if (curator_framework_get_connection_state (self->client) == CURATOR_CONNECTION_STATE_CLOSED)
    mirror_step (self, CURATOR_MIRROR_EVENT_CLOSE);
  else
    mirror_step (self, CURATOR_MIRROR_EVENT_START);
}

static void
close_in_loop (gpointer user_data)
{
  g_autoptr (CuratorMirror) self = user_data;

  mirror_step (self, CURATOR_MIRROR_EVENT_CLOSE);
}

static void
mirror_invoke (CuratorMirror *self, CuratorLoopFunc func)
{
  if (mirror_is_alive (self))
    curator_loop_invoke (curator_framework_get_loop (self->client), func, curator_mirror_ref (self));
}

void
curator_mirror_start (CuratorMirror *self)
{
  mirror_invoke (self, start_in_loop);
}

void
curator_mirror_close (CuratorMirror *self)
{
  mirror_invoke (self, close_in_loop);
}

static void
begin_await (CuratorCall *call, gpointer data)
{
  CuratorMirror *self = data;

  if (self->state == CURATOR_MIRROR_DONE)
    curator_call_complete (call, mirror_new_closed_error (self));
  else if (self->value != NULL)
    curator_call_complete (call, NULL);
  else if (self->refusal != NULL)
    curator_call_complete (call, g_error_copy (self->refusal));
  else if (curator_call_is_try (call))
    curator_call_time_out (call);
  else
    g_ptr_array_add (self->waiting, curator_call_ref (call));
}

static void
give_up (CuratorCall *call, gpointer data)
{
  g_ptr_array_remove_fast (((CuratorMirror *) data)->waiting, call);
}

static const CuratorCallKind await_kind = { "await value of", begin_await, give_up };

CuratorCallOptions
curator_mirror_get_await_call (CuratorMirror *self, gint64 timeout_ms)
{
  return (CuratorCallOptions){ .client = self->client,
                               .kind = &await_kind,
                               .path = self->path,
                               .timeout_ms = timeout_ms,
                               .data = curator_mirror_ref (self),
                               .free_data = (GDestroyNotify) curator_mirror_unref };
}
