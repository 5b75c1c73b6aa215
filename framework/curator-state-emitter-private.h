/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-core-private.h"

G_BEGIN_DECLS

/* Carries the connection's states and the errors of the background from the loop to one object, in the main context
 * that was the thread's default when it was started: every one, in order, until it is stopped or the object is gone. */

typedef struct _CuratorStateEmitter CuratorStateEmitter;

typedef struct
{
  void (*state) (GObject *object, CuratorConnectionState state);
  void (*error) (GObject *object, const GError *error);
} CuratorStateEmitterFuncs;

/* Any thread. @funcs is static. */
CuratorStateEmitter *curator_state_emitter_start (CuratorCore *core, GObject *object,
                                                  const CuratorStateEmitterFuncs *funcs);
void curator_state_emitter_stop (CuratorStateEmitter *emitter);

G_END_DECLS
