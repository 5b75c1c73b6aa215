/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-link-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Each direction is seen as a stream of ZooKeeper's frames: a 32-bit length, then a request's number and
 * type, or a reply's number. The first frame each way is the handshake. A stream that does not look like that
 * (a four-letter word) passes unread. */

enum
{
  TO_SERVER,
  TO_CLIENT,
  N_DIRECTIONS,
};

enum
{
  LENGTH_SIZE = 4,
  REQUEST_HEADER_SIZE = 12,
  REPLY_HEADER_SIZE = 8,
  MIN_FRAME_LENGTH = 8,
  MAX_FRAME_LENGTH = 64 * 1024 * 1024,
  MAX_QUEUED = 64 * 1024 * 1024,
};

typedef struct
{
  GBytes *bytes;
  gsize sent;
  gint64 due_us;
} Chunk;

/* What is on its way in one direction. */
typedef struct
{
  GQueue chunks;
  gsize n_queued;
  gboolean at_end;   /* nothing more comes in */
  gboolean end_sent; /* and that was passed on */
  gboolean unread;   /* not a stream of frames */
  gboolean handshake_seen;
  guint8 header[REQUEST_HEADER_SIZE];
  gsize n_header;
  gsize body_left;
} Pipe;

struct _CuratorTestLink
{
  CuratorTestFaults *faults;
  int fds[N_DIRECTIONS]; /* where each direction's data come from */
  Pipe pipes[N_DIRECTIONS];
  gboolean reset; /* close abruptly */
  gboolean over;
  gboolean awaits_reply; /* to the request that is to lose it */
  gint32 awaited_xid;
};

static gint32
get_int (const guint8 *at)
{
  gint32 wire;

  memcpy (&wire, at, sizeof wire);
  return GINT32_FROM_BE (wire);
}

static void
chunk_free (Chunk *chunk)
{
  g_bytes_unref (chunk->bytes);
  g_free (chunk);
}

static void
pipe_push (Pipe *pipe, const guint8 *data, gsize length, guint delay_ms)
{
  Chunk *chunk;

  if (length == 0)
    return;
  chunk = g_new0 (Chunk, 1);
  chunk->bytes = g_bytes_new (data, length);
  chunk->due_us = g_get_monotonic_time () + (gint64) delay_ms * 1000;
  g_queue_push_tail (&pipe->chunks, chunk);
  pipe->n_queued += length;
}

static gboolean
link_is_held (CuratorTestLink *link, guint direction)
{
  CuratorTestProxyFlow held = direction == TO_SERVER ? CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER
                                                     : CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT;

  return (link->faults->flow & held) != 0;
}

/* The other end is gone in a way that is no orderly end. */
static void
link_break (CuratorTestLink *link)
{
  link->reset = TRUE;
  link->over = TRUE;
}

/* Sends what is due; all there is with @all. */
static void
link_flush (CuratorTestLink *link, guint direction, gboolean all)
{
  Pipe *pipe = &link->pipes[direction];
  int fd = link->fds[1 - direction];
  gint64 now_us = g_get_monotonic_time ();
  Chunk *chunk;

  while ((chunk = g_queue_peek_head (&pipe->chunks)) != NULL && (all || chunk->due_us <= now_us))
    {
      gsize size;
      const char *data = g_bytes_get_data (chunk->bytes, &size);
      gssize n = send (fd, data + chunk->sent, size - chunk->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n < 0)
        {
          if (errno != EAGAIN && errno != EINTR)
            link_break (link);
          return;
        }
      chunk->sent += (gsize) n;
      pipe->n_queued -= (gsize) n;
      if (chunk->sent == size)
        chunk_free (g_queue_pop_head (&pipe->chunks));
    }
}

/* The chosen request or reply is lost, and the connection with it. What came before it still arrives. */
static void
link_cut (CuratorTestLink *link)
{
  for (guint i = 0; i < N_DIRECTIONS; i++)
    {
      if (!link_is_held (link, i))
        link_flush (link, i, TRUE);
    }
  link->faults->cut_pending = FALSE;
  link->awaits_reply = FALSE;
  link_break (link);
}

