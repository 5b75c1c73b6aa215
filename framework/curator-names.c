/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-names-private.h"

#include <string.h>

#include "curator-path-private.h"

#define PROTECTION_PREFIX   "_c_"
/* What a server appends: at least ten characters, a minus included. */
#define SEQUENCE_FORMAT     "%010" G_GINT32_FORMAT
#define MAX_SEQUENCE_LENGTH 11

char *
curator_names_protect (const char *name, const char *guid)
{
  return g_strconcat (PROTECTION_PREFIX, guid, "-", name, NULL);
}

char *
curator_names_protect_path (const char *path, const char *guid)
{
  const char *name = curator_path_get_basename (path);
  g_autofree char *parent = g_strndup (path, (gsize) (name - path));

  return g_strconcat (parent, PROTECTION_PREFIX, guid, "-", name, NULL);
}

/* 8-4-4-4-12 hexadecimal digits. Ends at the first NUL, so that it does not read past the end of a short
 * text. */
static gboolean
is_guid (const char *text)
{
  for (guint i = 0; i < CURATOR_NAMES_GUID_LENGTH; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;

      if (dash ? text[i] != '-' : !g_ascii_isxdigit (text[i]))
        return FALSE;
    }
  return TRUE;
}

gboolean
curator_names_is_protected (const char *name)
{
  return g_str_has_prefix (name, PROTECTION_PREFIX) && is_guid (name + strlen (PROTECTION_PREFIX)) &&
         name[CURATOR_NAMES_PROTECTION_LENGTH - 1] == '-' && name[CURATOR_NAMES_PROTECTION_LENGTH] != '\0';
}

gboolean
curator_names_get_guid (const char *name, char guid[CURATOR_NAMES_GUID_LENGTH + 1])
{
  if (!curator_names_is_protected (name))
    {
      guid[0] = '\0';
      return FALSE;
    }
  g_strlcpy (guid, name + strlen (PROTECTION_PREFIX), CURATOR_NAMES_GUID_LENGTH + 1);
  return TRUE;
}

gboolean
curator_names_has_guid (const char *name, const char *guid)
{
  return curator_names_is_protected (name) && strlen (guid) == CURATOR_NAMES_GUID_LENGTH &&
         strncmp (name + strlen (PROTECTION_PREFIX), guid, CURATOR_NAMES_GUID_LENGTH) == 0;
}

const char *
curator_names_strip (const char *name)
{
  return curator_names_is_protected (name) ? name + CURATOR_NAMES_PROTECTION_LENGTH : name;
}

static const char *
find_after_last (const char *name, const char *recipe_name)
{
  const char *found = g_strrstr (name, recipe_name);

  return found == NULL ? NULL : found + strlen (recipe_name);
}

const char *
curator_names_get_sort_key (const char *name, const char *recipe_name)
{
  const char *key = find_after_last (name, recipe_name);

  return key == NULL ? name : key;
}

gboolean
curator_names_parse_sequence (const char *text, gint32 *sequence)
{
  char canonical[MAX_SEQUENCE_LENGTH + 1];
  gint64 value;

  if (strnlen (text, MAX_SEQUENCE_LENGTH + 1) > MAX_SEQUENCE_LENGTH)
    return FALSE;
  value = g_ascii_strtoll (text, NULL, 10);
  if (value < G_MININT32 || value > G_MAXINT32)
    return FALSE;
  /* There is one way to write a number; everything else, from signs to blanks, shows here. */
  g_snprintf (canonical, sizeof canonical, SEQUENCE_FORMAT, (gint32) value);
  if (strcmp (text, canonical) != 0)
    return FALSE;
  *sequence = (gint32) value;
  return TRUE;
}

gboolean
curator_names_get_sequence (const char *name, const char *recipe_name, gint32 *sequence)
{
  const char *text = find_after_last (name, recipe_name);

  return text != NULL && curator_names_parse_sequence (text, sequence);
}
