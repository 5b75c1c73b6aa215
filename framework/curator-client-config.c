/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-client-config-private.h"

static void
auth_info_free (gpointer data)
{
  CuratorAuthInfo *info = data;

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
  config->auths = g_ptr_array_new_with_free_func (auth_info_free);
  return config;
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
  g_free (config);
}
