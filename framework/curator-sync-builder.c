/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-sync-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorSyncBuilder:
 *
 * Has the server that the client is connected to catch up with the leader of its ensemble, so that reads
 * begun after it see all that was written anywhere before it. Obtained from
 * [method@Curator.Framework.sync].
 *
 * A builder can be used again, also while its earlier operations are under way.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorSyncBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
};

G_DEFINE_FINAL_TYPE (CuratorSyncBuilder, curator_sync_builder, G_TYPE_OBJECT)

static void
curator_sync_builder_finalize (GObject *object)
{
  CuratorSyncBuilder *self = CURATOR_SYNC_BUILDER (object);

  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_sync_builder_parent_class)->finalize (object);
}

static void
curator_sync_builder_class_init (CuratorSyncBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_sync_builder_finalize;
}

static void
curator_sync_builder_init (CuratorSyncBuilder *self)
{
}

static void
prepare (CuratorSyncBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_SYNC, path, NULL);
}

/**
 * curator_framework_sync:
 * @self: the client
 *
 * Begins an operation that has the server catch up with the leader.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorSyncBuilder *
curator_framework_sync (CuratorFramework *self)
{
  CuratorSyncBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_SYNC_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_sync_builder_for_path_async:
 * @self: the builder
 * @path: a path; the server catches up with everything, whatever it is
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Has the server catch up. The request is sent after those that were begun before it and does not wait
 * for their results.
 *
 * Since: 1.0
 */
void
curator_sync_builder_for_path_async (CuratorSyncBuilder *self,
                                     const char *path,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_SYNC_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_sync_builder_for_path_async, cancellable, callback,
                               user_data);
}

/**
 * curator_sync_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.SyncBuilder.for_path_async].
 *
 * Returns: %TRUE if the server has caught up, or %FALSE with an error
 *
 * Since: 1.0
 */
gboolean
curator_sync_builder_for_path_finish (CuratorSyncBuilder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_SYNC_BUILDER (self), FALSE);

  return curator_operation_take_success (
      curator_operation_run_finish (self, curator_sync_builder_for_path_async, result, error));
}

/**
 * curator_sync_builder_for_path_sync:
 * @self: the builder
 * @path: a path; the server catches up with everything, whatever it is
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Has the server catch up. Blocks the calling thread meanwhile; in the client's own loop that is refused
 * with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE if the server has caught up, or %FALSE with an error
 *
 * Since: 1.0
 */
gboolean
curator_sync_builder_for_path_sync (CuratorSyncBuilder *self,
                                    const char *path,
                                    GCancellable *cancellable,
                                    GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_SYNC_BUILDER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  prepare (self, path, &operation);
  return curator_operation_take_success (curator_operation_run_sync (&operation, cancellable, error));
}
