/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-lease.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_READ_WRITE_LOCK (curator_read_write_lock_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorReadWriteLock, curator_read_write_lock, CURATOR, READ_WRITE_LOCK, GObject)

CURATOR_API CuratorReadWriteLock *curator_read_write_lock_new (CuratorFramework *client, const char *path);
CURATOR_API CuratorFramework *curator_read_write_lock_get_client (CuratorReadWriteLock *self);
CURATOR_API const char *curator_read_write_lock_get_path (CuratorReadWriteLock *self);

CURATOR_API void curator_read_write_lock_acquire_read_async (CuratorReadWriteLock *self,
                                                             gint64 timeout_ms,
                                                             GCancellable *cancellable,
                                                             GAsyncReadyCallback callback,
                                                             gpointer user_data);
CURATOR_API CuratorLease *curator_read_write_lock_acquire_read_finish (CuratorReadWriteLock *self,
                                                                       GAsyncResult *result,
                                                                       GError **error);
CURATOR_API CuratorLease *curator_read_write_lock_acquire_read_sync (CuratorReadWriteLock *self,
                                                                     gint64 timeout_ms,
                                                                     GCancellable *cancellable,
                                                                     GError **error);

CURATOR_API void curator_read_write_lock_try_acquire_read_async (CuratorReadWriteLock *self,
                                                                 GCancellable *cancellable,
                                                                 GAsyncReadyCallback callback,
                                                                 gpointer user_data);
CURATOR_API CuratorLease *curator_read_write_lock_try_acquire_read_finish (CuratorReadWriteLock *self,
                                                                           GAsyncResult *result,
                                                                           GError **error);
CURATOR_API CuratorLease *curator_read_write_lock_try_acquire_read_sync (CuratorReadWriteLock *self,
                                                                         GCancellable *cancellable,
                                                                         GError **error);

CURATOR_API void curator_read_write_lock_acquire_write_async (CuratorReadWriteLock *self,
                                                              gint64 timeout_ms,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API CuratorLease *curator_read_write_lock_acquire_write_finish (CuratorReadWriteLock *self,
                                                                        GAsyncResult *result,
                                                                        GError **error);
CURATOR_API CuratorLease *curator_read_write_lock_acquire_write_sync (CuratorReadWriteLock *self,
                                                                      gint64 timeout_ms,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

CURATOR_API void curator_read_write_lock_try_acquire_write_async (CuratorReadWriteLock *self,
                                                                  GCancellable *cancellable,
                                                                  GAsyncReadyCallback callback,
                                                                  gpointer user_data);
CURATOR_API CuratorLease *curator_read_write_lock_try_acquire_write_finish (CuratorReadWriteLock *self,
                                                                            GAsyncResult *result,
                                                                            GError **error);
CURATOR_API CuratorLease *curator_read_write_lock_try_acquire_write_sync (CuratorReadWriteLock *self,
                                                                          GCancellable *cancellable,
                                                                          GError **error);

CURATOR_API void curator_read_write_lock_acquire_covered_read_async (CuratorReadWriteLock *self,
                                                                     CuratorLease *write,
                                                                     gint64 timeout_ms,
                                                                     GCancellable *cancellable,
                                                                     GAsyncReadyCallback callback,
                                                                     gpointer user_data);
CURATOR_API CuratorLease *curator_read_write_lock_acquire_covered_read_finish (CuratorReadWriteLock *self,
                                                                               GAsyncResult *result,
                                                                               GError **error);
CURATOR_API CuratorLease *curator_read_write_lock_acquire_covered_read_sync (CuratorReadWriteLock *self,
                                                                             CuratorLease *write,
                                                                             gint64 timeout_ms,
                                                                             GCancellable *cancellable,
                                                                             GError **error);

CURATOR_API void curator_read_write_lock_get_reader_nodes_async (CuratorReadWriteLock *self,
                                                                 GCancellable *cancellable,
                                                                 GAsyncReadyCallback callback,
                                                                 gpointer user_data);
CURATOR_API GStrv curator_read_write_lock_get_reader_nodes_finish (CuratorReadWriteLock *self,
                                                                   GAsyncResult *result,
                                                                   GError **error);
CURATOR_API GStrv curator_read_write_lock_get_reader_nodes_sync (CuratorReadWriteLock *self,
                                                                 GCancellable *cancellable,
                                                                 GError **error);

CURATOR_API void curator_read_write_lock_get_writer_nodes_async (CuratorReadWriteLock *self,
                                                                 GCancellable *cancellable,
                                                                 GAsyncReadyCallback callback,
                                                                 gpointer user_data);
CURATOR_API GStrv curator_read_write_lock_get_writer_nodes_finish (CuratorReadWriteLock *self,
                                                                   GAsyncResult *result,
                                                                   GError **error);
CURATOR_API GStrv curator_read_write_lock_get_writer_nodes_sync (CuratorReadWriteLock *self,
                                                                 GCancellable *cancellable,
                                                                 GError **error);

CURATOR_API void curator_read_write_lock_request_revocation_async (CuratorReadWriteLock *self,
                                                                   const char *participant,
                                                                   GCancellable *cancellable,
                                                                   GAsyncReadyCallback callback,
                                                                   gpointer user_data);
CURATOR_API gboolean curator_read_write_lock_request_revocation_finish (CuratorReadWriteLock *self,
                                                                        GAsyncResult *result,
                                                                        GError **error);
CURATOR_API gboolean curator_read_write_lock_request_revocation_sync (CuratorReadWriteLock *self,
                                                                      const char *participant,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

G_END_DECLS
