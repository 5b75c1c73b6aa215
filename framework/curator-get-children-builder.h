/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-stat.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_GET_CHILDREN_BUILDER (curator_get_children_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (
    CuratorGetChildrenBuilder, curator_get_children_builder, CURATOR, GET_CHILDREN_BUILDER, GObject)

CURATOR_API CuratorGetChildrenBuilder *
curator_get_children_builder_using_watcher (CuratorGetChildrenBuilder *self, CuratorWatcher *watcher);

CURATOR_API void curator_get_children_builder_for_path_async (CuratorGetChildrenBuilder *self,
                                                              const char *path,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API GStrv curator_get_children_builder_for_path_finish (CuratorGetChildrenBuilder *self,
                                                                GAsyncResult *result,
                                                                GError **error);
CURATOR_API GStrv curator_get_children_builder_for_path_sync (CuratorGetChildrenBuilder *self,
                                                              const char *path,
                                                              GCancellable *cancellable,
                                                              GError **error);
CURATOR_API GStrv curator_get_children_builder_for_path_with_stat_finish (CuratorGetChildrenBuilder *self,
                                                                          GAsyncResult *result,
                                                                          CuratorStat **stat,
                                                                          GError **error);
CURATOR_API GStrv curator_get_children_builder_for_path_with_stat_sync (CuratorGetChildrenBuilder *self,
                                                                        const char *path,
                                                                        CuratorStat **stat,
                                                                        GCancellable *cancellable,
                                                                        GError **error);

G_END_DECLS
