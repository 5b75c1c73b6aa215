/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-get-config-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorGetConfigBuilder:
 *
 * Reads the configuration of the ensemble: which servers it has, in the text format of the servers'
 * dynamic configuration file. Obtained from [method@Curator.Framework.get_config].
 *
 * The settings are taken as they are when an operation is begun, so that a builder can be used again,
 * also while its earlier operations are under way.
 *
 * Threads: a builder is to be used by one thread at a time. Results are delivered in the thread-default
 * main context of the thread that began the operation.
 *
 * Since: 1.0
 */

struct _CuratorGetConfigBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorWatcher *watcher;
};

G_DEFINE_FINAL_TYPE (CuratorGetConfigBuilder, curator_get_config_builder, G_TYPE_OBJECT)

static void
curator_get_config_builder_finalize (GObject *object)
{
  CuratorGetConfigBuilder *self = CURATOR_GET_CONFIG_BUILDER (object);

  g_clear_object (&self->watcher);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_get_config_builder_parent_class)->finalize (object);
}

static void
curator_get_config_builder_class_init (CuratorGetConfigBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_get_config_builder_finalize;
}

static void
curator_get_config_builder_init (CuratorGetConfigBuilder *self)
{
}

static void
prepare (CuratorGetConfigBuilder *self, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_GET_CONFIG, NULL, NULL);
  curator_operation_set_watcher (operation, self->watcher, CURATOR_WATCH_KIND_DATA);
}

static GBytes *
take_data (CuratorRequest *ended)
{
  g_autoptr (CuratorRequest) request = ended;

  return request != NULL ? g_steal_pointer (&request->result_data) : NULL;
}

/**
 * curator_framework_get_config:
 * @self: the client
 *
 * Begins an operation that reads the configuration of the ensemble.
 *
 * Returns: (transfer full): a builder, to be given settings and then to be run
 *
 * Since: 1.0
 */
CuratorGetConfigBuilder *
curator_framework_get_config (CuratorFramework *self)
{
  CuratorGetConfigBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_GET_CONFIG_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_get_config_builder_using_watcher:
 * @self: the builder
 * @watcher: (nullable): the watcher, or %NULL for none
 *
 * Has a watcher told of the next change. It hears when the configuration changes.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorGetConfigBuilder *
curator_get_config_builder_using_watcher (CuratorGetConfigBuilder *self, CuratorWatcher *watcher)
{
  g_return_val_if_fail (CURATOR_IS_GET_CONFIG_BUILDER (self), self);
  g_return_val_if_fail (watcher == NULL || CURATOR_IS_WATCHER (watcher), self);

  g_set_object (&self->watcher, watcher);
  return self;
}

/**
 * curator_get_config_builder_for_ensemble_async:
 * @self: the builder
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Reads the configuration. The request is sent after those that were begun before it and does not wait
 * for their results.
 *
 * Since: 1.0
 */
void
curator_get_config_builder_for_ensemble_async (CuratorGetConfigBuilder *self,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_GET_CONFIG_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, &operation);
  curator_operation_run_async (&operation, self, curator_get_config_builder_for_ensemble_async, cancellable,
                               callback, user_data);
}

/**
 * curator_get_config_builder_for_ensemble_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.GetConfigBuilder.for_ensemble_async].
 *
 * Returns: (transfer full): the configuration, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_get_config_builder_for_ensemble_finish (CuratorGetConfigBuilder *self,
                                                GAsyncResult *result,
                                                GError **error)
{
  g_return_val_if_fail (CURATOR_IS_GET_CONFIG_BUILDER (self), NULL);

  return take_data (
      curator_operation_run_finish (self, curator_get_config_builder_for_ensemble_async, result, error));
}

/**
 * curator_get_config_builder_for_ensemble_sync:
 * @self: the builder
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Reads the configuration. Blocks the calling thread meanwhile; in the client's own loop that is refused
 * with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: (transfer full): the configuration, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_get_config_builder_for_ensemble_sync (CuratorGetConfigBuilder *self,
                                              GCancellable *cancellable,
                                              GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_GET_CONFIG_BUILDER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, &operation);
  return take_data (curator_operation_run_sync (&operation, cancellable, error));
}
