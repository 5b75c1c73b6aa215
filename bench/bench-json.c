/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-json.h"

#include <math.h>
#include <string.h>

static void
value_free (BenchJsonValue *value)
{
  g_free (value->string);
  g_clear_pointer (&value->numbers, g_array_unref);
  g_free (value);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchJsonValue, value_free)

static const char *
skip_space (const char *at)
{
  return at + strspn (at, " \t\r\n");
}

/* TRUE and past @token where it comes next. */
static gboolean
take (const char **at, const char *token)
{
  const char *next = skip_space (*at);

  if (!g_str_has_prefix (next, token))
    return FALSE;
  *at = next + strlen (token);
  return TRUE;
}

/* A \u escape of one UTF-16 unit. Surrogates have no character of their own and become U+FFFD. */
static gboolean
read_unicode_escape (const char **at, GString *string)
{
  gunichar unit = 0;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value ((*at)[i]);

      if (digit < 0)
        return FALSE;
      unit = unit * 16 + (gunichar) digit;
    }
  *at += 4;
  if (unit == 0)
    return FALSE;
  g_string_append_unichar (string, unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit);
  return TRUE;
}

static gboolean
read_escape (const char **at, GString *string)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char characters[] = "\"\\/\b\f\n\r\t";
  char letter = **at;
  const char *found = letter != '\0' ? strchr (letters, letter) : NULL;

  if (letter == '\0')
    return FALSE;
  (*at)++;
  if (letter == 'u')
    return read_unicode_escape (at, string);
  if (found == NULL)
    return FALSE;
  g_string_append_c (string, characters[found - letters]);
  return TRUE;
}

static char *
read_string (const char **at)
{
  g_autoptr (GString) string = g_string_new (NULL);

  if (!take (at, "\""))
    return NULL;
  while (**at != '"')
    {
      if ((guchar) * *at < 0x20)
        return NULL;
      if (**at != '\\')
        g_string_append_c (string, *(*at)++);
      else if ((*at)++, !read_escape (at, string))
        return NULL;
    }
  (*at)++;
  return g_string_free (g_steal_pointer (&string), FALSE);
}

static gboolean
read_number (const char **at, double *number)
{
  const char *start = skip_space (*at);
  char *end = NULL;

  /* g_ascii_strtod () would also take inf, nan and hexadecimal. */
  if (*start != '-' && !g_ascii_isdigit (*start))
    return FALSE;
  *number = g_ascii_strtod (start, &end);
  if (end == start || !isfinite (*number) || memchr (start, 'x', (gsize) (end - start)) != NULL)
    return FALSE;
  *at = end;
  return TRUE;
}

static gboolean
read_numbers (const char **at, GArray *numbers)
{
  double number;

  if (take (at, "]"))
    return TRUE;
  do
    {
      if (!read_number (at, &number))
        return FALSE;
      g_array_append_val (numbers, number);
    }
  while (take (at, ","));
  return take (at, "]");
}

static gboolean
read_value (const char **at, BenchJsonValue *value)
{
  if (*skip_space (*at) == '"')
    {
      value->type = BENCH_JSON_STRING;
      value->string = read_string (at);
      return value->string != NULL;
    }
  if (take (at, "["))
    {
      value->type = BENCH_JSON_NUMBERS;
      value->numbers = g_array_new (FALSE, FALSE, sizeof (double));
      return read_numbers (at, value->numbers);
    }
  value->type = BENCH_JSON_NUMBER;
  if (take (at, "true"))
    value->number = 1;
  else if (!take (at, "false"))
    return read_number (at, &value->number);
  return TRUE;
}

static gboolean
read_member (const char **at, GHashTable *object)
{
  g_autofree char *key = read_string (at);
  g_autoptr (BenchJsonValue) value = g_new0 (BenchJsonValue, 1);

  if (key == NULL || !take (at, ":") || !read_value (at, value))
    return FALSE;
  g_hash_table_replace (object, g_steal_pointer (&key), g_steal_pointer (&value));
  return TRUE;
}

static gboolean
read_members (const char **at, GHashTable *object)
{
  if (!take (at, "{"))
    return FALSE;
  if (take (at, "}"))
    return TRUE;
  do
    {
      if (!read_member (at, object))
        return FALSE;
    }
  while (take (at, ","));
  return take (at, "}");
}

GHashTable *
bench_json_read_object (const char *text, GError **error)
{
  g_autoptr (GHashTable) object =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) value_free);
  const char *at = text;

  if (read_members (&at, object) && *skip_space (at) == '\0')
    return g_steal_pointer (&object);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a flat JSON object, at byte %" G_GSIZE_FORMAT,
               (gsize) (at - text));
  return NULL;
}

static BenchJsonValue *
get (GHashTable *object, const char *key, BenchJsonType type)
{
  BenchJsonValue *value = g_hash_table_lookup (object, key);

  return value != NULL && value->type == type ? value : NULL;
}

const char *
bench_json_get_string (GHashTable *object, const char *key)
{
  BenchJsonValue *value = get (object, key, BENCH_JSON_STRING);

  return value != NULL ? value->string : NULL;
}

gboolean
bench_json_get_number (GHashTable *object, const char *key, double *number)
{
  BenchJsonValue *value = get (object, key, BENCH_JSON_NUMBER);

  if (value != NULL)
    *number = value->number;
  return value != NULL;
}

GArray *
bench_json_get_numbers (GHashTable *object, const char *key)
{
  BenchJsonValue *value = get (object, key, BENCH_JSON_NUMBERS);

  return value != NULL ? value->numbers : NULL;
}

void
bench_json_append_string (GString *json, const char *string)
{
  g_string_append_c (json, '"');
  for (; *string != '\0'; string++)
    {
      if (*string == '"' || *string == '\\')
        g_string_append_printf (json, "\\%c", *string);
      else if ((guchar) *string < 0x20)
        g_string_append_printf (json, "\\u%04x", (guint) *string);
      else
        g_string_append_c (json, *string);
    }
  g_string_append_c (json, '"');
}

void
bench_json_append_number (GString *json, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (number))
    g_string_append (json, g_ascii_formatd (buffer, sizeof buffer, "%.3f", number));
  else
    g_string_append (json, "null");
}
