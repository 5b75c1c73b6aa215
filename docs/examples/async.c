/* SPDX-License-Identifier: Apache-2.0 */
/* Creates many nodes without waiting for one before the next is sent, in the program's own main context: no
 * thread is involved but this one. Results arrive in the order of the calls.
 *
 *   cc async.c -o async $(pkg-config --cflags --libs curator-glib-1.0)
 *   ./async 127.0.0.1:2181
 */
#include <curator-glib/curator.h>

#define N_NODES 1000

typedef struct
{
  GMainLoop *loop;
  CuratorFramework *client;
  guint n_outstanding;
  guint n_created;
  GError *error; /* the first one */
} Job;

static void
job_note_error (Job *job, GError *error)
{
  if (job->error == NULL)
    job->error = g_steal_pointer (&error);
  g_clear_error (&error);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  GError *error = NULL;

  if (!curator_framework_close_finish (CURATOR_FRAMEWORK (source), result, &error))
    job_note_error (job, error);
  g_main_loop_quit (job->loop);
}

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  GError *error = NULL;
  g_autofree char *path = NULL;

  path = curator_create_builder_for_path_finish (CURATOR_CREATE_BUILDER (source), result, &error);
  if (path != NULL)
    job->n_created++;
  else
    job_note_error (job, error);
  if (--job->n_outstanding == 0)
    curator_framework_close_async (job->client, NULL, on_closed, job);
}

/* The operations need no connection yet: they wait for it. */
static void
job_begin (Job *job)
{
  g_autoptr (CuratorCreateBuilder) create = curator_framework_create (job->client);

  curator_create_builder_with_mode (create, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  for (job->n_outstanding = 0; job->n_outstanding < N_NODES; job->n_outstanding++)
    curator_create_builder_for_path_async (create, "/example-", NULL, NULL, on_created, job);
}

int
main (int argc, char *argv[])
{
  g_autoptr (CuratorFrameworkBuilder) builder =
      curator_framework_builder_new (argc > 1 ? argv[1] : "127.0.0.1:2181");
  g_autoptr (CuratorFramework) client = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Job job = { .loop = loop };

  curator_framework_builder_with_main_context (builder, g_main_context_default ());
  client = curator_framework_builder_build (builder, &error);
  if (client == NULL || !curator_framework_start (client, &error))
    {
      g_printerr ("async: %s\n", error->message);
      return 1;
    }
  job.client = client;
  job_begin (&job);
  g_main_loop_run (loop);
  g_print ("%u nodes were created; they go with the session\n", job.n_created);
  if (job.error == NULL)
    return 0;
  g_printerr ("async: %s\n", job.error->message);
  g_clear_error (&job.error);
  return 1;
}
