/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-atomic-result.h"
#include "curator-framework.h"
#include "curator-retry-policy.h"

G_BEGIN_DECLS

/* One operation on an atomic number, as a change of the node's data. Any thread. */

typedef enum
{
  CURATOR_ATOMIC_GET,
  CURATOR_ATOMIC_INCREMENT,
  CURATOR_ATOMIC_DECREMENT,
  CURATOR_ATOMIC_ADD,
  CURATOR_ATOMIC_SUBTRACT,
  CURATOR_ATOMIC_TRY_SET,
  CURATOR_ATOMIC_COMPARE_AND_SET,
  CURATOR_ATOMIC_INITIALIZE,
  CURATOR_ATOMIC_FORCE_SET,
} CuratorAtomicKind;

typedef struct
{
  CuratorAtomicKind kind;
  gint64 a, b; /* what the kind is about: how much to add, or what to expect and what to set */
  gsize size;  /* of the number, in bytes */
  CuratorFramework *client;
  const char *path;
  CuratorRetryPolicy *policy;
  const char *lock_path;
  gint64 lock_timeout_ms;
  CuratorRetryPolicy *lock_policy;
} CuratorAtomicOperation;

/* Pure: what the data, NULL where there is no node, are to become; NULL without an error to let them be. */
GBytes *
curator_atomic_operation_compute (const CuratorAtomicOperation *operation, GBytes *current, GError **error);

void curator_atomic_operation_async (const CuratorAtomicOperation *operation,
                                     gpointer source_object,
                                     gpointer source_tag,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
CuratorAtomicResult *curator_atomic_operation_finish (const CuratorAtomicOperation *operation,
                                                      gpointer source_object,
                                                      gpointer source_tag,
                                                      GAsyncResult *result,
                                                      GError **error);
CuratorAtomicResult *curator_atomic_operation_sync (const CuratorAtomicOperation *operation,
                                                    GCancellable *cancellable,
                                                    GError **error);
/* For FORCE_SET. */
gboolean curator_atomic_operation_finish_forced (const CuratorAtomicOperation *operation,
                                                 gpointer source_object,
                                                 gpointer source_tag,
                                                 GAsyncResult *result,
                                                 GError **error);
gboolean curator_atomic_operation_sync_forced (const CuratorAtomicOperation *operation,
                                               GCancellable *cancellable,
                                               GError **error);

G_END_DECLS
