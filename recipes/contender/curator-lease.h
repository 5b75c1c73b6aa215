/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-transaction.h"

G_BEGIN_DECLS

/**
 * CuratorLeaseState:
 * @CURATOR_LEASE_STATE_HELD: the holder is alone in what the lease stands for
 * @CURATOR_LEASE_STATE_SUSPECT: the connection is suspended: the lease may be lost already, or may turn out
 * to have been held all the time
 * @CURATOR_LEASE_STATE_LOST: somebody else may hold; final
 * @CURATOR_LEASE_STATE_RELEASED: given back by its owner; final
 *
 * What a [class@Curator.Lease] is worth.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_LEASE_STATE_HELD,
  CURATOR_LEASE_STATE_SUSPECT,
  CURATOR_LEASE_STATE_LOST,
  CURATOR_LEASE_STATE_RELEASED,
} CuratorLeaseState;

#define CURATOR_TYPE_LEASE_STATE (curator_lease_state_get_type ())
CURATOR_API GType curator_lease_state_get_type (void);

#define CURATOR_TYPE_LEASE (curator_lease_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorLease, curator_lease, CURATOR, LEASE, GObject)

CURATOR_API const char *curator_lease_get_path (CuratorLease *self);
CURATOR_API guint64 curator_lease_get_fencing_token (CuratorLease *self);
CURATOR_API char *curator_lease_dup_fencing_token_string (CuratorLease *self);
CURATOR_API gint64 curator_lease_get_session_id (CuratorLease *self);
CURATOR_API char *curator_lease_dup_session_id_string (CuratorLease *self);
CURATOR_API CuratorLeaseState curator_lease_get_state (CuratorLease *self);
CURATOR_API gboolean curator_lease_is_valid (CuratorLease *self);
CURATOR_API gboolean curator_lease_is_revocation_requested (CuratorLease *self);

CURATOR_API void curator_lease_guard (CuratorLease *self, CuratorTransaction *transaction);
CURATOR_API void curator_lease_release_async (CuratorLease *self,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
CURATOR_API gboolean curator_lease_release_finish (CuratorLease *self, GAsyncResult *result, GError **error);
CURATOR_API gboolean curator_lease_release_sync (CuratorLease *self,
                                                 GCancellable *cancellable,
                                                 GError **error);
CURATOR_API void curator_lease_release_in_background (CuratorLease *self);

G_END_DECLS
