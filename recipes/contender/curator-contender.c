/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-struct-private.h"

#include "curator-call-private.h"
#include "curator-contender-queue-private.h"
#include "curator-path-private.h"

void
curator_contender_take_failure (CuratorContender *self, GError *error)
{
  g_clear_error (&self->failure);
  self->failure = error;
}

GError *
curator_contender_new_timeout_error (CuratorContender *self)
{
  g_autofree char *parent = curator_path_quote (self->parent);

  if (self->timeout_ms == 0)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s %s: somebody else holds it",
                        self->kind->operation, parent);
  return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s %s: not granted within %" G_GINT64_FORMAT " ms%s",
                      self->kind->operation, parent, self->timeout_ms,
                      curator_framework_is_connected (self->client) ? "" : CURATOR_CALL_NOT_CONNECTED);
}

GError *
curator_contender_new_cover_error (CuratorContender *self)
{
  g_autofree char *path = curator_path_make (self->parent, self->cover);
  g_autofree char *quoted = curator_path_quote (path);

  return g_error_new (CURATOR_ERROR, CURATOR_ERROR_NO_NODE, "%s %s: the lease is not held any more",
                      self->kind->operation, quoted);
}

static void
listener_drop (CuratorContenderListener *listener)
{
  CuratorContenderListener dropped = *listener;

  *listener = (CuratorContenderListener){ 0 };
  if (dropped.free_data != NULL)
    dropped.free_data (dropped.data);
}

static void
contender_call (CuratorContender *self,
                const CuratorContenderListener *listener,
                CuratorContenderActions actions)
{
  const CuratorContenderOwner *calls = listener->calls;
  gpointer data = listener->data;

  if (calls == NULL)
    return;
  if ((actions & CURATOR_CONTENDER_ACTION_GRANT) != 0 && calls->granted != NULL)
    calls->granted (self, data);
  if ((actions & CURATOR_CONTENDER_ACTION_SUSPECT) != 0 && calls->suspect != NULL)
    calls->suspect (self, data);
  if ((actions & CURATOR_CONTENDER_ACTION_RESTORE) != 0 && calls->restored != NULL)
    calls->restored (self, data);
  if ((actions & CURATOR_CONTENDER_ACTION_LOSE) != 0 && calls->lost != NULL)
    calls->lost (self, data);
  if ((actions & CURATOR_CONTENDER_ACTION_FAIL) != 0 && calls->failed != NULL)
    calls->failed (self, self->failure, data);
  if ((actions & CURATOR_CONTENDER_ACTION_RELEASED) != 0 && calls->released != NULL)
    calls->released (self, self->release_error, data);
}

void
curator_contender_call_revoked (CuratorContender *self)
{
  const CuratorContenderOwner *calls = self->owner.calls;

  if (self->is_revoked)
    return;
  self->is_revoked = TRUE;
  if (calls != NULL && calls->revoked != NULL && self->state == CURATOR_CONTENDER_HELD)
    calls->revoked (self, self->owner.data);
}

void
curator_contender_call_listed (CuratorContender *self, const char *const *children)
{
  if (self->owner.calls != NULL && self->owner.calls->listed != NULL)
    self->owner.calls->listed (self, children, self->owner.data);
}

/* The end of keeping ourselves alive. */
static void
contender_end (CuratorContender *self)
{
  listener_drop (&self->owner);
  listener_drop (&self->observer);
  if (self->active)
    {
      self->active = FALSE;
      curator_contender_unref (self);
    }
}

/* Not formatted for nobody: there are a dozen steps to a hand-over. */
static void
contender_log_step (CuratorContender *self, CuratorContenderEvent event, CuratorContenderState before)
{
  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;
  g_debug ("%s %s: %s in %s -> %s", self->kind->operation, self->parent,
           curator_contender_event_to_string (event), curator_contender_state_to_string (before),
           curator_contender_state_to_string (self->state));
}

/* A read-only server's session can own nothing. */
static gboolean
contender_has_session (CuratorContender *self)
{
  CuratorConnectionState state = curator_framework_get_connection_state (self->client);

  return state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;
}

static void
contender_on_no_connection (gpointer user_data)
{
  g_autoptr (CuratorContender) self = curator_contender_ref (user_data);
  g_autofree char *parent = curator_path_quote (self->parent);

  self->timeout = NULL;
  curator_contender_give_up (self,
                             g_error_new (CURATOR_ERROR, CURATOR_ERROR_CONNECTION_LOSS,
                                          "%s %s: the connection was lost", self->kind->operation, parent));
}

/* Who does not want to wait for others does not wait for a server for ever either. */
static void
contender_limit_patience (CuratorContender *self)
{
  CuratorLoop *loop = curator_framework_get_loop (self->client);
  gboolean is_stuck = self->state == CURATOR_CONTENDER_PARKED || self->state == CURATOR_CONTENDER_OUTSIDE;

  if (self->timeout_ms != 0)
    return;
  if (!is_stuck)
    curator_loop_cancel_timer (loop, &self->timeout);
  else if (self->timeout == NULL)
    self->timeout = curator_loop_add_timer (loop, curator_framework_get_connection_timeout_ms (self->client),
                                            contender_on_no_connection, self);
}

