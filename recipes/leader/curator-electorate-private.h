/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-rank-private.h"
#include "curator-framework.h"
#include "curator-participant.h"

G_BEGIN_DECLS

/* Asking the server who takes part in an election, and by which ids: all, in their order, or the first one
 * alone. Any thread. */
typedef struct
{
  CuratorFramework *client;
  const CuratorContenderKind *kind; /* static */
  const char *path;                 /* may be invalid: then the call fails */
  gboolean first_only;
} CuratorElectorateOptions;

/* The callback's task is a pointer task: a GPtrArray of CuratorParticipant, or for the first one a
 * CuratorParticipant, NULL without an error where there is nobody. */
void curator_electorate_ask_async (const CuratorElectorateOptions *options,
                                   gpointer source_object,
                                   gpointer source_tag,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gpointer curator_electorate_ask_sync (const CuratorElectorateOptions *options,
                                      GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
