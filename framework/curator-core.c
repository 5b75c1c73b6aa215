/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-core-struct-private.h"

#include <string.h>
#include <zookeeper.h>

#include "curator-guard-private.h"

typedef struct
{
  CuratorCoreClosedFunc func;
  gpointer user_data;
} ClosedFunc;

static void start_session (CuratorCore *core);

/* --- the connection's state ----------------------------------------------------------------------------------- */

static void
call_state_listener (GCallback func, gpointer user_data, gpointer what)
{
  ((CuratorStateFunc) func) (*(CuratorConnectionState *) what, user_data);
}

static void
handle_connection_event (CuratorCore *core, CuratorConnectionEvent event)
{
  CuratorConnectionState state = (CuratorConnectionState) core->state;
  CuratorConnectionState next = curator_connection_state_next (state, event, core->was_writable);

  core->connected = event == CURATOR_CONNECTION_EVENT_UP || event == CURATOR_CONNECTION_EVENT_UP_READ_ONLY;
  if (event == CURATOR_CONNECTION_EVENT_UP)
    core->was_writable = TRUE;
  if (next == state)
    return;
  g_debug ("connection state %d → %d", state, next);
  if (next == CURATOR_CONNECTION_STATE_RECONNECTED)
    curator_metrics_add (&core->metrics.reconnects, 1);
  __atomic_store_n (&core->state, next, __ATOMIC_RELEASE);
  curator_listeners_notify (core->state_listeners, call_state_listener, &next);
}

guint
curator_core_add_state_listener (CuratorCore *core, CuratorStateFunc func, gpointer user_data)
{
  return curator_listeners_add (core->state_listeners, G_CALLBACK (func), user_data);
}

void
curator_core_remove_state_listener (CuratorCore *core, guint id)
{
  curator_listeners_remove (core->state_listeners, id);
}

static void
call_error_listener (GCallback func, gpointer user_data, gpointer what)
{
  ((CuratorErrorFunc) func) (what, user_data);
}

guint
curator_core_add_error_listener (CuratorCore *core, CuratorErrorFunc func, gpointer user_data)
{
  return curator_listeners_add (core->error_listeners, G_CALLBACK (func), user_data);
}

void
curator_core_remove_error_listener (CuratorCore *core, guint id)
{
  curator_listeners_remove (core->error_listeners, id);
}

void
curator_core_report_error (CuratorCore *core, int rc, const char *operation, const char *path)
{
  g_autoptr (GError) error = NULL;

  curator_error_set_from_rc (&error, rc, operation, path);
  g_info ("in the background: %s", error->message);
  curator_listeners_notify (core->error_listeners, call_error_listener, error);
}

/* --- credentials ----------------------------------------------------------------------------------------------- */

struct _CuratorAuthCall
{
  CuratorAuthInfo *info;
  CuratorCoreAuthFunc func;
  gpointer user_data;
};

static void
on_auth_answered (int rc, gpointer user_data)
{
  CuratorAuthCall *call = user_data;

  call->func (rc, call->user_data);
  curator_auth_info_free (call->info);
  g_free (call);
}

static void
send_auth (CuratorCore *core, CuratorAuthCall *call)
{
  g_ptr_array_add (core->auths, curator_auth_info_new (call->info->scheme, call->info->auth));
  curator_session_add_auth (core->session, call->info->scheme, call->info->auth, on_auth_answered, call);
}

static void
send_waiting_auths (CuratorCore *core)
{
  g_autoptr (GPtrArray) calls = g_steal_pointer (&core->waiting_auths);

  core->waiting_auths = g_ptr_array_new ();
  for (guint i = 0; i < calls->len; i++)
    send_auth (core, calls->pdata[i]);
}

static void
fail_waiting_auths (CuratorCore *core, int rc)
{
  g_autoptr (GPtrArray) calls = g_steal_pointer (&core->waiting_auths);

  core->waiting_auths = g_ptr_array_new ();
  for (guint i = 0; i < calls->len; i++)
    on_auth_answered (rc, calls->pdata[i]);
}

