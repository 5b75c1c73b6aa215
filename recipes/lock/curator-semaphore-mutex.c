/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-semaphore-mutex.h"

#include "curator-request-private.h"
#include "curator-semaphore-private.h"

/**
 * CuratorSemaphoreMutex:
 *
 * A lock that one of all processes of a cluster can hold at a time, by the nodes of a semaphore.
 *
 * It is a [class@Curator.Semaphore] with one lease, and there for the sake of programs that use Apache
 * Curator's `InterProcessSemaphoreMutex`, the mutex that is not re-entrant: its nodes are these. Where no
 * such program takes part, [class@Curator.Mutex] does the same in half as many round trips; the two do not
 * know of one another.
 *
 * Threads: all functions may be called from any thread, and any number of calls may be under way. Results are
 * returned in the thread-default main context of the call.
 *
 * Since: 1.0
 */
struct _CuratorSemaphoreMutex
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  CuratorSemaphore *semaphore;
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void curator_semaphore_mutex_lock_init (CuratorLockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CuratorSemaphoreMutex,
                               curator_semaphore_mutex,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CURATOR_TYPE_LOCK, curator_semaphore_mutex_lock_init))

/* One that was made without its construct-only properties is not. */
static gboolean
mutex_is_usable (CuratorSemaphoreMutex *self)
{
  return CURATOR_IS_SEMAPHORE_MUTEX (self) && self->semaphore != NULL;
}

/* Class */