/* Without a connection, or a client that lives, those behind us would fail like us, each after a while of its
 * own. */
static void
contender_leave_queue (CuratorContender *self, CuratorContenderActions actions)
{
  gboolean is_over = (actions & (CURATOR_CONTENDER_ACTION_GRANT | CURATOR_CONTENDER_ACTION_FAIL)) != 0;
  gboolean concerns_all = (actions & CURATOR_CONTENDER_ACTION_FAIL) != 0 &&
                          (g_error_matches (self->failure, CURATOR_ERROR, CURATOR_ERROR_CONNECTION_LOSS) ||
                           g_error_matches (self->failure, G_IO_ERROR, G_IO_ERROR_CLOSED));

  if (is_over && self->queue_link.data != NULL)
    curator_contender_queue_leave (self->queue, &self->queue_link, concerns_all ? self->failure : NULL);
}

void
curator_contender_step (CuratorContender *self, CuratorContenderEvent event)
{
  CuratorContenderState before = self->state;
  CuratorContenderActions actions = curator_contender_machine_step (&self->state, event);

  contender_log_step (self, event, before);
  curator_contender_run_actions (self, actions);
  contender_call (self, &self->owner, actions);
  contender_call (self, &self->observer, actions);
  contender_leave_queue (self, actions);
  if ((actions & CURATOR_CONTENDER_ACTION_FINISH) != 0)
    {
      contender_end (self);
      return;
    }
  contender_limit_patience (self);
  /* Nobody announces a session that is there already. */
  if (self->state == CURATOR_CONTENDER_OUTSIDE && before != CURATOR_CONTENDER_OUTSIDE &&
      contender_has_session (self))
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_RECONNECTED);
}

/* Life */

/* What covers us goes with its session. */
static void
contender_lose_session (CuratorContender *self)
{
  if (self->cover != NULL)
    curator_contender_give_up (self, curator_contender_new_cover_error (self));
  curator_contender_step (self, CURATOR_CONTENDER_EVENT_LOST);
}

static gboolean
contender_is_of_other_session (CuratorContender *self)
{
  gint64 session_id = self->session_id != 0 ? self->session_id : self->cover_session_id;

  return session_id != 0 && session_id != curator_framework_get_session_id (self->client);
}

static void
contender_on_reconnected (CuratorContender *self)
{
  if (contender_is_of_other_session (self))
    contender_lose_session (self);
  /* A list or a node of before could let us hold what somebody took away meanwhile. */
  if (self->path != NULL)
    curator_framework_catch_up (self->client);
  curator_contender_step (self, CURATOR_CONTENDER_EVENT_RECONNECTED);
}

static void
contender_on_closed (CuratorContender *self)
{
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CLOSED, self->kind->operation, self->parent);
  curator_contender_take_failure (self, error);
  curator_contender_step (self, CURATOR_CONTENDER_EVENT_CLOSED);
}

static void
contender_on_state (CuratorConnectionState state, gpointer user_data)
{
  g_autoptr (CuratorContender) self = curator_contender_ref (user_data);

  switch (state)
    {
    case CURATOR_CONNECTION_STATE_CONNECTED:
    case CURATOR_CONNECTION_STATE_RECONNECTED:
      contender_on_reconnected (self);
      break;
    case CURATOR_CONNECTION_STATE_SUSPENDED:
    case CURATOR_CONNECTION_STATE_READ_ONLY:
      curator_contender_step (self, CURATOR_CONTENDER_EVENT_SUSPENDED);
      break;
    case CURATOR_CONNECTION_STATE_LOST:
      contender_lose_session (self);
      break;
    case CURATOR_CONNECTION_STATE_CLOSED:
      contender_on_closed (self);
      break;
    case CURATOR_CONNECTION_STATE_LATENT:
    default:
      break;
    }
}

static void
contender_on_timeout (gpointer user_data)
{
  g_autoptr (CuratorContender) self = curator_contender_ref (user_data);

  self->timeout = NULL;
  curator_contender_give_up (self, curator_contender_new_timeout_error (self));
}

