/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-session-private.h"

#include <errno.h>

#include "curator-channel-private.h"
#include "curator-guard-private.h"
#include "curator-rw-probe-private.h"
#include "curator-session-ops-private.h"
#include "curator-session-outbox-private.h"

/* How the session is linked to a server; everything goes through set_link (). */
typedef enum
{
  LINK_IDLE,       /* not started, or between connections */
  LINK_SEEKING,    /* waiting for the address of a server */
  LINK_CONNECTING, /* the stream connects */
  LINK_HANDSHAKE,  /* the C client's handshake is under way */
  LINK_UP,         /* requests can be sent */
  LINK_CLOSING,    /* the handle is gone, the server's farewell is awaited */
  LINK_OVER,       /* final */
} Link;

typedef struct
{
  GSource source;
  CuratorSession *session;
} SessionSource;

struct _CuratorSession
{
  guint ref_count;
  CuratorLoop *loop;
  CuratorEnsemble *ensemble;
  CuratorSessionOptions options;
  CuratorSessionOutbox outbox;

  zhandle_t *handle;
  CuratorChannel *channel;
  GSource *source;
  GPollFD poll_fd;
  gboolean poll_added;
  gboolean sees_visitor_off; /* curator_loop_before_leave () is to call see_off () */

  Link link;
  gboolean read_only;
  int closing_rc;    /* what requests unanswered at the end of the handle get */
  CuratorTimer *tick_timer, *connect_timer, *lease_timer, *close_timer;
  CuratorRwProbe *probe;
  gint64 deadline_us; /* published as well */
  gint64 id;
  guint timeout_ms;

  CuratorSessionClosedFunc closed_func;
  gpointer closed_data;
};

static void seek (CuratorSession *session);
static void process_input (CuratorSession *session);
static void finish_close (CuratorSession *session);

/* --- the link ---------------------------------------------------------------------------------------------- */

static void
unpoll (CuratorSession *session)
{
  if (session->poll_added)
    g_source_remove_poll (session->source, &session->poll_fd);
  session->poll_added = FALSE;
}

static void
set_deadline (CuratorSession *session, gint64 deadline_us)
{
  session->deadline_us = deadline_us;
  __atomic_store_n (session->options.published_deadline_us, deadline_us, __ATOMIC_RELEASE);
}

static void
set_link (CuratorSession *session, Link link)
{
  if (session->link == link)
    return;
  session->link = link;
  if (link != LINK_CONNECTING && link != LINK_HANDSHAKE)
    curator_loop_cancel_timer (session->loop, &session->connect_timer);
  if (link != LINK_CONNECTING && link != LINK_HANDSHAKE && link != LINK_UP)
    curator_loop_cancel_timer (session->loop, &session->tick_timer);
  if (link != LINK_UP)
    g_clear_pointer (&session->probe, curator_rw_probe_free);
  if (link == LINK_OVER)
    {
      /* The server list may go before the last reference to the session does. */
      curator_ensemble_cancel_next (session->ensemble, session);
      curator_loop_cancel_timer (session->loop, &session->lease_timer);
      curator_loop_cancel_timer (session->loop, &session->close_timer);
      set_deadline (session, 0);
    }
}

/* Frees the handle; what was unanswered is delivered with @rc. While connected the server is told. */
static void
close_handle (CuratorSession *session, int rc)
{
  CuratorChannel *previous;

  if (session->handle == NULL)
    return;
  session->closing_rc = rc;
  previous = curator_channel_enter (session->channel);
  zookeeper_close (g_steal_pointer (&session->handle));
  curator_channel_leave (previous);
}

/* The end of the session that nobody asked for. */
static void
end (CuratorSession *session, CuratorSessionEvent event, int rc)
{
  curator_session_outbox_add_event (&session->outbox, event);
  set_link (session, LINK_OVER);
  /* Still connected after the deadline: the server may end the old session at once. */
  curator_channel_set_linger (session->channel, TRUE);
  close_handle (session, rc);
  curator_channel_flush (session->channel);
  unpoll (session);
  curator_channel_close (session->channel);
}

