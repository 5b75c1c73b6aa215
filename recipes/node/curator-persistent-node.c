/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-persistent-node.h"

#include "curator-emitter-private.h"
#include "curator-enum-types.h"
#include "curator-keeper-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/* What the server has room for. */
#define MAX_TTL_MS ((G_GINT64_CONSTANT (1) << 40) - 1)

/**
 * CuratorPersistentNode:
 *
 * A node that stays there: over lost connections and sessions, and when somebody deletes it.
 *
 * From [method@Curator.PersistentNode.start] to [method@Curator.PersistentNode.close_async] the node is
 * created, watched, and created again whenever it has gone; also when there is no server to be reached at the
 * start. Its data are those that were set last: [method@Curator.PersistentNode.set_data_async] is not
 * forgotten over a reconnection or a new creation. Data that somebody else writes into the node stay until
 * then.
 *
 * As in Apache Curator's `PersistentNode`, a node that is there already is taken over, whoever made it: it is
 * given the data, watched, created anew when it has gone, and deleted at the end. An ephemeral node that is
 * left of an earlier session goes with that session, and is created again then. Missing parents are created
 * as containers, unless [property@Curator.PersistentNode:with-parents] is unset.
 *
 * Sequential nodes keep their number when they are created again. A create whose answer is lost is repeated,
 * and may leave a second sequential node unless [property@Curator.PersistentNode:protection] is set.
 *
 * A node with a time to live is kept from being removed by a child of it, named `touch`, which is written to
 * twice in that time, as by Curator's `PersistentTtlNode`. It is not deleted at the end; the server removes
 * it when its time is over.
 *
 * Closing deletes the node, however often that has to be tried. Dropping the last reference closes in the
 * background. In a process that was forked from the one that started it the object is inert.
 *
 * Threads: all functions may be called from any thread; reading values never blocks. Results are returned in
 * the thread-default main context of the call. Signals and notifications are emitted in the thread-default
 * main context of the construction, in order.
 *
 * Since: 1.0
 */
struct _CuratorPersistentNode
{
  GObject parent_instance;

  CuratorFramework *client;
  char *path;
  CuratorCreateMode mode;
  gint64 ttl_ms;
  gboolean protection;
  gboolean with_parents;
  GBytes *initial_data;

  CuratorEmitter *emitter;
  CuratorKeeper *keeper; /* NULL where there is no client or no path */
  int started;           /* atomic */
  int closed;            /* atomic */
};

enum
{
  PROP_CLIENT = 1,
  PROP_PATH,
  PROP_MODE,
  PROP_TTL_MS,
  PROP_PROTECTION,
  PROP_WITH_PARENTS,
  PROP_DATA,
  PROP_ACTUAL_PATH,
  N_PROPS
};

enum
{
  SIGNAL_CREATED,
  SIGNAL_ERROR,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CuratorPersistentNode, curator_persistent_node, G_TYPE_OBJECT)

/* One that was made without its construct-only properties is not. */
static gboolean
node_is_usable (CuratorPersistentNode *self)
{
  return CURATOR_IS_PERSISTENT_NODE (self) && self->keeper != NULL;
}

static gboolean
has_ttl (CuratorCreateMode mode)
{
  return mode == CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL ||
         mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL;
}

/* As the keeper's owner, in the loop; what follows is in the context of the construction. */

static void
emit_created (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_ACTUAL_PATH]);
  if (!g_atomic_int_get (&CURATOR_PERSISTENT_NODE (object)->closed))
    g_signal_emit (object, signals[SIGNAL_CREATED], 0, data);
}

static void
on_created (gpointer user_data, const char *path)
{
  curator_emitter_post (user_data, emit_created, g_strdup (path), g_free);
}

static void
emit_error (GObject *object, gpointer data)
{
  if (!g_atomic_int_get (&CURATOR_PERSISTENT_NODE (object)->closed))
    g_signal_emit (object, signals[SIGNAL_ERROR], 0, data);
}

