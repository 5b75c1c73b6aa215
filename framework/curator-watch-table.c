/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-watch-table-private.h"

#include "curator-guard-private.h"
#include "curator-path-private.h"

enum
{
  LIST_CHILDREN,
  LIST_DATA,
  N_LISTS
};

enum
{
  FOUND_UNKNOWN = -1,
  FOUND_NOTHING = 0, /* no node */
};

typedef struct
{
  char *path;
  GPtrArray *watches[N_LISTS]; /* (element-type CuratorWatch), owned references */
  guint arming[N_LISTS];       /* reads in flight that carry a watch */
} Entry;

struct _CuratorWatch
{
  gatomicrefcount ref_count;
  gboolean rearm;
  gboolean cancelled;
  CuratorWatchFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  char *prefix;             /* set by the first arming, as is the kind */
  CuratorWatchKind kind;    /* 0 before; a watch for children is armed as one for data while the node is missing */
  gint64 found;             /* by the last arming, or event: the newest transaction, or one of these */
  gboolean compares;        /* so that the next one is to be compared with it */
  gboolean missed;          /* maybe: reads went ahead of the one that arms it */
  CuratorWatchTable *table; /* while it is in one */
  GPtrArray *places;        /* (element-type Entry): where it is armed, once per list */
};

struct _CuratorWatchTable
{
  CuratorWatchTableCallbacks callbacks;
  gpointer user_data;
  GHashTable *entries; /* path → Entry */
  GPtrArray *homeless; /* Homeless: those that wait for the next connection */
  gboolean final;      /* there will be none */
  guint size;
};

typedef struct
{
  char *path;
  CuratorWatch *watch;
} Homeless;

static int
to_list (CuratorWatchKind kind)
{
  return kind == CURATOR_WATCH_KIND_CHILDREN ? LIST_CHILDREN : LIST_DATA;
}

static CuratorWatchKind
to_kind (int list)
{
  return list == LIST_CHILDREN ? CURATOR_WATCH_KIND_CHILDREN : CURATOR_WATCH_KIND_DATA;
}

/* --- the watch ----------------------------------------------------------------------------------------------- */

CuratorWatch *
curator_watch_new (gboolean rearm, CuratorWatchFunc func, gpointer user_data, GDestroyNotify destroy)
{
  CuratorWatch *watch = g_new0 (CuratorWatch, 1);

  g_atomic_ref_count_init (&watch->ref_count);
  watch->rearm = rearm;
  watch->func = func;
  watch->user_data = user_data;
  watch->destroy = destroy;
  watch->found = FOUND_UNKNOWN;
  watch->places = g_ptr_array_new ();
  return watch;
}

CuratorWatch *
curator_watch_ref (CuratorWatch *watch)
{
  g_atomic_ref_count_inc (&watch->ref_count);
  return watch;
}

void
curator_watch_unref (CuratorWatch *watch)
{
  if (!g_atomic_ref_count_dec (&watch->ref_count))
    return;
  if (watch->destroy != NULL)
    watch->destroy (watch->user_data);
  g_ptr_array_unref (watch->places);
  g_free (watch->prefix);
  g_free (watch);
}

gboolean
curator_watch_is_armed (CuratorWatch *watch)
{
  return watch->places->len > 0;
}

gboolean
curator_watch_is_cancelled (CuratorWatch *watch)
{
  return watch->cancelled;
}

void
curator_watch_set_missed (CuratorWatch *watch)
{
  watch->missed = TRUE;
}

gboolean
curator_watch_is_absent (CuratorWatch *watch)
{
  return watch->kind == CURATOR_WATCH_KIND_CHILDREN && watch->found == FOUND_NOTHING;
}

static void
fire (CuratorWatch *watch, CuratorWatchedEventType type, const char *path)
{
  g_autofree char *seen = NULL;

  if (watch->cancelled)
    return;
  seen = curator_path_strip_prefix (watch->prefix, path);
  watch->func (watch, type, seen, watch->user_data);
}

/* --- entries ------------------------------------------------------------------------------------------------- */

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  for (int list = 0; list < N_LISTS; list++)
    g_ptr_array_unref (entry->watches[list]);
  g_free (entry->path);
  g_free (entry);
}

