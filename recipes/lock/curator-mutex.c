/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-mutex.h"

#include "curator-acquire-private.h"
#include "curator-call-private.h"
#include "curator-participants-private.h"
#include "curator-request-private.h"
#include "curator-revocation-private.h"

/**
 * CuratorMutex:
 *
 * A lock that one of all processes of a cluster can hold at a time.
 *
 * Each call of [method@Curator.Mutex.acquire_async] or one of its siblings takes part on its own. The calls
 * on one object are served in their order, and of those that wait one at a time waits on the server, however
 * many there are. Among the objects, in this process and others, whoever came first holds first. What was
 * acquired is a [class@Curator.Lease]. It belongs to whoever has the object, not to a thread, and the mutex
 * is not re-entrant: acquiring it while holding it waits for oneself.
 *
 * The nodes are those of Apache Curator's `InterProcessMutex`, so that Java programs take part in the same
 * lock. The nodes of kazoo's `Lock` under the same path are waited for as well; kazoo waits for ours when it
 * is told to with `extra_lock_patterns=["-lock-"]`, but Java programs do not see kazoo's. Other nodes under
 * the path are ignored. The path itself is a container, which the server removes some time after the last one
 * has left.
 *
 * Who waits goes on waiting over suspensions of the connection. When the session ends, or somebody deletes
 * the node of a waiting call, that call begins anew at the end of the queue. A call that begins without a
 * connection, and finds none for longer than the client's retry policy allows, fails; one that does not want
 * to wait for others does not wait for a connection that goes later either, but for the client's connection
 * time-out.
 *
 * Threads: all functions may be called from any thread, and any number of calls may be under way. Results are
 * returned in the thread-default main context of the call.
 *
 * Since: 1.0
 */
struct _CuratorMutex
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  CuratorContenderQueue *queue;
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const patterns[] = { "lock-", "__lock__", NULL };
static const char *const revocable_patterns[] = { "lock-", NULL };
static const CuratorContenderKind mutex_kind = {
  .operation = "acquire",
  .name = "lock-",
  .patterns = patterns,
};

static void curator_mutex_lock_init (CuratorLockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CuratorMutex,
                               curator_mutex,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CURATOR_TYPE_LOCK, curator_mutex_lock_init))

/* One that was made without its construct-only properties is not. */
static gboolean
mutex_is_usable (CuratorMutex *self)
{
  return CURATOR_IS_MUTEX (self) && self->client != NULL && self->path != NULL;
}

static CuratorRevocationOptions
mutex_make_revocation (CuratorMutex *self, const char *participant)
{
  return (CuratorRevocationOptions){
    .client = self->client,
    .kind = &mutex_kind,
    .revocable = revocable_patterns,
    .parent = self->path,
    .participant = participant,
  };
}

/* Class */

static void
curator_mutex_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorMutex *self = CURATOR_MUTEX (object);

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
curator_mutex_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorMutex *self = CURATOR_MUTEX (object);

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
curator_mutex_finalize (GObject *object)
{
  CuratorMutex *self = CURATOR_MUTEX (object);

  g_clear_pointer (&self->queue, curator_contender_queue_unref);
  g_clear_object (&self->client);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (curator_mutex_parent_class)->finalize (object);
}

