/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-net-private.h"

G_BEGIN_DECLS

/* The byte stream as the C client sees it: what it "sends" is collected and leaves in one write, what it "receives"
 * comes from a read-ahead buffer, one whole packet at a time. In between stand the repairs:
 *
 *  - a send never fails and never comes up short: a broken stream shows at the next receive, where the C client
 *    handles it well;
 *  - every request is remembered with its time of sending, so that a reply tells up to when the server had surely
 *    heard of us;
 *  - a reply that belongs to no request ends the connection instead of an assertion;
 *  - a reply larger than the limit is swallowed, and its request fails alone;
 *  - a SetWatches packet of any size leaves as several bounded ones.
 *
 * Loop only. */

typedef struct _CuratorChannel CuratorChannel;

/* The only descriptor the C client ever sees. */
#define CURATOR_CHANNEL_FD 0x2fffffff

CuratorChannel *curator_channel_new (CuratorNet *net, gsize max_reply_bytes);
void curator_channel_free (CuratorChannel *channel);

/* The stream that the C client's next socket and connect are to get. */
void curator_channel_open (CuratorChannel *channel, const struct sockaddr *address, socklen_t length);
/* Closes the stream at once. */
void curator_channel_close (CuratorChannel *channel);
gboolean curator_channel_is_open (CuratorChannel *channel);
/* TRUE once the C client has its descriptor. */
gboolean curator_channel_is_claimed (CuratorChannel *channel);
/* What get_fd (), status () and poll () of the stream say; -1 without a descriptor. */
int curator_channel_get_fd (CuratorChannel *channel);
int curator_channel_get_status (CuratorChannel *channel);
/* What the stream waits for; whether it can be dispatched without waiting. */
GIOCondition curator_channel_get_wanted (CuratorChannel *channel);
gboolean curator_channel_is_ready (CuratorChannel *channel);

/* Sends what was collected, as far as the stream takes it. */
void curator_channel_flush (CuratorChannel *channel);
/* Reads what the stream has. */
void curator_channel_fill (CuratorChannel *channel);
/* TRUE where the C client can receive a whole packet, or must learn of a failure. */
gboolean curator_channel_has_packet (CuratorChannel *channel);
/* Makes the C client see its connection fail with the error number. */
void curator_channel_fail (CuratorChannel *channel, int error_number);
/* From now on the C client's close leaves the stream open, so that a last request can be flushed and answered. */
void curator_channel_set_linger (CuratorChannel *channel, gboolean linger);

/* When the request was sent that was answered last; 0 before the handshake was. */
gint64 curator_channel_get_answered_us (CuratorChannel *channel);
/* TRUE while every request sent so far was answered. */
gboolean curator_channel_is_idle (CuratorChannel *channel);
guint64 curator_channel_get_bytes_sent (CuratorChannel *channel);
guint64 curator_channel_get_bytes_received (CuratorChannel *channel);

/* Makes @channel the one that the C client's calls of this thread go to, until leave. Nests. */
CuratorChannel *curator_channel_enter (CuratorChannel *channel);
void curator_channel_leave (CuratorChannel *previous);
CuratorChannel *curator_channel_get_current (void);

/* The calls of the C client, for curator-libc.c. */
int curator_channel_libc_socket (CuratorChannel *channel);
int curator_channel_libc_connect (CuratorChannel *channel);
int curator_channel_libc_close (CuratorChannel *channel);
void curator_channel_libc_send (CuratorChannel *channel, const void *data, gsize length);
gssize curator_channel_libc_recv (CuratorChannel *channel, void *data, gsize length);
int curator_channel_libc_get_error (CuratorChannel *channel);
gint64 curator_channel_libc_now_us (CuratorChannel *channel);
guint64 curator_channel_libc_random (CuratorChannel *channel);
gint32 curator_channel_libc_next_xid (CuratorChannel *channel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorChannel, curator_channel_free)

G_END_DECLS
