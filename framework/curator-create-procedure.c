/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-procedure-private.h"

#include <string.h>

#include <zookeeper.h>

#include "curator-guard-private.h"
#include "curator-names-private.h"
#include "curator-path-private.h"
#include "curator-protected-search-private.h"
#include "curator-protection-private.h"

/* Creating a node in more than one step. What is not protected leaves retries to the core. What is protected
 * is sent once at a time, and after an answer that never came the node is looked for before another one is
 * made:
 *
 *   create -> (lost) -> wait for the retry -> sync, list -> none: create again
 *                                                        -> some: look at their owners, adopt one or start
 * anew
 *
 * Why a search that found nothing may be believed: the leader refuses what an earlier connection still has
 * under way once the session is attached to another server, and a server closes the earlier connection of a
 * session that comes back to it. What was accepted before that precedes the sync, so that the list behind the
 * sync has it. A session that ended can have its last creates accepted until the server knows of its end; its
 * ephemeral nodes go with it, and nobody takes them for the new session's, whose GUID is another one.
 *
 * As the argument leans on the inside of servers, it is checked rather than trusted: the create that follows
 * a search is followed by another list, and where that shows more than one node with the GUID the first is
 * kept. */

/* How often to go on without a delay. Each round means that somebody else deleted what was made, or made what
 * was missing, in between. */
#define MAX_ROUNDS 16

typedef enum
{
  ANCESTORS_NONE,
  ANCESTORS_PARENT, /* most often all that is missing */
  ANCESTORS_ALL,
} Ancestors;

typedef struct
{
  CuratorProcedure base;
  CuratorProtectedSearch search;
  CuratorRetry *retry;
  CuratorRetryState retry_state;
  gint64 guid_session; /* the one in which the GUID was sent first */
  Ancestors ancestors;
  guint rounds;
  int conflict;            /* why the node that exists is read */
  gboolean outcome_open;   /* a node may be there, or come yet, of which nothing is known */
  gboolean searched;       /* in vain, for this GUID */
  CuratorRequest *created; /* answered, and being checked for doubles */
} CreateProcedure;

static void send_create (CreateProcedure *self);
static void send_search (CreateProcedure *self);
static void send_read (CreateProcedure *self, int conflict);
static void on_created (GPtrArray *requests, gpointer user_data);

/* --- the end ------------------------------------------------------------------------------------------- */

static void
finish (CreateProcedure *self, int rc)
{
  CuratorRequest *request = self->base.request;
  gboolean ephemeral = curator_create_mode_is_ephemeral (request->mode);

  if (rc != ZOK && self->outcome_open &&
      curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PROTECTED) &&
      CURATOR_GUARD (CLEAN_UP_OPEN_OUTCOME))
    curator_core_delete_protected (self->base.core, request->server_path, request->guid,
                                   ephemeral ? self->guid_session : 0);
  g_clear_pointer (&self->created, curator_request_unref);
  curator_protected_search_clear (&self->search);
  curator_procedure_end (&self->base, rc);
}

/* @answer is the request whose stat and session describe the node. */
static void
succeed (CreateProcedure *self, CuratorRequest *answer, const char *path)
{
  g_free (self->base.request->result_path);
  self->base.request->result_path = g_strdup (path);
  self->base.request->stat = answer->stat;
  self->base.request->session_id = answer->session_id;
  finish (self, ZOK);
}

/* --- trying again -------------------------------------------------------------------------------------- */

static void
on_retry (int rc, gpointer user_data)
{
  CreateProcedure *self = user_data;

  self->retry = NULL;
  self->rounds = 0;
  if (rc == ZOK && curator_procedure_is_session_over (&self->base))
    rc = ZSESSIONEXPIRED;
  if (rc != ZOK)
    finish (self, rc);
  else if (self->outcome_open && CURATOR_GUARD (SEARCH_AFTER_LOSS))
    send_search (self);
  else
    send_create (self);
}

static void
retry_or_finish (CreateProcedure *self, int rc)
{
  gboolean may_retry = curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PROTECTED) &&
                       !curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_NO_RETRY) &&
                       !curator_procedure_is_session_over (&self->base);

  if (may_retry && curator_rc_is_retryable (rc))
    self->retry = curator_core_retry (self->base.core, &self->retry_state, rc, on_retry, self);
  else
    finish (self, rc);
}

