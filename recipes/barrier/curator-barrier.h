/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_BARRIER (curator_barrier_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorBarrier, curator_barrier, CURATOR, BARRIER, GObject)

CURATOR_API CuratorBarrier *curator_barrier_new (CuratorFramework *client, const char *path);
CURATOR_API CuratorFramework *curator_barrier_get_client (CuratorBarrier *self);
CURATOR_API const char *curator_barrier_get_path (CuratorBarrier *self);

CURATOR_API void curator_barrier_set_barrier_async (CuratorBarrier *self,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
CURATOR_API gboolean curator_barrier_set_barrier_finish (CuratorBarrier *self,
                                                         GAsyncResult *result,
                                                         GError **error);
CURATOR_API gboolean curator_barrier_set_barrier_sync (CuratorBarrier *self,
                                                       GCancellable *cancellable,
                                                       GError **error);

CURATOR_API void curator_barrier_remove_barrier_async (CuratorBarrier *self,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
CURATOR_API gboolean curator_barrier_remove_barrier_finish (CuratorBarrier *self,
                                                            GAsyncResult *result,
                                                            GError **error);
CURATOR_API gboolean curator_barrier_remove_barrier_sync (CuratorBarrier *self,
                                                          GCancellable *cancellable,
                                                          GError **error);

CURATOR_API void curator_barrier_wait_on_barrier_async (CuratorBarrier *self,
                                                        gint64 timeout_ms,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API gboolean curator_barrier_wait_on_barrier_finish (CuratorBarrier *self,
                                                             GAsyncResult *result,
                                                             GError **error);
CURATOR_API gboolean curator_barrier_wait_on_barrier_sync (CuratorBarrier *self,
                                                           gint64 timeout_ms,
                                                           GCancellable *cancellable,
                                                           GError **error);

G_END_DECLS