static gboolean
faults_match (const CuratorTestFaults *faults, gint32 xid, gint32 op)
{
  return faults->cut_op == CURATOR_TEST_PROXY_ANY_OP ? xid > 0 : op == faults->cut_op;
}

/* Whether the request passes. */
static gboolean
link_meet_request (CuratorTestLink *link, gint32 xid, gint32 op)
{
  CuratorTestFaults *faults = link->faults;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (faults->n_requests, GINT_TO_POINTER (op)));

  g_hash_table_insert (faults->n_requests, GINT_TO_POINTER (op), GUINT_TO_POINTER (n + 1));
  if (faults->cut == CURATOR_TEST_PROXY_CUT_NONE || !faults_match (faults, xid, op))
    return TRUE;
  if (faults->cut == CURATOR_TEST_PROXY_CUT_REQUEST)
    {
      faults->cut = CURATOR_TEST_PROXY_CUT_NONE;
      link_cut (link);
      return FALSE;
    }
  faults->cut = CURATOR_TEST_PROXY_CUT_NONE;
  link->awaits_reply = TRUE;
  link->awaited_xid = xid;
  return TRUE;
}

/* Whether the frame that the header begins passes. */
static gboolean
link_meet_frame (CuratorTestLink *link, guint direction, Pipe *pipe)
{
  gint32 xid = get_int (pipe->header + LENGTH_SIZE);

  if (!pipe->handshake_seen)
    {
      pipe->handshake_seen = TRUE;
      return TRUE;
    }
  if (direction == TO_SERVER)
    return link_meet_request (link, xid, get_int (pipe->header + REPLY_HEADER_SIZE));
  if (!link->awaits_reply || xid != link->awaited_xid)
    return TRUE;
  link_cut (link);
  return FALSE;
}

/* Takes a part of a frame's header; returns how many bytes of @data it was. */
static gsize
link_take_header (CuratorTestLink *link, guint direction, const guint8 *data, gsize length)
{
  Pipe *pipe = &link->pipes[direction];
  gsize header_size = direction == TO_SERVER ? REQUEST_HEADER_SIZE : REPLY_HEADER_SIZE;
  gsize wanted = pipe->n_header < LENGTH_SIZE ? LENGTH_SIZE : header_size;
  gsize n = MIN (wanted - pipe->n_header, length);
  gint32 frame_length;

  memcpy (pipe->header + pipe->n_header, data, n);
  pipe->n_header += n;
  if (pipe->n_header < LENGTH_SIZE)
    return n;
  frame_length = get_int (pipe->header);
  pipe->unread = frame_length < MIN_FRAME_LENGTH || frame_length > MAX_FRAME_LENGTH;
  if (!pipe->unread && (pipe->n_header < header_size || !link_meet_frame (link, direction, pipe)))
    return n;
  pipe_push (pipe, pipe->header, pipe->n_header, link->faults->delay_ms);
  pipe->body_left = (gsize) frame_length + LENGTH_SIZE - pipe->n_header;
  pipe->n_header = 0;
  return n;
}

static void
link_take (CuratorTestLink *link, guint direction, const guint8 *data, gsize length)
{
  Pipe *pipe = &link->pipes[direction];
  gsize n;

  for (; length > 0 && !link->over; data += n, length -= n)
    {
      if (!pipe->unread && pipe->body_left == 0)
        {
          n = link_take_header (link, direction, data, length);
          continue;
        }
      n = pipe->unread ? length : MIN (pipe->body_left, length);
      pipe_push (pipe, data, n, link->faults->delay_ms);
      if (!pipe->unread)
        pipe->body_left -= n;
    }
}

static void
link_take_end (CuratorTestLink *link, guint direction)
{
  Pipe *pipe = &link->pipes[direction];

  pipe->at_end = TRUE;
  pipe_push (pipe, pipe->header, pipe->n_header, link->faults->delay_ms);
  pipe->n_header = 0;
  /* A server that closes the connection instead of answering has lost the reply itself. */
  if (direction == TO_CLIENT && link->awaits_reply)
    link_cut (link);
}

