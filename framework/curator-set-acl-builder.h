/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-acl.h"
#include "curator-framework.h"
#include "curator-stat.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SET_ACL_BUILDER (curator_set_acl_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSetAclBuilder, curator_set_acl_builder, CURATOR, SET_ACL_BUILDER, GObject)

CURATOR_API CuratorSetAclBuilder *curator_set_acl_builder_with_acl (CuratorSetAclBuilder *self,
                                                                    GPtrArray *acl);
CURATOR_API CuratorSetAclBuilder *curator_set_acl_builder_with_version (CuratorSetAclBuilder *self,
                                                                        gint32 version);

CURATOR_API void curator_set_acl_builder_for_path_async (CuratorSetAclBuilder *self,
                                                         const char *path,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API CuratorStat *
curator_set_acl_builder_for_path_finish (CuratorSetAclBuilder *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorStat *curator_set_acl_builder_for_path_sync (CuratorSetAclBuilder *self,
                                                                const char *path,
                                                                GCancellable *cancellable,
                                                                GError **error);

G_END_DECLS
