/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "curator-version.h"

G_BEGIN_DECLS

/**
 * CuratorCreateMode:
 * @CURATOR_CREATE_MODE_PERSISTENT: stays until it is deleted
 * @CURATOR_CREATE_MODE_EPHEMERAL: goes away with the session that created it
 * @CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL: persistent, the server appends a ten-digit counter to the name
 * @CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL: ephemeral, the server appends a ten-digit counter to the name
 * @CURATOR_CREATE_MODE_CONTAINER: removed by the server some time after its last child has gone
 * @CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL: removed by the server when it was neither changed nor has had
 *   children for its time to live; the server needs `extendedTypesEnabled`
 * @CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL: sequential and with a time to live
 *
 * The kind of node to create; the values are ZooKeeper's.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_CREATE_MODE_PERSISTENT = 0,
  CURATOR_CREATE_MODE_EPHEMERAL = 1,
  CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL = 2,
  CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL = 3,
  CURATOR_CREATE_MODE_CONTAINER = 4,
  CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL = 5,
  CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL = 6,
} CuratorCreateMode;

/**
 * CuratorConnectionState:
 * @CURATOR_CONNECTION_STATE_LATENT: not connected since the client was built
 * @CURATOR_CONNECTION_STATE_CONNECTED: connected for the first time
 * @CURATOR_CONNECTION_STATE_SUSPENDED: contact was lost; the session may still live, nothing may be relied on
 * @CURATOR_CONNECTION_STATE_RECONNECTED: connected again, after a suspension or with a new session after a loss
 * @CURATOR_CONNECTION_STATE_LOST: the session is gone, and with it its ephemeral nodes
 * @CURATOR_CONNECTION_STATE_READ_ONLY: connected to a server that has no quorum and answers reads only
 * @CURATOR_CONNECTION_STATE_CLOSED: the client was closed; final
 *
 * The state of a client's connection.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_CONNECTION_STATE_LATENT,
  CURATOR_CONNECTION_STATE_CONNECTED,
  CURATOR_CONNECTION_STATE_SUSPENDED,
  CURATOR_CONNECTION_STATE_RECONNECTED,
  CURATOR_CONNECTION_STATE_LOST,
  CURATOR_CONNECTION_STATE_READ_ONLY,
  CURATOR_CONNECTION_STATE_CLOSED,
} CuratorConnectionState;

/**
 * CuratorConnectionStateErrorPolicy:
 * @CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD: both `SUSPENDED` and `LOST` are errors
 * @CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION: only `LOST` is an error: a suspension keeps what the session holds
 *
 * Which connection states make a recipe give up what it holds.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD,
  CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION,
} CuratorConnectionStateErrorPolicy;

/**
 * CuratorWatchedEventType:
 * @CURATOR_WATCHED_EVENT_TYPE_NONE: no node changed: the watch ended because the session did
 * @CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED: the node came into being
 * @CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED: the node was deleted
 * @CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED: the node's data were set
 * @CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED: a child was created or deleted
 *
 * What a watch saw; the values are ZooKeeper's, but for none.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_WATCHED_EVENT_TYPE_NONE = 0,
  CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED = 1,
  CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED = 2,
  CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED = 3,
  CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED = 4,
} CuratorWatchedEventType;

/**
 * CuratorWatcherType:
 * @CURATOR_WATCHER_TYPE_CHILDREN: those that listing children sets
 * @CURATOR_WATCHER_TYPE_DATA: those that reading data and looking whether a node exists set
 * @CURATOR_WATCHER_TYPE_ANY: all of these
 *
 * Kinds of watches; the values are ZooKeeper's.
 *
 * Since: 1.0
 */
typedef enum /*< flags >*/
{
  CURATOR_WATCHER_TYPE_CHILDREN = 1 << 0,
  CURATOR_WATCHER_TYPE_DATA = 1 << 1,
  CURATOR_WATCHER_TYPE_ANY = 0x3,
} CuratorWatcherType;

/**
 * CuratorTransactionOperation:
 * @CURATOR_TRANSACTION_OPERATION_CREATE: creates a node
 * @CURATOR_TRANSACTION_OPERATION_SET_DATA: sets the data of a node
 * @CURATOR_TRANSACTION_OPERATION_DELETE: deletes a node
 * @CURATOR_TRANSACTION_OPERATION_CHECK: looks whether a node exists and has a version
 *
 * The operations that a transaction is made of.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_TRANSACTION_OPERATION_CREATE,
  CURATOR_TRANSACTION_OPERATION_SET_DATA,
  CURATOR_TRANSACTION_OPERATION_DELETE,
  CURATOR_TRANSACTION_OPERATION_CHECK,
} CuratorTransactionOperation;

/**
 * CuratorPerms:
 * @CURATOR_PERMS_NONE: nothing
 * @CURATOR_PERMS_READ: read data and list children
 * @CURATOR_PERMS_WRITE: set data
 * @CURATOR_PERMS_CREATE: create children
 * @CURATOR_PERMS_DELETE: delete children
 * @CURATOR_PERMS_ADMIN: set the access control list
 * @CURATOR_PERMS_ALL: all of these
 *
 * The permissions that an entry of an access control list grants; the values are ZooKeeper's.
 *
 * Since: 1.0
 */
typedef enum /*< flags >*/
{
  CURATOR_PERMS_NONE = 0,
  CURATOR_PERMS_READ = 1 << 0,
  CURATOR_PERMS_WRITE = 1 << 1,
  CURATOR_PERMS_CREATE = 1 << 2,
  CURATOR_PERMS_DELETE = 1 << 3,
  CURATOR_PERMS_ADMIN = 1 << 4,
  CURATOR_PERMS_ALL = 0x1f,
} CuratorPerms;

G_END_DECLS
