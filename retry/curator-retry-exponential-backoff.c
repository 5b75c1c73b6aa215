/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-exponential-backoff.h"

#include "curator-retry-backoff-private.h"

/**
 * CuratorRetryExponentialBackoff:
 *
 * A policy whose delays grow, on average, to the double with each retry.
 *
 * The delay is the base times a random whole number that is at least 1 and less than 2<sup>retries + 1</sup>,
 * but never longer than the maximum.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryExponentialBackoff
{
  CuratorRetryPolicy parent_instance;

  gint64 base_sleep_ms;
  int max_retries;
  gint64 max_sleep_ms;
};

enum
{
  PROP_BASE_SLEEP_MS = 1,
  PROP_MAX_RETRIES,
  PROP_MAX_SLEEP_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorRetryExponentialBackoff,
                     curator_retry_exponential_backoff,
                     CURATOR_TYPE_RETRY_POLICY)

static gboolean
curator_retry_exponential_backoff_allow_retry (CuratorRetryPolicy *policy,
                                               guint retry_count,
                                               gint64 elapsed_ms,
                                               gboolean session_lost,
                                               gdouble random,
                                               gint64 *sleep_ms)
{
  CuratorRetryExponentialBackoff *self = CURATOR_RETRY_EXPONENTIAL_BACKOFF (policy);

  if (retry_count >= (guint) self->max_retries)
    return FALSE;
  *sleep_ms = curator_retry_backoff_ms (self->base_sleep_ms, self->max_sleep_ms, retry_count, random);
  return TRUE;
}

static void
curator_retry_exponential_backoff_get_property (GObject *object,
                                                guint property_id,
                                                GValue *value,
                                                GParamSpec *pspec)
{
  CuratorRetryExponentialBackoff *self = CURATOR_RETRY_EXPONENTIAL_BACKOFF (object);

  switch (property_id)
    {
    case PROP_BASE_SLEEP_MS:
      g_value_set_int64 (value, self->base_sleep_ms);
      break;
    case PROP_MAX_RETRIES:
      g_value_set_int (value, self->max_retries);
      break;
    case PROP_MAX_SLEEP_MS:
      g_value_set_int64 (value, self->max_sleep_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_exponential_backoff_set_property (GObject *object,
                                                guint property_id,
                                                const GValue *value,
                                                GParamSpec *pspec)
{
  CuratorRetryExponentialBackoff *self = CURATOR_RETRY_EXPONENTIAL_BACKOFF (object);

  switch (property_id)
    {
    case PROP_BASE_SLEEP_MS:
      self->base_sleep_ms = g_value_get_int64 (value);
      break;
    case PROP_MAX_RETRIES:
      self->max_retries = g_value_get_int (value);
      break;
    case PROP_MAX_SLEEP_MS:
      self->max_sleep_ms = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_exponential_backoff_class_init (CuratorRetryExponentialBackoffClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_retry_exponential_backoff_get_property;
  object_class->set_property = curator_retry_exponential_backoff_set_property;
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = curator_retry_exponential_backoff_allow_retry;

  /**
   * CuratorRetryExponentialBackoff:base-sleep-ms:
   *
   * The delay that the others are multiples of, in milliseconds.
   *
   * Since: 1.0
   */
  properties[PROP_BASE_SLEEP_MS] = g_param_spec_int64 (
      "base-sleep-ms", NULL, NULL, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0,
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * CuratorRetryExponentialBackoff:max-retries:
   *
   * How often to try again, at most 29.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_RETRIES] = g_param_spec_int (
      "max-retries", NULL, NULL, 0, CURATOR_RETRY_BACKOFF_MAX_RETRIES, 0,
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * CuratorRetryExponentialBackoff:max-sleep-ms:
   *
   * The longest delay, in milliseconds.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_SLEEP_MS] = g_param_spec_int64 (
      "max-sleep-ms", NULL, NULL, 0, CURATOR_RETRY_MAX_SLEEP_MS, CURATOR_RETRY_MAX_SLEEP_MS,
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_retry_exponential_backoff_init (CuratorRetryExponentialBackoff *self)
{
}

/**
 * curator_retry_exponential_backoff_new:
 * @base_sleep_ms: the delay that the others are multiples of, in milliseconds, from 0 to %G_MAXINT; values
 *   outside are moved to the nearest inside
 * @max_retries: how often to try again, from 0 to 29; values outside are moved to the nearest inside
 *
 * Creates a policy with growing delays of any length.
 *
 * Returns: (transfer full) (type CuratorRetryExponentialBackoff): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_exponential_backoff_new (gint64 base_sleep_ms, int max_retries)
{
  return g_object_new (CURATOR_TYPE_RETRY_EXPONENTIAL_BACKOFF, "base-sleep-ms",
                       CLAMP (base_sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), "max-retries",
                       CLAMP (max_retries, 0, CURATOR_RETRY_BACKOFF_MAX_RETRIES), NULL);
}

/**
 * curator_retry_exponential_backoff_new_full:
 * @base_sleep_ms: the delay that the others are multiples of, in milliseconds, from 0 to %G_MAXINT; values
 *   outside are moved to the nearest inside
 * @max_retries: how often to try again, from 0 to 29; values outside are moved to the nearest inside
 * @max_sleep_ms: the longest delay, in milliseconds, from 0 to %G_MAXINT; values outside are moved to the
 *   nearest inside
 *
 * Creates a policy with growing delays up to a maximum.
 *
 * Returns: (transfer full) (type CuratorRetryExponentialBackoff): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_exponential_backoff_new_full (gint64 base_sleep_ms, int max_retries, gint64 max_sleep_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_EXPONENTIAL_BACKOFF, "base-sleep-ms",
                       CLAMP (base_sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), "max-retries",
                       CLAMP (max_retries, 0, CURATOR_RETRY_BACKOFF_MAX_RETRIES), "max-sleep-ms",
                       CLAMP (max_sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
