/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-enums.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_WATCHED_EVENT (curator_watched_event_get_type ())

/**
 * CuratorWatchedEvent:
 *
 * What a watch saw: the kind of change, the path, and the state of the connection when it was seen. Immutable
 * and reference counted.
 *
 * Threads: may be used from any thread.
 *
 * Since: 1.0
 */
typedef struct _CuratorWatchedEvent CuratorWatchedEvent;

CURATOR_API GType curator_watched_event_get_type (void);
CURATOR_API CuratorWatchedEvent *curator_watched_event_new (CuratorWatchedEventType type,
                                                            const char *path,
                                                            CuratorConnectionState connection_state);
CURATOR_API CuratorWatchedEvent *curator_watched_event_ref (CuratorWatchedEvent *self);
CURATOR_API void curator_watched_event_unref (CuratorWatchedEvent *self);
CURATOR_API CuratorWatchedEventType curator_watched_event_get_event_type (CuratorWatchedEvent *self);
CURATOR_API const char *curator_watched_event_get_path (CuratorWatchedEvent *self);
CURATOR_API CuratorConnectionState curator_watched_event_get_connection_state (CuratorWatchedEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorWatchedEvent, curator_watched_event_unref)

G_END_DECLS
