/* SPDX-License-Identifier: Apache-2.0 */
#include "ours-client.h"

#define SESSION_TIMEOUT_MS 30000
#define CONNECT_TIMEOUT_MS 15000

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static void
iterate_until (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static CuratorFramework *
build (const BenchJob *job, GError **error)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new (job->connect);

  curator_framework_builder_with_session_timeout_ms (builder, SESSION_TIMEOUT_MS);
  if (g_str_equal (job->variant, "zerohop"))
    curator_framework_builder_with_main_context (builder, g_main_context_get_thread_default ());
  return curator_framework_builder_build (builder, error);
}

CuratorFramework *
ours_client_open (const BenchJob *job, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  CuratorFramework *client = build (job, error);
  gboolean connected;

  if (client == NULL)
    return NULL;
  if (!curator_framework_start (client, error))
    {
      g_object_unref (client);
      return NULL;
    }
  curator_framework_await_connected_async (client, CONNECT_TIMEOUT_MS, NULL, on_result, &result);
  iterate_until (&result);
  connected = curator_framework_await_connected_finish (client, result, error);
  if (!connected)
    g_clear_pointer (&client, ours_client_close);
  return client;
}

void
ours_client_close (CuratorFramework *client)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (client == NULL)
    return;
  curator_framework_close_async (client, NULL, on_result, &result);
  iterate_until (&result);
  curator_framework_close_finish (client, result, NULL);
  g_object_unref (client);
}

gboolean
ours_client_create (CuratorFramework *client, const char *path, guint data_size, GError **error)
{
  g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (client);
  g_autoptr (GBytes) data = ours_make_data (data_size);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *created = NULL;

  curator_create_builder_for_path_async (builder, path, data, NULL, on_result, &result);
  iterate_until (&result);
  created = curator_create_builder_for_path_finish (builder, result, error);
  return created != NULL;
}

gboolean
ours_client_delete (CuratorFramework *client, const char *path, GError **error)
{
  g_autoptr (CuratorDeleteBuilder) builder = curator_framework_delete (client);
  g_autoptr (GAsyncResult) result = NULL;

  curator_delete_builder_deleting_children_if_needed (builder);
  curator_delete_builder_for_path_async (builder, path, NULL, on_result, &result);
  iterate_until (&result);
  return curator_delete_builder_for_path_finish (builder, result, error);
}

GBytes *
ours_make_data (guint data_size)
{
  return g_bytes_new_take (g_strnfill (data_size, 'x'), data_size);
}
