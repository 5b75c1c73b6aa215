/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-net-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "curator-fork-private.h"

/* A TCP connection. Without a descriptor (-1) it never came about, and error says why. */
typedef struct
{
  CuratorNetStream stream;
  int fd;
  int error; /* as status () */
} NetStream;

/* xoshiro256**, one state per thread. */
typedef struct
{
  guint64 s[4];
  guint generation;
  gboolean seeded;
} NetRandom;

typedef struct
{
  CuratorNetResolveFunc func;
  gpointer user_data;
} NetLookup;

typedef struct
{
  CuratorNetReverseFunc func;
  gpointer user_data;
} NetReverse;

static _Thread_local NetRandom thread_random;

static gint64
net_now_us (CuratorNet *net)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static guint64
splitmix64 (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* A forked child must not repeat its parent's numbers: GUIDs are made of them. */
static void
random_seed (NetRandom *self)
{
  gssize length;

  do
    length = getrandom (self->s, sizeof self->s, 0);
  while (length < 0 && errno == EINTR);
  if (length != (gssize) sizeof self->s)
    {
      /* A kernel without getrandom (): what differs between threads, processes and moments. */
      guint64 state = (guint64) net_now_us (NULL) ^ ((guint64) getpid () << 40) ^ (guint64) (gsize) self;

      for (guint i = 0; i < G_N_ELEMENTS (self->s); i++)
        self->s[i] = splitmix64 (&state);
    }
  self->s[0] |= 1;
  self->generation = curator_fork_get_generation ();
  self->seeded = TRUE;
}

static guint64
rotate_left (guint64 x, guint k)
{
  return (x << k) | (x >> (64 - k));
}

static guint64
net_random (CuratorNet *net)
{
  NetRandom *self = &thread_random;
  guint64 result, t;

  if (!self->seeded || self->generation != curator_fork_get_generation ())
    random_seed (self);
  result = rotate_left (self->s[1] * 5, 7) * 9;
  t = self->s[1] << 17;
  self->s[2] ^= self->s[0];
  self->s[3] ^= self->s[1];
  self->s[1] ^= self->s[2];
  self->s[0] ^= self->s[3];
  self->s[2] ^= t;
  self->s[3] = rotate_left (self->s[3], 45);
  return result;
}

static void
stream_fail (NetStream *self, int error)
{
  self->error = error;
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* A connect to a port of this machine that nobody listens on can meet itself, if the port given to our end
 * happens to be the same one. */
static gboolean
stream_is_self_connected (NetStream *self)
{
  struct sockaddr_storage own = { 0 }, peer = { 0 };
  socklen_t own_length = sizeof own, peer_length = sizeof peer;

  return getsockname (self->fd, (struct sockaddr *) &own, &own_length) == 0 &&
         getpeername (self->fd, (struct sockaddr *) &peer, &peer_length) == 0 && own_length == peer_length &&
         memcmp (&own, &peer, own_length) == 0;
}

static int
stream_status (CuratorNetStream *stream)
{
  NetStream *self = (NetStream *) stream;
  struct pollfd poll_fd = { .fd = self->fd, .events = POLLOUT };
  int error = 0;
  socklen_t length = sizeof error;

  if (self->error != EINPROGRESS || poll (&poll_fd, 1, 0) <= 0)
    return self->error;
  if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
    error = errno;
  if (error == 0 && stream_is_self_connected (self))
    error = ECONNREFUSED;
  /* The descriptor stays: it may be in the middle of being polled. */
  self->error = error;
  return self->error;
}

/* 0 where bytes can flow, else -1 with errno. */
static int
stream_check (NetStream *self)
{
  int status = stream_status (&self->stream);

  if (status == 0)
    return 0;
  errno = status == EINPROGRESS ? EAGAIN : status;
  return -1;
}

static gssize
stream_send (CuratorNetStream *stream, const void *data, gsize length)
{
  NetStream *self = (NetStream *) stream;
  gssize sent;

  if (stream_check (self) != 0)
    return -1;
  do
    sent = send (self->fd, data, length, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent;
}

static gssize
stream_recv (CuratorNetStream *stream, void *data, gsize length)
{
  NetStream *self = (NetStream *) stream;
  gssize received;

  if (stream_check (self) != 0)
    return -1;
  do
    received = recv (self->fd, data, length, 0);
  while (received < 0 && errno == EINTR);
  return received;
}

static int
stream_get_fd (CuratorNetStream *stream)
{
  return ((NetStream *) stream)->fd;
}

static GIOCondition
stream_poll (CuratorNetStream *stream)
{
  NetStream *self = (NetStream *) stream;
  struct pollfd poll_fd = { .fd = self->fd, .events = POLLIN | POLLOUT };
  GIOCondition condition = 0;

  /* A failure is for send () and recv () to report. */
  if (self->fd < 0)
    return G_IO_IN | G_IO_OUT;
  if (poll (&poll_fd, 1, 0) <= 0)
    return 0;
  if ((poll_fd.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
    condition |= G_IO_IN;
  if ((poll_fd.revents & (POLLOUT | POLLHUP | POLLERR)) != 0)
    condition |= G_IO_OUT;
  return condition;
}

static void
stream_close (CuratorNetStream *stream)
{
  NetStream *self = (NetStream *) stream;

  stream_fail (self, EBADF);
  g_free (self);
}

static const CuratorNetStreamClass stream_class = { .status = stream_status,
                                                    .send = stream_send,
                                                    .recv = stream_recv,
                                                    .get_fd = stream_get_fd,
                                                    .poll = stream_poll,
                                                    .close = stream_close };

static CuratorNetStream *
net_connect (CuratorNet *net, const struct sockaddr *address, socklen_t length)
{
  NetStream *self = g_new0 (NetStream, 1);
  const int on = 1;

  self->stream.klass = &stream_class;
  self->fd = socket (address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (self->fd < 0)
    {
      self->error = errno;
      return &self->stream;
    }
  /* Requests are small and wait for their answers; a server that vanished is noticed while the session is
   * idle. */
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (self->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  self->error = EINPROGRESS;
  if (connect (self->fd, address, length) != 0 && errno != EINPROGRESS && errno != EINTR)
    stream_fail (self, errno);
  return &self->stream;
}

static void
net_resolve_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree NetLookup *lookup = user_data;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  lookup->func (addresses, error, lookup->user_data);
}

/* GResolver answers numeric addresses itself, without a thread, and not before this returns. */
static void
net_resolve (CuratorNet *net,
             const char *host,
             GCancellable *cancellable,
             CuratorNetResolveFunc func,
             gpointer user_data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  NetLookup *lookup = g_new (NetLookup, 1);

  *lookup = (NetLookup){ func, user_data };
  g_resolver_lookup_by_name_async (resolver, host, cancellable, net_resolve_done, lookup);
}

static void
net_reverse_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree NetReverse *reverse = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_resolver_lookup_by_address_finish (G_RESOLVER (source), result, &error);

  reverse->func (name, error, reverse->user_data);
}

static void
net_reverse (CuratorNet *net,
             GInetAddress *address,
             GCancellable *cancellable,
             CuratorNetReverseFunc func,
             gpointer user_data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  NetReverse *reverse = g_new (NetReverse, 1);

  *reverse = (NetReverse){ func, user_data };
  g_resolver_lookup_by_address_async (resolver, address, cancellable, net_reverse_done, reverse);
}

static CuratorNet default_net = { .now_us = net_now_us,
                                  .random = net_random,
                                  .connect = net_connect,
                                  .resolve = net_resolve,
                                  .reverse = net_reverse };

CuratorNet *
curator_net_get_default (void)
{
  return &default_net;
}
