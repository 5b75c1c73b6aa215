/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* gettid () */
#include "curator-loop-struct-private.h"

#include <pthread.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include "curator-fork-private.h"

/* How long a blocking call waits for somebody to iterate the client's context for the first time. */
#define FIRST_ITERATION_MS 1000

static GMutex shared_lock;
static CuratorLoop *shared_loop; /* no reference */

_Thread_local CuratorLoop *curator_loop_current_worker;

static void
calls_append (LoopCalls *calls, LoopCall *call)
{
  if (calls->tail != NULL)
    calls->tail->next = call;
  else
    calls->head = call;
  calls->tail = call;
}

static LoopCall *
calls_pop (LoopCalls *calls)
{
  LoopCall *call = calls->head;

  if (call == NULL)
    return NULL;
  calls->head = call->next;
  if (calls->head == NULL)
    calls->tail = NULL;
  return call;
}

static void
calls_move (LoopCalls *to, LoopCalls *from)
{
  if (from->head == NULL)
    return;
  calls_append (to, from->head);
  to->tail = from->tail;
  *from = (LoopCalls){ NULL, NULL };
}

static void
calls_clear (LoopCalls *calls)
{
  LoopCall *call;

  while ((call = calls_pop (calls)) != NULL)
    g_free (call);
}

static gboolean
loop_is_closing (CuratorLoop *loop)
{
  return g_atomic_int_get (&loop->closing) != 0;
}

/* The microseconds until the loop has something to do: 0 for now, -1 for never. */
static gint64
loop_get_wait_us (CuratorLoop *loop)
{
  gint64 due_us;

  if (!curator_loop_is_alive (loop))
    return -1;
  if (curator_loop_is_behind (loop))
    return 0;
  due_us = curator_timer_heap_get_next_due_us (&loop->timers);
  if (due_us < 0 || loop_is_closing (loop))
    return -1;
  return MAX (due_us - curator_loop_now_us (loop), 0);
}

static gboolean
loop_source_prepare (GSource *source, gint *timeout)
{
  CuratorLoop *loop = (CuratorLoop *) source;
  gint64 wait_us = loop_get_wait_us (loop);

  g_atomic_pointer_set (&loop->iterating, g_thread_self ());
  if (wait_us < 0)
    *timeout = -1;
  else
    *timeout = (gint) MIN (wait_us / 1000 + (wait_us % 1000 != 0), G_MAXINT);
  return wait_us == 0;
}

static gboolean
loop_source_check (GSource *source)
{
  return loop_get_wait_us ((CuratorLoop *) source) == 0;
}

/* Before the queue: after a pause of the process the deadlines are what has to be looked at first. */
static void
loop_run_timers (CuratorLoop *loop)
{
  curator_timer_heap_collect (&loop->timers, curator_loop_now_us (loop));
  while (curator_loop_is_alive (loop) && !loop_is_closing (loop))
    {
      CuratorTimer *timer = curator_timer_heap_pop (&loop->timers);
      CuratorLoopFunc func;
      gpointer user_data;

      if (timer == NULL)
        break;
      func = timer->func;
      user_data = timer->user_data;
      g_free (timer);
      func (user_data);
    }
}

static void
loop_run_queue (CuratorLoop *loop)
{
  LoopCall *call;

  if (g_atomic_int_get (&loop->has_incoming) != 0)
    {
      g_mutex_lock (&loop->lock);
      calls_move (&loop->ready, &loop->incoming);
      g_atomic_int_set (&loop->has_incoming, FALSE);
      g_mutex_unlock (&loop->lock);
    }
  while (curator_loop_is_alive (loop) && (call = calls_pop (&loop->ready)) != NULL)
    {
      CuratorLoopFunc func = call->func;
      gpointer user_data = call->user_data;

      g_free (call);
      func (user_data);
    }
}

static gboolean
loop_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  CuratorLoop *loop = (CuratorLoop *) source;

  loop_run_timers (loop);
  loop_run_queue (loop);
  if (loop_is_closing (loop) && g_atomic_int_get (&loop->has_incoming) == 0)
    return G_SOURCE_REMOVE;
  return G_SOURCE_CONTINUE;
}

static void
loop_source_finalize (GSource *source)
{
  CuratorLoop *loop = (CuratorLoop *) source;

  calls_clear (&loop->incoming);
  calls_clear (&loop->ready);
  curator_timer_heap_clear (&loop->timers);
  g_mutex_clear (&loop->lock);
  curator_loop_visit_clear (loop);
}

