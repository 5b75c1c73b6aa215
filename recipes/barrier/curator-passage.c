/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-door-private.h"

#include <string.h>

#include "curator-guard-private.h"
#include "curator-passage-machine-private.h"
#include "curator-path-private.h"

/* One call of a member that enters or leaves: the shell that runs the passage machine. */

/* Whose answer is wanted still; one of any other request is dropped. */
typedef enum
{
  SLOT_CREATE,
  SLOT_READY, /* these three are one look */
  SLOT_OWN,
  SLOT_LIST,
  SLOT_WATCH,
  SLOT_CHANGE, /* of the ready node */
  N_SLOTS
} Slot;

struct _CuratorPassage
{
  gatomicrefcount ref_count;
  CuratorDoor *door;
  gboolean is_leaving;
  CuratorPassageState state;
  CuratorCall *call; /* from start to end */
  CuratorRequest *requests[N_SLOTS];
  CuratorWatch *ready; /* these two on the way in */
  CuratorWatch *own;
  CuratorWatch *other; /* and this one on the way out */
  char *other_name;
  GPtrArray *members; /* (element-type utf8): on the way in as a look has shown, on the way out as the first list */
  GError *failure;

  /* What a look has brought so far; 0 for a node that is not there. */
  gint64 ready_czxid;
  gint64 own_czxid;
  gint64 own_owner;

  /* On the way out. */
  gboolean has_listed;
  gboolean is_counted; /* our node was in the first list */
  gint64 listed_zxid;  /* nodes that were made later are not in it */
  GStrv listed;        /* (nullable): what is judged when it is known whether the barrier is still open */
};

static void passage_step (CuratorPassage *self, CuratorPassageEvent event);

static CuratorPassage *
passage_ref (CuratorPassage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
passage_unref (CuratorPassage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_error (&self->failure);
  g_free (self->other_name);
  g_strfreev (self->listed);
  g_ptr_array_unref (self->members);
  curator_door_unref (self->door);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorPassage, passage_unref)

/* Requests and watches */

static void
passage_submit (CuratorPassage *self, Slot slot, CuratorRequest *request, CuratorRequestFunc func)
{
  g_assert (self->requests[slot] == NULL);
  self->requests[slot] = request;
  curator_framework_submit (self->door->client, request, func, passage_ref (self));
}

static gboolean
passage_take_answer (CuratorPassage *self, Slot slot, CuratorRequest *request)
{
  if (self->requests[slot] != request)
    return FALSE;
  g_clear_pointer (&self->requests[slot], curator_request_unref);
  return TRUE;
}

/* A read that was sent is left to be answered where that comes soon: only then is it known that there is a
 * watch of nobody's to be removed. */
static void
passage_drop_request (CuratorPassage *self, Slot slot)
{
  g_autoptr (CuratorRequest) request = g_steal_pointer (&self->requests[slot]);
  gboolean is_read = slot != SLOT_CREATE && slot != SLOT_CHANGE;

  if (request != NULL && !(is_read && curator_framework_is_connected (self->door->client)))
    curator_request_cancel (self->door->client, request);
}

static void
drop_watch (CuratorWatch **watch)
{
  g_autoptr (CuratorWatch) dropped = g_steal_pointer (watch);

  if (dropped != NULL)
    curator_watch_cancel (dropped);
}

static void
passage_on_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = passage_ref (user_data);

  if (watch == self->ready && type == CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED)
    passage_step (self, CURATOR_PASSAGE_EVENT_OPEN);
  else if (watch == self->ready || watch == self->own || watch == self->other)
    passage_step (self, CURATOR_PASSAGE_EVENT_TOUCHED);
}

static CuratorRequest *
passage_new_watching (CuratorPassage *self, const char *path, CuratorWatch **watch)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_EXISTS, path);

  drop_watch (watch);
  *watch = curator_watch_new (FALSE, passage_on_event, passage_ref (self), (GDestroyNotify) passage_unref);
  request->watch = curator_watch_ref (*watch);
  return request;
}

/* TRUE where it succeeded or failed with @harmless; else the failure is kept. */
static gboolean
passage_check (CuratorPassage *self, CuratorRequest *request, CuratorError harmless, gboolean *is_harmless)
{
  g_autoptr (GError) error = NULL;

  *is_harmless = FALSE;
  if (curator_request_check (request, &error))
    return TRUE;
  *is_harmless = g_error_matches (error, CURATOR_ERROR, (int) harmless);
  if (*is_harmless)
    return TRUE;
  g_clear_error (&self->failure);
  self->failure = g_steal_pointer (&error);
  return FALSE;
}

