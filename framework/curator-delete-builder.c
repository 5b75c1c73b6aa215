/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-delete-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorDeleteBuilder:
 *
 * Deletes a node. Obtained from [method@Curator.Framework.delete].
 *
 * The settings are taken as they are when an operation is begun, so that a builder can be used again,
 * also while its earlier operations are under way. A value that cannot be accepted is remembered and
 * reported by the operation, as `G_IO_ERROR_INVALID_ARGUMENT`.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorDeleteBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  CuratorRequestFlags flags;
  gint32 version;
};

G_DEFINE_FINAL_TYPE (CuratorDeleteBuilder, curator_delete_builder, G_TYPE_OBJECT)

static void
curator_delete_builder_finalize (GObject *object)
{
  CuratorDeleteBuilder *self = CURATOR_DELETE_BUILDER (object);

  curator_refusal_clear (&self->refusal);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_delete_builder_parent_class)->finalize (object);
}

static void
curator_delete_builder_class_init (CuratorDeleteBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_delete_builder_finalize;
}

static void
curator_delete_builder_init (CuratorDeleteBuilder *self)
{
  self->version = -1;
}

static void
prepare (CuratorDeleteBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_DELETE, path, &self->refusal);
  operation->request->flags = self->flags;
  operation->request->version = self->version;
}

/**
 * curator_framework_delete:
 * @self: the client
 *
 * Begins an operation that deletes a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorDeleteBuilder *
curator_framework_delete (CuratorFramework *self)
{
  CuratorDeleteBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_DELETE_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_delete_builder_with_version:
 * @self: the builder
 * @version: the version, or -1 for any
 *
 * Deletes the node only in this version of its data; by default in any.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorDeleteBuilder *
curator_delete_builder_with_version (CuratorDeleteBuilder *self, gint32 version)
{
  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), self);

  self->version = curator_settings_check_version (version, &self->refusal);
  return self;
}

/**
 * curator_delete_builder_guaranteed:
 * @self: the builder
 *
 * Goes on trying in the background after the operation failed for want of a connection, until the node
 * is gone or the client is closed.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorDeleteBuilder *
curator_delete_builder_guaranteed (CuratorDeleteBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_GUARANTEED;
  return self;
}

/**
 * curator_delete_builder_deleting_children_if_needed:
 * @self: the builder
 *
 * Deletes all that is below the node too.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorDeleteBuilder *
curator_delete_builder_deleting_children_if_needed (CuratorDeleteBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_CHILDREN;
  return self;
}

/**
 * curator_delete_builder_quietly:
 * @self: the builder
 *
 * Takes it for success where the node does not exist.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorDeleteBuilder *
curator_delete_builder_quietly (CuratorDeleteBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_QUIETLY;
  return self;
}

/**
 * curator_delete_builder_idempotent:
 * @self: the builder
 *
 * Takes it for success where, after a lost connection, the node is found to be gone already.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorDeleteBuilder *
curator_delete_builder_idempotent (CuratorDeleteBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_IDEMPOTENT;
  return self;
}

/**
 * curator_delete_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Deletes the node. The request is sent after those that were begun before it and does not wait for
 * their results.
 *
 * Since: 1.0
 */
void
curator_delete_builder_for_path_async (CuratorDeleteBuilder *self,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_DELETE_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_delete_builder_for_path_async, cancellable, callback,
                               user_data);
}

/**
 * curator_delete_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.DeleteBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_NODE`, `CURATOR_ERROR_NOT_EMPTY` and `CURATOR_ERROR_BAD_VERSION`.
 *
 * Returns: %TRUE if the node was deleted, or %FALSE with an error
 *
 * Since: 1.0
 */
gboolean
curator_delete_builder_for_path_finish (CuratorDeleteBuilder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), FALSE);

  return curator_operation_take_success (
      curator_operation_run_finish (self, curator_delete_builder_for_path_async, result, error));
}

/**
 * curator_delete_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Deletes the node. Blocks the calling thread meanwhile; in the client's own loop that is refused with
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_NODE`, `CURATOR_ERROR_NOT_EMPTY` and `CURATOR_ERROR_BAD_VERSION`.
 *
 * Returns: %TRUE if the node was deleted, or %FALSE with an error
 *
 * Since: 1.0
 */
gboolean
curator_delete_builder_for_path_sync (CuratorDeleteBuilder *self,
                                      const char *path,
                                      GCancellable *cancellable,
                                      GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_DELETE_BUILDER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  prepare (self, path, &operation);
  return curator_operation_take_success (curator_operation_run_sync (&operation, cancellable, error));
}
