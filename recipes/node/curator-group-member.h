/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_GROUP_MEMBER (curator_group_member_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorGroupMember, curator_group_member, CURATOR, GROUP_MEMBER, GObject)

CURATOR_API CuratorGroupMember *
curator_group_member_new (CuratorFramework *client, const char *path, const char *id, GBytes *data);

CURATOR_API CuratorFramework *curator_group_member_get_client (CuratorGroupMember *self);
CURATOR_API const char *curator_group_member_get_path (CuratorGroupMember *self);
CURATOR_API const char *curator_group_member_get_id (CuratorGroupMember *self);
CURATOR_API GBytes *curator_group_member_dup_data (CuratorGroupMember *self);
CURATOR_API GHashTable *curator_group_member_dup_members (CuratorGroupMember *self);

CURATOR_API gboolean curator_group_member_start (CuratorGroupMember *self, GError **error);

CURATOR_API void curator_group_member_await_joined_async (CuratorGroupMember *self,
                                                          gint64 timeout_ms,
                                                          GCancellable *cancellable,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
CURATOR_API gboolean curator_group_member_await_joined_finish (CuratorGroupMember *self,
                                                               GAsyncResult *result,
                                                               GError **error);
CURATOR_API gboolean curator_group_member_await_joined_sync (CuratorGroupMember *self,
                                                             gint64 timeout_ms,
                                                             GCancellable *cancellable,
                                                             GError **error);

CURATOR_API void curator_group_member_set_data_async (CuratorGroupMember *self,
                                                      GBytes *data,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
CURATOR_API gboolean curator_group_member_set_data_finish (CuratorGroupMember *self,
                                                           GAsyncResult *result,
                                                           GError **error);
CURATOR_API gboolean curator_group_member_set_data_sync (CuratorGroupMember *self,
                                                         GBytes *data,
                                                         GCancellable *cancellable,
                                                         GError **error);

CURATOR_API void curator_group_member_close_async (CuratorGroupMember *self,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
CURATOR_API gboolean curator_group_member_close_finish (CuratorGroupMember *self,
                                                        GAsyncResult *result,
                                                        GError **error);
CURATOR_API gboolean curator_group_member_close_sync (CuratorGroupMember *self,
                                                      GCancellable *cancellable,
                                                      GError **error);

G_END_DECLS
