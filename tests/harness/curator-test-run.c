/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a program with a ZooKeeper server of its own. */
#include <glib-unix.h>
#include <signal.h>
#include <sys/prctl.h>

#include "curator-test.h"

enum
{
  STATUS_NOT_RUN = 125,  /* as env and timeout say it */
  STATUS_OF_SIGNAL = 128 /* as shells say it */
};

static void
child_setup (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
on_terminated (gpointer process)
{
  g_subprocess_send_signal (process, SIGTERM);
  return G_SOURCE_CONTINUE;
}

/* The terminal sends that one to the program as well. */
static gboolean
on_interrupted (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer loop)
{
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  g_main_loop_quit (loop);
}

static int
await_status (GSubprocess *process)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_signal_add (SIGTERM, on_terminated, process);
  g_unix_signal_add (SIGINT, on_interrupted, NULL);
  g_subprocess_wait_async (process, NULL, on_ended, loop);
  g_main_loop_run (loop);
  if (g_subprocess_get_if_signaled (process))
    return STATUS_OF_SIGNAL + g_subprocess_get_term_sig (process);
  return g_subprocess_get_exit_status (process);
}

/* Takes the place of each {} by @hosts. */
static GSubprocess *
spawn (char *const *command, const char *hosts, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_INHERIT);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  for (; *command != NULL; command++)
    g_ptr_array_add (argv, g_str_equal (*command, "{}") ? (gpointer) hosts : *command);
  g_ptr_array_add (argv, NULL);
  g_subprocess_launcher_setenv (launcher, "CURATOR_TEST_HOSTS", hosts, TRUE);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (CuratorTestServer) server = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  int status = STATUS_NOT_RUN;

  if (argc < 2 || argv[1][0] == '-')
    {
      g_printerr (
          "Usage: curator-test-run COMMAND [ARGUMENT...]\n\n"
          "Starts a ZooKeeper server, runs the command with the server's address in the place of each\n"
          "argument {} and in $CURATOR_TEST_HOSTS, stops the server, and exits as the command did.\n");
      return STATUS_NOT_RUN;
    }
  server = curator_test_server_new ();
  if (curator_test_server_start_sync (server, NULL, &error))
    process = spawn (argv + 1, curator_test_server_get_connect_string (server), &error);
  if (process != NULL)
    status = await_status (process);
  else
    g_printerr ("curator-test-run: %s\n", error->message);
  curator_test_server_stop_sync (server, NULL, NULL);
  return status;
}
