/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-read-write-lock.h"

#include "curator-call-private.h"
#include "curator-participants-private.h"
#include "curator-revocation-private.h"

/* Who takes part in a lock, and asking one of them to let go. */

#define READ_NAME  "__READ__"
#define WRITE_NAME "__WRIT__"

static const char *const reader_patterns[] = { READ_NAME, "__rlock__", NULL };
static const char *const writer_patterns[] = { WRITE_NAME, "__lock__", NULL };
static const char *const all_patterns[] = { READ_NAME, WRITE_NAME, "__rlock__", "__lock__", NULL };
static const char *const revocable_patterns[] = { READ_NAME, WRITE_NAME, NULL };

static const CuratorContenderKind readers_kind = {
  .operation = "list",
  .name = READ_NAME,
  .patterns = reader_patterns,
};
static const CuratorContenderKind writers_kind = {
  .operation = "list",
  .name = WRITE_NAME,
  .patterns = writer_patterns,
};

static const CuratorContenderKind everybody_kind = {
  .operation = "list",
  .name = WRITE_NAME,
  .patterns = all_patterns,
};

/* One that was made without its construct-only properties is not. */
static gboolean
lock_is_usable (CuratorReadWriteLock *self)
{
  return CURATOR_IS_READ_WRITE_LOCK (self) && curator_read_write_lock_get_client (self) != NULL &&
         curator_read_write_lock_get_path (self) != NULL;
}

static CuratorRevocationOptions
lock_make_revocation (CuratorReadWriteLock *self, const char *participant)
{
  return (CuratorRevocationOptions){
    .client = curator_read_write_lock_get_client (self),
    .kind = &everybody_kind,
    .revocable = revocable_patterns,
    .parent = curator_read_write_lock_get_path (self),
    .participant = participant,
  };
}

/**
 * curator_read_write_lock_get_reader_nodes_async:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server which readers there are, those who hold and those who wait.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_get_reader_nodes_async (CuratorReadWriteLock *self,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data)
{
  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_participants_list_async (
      curator_read_write_lock_get_client (self), &readers_kind, curator_read_write_lock_get_path (self), self,
      curator_read_write_lock_get_reader_nodes_async, cancellable, callback, user_data);
}

/**
 * curator_read_write_lock_get_reader_nodes_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.get_reader_nodes_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.get_reader_nodes_async]. The errors are those of
 * [method@Curator.Mutex.get_participant_nodes_finish].
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, in their order; empty where there is none. %NULL with @error set
 *
 * Since: 1.0
 */