static GSourceFuncs loop_source_funcs = { .prepare = loop_source_prepare,
                                          .check = loop_source_check,
                                          .dispatch = loop_source_dispatch,
                                          .finalize = loop_source_finalize };

static CuratorLoop *
loop_new (GMainContext *context, CuratorNet *net, gboolean is_worker)
{
  CuratorLoop *loop = (CuratorLoop *) g_source_new (&loop_source_funcs, sizeof (CuratorLoop));

  g_source_set_static_name (&loop->source, "CuratorLoop");
  /* A callback may run a main loop of its own; the connection has to live on in it. */
  g_source_set_can_recurse (&loop->source, TRUE);
  loop->context = g_main_context_ref (context);
  loop->net = net;
  g_atomic_ref_count_init (&loop->ref_count);
  loop->generation = curator_fork_get_generation ();
  loop->is_worker = is_worker;
  g_mutex_init (&loop->lock);
  curator_loop_visit_init (loop);
  curator_timer_heap_init (&loop->timers);
  g_source_attach (&loop->source, context);
  return loop;
}

static gpointer
worker_main (gpointer data)
{
  CuratorLoop *loop = data;
  GMainContext *context = g_main_context_ref (loop->context);

  curator_loop_visit_begin_worker (loop);
  g_main_context_push_thread_default (context);
  while (!loop_is_closing (loop))
    g_main_context_iteration (context, TRUE);
  while (g_atomic_int_get (&loop->has_incoming) != 0)
    loop_run_queue (loop);
  g_main_context_pop_thread_default (context);
  curator_loop_visit_end_worker (loop);
  g_source_destroy (&loop->source);
  g_source_unref (&loop->source);
  g_main_context_unref (context);
  return NULL;
}

/* With the lock held. The thread inherits the mask of its maker: the application's signals go to the
 * application's threads. Faults stay unblocked, they concern the thread that they happen in. */
static void
loop_start_worker (CuratorLoop *loop)
{
  sigset_t blocked, previous;

  sigfillset (&blocked);
  sigdelset (&blocked, SIGSEGV);
  sigdelset (&blocked, SIGBUS);
  sigdelset (&blocked, SIGFPE);
  sigdelset (&blocked, SIGILL);
  sigdelset (&blocked, SIGTRAP);
  g_source_ref (&loop->source);
  pthread_sigmask (SIG_SETMASK, &blocked, &previous);
  loop->thread = g_thread_new ("curator", worker_main, loop);
  pthread_sigmask (SIG_SETMASK, &previous, NULL);
}

/* The thread runs what is queued and ends; it is waited for, except by itself. */
static void
loop_stop_worker (CuratorLoop *loop)
{
  GThread *thread;

  g_mutex_lock (&loop->lock);
  thread = g_steal_pointer (&loop->thread);
  g_mutex_unlock (&loop->lock);
  g_atomic_int_set (&loop->closing, TRUE);
  if (thread == NULL)
    {
      g_source_destroy (&loop->source);
      return;
    }
  if (curator_loop_current_worker == loop)
    {
      g_thread_unref (thread);
      return;
    }
  g_main_context_wakeup (loop->context);
  g_thread_join (thread);
}

/* What is queued still runs if the context is iterated again; the source then removes itself. */
static void
loop_stop_source (CuratorLoop *loop)
{
  gboolean has_incoming;

  g_mutex_lock (&loop->lock);
  has_incoming = loop->incoming.head != NULL;
  g_atomic_int_set (&loop->closing, TRUE);
  g_mutex_unlock (&loop->lock);
  if (!has_incoming)
    g_source_destroy (&loop->source);
}

static void
shared_lock_before_fork (void)
{
  g_mutex_lock (&shared_lock);
}

static void
shared_unlock_after_fork (void)
{
  g_mutex_unlock (&shared_lock);
}

CuratorLoop *
curator_loop_get_shared (void)
{
  static gsize once;
  CuratorLoop *loop;

  if (g_once_init_enter (&once))
    {
      pthread_atfork (shared_lock_before_fork, shared_unlock_after_fork, shared_unlock_after_fork);
      g_once_init_leave (&once, 1);
    }
  g_mutex_lock (&shared_lock);
  if (shared_loop != NULL && curator_loop_is_alive (shared_loop))
    loop = curator_loop_ref (shared_loop);
  else
    loop = shared_loop = curator_loop_new_worker (curator_net_get_default ());
  g_mutex_unlock (&shared_lock);
  return loop;
}

