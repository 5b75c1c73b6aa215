/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-struct-private.h"

#include <string.h>

#include "curator-guard-private.h"
#include "curator-path-private.h"

/* Who holds, or waits at the back, for less than this is spared the watch on his own node. */
#define WATCH_OWN_DELAY_MS 20

#define SEQUENCE_LENGTH 10

static CuratorLoop *
contender_get_loop (CuratorContender *self)
{
  return curator_framework_get_loop (self->client);
}

/* Requests */

static void
contender_submit (CuratorContender *self,
                  CuratorContenderSlot slot,
                  CuratorRequest *request,
                  CuratorRequestFunc func)
{
  g_assert (self->requests[slot] == NULL);
  self->requests[slot] = request;
  curator_framework_submit (self->client, request, func, curator_contender_ref (self));
}

static void
contender_cancel_request (CuratorContender *self, CuratorContenderSlot slot)
{
  g_autoptr (CuratorRequest) request = g_steal_pointer (&self->requests[slot]);

  if (request != NULL)
    curator_request_cancel (self->client, request);
}

/* A read that was sent is left to be answered where that comes soon: only then is it known that there is a
 * watch of nobody's to be removed. */
static void
contender_drop_read (CuratorContender *self, CuratorContenderSlot slot)
{
  if (curator_framework_is_connected (self->client))
    g_clear_pointer (&self->requests[slot], curator_request_unref);
  else
    contender_cancel_request (self, slot);
}

/* FALSE for an answer that nobody wants any more. */
static gboolean
contender_take_answer (CuratorContender *self, CuratorContenderSlot slot, CuratorRequest *request)
{
  if (self->requests[slot] != request)
    return FALSE;
  g_clear_pointer (&self->requests[slot], curator_request_unref);
  return TRUE;
}

/* Steps with @on_no_node where a node was missing, else with @on_failure and the error as the reason. */
static void
contender_step_failed (CuratorContender *self,
                       CuratorRequest *request,
                       CuratorContenderEvent on_no_node,
                       CuratorContenderEvent on_failure)
{
  GError *error = NULL;

  curator_request_check (request, &error);
  curator_contender_take_failure (self, error);
  if (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    curator_contender_step (self, on_no_node);
  else if (on_failure == CURATOR_CONTENDER_EVENT_CREATE_FAILED && self->cover == NULL &&
           (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_SESSION_EXPIRED) ||
            g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NOT_READ_ONLY)))
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_CREATE_EXPIRED);
  else
    curator_contender_step (self, on_failure);
}

static void
contender_fail_exhausted (CuratorContender *self)
{
  g_autofree char *parent = curator_path_quote (self->parent);

  curator_contender_take_failure (self, g_error_new (CURATOR_ERROR, CURATOR_ERROR_SEQUENCE_EXHAUSTED,
                                                     "%s %s: the sequence numbers of this node are used up; "
                                                     "delete it while nobody takes part, to begin anew",
                                                     self->kind->operation, parent));
  curator_contender_step (self, CURATOR_CONTENDER_EVENT_EXHAUSTED);
}

/* A node of another session than the one that lives goes soon, whatever its place is. */
static gboolean
contender_is_stale (CuratorContender *self, CuratorRequest *create)
{
  gboolean is_own = create->session_id == curator_framework_get_session_id (self->client) &&
                    create->stat.ephemeral_owner == create->session_id;

  return !is_own && CURATOR_GUARD (OWNER_BEFORE_GRANT);
}

static void
contender_step_stale (CuratorContender *self)
{
  if (self->cover == NULL)
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_CREATED_STALE);
  else
    {
      curator_contender_take_failure (self, curator_contender_new_cover_error (self));
      curator_contender_step (self, CURATOR_CONTENDER_EVENT_CREATE_FAILED);
    }
}

