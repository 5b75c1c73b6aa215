/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"
#include "curator-lease.h"
#include "curator-semaphore-limit-private.h"

G_BEGIN_DECLS

/* A call that wants leases of a semaphore. Any thread. */

typedef struct
{
  CuratorFramework *client;
  const char *path; /* may be invalid: then the call fails */
  CuratorSemaphoreLimit *limit;
  CuratorContenderQueue *queue; /* of the calls of one object */
  guint n_leases;
  gboolean is_array;     /* the result is a GPtrArray of leases instead of the one lease */
  gint64 timeout_ms;     /* -1 for ever, 0 not to wait */
  gboolean is_try;       /* with 0: that there is none is NULL without an error */
  gboolean is_limit_set; /* for good, so that more leases than that are refused */
} CuratorSemaphoreOptions;

/* The callback's task is a pointer task of the result. */
void curator_semaphore_call_async (const CuratorSemaphoreOptions *options,
                                   gpointer source_object,
                                   gpointer source_tag,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gpointer curator_semaphore_call_sync (const CuratorSemaphoreOptions *options,
                                      GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
