/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-process.h"

#include <string.h>

#define END_TIMEOUT_S 5

struct _BenchProcess
{
  char *program;
  GSubprocess *child;
  GDataInputStream *answers;
};

/* A blocking wait with an end: for an asynchronous call that reports to on_result (). */
typedef struct
{
  GCancellable *cancellable;
  GAsyncResult *result;
  GSource *timer;
} Wait;

static gboolean
on_timeout (gpointer user_data)
{
  Wait *wait = user_data;

  g_cancellable_cancel (wait->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->result = g_object_ref (result);
}

static void
wait_begin (Wait *wait, guint timeout_s)
{
  wait->cancellable = g_cancellable_new ();
  wait->result = NULL;
  wait->timer = g_timeout_source_new_seconds (timeout_s);
  g_source_set_callback (wait->timer, on_timeout, wait, NULL);
  g_source_attach (wait->timer, g_main_context_get_thread_default ());
}

static void
wait_for_result (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
wait_end (Wait *wait)
{
  g_source_destroy (wait->timer);
  g_source_unref (wait->timer);
  g_object_unref (wait->cancellable);
  g_object_unref (wait->result);
}

BenchProcess *
bench_process_new (const char *program)
{
  BenchProcess *process = g_new0 (BenchProcess, 1);

  process->program = g_strdup (program);
  return process;
}

static gboolean
start (BenchProcess *process, GError **error)
{
  if (process->child != NULL)
    return TRUE;
  process->child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error,
                                     process->program, NULL);
  if (process->child == NULL)
    return FALSE;
  process->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process->child));
  return TRUE;
}

/* Waits for a process that was told to end, or that nothing is to be hoped from. */
static void
reap (BenchProcess *process)
{
  Wait wait;

  wait_begin (&wait, END_TIMEOUT_S);
  g_subprocess_wait_async (process->child, wait.cancellable, on_result, &wait);
  wait_for_result (&wait);
  if (!g_subprocess_wait_finish (process->child, wait.result, NULL))
    {
      g_subprocess_force_exit (process->child);
      g_subprocess_wait (process->child, NULL, NULL);
    }
  wait_end (&wait);
  g_clear_object (&process->answers);
  g_clear_object (&process->child);
}

void
bench_process_free (BenchProcess *process)
{
  if (process->child != NULL)
    {
      g_output_stream_close (g_subprocess_get_stdin_pipe (process->child), NULL, NULL);
      reap (process);
    }
  g_free (process->program);
  g_free (process);
}

static gboolean
write_job (BenchProcess *process, const BenchJob *job, GError **error)
{
  g_autofree char *line = bench_job_to_line (job);
  g_autofree char *with_end = g_strconcat (line, "\n", NULL);

  return g_output_stream_write_all (g_subprocess_get_stdin_pipe (process->child), with_end, strlen (with_end),
                                    NULL, NULL, error);
}

static char *
read_answer (BenchProcess *process, guint timeout_s, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  char *line;
  Wait wait;

  wait_begin (&wait, timeout_s);
  g_data_input_stream_read_line_async (process->answers, G_PRIORITY_DEFAULT, wait.cancellable, on_result,
                                       &wait);
  wait_for_result (&wait);
  line = g_data_input_stream_read_line_finish (process->answers, wait.result, NULL, &local_error);
  wait_end (&wait);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer within %u s", timeout_s);
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (line == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "it ended without an answer");
  return line;
}

gboolean
bench_process_run (
    BenchProcess *process, const BenchJob *job, guint timeout_s, BenchMeasure *measure, GError **error)
{
  g_autofree char *answer = NULL;

  if (!start (process, error))
    return FALSE;
  if (write_job (process, job, error))
    answer = read_answer (process, timeout_s, error);
  if (answer != NULL)
    return bench_answer_from_line (answer, measure, error);
  g_subprocess_force_exit (process->child);
  reap (process);
  return FALSE;
}