static void
contender_on_created (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_CREATE, request))
    return;
  if (request->rc != 0)
    {
      contender_step_failed (self, request, CURATOR_CONTENDER_EVENT_CREATE_FAILED,
                             CURATOR_CONTENDER_EVENT_CREATE_FAILED);
      return;
    }
  g_free (self->path);
  self->path = g_strdup (request->result_path);
  self->session_id = request->session_id;
  self->czxid = request->stat.czxid;
  self->version = request->stat.version;
  self->read_version = 0;
  if (contender_is_stale (self, request))
    contender_step_stale (self);
  else if (!curator_contender_rank_check_own (self->kind, curator_path_get_basename (self->path)))
    contender_fail_exhausted (self);
  else
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_CREATED);
}

static void
contender_drop_answer (CuratorRequest *request, gpointer user_data)
{
}

static CuratorRequest *
contender_new_delete (const char *path)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_DELETE, path);

  request->flags = CURATOR_REQUEST_FLAG_QUIETLY;
  if (CURATOR_GUARD (GUARANTEED_DELETE))
    request->flags |= CURATOR_REQUEST_FLAG_GUARANTEED;
  request->version = -1;
  return request;
}

/* What a create left that reached the server twice would keep others waiting behind it. */
static void
contender_delete_twins (CuratorContender *self, GPtrArray *twins)
{
  for (guint i = 0; i < twins->len; i++)
    {
      g_autofree char *path = curator_path_make (self->parent, twins->pdata[i]);
      g_autoptr (CuratorRequest) request = contender_new_delete (path);

      curator_framework_submit (self->client, request, contender_drop_answer, NULL);
    }
}

/* The watch that was asked for together with the list is the one that is asked for now. */
static gboolean
contender_is_next_known (CuratorContender *self, const CuratorContenderRank *rank)
{
  return self->state == CURATOR_CONTENDER_ADVANCING && self->requests[CURATOR_CONTENDER_SLOT_WATCH] != NULL &&
         (strcmp (self->watch_name, rank->watch) == 0 || !CURATOR_GUARD (ADVANCES_BEHIND_SAME));
}

static CuratorContenderEvent
contender_judge_place (CuratorContender *self, const CuratorContenderRank *rank)
{
  gboolean is_first = self->kind->counted ? rank->ahead < self->limit : rank->ahead == 0;
  gboolean is_overtaken = self->kind->overtaken && CURATOR_GUARD (WRITER_LISTS_AGAIN);

  if (is_first)
    return CURATOR_CONTENDER_EVENT_LISTED_FIRST;
  if (self->timeout_ms == 0)
    return CURATOR_CONTENDER_EVENT_LISTED_REFUSED;
  if (rank->ahead > 1 || self->kind->counted || is_overtaken)
    return CURATOR_CONTENDER_EVENT_LISTED_BEHIND;
  return contender_is_next_known (self, rank) ? CURATOR_CONTENDER_EVENT_LISTED_NEXT_KNOWN
                                              : CURATOR_CONTENDER_EVENT_LISTED_NEXT;
}

static CuratorContenderEvent
contender_judge_list (CuratorContender *self, const CuratorContenderRank *rank, const char *const *children)
{
  if (self->state == CURATOR_CONTENDER_LISTING && CURATOR_WHIM (LIST_TWICE))
    return CURATOR_CONTENDER_EVENT_LIST_FAILED;
  if (!rank->present && CURATOR_GUARD (PRESENT_BEFORE_GRANT))
    return CURATOR_CONTENDER_EVENT_LISTED_ABSENT;
  if (self->session_id != curator_framework_get_session_id (self->client) &&
      CURATOR_GUARD (SESSION_BEFORE_GRANT))
    return CURATOR_CONTENDER_EVENT_LOST;
  if (self->cover == NULL)
    return contender_judge_place (self, rank);
  return g_strv_contains (children, self->cover) || !CURATOR_GUARD (COVER_IS_THERE)
             ? CURATOR_CONTENDER_EVENT_LISTED_FIRST
             : CURATOR_CONTENDER_EVENT_LISTED_REFUSED;
}

