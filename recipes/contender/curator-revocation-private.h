/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-contender-rank-private.h"
#include "curator-framework.h"

G_BEGIN_DECLS

/* Asking who holds a recipe's lease to give it back. Any thread. */

typedef struct
{
  CuratorFramework *client;
  const CuratorContenderKind *kind; /* static: whose nodes take part */
  const char *const *revocable;     /* static: the patterns of those who heed a request */
  const char *parent;               /* may be invalid: then the call fails */
  const char *participant;          /* the path of a node under @parent, NULL for the first one's */
} CuratorRevocationOptions;

void curator_revocation_request_async (const CuratorRevocationOptions *options,
                                       gpointer source_object,
                                       gpointer source_tag,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean curator_revocation_request_sync (const CuratorRevocationOptions *options,
                                          GCancellable *cancellable,
                                          GError **error);

G_END_DECLS
