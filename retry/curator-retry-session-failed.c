/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-session-failed.h"

/**
 * CuratorRetrySessionFailed:
 *
 * A policy that does as another one says, but never tries an operation again once its session is gone.
 *
 * For operations that mean something only within the session they were begun in.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorRetrySessionFailed
{
  CuratorRetryPolicy parent_instance;

  CuratorRetryPolicy *delegate;
};

enum
{
  PROP_DELEGATE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorRetrySessionFailed, curator_retry_session_failed, CURATOR_TYPE_RETRY_POLICY)

static gboolean
curator_retry_session_failed_allow_retry (CuratorRetryPolicy *policy,
                                          guint retry_count,
                                          gint64 elapsed_ms,
                                          gboolean session_lost,
                                          gdouble random,
                                          gint64 *sleep_ms)
{
  CuratorRetrySessionFailed *self = CURATOR_RETRY_SESSION_FAILED (policy);

  return !session_lost && self->delegate != NULL &&
         curator_retry_policy_allow_retry (self->delegate, retry_count, elapsed_ms, FALSE, random, sleep_ms);
}

static void
curator_retry_session_failed_get_property (GObject *object,
                                           guint property_id,
                                           GValue *value,
                                           GParamSpec *pspec)
{
  CuratorRetrySessionFailed *self = CURATOR_RETRY_SESSION_FAILED (object);

  switch (property_id)
    {
    case PROP_DELEGATE:
      g_value_set_object (value, self->delegate);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_session_failed_set_property (GObject *object,
                                           guint property_id,
                                           const GValue *value,
                                           GParamSpec *pspec)
{
  CuratorRetrySessionFailed *self = CURATOR_RETRY_SESSION_FAILED (object);

  switch (property_id)
    {
    case PROP_DELEGATE:
      self->delegate = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_retry_session_failed_finalize (GObject *object)
{
  CuratorRetrySessionFailed *self = CURATOR_RETRY_SESSION_FAILED (object);

  g_clear_object (&self->delegate);
  G_OBJECT_CLASS (curator_retry_session_failed_parent_class)->finalize (object);
}

static void
curator_retry_session_failed_class_init (CuratorRetrySessionFailedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_retry_session_failed_get_property;
  object_class->set_property = curator_retry_session_failed_set_property;
  object_class->finalize = curator_retry_session_failed_finalize;
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = curator_retry_session_failed_allow_retry;

  /**
   * CuratorRetrySessionFailed:delegate:
   *
   * The policy that decides while the session lives. Without one nothing is tried again.
   *
   * Since: 1.0
   */
  properties[PROP_DELEGATE] = g_param_spec_object ("delegate", NULL, NULL, CURATOR_TYPE_RETRY_POLICY,
                                                   G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                       G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_retry_session_failed_init (CuratorRetrySessionFailed *self)
{
}

/**
 * curator_retry_session_failed_new:
 * @delegate: (transfer full): the policy that decides while the session lives
 *
 * Creates a policy that does as @delegate says as long as the session lives, and takes
 * @delegate over.
 *
 * Returns: (transfer full) (type CuratorRetrySessionFailed): the policy
 *
 * Since: 1.0
 */
CuratorRetryPolicy *
curator_retry_session_failed_new (CuratorRetryPolicy *delegate)
{
  g_autoptr (CuratorRetryPolicy) owned = delegate;

  g_return_val_if_fail (CURATOR_IS_RETRY_POLICY (delegate), NULL);

  return g_object_new (CURATOR_TYPE_RETRY_SESSION_FAILED, "delegate", owned, NULL);
}
