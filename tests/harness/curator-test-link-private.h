/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <poll.h>

#include "curator-test-proxy.h"

G_BEGIN_DECLS

/* What a proxy does to what passes through it; shared by its links, and protected by the proxy's lock. */
typedef struct
{
  CuratorTestProxyFlow flow;
  guint delay_ms;
  CuratorTestProxyCut cut; /* of the next request that is cut_op; NONE once it was met */
  int cut_op;
  gboolean cut_pending;   /* until the cut has happened */
  GHashTable *n_requests; /* type of request to how many */
} CuratorTestFaults;

/* One connection through a proxy: two sockets, and what is on its way between them. Nothing here blocks. */
typedef struct _CuratorTestLink CuratorTestLink;

/* Takes @client_fd, and connects to @target_port; NULL where that fails at once. */
CuratorTestLink *curator_test_link_new (CuratorTestFaults *faults, int client_fd, guint16 target_port);
/* Closes what is open, orderly. */
void curator_test_link_free (CuratorTestLink *link);

/* Moves what can be moved now. FALSE when the connection is over. */
gboolean curator_test_link_run (CuratorTestLink *link);
/* What to wait for next, on two descriptors; lowers @wake_us to when something that is delayed falls due. */
void curator_test_link_get_poll (CuratorTestLink *link, struct pollfd *polls, gint64 *wake_us);
/* The next close resets the connections. */
void curator_test_link_reset (CuratorTestLink *link);

G_END_DECLS
