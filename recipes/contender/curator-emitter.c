/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-emitter-private.h"

struct _CuratorEmitter
{
  gatomicrefcount ref_count;
  GWeakRef object;
  GMainContext *context;
};

typedef struct
{
  CuratorEmitter *emitter;
  CuratorEmitterFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Emission;

CuratorEmitter *
curator_emitter_new (GObject *object)
{
  CuratorEmitter *emitter = g_new0 (CuratorEmitter, 1);

  g_atomic_ref_count_init (&emitter->ref_count);
  g_weak_ref_init (&emitter->object, object);
  emitter->context = g_main_context_ref_thread_default ();
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
  g_weak_ref_clear (&emitter->object);
  g_main_context_unref (emitter->context);
  g_free (emitter);
}

static void
emission_free (gpointer data)
{
  Emission *emission = data;

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

  if (object != NULL)
    emission->func (object, emission->data);
  return G_SOURCE_REMOVE;
}

void
curator_emitter_post (CuratorEmitter *emitter,
                      CuratorEmitterFunc func,
                      gpointer data,
                      GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Emission *emission = g_new (Emission, 1);

  *emission = (Emission){ curator_emitter_ref (emitter), func, data, free_data };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "CuratorEmitter");
  g_source_set_callback (source, on_emission, emission, emission_free);
  g_source_attach (source, emitter->context);
}
