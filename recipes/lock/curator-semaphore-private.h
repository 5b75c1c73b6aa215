/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-semaphore-call-private.h"
#include "curator-semaphore.h"

G_BEGIN_DECLS

/* What a semaphore is to its calls, and to the mutex that is made of one. Any thread. */

/* One that was made without its construct-only properties is not. */
gboolean curator_semaphore_is_usable (CuratorSemaphore *self);
/* Valid as long as the semaphore is. */
CuratorSemaphoreOptions
curator_semaphore_get_options (CuratorSemaphore *self, guint n_leases, gint64 timeout_ms);
/* The callback's task is a pointer task of a GStrv. */
void curator_semaphore_list_async (CuratorSemaphore *self,
                                   gpointer source_object,
                                   gpointer source_tag,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GStrv curator_semaphore_list_sync (CuratorSemaphore *self, GCancellable *cancellable, GError **error);

G_END_DECLS