static void
contender_take_list (CuratorContender *self, const char *const *children)
{
  g_auto (CuratorContenderRank) rank = { 0 };
  CuratorContenderEvent event;

  curator_contender_call_listed (self, children);
  curator_contender_rank_init (&rank, self->kind, children, curator_path_get_basename (self->path));
  if (rank.twins != NULL)
    contender_delete_twins (self, rank.twins);
  if (rank.exhausted)
    {
      contender_fail_exhausted (self);
      return;
    }
  event = contender_judge_list (self, &rank, children);
  if (event == CURATOR_CONTENDER_EVENT_LISTED_REFUSED)
    curator_contender_take_failure (self, self->cover != NULL ? curator_contender_new_cover_error (self)
                                                              : curator_contender_new_timeout_error (self));
  g_free (self->watch_name);
  self->watch_name = g_strdup (rank.watch);
  g_free (self->nearest_name);
  self->nearest_name = g_strdup (rank.nearest);
  curator_contender_step (self, event);
}

static void
contender_on_listed (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_LIST, request))
    return;
  if (request->rc != 0)
    contender_step_failed (self, request, CURATOR_CONTENDER_EVENT_LISTED_ABSENT,
                           CURATOR_CONTENDER_EVENT_LIST_FAILED);
  else if (self->path == NULL)
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_LISTED_ABSENT);
  else
    contender_take_list (self, (const char *const *) request->result_children);
}

static void
contender_run_list (CuratorContender *self)
{
  contender_submit (self, CURATOR_CONTENDER_SLOT_LIST,
                    curator_request_new (CURATOR_REQUEST_GET_CHILDREN, self->parent), contender_on_listed);
}

/* The number at the end of what covers us is the last thing in its name. */
static char *
contender_make_name (CuratorContender *self)
{
  gsize length = self->cover != NULL ? strlen (self->cover) : 0;

  return g_strconcat (self->kind->name,
                      length > SEQUENCE_LENGTH ? self->cover + length - SEQUENCE_LENGTH : NULL, NULL);
}

static void
contender_run_create (CuratorContender *self)
{
  g_autofree char *name = contender_make_name (self);
  g_autofree char *path = curator_path_make (self->parent, name);
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_CREATE, path);

  request->flags =
      CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS | CURATOR_REQUEST_FLAG_PROTECTED;
  if (self->cover != NULL)
    request->flags |= CURATOR_REQUEST_FLAG_THIS_SESSION;
  request->mode =
      self->cover != NULL ? CURATOR_CREATE_MODE_EPHEMERAL : CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL;
  request->data = self->data != NULL ? g_bytes_ref (self->data) : NULL;
  contender_submit (self, CURATOR_CONTENDER_SLOT_CREATE, request, contender_on_created);
  contender_run_list (self);
}

/* Watches */

static void
contender_drop_watch (CuratorWatch **watch)
{
  g_autoptr (CuratorWatch) dropped = g_steal_pointer (watch);

  if (dropped != NULL)
    curator_watch_cancel (dropped);
}

static void
contender_run_unwatch_predecessor (CuratorContender *self)
{
  contender_drop_read (self, CURATOR_CONTENDER_SLOT_WATCH);
  contender_drop_watch (&self->predecessor);
}

static gboolean
contender_is_own_watched (CuratorContender *self)
{
  return self->own != NULL && curator_watch_is_armed (self->own);
}

/* That the predecessor went only tells our place if our own node would have been missed meanwhile. */
static void
contender_step_predecessor_gone (CuratorContender *self)
{
  gboolean is_known = contender_is_own_watched (self) || !CURATOR_GUARD (OWN_WATCHED_BEFORE_GRANT);

  curator_contender_step (self, is_known ? CURATOR_CONTENDER_EVENT_PREDECESSOR_DELETED
                                         : CURATOR_CONTENDER_EVENT_PREDECESSOR_CHANGED);
}

