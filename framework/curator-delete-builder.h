/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_DELETE_BUILDER (curator_delete_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorDeleteBuilder, curator_delete_builder, CURATOR, DELETE_BUILDER, GObject)

CURATOR_API CuratorDeleteBuilder *curator_delete_builder_with_version (CuratorDeleteBuilder *self,
                                                                       gint32 version);
CURATOR_API CuratorDeleteBuilder *curator_delete_builder_guaranteed (CuratorDeleteBuilder *self);
CURATOR_API CuratorDeleteBuilder *
curator_delete_builder_deleting_children_if_needed (CuratorDeleteBuilder *self);
CURATOR_API CuratorDeleteBuilder *curator_delete_builder_quietly (CuratorDeleteBuilder *self);
CURATOR_API CuratorDeleteBuilder *curator_delete_builder_idempotent (CuratorDeleteBuilder *self);

CURATOR_API void curator_delete_builder_for_path_async (CuratorDeleteBuilder *self,
                                                        const char *path,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API gboolean curator_delete_builder_for_path_finish (CuratorDeleteBuilder *self,
                                                             GAsyncResult *result,
                                                             GError **error);
CURATOR_API gboolean curator_delete_builder_for_path_sync (CuratorDeleteBuilder *self,
                                                           const char *path,
                                                           GCancellable *cancellable,
                                                           GError **error);

G_END_DECLS
