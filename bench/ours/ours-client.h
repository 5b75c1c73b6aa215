/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <curator.h>

#include "bench-job.h"

G_BEGIN_DECLS

/* Connected clients as a job wants them, and the plain operations off the clock. Everything iterates the
 * thread-default main context, which in the zero-hop variant is the clients' loop too. */

CuratorFramework *ours_client_open (const BenchJob *job, GError **error);
/* Closes and drops it. NULL is fine. */
void ours_client_close (CuratorFramework *client);

gboolean ours_client_create (CuratorFramework *client, const char *path, guint data_size, GError **error);
gboolean ours_client_delete (CuratorFramework *client, const char *path, GError **error);

/* @data_size bytes for a node. */
GBytes *ours_make_data (guint data_size);

G_END_DECLS
