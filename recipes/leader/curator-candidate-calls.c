/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-candidate-private.h"

#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/* The way of calls from any thread to a candidate in its loop. */

static void
begin_await_leading (CuratorCall *call, gpointer data)
{
  curator_candidate_await_leading (data, call);
}

static void
begin_await_closed (CuratorCall *call, gpointer data)
{
  curator_candidate_await_closed (data, call);
}

static void
give_up (CuratorCall *call, gpointer data)
{
  curator_candidate_stop_waiting (data, call);
}

static const CuratorCallKind await_leading = { "await the leadership of", begin_await_leading, give_up };
static const CuratorCallKind await_closed = { "close", begin_await_closed, give_up };

static CuratorCallOptions
make_call (CuratorCandidate *self, const CuratorCallKind *kind, gint64 timeout_ms)
{
  return (CuratorCallOptions){ .client = curator_candidate_get_client (self),
                               .kind = kind,
                               .path = curator_candidate_get_path (self),
                               .timeout_ms = timeout_ms,
                               .data = curator_candidate_ref (self),
                               .free_data = (GDestroyNotify) curator_candidate_unref };
}

CuratorCallOptions
curator_candidate_get_leading_call (CuratorCandidate *self, gint64 timeout_ms)
{
  return make_call (self, &await_leading, timeout_ms);
}

CuratorCallOptions
curator_candidate_get_closed_call (CuratorCandidate *self)
{
  return make_call (self, &await_closed, -1);
}

static void
set_argument_error (CuratorCandidate *self, const char *reason, GError **error)
{
  g_autofree char *quoted = curator_path_quote (curator_candidate_get_path (self));

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "start %s: %s", quoted, reason);
}

gboolean
curator_candidate_check_start (CuratorCandidate *self, gboolean is_closed, GError **error)
{
  const char *path = curator_candidate_get_path (self);
  gsize length;
  const char *id = g_bytes_get_data (curator_candidate_get_id_bytes (self), &length);

  if (!curator_path_validate (path, FALSE, NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, "start", path);
  else if (!g_utf8_validate (id, (gssize) length, NULL))
    set_argument_error (self, "the id is not UTF-8", error);
  else if (!curator_loop_is_alive (curator_framework_get_loop (curator_candidate_get_client (self))))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, "start", path);
  else if (is_closed)
    {
      g_autofree char *quoted = curator_path_quote (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "start %s: it was closed", quoted);
    }
  else
    return TRUE;
  return FALSE;
}

void
curator_candidate_set_started_error (CuratorCandidate *self, GError **error)
{
  set_argument_error (self, "it was started already", error);
}

static void
invoke (CuratorCandidate *self, CuratorLoopFunc func)
{
  CuratorLoop *loop = curator_framework_get_loop (curator_candidate_get_client (self));

  if (curator_loop_is_alive (loop))
    curator_loop_invoke (loop, func, curator_candidate_ref (self));
}

static void
start_in_loop (gpointer user_data)
{
  g_autoptr (CuratorCandidate) candidate = user_data;

  curator_candidate_start (candidate);
}

static void
enter_in_loop (gpointer user_data)
{
  g_autoptr (CuratorCandidate) candidate = user_data;

  curator_candidate_enter (candidate);
}

static void
close_in_loop (gpointer user_data)
{
  g_autoptr (CuratorCandidate) candidate = user_data;

  curator_candidate_close (candidate);
}

void
curator_candidate_begin_start (CuratorCandidate *self)
{
  invoke (self, start_in_loop);
}

void
curator_candidate_begin_queue (CuratorCandidate *self)
{
  invoke (self, enter_in_loop);
}

void
curator_candidate_begin_close (CuratorCandidate *self)
{
  curator_candidate_set_closing (self);
  invoke (self, close_in_loop);
}
