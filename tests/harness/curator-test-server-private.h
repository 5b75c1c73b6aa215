/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-test-server.h"
#include "curator-test-words-private.h"

G_BEGIN_DECLS

/* For the ensemble, which configures its members together and starts them at once. */

/* Before the first start: takes the port, and the descriptor that reserves it. @members are the lines of the
 * ensemble's configuration. */
void curator_test_server_join_ensemble (
    CuratorTestServer *self, guint id, guint16 port, int port_fd, const char *members);
/* Starts the process, and does not wait until it serves. */
gboolean curator_test_server_spawn (CuratorTestServer *self, GError **error);
CuratorTestRole
curator_test_server_get_role (CuratorTestServer *self, guint *timeout_ms, GCancellable *cancellable);

/* The connection by which the harness does what it is asked as an operator, made anew where it broke; NULL
 * with an error where the server does not answer. */
CuratorTestClient *
curator_test_server_ref_operator (CuratorTestServer *self, GCancellable *cancellable, GError **error);
/* The operator's session, 0 without one. */
gint64 curator_test_server_get_operator_session (CuratorTestServer *self);

G_END_DECLS
