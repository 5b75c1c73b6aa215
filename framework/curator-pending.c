/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-pending-private.h"

struct _CuratorPending
{
  gatomicrefcount ref_count;
  CuratorLoop *loop;
  GDestroyNotify free_result;
  GTask *task;       /* NULL for a thread */
  gboolean is_visit; /* the thread's, of the loop */

  GCancellable *cancellable;
  CuratorLoopFunc cancel_func;
  gpointer cancel_data;
  GDestroyNotify free_cancel_data;

  GMutex lock; /* for the rest */
  GCond cond;
  gulong cancelled_id;
  gboolean done;
  gpointer result;
  GError *error;
};

static CuratorPending *
pending_new (CuratorLoop *loop, GTask *task, GDestroyNotify free_result)
{
  CuratorPending *pending = g_new0 (CuratorPending, 1);

  g_atomic_ref_count_init (&pending->ref_count);
  pending->loop = curator_loop_ref (loop);
  pending->task = task;
  pending->free_result = free_result;
  g_mutex_init (&pending->lock);
  g_cond_init (&pending->cond);
  return pending;
}

CuratorPending *
curator_pending_new_for_task (CuratorLoop *loop, GTask *task, GDestroyNotify free_result)
{
  return pending_new (loop, task, free_result);
}

CuratorPending *
curator_pending_new_for_thread (CuratorLoop *loop, GDestroyNotify free_result)
{
  CuratorPending *pending = pending_new (loop, NULL, free_result);

  pending->is_visit = curator_loop_try_enter (loop);
  return pending;
}

CuratorPending *
curator_pending_ref (CuratorPending *pending)
{
  g_atomic_ref_count_inc (&pending->ref_count);
  return pending;
}

static void
pending_drop_result (CuratorPending *pending, gpointer result, GError *error)
{
  if (result != NULL && pending->free_result != NULL)
    pending->free_result (result);
  g_clear_error (&error);
}

void
curator_pending_unref (CuratorPending *pending)
{
  if (!g_atomic_ref_count_dec (&pending->ref_count))
    return;
  pending_drop_result (pending, pending->result, pending->error);
  if (pending->free_cancel_data != NULL)
    pending->free_cancel_data (pending->cancel_data);
  g_clear_object (&pending->cancellable);
  g_clear_object (&pending->task);
  g_cond_clear (&pending->cond);
  g_mutex_clear (&pending->lock);
  curator_loop_unref (pending->loop);
  g_free (pending);
}

static void
pending_run_cancel (gpointer data)
{
  g_autoptr (CuratorPending) pending = data;

  pending->cancel_func (pending->cancel_data);
}

/* In the thread that cancels, perhaps within a signal of the very loop: nothing may happen here and now. */
static void
pending_on_cancelled (GCancellable *cancellable, gpointer data)
{
  CuratorPending *pending = data;

  curator_loop_defer (pending->loop, pending_run_cancel, curator_pending_ref (pending));
}

void
curator_pending_set_cancel (CuratorPending *pending,
                            GCancellable *cancellable,
                            CuratorLoopFunc func,
                            gpointer data,
                            GDestroyNotify free_data)
{
  gboolean done;
  gulong id;

  pending->cancel_func = func;
  pending->cancel_data = data;
  pending->free_cancel_data = free_data;
  if (cancellable == NULL)
    return;
  pending->cancellable = g_object_ref (cancellable);
  id = g_cancellable_connect (cancellable, G_CALLBACK (pending_on_cancelled), curator_pending_ref (pending),
                              (GDestroyNotify) curator_pending_unref);
  /* It may be cancelled and all over by now. */
  g_mutex_lock (&pending->lock);
  done = pending->done;
  if (!done)
    pending->cancelled_id = id;
  g_mutex_unlock (&pending->lock);
  if (done && id != 0)
    g_signal_handler_disconnect (cancellable, id);
}

typedef struct
{
  GTask *task;
  gpointer result;
  GDestroyNotify free_result;
  GError *error;
} Return;

static void
return_now (const Return *what)
{
  g_autoptr (GTask) task = what->task;

  if (what->error != NULL)
    g_task_return_error (task, what->error);
  else
    g_task_return_pointer (task, what->result, what->free_result);
}

static gboolean
on_return (gpointer data)
{
  return_now (data);
  return G_SOURCE_REMOVE;
}

/* A task of the loop's own context would run its callback here, inside of whatever the loop is doing; the
 * callback may iterate the context, and must find the loop at rest then. */
static void
return_task (CuratorPending *pending, const Return *what)
{
  g_autoptr (GSource) source = NULL;

  if (g_task_get_context (what->task) != curator_loop_get_context (pending->loop))
    {
      return_now (what);
      return;
    }
  source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (what->task));
  g_source_set_callback (source, on_return, g_memdup2 (what, sizeof *what), g_free);
  g_source_attach (source, g_task_get_context (what->task));
}

void
curator_pending_complete (CuratorPending *pending, gpointer result, GError *error)
{
  g_autoptr (CuratorPending) self = curator_pending_ref (pending);
  gulong cancelled_id;
  GTask *task;

  g_mutex_lock (&self->lock);
  if (self->done)
    {
      g_mutex_unlock (&self->lock);
      pending_drop_result (self, result, error);
      return;
    }
  self->done = TRUE;
  task = g_steal_pointer (&self->task);
  cancelled_id = self->cancelled_id;
  if (task == NULL)
    {
      self->result = result;
      self->error = error;
    }
  g_mutex_unlock (&self->lock);
  /* Not before: the thread would wake up to wait for the lock. */
  if (task == NULL)
    g_cond_signal (&self->cond);
  /* Not g_cancellable_disconnect (): that would wait for a handler that may be ours, further up the stack. */
  if (cancelled_id != 0)
    g_signal_handler_disconnect (self->cancellable, cancelled_id);
  if (task != NULL)
    return_task (self, &(Return){ task, result, self->free_result, error });
}

gpointer
curator_pending_wait (CuratorPending *pending, GError **error)
{
  if (pending->is_visit)
    curator_loop_leave (pending->loop);
  g_mutex_lock (&pending->lock);
  while (!pending->done)
    g_cond_wait (&pending->cond, &pending->lock);
  g_mutex_unlock (&pending->lock);
  if (pending->error != NULL)
    g_propagate_error (error, g_steal_pointer (&pending->error));
  return g_steal_pointer (&pending->result);
}