static void
on_failed (gpointer user_data, const GError *error)
{
  curator_emitter_post (user_data, emit_error, g_error_copy (error), (GDestroyNotify) g_error_free);
}

static void
emit_data (GObject *object, gpointer data)
{
  g_object_notify_by_pspec (object, properties[PROP_DATA]);
}

static const CuratorKeeperOwner keeper_owner = {
  .created = on_created,
  .failed = on_failed,
};

/* Class */

static void
curator_persistent_node_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  CuratorPersistentNode *self = CURATOR_PERSISTENT_NODE (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_MODE:
      g_value_set_enum (value, (int) self->mode);
      break;
    case PROP_TTL_MS:
      g_value_set_int64 (value, self->ttl_ms);
      break;
    case PROP_PROTECTION:
      g_value_set_boolean (value, self->protection);
      break;
    case PROP_WITH_PARENTS:
      g_value_set_boolean (value, self->with_parents);
      break;
    case PROP_DATA:
      g_value_take_boxed (value, curator_persistent_node_dup_data (self));
      break;
    case PROP_ACTUAL_PATH:
      g_value_take_string (value, curator_persistent_node_dup_actual_path (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_persistent_node_set_property (GObject *object,
                                      guint property_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  CuratorPersistentNode *self = CURATOR_PERSISTENT_NODE (object);

  switch (property_id)
    {
    case PROP_CLIENT:
      if (curator_framework_is_built (g_value_get_object (value)))
        self->client = g_value_dup_object (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    case PROP_MODE:
      self->mode = (CuratorCreateMode) g_value_get_enum (value);
      break;
    case PROP_TTL_MS:
      self->ttl_ms = g_value_get_int64 (value);
      break;
    case PROP_PROTECTION:
      self->protection = g_value_get_boolean (value);
      break;
    case PROP_WITH_PARENTS:
      self->with_parents = g_value_get_boolean (value);
      break;
    case PROP_DATA:
      self->initial_data = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_persistent_node_constructed (GObject *object)
{
  CuratorPersistentNode *self = CURATOR_PERSISTENT_NODE (object);

  G_OBJECT_CLASS (curator_persistent_node_parent_class)->constructed (object);

  if (self->client == NULL || self->path == NULL)
    return;
  self->emitter = curator_emitter_new (object);
  self->keeper =
      curator_keeper_new (&(CuratorKeeperOptions){ self->client, self->path, self->mode, self->ttl_ms,
                                                   self->protection, self->with_parents },
                          self->initial_data, &keeper_owner, curator_emitter_ref (self->emitter),
                          (GDestroyNotify) curator_emitter_unref);
}

/* In a forked process the session, and with it the node, is the parent's. */
static void
node_close (CuratorPersistentNode *self)
{
  if (g_atomic_int_compare_and_exchange (&self->closed, FALSE, TRUE))
    curator_keeper_begin_close (self->keeper);
}

static void
curator_persistent_node_dispose (GObject *object)
{
  CuratorPersistentNode *self = CURATOR_PERSISTENT_NODE (object);

  if (self->keeper != NULL)
    node_close (self);

  G_OBJECT_CLASS (curator_persistent_node_parent_class)->dispose (object);
}

static void
curator_persistent_node_finalize (GObject *object)
{
  CuratorPersistentNode *self = CURATOR_PERSISTENT_NODE (object);

  g_clear_pointer (&self->keeper, curator_keeper_unref);
  g_clear_pointer (&self->emitter, curator_emitter_unref);
  g_clear_pointer (&self->initial_data, g_bytes_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (curator_persistent_node_parent_class)->finalize (object);
}

static void
install_configuration (void)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorPersistentNode:client: (getter get_client)
   *
   * The client through which the node is kept.
   *
   * Since: 1.0
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, CURATOR_TYPE_FRAMEWORK, flags);
  /**
   * CuratorPersistentNode:path: (getter get_path)
   *
   * The path that was asked for, relative to the client's namespace: without a number and a protection.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * CuratorPersistentNode:mode: (getter get_mode)
   *
   * What kind of node it is.
   *
   * Since: 1.0
   */
  properties[PROP_MODE] =
      g_param_spec_enum ("mode", NULL, NULL, CURATOR_TYPE_CREATE_MODE, CURATOR_CREATE_MODE_PERSISTENT, flags);
  /**
   * CuratorPersistentNode:ttl-ms: (getter get_ttl_ms)
   *
   * The time to live of a node whose mode has one, in milliseconds: from 1 to 1099511627775.
   *
   * Since: 1.0
   */
  properties[PROP_TTL_MS] = g_param_spec_int64 ("ttl-ms", NULL, NULL, G_MININT64, G_MAXINT64, -1, flags);
  /**
   * CuratorPersistentNode:protection: (getter get_protection)
   *
   * Whether the name gets a random id, so that a create whose answer was lost is found again.
   *
   * Since: 1.0
   */
  properties[PROP_PROTECTION] = g_param_spec_boolean ("protection", NULL, NULL, FALSE, flags);
  /**
   * CuratorPersistentNode:with-parents:
   *
   * Whether missing parents are created.
   *
   * Since: 1.0
   */
  properties[PROP_WITH_PARENTS] = g_param_spec_boolean ("with-parents", NULL, NULL, TRUE, flags);
  /**
   * CuratorPersistentNode:data: (getter dup_data)
   *
   * The data that were set last, which need not be written yet. At the construction: the first ones.
   *
   * Since: 1.0
   */
  properties[PROP_DATA] = g_param_spec_boxed ("data", NULL, NULL, G_TYPE_BYTES, flags);
}

static void
curator_persistent_node_class_init (CuratorPersistentNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = curator_persistent_node_get_property;
  object_class->set_property = curator_persistent_node_set_property;
  object_class->constructed = curator_persistent_node_constructed;
  object_class->dispose = curator_persistent_node_dispose;
  object_class->finalize = curator_persistent_node_finalize;

  install_configuration ();
  /**
   * CuratorPersistentNode:actual-path: (getter dup_actual_path)
   *
   * The path of the node, relative to the client's namespace; %NULL before it was there for the first time.
   * It stays while the node is being created again.
   *
   * Since: 1.0
   */
  properties[PROP_ACTUAL_PATH] = g_param_spec_string (
      "actual-path", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * CuratorPersistentNode::created:
   * @self: the node
   * @path: its path, relative to the client's namespace
   *
   * The node is there, with the data that were set last: for the first time, or again after it had gone.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CREATED] = g_signal_new ("created", CURATOR_TYPE_PERSISTENT_NODE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * CuratorPersistentNode::error:
   * @self: the node
   * @error: what went wrong
   *
   * The server does not want the node to be created or its data to be set, or a node of another kind is there
   * already (%CURATOR_ERROR_NODE_EXISTS). The attempts go on; the same error again is not signalled again.
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_PERSISTENT_NODE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_persistent_node_init (CuratorPersistentNode *self)
{
}

/**
 * curator_persistent_node_new:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by
 * [method@Curator.PersistentNode.start]
 * @mode: what kind of node it is
 * @data: (nullable): its first data; %NULL for empty ones
 *
 * Makes a persistent node. Nothing is sent before it is started.
 *
 * Returns: (transfer full): the node
 *
 * Since: 1.0
 */
CuratorPersistentNode *
curator_persistent_node_new (CuratorFramework *client, const char *path, CuratorCreateMode mode, GBytes *data)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_PERSISTENT_NODE, "client", client, "path", path, "mode", mode, "data",
                       data, NULL);
}

/**
 * curator_persistent_node_new_protected:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by
 * [method@Curator.PersistentNode.start]
 * @mode: what kind of node it is
 * @data: (nullable): its first data; %NULL for empty ones
 *
 * Makes a persistent node whose name gets a random id, so that a create whose answer was lost is found again.
 *
 * Returns: (transfer full): the node
 *
 * Since: 1.0
 */
CuratorPersistentNode *
curator_persistent_node_new_protected (CuratorFramework *client,
                                       const char *path,
                                       CuratorCreateMode mode,
                                       GBytes *data)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_PERSISTENT_NODE, "client", client, "path", path, "mode", mode, "data",
                       data, "protection", TRUE, NULL);
}

/**
 * curator_persistent_node_new_with_ttl:
 * @client: a client
 * @path: the path of the node, relative to the client's namespace; an invalid one is reported by
 * [method@Curator.PersistentNode.start]
 * @ttl_ms: the time to live, in milliseconds, from 1 to 1099511627775; an invalid one is reported likewise
 * @data: (nullable): its first data; %NULL for empty ones
 *
 * Makes a persistent node with a time to live, which begins when nobody keeps the node any more. Servers
 * refuse it unless they were told to know such nodes.
 *
 * Returns: (transfer full): the node
 *
 * Since: 1.0
 */
CuratorPersistentNode *
curator_persistent_node_new_with_ttl (CuratorFramework *client, const char *path, gint64 ttl_ms, GBytes *data)
{
  g_return_val_if_fail (curator_framework_is_built (client), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (CURATOR_TYPE_PERSISTENT_NODE, "client", client, "path", path, "mode",
                       CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL, "data", data, "ttl-ms", ttl_ms, NULL);
}

/**
 * curator_persistent_node_get_client: (get-property client)
 * @self: a node
 *
 * Gets the client through which the node is kept.
 *
 * Returns: (transfer none): the client
 *
 * Since: 1.0
 */
CuratorFramework *
curator_persistent_node_get_client (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), NULL);

  return self->client;
}

/**
 * curator_persistent_node_get_path: (get-property path)
 * @self: a node
 *
 * Gets the path that was asked for.
 *
 * Returns: (transfer none): the path, as it was given
 *
 * Since: 1.0
 */
const char *
curator_persistent_node_get_path (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), NULL);

  return self->path;
}

