/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-watcher.h"

#include <zookeeper.h>

#include "curator-core-struct-private.h"
#include "curator-path-private.h"
#include "curator-watcher-private.h"

/**
 * CuratorWatcher:
 *
 * Hears of changes to nodes.
 *
 * A watcher is given to an operation that reads, such as [method@Curator.GetDataBuilder.using_watcher]. When
 * the operation has succeeded (for [class@Curator.ExistsBuilder]: also where it found no node), the server
 * watches the path, and the next change is signalled by [signal@Curator.Watcher::event]. One watcher can
 * watch any number of paths, of several clients even; used more than once with the same kind of operation on
 * the same path, it still sees each event once.
 *
 * A plain watcher sees one event for each path and is then to be used again. One made with
 * [ctor@Curator.Watcher.new_rearming] goes on by itself: it is armed anew after each event, before the event
 * is signalled, and in each new session, where one event tells of all that it missed. Changes in quick succession can
 * make one event too. Where the server is too busy to arm it, it is tried again as the client's retry policy says, and
 * one event more tells of what it may have missed meanwhile. What the policy gives up on is reported by
 * [signal@Curator.Framework::error] and tried again with the next connection.
 *
 * Watches survive a lost connection. Where the session ends, a plain watcher sees an event of the type
 * `CURATOR_WATCHED_EVENT_TYPE_NONE` for each path, and is then to be used again; so does a re-arming one when
 * its client is closed.
 *
 * A watch does not keep its watcher alive: keep a reference for as long as events are wanted. No event is
 * signalled after [method@Curator.Watcher.cancel] or after the last reference was dropped.
 *
 * Threads: may be used from any thread. Events are signalled in the thread-default main context of the thread
 * that made the watcher, in the order in which they happened, together with the results of the client's
 * asynchronous operations that were started in that context: a change is signalled before the result of any
 * later read.
 *
 * Since: 1.0
 */

/* What the watcher shares with its watches and with events on their way, all of which may outlive it. */
typedef struct
{
  gatomicrefcount ref_count;
  GMainContext *context;
  GWeakRef watcher;
  gboolean rearm;
  int cancelled; /* atomic */
  GMutex lock;
  GHashTable *uses; /* CuratorWatcherUse → CuratorWatch, an owned reference; under the lock */
} Hub;

struct _CuratorWatcherUse
{
  /* Which watch this is. */
  CuratorCore *core;
  char *namespace_;
  char *path;
  CuratorWatchKind kind;

  Hub *hub;
  CuratorWatch *watch; /* which owns this */
  CuratorDelivery *delivery;
  /* Under the hub's lock. The use is in the hub's table while it is live or has requests in flight. */
  gboolean live;
  guint in_flight;
};

struct _CuratorWatcher
{
  GObject parent_instance;

  Hub *hub;
  CuratorWatcherFunc func;
  gpointer func_data;
  GDestroyNotify func_destroy;
};

enum
{
  PROP_0,
  PROP_REARM,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CuratorWatcher, curator_watcher, G_TYPE_OBJECT)

/* --- the hub
 * ------------------------------------------------------------------------------------------------- */

static guint
use_hash (gconstpointer key)
{
  const CuratorWatcherUse *use = key;

  return g_str_hash (use->path) ^ g_direct_hash (use->core) ^ (guint) use->kind;
}

static gboolean
use_equal (gconstpointer a, gconstpointer b)
{
  const CuratorWatcherUse *one = a;
  const CuratorWatcherUse *other = b;

  return one->core == other->core && one->kind == other->kind && g_str_equal (one->path, other->path) &&
         g_strcmp0 (one->namespace_, other->namespace_) == 0;
}

static Hub *
hub_new (CuratorWatcher *watcher)
{
  Hub *hub = g_new0 (Hub, 1);

  g_atomic_ref_count_init (&hub->ref_count);
  hub->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&hub->watcher, watcher);
  g_mutex_init (&hub->lock);
  hub->uses = g_hash_table_new (use_hash, use_equal);
  return hub;
}

static Hub *
hub_ref (Hub *hub)
{
  g_atomic_ref_count_inc (&hub->ref_count);
  return hub;
}

static void
hub_unref (Hub *hub)
{
  if (!g_atomic_ref_count_dec (&hub->ref_count))
    return;

  g_hash_table_unref (hub->uses);
  g_mutex_clear (&hub->lock);
  g_weak_ref_clear (&hub->watcher);
  g_main_context_unref (hub->context);
  g_free (hub);
}

/* --- events
 * -------------------------------------------------------------------------------------------------- */

typedef struct
{
  CuratorDeliveryItem item;
  Hub *hub;
  CuratorWatchedEvent *event;
} QueuedEvent;