/* After every call into the C client: did it drop the connection? */
static void
check_link (CuratorSession *session)
{
  gboolean was_up = session->link == LINK_UP;

  if (session->handle == NULL || curator_channel_is_open (session->channel))
    return;
  unpoll (session);
  if (is_unrecoverable (session->handle) != ZOK)
    {
      gboolean expired = zoo_state (session->handle) == ZOO_EXPIRED_SESSION_STATE;

      end (session, expired ? CURATOR_SESSION_EVENT_EXPIRED : CURATOR_SESSION_EVENT_AUTH_FAILED,
           expired ? ZSESSIONEXPIRED : ZAUTHFAILED);
      return;
    }
  if (!was_up)
    curator_ensemble_failed (session->ensemble);
  set_link (session, LINK_IDLE);
  seek (session);
}

static void
update_deadline (CuratorSession *session)
{
  gint64 answered_us = curator_channel_get_answered_us (session->channel);

  /* A read-only server cannot keep a session alive. */
  if (session->link == LINK_UP && !session->read_only && answered_us != 0)
    set_deadline (session, answered_us + session->timeout_ms * (gint64) 1000);
}

static gboolean
is_past_deadline (CuratorSession *session)
{
  gint64 deadline_us = curator_session_get_deadline_us (session);

  return deadline_us != 0 && curator_loop_now_us (session->loop) >= deadline_us;
}

/* To be asked before anything that arrived is looked at. */
static gboolean
is_over (CuratorSession *session)
{
  return session->handle != NULL && is_past_deadline (session) && CURATOR_GUARD (DEADLINE_BEFORE_INPUT);
}

static void
on_lease_timer (gpointer user_data)
{
  CuratorSession *session = user_data;

  session->lease_timer = NULL;
  if (session->handle == NULL || !CURATOR_GUARD (LOCAL_LOST))
    return;
  if (is_past_deadline (session))
    {
      curator_session_ref (session);
      end (session, CURATOR_SESSION_EVENT_EXPIRED, ZSESSIONEXPIRED);
      curator_session_outbox_deliver (&session->outbox);
      curator_session_unref (session);
      return;
    }
  session->lease_timer = curator_loop_add_timer_at (session->loop, curator_session_get_deadline_us (session),
                                                    on_lease_timer, session);
}

/* --- the C client's clockwork -------------------------------------------------------------------------------- */

static void on_tick_timer (gpointer user_data);

/* Lets the C client send its pings and notice its time-outs, and learns when it wants to be called again. */
static void
tick (CuratorSession *session)
{
  struct timeval wait = { 0, 0 };
  int interest = 0;
  int fd = -1;
  CuratorChannel *previous = curator_channel_enter (session->channel);

  zookeeper_interest (session->handle, &fd, &interest, &wait);
  curator_channel_leave (previous);
  curator_loop_cancel_timer (session->loop, &session->tick_timer);
  if (curator_channel_is_open (session->channel))
    session->tick_timer = curator_loop_add_timer (session->loop, MAX (wait.tv_sec * 1000 + wait.tv_usec / 1000, 1),
                                                  on_tick_timer, session);
}

static void
on_tick_timer (gpointer user_data)
{
  CuratorSession *session = user_data;

  session->tick_timer = NULL;
  curator_session_ref (session);
  /* What already arrived counts before the C client looks at its clock. */
  if (is_over (session))
    end (session, CURATOR_SESSION_EVENT_EXPIRED, ZSESSIONEXPIRED);
  else
    process_input (session);
  if (session->handle != NULL && session->link >= LINK_CONNECTING && session->link <= LINK_UP)
    {
      tick (session);
      check_link (session);
    }
  curator_session_outbox_deliver (&session->outbox);
  curator_session_unref (session);
}

