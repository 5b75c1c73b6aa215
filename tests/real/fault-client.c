/* SPDX-License-Identifier: Apache-2.0 */
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

#include "curator.h"

/* Holds a lock and says all the time whether it still does: fault-client CONNECT-STRING PATH
 * SESSION-TIMEOUT-MS (thread|context). Ends with its standard input. */

enum
{
  TICK_MS = 5
};

static CuratorLease *held;

static void
say (const char *what)
{
  printf ("%s\n", what);
  fflush (stdout);
}

static gboolean
on_tick (gpointer unused)
{
  if (held != NULL)
    say (curator_lease_is_valid (held) ? "valid" : "invalid");
  return G_SOURCE_CONTINUE;
}

static void
on_state (CuratorFramework *client, CuratorConnectionState state, gpointer unused)
{
  static const char *const names[] = { "latent", "connected", "suspended", "reconnected",
                                       "lost",   "read-only", "closed" };

  say (names[state]);
}

static void
on_lease_lost (CuratorLease *lease, gpointer unused)
{
  say ("lease lost");
}

static void
on_acquired (GObject *object, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  held = curator_mutex_acquire_finish (CURATOR_MUTEX (object), result, &error);
  if (held == NULL)
    g_error ("%s", error->message);
  g_signal_connect (held, "lost", G_CALLBACK (on_lease_lost), NULL);
  printf ("token %" G_GUINT64_FORMAT "\n", curator_lease_get_fencing_token (held));
  fflush (stdout);
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static CuratorFramework *
build (char **argv, GError **error)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new (argv[1]);

  curator_framework_builder_with_session_timeout_ms (builder, (int) g_ascii_strtoll (argv[3], NULL, 10));
  if (g_str_equal (argv[4], "context"))
    curator_framework_builder_with_main_context (builder, NULL);
  return curator_framework_builder_build (builder, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (CuratorFramework) client = NULL;
  g_autoptr (CuratorMutex) mutex = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  if (argc != 5)
    return 2;
  client = build (argv, &error);
  if (client == NULL || !curator_framework_start (client, &error))
    g_error ("%s", error->message);
  g_signal_connect (client, "connection-state-changed", G_CALLBACK (on_state), NULL);
  mutex = curator_mutex_new (client, argv[2]);
  curator_mutex_acquire_async (mutex, -1, NULL, on_acquired, NULL);
  g_timeout_add (TICK_MS, on_tick, NULL);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, loop);
  g_main_loop_run (loop);
  g_clear_object (&held);
  return 0;
}
