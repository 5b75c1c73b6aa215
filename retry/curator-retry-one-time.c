/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-one-time.h"

#include "curator-retry-backoff-private.h"

/**
 * CuratorRetryOneTime:
 *
 * A policy that tries again once.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryOneTime
{
  CuratorRetryPolicy parent_instance;

  gint64 sleep_ms;
};

enum
{
  PROP_SLEEP_MS = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorRetryOneTime, curator_retry_one_time, CURATOR_TYPE_RETRY_POLICY)

static gboolean
curator_retry_one_time_allow_retry (CuratorRetryPolicy *policy,
                                    guint retry_count,
                                    gint64 elapsed_ms,
                                    gboolean session_lost,
                                    gdouble random,
                                    gint64 *sleep_ms)
{
  CuratorRetryOneTime *self = CURATOR_RETRY_ONE_TIME (policy);

  *sleep_ms = self->sleep_ms;
  return retry_count == 0;
}

static void
curator_retry_one_time_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorRetryOneTime *self = CURATOR_RETRY_ONE_TIME (object);

  switch (property_id)
    {
    case PROP_SLEEP_MS:
      g_value_set_int64 (value, self->sleep_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_one_time_set_property (GObject *object,
                                     guint property_id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  CuratorRetryOneTime *self = CURATOR_RETRY_ONE_TIME (object);

  switch (property_id)
    {
    case PROP_SLEEP_MS:
      self->sleep_ms = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_one_time_class_init (CuratorRetryOneTimeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_retry_one_time_get_property;
  object_class->set_property = curator_retry_one_time_set_property;
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = curator_retry_one_time_allow_retry;

  /**
   * CuratorRetryOneTime:sleep-ms:
   *
   * How long to wait before the retry, in milliseconds.
   *
   * Since: 1.0
   */
  properties[PROP_SLEEP_MS] = g_param_spec_int64 ("sleep-ms", NULL, NULL, 0, CURATOR_RETRY_MAX_SLEEP_MS, 0,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                      G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_retry_one_time_init (CuratorRetryOneTime *self)
{
}

/**
 * curator_retry_one_time_new:
 * @sleep_ms: how long to wait before the retry, in milliseconds, from 0 to %G_MAXINT; values outside are
 * moved to the nearest inside
 *
 * Creates a policy that tries again once.
 *
 * Returns: (transfer full) (type CuratorRetryOneTime): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_one_time_new (gint64 sleep_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_ONE_TIME, "sleep-ms",
                       CLAMP (sleep_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
