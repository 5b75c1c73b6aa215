/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-shared-count.h"

G_BEGIN_DECLS

/* What a shared count is to other recipes. Any thread. */

/* Hears of each count in order, in any thread; under a lock, so that it has to be brief. */
typedef void (*CuratorSharedCountFunc) (CuratorVersionedValue *count, gpointer user_data);

/* One that was made without its construct-only properties is not. */
gboolean curator_shared_count_is_usable (CuratorSharedCount *self);
/* From the present count on, if it is known. @user_data is what to end it by. */
void curator_shared_count_follow (CuratorSharedCount *self,
                                  CuratorSharedCountFunc func,
                                  gpointer user_data,
                                  GDestroyNotify free_data);
void curator_shared_count_unfollow (CuratorSharedCount *self, gpointer user_data);

G_END_DECLS
