/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"
#include "curator-lease.h"

G_BEGIN_DECLS

/* A call that wants a lease of a lock whose rules are a CuratorContenderKind: what the public locks are made
 * of. Any thread. */

typedef struct
{
  CuratorFramework *client;
  const CuratorContenderKind *kind; /* static */
  CuratorContenderQueue *queue;     /* (nullable): of the calls of one object */
  const char *path;                 /* may be invalid: then the call fails */
  gint64 timeout_ms;                /* -1 for ever, 0 not to wait behind others */
  gboolean is_try;                  /* with 0: that others hold is NULL without an error */
  GBytes *data;                     /* (nullable): of the node; the client's default */
  gboolean is_text;                 /* the data, which are refused where they are not UTF-8 */
  CuratorLease *cover;              /* (nullable): who holds this one needs not wait; of the same path */
} CuratorAcquireOptions;

/* The callback's task is a pointer task of a CuratorLease. */
void curator_acquire_async (const CuratorAcquireOptions *options,
                            gpointer source_object,
                            gpointer source_tag,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
CuratorLease *
curator_acquire_sync (const CuratorAcquireOptions *options, GCancellable *cancellable, GError **error);

G_END_DECLS
