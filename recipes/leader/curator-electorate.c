/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-electorate-private.h"

#include "curator-loop-private.h"
#include "curator-participant-private.h"
#include "curator-pending-private.h"
#include "curator-request-private.h"

/* One call, as long as there are answers to come. */
typedef struct
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  const CuratorContenderKind *kind;
  char *path;
  gboolean first_only;
  CuratorPending *pending; /* which keeps the inquiry while it can be cancelled */
  GPtrArray *data;         /* (element-type GBytes): of each path; NULL where nobody is any more */
  GStrv paths;
  guint n_open;
} Inquiry;

/* Whose data an answer brings. */
typedef struct
{
  Inquiry *inquiry;
  guint index;
} Question;

static void inquiry_list (Inquiry *inquiry);

static Inquiry *
inquiry_ref (Inquiry *inquiry)
{
  g_atomic_ref_count_inc (&inquiry->ref_count);
  return inquiry;
}

static void
inquiry_unref (gpointer data)
{
  Inquiry *inquiry = data;

  if (!g_atomic_ref_count_dec (&inquiry->ref_count))
    return;
  g_clear_pointer (&inquiry->pending, curator_pending_unref);
  g_clear_pointer (&inquiry->data, g_ptr_array_unref);
  g_strfreev (inquiry->paths);
  g_free (inquiry->path);
  g_object_unref (inquiry->client);
  g_free (inquiry);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Inquiry, inquiry_unref)

/* Once; breaks the cycle of the inquiry and what is pending. */
static void
inquiry_complete (Inquiry *inquiry, gpointer result, GError *error)
{
  g_autoptr (CuratorPending) pending = g_steal_pointer (&inquiry->pending);

  g_assert (pending != NULL);
  curator_pending_complete (pending, result, error);
}

static gboolean
inquiry_is_over (Inquiry *inquiry)
{
  return inquiry->pending == NULL;
}

static void
on_cancelled (gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = inquiry_ref (user_data);
  GError *error = NULL;

  if (inquiry_is_over (inquiry))
    return;
  curator_error_set_from_rc (&error, CURATOR_RC_CANCELLED, "list", inquiry->path);
  inquiry_complete (inquiry, NULL, error);
}

static gpointer
inquiry_make_result (Inquiry *inquiry)
{
  GPtrArray *participants;

  if (inquiry->first_only)
    return inquiry->data->len > 0 ? curator_participant_new (inquiry->paths[0], inquiry->data->pdata[0], TRUE)
                                  : NULL;
  participants = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_participant_unref);
  for (guint i = 0; i < inquiry->data->len; i++)
    if (inquiry->data->pdata[i] != NULL)
      g_ptr_array_add (participants, curator_participant_new (inquiry->paths[i], inquiry->data->pdata[i],
                                                              participants->len == 0));
  return participants;
}

static void
data_unref (gpointer data)
{
  if (data != NULL)
    g_bytes_unref (data);
}

/* Where the first one has left since it was listed, somebody else is the first. */
static void
inquiry_end_reading (Inquiry *inquiry)
{
  if (inquiry->first_only && inquiry->data->len > 0 && inquiry->data->pdata[0] == NULL)
    inquiry_list (inquiry);
  else
    inquiry_complete (inquiry, inquiry_make_result (inquiry), NULL);
}

static void
on_read (CuratorRequest *request, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (Inquiry) inquiry = question->inquiry;
  guint index = question->index;
  g_autoptr (GError) error = NULL;

  g_free (question);
  if (inquiry_is_over (inquiry))
    return;
  if (curator_request_check (request, &error))
    inquiry->data->pdata[index] = g_bytes_ref (request->result_data);
  else if (!g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    {
      inquiry_complete (inquiry, NULL, g_steal_pointer (&error));
      return;
    }
  if (--inquiry->n_open == 0)
    inquiry_end_reading (inquiry);
}

/* All in one flight. */
static void
inquiry_read (Inquiry *inquiry)
{
  guint n = g_strv_length (inquiry->paths);

  if (inquiry->first_only)
    n = MIN (n, 1);
  g_clear_pointer (&inquiry->data, g_ptr_array_unref);
  inquiry->data = g_ptr_array_new_with_free_func (data_unref);
  g_ptr_array_set_size (inquiry->data, (gint) n);
  inquiry->n_open = n;
  if (n == 0)
    inquiry_end_reading (inquiry);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CuratorRequest) request = curator_request_new (CURATOR_REQUEST_GET_DATA, inquiry->paths[i]);
      Question *question = g_new (Question, 1);

      *question = (Question){ inquiry_ref (inquiry), i };
      curator_framework_submit (inquiry->client, request, on_read, question);
    }
}

