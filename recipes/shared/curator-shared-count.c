/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-shared-count-private.h"

#include "curator-number-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/**
 * CuratorSharedCount:
 *
 * A number that processes share.
 *
 * It is a [class@Curator.SharedValue] whose value is a number of 32 bits: see there for how it is followed
 * and set. In the node it is four bytes, the highest first, as in Apache Curator's `SharedCount`, so that
 * Java programs can share it; so can kazoo's counters that are told to support Curator.
 *
 * Other data than that in the node are reported by [signal@Curator.SharedCount::error]; the last good number
 * stays, and [property@Curator.SharedCount:current] is %FALSE until there is a number again.
 *
 * Dropping the last reference closes it. In a process that was forked from the one that started it the object
 * is inert.
 *
 * Threads: all functions may be called from any thread; reading counts never blocks. Results are returned in
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
  PROP_COUNT,
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

G_DEFINE_FINAL_TYPE (CuratorSharedCount, curator_shared_count, G_TYPE_OBJECT)

gboolean
curator_shared_count_is_usable (CuratorSharedCount *self)
{
  return CURATOR_IS_SHARED_COUNT (self) && self->shared.mirror != NULL;
}

void
curator_shared_count_follow (CuratorSharedCount *self,
                             CuratorSharedCountFunc func,
                             gpointer user_data,
                             GDestroyNotify free_data)
{
  curator_mirror_follow (self->shared.mirror, func, user_data, free_data);
}

void
curator_shared_count_unfollow (CuratorSharedCount *self, gpointer user_data)
{
  curator_mirror_unfollow (self->shared.mirror, user_data);
}

/* As the mirror's owner, in the loop; what is posted is emitted in the context of the construction. */

static void
emit_changed (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_COUNT]);
  if (!g_atomic_int_get (&CURATOR_SHARED_COUNT (object)->shared.closed))
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
  if (!g_atomic_int_get (&CURATOR_SHARED_COUNT (object)->shared.closed))
    g_signal_emit (object, signals[SIGNAL_ERROR], 0, data);
}

static void
on_failed (gpointer user_data, const GError *error)
{
  curator_emitter_post (user_data, emit_error, g_error_copy (error), (GDestroyNotify) g_error_free);
}

static gboolean
check_count (GBytes *data, const char *path, GError **error)
{
  g_autofree char *quoted = NULL;
  gint64 count;

  if (curator_number_from_bytes (data, CURATOR_NUMBER_INT_SIZE, &count))
    return TRUE;
  quoted = curator_path_quote (path);
  g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY,
               "follow count %s: there are %" G_GSIZE_FORMAT " bytes of data instead of 4", quoted,
               g_bytes_get_size (data));
  return FALSE;
}

static const CuratorMirrorOwner mirror_owner = {
  .changed = on_changed,
  .current = on_current,
  .failed = on_failed,
  .check = check_count,
};

/* Class */

