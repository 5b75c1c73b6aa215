/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the data of a node until the node is deleted. So that there is something to follow, the program
 * writes the node itself.
 *
 *   cc watch.c -o watch $(pkg-config --cflags --libs curator-glib-1.0)
 *   ./watch 127.0.0.1:2181
 */
#include <curator-glib/curator.h>
#include <string.h>

#define PATH "/examples/greeting"

typedef struct
{
  CuratorFramework *client;
  GMainLoop *loop;
  guint n_written;
  GError *error;
} Follower;

static const char *const greetings[] = { "good morning", "good day", "good night" };

static gboolean
write_next (Follower *self, GError **error)
{
  g_autoptr (CuratorDeleteBuilder) delete = curator_framework_delete (self->client);
  g_autoptr (CuratorCreateBuilder) create = curator_framework_create (self->client);
  g_autoptr (GBytes) data = NULL;
  g_autofree char *path = NULL;

  if (self->n_written == G_N_ELEMENTS (greetings))
    return curator_delete_builder_for_path_sync (delete, PATH, NULL, error);
  data = g_bytes_new_static (greetings[self->n_written], strlen (greetings[self->n_written]));
  self->n_written++;
  curator_create_builder_with_parents (create);
  curator_create_builder_or_set_data (create, -1);
  path = curator_create_builder_for_path_sync (create, PATH, data, NULL, error);
  return path != NULL;
}

/* The data are read anew after each event: an event says that the node has changed, not what it is now. */
static gboolean
read_and_write (Follower *self, CuratorWatcher *watcher, GError **error)
{
  g_autoptr (CuratorGetDataBuilder) get = curator_framework_get_data (self->client);
  g_autoptr (GBytes) data = NULL;

  if (watcher != NULL)
    curator_get_data_builder_using_watcher (get, watcher);
  data = curator_get_data_builder_for_path_sync (get, PATH, NULL, error);
  if (data == NULL)
    return FALSE;
  g_print ("%s: %.*s\n", PATH, (int) g_bytes_get_size (data), (const char *) g_bytes_get_data (data, NULL));
  return write_next (self, error);
}

static void
on_event (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data)
{
  Follower *self = user_data;

  if (curator_watched_event_get_event_type (event) == CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED)
    {
      g_print ("%s is gone\n", PATH);
      g_main_loop_quit (self->loop);
    }
  else if (!read_and_write (self, NULL, &self->error))
    g_main_loop_quit (self->loop);
}

/* Blocking calls are in place here: the client lives in a thread of the library, and this one has nothing
 * else to do. */
static void
follow (Follower *self)
{
  g_autoptr (CuratorWatcher) watcher = curator_watcher_new_with_func (TRUE, on_event, self, NULL);

  if (!write_next (self, &self->error) || !read_and_write (self, watcher, &self->error))
    return;
  g_main_loop_run (self->loop);
  curator_watcher_cancel (watcher);
}

int
main (int argc, char *argv[])
{
  g_autoptr (CuratorFrameworkBuilder) builder =
      curator_framework_builder_new (argc > 1 ? argv[1] : "127.0.0.1:2181");
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Follower follower = { .loop = loop };

  follower.client = curator_framework_builder_build (builder, &follower.error);
  if (follower.client != NULL && curator_framework_start (follower.client, &follower.error))
    follow (&follower);
  if (follower.client != NULL)
    curator_framework_close_sync (follower.client, NULL, NULL);
  g_clear_object (&follower.client);
  if (follower.error == NULL)
    return 0;
  g_printerr ("watch: %s\n", follower.error->message);
  g_clear_error (&follower.error);
  return 1;
}
