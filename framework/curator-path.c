/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-path-private.h"

#include <string.h>

#define MAX_QUOTED_CHARS 256

/* What servers refuse is given in UTF-16 units: control characters, surrogates (and with them everything
 * beyond the basic plane), private use, and the specials at the end. */
static gboolean
is_refused (gunichar c)
{
  return c <= 0x1f || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
}

static char *
check_characters (const char *path)
{
  const char *p = path;

  while (*p != '\0')
    {
      gunichar c = (guchar) *p < 0x80 ? (gunichar) *p : g_utf8_get_char_validated (p, -1);
      gsize at = (gsize) (p - path);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        return g_strdup_printf ("it is not valid UTF-8 at byte %" G_GSIZE_FORMAT, at);
      if (is_refused (c))
        return g_strdup_printf ("the character U+%04X at byte %" G_GSIZE_FORMAT " is not allowed", c, at);
      p = g_utf8_next_char (p);
    }
  return NULL;
}

/* With @open the name is only the beginning of one. */
static const char *
check_name (const char *name, gsize length, gboolean open)
{
  if (open)
    return NULL;
  if (length == 0)
    return "an empty name";
  if (strncmp (name, "..", length) == 0 && length <= 2)
    return "a relative name";
  return NULL;
}

static char *
check_names (const char *path, gboolean sequential)
{
  const char *name = path + 1;
  gboolean last;

  if (*name == '\0')
    return NULL;
  do
    {
      gsize length = strcspn (name, "/");
      const char *fault;

      last = name[length] == '\0';
      if (last && length == 0 && !sequential)
        return g_strdup ("it ends in a slash");
      fault = check_name (name, length, last && sequential);
      if (fault != NULL)
        return g_strdup_printf ("it has %s at byte %" G_GSIZE_FORMAT, fault, (gsize) (name - path));
      name += length + 1;
    }
  while (!last);
  return NULL;
}

gboolean
curator_path_validate (const char *path, gboolean sequential, char **reason)
{
  g_autofree char *fault = NULL;

  if (path == NULL)
    fault = g_strdup ("it is NULL");
  else if (*path == '\0')
    fault = g_strdup ("it is empty");
  else if (*path != '/')
    fault = g_strdup ("it does not begin with a slash");
  else
    {
      fault = check_characters (path);
      if (fault == NULL)
        fault = check_names (path, sequential);
    }
  if (fault == NULL)
    return TRUE;
  if (reason != NULL)
    *reason = g_steal_pointer (&fault);
  return FALSE;
}

static void
append_without_slashes (GString *path, const char *part)
{
  gsize length;

  if (part == NULL)
    return;
  if (*part == '/')
    part++;
  length = strlen (part);
  if (length > 0 && part[length - 1] == '/')
    length--;
  if (length == 0)
    return;
  g_string_append_c (path, '/');
  g_string_append_len (path, part, (gssize) length);
}

char *
curator_path_make (const char *parent, const char *child)
{
  GString *path = g_string_new (NULL);

  append_without_slashes (path, parent);
  append_without_slashes (path, child);
  if (path->len == 0)
    g_string_append_c (path, '/');
  return g_string_free (path, FALSE);
}

char *
curator_path_dup_parent (const char *path)
{
  const char *slash = strrchr (path, '/');

  if (slash == NULL || strcmp (path, "/") == 0)
    return NULL;
  return slash == path ? g_strdup ("/") : g_strndup (path, (gsize) (slash - path));
}

const char *
curator_path_get_basename (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash == NULL ? path : slash + 1;
}

char *
curator_path_make_prefix (const char *chroot, const char *namespace_, char **reason)
{
  g_autofree char *prefix = NULL;

  if (namespace_ != NULL && *namespace_ != '\0')
    {
      g_autofree char *absolute = g_strconcat ("/", namespace_, NULL);

      if (!curator_path_validate (absolute, FALSE, reason))
        return NULL;
      prefix = curator_path_make (chroot, namespace_);
    }
  else
    prefix = curator_path_make (chroot, NULL);
  return strcmp (prefix, "/") == 0 ? NULL : g_steal_pointer (&prefix);
}

char *
curator_path_apply_prefix (const char *prefix, const char *path, gboolean sequential)
{
  if (prefix == NULL)
    return g_strdup (path);
  if (strcmp (path, "/") == 0 && !sequential)
    return g_strdup (prefix);
  return g_strconcat (prefix, path, NULL);
}

char *
curator_path_strip_prefix (const char *prefix, const char *path)
{
  gsize length = prefix == NULL ? 0 : strlen (prefix);

  if (length == 0 || strncmp (path, prefix, length) != 0)
    return g_strdup (path);
  if (path[length] == '\0')
    return g_strdup ("/");
  return g_strdup (path[length] == '/' ? path + length : path);
}

static void
append_escaped (GString *quoted, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (quoted, "\\%c", (char) c);
  else if (g_unichar_isprint (c))
    g_string_append_unichar (quoted, c);
  else
    g_string_append_printf (quoted, "\\u%04x", c);
}

char *
curator_path_quote (const char *text)
{
  g_autofree char *valid = NULL;
  GString *quoted;
  const char *p;
  guint n = 0;

  if (text == NULL)
    return g_strdup ("NULL");
  /* No character is longer than four bytes. */
  valid = g_utf8_make_valid (text, (gssize) strnlen (text, 4 * MAX_QUOTED_CHARS + 4));
  quoted = g_string_new ("\"");
  for (p = valid; *p != '\0' && n < MAX_QUOTED_CHARS; p = g_utf8_next_char (p), n++)
    append_escaped (quoted, g_utf8_get_char (p));
  g_string_append (quoted, *p != '\0' ? "…\"" : "\"");
  return g_string_free (quoted, FALSE);
}
