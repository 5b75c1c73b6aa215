/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-revocation-private.h"

#include <string.h>

#include "curator-call-private.h"
#include "curator-contender-private.h"
#include "curator-names-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

#define OPERATION "request revocation"

/* First who holds is looked up, unless the caller named the node; then its data are set. */
typedef struct
{
  CuratorFramework *client;
  const CuratorContenderKind *kind;
  const char *const *revocable;
  char *parent;
  char *participant;       /* NULL until it is known */
  CuratorRequest *request; /* loop only: under way */
} Revocation;

static void
revocation_free (gpointer data)
{
  Revocation *revocation = data;

  g_clear_pointer (&revocation->request, curator_request_unref);
  g_free (revocation->participant);
  g_free (revocation->parent);
  g_object_unref (revocation->client);
  g_free (revocation);
}

static void
revocation_submit (CuratorCall *call, CuratorRequest *request, CuratorRequestFunc func)
{
  Revocation *revocation = curator_call_get_data (call);

  g_clear_pointer (&revocation->request, curator_request_unref);
  revocation->request = request;
  curator_framework_submit (revocation->client, request, func, curator_call_ref (call));
}

static void
on_set (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorCall) call = user_data;
  GError *error = NULL;

  curator_request_check (request, &error);
  curator_call_complete (call, error);
}

static gboolean
is_revocable (Revocation *revocation)
{
  const char *name = curator_path_get_basename (revocation->participant);
  gint32 sequence;

  for (const char *const *pattern = revocation->revocable; *pattern != NULL; pattern++)
    if (curator_names_get_sequence (name, *pattern, &sequence))
      return TRUE;
  return FALSE;
}

static GError *
revocation_new_error (Revocation *revocation, GQuark domain, int code, const char *text)
{
  const char *path = revocation->participant != NULL ? revocation->participant : revocation->parent;
  g_autofree char *quoted = curator_path_quote (path);

  return g_error_new (domain, code, OPERATION " %s: %s", quoted, text);
}

static void
revocation_set (CuratorCall *call)
{
  Revocation *revocation = curator_call_get_data (call);
  CuratorRequest *request;

  if (!is_revocable (revocation))
    {
      curator_call_complete (call,
                             revocation_new_error (revocation, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                                   "whoever made this node does not heed such requests"));
      return;
    }
  request = curator_request_new (CURATOR_REQUEST_SET_DATA, revocation->participant);
  request->data = g_bytes_new_static (CURATOR_CONTENDER_REVOKE, strlen (CURATOR_CONTENDER_REVOKE));
  request->version = -1;
  revocation_submit (call, request, on_set);
}

static void
on_listed (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorCall) call = user_data;
  Revocation *revocation = curator_call_get_data (call);
  g_auto (GStrv) paths = NULL;
  GError *error = NULL;

  if (curator_call_is_over (call))
    return;
  if (!curator_request_check (request, &error))
    {
      curator_call_complete (call, error);
      return;
    }
  paths = curator_contender_rank_dup_sorted_paths (revocation->kind, revocation->parent,
                                                   (const char *const *) request->result_children);
  if (paths[0] == NULL)
    {
      curator_call_complete (
          call, revocation_new_error (revocation, CURATOR_ERROR, CURATOR_ERROR_NO_NODE, "nobody holds it"));
      return;
    }
  revocation->participant = g_strdup (paths[0]);
  revocation_set (call);
}

static void
revocation_begin (CuratorCall *call, gpointer data)
{
  Revocation *revocation = data;

  if (revocation->participant != NULL)
    revocation_set (call);
  else
    revocation_submit (call, curator_request_new (CURATOR_REQUEST_GET_CHILDREN, revocation->parent),
                       on_listed);
}

/* The call is over; what is on its way need not be tried again. */
static void
revocation_give_up (CuratorCall *call, gpointer data)
{
  Revocation *revocation = data;

  if (revocation->request != NULL)
    curator_request_cancel (revocation->client, revocation->request);
}

static const CuratorCallKind call_kind = {
  .operation = OPERATION,
  .begin = revocation_begin,
  .give_up = revocation_give_up,
};

/* A node of another lock is none of ours to write to. */
static gboolean
check_participant (const CuratorRevocationOptions *options, GError **error)
{
  g_autofree char *quoted = NULL;
  g_autofree char *expected = NULL;

  if (options->participant == NULL || !curator_path_validate (options->parent, FALSE, NULL))
    return TRUE;
  expected = curator_path_make (options->parent, curator_path_get_basename (options->participant));
  if (curator_path_validate (options->participant, FALSE, NULL) &&
      strcmp (expected, options->participant) == 0)
    return TRUE;
  quoted = curator_path_quote (options->participant);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, OPERATION " %s: not a participant's path",
               quoted);
  return FALSE;
}

static CuratorCallOptions
make_call_options (const CuratorRevocationOptions *options)
{
  Revocation *revocation = g_new0 (Revocation, 1);

  revocation->client = g_object_ref (options->client);
  revocation->kind = options->kind;
  revocation->revocable = options->revocable;
  revocation->parent = g_strdup (options->parent);
  revocation->participant = g_strdup (options->participant);
  return (CuratorCallOptions){
    .client = options->client,
    .kind = &call_kind,
    .path = options->parent,
    .timeout_ms = -1,
    .data = revocation,
    .free_data = revocation_free,
  };
}

void
curator_revocation_request_async (const CuratorRevocationOptions *options,
                                  gpointer source_object,
                                  gpointer source_tag,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  CuratorCallOptions call_options;
  GError *error = NULL;

  if (!check_participant (options, &error))
    {
      g_task_report_error (source_object, callback, user_data, source_tag, error);
      return;
    }
  call_options = make_call_options (options);
  curator_call_async (&call_options, source_object, source_tag, cancellable, callback, user_data);
}

gboolean
curator_revocation_request_sync (const CuratorRevocationOptions *options,
                                 GCancellable *cancellable,
                                 GError **error)
{
  CuratorCallOptions call_options;

  if (!check_participant (options, error))
    return FALSE;
  call_options = make_call_options (options);
  return curator_call_sync (&call_options, cancellable, error);
}