static Entry *
ensure_entry (CuratorWatchTable *table, const char *path)
{
  Entry *entry = g_hash_table_lookup (table->entries, path);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->path = g_strdup (path);
      for (int list = 0; list < N_LISTS; list++)
        entry->watches[list] = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_watch_unref);
      g_hash_table_insert (table->entries, entry->path, entry);
    }
  return entry;
}

static void
drop_if_empty (CuratorWatchTable *table, Entry *entry)
{
  for (int list = 0; list < N_LISTS; list++)
    if (entry->watches[list]->len > 0 || entry->arming[list] > 0)
      return;
  g_hash_table_remove (table->entries, entry->path);
}

/* All watches of one list; they are armed no longer. */
static GPtrArray *
steal_list (CuratorWatchTable *table, Entry *entry, int list)
{
  GPtrArray *stolen = entry->watches[list];

  entry->watches[list] = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_watch_unref);
  table->size -= stolen->len;
  for (guint i = 0; i < stolen->len; i++)
    {
      CuratorWatch *watch = stolen->pdata[i];

      g_ptr_array_remove_fast (watch->places, entry);
      if (watch->places->len == 0)
        watch->table = NULL;
    }
  return stolen;
}

static Homeless *
homeless_new (const char *path, CuratorWatch *watch)
{
  Homeless *homeless = g_new (Homeless, 1);

  *homeless = (Homeless){ g_strdup (path), curator_watch_ref (watch) };
  return homeless;
}

static void
homeless_free (gpointer data)
{
  Homeless *homeless = data;

  g_free (homeless->path);
  curator_watch_unref (homeless->watch);
  g_free (homeless);
}

/* --- the table ----------------------------------------------------------------------------------------------- */

CuratorWatchTable *
curator_watch_table_new (const CuratorWatchTableCallbacks *callbacks, gpointer user_data)
{
  CuratorWatchTable *table = g_new0 (CuratorWatchTable, 1);

  table->callbacks = *callbacks;
  table->user_data = user_data;
  table->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  table->homeless = g_ptr_array_new_with_free_func (homeless_free);
  return table;
}

void
curator_watch_table_free (CuratorWatchTable *table)
{
  g_hash_table_unref (table->entries);
  g_ptr_array_unref (table->homeless);
  g_free (table);
}

void
curator_watch_table_arming (CuratorWatchTable *table, const char *path, CuratorWatchKind kind)
{
  ensure_entry (table, path)->arming[to_list (kind)]++;
}

static gboolean
holds (Entry *entry, int list, CuratorWatch *watch)
{
  return g_ptr_array_find (entry->watches[list], watch, NULL);
}

/* The server may have a watch that nobody waits for. */
static void
give_back_if_unused (CuratorWatchTable *table, Entry *entry, int list)
{
  if (entry->watches[list]->len == 0 && entry->arming[list] == 0)
    table->callbacks.unused (entry->path, to_kind (list), table->user_data);
}

/* What happened while no watch was set: TRUE where the watch is to tell of it. The last event is no part of @before, so
 * that within a session a comparison says nothing: a node may have come with that event and have gone since. */
static gboolean
take_unseen (CuratorWatch *watch, gint64 before)
{
  gboolean changed = watch->compares && watch->found != before && CURATOR_GUARD (COMPARE_OVER_SESSIONS);
  gboolean unseen = changed || watch->missed;

  watch->compares = watch->missed = FALSE;
  return unseen;
}

/* As a server does for a session that goes on. A read for data that finds the node whose children are watched is
 * followed by one for the children. */
static void
note_found (CuratorWatch *watch, const char *path, CuratorWatchKind kind, gint64 found)
{
  gint64 before = watch->found;

  watch->found = kind == watch->kind ? found : FOUND_NOTHING;
  if (!take_unseen (watch, before))
    return;
  if (watch->found == FOUND_NOTHING)
    fire (watch, CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, path);
  else if (watch->kind == CURATOR_WATCH_KIND_CHILDREN)
    fire (watch, CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED, path);
  else
    fire (watch,
          before == FOUND_NOTHING ? CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED
                                  : CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED,
          path);
}

