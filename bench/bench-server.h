/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A ZooKeeper server of the runner's own, on loopback and in a temporary directory; both go with the object.
 */
typedef struct _BenchServer BenchServer;

/* Returns when it serves. */
BenchServer *bench_server_start (GError **error);
void bench_server_free (BenchServer *server);
const char *bench_server_get_connect_string (BenchServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchServer, bench_server_free)

G_END_DECLS
