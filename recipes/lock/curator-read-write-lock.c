/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-read-write-lock.h"

#include <string.h>

#include "curator-acquire-private.h"
#include "curator-names-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

#define READ_NAME  "__READ__"
#define WRITE_NAME "__WRIT__"

/**
 * CuratorReadWriteLock:
 *
 * A lock that either any number of readers of a cluster hold, or one writer.
 *
 * Each call of [method@Curator.ReadWriteLock.acquire_read_async],
 * [method@Curator.ReadWriteLock.acquire_write_async] or one of their siblings takes part on its own. A reader
 * waits for the writers that came before it, a writer for everybody who came before it. So writers are not
 * starved by readers that keep coming, writers hold in the order in which they came, and readers behind the
 * same writer hold together. What was acquired is a [class@Curator.Lease]. It belongs to whoever has the
 * object, not to a thread, and the lock is not re-entrant: a writer that acquires once more waits for itself.
 *
 * Who holds the write lease can take a read lease besides, by
 * [method@Curator.ReadWriteLock.acquire_covered_read_async], and then give the write lease back: nobody
 * writes in between. The other way round there is none: who holds a read lease and acquires a write lease
 * waits for itself.
 *
 * The nodes are those of Apache Curator's `InterProcessReadWriteLock`, so that Java programs take part in the
 * same lock. The nodes of kazoo's `ReadLock` and `WriteLock` under the same path are waited for as well;
 * kazoo waits for ours when it is told to, with `extra_lock_patterns=["__WRIT__"]` for a `ReadLock` and
 * `["__WRIT__", "__READ__"]` for a `WriteLock`, but Java programs do not see kazoo's. Other nodes under the
 * path are ignored. The path itself is a container, which the server removes some time after the last one has
 * left.
 *
 * Who waits goes on waiting over suspensions of the connection. When the session ends, or somebody deletes
 * the node of a waiting call, that call begins anew at the end of the queue; a covered read fails then. For
 * calls that find no connection see [class@Curator.Mutex].
 *
 * Threads: all functions may be called from any thread, and any number of calls may be under way. Results are
 * returned in the thread-default main context of the call.
 *
 * Since: 1.0
 */
struct _CuratorReadWriteLock
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* kazoo's are in lower case; a node of "__rlock__" is none of "__lock__". */
static const char *const writer_patterns[] = { WRITE_NAME, "__lock__", NULL };
static const char *const all_patterns[] = { READ_NAME, WRITE_NAME, "__rlock__", "__lock__", NULL };

/* Other readers do not matter to a reader, and no writer gets before one that is there. */
static const CuratorContenderKind read_kind = {
  .operation = "acquire read",
  .name = READ_NAME,
  .patterns = writer_patterns,
};
/* A writer before us may take a read, under its own number, at any time until it leaves. */
static const CuratorContenderKind write_kind = {
  .operation = "acquire write",
  .name = WRITE_NAME,
  .patterns = all_patterns,
  .overtaken = TRUE,
};

G_DEFINE_FINAL_TYPE (CuratorReadWriteLock, curator_read_write_lock, G_TYPE_OBJECT)

/* One that was made without its construct-only properties is not. */
static gboolean
lock_is_usable (CuratorReadWriteLock *self)
{
  return CURATOR_IS_READ_WRITE_LOCK (self) && self->client != NULL && self->path != NULL;
}

static CuratorAcquireOptions
lock_make_options (CuratorReadWriteLock *self, const CuratorContenderKind *kind, gint64 timeout_ms)
{
  return (CuratorAcquireOptions){
    .client = self->client,
    .kind = kind,
    .path = self->path,
    .timeout_ms = timeout_ms,
  };
}

static CuratorAcquireOptions
lock_make_try_options (CuratorReadWriteLock *self, const CuratorContenderKind *kind)
{
  CuratorAcquireOptions options = lock_make_options (self, kind, 0);

  options.is_try = TRUE;
  return options;
}

/* Whether @write is a write lease of this lock; an invalid path of the lock is reported by who uses it. */
static gboolean
lock_check_write (CuratorReadWriteLock *self, CuratorLease *write, GError **error)
{
  const char *path = curator_lease_get_path (write);
  g_autofree char *expected = NULL;
  g_autofree char *quoted = NULL;
  gint32 sequence;

  if (!curator_path_validate (self->path, FALSE, NULL))
    return TRUE;
  if (path != NULL)
    {
      const char *name = curator_path_get_basename (path);

      expected = curator_path_make (self->path, name);
      if (strcmp (expected, path) == 0 && curator_names_get_sequence (name, WRITE_NAME, &sequence))
        return TRUE;
    }
  quoted = curator_path_quote (self->path);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s %s: not a write lease of this lock",
               read_kind.operation, quoted);
  return FALSE;
}

/* Class */

