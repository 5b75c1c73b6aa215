/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-get-children-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorGetChildrenBuilder:
 *
 * Lists the children of a node. Obtained from [method@Curator.Framework.get_children].
 *
 * The settings are taken as they are when an operation is begun, so that a builder can be used again,
 * also while its earlier operations are under way.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorGetChildrenBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorWatcher *watcher;
};

G_DEFINE_FINAL_TYPE (CuratorGetChildrenBuilder, curator_get_children_builder, G_TYPE_OBJECT)

static void
curator_get_children_builder_finalize (GObject *object)
{
  CuratorGetChildrenBuilder *self = CURATOR_GET_CHILDREN_BUILDER (object);

  g_clear_object (&self->watcher);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_get_children_builder_parent_class)->finalize (object);
}

static void
curator_get_children_builder_class_init (CuratorGetChildrenBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_get_children_builder_finalize;
}

static void
curator_get_children_builder_init (CuratorGetChildrenBuilder *self)
{
}

static void
prepare (CuratorGetChildrenBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_GET_CHILDREN, path, NULL);
  curator_operation_set_watcher (operation, self->watcher, CURATOR_WATCH_KIND_CHILDREN);
}

static GStrv
take_children (CuratorRequest *ended, CuratorStat **stat)
{
  g_autoptr (CuratorRequest) request = ended;

  curator_operation_give_stat (request, stat);
  return request != NULL ? g_steal_pointer (&request->result_children) : NULL;
}

/**
 * curator_framework_get_children:
 * @self: the client
 *
 * Begins an operation that lists the children of a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorGetChildrenBuilder *
curator_framework_get_children (CuratorFramework *self)
{
  CuratorGetChildrenBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_GET_CHILDREN_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_get_children_builder_using_watcher:
 * @self: the builder
 * @watcher: (nullable): the watcher, or %NULL for none
 *
 * Has a watcher told of the next change. It hears when a child is created or deleted, or the node itself
 * is deleted; where the operation fails it hears nothing.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorGetChildrenBuilder *
curator_get_children_builder_using_watcher (CuratorGetChildrenBuilder *self, CuratorWatcher *watcher)
{
  g_return_val_if_fail (CURATOR_IS_GET_CHILDREN_BUILDER (self), self);
  g_return_val_if_fail (watcher == NULL || CURATOR_IS_WATCHER (watcher), self);

  g_set_object (&self->watcher, watcher);
  return self;
}

/**
 * curator_get_children_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Lists the children of the node. The request is sent after those that were begun before it and does not
 * wait for their results.
 *
 * Since: 1.0
 */
void
curator_get_children_builder_for_path_async (CuratorGetChildrenBuilder *self,
                                             const char *path,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_GET_CHILDREN_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_get_children_builder_for_path_async, cancellable,
                               callback, user_data);
}

/**
 * curator_get_children_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetChildrenBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_NODE`.
 *
 * Returns: (transfer full): the names of the children, without their paths, in no particular order, or
 *   %NULL with an error
 *
 * Since: 1.0
 */
GStrv
curator_get_children_builder_for_path_finish (CuratorGetChildrenBuilder *self,
                                              GAsyncResult *result,
                                              GError **error)
{
  return curator_get_children_builder_for_path_with_stat_finish (self, result, NULL, error);
}

/**
 * curator_get_children_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Lists the children of the node. Blocks the calling thread meanwhile; in the client's own loop that is
 * refused with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_NODE`.
 *
 * Returns: (transfer full): the names of the children, without their paths, in no particular order, or
 *   %NULL with an error
 *
 * Since: 1.0
 */
GStrv
curator_get_children_builder_for_path_sync (CuratorGetChildrenBuilder *self,
                                            const char *path,
                                            GCancellable *cancellable,
                                            GError **error)
{
  return curator_get_children_builder_for_path_with_stat_sync (self, path, NULL, cancellable, error);
}

/**
 * curator_get_children_builder_for_path_with_stat_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetChildrenBuilder.for_path_async], and with it what the server
 * keeps of the node.
 *
 * Returns: (transfer full): the names of the children, without their paths, in no particular order, or
 *   %NULL with an error
 *
 * Since: 1.0
 */
GStrv
curator_get_children_builder_for_path_with_stat_finish (CuratorGetChildrenBuilder *self,
                                                        GAsyncResult *result,
                                                        CuratorStat **stat,
                                                        GError **error)
{
  g_return_val_if_fail (CURATOR_IS_GET_CHILDREN_BUILDER (self), NULL);

  return take_children (
      curator_operation_run_finish (self, curator_get_children_builder_for_path_async, result, error), stat);
}

/**
 * curator_get_children_builder_for_path_with_stat_sync:
 * @self: the builder
 * @path: the path of the node
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Does what [method@Curator.GetChildrenBuilder.for_path_sync] does, and also tells what the server keeps
 * of the node.
 *
 * Returns: (transfer full): the names of the children, without their paths, in no particular order, or
 *   %NULL with an error
 *
 * Since: 1.0
 */
GStrv
curator_get_children_builder_for_path_with_stat_sync (CuratorGetChildrenBuilder *self,
                                                      const char *path,
                                                      CuratorStat **stat,
                                                      GCancellable *cancellable,
                                                      GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_GET_CHILDREN_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, &operation);
  return take_children (curator_operation_run_sync (&operation, cancellable, error), stat);
}
