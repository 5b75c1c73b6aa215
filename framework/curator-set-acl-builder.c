/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-set-acl-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorSetAclBuilder:
 *
 * Sets the access control list of a node. Obtained from [method@Curator.Framework.set_acl].
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

struct _CuratorSetAclBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  GPtrArray *acl;
  gint32 version;
};

G_DEFINE_FINAL_TYPE (CuratorSetAclBuilder, curator_set_acl_builder, G_TYPE_OBJECT)

static void
curator_set_acl_builder_finalize (GObject *object)
{
  CuratorSetAclBuilder *self = CURATOR_SET_ACL_BUILDER (object);

  g_clear_pointer (&self->acl, g_ptr_array_unref);
  curator_refusal_clear (&self->refusal);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_set_acl_builder_parent_class)->finalize (object);
}

static void
curator_set_acl_builder_class_init (CuratorSetAclBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_set_acl_builder_finalize;
}

static void
curator_set_acl_builder_init (CuratorSetAclBuilder *self)
{
  self->version = -1;
}

static void
prepare (CuratorSetAclBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_SET_ACL, path, &self->refusal);
  operation->request->version = self->version;
  if (self->acl != NULL)
    operation->request->acl = g_ptr_array_ref (self->acl);
}

static CuratorStat *
take_stat (CuratorRequest *ended)
{
  g_autoptr (CuratorRequest) request = ended;

  return request != NULL ? curator_stat_copy (&request->stat) : NULL;
}

/**
 * curator_framework_set_acl:
 * @self: the client
 *
 * Begins an operation that sets the access control list of a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorSetAclBuilder *
curator_framework_set_acl (CuratorFramework *self)
{
  CuratorSetAclBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_SET_ACL_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_set_acl_builder_with_acl:
 * @self: the builder
 * @acl: (nullable) (element-type CuratorAcl): the access control list, not empty, or %NULL for the one
 *   that the client's [class@Curator.AclProvider] gives
 *
 * Sets who may do what with the node. The list is copied. By default the client's provider is asked.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorSetAclBuilder *
curator_set_acl_builder_with_acl (CuratorSetAclBuilder *self, GPtrArray *acl)
{
  g_return_val_if_fail (CURATOR_IS_SET_ACL_BUILDER (self), self);

  g_clear_pointer (&self->acl, g_ptr_array_unref);
  if (acl != NULL)
    self->acl = curator_settings_copy_acl (acl, &self->refusal);
  return self;
}

/**
 * curator_set_acl_builder_with_version:
 * @self: the builder
 * @version: the version, or -1 for any
 *
 * Sets the list only where it has this version, which is not that of the data (see the `aversion` of
 * [struct@Curator.Stat]); by default whatever it is.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorSetAclBuilder *
curator_set_acl_builder_with_version (CuratorSetAclBuilder *self, gint32 version)
{
  g_return_val_if_fail (CURATOR_IS_SET_ACL_BUILDER (self), self);

  self->version = curator_settings_check_version (version, &self->refusal);
  return self;
}

/**
 * curator_set_acl_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Sets the access control list of the node. The request is sent after those that were begun before it
 * and does not wait for their results.
 *
 * Since: 1.0
 */
void
curator_set_acl_builder_for_path_async (CuratorSetAclBuilder *self,
                                        const char *path,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_SET_ACL_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_set_acl_builder_for_path_async, cancellable,
                               callback, user_data);
}

/**
 * curator_set_acl_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.SetAclBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_NODE`, `CURATOR_ERROR_BAD_VERSION` and `CURATOR_ERROR_INVALID_ACL`.
 *
 * Returns: (transfer full): what the server keeps of the node now, or %NULL with an error
 *
 * Since: 1.0
 */
CuratorStat *
curator_set_acl_builder_for_path_finish (CuratorSetAclBuilder *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CURATOR_IS_SET_ACL_BUILDER (self), NULL);

  return take_stat (
      curator_operation_run_finish (self, curator_set_acl_builder_for_path_async, result, error));
}

/**
 * curator_set_acl_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Sets the access control list of the node. Blocks the calling thread meanwhile; in the client's own
 * loop that is refused with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_NODE`, `CURATOR_ERROR_BAD_VERSION` and `CURATOR_ERROR_INVALID_ACL`.
 *
 * Returns: (transfer full): what the server keeps of the node now, or %NULL with an error
 *
 * Since: 1.0
 */
CuratorStat *
curator_set_acl_builder_for_path_sync (CuratorSetAclBuilder *self,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_SET_ACL_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, &operation);
  return take_stat (curator_operation_run_sync (&operation, cancellable, error));
}
