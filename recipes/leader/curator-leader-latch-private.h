/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-candidate-private.h"
#include "curator-electorate-private.h"
#include "curator-leader-latch.h"

G_BEGIN_DECLS

struct _CuratorLeaderLatch
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  char *id;

  CuratorEmitter *emitter;
  CuratorCandidate *candidate; /* NULL where there is no client or no path */
  int started;                 /* atomic */
  int closed;                  /* atomic */
  int silent;                  /* atomic: nothing more is signalled */
  gboolean is_told;            /* as far as signals have got: it leads */
};

/* One that was made without its construct-only properties is not. */
gboolean curator_leader_latch_is_usable (CuratorLeaderLatch *self);
CuratorElectorateOptions curator_leader_latch_make_question (CuratorLeaderLatch *self, gboolean first_only);
/* Later, in the context of the construction. */
void curator_leader_latch_notify_state (CuratorLeaderLatch *self);
void curator_leader_latch_begin_close (CuratorLeaderLatch *self, CuratorLeaderLatchCloseMode mode);

G_END_DECLS