static void
on_connect_timer (gpointer user_data)
{
  CuratorSession *session = user_data;

  session->connect_timer = NULL;
  curator_channel_fail (session->channel, ETIMEDOUT);
  curator_session_ref (session);
  process_input (session);
  curator_session_outbox_deliver (&session->outbox);
  curator_session_unref (session);
}

static void
on_endpoint (const struct sockaddr *address, socklen_t length, const char *label, const GError *error,
             gpointer user_data)
{
  CuratorSession *session = user_data;
  int fd;

  if (error != NULL)
    {
      g_debug ("no server address: %s", error->message);
      seek (session);
      return;
    }
  g_debug ("connecting to %s", label);
  curator_channel_open (session->channel, address, length);
  set_link (session, LINK_CONNECTING);
  tick (session);
  /* The first call may be the C client's own delay, which the server list's has replaced. */
  if (!curator_channel_is_claimed (session->channel))
    tick (session);
  fd = curator_channel_get_fd (session->channel);
  if (fd >= 0)
    {
      session->poll_fd = (GPollFD){ .fd = fd, .events = G_IO_OUT };
      g_source_add_poll (session->source, &session->poll_fd);
      session->poll_added = TRUE;
    }
  session->connect_timer = curator_loop_add_timer (session->loop, session->options.connect_timeout_ms,
                                                   on_connect_timer, session);
}

static void
seek (CuratorSession *session)
{
  set_link (session, LINK_SEEKING);
  curator_ensemble_next (session->ensemble, on_endpoint, session);
}

static void
process (CuratorSession *session, int events)
{
  CuratorChannel *previous = curator_channel_enter (session->channel);
  int rc = zookeeper_process (session->handle, events);

  curator_channel_leave (previous);
  if (rc == ZINVALIDSTATE)
    curator_channel_close (session->channel);
}

static void
on_writable_found (const char *label, gpointer user_data)
{
  CuratorSession *session = user_data;

  curator_ensemble_prefer (session->ensemble, label);
  curator_session_reconnect (session);
}

/* The handshake was answered; what the C client queued while it had no session can leave. */
static void
come_up (CuratorSession *session)
{
  process (session, ZOOKEEPER_WRITE);
  tick (session);
  curator_ensemble_succeeded (session->ensemble);
  update_deadline (session);
  if (session->read_only)
    session->probe = curator_rw_probe_new (session->loop, session->ensemble, on_writable_found, session);
  else if (session->lease_timer == NULL)
    session->lease_timer = curator_loop_add_timer_at (session->loop, curator_session_get_deadline_us (session),
                                                      on_lease_timer, session);
}

static void
process_packets (CuratorSession *session)
{
  curator_channel_fill (session->channel);
  while (session->handle != NULL && curator_channel_is_open (session->channel)
         && curator_channel_has_packet (session->channel))
    {
      gboolean was_up = session->link == LINK_UP;

      process (session, ZOOKEEPER_READ);
      if (!was_up && session->link == LINK_UP)
        come_up (session);
    }
  update_deadline (session);
}

static void
process_farewell (CuratorSession *session)
{
  guint8 ignored[256];

  curator_channel_fill (session->channel);
  while (curator_channel_has_packet (session->channel)
         && curator_channel_libc_recv (session->channel, ignored, sizeof ignored) > 0)
    continue;
  if (curator_channel_is_idle (session->channel) || curator_channel_get_status (session->channel) != 0)
    finish_close (session);
}

static void
process_input (CuratorSession *session)
{
  switch (session->link)
    {
    case LINK_CONNECTING:
      if (curator_channel_get_status (session->channel) == EINPROGRESS)
        return;
      process (session, ZOOKEEPER_WRITE);
      if (curator_channel_is_open (session->channel))
        set_link (session, LINK_HANDSHAKE);
      break;
    case LINK_HANDSHAKE:
    case LINK_UP:
      process_packets (session);
      break;
    case LINK_CLOSING:
      process_farewell (session);
      return;
    case LINK_IDLE:
    case LINK_SEEKING:
    case LINK_OVER:
    default:
      return;
    }
  check_link (session);
}

