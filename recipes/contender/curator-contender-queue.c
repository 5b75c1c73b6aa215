/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-queue-private.h"

struct _CuratorContenderQueue
{
  gatomicrefcount ref_count;
  GQueue contenders; /* loop only: borrowed, as they leave before they end; the first one is on the server */
};

CuratorContenderQueue *
curator_contender_queue_new (void)
{
  CuratorContenderQueue *self = g_new0 (CuratorContenderQueue, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

CuratorContenderQueue *
curator_contender_queue_ref (CuratorContenderQueue *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_contender_queue_unref (CuratorContenderQueue *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

gboolean
curator_contender_queue_enter (CuratorContenderQueue *self, CuratorContender *contender, GList *link)
{
  link->data = contender;
  g_queue_push_tail_link (&self->contenders, link);
  return self->contenders.head == link;
}

/* All have left before the first one is told. */
static void
give_up_all (CuratorContenderQueue *self, const GError *error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_contender_unref);
  GList *link;

  while ((link = g_queue_pop_head_link (&self->contenders)) != NULL)
    g_ptr_array_add (all, curator_contender_ref (g_steal_pointer (&link->data)));
  for (guint i = 0; i < all->len; i++)
    curator_contender_give_up (all->pdata[i], g_error_copy (error));
}

void
curator_contender_queue_leave (CuratorContenderQueue *self, GList *link, const GError *error)
{
  gboolean was_first = self->contenders.head == link;

  g_queue_unlink (&self->contenders, link);
  link->data = NULL;
  if (!was_first || self->contenders.head == NULL)
    return;
  if (error != NULL)
    give_up_all (self, error);
  else
    curator_contender_take_turn (self->contenders.head->data);
}
