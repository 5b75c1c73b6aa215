/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-create-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorCreateBuilder:
 *
 * Creates a node. Obtained from [method@Curator.Framework.create].
 *
 * By default the node is persistent, its parent must exist, and its access control list is the one that
 * the client's provider gives.
 *
 * ```c
 * g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (client);
 * curator_create_builder_with_parents (builder);
 * curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
 * g_autofree char *path = curator_create_builder_for_path_sync (builder, "/queue/n-", data, NULL, &error);
 * ```
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

struct _CuratorCreateBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  CuratorRequestFlags flags;
  CuratorCreateMode mode;
  gint64 ttl_ms; /* 0 for none */
  gint32 version;
  CuratorCompression compression;
  GPtrArray *acl;
};

G_DEFINE_FINAL_TYPE (CuratorCreateBuilder, curator_create_builder, G_TYPE_OBJECT)

static void
curator_create_builder_finalize (GObject *object)
{
  CuratorCreateBuilder *self = CURATOR_CREATE_BUILDER (object);

  g_clear_pointer (&self->acl, g_ptr_array_unref);
  curator_refusal_clear (&self->refusal);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_create_builder_parent_class)->finalize (object);
}

static void
curator_create_builder_class_init (CuratorCreateBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_create_builder_finalize;
}

static void
curator_create_builder_init (CuratorCreateBuilder *self)
{
  self->version = -1;
}

/* What a server can store: five bytes. */
#define MAX_TTL_MS G_GINT64_CONSTANT (0xffffffffff)

static void
check_ttl (CuratorCreateBuilder *self, CuratorOperation *operation)
{
  gboolean needed = self->mode == CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL ||
                    self->mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL;

  if (needed && self->ttl_ms == 0)
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT, "the mode needs a time to live");
  if (!needed && self->ttl_ms != 0)
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT, "the mode has no time to live");
}

static void
prepare (CuratorCreateBuilder *self, const char *path, GBytes *data, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_CREATE, path, &self->refusal);
  check_ttl (self, operation);
  operation->request->flags = self->flags;
  operation->request->mode = self->mode;
  operation->request->ttl_ms = self->ttl_ms;
  operation->request->version = self->version;
  if (self->acl != NULL)
    operation->request->acl = g_ptr_array_ref (self->acl);
  curator_operation_set_data (operation, data, self->compression);
}

static char *
take_path (CuratorRequest *ended, CuratorStat **stat)
{
  g_autoptr (CuratorRequest) request = ended;

  curator_operation_give_stat (request, stat);
  return request != NULL ? g_steal_pointer (&request->result_path) : NULL;
}

/**
 * curator_framework_create:
 * @self: the client
 *
 * Begins an operation that creates a node.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_framework_create (CuratorFramework *self)
{
  CuratorCreateBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_CREATE_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_create_builder_with_parents:
 * @self: the builder
 *
 * Creates missing parents too, as persistent nodes without data.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_with_parents (CuratorCreateBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_PARENTS;
  return self;
}

/**
 * curator_create_builder_with_container_parents:
 * @self: the builder
 *
 * Creates missing parents too, as containers, which the server removes some time after their last child
 * has gone; as persistent nodes where the server does not know containers.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_with_container_parents (CuratorCreateBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
  return self;
}

/**
 * curator_create_builder_with_mode:
 * @self: the builder
 * @mode: the kind of node
 *
 * Sets the kind of node to create; persistent by default. The modes with a time to live also need
 * [method@Curator.CreateBuilder.with_ttl].
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_with_mode (CuratorCreateBuilder *self, CuratorCreateMode mode)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  if (mode < CURATOR_CREATE_MODE_PERSISTENT || mode > CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT, "the mode %d is not known", (int) mode);
  else
    self->mode = mode;
  return self;
}

/**
 * curator_create_builder_with_ttl:
 * @self: the builder
 * @ttl_ms: the time to live in milliseconds, from 1 to 1099511627775 (almost 35 years)
 *
 * Sets the time after which the server removes the node, if it was not changed and has had no children
 * meanwhile. Only for the modes with a time to live; the server needs `extendedTypesEnabled`.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_with_ttl (CuratorCreateBuilder *self, gint64 ttl_ms)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  if (ttl_ms < 1 || ttl_ms > MAX_TTL_MS)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT,
                         "the time to live of %" G_GINT64_FORMAT " ms is not between 1 and %" G_GINT64_FORMAT,
                         ttl_ms, MAX_TTL_MS);
  else
    self->ttl_ms = ttl_ms;
  return self;
}

/**
 * curator_create_builder_with_acl:
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
CuratorCreateBuilder *
curator_create_builder_with_acl (CuratorCreateBuilder *self, GPtrArray *acl)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  g_clear_pointer (&self->acl, g_ptr_array_unref);
  if (acl != NULL)
    self->acl = curator_settings_copy_acl (acl, &self->refusal);
  return self;
}

/**
 * curator_create_builder_with_protection:
 * @self: the builder
 *
 * Puts a unique mark before the name of the node, by which it is found again where the connection was
 * lost before the server's answer came. Without it, creating an ephemeral or sequential node again after
 * a lost connection can leave a second one behind.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_with_protection (CuratorCreateBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_PROTECTED;
  return self;
}

/**
 * curator_create_builder_or_set_data:
 * @self: the builder
 * @version: the version that an existing node must have, or -1 for any
 *
 * Where the node exists already, sets its data instead.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_or_set_data (CuratorCreateBuilder *self, gint32 version)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_OR_SET_DATA;
  self->version = curator_settings_check_version (version, &self->refusal);
  return self;
}

/**
 * curator_create_builder_idempotent:
 * @self: the builder
 *
 * Takes it for success where the node exists already, was not changed since its creation and has the same data:
 * a create whose answer was lost has left it so. As with Curator, a node that somebody else made counts as well,
 * except an ephemeral one.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_idempotent (CuratorCreateBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_IDEMPOTENT;
  return self;
}

/**
 * curator_create_builder_compressed:
 * @self: the builder
 *
 * Compresses the data with the client's [class@Curator.CompressionProvider]. By default the client's
 * `with_compression_enabled` setting decides.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_compressed (CuratorCreateBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->compression = CURATOR_COMPRESSION_ON;
  return self;
}

/**
 * curator_create_builder_uncompressed:
 * @self: the builder
 *
 * Stores the data as they are, also where the client compresses by default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorCreateBuilder *
curator_create_builder_uncompressed (CuratorCreateBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), self);

  self->compression = CURATOR_COMPRESSION_OFF;
  return self;
}

/**
 * curator_create_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node; for a sequential one, what the number is appended to
 * @data: (nullable): the data of the node, or %NULL for the client's default data
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Creates the node. The request is sent after those that were begun before it and does not wait for
 * their results.
 *
 * Since: 1.0
 */
