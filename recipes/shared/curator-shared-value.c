/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-shared-value-private.h"

#include "curator-path-private.h"
#include "curator-request-private.h"

/**
 * CuratorSharedValue:
 *
 * A value that processes share: the data of a node, whatever they are.
 *
 * From [method@Curator.SharedValue.start] to [method@Curator.SharedValue.close] the data of the node are
 * watched. [property@Curator.SharedValue:value] is what they were last, and
 * [signal@Curator.SharedValue::changed] tells of each change that was seen, in order; of changes in quick
 * succession those in between can be missed, the last one never. A node that is missing at the start is
 * created with the seed. When it is deleted later the last value stays; if somebody creates it again, it is
 * followed.
 *
 * Anybody may set the value: [method@Curator.SharedValue.set_value_async] whatever it was,
 * [method@Curator.SharedValue.try_set_value_async] where nobody else has set it since it was read.
 *
 * The layout is that of Apache Curator's `SharedValue`, so that Java programs can share the value.
 *
 * Dropping the last reference closes it. In a process that was forked from the one that started it the object
 * is inert.
 *
 * Threads: all functions may be called from any thread; reading values never blocks. Results are returned in
 * the thread-default main context of the call. Signals and notifications are emitted in the thread-default
 * main context of the construction, in order.
 *
 * Since: 1.0
 */

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_SEED,
  PROP_VALUE,
  PROP_CURRENT,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_ERROR,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CuratorSharedValue, curator_shared_value, G_TYPE_OBJECT)

gboolean
curator_shared_value_is_usable (CuratorSharedValue *self)
{
  return CURATOR_IS_SHARED_VALUE (self) && self->shared.mirror != NULL;
}

/* As the mirror's owner, in the loop; what is posted is emitted in the context of the construction. */

static void
emit_changed (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_VALUE]);
  if (!g_atomic_int_get (&CURATOR_SHARED_VALUE (object)->shared.closed))
    g_signal_emit (object, signals[SIGNAL_CHANGED], 0, data);
}

static void
on_changed (gpointer user_data, CuratorVersionedValue *value)
{
  curator_emitter_post_newest (user_data, emit_changed, curator_versioned_value_ref (value),
                               (GDestroyNotify) curator_versioned_value_unref);
}

static void
emit_current (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_CURRENT]);
}

static void
on_current (gpointer user_data)
{
  curator_emitter_post_newest (user_data, emit_current, NULL, NULL);
}

static void
emit_error (GObject *object, gpointer data)
{
  if (!g_atomic_int_get (&CURATOR_SHARED_VALUE (object)->shared.closed))
    g_signal_emit (object, signals[SIGNAL_ERROR], 0, data);
}

static void
on_failed (gpointer user_data, const GError *error)
{
  curator_emitter_post (user_data, emit_error, g_error_copy (error), (GDestroyNotify) g_error_free);
}

static const CuratorMirrorOwner mirror_owner = {
  .changed = on_changed,
  .current = on_current,
  .failed = on_failed,
};

/* Class */

