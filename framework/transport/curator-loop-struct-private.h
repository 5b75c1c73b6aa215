/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-loop-private.h"
#include "curator-timer-heap-private.h"

G_BEGIN_DECLS

typedef struct _LoopCall LoopCall;

struct _LoopCall
{
  LoopCall *next;
  CuratorLoopFunc func;
  gpointer user_data;
};

typedef struct
{
  LoopCall *head;
  LoopCall *tail;
} LoopCalls;

/* Who holds the turn is the loop: the worker's thread, but not while it sleeps. */
typedef struct
{
  GMutex turn;           /* for all the others */
  gboolean is_open;      /* the worker sleeps */
  gboolean is_under_way; /* somebody else has the turn */
  gint64 due_us;         /* the earliest timer that the worker knew of when it fell asleep; -1 for none */
  GArray *farewells;     /* (nullable): what is called before the visit ends */
} CuratorLoopVisit;

/* The loop lives in its own source: an iteration that has begun on another thread when the last reference
 * goes still holds the source, and with it the loop. */
struct _CuratorLoop
{
  GSource source;
  GMainContext
      *context; /* owned until the last reference goes; afterwards the source is attached to it or gone */
  CuratorNet *net;
  gatomicrefcount ref_count;
  guint generation;
  gboolean is_worker;
  gint closing;       /* atomic: the last reference has gone */
  gint has_incoming;  /* atomic: incoming is not empty */
  gpointer iterating; /* atomic: the thread that iterated the context last */

  GMutex lock; /* for the next two */
  GThread *thread;
  LoopCalls incoming;

  /* Loop only. What was stolen is kept here rather than on the stack, so that a nested main loop goes on with
   * it. */
  LoopCalls ready;
  CuratorTimerHeap timers;

  CuratorLoopVisit visit;
};

/* The worker's loop that this thread is or visits. */
extern _Thread_local CuratorLoop *curator_loop_current_worker;

void curator_loop_visit_init (CuratorLoop *loop);
void curator_loop_visit_clear (CuratorLoop *loop);
/* Make the calling thread the loop's worker. */
void curator_loop_visit_begin_worker (CuratorLoop *loop);
void curator_loop_visit_end_worker (CuratorLoop *loop);

G_END_DECLS
