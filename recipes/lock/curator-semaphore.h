/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-lease.h"
#include "curator-shared-count.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SEMAPHORE (curator_semaphore_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSemaphore, curator_semaphore, CURATOR, SEMAPHORE, GObject)

CURATOR_API CuratorSemaphore *
curator_semaphore_new (CuratorFramework *client, const char *path, guint max_leases);
CURATOR_API CuratorSemaphore *
curator_semaphore_new_with_count (CuratorFramework *client, const char *path, CuratorSharedCount *count);
CURATOR_API CuratorFramework *curator_semaphore_get_client (CuratorSemaphore *self);
CURATOR_API const char *curator_semaphore_get_path (CuratorSemaphore *self);
CURATOR_API guint curator_semaphore_get_max_leases (CuratorSemaphore *self);
CURATOR_API CuratorSharedCount *curator_semaphore_get_count (CuratorSemaphore *self);

CURATOR_API void curator_semaphore_acquire_async (CuratorSemaphore *self,
                                                  gint64 timeout_ms,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
CURATOR_API CuratorLease *
curator_semaphore_acquire_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorLease *curator_semaphore_acquire_sync (CuratorSemaphore *self,
                                                          gint64 timeout_ms,
                                                          GCancellable *cancellable,
                                                          GError **error);

CURATOR_API void curator_semaphore_acquire_several_async (CuratorSemaphore *self,
                                                          guint n_leases,
                                                          gint64 timeout_ms,
                                                          GCancellable *cancellable,
                                                          GAsyncReadyCallback callback,
                                                          gpointer user_data);
CURATOR_API GPtrArray *
curator_semaphore_acquire_several_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error);
CURATOR_API GPtrArray *curator_semaphore_acquire_several_sync (
    CuratorSemaphore *self, guint n_leases, gint64 timeout_ms, GCancellable *cancellable, GError **error);

CURATOR_API void curator_semaphore_try_acquire_async (CuratorSemaphore *self,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
CURATOR_API CuratorLease *
curator_semaphore_try_acquire_finish (CuratorSemaphore *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorLease *
curator_semaphore_try_acquire_sync (CuratorSemaphore *self, GCancellable *cancellable, GError **error);

CURATOR_API void curator_semaphore_get_participant_nodes_async (CuratorSemaphore *self,
                                                                GCancellable *cancellable,
                                                                GAsyncReadyCallback callback,
                                                                gpointer user_data);
CURATOR_API GStrv curator_semaphore_get_participant_nodes_finish (CuratorSemaphore *self,
                                                                  GAsyncResult *result,
                                                                  GError **error);
CURATOR_API GStrv curator_semaphore_get_participant_nodes_sync (CuratorSemaphore *self,
                                                                GCancellable *cancellable,
                                                                GError **error);

G_END_DECLS
