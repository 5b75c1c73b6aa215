/* SPDX-License-Identifier: Apache-2.0 */
/* A worker that competes for a lock: waits for its turn, holds the lock for a moment, releases it, and begins
 * again, until it is told to end (SIGTERM or Ctrl-C). Run some of them at once:
 *
 *   cc lock-demo.c -o lock-demo $(pkg-config --cflags --libs curator-glib-1.0)
 *   for i in 1 2 3; do ./lock-demo --name worker-$i 127.0.0.1:2181 /locks/demo & done
 */
#include <curator-glib/curator.h>
#include <glib-unix.h>
#include <unistd.h>

typedef struct
{
  GMainLoop *loop;
  GCancellable *stop;
  CuratorFramework *client;
  CuratorMutex *mutex;
  CuratorLease *lease; /* while we hold the lock */
  guint work_id;       /* the work that is done while we hold it */
  char *name;
  int hold_ms;
  int session_timeout_ms;
  int status;
} Worker;

static void worker_queue (Worker *self);

/* A line is written before what it tells is given up, and after what it tells was gained. So where several
 * workers write to one pipe, the order of the lines is the order of events. */
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

/* The lease is kept by whoever has it now, or goes. */
static void
worker_end_work (Worker *self)
{
  g_clear_handle_id (&self->work_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->lease, self);
  g_clear_object (&self->lease);
}

static void
on_released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!curator_lease_release_finish (CURATOR_LEASE (source), result, &error))
    worker_fail (self, error);
  else
    worker_queue (self);
}

static void
worker_release (Worker *self)
{
  worker_report (self, "releases");
  curator_lease_release_async (self->lease, NULL, on_released, self);
  worker_end_work (self);
}

static gboolean
on_work_done (gpointer user_data)
{
  Worker *self = user_data;

  self->work_id = 0;
  worker_release (self);
  return G_SOURCE_REMOVE;
}

/* Somebody else may hold the lock from now on: whatever it protects must be left alone. */
static void
on_lost (CuratorLease *lease, Worker *self)
{
  worker_report (self, "loses");
  worker_end_work (self);
  worker_queue (self);
}

static void
on_acquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *self = user_data;
  g_autoptr (GError) error = NULL;

  self->lease = curator_mutex_acquire_finish (CURATOR_MUTEX (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_main_loop_quit (self->loop);
      return;
    }
  if (self->lease == NULL)
    {
      worker_fail (self, error);
      return;
    }
  worker_report (self, "holds");
  g_signal_connect (self->lease, "lost", G_CALLBACK (on_lost), self);
  self->work_id = g_timeout_add (self->hold_ms, on_work_done, self);
}

static void
worker_queue (Worker *self)
{
  curator_mutex_acquire_async (self->mutex, -1, self->stop, on_acquired, self);
}

static gboolean
on_signal (gpointer user_data)
{
  Worker *self = user_data;

  g_cancellable_cancel (self->stop);
  if (self->lease != NULL)
    worker_release (self);
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
  self->mutex = curator_mutex_new (self->client, path);
  worker_queue (self);
  return TRUE;
}

static void
worker_run (Worker *self, const char *hosts, const char *path)
{
  g_autoptr (GError) error = NULL;

  self->loop = g_main_loop_new (NULL, FALSE);
  self->stop = g_cancellable_new ();
  g_unix_signal_add (SIGTERM, on_signal, self);
  g_unix_signal_add (SIGINT, on_signal, self);
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
  g_clear_object (&self->mutex);
  g_clear_object (&self->client);
  g_clear_object (&self->stop);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->name, g_free);
}

int
main (int argc, char *argv[])
{
  Worker worker = { .hold_ms = 500, .session_timeout_ms = 4000 };
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &worker.name, "Name to report (default: the process id)", "NAME" },
    { "hold-ms", 0, 0, G_OPTION_ARG_INT, &worker.hold_ms, "How long to hold the lock (500)", "MS" },
    { "session-timeout-ms", 0, 0, G_OPTION_ARG_INT, &worker.session_timeout_ms, "Session time-out (4000)",
      "MS" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("HOSTS PATH");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 3)
    {
      g_printerr ("lock-demo: %s\n", error != NULL ? error->message : "which servers, and which path?");
      return 2;
    }
  if (worker.name == NULL)
    worker.name = g_strdup_printf ("%d", (int) getpid ());
  worker_run (&worker, argv[1], argv[2]);
  worker_clear (&worker);
  return worker.status;
}
