/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-roster-private.h"

#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

#define PAUSE_MS 1000

typedef struct
{
  CuratorRoster *roster; /* NULL once it is no member any more */
  gatomicrefcount ref_count;
  char *id;
  GBytes *data; /* NULL before they are known */
  CuratorWatch *watch;
  CuratorRequest *request;
} Member;

struct _CuratorRoster
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  char *path;
  GFunc changed;
  gpointer user_data;
  GDestroyNotify free_data;

  GMutex lock;       /* for the next one */
  GHashTable *known; /* (element-type utf8 GBytes): never changed, but replaced */

  CuratorRosterState state;
  gboolean active;
  guint listener;
  CuratorTimer *pause;
  CuratorRequest *list;
  CuratorWatch *watch;
  GHashTable *members; /* (element-type utf8 Member) */
  guint n_reads;       /* in flight, of members */
  gboolean is_read_failed;
};

static void roster_step (CuratorRoster *self, CuratorRosterEvent event);

/* Members */

static Member *
member_ref (Member *member)
{
  g_atomic_ref_count_inc (&member->ref_count);
  return member;
}

static void
member_unref (Member *member)
{
  if (!g_atomic_ref_count_dec (&member->ref_count))
    return;
  g_clear_pointer (&member->data, g_bytes_unref);
  g_free (member->id);
  g_free (member);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Member, member_unref)

static void
drop_watch (CuratorWatch **watch)
{
  g_autoptr (CuratorWatch) dropped = g_steal_pointer (watch);

  if (dropped != NULL)
    curator_watch_cancel (dropped);
}

/* A read that was sent is left to be answered where that comes soon: only then is it known that there is a
 * watch of nobody's to be removed. */
static void
roster_drop_read (CuratorRoster *self, CuratorRequest **request)
{
  g_autoptr (CuratorRequest) dropped = g_steal_pointer (request);

  if (dropped != NULL && !curator_framework_is_connected (self->client))
    curator_request_cancel (self->client, dropped);
}

/* For the table. */
static void
member_leave (gpointer data)
{
  Member *member = data;
  CuratorRoster *roster = g_steal_pointer (&member->roster);

  if (member->request != NULL)
    roster->n_reads--;
  drop_watch (&member->watch);
  roster_drop_read (roster, &member->request);
  member_unref (member);
}

static void
member_on_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (Member) member = member_ref (user_data);

  if (member->roster != NULL && watch == member->watch && type != CURATOR_WATCHED_EVENT_TYPE_NONE)
    roster_step (member->roster, CURATOR_ROSTER_EVENT_MEMBER_TOUCHED);
}

static void
member_take_data (Member *member, CuratorRequest *request)
{
  g_autoptr (GError) error = NULL;

  if (curator_request_check (request, &error))
    {
      g_clear_pointer (&member->data, g_bytes_unref);
      member->data = g_bytes_ref (request->result_data);
    }
  /* The watch on the list tells of who has gone; who cannot be read is left out. */
  else if (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE) ||
           g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_AUTH) ||
           g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE))
    g_clear_pointer (&member->data, g_bytes_unref);
  else
    member->roster->is_read_failed = TRUE;
}

static void
member_on_read (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (Member) member = user_data;
  CuratorRoster *roster = member->roster;

  if (member->request != request)
    return;
  g_clear_pointer (&member->request, curator_request_unref);
  member_take_data (member, request);
  if (--roster->n_reads > 0)
    return;
  roster_step (roster, roster->is_read_failed ? CURATOR_ROSTER_EVENT_READ_FAILED : CURATOR_ROSTER_EVENT_READ);
}

static gboolean
member_is_known (Member *member)
{
  return member->request == NULL && member->watch != NULL && curator_watch_is_armed (member->watch);
}

static void
member_read (Member *member)
{
  CuratorRoster *roster = member->roster;
  g_autofree char *path = NULL;

  if (member->request != NULL || member_is_known (member))
    return;
  path = curator_path_make (roster->path, member->id);
  drop_watch (&member->watch);
  member->watch =
      curator_watch_new (FALSE, member_on_event, member_ref (member), (GDestroyNotify) member_unref);
  member->request = curator_request_new (CURATOR_REQUEST_GET_DATA, path);
  member->request->watch = curator_watch_ref (member->watch);
  roster->n_reads++;
  curator_framework_submit (roster->client, member->request, member_on_read, member_ref (member));
}

