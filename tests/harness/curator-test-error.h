/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-test-macros.h"

G_BEGIN_DECLS

/**
 * CURATOR_TEST_ERROR:
 *
 * The error domain of what a ZooKeeper server answers to the harness. Trouble with sockets, files and
 * processes is reported in GIO's own domain, a deadline that passed as `G_IO_ERROR_TIMED_OUT`.
 *
 * Since: 1.0
 */
#define CURATOR_TEST_ERROR (curator_test_error_quark ())

/**
 * CuratorTestError:
 * @CURATOR_TEST_ERROR_FAILED: any other error of the server; the message has its number
 * @CURATOR_TEST_ERROR_NO_NODE: the node, or the parent of a node to create, does not exist
 * @CURATOR_TEST_ERROR_NODE_EXISTS: the node to create exists already
 * @CURATOR_TEST_ERROR_NOT_EMPTY: the node to delete has children
 * @CURATOR_TEST_ERROR_BAD_VERSION: the node has another version
 * @CURATOR_TEST_ERROR_NO_AUTH: the session may not do that
 * @CURATOR_TEST_ERROR_SESSION_EXPIRED: the session does not exist, or the password is not its own
 * @CURATOR_TEST_ERROR_NOT_SERVING: the server runs, but serves no clients now
 *
 * The codes of the %CURATOR_TEST_ERROR domain.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_TEST_ERROR_FAILED,
  CURATOR_TEST_ERROR_NO_NODE,
  CURATOR_TEST_ERROR_NODE_EXISTS,
  CURATOR_TEST_ERROR_NOT_EMPTY,
  CURATOR_TEST_ERROR_BAD_VERSION,
  CURATOR_TEST_ERROR_NO_AUTH,
  CURATOR_TEST_ERROR_SESSION_EXPIRED,
  CURATOR_TEST_ERROR_NOT_SERVING,
} CuratorTestError;

#define CURATOR_TEST_TYPE_ERROR (curator_test_error_get_type ())
CURATOR_TEST_API GType curator_test_error_get_type (void);
CURATOR_TEST_API GQuark curator_test_error_quark (void);

G_END_DECLS
