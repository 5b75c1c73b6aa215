/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-keeper-private.h"

#include <string.h>

#include "curator-guard-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"
#include "curator-touch-private.h"

#define SEQUENCE_LENGTH  10
/* Before the next attempt, after the connection failed and after the server refused. */
#define LOST_PAUSE_MS    1000
#define REFUSED_PAUSE_MS 5000

/* Whose answer is wanted still; one of any other request is dropped. */
typedef enum
{
  SLOT_CREATE,
  SLOT_LOOK,
  SLOT_WRITE,
  SLOT_DELETE,
  N_SLOTS
} Slot;

typedef struct
{
  CuratorCall *call;
  guint64 number;
} Write;

struct _CuratorKeeper
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  char *base_path;
  CuratorCreateMode mode;
  gint64 ttl_ms;
  gboolean protection;
  gboolean parents;
  const CuratorKeeperOwner *owner;
  gpointer owner_data;
  GDestroyNotify free_owner_data;

  GMutex lock; /* for these three */
  GBytes *data;
  guint64 number; /* of the data */
  char *path;     /* of the node, once it has one */

  /* The loop's */
  CuratorKeeperState state;
  gboolean active;
  guint listener;
  CuratorRequest *requests[N_SLOTS];
  CuratorWatch *watch;
  CuratorTimer *pause;
  gint64 pause_ms;
  CuratorTouch *touch;
  guint64 sent;              /* the number of the data on their way */
  guint64 written;           /* the number of those the node has; 0 where that is not known */
  gboolean is_session_bound; /* as far as is known: it goes with a session */
  gboolean is_told;
  gboolean is_mismatch_told;
  GError *failure;
  int told_failure; /* what it was that everybody heard of last */
  GError *close_error;
  GPtrArray *creations; /* (element-type CuratorCall) */
  GArray *writes;       /* (element-type Write) */
  GPtrArray *closings;  /* (element-type CuratorCall) */
};

static void keeper_step (CuratorKeeper *self, CuratorKeeperEvent event);

/* Values */

gboolean
curator_keeper_is_sequential (CuratorKeeper *self)
{
  return self->mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL ||
         self->mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL ||
         self->mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL;
}

static gboolean
keeper_is_ephemeral (CuratorKeeper *self)
{
  return self->mode == CURATOR_CREATE_MODE_EPHEMERAL ||
         self->mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL;
}

/* The node, as far as is known. */
static gboolean
keeper_goes_with_session (CuratorKeeper *self)
{
  return self->is_session_bound || (self->path == NULL && keeper_is_ephemeral (self));
}

static gboolean
keeper_has_ttl (CuratorKeeper *self)
{
  return self->mode == CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL ||
         self->mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL;
}

/* What is made again has its number already. */
static CuratorCreateMode
keeper_get_mode_again (CuratorKeeper *self)
{
  switch (self->mode)
    {
    case CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL:
      return CURATOR_CREATE_MODE_EPHEMERAL;
    case CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL:
      return CURATOR_CREATE_MODE_PERSISTENT;
    case CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL:
      return CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL;
    default:
      return self->mode;
    }
}

static CuratorLoop *
keeper_get_loop (CuratorKeeper *self)
{
  return curator_framework_get_loop (self->client);
}

static void
keeper_set_path (CuratorKeeper *self, const char *path)
{
  g_mutex_lock (&self->lock);
  g_free (self->path);
  self->path = g_strdup (path);
  g_mutex_unlock (&self->lock);
}

/* For what is being sent. */
static GBytes *
keeper_send_data (CuratorKeeper *self)
{
  GBytes *data;

  g_mutex_lock (&self->lock);
  data = g_bytes_ref (self->data);
  self->sent = self->number;
  g_mutex_unlock (&self->lock);
  return data;
}

static gboolean
keeper_is_stale (CuratorKeeper *self)
{
  gboolean is_stale;

  g_mutex_lock (&self->lock);
  is_stale = self->written < self->number;
  g_mutex_unlock (&self->lock);
  return is_stale;
}

