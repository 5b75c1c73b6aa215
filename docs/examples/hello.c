/* SPDX-License-Identifier: Apache-2.0 */
/* Does something that only one process of the cluster may do at a time.
 *
 *   cc hello.c -o hello $(pkg-config --cflags --libs curator-glib-1.0)
 *   ./hello 127.0.0.1:2181
 */
#include <curator-glib/curator.h>

static gboolean
print_alone (CuratorFramework *client, GError **error)
{
  g_autoptr (CuratorMutex) mutex = curator_mutex_new (client, "/locks/printer");
  g_autoptr (CuratorLease) lease = curator_mutex_acquire_sync (mutex, 5000, NULL, error);

  if (lease == NULL)
    return FALSE;
  g_print ("I alone hold /locks/printer, with fencing token %" G_GUINT64_FORMAT "\n",
           curator_lease_get_fencing_token (lease));
  return curator_lease_release_sync (lease, NULL, error);
}

int
main (int argc, char *argv[])
{
  const char *hosts = argc > 1 ? argv[1] : "127.0.0.1:2181";
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new (hosts);
  g_autoptr (CuratorFramework) client = NULL;
  g_autoptr (GError) error = NULL;

  curator_framework_builder_with_retry_policy (builder, curator_retry_exponential_backoff_new (100, 5));
  client = curator_framework_builder_build (builder, &error);
  if (client == NULL || !curator_framework_start (client, &error) || !print_alone (client, &error))
    g_printerr ("hello: %s\n", error->message);
  if (client != NULL)
    curator_framework_close_sync (client, NULL, NULL);
  return error == NULL ? 0 : 1;
}