void
curator_watch_table_armed (CuratorWatchTable *table, const char *path, CuratorWatchKind kind, CuratorWatch *watch,
                           const char *prefix, gint64 found)
{
  Entry *entry = ensure_entry (table, path);
  int list = to_list (kind);

  g_return_if_fail (entry->arming[list] > 0);

  entry->arming[list]--;
  if (watch != NULL && !watch->cancelled && !holds (entry, list, watch))
    {
      if (watch->prefix == NULL)
        watch->prefix = g_strdup (prefix);
      if (watch->kind == 0)
        watch->kind = kind;
      watch->table = table;
      g_ptr_array_add (watch->places, entry);
      g_ptr_array_add (entry->watches[list], curator_watch_ref (watch));
      table->size++;
      note_found (watch, path, kind, found);
      return;
    }
  if (watch != NULL && watch->cancelled)
    give_back_if_unused (table, entry, list);
  drop_if_empty (table, entry);
}

void
curator_watch_table_abandoned (CuratorWatchTable *table, const char *path, CuratorWatchKind kind)
{
  Entry *entry = ensure_entry (table, path);
  int list = to_list (kind);

  g_return_if_fail (entry->arming[list] > 0);

  entry->arming[list]--;
  give_back_if_unused (table, entry, list);
  drop_if_empty (table, entry);
}

static void
rearm_all (CuratorWatchTable *table, GPtrArray *watches, const char *path)
{
  for (guint i = 0; i < watches->len; i++)
    {
      CuratorWatch *watch = watches->pdata[i];

      if (watch->rearm && !watch->cancelled)
        table->callbacks.rearm (path, watch->kind, watch, table->user_data);
    }
}

static void
note_event (GPtrArray *watches, CuratorWatchedEventType type)
{
  for (guint i = 0; i < watches->len; i++)
    {
      CuratorWatch *watch = watches->pdata[i];

      watch->found = type == CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED ? FOUND_NOTHING : FOUND_UNKNOWN;
    }
}

static void
fire_list (CuratorWatchTable *table, Entry *entry, int list, CuratorWatchedEventType type)
{
  g_autofree char *path = g_strdup (entry->path);
  g_autoptr (GPtrArray) fired = steal_list (table, entry, list);
  gboolean rearms_first = CURATOR_GUARD (REARM_BEFORE_TELLING);

  note_event (fired, type);
  /* Armed again before anybody hears of the event: a read that answers to it is then sent after the arming, and no
   * change can fall between the two. */
  if (rearms_first)
    rearm_all (table, fired, path);
  for (guint i = 0; i < fired->len; i++)
    fire (fired->pdata[i], type, path);
  if (!rearms_first)
    rearm_all (table, fired, path);
}

void
curator_watch_table_event (CuratorWatchTable *table, CuratorWatchedEventType type, const char *path)
{
  gboolean concerns[N_LISTS] = {
    [LIST_CHILDREN] = type == CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED
                      || type == CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED,
    [LIST_DATA] = type != CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED,
  };

  for (int list = 0; list < N_LISTS; list++)
    {
      Entry *entry = g_hash_table_lookup (table->entries, path);

      if (entry != NULL && concerns[list] && entry->watches[list]->len > 0)
        fire_list (table, entry, list, type);
    }
  if (g_hash_table_contains (table->entries, path))
    drop_if_empty (table, g_hash_table_lookup (table->entries, path));
}

void
curator_watch_table_removed (CuratorWatchTable *table, const char *path, CuratorWatchKind kind)
{
  Entry *entry = g_hash_table_lookup (table->entries, path);

  if (entry == NULL)
    return;
  for (int list = 0; list < N_LISTS; list++)
    if ((kind & to_kind (list)) != 0)
      g_ptr_array_unref (steal_list (table, entry, list));
  drop_if_empty (table, entry);
}

