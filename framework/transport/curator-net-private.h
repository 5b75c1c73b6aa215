/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* The net environment: all that the library learns of the world outside the process (time, randomness, names,
 * byte streams) comes through one of these tables. The real one is curator_net_get_default (); tests bring a
 * simulated one. TLS will be a stream that wraps another stream.
 *
 * Everything here is called in the loop's thread, except now_us and random, which any thread may call. */

typedef struct _CuratorNet CuratorNet;
typedef struct _CuratorNetStream CuratorNetStream;
typedef struct _CuratorNetStreamClass CuratorNetStreamClass;

/* addresses: (element-type GInetAddress) (nullable) (transfer full): NULL with @error. The function that is
 * called frees the list, with g_resolver_free_addresses (). It may be empty. */
typedef void (*CuratorNetResolveFunc) (GList *addresses, const GError *error, gpointer user_data);
/* name: (nullable): NULL with @error. The string is the caller's. */
typedef void (*CuratorNetReverseFunc) (const char *name, const GError *error, gpointer user_data);

struct _CuratorNet
{
  /* Microseconds of a clock that never jumps and counts while the machine sleeps. */
  gint64 (*now_us) (CuratorNet *net);
  /* 64 random bits, not for secrets. A forked child goes on with others than its parent. */
  guint64 (*random) (CuratorNet *net);
  /* Begins to connect; never blocks. A failure is reported by the stream's status. */
  CuratorNetStream *(*connect) (CuratorNet *net, const struct sockaddr *address, socklen_t length);
  /* Looks the name up without blocking; func is called in the thread-default context of the call, exactly
   * once, never from inside the call. Cancelling calls it with G_IO_ERROR_CANCELLED. */
  void (*resolve) (CuratorNet *net,
                   const char *host,
                   GCancellable *cancellable,
                   CuratorNetResolveFunc func,
                   gpointer user_data);
  /* (nullable): looks up the name that belongs to an address, on the same terms. Where it is NULL addresses
   * have no names of their own. */
  void (*reverse) (CuratorNet *net,
                   GInetAddress *address,
                   GCancellable *cancellable,
                   CuratorNetReverseFunc func,
                   gpointer user_data);
};

/* A non-blocking byte stream. */
struct _CuratorNetStreamClass
{
  /* 0 once connected, EINPROGRESS while connecting, else the errno of the failure; sticky. */
  int (*status) (CuratorNetStream *stream);
  /* As send () and recv (): the number of bytes, 0 at the end of input, or -1 with errno. */
  gssize (*send) (CuratorNetStream *stream, const void *data, gsize length);
  gssize (*recv) (CuratorNetStream *stream, void *data, gsize length);
  /* The descriptor to poll, or -1 where there is none and poll () below tells. */
  int (*get_fd) (CuratorNetStream *stream);
  /* What of G_IO_IN and G_IO_OUT is ready now; used only without a descriptor. */
  GIOCondition (*poll) (CuratorNetStream *stream);
  /* Closes and frees. */
  void (*close) (CuratorNetStream *stream);
};

struct _CuratorNetStream
{
  const CuratorNetStreamClass *klass;
};

CuratorNet *curator_net_get_default (void);

G_END_DECLS