/* The way in */

static void
passage_on_created (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean exists;

  if (passage_take_answer (self, SLOT_CREATE, request))
    passage_step (self, passage_check (self, request, CURATOR_ERROR_NODE_EXISTS, &exists)
                            ? CURATOR_PASSAGE_EVENT_CREATED
                            : CURATOR_PASSAGE_EVENT_FAILED);
}

static void
passage_run_create (CuratorPassage *self)
{
  CuratorRequest *request;

  if (!self->door->may_have_node)
    curator_door_take_name (self->door);
  request = curator_request_new (CURATOR_REQUEST_CREATE, self->door->own_path);
  request->flags = CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
  request->mode = CURATOR_CREATE_MODE_EPHEMERAL;
  self->door->may_have_node = TRUE;
  passage_submit (self, SLOT_CREATE, request, passage_on_created);
}

static void
passage_note_members (CuratorPassage *self, const char *const *children)
{
  const char *ready_name = curator_path_get_basename (self->door->ready_path);

  g_ptr_array_set_size (self->members, 0);
  for (; *children != NULL; children++)
    if (strcmp (*children, ready_name) != 0)
      g_ptr_array_add (self->members, g_strdup (*children));
}

/* A barrier that was opened before our node was there was opened for others, and holds for us as long as any
 * of them are there. */
static CuratorPassageEvent
passage_judge_look (CuratorPassage *self, const char *const *children)
{
  const char *own_name = curator_path_get_basename (self->door->own_path);
  guint n_members;

  passage_note_members (self, children);
  n_members = self->members->len;
  if (self->own_czxid == 0 || !g_strv_contains (children, own_name))
    return CURATOR_PASSAGE_EVENT_ABSENT;
  if (self->own_owner != curator_framework_get_session_id (self->door->client))
    return CURATOR_PASSAGE_EVENT_STALE;
  if (self->ready_czxid > self->own_czxid || (self->ready_czxid != 0 && n_members >= self->door->n_members))
    return CURATOR_PASSAGE_EVENT_OPEN;
  if (self->ready_czxid != 0)
    return n_members > 1 ? CURATOR_PASSAGE_EVENT_OPEN : CURATOR_PASSAGE_EVENT_LEFTOVER;
  return n_members >= self->door->n_members ? CURATOR_PASSAGE_EVENT_FULL : CURATOR_PASSAGE_EVENT_SHORT;
}

static void
passage_on_ready_seen (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_absent;

  if (!passage_take_answer (self, SLOT_READY, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_absent))
    passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
  else
    self->ready_czxid = is_absent ? 0 : request->stat.czxid;
}

static void
passage_on_own_seen (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_absent;

  if (!passage_take_answer (self, SLOT_OWN, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_absent))
    {
      passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
      return;
    }
  self->own_czxid = is_absent ? 0 : request->stat.czxid;
  self->own_owner = is_absent ? 0 : request->stat.ephemeral_owner;
}

/* The last of the look, unless the others were tried again meanwhile. */
static void
passage_on_look_listed (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_absent;

  if (!passage_take_answer (self, SLOT_LIST, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_absent))
    passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
  else if (is_absent)
    passage_step (self, CURATOR_PASSAGE_EVENT_ABSENT);
  else if (self->requests[SLOT_READY] != NULL || self->requests[SLOT_OWN] != NULL)
    passage_step (self, CURATOR_PASSAGE_EVENT_TOUCHED);
  else
    passage_step (self, passage_judge_look (self, (const char *const *) request->result_children));
}

static void
passage_run_look (CuratorPassage *self)
{
  for (Slot slot = SLOT_READY; slot <= SLOT_LIST; slot++)
    passage_drop_request (self, slot);
  passage_submit (self, SLOT_READY, passage_new_watching (self, self->door->ready_path, &self->ready),
                  passage_on_ready_seen);
  passage_submit (self, SLOT_OWN, passage_new_watching (self, self->door->own_path, &self->own),
                  passage_on_own_seen);
  passage_submit (self, SLOT_LIST, curator_request_new (CURATOR_REQUEST_GET_CHILDREN, self->door->path),
                  passage_on_look_listed);
}

