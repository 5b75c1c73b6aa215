/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-core-private.h"

G_BEGIN_DECLS

/* Carries the connection's states from the loop to one object, in the main context that was the thread's default when
 * it was started: every state, in order, until it is stopped or the object is gone. */

typedef struct _CuratorStateEmitter CuratorStateEmitter;
typedef void (*CuratorStateEmitterFunc) (GObject *object, CuratorConnectionState state);

/* Any thread. */
CuratorStateEmitter *curator_state_emitter_start (CuratorCore *core, GObject *object, CuratorStateEmitterFunc func);
void curator_state_emitter_stop (CuratorStateEmitter *emitter);

G_END_DECLS
