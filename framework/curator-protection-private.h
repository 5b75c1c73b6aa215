/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-enums.h"
#include "curator-request-private.h"

G_BEGIN_DECLS

/* The decisions of a protected create: what a failure says about the outcome, which of the nodes that a
 * search found is the one. Pure; any thread. */

/* A node that carries the GUID, as the server described it. */
typedef struct
{
  gboolean exists;
  gint64 ephemeral_owner;
} CuratorProtectionCandidate;

#define CURATOR_PROTECTION_NO_CANDIDATE G_MAXUINT

/* TRUE where the server may have applied, or may yet apply, a request that was sent and ended with @rc. */
gboolean curator_protection_is_outcome_open (int rc);
/* Where the nodes for @path are: its parent, also for a sequential create whose name is empty. */
char *curator_protection_dup_parent (const char *path);
/* The names among @children (nullable) that carry @guid, lowest sequence first: (element-type utf8). */
GPtrArray *curator_protection_find (const char *const *children, const char *guid);
/* The index of the first candidate that the create may take for its own. An ephemeral node is that only where
 * @session_id owns it: another session's goes away under whoever relies on it. */
guint curator_protection_choose (const CuratorProtectionCandidate *candidates,
                                 guint n_candidates,
                                 CuratorCreateMode mode,
                                 gint64 session_id);

G_END_DECLS