/* The barrier has gone, or the connection did: others may have come and gone since. */
static gboolean
is_worth_a_look (const GError *error)
{
  static const int codes[] = { CURATOR_ERROR_NO_NODE, CURATOR_ERROR_CONNECTION_LOSS,
                               CURATOR_ERROR_OPERATION_TIMEOUT, CURATOR_ERROR_SESSION_EXPIRED,
                               CURATOR_ERROR_SESSION_MOVED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, CURATOR_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

static void
passage_on_opened (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_harmless;

  if (!passage_take_answer (self, SLOT_CHANGE, request))
    return;
  if (passage_check (self, request, CURATOR_ERROR_NODE_EXISTS, &is_harmless))
    passage_step (self, CURATOR_PASSAGE_EVENT_OPENED);
  else
    passage_step (self, is_worth_a_look (self->failure) ? CURATOR_PASSAGE_EVENT_NOT_OPENED
                                                        : CURATOR_PASSAGE_EVENT_FAILED);
}

static void
set_part (CuratorMultiPart *part, CuratorRequestType type, char *path)
{
  part->type = type;
  part->path = path;
  part->version = -1;
}

/* Only while they are all there: whoever has given up since he was seen must not be counted. */
static void
passage_run_open (CuratorPassage *self)
{
  CuratorRequest *request = curator_request_new (CURATOR_REQUEST_MULTI, self->door->ready_path);
  guint n_checks = CURATOR_GUARD (PASSAGE_OPENS_FOR_ALL) ? self->members->len : 0;

  request->parts = g_new0 (CuratorMultiPart, n_checks + 1);
  request->n_parts = n_checks + 1;
  for (guint i = 0; i < n_checks; i++)
    set_part (&request->parts[i], CURATOR_REQUEST_EXISTS,
              curator_path_make (self->door->path, self->members->pdata[i]));
  set_part (&request->parts[n_checks], CURATOR_REQUEST_CREATE, g_strdup (self->door->ready_path));
  request->parts[n_checks].mode = CURATOR_CREATE_MODE_PERSISTENT;
  request->parts[n_checks].data = g_bytes_new_static ("", 0);
  passage_submit (self, SLOT_CHANGE, request, passage_on_opened);
}

static void
passage_on_ready_deleted (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_harmless;

  if (!passage_take_answer (self, SLOT_CHANGE, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_harmless))
    passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
  else
    passage_step (self, self->is_leaving ? CURATOR_PASSAGE_EVENT_CLOSED : CURATOR_PASSAGE_EVENT_SWEPT);
}

static void
passage_run_delete_ready (CuratorPassage *self)
{
  passage_submit (self, SLOT_CHANGE, curator_request_new (CURATOR_REQUEST_DELETE, self->door->ready_path),
                  passage_on_ready_deleted);
}

/* The way out */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
passage_was_inside (CuratorPassage *self, const char *name)
{
  return g_ptr_array_find_with_equal_func (self->members, name, g_str_equal, NULL) ||
         !CURATOR_GUARD (PASSAGE_WAITS_FOR_INSIDERS);
}

/* As in Curator: the lowest one stays until all others have gone, and they go at once. */
static CuratorPassageEvent
passage_judge_list (CuratorPassage *self, const char *const *children)
{
  const char *own_name = curator_path_get_basename (self->door->own_path);
  const char *ready_name = curator_path_get_basename (self->door->ready_path);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gboolean is_lowest;

  for (; *children != NULL; children++)
    if (strcmp (*children, ready_name) != 0 && passage_was_inside (self, *children))
      g_ptr_array_add (names, (gpointer) *children);
  g_ptr_array_sort (names, compare_names);
  if (names->len == 0)
    return CURATOR_PASSAGE_EVENT_NOBODY;
  is_lowest = strcmp (names->pdata[0], own_name) == 0;
  if (is_lowest && names->len == 1)
    return CURATOR_PASSAGE_EVENT_ALONE;
  g_free (self->other_name);
  self->other_name = g_strdup (names->pdata[is_lowest ? names->len - 1 : 0]);
  return is_lowest ? CURATOR_PASSAGE_EVENT_LOWEST : CURATOR_PASSAGE_EVENT_OTHERS;
}

/* Whoever is out closes the barrier before he can come again. */
static void
passage_on_round_seen (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_absent;

  if (!passage_take_answer (self, SLOT_READY, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_absent))
    passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
  else if (is_absent)
    passage_step (self, CURATOR_PASSAGE_EVENT_NOBODY);
  else
    passage_step (self, passage_judge_list (self, (const char *const *) self->listed));
}

/* Whose node has gone cannot know by the first list who was inside with him: others may have left without him
 * and come again, and would wait for him. */
static void
passage_take_list (CuratorPassage *self, CuratorRequest *request)
{
  const char *const *children = (const char *const *) request->result_children;

  if (!self->has_listed)
    {
      self->has_listed = TRUE;
      self->is_counted = g_strv_contains (children, curator_path_get_basename (self->door->own_path));
      self->listed_zxid = request->stat.pzxid;
      passage_note_members (self, children);
    }
  if (self->is_counted)
    {
      passage_step (self, passage_judge_list (self, children));
      return;
    }
  g_strfreev (self->listed);
  self->listed = g_strdupv (request->result_children);
  passage_submit (self, SLOT_READY, passage_new_watching (self, self->door->ready_path, &self->ready),
                  passage_on_round_seen);
}

static void
passage_on_listed (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_absent;

  if (!passage_take_answer (self, SLOT_LIST, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_absent))
    passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
  else if (is_absent)
    passage_step (self, CURATOR_PASSAGE_EVENT_NOBODY);
  else
    passage_take_list (self, request);
}

static void
passage_run_list (CuratorPassage *self)
{
  passage_drop_request (self, SLOT_READY);
  passage_drop_request (self, SLOT_LIST);
  passage_drop_request (self, SLOT_WATCH);
  passage_submit (self, SLOT_LIST, curator_request_new (CURATOR_REQUEST_GET_CHILDREN, self->door->path),
                  passage_on_listed);
}

/* A member in Java has the same name each time. */
static gboolean
passage_has_come_again (CuratorPassage *self, CuratorRequest *watched)
{
  return self->is_counted && watched->stat.czxid > self->listed_zxid;
}

static void
passage_forget_other (CuratorPassage *self)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (self->members, self->other_name, g_str_equal, &index))
    g_ptr_array_remove_index (self->members, index);
}

