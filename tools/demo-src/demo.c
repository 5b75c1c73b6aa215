/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration: processes compete for a lock, and then elect a leader; whoever has it is killed, and
 * another one takes over. */
#include <curator-glib/curator.h>
#include <glib-unix.h>

#include "curator-test.h"
#include "demo-crew.h"
#include "demo-referee.h"
#include "demo-show.h"

enum
{
  PATIENCE_MS = 20000, /* without a word of the workers, beyond what they have a right to */
  GRANTS_AFTERWARDS = 2,
  ARRIVAL_S = 1, /* in which those who elect come */
  EXIT_USAGE = 2,
};

typedef struct
{
  DemoPlan plan;
  int seconds;
  char *lock_program;
  char *leader_program;
  CuratorFramework *client;
  CuratorTestServer *server; /* NULL where it is somebody else's */
  GCancellable *interrupt;
  DemoCrew *crew;
  DemoReferee referee;
} Demo;

/* One line of the workers. */
static gboolean
demo_see_line (Demo *self, gint64 deadline_us, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *line = demo_crew_next_line (self->crew, deadline_us, &reason);

  if (line != NULL)
    demo_show_line (line, demo_referee_see (&self->referee, line));
  else if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "all workers have gone");
  return line != NULL;
}

static gboolean
demo_watch_for (Demo *self, int seconds, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;
  g_autoptr (GError) reason = NULL;

  while (demo_see_line (self, end_us, &reason))
    ;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
demo_watch_grants (Demo *self, guint n_more, GError **error)
{
  guint n_grants = self->referee.n_grants + n_more;

  while (self->referee.n_grants < n_grants)
    {
      gint64 patience_us = (self->plan.session_timeout_ms + PATIENCE_MS) * G_TIME_SPAN_MILLISECOND;

      if (!demo_see_line (self, g_get_monotonic_time () + patience_us, error))
        return FALSE;
    }
  return TRUE;
}

/* The server learns of the death by the silence only: what the dead had stays with them until the session is
 * over. */
static gboolean
demo_watch_takeover (Demo *self, GError **error)
{
  g_autofree char *victim = g_strdup (self->referee.holder);
  guint64 token = self->referee.token;
  gint64 killed_us;

  demo_crew_kill (self->crew, victim);
  killed_us = g_get_monotonic_time ();
  demo_referee_note_death (&self->referee);
  demo_show_note ("kill -9 %s, which holds token %" G_GUINT64_FORMAT
                  ". Its session, of %.1f s, goes on without it.",
                  victim, token, self->plan.session_timeout_ms / 1e3);
  if (!demo_watch_grants (self, 1, error))
    return FALSE;
  demo_show_note ("%s took over %.1f s after the kill; the token grew from %" G_GUINT64_FORMAT
                  " to %" G_GUINT64_FORMAT ".",
                  self->referee.holder, (double) (g_get_monotonic_time () - killed_us) / G_TIME_SPAN_SECOND,
                  token, self->referee.token);
  return TRUE;
}

static gboolean
demo_end_workers (Demo *self, GError **error)
{
  g_autoptr (GError) reason = NULL;

  demo_crew_stop (self->crew);
  while (demo_see_line (self, g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND, &reason))
    ;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return demo_crew_check (self->crew, error);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
demo_compete (Demo *self, GError **error)
{
  demo_show_note ("%d processes compete for the lock %s; each grant has a fencing token.",
                  self->plan.n_workers, self->plan.path);
  return demo_watch_for (self, self->seconds, error) && demo_watch_grants (self, 1, error) &&
         demo_watch_takeover (self, error) && demo_watch_grants (self, GRANTS_AFTERWARDS, error);
}

/* As the server sees them: NULL for an error. */
static GPtrArray *
demo_get_participants (Demo *self, GError **error)
{
  g_autoptr (CuratorLeaderLatch) latch = curator_leader_latch_new (self->client, self->plan.path, NULL);

  return curator_leader_latch_get_participants_sync (latch, self->interrupt, error);
}

/* Until all are there, and somebody leads. */
static gboolean
demo_watch_arrival (Demo *self, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GString) names = g_string_new (NULL);

  do
    {
      g_clear_pointer (&all, g_ptr_array_unref);
      if (!demo_watch_for (self, ARRIVAL_S, error))
        return FALSE;
      all = demo_get_participants (self, error);
    }
  while (all != NULL && ((int) all->len < self->plan.n_workers || self->referee.holder == NULL) &&
         g_get_monotonic_time () < end_us);
  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", curator_participant_get_id (all->pdata[i]));
  demo_show_note ("Take part, in their order: %s.", names->str);
  if (self->referee.holder == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "nobody leads");
  return self->referee.holder != NULL;
}

static gboolean
demo_elect (Demo *self, GError **error)
{
  demo_show_note ("%d processes elect a leader at %s: who was first, as long as its session lives.",
                  self->plan.n_workers, self->plan.path);
  return demo_watch_arrival (self, error) && demo_watch_takeover (self, error) &&
         demo_watch_for (self, ARRIVAL_S, error);
}

/* What the workers do, from their start to their end. */
static gboolean
demo_judge (Demo *self, gboolean (*play) (Demo *self, GError **error), const char *what, GError **error)
{
  DemoReferee *referee = &self->referee;

  demo_referee_clear (referee);
  self->crew = demo_crew_start (&self->plan, self->interrupt, error);
  if (self->crew == NULL || !play (self, error) || !demo_end_workers (self, error))
    return FALSE;
  if (referee->foul != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "foul: %s", referee->foul);
  else
    demo_show_note ("The %s was held %u times, never by two at once, each time with a larger token.", what,
                    referee->n_grants);
  return referee->foul == NULL;
}

/* Removes what was competed for, and whatever is left in it. */
static gboolean
demo_remove (Demo *self, GError **error)
{
  g_autoptr (CuratorDeleteBuilder) delete = curator_framework_delete (self->client);

  curator_delete_builder_quietly (delete);
  curator_delete_builder_deleting_children_if_needed (delete);
  return curator_delete_builder_for_path_sync (delete, self->plan.path, NULL, error);
}

static gboolean
demo_check_nothing_left (Demo *self, GError **error)
{
  g_autoptr (CuratorGetChildrenBuilder) get = curator_framework_get_children (self->client);
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) nodes = curator_get_children_builder_for_path_sync (get, self->plan.path, NULL, &reason);

  if (nodes == NULL && !g_error_matches (reason, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (nodes != NULL && nodes[0] != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "a node was left behind: %s", nodes[0]);
  else
    return TRUE;
  return FALSE;
}

/* A server that is not ours is left as it was, however the game ended. */
static gboolean
demo_play (Demo *self, gboolean (*play) (Demo *self, GError **error), const char *what, GError **error)
{
  gboolean ok;

  self->plan.path = g_strdup_printf ("/curator-demo-%s-%08x", what, g_random_int ());
  ok = demo_judge (self, play, what, error);
  g_clear_pointer (&self->crew, demo_crew_free);
  if (ok)
    ok = demo_check_nothing_left (self, error) && demo_remove (self, error);
  else if (self->server == NULL)
    demo_remove (self, NULL);
  g_clear_pointer (&self->plan.path, g_free);
  return ok;
}

static gboolean
demo_play_all (Demo *self, GError **error)
{
  self->plan.program = self->lock_program;
  self->plan.option = "--hold-ms=400";
  if (!demo_play (self, demo_compete, "lock", error))
    return FALSE;
  self->plan.program = self->leader_program;
  self->plan.option = NULL;
  return demo_play (self, demo_elect, "leadership", error);
}

static gboolean
demo_run (Demo *self, GError **error)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new (self->plan.hosts);
  gboolean ok;

  self->client = curator_framework_builder_build (builder, error);
  if (self->client == NULL)
    return FALSE;
  ok = curator_framework_start (self->client, error) &&
       curator_framework_await_connected_sync (self->client, PATIENCE_MS, self->interrupt, error);
  if (ok)
    {
      demo_show_note ("A ZooKeeper server is at %s.", self->plan.hosts);
      ok = demo_play_all (self, error);
    }
  curator_framework_close_sync (self->client, NULL, NULL);
  return ok;
}

static gboolean
demo_start_server (Demo *self, GError **error)
{
  if (self->plan.hosts != NULL)
    return TRUE;
  self->server = curator_test_server_new ();
  if (!curator_test_server_start_sync (self->server, self->interrupt, error))
    return FALSE;
  self->plan.hosts = g_strdup (curator_test_server_get_connect_string (self->server));
  return TRUE;
}

static void
demo_clear (Demo *self)
{
  if (self->server != NULL)
    curator_test_server_stop_sync (self->server, NULL, NULL);
  g_clear_object (&self->server);
  g_clear_object (&self->interrupt);
  demo_referee_clear (&self->referee);
  g_clear_object (&self->client);
  g_free (self->lock_program);
  g_free (self->leader_program);
  g_free (self->plan.hosts);
}

static gboolean
on_signal (gpointer interrupt)
{
  g_cancellable_cancel (interrupt);
  g_main_context_wakeup (NULL);
  return G_SOURCE_CONTINUE;
}

/* In a thread of its own, so that signals are heard while the main thread is in a blocking call. */
static gpointer
listen_for_signals (gpointer interrupt)
{
  const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GMainContext) context = g_main_context_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr (GSource) source = g_unix_signal_source_new (signals[i]);

      g_source_set_callback (source, on_signal, interrupt, NULL);
      g_source_attach (source, context);
    }
  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

