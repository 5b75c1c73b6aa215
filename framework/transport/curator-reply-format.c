/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-reply-format-private.h"

#include <string.h>

#define STAT_SIZE 68

/* Request types. */
enum
{
  CREATE = 1,
  DELETE = 2,
  EXISTS = 3,
  GET_DATA = 4,
  SET_DATA = 5,
  GET_ACL = 6,
  SYNC = 9,
  GET_CHILDREN = 12,
  CHECK = 13,
  MULTI = 14,
  CREATE2 = 15,
  RECONFIG = 16,
  CREATE_CONTAINER = 19,
  CREATE_TTL = 21,
};

/* The type of a part that failed, and of the end of a transaction. */
#define NO_TYPE (-1)

/* NULL once something did not fit. */
typedef struct
{
  const guint8 *at, *end;
} Reader;

static void
skip (Reader *reader, gsize n)
{
  if (reader->at != NULL)
    reader->at = (gsize) (reader->end - reader->at) >= n ? reader->at + n : NULL;
}

static gint32
read_int (Reader *reader)
{
  guint32 value = 0;

  skip (reader, sizeof value);
  if (reader->at != NULL)
    memcpy (&value, reader->at - sizeof value, sizeof value);
  return (gint32) GUINT32_FROM_BE (value);
}

/* With a length of -1 there are none, which only data may have. */
static void
skip_bytes (Reader *reader, gint32 minimum)
{
  gint32 length = read_int (reader);

  if (length < minimum)
    reader->at = NULL;
  skip (reader, (gsize) MAX (length, 0));
}

static void
skip_list (Reader *reader, gboolean acl)
{
  gint32 n = read_int (reader);

  if (n < 0)
    reader->at = NULL;
  for (; n > 0 && reader->at != NULL; n--)
    {
      if (acl)
        {
          skip (reader, 4);
          skip_bytes (reader, 0);
        }
      skip_bytes (reader, 0);
    }
}

static void
skip_format (Reader *reader, const char *format)
{
  for (; *format != '\0'; format++)
    {
      if (*format == 'i')
        skip (reader, 4);
      else if (*format == 'S')
        skip (reader, STAT_SIZE);
      else if (*format == 's' || *format == 'd')
        skip_bytes (reader, *format == 'd' ? -1 : 0);
      else
        skip_list (reader, *format == 'a');
    }
}

/* The type in front of each part; @end is set where it says that there are no more. */
static gint32
read_part_header (Reader *reader, gboolean *end)
{
  gint32 type = read_int (reader);

  skip (reader, 1);
  *end = reader->at != NULL && reader->at[-1] != 0;
  skip (reader, 4);
  return type;
}

static void
skip_parts (Reader *reader, GByteArray *parts)
{
  gboolean end = FALSE;

  for (guint i = 0; i < parts->len && reader->at != NULL; i++)
    {
      gint32 type = read_part_header (reader, &end);

      if (end)
        reader->at = NULL;
      skip_format (reader, type == NO_TYPE ? "i" : curator_reply_format_get (parts->data[i]));
    }
  read_part_header (reader, &end);
  if (!end)
    reader->at = NULL;
}

const char *
curator_reply_format_get (gint32 request_type)
{
  switch (request_type)
    {
    case CREATE:
    case SYNC:
      return "s";
    case CREATE2:
    case CREATE_CONTAINER:
    case CREATE_TTL:
      return "sS";
    case EXISTS:
    case SET_DATA:
      return "S";
    case GET_DATA:
    case RECONFIG:
      return "dS";
    case GET_ACL:
      return "aS";
    case GET_CHILDREN:
      return "vS";
    default:
      return "";
    }
}

GByteArray *
curator_reply_format_get_parts (const guint8 *request, gsize length)
{
  Reader reader = { request, request + length };
  GByteArray *parts;

  skip (&reader, 4);
  if (read_int (&reader) != MULTI)
    return NULL;
  parts = g_byte_array_new ();
  while (reader.at != NULL)
    {
      gboolean end;
      gint32 type = read_part_header (&reader, &end);
      guint8 byte = (guint8) type;

      if (end || reader.at == NULL)
        break;
      skip_format (&reader, type == SET_DATA ? "sdi" : type == DELETE || type == CHECK ? "si" : "sdai");
      g_byte_array_append (parts, &byte, 1);
    }
  return parts;
}

gboolean
curator_reply_format_matches (const char *format, GByteArray *parts, const guint8 *body, gsize length)
{
  Reader reader = { body, body + length };

  if (parts != NULL)
    skip_parts (&reader, parts);
  else
    skip_format (&reader, format);
  return reader.at != NULL;
}