static void
curator_shared_value_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorSharedValue *self = CURATOR_SHARED_VALUE (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->shared.client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->shared.path);
      break;
    case PROP_SEED:
      g_value_set_boxed (value, self->seed);
      break;
    case PROP_VALUE:
      g_value_take_boxed (value, curator_shared_value_dup_value (self));
      break;
    case PROP_CURRENT:
      g_value_set_boolean (value, curator_shared_value_get_current (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_shared_value_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorSharedValue *self = CURATOR_SHARED_VALUE (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->shared.client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->shared.path = g_value_dup_string (value);
      break;
    case PROP_SEED:
      self->seed = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_shared_value_constructed (GObject *object)
{
  CuratorSharedValue *self = CURATOR_SHARED_VALUE (object);

  G_OBJECT_CLASS (curator_shared_value_parent_class)->constructed (object);

  curator_shared_init (&self->shared, object, self->seed, &mirror_owner);
}

static void
curator_shared_value_dispose (GObject *object)
{
  curator_shared_close (&CURATOR_SHARED_VALUE (object)->shared);

  G_OBJECT_CLASS (curator_shared_value_parent_class)->dispose (object);
}

static void
curator_shared_value_finalize (GObject *object)
{
  CuratorSharedValue *self = CURATOR_SHARED_VALUE (object);

  curator_shared_clear (&self->shared);
  g_clear_pointer (&self->seed, g_bytes_unref);

  G_OBJECT_CLASS (curator_shared_value_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags state_flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags flags = state_flags | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY;

  /**
   * CuratorSharedValue:client: (getter get_client)
   *
   * The client through which the value is shared.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorSharedValue:path: (getter get_path)
   *
   * The path of the node, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorSharedValue:seed:
   *
   * The value for a node that is missing at the start.
   *
   * Since: 1.0
   */
  properties[PROP_SEED] = g_param_spec_boxed ("seed", NULL, NULL, G_TYPE_BYTES, flags);
  /**
   * CuratorSharedValue:value: (getter dup_value)
   *
   * What the value was last, as far as is known here: %NULL before the first one is.
   *
   * Since: 1.0
   */
  properties[PROP_VALUE] = g_param_spec_boxed ("value", NULL, NULL, G_TYPE_BYTES, state_flags);
  /**
   * CuratorSharedValue:current: (getter get_current)
   *
   * Whether the value is the latest one that the server told of: %FALSE before the first one, without a
   * connection, and while there is no node.
   *
   * Since: 1.0
   */
  properties[PROP_CURRENT] = g_param_spec_boolean ("current", NULL, NULL, FALSE, state_flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_shared_value_class_init (CuratorSharedValueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_shared_value_get_property;
  object_class->set_property = curator_shared_value_set_property;
  object_class->constructed = curator_shared_value_constructed;
  object_class->dispose = curator_shared_value_dispose;
  object_class->finalize = curator_shared_value_finalize;
  install_properties (object_class);

  /**
   * CuratorSharedValue::changed:
   * @self: the shared value
   * @value: what it has become
   *
   * There is another value than before, the first one included, whoever has set it.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CURATOR_TYPE_SHARED_VALUE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, CURATOR_TYPE_VERSIONED_VALUE);
  /**
   * CuratorSharedValue::error:
   * @self: the shared value
   * @error: what went wrong
   *
   * The node cannot be created or read for another reason than the connection, such as
   * %CURATOR_ERROR_NO_AUTH. The same reason is reported once; it is tried again every second.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_SHARED_VALUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_shared_value_init (CuratorSharedValue *self)
{
}

/**
 * curator_shared_value_new:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by
 *   [method@Curator.SharedValue.start]
 * @seed: (nullable): the data of the node if it has to be created; %NULL for empty ones
 *
 * Makes a shared value. Nothing is sent before it is started or set.
 *
 * Returns: (transfer full): the shared value
 *
 * Since: 1.0
 */
CuratorSharedValue *
curator_shared_value_new (CuratorFramework *client, const char *path, GBytes *seed)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_SHARED_VALUE, "client", client, "path", path, "seed", seed, NULL);
}

/**
 * curator_shared_value_get_client: (get-property client)
 * @self: a shared value
 *
 * Gets the client through which the value is shared.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_shared_value_get_client (CuratorSharedValue *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_VALUE (self), NULL);

  return self->shared.client;
}

/**
 * curator_shared_value_get_path: (get-property path)
 * @self: a shared value
 *
 * Gets the path of the node.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_shared_value_get_path (CuratorSharedValue *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_VALUE (self), NULL);

  return self->shared.path;
}

/**
 * curator_shared_value_dup_value: (get-property value)
 * @self: a shared value
 *
 * Gets what the value was last, as far as is known here.
 *
 * Returns: (transfer full) (nullable): the value; %NULL before the first one is known
 *
 * Since: 1.0
 */
GBytes *
curator_shared_value_dup_value (CuratorSharedValue *self)
{
  g_autoptr (CuratorVersionedValue) value = NULL;

  g_return_val_if_fail (CURATOR_IS_SHARED_VALUE (self), NULL);

  value = curator_shared_value_dup_versioned_value (self);
  return value != NULL ? g_bytes_ref (curator_versioned_value_get_value (value)) : NULL;
}

/**
 * curator_shared_value_dup_versioned_value:
 * @self: a shared value
 *
 * Gets what the value was last, with its version: for [method@Curator.SharedValue.try_set_value_async].
 *
 * Returns: (transfer full) (nullable): the value; %NULL before the first one is known
 *
 * Since: 1.0
 */
CuratorVersionedValue *
curator_shared_value_dup_versioned_value (CuratorSharedValue *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_VALUE (self), NULL);

  return self->shared.mirror != NULL ? curator_mirror_dup_value (self->shared.mirror) : NULL;
}

/**
 * curator_shared_value_get_current: (get-property current)
 * @self: a shared value
 *
 * Gets whether the value is the latest one that the server told of.
 *
 * Returns: %TRUE if it is, as far as is known here
 *
 * Since: 1.0
 */
gboolean
curator_shared_value_get_current (CuratorSharedValue *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_VALUE (self), FALSE);

  return self->shared.mirror != NULL && curator_mirror_is_current (self->shared.mirror);
}

/**
 * curator_shared_value_start:
 * @self: a shared value
 * @error: (nullable): where to put the reason for a failure
 *
 * Begins to follow the node, in the background; see [method@Curator.SharedValue.await_value_async].
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, or when it was started already, and
 * `G_IO_ERROR_CLOSED` after [method@Curator.SharedValue.close] or in a forked process.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_value_start (CuratorSharedValue *self, GError **error)
{
  g_return_val_if_fail (curator_shared_value_is_usable (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return curator_shared_start (&self->shared, error);
}

/**
 * curator_shared_value_close:
 * @self: a shared value
 *
 * Follows the node no longer, and leaves it as it is. What is being set already goes on. Closing again does
 * nothing.
 *
 * Since: 1.0
 */
void
curator_shared_value_close (CuratorSharedValue *self)
{
  g_return_if_fail (CURATOR_IS_SHARED_VALUE (self));

  curator_shared_close (&self->shared);
}
