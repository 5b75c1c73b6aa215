/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-client-private.h"

#include "curator-test-net-private.h"
#include "curator-test-wire-private.h"

#include <string.h>

/**
 * CuratorTestClient:
 *
 * One connection to a ZooKeeper server on the loopback interface, and the session on it, as plain as can be:
 * nothing is retried, nothing happens in the background, and a session that nobody pings expires.
 *
 * Tests use it as a second, foreign party that shares no code with what they test. A request that fails on
 * the connection, or is not answered within [property@CuratorTest.Client:request-timeout-ms], drops the
 * connection; the session lives on at the server until its time-out.
 *
 * Errors are of the `CURATOR_TEST_ERROR` domain where the server answered, and of `G_IO_ERROR` otherwise.
 *
 * Threads: all methods may be called from any thread; they block the calling thread only, and requests of
 * several threads wait for one another.
 *
 * Since: 1.0
 */

struct _CuratorTestClient
{
  GObject parent_instance;

  guint port;
  GMutex lock; /* of all below, held during a request */
  guint request_timeout_ms;
  GSocket *socket;
  gint32 last_xid;
  gint64 session_id;
  GBytes *password;
  guint negotiated_timeout_ms;
};

enum
{
  PROP_PORT = 1,
  PROP_REQUEST_TIMEOUT_MS,
  N_PROPS
};

enum
{
  PASSWORD_LENGTH = 16,
  MAX_FRAME_LENGTH = 64 * 1024 * 1024,
  DEFAULT_REQUEST_TIMEOUT_MS = 10000,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (CuratorTestCreateMode,
                    curator_test_create_mode,
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_CREATE_MODE_PERSISTENT, "persistent"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_CREATE_MODE_EPHEMERAL, "ephemeral"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_CREATE_MODE_PERSISTENT_SEQUENTIAL,
                                         "persistent-sequential"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_CREATE_MODE_EPHEMERAL_SEQUENTIAL,
                                         "ephemeral-sequential"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_CREATE_MODE_CONTAINER, "container"))

G_DEFINE_FINAL_TYPE (CuratorTestClient, curator_test_client, G_TYPE_OBJECT)

static void
client_disconnect (CuratorTestClient *self)
{
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
}

static gboolean
client_send (
    CuratorTestClient *self, GByteArray *body, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  curator_test_wire_put_int (frame, (gint32) body->len);
  g_byte_array_append (frame, body->data, body->len);
  return curator_test_net_write (self->socket, frame->data, frame->len, deadline_us, cancellable, error);
}

static GBytes *
client_receive (CuratorTestClient *self, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *body = NULL;
  guint32 length = 0;

  if (!curator_test_net_read (self->socket, &length, sizeof length, deadline_us, cancellable, error))
    return NULL;
  length = GUINT32_FROM_BE (length);
  if (length > MAX_FRAME_LENGTH)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The server sent a frame of %u bytes", length);
      return NULL;
    }
  body = g_malloc (length);
  if (!curator_test_net_read (self->socket, body, length, deadline_us, cancellable, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&body), length);
}

/* The rest of the reply to @xid; @number is the server's error number. Events and late answers to pings that
 * come before it are dropped. */
static GBytes *
client_receive_reply (CuratorTestClient *self,
                      gint32 xid,
                      gint32 *number,
                      gint64 deadline_us,
                      GCancellable *cancellable,
                      GError **error)
{
  for (;;)
    {
      g_autoptr (GBytes) frame = client_receive (self, deadline_us, cancellable, error);
      CuratorTestReader reader;
      gint32 reply_xid;

      if (frame == NULL)
        return NULL;
      curator_test_reader_init (&reader, frame);
      reply_xid = curator_test_reader_get_int (&reader);
      curator_test_reader_get_long (&reader);
      *number = curator_test_reader_get_int (&reader);
      if (reply_xid == xid && !reader.bad)
        return g_bytes_new_from_bytes (frame, g_bytes_get_size (frame) - reader.left, reader.left);
      if (reader.bad || reply_xid > 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "A reply to request %d came for request %d", reply_xid, xid);
          return NULL;
        }
    }
}

/* One request and its reply; called with the lock held. */
static GBytes *
client_exchange (CuratorTestClient *self,
                 gint32 xid,
                 gint32 op,
                 GByteArray *arguments,
                 gint32 *number,
                 GCancellable *cancellable,
                 GError **error)
{
  gint64 deadline_us = curator_test_net_deadline (self->request_timeout_ms);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  GBytes *reply = NULL;

  if (self->socket == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "Not connected");
      return NULL;
    }
  curator_test_wire_put_int (body, xid);
  curator_test_wire_put_int (body, op);
  if (arguments != NULL)
    g_byte_array_append (body, arguments->data, arguments->len);
  if (client_send (self, body, deadline_us, cancellable, error))
    reply = client_receive_reply (self, xid, number, deadline_us, cancellable, error);
  if (reply == NULL)
    client_disconnect (self);
  return reply;
}

