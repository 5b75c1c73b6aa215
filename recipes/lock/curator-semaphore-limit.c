/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-semaphore-limit-private.h"

#include "curator-shared-count-follow-private.h"

struct _CuratorSemaphoreLimit
{
  gatomicrefcount ref_count;
  CuratorLoop *loop;
  guint limit;           /* atomic */
  GHashTable *listeners; /* loop only: user data → function */
};

CuratorSemaphoreLimit *
curator_semaphore_limit_new (CuratorLoop *loop, guint limit)
{
  CuratorSemaphoreLimit *self = g_new0 (CuratorSemaphoreLimit, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->loop = curator_loop_ref (loop);
  self->limit = limit;
  self->listeners = g_hash_table_new (NULL, NULL);
  return self;
}

CuratorSemaphoreLimit *
curator_semaphore_limit_ref (CuratorSemaphoreLimit *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_semaphore_limit_unref (CuratorSemaphoreLimit *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->listeners);
  curator_loop_unref (self->loop);
  g_free (self);
}

guint
curator_semaphore_limit_get (CuratorSemaphoreLimit *self)
{
  return g_atomic_int_get (&self->limit);
}

/* Whoever is told may go at that, and take others along. */
static void
run_tell (gpointer data)
{
  g_autoptr (CuratorSemaphoreLimit) self = data;
  g_autofree gpointer *listeners = NULL;
  guint n_listeners;

  listeners = g_hash_table_get_keys_as_array (self->listeners, &n_listeners);
  for (guint i = 0; i < n_listeners; i++)
    {
      CuratorSemaphoreLimitFunc func =
          (CuratorSemaphoreLimitFunc) g_hash_table_lookup (self->listeners, listeners[i]);

      if (func != NULL)
        func (curator_semaphore_limit_get (self), listeners[i]);
    }
}

void
curator_semaphore_limit_set (CuratorSemaphoreLimit *self, guint limit)
{
  g_atomic_int_set (&self->limit, limit);
  if (curator_loop_is_alive (self->loop))
    curator_loop_invoke (self->loop, run_tell, curator_semaphore_limit_ref (self));
}

static void
on_count (CuratorVersionedValue *value, gpointer user_data)
{
  curator_semaphore_limit_set (user_data, (guint) MAX (curator_versioned_value_get_count (value), 0));
}

void
curator_semaphore_limit_follow (CuratorSemaphoreLimit *self, CuratorSharedCount *count)
{
  curator_shared_count_follow (count, on_count, curator_semaphore_limit_ref (self),
                               (GDestroyNotify) curator_semaphore_limit_unref);
}

void
curator_semaphore_limit_unfollow (CuratorSemaphoreLimit *self, CuratorSharedCount *count)
{
  curator_shared_count_unfollow (count, self);
}

void
curator_semaphore_limit_watch (CuratorSemaphoreLimit *self,
                               CuratorSemaphoreLimitFunc func,
                               gpointer user_data)
{
  g_hash_table_insert (self->listeners, user_data, (gpointer) func);
}

void
curator_semaphore_limit_unwatch (CuratorSemaphoreLimit *self, gpointer user_data)
{
  g_hash_table_remove (self->listeners, user_data);
}
