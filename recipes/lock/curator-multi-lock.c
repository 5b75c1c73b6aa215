/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-multi-lock.h"

#include "curator-loop-private.h"
#include "curator-mutex.h"
#include "curator-request-private.h"

/**
 * CuratorMultiLock:
 *
 * Several locks that are acquired as one: all of them, or none.
 *
 * They are acquired one after the other, in the order that they were given in. Whoever takes several of the
 * same locks has to take them in the same order everywhere, or two may wait for one another until their time
 * is over. The time-out is for all of them together. When one cannot be acquired, those before it are given
 * back, the last one first.
 *
 * What is acquired are the leases of all locks, in their order. Each is lost and given back on its own;
 * whoever needs all of them has to look at all of them.
 *
 * This is what Apache Curator's `InterProcessMultiLock` does, with the same order.
 *
 * Threads: all functions may be called from any thread, and any number of calls may be under way. Results are
 * returned in the thread-default main context of the call, which has to run for one lock to follow the other.
 *
 * Since: 1.0
 */
struct _CuratorMultiLock
{
  GObject parent_instance;

  CuratorFramework *client;
  GPtrArray *locks; /* (element-type CuratorLock) */
};

G_DEFINE_FINAL_TYPE (CuratorMultiLock, curator_multi_lock, G_TYPE_OBJECT)

/* The locks that a call has, and the time that it has left for the others. */
typedef struct
{
  GPtrArray *leases; /* (element-type CuratorLease) */
  gint64 timeout_ms;
  gint64 deadline_us; /* of a time-out above 0 */
} Progress;

static void
progress_init (Progress *progress, CuratorMultiLock *self, gint64 timeout_ms)
{
  progress->leases = g_ptr_array_new_with_free_func (g_object_unref);
  progress->timeout_ms = timeout_ms;
  progress->deadline_us = curator_loop_now_us (curator_framework_get_loop (self->client)) + timeout_ms * 1000;
}

static void
progress_clear (Progress *progress)
{
  g_clear_pointer (&progress->leases, g_ptr_array_unref);
}

static void
progress_free (gpointer data)
{
  progress_clear (data);
  g_free (data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Progress, progress_clear)

static gint64
progress_get_rest_ms (const Progress *progress, CuratorMultiLock *self)
{
  gint64 now_us = curator_loop_now_us (curator_framework_get_loop (self->client));

  if (progress->timeout_ms <= 0)
    return progress->timeout_ms;
  return MAX (0, (progress->deadline_us - now_us + 999) / 1000);
}

/* The last one first. */
static void
progress_give_back (Progress *progress)
{
  for (guint i = progress->leases->len; i > 0; i--)
    curator_lease_release_in_background (progress->leases->pdata[i - 1]);
}

static CuratorLock *
progress_get_next (const Progress *progress, CuratorMultiLock *self)
{
  return progress->leases->len < self->locks->len ? self->locks->pdata[progress->leases->len] : NULL;
}

/* One who took the same lock twice would wait for himself. */
static gboolean
check_locks (CuratorMultiLock *self, GError **error)
{
  if (self->locks->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "acquire several: there are no locks");
      return FALSE;
    }
  for (guint i = 0; i < self->locks->len; i++)
    for (guint j = 0; j < i; j++)
      {
        gboolean are_mutexes =
            CURATOR_IS_MUTEX (self->locks->pdata[i]) && CURATOR_IS_MUTEX (self->locks->pdata[j]);
        gboolean is_same = self->locks->pdata[i] == self->locks->pdata[j];

        if (are_mutexes)
          is_same = curator_mutex_get_client (self->locks->pdata[i]) ==
                        curator_mutex_get_client (self->locks->pdata[j]) &&
                    g_str_equal (curator_mutex_get_path (self->locks->pdata[i]),
                                 curator_mutex_get_path (self->locks->pdata[j]));
        if (is_same)
          {
            g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "acquire several: number %u and number %u are the same lock%s%s", j + 1, i + 1,
                         are_mutexes ? ", " : "",
                         are_mutexes ? curator_mutex_get_path (self->locks->pdata[i]) : "");
            return FALSE;
          }
      }
  return TRUE;
}

/* Class */

static void
curator_multi_lock_dispose (GObject *object)
{
  CuratorMultiLock *self = CURATOR_MULTI_LOCK (object);

  g_clear_pointer (&self->locks, g_ptr_array_unref);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_multi_lock_parent_class)->dispose (object);
}

static void
curator_multi_lock_class_init (CuratorMultiLockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = curator_multi_lock_dispose;
}