static void
emit (CuratorWatcher *self, CuratorWatchedEvent *event)
{
  if (self->func != NULL)
    self->func (self, event, self->func_data);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

/* In the watcher's context. */
static void
deliver (CuratorDeliveryItem *item)
{
  QueuedEvent *queued = (QueuedEvent *) item;
  g_autoptr (CuratorWatcher) watcher = g_weak_ref_get (&queued->hub->watcher);

  if (watcher != NULL && !g_atomic_int_get (&queued->hub->cancelled))
    emit (watcher, queued->event);
  curator_watched_event_unref (queued->event);
  hub_unref (queued->hub);
  g_free (queued);
}

static void
post_event (CuratorWatcherUse *use, CuratorWatchedEventType type, const char *path)
{
  CuratorConnectionState state =
      (CuratorConnectionState) __atomic_load_n (&use->core->state, __ATOMIC_ACQUIRE);
  QueuedEvent *queued = g_new0 (QueuedEvent, 1);

  queued->item.func = deliver;
  queued->hub = hub_ref (use->hub);
  queued->event = curator_watched_event_new (type, path, state);
  curator_delivery_post (use->delivery, curator_loop_get_context (curator_core_get_loop (use->core)),
                         use->hub->context, &queued->item);
}

/* Under the lock. The reference that is to be dropped after the unlock, where the use is of no more use. */
static CuratorWatch *
steal_if_idle (CuratorWatcherUse *use)
{
  gpointer found = NULL, watch = NULL;
  gboolean is_idle = !use->live && use->in_flight == 0;

  /* Removed while its request was under way, it may have got a successor under the same key. */
  if (is_idle && g_hash_table_lookup_extended (use->hub->uses, use, &found, NULL) && found == use)
    g_hash_table_steal_extended (use->hub->uses, use, NULL, &watch);
  return watch;
}

/* In the loop. */
static void
on_watch_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  CuratorWatcherUse *use = user_data;
  g_autoptr (CuratorWatch) idle = NULL;

  if (!g_atomic_int_get (&use->hub->cancelled))
    post_event (use, type, path);

  g_mutex_lock (&use->hub->lock);
  if (!use->hub->rearm || type == CURATOR_WATCHED_EVENT_TYPE_NONE)
    {
      use->live = curator_watch_is_armed (watch);
      idle = steal_if_idle (use);
    }
  g_mutex_unlock (&use->hub->lock);
}

/* --- watches
 * ------------------------------------------------------------------------------------------------- */

static void
use_free (gpointer data)
{
  CuratorWatcherUse *use = data;

  hub_unref (use->hub);
  curator_delivery_unref (use->delivery);
  curator_core_unref (use->core);
  g_free (use->namespace_);
  g_free (use->path);
  g_free (use);
}

/* As a key to look up: borrows everything. */
static CuratorWatcherUse
make_key (CuratorFramework *client, const char *path, CuratorWatchKind kind)
{
  return (CuratorWatcherUse){
    .core = curator_framework_get_core (client),
    .namespace_ = (char *) curator_framework_get_namespace (client),
    .path = (char *) path,
    .kind = kind,
  };
}

/* Under the lock. */
static CuratorWatch *
add_use (Hub *hub, const CuratorWatcherUse *key, CuratorDelivery *delivery, CuratorWatcherUse **added)
{
  CuratorWatcherUse *use = g_new0 (CuratorWatcherUse, 1);

  use->core = curator_core_ref (key->core);
  use->namespace_ = g_strdup (key->namespace_);
  use->path = g_strdup (key->path);
  use->kind = key->kind;
  use->hub = hub_ref (hub);
  use->delivery = curator_delivery_ref (delivery);
  use->watch = curator_watch_new (hub->rearm, on_watch_event, use, use_free);
  g_hash_table_insert (hub->uses, use, use->watch);
  *added = use;
  return use->watch;
}

CuratorWatch *
curator_watcher_begin_watch (CuratorWatcher *self,
                             CuratorFramework *client,
                             const char *path,
                             CuratorWatchKind kind,
                             CuratorWatcherUse **use)
{
  CuratorWatcherUse key = make_key (client, path != NULL ? path : "", kind);
  CuratorClientConfig *config = curator_framework_get_client_config (client);
  Hub *hub = self->hub;
  gpointer found = NULL;
  gpointer watch = NULL;

  g_mutex_lock (&hub->lock);
  if (!g_atomic_int_get (&hub->cancelled))
    {
      if (!g_hash_table_lookup_extended (hub->uses, &key, &found, &watch))
        watch = add_use (hub, &key, config->delivery, (CuratorWatcherUse **) &found);
      *use = found;
      (*use)->in_flight++;
      curator_watch_ref (watch);
    }
  g_mutex_unlock (&hub->lock);
  return watch;
}