CuratorLoop *
curator_loop_new_worker (CuratorNet *net)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  return loop_new (context, net, TRUE);
}

CuratorLoop *
curator_loop_new_for_context (GMainContext *context, CuratorNet *net)
{
  return loop_new (context != NULL ? context : g_main_context_default (), net, FALSE);
}

CuratorLoop *
curator_loop_ref (CuratorLoop *loop)
{
  g_atomic_ref_count_inc (&loop->ref_count);
  return loop;
}

/* Under the lock, so that nobody is given the shared loop between its last reference and its end. */
static gboolean
loop_drop_reference (CuratorLoop *loop)
{
  gboolean is_last;

  g_mutex_lock (&shared_lock);
  is_last = g_atomic_ref_count_dec (&loop->ref_count);
  if (is_last && loop == shared_loop)
    shared_loop = NULL;
  g_mutex_unlock (&shared_lock);
  return is_last;
}

void
curator_loop_unref (CuratorLoop *loop)
{
  GMainContext *context;

  /* The thread to join is in the other process, and its locks may be held for ever: better to leak. */
  if (!curator_loop_is_alive (loop) || !loop_drop_reference (loop))
    return;
  context = loop->context;
  if (loop->is_worker)
    loop_stop_worker (loop);
  else
    loop_stop_source (loop);
  g_source_unref (&loop->source);
  g_main_context_unref (context);
}

GMainContext *
curator_loop_get_context (CuratorLoop *loop)
{
  if (loop->is_worker && curator_loop_is_alive (loop))
    {
      g_mutex_lock (&loop->lock);
      if (loop->thread == NULL && !loop_is_closing (loop))
        loop_start_worker (loop);
      g_mutex_unlock (&loop->lock);
    }
  return loop->context;
}

CuratorNet *
curator_loop_get_net (CuratorLoop *loop)
{
  return loop->net;
}

gboolean
curator_loop_is_current (CuratorLoop *loop)
{
  if (!curator_loop_is_alive (loop))
    return FALSE;
  return loop->is_worker ? curator_loop_current_worker == loop : g_main_context_is_owner (loop->context);
}

static gboolean
loop_has_owner (CuratorLoop *loop)
{
  if (!g_main_context_acquire (loop->context))
    return TRUE;
  g_main_context_release (loop->context);
  return FALSE;
}

/* Whether the context is this thread's to iterate, as far as anything says so. */
static gboolean
loop_is_callers (CuratorLoop *loop)
{
  GMainContext *own = g_main_context_get_thread_default ();
  gboolean is_main_thread = gettid () == getpid ();

  return own == loop->context ||
         (own == NULL && is_main_thread && loop->context == g_main_context_default ());
}

/* A thread that has only just been started may still be about to iterate the context. */
static gboolean
loop_await_first_iteration (CuratorLoop *loop)
{
  for (guint waited_ms = 0; waited_ms < FIRST_ITERATION_MS; waited_ms++)
    {
      if (g_atomic_pointer_get (&loop->iterating) != NULL || loop_has_owner (loop))
        return TRUE;
      g_usleep (1000);
    }
  return FALSE;
}

/* TRUE where the application's context has nobody to iterate it but the caller. Another thread between two of
 * its iterations must not be mistaken for nobody. */
static gboolean
loop_depends_on_caller (CuratorLoop *loop)
{
  gpointer iterating = g_atomic_pointer_get (&loop->iterating);

  if (loop_has_owner (loop))
    return FALSE;
  if (iterating != NULL)
    return iterating == g_thread_self ();
  if (loop_is_callers (loop))
    return TRUE;
  /* The main thread may be busy for long before it comes to run its loop. */
  return loop->context != g_main_context_default () && !loop_await_first_iteration (loop);
}

gboolean
curator_loop_check_may_block (CuratorLoop *loop, const char *operation, const char *path, GError **error)
{
  const char *reason = NULL;
  GIOErrorEnum code = G_IO_ERROR_WOULD_BLOCK;

  if (!curator_loop_is_alive (loop))
    {
      reason = "the client belongs to the process that this one was forked from";
      code = G_IO_ERROR_CLOSED;
    }
  else if (curator_loop_is_current (loop))
    reason = "a blocking call in the client's own event loop would wait for itself";
  else if (!loop->is_worker && loop_depends_on_caller (loop))
    reason = "nobody but this thread iterates the main context that the client runs in";
  if (reason == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, (int) code, "%s %s: %s", operation, path != NULL ? path : "", reason);
  return FALSE;
}

