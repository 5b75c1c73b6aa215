/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-versioned-value.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SHARED_VALUE (curator_shared_value_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSharedValue, curator_shared_value, CURATOR, SHARED_VALUE, GObject)

CURATOR_API CuratorSharedValue *
curator_shared_value_new (CuratorFramework *client, const char *path, GBytes *seed);
CURATOR_API CuratorFramework *curator_shared_value_get_client (CuratorSharedValue *self);
CURATOR_API const char *curator_shared_value_get_path (CuratorSharedValue *self);
CURATOR_API GBytes *curator_shared_value_dup_value (CuratorSharedValue *self);
CURATOR_API CuratorVersionedValue *curator_shared_value_dup_versioned_value (CuratorSharedValue *self);
CURATOR_API gboolean curator_shared_value_get_current (CuratorSharedValue *self);

CURATOR_API gboolean curator_shared_value_start (CuratorSharedValue *self, GError **error);
CURATOR_API void curator_shared_value_close (CuratorSharedValue *self);

CURATOR_API void curator_shared_value_await_value_async (CuratorSharedValue *self,
                                                         gint64 timeout_ms,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API gboolean curator_shared_value_await_value_finish (CuratorSharedValue *self,
                                                              GAsyncResult *result,
                                                              GError **error);
CURATOR_API gboolean curator_shared_value_await_value_sync (CuratorSharedValue *self,
                                                            gint64 timeout_ms,
                                                            GCancellable *cancellable,
                                                            GError **error);

CURATOR_API void curator_shared_value_set_value_async (CuratorSharedValue *self,
                                                       GBytes *value,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
CURATOR_API gboolean curator_shared_value_set_value_finish (CuratorSharedValue *self,
                                                            GAsyncResult *result,
                                                            GError **error);
CURATOR_API gboolean curator_shared_value_set_value_sync (CuratorSharedValue *self,
                                                          GBytes *value,
                                                          GCancellable *cancellable,
                                                          GError **error);

CURATOR_API void curator_shared_value_try_set_value_async (CuratorSharedValue *self,
                                                           CuratorVersionedValue *previous,
                                                           GBytes *value,
                                                           GCancellable *cancellable,
                                                           GAsyncReadyCallback callback,
                                                           gpointer user_data);
CURATOR_API gboolean curator_shared_value_try_set_value_finish (CuratorSharedValue *self,
                                                                GAsyncResult *result,
                                                                GError **error);
CURATOR_API gboolean curator_shared_value_try_set_value_sync (CuratorSharedValue *self,
                                                              CuratorVersionedValue *previous,
                                                              GBytes *value,
                                                              GCancellable *cancellable,
                                                              GError **error);

G_END_DECLS
