/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-double-barrier.h"

#include "curator-door-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/**
 * CuratorDoubleBarrier:
 *
 * Lets nobody in before all have come, and nobody out before all are done.
 *
 * Each member has an object of its own with the same path and the same number of members.
 * [method@Curator.DoubleBarrier.enter_async] waits until as many have entered,
 * [method@Curator.DoubleBarrier.leave_async] until all have left. Then it can be entered again. As in Apache
 * Curator the number is a threshold: further members that come while the barrier is open are let in at once.
 * Where all members died inside it stays open, until somebody comes who is alone.
 *
 * Who does not get in, for whatever reason, takes his node away, and is not counted any more; so does who
 * does not wait for the others to leave. Who loses his session while he waits to be let in is counted again
 * in the next one; inside, he has left as far as the others are concerned.
 *
 * The nodes are those of Curator's `DistributedDoubleBarrier`, so that Java programs can be members too.
 *
 * Dropping the last reference takes the node away. In a process that was forked from the one that entered the
 * object is inert.
 *
 * Threads: all functions may be called from any thread, but only one call that enters or leaves may be under
 * way. Results are returned in the thread-default main context of the call.
 *
 * Since: 1.0
 */
struct _CuratorDoubleBarrier
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  guint member_count;
  CuratorDoor *door; /* NULL where something is missing */
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_MEMBER_COUNT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorDoubleBarrier, curator_double_barrier, G_TYPE_OBJECT)

/* One that was made without its construct-only properties is not. */
static gboolean
barrier_is_usable (CuratorDoubleBarrier *self)
{
  return CURATOR_IS_DOUBLE_BARRIER (self) && self->door != NULL;
}

static void
abandon_in_loop (gpointer user_data)
{
  g_autoptr (CuratorDoor) door = user_data;

  if (door->may_have_node)
    curator_door_clean (door);
}

/* Class */

