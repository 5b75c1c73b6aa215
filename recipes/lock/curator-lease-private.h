/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"
#include "curator-lease.h"

G_BEGIN_DECLS

/* Loop only, when @contender has just been granted: becomes its owner. Signals go to @context. */
CuratorLease *curator_lease_new_for_contender (CuratorFramework *client,
                                               CuratorContender *contender,
                                               GMainContext *context);

G_END_DECLS
