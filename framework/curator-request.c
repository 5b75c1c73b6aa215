/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-request-private.h"

CuratorRequest *
curator_request_new (CuratorRequestType type, const char *path)
{
  CuratorRequest *request = g_new0 (CuratorRequest, 1);

  g_atomic_ref_count_init (&request->ref_count);
  request->type = type;
  request->path = g_strdup (path);
  request->version = -1;
  request->from_config = -1;
  request->watch_kind = CURATOR_WATCH_KIND_ANY;
  request->link.data = request;
  return request;
}

CuratorRequest *
curator_request_ref (CuratorRequest *request)
{
  g_atomic_ref_count_inc (&request->ref_count);
  return request;
}

static void
clear_parts (CuratorRequest *request)
{
  for (guint i = 0; i < request->n_parts; i++)
    {
      CuratorMultiPart *part = &request->parts[i];

      g_free (part->path);
      g_free (part->server_path);
      g_free (part->result_path);
      g_clear_pointer (&part->data, g_bytes_unref);
      g_clear_pointer (&part->acl, g_ptr_array_unref);
    }
  g_free (request->parts);
}

void
curator_request_unref (CuratorRequest *request)
{
  if (!g_atomic_ref_count_dec (&request->ref_count))
    return;
  g_free (request->path);
  g_free (request->server_path);
  g_free (request->watch_prefix);
  g_free (request->joining);
  g_free (request->leaving);
  g_free (request->members);
  g_free (request->result_path);
  g_clear_pointer (&request->data, g_bytes_unref);
  g_clear_pointer (&request->acl, g_ptr_array_unref);
  g_clear_pointer (&request->watch, curator_watch_unref);
  g_clear_pointer (&request->result_data, g_bytes_unref);
  g_clear_pointer (&request->result_children, g_strfreev);
  g_clear_pointer (&request->result_acl, g_ptr_array_unref);
  clear_parts (request);
  g_free (request);
}

const char *
curator_request_type_to_string (CuratorRequestType type)
{
  static const char *const names[] = {
    [CURATOR_REQUEST_CREATE] = "create",
    [CURATOR_REQUEST_DELETE] = "delete",
    [CURATOR_REQUEST_EXISTS] = "check exists",
    [CURATOR_REQUEST_GET_DATA] = "get data",
    [CURATOR_REQUEST_SET_DATA] = "set data",
    [CURATOR_REQUEST_GET_CHILDREN] = "get children",
    [CURATOR_REQUEST_GET_ACL] = "get ACL",
    [CURATOR_REQUEST_SET_ACL] = "set ACL",
    [CURATOR_REQUEST_SYNC] = "sync",
    [CURATOR_REQUEST_GET_CONFIG] = "get config",
    [CURATOR_REQUEST_RECONFIG] = "reconfig",
    [CURATOR_REQUEST_MULTI] = "transaction",
    [CURATOR_REQUEST_REMOVE_WATCHES] = "remove watches",
  };

  return names[type];
}

gboolean
curator_request_check (CuratorRequest *request, GError **error)
{
  if (request->rc == 0)
    return TRUE;
  curator_error_set_from_rc (error, request->rc, curator_request_type_to_string (request->type), request->path);
  return FALSE;
}

gboolean
curator_create_mode_is_ephemeral (CuratorCreateMode mode)
{
  return mode == CURATOR_CREATE_MODE_EPHEMERAL || mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL;
}

gboolean
curator_create_mode_is_sequential (CuratorCreateMode mode)
{
  return mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL || mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL ||
         mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL;
}
