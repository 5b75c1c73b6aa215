/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-reconfig-builder.h"

#include <string.h>

#include "curator-operation-private.h"
#include "curator-path-private.h"

/**
 * CuratorReconfigBuilder:
 *
 * Changes which servers the ensemble has. Obtained from [method@Curator.Framework.reconfig].
 *
 * Either servers join and leave ([method@Curator.ReconfigBuilder.joining],
 * [method@Curator.ReconfigBuilder.leaving]), or all of them are given anew
 * ([method@Curator.ReconfigBuilder.with_new_members]). The servers need `reconfigEnabled`, and the
 * client must be allowed to write the node of the configuration.
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

struct _CuratorReconfigBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  char *joining, *leaving, *members; /* comma-separated, NULL for none */
  gint64 from_config;
};

G_DEFINE_FINAL_TYPE (CuratorReconfigBuilder, curator_reconfig_builder, G_TYPE_OBJECT)

static void
curator_reconfig_builder_finalize (GObject *object)
{
  CuratorReconfigBuilder *self = CURATOR_RECONFIG_BUILDER (object);

  g_free (self->joining);
  g_free (self->leaving);
  g_free (self->members);
  curator_refusal_clear (&self->refusal);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_reconfig_builder_parent_class)->finalize (object);
}

static void
curator_reconfig_builder_class_init (CuratorReconfigBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_reconfig_builder_finalize;
}

static void
curator_reconfig_builder_init (CuratorReconfigBuilder *self)
{
  self->from_config = -1;
}

/* One entry per server, so that a comma in one cannot be taken for two. */
static void
replace_list (CuratorReconfigBuilder *self, char **list, const char *const *servers)
{
  for (guint i = 0; servers[i] != NULL; i++)
    {
      g_autofree char *quoted = NULL;

      if (*servers[i] != '\0' && strpbrk (servers[i], ", \t\r\n") == NULL)
        continue;
      quoted = curator_path_quote (servers[i]);
      curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT, "%s is not a server", quoted);
      return;
    }
  g_free (*list);
  *list = servers[0] != NULL ? g_strjoinv (",", (GStrv) servers) : NULL;
}

static void
prepare (CuratorReconfigBuilder *self, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_RECONFIG, NULL, &self->refusal);
  if (self->members != NULL && (self->joining != NULL || self->leaving != NULL))
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT,
                              "servers cannot join or leave where all members are given anew");
  if (self->members == NULL && self->joining == NULL && self->leaving == NULL)
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT, "no change was given");
  operation->request->joining = g_strdup (self->joining);
  operation->request->leaving = g_strdup (self->leaving);
  operation->request->members = g_strdup (self->members);
  operation->request->from_config = self->from_config;
}

static GBytes *
take_data (CuratorRequest *ended)
{
  g_autoptr (CuratorRequest) request = ended;

  return request != NULL ? g_steal_pointer (&request->result_data) : NULL;
}

/**
 * curator_framework_reconfig:
 * @self: the client
 *
 * Begins an operation that changes which servers the ensemble has.
 *
 * Returns: (transfer full): a builder, to be given settings and then to be run
 *
 * Since: 1.0
 */
