/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-number-private.h"

#include <string.h>

gboolean
curator_number_from_bytes (GBytes *bytes, gsize size, gint64 *number)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);
  guint32 half;
  guint64 whole;

  if (length != size)
    return FALSE;
  if (size == CURATOR_NUMBER_INT_SIZE)
    {
      memcpy (&half, data, sizeof half);
      *number = (gint32) GUINT32_FROM_BE (half);
    }
  else
    {
      memcpy (&whole, data, sizeof whole);
      *number = (gint64) GUINT64_FROM_BE (whole);
    }
  return TRUE;
}

GBytes *
curator_number_to_bytes (gint64 number, gsize size)
{
  guint32 half = GUINT32_TO_BE ((guint32) number);
  guint64 whole = GUINT64_TO_BE ((guint64) number);

  return size == CURATOR_NUMBER_INT_SIZE ? g_bytes_new (&half, sizeof half)
                                         : g_bytes_new (&whole, sizeof whole);
}

gboolean
curator_number_fits (gint64 number, gsize size)
{
  return size == CURATOR_NUMBER_LONG_SIZE || (number >= G_MININT32 && number <= G_MAXINT32);
}

static gint64
wrap (guint64 number, gsize size)
{
  return size == CURATOR_NUMBER_INT_SIZE ? (gint32) (guint32) number : (gint64) number;
}

gint64
curator_number_add (gint64 a, gint64 b, gsize size)
{
  return wrap ((guint64) a + (guint64) b, size);
}

gint64
curator_number_subtract (gint64 a, gint64 b, gsize size)
{
  return wrap ((guint64) a - (guint64) b, size);
}