gboolean
curator_loop_is_alive (CuratorLoop *loop)
{
  return loop->generation == curator_fork_get_generation ();
}

/* Where a callback is being dispatched the loop looks at its queue before it sleeps again, and so does a
 * visitor before it leaves. */
static gboolean
loop_is_dispatching_here (CuratorLoop *loop)
{
  return curator_loop_is_current (loop) && (curator_loop_is_visited (loop) || g_main_depth () > 0);
}

void
curator_loop_defer (CuratorLoop *loop, CuratorLoopFunc func, gpointer user_data)
{
  g_autoptr (GMainContext) context = NULL;
  LoopCall *call;

  if (!curator_loop_is_alive (loop))
    return;
  call = g_new (LoopCall, 1);
  *call = (LoopCall){ .func = func, .user_data = user_data };
  g_mutex_lock (&loop->lock);
  if (loop->incoming.head == NULL)
    {
      /* The call may hold the last reference of the loop: after the unlock only the context is sure to be
       * there. */
      if (!loop_is_dispatching_here (loop))
        context = g_main_context_ref (loop->context);
      g_atomic_int_set (&loop->has_incoming, TRUE);
      if (loop->is_worker && loop->thread == NULL && !loop_is_closing (loop))
        loop_start_worker (loop);
    }
  calls_append (&loop->incoming, call);
  g_mutex_unlock (&loop->lock);
  if (context != NULL)
    g_main_context_wakeup (context);
}

gboolean
curator_loop_is_behind (CuratorLoop *loop)
{
  return loop->ready.head != NULL || g_atomic_int_get (&loop->has_incoming) != 0;
}

void
curator_loop_invoke (CuratorLoop *loop, CuratorLoopFunc func, gpointer user_data)
{
  if (curator_loop_is_current (loop))
    func (user_data);
  else
    curator_loop_defer (loop, func, user_data);
}

gint64
curator_loop_now_us (CuratorLoop *loop)
{
  return loop->net->now_us (loop->net);
}

guint64
curator_loop_random (CuratorLoop *loop)
{
  return loop->net->random (loop->net);
}

void
curator_loop_make_guid (CuratorLoop *loop, char *guid)
{
  static const char digits[] = "0123456789abcdef";
  guint64 bits[2] = { curator_loop_random (loop), curator_loop_random (loop) };

  /* The version, 4, and the variant, binary 10. */
  bits[0] = (bits[0] & ~G_GUINT64_CONSTANT (0xf000)) | 0x4000;
  bits[1] = (bits[1] & (G_MAXUINT64 >> 2)) | (G_GUINT64_CONSTANT (2) << 62);
  for (guint nibble = 0; nibble < 32; nibble++)
    {
      if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20)
        *guid++ = '-';
      *guid++ = digits[(bits[nibble / 16] >> (60 - 4 * (nibble % 16))) & 15];
    }
  *guid = '\0';
}

CuratorTimer *
curator_loop_add_timer (CuratorLoop *loop, gint64 delay_ms, CuratorLoopFunc func, gpointer user_data)
{
  gint64 now_us = curator_loop_now_us (loop);
  gint64 due_us;

  delay_ms = MAX (delay_ms, 0);
  due_us = delay_ms <= (G_MAXINT64 - now_us) / 1000 ? now_us + delay_ms * 1000 : G_MAXINT64;
  return curator_loop_add_timer_at (loop, due_us, func, user_data);
}

CuratorTimer *
curator_loop_add_timer_at (CuratorLoop *loop, gint64 due_us, CuratorLoopFunc func, gpointer user_data)
{
  return curator_timer_heap_add (&loop->timers, MAX (due_us, 0), func, user_data);
}

void
curator_loop_cancel_timer (CuratorLoop *loop, CuratorTimer **timer)
{
  if (*timer != NULL)
    curator_timer_heap_remove (&loop->timers, g_steal_pointer (timer));
}

gint64
curator_loop_get_next_due_us (CuratorLoop *loop)
{
  return curator_timer_heap_get_next_due_us (&loop->timers);
}
