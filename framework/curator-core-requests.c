/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-core-struct-private.h"

#include <zookeeper.h>

#include "curator-guard-private.h"

/* A request's way through the core. Deferred ones have failed already and only wait to say so. */
typedef enum
{
  PHASE_NEW,
  PHASE_WAITING,
  PHASE_DELAYED,
  PHASE_ACTIVE,
  PHASE_DEFERRED,
  PHASE_DONE,
} RequestPhase;

static void send_or_wait (CuratorCore *core, CuratorRequest *request);

/* --- phases -------------------------------------------------------------------------------------------------- */

static GQueue *
queue_of (CuratorCore *core, guint8 phase)
{
  switch ((RequestPhase) phase)
    {
    case PHASE_WAITING:
      return &core->waiting;
    case PHASE_DELAYED:
      return &core->delayed;
    case PHASE_ACTIVE:
      return &core->active;
    case PHASE_DEFERRED:
      return &core->deferred;
    case PHASE_NEW:
    case PHASE_DONE:
    default:
      return NULL;
    }
}

static void
set_phase (CuratorCore *core, CuratorRequest *request, RequestPhase phase)
{
  GQueue *from = queue_of (core, request->phase);
  GQueue *to = queue_of (core, phase);

  if (request->phase == PHASE_DELAYED)
    curator_loop_cancel_timer (core->loop, &request->retry_timer);
  if (from != NULL)
    g_queue_unlink (from, &request->link);
  if (to != NULL)
    g_queue_push_tail_link (to, &request->link);
  request->phase = phase;
  curator_metrics_set (&core->metrics.requests_in_flight, core->active.length);
}

static void
complete (CuratorCore *core, CuratorRequest *request, int rc)
{
  CuratorRequestFunc func = request->core_func;

  set_phase (core, request, PHASE_DONE);
  request->rc = rc;
  curator_metrics_add (&core->metrics.operations, 1);
  if (rc != ZOK)
    curator_metrics_add (&core->metrics.failures, 1);
  curator_metrics_add_latency (&core->metrics, curator_loop_now_us (core->loop) - request->started_us);
  func (request, request->core_data);
  curator_request_unref (request);
}

static void
run_deferred (gpointer user_data)
{
  CuratorCore *core = user_data;

  CuratorRequest *request = g_queue_peek_head (&core->deferred);

  /* The next one's turn comes whatever the callback does, even if it waits for it in a loop of its own. */
  if (core->deferred.length > 1)
    curator_loop_defer (core->loop, run_deferred, curator_core_ref (core));
  if (request != NULL)
    complete (core, request, request->rc);
  curator_core_unref (core);
}

/* Fails the request, but not before the caller has returned. */
static void
defer (CuratorCore *core, CuratorRequest *request, int rc)
{
  request->rc = rc;
  if (core->deferred.length == 0)
    curator_loop_defer (core->loop, run_deferred, curator_core_ref (core));
  set_phase (core, request, PHASE_DEFERRED);
}

/* --- catching up ------------------------------------------------------------------------------------------------ */

static void
on_caught_up (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorCore) core = user_data;

  /* Where that was due to the connection, the next one begins anew as well. */
  if (request->rc != ZOK)
    core->has_caught_up = FALSE;
}

void
curator_core_catch_up (CuratorCore *core)
{
  g_autoptr (CuratorRequest) request = NULL;

  if (!core->connected || core->has_caught_up || !CURATOR_GUARD (CATCH_UP))
    return;
  core->has_caught_up = TRUE;
  request = curator_request_new (CURATOR_REQUEST_SYNC, "/");
  request->server_path = g_strdup (request->path);
  request->flags = CURATOR_REQUEST_FLAG_NO_RETRY | CURATOR_REQUEST_FLAG_THIS_SESSION;
  curator_core_submit (core, request, on_caught_up, curator_core_ref (core));
}

/* --- retries ------------------------------------------------------------------------------------------------- */

static gboolean
allows_retry (CuratorCore *core, int rc, guint count, gint64 started_us, gint64 *sleep_ms)
{
  gint64 elapsed_ms = (curator_loop_now_us (core->loop) - started_us) / 1000;
  gdouble random = (gdouble) (curator_loop_random (core->loop) >> 11) / 9007199254740992.0;

  return curator_retry_policy_allow_retry (core->config->retry_policy, count, elapsed_ms, rc == ZSESSIONEXPIRED, random,
                                           sleep_ms);
}

