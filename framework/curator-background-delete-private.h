/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-core-private.h"

G_BEGIN_DECLS

/* The deletions that a client goes on with after their callers stopped waiting: they are tried again, over
 * reconnects and sessions, until the node is gone, the server refuses for good, or the client closes. Loop
 * only. */

typedef struct _CuratorBackgroundDelete CuratorBackgroundDelete;

/* Belongs to @core, of which it takes no reference. */
CuratorBackgroundDelete *curator_background_delete_new (CuratorCore *core);
/* Drops what is pending. */
void curator_background_delete_free (CuratorBackgroundDelete *self);
/* The core's; NULL where it has none (any more). */
CuratorBackgroundDelete *curator_core_get_background_delete (CuratorCore *core);

/* @path is the server's. @version: -1 for any. With @with_children all that is below it goes too. With
 * @session_id not 0 only while that session lives. What is pending already is not added twice. */
void curator_background_delete_add (CuratorBackgroundDelete *self,
                                    const char *path,
                                    gint32 version,
                                    gboolean with_children,
                                    gint64 session_id);
/* The nodes beside @path whose names carry @guid. */
void curator_background_delete_add_protected (CuratorBackgroundDelete *self,
                                              const char *path,
                                              const char *guid,
                                              gint64 session_id);
/* How many have not ended yet. */
guint curator_background_delete_get_n_pending (CuratorBackgroundDelete *self);

G_END_DECLS