/* Requests */

static void
keeper_submit (CuratorKeeper *self, Slot slot, CuratorRequest *request, CuratorRequestFunc func)
{
  g_assert (self->requests[slot] == NULL);
  self->requests[slot] = request;
  curator_framework_submit (self->client, request, func, curator_keeper_ref (self));
}

static void
keeper_cancel_request (CuratorKeeper *self, Slot slot)
{
  g_autoptr (CuratorRequest) request = g_steal_pointer (&self->requests[slot]);

  if (request != NULL)
    curator_request_cancel (self->client, request);
}

static gboolean
keeper_take_answer (CuratorKeeper *self, Slot slot, CuratorRequest *request)
{
  if (self->requests[slot] != request)
    return FALSE;
  g_clear_pointer (&self->requests[slot], curator_request_unref);
  return TRUE;
}

/* Whether it is the connection that failed, and not the server that refused. */
static gboolean
is_loss (const GError *error)
{
  static const int codes[] = { CURATOR_ERROR_CONNECTION_LOSS, CURATOR_ERROR_OPERATION_TIMEOUT,
                               CURATOR_ERROR_SESSION_EXPIRED, CURATOR_ERROR_SESSION_MOVED,
                               CURATOR_ERROR_NOT_READ_ONLY,   CURATOR_ERROR_THROTTLED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, CURATOR_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

/* Keeps the reason of a failure; TRUE where it was the connection. */
static gboolean
keeper_take_failure (CuratorKeeper *self, CuratorRequest *request)
{
  gboolean lost;

  g_clear_error (&self->failure);
  curator_request_check (request, &self->failure);
  lost = is_loss (self->failure);
  self->pause_ms = lost ? LOST_PAUSE_MS : REFUSED_PAUSE_MS;
  return lost;
}

static gboolean
request_is_error (CuratorRequest *request, CuratorError code)
{
  g_autoptr (GError) error = NULL;

  return !curator_request_check (request, &error) && g_error_matches (error, CURATOR_ERROR, (int) code);
}

/* Creating */

static void
keeper_on_created (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = user_data;

  if (!keeper_take_answer (self, SLOT_CREATE, request))
    return;
  if (request->rc == 0)
    {
      keeper_set_path (self, request->result_path);
      self->written = self->sent;
      self->is_session_bound = keeper_is_ephemeral (self);
      keeper_step (self, CURATOR_KEEPER_EVENT_CREATED);
    }
  else if (request_is_error (request, CURATOR_ERROR_NODE_EXISTS))
    {
      keeper_set_path (self, request->path);
      self->written = CURATOR_GUARD (KEEPER_WRITES_WHAT_EXISTS) ? 0 : self->sent;
      self->is_session_bound = FALSE;
      keeper_step (self, CURATOR_KEEPER_EVENT_EXISTS);
    }
  else
    keeper_step (self, keeper_take_failure (self, request) ? CURATOR_KEEPER_EVENT_CREATE_LOST
                                                           : CURATOR_KEEPER_EVENT_CREATE_REFUSED);
}

/* Protection gives the name a new id each time; the number stays. */
static char *
keeper_make_path (CuratorKeeper *self)
{
  gsize length;

  if (self->path == NULL || !curator_keeper_is_sequential (self))
    return g_strdup (self->base_path);
  if (!self->protection)
    return g_strdup (self->path);
  length = strlen (self->path);
  return g_strconcat (self->base_path, self->path + length - SEQUENCE_LENGTH, NULL);
}

static void
keeper_run_create (CuratorKeeper *self)
{
  g_autofree char *path = keeper_make_path (self);
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_CREATE, path);

  if (self->parents)
    request->flags |= CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
  if (self->protection)
    request->flags |= CURATOR_REQUEST_FLAG_PROTECTED;
  request->mode = self->path != NULL ? keeper_get_mode_again (self) : self->mode;
  request->ttl_ms = self->ttl_ms;
  request->data = keeper_send_data (self);
  keeper_submit (self, SLOT_CREATE, request, keeper_on_created);
}

/* Looking */

static void
keeper_drop_watch (CuratorKeeper *self)
{
  g_autoptr (CuratorWatch) watch = g_steal_pointer (&self->watch);

  if (watch != NULL)
    curator_watch_cancel (watch);
}

/* The session's end takes the watch away; that itself is heard of from the connection. */
static void
keeper_on_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = curator_keeper_ref (user_data);

  if (watch != self->watch || type == CURATOR_WATCHED_EVENT_TYPE_NONE)
    return;
  keeper_step (self, type == CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED ? CURATOR_KEEPER_EVENT_DELETED
                                                                     : CURATOR_KEEPER_EVENT_CHANGED);
}

