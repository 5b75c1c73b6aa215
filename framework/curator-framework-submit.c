/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-framework-private.h"

#include <string.h>
#include <zookeeper.h>

#include "curator-path-private.h"

#define NAMESPACE_SEPARATOR '/'

char *
curator_framework_make_server_path (CuratorFramework *self, const char *path, gboolean sequential)
{
  return curator_path_apply_prefix (self->prefix, path, sequential);
}

/* --- the way in ------------------------------------------------------------------------------------------------ */

/* FALSE where a path is invalid: then no server is asked. */
static gboolean
fill_in_paths (CuratorFramework *self, CuratorRequest *request)
{
  gboolean sequential = request->type == CURATOR_REQUEST_CREATE && curator_create_mode_is_sequential (request->mode);
  gboolean has_path = request->type != CURATOR_REQUEST_MULTI && request->type != CURATOR_REQUEST_RECONFIG
                      && request->type != CURATOR_REQUEST_GET_CONFIG;

  for (guint i = 0; i < request->n_parts; i++)
    {
      CuratorMultiPart *part = &request->parts[i];
      gboolean part_sequential = part->type == CURATOR_REQUEST_CREATE && curator_create_mode_is_sequential (part->mode);

      if (!curator_path_validate (part->path, part_sequential, NULL))
        return FALSE;
      g_free (part->server_path);
      part->server_path = curator_framework_make_server_path (self, part->path, part_sequential);
    }
  g_clear_pointer (&request->server_path, g_free);
  if (!has_path)
    {
      request->server_path = g_strdup (request->type == CURATOR_REQUEST_GET_CONFIG ? "/zookeeper/config" : "/");
      return TRUE;
    }
  if (!curator_path_validate (request->path, sequential, NULL))
    return FALSE;
  if ((request->flags & CURATOR_REQUEST_FLAG_ABSOLUTE) != 0)
    request->server_path = g_strdup (request->path);
  else
    request->server_path = curator_framework_make_server_path (self, request->path, sequential);
  if (request->watch != NULL && (request->flags & CURATOR_REQUEST_FLAG_ABSOLUTE) == 0)
    {
      g_free (request->watch_prefix);
      request->watch_prefix = g_strdup (self->prefix);
    }
  return TRUE;
}

static void
strip_results (CuratorFramework *self, CuratorRequest *request)
{
  if ((request->flags & CURATOR_REQUEST_FLAG_ABSOLUTE) != 0 || self->prefix == NULL || request->rc != 0)
    return;
  if (request->result_path != NULL)
    {
      g_autofree char *server_path = g_steal_pointer (&request->result_path);

      request->result_path = curator_path_strip_prefix (self->prefix, server_path);
    }
  for (guint i = 0; i < request->n_parts; i++)
    {
      g_autofree char *server_path = g_steal_pointer (&request->parts[i].result_path);

      if (server_path != NULL)
        request->parts[i].result_path = curator_path_strip_prefix (self->prefix, server_path);
    }
}

static void
finish (CuratorRequest *request)
{
  CuratorFramework *self = g_steal_pointer (&request->client);
  CuratorRequestFunc func = g_steal_pointer (&request->client_func);

  strip_results (self, request);
  func (request, request->client_data);
  curator_request_unref (request);
  g_object_unref (self);
}

static gboolean renew_namespace (CuratorFramework *self, CuratorRequest *request);

static void
on_done (CuratorRequest *request, gpointer user_data)
{
  if (request->rc != ZNONODE || !renew_namespace (request->client, request))
    finish (request);
}

