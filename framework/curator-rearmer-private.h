/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-core-private.h"
#include "curator-watch-table-private.h"

G_BEGIN_DECLS

/* Sets the watches that re-arm again, with reads of its own: over passing failures, as the client's retry
 * policy says, and what the policy gives up on at the next connection. Loop only. */

typedef struct _CuratorRearmer CuratorRearmer;

/* Belongs to @core, of which it takes no reference, as of @table. */
CuratorRearmer *curator_rearmer_new (CuratorCore *core, CuratorWatchTable *table);
/* When nothing is under way any more: after the core was closed. */
void curator_rearmer_free (CuratorRearmer *self);
/* @path is the server's. */
void curator_rearmer_arm (CuratorRearmer *self, const char *path, CuratorWatchKind kind, CuratorWatch *watch);
/* Nothing waits any longer, neither here nor in the table. */
void curator_rearmer_connected (CuratorRearmer *self);

G_END_DECLS