void
curator_watcher_use_end_request (CuratorWatcherUse *use)
{
  g_autoptr (CuratorWatch) idle = NULL;

  g_mutex_lock (&use->hub->lock);
  use->in_flight--;
  use->live = curator_watch_is_armed (use->watch) || (use->hub->rearm && use->live);
  idle = steal_if_idle (use);
  g_mutex_unlock (&use->hub->lock);

  /* Where the caller gave up, the server may still be about to arm it. */
  if (idle != NULL)
    curator_watch_cancel (idle);
}

static void
cancel_watch_in_loop (gpointer user_data)
{
  g_autoptr (CuratorWatch) watch = user_data;

  curator_watch_cancel (watch);
}

static void
hub_cancel (Hub *hub)
{
  g_autoptr (GHashTable) uses = NULL;
  GHashTableIter iter;
  gpointer key, value;

  g_mutex_lock (&hub->lock);
  g_atomic_int_set (&hub->cancelled, TRUE);
  uses = g_steal_pointer (&hub->uses);
  hub->uses = g_hash_table_new (use_hash, use_equal);
  g_mutex_unlock (&hub->lock);

  g_hash_table_iter_init (&iter, uses);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autoptr (CuratorLoop) loop =
          curator_loop_ref (curator_core_get_loop (((CuratorWatcherUse *) key)->core));

      g_hash_table_iter_steal (&iter);
      if (curator_loop_is_alive (loop))
        curator_loop_invoke (loop, cancel_watch_in_loop, value);
      else
        curator_watch_unref (value);
    }
}

/* --- removal
 * ------------------------------------------------------------------------------------------------- */

typedef struct
{
  Hub *hub;
  CuratorFramework *client;
  CuratorRequest *request;
  CuratorRequestFunc func;
  gpointer user_data;
  CuratorWatch *data_watch, *children_watch; /* what is to be removed, if any */
} Removal;

/* At the call: a read that is begun after it sets another watch, which is not to be removed. */
static CuratorWatch *
take_watch (Removal *removal, CuratorWatchKind kind)
{
  const char *path = removal->request->path;
  CuratorWatcherUse key = make_key (removal->client, path != NULL ? path : "", kind);
  gpointer watch = NULL;

  if ((removal->request->watch_kind & kind) == 0)
    return NULL;
  g_mutex_lock (&removal->hub->lock);
  g_hash_table_steal_extended (removal->hub->uses, &key, NULL, &watch);
  g_mutex_unlock (&removal->hub->lock);
  return watch;
}

static int
judge_removal (Removal *removal)
{
  CuratorRequest *request = removal->request;
  gboolean found = removal->data_watch != NULL || removal->children_watch != NULL;

  if (!curator_path_validate (request->path, FALSE, NULL))
    return CURATOR_RC_INVALID_PATH;
  if (curator_core_is_closing (curator_framework_get_core (removal->client)))
    return CURATOR_RC_CLOSED;
  return found || (request->flags & CURATOR_REQUEST_FLAG_QUIETLY) != 0 ? ZOK : ZNOWATCHER;
}

static void
end_removal (Removal *removal, int rc)
{
  removal->request->rc = rc;
  removal->func (removal->request, removal->user_data);
  g_clear_pointer (&removal->data_watch, curator_watch_unref);
  g_clear_pointer (&removal->children_watch, curator_watch_unref);
  hub_unref (removal->hub);
  curator_request_unref (removal->request);
  g_object_unref (removal->client);
  g_free (removal);
}

static void
remove_in_loop (gpointer user_data)
{
  Removal *removal = user_data;

  if (removal->data_watch != NULL)
    curator_watch_cancel (removal->data_watch);
  if (removal->children_watch != NULL)
    curator_watch_cancel (removal->children_watch);
  end_removal (removal, judge_removal (removal));
}

void
curator_watcher_submit_removal (CuratorWatcher *self,
                                CuratorFramework *client,
                                CuratorRequest *request,
                                CuratorRequestFunc func,
                                gpointer user_data)
{
  CuratorLoop *loop = curator_framework_get_loop (client);
  Removal *removal = g_new0 (Removal, 1);

  *removal = (Removal){ .hub = hub_ref (self->hub),
                        .client = g_object_ref (client),
                        .request = curator_request_ref (request),
                        .func = func,
                        .user_data = user_data };
  if (!curator_loop_is_alive (loop))
    {
      end_removal (removal, CURATOR_RC_FORKED);
      return;
    }
  removal->data_watch = take_watch (removal, CURATOR_WATCH_KIND_DATA);
  removal->children_watch = take_watch (removal, CURATOR_WATCH_KIND_CHILDREN);
  curator_loop_defer (loop, remove_in_loop, removal);
}