static gint32
client_next_xid (CuratorTestClient *self)
{
  self->last_xid = self->last_xid == G_MAXINT32 ? 1 : self->last_xid + 1;
  return self->last_xid;
}

GBytes *
curator_test_client_request (CuratorTestClient *self,
                             gint32 op,
                             const char *name,
                             const char *path,
                             GByteArray *arguments,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  gint32 number = 0;
  g_autoptr (GBytes) reply = NULL;

  locker = g_mutex_locker_new (&self->lock);
  reply = client_exchange (self, client_next_xid (self), op, arguments, &number, cancellable, error);
  if (reply == NULL)
    {
      g_prefix_error (error, "%s %s: ", name, path);
      return NULL;
    }
  if (number != 0)
    {
      curator_test_error_set (error, number, name, path);
      return NULL;
    }
  return g_steal_pointer (&reply);
}

gboolean
curator_test_client_check (CuratorTestReader *reader, const char *name, const char *path, GError **error)
{
  if (!reader->bad)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s %s: the reply is too short", name, path);
  return FALSE;
}

static void
curator_test_client_finalize (GObject *object)
{
  CuratorTestClient *self = CURATOR_TEST_CLIENT (object);

  client_disconnect (self);
  g_clear_pointer (&self->password, g_bytes_unref);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (curator_test_client_parent_class)->finalize (object);
}

