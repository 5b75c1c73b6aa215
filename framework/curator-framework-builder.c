/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-framework-builder.h"

#include "curator-client-config-private.h"
#include "curator-framework-builder-private.h"
#include "curator-gzip-compression-provider.h"
#include "curator-operation-private.h"
#include "curator-path-private.h"
#include "curator-retry-exponential-backoff.h"

/**
 * CuratorFrameworkBuilder:
 *
 * Makes clients. Give it settings, then call [method@Curator.FrameworkBuilder.build].
 *
 * ```c
 * g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new ("zk1:2181,zk2:2181/app");
 * curator_framework_builder_with_session_timeout_ms (builder, 10000);
 * g_autoptr (CuratorFramework) client = curator_framework_builder_build (builder, &error);
 * ```
 *
 * A value that cannot be accepted is remembered and reported by the build. A builder can be used again;
 * clients do not see later changes.
 *
 * Connections are neither encrypted nor authenticated by SASL.
 *
 * Threads: a builder is to be used by one thread at a time.
 *
 * Since: 1.0
 */

/* Less would not hold a request or reply with a path in it. */
#define MIN_BYTES 1024

struct _CuratorFrameworkBuilder
{
  GObject parent_instance;

  char *connect_string;
  CuratorRefusal refusal;
  CuratorClientConfig *config; /* a draft, without hosts and chroot; each build takes a copy */
};

G_DEFINE_FINAL_TYPE (CuratorFrameworkBuilder, curator_framework_builder, G_TYPE_OBJECT)

static void
curator_framework_builder_finalize (GObject *object)
{
  CuratorFrameworkBuilder *self = CURATOR_FRAMEWORK_BUILDER (object);

  g_free (self->connect_string);
  curator_refusal_clear (&self->refusal);
  curator_client_config_unref (self->config);
  G_OBJECT_CLASS (curator_framework_builder_parent_class)->finalize (object);
}

static void
curator_framework_builder_class_init (CuratorFrameworkBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_framework_builder_finalize;
}

static void
curator_framework_builder_init (CuratorFrameworkBuilder *self)
{
  self->config = curator_client_config_new ();
}

/* Both remember a value that is out of range, under the setting's name. */
/* The C client calculates in int with twice the time. */
#define MAX_SESSION_TIMEOUT_MS (G_MAXINT / 2)

static void
set_ms (CuratorFrameworkBuilder *self, const char *setting, int value, int min, guint *field)
{
  if (value < min)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT, "%s: %d ms is less than %d", setting,
                         value, min);
  else
    *field = (guint) value;
}

static void
set_bytes (CuratorFrameworkBuilder *self, const char *setting, gint64 value, gsize *field)
{
  if (value < MIN_BYTES || value > G_MAXINT32)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT,
                         "%s: %" G_GINT64_FORMAT " is not between %d and %d", setting, value, MIN_BYTES,
                         G_MAXINT32);
  else
    *field = (gsize) value;
}

static gboolean
is_scheme (const char *scheme)
{
  for (const char *c = scheme; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_' && *c != '.')
        return FALSE;
    }
  return *scheme != '\0';
}

void
curator_framework_builder_set_net (CuratorFrameworkBuilder *self, CuratorNet *net)
{
  self->config->net = net;
}

