/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-get-data-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorGetDataBuilder:
 *
 * Reads the data of a node. Obtained from [method@Curator.Framework.get_data].
 *
 * The settings are taken as they are when an operation is begun, so that a builder can be used again,
 * also while its earlier operations are under way.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorGetDataBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorWatcher *watcher;
  CuratorCompression compression;
};

G_DEFINE_FINAL_TYPE (CuratorGetDataBuilder, curator_get_data_builder, G_TYPE_OBJECT)

static void
curator_get_data_builder_finalize (GObject *object)
{
  CuratorGetDataBuilder *self = CURATOR_GET_DATA_BUILDER (object);

  g_clear_object (&self->watcher);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_get_data_builder_parent_class)->finalize (object);
}

static void
curator_get_data_builder_class_init (CuratorGetDataBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_get_data_builder_finalize;
}

static void
curator_get_data_builder_init (CuratorGetDataBuilder *self)
{
}

static void
prepare (CuratorGetDataBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_GET_DATA, path, NULL);
  curator_operation_set_decompression (operation, self->compression);
  curator_operation_set_watcher (operation, self->watcher, CURATOR_WATCH_KIND_DATA);
}

static GBytes *
take_data (CuratorRequest *ended, CuratorStat **stat)
{
  g_autoptr (CuratorRequest) request = ended;

  curator_operation_give_stat (request, stat);
  return request != NULL ? g_steal_pointer (&request->result_data) : NULL;
}

/**
 * curator_framework_get_data:
 * @self: the client
 *
 * Begins an operation that reads the data of a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorGetDataBuilder *
curator_framework_get_data (CuratorFramework *self)
{
  CuratorGetDataBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_GET_DATA_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_get_data_builder_using_watcher:
 * @self: the builder
 * @watcher: (nullable): the watcher, or %NULL for none
 *
 * Has a watcher told of the next change. It hears when the node is changed or deleted; where the
 * operation fails it hears nothing.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorGetDataBuilder *
curator_get_data_builder_using_watcher (CuratorGetDataBuilder *self, CuratorWatcher *watcher)
{
  g_return_val_if_fail (CURATOR_IS_GET_DATA_BUILDER (self), self);
  g_return_val_if_fail (watcher == NULL || CURATOR_IS_WATCHER (watcher), self);

  g_set_object (&self->watcher, watcher);
  return self;
}

/**
 * curator_get_data_builder_decompressed:
 * @self: the builder
 *
 * Decompresses the data with the client's [class@Curator.CompressionProvider]. By default the client's
 * `with_compression_enabled` setting decides.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorGetDataBuilder *
curator_get_data_builder_decompressed (CuratorGetDataBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_GET_DATA_BUILDER (self), self);

  self->compression = CURATOR_COMPRESSION_ON;
  return self;
}

/**
 * curator_get_data_builder_undecompressed:
 * @self: the builder
 *
 * Gives the data as they are stored, also where the client decompresses by default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorGetDataBuilder *
curator_get_data_builder_undecompressed (CuratorGetDataBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_GET_DATA_BUILDER (self), self);

  self->compression = CURATOR_COMPRESSION_OFF;
  return self;
}

/**
 * curator_get_data_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Reads the data of the node. The request is sent after those that were begun before it and does not
 * wait for their results.
 *
 * Since: 1.0
 */
void
curator_get_data_builder_for_path_async (CuratorGetDataBuilder *self,
                                         const char *path,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_GET_DATA_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_get_data_builder_for_path_async, cancellable,
                               callback, user_data);
}

/**
 * curator_get_data_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetDataBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_NODE`, and `CURATOR_ERROR_DATA_INCONSISTENCY` where the data could
 * not be decompressed.
 *
 * Returns: (transfer full): the data, which may be empty, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_get_data_builder_for_path_finish (CuratorGetDataBuilder *self, GAsyncResult *result, GError **error)
{
  return curator_get_data_builder_for_path_with_stat_finish (self, result, NULL, error);
}

/**
 * curator_get_data_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Reads the data of the node. Blocks the calling thread meanwhile; in the client's own loop that is
 * refused with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_NODE`, and `CURATOR_ERROR_DATA_INCONSISTENCY` where the data could
 * not be decompressed.
 *
 * Returns: (transfer full): the data, which may be empty, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_get_data_builder_for_path_sync (CuratorGetDataBuilder *self,
                                        const char *path,
                                        GCancellable *cancellable,
                                        GError **error)
{
  return curator_get_data_builder_for_path_with_stat_sync (self, path, NULL, cancellable, error);
}

/**
 * curator_get_data_builder_for_path_with_stat_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetDataBuilder.for_path_async], and with it what the server keeps
 * of the node.
 *
 * Returns: (transfer full): the data, which may be empty, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_get_data_builder_for_path_with_stat_finish (CuratorGetDataBuilder *self,
                                                    GAsyncResult *result,
                                                    CuratorStat **stat,
                                                    GError **error)
{
  g_return_val_if_fail (CURATOR_IS_GET_DATA_BUILDER (self), NULL);

  return take_data (
      curator_operation_run_finish (self, curator_get_data_builder_for_path_async, result, error), stat);
}

/**
 * curator_get_data_builder_for_path_with_stat_sync:
 * @self: the builder
 * @path: the path of the node
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Does what [method@Curator.GetDataBuilder.for_path_sync] does, and also tells what the server keeps of
 * the node.
 *
 * Returns: (transfer full): the data, which may be empty, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_get_data_builder_for_path_with_stat_sync (CuratorGetDataBuilder *self,
                                                  const char *path,
                                                  CuratorStat **stat,
                                                  GCancellable *cancellable,
                                                  GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_GET_DATA_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, &operation);
  return take_data (curator_operation_run_sync (&operation, cancellable, error), stat);
}
