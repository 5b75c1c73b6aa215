/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-ensemble-private.h"
#include "curator-loop-private.h"

G_BEGIN_DECLS

/* While a client is connected to a read-only server this looks for a writable one: it asks the servers in turn, each
 * with the four letters "isro", at growing intervals. (The C client's own search blocks the loop.) Loop only. */

typedef struct _CuratorRwProbe CuratorRwProbe;
/* Called once, with the server that answered "rw"; the probe may be freed in it. */
typedef void (*CuratorRwProbeFunc) (const char *label, gpointer user_data);

CuratorRwProbe *curator_rw_probe_new (CuratorLoop *loop, CuratorEnsemble *ensemble, CuratorRwProbeFunc func,
                                      gpointer user_data);
void curator_rw_probe_free (CuratorRwProbe *probe);

G_END_DECLS