static void
submit_by_type (CuratorCore *core, CuratorRequest *request)
{
  const CuratorRequestFlags create_flags
    = CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS | CURATOR_REQUEST_FLAG_PROTECTED
      | CURATOR_REQUEST_FLAG_OR_SET_DATA | CURATOR_REQUEST_FLAG_IDEMPOTENT;
  const CuratorRequestFlags delete_flags = CURATOR_REQUEST_FLAG_GUARANTEED | CURATOR_REQUEST_FLAG_CHILDREN
                                           | CURATOR_REQUEST_FLAG_QUIETLY | CURATOR_REQUEST_FLAG_IDEMPOTENT;

  if (request->type == CURATOR_REQUEST_CREATE && (request->flags & create_flags) != 0)
    curator_create_procedure_start (core, request, on_done, NULL);
  else if (request->type == CURATOR_REQUEST_DELETE && (request->flags & delete_flags) != 0)
    curator_delete_procedure_start (core, request, on_done, NULL);
  else if (request->type == CURATOR_REQUEST_SET_DATA && (request->flags & CURATOR_REQUEST_FLAG_IDEMPOTENT) != 0)
    curator_set_data_procedure_start (core, request, on_done, NULL);
  else
    curator_core_submit (core, request, on_done, NULL);
}

static void
complete_request (CuratorCore *core, CuratorRequest *request)
{
  gboolean is_create = request->type == CURATOR_REQUEST_CREATE;

  if ((is_create || request->type == CURATOR_REQUEST_SET_ACL) && request->acl == NULL)
    request->acl = curator_core_dup_default_acl (core, request->server_path);
  if (is_create && request->data == NULL && core->config->default_data != NULL)
    request->data = g_bytes_ref (core->config->default_data);
}

static void
begin (CuratorFramework *self, CuratorRequest *request)
{
  complete_request (self->core, request);
  for (guint i = 0; i < request->n_parts; i++)
    if (request->parts[i].type == CURATOR_REQUEST_CREATE && request->parts[i].acl == NULL)
      request->parts[i].acl = curator_core_dup_default_acl (self->core, request->parts[i].server_path);
  request->started = TRUE;
  submit_by_type (self->core, request);
}

/* --- the namespace --------------------------------------------------------------------------------------------- */

static void make_namespace (CuratorFramework *self);

static void
release_held (CuratorFramework *self)
{
  for (GList *link = g_queue_pop_head_link (&self->held); link != NULL; link = g_queue_pop_head_link (&self->held))
    {
      CuratorRequest *request = link->data;

      request->held = FALSE;
      begin (self, request);
    }
}

static void
on_namespace_create (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorFramework) self = user_data;

  if (request->rc != ZOK && request->rc != ZNODEEXISTS && request->rc != ZNOAUTH && self->namespace_rc == ZOK)
    self->namespace_rc = request->rc;
  if (--self->namespace_pending > 0)
    return;

  if (self->namespace_rc == ZUNIMPLEMENTED && curator_core_get_use_containers (self->core))
    {
      curator_core_set_use_containers (self->core, FALSE);
      make_namespace (self);
      return;
    }
  /* After a failure the next operation tries again; those that wait have their own failures to report. */
  self->namespace_state = self->namespace_rc == ZOK ? CURATOR_NAMESPACE_MADE : CURATOR_NAMESPACE_UNKNOWN;
  release_held (self);
}

/* All its levels in one flight. Where creating is not allowed the nodes are somebody else's to make. */
static void
make_namespace (CuratorFramework *self)
{
  const char *chroot = self->core->config->chroot;
  gboolean use_containers = curator_core_get_use_containers (self->core);
  const char *end;

  self->namespace_state = CURATOR_NAMESPACE_MAKING;
  self->namespace_rc = ZOK;
  for (const char *at = self->prefix + (chroot != NULL ? strlen (chroot) : 0); at != NULL; at = end)
    {
      g_autoptr (CuratorRequest) request = NULL;
      g_autofree char *path = NULL;

      end = strchr (at + 1, NAMESPACE_SEPARATOR);
      path = end != NULL ? g_strndup (self->prefix, (gsize) (end - self->prefix)) : g_strdup (self->prefix);
      request = curator_request_new (CURATOR_REQUEST_CREATE, path);
      request->server_path = g_strdup (path);
      request->mode = use_containers ? CURATOR_CREATE_MODE_CONTAINER : CURATOR_CREATE_MODE_PERSISTENT;
      request->acl = curator_core_dup_default_acl (self->core, path);
      self->namespace_pending++;
      curator_core_submit (self->core, request, on_namespace_create, g_object_ref (self));
    }
}

