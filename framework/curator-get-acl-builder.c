/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-get-acl-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorGetAclBuilder:
 *
 * Reads the access control list of a node. Obtained from [method@Curator.Framework.get_acl].
 *
 * A builder can be used again, also while its earlier operations are under way.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorGetAclBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
};

G_DEFINE_FINAL_TYPE (CuratorGetAclBuilder, curator_get_acl_builder, G_TYPE_OBJECT)

static void
curator_get_acl_builder_finalize (GObject *object)
{
  CuratorGetAclBuilder *self = CURATOR_GET_ACL_BUILDER (object);

  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_get_acl_builder_parent_class)->finalize (object);
}

static void
curator_get_acl_builder_class_init (CuratorGetAclBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_get_acl_builder_finalize;
}

static void
curator_get_acl_builder_init (CuratorGetAclBuilder *self)
{
}

static void
prepare (CuratorGetAclBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_GET_ACL, path, NULL);
}

static GPtrArray *
take_acl (CuratorRequest *ended, CuratorStat **stat)
{
  g_autoptr (CuratorRequest) request = ended;

  curator_operation_give_stat (request, stat);
  return request != NULL ? g_steal_pointer (&request->result_acl) : NULL;
}

/**
 * curator_framework_get_acl:
 * @self: the client
 *
 * Begins an operation that reads the access control list of a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorGetAclBuilder *
curator_framework_get_acl (CuratorFramework *self)
{
  CuratorGetAclBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_GET_ACL_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_get_acl_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Reads the access control list of the node. The request is sent after those that were begun before it
 * and does not wait for their results.
 *
 * Since: 1.0
 */
void
curator_get_acl_builder_for_path_async (CuratorGetAclBuilder *self,
                                        const char *path,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_GET_ACL_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_get_acl_builder_for_path_async, cancellable,
                               callback, user_data);
}

/**
 * curator_get_acl_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetAclBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_NODE`.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list, or %NULL with an error
 *
 * Since: 1.0
 */
GPtrArray *
curator_get_acl_builder_for_path_finish (CuratorGetAclBuilder *self, GAsyncResult *result, GError **error)
{
  return curator_get_acl_builder_for_path_with_stat_finish (self, result, NULL, error);
}

/**
 * curator_get_acl_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Reads the access control list of the node. Blocks the calling thread meanwhile; in the client's own
 * loop that is refused with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_NODE`.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list, or %NULL with an error
 *
 * Since: 1.0
 */
GPtrArray *
curator_get_acl_builder_for_path_sync (CuratorGetAclBuilder *self,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GError **error)
{
  return curator_get_acl_builder_for_path_with_stat_sync (self, path, NULL, cancellable, error);
}

/**
 * curator_get_acl_builder_for_path_with_stat_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetAclBuilder.for_path_async], and with it what the server keeps of
 * the node.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list, or %NULL with an error
 *
 * Since: 1.0
 */
GPtrArray *
curator_get_acl_builder_for_path_with_stat_finish (CuratorGetAclBuilder *self,
                                                   GAsyncResult *result,
                                                   CuratorStat **stat,
                                                   GError **error)
{
  g_return_val_if_fail (CURATOR_IS_GET_ACL_BUILDER (self), NULL);

  return take_acl (curator_operation_run_finish (self, curator_get_acl_builder_for_path_async, result, error),
                   stat);
}

/**
 * curator_get_acl_builder_for_path_with_stat_sync:
 * @self: the builder
 * @path: the path of the node
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Does what [method@Curator.GetAclBuilder.for_path_sync] does, and also tells what the server keeps of
 * the node.
 *
 * Returns: (transfer container) (element-type CuratorAcl): the list, or %NULL with an error
 *
 * Since: 1.0
 */
GPtrArray *
curator_get_acl_builder_for_path_with_stat_sync (CuratorGetAclBuilder *self,
                                                 const char *path,
                                                 CuratorStat **stat,
                                                 GCancellable *cancellable,
                                                 GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_GET_ACL_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, &operation);
  return take_acl (curator_operation_run_sync (&operation, cancellable, error), stat);
}
