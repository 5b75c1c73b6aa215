/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-retry-policy.h"

G_BEGIN_DECLS

/* What the policies share whose configuration is numbers, each the value of a construct-only property. */

#define CURATOR_RETRY_MAX_SETTINGS 3
/* The longest delay of any policy, in milliseconds (about 25 days). */
#define CURATOR_RETRY_MAX_SLEEP_MS ((gint64) G_MAXINT)

/* What such a policy's instance is. */
typedef struct
{
  CuratorRetryPolicy parent_instance;

  gint64 values[CURATOR_RETRY_MAX_SETTINGS]; /* in the order of the settings that its class was given */
} CuratorRetrySettings;

typedef struct
{
  const char *name;
  GType type; /* G_TYPE_INT or G_TYPE_INT64 */
  gint64 min, max, standard;
} CuratorRetrySetting;

/* From the class's initialization: installs the properties, @settings being static. */
void curator_retry_settings_install (CuratorRetryPolicyClass *klass,
                                     const CuratorRetrySetting *settings,
                                     guint n_settings);

G_END_DECLS
