/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-state-emitter-private.h"

struct _CuratorStateEmitter
{
  gatomicrefcount ref_count;
  CuratorCore *core;
  GMainContext *context;
  GWeakRef object;
  const CuratorStateEmitterFuncs *funcs;
  guint state_listener_id, error_listener_id; /* loop only */
  int stopped;       /* atomic */
};

typedef struct
{
  CuratorStateEmitter *emitter;
  CuratorConnectionState state;
  GError *error; /* NULL for a state */
} Emission;

static CuratorStateEmitter *
emitter_ref (CuratorStateEmitter *emitter)
{
  g_atomic_ref_count_inc (&emitter->ref_count);
  return emitter;
}

static void
emitter_unref (gpointer data)
{
  CuratorStateEmitter *emitter = data;

  if (!g_atomic_ref_count_dec (&emitter->ref_count))
    return;
  g_weak_ref_clear (&emitter->object);
  g_main_context_unref (emitter->context);
  curator_core_unref (emitter->core);
  g_free (emitter);
}

static void
emission_free (gpointer data)
{
  Emission *emission = data;

  emitter_unref (emission->emitter);
  g_clear_error (&emission->error);
  g_free (emission);
}

static gboolean
emit (gpointer user_data)
{
  Emission *emission = user_data;
  CuratorStateEmitter *emitter = emission->emitter;
  g_autoptr (GObject) object = g_weak_ref_get (&emitter->object);

  if (object == NULL || g_atomic_int_get (&emitter->stopped))
    return G_SOURCE_REMOVE;
  if (emission->error != NULL)
    emitter->funcs->error (object, emission->error);
  else
    emitter->funcs->state (object, emission->state);
  return G_SOURCE_REMOVE;
}

static void
schedule (CuratorStateEmitter *emitter, CuratorConnectionState state, const GError *error)
{
  Emission *emission = g_new (Emission, 1);
  g_autoptr (GSource) source = NULL;

  *emission = (Emission){ emitter_ref (emitter), state, error != NULL ? g_error_copy (error) : NULL };
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[curator] client signal");
  g_source_set_callback (source, emit, emission, emission_free);
  g_source_attach (source, emitter->context);
}

static void
on_state (CuratorConnectionState state, gpointer user_data)
{
  schedule (user_data, state, NULL);
}

static void
on_error (const GError *error, gpointer user_data)
{
  schedule (user_data, CURATOR_CONNECTION_STATE_LATENT, error);
}

static void
start_in_loop (gpointer user_data)
{
  CuratorStateEmitter *emitter = user_data;

  if (!g_atomic_int_get (&emitter->stopped))
    {
      emitter->state_listener_id = curator_core_add_state_listener (emitter->core, on_state, emitter);
      emitter->error_listener_id = curator_core_add_error_listener (emitter->core, on_error, emitter);
    }
  emitter_unref (emitter);
}

static void
stop_in_loop (gpointer user_data)
{
  CuratorStateEmitter *emitter = user_data;

  curator_core_remove_state_listener (emitter->core, emitter->state_listener_id);
  curator_core_remove_error_listener (emitter->core, emitter->error_listener_id);
  emitter_unref (emitter);
}

CuratorStateEmitter *
curator_state_emitter_start (CuratorCore *core, GObject *object, const CuratorStateEmitterFuncs *funcs)
{
  CuratorStateEmitter *emitter = g_new0 (CuratorStateEmitter, 1);

  g_atomic_ref_count_init (&emitter->ref_count);
  emitter->core = curator_core_ref (core);
  emitter->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&emitter->object, object);
  emitter->funcs = funcs;
  curator_loop_invoke (curator_core_get_loop (core), start_in_loop, emitter_ref (emitter));
  return emitter;
}

void
curator_state_emitter_stop (CuratorStateEmitter *emitter)
{
  CuratorLoop *loop = curator_core_get_loop (emitter->core);

  g_atomic_int_set (&emitter->stopped, TRUE);
  if (curator_loop_is_alive (loop))
    curator_loop_invoke (loop, stop_in_loop, emitter);
}