CuratorContender *
curator_contender_new (CuratorFramework *client,
                       const CuratorContenderKind *kind,
                       const char *parent,
                       GBytes *data,
                       gint64 timeout_ms)
{
  CuratorContender *self = g_new0 (CuratorContender, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (client);
  self->kind = kind;
  self->parent = g_strdup (parent);
  self->data = data != NULL ? g_bytes_ref (data) : NULL;
  self->timeout_ms = timeout_ms;
  self->state = CURATOR_CONTENDER_IDLE;
  return self;
}

CuratorContender *
curator_contender_ref (CuratorContender *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_contender_unref (CuratorContender *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  listener_drop (&self->owner);
  listener_drop (&self->observer);
  g_clear_error (&self->failure);
  g_clear_error (&self->release_error);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_pointer (&self->queue, curator_contender_queue_unref);
  g_free (self->nearest_name);
  g_free (self->watch_name);
  g_free (self->cover);
  g_free (self->path);
  g_free (self->parent);
  g_object_unref (self->client);
  g_free (self);
}

void
curator_contender_set_owner (CuratorContender *self,
                             const CuratorContenderOwner *owner,
                             gpointer user_data,
                             GDestroyNotify free_data)
{
  listener_drop (&self->owner);
  self->owner = (CuratorContenderListener){ owner, user_data, free_data };
}

void
curator_contender_set_observer (CuratorContender *self,
                                const CuratorContenderOwner *observer,
                                gpointer user_data,
                                GDestroyNotify free_data)
{
  listener_drop (&self->observer);
  self->observer = (CuratorContenderListener){ observer, user_data, free_data };
}

void
curator_contender_set_queue (CuratorContender *self, CuratorContenderQueue *queue)
{
  self->queue = curator_contender_queue_ref (queue);
}

void
curator_contender_set_cover (CuratorContender *self, const char *lease_path, gint64 session_id)
{
  self->cover = g_strdup (curator_path_get_basename (lease_path));
  self->cover_session_id = session_id;
}

void
curator_contender_set_limit (CuratorContender *self, guint limit)
{
  g_autoptr (CuratorContender) kept = curator_contender_ref (self);
  gboolean is_raised = limit > self->limit;

  self->limit = limit;
  if (is_raised)
    curator_contender_step (kept, CURATOR_CONTENDER_EVENT_PREDECESSOR_CHANGED);
}

/* Nobody waits for anything of a client that is closed. */
static gboolean
contender_goes_first (CuratorContender *self)
{
  return self->queue == NULL ||
         curator_framework_get_connection_state (self->client) == CURATOR_CONNECTION_STATE_CLOSED ||
         curator_contender_queue_enter (self->queue, self, &self->queue_link);
}

static void
contender_start (CuratorContender *self, CuratorContenderEvent event)
{
  g_autoptr (CuratorContender) kept = curator_contender_ref (self);

  if (self->state != CURATOR_CONTENDER_IDLE)
    return;
  self->active = TRUE;
  curator_contender_ref (self);
  self->listener = curator_framework_add_state_listener (self->client, contender_on_state, self);
  if (self->timeout_ms > 0)
    self->timeout = curator_loop_add_timer (curator_framework_get_loop (self->client), self->timeout_ms,
                                            contender_on_timeout, self);
  if (contender_is_of_other_session (self))
    curator_contender_give_up (kept, curator_contender_new_cover_error (self));
  if (contender_goes_first (self))
    curator_contender_step (kept, event);
  else if (self->timeout_ms == 0)
    curator_contender_give_up (kept, curator_contender_new_timeout_error (self));
  else
    curator_contender_step (kept, CURATOR_CONTENDER_EVENT_QUEUE);
}

void
curator_contender_take_turn (CuratorContender *self)
{
  g_autoptr (CuratorContender) kept = curator_contender_ref (self);

  curator_contender_step (kept, CURATOR_CONTENDER_EVENT_TURN);
}

void
curator_contender_start (CuratorContender *self)
{
  CuratorConnectionState state = curator_framework_get_connection_state (self->client);

  contender_start (self, state == CURATOR_CONNECTION_STATE_READ_ONLY ? CURATOR_CONTENDER_EVENT_SUSPENDED
                                                                     : CURATOR_CONTENDER_EVENT_START);
}

void
curator_contender_start_patiently (CuratorContender *self)
{
  CuratorConnectionState state = curator_framework_get_connection_state (self->client);

  contender_start (self, state == CURATOR_CONNECTION_STATE_CLOSED ? CURATOR_CONTENDER_EVENT_START
                                                                  : CURATOR_CONTENDER_EVENT_SUSPENDED);
}

void
curator_contender_give_up (CuratorContender *self, GError *error)
{
  g_autoptr (CuratorContender) kept = curator_contender_ref (self);

  curator_contender_take_failure (kept, error);
  curator_contender_step (kept, CURATOR_CONTENDER_EVENT_GIVE_UP);
}

void
curator_contender_release (CuratorContender *self)
{
  g_autoptr (CuratorContender) kept = curator_contender_ref (self);
  const CuratorContenderOwner *observer = kept->observer.calls;

  if (observer != NULL && observer->given_back != NULL && curator_contender_is_held (kept))
    observer->given_back (kept, kept->observer.data);
  curator_contender_step (kept, CURATOR_CONTENDER_EVENT_RELEASE);
}

gboolean
curator_contender_is_held (CuratorContender *self)
{
  return self->state == CURATOR_CONTENDER_HELD || self->state == CURATOR_CONTENDER_SUSPECT ||
         self->state == CURATOR_CONTENDER_VERIFYING;
}

gboolean
curator_contender_is_done (CuratorContender *self)
{
  return self->state == CURATOR_CONTENDER_DONE;
}

const GError *
curator_contender_get_release_error (CuratorContender *self)
{
  return self->release_error;
}

const char *
curator_contender_get_path (CuratorContender *self)
{
  return self->path;
}

guint64
curator_contender_get_fencing_token (CuratorContender *self)
{
  return (guint64) self->czxid;
}

gint64
curator_contender_get_session_id (CuratorContender *self)
{
  return self->session_id;
}