/* The delay before another attempt, or -1 where there is to be none. */
static gint64
ask_policy (CuratorCore *core, int rc, guint count, gint64 started_us)
{
  gint64 sleep_ms = 0;

  if (!curator_rc_is_retryable (rc) || !allows_retry (core, rc, count, started_us, &sleep_ms))
    return -1;
  curator_metrics_add (&core->metrics.retries, 1);
  return MAX (sleep_ms, 0);
}

/* What was to be tried again after a loss of the connection may have lost its session since: then the question to
 * the policy is the same once more, now that this is known. */
static gboolean
may_go_on (CuratorCore *core, gint64 bound_session_id, guint retries, gint64 started_us)
{
  gint64 session_id = curator_core_get_session_id (core);
  gint64 sleep_ms = 0;

  if (retries == 0 || bound_session_id == 0 || session_id == 0 || bound_session_id == session_id)
    return TRUE;
  return allows_retry (core, ZSESSIONEXPIRED, retries - 1, started_us, &sleep_ms);
}

static void
on_delay_over (gpointer user_data)
{
  CuratorRequest *request = user_data;

  request->retry_timer = NULL;
  send_or_wait (request->core, request);
}

/* After an attempt that failed, in whatever phase: FALSE where there is to be no other. */
static gboolean
retry_later (CuratorCore *core, CuratorRequest *request, int rc)
{
  gint64 sleep_ms = -1;

  if (core->phase == CURATOR_CORE_STARTED && core->failed_rc == 0 && (request->flags & CURATOR_REQUEST_FLAG_NO_RETRY) == 0)
    sleep_ms = ask_policy (core, rc, request->retries, request->started_us);
  if (sleep_ms < 0)
    return FALSE;
  request->retries++;
  set_phase (core, request, PHASE_DELAYED);
  request->retry_timer = curator_loop_add_timer (core->loop, sleep_ms, on_delay_over, request);
  return TRUE;
}

/* --- waiting for the connection ------------------------------------------------------------------------------- */

static void on_waiting_due (gpointer user_data);

/* All wait equally long, so that the first in the queue is the first to give up. */
static void
arm_waiting_timer (CuratorCore *core)
{
  CuratorRequest *first = g_queue_peek_head (&core->waiting);

  if (first != NULL && core->waiting_timer == NULL)
    core->waiting_timer = curator_loop_add_timer_at (core->loop, first->deadline_us, on_waiting_due, core);
}

static void
on_waiting_due (gpointer user_data)
{
  CuratorCore *core = user_data;
  gint64 now_us = curator_loop_now_us (core->loop);

  core->waiting_timer = NULL;
  curator_core_ref (core);
  while (core->waiting.length > 0)
    {
      CuratorRequest *request = core->waiting.head->data;

      if (request->deadline_us > now_us)
        break;
      if (!retry_later (core, request, ZCONNECTIONLOSS))
        defer (core, request, ZCONNECTIONLOSS);
    }
  arm_waiting_timer (core);
  curator_core_unref (core);
}

static void
wait_for_connection (CuratorCore *core, CuratorRequest *request)
{
  request->deadline_us = curator_loop_now_us (core->loop) + core->config->connection_timeout_ms * (gint64) 1000;
  set_phase (core, request, PHASE_WAITING);
  arm_waiting_timer (core);
}

/* --- sending ------------------------------------------------------------------------------------------------- */

static CuratorWatchKind
watch_kind_of (CuratorRequest *request)
{
  return request->type == CURATOR_REQUEST_GET_CHILDREN ? CURATOR_WATCH_KIND_CHILDREN : CURATOR_WATCH_KIND_DATA;
}

/* FALSE where the request is not to be sent in the session that there is now. */
static gboolean
bind_to_session (CuratorCore *core, CuratorRequest *request)
{
  gint64 session_id = curator_core_get_session_id (core);

  if ((request->flags & CURATOR_REQUEST_FLAG_THIS_SESSION) == 0)
    {
      if (!may_go_on (core, request->bound_session_id, request->retries, request->started_us))
        return FALSE;
      if (session_id != 0)
        request->bound_session_id = session_id;
      return TRUE;
    }
  if (request->bound_session_id == 0)
    request->bound_session_id = session_id;
  return request->bound_session_id == session_id;
}

