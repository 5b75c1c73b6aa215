/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-lock.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_SEMAPHORE_MUTEX (curator_semaphore_mutex_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorSemaphoreMutex, curator_semaphore_mutex, CURATOR, SEMAPHORE_MUTEX, GObject)

CURATOR_API CuratorSemaphoreMutex *curator_semaphore_mutex_new (CuratorFramework *client, const char *path);
CURATOR_API CuratorFramework *curator_semaphore_mutex_get_client (CuratorSemaphoreMutex *self);
CURATOR_API const char *curator_semaphore_mutex_get_path (CuratorSemaphoreMutex *self);

CURATOR_API void curator_semaphore_mutex_acquire_async (CuratorSemaphoreMutex *self,
                                                        gint64 timeout_ms,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API CuratorLease *
curator_semaphore_mutex_acquire_finish (CuratorSemaphoreMutex *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorLease *curator_semaphore_mutex_acquire_sync (CuratorSemaphoreMutex *self,
                                                                gint64 timeout_ms,
                                                                GCancellable *cancellable,
                                                                GError **error);

CURATOR_API void curator_semaphore_mutex_try_acquire_async (CuratorSemaphoreMutex *self,
                                                            GCancellable *cancellable,
                                                            GAsyncReadyCallback callback,
                                                            gpointer user_data);
CURATOR_API CuratorLease *curator_semaphore_mutex_try_acquire_finish (CuratorSemaphoreMutex *self,
                                                                      GAsyncResult *result,
                                                                      GError **error);
CURATOR_API CuratorLease *curator_semaphore_mutex_try_acquire_sync (CuratorSemaphoreMutex *self,
                                                                    GCancellable *cancellable,
                                                                    GError **error);

CURATOR_API void curator_semaphore_mutex_get_participant_nodes_async (CuratorSemaphoreMutex *self,
                                                                      GCancellable *cancellable,
                                                                      GAsyncReadyCallback callback,
                                                                      gpointer user_data);
CURATOR_API GStrv curator_semaphore_mutex_get_participant_nodes_finish (CuratorSemaphoreMutex *self,
                                                                        GAsyncResult *result,
                                                                        GError **error);
CURATOR_API GStrv curator_semaphore_mutex_get_participant_nodes_sync (CuratorSemaphoreMutex *self,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

G_END_DECLS
