/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-atomic-number.h"

#include "curator-atomic-number-private.h"
#include "curator-request-private.h"
#include "curator-retry-exponential-backoff.h"

#define DEFAULT_BASE_SLEEP_MS 10
#define DEFAULT_MAX_RETRIES   29
#define DEFAULT_MAX_SLEEP_MS  1000

/**
 * CuratorAtomicNumber:
 *
 * What [class@Curator.AtomicInt] and [class@Curator.AtomicLong] have in common: a number in the data of a
 * node that many processes change, each change taking place as a whole.
 *
 * An operation reads the number, and writes the new one on the condition that nobody else has written in
 * between. If somebody has, it begins anew, as the retry policy allows; if that gives up, a
 * [struct@Curator.AtomicResult] says that it did not succeed. Where a lock path was given, a mutex is
 * acquired then and the operation goes on under it with the other retry policy. A node that is missing is
 * created by what changes the number, which is 0 then, as it is where the data are empty. A sum that does not
 * fit wraps around, as in Java.
 *
 * No operation takes place twice. When the answer to a write is lost, it is looked up what has become of it.
 * That cannot always be told: somebody else may have written the same number, or have written after it, or the
 * node was missing before, and may have been deleted since. Then, and only then, the error is
 * %CURATOR_ERROR_UNKNOWN_OUTCOME: the operation took place once or not at all. The same is true of operations that end with `G_IO_ERROR_CANCELLED` or `G_IO_ERROR_CLOSED`. After any other
 * error the number was not changed; but [method@Curator.AtomicNumber.force_set_async] can say more.
 *
 * Errors of all operations: those, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out or a number
 * that does not fit, %CURATOR_ERROR_DATA_INCONSISTENCY when the data of the node are no such number,
 * %CURATOR_ERROR_CONNECTION_LOSS and the like when the client's retry policy gave up on reading, and what the
 * server refuses.
 *
 * Threads: all functions may be called from any thread. Results are returned in the thread-default main
 * context of the call.
 *
 * Since: 1.0
 */
typedef struct
{
  CuratorFramework *client;
  char *path;
  CuratorRetryPolicy *retry_policy;
  char *lock_path;
  gint64 lock_timeout_ms;
  CuratorRetryPolicy *lock_retry_policy;
} CuratorAtomicNumberPrivate;

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_RETRY_POLICY,
  PROP_LOCK_PATH,
  PROP_LOCK_TIMEOUT_MS,
  PROP_LOCK_RETRY_POLICY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CuratorAtomicNumber, curator_atomic_number, G_TYPE_OBJECT)

static CuratorAtomicNumberPrivate *
get_private (CuratorAtomicNumber *self)
{
  return curator_atomic_number_get_instance_private (self);
}

gboolean
curator_atomic_number_is_usable (CuratorAtomicNumber *self)
{
  return CURATOR_IS_ATOMIC_NUMBER (self) && get_private (self)->client != NULL &&
         get_private (self)->path != NULL;
}

CuratorAtomicOperation
curator_atomic_number_make_operation (CuratorAtomicNumber *self, CuratorAtomicKind kind, gint64 a, gint64 b)
{
  CuratorAtomicNumberPrivate *priv = get_private (self);

  return (CuratorAtomicOperation){ .kind = kind,
                                   .a = a,
                                   .b = b,
                                   .size = CURATOR_ATOMIC_NUMBER_GET_CLASS (self)->size,
                                   .client = priv->client,
                                   .path = priv->path,
                                   .policy = priv->retry_policy,
                                   .lock_path = priv->lock_path,
                                   .lock_timeout_ms = priv->lock_timeout_ms,
                                   .lock_policy = priv->lock_retry_policy };
}

/* Class */

