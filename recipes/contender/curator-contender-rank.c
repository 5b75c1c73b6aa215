/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-rank-private.h"

#include <string.h>

#include "curator-guard-private.h"
#include "curator-names-private.h"
#include "curator-path-private.h"

typedef struct
{
  gint32 sequence;
  const char *name;
} Entry;

static gboolean
get_sequence (const CuratorContenderKind *kind, const char *name, gint32 *sequence)
{
  for (const char *const *pattern = kind->patterns; *pattern != NULL; pattern++)
    if (curator_names_get_sequence (name, *pattern, sequence))
      return TRUE;
  return FALSE;
}

/* The ten digits compare as the text does; names only break the tie with a node made by hand. */
static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = a, *right = b;

  if (left->sequence != right->sequence && CURATOR_GUARD (ORDER_BY_SEQUENCE))
    return left->sequence < right->sequence ? -1 : 1;
  return strcmp (left->name, right->name);
}

static gboolean
is_twin (const char *name, const char *own)
{
  return curator_names_is_protected (own) && strncmp (name, own, CURATOR_NAMES_PROTECTION_LENGTH) == 0;
}

gboolean
curator_contender_rank_check_own (const CuratorContenderKind *kind, const char *own)
{
  gint32 sequence;

  if (!curator_names_get_sequence (own, kind->name, &sequence))
    return FALSE;
  return kind->counted || (sequence >= 0 && sequence <= CURATOR_CONTENDER_LAST_SEQUENCE);
}

/* The last one before us, and the last but one. */
static void
note_nearest (Entry *nearest, Entry *second, Entry entry)
{
  if (nearest->name == NULL || compare_entries (&entry, nearest) > 0)
    {
      *second = *nearest;
      *nearest = entry;
    }
  else if (second->name == NULL || compare_entries (&entry, second) > 0)
    *second = entry;
}

static void
note_twin (CuratorContenderRank *rank, const char *name)
{
  if (rank->twins == NULL)
    rank->twins = g_ptr_array_new ();
  g_ptr_array_add (rank->twins, (gpointer) name);
}

void
curator_contender_rank_init (CuratorContenderRank *rank,
                             const CuratorContenderKind *kind,
                             const char *const *children,
                             const char *own)
{
  Entry nearest = { 0 }, second = { 0 };
  Entry own_entry = { .name = own };

  *rank = (CuratorContenderRank){ 0 };
  if (!curator_names_get_sequence (own, kind->name, &own_entry.sequence))
    return;
  for (; *children != NULL; children++)
    {
      Entry entry = { .name = *children };

      if (strcmp (entry.name, own) == 0)
        rank->present = TRUE;
      else if (is_twin (entry.name, own))
        note_twin (rank, entry.name);
      else if (get_sequence (kind, entry.name, &entry.sequence))
        {
          rank->exhausted |= entry.sequence < 0 && !kind->counted;
          if (!kind->counted && compare_entries (&entry, &own_entry) > 0)
            continue;
          rank->ahead++;
          note_nearest (&nearest, &second, entry);
        }
    }
  if (second.name != NULL && !kind->counted && !kind->overtaken && !CURATOR_WHIM (WATCH_NEAREST))
    {
      rank->watch = second.name;
      rank->nearest = nearest.name;
    }
  else if (!kind->counted)
    rank->watch = nearest.name;
}

void
curator_contender_rank_clear (CuratorContenderRank *rank)
{
  g_clear_pointer (&rank->twins, g_ptr_array_unref);
}

GStrv
curator_contender_rank_dup_sorted_paths (const CuratorContenderKind *kind,
                                         const char *parent,
                                         const char *const *children)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  GStrv paths;

  for (; *children != NULL; children++)
    {
      Entry entry = { .name = *children };

      if (get_sequence (kind, entry.name, &entry.sequence))
        g_array_append_val (entries, entry);
    }
  g_array_sort (entries, compare_entries);
  paths = g_new0 (char *, entries->len + 1);
  for (guint i = 0; i < entries->len; i++)
    paths[i] = curator_path_make (parent, g_array_index (entries, Entry, i).name);
  return paths;
}