/* Somebody else's, of another kind: it is kept as it is, but will not behave as expected. */
static void
keeper_tell_mismatch (CuratorKeeper *self, CuratorRequest *look)
{
  g_autofree char *quoted = curator_path_quote (look->path);
  g_autoptr (GError) error = NULL;
  gboolean is_ephemeral = look->stat.ephemeral_owner != 0 && !keeper_has_ttl (self) &&
                          self->mode != CURATOR_CREATE_MODE_CONTAINER;

  if (is_ephemeral == keeper_is_ephemeral (self) || self->is_mismatch_told)
    return;
  self->is_mismatch_told = TRUE;
  error = g_error_new (CURATOR_ERROR, CURATOR_ERROR_NODE_EXISTS,
                       "create %s: there is one that is %sephemeral", quoted, is_ephemeral ? "" : "not ");
  if (self->owner != NULL)
    self->owner->failed (self->owner_data, error);
}

static void
keeper_on_looked (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = user_data;

  if (!keeper_take_answer (self, SLOT_LOOK, request))
    return;
  if (request->rc == 0)
    {
      self->is_session_bound = keeper_is_ephemeral (self) && request->stat.ephemeral_owner != 0;
      keeper_step (self, keeper_is_stale (self) ? CURATOR_KEEPER_EVENT_PRESENT_STALE
                                                : CURATOR_KEEPER_EVENT_PRESENT);
      keeper_tell_mismatch (self, request);
    }
  else if (request_is_error (request, CURATOR_ERROR_NO_NODE))
    keeper_step (self, CURATOR_KEEPER_EVENT_ABSENT);
  else
    {
      keeper_take_failure (self, request);
      keeper_step (self, CURATOR_KEEPER_EVENT_LOOK_FAILED);
    }
}

/* By exists, which needs no permission to read. */
static void
keeper_run_look (CuratorKeeper *self)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_EXISTS, self->path);

  if (self->watch == NULL || !curator_watch_is_armed (self->watch))
    {
      keeper_drop_watch (self);
      self->watch = curator_watch_new (FALSE, keeper_on_event, curator_keeper_ref (self),
                                       (GDestroyNotify) curator_keeper_unref);
      request->watch = curator_watch_ref (self->watch);
    }
  keeper_submit (self, SLOT_LOOK, request, keeper_on_looked);
}

/* Writing */

static void
keeper_on_written (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = user_data;

  if (!keeper_take_answer (self, SLOT_WRITE, request))
    return;
  if (request->rc == 0)
    {
      self->written = self->sent;
      keeper_step (self, CURATOR_KEEPER_EVENT_WRITTEN);
    }
  else if (request_is_error (request, CURATOR_ERROR_NO_NODE))
    keeper_step (self, CURATOR_KEEPER_EVENT_WRITE_ABSENT);
  else
    keeper_step (self, keeper_take_failure (self, request) ? CURATOR_KEEPER_EVENT_WRITE_LOST
                                                           : CURATOR_KEEPER_EVENT_WRITE_REFUSED);
}

static void
keeper_run_write (CuratorKeeper *self)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_SET_DATA, self->path);

  request->data = keeper_send_data (self);
  keeper_submit (self, SLOT_WRITE, request, keeper_on_written);
}