static void
roster_run_read (CuratorRoster *self)
{
  GHashTableIter iter;
  gpointer member;

  self->is_read_failed = FALSE;
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    member_read (member);
}

/* The list */

static void
roster_add_member (CuratorRoster *self, const char *id)
{
  Member *member = g_new0 (Member, 1);

  g_atomic_ref_count_init (&member->ref_count);
  member->roster = self;
  member->id = g_strdup (id);
  g_hash_table_insert (self->members, member->id, member);
}

/* Whether all are known. */
static gboolean
roster_take_list (CuratorRoster *self, const char *const *children)
{
  gboolean is_known = TRUE;
  GHashTableIter iter;
  gpointer id, member;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_strv_contains (children, id))
      g_hash_table_iter_remove (&iter);
  for (; *children != NULL; children++)
    if (!g_hash_table_contains (self->members, *children))
      roster_add_member (self, *children);
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    is_known &= member_is_known (member);
  return is_known;
}

static void
roster_on_listed (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorRoster) self = user_data;

  if (self->list != request)
    return;
  g_clear_pointer (&self->list, curator_request_unref);
  if (request->rc != 0)
    roster_step (self, CURATOR_ROSTER_EVENT_LIST_FAILED);
  else if (roster_take_list (self, (const char *const *) request->result_children))
    roster_step (self, CURATOR_ROSTER_EVENT_LISTED);
  else
    roster_step (self, CURATOR_ROSTER_EVENT_LISTED_UNREAD);
}

static void
roster_on_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (CuratorRoster) self = curator_roster_ref (user_data);

  if (watch == self->watch && type != CURATOR_WATCHED_EVENT_TYPE_NONE)
    roster_step (self, CURATOR_ROSTER_EVENT_TOUCHED);
}

static void
roster_run_list (CuratorRoster *self)
{
  roster_drop_read (self, &self->list);
  if (self->watch == NULL || !curator_watch_is_armed (self->watch))
    {
      drop_watch (&self->watch);
      self->watch = curator_watch_new (FALSE, roster_on_event, curator_roster_ref (self),
                                       (GDestroyNotify) curator_roster_unref);
    }
  self->list = curator_request_new (CURATOR_REQUEST_GET_CHILDREN, self->path);
  if (!curator_watch_is_armed (self->watch))
    self->list->watch = curator_watch_ref (self->watch);
  curator_framework_submit (self->client, self->list, roster_on_listed, curator_roster_ref (self));
}

/* Publishing */

static gboolean
are_same (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer id, data;

  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &id, &data))
    {
      GBytes *other = g_hash_table_lookup (b, id);

      if (other == NULL || !g_bytes_equal (data, other))
        return FALSE;
    }
  return TRUE;
}

static GHashTable *
table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static void
roster_run_publish (CuratorRoster *self)
{
  g_autoptr (GHashTable) known = table_new ();
  GHashTableIter iter;
  gpointer id, data;
  gboolean is_news;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &id, &data))
    if (((Member *) data)->data != NULL)
      g_hash_table_insert (known, g_strdup (id), g_bytes_ref (((Member *) data)->data));
  is_news = !are_same (self->known, known);
  g_mutex_lock (&self->lock);
  if (is_news)
    {
      GHashTable *before = self->known;

      self->known = g_steal_pointer (&known);
      known = before;
    }
  g_mutex_unlock (&self->lock);
  if (is_news)
    self->changed (self, self->user_data);
}

GHashTable *
curator_roster_dup_members (CuratorRoster *self)
{
  GHashTable *copy = table_new ();
  GHashTableIter iter;
  gpointer id, data;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &id, &data))
    g_hash_table_insert (copy, g_strdup (id), g_bytes_ref (data));
  g_mutex_unlock (&self->lock);
  return copy;
}

