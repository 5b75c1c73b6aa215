/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The requests that a connection's server has not answered yet, in the order of their sending, each with its
 * time. Those of the C client itself have numbers of their own. */

#define CURATOR_XID_WATCH_EVENT (-1)
#define CURATOR_XID_PING        (-2)
#define CURATOR_XID_AUTH        (-4)
#define CURATOR_XID_SET_WATCHES (-8)
/* Stands for the handshake; no request has it. */
#define CURATOR_XID_HANDSHAKE   G_MININT32

typedef struct
{
  gint32 xid;
  gint64 sent_us;     /* 0 until it left */
  const char *format; /* of its reply */
  GByteArray *parts;  /* of a transaction, or NULL */
} CuratorSentRequest;

/* To be embedded. */
typedef struct
{
  GArray *requests; /* CuratorSentRequest, from head on */
  guint head;
  guint n_unsent;
} CuratorSentList;

void curator_sent_list_init (CuratorSentList *list);
void curator_sent_list_clear (CuratorSentList *list);
/* Empties it, for another connection. */
void curator_sent_list_reset (CuratorSentList *list);
/* Takes @parts over. */
void curator_sent_list_add (CuratorSentList *list, gint32 xid, const char *format, GByteArray *parts);
/* Those that were added since the last time leave now. */
void curator_sent_list_stamp (CuratorSentList *list, gint64 now_us);
/* FALSE where no request that has left is waiting for an answer with this number now. @taken owns its parts.
 */
gboolean curator_sent_list_take (CuratorSentList *list, gint32 xid, CuratorSentRequest *taken);
gboolean curator_sent_list_is_empty (CuratorSentList *list);

G_END_DECLS