/* --- the C client's callbacks -------------------------------------------------------------------------------- */

static void
on_session_event (CuratorSession *session, int state)
{
  if (state == ZOO_CONNECTED_STATE || state == ZOO_READONLY_STATE)
    {
      session->read_only = state == ZOO_READONLY_STATE;
      session->timeout_ms = (guint) MAX (zoo_recv_timeout (session->handle), 1);
      session->id = zoo_client_id (session->handle)->client_id;
      set_link (session, LINK_UP);
      curator_session_outbox_add_event (&session->outbox,
                  session->read_only ? CURATOR_SESSION_EVENT_READ_ONLY : CURATOR_SESSION_EVENT_CONNECTED);
    }
  else if (state == ZOO_CONNECTING_STATE)
    {
      curator_session_outbox_add_event (&session->outbox, CURATOR_SESSION_EVENT_DISCONNECTED);
    }
}

static void
on_watch (zhandle_t *handle, int type, int state, const char *path, void *context)
{
  CuratorSession *session = context;

  if (type == ZOO_SESSION_EVENT)
    on_session_event (session, state);
  else if (type >= CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED && type <= CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED)
    curator_session_outbox_add_watch (&session->outbox, (CuratorWatchedEventType) type, path);
}

void
curator_session_ops_completed (CuratorRequest *request, int rc)
{
  CuratorSession *session = request->session;

  if (rc == ZCLOSING)
    rc = session->closing_rc;
  curator_session_outbox_add_reply (&session->outbox, request, rc);
}

typedef struct
{
  CuratorSession *session;
  CuratorSessionAuthFunc func;
  gpointer data;
} Auth;

static void
on_auth (int rc, const void *data)
{
  Auth *auth = (Auth *) data;

  curator_session_outbox_add_auth (&auth->session->outbox, rc, auth->func, auth->data);
  g_free (auth);
}

/* --- the source ---------------------------------------------------------------------------------------------- */

static gboolean
source_is_ready (CuratorSession *session)
{
  if (!curator_session_outbox_is_empty (&session->outbox))
    return TRUE;
  if (session->link == LINK_CONNECTING && curator_channel_get_status (session->channel) != EINPROGRESS)
    return TRUE;
  return curator_channel_is_ready (session->channel);
}

static gboolean
source_prepare (GSource *source, int *timeout_ms)
{
  CuratorSession *session = ((SessionSource *) source)->session;

  *timeout_ms = -1;
  if (!curator_loop_is_alive (session->loop))
    {
      /* The parent's connection must not keep a child awake. */
      unpoll (session);
      return FALSE;
    }
  /* The last moment before the loop sleeps: what the callbacks of this round asked for leaves in one write. */
  if (session->link == LINK_UP)
    curator_channel_flush (session->channel);
  if (session->poll_added)
    session->poll_fd.events = curator_channel_get_wanted (session->channel);
  return source_is_ready (session);
}

static gboolean
source_check (GSource *source)
{
  CuratorSession *session = ((SessionSource *) source)->session;

  if (!curator_loop_is_alive (session->loop))
    return FALSE;
  return (session->poll_added && session->poll_fd.revents != 0) || source_is_ready (session);
}

static gboolean
source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  CuratorSession *session = ((SessionSource *) source)->session;

  curator_session_ref (session);
  /* After a pause the session may be over although answers from before it are still to be read. */
  if (is_over (session))
    end (session, CURATOR_SESSION_EVENT_EXPIRED, ZSESSIONEXPIRED);
  else
    process_input (session);
  curator_channel_flush (session->channel);
  curator_session_outbox_deliver (&session->outbox);
  curator_channel_flush (session->channel);
  curator_session_unref (session);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { source_prepare, source_check, source_dispatch, NULL, NULL, NULL };

/* --- life ---------------------------------------------------------------------------------------------------- */