static void
curator_mutex_class_init (CuratorMutexClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = curator_mutex_get_property;
  object_class->set_property = curator_mutex_set_property;
  object_class->finalize = curator_mutex_finalize;

  /**
   * CuratorMutex:client: (getter get_client)
   *
   * The client through which the mutex is acquired.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorMutex:path: (getter get_path)
   *
   * The path that all who contend for the mutex agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_mutex_lock_init (CuratorLockInterface *iface)
{
  iface->acquire_async = (void (*) (CuratorLock *, gint64, GCancellable *, GAsyncReadyCallback,
                                    gpointer)) curator_mutex_acquire_async;
  iface->acquire_finish =
      (CuratorLease * (*) (CuratorLock *, GAsyncResult *, GError **) ) curator_mutex_acquire_finish;
  iface->acquire_sync =
      (CuratorLease * (*) (CuratorLock *, gint64, GCancellable *, GError **) ) curator_mutex_acquire_sync;
}

static void
curator_mutex_init (CuratorMutex *self)
{
  self->queue = curator_contender_queue_new ();
}

/**
 * curator_mutex_new:
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
CuratorMutex *
curator_mutex_new (CuratorFramework *client, const char *path)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_MUTEX, "client", client, "path", path, NULL);
}

/**
 * curator_mutex_get_client: (get-property client)
 * @self: a mutex
 *
 * Gets the client through which the mutex is acquired.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_mutex_get_client (CuratorMutex *self)
{
  g_return_val_if_fail (CURATOR_IS_MUTEX (self), NULL);

  return self->client;
}

/**
 * curator_mutex_get_path: (get-property path)
 * @self: a mutex
 *
 * Gets the path that all who contend for the mutex agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_mutex_get_path (CuratorMutex *self)
{
  g_return_val_if_fail (CURATOR_IS_MUTEX (self), NULL);

  return self->path;
}

/**
 * curator_mutex_acquire_async:
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
curator_mutex_acquire_async (CuratorMutex *self,
                             gint64 timeout_ms,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = (CuratorAcquireOptions){ .client = self->client,
                                     .kind = &mutex_kind,
                                     .queue = self->queue,
                                     .path = self->path,
                                     .timeout_ms = timeout_ms };
  curator_acquire_async (&options, self, curator_mutex_acquire_async, cancellable, callback, user_data);
}

/**
 * curator_mutex_acquire_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.Mutex.acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Mutex.acquire_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the
 * client was closed meanwhile, was never started, or belongs to the process that this one was forked from,
 * `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out, %CURATOR_ERROR_SEQUENCE_EXHAUSTED when the
 * server's counter is about to wrap, and whatever the server reports, such as %CURATOR_ERROR_NO_AUTH. A call
 * that was cancelled when it had been granted already still returns its lease.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_mutex_acquire_finish (CuratorMutex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_mutex_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_mutex_acquire_sync:
 * @self: a mutex
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where somebody else holds
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for one's turn to hold the mutex, and blocks meanwhile. For the errors see
 * [method@Curator.Mutex.acquire_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_mutex_acquire_sync (CuratorMutex *self, gint64 timeout_ms, GCancellable *cancellable, GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (mutex_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = (CuratorAcquireOptions){ .client = self->client,
                                     .kind = &mutex_kind,
                                     .queue = self->queue,
                                     .path = self->path,
                                     .timeout_ms = timeout_ms };
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_mutex_try_acquire_async:
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
curator_mutex_try_acquire_async (CuratorMutex *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = (CuratorAcquireOptions){
    .client = self->client, .kind = &mutex_kind, .queue = self->queue, .path = self->path, .is_try = TRUE
  };
  curator_acquire_async (&options, self, curator_mutex_try_acquire_async, cancellable, callback, user_data);
}

/**
 * curator_mutex_try_acquire_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.Mutex.try_acquire_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Mutex.try_acquire_async]. That somebody else has the mutex is no error. For the errors
 * see [method@Curator.Mutex.acquire_finish].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if somebody else has the mutex or
 * waits for it, or with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_mutex_try_acquire_finish (CuratorMutex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_mutex_try_acquire_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_mutex_try_acquire_sync:
 * @self: a mutex
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Acquires the mutex if nobody else has it or waits for it; see [method@Curator.Mutex.try_acquire_async]. For
 * the errors see [method@Curator.Mutex.acquire_sync].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if somebody else has the mutex or
 * waits for it, or with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_mutex_try_acquire_sync (CuratorMutex *self, GCancellable *cancellable, GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (mutex_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = (CuratorAcquireOptions){
    .client = self->client, .kind = &mutex_kind, .queue = self->queue, .path = self->path, .is_try = TRUE
  };
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_mutex_get_participant_nodes_async:
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
curator_mutex_get_participant_nodes_async (CuratorMutex *self,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_participants_list_async (self->client, &mutex_kind, self->path, self,
                                   curator_mutex_get_participant_nodes_async, cancellable, callback,
                                   user_data);
}

/**
 * curator_mutex_get_participant_nodes_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.Mutex.get_participant_nodes_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Mutex.get_participant_nodes_async].
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
curator_mutex_get_participant_nodes_finish (CuratorMutex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_mutex_get_participant_nodes_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_mutex_get_participant_nodes_sync:
 * @self: a mutex
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server who holds the mutex and who waits for it, and blocks meanwhile. For the errors see
 * [method@Curator.Mutex.get_participant_nodes_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, the holder's first and the others in their order; empty where nobody takes part. %NULL with
 * @error set
 *
 * Since: 1.0
 */
GStrv
curator_mutex_get_participant_nodes_sync (CuratorMutex *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (mutex_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return curator_participants_list_sync (self->client, &mutex_kind, self->path, cancellable, error);
}

/**
 * curator_mutex_request_revocation_async:
 * @self: a mutex
 * @participant: (nullable): the path of the node of who is to give it back, %NULL for the current holder
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the request was made, or when that failed
 * @user_data: for @callback
 *
 * Asks somebody to give his lease back soon. Nothing forces him to: the request is made when it stands in his
 * node, as Apache Curator's `Revoker` would write it. A holder of this library hears of it by
 * [signal@Curator.Lease::revocation-requested], a Java program by its `RevocationListener`. Who waits still
 * hears of it when he holds.
 *
 * Since: 1.0
 */
void
curator_mutex_request_revocation_async (CuratorMutex *self,
                                        const char *participant,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  CuratorRevocationOptions options;

  g_return_if_fail (mutex_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = mutex_make_revocation (self, participant);
  curator_revocation_request_async (&options, self, curator_mutex_request_revocation_async, cancellable,
                                    callback, user_data);
}

/**
 * curator_mutex_request_revocation_finish:
 * @self: a mutex
 * @result: the result of [method@Curator.Mutex.request_revocation_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Mutex.request_revocation_async].
 *
 * Errors: %CURATOR_ERROR_NO_NODE where nobody holds, or the participant has left; `G_IO_ERROR_NOT_SUPPORTED`
 * where he is one who does not heed such requests, such as a kazoo program; `G_IO_ERROR_INVALID_ARGUMENT` for
 * what is not the path of a participant; `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED`, and whatever the server
 * reports, such as %CURATOR_ERROR_NO_AUTH. A call that was cancelled may have made the request.
 *
 * Returns: %TRUE if the request was made
 *
 * Since: 1.0
 */
gboolean
curator_mutex_request_revocation_finish (CuratorMutex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_MUTEX (self), FALSE);

  return curator_call_finish (self, curator_mutex_request_revocation_async, result, error);
}

/**
 * curator_mutex_request_revocation_sync:
 * @self: a mutex
 * @participant: (nullable): the path of the node of who is to give it back, %NULL for the current holder
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks somebody to give his lease back soon, and blocks until the request is made; see
 * [method@Curator.Mutex.request_revocation_async] and, for the errors,
 * [method@Curator.Mutex.request_revocation_finish]. In the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the request was made
 *
 * Since: 1.0
 */
gboolean
curator_mutex_request_revocation_sync (CuratorMutex *self,
                                       const char *participant,
                                       GCancellable *cancellable,
                                       GError **error)
{
  CuratorRevocationOptions options;

  g_return_val_if_fail (mutex_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = mutex_make_revocation (self, participant);
  return curator_revocation_request_sync (&options, cancellable, error);
}
