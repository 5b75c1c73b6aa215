/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-background-delete-private.h"

#include <zookeeper.h>

#include "curator-flight-private.h"
#include "curator-path-private.h"
#include "curator-protection-private.h"

/* So many at a time: enough to keep the connection busy, no storm when thousands are pending at a reconnect.
 */
#define MAX_ACTIVE 256

#define MIN_DELAY_MS 100
#define MAX_DELAY_MS 30000

typedef struct
{
  CuratorBackgroundDelete *manager;
  char *path;
  char *guid; /* NULL for the node at the path itself */
  gint32 version;
  gboolean with_children;
  gint64 session_id;

  gboolean is_active;
  gboolean again;          /* asked for once more while it was active */
  CuratorRequest *request; /* while active, without a GUID */
  CuratorFlight flight;    /* while active, with one */
} Deletion;

struct _CuratorBackgroundDelete
{
  CuratorCore *core;
  GHashTable *deletions; /* a set, owning */
  GQueue waiting;        /* of those that are not active */
  guint n_active;
  guint n_failures;    /* in a row */
  CuratorTimer *timer; /* nothing is begun while it runs */
  guint listener_id;
};

static void pump (CuratorBackgroundDelete *self);

/* --- deletions ----------------------------------------------------------------------------------------- */

static guint
deletion_hash (gconstpointer key)
{
  const Deletion *deletion = key;

  return g_str_hash (deletion->path) ^ (deletion->guid != NULL ? g_str_hash (deletion->guid) : 0);
}

static gboolean
deletion_equal (gconstpointer a, gconstpointer b)
{
  const Deletion *one = a;
  const Deletion *other = b;

  return one->version == other->version && one->with_children == other->with_children &&
         one->session_id == other->session_id && g_str_equal (one->path, other->path) &&
         g_strcmp0 (one->guid, other->guid) == 0;
}

static void
deletion_free (gpointer data)
{
  Deletion *deletion = data;

  g_clear_pointer (&deletion->request, curator_request_unref);
  g_free (deletion->path);
  g_free (deletion->guid);
  g_free (deletion);
}

static gboolean
deletion_is_over (Deletion *deletion)
{
  gint64 session_id = curator_core_get_session_id (deletion->manager->core);

  return deletion->session_id != 0 && session_id != 0 && session_id != deletion->session_id;
}

static CuratorRequestFlags
deletion_get_flags (Deletion *deletion)
{
  return CURATOR_REQUEST_FLAG_NO_RETRY | (deletion->session_id != 0 ? CURATOR_REQUEST_FLAG_THIS_SESSION : 0);
}

/* --- when to try --------------------------------------------------------------------------------------- */

static void
on_timer (gpointer user_data)
{
  CuratorBackgroundDelete *self = user_data;

  self->timer = NULL;
  pump (self);
}

static void
schedule (CuratorBackgroundDelete *self, gint64 delay_ms)
{
  CuratorLoop *loop = curator_core_get_loop (self->core);

  curator_loop_cancel_timer (loop, &self->timer);
  self->timer = curator_loop_add_timer (loop, delay_ms, on_timer, self);
}

/* Between half of the delay and all of it, so that clients which failed together come back one by one. */
static void
back_off (CuratorBackgroundDelete *self)
{
  CuratorLoop *loop = curator_core_get_loop (self->core);
  gint64 delay_ms = MIN (MAX_DELAY_MS, (gint64) MIN_DELAY_MS << MIN (self->n_failures, 16));

  if (self->timer != NULL)
    return;
  self->n_failures++;
  schedule (self, delay_ms / 2 + (gint64) (curator_loop_random (loop) % (guint64) (delay_ms / 2 + 1)));
}

static void
drop_session_bound (CuratorBackgroundDelete *self)
{
  for (guint n = self->waiting.length; n > 0; n--)
    {
      Deletion *deletion = g_queue_pop_head (&self->waiting);

      if (deletion->session_id != 0)
        g_hash_table_remove (self->deletions, deletion);
      else
        g_queue_push_tail (&self->waiting, deletion);
    }
}

