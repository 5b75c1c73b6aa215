/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-protected-search-private.h"

#include <zookeeper.h>

#include "curator-guard-private.h"
#include "curator-path-private.h"
#include "curator-protection-private.h"

static char *
make_found_path (CuratorProtectedSearch *self, guint i)
{
  g_autofree char *parent = curator_protection_dup_parent (self->create->server_path);

  return curator_path_make (parent, g_ptr_array_index (self->found, i));
}

/* The first failure that says nothing about a node. */
static int
get_failure (GPtrArray *requests)
{
  for (guint i = 0; i < requests->len; i++)
    {
      CuratorRequest *request = g_ptr_array_index (requests, i);

      if (request->rc != ZOK && request->rc != ZNONODE)
        return request->rc;
    }
  return ZOK;
}

static CuratorProtectionCandidate *
describe (GPtrArray *requests)
{
  CuratorProtectionCandidate *candidates = g_new0 (CuratorProtectionCandidate, requests->len);

  for (guint i = 0; i < requests->len; i++)
    {
      CuratorRequest *exists = g_ptr_array_index (requests, i);

      candidates[i].exists = exists->rc == ZOK;
      candidates[i].ephemeral_owner = exists->stat.ephemeral_owner;
    }
  return candidates;
}

static void
delete_others (CuratorProtectedSearch *self, const CuratorProtectionCandidate *candidates, guint chosen)
{
  for (guint i = 0; i < self->found->len; i++)
    {
      g_autofree char *path = NULL;

      if (i == chosen || !candidates[i].exists)
        continue;
      path = make_found_path (self, i);
      curator_core_delete_guaranteed (self->flight.core, path, 0);
    }
}

static void
on_examined (GPtrArray *requests, gpointer user_data)
{
  CuratorProtectedSearch *self = user_data;
  g_autofree CuratorProtectionCandidate *candidates = describe (requests);
  CuratorRequest *last = g_ptr_array_index (requests, requests->len - 1);
  g_autofree char *path = NULL;
  int rc = get_failure (requests);
  guint chosen;

  if (rc != ZOK)
    {
      self->func (rc, NULL, NULL, self->user_data);
      return;
    }
  chosen = curator_protection_choose (candidates, requests->len, self->create->mode, last->session_id);
  if (chosen != CURATOR_PROTECTION_NO_CANDIDATE || !self->for_doubles)
    delete_others (self, candidates, chosen);
  if (chosen == CURATOR_PROTECTION_NO_CANDIDATE)
    {
      self->func (ZOK, NULL, NULL, self->user_data);
      return;
    }
  path = make_found_path (self, chosen);
  self->func (ZOK, path, g_ptr_array_index (requests, chosen), self->user_data);
}

static void
examine (CuratorProtectedSearch *self)
{
  for (guint i = 0; i < self->found->len; i++)
    {
      g_autofree char *path = make_found_path (self, i);

      curator_flight_add (&self->flight,
                          curator_flight_new_request (CURATOR_REQUEST_EXISTS, path, self->flags));
    }
  curator_flight_begin (&self->flight, on_examined);
}

static void
on_listed (GPtrArray *requests, gpointer user_data)
{
  CuratorProtectedSearch *self = user_data;
  CuratorRequest *list = g_ptr_array_index (requests, requests->len - 1);
  int rc = get_failure (requests);

  g_clear_pointer (&self->found, g_ptr_array_unref);
  self->found = curator_protection_find ((const char *const *) list->result_children, self->create->guid);
  if (rc == ZOK && self->found->len > (self->for_doubles ? 1 : 0))
    examine (self);
  else
    self->func (rc, NULL, NULL, self->user_data);
}

static void
list (CuratorProtectedSearch *self, CuratorProtectedSearchFunc func)
{
  g_autofree char *parent = curator_protection_dup_parent (self->create->server_path);

  self->func = func;
  if (!self->for_doubles && CURATOR_GUARD (SYNC_BEFORE_SEARCH))
    curator_flight_add (&self->flight,
                        curator_flight_new_request (CURATOR_REQUEST_SYNC, parent, self->flags));
  curator_flight_add (&self->flight,
                      curator_flight_new_request (CURATOR_REQUEST_GET_CHILDREN, parent, self->flags));
  curator_flight_begin (&self->flight, on_listed);
}

void
curator_protected_search_init (CuratorProtectedSearch *self,
                               CuratorCore *core,
                               CuratorRequest *create,
                               CuratorRequestFlags flags,
                               gpointer user_data)
{
  curator_flight_init (&self->flight, core, self);
  self->create = create;
  self->flags = flags;
  self->user_data = user_data;
}

void
curator_protected_search_clear (CuratorProtectedSearch *self)
{
  g_clear_pointer (&self->found, g_ptr_array_unref);
}

void
curator_protected_search_begin (CuratorProtectedSearch *self, CuratorProtectedSearchFunc func)
{
  self->for_doubles = FALSE;
  list (self, func);
}

void
curator_protected_search_begin_for_doubles (CuratorProtectedSearch *self, CuratorProtectedSearchFunc func)
{
  self->for_doubles = TRUE;
  list (self, func);
}

void
curator_protected_search_cancel (CuratorProtectedSearch *self)
{
  curator_flight_cancel (&self->flight);
}
