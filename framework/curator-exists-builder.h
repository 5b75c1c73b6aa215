/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-stat.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_EXISTS_BUILDER (curator_exists_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorExistsBuilder, curator_exists_builder, CURATOR, EXISTS_BUILDER, GObject)

CURATOR_API CuratorExistsBuilder *curator_exists_builder_using_watcher (CuratorExistsBuilder *self,
                                                                        CuratorWatcher *watcher);

CURATOR_API void curator_exists_builder_for_path_async (CuratorExistsBuilder *self,
                                                        const char *path,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API CuratorStat *
curator_exists_builder_for_path_finish (CuratorExistsBuilder *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorStat *curator_exists_builder_for_path_sync (CuratorExistsBuilder *self,
                                                               const char *path,
                                                               GCancellable *cancellable,
                                                               GError **error);

G_END_DECLS