void
curator_create_builder_for_path_async (CuratorCreateBuilder *self,
                                       const char *path,
                                       GBytes *data,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_CREATE_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, data, &operation);
  curator_operation_run_async (&operation, self, curator_create_builder_for_path_async, cancellable, callback,
                               user_data);
}

/**
 * curator_create_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.CreateBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NODE_EXISTS`, and `CURATOR_ERROR_NO_NODE` where the parent does not
 * exist.
 *
 * Returns: (transfer full): the path of the new node, with all that was put before and after its name,
 *   or %NULL with an error
 *
 * Since: 1.0
 */
char *
curator_create_builder_for_path_finish (CuratorCreateBuilder *self, GAsyncResult *result, GError **error)
{
  return curator_create_builder_for_path_with_stat_finish (self, result, NULL, error);
}

/**
 * curator_create_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node; for a sequential one, what the number is appended to
 * @data: (nullable): the data of the node, or %NULL for the client's default data
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Creates the node. Blocks the calling thread meanwhile; in the client's own loop that is refused with
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NODE_EXISTS`, and `CURATOR_ERROR_NO_NODE` where the parent does not
 * exist.
 *
 * Returns: (transfer full): the path of the new node, with all that was put before and after its name,
 *   or %NULL with an error
 *
 * Since: 1.0
 */
char *
curator_create_builder_for_path_sync (
    CuratorCreateBuilder *self, const char *path, GBytes *data, GCancellable *cancellable, GError **error)
{
  return curator_create_builder_for_path_with_stat_sync (self, path, data, NULL, cancellable, error);
}

/**
 * curator_create_builder_for_path_with_stat_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.CreateBuilder.for_path_async], and with it what the server keeps of
 * the node.
 *
 * Returns: (transfer full): the path of the new node, with all that was put before and after its name,
 *   or %NULL with an error
 *
 * Since: 1.0
 */
char *
curator_create_builder_for_path_with_stat_finish (CuratorCreateBuilder *self,
                                                  GAsyncResult *result,
                                                  CuratorStat **stat,
                                                  GError **error)
{
  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), NULL);

  return take_path (curator_operation_run_finish (self, curator_create_builder_for_path_async, result, error),
                    stat);
}

/**
 * curator_create_builder_for_path_with_stat_sync:
 * @self: the builder
 * @path: the path of the node; for a sequential one, what the number is appended to
 * @data: (nullable): the data of the node, or %NULL for the client's default data
 * @stat: (out) (optional) (nullable) (transfer full): what the server keeps of the node, or %NULL with
 *   an error
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Does what [method@Curator.CreateBuilder.for_path_sync] does, and also tells what the server keeps of
 * the node.
 *
 * Returns: (transfer full): the path of the new node, with all that was put before and after its name,
 *   or %NULL with an error
 *
 * Since: 1.0
 */
char *
curator_create_builder_for_path_with_stat_sync (CuratorCreateBuilder *self,
                                                const char *path,
                                                GBytes *data,
                                                CuratorStat **stat,
                                                GCancellable *cancellable,
                                                GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_CREATE_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, path, data, &operation);
  return take_path (curator_operation_run_sync (&operation, cancellable, error), stat);
}
