/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-set-watches-private.h"

#include "curator-bytes-private.h"
#include "curator-guard-private.h"

#define N_VECTORS 3

/* The vectors of strings of a SetWatches packet follow its number, type and zxid. */
#define HEAD_SIZE (2 * 4 + 8)

typedef struct
{
  GByteArray *out;
  guint n_sent;
  const guint8 *head;
  GByteArray *vectors[N_VECTORS];
  guint32 counts[N_VECTORS];
  gsize length;
} Batch;

static void
batch_send (Batch *batch)
{
  GByteArray *out = batch->out;

  curator_bytes_append_uint32 (out, HEAD_SIZE + N_VECTORS * 4 + batch->length);
  g_byte_array_append (out, batch->head, HEAD_SIZE);
  for (guint v = 0; v < N_VECTORS; v++)
    {
      curator_bytes_append_uint32 (out, batch->counts[v]);
      g_byte_array_append (out, batch->vectors[v]->data, batch->vectors[v]->len);
      g_byte_array_set_size (batch->vectors[v], 0);
      batch->counts[v] = 0;
    }
  batch->length = 0;
  batch->n_sent++;
}

/* The server closes a connection whose packet is over its limit, which 10,000 watches reach; the C client
 * would then send the same packet again for ever. The server takes several packets as well. */
guint
curator_set_watches_split (const guint8 *body, gsize length, GByteArray *out)
{
  Batch batch = { .out = out, .head = body };
  const guint8 *end = body + length;
  const guint8 *at = body + HEAD_SIZE;

  for (guint v = 0; v < N_VECTORS; v++)
    batch.vectors[v] = g_byte_array_new ();
  for (guint v = 0; v < N_VECTORS && at + 4 <= end; v++)
    {
      gint32 count = (gint32) curator_bytes_read_uint32 (at);

      at += 4;
      for (gint32 i = 0; i < count && at + 4 <= end; i++)
        {
          gsize size = 4 + curator_bytes_read_uint32 (at);

          if ((batch.length + size > CURATOR_SET_WATCHES_MAX || CURATOR_WHIM (SMALL_SET_WATCHES)) &&
              batch.length > 0)
            batch_send (&batch);
          g_byte_array_append (batch.vectors[v], at, size);
          batch.counts[v]++;
          batch.length += size;
          at += size;
        }
    }
  batch_send (&batch);
  for (guint v = 0; v < N_VECTORS; v++)
    g_byte_array_unref (batch.vectors[v]);
  return batch.n_sent;
}
