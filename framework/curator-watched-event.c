/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-watched-event.h"

struct _CuratorWatchedEvent
{
  gatomicrefcount ref_count;
  CuratorWatchedEventType type;
  CuratorConnectionState connection_state;
  char *path;
};

G_DEFINE_BOXED_TYPE (CuratorWatchedEvent,
                     curator_watched_event,
                     curator_watched_event_ref,
                     curator_watched_event_unref)

/**
 * curator_watched_event_new:
 * @type: what happened
 * @path: the path of the watch
 * @connection_state: the state of the connection when the event was seen
 *
 * Creates an event. Clients do this themselves; it is public so that handlers of events can be tested.
 *
 * Returns: (transfer full): the event
 *
 * Since: 1.0
 */
CuratorWatchedEvent *
curator_watched_event_new (CuratorWatchedEventType type,
                           const char *path,
                           CuratorConnectionState connection_state)
{
  CuratorWatchedEvent *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (CuratorWatchedEvent, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->connection_state = connection_state;
  self->path = g_strdup (path);
  return self;
}

/**
 * curator_watched_event_ref:
 * @self: an event
 *
 * Adds a reference.
 *
 * Returns: (transfer full): the event
 *
 * Since: 1.0
 */
CuratorWatchedEvent *
curator_watched_event_ref (CuratorWatchedEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_watched_event_unref:
 * @self: (transfer full): an event
 *
 * Drops a reference; the last one frees the event.
 *
 * Since: 1.0
 */
void
curator_watched_event_unref (CuratorWatchedEvent *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self);
}

/**
 * curator_watched_event_get_event_type:
 * @self: an event
 *
 * Gets what happened.
 *
 * Returns: the kind of event
 *
 * Since: 1.0
 */
CuratorWatchedEventType
curator_watched_event_get_event_type (CuratorWatchedEvent *self)
{
  g_return_val_if_fail (self != NULL, CURATOR_WATCHED_EVENT_TYPE_NONE);

  return self->type;
}

/**
 * curator_watched_event_get_path:
 * @self: an event
 *
 * Gets the path of the watch, relative to the namespace of the client that it was set with.
 *
 * Returns: (transfer none): the path
 *
 * Since: 1.0
 */
const char *
curator_watched_event_get_path (CuratorWatchedEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

/**
 * curator_watched_event_get_connection_state:
 * @self: an event
 *
 * Gets the state that the connection was in when the event was seen.
 *
 * Returns: the state
 *
 * Since: 1.0
 */
CuratorConnectionState
curator_watched_event_get_connection_state (CuratorWatchedEvent *self)
{
  g_return_val_if_fail (self != NULL, CURATOR_CONNECTION_STATE_LATENT);

  return self->connection_state;
}
