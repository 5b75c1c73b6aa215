/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A child that the kernel kills when this process ends, however it ends. Its output is appended to @log_path.
 */
GSubprocess *curator_test_process_spawn (const char *const *argv, const char *log_path, GError **error);
/* 0 once it has ended. */
int curator_test_process_get_pid (GSubprocess *process);
/* FALSE with an error after the deadline or when cancelled. */
gboolean curator_test_process_await_exit (GSubprocess *process,
                                          gint64 deadline_us,
                                          GCancellable *cancellable,
                                          GError **error);
/* Until the kernel shows it as stopped (SIGSTOP takes effect a moment after kill() returned). */
gboolean curator_test_process_await_stopped (GSubprocess *process, gint64 deadline_us, GError **error);

G_END_DECLS
