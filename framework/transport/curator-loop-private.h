/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-net-private.h"

G_BEGIN_DECLS

/* The event loop that a client and its recipes live in: a GMainContext with a thread of the library's own, or
 * the application's context. All protocol state belongs to the loop and is touched only there.
 *
 * The loop is also the environment: time, timers, randomness and GUIDs come from it and from nowhere else, so
 * that a simulated CuratorNet makes everything above it deterministic. */

typedef struct _CuratorLoop CuratorLoop;
typedef struct _CuratorTimer CuratorTimer;
typedef void (*CuratorLoopFunc) (gpointer user_data);

#define CURATOR_GUID_LENGTH 36

/* One worker thread for all clients of the process; stops when the last reference goes. */
CuratorLoop *curator_loop_get_shared (void);
/* A worker thread of its own. Both kinds start at the first call that is queued, or when the context is asked
 * for. */
CuratorLoop *curator_loop_new_worker (CuratorNet *net);
/* The application iterates @context (NULL: the default one); nothing hops threads. */
CuratorLoop *curator_loop_new_for_context (GMainContext *context, CuratorNet *net);
CuratorLoop *curator_loop_ref (CuratorLoop *loop);
/* Any thread, also the loop's own; not with a lock held that a callback in the loop takes. With the last
 * reference the timers are gone, while the calls already queued still run: before this returns, if there is a
 * worker thread and this is not it; else as the context is iterated further. */
void curator_loop_unref (CuratorLoop *loop);

GMainContext *curator_loop_get_context (CuratorLoop *loop);
CuratorNet *curator_loop_get_net (CuratorLoop *loop);

/* Any thread. TRUE where the caller runs inside the loop. */
gboolean curator_loop_is_current (CuratorLoop *loop);
/* Any thread. FALSE with G_IO_ERROR_WOULD_BLOCK where waiting for the loop would be waiting for oneself, and
 * with G_IO_ERROR_CLOSED where it belongs to the process that this one was forked from. */
gboolean
curator_loop_check_may_block (CuratorLoop *loop, const char *operation, const char *path, GError **error);
/* Any thread. FALSE in a process forked from the one that made the loop: there everything is inert. */
gboolean curator_loop_is_alive (CuratorLoop *loop);

/* Any thread: runs @func in the loop; at once when called there, else queued (FIFO, one wake-up per batch).
 * The call may carry the caller's last reference of the loop. Nothing happens where the loop is not alive. */
void curator_loop_invoke (CuratorLoop *loop, CuratorLoopFunc func, gpointer user_data);
/* The same, but never at once. */
void curator_loop_defer (CuratorLoop *loop, CuratorLoopFunc func, gpointer user_data);
/* Loop only: calls are queued, so that what is called at once overtakes them. */
gboolean curator_loop_is_behind (CuratorLoop *loop);

/* Any thread but the loop's. TRUE where the loop is that of a worker which sleeps with nothing queued: until
 * curator_loop_leave () the caller is the loop, with all that means, and must not block. For calls that will
 * wait for what they ask for: they save the worker's wake-up. */
gboolean curator_loop_try_enter (CuratorLoop *loop);
void curator_loop_leave (CuratorLoop *loop);
/* Loop only. TRUE in such a visit; then nothing that the loop does before it sleeps happens by itself, but
 * what is given to curator_loop_before_leave (). */
gboolean curator_loop_is_visited (CuratorLoop *loop);
void curator_loop_before_leave (CuratorLoop *loop, CuratorLoopFunc func, gpointer user_data);
/* Any thread: makes the loop look at its sources anew. */
void curator_loop_wake (CuratorLoop *loop);

/* Any thread. */
gint64 curator_loop_now_us (CuratorLoop *loop);
guint64 curator_loop_random (CuratorLoop *loop);
/* Writes a random (version 4) GUID of CURATOR_GUID_LENGTH characters and a NUL. Any thread. */
void curator_loop_make_guid (CuratorLoop *loop, char *guid);

/* Loop only. One-shot; @func runs in the loop, not before @delay_ms have passed and never from inside the
 * call; timers that are due at the same time fire in the order in which they were added. The timer is freed
 * before @func is called and when it is cancelled: @func clears the pointer that its owner keeps. Cancelling
 * clears the pointer too, and a NULL one is fine. */
CuratorTimer *
curator_loop_add_timer (CuratorLoop *loop, gint64 delay_ms, CuratorLoopFunc func, gpointer user_data);
CuratorTimer *
curator_loop_add_timer_at (CuratorLoop *loop, gint64 due_us, CuratorLoopFunc func, gpointer user_data);
void curator_loop_cancel_timer (CuratorLoop *loop, CuratorTimer **timer);
/* When the earliest timer is due, or -1. */
gint64 curator_loop_get_next_due_us (CuratorLoop *loop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorLoop, curator_loop_unref)

G_END_DECLS
