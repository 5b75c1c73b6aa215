/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-candidate-private.h"
#include "curator-leader-selector.h"

G_BEGIN_DECLS

struct _CuratorLeaderSelector
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  char *id;
  CuratorContenderQueue *queue; /* of the calls that take the leadership */

  CuratorEmitter *emitter;
  CuratorCandidate *candidate; /* NULL where there is no client or no path */
  int started;                 /* atomic */
  int closed;                  /* atomic */
};

extern const CuratorContenderKind curator_leader_selector_kind;

/* One that was made without its construct-only properties is not. */
gboolean curator_leader_selector_is_usable (CuratorLeaderSelector *self);
/* Later, in the context of the construction. */
void curator_leader_selector_notify_auto_requeue (CuratorLeaderSelector *self);
void curator_leader_selector_begin_close (CuratorLeaderSelector *self);

G_END_DECLS