/**
 * curator_persistent_node_get_mode: (get-property mode)
 * @self: a node
 *
 * Gets what kind of node it is.
 *
 * Returns: the mode
 *
 * Since: 1.0
 */
CuratorCreateMode
curator_persistent_node_get_mode (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), CURATOR_CREATE_MODE_PERSISTENT);

  return self->mode;
}

/**
 * curator_persistent_node_get_protection: (get-property protection)
 * @self: a node
 *
 * Gets whether the name gets a random id.
 *
 * Returns: %TRUE if it does
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_get_protection (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), FALSE);

  return self->protection;
}

/**
 * curator_persistent_node_get_ttl_ms: (get-property ttl-ms)
 * @self: a node
 *
 * Gets the time to live.
 *
 * Returns: the time in milliseconds; -1 where none was given
 *
 * Since: 1.0
 */
gint64
curator_persistent_node_get_ttl_ms (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), -1);

  return self->ttl_ms;
}

/**
 * curator_persistent_node_dup_actual_path: (get-property actual-path)
 * @self: a node
 *
 * Gets the path of the node, with its number and protection.
 *
 * Returns: (transfer full) (nullable): the path, relative to the client's namespace; %NULL before the node
 * was there for the first time
 *
 * Since: 1.0
 */
char *
curator_persistent_node_dup_actual_path (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), NULL);

  return self->keeper != NULL ? curator_keeper_dup_path (self->keeper) : NULL;
}