/* For what goes on without a delay. */
static void
create_again_or_finish (CreateProcedure *self, int rc)
{
  if (self->rounds++ < MAX_ROUNDS)
    send_create (self);
  else
    finish (self, rc);
}

/* --- requests ------------------------------------------------------------------------------------------ */

static void
add_ancestor (CreateProcedure *self, const char *path)
{
  CuratorRequest *ancestor = curator_procedure_new_step (&self->base, CURATOR_REQUEST_CREATE, path);
  gboolean container = curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_CONTAINER_PARENTS) &&
                       curator_core_get_use_containers (self->base.core);

  ancestor->mode = container ? CURATOR_CREATE_MODE_CONTAINER : CURATOR_CREATE_MODE_PERSISTENT;
  /* Empty rather than none, which Java programs would read as null. */
  ancestor->data = g_bytes_new_static ("", 0);
  ancestor->acl = curator_core_dup_default_acl (self->base.core, path);
  curator_flight_add (&self->base.flight, ancestor);
}

static void
add_ancestors (CreateProcedure *self)
{
  g_autofree char *path = curator_protection_dup_parent (self->base.request->server_path);

  if (self->ancestors == ANCESTORS_ALL)
    {
      for (char *slash = strchr (path + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
        {
          *slash = '\0';
          add_ancestor (self, path);
          *slash = '/';
        }
    }
  if (self->ancestors != ANCESTORS_NONE)
    add_ancestor (self, path);
}

/* The GUID lasts as long as the session in which it was sent. */
static void
prepare_guid (CreateProcedure *self)
{
  gint64 session_id = curator_core_get_session_id (self->base.core);

  if (self->base.request->guid[0] != '\0' &&
      (self->guid_session == session_id || !CURATOR_GUARD (NEW_GUID_IN_NEW_SESSION)))
    return;
  curator_loop_make_guid (curator_core_get_loop (self->base.core), self->base.request->guid);
  self->guid_session = session_id;
  self->searched = FALSE;
}

static CuratorRequest *
new_create (CreateProcedure *self)
{
  CuratorRequest *request = self->base.request;
  g_autofree char *protected_path = NULL;
  CuratorRequest *create;

  if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PROTECTED))
    {
      prepare_guid (self);
      protected_path = curator_names_protect_path (request->server_path, request->guid);
    }
  create = curator_procedure_new_step (&self->base, CURATOR_REQUEST_CREATE,
                                       protected_path != NULL ? protected_path : request->server_path);
  create->mode = request->mode;
  create->ttl_ms = request->ttl_ms;
  create->data = request->data != NULL ? g_bytes_ref (request->data) : NULL;
  create->acl = request->acl != NULL ? g_ptr_array_ref (request->acl)
                                     : curator_core_dup_default_acl (self->base.core, request->server_path);
  return create;
}

static void
send_create (CreateProcedure *self)
{
  if (curator_procedure_is_session_over (&self->base))
    {
      finish (self, ZSESSIONEXPIRED);
      return;
    }
  add_ancestors (self);
  curator_flight_add (&self->base.flight, new_create (self));
  curator_flight_begin (&self->base.flight, on_created);
}

/* --- protected: the search ----------------------------------------------------------------------------- */

static void
on_searched (int rc, const char *path, CuratorRequest *answer, gpointer user_data)
{
  CreateProcedure *self = user_data;

  if (rc != ZOK)
    {
      retry_or_finish (self, rc);
      return;
    }
  self->outcome_open = FALSE;
  if (path != NULL)
    {
      succeed (self, answer, path);
      return;
    }
  self->searched = TRUE;
  send_create (self);
}

static void
send_search (CreateProcedure *self)
{
  curator_protected_search_begin (&self->search, on_searched);
}

/* Where nothing more could be learned of the doubles, the node whose creation was answered is kept. */
static void
delete_doubles (CreateProcedure *self, CuratorRequest *created)
{
  g_autofree char *parent = curator_protection_dup_parent (self->base.request->server_path);

  for (guint i = 0; i < self->search.found->len; i++)
    {
      g_autofree char *path = curator_path_make (parent, g_ptr_array_index (self->search.found, i));

      if (strcmp (path, created->result_path) != 0)
        curator_core_delete_guaranteed (self->base.core, path, 0);
    }
}

