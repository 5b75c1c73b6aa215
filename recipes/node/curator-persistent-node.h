/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-enums.h"
#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_PERSISTENT_NODE (curator_persistent_node_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorPersistentNode, curator_persistent_node, CURATOR, PERSISTENT_NODE, GObject)

CURATOR_API CuratorPersistentNode *curator_persistent_node_new (CuratorFramework *client,
                                                                const char *path,
                                                                CuratorCreateMode mode,
                                                                GBytes *data);
CURATOR_API CuratorPersistentNode *curator_persistent_node_new_protected (CuratorFramework *client,
                                                                          const char *path,
                                                                          CuratorCreateMode mode,
                                                                          GBytes *data);
CURATOR_API CuratorPersistentNode *curator_persistent_node_new_with_ttl (CuratorFramework *client,
                                                                         const char *path,
                                                                         gint64 ttl_ms,
                                                                         GBytes *data);

CURATOR_API CuratorFramework *curator_persistent_node_get_client (CuratorPersistentNode *self);
CURATOR_API const char *curator_persistent_node_get_path (CuratorPersistentNode *self);
CURATOR_API CuratorCreateMode curator_persistent_node_get_mode (CuratorPersistentNode *self);
CURATOR_API gboolean curator_persistent_node_get_protection (CuratorPersistentNode *self);
CURATOR_API gint64 curator_persistent_node_get_ttl_ms (CuratorPersistentNode *self);
CURATOR_API char *curator_persistent_node_dup_actual_path (CuratorPersistentNode *self);
CURATOR_API GBytes *curator_persistent_node_dup_data (CuratorPersistentNode *self);

CURATOR_API gboolean curator_persistent_node_start (CuratorPersistentNode *self, GError **error);

CURATOR_API void curator_persistent_node_await_created_async (CuratorPersistentNode *self,
                                                              gint64 timeout_ms,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API gboolean curator_persistent_node_await_created_finish (CuratorPersistentNode *self,
                                                                   GAsyncResult *result,
                                                                   GError **error);
CURATOR_API gboolean curator_persistent_node_await_created_sync (CuratorPersistentNode *self,
                                                                 gint64 timeout_ms,
                                                                 GCancellable *cancellable,
                                                                 GError **error);

CURATOR_API void curator_persistent_node_set_data_async (CuratorPersistentNode *self,
                                                         GBytes *data,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API gboolean curator_persistent_node_set_data_finish (CuratorPersistentNode *self,
                                                              GAsyncResult *result,
                                                              GError **error);
CURATOR_API gboolean curator_persistent_node_set_data_sync (CuratorPersistentNode *self,
                                                            GBytes *data,
                                                            GCancellable *cancellable,
                                                            GError **error);

CURATOR_API void curator_persistent_node_close_async (CuratorPersistentNode *self,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
CURATOR_API gboolean curator_persistent_node_close_finish (CuratorPersistentNode *self,
                                                           GAsyncResult *result,
                                                           GError **error);
CURATOR_API gboolean curator_persistent_node_close_sync (CuratorPersistentNode *self,
                                                         GCancellable *cancellable,
                                                         GError **error);

G_END_DECLS