static void
link_read (CuratorTestLink *link, guint direction)
{
  Pipe *pipe = &link->pipes[direction];
  guint8 buffer[16384];

  while (!link->over && !pipe->at_end && pipe->n_queued < MAX_QUEUED)
    {
      gssize n = recv (link->fds[direction], buffer, sizeof buffer, MSG_DONTWAIT);

      if (n > 0)
        link_take (link, direction, buffer, (gsize) n);
      else if (n == 0)
        link_take_end (link, direction);
      else if (errno == EAGAIN || errno == EINTR)
        return;
      else
        link_break (link);
    }
}

CuratorTestLink *
curator_test_link_new (CuratorTestFaults *faults, int client_fd, guint16 target_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = g_htons (target_port),
                                 .sin_addr = { g_htonl (INADDR_LOOPBACK) } };
  CuratorTestLink *link = g_new0 (CuratorTestLink, 1);
  int one = 1;
  int server_fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  link->faults = faults;
  link->fds[TO_SERVER] = client_fd;
  link->fds[TO_CLIENT] = server_fd;
  setsockopt (client_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (server_fd >= 0)
    setsockopt (server_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (server_fd >= 0 &&
      (connect (server_fd, (struct sockaddr *) &address, sizeof address) == 0 || errno == EINPROGRESS))
    return link;
  link->reset = TRUE;
  curator_test_link_free (link);
  return NULL;
}

void
curator_test_link_free (CuratorTestLink *link)
{
  const struct linger abrupt = { .l_onoff = 1, .l_linger = 0 };

  /* The request whose reply was to be lost went without one: the next one is chosen. */
  if (link->awaits_reply && link->faults->cut_pending)
    link->faults->cut = CURATOR_TEST_PROXY_CUT_REPLY;
  for (guint i = 0; i < N_DIRECTIONS; i++)
    {
      Pipe *pipe = &link->pipes[i];

      if (link->fds[i] >= 0 && link->reset)
        setsockopt (link->fds[i], SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
      if (link->fds[i] >= 0)
        close (link->fds[i]);
      g_queue_clear_full (&pipe->chunks, (GDestroyNotify) chunk_free);
    }
  g_free (link);
}

static gboolean
pipe_is_done (const Pipe *pipe)
{
  return pipe->at_end && pipe->end_sent;
}

gboolean
curator_test_link_run (CuratorTestLink *link)
{
  for (guint i = 0; i < N_DIRECTIONS && !link->over; i++)
    link_read (link, i);
  for (guint i = 0; i < N_DIRECTIONS && !link->over; i++)
    {
      Pipe *pipe = &link->pipes[i];

      if (link_is_held (link, i))
        continue;
      link_flush (link, i, FALSE);
      if (pipe->at_end && !pipe->end_sent && g_queue_is_empty (&pipe->chunks))
        {
          shutdown (link->fds[1 - i], SHUT_WR);
          pipe->end_sent = TRUE;
        }
    }
  return !link->over && !(pipe_is_done (&link->pipes[TO_SERVER]) && pipe_is_done (&link->pipes[TO_CLIENT]));
}

void
curator_test_link_get_poll (CuratorTestLink *link, struct pollfd *polls, gint64 *wake_us)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < N_DIRECTIONS; i++)
    {
      const Pipe *in = &link->pipes[i];
      Pipe *out = &link->pipes[1 - i];
      const Chunk *chunk = link_is_held (link, 1 - i) ? NULL : g_queue_peek_head (&out->chunks);

      polls[i] = (struct pollfd){ .fd = link->fds[i] };
      if (!in->at_end && in->n_queued < MAX_QUEUED)
        polls[i].events |= POLLIN;
      if (chunk != NULL && chunk->due_us <= now_us)
        polls[i].events |= POLLOUT;
      else if (chunk != NULL)
        *wake_us = MIN (*wake_us, chunk->due_us);
      /* Without this an end that is known already would be reported again and again. */
      if (polls[i].events == 0)
        polls[i].fd = -1;
    }
}

void
curator_test_link_reset (CuratorTestLink *link)
{
  link->reset = TRUE;
}