static void
passage_on_watched (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorPassage) self = user_data;
  gboolean is_absent;

  if (!passage_take_answer (self, SLOT_WATCH, request))
    return;
  if (!passage_check (self, request, CURATOR_ERROR_NO_NODE, &is_absent))
    {
      passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
      return;
    }
  if (!is_absent && passage_has_come_again (self, request))
    {
      passage_forget_other (self);
      is_absent = TRUE;
    }
  passage_step (self, is_absent ? CURATOR_PASSAGE_EVENT_UNWATCHED : CURATOR_PASSAGE_EVENT_WATCHED);
}

static void
passage_run_watch (CuratorPassage *self)
{
  g_autofree char *path = curator_path_make (self->door->path, self->other_name);

  passage_submit (self, SLOT_WATCH, passage_new_watching (self, path, &self->other), passage_on_watched);
}

/* Life */

static void
passage_run_finish (CuratorPassage *self)
{
  for (Slot slot = 0; slot < N_SLOTS; slot++)
    passage_drop_request (self, slot);
  drop_watch (&self->ready);
  drop_watch (&self->own);
  drop_watch (&self->other);
  self->door->passage = NULL;
}

static void
passage_run_requests (CuratorPassage *self, CuratorPassageActions actions)
{
  if ((actions & CURATOR_PASSAGE_ACTION_CREATE) != 0)
    passage_run_create (self);
  if ((actions & CURATOR_PASSAGE_ACTION_LOOK) != 0)
    passage_run_look (self);
  if ((actions & CURATOR_PASSAGE_ACTION_OPEN) != 0)
    passage_run_open (self);
  if ((actions & CURATOR_PASSAGE_ACTION_LIST) != 0)
    passage_run_list (self);
  if ((actions & CURATOR_PASSAGE_ACTION_WATCH) != 0)
    passage_run_watch (self);
  if ((actions & (CURATOR_PASSAGE_ACTION_SWEEP | CURATOR_PASSAGE_ACTION_CLOSE)) != 0)
    passage_run_delete_ready (self);
}

/* With the end of a way out, however it ended, we are outside. */
static void
passage_end (CuratorPassage *self, CuratorPassageActions actions)
{
  g_autoptr (CuratorCall) call = g_steal_pointer (&self->call);

  self->door->is_inside = !self->is_leaving && (actions & CURATOR_PASSAGE_ACTION_PASS) != 0;
  if ((actions & CURATOR_PASSAGE_ACTION_PASS) != 0)
    curator_call_complete (call, NULL);
  if ((actions & CURATOR_PASSAGE_ACTION_FAIL) != 0)
    curator_call_complete (call, g_steal_pointer (&self->failure));
}

