/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"
#include "curator-lease.h"

G_BEGIN_DECLS

/* Loop only, when @contender has just been granted: becomes its owner. Signals go to @context. */
CuratorLease *curator_lease_new_for_contender (CuratorFramework *client,
                                               CuratorContender *contender,
                                               GMainContext *context);
/* Any thread: what is lost or released stays so. Delivers the change. */
void curator_lease_set_state (CuratorLease *self, CuratorLeaseState state);
/* In the context of the lease: emits what @state, into which the lease came, calls for. */
void curator_lease_deliver (CuratorLease *self, CuratorLeaseState state);
/* Likewise: somebody asks for the lease. The first time counts. */
void curator_lease_deliver_revocation (CuratorLease *self);
/* Any thread: has that delivered. */
void curator_lease_ask_for (CuratorLease *self);

G_END_DECLS
