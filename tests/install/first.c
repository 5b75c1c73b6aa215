/* SPDX-License-Identifier: Apache-2.0 */

/* A program outside the tree, without a server: which version it was compiled with, and an error. */

#include <curator-glib/curator.h>

int
main (void)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new ("not a host:port");
  g_autoptr (CuratorFramework) client = NULL;
  g_autoptr (GError) error = NULL;

  g_print ("%d.%d.%d\n", CURATOR_MAJOR_VERSION, CURATOR_MINOR_VERSION, CURATOR_MICRO_VERSION);
  client = curator_framework_builder_build (builder, &error);
  if (client != NULL || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    return 1;
  g_print ("%s\n", error->message);
  return 0;
}
