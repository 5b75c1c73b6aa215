/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-lease.h"
#include "curator-participant.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_LEADER_SELECTOR (curator_leader_selector_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorLeaderSelector, curator_leader_selector, CURATOR, LEADER_SELECTOR, GObject)

CURATOR_API CuratorLeaderSelector *
curator_leader_selector_new (CuratorFramework *client, const char *path, const char *id);
CURATOR_API CuratorFramework *curator_leader_selector_get_client (CuratorLeaderSelector *self);
CURATOR_API const char *curator_leader_selector_get_path (CuratorLeaderSelector *self);
CURATOR_API const char *curator_leader_selector_get_id (CuratorLeaderSelector *self);

CURATOR_API void curator_leader_selector_take_leadership_async (CuratorLeaderSelector *self,
                                                                gint64 timeout_ms,
                                                                GCancellable *cancellable,
                                                                GAsyncReadyCallback callback,
                                                                gpointer user_data);
CURATOR_API CuratorLease *curator_leader_selector_take_leadership_finish (CuratorLeaderSelector *self,
                                                                          GAsyncResult *result,
                                                                          GError **error);
CURATOR_API CuratorLease *curator_leader_selector_take_leadership_sync (CuratorLeaderSelector *self,
                                                                        gint64 timeout_ms,
                                                                        GCancellable *cancellable,
                                                                        GError **error);

CURATOR_API void curator_leader_selector_get_participants_async (CuratorLeaderSelector *self,
                                                                 GCancellable *cancellable,
                                                                 GAsyncReadyCallback callback,
                                                                 gpointer user_data);
CURATOR_API GPtrArray *curator_leader_selector_get_participants_finish (CuratorLeaderSelector *self,
                                                                        GAsyncResult *result,
                                                                        GError **error);
CURATOR_API GPtrArray *curator_leader_selector_get_participants_sync (CuratorLeaderSelector *self,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

CURATOR_API void curator_leader_selector_get_leader_async (CuratorLeaderSelector *self,
                                                           GCancellable *cancellable,
                                                           GAsyncReadyCallback callback,
                                                           gpointer user_data);
CURATOR_API CuratorParticipant *
curator_leader_selector_get_leader_finish (CuratorLeaderSelector *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorParticipant *curator_leader_selector_get_leader_sync (CuratorLeaderSelector *self,
                                                                         GCancellable *cancellable,
                                                                         GError **error);

/* one that is started */
CURATOR_API gboolean curator_leader_selector_start (CuratorLeaderSelector *self, GError **error);
CURATOR_API gboolean curator_leader_selector_get_has_leadership (CuratorLeaderSelector *self);
CURATOR_API gboolean curator_leader_selector_get_auto_requeue (CuratorLeaderSelector *self);
CURATOR_API void curator_leader_selector_set_auto_requeue (CuratorLeaderSelector *self,
                                                           gboolean auto_requeue);
CURATOR_API gboolean curator_leader_selector_requeue (CuratorLeaderSelector *self);
CURATOR_API gboolean curator_leader_selector_interrupt_leadership (CuratorLeaderSelector *self);
CURATOR_API void curator_leader_selector_close_async (CuratorLeaderSelector *self,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
CURATOR_API gboolean curator_leader_selector_close_finish (CuratorLeaderSelector *self,
                                                           GAsyncResult *result,
                                                           GError **error);
CURATOR_API gboolean curator_leader_selector_close_sync (CuratorLeaderSelector *self,
                                                         GCancellable *cancellable,
                                                         GError **error);

G_END_DECLS