/* A watch that the session's end took away says nothing: the loss itself is heard of from the connection. */
static void
contender_on_predecessor_event (CuratorWatch *watch,
                                CuratorWatchedEventType type,
                                const char *path,
                                gpointer user_data)
{
  g_autoptr (CuratorContender) self = curator_contender_ref (user_data);

  if (watch != self->predecessor || type == CURATOR_WATCHED_EVENT_TYPE_NONE)
    return;
  if (type == CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED)
    contender_step_predecessor_gone (self);
  else
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_PREDECESSOR_CHANGED);
}

static void
contender_on_own_event (CuratorWatch *watch,
                        CuratorWatchedEventType type,
                        const char *path,
                        gpointer user_data)
{
  g_autoptr (CuratorContender) self = curator_contender_ref (user_data);

  if (watch != self->own || type == CURATOR_WATCHED_EVENT_TYPE_NONE)
    return;
  curator_contender_step (self, type == CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED
                                    ? CURATOR_CONTENDER_EVENT_OWN_GONE
                                    : CURATOR_CONTENDER_EVENT_OWN_CHANGED);
}

static CuratorWatch *
contender_new_watch (CuratorContender *self, CuratorWatchFunc func)
{
  return curator_watch_new (FALSE, func, curator_contender_ref (self),
                            (GDestroyNotify) curator_contender_unref);
}

/* Data that somebody set may ask for what it holds. */

/* What is set after it was read is seen by a look at the node that is answered later. */
static void
contender_on_revocation_read (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;
  g_autoptr (GBytes) revoke =
      g_bytes_new_static (CURATOR_CONTENDER_REVOKE, strlen (CURATOR_CONTENDER_REVOKE));

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_REVOCATION, request) || request->rc != 0)
    return;
  self->read_version = request->stat.version;
  if (g_bytes_equal (request->result_data, revoke))
    curator_contender_call_revoked (self);
}

static void
contender_look_for_revocation (CuratorContender *self)
{
  if (self->state == CURATOR_CONTENDER_HELD && self->version > self->read_version &&
      self->requests[CURATOR_CONTENDER_SLOT_REVOCATION] == NULL)
    contender_submit (self, CURATOR_CONTENDER_SLOT_REVOCATION,
                      curator_request_new (CURATOR_REQUEST_GET_DATA, self->path),
                      contender_on_revocation_read);
}

static void
contender_on_checked (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_CHECK, request))
    return;
  if (request->rc != 0)
    contender_step_failed (self, request, CURATOR_CONTENDER_EVENT_OWN_GONE,
                           CURATOR_CONTENDER_EVENT_OWN_FAILED);
  else if (request->stat.ephemeral_owner != self->session_id)
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_OWN_GONE);
  else
    {
      self->version = request->stat.version;
      curator_contender_step (self, CURATOR_CONTENDER_EVENT_OWN_PRESENT);
      contender_look_for_revocation (self);
    }
}

/* By exists, which needs no permission to read. */
static void
contender_run_check (CuratorContender *self)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_EXISTS, self->path);

  contender_drop_read (self, CURATOR_CONTENDER_SLOT_CHECK);
  if (!contender_is_own_watched (self))
    {
      contender_drop_watch (&self->own);
      self->own = contender_new_watch (self, contender_on_own_event);
      request->watch = curator_watch_ref (self->own);
    }
  contender_submit (self, CURATOR_CONTENDER_SLOT_CHECK, request, contender_on_checked);
}

static void
contender_on_watched (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_WATCH, request))
    return;
  if (curator_request_check (request, &error))
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_PREDECESSOR_WATCHED);
  else if (!CURATOR_GUARD (NOTICE_MISSING_PREDECESSOR))
    curator_contender_step (self, CURATOR_CONTENDER_EVENT_PREDECESSOR_WATCHED);
  else if (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    contender_step_predecessor_gone (self);
  else
    {
      curator_contender_take_failure (self, g_steal_pointer (&error));
      curator_contender_step (self, CURATOR_CONTENDER_EVENT_WATCH_FAILED);
    }
}