static void
on_state (CuratorConnectionState state, gpointer user_data)
{
  CuratorBackgroundDelete *self = user_data;

  if (state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED)
    {
      /* Not from inside the change of state. */
      self->n_failures = 0;
      schedule (self, 0);
    }
  else if (state == CURATOR_CONNECTION_STATE_LOST)
    {
      drop_session_bound (self);
    }
}

/* --- trying -------------------------------------------------------------------------------------------- */

static void
on_ended (Deletion *deletion, int rc)
{
  CuratorBackgroundDelete *self = deletion->manager;
  gboolean failed = rc != ZOK && curator_rc_is_retryable (rc);

  self->n_active--;
  deletion->is_active = FALSE;
  g_clear_pointer (&deletion->request, curator_request_unref);
  if (!failed)
    self->n_failures = 0;
  if (!failed && rc > CURATOR_RC_CANCELLED && rc != ZOK && rc != ZNONODE)
    curator_core_report_error (self->core, rc, "delete in the background", deletion->path);
  if (failed || (deletion->again && rc > CURATOR_RC_CANCELLED))
    g_queue_push_tail (&self->waiting, deletion);
  else
    g_hash_table_remove (self->deletions, deletion);
  if (failed)
    back_off (self);
  pump (self);
}

static int
get_rc (GPtrArray *requests)
{
  for (guint i = 0; i < requests->len; i++)
    {
      int rc = ((CuratorRequest *) g_ptr_array_index (requests, i))->rc;

      if (rc != ZOK && rc != ZNONODE)
        return rc;
    }
  return ZOK;
}

static void
on_found_deleted (GPtrArray *requests, gpointer user_data)
{
  on_ended (user_data, get_rc (requests));
}

static void
on_searched (GPtrArray *requests, gpointer user_data)
{
  Deletion *deletion = user_data;
  CuratorRequest *list = g_ptr_array_index (requests, requests->len - 1);
  g_autoptr (GPtrArray) names = NULL;
  int rc = get_rc (requests);

  if (rc == ZOK)
    names = curator_protection_find ((const char *const *) list->result_children, deletion->guid);
  if (names == NULL || names->len == 0)
    {
      on_ended (deletion, rc);
      return;
    }
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = curator_path_make (list->server_path, g_ptr_array_index (names, i));

      curator_flight_add (&deletion->flight, curator_flight_new_request (CURATOR_REQUEST_DELETE, path,
                                                                         deletion_get_flags (deletion)));
    }
  curator_flight_begin (&deletion->flight, on_found_deleted);
}

/* The sync makes sure that the list has what an earlier connection created. */
static void
begin_search (Deletion *deletion)
{
  g_autofree char *parent = curator_protection_dup_parent (deletion->path);
  CuratorRequestFlags flags = deletion_get_flags (deletion);

  curator_flight_add (&deletion->flight, curator_flight_new_request (CURATOR_REQUEST_SYNC, parent, flags));
  curator_flight_add (&deletion->flight,
                      curator_flight_new_request (CURATOR_REQUEST_GET_CHILDREN, parent, flags));
  curator_flight_begin (&deletion->flight, on_searched);
}

static void
on_deleted (CuratorRequest *request, gpointer user_data)
{
  on_ended (user_data, request->rc);
}

static void
begin_delete (Deletion *deletion)
{
  CuratorRequestFlags flags = deletion_get_flags (deletion) | CURATOR_REQUEST_FLAG_QUIETLY |
                              (deletion->with_children ? CURATOR_REQUEST_FLAG_CHILDREN : 0);

  deletion->request = curator_flight_new_request (CURATOR_REQUEST_DELETE, deletion->path, flags);
  deletion->request->version = deletion->version;
  curator_delete_procedure_start (deletion->manager->core, deletion->request, on_deleted, deletion);
}

static void
begin (Deletion *deletion)
{
  deletion->manager->n_active++;
  deletion->is_active = TRUE;
  deletion->again = FALSE;
  if (deletion->guid != NULL)
    begin_search (deletion);
  else
    begin_delete (deletion);
}