CuratorSession *
curator_session_new (CuratorLoop *loop, CuratorEnsemble *ensemble, const CuratorSessionOptions *options,
                     const CuratorSessionCallbacks *callbacks, gpointer user_data)
{
  CuratorSession *session = g_new0 (CuratorSession, 1);

  session->ref_count = 1;
  session->loop = curator_loop_ref (loop);
  session->ensemble = ensemble;
  session->options = *options;
  curator_session_outbox_init (&session->outbox, session, callbacks, user_data);
  session->timeout_ms = options->timeout_ms;
  session->closing_rc = CURATOR_RC_CLOSED;
  session->channel = curator_channel_new (curator_loop_get_net (loop), options->max_reply_bytes);
  session->source = g_source_new (&source_funcs, sizeof (SessionSource));
  ((SessionSource *) session->source)->session = session;
  g_source_set_static_name (session->source, "[curator] session");
  g_source_set_can_recurse (session->source, TRUE);
  return session;
}

CuratorSession *
curator_session_ref (CuratorSession *session)
{
  session->ref_count++;
  return session;
}

void
curator_session_unref (CuratorSession *session)
{
  if (--session->ref_count > 0)
    return;
  set_link (session, LINK_OVER);
  close_handle (session, CURATOR_RC_CLOSED);
  g_source_destroy (session->source);
  g_source_unref (session->source);
  curator_session_outbox_clear (&session->outbox);
  curator_channel_free (session->channel);
  curator_loop_unref (session->loop);
  g_free (session);
}

static zhandle_t *
open_handle (CuratorSession *session)
{
  int flags = ZOO_NO_LOG_CLIENTENV | (session->options.read_only ? ZOO_READONLY : 0);
  CuratorChannel *previous = curator_channel_enter (session->channel);
  zhandle_t *handle;

  zoo_set_debug_level ((ZooLogLevel) 0); /* the connection's states are logged here, not there */
  zoo_deterministic_conn_order (1);
  handle = zookeeper_init ("server:2181", on_watch, (int) session->options.timeout_ms, NULL, session, flags);
  zoo_set_servers_resolution_delay (handle, -1);
  curator_channel_leave (previous);
  return handle;
}

void
curator_session_start (CuratorSession *session)
{
  g_return_if_fail (session->handle == NULL && session->link == LINK_IDLE);

  session->handle = open_handle (session);
  g_source_attach (session->source, curator_loop_get_context (session->loop));
  seek (session);
}

static void
finish_close (CuratorSession *session)
{
  CuratorSessionClosedFunc func;

  /* A callback may come back here, and finish first. */
  curator_session_outbox_deliver (&session->outbox);
  func = g_steal_pointer (&session->closed_func);
  if (session->link == LINK_OVER && func == NULL)
    return;
  set_link (session, LINK_OVER);
  unpoll (session);
  curator_channel_close (session->channel);
  if (func != NULL)
    func (session->closed_data);
}

static void
on_close_due (gpointer user_data)
{
  CuratorSession *session = user_data;

  session->close_timer = NULL;
  curator_session_ref (session);
  finish_close (session);
  curator_session_unref (session);
}

void
curator_session_close (CuratorSession *session, guint wait_ms, CuratorSessionClosedFunc func, gpointer user_data)
{
  gboolean was_up = session->link == LINK_UP;

  g_return_if_fail (session->closed_func == NULL && !session->outbox.silent);

  curator_session_outbox_set_silent (&session->outbox);
  session->closed_func = func;
  session->closed_data = user_data;
  curator_ensemble_cancel_next (session->ensemble, session);
  curator_channel_set_linger (session->channel, was_up);
  close_handle (session, CURATOR_RC_CLOSED);
  if (was_up)
    {
      set_link (session, LINK_CLOSING);
      curator_channel_flush (session->channel);
    }
  else
    {
      set_link (session, LINK_OVER);
      unpoll (session);
    }
  session->close_timer = curator_loop_add_timer (session->loop, was_up ? wait_ms : 0, on_close_due, session);
}

