/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-watcher.h"

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
 * is signalled, and in each new session, where one event tells of all that it missed. Changes in quick
 * succession can make one event too. Where the server is too busy to arm it, it is tried again as the
 * client's retry policy says, and one event more tells of what it may have missed meanwhile. What the policy
 * gives up on is reported by [signal@Curator.Framework::error] and tried again with the next connection.
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

struct _CuratorWatcher
{
  GObject parent_instance;

  CuratorWatchHub *hub;
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

static void
emit (gpointer watcher, CuratorWatchedEvent *event)
{
  CuratorWatcher *self = watcher;

  if (self->func != NULL)
    self->func (self, event, self->func_data);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
curator_watcher_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  switch (prop_id)
    {
    case PROP_REARM:
      g_value_set_boolean (value, curator_watch_hub_get_rearm (self->hub));
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
      curator_watch_hub_set_rearm (self->hub, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
curator_watcher_dispose (GObject *object)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  curator_watch_hub_cancel (self->hub);
  G_OBJECT_CLASS (curator_watcher_parent_class)->dispose (object);
}

static void
curator_watcher_finalize (GObject *object)
{
  CuratorWatcher *self = CURATOR_WATCHER (object);

  if (self->func_destroy != NULL)
    self->func_destroy (self->func_data);
  curator_watch_hub_unref (self->hub);
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
  self->hub = curator_watch_hub_new (self, emit);
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

  return curator_watch_hub_get_rearm (self->hub);
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

  return curator_watch_hub_is_cancelled (self->hub);
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

  curator_watch_hub_cancel (self->hub);
}

CuratorWatchHub *
curator_watcher_get_hub (CuratorWatcher *self)
{
  return self->hub;
}
