/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-lock.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_MULTI_LOCK (curator_multi_lock_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorMultiLock, curator_multi_lock, CURATOR, MULTI_LOCK, GObject)

CURATOR_API CuratorMultiLock *
curator_multi_lock_new (CuratorFramework *client, CuratorLock **locks, gsize n_locks);
CURATOR_API CuratorMultiLock *curator_multi_lock_new_for_paths (CuratorFramework *client,
                                                                const char *const *paths);

CURATOR_API void curator_multi_lock_acquire_async (CuratorMultiLock *self,
                                                   gint64 timeout_ms,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
CURATOR_API GPtrArray *
curator_multi_lock_acquire_finish (CuratorMultiLock *self, GAsyncResult *result, GError **error);
CURATOR_API GPtrArray *curator_multi_lock_acquire_sync (CuratorMultiLock *self,
                                                        gint64 timeout_ms,
                                                        GCancellable *cancellable,
                                                        GError **error);

G_END_DECLS
