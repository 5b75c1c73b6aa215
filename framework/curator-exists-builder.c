/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-exists-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorExistsBuilder:
 *
 * Looks whether a node exists, and what the server keeps of it beside its data. Obtained from
 * [method@Curator.Framework.check_exists].
 *
 * The settings are taken as they are when an operation is begun, so that a builder can be used again,
 * also while its earlier operations are under way.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorExistsBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorWatcher *watcher;
};

G_DEFINE_FINAL_TYPE (CuratorExistsBuilder, curator_exists_builder, G_TYPE_OBJECT)

static void
curator_exists_builder_finalize (GObject *object)
{
  CuratorExistsBuilder *self = CURATOR_EXISTS_BUILDER (object);

  g_clear_object (&self->watcher);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_exists_builder_parent_class)->finalize (object);
}

static void
curator_exists_builder_class_init (CuratorExistsBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_exists_builder_finalize;
}

static void
curator_exists_builder_init (CuratorExistsBuilder *self)
{
}

static void
prepare (CuratorExistsBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_EXISTS, path, NULL);
  curator_operation_set_watcher (operation, self->watcher, CURATOR_WATCH_KIND_DATA);
}

static CuratorStat *
take_stat (CuratorRequest *ended)
{
  g_autoptr (CuratorRequest) request = ended;

  return request != NULL && request->rc == 0 ? curator_stat_copy (&request->stat) : NULL;
}

/**
 * curator_framework_check_exists:
 * @self: the client
 *
 * Begins an operation that looks whether a node exists.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorExistsBuilder *
curator_framework_check_exists (CuratorFramework *self)
{
  CuratorExistsBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_EXISTS_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_exists_builder_using_watcher:
 * @self: the builder
 * @watcher: (nullable): the watcher, or %NULL for none
 *
 * Has a watcher told of the next change. Whether the node exists or not: the watcher hears when it is
 * created, changed or deleted.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorExistsBuilder *
curator_exists_builder_using_watcher (CuratorExistsBuilder *self, CuratorWatcher *watcher)
{
  g_return_val_if_fail (CURATOR_IS_EXISTS_BUILDER (self), self);
  g_return_val_if_fail (watcher == NULL || CURATOR_IS_WATCHER (watcher), self);

  g_set_object (&self->watcher, watcher);
  return self;
}

/**
 * curator_exists_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Looks whether the node exists. The request is sent after those that were begun before it and does not
 * wait for their results.
 *
 * Since: 1.0
 */
void
curator_exists_builder_for_path_async (CuratorExistsBuilder *self,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_EXISTS_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_exists_builder_for_path_async, cancellable, callback,
                               user_data);
}

/**
 * curator_exists_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.ExistsBuilder.for_path_async].
 *
 * That it does not exist is not an error: then the result is %NULL and @error is not set.
 *
 * Returns: (transfer full) (nullable): what the server keeps of the node; %NULL where there is none, or
 *   with an error
 *
 * Since: 1.0
 */
CuratorStat *
curator_exists_builder_for_path_finish (CuratorExistsBuilder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_EXISTS_BUILDER (self), NULL);

  return take_stat (
      curator_operation_run_finish (self, curator_exists_builder_for_path_async, result, error));
}

/**
 * curator_exists_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Looks whether the node exists. Blocks the calling thread meanwhile; in the client's own loop that is
 * refused with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * That it does not exist is not an error: then the result is %NULL and @error is not set.
 *
 * Returns: (transfer full) (nullable): what the server keeps of the node; %NULL where there is none, or
 *   with an error
 *
 * Since: 1.0
 */
CuratorStat *
curator_exists_builder_for_path_sync (CuratorExistsBuilder *self,
                                      const char *path,
                                      GCancellable *cancellable,
                                      GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_EXISTS_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, &operation);
  return take_stat (curator_operation_run_sync (&operation, cancellable, error));
}