void
curator_core_add_auth (CuratorCore *core, const char *scheme, GBytes *auth, CuratorCoreAuthFunc func,
                       gpointer user_data)
{
  CuratorAuthCall *call = g_new (CuratorAuthCall, 1);

  *call = (CuratorAuthCall){ curator_auth_info_new (scheme, auth), func, user_data };
  if (core->phase >= CURATOR_CORE_CLOSING)
    on_auth_answered (CURATOR_RC_CLOSED, call);
  else if (core->failed_rc != 0)
    on_auth_answered (core->failed_rc, call);
  else if (core->connected)
    send_auth (core, call);
  else
    g_ptr_array_add (core->waiting_auths, call);
}

/* --- the session ---------------------------------------------------------------------------------------------- */

/* @session is NULL where there is none any more. */
static void
publish_session (CuratorCore *core, CuratorSession *session)
{
  gsize length = 0;
  const char *password = session != NULL ? curator_session_get_password (session, &length) : NULL;
  CuratorCorePublished *published = &core->published;

  g_mutex_lock (&published->lock);
  published->session_id = session != NULL ? curator_session_get_id (session) : 0;
  published->negotiated_timeout_ms = session != NULL ? curator_session_get_timeout_ms (session) : 0;
  published->password_length = MIN (length, sizeof published->password);
  if (password != NULL)
    memcpy (published->password, password, published->password_length);
  g_mutex_unlock (&published->lock);
}

static void
handle_up (CuratorCore *core, gboolean read_only)
{
  gboolean is_new = core->session_is_new && !read_only;

  publish_session (core, core->session);
  if (is_new)
    {
      core->session_is_new = FALSE;
      curator_metrics_add (&core->metrics.sessions, 1);
    }
  send_waiting_auths (core);
  /* What waited goes first, in its order, and then what the listeners ask for. */
  core->connected = TRUE;
  core->has_caught_up = FALSE;
  curator_rearmer_connected (core->rearmer);
  curator_core_requests_connected (core);
  handle_connection_event (core, read_only ? CURATOR_CONNECTION_EVENT_UP_READ_ONLY : CURATOR_CONNECTION_EVENT_UP);
}

static void
count_bytes (CuratorCore *core, gboolean session_ends)
{
  if (core->session == NULL)
    return;
  curator_metrics_set (&core->metrics.bytes_sent,
                       (gint64) (core->past_bytes_sent + curator_session_get_bytes_sent (core->session)));
  curator_metrics_set (&core->metrics.bytes_received,
                       (gint64) (core->past_bytes_received + curator_session_get_bytes_received (core->session)));
  if (session_ends)
    {
      core->past_bytes_sent += curator_session_get_bytes_sent (core->session);
      core->past_bytes_received += curator_session_get_bytes_received (core->session);
    }
}

static void
drop_session (CuratorCore *core)
{
  count_bytes (core, TRUE);
  g_clear_pointer (&core->session, curator_session_unref);
  __atomic_store_n (&core->deadline_us, 0, __ATOMIC_RELEASE);
}

static void
handle_lost (CuratorCore *core, int rc)
{
  drop_session (core);
  publish_session (core, NULL);
  core->failed_rc = rc;
  handle_connection_event (core, rc == 0 ? CURATOR_CONNECTION_EVENT_LOST : CURATOR_CONNECTION_EVENT_REFUSED);
  curator_watch_table_session_over (core->watches, FALSE);
  if (core->phase != CURATOR_CORE_STARTED)
    return;
  if (core->failed_rc == 0)
    start_session (core);
  else
    {
      curator_core_requests_fail_unsent (core, core->failed_rc);
      fail_waiting_auths (core, core->failed_rc);
    }
}

