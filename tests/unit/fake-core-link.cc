/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-core.h"

#include <gtest/gtest.h>

/* What the procedures link to, on a fake core that is also its own loop. */

static FakeCore *
Fake (gpointer core_or_loop)
{
  return static_cast<FakeCore *> (core_or_loop);
}

extern "C"
{

  CuratorCore *curator_core_ref (CuratorCore *core)
  {
    Fake (core)->n_refs++;
    return core;
  }

  void curator_core_unref (CuratorCore *core)
  {
    Fake (core)->n_refs--;
  }

  CuratorLoop *curator_core_get_loop (CuratorCore *core)
  {
    return reinterpret_cast<CuratorLoop *> (core);
  }

  void curator_core_submit (CuratorCore *core,
                            CuratorRequest *request,
                            CuratorRequestFunc func,
                            gpointer user_data)
  {
    Fake (core)->Submit (request, func, user_data);
  }

  void curator_core_cancel (CuratorCore *core, CuratorRequest *request)
  {
    Fake (core)->Cancel (request);
  }

  CuratorRetry *curator_core_retry (
      CuratorCore *core, CuratorRetryState *state, int rc, CuratorRetryFunc func, gpointer user_data)
  {
    return Fake (core)->Retry (state, rc, func, user_data);
  }

  void curator_core_cancel_retry (CuratorCore *core, CuratorRetry *retry)
  {
    Fake (core)->CancelRetry (retry);
  }

  gboolean curator_core_is_connected (CuratorCore *core)
  {
    return Fake (core)->connected;
  }

  gboolean curator_core_is_closing (CuratorCore *core)
  {
    return Fake (core)->closing;
  }

  void curator_core_report_error (CuratorCore *core, int rc, const char *, const char *)
  {
    Fake (core)->reported.push_back (rc);
  }

  gint64 curator_core_get_session_id (CuratorCore *core)
  {
    return Fake (core)->session;
  }

  GPtrArray *curator_core_dup_default_acl (CuratorCore *, const char *)
  {
    return g_ptr_array_new ();
  }

  gboolean curator_core_get_use_containers (CuratorCore *core)
  {
    return Fake (core)->use_containers;
  }

  void curator_core_set_use_containers (CuratorCore *core, gboolean use_containers)
  {
    Fake (core)->use_containers = use_containers;
  }

  guint curator_core_add_state_listener (CuratorCore *core, CuratorStateFunc func, gpointer user_data)
  {
    return Fake (core)->AddListener (func, user_data);
  }

  void curator_core_remove_state_listener (CuratorCore *core, guint id)
  {
    Fake (core)->RemoveListener (id);
  }

  CuratorBackgroundDelete *curator_core_get_background_delete (CuratorCore *core)
  {
    return Fake (core)->background;
  }

  guint64 curator_loop_random (CuratorLoop *loop)
  {
    return Fake (loop)->Random ();
  }

  void curator_loop_make_guid (CuratorLoop *loop, char *guid)
  {
    Fake (loop)->MakeGuid (guid);
  }

  CuratorTimer *
  curator_loop_add_timer (CuratorLoop *loop, gint64 delay_ms, CuratorLoopFunc func, gpointer user_data)
  {
    return Fake (loop)->AddTimer (delay_ms, func, user_data);
  }

  void curator_loop_cancel_timer (CuratorLoop *loop, CuratorTimer **timer)
  {
    Fake (loop)->CancelTimer (timer);
  }

} /* extern "C" */