/* Leaving */

static void
keeper_on_deleted (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = user_data;

  if (!keeper_take_answer (self, SLOT_DELETE, request))
    return;
  /* The end of its session takes an ephemeral node along. */
  if (!curator_request_check (request, &self->close_error) &&
      g_error_matches (self->close_error, CURATOR_ERROR, CURATOR_ERROR_SESSION_EXPIRED))
    g_clear_error (&self->close_error);
  keeper_step (self, CURATOR_KEEPER_EVENT_GONE);
}

/* Also where it is not known whether there is a node; its name is known, or else what made it sees to it. */
static void
keeper_run_delete (CuratorKeeper *self)
{
  const char *path = self->path != NULL ? self->path : self->base_path;
  CuratorRequest *request;

  if (self->path == NULL && (self->protection || curator_keeper_is_sequential (self)))
    {
      keeper_step (self, CURATOR_KEEPER_EVENT_GONE);
      return;
    }
  request = curator_request_new (CURATOR_REQUEST_DELETE, path);
  request->flags = CURATOR_REQUEST_FLAG_GUARANTEED | CURATOR_REQUEST_FLAG_QUIETLY;
  /* In another session it may be somebody else's. */
  if (keeper_goes_with_session (self))
    request->flags |= CURATOR_REQUEST_FLAG_THIS_SESSION;
  keeper_submit (self, SLOT_DELETE, request, keeper_on_deleted);
}

static void
keeper_run_abandon (CuratorKeeper *self)
{
  if (self->requests[SLOT_LOOK] != NULL && (self->watch == NULL || !curator_watch_is_armed (self->watch)))
    keeper_drop_watch (self);
  keeper_cancel_request (self, SLOT_CREATE);
  keeper_cancel_request (self, SLOT_WRITE);
  /* A read that was sent is left to be answered where that comes soon: only then is it known that there is a
   * watch of nobody's to be removed. */
  if (curator_framework_is_connected (self->client))
    g_clear_pointer (&self->requests[SLOT_LOOK], curator_request_unref);
  else
    keeper_cancel_request (self, SLOT_LOOK);
}

/* Telling */

static void
keeper_fail_writes (CuratorKeeper *self, const GError *error)
{
  g_autoptr (GArray) writes = g_steal_pointer (&self->writes);

  self->writes = g_array_new (FALSE, FALSE, sizeof (Write));
  for (guint i = 0; i < writes->len; i++)
    {
      Write *write = &g_array_index (writes, Write, i);

      curator_call_complete (write->call, g_error_copy (error));
      curator_call_unref (write->call);
    }
}

static void
complete_all (GPtrArray **calls, const GError *error)
{
  g_autoptr (GPtrArray) completed = g_steal_pointer (calls);

  *calls = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  for (guint i = 0; i < completed->len; i++)
    curator_call_complete (completed->pdata[i], error != NULL ? g_error_copy (error) : NULL);
}

static void
keeper_tell (CuratorKeeper *self)
{
  guint n_open = 0;

  for (guint i = 0; i < self->writes->len; i++)
    {
      Write write = g_array_index (self->writes, Write, i);

      if (write.number > self->written)
        {
          g_array_index (self->writes, Write, n_open++) = write;
          continue;
        }
      curator_call_complete (write.call, NULL);
      curator_call_unref (write.call);
    }
  g_array_set_size (self->writes, n_open);
  self->told_failure = 0;
  if (self->is_told || keeper_is_stale (self))
    return;
  self->is_told = TRUE;
  complete_all (&self->creations, NULL);
  if (self->owner != NULL)
    self->owner->created (self->owner_data, self->path);
}

/* The same failure over and over is told once. */
static void
keeper_tell_error (CuratorKeeper *self)
{
  gboolean is_news = self->told_failure != self->failure->code;

  self->told_failure = self->failure->code;
  keeper_fail_writes (self, self->failure);
  complete_all (&self->creations, self->failure);
  if (is_news && self->owner != NULL)
    self->owner->failed (self->owner_data, self->failure);
}