/**
 * curator_framework_builder_new:
 * @connect_string: the servers and, after a slash, the chroot: `host[:port],host[:port]…[/chroot]`. The
 *   port is 2181 by default; IPv6 addresses stand in brackets
 *
 * Begins to make a client.
 *
 * Returns: (transfer full): a builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_new (const char *connect_string)
{
  CuratorFrameworkBuilder *self = g_object_new (CURATOR_TYPE_FRAMEWORK_BUILDER, NULL);

  self->connect_string = g_strdup (connect_string);
  return self;
}

/**
 * curator_framework_builder_with_namespace:
 * @self: the builder
 * @namespace_: (nullable): a path without a slash at its beginning, such as `app` or `site/app`, or
 *   %NULL for none
 *
 * Puts a namespace before every path of the client, below the chroot of the connect string. Its nodes
 * are made when they are first needed.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_namespace (CuratorFrameworkBuilder *self, const char *namespace_)
{
  g_autofree char *prefix = NULL;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  g_free (self->config->namespace_);
  self->config->namespace_ = NULL;
  if (namespace_ == NULL || *namespace_ == '\0')
    return self;
  prefix = curator_path_make_prefix (NULL, namespace_, &reason);
  if (prefix == NULL)
    {
      g_autofree char *quoted = curator_path_quote (namespace_);

      curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT, "namespace %s: %s", quoted, reason);
    }
  else
    self->config->namespace_ = g_strdup (prefix + 1);
  return self;
}

/**
 * curator_framework_builder_with_session_timeout_ms:
 * @self: the builder
 * @timeout_ms: the time in milliseconds, 1 to 1,073,741,823
 *
 * Sets for how long the servers keep the session, and with it its ephemeral nodes, while they hear
 * nothing from the client; 60 seconds by default. A server may grant another time, within its bounds:
 * see [property@Curator.Framework:negotiated-timeout-ms].
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_session_timeout_ms (CuratorFrameworkBuilder *self, gint timeout_ms)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  if (timeout_ms > MAX_SESSION_TIMEOUT_MS)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT, "session time-out: %d ms is more than %d",
                         timeout_ms, MAX_SESSION_TIMEOUT_MS);
  else
    set_ms (self, "session time-out", timeout_ms, 1, &self->config->session_timeout_ms);
  return self;
}

/**
 * curator_framework_builder_with_connection_timeout_ms:
 * @self: the builder
 * @timeout_ms: the time in milliseconds, at least 1
 *
 * Sets how long an operation waits for a connection before that counts as a failed attempt; 15 seconds
 * by default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_connection_timeout_ms (CuratorFrameworkBuilder *self, gint timeout_ms)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  set_ms (self, "connection time-out", timeout_ms, 1, &self->config->connection_timeout_ms);
  return self;
}

/**
 * curator_framework_builder_with_retry_policy:
 * @self: the builder
 * @retry_policy: (nullable) (transfer full): the policy, or %NULL for the default
 *
 * Sets how failed operations are tried again; by default three times with delays that grow exponentially
 * from one second.
 *
 * The builder takes the policy over, so that it can be made in the call:
 * `curator_framework_builder_with_retry_policy (builder, curator_retry_exponential_backoff_new (100, 5))`.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_retry_policy (CuratorFrameworkBuilder *self, CuratorRetryPolicy *retry_policy)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);
  g_return_val_if_fail (retry_policy == NULL || CURATOR_IS_RETRY_POLICY (retry_policy), self);

  g_clear_object (&self->config->retry_policy);
  self->config->retry_policy = retry_policy;
  return self;
}

/**
 * curator_framework_builder_with_auth:
 * @self: the builder
 * @scheme: the scheme, such as `digest`
 * @auth: the credentials in the form that the scheme asks for, such as `user:password`
 *
 * Adds credentials, with which the client authenticates itself at each connection. May be called more
 * than once.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_auth (CuratorFrameworkBuilder *self, const char *scheme, GBytes *auth)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);
  g_return_val_if_fail (scheme != NULL, self);
  g_return_val_if_fail (auth != NULL, self);

  if (!is_scheme (scheme))
    {
      g_autofree char *quoted = curator_path_quote (scheme);

      curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT,
                           "auth: %s is not the name of a scheme", quoted);
    }
  else
    g_ptr_array_add (self->config->auths, curator_auth_info_new (scheme, auth));
  return self;
}

/**
 * curator_framework_builder_with_default_data:
 * @self: the builder
 * @data: (nullable): the data, or %NULL for none
 *
 * Sets the data of nodes that are created, or set, without data being given; none by default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_default_data (CuratorFrameworkBuilder *self, GBytes *data)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  g_clear_pointer (&self->config->default_data, g_bytes_unref);
  if (data != NULL)
    self->config->default_data = g_bytes_ref (data);
  return self;
}

/**
 * curator_framework_builder_with_acl_provider:
 * @self: the builder
 * @acl_provider: (nullable): the provider, or %NULL for the default
 *
 * Sets who gives new nodes their access control lists; by default everybody may do everything.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_acl_provider (CuratorFrameworkBuilder *self, CuratorAclProvider *acl_provider)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);
  g_return_val_if_fail (acl_provider == NULL || CURATOR_IS_ACL_PROVIDER (acl_provider), self);

  g_set_object (&self->config->acl_provider, acl_provider);
  return self;
}

/**
 * curator_framework_builder_with_read_only:
 * @self: the builder
 * @can_be_read_only: %TRUE to accept servers that are read-only
 *
 * Sets whether the client may connect to a server that has lost its quorum and answers reads only; by
 * default it may not.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_read_only (CuratorFrameworkBuilder *self, gboolean can_be_read_only)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  self->config->can_be_read_only = can_be_read_only;
  return self;
}

/**
 * curator_framework_builder_with_compression_provider:
 * @self: the builder
 * @compression_provider: (nullable): the provider, or %NULL for the default
 *
 * Sets how data are compressed; by default as gzip.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_compression_provider (CuratorFrameworkBuilder *self,
                                                     CuratorCompressionProvider *compression_provider)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);
  g_return_val_if_fail (
      compression_provider == NULL || CURATOR_IS_COMPRESSION_PROVIDER (compression_provider), self);

  g_set_object (&self->config->compression_provider, compression_provider);
  return self;
}

/**
 * curator_framework_builder_with_compression_enabled:
 * @self: the builder
 * @enabled: %TRUE to compress
 *
 * Sets whether data are compressed and decompressed by operations that do not say; by default they are
 * not.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_compression_enabled (CuratorFrameworkBuilder *self, gboolean enabled)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  self->config->compression_enabled = enabled;
  return self;
}

/**
 * curator_framework_builder_with_main_context:
 * @self: the builder
 * @context: (nullable): the context, or %NULL for a thread of the library
 *
 * Runs the client in a main context of the application, without any thread: the fastest way, and one
 * that wants care. The application must iterate the context all the time, or the session is lost; and
 * blocking calls are refused in its thread.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_main_context (CuratorFrameworkBuilder *self, GMainContext *context)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  g_clear_pointer (&self->config->main_context, g_main_context_unref);
  if (context != NULL)
    self->config->main_context = g_main_context_ref (context);
  return self;
}

/**
 * curator_framework_builder_with_own_thread:
 * @self: the builder
 * @own_thread: %TRUE for a thread of its own
 *
 * Sets whether the client has a thread of its own; by default all clients of a process share one. Not
 * together with [method@Curator.FrameworkBuilder.with_main_context].
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_own_thread (CuratorFrameworkBuilder *self, gboolean own_thread)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  self->config->own_thread = own_thread;
  return self;
}

/**
 * curator_framework_builder_with_connection_state_error_policy:
 * @self: the builder
 * @policy: the policy
 *
 * Sets which connection states make recipes give up what they hold; the standard policy by default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_connection_state_error_policy (CuratorFrameworkBuilder *self,
                                                              CuratorConnectionStateErrorPolicy policy)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  if (policy != CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD &&
      policy != CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT,
                         "connection state error policy: %d is not known", (int) policy);
  else
    self->config->error_policy = policy;
  return self;
}

/**
 * curator_framework_builder_with_canonical_host_names:
 * @self: the builder
 * @canonical: %TRUE to ask for canonical names
 *
 * Sets whether the names of servers are replaced by their canonical ones when they are looked up; by
 * default they are not.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_canonical_host_names (CuratorFrameworkBuilder *self, gboolean canonical)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  self->config->canonical_host_names = canonical;
  return self;
}

/**
 * curator_framework_builder_with_max_packet_bytes:
 * @self: the builder
 * @bytes: the size in bytes, at least 1024 and less than 2 GiB
 *
 * Sets the largest request that is sent; 1,048,000 bytes by default, a little less than what a server
 * accepts unless its `jute.maxbuffer` says otherwise. Larger ones fail with
 * `CURATOR_ERROR_REQUEST_TOO_LARGE`: a server would close the connection, and all requests under way
 * would fail.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_max_packet_bytes (CuratorFrameworkBuilder *self, gint64 bytes)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  set_bytes (self, "max packet bytes", bytes, &self->config->max_packet_bytes);
  return self;
}

/**
 * curator_framework_builder_with_max_reply_bytes:
 * @self: the builder
 * @bytes: the size in bytes, at least 1024 and less than 2 GiB
 *
 * Sets the largest reply that is accepted; 64 MiB by default. Larger ones fail with
 * `CURATOR_ERROR_REPLY_TOO_LARGE`.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_max_reply_bytes (CuratorFrameworkBuilder *self, gint64 bytes)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  set_bytes (self, "max reply bytes", bytes, &self->config->max_reply_bytes);
  return self;
}

/**
 * curator_framework_builder_with_max_close_wait_ms:
 * @self: the builder
 * @wait_ms: the time in milliseconds, at least 0
 *
 * Sets how long closing the client waits for the server to confirm the end of the session; 1 second by
 * default.
 *
 * Returns: (transfer none): the builder
 *
 * Since: 1.0
 */