static void
curator_multi_lock_init (CuratorMultiLock *self)
{
  self->locks = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
multi_lock_is_usable (CuratorMultiLock *self)
{
  return CURATOR_IS_MULTI_LOCK (self) && self->client != NULL;
}

/**
 * curator_multi_lock_new:
 * @client: a client, whose clock counts
 * @locks: (array length=n_locks) (transfer none): the locks, in the order in which they are to be acquired
 * @n_locks: how many; with none of them acquiring is an error
 *
 * Makes one lock of several. Nothing is sent before it is acquired.
 *
 * Returns: (transfer full): the lock
 *
 * Since: 1.0
 */
CuratorMultiLock *
curator_multi_lock_new (CuratorFramework *client, CuratorLock **locks, gsize n_locks)
{
  CuratorMultiLock *self;

  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (locks != NULL || n_locks == 0, NULL);

  self = g_object_new (CURATOR_TYPE_MULTI_LOCK, NULL);
  self->client = g_object_ref (client);
  for (gsize i = 0; i < n_locks; i++)
    g_ptr_array_add (self->locks, g_object_ref (locks[i]));
  return self;
}

/**
 * curator_multi_lock_new_for_paths:
 * @client: a client
 * @paths: (array zero-terminated=1): the paths of mutexes, in the order in which they are to be acquired; with
 * none of them acquiring is an error
 *
 * Makes one lock of the mutexes ([class@Curator.Mutex]) of several paths. Nothing is sent before it is
 * acquired; invalid paths are reported then.
 *
 * Returns: (transfer full): the lock
 *
 * Since: 1.0
 */
CuratorMultiLock *
curator_multi_lock_new_for_paths (CuratorFramework *client, const char *const *paths)
{
  CuratorMultiLock *self;

  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (paths != NULL, NULL);

  self = g_object_new (CURATOR_TYPE_MULTI_LOCK, NULL);
  self->client = g_object_ref (client);
  for (; *paths != NULL; paths++)
    g_ptr_array_add (self->locks, curator_mutex_new (client, *paths));
  return self;
}

/* Takes @task. */
static void acquire_next (GTask *task);

static void
on_acquired (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Progress *progress = g_task_get_task_data (task);
  GError *error = NULL;
  CuratorLease *lease = curator_lock_acquire_finish (CURATOR_LOCK (object), result, &error);

  if (lease == NULL)
    {
      progress_give_back (progress);
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_add (progress->leases, lease);
  acquire_next (g_steal_pointer (&task));
}

static void
acquire_next (GTask *task)
{
  CuratorMultiLock *self = g_task_get_source_object (task);
  Progress *progress = g_task_get_task_data (task);
  CuratorLock *lock = progress_get_next (progress, self);

  if (lock != NULL)
    curator_lock_acquire_async (lock, progress_get_rest_ms (progress, self), g_task_get_cancellable (task),
                                on_acquired, task);
  else
    {
      g_task_return_pointer (task, g_steal_pointer (&progress->leases), (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
    }
}

/**
 * curator_multi_lock_acquire_async:
 * @self: a lock of several
 * @timeout_ms: how long to wait for all together, in milliseconds: -1 for ever, 0 to fail where somebody else
 * holds one of them
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Waits for all locks. Whatever ends the wait, no node is left behind.
 *
 * Since: 1.0
 */
void
curator_multi_lock_acquire_async (CuratorMultiLock *self,
                                  gint64 timeout_ms,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Progress *progress = NULL;
  GTask *task = NULL;
  GError *error = NULL;

  g_return_if_fail (multi_lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, curator_multi_lock_acquire_async);
  /* Leases that were granted are handed over, come what may. */
  g_task_set_check_cancellable (task, FALSE);
  if (!check_locks (self, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  progress = g_new0 (Progress, 1);
  progress_init (progress, self, timeout_ms);
  g_task_set_task_data (task, progress, progress_free);
  acquire_next (task);
}

/**
 * curator_multi_lock_acquire_finish:
 * @self: a lock of several
 * @result: the result of [method@Curator.MultiLock.acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.MultiLock.acquire_async].
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` where there are no locks, or one is there twice, and those of the lock that could
 * not be acquired; see [method@Curator.Mutex.acquire_finish].
 *
 * Returns: (transfer container) (element-type CuratorLease): the leases in the order of the locks, or %NULL
 * with
 * @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_multi_lock_acquire_finish (CuratorMultiLock *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_multi_lock_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_multi_lock_acquire_sync:
 * @self: a lock of several
 * @timeout_ms: how long to wait for all together, in milliseconds: -1 for ever, 0 to fail where somebody else
 * holds one of them
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for all locks, and blocks meanwhile. For the errors see [method@Curator.MultiLock.acquire_finish]; in
 * a client's own main context there is also `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer container) (element-type CuratorLease): the leases in the order of the locks, or %NULL
 * with
 * @error set
 *
 * Since: 1.0
 */
GPtrArray *
curator_multi_lock_acquire_sync (CuratorMultiLock *self,
                                 gint64 timeout_ms,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_auto (Progress) progress = { 0 };
  CuratorLock *lock;

  g_return_val_if_fail (multi_lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_locks (self, error))
    return NULL;
  progress_init (&progress, self, timeout_ms);
  while ((lock = progress_get_next (&progress, self)) != NULL)
    {
      CuratorLease *lease =
          curator_lock_acquire_sync (lock, progress_get_rest_ms (&progress, self), cancellable, error);

      if (lease == NULL)
        {
          progress_give_back (&progress);
          return NULL;
        }
      g_ptr_array_add (progress.leases, lease);
    }
  return g_steal_pointer (&progress.leases);
}
