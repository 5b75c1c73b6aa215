/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-background-delete-private.h"
#include "curator-procedure-private.h"

#include <zookeeper.h>

#include "curator-guard-private.h"
#include "curator-path-private.h"

/* Deleting a node in more than one step. Retries are the core's.
 *
 * With CHILDREN: a node is first deleted as if it had no children; only where the server says otherwise are
 * they listed, and treated likewise. When nothing is left to list, the nodes that had children are deleted in
 * the reverse order of their discovery. All of that goes in large flights, so that a tree costs about two
 * round trips per level and a flat folder no request more than it has nodes. As the node itself is tried
 * first, a wrong version or a missing permission shows before anything below it is touched.
 *
 * What a lost answer leaves open: NO_NODE on a retried attempt is taken for the success of an earlier one
 * with IDEMPOTENT and GUARANTEED. BAD_VERSION is not, as the node is there: made anew after an earlier
 * attempt had deleted it, or changed by somebody else and never deleted; nobody can tell. */

#define MAX_FLIGHT 256
/* How often to begin again because somebody goes on creating children. */
#define MAX_ROUNDS 16

typedef struct
{
  CuratorProcedure base;
  guint rounds;

  /* With CHILDREN, once the node proved to have some. Owned paths. */
  GPtrArray *parents; /* the node itself first, then whatever else has children, as it was discovered */
  guint n_listed;     /* of the parents */
  GPtrArray *untried; /* children of which nothing is known yet */
} DeleteProcedure;

static void proceed (DeleteProcedure *self);

/* --- the end ------------------------------------------------------------------------------------------- */

static void
hand_over (DeleteProcedure *self)
{
  CuratorBackgroundDelete *background = curator_core_get_background_delete (self->base.core);

  if (background != NULL && !curator_core_is_closing (self->base.core))
    curator_background_delete_add (background, self->base.request->server_path, self->base.request->version,
                                   curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_CHILDREN),
                                   curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_THIS_SESSION)
                                       ? self->base.bound_session
                                       : 0);
}

static void
finish (DeleteProcedure *self, int rc)
{
  if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_GUARANTEED) &&
      (rc == CURATOR_RC_CANCELLED || (rc != ZOK && curator_rc_is_retryable (rc))) &&
      CURATOR_GUARD (FINISH_DELETE))
    hand_over (self);
  g_clear_pointer (&self->parents, g_ptr_array_unref);
  g_clear_pointer (&self->untried, g_ptr_array_unref);
  curator_procedure_end (&self->base, rc);
}

/* --- requests ------------------------------------------------------------------------------------------ */

static void
add_step (DeleteProcedure *self, CuratorRequestType type, const char *path)
{
  CuratorRequest *step = curator_procedure_new_step (&self->base, type, path);

  step->version = path == self->base.request->server_path ? self->base.request->version : -1;
  curator_flight_add (&self->base.flight, step);
}

/* FALSE, and the procedure is over, where a step failed in a way that no other step makes up for. */
static gboolean
check_steps (DeleteProcedure *self, GPtrArray *requests)
{
  for (guint i = 0; i < requests->len; i++)
    {
      int rc = ((CuratorRequest *) g_ptr_array_index (requests, i))->rc;

      if (rc != ZOK && rc != ZNONODE && rc != ZNOTEMPTY)
        {
          finish (self, rc);
          return FALSE;
        }
    }
  return TRUE;
}

/* --- children ------------------------------------------------------------------------------------------ */

static void
start_round (DeleteProcedure *self)
{
  if (self->rounds++ == MAX_ROUNDS)
    {
      finish (self, ZNOTEMPTY);
      return;
    }
  g_clear_pointer (&self->parents, g_ptr_array_unref);
  g_clear_pointer (&self->untried, g_ptr_array_unref);
  self->parents = g_ptr_array_new_with_free_func (g_free);
  self->untried = g_ptr_array_new_with_free_func (g_free);
  self->n_listed = 0;
  g_ptr_array_add (self->parents, g_strdup (self->base.request->server_path));
  proceed (self);
}

static void
on_listed (GPtrArray *requests, gpointer user_data)
{
  DeleteProcedure *self = user_data;

  if (!check_steps (self, requests))
    return;
  for (guint i = 0; i < requests->len; i++)
    {
      CuratorRequest *list = g_ptr_array_index (requests, i);

      for (guint j = 0; list->result_children != NULL && list->result_children[j] != NULL; j++)
        g_ptr_array_add (self->untried, curator_path_make (list->server_path, list->result_children[j]));
    }
  proceed (self);
}

