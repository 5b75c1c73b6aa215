/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-until-elapsed.h"

#include "curator-retry-backoff-private.h"

/**
 * CuratorRetryUntilElapsed:
 *
 * A policy that tries again, always after the same delay, until some time has passed since the first attempt.
 *
 * The time is looked at when an attempt fails; the delay and the attempt that follow may end after it.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetryUntilElapsed
{
  CuratorRetryPolicy parent_instance;

  gint64 max_elapsed_ms;
  gint64 sleep_between_ms;
};

enum
{
  PROP_MAX_ELAPSED_MS = 1,
  PROP_SLEEP_BETWEEN_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorRetryUntilElapsed, curator_retry_until_elapsed, CURATOR_TYPE_RETRY_POLICY)

static gboolean
curator_retry_until_elapsed_allow_retry (CuratorRetryPolicy *policy,
                                         guint retry_count,
                                         gint64 elapsed_ms,
                                         gboolean session_lost,
                                         gdouble random,
                                         gint64 *sleep_ms)
{
  CuratorRetryUntilElapsed *self = CURATOR_RETRY_UNTIL_ELAPSED (policy);

  *sleep_ms = self->sleep_between_ms;
  return elapsed_ms < self->max_elapsed_ms;
}

static void
curator_retry_until_elapsed_get_property (GObject *object,
                                          guint property_id,
                                          GValue *value,
                                          GParamSpec *pspec)
{
  CuratorRetryUntilElapsed *self = CURATOR_RETRY_UNTIL_ELAPSED (object);

  switch (property_id)
    {
    case PROP_MAX_ELAPSED_MS:
      g_value_set_int64 (value, self->max_elapsed_ms);
      break;
    case PROP_SLEEP_BETWEEN_MS:
      g_value_set_int64 (value, self->sleep_between_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_until_elapsed_set_property (GObject *object,
                                          guint property_id,
                                          const GValue *value,
                                          GParamSpec *pspec)
{
  CuratorRetryUntilElapsed *self = CURATOR_RETRY_UNTIL_ELAPSED (object);

  switch (property_id)
    {
    case PROP_MAX_ELAPSED_MS:
      self->max_elapsed_ms = g_value_get_int64 (value);
      break;
    case PROP_SLEEP_BETWEEN_MS:
      self->sleep_between_ms = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_until_elapsed_class_init (CuratorRetryUntilElapsedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_retry_until_elapsed_get_property;
  object_class->set_property = curator_retry_until_elapsed_set_property;
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = curator_retry_until_elapsed_allow_retry;

  /**
   * CuratorRetryUntilElapsed:max-elapsed-ms:
   *
   * For how long to try again, in milliseconds since the first attempt.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_ELAPSED_MS] = g_param_spec_int64 ("max-elapsed-ms", NULL, NULL, 0, G_MAXINT64, 0,
                                                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                            G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * CuratorRetryUntilElapsed:sleep-between-ms:
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
curator_retry_until_elapsed_init (CuratorRetryUntilElapsed *self)
{
}

/**
 * curator_retry_until_elapsed_new:
 * @max_elapsed_ms: for how long to try again, in milliseconds since the first attempt; negative values count
 * as
 *   0
 * @sleep_between_ms: how long to wait before each retry, in milliseconds, from 0 to %G_MAXINT; values outside
 *   are moved to the nearest inside
 *
 * Creates a policy that tries again for some time.
 *
 * Returns: (transfer full) (type CuratorRetryUntilElapsed): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_until_elapsed_new (gint64 max_elapsed_ms, gint64 sleep_between_ms)
{
  return g_object_new (CURATOR_TYPE_RETRY_UNTIL_ELAPSED, "max-elapsed-ms", MAX (max_elapsed_ms, 0),
                       "sleep-between-ms", CLAMP (sleep_between_ms, 0, CURATOR_RETRY_MAX_SLEEP_MS), NULL);
}
