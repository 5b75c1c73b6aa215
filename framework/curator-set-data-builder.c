/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-set-data-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorSetDataBuilder:
 *
 * Sets the data of a node. Obtained from [method@Curator.Framework.set_data].
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

struct _CuratorSetDataBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  CuratorRequestFlags flags;
  gint32 version;
  CuratorCompression compression;
};

G_DEFINE_FINAL_TYPE (CuratorSetDataBuilder, curator_set_data_builder, G_TYPE_OBJECT)

static void
curator_set_data_builder_finalize (GObject *object)
{
  CuratorSetDataBuilder *self = CURATOR_SET_DATA_BUILDER (object);

  curator_refusal_clear (&self->refusal);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_set_data_builder_parent_class)->finalize (object);
}

static void
curator_set_data_builder_class_init (CuratorSetDataBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_set_data_builder_finalize;
}

static void
curator_set_data_builder_init (CuratorSetDataBuilder *self)
{
  self->version = -1;
}

static void
prepare (CuratorSetDataBuilder *self, const char *path, GBytes *data, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_SET_DATA, path, &self->refusal);
  operation->request->flags = self->flags;
  operation->request->version = self->version;
  curator_operation_set_data (operation, data, self->compression);
}

static CuratorStat *
take_stat (CuratorRequest *ended)
{
  g_autoptr (CuratorRequest) request = ended;

  return request != NULL ? curator_stat_copy (&request->stat) : NULL;
}

/**
 * curator_framework_set_data:
 * @self: the client
 *
 * Begins an operation that sets the data of a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorSetDataBuilder *
curator_framework_set_data (CuratorFramework *self)
{
  CuratorSetDataBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_SET_DATA_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_set_data_builder_with_version:
 * @self: the builder
 * @version: the version, or -1 for any
 *
 * Sets the data only where they have this version; by default whatever it is.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorSetDataBuilder *
curator_set_data_builder_with_version (CuratorSetDataBuilder *self, gint32 version)
{
  g_return_val_if_fail (CURATOR_IS_SET_DATA_BUILDER (self), self);

  self->version = curator_settings_check_version (version, &self->refusal);
  return self;
}

/**
 * curator_set_data_builder_idempotent:
 * @self: the builder
 *
 * Takes it for success where, after a lost connection, the node is found to have the data already, in
 * the version that setting them gives.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorSetDataBuilder *
curator_set_data_builder_idempotent (CuratorSetDataBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_SET_DATA_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_IDEMPOTENT;
  return self;
}

/**
 * curator_set_data_builder_compressed:
 * @self: the builder
 *
 * Compresses the data with the client's [class@Curator.CompressionProvider]. By default the client's
 * `with_compression_enabled` setting decides.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorSetDataBuilder *
curator_set_data_builder_compressed (CuratorSetDataBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_SET_DATA_BUILDER (self), self);

  self->compression = CURATOR_COMPRESSION_ON;
  return self;
}

/**
 * curator_set_data_builder_uncompressed:
 * @self: the builder
 *
 * Stores the data as they are, also where the client compresses by default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorSetDataBuilder *
curator_set_data_builder_uncompressed (CuratorSetDataBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_SET_DATA_BUILDER (self), self);

  self->compression = CURATOR_COMPRESSION_OFF;
  return self;
}

/**
 * curator_set_data_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @data: (nullable): the new data, or %NULL for the client's default data
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Sets the data of the node. The request is sent after those that were begun before it and does not wait
 * for their results.
 *
 * Since: 1.0
 */
void
curator_set_data_builder_for_path_async (CuratorSetDataBuilder *self,
                                         const char *path,
                                         GBytes *data,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_SET_DATA_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, data, &operation);
  curator_operation_run_async (&operation, self, curator_set_data_builder_for_path_async, cancellable,
                               callback, user_data);
}

/**
 * curator_set_data_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.SetDataBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_NODE` and `CURATOR_ERROR_BAD_VERSION`.
 *
 * Returns: (transfer full): what the server keeps of the node now, or %NULL with an error
 *
 * Since: 1.0
 */
CuratorStat *
curator_set_data_builder_for_path_finish (CuratorSetDataBuilder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_SET_DATA_BUILDER (self), NULL);

  return take_stat (
      curator_operation_run_finish (self, curator_set_data_builder_for_path_async, result, error));
}

/**
 * curator_set_data_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @data: (nullable): the new data, or %NULL for the client's default data
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Sets the data of the node. Blocks the calling thread meanwhile; in the client's own loop that is
 * refused with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_NODE` and `CURATOR_ERROR_BAD_VERSION`.
 *
 * Returns: (transfer full): what the server keeps of the node now, or %NULL with an error
 *
 * Since: 1.0
 */
CuratorStat *
curator_set_data_builder_for_path_sync (
    CuratorSetDataBuilder *self, const char *path, GBytes *data, GCancellable *cancellable, GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_SET_DATA_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, data, &operation);
  return take_stat (curator_operation_run_sync (&operation, cancellable, error));
}