/* The node was created and is known; a failure here takes nothing away from that. */
static void
on_checked (int rc, const char *path, CuratorRequest *answer, gpointer user_data)
{
  CreateProcedure *self = user_data;
  g_autoptr (CuratorRequest) created = g_steal_pointer (&self->created);

  if (path != NULL)
    {
      succeed (self, answer, path);
      return;
    }
  delete_doubles (self, created);
  succeed (self, created, created->result_path);
}

static void
check_for_doubles (CreateProcedure *self, CuratorRequest *created)
{
  self->created = curator_request_ref (created);
  self->outcome_open = TRUE;
  curator_protected_search_begin_for_doubles (&self->search, on_checked);
}

/* --- the node is there already ------------------------------------------------------------------------- */

/* As in Curator, a node that was not changed since its creation and has the wanted data counts as ours,
 * whether or not an attempt was lost before. That is no claim an ephemeral node could be held to, so that
 * must be owned by this session as well. Data that were set by a lost attempt show in the version after the
 * one asked for. */
static gboolean
is_wanted (CreateProcedure *self, CuratorRequest *read)
{
  gboolean set = self->conflict == ZBADVERSION && read->stat.version == self->base.request->version + 1;

  if (!curator_procedure_has_data (&self->base, read->result_data) || (read->stat.version != 0 && !set))
    return FALSE;
  return !curator_create_mode_is_ephemeral (self->base.request->mode) ||
         read->stat.ephemeral_owner == read->session_id;
}

static void
on_read (GPtrArray *requests, gpointer user_data)
{
  CreateProcedure *self = user_data;
  CuratorRequest *read = g_ptr_array_index (requests, 0);

  if (read->rc == ZNONODE)
    create_again_or_finish (self, self->conflict);
  else if (read->rc != ZOK)
    finish (self, read->rc);
  else if (is_wanted (self, read))
    succeed (self, read, self->base.request->server_path);
  else
    finish (self, self->conflict);
}

static void
send_read (CreateProcedure *self, int conflict)
{
  self->conflict = conflict;
  curator_flight_add (&self->base.flight, curator_procedure_new_step (&self->base, CURATOR_REQUEST_GET_DATA,
                                                                      self->base.request->server_path));
  curator_flight_begin (&self->base.flight, on_read);
}

static void
on_data_set (GPtrArray *requests, gpointer user_data)
{
  CreateProcedure *self = user_data;
  CuratorRequest *set = g_ptr_array_index (requests, 0);

  self->outcome_open |= set->attempts > 1;
  if (set->rc == ZOK)
    succeed (self, set, self->base.request->server_path);
  else if (set->rc == ZNONODE)
    create_again_or_finish (self, set->rc);
  else if (set->rc == ZBADVERSION && self->outcome_open &&
           curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_IDEMPOTENT))
    send_read (self, set->rc);
  else
    finish (self, set->rc);
}

static void
send_set_data (CreateProcedure *self)
{
  curator_flight_add (&self->base.flight, curator_procedure_new_set_data (&self->base));
  curator_flight_begin (&self->base.flight, on_data_set);
}

static void
handle_node_exists (CreateProcedure *self)
{
  if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PROTECTED))
    {
      /* Nobody else makes this name, so that it came from an attempt that was given up. */
      self->outcome_open = TRUE;
      if (self->rounds++ < MAX_ROUNDS)
        send_search (self);
      else
        finish (self, ZNODEEXISTS);
    }
  else if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_OR_SET_DATA))
    send_set_data (self);
  else if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_IDEMPOTENT) &&
           CURATOR_GUARD (CHECK_LOST_CREATE))
    send_read (self, ZNODEEXISTS);
  else
    finish (self, ZNODEEXISTS);
}

/* --- the create ---------------------------------------------------------------------------------------- */

/* What to report where the node's parent is still missing after its ancestors were made. A refusal further up
 * need not mean anything: servers ask for the permission first and look for the node afterwards. */
static int
get_ancestors_failure (CreateProcedure *self, GPtrArray *requests)
{
  int failure = ZOK;

  for (guint i = 0; i + 1 < requests->len; i++)
    {
      int rc = ((CuratorRequest *) g_ptr_array_index (requests, i))->rc;

      if (rc == ZUNIMPLEMENTED && curator_core_get_use_containers (self->base.core))
        curator_core_set_use_containers (self->base.core, FALSE);
      else if (failure == ZOK && rc != ZUNIMPLEMENTED && rc != ZNODEEXISTS && rc != ZNONODE)
        failure = rc;
    }
  return failure;
}

