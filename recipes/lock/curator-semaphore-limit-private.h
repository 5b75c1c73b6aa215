/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-loop-private.h"
#include "curator-shared-count.h"

G_BEGIN_DECLS

/* How many leases of a semaphore there may be: shared by the semaphore and the calls that are under way, who
 * hear of each change. */
typedef struct _CuratorSemaphoreLimit CuratorSemaphoreLimit;
typedef void (*CuratorSemaphoreLimitFunc) (guint limit, gpointer user_data);

/* Any thread. */
CuratorSemaphoreLimit *curator_semaphore_limit_new (CuratorLoop *loop, guint limit);
CuratorSemaphoreLimit *curator_semaphore_limit_ref (CuratorSemaphoreLimit *self);
void curator_semaphore_limit_unref (CuratorSemaphoreLimit *self);
guint curator_semaphore_limit_get (CuratorSemaphoreLimit *self);
void curator_semaphore_limit_set (CuratorSemaphoreLimit *self, guint limit);
/* It is what the count is as soon as that is known; less than none is none. */
void curator_semaphore_limit_follow (CuratorSemaphoreLimit *self, CuratorSharedCount *count);
void curator_semaphore_limit_unfollow (CuratorSemaphoreLimit *self, CuratorSharedCount *count);

/* Loop only. @user_data is what to remove it by. */
void curator_semaphore_limit_watch (CuratorSemaphoreLimit *self,
                                    CuratorSemaphoreLimitFunc func,
                                    gpointer user_data);
void curator_semaphore_limit_unwatch (CuratorSemaphoreLimit *self, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorSemaphoreLimit, curator_semaphore_limit_unref)

G_END_DECLS
