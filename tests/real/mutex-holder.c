/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "curator.h"

/* Acquires a mutex, says so and holds it until it is killed: mutex-holder CONNECT-STRING PATH
 * SESSION-TIMEOUT-MS */
int
main (int argc, char **argv)
{
  g_autoptr (CuratorFrameworkBuilder) builder = NULL;
  g_autoptr (CuratorFramework) client = NULL;
  g_autoptr (CuratorMutex) mutex = NULL;
  g_autoptr (CuratorLease) lease = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 4)
    return 2;
  builder = curator_framework_builder_new (argv[1]);
  curator_framework_builder_with_session_timeout_ms (builder, (int) g_ascii_strtoll (argv[3], NULL, 10));
  client = curator_framework_builder_build (builder, &error);
  if (client == NULL || !curator_framework_start (client, &error))
    g_error ("%s", error->message);
  mutex = curator_mutex_new (client, argv[2]);
  lease = curator_mutex_acquire_sync (mutex, -1, NULL, &error);
  if (lease == NULL)
    g_error ("%s", error->message);
  printf ("%s\n", curator_lease_get_path (lease));
  fflush (stdout);
  loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (loop);
  return 0;
}
