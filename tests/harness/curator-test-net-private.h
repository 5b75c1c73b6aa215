/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Blocking loopback sockets with deadlines on g_get_monotonic_time(). */

gint64 curator_test_net_deadline (guint timeout_ms);
/* Between two tries of something: waits a moment. FALSE with an error after the deadline or when cancelled.
 */
gboolean
curator_test_net_try_again (gint64 deadline_us, const char *what, GCancellable *cancellable, GError **error);

GSocket *curator_test_net_connect (guint16 port, GCancellable *cancellable, GError **error);
gboolean curator_test_net_write (GSocket *socket,
                                 const void *data,
                                 gsize length,
                                 gint64 deadline_us,
                                 GCancellable *cancellable,
                                 GError **error);
/* At most @length bytes; 0 at the end of the stream, -1 on error. */
gssize curator_test_net_read_some (
    GSocket *socket, void *data, gsize length, gint64 deadline_us, GCancellable *cancellable, GError **error);
/* Exactly @length bytes; the end of the stream is an error. */
gboolean curator_test_net_read (
    GSocket *socket, void *data, gsize length, gint64 deadline_us, GCancellable *cancellable, GError **error);

/* A free loopback port that stays ours: while the returned descriptor is open the kernel gives it to nobody
 * who does not ask for it by number, and connecting to it is refused until somebody listens. -1 on error. */
int curator_test_net_reserve_port (guint16 *port, GError **error);
/* Listens on a port that was reserved. -1 on error. */
int curator_test_net_listen (guint16 port, GError **error);

G_END_DECLS
