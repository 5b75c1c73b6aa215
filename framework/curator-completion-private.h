/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-loop-private.h"

G_BEGIN_DECLS

/* Where a call that succeeds or fails is waited for: a GTask, or a blocked thread. The loop returns it once; the other
 * side may be any thread. */

typedef struct _CuratorCompletion CuratorCompletion;

/* Takes the task over; it is returned from a later turn of the loop, never from inside curator_completion_return (). */
CuratorCompletion *curator_completion_new_for_task (GTask *task, CuratorLoop *loop);
CuratorCompletion *curator_completion_new (void);
/* Any thread, once; takes @error over, NULL for success. */
void curator_completion_return (CuratorCompletion *completion, GError *error);
/* Blocks until it was returned, and frees it; only for those without a task. */
gboolean curator_completion_wait (CuratorCompletion *completion, GError **error);

G_END_DECLS