static void
curator_test_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CuratorTestClient *self = CURATOR_TEST_CLIENT (object);

  if (id == PROP_PORT)
    g_value_set_uint (value, self->port);
  else if (id == PROP_REQUEST_TIMEOUT_MS)
    g_value_set_uint (value, curator_test_client_get_request_timeout_ms (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
curator_test_client_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CuratorTestClient *self = CURATOR_TEST_CLIENT (object);

  if (id == PROP_PORT)
    self->port = g_value_get_uint (value);
  else if (id == PROP_REQUEST_TIMEOUT_MS)
    curator_test_client_set_request_timeout_ms (self, g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
curator_test_client_class_init (CuratorTestClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = curator_test_client_finalize;
  object_class->get_property = curator_test_client_get_property;
  object_class->set_property = curator_test_client_set_property;

  /**
   * CuratorTestClient:port:
   *
   * The server's port on 127.0.0.1.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] =
      g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * CuratorTestClient:request-timeout-ms: (getter get_request_timeout_ms) (setter set_request_timeout_ms)
   *
   * How long a request waits for its reply, in ms. A request that ran into it has dropped the connection.
   *
   * Since: 1.0
   */
  properties[PROP_REQUEST_TIMEOUT_MS] =
      g_param_spec_uint ("request-timeout-ms", NULL, NULL, 1, G_MAXINT, DEFAULT_REQUEST_TIMEOUT_MS,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_test_client_init (CuratorTestClient *self)
{
  g_mutex_init (&self->lock);
  self->request_timeout_ms = DEFAULT_REQUEST_TIMEOUT_MS;
}

/**
 * curator_test_client_new:
 * @port: the port of a server, or of something before it, on 127.0.0.1; 1 to 65535
 *
 * Returns: (transfer full): a client that is not connected
 *
 * Since: 1.0
 */
CuratorTestClient *
curator_test_client_new (guint port)
{
  g_return_val_if_fail (port > 0 && port <= G_MAXUINT16, NULL);

  return g_object_new (CURATOR_TEST_TYPE_CLIENT, "port", port, NULL);
}

static gboolean
client_take_session (CuratorTestClient *self, GBytes *reply, GError **error)
{
  CuratorTestReader reader;
  gint32 timeout_ms;

  curator_test_reader_init (&reader, reply);
  curator_test_reader_get_int (&reader);
  timeout_ms = curator_test_reader_get_int (&reader);
  self->session_id = curator_test_reader_get_long (&reader);
  g_clear_pointer (&self->password, g_bytes_unref);
  self->password = curator_test_reader_get_bytes (&reader);
  self->negotiated_timeout_ms = (guint) MAX (timeout_ms, 0);
  if (!curator_test_client_check (&reader, "Connecting to", "the server", error))
    return FALSE;
  if (timeout_ms > 0)
    return TRUE;
  g_set_error_literal (error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_SESSION_EXPIRED,
                       "The server does not know that session");
  return FALSE;
}

/**
 * curator_test_client_resume_sync:
 * @self: a client
 * @session_timeout_ms: the session time-out to ask for, in ms
 * @session_id: the session, 0 for a new one
 * @password: the session's password (16 bytes)
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Connects and moves the session to this connection. An earlier connection of @self is dropped; one that
 * another client has is closed by the server when it next uses it.
 *
 * Returns: %TRUE on success; fails with %CURATOR_TEST_ERROR_SESSION_EXPIRED where there is no such session,
 * and with `G_IO_ERROR` where nobody answers as ZooKeeper does
 *
 * Since: 1.0
 */
gboolean
curator_test_client_resume_sync (CuratorTestClient *self,
                                 guint session_timeout_ms,
                                 gint64 session_id,
                                 GBytes *password,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GBytes) reply = NULL;
  gint64 deadline_us;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (password != NULL, FALSE);

  locker = g_mutex_locker_new (&self->lock);
  client_disconnect (self);
  self->socket = curator_test_net_connect ((guint16) self->port, cancellable, error);
  if (self->socket == NULL)
    return FALSE;
  curator_test_wire_put_int (body, 0);  /* protocol version */
  curator_test_wire_put_long (body, 0); /* last transaction seen */
  curator_test_wire_put_int (body, (gint32) MIN (session_timeout_ms, G_MAXINT32));
  curator_test_wire_put_long (body, session_id);
  curator_test_wire_put_bytes (body, password);
  g_byte_array_append (body, (const guint8 *) "", 1); /* not read-only */
  deadline_us = curator_test_net_deadline (self->request_timeout_ms);
  if (client_send (self, body, deadline_us, cancellable, error))
    reply = client_receive (self, deadline_us, cancellable, error);
  if (reply != NULL && client_take_session (self, reply, error))
    return TRUE;
  client_disconnect (self);
  return FALSE;
}

/**
 * curator_test_client_connect_sync:
 * @self: a client
 * @session_timeout_ms: the session time-out to ask for, in ms
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Connects and opens a new session.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR` where nobody answers as ZooKeeper does
 *
 * Since: 1.0
 */
gboolean
curator_test_client_connect_sync (CuratorTestClient *self,
                                  guint session_timeout_ms,
                                  GCancellable *cancellable,
                                  GError **error)
{
  static const guint8 no_password[PASSWORD_LENGTH];
  g_autoptr (GBytes) password = g_bytes_new_static (no_password, sizeof no_password);

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);

  return curator_test_client_resume_sync (self, session_timeout_ms, 0, password, cancellable, error);
}

/**
 * curator_test_client_close_sync:
 * @self: a client
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Closes the session, as a client does that ends properly, and waits until the server has done so: the
 * session's ephemeral nodes are gone then.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR` where the connection failed
 *
 * Since: 1.0
 */
gboolean
curator_test_client_close_sync (CuratorTestClient *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GBytes) reply = NULL;
  gint32 number = 0;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);

  locker = g_mutex_locker_new (&self->lock);
  reply = client_exchange (self, client_next_xid (self), CURATOR_TEST_OP_CLOSE, NULL, &number, cancellable,
                           error);
  client_disconnect (self);
  return reply != NULL;
}

/**
 * curator_test_client_disconnect:
 * @self: a client
 *
 * Drops the connection and says nothing to the server: the session lives on until its time-out.
 *
 * Since: 1.0
 */
void
curator_test_client_disconnect (CuratorTestClient *self)
{
  g_return_if_fail (CURATOR_TEST_IS_CLIENT (self));

  g_mutex_lock (&self->lock);
  client_disconnect (self);
  g_mutex_unlock (&self->lock);
}

/**
 * curator_test_client_is_connected:
 * @self: a client
 *
 * Returns: whether there is a connection that the other end has not closed, as far as is known here
 *
 * Since: 1.0
 */
gboolean
curator_test_client_is_connected (CuratorTestClient *self)
{
  gboolean connected;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);

  g_mutex_lock (&self->lock);
  connected = self->socket != NULL;
  if (connected && (g_socket_condition_check (self->socket, G_IO_IN) & (G_IO_HUP | G_IO_ERR)) != 0)
    connected = FALSE;
  /* Readable with nothing to read is the end of the stream. */
  if (connected && (g_socket_condition_check (self->socket, G_IO_IN) & G_IO_IN) != 0 &&
      g_socket_get_available_bytes (self->socket) <= 0)
    connected = FALSE;
  g_mutex_unlock (&self->lock);
  return connected;
}

