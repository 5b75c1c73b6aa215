/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-n-times.h"

#include "curator-retry-backoff-private.h"

/**
 * CuratorRetryNTimes:
 *
 * A policy that tries again a number of times, always after the same delay.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryNTimes
{
  CuratorRetryPolicy parent_instance;

  int n;
  gint64 sleep_between_ms;
};

enum
{
  PROP_N = 1,
  PROP_SLEEP_BETWEEN_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorRetryNTimes, curator_retry_n_times, CURATOR_TYPE_RETRY_POLICY)

static gboolean
curator_retry_n_times_allow_retry (CuratorRetryPolicy *policy,
                                   guint retry_count,
                                   gint64 elapsed_ms,
                                   gboolean session_lost,
                                   gdouble random,
                                   gint64 *sleep_ms)
{
  CuratorRetryNTimes *self = CURATOR_RETRY_N_TIMES (policy);

  *sleep_ms = self->sleep_between_ms;
  return retry_count < (guint) self->n;
}

static void
curator_retry_n_times_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorRetryNTimes *self = CURATOR_RETRY_N_TIMES (object);

  switch (property_id)
    {
    case PROP_N:
      g_value_set_int (value, self->n);
      break;
    case PROP_SLEEP_BETWEEN_MS:
      g_value_set_int64 (value, self->sleep_between_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_n_times_set_property (GObject *object,
                                    guint property_id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  CuratorRetryNTimes *self = CURATOR_RETRY_N_TIMES (object);

  switch (property_id)
    {
    case PROP_N:
      self->n = g_value_get_int (value);
      break;
    case PROP_SLEEP_BETWEEN_MS:
      self->sleep_between_ms = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_n_times_class_init (CuratorRetryNTimesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_retry_n_times_get_property;
  object_class->set_property = curator_retry_n_times_set_property;
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = curator_retry_n_times_allow_retry;

  /**
   * CuratorRetryNTimes:n:
   *
   * How often to try again.
   *
   * Since: 1.0
   */
  properties[PROP_N] = g_param_spec_int ("n", NULL, NULL, 0, G_MAXINT, 0,
                                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                             G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * CuratorRetryNTimes:sleep-between-ms:
   *
   * How long to wait before each retry, in milliseconds.
   *
   * Since: 1.0
   */
  properties[PROP_SLEEP_BETWEEN_MS] = g_param_spec_int64 (
      "sleep-between-ms", NULL, NULL, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0,
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_retry_n_times_init (CuratorRetryNTimes *self)
{
}

/**
 * curator_retry_n_times_new:
 * @n: how often to try again; negative values count as 0
 * @sleep_between_ms: how long to wait before each retry, in milliseconds, from 0 to %G_MAXINT; values outside
 *   are moved to the nearest inside
 *
 * Creates a policy that tries again @n times.
 *
 * Returns: (transfer full) (type CuratorRetryNTimes): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_n_times_new (int n, gint64 sleep_between_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_N_TIMES, "n", MAX (n, 0), "sleep-between-ms",
                       CLAMP (sleep_between_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