/* Who came or went between the list and the watch changed what the list said. */
static void
contender_on_others_watched (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;
  g_auto (CuratorContenderRank) rank = { 0 };
  GError *error = NULL;

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_WATCH, request))
    return;
  if (!curator_request_check (request, &error))
    {
      curator_contender_take_failure (self, error);
      curator_contender_step (self, g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE)
                                        ? CURATOR_CONTENDER_EVENT_PREDECESSOR_CHANGED
                                        : CURATOR_CONTENDER_EVENT_WATCH_FAILED);
      return;
    }
  curator_contender_rank_init (&rank, self->kind, (const char *const *) request->result_children,
                               curator_path_get_basename (self->path));
  curator_contender_step (self, rank.present && rank.ahead >= self->limit
                                    ? CURATOR_CONTENDER_EVENT_PREDECESSOR_WATCHED
                                    : CURATOR_CONTENDER_EVENT_PREDECESSOR_CHANGED);
}

/* One before us by get-data, which leaves no watch behind on a node that is missing; where we are counted,
 * all by their parent. */
static void
contender_run_watch (CuratorContender *self)
{
  g_autofree char *path =
      self->kind->counted ? g_strdup (self->parent) : curator_path_make (self->parent, self->watch_name);
  CuratorRequest *request = curator_request_new (
      self->kind->counted ? CURATOR_REQUEST_GET_CHILDREN : CURATOR_REQUEST_GET_DATA, path);

  contender_drop_watch (&self->predecessor);
  self->predecessor = contender_new_watch (self, contender_on_predecessor_event);
  request->watch = curator_watch_ref (self->predecessor);
  contender_submit (self, CURATOR_CONTENDER_SLOT_WATCH, request,
                    self->kind->counted ? contender_on_others_watched : contender_on_watched);
}

static void
contender_on_own_due (gpointer user_data)
{
  g_autoptr (CuratorContender) self = curator_contender_ref (user_data);

  self->own_due = NULL;
  curator_contender_step (self, CURATOR_CONTENDER_EVENT_OWN_DUE);
}

static gboolean
contender_needs_own_watch (CuratorContender *self)
{
  return !contender_is_own_watched (self) && self->requests[CURATOR_CONTENDER_SLOT_CHECK] == NULL &&
         CURATOR_GUARD (WATCH_OWN_NODE);
}

static void
contender_run_watch_own (CuratorContender *self)
{
  if (contender_needs_own_watch (self))
    contender_run_check (self);
}

static void
contender_run_watch_nearest (CuratorContender *self)
{
  if (self->nearest_name == NULL)
    return;
  g_free (self->watch_name);
  self->watch_name = g_steal_pointer (&self->nearest_name);
  contender_run_watch_own (self);
  contender_run_watch (self);
}

static gint64
contender_get_own_delay_ms (void)
{
  if (CURATOR_WHIM (WATCH_OWN_AT_ONCE))
    return 0;
  return CURATOR_WHIM (WATCH_OWN_LATE) ? 50 * WATCH_OWN_DELAY_MS : WATCH_OWN_DELAY_MS;
}

static void
contender_run_watch_own_soon (CuratorContender *self)
{
  if (contender_needs_own_watch (self) && self->own_due == NULL)
    self->own_due = curator_loop_add_timer (contender_get_loop (self), contender_get_own_delay_ms (),
                                            contender_on_own_due, self);
}

static void
contender_run_cancel_requests (CuratorContender *self)
{
  /* Whether a watch was armed whose request nobody waits for is not known. */
  if (self->requests[CURATOR_CONTENDER_SLOT_CHECK] != NULL && !contender_is_own_watched (self))
    contender_drop_watch (&self->own);
  contender_drop_read (self, CURATOR_CONTENDER_SLOT_LIST);
  contender_drop_read (self, CURATOR_CONTENDER_SLOT_WATCH);
  contender_drop_read (self, CURATOR_CONTENDER_SLOT_CHECK);
  contender_drop_read (self, CURATOR_CONTENDER_SLOT_REVOCATION);
}

static void
contender_run_forget (CuratorContender *self)
{
  contender_drop_watch (&self->own);
  g_clear_pointer (&self->path, g_free);
  self->session_id = 0;
}