CuratorReconfigBuilder *
curator_framework_reconfig (CuratorFramework *self)
{
  CuratorReconfigBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_RECONFIG_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_reconfig_builder_joining:
 * @self: the builder
 * @servers: (array zero-terminated=1): the servers, each as in
 *   `server.4=host:2888:3888:participant;2181`
 *
 * Sets the servers that are to join, or to change their role or addresses. An empty list sets none.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorReconfigBuilder *
curator_reconfig_builder_joining (CuratorReconfigBuilder *self, const char *const *servers)
{
  g_return_val_if_fail (CURATOR_IS_RECONFIG_BUILDER (self), self);
  g_return_val_if_fail (servers != NULL, self);

  replace_list (self, &self->joining, servers);
  return self;
}

/**
 * curator_reconfig_builder_leaving:
 * @self: the builder
 * @servers: (array zero-terminated=1): the servers, by their ids
 *
 * Sets the servers that are to leave. An empty list sets none.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorReconfigBuilder *
curator_reconfig_builder_leaving (CuratorReconfigBuilder *self, const char *const *servers)
{
  g_return_val_if_fail (CURATOR_IS_RECONFIG_BUILDER (self), self);
  g_return_val_if_fail (servers != NULL, self);

  replace_list (self, &self->leaving, servers);
  return self;
}

/**
 * curator_reconfig_builder_with_new_members:
 * @self: the builder
 * @servers: (array zero-terminated=1): the servers, each as in
 *   `server.4=host:2888:3888:participant;2181`
 *
 * Sets all servers of the new configuration. An empty list sets none.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorReconfigBuilder *
curator_reconfig_builder_with_new_members (CuratorReconfigBuilder *self, const char *const *servers)
{
  g_return_val_if_fail (CURATOR_IS_RECONFIG_BUILDER (self), self);
  g_return_val_if_fail (servers != NULL, self);

  replace_list (self, &self->members, servers);
  return self;
}

/**
 * curator_reconfig_builder_from_config:
 * @self: the builder
 * @version: the version of the configuration, or -1 for any
 *
 * Changes the configuration only where it has this version, which its `version` line tells in
 * hexadecimal; by default whatever it is.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorReconfigBuilder *
curator_reconfig_builder_from_config (CuratorReconfigBuilder *self, gint64 version)
{
  g_return_val_if_fail (CURATOR_IS_RECONFIG_BUILDER (self), self);

  if (version < -1)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT,
                         "the version %" G_GINT64_FORMAT " of the configuration is less than -1", version);
  else
    self->from_config = version;
  return self;
}

/**
 * curator_reconfig_builder_for_ensemble_async:
 * @self: the builder
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Changes the ensemble. The request is sent after those that were begun before it and does not wait for
 * their results.
 *
 * Since: 1.0
 */
void
curator_reconfig_builder_for_ensemble_async (CuratorReconfigBuilder *self,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_RECONFIG_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, &operation);
  curator_operation_run_async (&operation, self, curator_reconfig_builder_for_ensemble_async, cancellable,
                               callback, user_data);
}

/**
 * curator_reconfig_builder_for_ensemble_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.ReconfigBuilder.for_ensemble_async].
 *
 * Errors include `CURATOR_ERROR_RECONFIG_DISABLED`, `CURATOR_ERROR_RECONFIG_IN_PROGRESS`,
 * `CURATOR_ERROR_NEW_CONFIG_NO_QUORUM`, `CURATOR_ERROR_BAD_VERSION` and `CURATOR_ERROR_NO_AUTH`.
 *
 * Returns: (transfer full): the new configuration, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_reconfig_builder_for_ensemble_finish (CuratorReconfigBuilder *self,
                                              GAsyncResult *result,
                                              GError **error)
{
  g_return_val_if_fail (CURATOR_IS_RECONFIG_BUILDER (self), NULL);

  return take_data (
      curator_operation_run_finish (self, curator_reconfig_builder_for_ensemble_async, result, error));
}

/**
 * curator_reconfig_builder_for_ensemble_sync:
 * @self: the builder
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Changes the ensemble. Blocks the calling thread meanwhile; in the client's own loop that is refused
 * with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_RECONFIG_DISABLED`, `CURATOR_ERROR_RECONFIG_IN_PROGRESS`,
 * `CURATOR_ERROR_NEW_CONFIG_NO_QUORUM`, `CURATOR_ERROR_BAD_VERSION` and `CURATOR_ERROR_NO_AUTH`.
 *
 * Returns: (transfer full): the new configuration, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_reconfig_builder_for_ensemble_sync (CuratorReconfigBuilder *self,
                                            GCancellable *cancellable,
                                            GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_RECONFIG_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, &operation);
  return take_data (curator_operation_run_sync (&operation, cancellable, error));
}
