/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-retry-settings-private.h"

static void
get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  gint64 number = ((CuratorRetrySettings *) object)->values[property_id - 1];

  if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, (int) number);
  else
    g_value_set_int64 (value, number);
}

static void
set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  gint64 number = G_VALUE_HOLDS_INT (value) ? g_value_get_int (value) : g_value_get_int64 (value);

  ((CuratorRetrySettings *) object)->values[property_id - 1] = number;
}

static GParamSpec *
make_property (const CuratorRetrySetting *setting)
{
  GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  if (setting->type == G_TYPE_INT)
    return g_param_spec_int (setting->name, NULL, NULL, (int) setting->min, (int) setting->max,
                             (int) setting->standard, flags);
  return g_param_spec_int64 (setting->name, NULL, NULL, setting->min, setting->max, setting->standard, flags);
}

void
curator_retry_settings_install (CuratorRetryPolicyClass *klass,
                                const CuratorRetrySetting *settings,
                                guint n_settings)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamSpec *properties[CURATOR_RETRY_MAX_SETTINGS + 1] = { NULL };

  g_return_if_fail (n_settings <= CURATOR_RETRY_MAX_SETTINGS);

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  for (guint i = 0; i < n_settings; i++)
    properties[i + 1] = make_property (&settings[i]);
  g_object_class_install_properties (object_class, n_settings + 1, properties);
}
