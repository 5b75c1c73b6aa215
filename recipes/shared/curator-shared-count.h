/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-versioned-value.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SHARED_COUNT (curator_shared_count_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSharedCount, curator_shared_count, CURATOR, SHARED_COUNT, GObject)

CURATOR_API CuratorSharedCount *
curator_shared_count_new (CuratorFramework *client, const char *path, gint32 seed);
CURATOR_API CuratorFramework *curator_shared_count_get_client (CuratorSharedCount *self);
CURATOR_API const char *curator_shared_count_get_path (CuratorSharedCount *self);
CURATOR_API gint32 curator_shared_count_get_count (CuratorSharedCount *self);
CURATOR_API CuratorVersionedValue *curator_shared_count_dup_versioned_value (CuratorSharedCount *self);
CURATOR_API gboolean curator_shared_count_get_current (CuratorSharedCount *self);

CURATOR_API gboolean curator_shared_count_start (CuratorSharedCount *self, GError **error);
CURATOR_API void curator_shared_count_close (CuratorSharedCount *self);

CURATOR_API void curator_shared_count_await_count_async (CuratorSharedCount *self,
                                                         gint64 timeout_ms,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API gboolean curator_shared_count_await_count_finish (CuratorSharedCount *self,
                                                              GAsyncResult *result,
                                                              GError **error);
CURATOR_API gboolean curator_shared_count_await_count_sync (CuratorSharedCount *self,
                                                            gint64 timeout_ms,
                                                            GCancellable *cancellable,
                                                            GError **error);

CURATOR_API void curator_shared_count_set_count_async (CuratorSharedCount *self,
                                                       gint32 count,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
CURATOR_API gboolean curator_shared_count_set_count_finish (CuratorSharedCount *self,
                                                            GAsyncResult *result,
                                                            GError **error);
CURATOR_API gboolean curator_shared_count_set_count_sync (CuratorSharedCount *self,
                                                          gint32 count,
                                                          GCancellable *cancellable,
                                                          GError **error);

CURATOR_API void curator_shared_count_try_set_count_async (CuratorSharedCount *self,
                                                           CuratorVersionedValue *previous,
                                                           gint32 count,
                                                           GCancellable *cancellable,
                                                           GAsyncReadyCallback callback,
                                                           gpointer user_data);
CURATOR_API gboolean curator_shared_count_try_set_count_finish (CuratorSharedCount *self,
                                                                GAsyncResult *result,
                                                                GError **error);
CURATOR_API gboolean curator_shared_count_try_set_count_sync (CuratorSharedCount *self,
                                                              CuratorVersionedValue *previous,
                                                              gint32 count,
                                                              GCancellable *cancellable,
                                                              GError **error);

G_END_DECLS