static void
send_now (CuratorCore *core, CuratorRequest *request)
{
  if (!bind_to_session (core, request))
    {
      defer (core, request, ZSESSIONEXPIRED);
      return;
    }
  request->attempts++;
  if (request->watch != NULL)
    curator_watch_table_arming (core->watches, request->server_path, watch_kind_of (request));
  set_phase (core, request, PHASE_ACTIVE);
  curator_session_submit (core->session, request);
}

static void
send_or_wait (CuratorCore *core, CuratorRequest *request)
{
  if (core->failed_rc != 0)
    defer (core, request, core->failed_rc);
  /* Connected and still waiting: only while the connection comes up, where what never waits goes ahead. */
  else if (core->connected && (core->waiting.length == 0 || (request->flags & CURATOR_REQUEST_FLAG_NO_RETRY) != 0))
    send_now (core, request);
  else if ((request->flags & CURATOR_REQUEST_FLAG_NO_RETRY) != 0)
    defer (core, request, ZCONNECTIONLOSS);
  else
    wait_for_connection (core, request);
}

void
curator_core_submit (CuratorCore *core, CuratorRequest *request, CuratorRequestFunc func, gpointer user_data)
{
  g_return_if_fail (request->phase == PHASE_NEW || (request->phase == PHASE_DONE && !request->abandoned));
  g_return_if_fail (request->server_path != NULL);

  curator_request_ref (request);
  request->core = core;
  request->core_func = func;
  request->core_data = user_data;
  request->phase = PHASE_NEW;
  request->retries = 0;
  request->bound_session_id = curator_core_get_session_id (core);
  request->started_us = curator_loop_now_us (core->loop);

  if (core->phase == CURATOR_CORE_LATENT)
    defer (core, request, CURATOR_RC_NOT_STARTED);
  else if (core->phase != CURATOR_CORE_STARTED)
    defer (core, request, CURATOR_RC_CLOSED);
  else if (curator_session_measure (request) > core->config->max_packet_bytes)
    defer (core, request, CURATOR_RC_REQUEST_TOO_LARGE);
  else
    send_or_wait (core, request);
}

void
curator_core_cancel (CuratorCore *core, CuratorRequest *request)
{
  if (request->phase == PHASE_NEW || request->phase == PHASE_DONE)
    return;
  /* The session keeps its own reference until the reply, which then concerns nobody. */
  request->abandoned = request->phase == PHASE_ACTIVE;
  complete (core, request, CURATOR_RC_CANCELLED);
}

/* --- replies ------------------------------------------------------------------------------------------------- */

/* What a watch that is armed by the answer will see the next change of. */
static gint64
get_found (CuratorRequest *request, int rc)
{
  if (rc != ZOK)
    return 0;
  return request->type == CURATOR_REQUEST_GET_CHILDREN ? request->stat.pzxid : request->stat.mzxid;
}

static void
settle_watch (CuratorCore *core, CuratorRequest *request, int rc)
{
  gboolean armed = rc == ZOK || (rc == ZNONODE && request->type == CURATOR_REQUEST_EXISTS);

  if (request->watch != NULL && armed && request->abandoned)
    curator_watch_table_abandoned (core->watches, request->server_path, watch_kind_of (request));
  else if (request->watch != NULL)
    curator_watch_table_armed (core->watches, request->server_path, watch_kind_of (request),
                               armed ? request->watch : NULL, request->watch_prefix, get_found (request, rc));
  if (request->type == CURATOR_REQUEST_REMOVE_WATCHES && rc == ZOK)
    curator_watch_table_removed (core->watches, request->server_path, request->watch_kind);
  curator_metrics_set (&core->metrics.watches, curator_watch_table_get_size (core->watches));
}

void
curator_core_requests_replied (CuratorCore *core, CuratorRequest *request)
{
  int rc = request->reply_rc;

  settle_watch (core, request, rc);
  if (request->abandoned)
    return;
  if (rc == ZOK || !retry_later (core, request, rc))
    complete (core, request, rc);
}

static void release_waiting_retries (CuratorCore *core);

void
curator_core_requests_connected (CuratorCore *core)
{
  curator_loop_cancel_timer (core->loop, &core->waiting_timer);
  while (core->connected && core->waiting.length > 0)
    {
      CuratorRequest *request = core->waiting.head->data;

      set_phase (core, request, PHASE_NEW);
      send_now (core, request);
    }
  release_waiting_retries (core);
}

/* --- retries of procedures ------------------------------------------------------------------------------------ */

