/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-barrier.h"

#include "curator-barrier-wait-private.h"
#include "curator-request-private.h"

/**
 * CuratorBarrier:
 *
 * Holds up all who wait at it, from the moment at which somebody sets it to the one at which somebody removes
 * it.
 *
 * The barrier is the node at its path itself: it is set while the node exists. It belongs to nobody and
 * outlives whoever set it. A wait is over when the server was seen to have no such node after having caught
 * up with all others; a barrier that is set all the time lets nobody pass. Waits go on over suspensions and
 * the loss of a session; one that asks the server again, and finds none for longer than the client's retry
 * policy allows, fails.
 *
 * The node is that of Apache Curator's `DistributedBarrier` and of kazoo's `Barrier`, so that Java and Python
 * programs can use the same one.
 *
 * Threads: all functions may be called from any thread, and any number of calls may be under way. Results are
 * returned in the thread-default main context of the call.
 *
 * Since: 1.0
 */
struct _CuratorBarrier
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorBarrier, curator_barrier, G_TYPE_OBJECT)

/* One that was made without its construct-only properties is not. */
static gboolean
barrier_is_usable (CuratorBarrier *self)
{
  return CURATOR_IS_BARRIER (self) && self->client != NULL && self->path != NULL;
}

/* Setting and removing: one request each. */

typedef struct
{
  CuratorFramework *client;
  CuratorRequest *request;
  CuratorError harmless; /* the outcome was there already */
} Change;

typedef struct
{
  CuratorCall *call;
  CuratorError harmless;
} Answer;

static void
change_free (gpointer data)
{
  Change *change = data;

  curator_request_unref (change->request);
  g_object_unref (change->client);
  g_free (change);
}

static void
on_answered (CuratorRequest *request, gpointer user_data)
{
  Answer *answer = user_data;
  GError *error = NULL;

  if (!curator_request_check (request, &error) &&
      g_error_matches (error, CURATOR_ERROR, (int) answer->harmless))
    g_clear_error (&error);
  curator_call_complete (answer->call, error);
  curator_call_unref (answer->call);
  g_free (answer);
}

static void
begin_change (CuratorCall *call, gpointer data)
{
  Change *change = data;
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer){ curator_call_ref (call), change->harmless };
  curator_framework_submit (change->client, change->request, on_answered, answer);
}

static void
give_up_change (CuratorCall *call, gpointer data)
{
  Change *change = data;

  curator_request_cancel (change->client, change->request);
}

static const CuratorCallKind set_kind = { "set barrier", begin_change, give_up_change };
static const CuratorCallKind remove_kind = { "remove barrier", begin_change, give_up_change };

static CuratorCallOptions
get_change_call (CuratorBarrier *self,
                 const CuratorCallKind *kind,
                 CuratorRequest *request,
                 CuratorError harmless)
{
  Change *change = g_new (Change, 1);

  *change = (Change){ g_object_ref (self->client), request, harmless };
  return (CuratorCallOptions){ .client = self->client,
                               .kind = kind,
                               .path = self->path,
                               .timeout_ms = -1,
                               .data = change,
                               .free_data = change_free };
}

static CuratorCallOptions
get_set_call (CuratorBarrier *self)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_CREATE, self->path);

  request->flags = CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
  request->mode = CURATOR_CREATE_MODE_PERSISTENT;
  return get_change_call (self, &set_kind, request, CURATOR_ERROR_NODE_EXISTS);
}

static CuratorCallOptions
get_remove_call (CuratorBarrier *self)
{
  return get_change_call (self, &remove_kind, curator_request_new (CURATOR_REQUEST_DELETE, self->path),
                          CURATOR_ERROR_NO_NODE);
}

/* Class */

