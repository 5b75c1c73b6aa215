/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-lease.h"
#include "curator-participant.h"

G_BEGIN_DECLS

/**
 * CuratorLeaderLatchState:
 * @CURATOR_LEADER_LATCH_STATE_LATENT: not started yet
 * @CURATOR_LEADER_LATCH_STATE_STARTED: takes part in the election
 * @CURATOR_LEADER_LATCH_STATE_CLOSED: takes part no more; final
 *
 * Whether a [class@Curator.LeaderLatch] takes part.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_LEADER_LATCH_STATE_LATENT,
  CURATOR_LEADER_LATCH_STATE_STARTED,
  CURATOR_LEADER_LATCH_STATE_CLOSED,
} CuratorLeaderLatchState;

/**
 * CuratorLeaderLatchCloseMode:
 * @CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT: no signal tells of what ends by the closing
 * @CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER: where the latch leads, it emits
 * [signal@Curator.LeaderLatch::lost]
 *
 * What is told when a [class@Curator.LeaderLatch] is closed.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT,
  CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER,
} CuratorLeaderLatchCloseMode;

#define CURATOR_TYPE_LEADER_LATCH_STATE (curator_leader_latch_state_get_type ())
CURATOR_API GType curator_leader_latch_state_get_type (void);
#define CURATOR_TYPE_LEADER_LATCH_CLOSE_MODE (curator_leader_latch_close_mode_get_type ())
CURATOR_API GType curator_leader_latch_close_mode_get_type (void);

#define CURATOR_TYPE_LEADER_LATCH (curator_leader_latch_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorLeaderLatch, curator_leader_latch, CURATOR, LEADER_LATCH, GObject)

CURATOR_API CuratorLeaderLatch *
curator_leader_latch_new (CuratorFramework *client, const char *path, const char *id);
CURATOR_API CuratorFramework *curator_leader_latch_get_client (CuratorLeaderLatch *self);
CURATOR_API const char *curator_leader_latch_get_path (CuratorLeaderLatch *self);
CURATOR_API const char *curator_leader_latch_get_id (CuratorLeaderLatch *self);
CURATOR_API CuratorLeaderLatchState curator_leader_latch_get_state (CuratorLeaderLatch *self);
CURATOR_API gboolean curator_leader_latch_get_has_leadership (CuratorLeaderLatch *self);
CURATOR_API CuratorLease *curator_leader_latch_dup_lease (CuratorLeaderLatch *self);

CURATOR_API gboolean curator_leader_latch_start (CuratorLeaderLatch *self, GError **error);
CURATOR_API void curator_leader_latch_close_async (CuratorLeaderLatch *self,
                                                   CuratorLeaderLatchCloseMode mode,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
CURATOR_API gboolean curator_leader_latch_close_finish (CuratorLeaderLatch *self,
                                                        GAsyncResult *result,
                                                        GError **error);
CURATOR_API gboolean curator_leader_latch_close_sync (CuratorLeaderLatch *self,
                                                      CuratorLeaderLatchCloseMode mode,
                                                      GCancellable *cancellable,
                                                      GError **error);

CURATOR_API void curator_leader_latch_await_leadership_async (CuratorLeaderLatch *self,
                                                              gint64 timeout_ms,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API gboolean curator_leader_latch_await_leadership_finish (CuratorLeaderLatch *self,
                                                                   GAsyncResult *result,
                                                                   GError **error);
CURATOR_API gboolean curator_leader_latch_await_leadership_sync (CuratorLeaderLatch *self,
                                                                 gint64 timeout_ms,
                                                                 GCancellable *cancellable,
                                                                 GError **error);

CURATOR_API void curator_leader_latch_get_participants_async (CuratorLeaderLatch *self,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API GPtrArray *
curator_leader_latch_get_participants_finish (CuratorLeaderLatch *self, GAsyncResult *result, GError **error);
CURATOR_API GPtrArray *curator_leader_latch_get_participants_sync (CuratorLeaderLatch *self,
                                                                   GCancellable *cancellable,
                                                                   GError **error);

CURATOR_API void curator_leader_latch_get_leader_async (CuratorLeaderLatch *self,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API CuratorParticipant *
curator_leader_latch_get_leader_finish (CuratorLeaderLatch *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorParticipant *
curator_leader_latch_get_leader_sync (CuratorLeaderLatch *self, GCancellable *cancellable, GError **error);

G_END_DECLS
