/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-framework.h"

#include "curator-enum-types.h"
#include "curator-framework-private.h"
#include "curator-path-private.h"
#include "curator-state-emitter-private.h"

/**
 * CuratorFramework:
 *
 * A client of a ZooKeeper ensemble.
 *
 * Made by [class@Curator.FrameworkBuilder], started once with [method@Curator.Framework.start]; from then on it
 * connects, reconnects, and makes a new session where one was lost, by itself, until it is closed. Operations come
 * from [method@Curator.Framework.create] and its siblings; those made before the first connection wait for it.
 *
 * All clients of a process share one worker thread, so that an application that is busy does not lose its session;
 * see [method@Curator.FrameworkBuilder.with_main_context] for a client that lives in the application's own main
 * context instead.
 *
 * Dropping the last reference without closing closes in the background. In a process forked from the one that built
 * the client everything fails with `G_IO_ERROR_CLOSED`, and the parent's session is left alone.
 *
 * Threads: all methods may be called from any thread. Results of asynchronous calls arrive in the thread-default
 * main context of the call, signals in that of the client's construction. A `_sync` call blocks only its own thread;
 * made inside the client's own loop it fails with `G_IO_ERROR_WOULD_BLOCK`.
 *
 * Since: 1.0
 */

enum
{
  PROP_0,
  PROP_CONNECTION_STATE,
  PROP_SESSION_ID,
  PROP_NEGOTIATED_TIMEOUT_MS,
  PROP_NAMESPACE,
  N_PROPS
};

enum
{
  SIGNAL_CONNECTION_STATE_CHANGED,
  SIGNAL_ERROR,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CuratorFramework, curator_framework, G_TYPE_OBJECT)

/* In the context of construction. */
static void
on_state_emitted (GObject *object, CuratorConnectionState state)
{
  g_signal_emit (object, signals[SIGNAL_CONNECTION_STATE_CHANGED], 0, state);
  g_object_notify_by_pspec (object, props[PROP_CONNECTION_STATE]);
  if (state != CURATOR_CONNECTION_STATE_SUSPENDED)
    {
      g_object_notify_by_pspec (object, props[PROP_SESSION_ID]);
      g_object_notify_by_pspec (object, props[PROP_NEGOTIATED_TIMEOUT_MS]);
    }
}

static void
on_error_emitted (GObject *object, const GError *error)
{
  g_signal_emit (object, signals[SIGNAL_ERROR], 0, error);
}

static void
close_in_loop (gpointer user_data)
{
  CuratorCore *core = user_data;

  curator_core_close (core, NULL, NULL);
  curator_core_unref (core);
}

static void
curator_framework_dispose (GObject *object)
{
  CuratorFramework *self = CURATOR_FRAMEWORK (object);

  g_clear_pointer (&self->emitter, curator_state_emitter_stop);
  G_OBJECT_CLASS (curator_framework_parent_class)->dispose (object);
}

static void
curator_framework_finalize (GObject *object)
{
  CuratorFramework *self = CURATOR_FRAMEWORK (object);
  CuratorCore *core = self->core;

  g_free (self->namespace_);
  g_free (self->prefix);
  if (core != NULL)
    {
      if (g_atomic_int_dec_and_test (&core->n_clients) && curator_loop_is_alive (core->loop)
          && curator_core_get_phase (core) == CURATOR_CORE_STARTED)
        curator_loop_invoke (core->loop, close_in_loop, curator_core_ref (core));
      curator_core_unref (core);
    }
  G_OBJECT_CLASS (curator_framework_parent_class)->finalize (object);
}

gboolean
curator_framework_is_built (CuratorFramework *self)
{
  return CURATOR_IS_FRAMEWORK (self) && self->core != NULL;
}