/**
 * curator_persistent_node_dup_data: (get-property data)
 * @self: a node
 *
 * Gets the data that were set last.
 *
 * Returns: (transfer full) (nullable): the data, which need not be written yet; %NULL for an object that no
 * constructor made
 *
 * Since: 1.0
 */
GBytes *
curator_persistent_node_dup_data (CuratorPersistentNode *self)
{
  g_return_val_if_fail (CURATOR_IS_PERSISTENT_NODE (self), NULL);

  return self->keeper != NULL ? curator_keeper_dup_data (self->keeper) : NULL;
}

static void
set_argument_error (GError **error, const char *path, const char *reason)
{
  g_autofree char *quoted = curator_path_quote (path);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "start %s: %s", quoted, reason);
}

/**
 * curator_persistent_node_start:
 * @self: a node
 * @error: (nullable): where to put the reason for a failure
 *
 * Begins to keep the node. That goes on in the background; see
 * [method@Curator.PersistentNode.await_created_async].
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time to live, or for a node that was started
 * already, and `G_IO_ERROR_CLOSED` after [method@Curator.PersistentNode.close_async] or in a forked process.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_start (CuratorPersistentNode *self, GError **error)
{
  CuratorLoop *loop;

  g_return_val_if_fail (node_is_usable (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  loop = curator_framework_get_loop (self->client);
  if (!curator_path_validate (self->path, curator_keeper_is_sequential (self->keeper), NULL))
    curator_error_set_from_rc (error, CURATOR_RC_INVALID_PATH, "start", self->path);
  else if (has_ttl (self->mode) && (self->ttl_ms < 1 || self->ttl_ms > MAX_TTL_MS))
    set_argument_error (error, self->path, "the time to live is not from 1 to 1099511627775 ms");
  else if (!curator_loop_is_alive (loop))
    curator_error_set_from_rc (error, CURATOR_RC_FORKED, "start", self->path);
  else if (g_atomic_int_get (&self->closed))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "start: the node was closed");
  else if (!g_atomic_int_compare_and_exchange (&self->started, FALSE, TRUE))
    set_argument_error (error, self->path, "it was started already");
  else
    {
      curator_keeper_begin_start (self->keeper);
      return TRUE;
    }
  return FALSE;
}

/**
 * curator_persistent_node_await_created_async:
 * @self: a node
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async) (nullable): called when the node is there, or when the wait failed
 * @user_data: for @callback
 *
 * Waits until the node is there, with the data that were set last. Where it has gone and is being created
 * again, waits for that.
 *
 * Since: 1.0
 */