/* --- the object
 * ---------------------------------------------------------------------------------------------- */

static void
curator_watcher_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  switch (prop_id)
    {
    case PROP_REARM:
      g_value_set_boolean (value, self->hub->rearm);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
curator_watcher_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  switch (prop_id)
    {
    case PROP_REARM:
      self->hub->rearm = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
curator_watcher_dispose (GObject *object)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  hub_cancel (self->hub);
  G_OBJECT_CLASS (curator_watcher_parent_class)->dispose (object);
}

static void
curator_watcher_finalize (GObject *object)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  if (self->func_destroy != NULL)
    self->func_destroy (self->func_data);
  hub_unref (self->hub);
  G_OBJECT_CLASS (curator_watcher_parent_class)->finalize (object);
}

static void
curator_watcher_class_init (CuratorWatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_watcher_get_property;
  object_class->set_property = curator_watcher_set_property;
  object_class->dispose = curator_watcher_dispose;
  object_class->finalize = curator_watcher_finalize;

  /**
   * CuratorWatcher:rearm: (getter get_rearm)
   *
   * Whether the watcher goes on after an event.
   *
   * Since: 1.0
   */
  props[PROP_REARM] = g_param_spec_boolean ("rearm", NULL, NULL, FALSE,
                                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * CuratorWatcher::event:
   * @self: the watcher
   * @event: what happened
   *
   * Emitted for each event, in the order in which they happened and without leaving one out.
   *
   * Since: 1.0
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, CURATOR_TYPE_WATCHED_EVENT);
}

static void
curator_watcher_init (CuratorWatcher *self)
{
  self->hub = hub_new (self);
}

/**
 * curator_watcher_new:
 *
 * Makes a watcher that sees one event for each path it is used with. Connect to
 * [signal@Curator.Watcher::event].
 *
 * Returns: (transfer full): the watcher
 *
 * Since: 1.0
 */
CuratorWatcher *
curator_watcher_new (void)
{
  return g_object_new (CURATOR_TYPE_WATCHER, NULL);
}

/**
 * curator_watcher_new_rearming:
 *
 * Makes a watcher that goes on after each event, until it is cancelled or dropped. Connect to
 * [signal@Curator.Watcher::event].
 *
 * Returns: (transfer full): the watcher
 *
 * Since: 1.0
 */
CuratorWatcher *
curator_watcher_new_rearming (void)
{
  return g_object_new (CURATOR_TYPE_WATCHER, "rearm", TRUE, NULL);
}

/**
 * curator_watcher_new_with_func:
 * @rearm: %TRUE to go on after each event
 * @func: (scope notified) (closure user_data) (destroy destroy): called for each event, before the handlers
 * of the signal
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data together with the watcher
 *
 * Makes a watcher that calls a function; a convenience for C.
 *
 * Returns: (transfer full): the watcher
 *
 * Since: 1.0
 */
CuratorWatcher *
curator_watcher_new_with_func (gboolean rearm,
                               CuratorWatcherFunc func,
                               gpointer user_data,
                               GDestroyNotify destroy)
{
  CuratorWatcher *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (CURATOR_TYPE_WATCHER, "rearm", rearm, NULL);
  self->func = func;
  self->func_data = user_data;
  self->func_destroy = destroy;
  return self;
}

/**
 * curator_watcher_get_rearm: (get-property rearm)
 * @self: the watcher
 *
 * Whether the watcher goes on after an event.
 *
 * Returns: %TRUE if it does
 *
 * Since: 1.0
 */
gboolean
curator_watcher_get_rearm (CuratorWatcher *self)
{
  g_return_val_if_fail (CURATOR_IS_WATCHER (self), FALSE);

  return self->hub->rearm;
}

/**
 * curator_watcher_is_cancelled:
 * @self: the watcher
 *
 * Whether [method@Curator.Watcher.cancel] was called.
 *
 * Returns: %TRUE if it was
 *
 * Since: 1.0
 */
gboolean
curator_watcher_is_cancelled (CuratorWatcher *self)
{
  g_return_val_if_fail (CURATOR_IS_WATCHER (self), TRUE);

  return g_atomic_int_get (&self->hub->cancelled);
}

/**
 * curator_watcher_cancel:
 * @self: the watcher
 *
 * Ends all watches of the watcher, for good: operations that are then given it fail with
 * `G_IO_ERROR_INVALID_ARGUMENT`. Called in the context of the watcher, nothing is signalled any more after it
 * returned. Cancelling again does nothing.
 *
 * Since: 1.0
 */
void
curator_watcher_cancel (CuratorWatcher *self)
{
  g_return_if_fail (CURATOR_IS_WATCHER (self));

  hub_cancel (self->hub);
}
