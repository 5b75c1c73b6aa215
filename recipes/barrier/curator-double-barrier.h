/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_DOUBLE_BARRIER (curator_double_barrier_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorDoubleBarrier, curator_double_barrier, CURATOR, DOUBLE_BARRIER, GObject)

CURATOR_API CuratorDoubleBarrier *
curator_double_barrier_new (CuratorFramework *client, const char *path, guint member_count);
CURATOR_API CuratorFramework *curator_double_barrier_get_client (CuratorDoubleBarrier *self);
CURATOR_API const char *curator_double_barrier_get_path (CuratorDoubleBarrier *self);
CURATOR_API guint curator_double_barrier_get_member_count (CuratorDoubleBarrier *self);

CURATOR_API void curator_double_barrier_enter_async (CuratorDoubleBarrier *self,
                                                     gint64 timeout_ms,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
CURATOR_API gboolean curator_double_barrier_enter_finish (CuratorDoubleBarrier *self,
                                                          GAsyncResult *result,
                                                          GError **error);
CURATOR_API gboolean curator_double_barrier_enter_sync (CuratorDoubleBarrier *self,
                                                        gint64 timeout_ms,
                                                        GCancellable *cancellable,
                                                        GError **error);

CURATOR_API void curator_double_barrier_leave_async (CuratorDoubleBarrier *self,
                                                     gint64 timeout_ms,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data);
CURATOR_API gboolean curator_double_barrier_leave_finish (CuratorDoubleBarrier *self,
                                                          GAsyncResult *result,
                                                          GError **error);
CURATOR_API gboolean curator_double_barrier_leave_sync (CuratorDoubleBarrier *self,
                                                        gint64 timeout_ms,
                                                        GCancellable *cancellable,
                                                        GError **error);

G_END_DECLS
