/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-remove-watches-builder.h"

#include "curator-operation-private.h"

/**
 * CuratorRemoveWatchesBuilder:
 *
 * Removes watches from a path: those of all watchers of the client, or those of one. Obtained from
 * [method@Curator.Framework.remove_watches].
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

struct _CuratorRemoveWatchesBuilder
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  CuratorRequestFlags flags;
  CuratorWatcher *watcher;
  CuratorWatcherType type;
};

G_DEFINE_FINAL_TYPE (CuratorRemoveWatchesBuilder, curator_remove_watches_builder, G_TYPE_OBJECT)

static void
curator_remove_watches_builder_finalize (GObject *object)
{
  CuratorRemoveWatchesBuilder *self = CURATOR_REMOVE_WATCHES_BUILDER (object);

  g_clear_object (&self->watcher);
  curator_refusal_clear (&self->refusal);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_remove_watches_builder_parent_class)->finalize (object);
}

static void
curator_remove_watches_builder_class_init (CuratorRemoveWatchesBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_remove_watches_builder_finalize;
}

static void
curator_remove_watches_builder_init (CuratorRemoveWatchesBuilder *self)
{
  self->type = CURATOR_WATCHER_TYPE_ANY;
}

static void
prepare (CuratorRemoveWatchesBuilder *self, const char *path, CuratorOperation *operation)
{
  curator_operation_init (operation, self->client, CURATOR_REQUEST_REMOVE_WATCHES, path, &self->refusal);
  operation->request->flags = self->flags;
  operation->request->watch_kind = (CuratorWatchKind) self->type;
  if (self->watcher != NULL)
    operation->watcher = g_object_ref (self->watcher);
}

/**
 * curator_framework_remove_watches:
 * @self: the client
 *
 * Begins an operation that removes watches from a path.
 *
 * Returns: (transfer full): a builder, to be given settings and then a path
 *
 * Since: 1.0
 */
CuratorRemoveWatchesBuilder *
curator_framework_remove_watches (CuratorFramework *self)
{
  CuratorRemoveWatchesBuilder *builder;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  builder = g_object_new (CURATOR_TYPE_REMOVE_WATCHES_BUILDER, NULL);
  builder->client = g_object_ref (self);
  return builder;
}

/**
 * curator_remove_watches_builder_all:
 * @self: the builder
 *
 * Removes the watches of all watchers; the default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_all (CuratorRemoveWatchesBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self), self);

  g_clear_object (&self->watcher);
  return self;
}

/**
 * curator_remove_watches_builder_for_watcher:
 * @self: the builder
 * @watcher: the watcher
 *
 * Removes only the watches of this watcher. The server forgets the path in the background, once no other
 * watcher of the client watches it.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_for_watcher (CuratorRemoveWatchesBuilder *self, CuratorWatcher *watcher)
{
  g_return_val_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self), self);
  g_return_val_if_fail (CURATOR_IS_WATCHER (watcher), self);

  g_set_object (&self->watcher, watcher);
  return self;
}

/**
 * curator_remove_watches_builder_of_type:
 * @self: the builder
 * @type: which watches
 *
 * Sets which of the watches are removed; by default all.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_of_type (CuratorRemoveWatchesBuilder *self, CuratorWatcherType type)
{
  g_return_val_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self), self);

  if (type == 0 || (type & ~(guint) CURATOR_WATCHER_TYPE_ANY) != 0)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT, "the watcher type %d is not known",
                         (int) type);
  else
    self->type = type;
  return self;
}

/**
 * curator_remove_watches_builder_quietly:
 * @self: the builder
 *
 * Takes it for success where there is nothing to remove.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorRemoveWatchesBuilder *
curator_remove_watches_builder_quietly (CuratorRemoveWatchesBuilder *self)
{
  g_return_val_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self), self);

  self->flags |= CURATOR_REQUEST_FLAG_QUIETLY;
  return self;
}

/**
 * curator_remove_watches_builder_for_path_async:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Removes the watches. The request is sent after those that were begun before it and does not wait for
 * their results.
 *
 * Since: 1.0
 */
void
curator_remove_watches_builder_for_path_async (CuratorRemoveWatchesBuilder *self,
                                               const char *path,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, path, &operation);
  curator_operation_run_async (&operation, self, curator_remove_watches_builder_for_path_async, cancellable,
                               callback, user_data);
}

/**
 * curator_remove_watches_builder_for_path_finish:
 * @self: the builder
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.RemoveWatchesBuilder.for_path_async].
 *
 * Errors include `CURATOR_ERROR_NO_WATCHER` where there is nothing to remove.
 *
 * Returns: %TRUE if the watches were removed, or %FALSE with an error
 *
 * Since: 1.0
 */
gboolean
curator_remove_watches_builder_for_path_finish (CuratorRemoveWatchesBuilder *self,
                                                GAsyncResult *result,
                                                GError **error)
{
  g_return_val_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self), FALSE);

  return curator_operation_take_success (
      curator_operation_run_finish (self, curator_remove_watches_builder_for_path_async, result, error));
}

/**
 * curator_remove_watches_builder_for_path_sync:
 * @self: the builder
 * @path: the path of the node
 * @cancellable: (nullable): cancels the operation
 * @error: the return location for an error
 *
 * Removes the watches. Blocks the calling thread meanwhile; in the client's own loop that is refused
 * with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Errors include `CURATOR_ERROR_NO_WATCHER` where there is nothing to remove.
 *
 * Returns: %TRUE if the watches were removed, or %FALSE with an error
 *
 * Since: 1.0
 */
gboolean
curator_remove_watches_builder_for_path_sync (CuratorRemoveWatchesBuilder *self,
                                              const char *path,
                                              GCancellable *cancellable,
                                              GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_REMOVE_WATCHES_BUILDER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  prepare (self, path, &operation);
  return curator_operation_take_success (curator_operation_run_sync (&operation, cancellable, error));
}
