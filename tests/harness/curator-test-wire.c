/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-wire-private.h"

#include <string.h>

void
curator_test_wire_put_int (GByteArray *out, gint32 value)
{
  gint32 wire = GINT32_TO_BE (value);

  g_byte_array_append (out, (const guint8 *) &wire, sizeof wire);
}

void
curator_test_wire_put_long (GByteArray *out, gint64 value)
{
  gint64 wire = GINT64_TO_BE (value);

  g_byte_array_append (out, (const guint8 *) &wire, sizeof wire);
}

void
curator_test_wire_put_string (GByteArray *out, const char *value)
{
  gsize length = strlen (value);

  curator_test_wire_put_int (out, (gint32) length);
  g_byte_array_append (out, (const guint8 *) value, (guint) length);
}

void
curator_test_wire_put_bytes (GByteArray *out, GBytes *value)
{
  gsize length = 0;
  const guint8 *data;

  if (value == NULL)
    {
      curator_test_wire_put_int (out, -1);
      return;
    }
  data = g_bytes_get_data (value, &length);
  curator_test_wire_put_int (out, (gint32) length);
  if (length > 0)
    g_byte_array_append (out, data, (guint) length);
}

void
curator_test_reader_init (CuratorTestReader *reader, GBytes *bytes)
{
  reader->data = g_bytes_get_data (bytes, &reader->left);
  reader->bad = FALSE;
}

static const guint8 *
reader_take (CuratorTestReader *reader, gsize length)
{
  const guint8 *start = reader->data;

  if (reader->bad || length > reader->left)
    {
      reader->bad = TRUE;
      return NULL;
    }
  reader->data += length;
  reader->left -= length;
  return start;
}

gint32
curator_test_reader_get_int (CuratorTestReader *reader)
{
  const guint8 *start = reader_take (reader, sizeof (gint32));
  gint32 wire = 0;

  if (start != NULL)
    memcpy (&wire, start, sizeof wire);
  return GINT32_FROM_BE (wire);
}

gint64
curator_test_reader_get_long (CuratorTestReader *reader)
{
  const guint8 *start = reader_take (reader, sizeof (gint64));
  gint64 wire = 0;

  if (start != NULL)
    memcpy (&wire, start, sizeof wire);
  return GINT64_FROM_BE (wire);
}

char *
curator_test_reader_get_string (CuratorTestReader *reader)
{
  gint32 length = curator_test_reader_get_int (reader);
  const guint8 *start = length > 0 ? reader_take (reader, (gsize) length) : NULL;

  return start != NULL ? g_strndup ((const char *) start, (gsize) length) : g_strdup ("");
}

GBytes *
curator_test_reader_get_bytes (CuratorTestReader *reader)
{
  gint32 length = curator_test_reader_get_int (reader);
  const guint8 *start = length > 0 ? reader_take (reader, (gsize) length) : NULL;

  return g_bytes_new (start, start != NULL ? (gsize) length : 0);
}

GStrv
curator_test_reader_get_strings (CuratorTestReader *reader)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gint32 n = curator_test_reader_get_int (reader);

  for (gint32 i = 0; i < n && !reader->bad; i++)
    {
      g_autofree char *string = curator_test_reader_get_string (reader);

      g_strv_builder_add (builder, string);
    }
  return g_strv_builder_end (builder);
}

void
curator_test_reader_get_stat (CuratorTestReader *reader, CuratorTestStat *stat)
{
  stat->czxid = curator_test_reader_get_long (reader);
  stat->mzxid = curator_test_reader_get_long (reader);
  stat->ctime_ms = curator_test_reader_get_long (reader);
  stat->mtime_ms = curator_test_reader_get_long (reader);
  stat->version = curator_test_reader_get_int (reader);
  stat->cversion = curator_test_reader_get_int (reader);
  stat->aversion = curator_test_reader_get_int (reader);
  stat->ephemeral_owner = curator_test_reader_get_long (reader);
  stat->data_length = curator_test_reader_get_int (reader);
  stat->num_children = curator_test_reader_get_int (reader);
  stat->pzxid = curator_test_reader_get_long (reader);
}
