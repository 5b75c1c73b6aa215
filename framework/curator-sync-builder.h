/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SYNC_BUILDER (curator_sync_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSyncBuilder, curator_sync_builder, CURATOR, SYNC_BUILDER, GObject)

CURATOR_API void curator_sync_builder_for_path_async (CuratorSyncBuilder *self,
                                                      const char *path,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
CURATOR_API gboolean curator_sync_builder_for_path_finish (CuratorSyncBuilder *self,
                                                           GAsyncResult *result,
                                                           GError **error);
CURATOR_API gboolean curator_sync_builder_for_path_sync (CuratorSyncBuilder *self,
                                                         const char *path,
                                                         GCancellable *cancellable,
                                                         GError **error);

G_END_DECLS
