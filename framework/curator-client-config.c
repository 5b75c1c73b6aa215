/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-client-config-private.h"

CuratorAuthInfo *
curator_auth_info_new (const char *scheme, GBytes *auth)
{
  CuratorAuthInfo *info = g_new (CuratorAuthInfo, 1);

  info->scheme = g_strdup (scheme);
  info->auth = g_bytes_ref (auth);
  return info;
}

void
curator_auth_info_free (CuratorAuthInfo *info)
{
  g_free (info->scheme);
  g_bytes_unref (info->auth);
  g_free (info);
}

CuratorClientConfig *
curator_client_config_new (void)
{
  CuratorClientConfig *config = g_new0 (CuratorClientConfig, 1);

  g_atomic_ref_count_init (&config->ref_count);
  config->session_timeout_ms = CURATOR_DEFAULT_SESSION_TIMEOUT_MS;
  config->connection_timeout_ms = CURATOR_DEFAULT_CONNECTION_TIMEOUT_MS;
  config->max_close_wait_ms = CURATOR_DEFAULT_MAX_CLOSE_WAIT_MS;
  config->max_packet_bytes = CURATOR_DEFAULT_MAX_PACKET_BYTES;
  config->max_reply_bytes = CURATOR_DEFAULT_MAX_REPLY_BYTES;
  config->auths = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_auth_info_free);
  config->delivery = curator_delivery_new ();
  return config;
}

static gpointer
ref_or_null (gpointer object)
{
  return object != NULL ? g_object_ref (object) : NULL;
}

CuratorClientConfig *
curator_client_config_copy (CuratorClientConfig *config)
{
  CuratorClientConfig *copy = g_new (CuratorClientConfig, 1);

  *copy = *config;
  g_atomic_ref_count_init (&copy->ref_count);
  copy->delivery = curator_delivery_new ();
  copy->hosts = config->hosts != NULL ? g_ptr_array_ref (config->hosts) : NULL;
  copy->chroot = g_strdup (config->chroot);
  copy->namespace_ = g_strdup (config->namespace_);
  copy->retry_policy = ref_or_null (config->retry_policy);
  copy->default_data = config->default_data != NULL ? g_bytes_ref (config->default_data) : NULL;
  copy->acl_provider = ref_or_null (config->acl_provider);
  copy->compression_provider = ref_or_null (config->compression_provider);
  copy->main_context = config->main_context != NULL ? g_main_context_ref (config->main_context) : NULL;
  copy->auths = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_auth_info_free);
  for (guint i = 0; i < config->auths->len; i++)
    {
      CuratorAuthInfo *info = g_ptr_array_index (config->auths, i);

      g_ptr_array_add (copy->auths, curator_auth_info_new (info->scheme, info->auth));
    }
  return copy;
}

CuratorClientConfig *
curator_client_config_ref (CuratorClientConfig *config)
{
  g_atomic_ref_count_inc (&config->ref_count);
  return config;
}

void
curator_client_config_unref (CuratorClientConfig *config)
{
  if (!g_atomic_ref_count_dec (&config->ref_count))
    return;

  g_clear_pointer (&config->hosts, g_ptr_array_unref);
  g_free (config->chroot);
  g_free (config->namespace_);
  g_clear_object (&config->retry_policy);
  g_ptr_array_unref (config->auths);
  g_clear_pointer (&config->default_data, g_bytes_unref);
  g_clear_object (&config->acl_provider);
  g_clear_object (&config->compression_provider);
  g_clear_pointer (&config->main_context, g_main_context_unref);
  curator_delivery_unref (config->delivery);
  g_free (config);
}