/* Life */

static GError *
keeper_new_closed_error (CuratorKeeper *self, const char *operation)
{
  GError *error = NULL;

  curator_error_set_from_rc (&error, CURATOR_RC_CLOSED, operation, self->base_path);
  return error;
}

static void
keeper_drop_owner (CuratorKeeper *self)
{
  gpointer data = g_steal_pointer (&self->owner_data);

  self->owner = NULL;
  if (self->free_owner_data != NULL)
    self->free_owner_data (data);
  self->free_owner_data = NULL;
}

static void
keeper_run_finish (CuratorKeeper *self)
{
  g_autoptr (GError) closed = keeper_new_closed_error (self, "keep");

  curator_loop_cancel_timer (keeper_get_loop (self), &self->pause);
  g_clear_pointer (&self->touch, curator_touch_stop);
  g_clear_pointer (&self->requests[SLOT_DELETE], curator_request_unref);
  keeper_fail_writes (self, closed);
  complete_all (&self->creations, closed);
  complete_all (&self->closings, self->close_error);
  if (!self->active)
    return;
  self->active = FALSE;
  curator_framework_remove_state_listener (self->client, self->listener);
  keeper_drop_owner (self);
  curator_keeper_unref (self);
}

static void
keeper_on_pause_over (gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = curator_keeper_ref (user_data);

  self->pause = NULL;
  keeper_step (self, CURATOR_KEEPER_EVENT_PAUSE_OVER);
}

static void
keeper_run_requests (CuratorKeeper *self, CuratorKeeperActions actions)
{
  CuratorLoop *loop = keeper_get_loop (self);

  /* Whatever goes on now ends a pause. */
  if (self->state != CURATOR_KEEPER_PAUSED && self->state != CURATOR_KEEPER_PAUSED_IN)
    curator_loop_cancel_timer (loop, &self->pause);
  if ((actions & CURATOR_KEEPER_ACTION_CREATE) != 0)
    keeper_run_create (self);
  if ((actions & CURATOR_KEEPER_ACTION_LOOK) != 0)
    keeper_run_look (self);
  if ((actions & CURATOR_KEEPER_ACTION_WRITE) != 0)
    keeper_run_write (self);
  if ((actions & CURATOR_KEEPER_ACTION_PAUSE) != 0)
    self->pause = curator_loop_add_timer (loop, self->pause_ms, keeper_on_pause_over, self);
  if ((actions & CURATOR_KEEPER_ACTION_DELETE) != 0)
    keeper_run_delete (self);
}

static void
keeper_run_actions (CuratorKeeper *self, CuratorKeeperActions actions)
{
  if ((actions & CURATOR_KEEPER_ACTION_ABANDON) != 0)
    keeper_run_abandon (self);
  if ((actions & CURATOR_KEEPER_ACTION_UNWATCH) != 0)
    keeper_drop_watch (self);
  if ((actions & CURATOR_KEEPER_ACTION_MISS) != 0)
    self->is_told = FALSE;
  keeper_run_requests (self, actions);
  if ((actions & CURATOR_KEEPER_ACTION_TELL) != 0)
    keeper_tell (self);
  if ((actions & CURATOR_KEEPER_ACTION_TELL_LOSS) != 0)
    keeper_fail_writes (self, self->failure);
  if ((actions & CURATOR_KEEPER_ACTION_TELL_ERROR) != 0)
    keeper_tell_error (self);
  if ((actions & CURATOR_KEEPER_ACTION_FINISH) != 0)
    keeper_run_finish (self);
}

static void
keeper_log_step (CuratorKeeper *self, CuratorKeeperEvent event, CuratorKeeperState before)
{
  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;
  g_debug ("keep %s: %s in %s -> %s", self->base_path, curator_keeper_event_to_string (event),
           curator_keeper_state_to_string (before), curator_keeper_state_to_string (self->state));
}

