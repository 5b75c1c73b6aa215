/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-session-private.h"

G_BEGIN_DECLS

/* What the C client said, kept until it has returned: then callbacks may do anything, even run a main loop
 * that comes back here. Loop only. To be embedded. */
typedef struct
{
  CuratorSession *session;
  CuratorSessionCallbacks callbacks;
  gpointer user_data;
  gboolean silent;    /* only replies and answers are delivered */
  GArray *deliveries; /* from next on */
  guint next;
} CuratorSessionOutbox;

void curator_session_outbox_init (CuratorSessionOutbox *outbox,
                                  CuratorSession *session,
                                  const CuratorSessionCallbacks *callbacks,
                                  gpointer user_data);
/* Of what was not delivered nothing is. */
void curator_session_outbox_clear (CuratorSessionOutbox *outbox);
void curator_session_outbox_set_silent (CuratorSessionOutbox *outbox);

void curator_session_outbox_add_event (CuratorSessionOutbox *outbox, CuratorSessionEvent event);
/* Takes the request's reference over. */
void curator_session_outbox_add_reply (CuratorSessionOutbox *outbox, CuratorRequest *request, int rc);
void curator_session_outbox_add_watch (CuratorSessionOutbox *outbox,
                                       CuratorWatchedEventType type,
                                       const char *path);
/* @func may be NULL. */
void curator_session_outbox_add_auth (CuratorSessionOutbox *outbox,
                                      int rc,
                                      CuratorSessionAuthFunc func,
                                      gpointer data);

gboolean curator_session_outbox_is_empty (CuratorSessionOutbox *outbox);
/* The session must not go meanwhile. */
void curator_session_outbox_deliver (CuratorSessionOutbox *outbox);

G_END_DECLS
