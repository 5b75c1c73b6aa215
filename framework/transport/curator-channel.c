/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-channel-private.h"

#include <errno.h>
#include <string.h>

#include "curator-bytes-private.h"
#include "curator-guard-private.h"
#include "curator-reply-format-private.h"
#include "curator-request-private.h"
#include "curator-sent-list-private.h"
#include "curator-set-watches-private.h"

#define LENGTH_SIZE 4
#define REPLY_HEADER_SIZE 16 /* xid, zxid, error */
#define READ_AHEAD (64 * 1024)
/* Requests of one round leave together, but not so many at once that the server and we would work by turns. */
#define FLUSH_AT 1024
struct _CuratorChannel
{
  CuratorNet *net;
  CuratorNetStream *stream;
  gint64 now_us;
  gsize max_reply_bytes;
  gint32 last_xid;
  int error_number; /* what the C client is to see once the packets before it are consumed */
  gboolean linger;
  gboolean handed_out; /* the C client has its descriptor */

  GByteArray *out;
  gsize out_flushed;
  gboolean out_blocked; /* the stream took no more when it was asked last */
  gsize frame_start; /* in out: where the frame under composition begins */
  gboolean handshake_composed;

  GByteArray *in;
  gsize in_read;         /* up to where the C client has read */
  gsize packet_left;     /* of the packet that the C client is reading */
  gsize swallow;         /* bytes of an oversized reply still to be dropped */
  gboolean handshake_received;

  CuratorSentList sent;
  gint64 answered_us;
  guint64 bytes_sent, bytes_received;
};

static __thread CuratorChannel *current_channel;

CuratorChannel *
curator_channel_new (CuratorNet *net, gsize max_reply_bytes)
{
  CuratorChannel *channel = g_new0 (CuratorChannel, 1);

  channel->net = net;
  channel->max_reply_bytes = MAX (max_reply_bytes, REPLY_HEADER_SIZE);
  channel->now_us = net->now_us (net);
  channel->out = g_byte_array_sized_new (4096);
  channel->in = g_byte_array_sized_new (READ_AHEAD);
  curator_sent_list_init (&channel->sent);
  return channel;
}

void
curator_channel_free (CuratorChannel *channel)
{
  curator_channel_close (channel);
  g_byte_array_unref (channel->out);
  g_byte_array_unref (channel->in);
  curator_sent_list_clear (&channel->sent);
  g_free (channel);
}

void
curator_channel_open (CuratorChannel *channel, const struct sockaddr *address, socklen_t length)
{
  g_return_if_fail (channel->stream == NULL);

  g_byte_array_set_size (channel->out, 0);
  g_byte_array_set_size (channel->in, 0);
  curator_sent_list_reset (&channel->sent);
  channel->out_flushed = channel->frame_start = 0;
  channel->out_blocked = FALSE;
  channel->in_read = channel->packet_left = channel->swallow = 0;
  channel->handshake_composed = channel->handshake_received = FALSE;
  channel->error_number = 0;
  channel->linger = FALSE;
  channel->answered_us = 0;
  channel->stream = channel->net->connect (channel->net, address, length);
}

void
curator_channel_close (CuratorChannel *channel)
{
  CuratorNetStream *stream = g_steal_pointer (&channel->stream);

  if (stream != NULL)
    stream->klass->close (stream);
}

gboolean
curator_channel_is_open (CuratorChannel *channel)
{
  return channel->stream != NULL;
}

gboolean
curator_channel_is_claimed (CuratorChannel *channel)
{
  return channel->handed_out;
}

int
curator_channel_get_fd (CuratorChannel *channel)
{
  return channel->stream != NULL ? channel->stream->klass->get_fd (channel->stream) : -1;
}

int
curator_channel_get_status (CuratorChannel *channel)
{
  if (channel->error_number != 0)
    return channel->error_number;
  return channel->stream != NULL ? channel->stream->klass->status (channel->stream) : ENOTCONN;
}

GIOCondition
curator_channel_get_wanted (CuratorChannel *channel)
{
  if (channel->stream == NULL || channel->error_number != 0)
    return 0;
  if (channel->stream->klass->status (channel->stream) == EINPROGRESS)
    return G_IO_OUT;
  return G_IO_IN | (channel->out_flushed < channel->out->len ? G_IO_OUT : 0);
}

gboolean
curator_channel_is_ready (CuratorChannel *channel)
{
  if (channel->stream == NULL)
    return FALSE;
  if (curator_channel_has_packet (channel))
    return TRUE;
  if (channel->stream->klass->get_fd (channel->stream) >= 0)
    return FALSE;
  return (channel->stream->klass->poll (channel->stream) & curator_channel_get_wanted (channel)) != 0;
}

