/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-completion-private.h"

struct _CuratorCompletion
{
  GTask *task; /* NULL for a blocked thread */
  CuratorLoop *loop; /* with a task */
  GMutex lock;
  GCond cond;
  gboolean returned;
  GError *error;
};

CuratorCompletion *
curator_completion_new_for_task (GTask *task, CuratorLoop *loop)
{
  CuratorCompletion *completion = curator_completion_new ();

  completion->task = task;
  completion->loop = curator_loop_ref (loop);
  return completion;
}

CuratorCompletion *
curator_completion_new (void)
{
  CuratorCompletion *completion = g_new0 (CuratorCompletion, 1);

  g_mutex_init (&completion->lock);
  g_cond_init (&completion->cond);
  return completion;
}

static void
completion_free (CuratorCompletion *completion)
{
  g_mutex_clear (&completion->lock);
  g_cond_clear (&completion->cond);
  g_clear_object (&completion->task);
  g_clear_pointer (&completion->loop, curator_loop_unref);
  g_free (completion);
}

static void
return_task (gpointer user_data)
{
  CuratorCompletion *completion = user_data;

  if (completion->error != NULL)
    g_task_return_error (completion->task, completion->error);
  else
    g_task_return_boolean (completion->task, TRUE);
  completion_free (completion);
}

void
curator_completion_return (CuratorCompletion *completion, GError *error)
{
  if (completion->task != NULL)
    {
      completion->error = error;
      /* Where there is no loop there is nothing that the callback could disturb. */
      if (curator_loop_is_alive (completion->loop))
        curator_loop_defer (completion->loop, return_task, completion);
      else
        return_task (completion);
      return;
    }
  g_mutex_lock (&completion->lock);
  completion->error = error;
  completion->returned = TRUE;
  g_cond_signal (&completion->cond);
  g_mutex_unlock (&completion->lock);
}

gboolean
curator_completion_wait (CuratorCompletion *completion, GError **error)
{
  GError *failure;

  g_mutex_lock (&completion->lock);
  while (!completion->returned)
    g_cond_wait (&completion->cond, &completion->lock);
  failure = completion->error;
  g_mutex_unlock (&completion->lock);
  completion_free (completion);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}