static void
keeper_step (CuratorKeeper *self, CuratorKeeperEvent event)
{
  CuratorKeeperState before = self->state;
  CuratorKeeperActions actions = curator_keeper_machine_step (&self->state, event);

  keeper_log_step (self, event, before);
  keeper_run_actions (self, actions);
}

/* Where nothing can be deleted any more. */
static gboolean
keeper_leaves_node_behind (CuratorKeeper *self)
{
  return !keeper_is_ephemeral (self) && !keeper_has_ttl (self) && self->state != CURATOR_KEEPER_OUTSIDE &&
         self->state != CURATOR_KEEPER_DONE;
}

static void
keeper_on_state (CuratorConnectionState state, gpointer user_data)
{
  g_autoptr (CuratorKeeper) self = curator_keeper_ref (user_data);

  if (state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED)
    {
      curator_framework_catch_up (self->client);
      keeper_step (self, CURATOR_KEEPER_EVENT_RECONNECTED);
    }
  else if (state == CURATOR_CONNECTION_STATE_LOST && keeper_goes_with_session (self))
    keeper_step (self, CURATOR_KEEPER_EVENT_LOST);
  else if (state == CURATOR_CONNECTION_STATE_CLOSED)
    {
      if (self->close_error == NULL && keeper_leaves_node_behind (self))
        self->close_error = keeper_new_closed_error (self, "delete");
      keeper_step (self, CURATOR_KEEPER_EVENT_CLIENT_CLOSED);
    }
}