static void
passage_step (CuratorPassage *self, CuratorPassageEvent event)
{
  CuratorPassageState before = self->state;
  CuratorPassageActions actions = curator_passage_machine_step (&self->state, event);

  if (!g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    g_debug ("double barrier %s: %s in %s -> %s", self->door->own_path,
             curator_passage_event_to_string (event), curator_passage_state_to_string (before),
             curator_passage_state_to_string (self->state));
  passage_run_requests (self, actions);
  if ((actions & CURATOR_PASSAGE_ACTION_FINISH) != 0)
    passage_run_finish (self);
  if ((actions & CURATOR_PASSAGE_ACTION_CLEAN) != 0)
    curator_door_clean (self->door);
  if ((actions & CURATOR_PASSAGE_ACTION_FINISH) != 0)
    passage_end (self, actions);
  else if ((self->state == CURATOR_PASSAGE_WAITING || self->state == CURATOR_PASSAGE_STAYING) &&
           curator_call_is_try (self->call))
    curator_call_time_out (self->call);
}

void
curator_passage_on_clean (CuratorPassage *passage, const GError *error)
{
  g_autoptr (CuratorPassage) self = passage_ref (passage);

  if (error == NULL)
    {
      passage_step (self, CURATOR_PASSAGE_EVENT_CLEAN);
      return;
    }
  g_clear_error (&self->failure);
  self->failure = g_error_copy (error);
  passage_step (self, CURATOR_PASSAGE_EVENT_FAILED);
}

static void
refuse (CuratorCall *call, CuratorDoor *door, gboolean is_leaving)
{
  g_autofree char *quoted = curator_path_quote (door->path);
  const char *operation = is_leaving ? "leave" : "enter";

  if (door->n_members == 0)
    curator_call_complete (call, g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                              "%s %s: the barrier is for no members", operation, quoted));
  else if (door->passage != NULL)
    curator_call_complete (call, g_error_new (G_IO_ERROR, G_IO_ERROR_PENDING,
                                              "%s %s: another call is under way", operation, quoted));
  else
    curator_call_complete (call,
                           g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s %s: it was %s",
                                        operation, quoted, is_leaving ? "not entered" : "entered already"));
}

static void
begin (CuratorCall *call, gpointer data)
{
  g_autoptr (CuratorPassage) self = passage_ref (data);
  CuratorDoor *door = self->door;

  if (door->n_members == 0 || door->passage != NULL || door->is_inside != self->is_leaving)
    {
      refuse (call, door, self->is_leaving);
      return;
    }
  door->passage = self;
  self->call = curator_call_ref (call);
  if (self->is_leaving)
    passage_step (self, CURATOR_PASSAGE_EVENT_LEAVE);
  else
    passage_step (self,
                  door->may_have_node ? CURATOR_PASSAGE_EVENT_ENTER_DIRTY : CURATOR_PASSAGE_EVENT_ENTER);
}

static void
give_up (CuratorCall *call, gpointer data)
{
  g_autoptr (CuratorPassage) self = passage_ref (data);

  if (self->call != NULL)
    passage_step (self, CURATOR_PASSAGE_EVENT_GIVE_UP);
}

static const CuratorCallKind enter_kind = { "enter", begin, give_up };
static const CuratorCallKind leave_kind = { "leave", begin, give_up };

static CuratorCallOptions
make_call (CuratorDoor *door, gboolean is_leaving, gint64 timeout_ms)
{
  CuratorPassage *self = g_new0 (CuratorPassage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->door = curator_door_ref (door);
  self->members = g_ptr_array_new_with_free_func (g_free);
  self->is_leaving = is_leaving;
  self->state = CURATOR_PASSAGE_IDLE;
  return (CuratorCallOptions){ .client = door->client,
                               .kind = is_leaving ? &leave_kind : &enter_kind,
                               .path = door->path,
                               .timeout_ms = timeout_ms,
                               .data = self,
                               .free_data = (GDestroyNotify) passage_unref };
}

CuratorCallOptions
curator_door_get_enter_call (CuratorDoor *door, gint64 timeout_ms)
{
  return make_call (door, FALSE, timeout_ms);
}

CuratorCallOptions
curator_door_get_leave_call (CuratorDoor *door, gint64 timeout_ms)
{
  return make_call (door, TRUE, timeout_ms);
}
