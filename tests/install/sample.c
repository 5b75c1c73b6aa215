/* SPDX-License-Identifier: Apache-2.0 */

/* A program outside the tree that holds a lock on a server of its own. */

#include <curator-glib/curator.h>
#include <curator-test.h>

static gboolean
hold_the_lock (const char *connect_string, GError **error)
{
  g_autoptr (CuratorFrameworkBuilder) b = curator_framework_builder_new (connect_string);
  curator_framework_builder_with_retry_policy (b, curator_retry_exponential_backoff_new (100, 5));
  g_autoptr (CuratorFramework) client = curator_framework_builder_build (b, error);
  if (client == NULL || !curator_framework_start (client, error))
    return FALSE;

  g_autoptr (CuratorMutex) mutex = curator_mutex_new (client, "/locks/printer");
  g_autoptr (CuratorLease) lease = curator_mutex_acquire_sync (mutex, 5000 /* ms, -1 forever */, NULL, error);
  if (lease == NULL)
    return FALSE;
  guint64 token = curator_lease_get_fencing_token (lease);
  g_print ("held: %s\n", token > 0 && curator_lease_is_valid (lease) ? "yes" : "no");
  return curator_lease_release_sync (lease, NULL, error) &&
         curator_framework_close_sync (client, NULL, error);
}

int
main (void)
{
  g_autoptr (CuratorTestServer) server = curator_test_server_new ();
  g_autoptr (GError) error = NULL;

  if (!curator_test_server_start_sync (server, NULL, &error) ||
      !hold_the_lock (curator_test_server_get_connect_string (server), &error) ||
      !curator_test_server_stop_sync (server, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("released\n");
  return 0;
}
