/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-net-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
  TRY_AGAIN_AFTER_MS = 5,
};

gint64
curator_test_net_deadline (guint timeout_ms)
{
  return g_get_monotonic_time () + (gint64) timeout_ms * 1000;
}

gboolean
curator_test_net_try_again (gint64 deadline_us, const char *what, GCancellable *cancellable, GError **error)
{
  GPollFD cancelled = { -1, 0, 0 };
  gboolean pollable = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &cancelled);

  g_poll (&cancelled, pollable ? 1 : 0, TRY_AGAIN_AFTER_MS);
  if (pollable)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (g_get_monotonic_time () < deadline_us)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s took too long", what);
  return FALSE;
}

GSocket *
curator_test_net_connect (guint16 port, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);

  if (socket == NULL)
    return NULL;
  g_socket_set_timeout (socket, 10);
  if (!g_socket_connect (socket, address, cancellable, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, 1 /* TCP_NODELAY */, 1, NULL);
  return g_steal_pointer (&socket);
}

static gboolean
net_wait (
    GSocket *socket, GIOCondition condition, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  gint64 left_us = deadline_us - g_get_monotonic_time ();

  return g_socket_condition_timed_wait (socket, condition, MAX (left_us, 0), cancellable, error);
}

gboolean
curator_test_net_write (GSocket *socket,
                        const void *data,
                        gsize length,
                        gint64 deadline_us,
                        GCancellable *cancellable,
                        GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      g_autoptr (GError) local_error = NULL;
      gssize n = g_socket_send (socket, (const char *) data + done, length - done, cancellable, &local_error);

      if (n >= 0)
        {
          done += (gsize) n;
          continue;
        }
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!net_wait (socket, G_IO_OUT, deadline_us, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

gssize
curator_test_net_read_some (
    GSocket *socket, void *data, gsize length, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) local_error = NULL;
      gssize n = g_socket_receive (socket, data, length, cancellable, &local_error);

      if (n >= 0)
        return n;
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return -1;
        }
      if (!net_wait (socket, G_IO_IN, deadline_us, cancellable, error))
        return -1;
    }
}

gboolean
curator_test_net_read (
    GSocket *socket, void *data, gsize length, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = curator_test_net_read_some (socket, (char *) data + done, length - done, deadline_us,
                                             cancellable, error);

      if (n < 0)
        return FALSE;
      if (n == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                               "the server closed the connection");
          return FALSE;
        }
      done += (gsize) n;
    }
  return TRUE;
}

static struct sockaddr_in
loopback_address (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = g_htons (port),
                               .sin_addr = { g_htonl (INADDR_LOOPBACK) } };
}

static int
net_fail (int fd, const char *what, GError **error)
{
  int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", what,
               g_strerror (saved_errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

int
curator_test_net_reserve_port (guint16 *port, GError **error)
{
  struct sockaddr_in address = loopback_address (0);
  socklen_t length = sizeof address;
  int one = 1;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  /* The option comes after bind(): so the kernel chooses a port that nobody else has bound, and the server's
   * own bind() may join ours afterwards. */
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
      getsockname (fd, (struct sockaddr *) &address, &length) != 0)
    return net_fail (fd, "Reserving a port", error);
  *port = g_ntohs (address.sin_port);
  return fd;
}

int
curator_test_net_listen (guint16 port, GError **error)
{
  struct sockaddr_in address = loopback_address (port);
  int one = 1;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0 || setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
      bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 128) != 0)
    return net_fail (fd, "Listening", error);
  return fd;
}