static void
curator_framework_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CuratorFramework *self = CURATOR_FRAMEWORK (object);

  switch (prop_id)
    {
    case PROP_CONNECTION_STATE:
      g_value_set_enum (value, curator_framework_get_connection_state (self));
      break;
    case PROP_SESSION_ID:
      g_value_set_int64 (value, curator_framework_get_session_id (self));
      break;
    case PROP_NEGOTIATED_TIMEOUT_MS:
      g_value_set_uint (value, curator_framework_get_negotiated_timeout_ms (self));
      break;
    case PROP_NAMESPACE:
      g_value_set_string (value, self->namespace_);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
curator_framework_class_init (CuratorFrameworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = curator_framework_dispose;
  object_class->finalize = curator_framework_finalize;
  object_class->get_property = curator_framework_get_property;

  /**
   * CuratorFramework:connection-state: (getter get_connection_state)
   *
   * The state of the connection now. Notifications may coalesce; to see every state in order, connect to
   * [signal@Curator.Framework::connection-state-changed].
   *
   * Since: 1.0
   */
  props[PROP_CONNECTION_STATE]
    = g_param_spec_enum ("connection-state", NULL, NULL, CURATOR_TYPE_CONNECTION_STATE,
                         CURATOR_CONNECTION_STATE_LATENT, readable);
  /**
   * CuratorFramework:session-id: (getter get_session_id)
   *
   * The id of the current session, or 0 without one.
   *
   * Since: 1.0
   */
  props[PROP_SESSION_ID] = g_param_spec_int64 ("session-id", NULL, NULL, G_MININT64, G_MAXINT64, 0, readable);
  /**
   * CuratorFramework:negotiated-timeout-ms: (getter get_negotiated_timeout_ms)
   *
   * The session time-out that the server granted, in milliseconds; before the first connection the one asked for.
   *
   * Since: 1.0
   */
  props[PROP_NEGOTIATED_TIMEOUT_MS]
    = g_param_spec_uint ("negotiated-timeout-ms", NULL, NULL, 0, G_MAXUINT, 0, readable);
  /**
   * CuratorFramework:namespace: (getter get_namespace)
   *
   * The namespace that all paths of this object are in, or %NULL.
   *
   * Since: 1.0
   */
  props[PROP_NAMESPACE] = g_param_spec_string ("namespace", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * CuratorFramework::connection-state-changed:
   * @self: the client
   * @state: the state that the connection came into
   *
   * Emitted for every state, in order, none left out. Where the application was slow, the state may no longer be
   * the current one.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CONNECTION_STATE_CHANGED]
    = g_signal_new ("connection-state-changed", CURATOR_TYPE_FRAMEWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, CURATOR_TYPE_CONNECTION_STATE);

  /**
   * CuratorFramework::error:
   * @self: the client
   * @error: what went wrong
   *
   * Emitted for what goes wrong in the background, where no call waits for an answer: credentials that the server
   * refuses, a node that cannot be deleted, a watch that cannot be set again (or, after a passing failure, not before
   * the next connection).
   *
   * Since: 1.0
   */
  signals[SIGNAL_ERROR] = g_signal_new ("error", CURATOR_TYPE_FRAMEWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
curator_framework_init (CuratorFramework *self)
{
}

static CuratorFramework *
new_for_core (CuratorCore *core, const char *namespace_, char *prefix)
{
  static const CuratorStateEmitterFuncs emitter_funcs = { on_state_emitted, on_error_emitted };
  CuratorFramework *self = g_object_new (CURATOR_TYPE_FRAMEWORK, NULL);

  g_atomic_int_inc (&core->n_clients);
  self->core = curator_core_ref (core);
  self->namespace_ = g_strdup (namespace_);
  self->prefix = prefix;
  self->emitter = curator_state_emitter_start (core, G_OBJECT (self), &emitter_funcs);
  return self;
}

CuratorFramework *
curator_framework_new_from_config (CuratorClientConfig *config, GError **error)
{
  g_autofree char *reason = NULL;
  char *prefix = curator_path_make_prefix (config->chroot, config->namespace_, &reason);
  CuratorCore *core;
  CuratorFramework *self;

  if (reason != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "build: invalid namespace \"%s\": %s",
                   config->namespace_, reason);
      return NULL;
    }
  core = curator_core_new (config);
  self = new_for_core (core, config->namespace_, prefix);
  curator_core_unref (core);
  return self;
}

/* --- life ------------------------------------------------------------------------------------------------------ */

/**
 * curator_framework_start:
 * @self: the client
 * @error: where to put an error
 *
 * Begins to connect, in the background; never blocks.
 *
 * A client is started once: a second call fails with `G_IO_ERROR_EXISTS`, a call after the close with
 * `G_IO_ERROR_CLOSED`.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_framework_start (CuratorFramework *self, GError **error)
{
  g_return_val_if_fail (curator_framework_is_built (self), FALSE);

  return curator_core_start (self->core, error);
}

/**
 * curator_framework_using_namespace:
 * @self: the client
 * @namespace_: (nullable): the namespace, a path without the leading slash, or %NULL for none
 * @error: where to put an error
 *
 * A view of the same client whose paths are all in another namespace. It shares connection, session and state; closing
 * any of them closes all.
 *
 * Fails with `G_IO_ERROR_INVALID_ARGUMENT` where the namespace is not a path.
 *
 * Returns: (transfer full): the view
 *
 * Since: 1.0
 */
CuratorFramework *
curator_framework_using_namespace (CuratorFramework *self, const char *namespace_, GError **error)
{
  g_autofree char *reason = NULL;
  char *prefix;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  prefix = curator_path_make_prefix (self->core->config->chroot, namespace_, &reason);
  if (reason != NULL)
    {
      g_autofree char *quoted = curator_path_quote (namespace_);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "using namespace: invalid namespace %s: %s", quoted,
                   reason);
      return NULL;
    }
  return new_for_core (self->core, namespace_, prefix);
}

/* --- values ---------------------------------------------------------------------------------------------------- */

/**
 * curator_framework_get_connection_state: (get-property connection-state)
 * @self: the client
 *
 * The state of the connection now, without a round trip.
 *
 * Returns: the state
 *
 * Since: 1.0
 */
CuratorConnectionState
curator_framework_get_connection_state (CuratorFramework *self)
{
  g_return_val_if_fail (curator_framework_is_built (self), CURATOR_CONNECTION_STATE_LATENT);

  return (CuratorConnectionState) __atomic_load_n (&self->core->state, __ATOMIC_ACQUIRE);
}

/**
 * curator_framework_is_connected:
 * @self: the client
 *
 * Whether the client is connected now, be it to a read-only server.
 *
 * Returns: %TRUE while connected
 *
 * Since: 1.0
 */
gboolean
curator_framework_is_connected (CuratorFramework *self)
{
  g_return_val_if_fail (curator_framework_is_built (self), FALSE);

  return curator_connection_state_is_connected (curator_framework_get_connection_state (self));
}

/**
 * curator_framework_get_connection_state_error_policy:
 * @self: the client
 *
 * Which connection states make recipes give up what they hold.
 *
 * Returns: the policy
 *
 * Since: 1.0
 */
CuratorConnectionStateErrorPolicy
curator_framework_get_connection_state_error_policy (CuratorFramework *self)
{
  g_return_val_if_fail (curator_framework_is_built (self), CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD);

  return self->core->config->error_policy;
}

/**
 * curator_framework_get_session_id: (get-property session-id)
 * @self: the client
 *
 * The id of the current session.
 *
 * Returns: the id, or 0 without a session
 *
 * Since: 1.0
 */
gint64
curator_framework_get_session_id (CuratorFramework *self)
{
  CuratorCorePublished *published;
  gint64 id;

  g_return_val_if_fail (curator_framework_is_built (self), 0);

  published = &self->core->published;
  /* In a forked child the lock may be held by a thread that is not there. */
  if (!curator_loop_is_alive (self->core->loop))
    return 0;
  g_mutex_lock (&published->lock);
  id = published->session_id;
  g_mutex_unlock (&published->lock);
  return id;
}

/**
 * curator_framework_dup_session_id_string:
 * @self: the client
 *
 * The id of the current session as servers and their tools write it, in hexadecimal with a leading `0x`; for
 * languages whose numbers are not exact beyond 2^53.
 *
 * Returns: (transfer full): the id
 *
 * Since: 1.0
 */
char *
curator_framework_dup_session_id_string (CuratorFramework *self)
{
  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", (guint64) curator_framework_get_session_id (self));
}

/**
 * curator_framework_dup_session_password:
 * @self: the client
 *
 * The password of the current session. Together with the id it lets another client take the session over; treat it
 * as a secret.
 *
 * Returns: (transfer full): the password, empty without a session
 *
 * Since: 1.0
 */
GBytes *
curator_framework_dup_session_password (CuratorFramework *self)
{
  CuratorCorePublished *published;
  GBytes *password;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  published = &self->core->published;
  /* In a forked child the lock may be held by a thread that is not there. */
  if (!curator_loop_is_alive (self->core->loop))
    return g_bytes_new (NULL, 0);
  g_mutex_lock (&published->lock);
  password = g_bytes_new (published->password, published->password_length);
  g_mutex_unlock (&published->lock);
  return password;
}

/**
 * curator_framework_get_negotiated_timeout_ms: (get-property negotiated-timeout-ms)
 * @self: the client
 *
 * The session time-out that the server granted.
 *
 * Returns: milliseconds; before the first connection the time-out asked for
 *
 * Since: 1.0
 */
guint
curator_framework_get_negotiated_timeout_ms (CuratorFramework *self)
{
  CuratorCorePublished *published;
  guint timeout_ms;

  g_return_val_if_fail (curator_framework_is_built (self), 0);

  published = &self->core->published;
  /* In a forked child the lock may be held by a thread that is not there. */
  if (!curator_loop_is_alive (self->core->loop))
    return 0;
  g_mutex_lock (&published->lock);
  timeout_ms = published->negotiated_timeout_ms;
  g_mutex_unlock (&published->lock);
  return timeout_ms != 0 ? timeout_ms : self->core->config->session_timeout_ms;
}

/**
 * curator_framework_get_namespace: (get-property namespace)
 * @self: the client
 *
 * The namespace that all paths of this object are in.
 *
 * Returns: (nullable): the namespace, or %NULL for none
 *
 * Since: 1.0
 */
const char *
curator_framework_get_namespace (CuratorFramework *self)
{
  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  return self->namespace_;
}

/**
 * curator_framework_get_metrics:
 * @self: the client
 *
 * What the client has counted and measured so far.
 *
 * Returns: (transfer full): a snapshot
 *
 * Since: 1.0
 */
CuratorMetrics *
curator_framework_get_metrics (CuratorFramework *self)
{
  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  return curator_core_snapshot_metrics (self->core);
}

/* --- for the library ------------------------------------------------------------------------------------------- */

CuratorCore *
curator_framework_get_core (CuratorFramework *self)
{
  return self->core;
}

CuratorClientConfig *
curator_framework_get_client_config (CuratorFramework *self)
{
  return self->core->config;
}

void
curator_framework_catch_up (CuratorFramework *self)
{
  curator_core_catch_up (self->core);
}

CuratorLoop *
curator_framework_get_loop (CuratorFramework *self)
{
  return self->core->loop;
}

guint
curator_framework_add_state_listener (CuratorFramework *self, CuratorStateFunc func, gpointer user_data)
{
  return curator_core_add_state_listener (self->core, func, user_data);
}

void
curator_framework_remove_state_listener (CuratorFramework *self, guint id)
{
  curator_core_remove_state_listener (self->core, id);
}

gint64
curator_framework_get_lease_deadline_us (CuratorFramework *self)
{
  return __atomic_load_n (&self->core->deadline_us, __ATOMIC_ACQUIRE);
}
