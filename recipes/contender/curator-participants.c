/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-participants-private.h"

#include "curator-loop-private.h"
#include "curator-pending-private.h"
#include "curator-request-private.h"

typedef struct
{
  CuratorFramework *client;
  const CuratorContenderKind *kind;
  CuratorRequest *request;
  CuratorPending *pending; /* NULL for the one that belongs to it */
} Participants;

static Participants *
participants_new (CuratorFramework *client,
                  const CuratorContenderKind *kind,
                  CuratorRequest *request,
                  CuratorPending *pending)
{
  Participants *participants = g_new (Participants, 1);

  *participants = (Participants){ g_object_ref (client), kind, curator_request_ref (request), pending };
  return participants;
}

static void
participants_free (gpointer data)
{
  Participants *participants = data;

  g_clear_pointer (&participants->pending, curator_pending_unref);
  curator_request_unref (participants->request);
  g_object_unref (participants->client);
  g_free (participants);
}

static void
on_cancelled (gpointer user_data)
{
  Participants *participants = user_data;

  curator_request_cancel (participants->client, participants->request);
}

static void
on_listed (CuratorRequest *request, gpointer user_data)
{
  Participants *participants = user_data;
  const char *none[] = { NULL };
  const char *const *children = (const char *const *) request->result_children;
  GError *error = NULL;
  GStrv paths = NULL;

  if (!curator_request_check (request, &error) &&
      g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    {
      g_clear_error (&error);
      children = none;
    }
  if (error == NULL)
    paths = curator_contender_rank_dup_sorted_paths (participants->kind, request->path, children);
  curator_pending_complete (participants->pending, paths, error);
  participants_free (participants);
}

/* Takes @pending. Before the request is submitted there is nothing to cancel. */
static void
begin_list (CuratorFramework *client,
            const CuratorContenderKind *kind,
            const char *parent,
            GCancellable *cancellable,
            CuratorPending *pending)
{
  g_autoptr (CuratorRequest) request = curator_request_new (CURATOR_REQUEST_GET_CHILDREN, parent);

  curator_framework_submit (client, request, on_listed,
                            participants_new (client, kind, request, curator_pending_ref (pending)));
  curator_pending_set_cancel (pending, cancellable, on_cancelled,
                              participants_new (client, kind, request, NULL), participants_free);
  curator_pending_unref (pending);
}

static gboolean
check_list (CuratorFramework *client, const char *parent, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    curator_error_set_from_rc (error, CURATOR_RC_CANCELLED, "list", parent);
  else if (!curator_loop_is_alive (curator_framework_get_loop (client)))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, "list", parent);
  else
    return TRUE;
  return FALSE;
}

void
curator_participants_list_async (CuratorFramework *client,
                                 const CuratorContenderKind *kind,
                                 const char *parent,
                                 gpointer source_object,
                                 gpointer source_tag,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source_object, cancellable, callback, user_data);
  CuratorLoop *loop = curator_framework_get_loop (client);
  GError *error = NULL;

  g_task_set_source_tag (task, source_tag);
  if (check_list (client, parent, cancellable, &error))
    begin_list (client, kind, parent, cancellable,
                curator_pending_new_for_task (loop, g_steal_pointer (&task), (GDestroyNotify) g_strfreev));
  else
    g_task_return_error (task, error);
}

GStrv
curator_participants_list_sync (CuratorFramework *client,
                                const CuratorContenderKind *kind,
                                const char *parent,
                                GCancellable *cancellable,
                                GError **error)
{
  CuratorLoop *loop = curator_framework_get_loop (client);
  g_autoptr (CuratorPending) pending = NULL;

  if (!check_list (client, parent, cancellable, error) ||
      !curator_loop_check_may_block (loop, "list", parent, error))
    return NULL;
  pending = curator_pending_new_for_thread (loop, (GDestroyNotify) g_strfreev);
  begin_list (client, kind, parent, cancellable, curator_pending_ref (pending));
  return curator_pending_wait (pending, error);
}