/**
 * curator_test_client_get_port:
 * @self: a client
 *
 * Returns: the port it connects to
 *
 * Since: 1.0
 */
guint
curator_test_client_get_port (CuratorTestClient *self)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), 0);

  return self->port;
}

/**
 * curator_test_client_get_request_timeout_ms:
 * @self: a client
 *
 * Returns: how long a request waits for its reply, in ms
 *
 * Since: 1.0
 */
guint
curator_test_client_get_request_timeout_ms (CuratorTestClient *self)
{
  guint timeout_ms;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), 0);

  g_mutex_lock (&self->lock);
  timeout_ms = self->request_timeout_ms;
  g_mutex_unlock (&self->lock);
  return timeout_ms;
}

/**
 * curator_test_client_set_request_timeout_ms:
 * @self: a client
 * @timeout_ms: how long a request waits for its reply, in ms, at least 1
 *
 * Sets how long a request waits for its reply.
 *
 * Since: 1.0
 */
void
curator_test_client_set_request_timeout_ms (CuratorTestClient *self, guint timeout_ms)
{
  gboolean changed;

  g_return_if_fail (CURATOR_TEST_IS_CLIENT (self));
  g_return_if_fail (timeout_ms > 0);

  g_mutex_lock (&self->lock);
  changed = self->request_timeout_ms != timeout_ms;
  self->request_timeout_ms = timeout_ms;
  g_mutex_unlock (&self->lock);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REQUEST_TIMEOUT_MS]);
}

/**
 * curator_test_client_get_session_id:
 * @self: a client
 *
 * Returns: the session of the last handshake, 0 before the first
 *
 * Since: 1.0
 */
gint64
curator_test_client_get_session_id (CuratorTestClient *self)
{
  gint64 session_id;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), 0);

  g_mutex_lock (&self->lock);
  session_id = self->session_id;
  g_mutex_unlock (&self->lock);
  return session_id;
}

/**
 * curator_test_client_dup_password:
 * @self: a client
 *
 * Returns: (transfer full) (nullable): the session's password, %NULL before the first handshake
 *
 * Since: 1.0
 */
GBytes *
curator_test_client_dup_password (CuratorTestClient *self)
{
  GBytes *password;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), NULL);

  g_mutex_lock (&self->lock);
  password = self->password != NULL ? g_bytes_ref (self->password) : NULL;
  g_mutex_unlock (&self->lock);
  return password;
}

/**
 * curator_test_client_get_negotiated_timeout_ms:
 * @self: a client
 *
 * Returns: the session time-out that the server granted, in ms, 0 without a session
 *
 * Since: 1.0
 */
guint
curator_test_client_get_negotiated_timeout_ms (CuratorTestClient *self)
{
  guint timeout_ms;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), 0);

  g_mutex_lock (&self->lock);
  timeout_ms = self->negotiated_timeout_ms;
  g_mutex_unlock (&self->lock);
  return timeout_ms;
}

/* A request that is not numbered: its xid is its kind. */
static gboolean
client_special (CuratorTestClient *self,
                gint32 xid,
                gint32 op,
                const char *name,
                GByteArray *arguments,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  gint32 number = 0;
  g_autoptr (GBytes) reply = NULL;

  locker = g_mutex_locker_new (&self->lock);
  reply = client_exchange (self, xid, op, arguments, &number, cancellable, error);
  if (reply != NULL && number != 0)
    curator_test_error_set (error, number, name, "");
  return reply != NULL && number == 0;
}

/**
 * curator_test_client_ping_sync:
 * @self: a client
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Keeps the session alive for another time-out.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_client_ping_sync (CuratorTestClient *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);

  return client_special (self, CURATOR_TEST_XID_PING, CURATOR_TEST_OP_PING, "Ping", NULL, cancellable, error);
}

/**
 * curator_test_client_add_auth_sync:
 * @self: a client
 * @scheme: such as "digest"
 * @credentials: such as "user:password"
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Adds an identity to the connection.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_client_add_auth_sync (CuratorTestClient *self,
                                   const char *scheme,
                                   const char *credentials,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (GByteArray) arguments = g_byte_array_new ();
  g_autoptr (GBytes) auth = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (scheme != NULL && credentials != NULL, FALSE);

  auth = g_bytes_new (credentials, strlen (credentials));
  curator_test_wire_put_int (arguments, 0);
  curator_test_wire_put_string (arguments, scheme);
  curator_test_wire_put_bytes (arguments, auth);
  return client_special (self, CURATOR_TEST_XID_AUTH, CURATOR_TEST_OP_AUTH, "Authentication", arguments,
                         cancellable, error);
}
