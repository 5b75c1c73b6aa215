/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-channel-private.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* What the C client takes for libc. The build renames the undefined symbols of the C client's archive so that its
 * calls, and only its calls, come here; see tools/cmake/CuratorZooKeeper.cmake. Every call is made between
 * curator_channel_enter () and curator_channel_leave (), and so belongs to one channel.
 *
 * The C client gets one numeric address that stands for "a server": which one it is was decided before. */

int curator_libc_socket (int domain, int type, int protocol);
int curator_libc_setsockopt (int fd, int level, int name, const void *value, socklen_t length);
int curator_libc_getsockopt (int fd, int level, int name, void *value, socklen_t *length);
int curator_libc_fcntl (int fd, int command, ...);
int curator_libc_connect (int fd, const struct sockaddr *address, socklen_t length);
int curator_libc_close (int fd);
int curator_libc_getpeername (int fd, struct sockaddr *address, socklen_t *length);
int curator_libc_poll (struct pollfd *fds, nfds_t n_fds, int timeout);
ssize_t curator_libc_send (int fd, const void *data, size_t length, int flags);
ssize_t curator_libc_recv (int fd, void *data, size_t length, int flags);
int curator_libc_clock_gettime (clockid_t id, struct timespec *time_spec);
int curator_libc_gettimeofday (struct timeval *time_value, void *zone);
time_t curator_libc_time (time_t *result);
int curator_libc_getaddrinfo (const char *node, const char *service, const struct addrinfo *hints,
                              struct addrinfo **result);
void curator_libc_freeaddrinfo (struct addrinfo *info);
long curator_libc_random (void);
void curator_libc_srandom (unsigned int seed);
void curator_libc_srand48 (long seed);
double curator_libc_drand48 (void);
int32_t get_xid (void);

int
curator_libc_socket (int domain, int type, int protocol)
{
  return curator_channel_libc_socket (curator_channel_get_current ());
}

int
curator_libc_setsockopt (int fd, int level, int name, const void *value, socklen_t length)
{
  return 0;
}

int
curator_libc_getsockopt (int fd, int level, int name, void *value, socklen_t *length)
{
  int error_number = curator_channel_libc_get_error (curator_channel_get_current ());

  memcpy (value, &error_number, MIN (*length, sizeof error_number));
  return 0;
}

int
curator_libc_fcntl (int fd, int command, ...)
{
  return 0;
}

int
curator_libc_connect (int fd, const struct sockaddr *address, socklen_t length)
{
  return curator_channel_libc_connect (curator_channel_get_current ());
}

int
curator_libc_close (int fd)
{
  if (fd != CURATOR_CHANNEL_FD)
    {
      errno = EBADF;
      return -1;
    }
  return curator_channel_libc_close (curator_channel_get_current ());
}

int
curator_libc_getpeername (int fd, struct sockaddr *address, socklen_t *length)
{
  errno = ENOTCONN;
  return -1;
}

/* Asked only where the C client would block: it never has to wait. */
int
curator_libc_poll (struct pollfd *fds, nfds_t n_fds, int timeout)
{
  for (nfds_t i = 0; i < n_fds; i++)
    fds[i].revents = fds[i].events;
  return (int) n_fds;
}

ssize_t
curator_libc_send (int fd, const void *data, size_t length, int flags)
{
  curator_channel_libc_send (curator_channel_get_current (), data, length);
  return (ssize_t) length;
}

ssize_t
curator_libc_recv (int fd, void *data, size_t length, int flags)
{
  return curator_channel_libc_recv (curator_channel_get_current (), data, length);
}

int
curator_libc_clock_gettime (clockid_t id, struct timespec *time_spec)
{
  gint64 now_us = curator_channel_libc_now_us (curator_channel_get_current ());

  time_spec->tv_sec = now_us / G_USEC_PER_SEC;
  time_spec->tv_nsec = (now_us % G_USEC_PER_SEC) * 1000;
  return 0;
}

int
curator_libc_gettimeofday (struct timeval *time_value, void *zone)
{
  gint64 now_us = curator_channel_libc_now_us (curator_channel_get_current ());

  time_value->tv_sec = now_us / G_USEC_PER_SEC;
  time_value->tv_usec = now_us % G_USEC_PER_SEC;
  return 0;
}

time_t
curator_libc_time (time_t *result)
{
  time_t now = (time_t) (curator_channel_libc_now_us (curator_channel_get_current ()) / G_USEC_PER_SEC);

  if (result != NULL)
    *result = now;
  return now;
}

typedef struct
{
  struct addrinfo info;
  struct sockaddr_in address;
} CuratorLibcAddress;

int
curator_libc_getaddrinfo (const char *node, const char *service, const struct addrinfo *hints,
                          struct addrinfo **result)
{
  CuratorLibcAddress *found = g_new0 (CuratorLibcAddress, 1);

  found->address.sin_family = AF_INET;
  found->address.sin_port = htons (2181);
  found->address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  found->info.ai_family = AF_INET;
  found->info.ai_socktype = SOCK_STREAM;
  found->info.ai_addr = (struct sockaddr *) &found->address;
  found->info.ai_addrlen = sizeof found->address;
  *result = &found->info;
  return 0;
}

void
curator_libc_freeaddrinfo (struct addrinfo *info)
{
  g_free (info);
}

long
curator_libc_random (void)
{
  return (long) (curator_channel_libc_random (curator_channel_get_current ()) & 0x7fffffff);
}

/* The application's generators stay as the application seeded them. */
void
curator_libc_srandom (unsigned int seed)
{
}

void
curator_libc_srand48 (long seed)
{
}

double
curator_libc_drand48 (void)
{
  return (double) (curator_channel_libc_random (curator_channel_get_current ()) >> 11) / 9007199254740992.0;
}

/* The C client's own counter is shared by all handles of the process and unlocked; the build weakens it. */
int32_t
get_xid (void)
{
  return curator_channel_libc_next_xid (curator_channel_get_current ());
}
