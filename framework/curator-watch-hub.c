/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-watch-hub-private.h"

#include <zookeeper.h>

#include "curator-core-struct-private.h"
#include "curator-path-private.h"

struct _CuratorWatchHub
{
  gatomicrefcount ref_count;
  GMainContext *context;
  GWeakRef watcher;
  CuratorWatchHubFunc func;
  gboolean rearm;
  int cancelled; /* atomic */
  GMutex lock;
  GHashTable *uses; /* CuratorWatchUse → CuratorWatch, an owned reference; under the lock */
};

struct _CuratorWatchUse
{
  /* Which watch this is. */
  CuratorCore *core;
  char *namespace_;
  char *path;
  CuratorWatchKind kind;

  CuratorWatchHub *hub;
  CuratorWatch *watch; /* which owns this */
  CuratorDelivery *delivery;
  /* Under the hub's lock. The use is in the hub's table while it is live or has requests in flight. */
  gboolean live;
  guint in_flight;
};

/* --- the hub
 * ------------------------------------------------------------------------------------------------- */

static guint
use_hash (gconstpointer key)
{
  const CuratorWatchUse *use = key;

  return g_str_hash (use->path) ^ g_direct_hash (use->core) ^ (guint) use->kind;
}

static gboolean
use_equal (gconstpointer a, gconstpointer b)
{
  const CuratorWatchUse *one = a;
  const CuratorWatchUse *other = b;

  return one->core == other->core && one->kind == other->kind && g_str_equal (one->path, other->path) &&
         g_strcmp0 (one->namespace_, other->namespace_) == 0;
}

CuratorWatchHub *
curator_watch_hub_new (gpointer watcher, CuratorWatchHubFunc func)
{
  CuratorWatchHub *hub = g_new0 (CuratorWatchHub, 1);

  g_atomic_ref_count_init (&hub->ref_count);
  hub->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&hub->watcher, watcher);
  hub->func = func;
  g_mutex_init (&hub->lock);
  hub->uses = g_hash_table_new (use_hash, use_equal);
  return hub;
}

static CuratorWatchHub *
hub_ref (CuratorWatchHub *hub)
{
  g_atomic_ref_count_inc (&hub->ref_count);
  return hub;
}

void
curator_watch_hub_unref (CuratorWatchHub *hub)
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
  CuratorWatchHub *hub;
  CuratorWatchedEvent *event;
} QueuedEvent;

/* In the watcher's context. */
static void
deliver (CuratorDeliveryItem *item)
{
  QueuedEvent *queued = (QueuedEvent *) item;
  g_autoptr (GObject) watcher = g_weak_ref_get (&queued->hub->watcher);

  if (watcher != NULL && !g_atomic_int_get (&queued->hub->cancelled))
    queued->hub->func (watcher, queued->event);
  curator_watched_event_unref (queued->event);
  curator_watch_hub_unref (queued->hub);
  g_free (queued);
}

static void
post_event (CuratorWatchUse *use, CuratorWatchedEventType type, const char *path)
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
steal_if_idle (CuratorWatchUse *use)
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
  CuratorWatchUse *use = user_data;
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
  CuratorWatchUse *use = data;

  curator_watch_hub_unref (use->hub);
  curator_delivery_unref (use->delivery);
  curator_core_unref (use->core);
  g_free (use->namespace_);
  g_free (use->path);
  g_free (use);
}

/* As a key to look up: borrows everything. */
static CuratorWatchUse
make_key (CuratorFramework *client, const char *path, CuratorWatchKind kind)
{
  return (CuratorWatchUse){
    .core = curator_framework_get_core (client),
    .namespace_ = (char *) curator_framework_get_namespace (client),
    .path = (char *) path,
    .kind = kind,
  };
}

/* Under the lock. */
static CuratorWatch *
add_use (CuratorWatchHub *hub, const CuratorWatchUse *key, CuratorDelivery *delivery, CuratorWatchUse **added)
{
  CuratorWatchUse *use = g_new0 (CuratorWatchUse, 1);

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
curator_watch_hub_begin_watch (CuratorWatchHub *hub,
                               CuratorFramework *client,
                               const char *path,
                               CuratorWatchKind kind,
                               CuratorWatchUse **use)
{
  CuratorWatchUse key = make_key (client, path != NULL ? path : "", kind);
  CuratorClientConfig *config = curator_framework_get_client_config (client);
  gpointer found = NULL;
  gpointer watch = NULL;

  g_mutex_lock (&hub->lock);
  if (!g_atomic_int_get (&hub->cancelled))
    {
      if (!g_hash_table_lookup_extended (hub->uses, &key, &found, &watch))
        watch = add_use (hub, &key, config->delivery, (CuratorWatchUse **) &found);
      *use = found;
      (*use)->in_flight++;
      curator_watch_ref (watch);
    }
  g_mutex_unlock (&hub->lock);
  return watch;
}

void
curator_watch_use_end_request (CuratorWatchUse *use)
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

void
curator_watch_hub_cancel (CuratorWatchHub *hub)
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
          curator_loop_ref (curator_core_get_loop (((CuratorWatchUse *) key)->core));

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
  CuratorWatchHub *hub;
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
  CuratorWatchUse key = make_key (removal->client, path != NULL ? path : "", kind);
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
  curator_watch_hub_unref (removal->hub);
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
curator_watch_hub_submit_removal (CuratorWatchHub *hub,
                                  CuratorFramework *client,
                                  CuratorRequest *request,
                                  CuratorRequestFunc func,
                                  gpointer user_data)
{
  CuratorLoop *loop = curator_framework_get_loop (client);
  Removal *removal = g_new0 (Removal, 1);

  *removal = (Removal){ .hub = hub_ref (hub),
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

/* --- values ----------------------------------------------------------------------------------------------
 */

void
curator_watch_hub_set_rearm (CuratorWatchHub *hub, gboolean rearm)
{
  hub->rearm = rearm;
}

gboolean
curator_watch_hub_get_rearm (CuratorWatchHub *hub)
{
  return hub->rearm;
}

gboolean
curator_watch_hub_is_cancelled (CuratorWatchHub *hub)
{
  return g_atomic_int_get (&hub->cancelled);
}