static void
curator_shared_count_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorSharedCount *self = CURATOR_SHARED_COUNT (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->shared.client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->shared.path);
      break;
    case PROP_SEED:
      g_value_set_int (value, self->seed);
      break;
    case PROP_COUNT:
      g_value_set_int (value, curator_shared_count_get_count (self));
      break;
    case PROP_CURRENT:
      g_value_set_boolean (value, curator_shared_count_get_current (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_shared_count_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  CuratorSharedCount *self = CURATOR_SHARED_COUNT (object);

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
      self->seed = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_shared_count_constructed (GObject *object)
{
  CuratorSharedCount *self = CURATOR_SHARED_COUNT (object);
  g_autoptr (GBytes) seed = curator_number_to_bytes (self->seed, CURATOR_NUMBER_INT_SIZE);

  G_OBJECT_CLASS (curator_shared_count_parent_class)->constructed (object);

  curator_shared_init (&self->shared, object, seed, &mirror_owner);
}

static void
curator_shared_count_dispose (GObject *object)
{
  curator_shared_close (&CURATOR_SHARED_COUNT (object)->shared);

  G_OBJECT_CLASS (curator_shared_count_parent_class)->dispose (object);
}

static void
curator_shared_count_finalize (GObject *object)
{
  CuratorSharedCount *self = CURATOR_SHARED_COUNT (object);

  curator_shared_clear (&self->shared);

  G_OBJECT_CLASS (curator_shared_count_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags state_flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags flags = state_flags | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY;

  /**
   * CuratorSharedCount:client: (getter get_client)
   *
   * The client through which the count is shared.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorSharedCount:path: (getter get_path)
   *
   * The path of the node, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorSharedCount:seed:
   *
   * The count for a node that is missing at the start.
   *
   * Since: 1.0
   */
  properties[PROP_SEED] = g_param_spec_int ("seed", NULL, NULL, G_MININT32, G_MAXINT32, 0, flags);
  /**
   * CuratorSharedCount:count: (getter get_count)
   *
   * What the count was last, as far as is known here: the seed before the first one is.
   *
   * Since: 1.0
   */
  properties[PROP_COUNT] = g_param_spec_int ("count", NULL, NULL, G_MININT32, G_MAXINT32, 0, state_flags);
  /**
   * CuratorSharedCount:current: (getter get_current)
   *
   * Whether the count is the latest one that the server told of: %FALSE before the first one, without a
   * connection, and while there is no node.
   *
   * Since: 1.0
   */
  properties[PROP_CURRENT] = g_param_spec_boolean ("current", NULL, NULL, FALSE, state_flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_shared_count_class_init (CuratorSharedCountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_shared_count_get_property;
  object_class->set_property = curator_shared_count_set_property;
  object_class->constructed = curator_shared_count_constructed;
  object_class->dispose = curator_shared_count_dispose;
  object_class->finalize = curator_shared_count_finalize;
  install_properties (object_class);

  /**
   * CuratorSharedCount::changed:
   * @self: the shared count
   * @value: what it has become
   *
   * There is another count than before, the first one included, whoever has set it.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CURATOR_TYPE_SHARED_COUNT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, CURATOR_TYPE_VERSIONED_VALUE);
  /**
   * CuratorSharedCount::error:
   * @self: the shared count
   * @error: what went wrong
   *
   * The node cannot be created or read for another reason than the connection, such as
   * %CURATOR_ERROR_NO_AUTH, or what is in it is no number: %CURATOR_ERROR_DATA_INCONSISTENCY. The same reason
   * is reported once; it is tried again every second.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_SHARED_COUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_shared_count_init (CuratorSharedCount *self)
{
}

/**
 * curator_shared_count_new:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by
 *   [method@Curator.SharedCount.start]
 * @seed: the number if the node has to be created
 *
 * Makes a shared count. Nothing is sent before it is started or set.
 *
 * Returns: (transfer full): the shared count
 *
 * Since: 1.0
 */
CuratorSharedCount *
curator_shared_count_new (CuratorFramework *client, const char *path, gint32 seed)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_SHARED_COUNT, "client", client, "path", path, "seed", seed, NULL);
}

/**
 * curator_shared_count_get_client: (get-property client)
 * @self: a shared count
 *
 * Gets the client through which the count is shared.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_shared_count_get_client (CuratorSharedCount *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_COUNT (self), NULL);

  return self->shared.client;
}

/**
 * curator_shared_count_get_path: (get-property path)
 * @self: a shared count
 *
 * Gets the path of the node.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_shared_count_get_path (CuratorSharedCount *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_COUNT (self), NULL);

  return self->shared.path;
}

/**
 * curator_shared_count_get_count: (get-property count)
 * @self: a shared count
 *
 * Gets what the number was last, as far as is known here.
 *
 * Returns: the number; the seed before the first one is known
 *
 * Since: 1.0
 */
gint32
curator_shared_count_get_count (CuratorSharedCount *self)
{
  g_autoptr (CuratorVersionedValue) value = NULL;

  g_return_val_if_fail (CURATOR_IS_SHARED_COUNT (self), 0);

  value = curator_shared_count_dup_versioned_value (self);
  return value != NULL ? curator_versioned_value_get_count (value) : self->seed;
}

/**
 * curator_shared_count_dup_versioned_value:
 * @self: a shared count
 *
 * Gets what the count was last, with its version: for [method@Curator.SharedCount.try_set_count_async].
 *
 * Returns: (transfer full) (nullable): the value; %NULL before the first one is known
 *
 * Since: 1.0
 */
CuratorVersionedValue *
curator_shared_count_dup_versioned_value (CuratorSharedCount *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_COUNT (self), NULL);

  return self->shared.mirror != NULL ? curator_mirror_dup_value (self->shared.mirror) : NULL;
}

/**
 * curator_shared_count_get_current: (get-property current)
 * @self: a shared count
 *
 * Gets whether the count is the latest one that the server told of.
 *
 * Returns: %TRUE if it is, as far as is known here
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_get_current (CuratorSharedCount *self)
{
  g_return_val_if_fail (CURATOR_IS_SHARED_COUNT (self), FALSE);

  return self->shared.mirror != NULL && curator_mirror_is_current (self->shared.mirror);
}

/**
 * curator_shared_count_start:
 * @self: a shared count
 * @error: (nullable): where to put the reason for a failure
 *
 * Begins to follow the node, in the background; see [method@Curator.SharedCount.await_count_async].
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, or when it was started already, and
 * `G_IO_ERROR_CLOSED` after [method@Curator.SharedCount.close] or in a forked process.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_shared_count_start (CuratorSharedCount *self, GError **error)
{
  g_return_val_if_fail (curator_shared_count_is_usable (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return curator_shared_start (&self->shared, error);
}

/**
 * curator_shared_count_close:
 * @self: a shared count
 *
 * Follows the node no longer, and leaves it as it is. What is being set already goes on. Closing again does
 * nothing.
 *
 * Since: 1.0
 */
void
curator_shared_count_close (CuratorSharedCount *self)
{
  g_return_if_fail (CURATOR_IS_SHARED_COUNT (self));

  curator_shared_close (&self->shared);
}