static gboolean
demo_parse (Demo *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "worker", 0, 0, G_OPTION_ARG_FILENAME, &self->lock_program, "The program of those who compete",
      "FILE" },
    { "candidate", 0, 0, G_OPTION_ARG_FILENAME, &self->leader_program, "That of those who elect", "FILE" },
    { "connect", 0, 0, G_OPTION_ARG_STRING, &self->plan.hosts, "Use these servers (default: start one)",
      "HOSTS" },
    { "processes", 0, 0, G_OPTION_ARG_INT, &self->plan.n_workers, "How many compete, 2 to 100 (4)", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &self->seconds, "How long until one is killed, 1 to 3600 (5)", "S" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc == 1 && self->lock_program != NULL && self->leader_program != NULL && self->plan.n_workers >= 2 &&
      self->plan.n_workers <= 100 && self->seconds >= 1 && self->seconds <= 3600)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "a value is out of range; see --help");
  return FALSE;
}

int
main (int argc, char *argv[])
{
  Demo demo = { .plan = { .n_workers = 4, .session_timeout_ms = 3000 }, .seconds = 5 };
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (!demo_parse (&demo, &argc, &argv, &error))
    {
      g_printerr ("demo: %s\n", error->message);
      return EXIT_USAGE;
    }
  demo.interrupt = g_cancellable_new ();
  g_thread_unref (g_thread_new ("signals", listen_for_signals, g_object_ref (demo.interrupt)));
  ok = demo_start_server (&demo, &error) && demo_run (&demo, &error);
  demo_clear (&demo);
  if (ok)
    demo_show_note ("All is cleaned up.");
  else
    g_printerr ("demo: %s\n", error->message);
  return ok ? 0 : 1;
}