static void
curator_read_write_lock_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorReadWriteLock *self = CURATOR_READ_WRITE_LOCK (object);

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
curator_read_write_lock_set_property (GObject *object,
                                      guint property_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  CuratorReadWriteLock *self = CURATOR_READ_WRITE_LOCK (object);

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
curator_read_write_lock_finalize (GObject *object)
{
  CuratorReadWriteLock *self = CURATOR_READ_WRITE_LOCK (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (curator_read_write_lock_parent_class)->finalize (object);
}

static void
curator_read_write_lock_class_init (CuratorReadWriteLockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = curator_read_write_lock_get_property;
  object_class->set_property = curator_read_write_lock_set_property;
  object_class->finalize = curator_read_write_lock_finalize;

  /**
   * CuratorReadWriteLock:client: (getter get_client)
   *
   * The client through which the lock is acquired.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorReadWriteLock:path: (getter get_path)
   *
   * The path that all readers and writers agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_read_write_lock_init (CuratorReadWriteLock *self)
{
}

/**
 * curator_read_write_lock_new:
 * @client: a client
 * @path: the path that all readers and writers agree on, relative to the client's namespace; an invalid one
 * is reported by the calls that use it
 *
 * Creates a lock. Nothing is sent before it is acquired.
 *
 * Returns: (transfer full): the lock
 *
 * Since: 1.0
 */
CuratorReadWriteLock *
curator_read_write_lock_new (CuratorFramework *client, const char *path)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_READ_WRITE_LOCK, "client", client, "path", path, NULL);
}

/**
 * curator_read_write_lock_get_client: (get-property client)
 * @self: a lock
 *
 * Gets the client through which the lock is acquired.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_read_write_lock_get_client (CuratorReadWriteLock *self)
{
  g_return_val_if_fail (CURATOR_IS_READ_WRITE_LOCK (self), NULL);

  return self->client;
}

/**
 * curator_read_write_lock_get_path: (get-property path)
 * @self: a lock
 *
 * Gets the path that all readers and writers agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_read_write_lock_get_path (CuratorReadWriteLock *self)
{
  g_return_val_if_fail (CURATOR_IS_READ_WRITE_LOCK (self), NULL);

  return self->path;
}

/**
 * curator_read_write_lock_acquire_read_async:
 * @self: a lock
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where one had to wait for others
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the lease is acquired, or when that failed
 * @user_data: for @callback
 *
 * Waits for one's turn to read: for the writers that came before. Whatever ends the wait, no node is left
 * behind.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_acquire_read_async (CuratorReadWriteLock *self,
                                            gint64 timeout_ms,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = lock_make_options (self, &read_kind, timeout_ms);
  curator_acquire_async (&options, self, curator_read_write_lock_acquire_read_async, cancellable, callback,
                         user_data);
}

/**
 * curator_read_write_lock_acquire_read_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.acquire_read_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.acquire_read_async]. The errors are those of
 * [method@Curator.Mutex.acquire_finish]. A call that was cancelled when it had been granted already still
 * returns its lease.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_acquire_read_finish (CuratorReadWriteLock *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_acquire_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_acquire_read_sync:
 * @self: a lock
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where one had to wait for others
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for one's turn to read, and blocks meanwhile; see
 * [method@Curator.ReadWriteLock.acquire_read_async]. For the errors see [method@Curator.Mutex.acquire_sync].
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_acquire_read_sync (CuratorReadWriteLock *self,
                                           gint64 timeout_ms,
                                           GCancellable *cancellable,
                                           GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = lock_make_options (self, &read_kind, timeout_ms);
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_read_write_lock_try_acquire_read_async:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Acquires a read lease if that can be had without waiting for others. Waits for the connection as every
 * operation does.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_try_acquire_read_async (CuratorReadWriteLock *self,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = lock_make_try_options (self, &read_kind);
  curator_acquire_async (&options, self, curator_read_write_lock_try_acquire_read_async, cancellable,
                         callback, user_data);
}

/**
 * curator_read_write_lock_try_acquire_read_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.try_acquire_read_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.try_acquire_read_async]. That others are in the way is no error. For the
 * errors see [method@Curator.Mutex.acquire_finish].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if one had to wait for others, or
 * with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_try_acquire_read_finish (CuratorReadWriteLock *self,
                                                 GAsyncResult *result,
                                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_try_acquire_read_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_try_acquire_read_sync:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Acquires a read lease if that can be had without waiting for others; see
 * [method@Curator.ReadWriteLock.try_acquire_read_async]. For the errors see
 * [method@Curator.Mutex.acquire_sync].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if one had to wait for others, or
 * with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_try_acquire_read_sync (CuratorReadWriteLock *self,
                                               GCancellable *cancellable,
                                               GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = lock_make_try_options (self, &read_kind);
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_read_write_lock_acquire_write_async:
 * @self: a lock
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where one had to wait for others
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the lease is acquired, or when that failed
 * @user_data: for @callback
 *
 * Waits for one's turn to write: for everybody who came before. Whatever ends the wait, no node is left
 * behind.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_acquire_write_async (CuratorReadWriteLock *self,
                                             gint64 timeout_ms,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = lock_make_options (self, &write_kind, timeout_ms);
  curator_acquire_async (&options, self, curator_read_write_lock_acquire_write_async, cancellable, callback,
                         user_data);
}

/**
 * curator_read_write_lock_acquire_write_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.acquire_write_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.acquire_write_async]. The errors are those of
 * [method@Curator.Mutex.acquire_finish]. A call that was cancelled when it had been granted already still
 * returns its lease.
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_acquire_write_finish (CuratorReadWriteLock *self,
                                              GAsyncResult *result,
                                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_acquire_write_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_acquire_write_sync:
 * @self: a lock
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where one had to wait for others
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits for one's turn to write, and blocks meanwhile; see
 * [method@Curator.ReadWriteLock.acquire_write_async]. For the errors see [method@Curator.Mutex.acquire_sync].
 *
 * Returns: (transfer full): the lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_acquire_write_sync (CuratorReadWriteLock *self,
                                            gint64 timeout_ms,
                                            GCancellable *cancellable,
                                            GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = lock_make_options (self, &write_kind, timeout_ms);
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_read_write_lock_try_acquire_write_async:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Acquires a write lease if that can be had without waiting for others. Waits for the connection as every
 * operation does.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_try_acquire_write_async (CuratorReadWriteLock *self,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data)
{
  CuratorAcquireOptions options;

  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = lock_make_try_options (self, &write_kind);
  curator_acquire_async (&options, self, curator_read_write_lock_try_acquire_write_async, cancellable,
                         callback, user_data);
}

/**
 * curator_read_write_lock_try_acquire_write_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.try_acquire_write_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.try_acquire_write_async]. That others are in the way is no error. For
 * the errors see [method@Curator.Mutex.acquire_finish].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if one had to wait for others, or
 * with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_try_acquire_write_finish (CuratorReadWriteLock *self,
                                                  GAsyncResult *result,
                                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_try_acquire_write_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_try_acquire_write_sync:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Acquires a write lease if that can be had without waiting for others; see
 * [method@Curator.ReadWriteLock.try_acquire_write_async]. For the errors see
 * [method@Curator.Mutex.acquire_sync].
 *
 * Returns: (transfer full) (nullable): the lease; %NULL with no error set if one had to wait for others, or
 * with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_try_acquire_write_sync (CuratorReadWriteLock *self,
                                                GCancellable *cancellable,
                                                GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  options = lock_make_try_options (self, &write_kind);
  return curator_acquire_sync (&options, cancellable, error);
}

/**
 * curator_read_write_lock_acquire_covered_read_async:
 * @self: a lock
 * @write: a write lease of this lock
 * @timeout_ms: how long to wait for the server, in milliseconds: -1 as long as the client's retry policy says
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the lease is acquired, or when that failed
 * @user_data: for @callback
 *
 * Takes a read lease that the write lease covers, without waiting for others. It lasts when @write is given
 * back, so that who wrote goes on reading, and nobody else writes in between. Keep @write until the read
 * lease is there.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_acquire_covered_read_async (CuratorReadWriteLock *self,
                                                    CuratorLease *write,
                                                    gint64 timeout_ms,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data)
{
  CuratorAcquireOptions options;
  GError *error = NULL;

  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (CURATOR_IS_LEASE (write));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (!lock_check_write (self, write, &error))
    {
      g_task_report_error (self, callback, user_data, curator_read_write_lock_acquire_covered_read_async,
                           error);
      return;
    }
  options = lock_make_options (self, &read_kind, timeout_ms);
  options.cover = write;
  curator_acquire_async (&options, self, curator_read_write_lock_acquire_covered_read_async, cancellable,
                         callback, user_data);
}

/**
 * curator_read_write_lock_acquire_covered_read_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.acquire_covered_read_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.acquire_covered_read_async].
 *
 * Errors: those of [method@Curator.Mutex.acquire_finish]; %CURATOR_ERROR_NO_NODE where the write lease was
 * not held any more, be it that it was given back or that it was lost, and `G_IO_ERROR_INVALID_ARGUMENT`
 * where it is not a write lease of this lock.
 *
 * Returns: (transfer full): the read lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_acquire_covered_read_finish (CuratorReadWriteLock *self,
                                                     GAsyncResult *result,
                                                     GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_acquire_covered_read_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_acquire_covered_read_sync:
 * @self: a lock
 * @write: a write lease of this lock
 * @timeout_ms: how long to wait for the server, in milliseconds: -1 as long as the client's retry policy says
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Takes a read lease that the write lease covers, and blocks meanwhile; see
 * [method@Curator.ReadWriteLock.acquire_covered_read_async] and, for the errors,
 * [method@Curator.ReadWriteLock.acquire_covered_read_finish]. In the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): the read lease, or %NULL with @error set
 *
 * Since: 1.0
 */
CuratorLease *
curator_read_write_lock_acquire_covered_read_sync (CuratorReadWriteLock *self,
                                                   CuratorLease *write,
                                                   gint64 timeout_ms,
                                                   GCancellable *cancellable,
                                                   GError **error)
{
  CuratorAcquireOptions options;

  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (CURATOR_IS_LEASE (write), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!lock_check_write (self, write, error))
    return NULL;
  options = lock_make_options (self, &read_kind, timeout_ms);
  options.cover = write;
  return curator_acquire_sync (&options, cancellable, error);
}