static void
curator_barrier_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorBarrier *self = CURATOR_BARRIER (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_barrier_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorBarrier *self = CURATOR_BARRIER (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_barrier_finalize (GObject *object)
{
  CuratorBarrier *self = CURATOR_BARRIER (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (curator_barrier_parent_class)->finalize (object);
}

static void
curator_barrier_class_init (CuratorBarrierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = curator_barrier_get_property;
  object_class->set_property = curator_barrier_set_property;
  object_class->finalize = curator_barrier_finalize;

  /**
   * CuratorBarrier:client: (getter get_client)
   *
   * The client through which the barrier is used.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorBarrier:path: (getter get_path)
   *
   * The path of the barrier's node, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_barrier_init (CuratorBarrier *self)
{
}

/**
 * curator_barrier_new:
 * @client: a client
 * @path: the path of the barrier's node, relative to the client's namespace; an invalid one is reported by
 * the calls that use it
 *
 * Makes an object for a barrier. Nothing is sent before it is used.
 *
 * Returns: (transfer full): the barrier
 *
 * Since: 1.0
 */
CuratorBarrier *
curator_barrier_new (CuratorFramework *client, const char *path)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_BARRIER, "client", client, "path", path, NULL);
}

/**
 * curator_barrier_get_client: (get-property client)
 * @self: a barrier
 *
 * Gets the client through which the barrier is used.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_barrier_get_client (CuratorBarrier *self)
{
  g_return_val_if_fail (CURATOR_IS_BARRIER (self), NULL);

  return self->client;
}

/**
 * curator_barrier_get_path: (get-property path)
 * @self: a barrier
 *
 * Gets the path of the barrier's node.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_barrier_get_path (CuratorBarrier *self)
{
  g_return_val_if_fail (CURATOR_IS_BARRIER (self), NULL);

  return self->path;
}

/**
 * curator_barrier_set_barrier_async:
 * @self: a barrier
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Sets the barrier. That it was set already is no error. Missing parents are created as containers.
 *
 * Since: 1.0
 */
void
curator_barrier_set_barrier_async (CuratorBarrier *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (barrier_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = get_set_call (self);
  curator_call_async (&options, self, curator_barrier_set_barrier_async, cancellable, callback, user_data);
}

/**
 * curator_barrier_set_barrier_finish:
 * @self: a barrier
 * @result: the result of [method@Curator.Barrier.set_barrier_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Barrier.set_barrier_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the client was closed meanwhile, was never
 * started, or belongs to the process that this one was forked from, `G_IO_ERROR_INVALID_ARGUMENT` for an
 * invalid path, and whatever the server reports, such as %CURATOR_ERROR_NO_AUTH.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_barrier_set_barrier_finish (CuratorBarrier *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_barrier_set_barrier_async, result, error);
}

/**
 * curator_barrier_set_barrier_sync:
 * @self: a barrier
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Sets the barrier, and blocks meanwhile. For the errors see
 * [method@Curator.Barrier.set_barrier_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_barrier_set_barrier_sync (CuratorBarrier *self, GCancellable *cancellable, GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (barrier_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = get_set_call (self);
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_barrier_remove_barrier_async:
 * @self: a barrier
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Removes the barrier, so that all who wait at it pass. That it was not set is no error.
 *
 * Since: 1.0
 */
void
curator_barrier_remove_barrier_async (CuratorBarrier *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (barrier_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = get_remove_call (self);
  curator_call_async (&options, self, curator_barrier_remove_barrier_async, cancellable, callback, user_data);
}

/**
 * curator_barrier_remove_barrier_finish:
 * @self: a barrier
 * @result: the result of [method@Curator.Barrier.remove_barrier_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Barrier.remove_barrier_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the client was closed meanwhile, was never
 * started, or belongs to the process that this one was forked from, `G_IO_ERROR_INVALID_ARGUMENT` for an
 * invalid path, and whatever the server reports, such as %CURATOR_ERROR_NO_AUTH.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_barrier_remove_barrier_finish (CuratorBarrier *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_barrier_remove_barrier_async, result, error);
}

/**
 * curator_barrier_remove_barrier_sync:
 * @self: a barrier
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Removes the barrier, and blocks meanwhile. For the errors see
 * [method@Curator.Barrier.remove_barrier_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_barrier_remove_barrier_sync (CuratorBarrier *self, GCancellable *cancellable, GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (barrier_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = get_remove_call (self);
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_barrier_wait_on_barrier_async:
 * @self: a barrier
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where the barrier is set
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Waits until the barrier is not set.
 *
 * Since: 1.0
 */
void
curator_barrier_wait_on_barrier_async (CuratorBarrier *self,
                                       gint64 timeout_ms,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (barrier_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_barrier_wait_get_call (self->client, self->path, timeout_ms);
  curator_call_async (&options, self, curator_barrier_wait_on_barrier_async, cancellable, callback,
                      user_data);
}

/**
 * curator_barrier_wait_on_barrier_finish:
 * @self: a barrier
 * @result: the result of [method@Curator.Barrier.wait_on_barrier_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.Barrier.wait_on_barrier_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the
 * client was closed meanwhile, was never started, or belongs to the process that this one was forked from,
 * `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out, and whatever the server reports, such as
 * %CURATOR_ERROR_NO_AUTH.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_barrier_wait_on_barrier_finish (CuratorBarrier *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_barrier_wait_on_barrier_async, result, error);
}

/**
 * curator_barrier_wait_on_barrier_sync:
 * @self: a barrier
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where the barrier is set
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits until the barrier is not set, and blocks meanwhile. For the errors see
 * [method@Curator.Barrier.wait_on_barrier_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_barrier_wait_on_barrier_sync (CuratorBarrier *self,
                                      gint64 timeout_ms,
                                      GCancellable *cancellable,
                                      GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (barrier_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_barrier_wait_get_call (self->client, self->path, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}
