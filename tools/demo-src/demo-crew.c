/* SPDX-License-Identifier: Apache-2.0 */
#include "demo-crew.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

struct _DemoCrew
{
  GPtrArray *workers;  /* GSubprocess */
  GSubprocess *killed; /* borrowed: the one that may end badly */
  GDataInputStream *output;
  GQueue lines;
  gboolean at_end; /* of the output: all workers have gone */
  GCancellable *interrupt;
  GCancellable *end_of_reading;
};

static void
child_setup (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
crew_spawn (DemoCrew *self, const DemoPlan *plan, GSubprocessLauncher *launcher, GError **error)
{
  for (int i = 1; i <= plan->n_workers; i++)
    {
      g_autofree char *name = g_strdup_printf ("--name=worker-%d", i);
      g_autofree char *session = g_strdup_printf ("--session-timeout-ms=%d", plan->session_timeout_ms);
      const char *argv[] = { plan->program, name, session, plan->hosts, plan->path, plan->option, NULL };
      GSubprocess *worker = g_subprocess_launcher_spawnv (launcher, argv, error);

      if (worker == NULL)
        return FALSE;
      g_ptr_array_add (self->workers, worker);
    }
  return TRUE;
}

static void crew_read (DemoCrew *self);

static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DemoCrew *self = user_data;
  char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  self->at_end = line == NULL;
  if (line == NULL)
    return;
  g_queue_push_tail (&self->lines, line);
  crew_read (self);
}

static void
crew_read (DemoCrew *self)
{
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->end_of_reading, on_line, self);
}

static void
worker_free (gpointer worker)
{
  g_subprocess_force_exit (worker);
  g_subprocess_wait (worker, NULL, NULL);
  g_object_unref (worker);
}

/* Starts the workers of @plan. Cancelling @interrupt ends whatever is waited for. */
DemoCrew *
demo_crew_start (const DemoPlan *plan, GCancellable *interrupt, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GInputStream) pipe = NULL;
  DemoCrew *self;
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return NULL;
  g_subprocess_launcher_take_stdout_fd (launcher, fds[1]);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  pipe = g_unix_input_stream_new (fds[0], TRUE);
  self = g_new0 (DemoCrew, 1);
  self->workers = g_ptr_array_new_with_free_func (worker_free);
  self->output = g_data_input_stream_new (pipe);
  self->interrupt = g_object_ref (interrupt);
  self->end_of_reading = g_cancellable_new ();
  crew_read (self);
  if (crew_spawn (self, plan, launcher, error))
    return self;
  demo_crew_free (self);
  return NULL;
}

static gboolean
on_deadline (gpointer reached)
{
  *(gboolean *) reached = TRUE;
  return G_SOURCE_CONTINUE;
}

/* The next line that a worker writes. NULL without an error when all have gone; NULL with one when nothing
 * came until the deadline (G_IO_ERROR_TIMED_OUT), or when @interrupt was cancelled. */
char *
demo_crew_next_line (DemoCrew *self, gint64 deadline_us, GError **error)
{
  gboolean reached = FALSE;
  gint64 left_us = MAX (deadline_us - g_get_monotonic_time (), 0);
  guint timer = g_timeout_add ((guint) (left_us / 1000), on_deadline, &reached);
  char *line = NULL;

  while (g_queue_is_empty (&self->lines) && !self->at_end && !reached &&
         !g_cancellable_is_cancelled (self->interrupt))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  if (g_cancellable_set_error_if_cancelled (self->interrupt, error))
    return NULL;
  line = g_queue_pop_head (&self->lines);
  if (line == NULL && !self->at_end)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no worker says anything");
  return line;
}

/* Kills the worker of that name, as only the kernel can. */
void
demo_crew_kill (DemoCrew *self, const char *name)
{
  int number = atoi (name + strcspn (name, "0123456789"));

  if (number < 1 || (guint) number > self->workers->len)
    return;
  self->killed = self->workers->pdata[number - 1];
  g_subprocess_force_exit (self->killed);
  g_subprocess_wait (self->killed, NULL, NULL);
}

/* Tells the workers to end; what they still write is there for demo_crew_next_line(). */
void
demo_crew_stop (DemoCrew *self)
{
  for (guint i = 0; i < self->workers->len; i++)
    g_subprocess_send_signal (self->workers->pdata[i], SIGTERM);
}

/* Whether all workers, which have gone, did so in order. */
gboolean
demo_crew_check (DemoCrew *self, GError **error)
{
  for (guint i = 0; i < self->workers->len; i++)
    {
      GSubprocess *worker = self->workers->pdata[i];

      if (worker == self->killed || g_subprocess_wait_check (worker, NULL, error))
        continue;
      g_prefix_error (error, "worker-%u: ", i + 1);
      return FALSE;
    }
  return TRUE;
}

/* Kills whoever is left. */
void
demo_crew_free (DemoCrew *self)
{
  g_ptr_array_unref (self->workers);
  g_cancellable_cancel (self->end_of_reading);
  while (!self->at_end)
    g_main_context_iteration (NULL, TRUE);
  g_queue_clear_full (&self->lines, g_free);
  g_object_unref (self->end_of_reading);
  g_object_unref (self->interrupt);
  g_object_unref (self->output);
  g_free (self);
}
