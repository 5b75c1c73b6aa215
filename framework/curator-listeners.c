/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-listeners-private.h"

typedef struct
{
  guint id;
  GCallback func;
  gpointer user_data;
} Listener;

struct _CuratorListeners
{
  GHashTable *by_id; /* id → its link in the order, owned */
  GQueue order;      /* Listener, owned */
  guint last_id;
};

CuratorListeners *
curator_listeners_new (void)
{
  CuratorListeners *self = g_new0 (CuratorListeners, 1);

  self->by_id = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

void
curator_listeners_free (CuratorListeners *self)
{
  for (GList *l = self->order.head; l != NULL; l = l->next)
    g_free (l->data);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

guint
curator_listeners_add (CuratorListeners *self, GCallback func, gpointer user_data)
{
  GList *link = g_new0 (GList, 1);
  Listener *listener = g_new (Listener, 1);

  *listener = (Listener){ ++self->last_id, func, user_data };
  link->data = listener;
  g_queue_push_tail_link (&self->order, link);
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (listener->id), link);
  return listener->id;
}

void
curator_listeners_remove (CuratorListeners *self, guint id)
{
  GList *link = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));

  if (link == NULL)
    return;
  g_queue_unlink (&self->order, link);
  g_free (link->data);
  g_hash_table_remove (self->by_id, GUINT_TO_POINTER (id));
}

void
curator_listeners_notify (CuratorListeners *self, CuratorListenersCall call, gpointer what)
{
  g_autoptr (GArray) ids = g_array_sized_new (FALSE, FALSE, sizeof (guint), self->order.length);

  for (GList *l = self->order.head; l != NULL; l = l->next)
    g_array_append_val (ids, ((Listener *) l->data)->id);
  for (guint i = 0; i < ids->len; i++)
    {
      GList *link = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (g_array_index (ids, guint, i)));
      Listener *listener = link != NULL ? link->data : NULL;

      if (listener != NULL)
        call (listener->func, listener->user_data, what);
    }
}
