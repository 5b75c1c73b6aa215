/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What the loop has to say to an object that it does not keep alive: told in order, in the main context that
 * was the thread's default when the object was made. */
typedef struct _CuratorEmitter CuratorEmitter;
typedef void (*CuratorEmitterFunc) (GObject *object, gpointer data);

CuratorEmitter *curator_emitter_new (GObject *object);
CuratorEmitter *curator_emitter_ref (CuratorEmitter *emitter);
void curator_emitter_unref (CuratorEmitter *emitter);

/* Any thread: @func is called later, unless the object has gone by then. */
void curator_emitter_post (CuratorEmitter *emitter,
                           CuratorEmitterFunc func,
                           gpointer data,
                           GDestroyNotify free_data);
/* The same, where only the newest counts: one that is on its way is replaced, so that nothing piles up where the
 * context is not iterated. Not in a forked process. */
void curator_emitter_post_newest (CuratorEmitter *emitter,
                                  CuratorEmitterFunc func,
                                  gpointer data,
                                  GDestroyNotify free_data);

G_END_DECLS