/* TRUE where the request has to wait: the namespace's nodes come into being with its first operation. */
static gboolean
hold_for_namespace (CuratorFramework *self, CuratorRequest *request)
{
  const CuratorRequestFlags exempt = CURATOR_REQUEST_FLAG_ABSOLUTE | CURATOR_REQUEST_FLAG_NO_RETRY;

  if (self->namespace_ == NULL || self->namespace_state == CURATOR_NAMESPACE_MADE || (request->flags & exempt) != 0
      || curator_core_get_phase (self->core) != CURATOR_CORE_STARTED)
    return FALSE;
  request->held = TRUE;
  g_queue_push_tail_link (&self->held, &request->link);
  if (self->namespace_state == CURATOR_NAMESPACE_UNKNOWN)
    make_namespace (self);
  return TRUE;
}

/* The namespace's nodes are containers, which go once they are empty, and others may delete them. A create that finds
 * no parent makes them again, once. */
static gboolean
renew_namespace (CuratorFramework *self, CuratorRequest *request)
{
  if (request->type != CURATOR_REQUEST_CREATE || request->renewed_namespace)
    return FALSE;
  if (self->namespace_state == CURATOR_NAMESPACE_MADE)
    self->namespace_state = CURATOR_NAMESPACE_UNKNOWN;
  request->renewed_namespace = hold_for_namespace (self, request);
  return request->renewed_namespace;
}

/* --- from any thread ------------------------------------------------------------------------------------------- */

static void
submit_in_loop (gpointer user_data)
{
  CuratorRequest *request = user_data;
  CuratorFramework *self = request->client;

  /* Ended before it began: an invalid path, or cancelled on the way. */
  if (request->rc != 0)
    finish (request);
  else if (!hold_for_namespace (self, request))
    begin (self, request);
}

void
curator_framework_submit (CuratorFramework *self, CuratorRequest *request, CuratorRequestFunc func,
                          gpointer user_data)
{
  CuratorLoop *loop = self->core->loop;

  g_return_if_fail (request->client == NULL);

  request->client = g_object_ref (self);
  request->client_func = func;
  request->client_data = user_data;
  request->started = FALSE;
  request->renewed_namespace = FALSE;
  request->rc = fill_in_paths (self, request) ? 0 : CURATOR_RC_INVALID_PATH;
  curator_request_ref (request);

  /* In a forked child there is no loop that could call back. */
  if (!curator_loop_is_alive (loop))
    {
      request->rc = CURATOR_RC_FORKED;
      finish (request);
      return;
    }
  /* In the loop as well: what was submitted earlier and is queued still goes first. */
  if (request->rc != 0 || (curator_loop_is_current (loop) && curator_loop_is_behind (loop)))
    curator_loop_defer (loop, submit_in_loop, request);
  else
    curator_loop_invoke (loop, submit_in_loop, request);
}

static void
cancel_procedure (CuratorCore *core, CuratorRequest *request)
{
  if (request->type == CURATOR_REQUEST_CREATE)
    curator_create_procedure_cancel (core, request);
  else if (request->type == CURATOR_REQUEST_DELETE)
    curator_delete_procedure_cancel (core, request);
  else
    curator_set_data_procedure_cancel (core, request);
}

static void
cancel_in_loop (gpointer user_data)
{
  CuratorRequest *request = user_data;
  CuratorFramework *self = request->client;

  if (self == NULL)
    {
      curator_request_unref (request);
      return;
    }
  if (request->held)
    {
      g_queue_unlink (&self->held, &request->link);
      request->held = FALSE;
      request->rc = CURATOR_RC_CANCELLED;
      finish (request);
    }
  else if (!request->started)
    {
      request->rc = CURATOR_RC_CANCELLED;
    }
  else if (request->procedure == NULL)
    {
      curator_core_cancel (self->core, request);
    }
  else
    {
      cancel_procedure (self->core, request);
    }
  curator_request_unref (request);
}

void
curator_request_cancel (CuratorFramework *self, CuratorRequest *request)
{
  if (curator_loop_is_alive (self->core->loop))
    curator_loop_invoke (self->core->loop, cancel_in_loop, curator_request_ref (request));
}

gint64
curator_framework_get_connection_timeout_ms (CuratorFramework *self)
{
  return self->core->config->connection_timeout_ms;
}
