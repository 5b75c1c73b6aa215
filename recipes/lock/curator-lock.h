/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-lease.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_LOCK (curator_lock_get_type ())
CURATOR_API
G_DECLARE_INTERFACE (CuratorLock, curator_lock, CURATOR, LOCK, GObject)

/**
 * CuratorLockInterface:
 * @parent_iface: the parent
 * @acquire_async: begins to acquire; see [method@Curator.Lock.acquire_async]
 * @acquire_finish: ends it; see [method@Curator.Lock.acquire_finish]
 * @acquire_sync: does the same, and blocks; see [method@Curator.Lock.acquire_sync]
 *
 * What a lock has to have.
 *
 * Since: 1.0
 */
struct _CuratorLockInterface
{
  GTypeInterface parent_iface;

  void (*acquire_async) (CuratorLock *self,
                         gint64 timeout_ms,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  CuratorLease *(*acquire_finish) (CuratorLock *self, GAsyncResult *result, GError **error);
  CuratorLease *(*acquire_sync) (CuratorLock *self,
                                 gint64 timeout_ms,
                                 GCancellable *cancellable,
                                 GError **error);

  /*< private >*/
  gpointer padding[4];
};

CURATOR_API void curator_lock_acquire_async (CuratorLock *self,
                                             gint64 timeout_ms,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
CURATOR_API CuratorLease *
curator_lock_acquire_finish (CuratorLock *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorLease *
curator_lock_acquire_sync (CuratorLock *self, gint64 timeout_ms, GCancellable *cancellable, GError **error);

G_END_DECLS