static void
curator_atomic_number_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorAtomicNumberPrivate *priv = get_private (CURATOR_ATOMIC_NUMBER (object));

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, priv->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, priv->path);
      break;
    case PROP_RETRY_POLICY:
      g_value_set_object (value, priv->retry_policy);
      break;
    case PROP_LOCK_PATH:
      g_value_set_string (value, priv->lock_path);
      break;
    case PROP_LOCK_TIMEOUT_MS:
      g_value_set_int64 (value, priv->lock_timeout_ms);
      break;
    case PROP_LOCK_RETRY_POLICY:
      g_value_set_object (value, priv->lock_retry_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_atomic_number_set_property (GObject *object,
                                    guint property_id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  CuratorAtomicNumberPrivate *priv = get_private (CURATOR_ATOMIC_NUMBER (object));

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        priv->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      priv->path = g_value_dup_string (value);
      break;
    case PROP_RETRY_POLICY:
      priv->retry_policy = g_value_dup_object (value);
      break;
    case PROP_LOCK_PATH:
      priv->lock_path = g_value_dup_string (value);
      break;
    case PROP_LOCK_TIMEOUT_MS:
      priv->lock_timeout_ms = g_value_get_int64 (value);
      break;
    case PROP_LOCK_RETRY_POLICY:
      priv->lock_retry_policy = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
fill_in_policy (CuratorRetryPolicy **policy)
{
  if (*policy == NULL)
    *policy = curator_retry_exponential_backoff_new_full (DEFAULT_BASE_SLEEP_MS, DEFAULT_MAX_RETRIES,
                                                          DEFAULT_MAX_SLEEP_MS);
}

static void
curator_atomic_number_constructed (GObject *object)
{
  CuratorAtomicNumberPrivate *priv = get_private (CURATOR_ATOMIC_NUMBER (object));

  G_OBJECT_CLASS (curator_atomic_number_parent_class)->constructed (object);

  fill_in_policy (&priv->retry_policy);
  fill_in_policy (&priv->lock_retry_policy);
}

static void
curator_atomic_number_finalize (GObject *object)
{
  CuratorAtomicNumberPrivate *priv = get_private (CURATOR_ATOMIC_NUMBER (object));

  g_clear_object (&priv->lock_retry_policy);
  g_clear_pointer (&priv->lock_path, g_free);
  g_clear_object (&priv->retry_policy);
  g_clear_pointer (&priv->path, g_free);
  g_clear_object (&priv->client);

  G_OBJECT_CLASS (curator_atomic_number_parent_class)->finalize (object);
}

static void
install_lock_properties (GParamFlags flags)
{
  /**
   * CuratorAtomicNumber:lock-path: (getter get_lock_path)
   *
   * The path of the mutex that is acquired when the retry policy gives up, relative to the client's
   * namespace; %NULL for none. An invalid one is reported by each operation.
   *
   * Since: 1.0
   */
  properties[PROP_LOCK_PATH] = g_param_spec_string ("lock-path", NULL, NULL, NULL, flags);
  /**
   * CuratorAtomicNumber:lock-timeout-ms: (getter get_lock_timeout_ms)
   *
   * How long to wait for the mutex, in milliseconds: -1 for ever. After that the operation has not succeeded.
   * Less than -1 is reported by each operation.
   *
   * Since: 1.0
   */
  properties[PROP_LOCK_TIMEOUT_MS] =
      g_param_spec_int64 ("lock-timeout-ms", NULL, NULL, G_MININT64, G_MAXINT64, -1, flags);
  /**
   * CuratorAtomicNumber:lock-retry-policy: (getter get_lock_retry_policy)
   *
   * How often and after which pauses to try again while the mutex is held.
   *
   * Since: 1.0
   */
  properties[PROP_LOCK_RETRY_POLICY] =
      g_param_spec_object ("lock-retry-policy", NULL, NULL, CURATOR_TYPE_RETRY_POLICY, flags);
}

static void
curator_atomic_number_class_init (CuratorAtomicNumberClass *klass)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_atomic_number_get_property;
  object_class->set_property = curator_atomic_number_set_property;
  object_class->constructed = curator_atomic_number_constructed;
  object_class->finalize = curator_atomic_number_finalize;

  /**
   * CuratorAtomicNumber:client: (getter get_client)
   *
   * The client through which the number is changed.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorAtomicNumber:path: (getter get_path)
   *
   * The path of the node, relative to the client's namespace.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorAtomicNumber:retry-policy: (getter get_retry_policy)
   *
   * How often and after which pauses to try again when others were faster.
   *
   * Since: 1.0
   */
  properties[PROP_RETRY_POLICY] =
      g_param_spec_object ("retry-policy", NULL, NULL, CURATOR_TYPE_RETRY_POLICY, flags);
  install_lock_properties (flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_atomic_number_init (CuratorAtomicNumber *self)
{
}

/**
 * curator_atomic_number_get_client: (get-property client)
 * @self: a number
 *
 * Gets the client through which the number is changed.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_atomic_number_get_client (CuratorAtomicNumber *self)
{
  g_return_val_if_fail (CURATOR_IS_ATOMIC_NUMBER (self), NULL);

  return get_private (self)->client;
}

/**
 * curator_atomic_number_get_path: (get-property path)
 * @self: a number
 *
 * Gets the path of the node.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_atomic_number_get_path (CuratorAtomicNumber *self)
{
  g_return_val_if_fail (CURATOR_IS_ATOMIC_NUMBER (self), NULL);

  return get_private (self)->path;
}

/**
 * curator_atomic_number_get_retry_policy: (get-property retry-policy)
 * @self: a number
 *
 * Gets how often and after which pauses to try again when others were faster.
 *
 * Returns: (transfer none): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_atomic_number_get_retry_policy (CuratorAtomicNumber *self)
{
  g_return_val_if_fail (CURATOR_IS_ATOMIC_NUMBER (self), NULL);

  return get_private (self)->retry_policy;
}

/**
 * curator_atomic_number_get_lock_path: (get-property lock-path)
 * @self: a number
 *
 * Gets the path of the mutex that is acquired when the retry policy gives up.
 *
 * Returns: (transfer none) (nullable): the path, as it was given; %NULL for none
 *
 * Since: 1.0
 */
const char *
curator_atomic_number_get_lock_path (CuratorAtomicNumber *self)
{
  g_return_val_if_fail (CURATOR_IS_ATOMIC_NUMBER (self), NULL);

  return get_private (self)->lock_path;
}

/**
 * curator_atomic_number_get_lock_timeout_ms: (get-property lock-timeout-ms)
 * @self: a number
 *
 * Gets how long to wait for the mutex.
 *
 * Returns: the time in milliseconds; -1 for ever
 *
 * Since: 1.0
 */
gint64
curator_atomic_number_get_lock_timeout_ms (CuratorAtomicNumber *self)
{
  g_return_val_if_fail (CURATOR_IS_ATOMIC_NUMBER (self), -1);

  return get_private (self)->lock_timeout_ms;
}

/**
 * curator_atomic_number_get_lock_retry_policy: (get-property lock-retry-policy)
 * @self: a number
 *
 * Gets how often and after which pauses to try again while the mutex is held.
 *
 * Returns: (transfer none): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_atomic_number_get_lock_retry_policy (CuratorAtomicNumber *self)
{
  g_return_val_if_fail (CURATOR_IS_ATOMIC_NUMBER (self), NULL);

  return get_private (self)->lock_retry_policy;
}