void
curator_session_reconnect (CuratorSession *session)
{
  if (session->link < LINK_CONNECTING || session->link > LINK_UP)
    return;
  curator_channel_fail (session->channel, ECONNRESET);
}

/* --- requests ------------------------------------------------------------------------------------------------ */

gboolean
curator_session_is_up (CuratorSession *session)
{
  return session->link == LINK_UP;
}

gboolean
curator_session_is_read_only (CuratorSession *session)
{
  return session->link == LINK_UP && session->read_only;
}

/* What the source would do before the loop sleeps again: only, it sleeps already. */
static void
see_off (gpointer user_data)
{
  CuratorSession *session = user_data;

  session->sees_visitor_off = FALSE;
  if (session->link == LINK_UP)
    curator_channel_flush (session->channel);
  if (source_is_ready (session)
      || (session->poll_added && session->poll_fd.events != curator_channel_get_wanted (session->channel)))
    curator_loop_wake (session->loop);
  curator_session_unref (session);
}

void
curator_session_submit (CuratorSession *session, CuratorRequest *request)
{
  CuratorChannel *previous;
  int rc = session->link == LINK_OVER ? session->closing_rc : ZCONNECTIONLOSS;

  if (curator_loop_is_visited (session->loop) && !session->sees_visitor_off)
    {
      session->sees_visitor_off = TRUE;
      curator_loop_before_leave (session->loop, see_off, curator_session_ref (session));
    }
  request->session = session;
  request->session_id = session->id;
  curator_request_ref (request);
  if (session->link == LINK_UP && session->handle != NULL)
    {
      previous = curator_channel_enter (session->channel);
      rc = curator_session_ops_send (session->handle, request, on_watch, session);
      curator_channel_leave (previous);
    }
  if (rc != ZOK)
    curator_session_outbox_add_reply (&session->outbox, request, rc);
}

void
curator_session_forget_watches (CuratorSession *session, const char *path, CuratorWatchKind kind)
{
  CuratorChannel *previous;

  if (session->handle == NULL)
    return;
  previous = curator_channel_enter (session->channel);
  curator_session_ops_forget_watches (session->handle, path, kind);
  curator_channel_leave (previous);
}

void
curator_session_add_auth (CuratorSession *session, const char *scheme, GBytes *bytes, CuratorSessionAuthFunc func,
                          gpointer user_data)
{
  CuratorChannel *previous;
  Auth *auth = g_new (Auth, 1);
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  int rc = ZINVALIDSTATE;

  *auth = (Auth){ session, func, user_data };
  if (session->handle != NULL)
    {
      previous = curator_channel_enter (session->channel);
      rc = zoo_add_auth (session->handle, scheme, data, (int) length, on_auth, auth);
      if (rc == ZOK && session->link == LINK_UP)
        process (session, ZOOKEEPER_WRITE);
      curator_channel_leave (previous);
    }
  if (rc != ZOK)
    on_auth (rc, auth);
}

/* --- values -------------------------------------------------------------------------------------------------- */

gint64
curator_session_get_id (CuratorSession *session)
{
  return session->id;
}

const char *
curator_session_get_password (CuratorSession *session, gsize *length)
{
  const clientid_t *id;

  if (session->handle == NULL)
    {
      *length = 0;
      return NULL;
    }
  id = zoo_client_id (session->handle);
  *length = sizeof id->passwd;
  return id->passwd;
}

guint
curator_session_get_timeout_ms (CuratorSession *session)
{
  return session->timeout_ms;
}

gint64
curator_session_get_deadline_us (CuratorSession *session)
{
  return session->deadline_us;
}

guint64
curator_session_get_bytes_sent (CuratorSession *session)
{
  return curator_channel_get_bytes_sent (session->channel);
}

guint64
curator_session_get_bytes_received (CuratorSession *session)
{
  return curator_channel_get_bytes_received (session->channel);
}
