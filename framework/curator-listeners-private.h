/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Functions to call when something happens; they may come and go while they are called. Loop only. */

typedef struct _CuratorListeners CuratorListeners;
/* Calls one listener, a function of whatever type this list is of. */
typedef void (*CuratorListenersCall) (GCallback func, gpointer user_data, gpointer what);

CuratorListeners *curator_listeners_new (void);
void curator_listeners_free (CuratorListeners *self);
/* Returns an id for the removal, never 0. */
guint curator_listeners_add (CuratorListeners *self, GCallback func, gpointer user_data);
void curator_listeners_remove (CuratorListeners *self, guint id);
/* In the order of their addition; those added meanwhile are not called, those removed meanwhile neither. */
void curator_listeners_notify (CuratorListeners *self, CuratorListenersCall call, gpointer what);

G_END_DECLS
