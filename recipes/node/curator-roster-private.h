/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-roster-machine-private.h"

G_BEGIN_DECLS

/* Knows the children of a node and their data: the shell that runs the roster machine. Lives in the client's
 * loop; everything here is to be called there, except where it says otherwise. From start to close it keeps
 * itself alive. */
typedef struct _CuratorRoster CuratorRoster;

/* Any thread. @changed is called in the loop; @user_data is freed with the roster. */
CuratorRoster *curator_roster_new (
    CuratorFramework *client, const char *path, GFunc changed, gpointer user_data, GDestroyNotify free_data);
/* Any thread. */
CuratorRoster *curator_roster_ref (CuratorRoster *self);
void curator_roster_unref (CuratorRoster *self);
/* Any thread: (element-type utf8 GBytes): a table of the caller's own, that of the last time that all was
 * known. */
GHashTable *curator_roster_dup_members (CuratorRoster *self);

void curator_roster_start (CuratorRoster *self);
/* There is something to be seen. */
void curator_roster_prompt (CuratorRoster *self);
void curator_roster_close (CuratorRoster *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorRoster, curator_roster_unref)

G_END_DECLS
