/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-watched-event.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_WATCHER (curator_watcher_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorWatcher, curator_watcher, CURATOR, WATCHER, GObject)

/**
 * CuratorWatcherFunc:
 * @watcher: the watcher
 * @event: what happened
 * @user_data: what was given to [ctor@Curator.Watcher.new_with_func]
 *
 * Called for each event that a watcher sees, in the main context that the watcher was made in.
 *
 * Since: 1.0
 */
typedef void (*CuratorWatcherFunc) (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data);

CURATOR_API CuratorWatcher *curator_watcher_new (void);
CURATOR_API CuratorWatcher *curator_watcher_new_rearming (void);
CURATOR_API CuratorWatcher *curator_watcher_new_with_func (gboolean rearm,
                                                           CuratorWatcherFunc func,
                                                           gpointer user_data,
                                                           GDestroyNotify destroy);
CURATOR_API gboolean curator_watcher_get_rearm (CuratorWatcher *self);
CURATOR_API gboolean curator_watcher_is_cancelled (CuratorWatcher *self);
CURATOR_API void curator_watcher_cancel (CuratorWatcher *self);

G_END_DECLS