CuratorFrameworkBuilder *
curator_framework_builder_with_max_close_wait_ms (CuratorFrameworkBuilder *self, gint wait_ms)
{
  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), self);

  set_ms (self, "max close wait", wait_ms, 0, &self->config->max_close_wait_ms);
  return self;
}

static gboolean
check_settings (CuratorFrameworkBuilder *self, GError **error)
{
  if (self->config->main_context != NULL && self->config->own_thread)
    curator_refusal_set (&self->refusal, G_IO_ERROR_INVALID_ARGUMENT,
                         "own thread: a client in a main context of the application has none");
  if (self->refusal.text == NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, (int) self->refusal.code, self->refusal.text);
  return FALSE;
}

static void
fill_in_defaults (CuratorClientConfig *config)
{
  if (config->retry_policy == NULL)
    config->retry_policy =
        curator_retry_exponential_backoff_new (CURATOR_DEFAULT_RETRY_BASE_MS, CURATOR_DEFAULT_RETRY_COUNT);
  if (config->default_data == NULL)
    config->default_data = g_bytes_new_static ("", 0);
  if (config->acl_provider == NULL)
    config->acl_provider = curator_acl_provider_new ();
  if (config->compression_provider == NULL)
    config->compression_provider = curator_gzip_compression_provider_new ();
}

/**
 * curator_framework_builder_build:
 * @self: the builder
 * @error: the return location for an error
 *
 * Makes a client, which is then to be started with [method@Curator.Framework.start].
 *
 * The error is `G_IO_ERROR_INVALID_ARGUMENT` where the connect string or a setting cannot be accepted;
 * the message names it.
 *
 * Returns: (transfer full): the client, or %NULL with an error
 *
 * Since: 1.0
 */
CuratorFramework *
curator_framework_builder_build (CuratorFrameworkBuilder *self, GError **error)
{
  g_autoptr (CuratorConnectString) servers = NULL;
  g_autoptr (CuratorClientConfig) config = NULL;

  g_return_val_if_fail (CURATOR_IS_FRAMEWORK_BUILDER (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_settings (self, error))
    return NULL;
  servers = curator_connect_string_parse (self->connect_string, error);
  if (servers == NULL)
    return NULL;
  config = curator_client_config_copy (self->config);
  config->hosts = g_steal_pointer (&servers->hosts);
  config->chroot = g_steal_pointer (&servers->chroot);
  fill_in_defaults (config);
  return curator_framework_new_from_config (config, error);
}