void
curator_watch_table_postpone (CuratorWatchTable *table, const char *path, CuratorWatch *watch)
{
  if (table->final)
    fire (watch, CURATOR_WATCHED_EVENT_TYPE_NONE, path);
  else
    g_ptr_array_add (table->homeless, homeless_new (path, watch));
}

/* TRUE where it was there. */
static gboolean
remove_from_list (CuratorWatchTable *table, Entry *entry, int list, CuratorWatch *watch)
{
  if (!g_ptr_array_remove_fast (entry->watches[list], watch))
    return FALSE;
  g_ptr_array_remove_fast (watch->places, entry);
  if (watch->places->len == 0)
    watch->table = NULL;
  table->size--;
  return TRUE;
}

void
curator_watch_table_appeared (CuratorWatchTable *table, const char *path, CuratorWatch *watch)
{
  Entry *entry = g_hash_table_lookup (table->entries, path);

  curator_watch_ref (watch);
  if (entry != NULL && remove_from_list (table, entry, LIST_DATA, watch))
    {
      watch->found = FOUND_UNKNOWN;
      table->callbacks.rearm (path, watch->kind, watch, table->user_data);
      give_back_if_unused (table, entry, LIST_DATA);
      drop_if_empty (table, entry);
      fire (watch, CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED, path);
    }
  curator_watch_unref (watch);
}

void
curator_watch_table_vanished (CuratorWatchTable *table, const char *path, CuratorWatch *watch)
{
  watch->found = FOUND_NOTHING;
  watch->compares = watch->missed = FALSE;
  if (CURATOR_GUARD (TELL_OF_ABSENCE))
    fire (watch, CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, path);
}

void
curator_watch_table_session_over (CuratorWatchTable *table, gboolean final)
{
  g_autoptr (GPtrArray) ended = g_ptr_array_new_with_free_func (homeless_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, table->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      for (int list = 0; list < N_LISTS; list++)
        {
          g_autoptr (GPtrArray) watches = steal_list (table, entry, list);

          for (guint i = 0; i < watches->len; i++)
            {
              CuratorWatch *watch = watches->pdata[i];

              watch->compares = watch->rearm;
              g_ptr_array_add (watch->rearm ? table->homeless : ended, homeless_new (entry->path, watch));
            }
        }
      if (entry->arming[LIST_CHILDREN] == 0 && entry->arming[LIST_DATA] == 0)
        g_hash_table_iter_remove (&iter);
    }
  table->final = final;
  if (final)
    g_ptr_array_extend_and_steal (ended, g_steal_pointer (&table->homeless));
  if (final)
    table->homeless = g_ptr_array_new_with_free_func (homeless_free);
  for (guint i = 0; i < ended->len; i++)
    {
      Homeless *homeless = ended->pdata[i];

      if (final || CURATOR_GUARD (END_PLAIN_WATCHES))
        fire (homeless->watch, CURATOR_WATCHED_EVENT_TYPE_NONE, homeless->path);
    }
}

void
curator_watch_table_connected (CuratorWatchTable *table)
{
  g_autoptr (GPtrArray) homeless = g_steal_pointer (&table->homeless);

  table->homeless = g_ptr_array_new_with_free_func (homeless_free);
  for (guint i = 0; i < homeless->len; i++)
    {
      Homeless *one = homeless->pdata[i];

      if (!one->watch->cancelled && CURATOR_GUARD (REARM_IN_NEW_SESSION))
        table->callbacks.rearm (one->path, one->watch->kind, one->watch, table->user_data);
    }
}

guint
curator_watch_table_get_size (CuratorWatchTable *table)
{
  return table->size;
}

void
curator_watch_cancel (CuratorWatch *watch)
{
  CuratorWatchTable *table = watch->table;

  watch->cancelled = TRUE;
  curator_watch_ref (watch);
  while (watch->places->len > 0)
    {
      Entry *entry = watch->places->pdata[watch->places->len - 1];
      int list = holds (entry, LIST_DATA, watch) ? LIST_DATA : LIST_CHILDREN;

      remove_from_list (table, entry, list, watch);
      give_back_if_unused (table, entry, list);
      drop_if_empty (table, entry);
    }
  curator_watch_unref (watch);
}