static void
pump (CuratorBackgroundDelete *self)
{
  while (self->n_active < MAX_ACTIVE && self->timer == NULL && self->waiting.length > 0 &&
         curator_core_is_connected (self->core) && !curator_core_is_closing (self->core))
    {
      Deletion *deletion = g_queue_pop_head (&self->waiting);

      if (deletion_is_over (deletion))
        g_hash_table_remove (self->deletions, deletion);
      else
        begin (deletion);
    }
}

/* --- life ---------------------------------------------------------------------------------------------- */

CuratorBackgroundDelete *
curator_background_delete_new (CuratorCore *core)
{
  CuratorBackgroundDelete *self = g_new0 (CuratorBackgroundDelete, 1);

  self->core = core;
  self->deletions = g_hash_table_new_full (deletion_hash, deletion_equal, deletion_free, NULL);
  g_queue_init (&self->waiting);
  self->listener_id = curator_core_add_state_listener (core, on_state, self);
  return self;
}

static void
detach (Deletion *deletion)
{
  CuratorCore *core = deletion->manager->core;

  if (deletion->guid != NULL)
    curator_flight_cancel (&deletion->flight);
  else if (deletion->request != NULL)
    curator_delete_procedure_cancel (core, deletion->request);
}

void
curator_background_delete_free (CuratorBackgroundDelete *self)
{
  guint n_deletions;
  g_autofree gpointer *deletions = g_hash_table_get_keys_as_array (self->deletions, &n_deletions);

  curator_core_remove_state_listener (self->core, self->listener_id);
  curator_loop_cancel_timer (curator_core_get_loop (self->core), &self->timer);
  /* So that what ends makes no room for others. */
  g_queue_clear (&self->waiting);
  for (guint i = 0; i < n_deletions; i++)
    detach (deletions[i]);
  g_hash_table_unref (self->deletions);
  g_free (self);
}

static void
add (CuratorBackgroundDelete *self, Deletion *deletion)
{
  Deletion *known = g_hash_table_lookup (self->deletions, deletion);

  if (known != NULL)
    {
      /* What is under way may be older than what this one is to delete. */
      known->again = known->is_active;
      deletion_free (deletion);
      return;
    }
  deletion->manager = self;
  curator_flight_init (&deletion->flight, self->core, deletion);
  g_hash_table_add (self->deletions, deletion);
  g_queue_push_tail (&self->waiting, deletion);
  pump (self);
}

void
curator_background_delete_add (CuratorBackgroundDelete *self,
                               const char *path,
                               gint32 version,
                               gboolean with_children,
                               gint64 session_id)
{
  Deletion *deletion = g_new0 (Deletion, 1);

  deletion->path = g_strdup (path);
  deletion->version = version;
  deletion->with_children = with_children;
  deletion->session_id = session_id;
  add (self, deletion);
}

void
curator_background_delete_add_protected (CuratorBackgroundDelete *self,
                                         const char *path,
                                         const char *guid,
                                         gint64 session_id)
{
  Deletion *deletion = g_new0 (Deletion, 1);

  deletion->path = g_strdup (path);
  deletion->guid = g_strdup (guid);
  deletion->version = -1;
  deletion->session_id = session_id;
  add (self, deletion);
}

guint
curator_background_delete_get_n_pending (CuratorBackgroundDelete *self)
{
  return g_hash_table_size (self->deletions);
}

void
curator_core_delete_guaranteed (CuratorCore *core, const char *path, gint64 session_id)
{
  CuratorBackgroundDelete *self = curator_core_get_background_delete (core);

  if (self != NULL && !curator_core_is_closing (core))
    curator_background_delete_add (self, path, -1, FALSE, session_id);
}

void
curator_core_delete_protected (CuratorCore *core, const char *path, const char *guid, gint64 session_id)
{
  CuratorBackgroundDelete *self = curator_core_get_background_delete (core);

  if (self != NULL && !curator_core_is_closing (core))
    curator_background_delete_add_protected (self, path, guid, session_id);
}
