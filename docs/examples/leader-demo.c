/* SPDX-License-Identifier: Apache-2.0 */
/* A worker that takes part in an election, and tells when it leads and when it does not any more, until it is
 * told to end (SIGTERM or Ctrl-C). Run some of them at once, and kill the leader:
 *
 *   cc leader-demo.c -o leader-demo $(pkg-config --cflags --libs curator-glib-1.0)
 *   for i in 1 2 3; do ./leader-demo --name worker-$i 127.0.0.1:2181 /election & done
 */
#include <curator-glib/curator.h>
#include <glib-unix.h>
#include <unistd.h>

typedef struct
{
  GMainLoop *loop;
  CuratorFramework *client;
  CuratorLeaderLatch *latch;
  CuratorLease *lease; /* while we lead */
  char *name;
  int session_timeout_ms;
  int status;
} Worker;

/* A line is written before we resign, and after we came to lead. So where several workers write to one pipe,
 * the order of the lines is the order of events. */
static void
worker_report (Worker *self, const char *what)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");

  g_print ("%s.%03d  %-10s %-8s token %" G_GUINT64_FORMAT "\n", time,
           g_date_time_get_microsecond (now) / 1000, self->name, what,
           curator_lease_get_fencing_token (self->lease));
}

static void
worker_fail (Worker *self, const GError *error)
{
  g_printerr ("%s: %s\n", self->name, error->message);
  self->status = 1;
  g_main_loop_quit (self->loop);
}

/* What only the leader may do begins here. */
static void
on_gained (CuratorLeaderLatch *latch, Worker *self)
{
  self->lease = curator_leader_latch_dup_lease (latch);
  if (self->lease != NULL)
    worker_report (self, "leads");
}

/* Somebody else may lead from now on. */
static void
on_lost (CuratorLeaderLatch *latch, Worker *self)
{
  if (self->lease != NULL)
    worker_report (self, "loses");
  g_clear_object (&self->lease);
}

static void
on_error (CuratorLeaderLatch *latch, const GError *error, Worker *self)
{
  worker_fail (self, error);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!curator_leader_latch_close_finish (CURATOR_LEADER_LATCH (source), result, &error))
    worker_fail (self, error);
  g_main_loop_quit (self->loop);
}

static gboolean
on_signal (gpointer user_data)
{
  Worker *self = user_data;

  if (self->lease != NULL)
    worker_report (self, "resigns");
  g_clear_object (&self->lease);
  curator_leader_latch_close_async (self->latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, NULL, on_closed,
                                    self);
  return G_SOURCE_CONTINUE;
}

static gboolean
worker_start (Worker *self, const char *hosts, const char *path, GError **error)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new (hosts);

  curator_framework_builder_with_session_timeout_ms (builder, self->session_timeout_ms);
  self->client = curator_framework_builder_build (builder, error);
  if (self->client == NULL || !curator_framework_start (self->client, error))
    return FALSE;
  self->latch = curator_leader_latch_new (self->client, path, self->name);
  g_signal_connect (self->latch, "gained", G_CALLBACK (on_gained), self);
  g_signal_connect (self->latch, "lost", G_CALLBACK (on_lost), self);
  g_signal_connect (self->latch, "error", G_CALLBACK (on_error), self);
  if (!curator_leader_latch_start (self->latch, error))
    return FALSE;
  g_unix_signal_add (SIGTERM, on_signal, self);
  g_unix_signal_add (SIGINT, on_signal, self);
  return TRUE;
}

static void
worker_run (Worker *self, const char *hosts, const char *path)
{
  g_autoptr (GError) error = NULL;

  self->loop = g_main_loop_new (NULL, FALSE);
  if (worker_start (self, hosts, path, &error))
    g_main_loop_run (self->loop);
  else
    worker_fail (self, error);
  if (self->client != NULL)
    curator_framework_close_sync (self->client, NULL, NULL);
}

static void
worker_clear (Worker *self)
{
  g_clear_object (&self->lease);
  g_clear_object (&self->latch);
  g_clear_object (&self->client);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->name, g_free);
}

int
main (int argc, char *argv[])
{
  Worker worker = { .session_timeout_ms = 4000 };
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &worker.name, "Name to report (default: the process id)", "NAME" },
    { "session-timeout-ms", 0, 0, G_OPTION_ARG_INT, &worker.session_timeout_ms, "Session time-out (4000)",
      "MS" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("HOSTS PATH");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 3)
    {
      g_printerr ("leader-demo: %s\n", error != NULL ? error->message : "which servers, and which path?");
      return 2;
    }
  if (worker.name == NULL)
    worker.name = g_strdup_printf ("%d", (int) getpid ());
  worker_run (&worker, argv[1], argv[2]);
  worker_clear (&worker);
  return worker.status;
}