CuratorKeeper *
curator_keeper_new (const CuratorKeeperOptions *options,
                    GBytes *data,
                    const CuratorKeeperOwner *owner,
                    gpointer user_data,
                    GDestroyNotify free_data)
{
  CuratorKeeper *self = g_new0 (CuratorKeeper, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (options->client);
  self->base_path = g_strdup (options->path);
  self->mode = options->mode;
  self->ttl_ms = options->ttl_ms;
  self->protection = options->protection;
  self->parents = options->parents;
  self->owner = owner;
  self->owner_data = user_data;
  self->free_owner_data = free_data;
  g_mutex_init (&self->lock);
  self->data = data != NULL ? g_bytes_ref (data) : g_bytes_new_static ("", 0);
  self->number = 1;
  self->state = CURATOR_KEEPER_IDLE;
  self->creations = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  self->writes = g_array_new (FALSE, FALSE, sizeof (Write));
  self->closings = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  return self;
}

CuratorKeeper *
curator_keeper_ref (CuratorKeeper *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_keeper_unref (CuratorKeeper *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  keeper_drop_owner (self);
  for (guint i = 0; i < self->writes->len; i++)
    curator_call_unref (g_array_index (self->writes, Write, i).call);
  g_array_unref (self->writes);
  g_ptr_array_unref (self->creations);
  g_ptr_array_unref (self->closings);
  g_clear_error (&self->failure);
  g_clear_error (&self->close_error);
  g_bytes_unref (self->data);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->base_path);
  g_object_unref (self->client);
  g_free (self);
}

CuratorFramework *
curator_keeper_get_client (CuratorKeeper *self)
{
  return self->client;
}

const char *
curator_keeper_get_base_path (CuratorKeeper *self)
{
  return self->base_path;
}

/* Who knows what the lock was like at the fork. */
static gboolean
keeper_is_alive (CuratorKeeper *self)
{
  return curator_loop_is_alive (keeper_get_loop (self));
}

GBytes *
curator_keeper_dup_data (CuratorKeeper *self)
{
  GBytes *data;

  if (!keeper_is_alive (self))
    return g_bytes_new_static ("", 0);
  g_mutex_lock (&self->lock);
  data = g_bytes_ref (self->data);
  g_mutex_unlock (&self->lock);
  return data;
}

char *
curator_keeper_dup_path (CuratorKeeper *self)
{
  char *path;

  if (!keeper_is_alive (self))
    return NULL;
  g_mutex_lock (&self->lock);
  path = g_strdup (self->path);
  g_mutex_unlock (&self->lock);
  return path;
}

guint64
curator_keeper_take_data (CuratorKeeper *self, GBytes *data)
{
  g_autoptr (GBytes) before = NULL;
  guint64 number;

  if (!keeper_is_alive (self))
    return 0;
  g_mutex_lock (&self->lock);
  before = g_steal_pointer (&self->data);
  self->data = g_bytes_ref (data);
  number = ++self->number;
  g_mutex_unlock (&self->lock);
  return number;
}

void
curator_keeper_start (CuratorKeeper *self)
{
  CuratorConnectionState state = curator_framework_get_connection_state (self->client);
  gboolean is_connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  if (self->state != CURATOR_KEEPER_IDLE)
    return;
  self->active = TRUE;
  curator_keeper_ref (self);
  self->listener = curator_framework_add_state_listener (self->client, keeper_on_state, self);
  if (keeper_has_ttl (self))
    self->touch = curator_touch_start (self, self->ttl_ms);
  if (state == CURATOR_CONNECTION_STATE_CLOSED)
    keeper_step (self, CURATOR_KEEPER_EVENT_CLIENT_CLOSED);
  else
    keeper_step (self, is_connected ? CURATOR_KEEPER_EVENT_START : CURATOR_KEEPER_EVENT_START_OUTSIDE);
}

void
curator_keeper_write (CuratorKeeper *self)
{
  if (keeper_is_stale (self))
    keeper_step (self, CURATOR_KEEPER_EVENT_SET);
}

void
curator_keeper_close (CuratorKeeper *self)
{
  g_autoptr (CuratorKeeper) kept = curator_keeper_ref (self);

  if (keeper_has_ttl (kept))
    keeper_step (kept, CURATOR_KEEPER_EVENT_CLOSE_ABANDONED);
  else if (kept->path == NULL && curator_keeper_is_sequential (kept) && !kept->protection)
    keeper_step (kept, CURATOR_KEEPER_EVENT_CLOSE_NAMELESS);
  else
    keeper_step (kept, CURATOR_KEEPER_EVENT_CLOSE);
}

static gboolean
keeper_is_leaving (CuratorKeeper *self)
{
  return self->state == CURATOR_KEEPER_LEAVING || self->state == CURATOR_KEEPER_DELETING ||
         self->state == CURATOR_KEEPER_DONE;
}

void
curator_keeper_await_created (CuratorKeeper *self, CuratorCall *call)
{
  if (keeper_is_leaving (self))
    curator_call_complete (call, keeper_new_closed_error (self, "await"));
  else if (self->is_told)
    curator_call_complete (call, NULL);
  else if (curator_call_is_try (call))
    curator_call_time_out (call);
  else
    g_ptr_array_add (self->creations, curator_call_ref (call));
}

void
curator_keeper_await_written (CuratorKeeper *self, CuratorCall *call, guint64 number)
{
  Write write = { curator_call_ref (call), number };

  if (keeper_is_leaving (self))
    curator_call_complete (call, keeper_new_closed_error (self, "set data of"));
  else if (number <= self->written || self->state == CURATOR_KEEPER_IDLE)
    curator_call_complete (call, NULL);
  else
    {
      g_array_append_val (self->writes, write);
      return;
    }
  curator_call_unref (write.call);
}

void
curator_keeper_stop_waiting (CuratorKeeper *self, CuratorCall *call)
{
  g_ptr_array_remove_fast (self->creations, call);
  g_ptr_array_remove_fast (self->closings, call);
  for (guint i = 0; i < self->writes->len; i++)
    if (g_array_index (self->writes, Write, i).call == call)
      {
        g_array_remove_index (self->writes, i);
        curator_call_unref (call);
        return;
      }
}

void
curator_keeper_await_closed (CuratorKeeper *self, CuratorCall *call)
{
  if (self->state == CURATOR_KEEPER_DONE)
    curator_call_complete (call, self->close_error != NULL ? g_error_copy (self->close_error) : NULL);
  else
    g_ptr_array_add (self->closings, curator_call_ref (call));
}