void
curator_persistent_node_await_created_async (CuratorPersistentNode *self,
                                             gint64 timeout_ms,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (node_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_keeper_get_created_call (self->keeper, timeout_ms);
  curator_call_async (&options, self, curator_persistent_node_await_created_async, cancellable, callback,
                      user_data);
}

/**
 * curator_persistent_node_await_created_finish:
 * @self: a node
 * @result: the result of [method@Curator.PersistentNode.await_created_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.PersistentNode.await_created_async].
 *
 * Errors: `G_IO_ERROR_TIMED_OUT`, `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the node or its client was
 * closed, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path or time-out, and what the server refuses the node
 * with, such as %CURATOR_ERROR_NO_AUTH. A lost connection is no error: the wait goes on.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_await_created_finish (CuratorPersistentNode *self,
                                              GAsyncResult *result,
                                              GError **error)
{
  return curator_call_finish (self, curator_persistent_node_await_created_async, result, error);
}

/**
 * curator_persistent_node_await_created_sync:
 * @self: a node
 * @timeout_ms: how long to wait, in milliseconds: -1 for ever
 * @cancellable: (nullable): ends the wait
 * @error: (nullable): where to put the reason for a failure
 *
 * Waits until the node is there, and blocks meanwhile. For the errors see
 * [method@Curator.PersistentNode.await_created_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_await_created_sync (CuratorPersistentNode *self,
                                            gint64 timeout_ms,
                                            GCancellable *cancellable,
                                            GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (node_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_keeper_get_created_call (self->keeper, timeout_ms);
  return curator_call_sync (&options, cancellable, error);
}

static guint64
node_take_data (CuratorPersistentNode *self, GBytes *data)
{
  guint64 number = curator_keeper_begin_write (self->keeper, data);

  if (number > 0)
    curator_emitter_post_newest (self->emitter, emit_data, NULL, NULL);
  return number;
}

/**
 * curator_persistent_node_set_data_async:
 * @self: a node
 * @data: the data
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async) (nullable): called when the data, or newer ones, were written, or when that failed
 * @user_data: for @callback
 *
 * Sets the data of the node, which takes effect at once: cancelling, or a failure for want of a connection,
 * ends the wait alone, and the data are written as soon as that is possible. Of several calls the last one
 * counts; data that newer ones overtook are not written any more. Before the start nothing is waited for.
 *
 * Since: 1.0
 */
void
curator_persistent_node_set_data_async (CuratorPersistentNode *self,
                                        GBytes *data,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (node_is_usable (self));
  g_return_if_fail (data != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  options = curator_keeper_get_written_call (self->keeper, node_take_data (self, data));
  curator_call_async (&options, self, curator_persistent_node_set_data_async, cancellable, callback,
                      user_data);
}

/**
 * curator_persistent_node_set_data_finish:
 * @self: a node
 * @result: the result of [method@Curator.PersistentNode.set_data_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.PersistentNode.set_data_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_CLOSED` when the node or its client was closed,
 * `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, %CURATOR_ERROR_CONNECTION_LOSS and the like when the
 * retry policy gave up, after which the data are still written later, and what the server refuses them with,
 * such as %CURATOR_ERROR_NO_AUTH.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_set_data_finish (CuratorPersistentNode *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_persistent_node_set_data_async, result, error);
}

/**
 * curator_persistent_node_set_data_sync:
 * @self: a node
 * @data: the data
 * @cancellable: (nullable): ends the wait
 * @error: (nullable): where to put the reason for a failure
 *
 * Sets the data of the node, and blocks until they were written; see
 * [method@Curator.PersistentNode.set_data_async]. For the errors see
 * [method@Curator.PersistentNode.set_data_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_set_data_sync (CuratorPersistentNode *self,
                                       GBytes *data,
                                       GCancellable *cancellable,
                                       GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (node_is_usable (self), FALSE);
  g_return_val_if_fail (data != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  options = curator_keeper_get_written_call (self->keeper, node_take_data (self, data));
  return curator_call_sync (&options, cancellable, error);
}

/**
 * curator_persistent_node_close_async:
 * @self: a node
 * @cancellable: (nullable): ends the wait, not the closing
 * @callback: (scope async) (nullable): called when the node has gone
 * @user_data: for @callback
 *
 * Deletes the node, unless it has a time to live, and keeps it no longer. Closing again waits for the same.
 *
 * Since: 1.0
 */
void
curator_persistent_node_close_async (CuratorPersistentNode *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CuratorCallOptions options;

  g_return_if_fail (node_is_usable (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  node_close (self);
  options = curator_keeper_get_closed_call (self->keeper);
  curator_call_async (&options, self, curator_persistent_node_close_async, cancellable, callback, user_data);
}

/**
 * curator_persistent_node_close_finish:
 * @self: a node
 * @result: the result of [method@Curator.PersistentNode.close_async]
 * @error: (nullable): where to put the reason for a failure
 *
 * Ends [method@Curator.PersistentNode.close_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_INVALID_ARGUMENT` for an invalid path, and what kept the node
 * from being deleted: where that was the connection, the deletion goes on in the background.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_close_finish (CuratorPersistentNode *self, GAsyncResult *result, GError **error)
{
  return curator_call_finish (self, curator_persistent_node_close_async, result, error);
}

/**
 * curator_persistent_node_close_sync:
 * @self: a node
 * @cancellable: (nullable): ends the wait, not the closing
 * @error: (nullable): where to put the reason for a failure
 *
 * Deletes the node, unless it has a time to live, and blocks until it has gone. For the errors see
 * [method@Curator.PersistentNode.close_finish]; in the client's own main context there is also
 * `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Returns: %TRUE, or %FALSE with @error set
 *
 * Since: 1.0
 */
gboolean
curator_persistent_node_close_sync (CuratorPersistentNode *self, GCancellable *cancellable, GError **error)
{
  CuratorCallOptions options;

  g_return_val_if_fail (node_is_usable (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  node_close (self);
  options = curator_keeper_get_closed_call (self->keeper);
  return curator_call_sync (&options, cancellable, error);
}
