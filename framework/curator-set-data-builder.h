/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-stat.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SET_DATA_BUILDER (curator_set_data_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSetDataBuilder, curator_set_data_builder, CURATOR, SET_DATA_BUILDER, GObject)

CURATOR_API CuratorSetDataBuilder *curator_set_data_builder_with_version (CuratorSetDataBuilder *self,
                                                                          gint32 version);
CURATOR_API CuratorSetDataBuilder *curator_set_data_builder_idempotent (CuratorSetDataBuilder *self);
CURATOR_API CuratorSetDataBuilder *curator_set_data_builder_compressed (CuratorSetDataBuilder *self);
CURATOR_API CuratorSetDataBuilder *curator_set_data_builder_uncompressed (CuratorSetDataBuilder *self);

CURATOR_API void curator_set_data_builder_for_path_async (CuratorSetDataBuilder *self,
                                                          const char *path,
                                                          GBytes *data,
                                                          GCancellable *cancellable,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
CURATOR_API CuratorStat *
curator_set_data_builder_for_path_finish (CuratorSetDataBuilder *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorStat *curator_set_data_builder_for_path_sync (
    CuratorSetDataBuilder *self, const char *path, GBytes *data, GCancellable *cancellable, GError **error);

G_END_DECLS