static void
curator_semaphore_mutex_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorSemaphoreMutex *self = CURATOR_SEMAPHORE_MUTEX (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_semaphore_mutex_set_property (GObject *object,
                                      guint property_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  CuratorSemaphoreMutex *self = CURATOR_SEMAPHORE_MUTEX (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_semaphore_mutex_constructed (GObject *object)
{
  CuratorSemaphoreMutex *self = CURATOR_SEMAPHORE_MUTEX (object);

  G_OBJECT_CLASS (curator_semaphore_mutex_parent_class)->constructed (object);

  if (self->client != NULL && self->path != NULL)
    self->semaphore = curator_semaphore_new (self->client, self->path, 1);
}

static void
curator_semaphore_mutex_finalize (GObject *object)
{
  CuratorSemaphoreMutex *self = CURATOR_SEMAPHORE_MUTEX (object);

  g_clear_object (&self->semaphore);
  g_clear_object (&self->client);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (curator_semaphore_mutex_parent_class)->finalize (object);
}

static void
curator_semaphore_mutex_class_init (CuratorSemaphoreMutexClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = curator_semaphore_mutex_get_property;
  object_class->set_property = curator_semaphore_mutex_set_property;
  object_class->constructed = curator_semaphore_mutex_constructed;
  object_class->finalize = curator_semaphore_mutex_finalize;

  /**
   * CuratorSemaphoreMutex:client: (getter get_client)
   *
   * The client through which the mutex is acquired.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorSemaphoreMutex:path: (getter get_path)
   *
   * The path that all who contend for the mutex agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_semaphore_mutex_lock_init (CuratorLockInterface *iface)
{
  iface->acquire_async = (void (*) (CuratorLock *, gint64, GCancellable *, GAsyncReadyCallback,
                                    gpointer)) curator_semaphore_mutex_acquire_async;
  iface->acquire_finish =
      (CuratorLease * (*) (CuratorLock *, GAsyncResult *, GError **) ) curator_semaphore_mutex_acquire_finish;
  iface->acquire_sync = (CuratorLease * (*) (CuratorLock *, gint64, GCancellable *, GError **) )
      curator_semaphore_mutex_acquire_sync;
}

static void
curator_semaphore_mutex_init (CuratorSemaphoreMutex *self)
{
}

/**
 * curator_semaphore_mutex_new:
 * @client: a client
 * @path: the path that all who contend for the mutex agree on, relative to the client's namespace; an invalid
 * one is reported by the calls that use it
 *
 * Creates a mutex. Nothing is sent before it is acquired.
 *
 * Returns: (transfer full): the mutex
 *
 * Since: 1.0
 */
CuratorSemaphoreMutex *
curator_semaphore_mutex_new (CuratorFramework *client, const char *path)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_SEMAPHORE_MUTEX, "client", client, "path", path, NULL);
}

/**
 * curator_semaphore_mutex_get_client: (get-property client)
 * @self: a mutex
 *
 * Gets the client through which the mutex is acquired.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_semaphore_mutex_get_client (CuratorSemaphoreMutex *self)
{
  g_return_val_if_fail (CURATOR_IS_SEMAPHORE_MUTEX (self), NULL);

  return self->client;
}

/**
 * curator_semaphore_mutex_get_path: (get-property path)
 * @self: a mutex
 *
 * Gets the path that all who contend for the mutex agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_semaphore_mutex_get_path (CuratorSemaphoreMutex *self)
{
  g_return_val_if_fail (CURATOR_IS_SEMAPHORE_MUTEX (self), NULL);

  return self->path;
}

/**
 * curator_semaphore_mutex_acquire_async:
 * @self: a mutex
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else holds
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the mutex is acquired, or when that failed
 * @user_data: for @callback
 *
 * Waits for one's turn to hold the mutex. Whatever ends the wait, no node is left behind.
 *
 * Since: 1.0
 */
void
curator_semaphore_mutex_acquire_async (CuratorSemaphoreMutex *self,
                                       gint64 timeout_ms,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorSemaphoreOptions options;

  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_semaphore_get_options (self->semaphore, 1, timeout_ms);
  curator_semaphore_call_async (&options, self, curator_semaphore_mutex_acquire_async, cancellable, callback,
                                user_data);
}

/**
 * curator_semaphore_mutex_acquire_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.SemaphoreMutex.acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.SemaphoreMutex.acquire_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the
 * client was closed meanwhile, was never started, or belongs to the process that this one was forked from,
 * `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out and whatever the server reports, such as
 * %CURATOR_ERROR_NO_AUTH. A call that was cancelled when it had been granted already still returns its lease.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_mutex_acquire_finish (CuratorSemaphoreMutex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_semaphore_mutex_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_mutex_acquire_sync:
 * @self: a mutex
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else holds
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for one's turn to hold the mutex, and blocks meanwhile. For the errors see
 * [method@Curator.SemaphoreMutex.acquire_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_mutex_acquire_sync (CuratorSemaphoreMutex *self,
                                      gint64 timeout_ms,
                                      GCancellable *cancellable,
                                      GError **error)
{
  CuratorSemaphoreOptions options;

  g_return_val_if_fail (mutex_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_semaphore_get_options (self->semaphore, 1, timeout_ms);
  return curator_semaphore_call_sync (&options, cancellable, error);
}

/**
 * curator_semaphore_mutex_try_acquire_async:
 * @self: a mutex
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Acquires the mutex if nobody else has it or waits for it. Does not wait for others, but for the connection
 * as every operation does.
 *
 * Since: 1.0
 */
void
curator_semaphore_mutex_try_acquire_async (CuratorSemaphoreMutex *self,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  CuratorSemaphoreOptions options;

  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_semaphore_get_options (self->semaphore, 1, 0);
  options.is_try = TRUE;
  curator_semaphore_call_async (&options, self, curator_semaphore_mutex_try_acquire_async, cancellable,
                                callback, user_data);
}

/**
 * curator_semaphore_mutex_try_acquire_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.SemaphoreMutex.try_acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.SemaphoreMutex.try_acquire_async]. That somebody else has the mutex is no error. For
 * the errors see [method@Curator.SemaphoreMutex.acquire_finish].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if somebody else has the mutex or
 * waits for it, or with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_mutex_try_acquire_finish (CuratorSemaphoreMutex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_semaphore_mutex_try_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_mutex_try_acquire_sync:
 * @self: a mutex
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Acquires the mutex if nobody else has it or waits for it; see
 * [method@Curator.SemaphoreMutex.try_acquire_async]. For the errors see
 * [method@Curator.SemaphoreMutex.acquire_sync].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if somebody else has the mutex or
 * waits for it, or with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_semaphore_mutex_try_acquire_sync (CuratorSemaphoreMutex *self,
                                          GCancellable *cancellable,
                                          GError **error)
{
  CuratorSemaphoreOptions options;

  g_return_val_if_fail (mutex_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = curator_semaphore_get_options (self->semaphore, 1, 0);
  options.is_try = TRUE;
  return curator_semaphore_call_sync (&options, cancellable, error);
}

/**
 * curator_semaphore_mutex_get_participant_nodes_async:
 * @self: a mutex
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server who holds the mutex and who waits for it.
 *
 * Since: 1.0
 */
void
curator_semaphore_mutex_get_participant_nodes_async (CuratorSemaphoreMutex *self,
                                                     GCancellable *cancellable,
                                                     GAsyncReadyCallback callback,
                                                     gpointer user_data)
{
  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_semaphore_list_async (self->semaphore, self, curator_semaphore_mutex_get_participant_nodes_async,
                                cancellable, callback, user_data);
}

/**
 * curator_semaphore_mutex_get_participant_nodes_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.SemaphoreMutex.get_participant_nodes_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.SemaphoreMutex.get_participant_nodes_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED`, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, and
 * whatever the server reports.
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, the holder's first and the others in their order; empty where nobody takes part. %NULL with
 * @error set
 *
 * Since: 1.0
 */
GStrv
curator_semaphore_mutex_get_participant_nodes_finish (CuratorSemaphoreMutex *self,
                                                      GAsyncResult *result,
                                                      GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (
      g_async_result_is_tagged (result, curator_semaphore_mutex_get_participant_nodes_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_semaphore_mutex_get_participant_nodes_sync:
 * @self: a mutex
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who holds the mutex and who waits for it, and blocks meanwhile. For the errors see
 * [method@Curator.SemaphoreMutex.get_participant_nodes_finish]; in the client's own main context there is
 * also `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, the holder's first and the others in their order; empty where nobody takes part. %NULL with
 * @error set
 *
 * Since: 1.0
 */
GStrv
curator_semaphore_mutex_get_participant_nodes_sync (CuratorSemaphoreMutex *self,
                                                    GCancellable *cancellable,
                                                    GError **error)
{
  g_return_val_if_fail (mutex_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return curator_semaphore_list_sync (self->semaphore, cancellable, error);
}