static void
on_session_event (CuratorSession *session, CuratorSessionEvent event, gpointer user_data)
{
  g_autoptr (CuratorCore) core = curator_core_ref (user_data);

  if (session != core->session)
    return;
  switch (event)
    {
    case CURATOR_SESSION_EVENT_CONNECTED:
      handle_up (core, FALSE);
      break;
    case CURATOR_SESSION_EVENT_READ_ONLY:
      handle_up (core, TRUE);
      break;
    case CURATOR_SESSION_EVENT_DISCONNECTED:
      handle_connection_event (core, CURATOR_CONNECTION_EVENT_DOWN);
      break;
    case CURATOR_SESSION_EVENT_EXPIRED:
      handle_lost (core, 0);
      break;
    case CURATOR_SESSION_EVENT_AUTH_FAILED:
      curator_core_report_error (core, ZAUTHFAILED, "connect", NULL);
      handle_lost (core, ZAUTHFAILED);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
on_session_replied (CuratorSession *session, CuratorRequest *request, gpointer user_data)
{
  g_autoptr (CuratorCore) core = curator_core_ref (user_data);

  /* First: who reads the metrics after an answer finds the answer in them. */
  count_bytes (core, FALSE);
  curator_core_requests_replied (core, request);
}

static void
on_session_watched (CuratorSession *session, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (CuratorCore) core = curator_core_ref (user_data);

  if (session != core->session)
    return;
  curator_metrics_add (&core->metrics.watch_events, 1);
  curator_watch_table_event (core->watches, type, path);
}

static void
start_session (CuratorCore *core)
{
  static const CuratorSessionCallbacks callbacks = { on_session_event, on_session_replied, on_session_watched };
  CuratorClientConfig *config = core->config;
  guint n_servers = MAX (curator_ensemble_get_count (core->ensemble), 1);
  CuratorSessionOptions options = {
    .timeout_ms = config->session_timeout_ms,
    /* Every server can be tried, and one of them again, before the session would expire: servers that are starting
     * leave handshakes unanswered for good. */
    .connect_timeout_ms = CLAMP (config->session_timeout_ms / MAX (n_servers + 1, 3), 50, config->connection_timeout_ms),
    .read_only = config->can_be_read_only,
    .max_reply_bytes = config->max_reply_bytes,
    .published_deadline_us = &core->deadline_us,
  };

  core->session_is_new = TRUE;
  core->session = curator_session_new (core->loop, core->ensemble, &options, &callbacks, core);
  curator_session_start (core->session);
  for (guint i = 0; i < core->auths->len; i++)
    {
      CuratorAuthInfo *auth = core->auths->pdata[i];

      curator_session_add_auth (core->session, auth->scheme, auth->auth, NULL, NULL);
    }
}

/* --- watches --------------------------------------------------------------------------------------------------- */

static void
on_watch_rearm (const char *path, CuratorWatchKind kind, CuratorWatch *watch, gpointer user_data)
{
  CuratorCore *core = user_data;

  curator_rearmer_arm (core->rearmer, path, kind, watch);
}

/* Unless the server did it, the C client would set the watch again at the next connection. */
static void
on_watch_removed (CuratorRequest *request, gpointer user_data)
{
  CuratorCore *core = user_data;

  if (curator_rc_is_retryable (request->rc) && core->session != NULL && CURATOR_GUARD (FORGET_LOST_REMOVAL))
    curator_session_forget_watches (core->session, request->server_path, request->watch_kind);
}

static void
on_watch_unused (const char *path, CuratorWatchKind kind, gpointer user_data)
{
  CuratorCore *core = user_data;
  g_autoptr (CuratorRequest) request = NULL;

  if (core->phase != CURATOR_CORE_STARTED || core->session == NULL)
    return;
  if (!core->connected)
    {
      curator_session_forget_watches (core->session, path, kind);
      return;
    }
  request = curator_request_new (CURATOR_REQUEST_REMOVE_WATCHES, path);
  request->server_path = g_strdup (path);
  request->watch_kind = kind;
  request->flags = CURATOR_REQUEST_FLAG_NO_RETRY | CURATOR_REQUEST_FLAG_THIS_SESSION;
  curator_core_submit (core, request, on_watch_removed, core);
}

/* --- life ------------------------------------------------------------------------------------------------------ */

static CuratorLoop *
make_loop (CuratorClientConfig *config)
{
  CuratorNet *net = config->net != NULL ? config->net : curator_net_get_default ();

  if (config->main_context != NULL)
    return curator_loop_new_for_context (config->main_context, net);
  if (config->own_thread || config->net != NULL)
    return curator_loop_new_worker (net);
  return curator_loop_get_shared ();
}

CuratorCore *
curator_core_new (CuratorClientConfig *config)
{
  static const CuratorWatchTableCallbacks watch_callbacks = { on_watch_rearm, on_watch_unused };
  CuratorCore *core = g_new0 (CuratorCore, 1);

  g_atomic_ref_count_init (&core->ref_count);
  core->config = curator_client_config_ref (config);
  core->loop = make_loop (config);
  core->state = CURATOR_CONNECTION_STATE_LATENT;
  core->use_containers = TRUE;
  core->watches = curator_watch_table_new (&watch_callbacks, core);
  core->rearmer = curator_rearmer_new (core, core->watches);
  core->state_listeners = curator_listeners_new ();
  core->error_listeners = curator_listeners_new ();
  core->background_delete = curator_background_delete_new (core);
  core->closed_funcs = g_array_new (FALSE, FALSE, sizeof (ClosedFunc));
  core->auths = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_auth_info_free);
  core->waiting_auths = g_ptr_array_new ();
  for (guint i = 0; i < config->auths->len; i++)
    {
      CuratorAuthInfo *auth = config->auths->pdata[i];

      g_ptr_array_add (core->auths, curator_auth_info_new (auth->scheme, auth->auth));
    }
  g_mutex_init (&core->published.lock);
  return core;
}

CuratorCore *
curator_core_ref (CuratorCore *core)
{
  g_atomic_ref_count_inc (&core->ref_count);
  return core;
}

void
curator_core_unref (CuratorCore *core)
{
  if (!g_atomic_ref_count_dec (&core->ref_count))
    return;
  g_clear_pointer (&core->background_delete, curator_background_delete_free);
  curator_rearmer_free (core->rearmer);
  curator_watch_table_free (core->watches);
  g_clear_pointer (&core->session, curator_session_unref);
  g_clear_pointer (&core->ensemble, curator_ensemble_free);
  curator_listeners_free (core->state_listeners);
  curator_listeners_free (core->error_listeners);
  g_array_unref (core->closed_funcs);
  g_ptr_array_unref (core->auths);
  g_ptr_array_unref (core->waiting_auths);
  g_mutex_clear (&core->published.lock);
  curator_client_config_unref (core->config);
  curator_loop_unref (core->loop);
  g_free (core);
}

static void
start_in_loop (gpointer user_data)
{
  CuratorCore *core = user_data;

  if (core->phase == CURATOR_CORE_STARTED)
    {
      CuratorEnsembleOptions options = CURATOR_ENSEMBLE_OPTIONS_DEFAULT;

      options.canonical_host_names = core->config->canonical_host_names;
      core->ensemble = curator_ensemble_new (core->loop, core->config->hosts, &options);
      start_session (core);
    }
  curator_core_unref (core);
}

gboolean
curator_core_start (CuratorCore *core, GError **error)
{
  int latent = CURATOR_CORE_LATENT;

  /* A client that was started keeps itself alive until it is closed, so that it ends in the loop. */
  curator_core_ref (core);
  if (!curator_loop_is_alive (core->loop))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "start: the client belongs to the parent process");
      curator_core_unref (core);
      return FALSE;
    }
  if (!__atomic_compare_exchange_n (&core->phase, &latent, CURATOR_CORE_STARTED, FALSE, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
    {
      g_set_error_literal (error, G_IO_ERROR, latent == CURATOR_CORE_STARTED ? G_IO_ERROR_EXISTS : G_IO_ERROR_CLOSED,
                           latent == CURATOR_CORE_STARTED ? "start: the client was started already"
                                                          : "start: the client was closed");
      curator_core_unref (core);
      return FALSE;
    }
  curator_loop_invoke (core->loop, start_in_loop, curator_core_ref (core));
  return TRUE;
}

/* What lives in the loop goes here, so that the last reference may go anywhere. */
static void
finish_close (gpointer user_data)
{
  CuratorCore *core = user_data;
  g_autoptr (GArray) funcs = NULL;

  /* Who waits for the close may rely on it that everybody else has been told. */
  if (core->deferred.length > 0 || core->retries.length > 0)
    {
      curator_loop_defer (core->loop, finish_close, core);
      return;
    }
  funcs = g_steal_pointer (&core->closed_funcs);
  core->closed_funcs = g_array_new (FALSE, FALSE, sizeof (ClosedFunc));
  drop_session (core);
  g_clear_pointer (&core->background_delete, curator_background_delete_free);
  g_clear_pointer (&core->ensemble, curator_ensemble_free);
  __atomic_store_n (&core->phase, CURATOR_CORE_CLOSED, __ATOMIC_RELEASE);
  for (guint i = 0; i < funcs->len; i++)
    {
      ClosedFunc *closed = &g_array_index (funcs, ClosedFunc, i);

      closed->func (closed->user_data);
    }
  curator_core_unref (core);
}

static void
begin_close (CuratorCore *core)
{
  int old_phase = __atomic_exchange_n (&core->phase, CURATOR_CORE_CLOSING, __ATOMIC_ACQ_REL);

  if (old_phase != CURATOR_CORE_STARTED)
    curator_core_ref (core);
  publish_session (core, NULL);
  handle_connection_event (core, CURATOR_CONNECTION_EVENT_CLOSED);
  curator_core_requests_fail_unsent (core, CURATOR_RC_CLOSED);
  fail_waiting_auths (core, CURATOR_RC_CLOSED);
  curator_watch_table_session_over (core->watches, TRUE);
  if (core->session != NULL)
    curator_session_close (core->session, core->config->max_close_wait_ms, finish_close, core);
  else
    curator_loop_defer (core->loop, finish_close, core);
}

void
curator_core_close (CuratorCore *core, CuratorCoreClosedFunc func, gpointer user_data)
{
  ClosedFunc closed = { func, user_data };

  if (func != NULL)
    g_array_append_val (core->closed_funcs, closed);
  if (core->phase == CURATOR_CORE_CLOSED)
    curator_loop_defer (core->loop, finish_close, curator_core_ref (core));
  else if (core->phase != CURATOR_CORE_CLOSING)
    begin_close (core);
}

/* --- values ---------------------------------------------------------------------------------------------------- */

CuratorLoop *
curator_core_get_loop (CuratorCore *core)
{
  return core->loop;
}

CuratorBackgroundDelete *
curator_core_get_background_delete (CuratorCore *core)
{
  return core->background_delete;
}

CuratorCorePhase
curator_core_get_phase (CuratorCore *core)
{
  return (CuratorCorePhase) __atomic_load_n (&core->phase, __ATOMIC_ACQUIRE);
}

gboolean
curator_core_is_connected (CuratorCore *core)
{
  return core->connected;
}

gboolean
curator_core_is_closing (CuratorCore *core)
{
  return core->phase >= CURATOR_CORE_CLOSING;
}

gint64
curator_core_get_session_id (CuratorCore *core)
{
  return core->session != NULL && !core->session_is_new ? curator_session_get_id (core->session) : 0;
}

GPtrArray *
curator_core_dup_default_acl (CuratorCore *core, const char *path)
{
  GPtrArray *acl = curator_acl_provider_get_acl_for_path (core->config->acl_provider, path);

  return acl != NULL ? acl : curator_acl_provider_get_default_acl (core->config->acl_provider);
}

gboolean
curator_core_get_use_containers (CuratorCore *core)
{
  return core->use_containers;
}

void
curator_core_set_use_containers (CuratorCore *core, gboolean use_containers)
{
  core->use_containers = use_containers;
}

CuratorMetrics *
curator_core_snapshot_metrics (CuratorCore *core)
{
  return curator_metrics_snapshot (&core->metrics);
}
