/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-stat.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_GET_DATA_BUILDER (curator_get_data_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorGetDataBuilder, curator_get_data_builder, CURATOR, GET_DATA_BUILDER, GObject)

CURATOR_API CuratorGetDataBuilder *curator_get_data_builder_using_watcher (CuratorGetDataBuilder *self,
                                                                           CuratorWatcher *watcher);
CURATOR_API CuratorGetDataBuilder *curator_get_data_builder_decompressed (CuratorGetDataBuilder *self);
CURATOR_API CuratorGetDataBuilder *curator_get_data_builder_undecompressed (CuratorGetDataBuilder *self);

CURATOR_API void curator_get_data_builder_for_path_async (CuratorGetDataBuilder *self,
                                                          const char *path,
                                                          GCancellable *cancellable,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
CURATOR_API GBytes *
curator_get_data_builder_for_path_finish (CuratorGetDataBuilder *self, GAsyncResult *result, GError **error);
CURATOR_API GBytes *curator_get_data_builder_for_path_sync (CuratorGetDataBuilder *self,
                                                            const char *path,
                                                            GCancellable *cancellable,
                                                            GError **error);
CURATOR_API GBytes *curator_get_data_builder_for_path_with_stat_finish (CuratorGetDataBuilder *self,
                                                                        GAsyncResult *result,
                                                                        CuratorStat **stat,
                                                                        GError **error);
CURATOR_API GBytes *curator_get_data_builder_for_path_with_stat_sync (CuratorGetDataBuilder *self,
                                                                      const char *path,
                                                                      CuratorStat **stat,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

G_END_DECLS
