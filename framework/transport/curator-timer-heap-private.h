/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "curator-loop-private.h"

G_BEGIN_DECLS

/* The timers of one loop: a binary heap in the order of (due_us, sequence), so that timers with the same due
 * time fire in the order in which they were added. Due timers are moved to a list before any of them runs: a
 * callback can cancel its neighbours, but what it adds waits for the next round, and a nested main loop goes
 * on with the rest of the list. Loop only. */

struct _CuratorTimer
{
  gint64 due_us;
  guint64 sequence;
  CuratorLoopFunc func;
  gpointer user_data;
  guint index; /* in the heap, or CURATOR_TIMER_DUE */
  GList link;  /* in the list of due timers */
};

typedef struct
{
  GPtrArray *heap;
  GQueue due;
  guint64 next_sequence;
} CuratorTimerHeap;

#define CURATOR_TIMER_DUE G_MAXUINT

void curator_timer_heap_init (CuratorTimerHeap *self);
/* Frees the timers without calling them. */
void curator_timer_heap_clear (CuratorTimerHeap *self);
CuratorTimer *
curator_timer_heap_add (CuratorTimerHeap *self, gint64 due_us, CuratorLoopFunc func, gpointer user_data);
void curator_timer_heap_remove (CuratorTimerHeap *self, CuratorTimer *timer);
/* -1 where there is none. */
gint64 curator_timer_heap_get_next_due_us (CuratorTimerHeap *self);
/* Moves what is due at @now_us to the list. */
void curator_timer_heap_collect (CuratorTimerHeap *self, gint64 now_us);
/* Takes the first timer off the list; the caller frees it. NULL where the list is empty. */
CuratorTimer *curator_timer_heap_pop (CuratorTimerHeap *self);

G_END_DECLS