/* What the server said before it hung up still counts: it may be why. */
static void
fail_to_send (CuratorChannel *channel, int error_number)
{
  curator_channel_fill (channel);
  curator_channel_fail (channel, error_number);
}

void
curator_channel_flush (CuratorChannel *channel)
{
  if (channel->stream == NULL || channel->error_number != 0 || channel->out_flushed == channel->out->len
      || channel->stream->klass->status (channel->stream) != 0)
    return;

  channel->now_us = channel->net->now_us (channel->net);
  /* A request is dated before the first of its bytes can have left. */
  curator_sent_list_stamp (&channel->sent, channel->now_us);
  channel->out_blocked = FALSE;
  while (channel->out_flushed < channel->out->len)
    {
      gssize n = channel->stream->klass->send (channel->stream, channel->out->data + channel->out_flushed,
                                               channel->out->len - channel->out_flushed);
      if (n < 0)
        {
          channel->out_blocked = errno == EAGAIN;
          if (!channel->out_blocked)
            fail_to_send (channel, errno);
          break;
        }
      channel->out_flushed += n;
      channel->bytes_sent += n;
    }

  if (channel->out_flushed == channel->out->len)
    {
      channel->frame_start -= channel->out_flushed;
      channel->out_flushed = 0;
      g_byte_array_set_size (channel->out, 0);
    }
  else if (channel->out_flushed > READ_AHEAD && channel->out_flushed > channel->out->len / 2)
    {
      g_byte_array_remove_range (channel->out, 0, channel->out_flushed);
      channel->frame_start -= channel->out_flushed;
      channel->out_flushed = 0;
    }
}

void
curator_channel_fail (CuratorChannel *channel, int error_number)
{
  if (channel->error_number == 0)
    channel->error_number = error_number != 0 ? error_number : ECONNRESET;
}

void
curator_channel_set_linger (CuratorChannel *channel, gboolean linger)
{
  channel->linger = linger;
}

/* --- requests ---------------------------------------------------------------------------------------------- */

static void
frame_composed (CuratorChannel *channel)
{
  const guint8 *body = channel->out->data + channel->frame_start + LENGTH_SIZE;
  gsize length = channel->out->len - channel->frame_start - LENGTH_SIZE;

  if (!channel->handshake_composed)
    {
      channel->handshake_composed = TRUE;
      curator_sent_list_add (&channel->sent, CURATOR_XID_HANDSHAKE, "", NULL);
    }
  else
    {
      gint32 xid = (gint32) curator_bytes_read_uint32 (body);

      if (xid == CURATOR_XID_SET_WATCHES && length > CURATOR_SET_WATCHES_MAX)
        {
          g_autofree guint8 *frame = g_memdup2 (body, length);

          g_byte_array_set_size (channel->out, channel->frame_start);
          for (guint n = curator_set_watches_split (frame, length, channel->out); n > 0; n--)
            curator_sent_list_add (&channel->sent, CURATOR_XID_SET_WATCHES, "", NULL);
        }
      else
        {
          gboolean is_own = xid < 0; /* the C client's: there is no body in the answer */

          curator_sent_list_add (&channel->sent, xid,
                                 is_own ? "" : curator_reply_format_get ((gint32) curator_bytes_read_uint32 (body + 4)),
                                 is_own ? NULL : curator_reply_format_get_parts (body, length));
        }
    }
  channel->frame_start = channel->out->len;
}

void
curator_channel_libc_send (CuratorChannel *channel, const void *data, gsize length)
{
  if (channel->stream == NULL || channel->error_number != 0)
    return;

  /* The C client sends a packet's length and body apart, each in one call. */
  g_byte_array_append (channel->out, data, length);
  while (channel->out->len - channel->frame_start >= LENGTH_SIZE
         && channel->out->len - channel->frame_start - LENGTH_SIZE
              >= curator_bytes_read_uint32 (channel->out->data + channel->frame_start))
    frame_composed (channel);
  /* Only between packets: a packet under composition may still be taken apart. */
  if (!channel->out_blocked && channel->frame_start == channel->out->len
      && (channel->out->len - channel->out_flushed >= FLUSH_AT || CURATOR_WHIM (FLUSH_AT_ONCE)))
    curator_channel_flush (channel);
}

/* --- replies ----------------------------------------------------------------------------------------------- */

