/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/socket.h>

#include "curator-host-port-private.h"
#include "curator-loop-private.h"

G_BEGIN_DECLS

/* From a host and a port to addresses that can be connected to. Loop only. */

typedef struct
{
  struct sockaddr_storage sockaddr;
  socklen_t length;
  /* "host:port"; where the host has several addresses "host/address:port", so that labels are unique. */
  char *label;
  gboolean tried; /* the ensemble's */
} CuratorServerAddress;

typedef struct _CuratorHostLookup CuratorHostLookup;
/* addresses: (element-type CuratorServerAddress) (transfer full) (nullable): never empty; NULL with @error.
 */
typedef void (*CuratorHostLookupFunc) (GPtrArray *addresses, const GError *error, gpointer user_data);

gboolean curator_server_address_equal (const CuratorServerAddress *a, const CuratorServerAddress *b);

/* The one address of a numeric host; NULL where @host is a name. */
GPtrArray *curator_host_lookup_numeric (const CuratorHostPort *host);

/* @func is called once, never from inside this call, and no later than after @timeout_ms. With @canonical the
 * labels carry the names that the addresses are known by, as far as those are found in that time. */
CuratorHostLookup *curator_host_lookup_start (CuratorLoop *loop,
                                              const CuratorHostPort *host,
                                              gboolean canonical,
                                              gint64 timeout_ms,
                                              CuratorHostLookupFunc func,
                                              gpointer user_data);
/* Only before @func was called: it will not be. */
void curator_host_lookup_cancel (CuratorHostLookup *lookup);

G_END_DECLS
