/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-atomic-number.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_ATOMIC_LONG (curator_atomic_long_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorAtomicLong, curator_atomic_long, CURATOR, ATOMIC_LONG, CuratorAtomicNumber)

CURATOR_API CuratorAtomicNumber *
curator_atomic_long_new (CuratorFramework *client, const char *path, CuratorRetryPolicy *retry_policy);
CURATOR_API CuratorAtomicNumber *curator_atomic_long_new_promoted (CuratorFramework *client,
                                                                   const char *path,
                                                                   CuratorRetryPolicy *retry_policy,
                                                                   const char *lock_path,
                                                                   gint64 lock_timeout_ms,
                                                                   CuratorRetryPolicy *lock_retry_policy);

G_END_DECLS
