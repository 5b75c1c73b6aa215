/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-door-private.h"

#include "curator-loop-private.h"
#include "curator-path-private.h"

/* The name is Curator's. */
#define READY_NAME     "ready"
#define CLEAN_PAUSE_MS 500

CuratorDoor *
curator_door_new (CuratorFramework *client, const char *path, guint n_members)
{
  CuratorDoor *door = g_new0 (CuratorDoor, 1);

  g_atomic_ref_count_init (&door->ref_count);
  door->client = g_object_ref (client);
  door->path = g_strdup (path);
  door->ready_path = curator_path_make (path, READY_NAME);
  curator_door_take_name (door);
  door->n_members = n_members;
  return door;
}

void
curator_door_take_name (CuratorDoor *door)
{
  char guid[CURATOR_GUID_LENGTH + 1];

  curator_loop_make_guid (curator_framework_get_loop (door->client), guid);
  g_free (door->own_path);
  door->own_path = curator_path_make (door->path, guid);
}

CuratorDoor *
curator_door_ref (CuratorDoor *door)
{
  g_atomic_ref_count_inc (&door->ref_count);
  return door;
}

void
curator_door_unref (CuratorDoor *door)
{
  if (!g_atomic_ref_count_dec (&door->ref_count))
    return;
  g_free (door->own_path);
  g_free (door->ready_path);
  g_free (door->path);
  g_object_unref (door->client);
  g_free (door);
}

static void
door_on_clean_due (gpointer user_data)
{
  g_autoptr (CuratorDoor) door = user_data;

  door->clean_timer = NULL;
  curator_door_clean (door);
}

/* Only the connection is worth another attempt. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_AUTH);
}

static void
door_on_cleaned (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorDoor) door = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&door->clean, curator_request_unref);
  if (!curator_request_check (request, &error) && !is_final (error))
    {
      door->clean_timer = curator_loop_add_timer (curator_framework_get_loop (door->client), CLEAN_PAUSE_MS,
                                                  door_on_clean_due, curator_door_ref (door));
      return;
    }
  door->may_have_node = FALSE;
  if (door->passage != NULL)
    curator_passage_on_clean (door->passage, error);
}

void
curator_door_clean (CuratorDoor *door)
{
  if (door->clean != NULL || door->clean_timer != NULL)
    return;
  /* A needless delete would overtake the next node. */
  if (!door->may_have_node)
    {
      if (door->passage != NULL)
        curator_passage_on_clean (door->passage, NULL);
      return;
    }
  door->clean = curator_request_new (CURATOR_REQUEST_DELETE, door->own_path);
  door->clean->flags = CURATOR_REQUEST_FLAG_QUIETLY;
  curator_framework_submit (door->client, door->clean, door_on_cleaned, curator_door_ref (door));
}
