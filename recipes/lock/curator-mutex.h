/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-lock.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_MUTEX (curator_mutex_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorMutex, curator_mutex, CURATOR, MUTEX, GObject)

CURATOR_API CuratorMutex *curator_mutex_new (CuratorFramework *client, const char *path);
CURATOR_API CuratorFramework *curator_mutex_get_client (CuratorMutex *self);
CURATOR_API const char *curator_mutex_get_path (CuratorMutex *self);

CURATOR_API void curator_mutex_acquire_async (CuratorMutex *self,
                                              gint64 timeout_ms,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
CURATOR_API CuratorLease *
curator_mutex_acquire_finish (CuratorMutex *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorLease *
curator_mutex_acquire_sync (CuratorMutex *self, gint64 timeout_ms, GCancellable *cancellable, GError **error);

CURATOR_API void curator_mutex_try_acquire_async (CuratorMutex *self,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
CURATOR_API CuratorLease *
curator_mutex_try_acquire_finish (CuratorMutex *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorLease *
curator_mutex_try_acquire_sync (CuratorMutex *self, GCancellable *cancellable, GError **error);

CURATOR_API void curator_mutex_get_participant_nodes_async (CuratorMutex *self,
                                                            GCancellable *cancellable,
                                                            GAsyncReadyCallback callback,
                                                            gpointer user_data);
CURATOR_API GStrv curator_mutex_get_participant_nodes_finish (CuratorMutex *self,
                                                              GAsyncResult *result,
                                                              GError **error);
CURATOR_API GStrv curator_mutex_get_participant_nodes_sync (CuratorMutex *self,
                                                            GCancellable *cancellable,
                                                            GError **error);

CURATOR_API void curator_mutex_request_revocation_async (CuratorMutex *self,
                                                         const char *participant,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API gboolean curator_mutex_request_revocation_finish (CuratorMutex *self,
                                                              GAsyncResult *result,
                                                              GError **error);
CURATOR_API gboolean curator_mutex_request_revocation_sync (CuratorMutex *self,
                                                            const char *participant,
                                                            GCancellable *cancellable,
                                                            GError **error);

G_END_DECLS