static void
on_listed (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;
  const char *none[] = { NULL };
  const char *const *children = (const char *const *) request->result_children;
  g_autoptr (GError) error = NULL;

  if (inquiry_is_over (inquiry))
    return;
  if (!curator_request_check (request, &error))
    {
      if (!g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
        {
          inquiry_complete (inquiry, NULL, g_steal_pointer (&error));
          return;
        }
      children = none;
    }
  g_strfreev (inquiry->paths);
  inquiry->paths = curator_contender_rank_dup_sorted_paths (inquiry->kind, inquiry->path, children);
  inquiry_read (inquiry);
}

static void
inquiry_list (Inquiry *inquiry)
{
  g_autoptr (CuratorRequest) request = curator_request_new (CURATOR_REQUEST_GET_CHILDREN, inquiry->path);

  curator_framework_submit (inquiry->client, request, on_listed, inquiry_ref (inquiry));
}

static void
begin_in_loop (gpointer user_data)
{
  g_autoptr (Inquiry) inquiry = user_data;

  if (!inquiry_is_over (inquiry))
    inquiry_list (inquiry);
}

/* Takes @pending. */
static void
begin_inquiry (const CuratorElectorateOptions *options, GCancellable *cancellable, CuratorPending *pending)
{
  Inquiry *inquiry = g_new0 (Inquiry, 1);

  g_atomic_ref_count_init (&inquiry->ref_count);
  inquiry->client = g_object_ref (options->client);
  inquiry->kind = options->kind;
  inquiry->path = g_strdup (options->path);
  inquiry->first_only = options->first_only;
  inquiry->pending = pending;
  curator_pending_set_cancel (pending, cancellable, on_cancelled, inquiry_ref (inquiry), inquiry_unref);
  curator_loop_invoke (curator_framework_get_loop (options->client), begin_in_loop, inquiry);
}

static gboolean
check_options (const CuratorElectorateOptions *options, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    curator_error_set_from_rc (error, CURATOR_RC_CANCELLED, "list", options->path);
  else if (!curator_loop_is_alive (curator_framework_get_loop (options->client)))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, "list", options->path);
  else
    return TRUE;
  return FALSE;
}

static GDestroyNotify
get_free_result (const CuratorElectorateOptions *options)
{
  return options->first_only ? (GDestroyNotify) curator_participant_unref
                             : (GDestroyNotify) g_ptr_array_unref;
}

void
curator_electorate_ask_async (const CuratorElectorateOptions *options,
                              gpointer source_object,
                              gpointer source_tag,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source_object, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, source_tag);
  if (check_options (options, cancellable, &error))
    begin_inquiry (options, cancellable,
                   curator_pending_new_for_task (curator_framework_get_loop (options->client),
                                                 g_steal_pointer (&task), get_free_result (options)));
  else
    g_task_return_error (task, error);
}

gpointer
curator_electorate_ask_sync (const CuratorElectorateOptions *options,
                             GCancellable *cancellable,
                             GError **error)
{
  CuratorLoop *loop = curator_framework_get_loop (options->client);
  g_autoptr (CuratorPending) pending = NULL;

  if (!check_options (options, cancellable, error) ||
      !curator_loop_check_may_block (loop, "list", options->path, error))
    return NULL;
  pending = curator_pending_new_for_thread (loop, get_free_result (options));
  begin_inquiry (options, cancellable, curator_pending_ref (pending));
  return curator_pending_wait (pending, error);
}