static void
handle_no_parent (CreateProcedure *self, GPtrArray *requests)
{
  gboolean used_containers = curator_core_get_use_containers (self->base.core);
  int failure = get_ancestors_failure (self, requests);

  if (failure != ZOK)
    {
      retry_or_finish (self, failure);
      return;
    }
  if (self->ancestors == ANCESTORS_NONE)
    self->ancestors = ANCESTORS_PARENT;
  else if (used_containers == curator_core_get_use_containers (self->base.core))
    self->ancestors = ANCESTORS_ALL;
  create_again_or_finish (self, ZNONODE);
}

static gboolean
has_parent (CreateProcedure *self)
{
  return strrchr (self->base.request->server_path, '/') != self->base.request->server_path;
}

static void
handle_created (CreateProcedure *self, CuratorRequest *create)
{
  self->outcome_open = FALSE;
  if (self->searched && CURATOR_GUARD (CHECK_FOR_DOUBLES))
    check_for_doubles (self, create);
  else
    succeed (self, create, create->result_path);
}

static void
on_created (GPtrArray *requests, gpointer user_data)
{
  CreateProcedure *self = user_data;
  CuratorRequest *create = g_ptr_array_index (requests, requests->len - 1);

  self->base.request->attempts += create->attempts;
  self->base.request->session_id = create->session_id;
  if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PROTECTED))
    self->outcome_open |= create->attempts > 0 && curator_protection_is_outcome_open (create->rc);
  else
    self->outcome_open |= create->attempts > 1;
  if (create->rc == ZOK)
    handle_created (self, create);
  else if (create->rc == ZNONODE && curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PARENTS) &&
           has_parent (self))
    handle_no_parent (self, requests);
  else if (create->rc == ZNODEEXISTS)
    handle_node_exists (self);
  else
    retry_or_finish (self, create->rc);
}

/* --- the beginning ------------------------------------------------------------------------------------- */

static void
on_gate_open (GPtrArray *requests, gpointer user_data)
{
  CreateProcedure *self = user_data;
  CuratorRequest *gate = g_ptr_array_index (requests, 0);

  /* Any answer of a server will do. */
  if (gate->rc <= CURATOR_RC_CANCELLED || curator_rc_is_retryable (gate->rc))
    finish (self, gate->rc);
  else
    send_create (self);
}

/* A create that must not be sent twice cannot wait in the core, which would do that; something harmless waits
 * in its place. */
static void
send_gate (CreateProcedure *self)
{
  CuratorRequest *gate = curator_flight_new_request (
      CURATOR_REQUEST_SYNC, "/", self->base.request->flags & CURATOR_REQUEST_FLAG_THIS_SESSION);

  curator_flight_add (&self->base.flight, gate);
  curator_flight_begin (&self->base.flight, on_gate_open);
}

void
curator_create_procedure_start (CuratorCore *core,
                                CuratorRequest *request,
                                CuratorRequestFunc func,
                                gpointer user_data)
{
  CreateProcedure *self = g_new0 (CreateProcedure, 1);

  curator_procedure_init (&self->base, core, request, func, user_data);
  curator_protected_search_init (&self->search, core, request, curator_procedure_get_step_flags (&self->base),
                                 self);
  request->guid[0] = '\0';
  if (curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_PROTECTED) &&
      !curator_procedure_has (&self->base, CURATOR_REQUEST_FLAG_NO_RETRY) &&
      !curator_core_is_connected (core))
    send_gate (self);
  else
    send_create (self);
}

void
curator_create_procedure_cancel (CuratorCore *core, CuratorRequest *request)
{
  CreateProcedure *self = request->procedure;

  if (self == NULL)
    return;
  if (self->base.flight.landed == on_created)
    {
      GPtrArray *requests = self->base.flight.requests;
      CuratorRequest *create = g_ptr_array_index (requests, requests->len - 1);

      self->outcome_open |= create->attempts > 0;
    }
  curator_flight_cancel (&self->base.flight);
  curator_protected_search_cancel (&self->search);
  if (self->retry != NULL)
    curator_core_cancel_retry (core, self->retry);
  finish (self, CURATOR_RC_CANCELLED);
}
