/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_REMOVE_WATCHES_BUILDER (curator_remove_watches_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (
    CuratorRemoveWatchesBuilder, curator_remove_watches_builder, CURATOR, REMOVE_WATCHES_BUILDER, GObject)

CURATOR_API CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_all (CuratorRemoveWatchesBuilder *self);
CURATOR_API CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_for_watcher (CuratorRemoveWatchesBuilder *self, CuratorWatcher *watcher);
CURATOR_API CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_of_type (CuratorRemoveWatchesBuilder *self, CuratorWatcherType type);
CURATOR_API CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_quietly (CuratorRemoveWatchesBuilder *self);

CURATOR_API void curator_remove_watches_builder_for_path_async (CuratorRemoveWatchesBuilder *self,
                                                                const char *path,
                                                                GCancellable *cancellable,
                                                                GAsyncReadyCallback callback,
                                                                gpointer user_data);
CURATOR_API gboolean curator_remove_watches_builder_for_path_finish (CuratorRemoveWatchesBuilder *self,
                                                                     GAsyncResult *result,
                                                                     GError **error);
CURATOR_API gboolean curator_remove_watches_builder_for_path_sync (CuratorRemoveWatchesBuilder *self,
                                                                   const char *path,
                                                                   GCancellable *cancellable,
                                                                   GError **error);

G_END_DECLS
