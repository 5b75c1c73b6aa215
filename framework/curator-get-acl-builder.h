/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-acl.h"
#include "curator-framework.h"
#include "curator-stat.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_GET_ACL_BUILDER (curator_get_acl_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorGetAclBuilder, curator_get_acl_builder, CURATOR, GET_ACL_BUILDER, GObject)

CURATOR_API void curator_get_acl_builder_for_path_async (CuratorGetAclBuilder *self,
                                                         const char *path,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API GPtrArray *
curator_get_acl_builder_for_path_finish (CuratorGetAclBuilder *self, GAsyncResult *result, GError **error);
CURATOR_API GPtrArray *curator_get_acl_builder_for_path_sync (CuratorGetAclBuilder *self,
                                                              const char *path,
                                                              GCancellable *cancellable,
                                                              GError **error);
CURATOR_API GPtrArray *curator_get_acl_builder_for_path_with_stat_finish (CuratorGetAclBuilder *self,
                                                                          GAsyncResult *result,
                                                                          CuratorStat **stat,
                                                                          GError **error);
CURATOR_API GPtrArray *curator_get_acl_builder_for_path_with_stat_sync (CuratorGetAclBuilder *self,
                                                                        const char *path,
                                                                        CuratorStat **stat,
                                                                        GCancellable *cancellable,
                                                                        GError **error);

G_END_DECLS
