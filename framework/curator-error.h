/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-version.h"

G_BEGIN_DECLS

/**
 * CURATOR_ERROR:
 *
 * The error domain of what a ZooKeeper server or the connection to it reports.
 *
 * Conditions that GIO has a code for are reported in its domain instead: `G_IO_ERROR_CANCELLED`,
 * `G_IO_ERROR_TIMED_OUT` (a wait that the caller bounded), `G_IO_ERROR_CLOSED` (the client was closed),
 * `G_IO_ERROR_INVALID_ARGUMENT`, `G_IO_ERROR_NOT_SUPPORTED` and `G_IO_ERROR_WOULD_BLOCK` (a blocking call
 * made where it would wait for itself).
 *
 * Since: 1.0
 */
#define CURATOR_ERROR (curator_error_quark ())

/**
 * CuratorError:
 * @CURATOR_ERROR_SYSTEM: the server reported an error that has no code here; the message has the number
 * @CURATOR_ERROR_CONNECTION_LOSS: the connection was lost; whether the server applied the operation is unknown
 * @CURATOR_ERROR_OPERATION_TIMEOUT: the server did not answer in time; whether it applied the operation is
 *   unknown
 * @CURATOR_ERROR_SESSION_EXPIRED: the session that the operation belonged to is gone
 * @CURATOR_ERROR_SESSION_MOVED: the session moved to another server before this one answered
 * @CURATOR_ERROR_NO_NODE: the node, or the parent of a node to create, does not exist
 * @CURATOR_ERROR_NODE_EXISTS: the node to create exists already
 * @CURATOR_ERROR_NOT_EMPTY: the node to delete has children
 * @CURATOR_ERROR_BAD_VERSION: the node has another version than the operation asked for
 * @CURATOR_ERROR_NO_CHILDREN_FOR_EPHEMERALS: an ephemeral node cannot have children
 * @CURATOR_ERROR_NO_AUTH: the client may not do that
 * @CURATOR_ERROR_INVALID_ACL: the server refused the access control list
 * @CURATOR_ERROR_AUTH_FAILED: the server refused the client's credentials; the session is over
 * @CURATOR_ERROR_BAD_ARGUMENTS: the server refused the arguments
 * @CURATOR_ERROR_NOT_READ_ONLY: the server is read-only and the operation writes
 * @CURATOR_ERROR_QUOTA_EXCEEDED: a quota on the path was exceeded
 * @CURATOR_ERROR_THROTTLED: the server was too busy and refused the operation
 * @CURATOR_ERROR_UNIMPLEMENTED: the server does not know the operation
 * @CURATOR_ERROR_RECONFIG_IN_PROGRESS: another reconfiguration is under way
 * @CURATOR_ERROR_RECONFIG_DISABLED: the server does not allow reconfiguration
 * @CURATOR_ERROR_NEW_CONFIG_NO_QUORUM: the new configuration has no quorum that is connected and in sync
 * @CURATOR_ERROR_NO_WATCHER: no watch was set on that path
 * @CURATOR_ERROR_EPHEMERAL_ON_LOCAL_SESSION: a local session cannot own ephemeral nodes
 * @CURATOR_ERROR_REQUEST_TOO_LARGE: the request is larger than the server accepts; it was not sent
 * @CURATOR_ERROR_REPLY_TOO_LARGE: the reply was larger than the client accepts; it was dropped
 * @CURATOR_ERROR_DATA_INCONSISTENCY: a reply or stored data could not be understood
 * @CURATOR_ERROR_ROLLED_BACK: this operation of a transaction was not applied because another one failed
 * @CURATOR_ERROR_SEQUENCE_EXHAUSTED: the parent's sequence counter is about to wrap; sequential nodes of this
 *   parent no longer sort in the order of their creation
 * @CURATOR_ERROR_UNKNOWN_OUTCOME: the answer to a change was lost, and what is there now does not show whether
 *   it took place: it did once, or not at all
 *
 * The codes of the %CURATOR_ERROR domain.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_ERROR_SYSTEM,
  CURATOR_ERROR_CONNECTION_LOSS,
  CURATOR_ERROR_OPERATION_TIMEOUT,
  CURATOR_ERROR_SESSION_EXPIRED,
  CURATOR_ERROR_SESSION_MOVED,
  CURATOR_ERROR_NO_NODE,
  CURATOR_ERROR_NODE_EXISTS,
  CURATOR_ERROR_NOT_EMPTY,
  CURATOR_ERROR_BAD_VERSION,
  CURATOR_ERROR_NO_CHILDREN_FOR_EPHEMERALS,
  CURATOR_ERROR_NO_AUTH,
  CURATOR_ERROR_INVALID_ACL,
  CURATOR_ERROR_AUTH_FAILED,
  CURATOR_ERROR_BAD_ARGUMENTS,
  CURATOR_ERROR_NOT_READ_ONLY,
  CURATOR_ERROR_QUOTA_EXCEEDED,
  CURATOR_ERROR_THROTTLED,
  CURATOR_ERROR_UNIMPLEMENTED,
  CURATOR_ERROR_RECONFIG_IN_PROGRESS,
  CURATOR_ERROR_RECONFIG_DISABLED,
  CURATOR_ERROR_NEW_CONFIG_NO_QUORUM,
  CURATOR_ERROR_NO_WATCHER,
  CURATOR_ERROR_EPHEMERAL_ON_LOCAL_SESSION,
  CURATOR_ERROR_REQUEST_TOO_LARGE,
  CURATOR_ERROR_REPLY_TOO_LARGE,
  CURATOR_ERROR_DATA_INCONSISTENCY,
  CURATOR_ERROR_ROLLED_BACK,
  CURATOR_ERROR_SEQUENCE_EXHAUSTED,
  CURATOR_ERROR_UNKNOWN_OUTCOME,
} CuratorError;

CURATOR_API GQuark curator_error_quark (void);

G_END_DECLS