static void
curator_double_barrier_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorDoubleBarrier *self = CURATOR_DOUBLE_BARRIER (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_MEMBER_COUNT:
      g_value_set_uint (value, self->member_count);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_double_barrier_set_property (GObject *object,
                                     guint property_id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  CuratorDoubleBarrier *self = CURATOR_DOUBLE_BARRIER (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    case PROP_MEMBER_COUNT:
      self->member_count = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_double_barrier_constructed (GObject *object)
{
  CuratorDoubleBarrier *self = CURATOR_DOUBLE_BARRIER (object);

  G_OBJECT_CLASS (curator_double_barrier_parent_class)->constructed (object);

  if (self->client != NULL && self->path != NULL)
    self->door = curator_door_new (self->client, self->path, self->member_count);
}

/* Calls that are under way keep the object, so that nothing is abandoned that they need. In a forked process
 * the session, and with it the node, is the parent's. */
static void
curator_double_barrier_dispose (GObject *object)
{
  CuratorDoubleBarrier *self = CURATOR_DOUBLE_BARRIER (object);

  if (self->door != NULL && curator_loop_is_alive (curator_framework_get_loop (self->client)))
    curator_loop_invoke (curator_framework_get_loop (self->client), abandon_in_loop,
                         curator_door_ref (self->door));

  G_OBJECT_CLASS (curator_double_barrier_parent_class)->dispose (object);
}

static void
curator_double_barrier_finalize (GObject *object)
{
  CuratorDoubleBarrier *self = CURATOR_DOUBLE_BARRIER (object);

  g_clear_pointer (&self->door, curator_door_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_double_barrier_parent_class)->finalize (object);
}

static void
curator_double_barrier_class_init (CuratorDoubleBarrierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = curator_double_barrier_get_property;
  object_class->set_property = curator_double_barrier_set_property;
  object_class->constructed = curator_double_barrier_constructed;
  object_class->dispose = curator_double_barrier_dispose;
  object_class->finalize = curator_double_barrier_finalize;

  /**
   * CuratorDoubleBarrier:client: (getter get_client)
   *
   * The client through which the member takes part.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorDoubleBarrier:path: (getter get_path)
   *
   * The path that all members agree on, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorDoubleBarrier:member-count: (getter get_member_count)
   *
   * How many have to be there before anybody is let in.
   *
   * Since: 1.0
   */
  properties[PROP_MEMBER_COUNT] = g_param_spec_uint ("member-count", NULL, NULL, 0, G_MAXUINT, 1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_double_barrier_init (CuratorDoubleBarrier *self)
{
}

/**
 * curator_double_barrier_new:
 * @client: a client
 * @path: the path that all members agree on, relative to the client's namespace; an invalid one is reported
 * by the calls that use it
 * @member_count: how many have to be there before anybody is let in, 1 or more
 *
 * Makes an object for a member. Nothing is sent before it enters.
 *
 * Returns: (transfer full): the double barrier
 *
 * Since: 1.0
 */
CuratorDoubleBarrier *
curator_double_barrier_new (CuratorFramework *client, const char *path, guint member_count)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_DOUBLE_BARRIER, "client", client, "path", path, "member-count",
                       member_count, NULL);
}

/**
 * curator_double_barrier_get_client: (get-property client)
 * @self: a double barrier
 *
 * Gets the client through which the member takes part.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_double_barrier_get_client (CuratorDoubleBarrier *self)
{
  g_return_val_if_fail (CURATOR_IS_DOUBLE_BARRIER (self), NULL);

  return self->client;
}

/**
 * curator_double_barrier_get_path: (get-property path)
 * @self: a double barrier
 *
 * Gets the path that all members agree on.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_double_barrier_get_path (CuratorDoubleBarrier *self)
{
  g_return_val_if_fail (CURATOR_IS_DOUBLE_BARRIER (self), NULL);

  return self->path;
}

/**
 * curator_double_barrier_get_member_count: (get-property member-count)
 * @self: a double barrier
 *
 * Gets how many have to be there before anybody is let in.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
curator_double_barrier_get_member_count (CuratorDoubleBarrier *self)
{
  g_return_val_if_fail (CURATOR_IS_DOUBLE_BARRIER (self), 0);

  return self->member_count;
}

/**
 * curator_double_barrier_enter_async:
 * @self: a double barrier
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where others have to be waited for
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Enters, and waits until all members have.
 *
 * Since: 1.0
 */
void
curator_double_barrier_enter_async (CuratorDoubleBarrier *self,
                                    gint64 timeout_ms,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (barrier_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_door_get_enter_call (self->door, timeout_ms);
  curator_call_async (&options, self, curator_double_barrier_enter_async, cancellable, callback, user_data);
}

/**
 * curator_double_barrier_enter_finish:
 * @self: a double barrier
 * @result: the result of [method@Curator.DoubleBarrier.enter_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.DoubleBarrier.enter_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_PENDING` while
 * another call is under way, `G_IO_ERROR_CLOSED` when the client was closed meanwhile, was never started, or
 * belongs to the process that this one was forked from, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or
 * time-out, or when it was entered already, and whatever the server reports, such as %CURATOR_ERROR_NO_AUTH.
 * Who did not get in is outside, and his node goes.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_double_barrier_enter_finish (CuratorDoubleBarrier *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_double_barrier_enter_async, result, error);
}

/**
 * curator_double_barrier_enter_sync:
 * @self: a double barrier
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where others have to be waited for
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Enters, and blocks until all members have. For the errors see
 * [method@Curator.DoubleBarrier.enter_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_double_barrier_enter_sync (CuratorDoubleBarrier *self,
                                   gint64 timeout_ms,
                                   GCancellable *cancellable,
                                   GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (barrier_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_door_get_enter_call (self->door, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_double_barrier_leave_async:
 * @self: a double barrier
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where others have to be waited for
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (nullable): called with the outcome
 * @user_data: for @callback
 *
 * Leaves, and waits until all members have.
 *
 * Since: 1.0
 */
void
curator_double_barrier_leave_async (CuratorDoubleBarrier *self,
                                    gint64 timeout_ms,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (barrier_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_door_get_leave_call (self->door, timeout_ms);
  curator_call_async (&options, self, curator_double_barrier_leave_async, cancellable, callback, user_data);
}

/**
 * curator_double_barrier_leave_finish:
 * @self: a double barrier
 * @result: the result of [method@Curator.DoubleBarrier.leave_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.DoubleBarrier.leave_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT` when the time was over, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_PENDING` while
 * another call is under way, `G_IO_ERROR_CLOSED` when the client was closed meanwhile, was never started, or
 * belongs to the process that this one was forked from, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or
 * time-out, or when it was not entered, and whatever the server reports, such as %CURATOR_ERROR_NO_AUTH. Who
 * gave up waiting for the others is outside all the same, and his node goes.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_double_barrier_leave_finish (CuratorDoubleBarrier *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_double_barrier_leave_async, result, error);
}

/**
 * curator_double_barrier_leave_sync:
 * @self: a double barrier
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever, 0 to fail where others have to be waited for
 * @cancellable: (nullable): a #GCancellable
 * @error: (nullable): where to put the reason for a failure
 *
 * Leaves, and blocks until all members have. For the errors see
 * [method@Curator.DoubleBarrier.leave_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_double_barrier_leave_sync (CuratorDoubleBarrier *self,
                                   gint64 timeout_ms,
                                   GCancellable *cancellable,
                                   GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (barrier_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_door_get_leave_call (self->door, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}
