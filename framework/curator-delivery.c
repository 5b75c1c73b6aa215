/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-delivery-private.h"

struct _CuratorDelivery
{
  gatomicrefcount ref_count;
  GMutex lock;
  GPtrArray
      *open; /* (element-type Batch): what can still be added to; under the lock; few, one per context */
};

/* What one dispatch delivers. Open, it is filled under the delivery's lock; from its first dispatch on it
 * belongs to the thread of its context. */
typedef struct
{
  GSource source;
  CuratorDelivery *delivery;
  GMainContext *context; /* the pointer only: the items keep it */
  CuratorDeliveryItem *first;
  CuratorDeliveryItem **end;
  gboolean is_open;
} Batch;

static void
batch_close (Batch *batch)
{
  CuratorDelivery *delivery = batch->delivery;

  g_mutex_lock (&delivery->lock);
  g_ptr_array_remove_fast (delivery->open, batch);
  batch->is_open = FALSE;
  g_mutex_unlock (&delivery->lock);
}

static gboolean
batch_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  Batch *batch = (Batch *) source;

  /* Only once, so that a context whose callbacks cause ever more results gets to its other sources too. */
  if (batch->is_open)
    batch_close (batch);

  /* A callback may iterate the context: then the rest is delivered from there. */
  while (batch->first != NULL)
    {
      CuratorDeliveryItem *item = batch->first;

      batch->first = item->next;
      item->func (item);
    }
  return G_SOURCE_REMOVE;
}

static void
batch_finalize (GSource *source)
{
  Batch *batch = (Batch *) source;

  curator_delivery_unref (batch->delivery);
}

static GSourceFuncs batch_funcs = {
  .dispatch = batch_dispatch,
  .finalize = batch_finalize,
};

static Batch *
batch_new (CuratorDelivery *delivery, GMainContext *context)
{
  GSource *source = g_source_new (&batch_funcs, sizeof (Batch));
  Batch *batch = (Batch *) source;

  batch->delivery = curator_delivery_ref (delivery);
  batch->context = context;
  batch->end = &batch->first;
  batch->is_open = TRUE;
  g_source_set_static_name (source, "[Curator] delivery");
  g_source_set_can_recurse (source, TRUE);
  g_source_set_ready_time (source, 0);
  return batch;
}

static Batch *
find_open_batch (CuratorDelivery *delivery, GMainContext *context)
{
  for (guint i = 0; i < delivery->open->len; i++)
    {
      Batch *batch = g_ptr_array_index (delivery->open, i);

      if (batch->context == context)
        return batch;
    }
  return NULL;
}

CuratorDelivery *
curator_delivery_new (void)
{
  CuratorDelivery *delivery = g_new0 (CuratorDelivery, 1);

  g_atomic_ref_count_init (&delivery->ref_count);
  g_mutex_init (&delivery->lock);
  delivery->open = g_ptr_array_new ();
  return delivery;
}

CuratorDelivery *
curator_delivery_ref (CuratorDelivery *delivery)
{
  g_atomic_ref_count_inc (&delivery->ref_count);
  return delivery;
}

void
curator_delivery_unref (CuratorDelivery *delivery)
{
  if (!g_atomic_ref_count_dec (&delivery->ref_count))
    return;

  g_ptr_array_unref (delivery->open);
  g_mutex_clear (&delivery->lock);
  g_free (delivery);
}

void
curator_delivery_post (CuratorDelivery *delivery,
                       GMainContext *loop_context,
                       GMainContext *context,
                       CuratorDeliveryItem *item)
{
  g_autoptr (GSource) to_attach = NULL;
  Batch *batch;

  item->next = NULL;
  g_mutex_lock (&delivery->lock);
  batch = find_open_batch (delivery, context);
  if (batch == NULL && context == loop_context)
    {
      g_mutex_unlock (&delivery->lock);
      item->func (item);
      return;
    }
  if (batch == NULL)
    {
      batch = batch_new (delivery, context);
      to_attach = &batch->source;
      g_ptr_array_add (delivery->open, batch);
      /* Under the lock, so that who adds to the batch later cannot be overtaken by a newer one. */
      g_source_attach (to_attach, context);
    }
  *batch->end = item;
  batch->end = &item->next;
  g_mutex_unlock (&delivery->lock);
}
