/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-stat.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_CREATE_BUILDER (curator_create_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorCreateBuilder, curator_create_builder, CURATOR, CREATE_BUILDER, GObject)

CURATOR_API CuratorCreateBuilder *curator_create_builder_with_parents (CuratorCreateBuilder *self);
CURATOR_API CuratorCreateBuilder *curator_create_builder_with_container_parents (CuratorCreateBuilder *self);
CURATOR_API CuratorCreateBuilder *curator_create_builder_with_mode (CuratorCreateBuilder *self,
                                                                    CuratorCreateMode mode);
CURATOR_API CuratorCreateBuilder *curator_create_builder_with_ttl (CuratorCreateBuilder *self, gint64 ttl_ms);
CURATOR_API CuratorCreateBuilder *curator_create_builder_with_acl (CuratorCreateBuilder *self,
                                                                   GPtrArray *acl);
CURATOR_API CuratorCreateBuilder *curator_create_builder_with_protection (CuratorCreateBuilder *self);
CURATOR_API CuratorCreateBuilder *curator_create_builder_or_set_data (CuratorCreateBuilder *self,
                                                                      gint32 version);
CURATOR_API CuratorCreateBuilder *curator_create_builder_idempotent (CuratorCreateBuilder *self);
CURATOR_API CuratorCreateBuilder *curator_create_builder_compressed (CuratorCreateBuilder *self);
CURATOR_API CuratorCreateBuilder *curator_create_builder_uncompressed (CuratorCreateBuilder *self);

CURATOR_API void curator_create_builder_for_path_async (CuratorCreateBuilder *self,
                                                        const char *path,
                                                        GBytes *data,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API char *
curator_create_builder_for_path_finish (CuratorCreateBuilder *self, GAsyncResult *result, GError **error);
CURATOR_API char *curator_create_builder_for_path_sync (
    CuratorCreateBuilder *self, const char *path, GBytes *data, GCancellable *cancellable, GError **error);
CURATOR_API char *curator_create_builder_for_path_with_stat_finish (CuratorCreateBuilder *self,
                                                                    GAsyncResult *result,
                                                                    CuratorStat **stat,
                                                                    GError **error);
CURATOR_API char *curator_create_builder_for_path_with_stat_sync (CuratorCreateBuilder *self,
                                                                  const char *path,
                                                                  GBytes *data,
                                                                  CuratorStat **stat,
                                                                  GCancellable *cancellable,
                                                                  GError **error);

G_END_DECLS