/* Life */

static void
roster_on_pause_over (gpointer user_data)
{
  g_autoptr (CuratorRoster) self = curator_roster_ref (user_data);

  self->pause = NULL;
  roster_step (self, CURATOR_ROSTER_EVENT_PAUSE_OVER);
}

static void
roster_run_finish (CuratorRoster *self)
{
  roster_drop_read (self, &self->list);
  drop_watch (&self->watch);
  g_hash_table_remove_all (self->members);
  if (!self->active)
    return;
  self->active = FALSE;
  curator_framework_remove_state_listener (self->client, self->listener);
  curator_roster_unref (self);
}

static void
roster_step (CuratorRoster *self, CuratorRosterEvent event)
{
  CuratorLoop *loop = curator_framework_get_loop (self->client);
  CuratorRosterState before = self->state;
  CuratorRosterActions actions = curator_roster_machine_step (&self->state, event);

  if (!g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    g_debug ("roster %s: %s in %s -> %s", self->path, curator_roster_event_to_string (event),
             curator_roster_state_to_string (before), curator_roster_state_to_string (self->state));
  if (self->state != CURATOR_ROSTER_PAUSED)
    curator_loop_cancel_timer (loop, &self->pause);
  if ((actions & CURATOR_ROSTER_ACTION_LIST) != 0)
    roster_run_list (self);
  if ((actions & CURATOR_ROSTER_ACTION_READ) != 0)
    roster_run_read (self);
  if ((actions & CURATOR_ROSTER_ACTION_PUBLISH) != 0)
    roster_run_publish (self);
  if ((actions & CURATOR_ROSTER_ACTION_PAUSE) != 0)
    self->pause = curator_loop_add_timer (loop, PAUSE_MS, roster_on_pause_over, self);
  if ((actions & CURATOR_ROSTER_ACTION_FINISH) != 0)
    roster_run_finish (self);
}

static void
roster_on_state (CuratorConnectionState state, gpointer user_data)
{
  g_autoptr (CuratorRoster) self = curator_roster_ref (user_data);

  if (state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED)
    {
      curator_framework_catch_up (self->client);
      roster_step (self, CURATOR_ROSTER_EVENT_RECONNECTED);
    }
  else if (state == CURATOR_CONNECTION_STATE_CLOSED)
    roster_step (self, CURATOR_ROSTER_EVENT_CLOSE);
}

CuratorRoster *
curator_roster_new (
    CuratorFramework *client, const char *path, GFunc changed, gpointer user_data, GDestroyNotify free_data)
{
  CuratorRoster *self = g_new0 (CuratorRoster, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (client);
  self->path = g_strdup (path);
  self->changed = changed;
  self->user_data = user_data;
  self->free_data = free_data;
  g_mutex_init (&self->lock);
  self->known = table_new ();
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_leave);
  self->state = CURATOR_ROSTER_IDLE;
  return self;
}

CuratorRoster *
curator_roster_ref (CuratorRoster *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_roster_unref (CuratorRoster *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  self->free_data (self->user_data);
  g_hash_table_unref (self->members);
  g_hash_table_unref (self->known);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_object_unref (self->client);
  g_free (self);
}

void
curator_roster_start (CuratorRoster *self)
{
  if (self->state != CURATOR_ROSTER_IDLE)
    return;
  self->active = TRUE;
  curator_roster_ref (self);
  self->listener = curator_framework_add_state_listener (self->client, roster_on_state, self);
  roster_step (self, curator_framework_get_connection_state (self->client) == CURATOR_CONNECTION_STATE_CLOSED
                         ? CURATOR_ROSTER_EVENT_CLOSE
                         : CURATOR_ROSTER_EVENT_START);
}

void
curator_roster_prompt (CuratorRoster *self)
{
  roster_step (self, CURATOR_ROSTER_EVENT_PROMPTED);
}

void
curator_roster_close (CuratorRoster *self)
{
  g_autoptr (CuratorRoster) kept = curator_roster_ref (self);

  roster_step (kept, CURATOR_ROSTER_EVENT_CLOSE);
}
