/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"
#include "curator-lease.h"
#include "curator-loop-private.h"
#include "curator-pending-private.h"

G_BEGIN_DECLS

/* Between a contender, which lives in the loop until its node has gone, and the lease, which lives as long as
 * its holder wants it: the contender does not keep the lease alive. */
typedef struct _CuratorLeaseLink CuratorLeaseLink;

CuratorLeaseLink *curator_lease_link_new (CuratorLease *lease, GMainContext *context);
CuratorLeaseLink *curator_lease_link_ref (CuratorLeaseLink *link);
void curator_lease_link_unref (CuratorLeaseLink *link);

/* Loop only: the lease is what the contender reports to from now on. */
void curator_lease_link_attach (CuratorLeaseLink *link, CuratorContender *contender);
/* Any thread: curator_lease_deliver () in the context, unless the lease has gone by then. */
void curator_lease_link_post (CuratorLeaseLink *link, CuratorLeaseState state);
/* Any thread: curator_lease_deliver_revocation (), likewise. */
void curator_lease_link_post_revocation (CuratorLeaseLink *link);
/* Any thread: whether that was ever called. */
gboolean curator_lease_link_is_asked_for (CuratorLeaseLink *link);
/* Any thread. @pending (nullable) is completed with the outcome. */
void curator_lease_link_release (CuratorLeaseLink *link,
                                 CuratorContender *contender,
                                 CuratorLoop *loop,
                                 CuratorPending *pending);

G_END_DECLS
