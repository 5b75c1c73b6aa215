/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-loop-struct-private.h"

/* A thread that waits for an answer anyway may be the loop while the worker sleeps: what it asks for is sent
 * at once, and the worker is only woken up by the answer. */

typedef struct
{
  CuratorLoopFunc func;
  gpointer user_data;
} Farewell;

static gint
sleep_in_poll (GPollFD *fds, guint n_fds, gint timeout_ms)
{
  CuratorLoopVisit *visit = &curator_loop_current_worker->visit;
  gint n_ready;

  /* A nested iteration is in the middle of something. */
  if (timeout_ms == 0 || g_main_depth () > 0)
    return g_poll (fds, n_fds, timeout_ms);

  visit->due_us = curator_timer_heap_get_next_due_us (&curator_loop_current_worker->timers);
  visit->is_open = TRUE;
  g_mutex_unlock (&visit->turn);
  n_ready = g_poll (fds, n_fds, timeout_ms);
  g_mutex_lock (&visit->turn);
  visit->is_open = FALSE;
  return n_ready;
}

void
curator_loop_visit_init (CuratorLoop *loop)
{
  g_mutex_init (&loop->visit.turn);
  if (loop->is_worker)
    g_main_context_set_poll_func (loop->context, sleep_in_poll);
}

void
curator_loop_visit_clear (CuratorLoop *loop)
{
  g_clear_pointer (&loop->visit.farewells, g_array_unref);
  g_mutex_clear (&loop->visit.turn);
}

void
curator_loop_visit_begin_worker (CuratorLoop *loop)
{
  curator_loop_current_worker = loop;
  g_mutex_lock (&loop->visit.turn);
}

void
curator_loop_visit_end_worker (CuratorLoop *loop)
{
  g_mutex_unlock (&loop->visit.turn);
  curator_loop_current_worker = NULL;
}

gboolean
curator_loop_try_enter (CuratorLoop *loop)
{
  CuratorLoopVisit *visit = &loop->visit;

  if (!loop->is_worker || curator_loop_current_worker != NULL || !curator_loop_is_alive (loop) ||
      !g_mutex_trylock (&visit->turn))
    return FALSE;
  /* What is queued came first. */
  if (!visit->is_open || curator_loop_is_behind (loop) || g_atomic_int_get (&loop->closing) != 0)
    {
      g_mutex_unlock (&visit->turn);
      return FALSE;
    }
  g_source_ref (&loop->source);
  visit->is_under_way = TRUE;
  curator_loop_current_worker = loop;
  return TRUE;
}

gboolean
curator_loop_is_visited (CuratorLoop *loop)
{
  return loop->visit.is_under_way;
}

void
curator_loop_before_leave (CuratorLoop *loop, CuratorLoopFunc func, gpointer user_data)
{
  Farewell farewell = { func, user_data };

  if (loop->visit.farewells == NULL)
    loop->visit.farewells = g_array_new (FALSE, FALSE, sizeof (Farewell));
  g_array_append_val (loop->visit.farewells, farewell);
}

static void
run_farewells (CuratorLoopVisit *visit)
{
  for (guint i = 0; visit->farewells != NULL && i < visit->farewells->len; i++)
    {
      Farewell farewell = g_array_index (visit->farewells, Farewell, i);

      farewell.func (farewell.user_data);
    }
  if (visit->farewells != NULL)
    g_array_set_size (visit->farewells, 0);
}

/* Whether the worker has something to do that it did not know of when it fell asleep. */
static gboolean
must_wake (CuratorLoop *loop)
{
  gint64 due_us = curator_timer_heap_get_next_due_us (&loop->timers);

  if (curator_loop_is_behind (loop) || g_atomic_int_get (&loop->closing) != 0)
    return TRUE;
  return due_us >= 0 && (loop->visit.due_us < 0 || due_us < loop->visit.due_us);
}

void
curator_loop_leave (CuratorLoop *loop)
{
  run_farewells (&loop->visit);
  if (must_wake (loop))
    g_main_context_wakeup (loop->context);
  loop->visit.is_under_way = FALSE;
  curator_loop_current_worker = NULL;
  g_mutex_unlock (&loop->visit.turn);
  g_source_unref (&loop->source);
}

void
curator_loop_wake (CuratorLoop *loop)
{
  g_main_context_wakeup (loop->context);
}
