/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-loop-private.h"

G_BEGIN_DECLS

/* A result that somebody waits for: a GTask to be returned, or a thread that blocks until the loop has it. Operations,
 * of which there are many, have a way of their own that costs less (curator-operation.c). */
typedef struct _CuratorPending CuratorPending;

/* Both: @free_result is for a result that nobody takes. The task's reference is taken. */
CuratorPending *curator_pending_new_for_task (CuratorLoop *loop, GTask *task, GDestroyNotify free_result);
/* Visits the loop where it can (curator_loop_try_enter ()), until the wait, which has to follow: what the thread
 * begins in between is sent without waking the loop's own thread up. */
CuratorPending *curator_pending_new_for_thread (CuratorLoop *loop, GDestroyNotify free_result);
CuratorPending *curator_pending_ref (CuratorPending *pending);
void curator_pending_unref (CuratorPending *pending);

/* Before the operation begins: @func is to be deferred to the loop when @cancellable (nullable) is cancelled.
 * It may come after the completion. @data lives as long as @pending needs it. */
void curator_pending_set_cancel (CuratorPending *pending,
                                 GCancellable *cancellable,
                                 CuratorLoopFunc func,
                                 gpointer data,
                                 GDestroyNotify free_data);
/* In the loop, or where there is none any more. Takes both; a second completion is dropped. Runs no callback. */
void curator_pending_complete (CuratorPending *pending, gpointer result, GError *error);
/* For a thread: blocks, and gives the result away. */
gpointer curator_pending_wait (CuratorPending *pending, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorPending, curator_pending_unref)

G_END_DECLS