static void
list_parents (DeleteProcedure *self)
{
  for (guint n = 0; n < MAX_FLIGHT && self->n_listed < self->parents->len; n++)
    add_step (self, CURATOR_REQUEST_GET_CHILDREN, g_ptr_array_index (self->parents, self->n_listed++));
  curator_flight_begin (&self->base.flight, on_listed);
}

static void
on_tried (GPtrArray *requests, gpointer user_data)
{
  DeleteProcedure *self = user_data;

  if (!check_steps (self, requests))
    return;
  for (guint i = 0; i < requests->len; i++)
    {
      CuratorRequest *delete = g_ptr_array_index (requests, i);

      if (delete->rc == ZNOTEMPTY)
        g_ptr_array_add (self->parents, g_strdup (delete->server_path));
    }
  proceed (self);
}

static void
try_children (DeleteProcedure *self)
{
  for (guint n = 0; n < MAX_FLIGHT && self->untried->len > 0; n++)
    {
      g_autofree char *path = g_ptr_array_steal_index (self->untried, self->untried->len - 1);

      add_step (self, CURATOR_REQUEST_DELETE, path);
    }
  curator_flight_begin (&self->base.flight, on_tried);
}

static void
on_removed (GPtrArray *requests, gpointer user_data)
{
  DeleteProcedure *self = user_data;
  CuratorRequest *last = g_ptr_array_index (requests, requests->len - 1);

  if (!check_steps (self, requests))
    return;
  if (self->parents->len > 0)
    proceed (self);
  else if (last->rc == ZNOTEMPTY)
    start_round (self);
  else
    finish (self, ZOK);
}

static void
remove_parents (DeleteProcedure *self)
{
  for (guint n = 0; n < MAX_FLIGHT && self->parents->len > 0; n++)
    {
      g_autofree char *path = g_ptr_array_steal_index (self->parents, self->parents->len - 1);

      add_step (self, CURATOR_REQUEST_DELETE,
                self->parents->len == 0 ? self->base.request->server_path : path);
    }
  curator_flight_begin (&self->base.flight, on_removed);
}

static void
proceed (DeleteProcedure *self)
{
  if (curator_procedure_is_session_over (&self->base))
    finish (self, ZSESSIONEXPIRED);
  else if (self->untried->len > 0)
    try_children (self);
  else if (self->n_listed < self->parents->len)
    list_parents (self);
  else
    remove_parents (self);
}

/* --- the node ------------------------------------------------------------------------------------------ */

static gboolean
is_no_node_fine (DeleteProcedure *self, CuratorRequest *delete)
{
  return curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_QUIETLY) ||
         (delete->attempts > 1 && CURATOR_GUARD (LOST_DELETE_IS_DONE) &&
          curator_procedure_has (&self->base,
                                 CURATOR_REQUEST_FLAG_IDEMPOTENT | CURATOR_REQUEST_FLAG_GUARANTEED));
}

static void
on_deleted (GPtrArray *requests, gpointer user_data)
{
  DeleteProcedure *self = user_data;
  CuratorRequest *delete = g_ptr_array_index (requests, 0);

  self->base.request->attempts = delete->attempts;
  self->base.request->session_id = delete->session_id;
  if (delete->rc == ZNOTEMPTY && curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_CHILDREN))
    start_round (self);
  else if (delete->rc == ZNONODE && is_no_node_fine (self, delete))
    finish (self, ZOK);
  else
    finish (self, delete->rc);
}

void
curator_delete_procedure_start (CuratorCore *core,
                                CuratorRequest *request,
                                CuratorRequestFunc func,
                                gpointer user_data)
{
  DeleteProcedure *self = g_new0 (DeleteProcedure, 1);

  curator_procedure_init (&self->base, core, request, func, user_data);
  add_step (self, CURATOR_REQUEST_DELETE, request->server_path);
  curator_flight_begin (&self->base.flight, on_deleted);
}

void
curator_delete_procedure_cancel (CuratorCore *core, CuratorRequest *request)
{
  DeleteProcedure *self = request->procedure;

  if (self == NULL)
    return;
  curator_flight_cancel (&self->base.flight);
  finish (self, CURATOR_RC_CANCELLED);
}