GStrv
curator_read_write_lock_get_reader_nodes_finish (CuratorReadWriteLock *self,
                                                 GAsyncResult *result,
                                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_get_reader_nodes_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_get_reader_nodes_sync:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server which readers there are, those who hold and those who wait, and blocks meanwhile. For the
 * errors see [method@Curator.Mutex.get_participant_nodes_sync].
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, in their order; empty where there is none. %NULL with @error set
 *
 * Since: 1.0
 */
GStrv
curator_read_write_lock_get_reader_nodes_sync (CuratorReadWriteLock *self,
                                               GCancellable *cancellable,
                                               GError **error)
{
  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return curator_participants_list_sync (curator_read_write_lock_get_client (self), &readers_kind,
                                         curator_read_write_lock_get_path (self), cancellable, error);
}

/**
 * curator_read_write_lock_get_writer_nodes_async:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Asks the server which writers there are, those who hold and those who wait.
 *
 * Since: 1.0
 */
void
curator_read_write_lock_get_writer_nodes_async (CuratorReadWriteLock *self,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data)
{
  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  curator_participants_list_async (
      curator_read_write_lock_get_client (self), &writers_kind, curator_read_write_lock_get_path (self), self,
      curator_read_write_lock_get_writer_nodes_async, cancellable, callback, user_data);
}

/**
 * curator_read_write_lock_get_writer_nodes_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.get_writer_nodes_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.get_writer_nodes_async]. The errors are those of
 * [method@Curator.Mutex.get_participant_nodes_finish].
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, in their order; empty where there is none. %NULL with @error set
 *
 * Since: 1.0
 */
GStrv
curator_read_write_lock_get_writer_nodes_finish (CuratorReadWriteLock *self,
                                                 GAsyncResult *result,
                                                 GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, curator_read_write_lock_get_writer_nodes_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * curator_read_write_lock_get_writer_nodes_sync:
 * @self: a lock
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks the server which writers there are, those who hold and those who wait, and blocks meanwhile. For the
 * errors see [method@Curator.Mutex.get_participant_nodes_sync].
 *
 * Returns: (transfer full) (array zero-terminated=1): the paths of the nodes, relative to the client's
 * namespace, in their order; empty where there is none. %NULL with @error set
 *
 * Since: 1.0
 */
GStrv
curator_read_write_lock_get_writer_nodes_sync (CuratorReadWriteLock *self,
                                               GCancellable *cancellable,
                                               GError **error)
{
  g_return_val_if_fail (lock_is_usable (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return curator_participants_list_sync (curator_read_write_lock_get_client (self), &writers_kind,
                                         curator_read_write_lock_get_path (self), cancellable, error);
}

/**
 * curator_read_write_lock_request_revocation_async:
 * @self: a lock
 * @participant: (nullable): the path of the node of who is to give it back, %NULL for whoever came first of
 * all who take part
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called when the request was made, or when that failed
 * @user_data: for @callback
 *
 * Asks somebody to give his lease back soon. Nothing forces him to: the request is made when it stands in his
 * node, as Apache Curator's `Revoker` would write it. A holder of this library hears of it by
 * [signal@Curator.Lease::revocation-requested], a Java program by its `RevocationListener`. Who waits still
 * hears of it when he holds. Where several readers hold, each is to be
 * asked: their paths are those of [method@Curator.ReadWriteLock.get_reader_nodes_async].
 *
 * Since: 1.0
 */
void
curator_read_write_lock_request_revocation_async (CuratorReadWriteLock *self,
                                                  const char *participant,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data)
{
  CuratorRevocationOptions options;

  g_return_if_fail (lock_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = lock_make_revocation (self, participant);
  curator_revocation_request_async (&options, self, curator_read_write_lock_request_revocation_async,
                                    cancellable, callback, user_data);
}

/**
 * curator_read_write_lock_request_revocation_finish:
 * @self: a lock
 * @result: the result of [method@Curator.ReadWriteLock.request_revocation_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.ReadWriteLock.request_revocation_async].
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
curator_read_write_lock_request_revocation_finish (CuratorReadWriteLock *self,
                                                   GAsyncResult *result,
                                                   GError **error)
{
  g_return_val_if_fail (CURATOR_IS_READ_WRITE_LOCK (self), FALSE);

  return curator_call_finish (self, curator_read_write_lock_request_revocation_async, result, error);
}

/**
 * curator_read_write_lock_request_revocation_sync:
 * @self: a lock
 * @participant: (nullable): the path of the node of who is to give it back, %NULL for whoever came first of
 * all who take part
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Asks somebody to give his lease back soon, and blocks until the request is made; see
 * [method@Curator.ReadWriteLock.request_revocation_async] and, for the errors,
 * [method@Curator.ReadWriteLock.request_revocation_finish]. In the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the request was made
 *
 * Since: 1.0
 */
gboolean
curator_read_write_lock_request_revocation_sync (CuratorReadWriteLock *self,
                                                 const char *participant,
                                                 GCancellable *cancellable,
                                                 GError **error)
{
  CuratorRevocationOptions options;

  g_return_val_if_fail (lock_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = lock_make_revocation (self, participant);
  return curator_revocation_request_sync (&options, cancellable, error);
}