/* Drops what was read; the memory of an unusually large reply is given back. */
static void
make_room (CuratorChannel *channel)
{
  if (channel->in_read == channel->in->len)
    {
      if (channel->in->len > 16 * READ_AHEAD)
        {
          g_byte_array_unref (channel->in);
          channel->in = g_byte_array_sized_new (READ_AHEAD);
        }
      g_byte_array_set_size (channel->in, 0);
      channel->in_read = 0;
    }
  else if (channel->in_read > READ_AHEAD)
    {
      g_byte_array_remove_range (channel->in, 0, channel->in_read);
      channel->in_read = 0;
    }
}

void
curator_channel_fill (CuratorChannel *channel)
{
  if (channel->stream == NULL || channel->error_number != 0)
    return;
  make_room (channel);

  for (gsize room = READ_AHEAD;;)
    {
      gsize filled = channel->in->len;
      gssize n;

      g_byte_array_set_size (channel->in, filled + room);
      n = channel->stream->klass->recv (channel->stream, channel->in->data + filled, room);
      g_byte_array_set_size (channel->in, filled + MAX (n, 0));
      if (n == 0)
        curator_channel_fail (channel, ECONNRESET);
      else if (n < 0 && errno != EAGAIN)
        curator_channel_fail (channel, errno);
      else if (n > 0)
        channel->bytes_received += n;
      /* A short read emptied the stream. More than a few packets at a time would starve the rest of the loop. */
      if (n < (gssize) room || channel->in->len - channel->in_read > 4 * READ_AHEAD)
        return;
    }
}

/* Drops what is left of an oversized reply; TRUE once it is gone. */
static gboolean
swallow_rest (CuratorChannel *channel)
{
  gsize n = MIN (channel->swallow, channel->in->len - channel->in_read);

  channel->in_read += n;
  channel->swallow -= n;
  return channel->swallow == 0;
}

/* Leaves of an oversized reply only the header, with an error of our own. */
static gboolean
shorten_reply (CuratorChannel *channel, guint8 *packet, gsize length)
{
  guint32 short_length = GUINT32_TO_BE (REPLY_HEADER_SIZE);
  guint32 error = GUINT32_TO_BE ((guint32) CURATOR_RC_REPLY_TOO_LARGE);
  guint8 kept[LENGTH_SIZE + REPLY_HEADER_SIZE];
  gsize dropped = length - REPLY_HEADER_SIZE;
  gsize here;

  memcpy (kept, packet, sizeof kept);
  memcpy (kept, &short_length, sizeof short_length);
  memcpy (kept + LENGTH_SIZE + 12, &error, sizeof error);
  /* The header moves up against what follows in the buffer. */
  here = MIN (dropped, channel->in->len - channel->in_read - sizeof kept);
  channel->in_read += here;
  memcpy (channel->in->data + channel->in_read, kept, sizeof kept);
  channel->swallow = dropped - here;
  return TRUE;
}

/* The server heard of us when the request was sent at the latest; how long the answer took says nothing. */
static void
note_answer (CuratorChannel *channel, gint64 sent_us)
{
  gint64 heard_us = CURATOR_GUARD (DATE_BY_SENDING) ? sent_us : channel->net->now_us (channel->net);

  channel->answered_us = MAX (channel->answered_us, heard_us);
}

/* TRUE where a whole packet can be read; after an error there is nothing but the header. */
static gboolean
check_body (const guint8 *packet, gsize length, const char *format, GByteArray *parts)
{
  if (curator_bytes_read_uint32 (packet + LENGTH_SIZE + 12) != 0)
    return TRUE;
  return curator_reply_format_matches (format, parts, packet + LENGTH_SIZE + REPLY_HEADER_SIZE,
                                       length - REPLY_HEADER_SIZE);
}

/* TRUE where the packet's beginning, as far as it is known, makes sense; takes its request off the list. */
static gboolean
accept_packet (CuratorChannel *channel, guint8 *packet, gsize length)
{
  CuratorSentRequest request = { 0 };
  g_autoptr (GByteArray) parts = NULL;
  gint32 xid;

  if (!channel->handshake_received)
    {
      channel->handshake_received = TRUE;
      if (!curator_sent_list_take (&channel->sent, CURATOR_XID_HANDSHAKE, &request))
        return FALSE;
      note_answer (channel, request.sent_us);
      return TRUE;
    }
  xid = (gint32) curator_bytes_read_uint32 (packet + LENGTH_SIZE);
  if (xid == CURATOR_XID_WATCH_EVENT)
    return length <= channel->max_reply_bytes &&
           curator_reply_format_matches (CURATOR_REPLY_FORMAT_EVENT, NULL, packet + LENGTH_SIZE + REPLY_HEADER_SIZE,
                                         length - REPLY_HEADER_SIZE);
  if (xid == CURATOR_XID_HANDSHAKE || !curator_sent_list_take (&channel->sent, xid, &request))
    return FALSE;
  parts = request.parts;
  note_answer (channel, request.sent_us);
  if (length > channel->max_reply_bytes)
    return shorten_reply (channel, packet, length);
  return check_body (packet, length, request.format, parts);
}