/* Leaving */

static void
contender_on_deleted (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorContender) self = user_data;
  GError *error = NULL;

  if (!contender_take_answer (self, CURATOR_CONTENDER_SLOT_DELETE, request))
    return;
  /* The end of the session or of the client takes the node along. */
  if (!curator_request_check (request, &error) &&
      (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
       g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_SESSION_EXPIRED)))
    g_clear_error (&error);
  self->release_error = error;
  curator_contender_step (self, CURATOR_CONTENDER_EVENT_DELETED);
}

static void
contender_run_delete (CuratorContender *self)
{
  CuratorRequest *request = contender_new_delete (self->path);

  /* In another session there is nothing left to delete. */
  request->flags |= CURATOR_REQUEST_FLAG_THIS_SESSION;
  contender_submit (self, CURATOR_CONTENDER_SLOT_DELETE, request, contender_on_deleted);
}

static void
contender_run_finish (CuratorContender *self)
{
  contender_drop_watch (&self->predecessor);
  contender_drop_watch (&self->own);
  /* Answered by the end of the session instead; the delete itself goes on. */
  g_clear_pointer (&self->requests[CURATOR_CONTENDER_SLOT_DELETE], curator_request_unref);
  curator_loop_cancel_timer (contender_get_loop (self), &self->timeout);
  curator_loop_cancel_timer (contender_get_loop (self), &self->own_due);
  curator_framework_remove_state_listener (self->client, self->listener);
}

static void
contender_run_requests (CuratorContender *self, CuratorContenderActions actions)
{
  if ((actions & CURATOR_CONTENDER_ACTION_CREATE) != 0)
    contender_run_create (self);
  if ((actions & CURATOR_CONTENDER_ACTION_LIST) != 0)
    contender_run_list (self);
  if ((actions & CURATOR_CONTENDER_ACTION_CHECK) != 0)
    contender_run_check (self);
  if ((actions & CURATOR_CONTENDER_ACTION_WATCH_OWN) != 0)
    contender_run_watch_own (self);
  if ((actions & CURATOR_CONTENDER_ACTION_WATCH_OWN_SOON) != 0)
    contender_run_watch_own_soon (self);
  if ((actions & CURATOR_CONTENDER_ACTION_WATCH) != 0)
    contender_run_watch (self);
  if ((actions & CURATOR_CONTENDER_ACTION_WATCH_NEAREST) != 0)
    contender_run_watch_nearest (self);
  if ((actions & CURATOR_CONTENDER_ACTION_DELETE) != 0)
    contender_run_delete (self);
}

void
curator_contender_run_actions (CuratorContender *self, CuratorContenderActions actions)
{
  if ((actions & CURATOR_CONTENDER_ACTION_CANCEL_REQUESTS) != 0)
    contender_run_cancel_requests (self);
  if ((actions & CURATOR_CONTENDER_ACTION_ABANDON_CREATE) != 0 && CURATOR_GUARD (ABANDON_CREATE))
    contender_cancel_request (self, CURATOR_CONTENDER_SLOT_CREATE);
  if ((actions & CURATOR_CONTENDER_ACTION_UNWATCH_PREDECESSOR) != 0)
    contender_run_unwatch_predecessor (self);
  if ((actions & CURATOR_CONTENDER_ACTION_FORGET) != 0)
    contender_run_forget (self);
  contender_run_requests (self, actions);
  if ((actions & (CURATOR_CONTENDER_ACTION_GRANT | CURATOR_CONTENDER_ACTION_FAIL)) != 0)
    curator_loop_cancel_timer (contender_get_loop (self), &self->timeout);
  if ((actions & CURATOR_CONTENDER_ACTION_GRANT) != 0 && CURATOR_GUARD (REVOKED_BEFORE_GRANT))
    contender_look_for_revocation (self);
  if ((actions & CURATOR_CONTENDER_ACTION_FINISH) != 0)
    contender_run_finish (self);
}