struct _CuratorRetry
{
  GList link;
  CuratorCore *core;
  CuratorRetryState *state;
  CuratorRetryFunc func;
  gpointer user_data;
  CuratorTimer *timer;
  gint64 bound_session_id; /* at the failure */
  int rc;
  gboolean delayed; /* for the policy's delay */
  gboolean waiting; /* for the connection */
};

static void on_retry_timer (gpointer user_data);

static void
finish_retry (CuratorRetry *retry, int rc)
{
  CuratorCore *core = retry->core;
  CuratorRetryFunc func = retry->func;
  gpointer user_data = retry->user_data;

  curator_core_cancel_retry (core, retry);
  func (rc, user_data);
}

static void
release_waiting_retries (CuratorCore *core)
{
  for (GList *l = core->retries.head; l != NULL; l = l->next)
    {
      CuratorRetry *retry = l->data;

      if (!retry->waiting)
        continue;
      retry->waiting = FALSE;
      retry->delayed = TRUE;
      curator_loop_cancel_timer (core->loop, &retry->timer);
      retry->timer = curator_loop_add_timer (core->loop, 0, on_retry_timer, retry);
    }
}

static void
schedule_retry (CuratorRetry *retry)
{
  CuratorCore *core = retry->core;
  gint64 sleep_ms = -1;

  if (core->phase == CURATOR_CORE_STARTED && core->failed_rc == 0)
    sleep_ms = ask_policy (core, retry->rc, retry->state->count, retry->state->started_us);
  else
    retry->rc = core->failed_rc != 0 ? core->failed_rc : CURATOR_RC_CLOSED;
  retry->delayed = sleep_ms >= 0;
  if (retry->delayed)
    retry->state->count++;
  retry->timer = curator_loop_add_timer (core->loop, MAX (sleep_ms, 0), on_retry_timer, retry);
}

static void
on_retry_timer (gpointer user_data)
{
  CuratorRetry *retry = user_data;
  CuratorCore *core = retry->core;

  retry->timer = NULL;
  if (retry->delayed && core->connected)
    {
      gboolean go_on = may_go_on (core, retry->bound_session_id, retry->state->count, retry->state->started_us);

      finish_retry (retry, go_on ? 0 : ZSESSIONEXPIRED);
    }
  else if (retry->delayed)
    {
      /* Wait as long as a request would; then the attempt counts as another failure. */
      retry->delayed = FALSE;
      retry->rc = ZCONNECTIONLOSS;
      retry->waiting = TRUE;
      retry->timer = curator_loop_add_timer (core->loop, core->config->connection_timeout_ms, on_retry_timer, retry);
    }
  else if (retry->waiting)
    {
      retry->waiting = FALSE;
      schedule_retry (retry);
    }
  else
    {
      finish_retry (retry, retry->rc);
    }
}

CuratorRetry *
curator_core_retry (CuratorCore *core, CuratorRetryState *state, int rc, CuratorRetryFunc func, gpointer user_data)
{
  CuratorRetry *retry = g_new0 (CuratorRetry, 1);

  retry->link.data = retry;
  retry->core = core;
  retry->state = state;
  retry->func = func;
  retry->user_data = user_data;
  retry->rc = rc;
  retry->bound_session_id = curator_core_get_session_id (core);
  if (state->started_us == 0)
    state->started_us = curator_loop_now_us (core->loop);
  g_queue_push_tail_link (&core->retries, &retry->link);
  schedule_retry (retry);
  return retry;
}

void
curator_core_cancel_retry (CuratorCore *core, CuratorRetry *retry)
{
  g_queue_unlink (&core->retries, &retry->link);
  curator_loop_cancel_timer (core->loop, &retry->timer);
  g_free (retry);
}

static void
end_retry_soon (CuratorRetry *retry, int rc)
{
  retry->waiting = retry->delayed = FALSE;
  retry->rc = rc;
  curator_loop_cancel_timer (retry->core->loop, &retry->timer);
  retry->timer = curator_loop_add_timer (retry->core->loop, 0, on_retry_timer, retry);
}

void
curator_core_requests_fail_unsent (CuratorCore *core, int rc)
{
  curator_loop_cancel_timer (core->loop, &core->waiting_timer);
  while (core->waiting.length > 0)
    defer (core, core->waiting.head->data, rc);
  while (core->delayed.length > 0)
    defer (core, core->delayed.head->data, rc);
  for (GList *l = core->retries.head; l != NULL; l = l->next)
    end_retry_soon (l->data, rc);
}