/* How many bytes of a packet of this length have to be there before it is looked at. */
static gboolean
check_length (CuratorChannel *channel, guint32 length, gsize *needed)
{
  if (!channel->handshake_received)
    {
      *needed = LENGTH_SIZE + length;
      return length == 36 || length == 37; /* without and with the read-only flag */
    }
  if (length < REPLY_HEADER_SIZE || length > G_MAXINT32)
    return FALSE;
  *needed = LENGTH_SIZE + (length > channel->max_reply_bytes ? REPLY_HEADER_SIZE : length);
  return TRUE;
}

static gboolean
next_packet (CuratorChannel *channel)
{
  gsize available = channel->in->len - channel->in_read;
  guint8 *packet = channel->in->data + channel->in_read;
  gsize needed;
  guint32 length;

  if (available < LENGTH_SIZE)
    return FALSE;
  length = curator_bytes_read_uint32 (packet);
  if (!check_length (channel, length, &needed))
    {
      curator_channel_fail (channel, EPROTO);
      return FALSE;
    }
  if (available < needed)
    return FALSE;
  if (!accept_packet (channel, packet, length))
    {
      curator_channel_fail (channel, EPROTO);
      return FALSE;
    }
  packet = channel->in->data + channel->in_read;
  channel->packet_left = LENGTH_SIZE + curator_bytes_read_uint32 (packet);
  return TRUE;
}

gboolean
curator_channel_has_packet (CuratorChannel *channel)
{
  if (channel->packet_left > 0)
    return TRUE;
  /* After a protocol error nothing of the input is worth anything. */
  if (channel->error_number == EPROTO)
    return TRUE;
  if (swallow_rest (channel) && next_packet (channel))
    return TRUE;
  return channel->error_number != 0;
}

gssize
curator_channel_libc_recv (CuratorChannel *channel, void *data, gsize length)
{
  gsize n = MIN (length, channel->packet_left);

  if (n == 0)
    {
      errno = channel->error_number != 0 ? channel->error_number : EAGAIN;
      return -1;
    }
  memcpy (data, channel->in->data + channel->in_read, n);
  channel->in_read += n;
  channel->packet_left -= n;
  return (gssize) n;
}

/* --- the C client's other calls ----------------------------------------------------------------------------- */

int
curator_channel_libc_socket (CuratorChannel *channel)
{
  /* A second socket would be the C client's own, blocking search for a writable server. */
  if (channel->stream == NULL || channel->handed_out)
    {
      errno = EMFILE;
      return -1;
    }
  channel->handed_out = TRUE;
  return CURATOR_CHANNEL_FD;
}

int
curator_channel_libc_connect (CuratorChannel *channel)
{
  errno = EINPROGRESS;
  return -1;
}

int
curator_channel_libc_close (CuratorChannel *channel)
{
  channel->handed_out = FALSE;
  if (!channel->linger)
    curator_channel_close (channel);
  return 0;
}

int
curator_channel_libc_get_error (CuratorChannel *channel)
{
  int status = curator_channel_get_status (channel);

  return status == EINPROGRESS ? 0 : status;
}

gint64
curator_channel_libc_now_us (CuratorChannel *channel)
{
  return channel->now_us;
}

guint64
curator_channel_libc_random (CuratorChannel *channel)
{
  return channel->net->random (channel->net);
}

gint32
curator_channel_libc_next_xid (CuratorChannel *channel)
{
  channel->last_xid = channel->last_xid == G_MAXINT32 ? 1 : channel->last_xid + 1;
  return channel->last_xid;
}

/* --- state ------------------------------------------------------------------------------------------------- */

gint64
curator_channel_get_answered_us (CuratorChannel *channel)
{
  return channel->answered_us;
}

gboolean
curator_channel_is_idle (CuratorChannel *channel)
{
  return curator_sent_list_is_empty (&channel->sent);
}

guint64
curator_channel_get_bytes_sent (CuratorChannel *channel)
{
  return channel->bytes_sent;
}

guint64
curator_channel_get_bytes_received (CuratorChannel *channel)
{
  return channel->bytes_received;
}

CuratorChannel *
curator_channel_enter (CuratorChannel *channel)
{
  CuratorChannel *previous = current_channel;

  channel->now_us = channel->net->now_us (channel->net);
  current_channel = channel;
  return previous;
}

void
curator_channel_leave (CuratorChannel *previous)
{
  current_channel = previous;
}

CuratorChannel *
curator_channel_get_current (void)
{
  return current_channel;
}
