/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-emitter-private.h"

struct _CuratorEmitter
{
  gatomicrefcount ref_count;
  GWeakRef object;
  GMainContext *context;
  GMutex lock;        /* for the next one, and the data of what is in it */
  GHashTable *newest; /* function → Emission that is on its way, not owned */
};

typedef struct
{
  CuratorEmitter *emitter;
  CuratorEmitterFunc func;
  gpointer data;
  GDestroyNotify free_data;
  gboolean is_newest;
} Emission;

CuratorEmitter *
curator_emitter_new (GObject *object)
{
  CuratorEmitter *emitter = g_new0 (CuratorEmitter, 1);

  g_atomic_ref_count_init (&emitter->ref_count);
  g_weak_ref_init (&emitter->object, object);
  emitter->context = g_main_context_ref_thread_default ();
  g_mutex_init (&emitter->lock);
  emitter->newest = g_hash_table_new (NULL, NULL);
  return emitter;
}

CuratorEmitter *
curator_emitter_ref (CuratorEmitter *emitter)
{
  g_atomic_ref_count_inc (&emitter->ref_count);
  return emitter;
}

void
curator_emitter_unref (CuratorEmitter *emitter)
{
  if (!g_atomic_ref_count_dec (&emitter->ref_count))
    return;
  g_hash_table_unref (emitter->newest);
  g_mutex_clear (&emitter->lock);
  g_weak_ref_clear (&emitter->object);
  g_main_context_unref (emitter->context);
  g_free (emitter);
}

/* From now on it is not replaced any more. */
static void
emission_arrive (Emission *emission)
{
  CuratorEmitter *emitter = emission->emitter;

  if (!emission->is_newest)
    return;
  g_mutex_lock (&emitter->lock);
  g_hash_table_remove (emitter->newest, emission->func);
  g_mutex_unlock (&emitter->lock);
  emission->is_newest = FALSE;
}

static void
emission_free (gpointer data)
{
  Emission *emission = data;

  emission_arrive (emission);
  if (emission->free_data != NULL)
    emission->free_data (emission->data);
  curator_emitter_unref (emission->emitter);
  g_free (emission);
}

static gboolean
on_emission (gpointer data)
{
  Emission *emission = data;
  g_autoptr (GObject) object = g_weak_ref_get (&emission->emitter->object);

  emission_arrive (emission);
  if (object != NULL)
    emission->func (object, emission->data);
  return G_SOURCE_REMOVE;
}

static Emission *
emission_new (CuratorEmitter *emitter, CuratorEmitterFunc func, gpointer data, GDestroyNotify free_data)
{
  Emission *emission = g_new (Emission, 1);

  *emission = (Emission){ curator_emitter_ref (emitter), func, data, free_data, FALSE };
  return emission;
}

static void
emission_send (Emission *emission)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "CuratorEmitter");
  g_source_set_callback (source, on_emission, emission, emission_free);
  g_source_attach (source, emission->emitter->context);
}

void
curator_emitter_post (CuratorEmitter *emitter,
                      CuratorEmitterFunc func,
                      gpointer data,
                      GDestroyNotify free_data)
{
  emission_send (emission_new (emitter, func, data, free_data));
}

void
curator_emitter_post_newest (CuratorEmitter *emitter,
                             CuratorEmitterFunc func,
                             gpointer data,
                             GDestroyNotify free_data)
{
  Emission *pending, *emission = NULL;
  gpointer replaced = NULL;

  g_mutex_lock (&emitter->lock);
  pending = g_hash_table_lookup (emitter->newest, func);
  if (pending != NULL)
    {
      replaced = pending->data;
      pending->data = data;
    }
  else
    {
      emission = emission_new (emitter, func, data, free_data);
      emission->is_newest = TRUE;
      g_hash_table_insert (emitter->newest, func, emission);
    }
  g_mutex_unlock (&emitter->lock);
  if (emission != NULL)
    emission_send (emission);
  if (replaced != NULL && free_data != NULL)
    free_data (replaced);
}
