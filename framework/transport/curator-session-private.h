/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-ensemble-private.h"
#include "curator-loop-private.h"
#include "curator-request-private.h"

G_BEGIN_DECLS

/* One ZooKeeper session: one handle of the C client, from before its first connection over any number of
 * reconnections to its end. It connects and reconnects by itself; it neither retries nor queues requests, and knows
 * neither namespaces nor chroots.
 *
 * The session ends when the server says so, or by its own deadline: the sending time of the last request that was
 * answered plus the negotiated time-out. Whoever owns it then makes another.
 *
 * Loop only. Callbacks are made in the order of what happened and never from inside a call, so that in them
 * everything is allowed. */

typedef struct _CuratorSession CuratorSession;

typedef enum
{
  CURATOR_SESSION_EVENT_CONNECTED,
  CURATOR_SESSION_EVENT_READ_ONLY,
  CURATOR_SESSION_EVENT_DISCONNECTED,
  /* final */
  CURATOR_SESSION_EVENT_EXPIRED,
  CURATOR_SESSION_EVENT_AUTH_FAILED,
} CuratorSessionEvent;

typedef struct
{
  void (*event) (CuratorSession *session, CuratorSessionEvent event, gpointer user_data);
  /* The request's results are filled in. */
  void (*replied) (CuratorSession *session, CuratorRequest *request, gpointer user_data);
  void (*watched) (CuratorSession *session, CuratorWatchedEventType type, const char *path, gpointer user_data);
} CuratorSessionCallbacks;

typedef struct
{
  guint timeout_ms;
  guint connect_timeout_ms;
  gboolean read_only;
  gsize max_reply_bytes;
  gint64 *published_deadline_us; /* where other threads read the deadline */
} CuratorSessionOptions;

typedef void (*CuratorSessionClosedFunc) (gpointer user_data);
typedef void (*CuratorSessionAuthFunc) (int rc, gpointer user_data);

CuratorSession *curator_session_new (CuratorLoop *loop, CuratorEnsemble *ensemble,
                                     const CuratorSessionOptions *options,
                                     const CuratorSessionCallbacks *callbacks, gpointer user_data);
CuratorSession *curator_session_ref (CuratorSession *session);
void curator_session_unref (CuratorSession *session);

void curator_session_start (CuratorSession *session);
/* No callback is made after this but those of requests still unanswered, with CURATOR_RC_CLOSED, and then @func,
 * once the server confirmed the end of the session, or after @wait_ms. */
void curator_session_close (CuratorSession *session, guint wait_ms, CuratorSessionClosedFunc func,
                            gpointer user_data);
/* Drops the connection; the session connects again. */
void curator_session_reconnect (CuratorSession *session);

/* Whether a request would be sent now. */
gboolean curator_session_is_up (CuratorSession *session);
gboolean curator_session_is_read_only (CuratorSession *session);
/* Sends the request's server_path and arguments; takes a reference until it was called back. Exactly one callback,
 * with the ZooKeeper number in request->rc. */
void curator_session_submit (CuratorSession *session, CuratorRequest *request);
/* While not connected: the watches on @path are not set again at the next connection. */
void curator_session_forget_watches (CuratorSession *session, const char *path, CuratorWatchKind kind);
/* An upper bound of the packet's size. */
gsize curator_session_measure (CuratorRequest *request);
/* Kept for the life of the session and sent at each connection; may only be called while connected or before the
 * start. @func may be NULL. */
void curator_session_add_auth (CuratorSession *session, const char *scheme, GBytes *auth,
                               CuratorSessionAuthFunc func, gpointer user_data);

gint64 curator_session_get_id (CuratorSession *session);
const char *curator_session_get_password (CuratorSession *session, gsize *length);
guint curator_session_get_timeout_ms (CuratorSession *session);
/* Up to when the session is sure to live, on the loop's clock; 0 before the first connection. */
gint64 curator_session_get_deadline_us (CuratorSession *session);
guint64 curator_session_get_bytes_sent (CuratorSession *session);
guint64 curator_session_get_bytes_received (CuratorSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorSession, curator_session_unref)

G_END_DECLS
