/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-version.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RETRY_POLICY (curator_retry_policy_get_type ())
CURATOR_API
G_DECLARE_DERIVABLE_TYPE (CuratorRetryPolicy, curator_retry_policy, CURATOR, RETRY_POLICY, GObject)

/**
 * CuratorRetryPolicyClass:
 * @parent_class: the parent class
 * @allow_retry: decides whether to try again and how long to wait first; see
 *   [method@Curator.RetryPolicy.allow_retry]. Must be pure: it may be called from any thread.
 *
 * The virtual function of [class@Curator.RetryPolicy].
 *
 * Since: 1.0
 */
struct _CuratorRetryPolicyClass
{
  GObjectClass parent_class;

  gboolean (*allow_retry) (CuratorRetryPolicy *self,
                           guint retry_count,
                           gint64 elapsed_ms,
                           gboolean session_lost,
                           gdouble random,
                           gint64 *sleep_ms);

  /*< private >*/
  gpointer padding[8];
};

CURATOR_API gboolean curator_retry_policy_allow_retry (CuratorRetryPolicy *self,
                                                       guint retry_count,
                                                       gint64 elapsed_ms,
                                                       gboolean session_lost,
                                                       gdouble random,
                                                       gint64 *sleep_ms);

G_END_DECLS
