/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-timer-heap-private.h"

static CuratorTimer *
timer_at (CuratorTimerHeap *self, guint index)
{
  return g_ptr_array_index (self->heap, index);
}

static gboolean
timer_is_before (const CuratorTimer *a, const CuratorTimer *b)
{
  return a->due_us != b->due_us ? a->due_us < b->due_us : a->sequence < b->sequence;
}

static void
heap_place (CuratorTimerHeap *self, CuratorTimer *timer, guint index)
{
  self->heap->pdata[index] = timer;
  timer->index = index;
}

static void
heap_sift_up (CuratorTimerHeap *self, CuratorTimer *timer, guint index)
{
  while (index > 0)
    {
      guint parent = (index - 1) / 2;

      if (!timer_is_before (timer, timer_at (self, parent)))
        break;
      heap_place (self, timer_at (self, parent), index);
      index = parent;
    }
  heap_place (self, timer, index);
}

static void
heap_sift_down (CuratorTimerHeap *self, CuratorTimer *timer, guint index)
{
  guint length = self->heap->len;

  for (guint child = 2 * index + 1; child < length; child = 2 * index + 1)
    {
      if (child + 1 < length && timer_is_before (timer_at (self, child + 1), timer_at (self, child)))
        child++;
      if (!timer_is_before (timer_at (self, child), timer))
        break;
      heap_place (self, timer_at (self, child), index);
      index = child;
    }
  heap_place (self, timer, index);
}

static void
heap_take (CuratorTimerHeap *self, CuratorTimer *timer)
{
  guint index = timer->index;
  CuratorTimer *last = timer_at (self, self->heap->len - 1);

  g_ptr_array_set_size (self->heap, (gint) self->heap->len - 1);
  timer->index = CURATOR_TIMER_DUE;
  if (last == timer)
    return;
  if (index > 0 && timer_is_before (last, timer_at (self, (index - 1) / 2)))
    heap_sift_up (self, last, index);
  else
    heap_sift_down (self, last, index);
}

void
curator_timer_heap_init (CuratorTimerHeap *self)
{
  self->heap = g_ptr_array_new ();
  g_queue_init (&self->due);
  self->next_sequence = 0;
}

void
curator_timer_heap_clear (CuratorTimerHeap *self)
{
  CuratorTimer *timer;

  while ((timer = curator_timer_heap_pop (self)) != NULL)
    g_free (timer);
  g_ptr_array_set_free_func (self->heap, g_free);
  g_clear_pointer (&self->heap, g_ptr_array_unref);
}

CuratorTimer *
curator_timer_heap_add (CuratorTimerHeap *self, gint64 due_us, CuratorLoopFunc func, gpointer user_data)
{
  CuratorTimer *timer = g_new0 (CuratorTimer, 1);

  timer->due_us = due_us;
  timer->sequence = self->next_sequence++;
  timer->func = func;
  timer->user_data = user_data;
  timer->link.data = timer;
  g_ptr_array_add (self->heap, timer);
  heap_sift_up (self, timer, self->heap->len - 1);
  return timer;
}

void
curator_timer_heap_remove (CuratorTimerHeap *self, CuratorTimer *timer)
{
  if (timer->index == CURATOR_TIMER_DUE)
    g_queue_unlink (&self->due, &timer->link);
  else
    heap_take (self, timer);
  g_free (timer);
}

gint64
curator_timer_heap_get_next_due_us (CuratorTimerHeap *self)
{
  const CuratorTimer *due = g_queue_peek_head (&self->due);

  if (due != NULL)
    return due->due_us;
  return self->heap->len > 0 ? timer_at (self, 0)->due_us : -1;
}

void
curator_timer_heap_collect (CuratorTimerHeap *self, gint64 now_us)
{
  while (self->heap->len > 0 && timer_at (self, 0)->due_us <= now_us)
    {
      CuratorTimer *timer = timer_at (self, 0);

      heap_take (self, timer);
      g_queue_push_tail_link (&self->due, &timer->link);
    }
}

CuratorTimer *
curator_timer_heap_pop (CuratorTimerHeap *self)
{
  CuratorTimer *timer = g_queue_peek_head (&self->due);

  if (timer != NULL)
    g_queue_unlink (&self->due, &timer->link);
  return timer;
}
