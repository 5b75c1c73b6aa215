/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-proxy.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curator-test-link-private.h"
#include "curator-test-net-private.h"

/**
 * CuratorTestProxy:
 *
 * Stands between clients and a server on the loopback interface, and does to their connections what networks
 * do.
 *
 * Whatever a method or property changes is in effect when it returns, for the connections that there are and
 * for those to come. What is held back is not lost, but passed on when the proxy lets it through again, as
 * TCP does after a partition; to lose it, drop the connections first.
 *
 * The proxy reads ZooKeeper's frames to count requests and to cut a connection around a chosen one. Other
 * streams pass through it unread.
 *
 * Threads: all methods may be called from any thread. The work is done in a thread of the proxy's own.
 *
 * Since: 1.0
 */

struct _CuratorTestProxy
{
  GObject parent_instance;

  guint target_port;

  GMutex lock; /* of all below; the thread gives it up only to wait for events */
  GCond cond;  /* something of it changed */
  GThread *thread;
  gboolean stopping;
  int wake_fd, reserved_fd, listen_fd;
  guint16 port;
  char *connect_string;
  CuratorTestProxyDoor door;
  CuratorTestFaults faults;
  GPtrArray *links;
  guint n_connections;
  gboolean drop, drop_resets;
  guint n_changes, n_applied; /* changes asked for, and those that the thread has seen */
};

enum
{
  PROP_TARGET_PORT = 1,
  PROP_PORT,
  PROP_FLOW,
  PROP_DOOR,
  PROP_DELAY_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FLAGS_TYPE (CuratorTestProxyFlow,
                     curator_test_proxy_flow,
                     G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_FLOW_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER, "hold-to-server"),
                     G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT, "hold-to-client"),
                     G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_FLOW_HOLD, "hold"))
G_DEFINE_ENUM_TYPE (CuratorTestProxyDoor,
                    curator_test_proxy_door,
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_DOOR_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_DOOR_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_DOOR_IGNORED, "ignored"))
G_DEFINE_ENUM_TYPE (CuratorTestProxyCut,
                    curator_test_proxy_cut,
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_CUT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_CUT_REQUEST, "request"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_PROXY_CUT_REPLY, "reply"))

G_DEFINE_FINAL_TYPE (CuratorTestProxy, curator_test_proxy, G_TYPE_OBJECT)

static void
proxy_wake (CuratorTestProxy *self)
{
  const guint64 one = 1;
  gssize n = write (self->wake_fd, &one, sizeof one);

  g_assert (n == sizeof one);
}

/* Lets the thread see a change, and waits until it has; called with the lock held. */
static void
proxy_apply (CuratorTestProxy *self)
{
  guint change = ++self->n_changes;

  if (self->thread == NULL)
    return;
  proxy_wake (self);
  while ((gint) (self->n_applied - change) < 0)
    g_cond_wait (&self->cond, &self->lock);
}

/* In the thread, with the lock held, as all below. */
static void
proxy_apply_changes (CuratorTestProxy *self)
{
  g_autoptr (GError) error = NULL;

  if (self->drop)
    {
      for (guint i = 0; self->drop_resets && i < self->links->len; i++)
        curator_test_link_reset (self->links->pdata[i]);
      g_ptr_array_set_size (self->links, 0);
      self->drop = FALSE;
    }
  if (self->door == CURATOR_TEST_PROXY_DOOR_REFUSED && self->listen_fd >= 0)
    {
      close (self->listen_fd);
      self->listen_fd = -1;
    }
  if (self->door != CURATOR_TEST_PROXY_DOOR_REFUSED && self->listen_fd < 0)
    {
      self->listen_fd = curator_test_net_listen (self->port, &error);
      if (self->listen_fd < 0)
        g_warning ("%s", error->message);
    }
  self->n_applied = self->n_changes;
}

static void
proxy_accept (CuratorTestProxy *self)
{
  int fd;

  while (self->door == CURATOR_TEST_PROXY_DOOR_OPEN && self->listen_fd >= 0 &&
         (fd = accept4 (self->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
    {
      CuratorTestLink *link = curator_test_link_new (&self->faults, fd, (guint16) self->target_port);

      self->n_connections++;
      if (link != NULL)
        g_ptr_array_add (self->links, link);
    }
}

static void
proxy_run_links (CuratorTestProxy *self)
{
  for (guint i = 0; i < self->links->len;)
    {
      if (curator_test_link_run (self->links->pdata[i]))
        i++;
      else
        g_ptr_array_remove_index_fast (self->links, i);
    }
}

static void
proxy_wait (CuratorTestProxy *self)
{
  g_autofree struct pollfd *polls = g_new0 (struct pollfd, 2 + 2 * self->links->len);
  nfds_t n = 2;
  gint64 wake_us = G_MAXINT64;
  gint64 left_ms = -1;
  guint64 count;

  polls[0] = (struct pollfd){ .fd = self->wake_fd, .events = POLLIN };
  polls[1] = (struct pollfd){ .fd = self->door == CURATOR_TEST_PROXY_DOOR_OPEN ? self->listen_fd : -1,
                              .events = POLLIN };
  for (guint i = 0; i < self->links->len; i++, n += 2)
    curator_test_link_get_poll (self->links->pdata[i], &polls[n], &wake_us);
  if (wake_us != G_MAXINT64)
    left_ms = MAX (wake_us - g_get_monotonic_time () + 999, 0) / 1000;
  g_mutex_unlock (&self->lock);
  poll (polls, n, (int) MIN (left_ms, G_MAXINT));
  g_mutex_lock (&self->lock);
  if ((polls[0].revents & POLLIN) != 0 && read (self->wake_fd, &count, sizeof count) < 0)
    g_warning ("The proxy's wake-up cannot be read");
}

static gpointer
proxy_thread (gpointer data)
{
  CuratorTestProxy *self = data;

  g_mutex_lock (&self->lock);
  while (!self->stopping)
    {
      proxy_apply_changes (self);
      proxy_accept (self);
      proxy_run_links (self);
      g_cond_broadcast (&self->cond);
      proxy_wait (self);
    }
  g_ptr_array_set_size (self->links, 0);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
proxy_stop (CuratorTestProxy *self)
{
  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  proxy_wake (self);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->thread));
}

static void
curator_test_proxy_finalize (GObject *object)
{
  CuratorTestProxy *self = CURATOR_TEST_PROXY (object);
  const int fds[] = { self->wake_fd, self->reserved_fd, self->listen_fd };

  proxy_stop (self);
  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      if (fds[i] >= 0)
        close (fds[i]);
    }
  g_ptr_array_unref (self->links);
  g_hash_table_unref (self->faults.n_requests);
  g_free (self->connect_string);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (curator_test_proxy_parent_class)->finalize (object);
}

static void
curator_test_proxy_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CuratorTestProxy *self = CURATOR_TEST_PROXY (object);

  switch (id)
    {
    case PROP_TARGET_PORT:
      g_value_set_uint (value, self->target_port);
      break;
    case PROP_PORT:
      g_value_set_uint (value, curator_test_proxy_get_port (self));
      break;
    case PROP_FLOW:
      g_value_set_flags (value, curator_test_proxy_get_flow (self));
      break;
    case PROP_DOOR:
      g_value_set_enum (value, (gint) curator_test_proxy_get_door (self));
      break;
    case PROP_DELAY_MS:
      g_value_set_uint (value, curator_test_proxy_get_delay_ms (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
curator_test_proxy_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CuratorTestProxy *self = CURATOR_TEST_PROXY (object);

  switch (id)
    {
    case PROP_TARGET_PORT:
      self->target_port = g_value_get_uint (value);
      break;
    case PROP_FLOW:
      curator_test_proxy_set_flow (self, g_value_get_flags (value));
      break;
    case PROP_DOOR:
      curator_test_proxy_set_door (self, (CuratorTestProxyDoor) g_value_get_enum (value));
      break;
    case PROP_DELAY_MS:
      curator_test_proxy_set_delay_ms (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
proxy_install_properties (GObjectClass *object_class)
{
  const GParamFlags setting = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * CuratorTestProxy:target-port: (getter get_target_port)
   *
   * The server's port on 127.0.0.1.
   *
   * Since: 1.0
   */
  properties[PROP_TARGET_PORT] =
      g_param_spec_uint ("target-port", NULL, NULL, 0, G_MAXUINT16, 0,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * CuratorTestProxy:port: (getter get_port)
   *
   * The proxy's own port on 127.0.0.1, 0 before the start.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] =
      g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * CuratorTestProxy:flow: (getter get_flow) (setter set_flow)
   *
   * What is held back.
   *
   * Since: 1.0
   */
  properties[PROP_FLOW] = g_param_spec_flags ("flow", NULL, NULL, CURATOR_TEST_TYPE_PROXY_FLOW,
                                              CURATOR_TEST_PROXY_FLOW_NONE, setting);

  /**
   * CuratorTestProxy:door: (getter get_door) (setter set_door)
   *
   * What happens to new connections.
   *
   * Since: 1.0
   */
  properties[PROP_DOOR] = g_param_spec_enum ("door", NULL, NULL, CURATOR_TEST_TYPE_PROXY_DOOR,
                                             CURATOR_TEST_PROXY_DOOR_OPEN, setting);

  /**
   * CuratorTestProxy:delay-ms: (getter get_delay_ms) (setter set_delay_ms)
   *
   * How long everything takes on its way, in each direction, in ms.
   *
   * Since: 1.0
   */
  properties[PROP_DELAY_MS] = g_param_spec_uint ("delay-ms", NULL, NULL, 0, 3600000, 0, setting);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_test_proxy_class_init (CuratorTestProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = curator_test_proxy_finalize;
  object_class->get_property = curator_test_proxy_get_property;
  object_class->set_property = curator_test_proxy_set_property;
  proxy_install_properties (object_class);
}

static void
curator_test_proxy_init (CuratorTestProxy *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->wake_fd = self->reserved_fd = self->listen_fd = -1;
  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_test_link_free);
  self->faults.n_requests = g_hash_table_new (NULL, NULL);
}

/**
 * curator_test_proxy_new:
 * @target_port: the port of the server on 127.0.0.1, 1 to 65535
 *
 * Returns: (transfer full): a proxy that is not started
 *
 * Since: 1.0
 */
CuratorTestProxy *
curator_test_proxy_new (guint target_port)
{
  g_return_val_if_fail (target_port > 0 && target_port <= G_MAXUINT16, NULL);

  return g_object_new (CURATOR_TEST_TYPE_PROXY, "target-port", target_port, NULL);
}

static gboolean
proxy_start (CuratorTestProxy *self, GError **error)
{
  guint16 port = 0;

  if (self->wake_fd < 0)
    self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->wake_fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return FALSE;
    }
  if (self->reserved_fd < 0)
    {
      self->reserved_fd = curator_test_net_reserve_port (&port, error);
      if (self->reserved_fd < 0)
        return FALSE;
      self->port = port;
      self->connect_string = g_strdup_printf ("127.0.0.1:%u", port);
    }
  self->thread = g_thread_try_new ("curator-test-proxy", proxy_thread, self, error);
  if (self->thread == NULL)
    return FALSE;
  proxy_apply (self);
  return TRUE;
}

/**
 * curator_test_proxy_start:
 * @self: a proxy
 * @error: return location for a #GError
 *
 * Begins to serve on a free port. Does nothing where it has begun already. The proxy ends with the last
 * reference to it.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR` where no port or thread can be had
 *
 * Since: 1.0
 */
gboolean
curator_test_proxy_start (CuratorTestProxy *self, GError **error)
{
  gboolean started;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), FALSE);

  g_mutex_lock (&self->lock);
  started = self->thread != NULL || proxy_start (self, error);
  g_mutex_unlock (&self->lock);
  if (started)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PORT]);
  return started;
}

/**
 * curator_test_proxy_get_target_port: (get-property target-port)
 * @self: a proxy
 *
 * Returns: the server's port
 *
 * Since: 1.0
 */
guint
curator_test_proxy_get_target_port (CuratorTestProxy *self)
{
  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), 0);

  return self->target_port;
}

/**
 * curator_test_proxy_get_port: (get-property port)
 * @self: a proxy
 *
 * Returns: the proxy's own port on 127.0.0.1, 0 before the start
 *
 * Since: 1.0
 */
guint
curator_test_proxy_get_port (CuratorTestProxy *self)
{
  guint port;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), 0);

  g_mutex_lock (&self->lock);
  port = self->port;
  g_mutex_unlock (&self->lock);
  return port;
}

/**
 * curator_test_proxy_get_connect_string:
 * @self: a proxy
 *
 * Returns: (transfer none) (nullable): "127.0.0.1:port" of the proxy, %NULL before the start
 *
 * Since: 1.0
 */
const char *
curator_test_proxy_get_connect_string (CuratorTestProxy *self)
{
  const char *connect_string;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), NULL);

  g_mutex_lock (&self->lock);
  connect_string = self->connect_string;
  g_mutex_unlock (&self->lock);
  return connect_string;
}

/**
 * curator_test_proxy_get_flow: (get-property flow)
 * @self: a proxy
 *
 * Returns: what is held back
 *
 * Since: 1.0
 */
CuratorTestProxyFlow
curator_test_proxy_get_flow (CuratorTestProxy *self)
{
  CuratorTestProxyFlow flow;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), CURATOR_TEST_PROXY_FLOW_NONE);

  g_mutex_lock (&self->lock);
  flow = self->faults.flow;
  g_mutex_unlock (&self->lock);
  return flow;
}

/**
 * curator_test_proxy_set_flow: (set-property flow)
 * @self: a proxy
 * @flow: what to hold back from now on
 *
 * Holds data back, or lets them through again.
 *
 * Since: 1.0
 */
void
curator_test_proxy_set_flow (CuratorTestProxy *self, CuratorTestProxyFlow flow)
{
  g_return_if_fail (CURATOR_TEST_IS_PROXY (self));

  g_mutex_lock (&self->lock);
  self->faults.flow = flow;
  proxy_apply (self);
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLOW]);
}

/**
 * curator_test_proxy_get_door: (get-property door)
 * @self: a proxy
 *
 * Returns: what happens to new connections
 *
 * Since: 1.0
 */
CuratorTestProxyDoor
curator_test_proxy_get_door (CuratorTestProxy *self)
{
  CuratorTestProxyDoor door;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), CURATOR_TEST_PROXY_DOOR_OPEN);

  g_mutex_lock (&self->lock);
  door = self->door;
  g_mutex_unlock (&self->lock);
  return door;
}

/**
 * curator_test_proxy_set_door: (set-property door)
 * @self: a proxy
 * @door: what to do with new connections from now on
 *
 * Opens or shuts the proxy to new connections. Those that there are go on.
 *
 * Since: 1.0
 */
void
curator_test_proxy_set_door (CuratorTestProxy *self, CuratorTestProxyDoor door)
{
  g_return_if_fail (CURATOR_TEST_IS_PROXY (self));

  g_mutex_lock (&self->lock);
  self->door = door;
  proxy_apply (self);
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOOR]);
}

/**
 * curator_test_proxy_get_delay_ms: (get-property delay-ms)
 * @self: a proxy
 *
 * Returns: how long everything takes on its way, in each direction, in ms
 *
 * Since: 1.0
 */
guint
curator_test_proxy_get_delay_ms (CuratorTestProxy *self)
{
  guint delay_ms;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), 0);

  g_mutex_lock (&self->lock);
  delay_ms = self->faults.delay_ms;
  g_mutex_unlock (&self->lock);
  return delay_ms;
}

/**
 * curator_test_proxy_set_delay_ms: (set-property delay-ms)
 * @self: a proxy
 * @delay_ms: how long, in each direction, in ms
 *
 * Delays what arrives from now on.
 *
 * Since: 1.0
 */
void
curator_test_proxy_set_delay_ms (CuratorTestProxy *self, guint delay_ms)
{
  g_return_if_fail (CURATOR_TEST_IS_PROXY (self));

  g_mutex_lock (&self->lock);
  self->faults.delay_ms = delay_ms;
  proxy_apply (self);
  g_mutex_unlock (&self->lock);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DELAY_MS]);
}

/**
 * curator_test_proxy_drop_connections:
 * @self: a proxy
 * @reset: whether abruptly (RST) rather than orderly (FIN)
 *
 * Closes all connections, at both ends, and loses what was on its way.
 *
 * Since: 1.0
 */
void
curator_test_proxy_drop_connections (CuratorTestProxy *self, gboolean reset)
{
  g_return_if_fail (CURATOR_TEST_IS_PROXY (self));

  g_mutex_lock (&self->lock);
  self->drop = TRUE;
  self->drop_resets = reset;
  proxy_apply (self);
  g_mutex_unlock (&self->lock);
}

/**
 * curator_test_proxy_cut_next:
 * @self: a proxy
 * @cut: what to do; %CURATOR_TEST_PROXY_CUT_NONE takes an earlier choice back
 * @op: the type of request to do it to, as ZooKeeper numbers them (1 create, 2 delete, 5 set data, 14 multi
 * and so on), or [const@CuratorTest.PROXY_ANY_OP]
 *
 * Cuts the connection of the next request of a type, once.
 *
 * Since: 1.0
 */
void
curator_test_proxy_cut_next (CuratorTestProxy *self, CuratorTestProxyCut cut, int op)
{
  g_return_if_fail (CURATOR_TEST_IS_PROXY (self));

  g_mutex_lock (&self->lock);
  self->faults.cut = cut;
  self->faults.cut_op = op;
  self->faults.cut_pending = cut != CURATOR_TEST_PROXY_CUT_NONE;
  proxy_apply (self);
  g_mutex_unlock (&self->lock);
}

/**
 * curator_test_proxy_wait_cut_sync:
 * @self: a proxy
 * @timeout_ms: how long to wait, in ms
 * @error: return location for a #GError
 *
 * Waits until what [method@CuratorTest.Proxy.cut_next] asked for has happened. Returns at once where nothing
 * is pending.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_TIMED_OUT`
 *
 * Since: 1.0
 */
gboolean
curator_test_proxy_wait_cut_sync (CuratorTestProxy *self, guint timeout_ms, GError **error)
{
  gint64 deadline_us = curator_test_net_deadline (timeout_ms);
  gboolean pending;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), FALSE);

  g_mutex_lock (&self->lock);
  while (self->faults.cut_pending && g_cond_wait_until (&self->cond, &self->lock, deadline_us))
    ;
  pending = self->faults.cut_pending;
  g_mutex_unlock (&self->lock);
  if (pending)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No such request came in time");
  return !pending;
}

/**
 * curator_test_proxy_count_connections:
 * @self: a proxy
 *
 * Returns: how many connections were ever made through the proxy
 *
 * Since: 1.0
 */
guint
curator_test_proxy_count_connections (CuratorTestProxy *self)
{
  guint n;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), 0);

  g_mutex_lock (&self->lock);
  n = self->n_connections;
  g_mutex_unlock (&self->lock);
  return n;
}

/**
 * curator_test_proxy_count_open_connections:
 * @self: a proxy
 *
 * Returns: how many connections there are through the proxy now
 *
 * Since: 1.0
 */
guint
curator_test_proxy_count_open_connections (CuratorTestProxy *self)
{
  guint n;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), 0);

  g_mutex_lock (&self->lock);
  n = self->links->len;
  g_mutex_unlock (&self->lock);
  return n;
}

/**
 * curator_test_proxy_count_requests:
 * @self: a proxy
 * @op: the type of request, as ZooKeeper numbers them, or [const@CuratorTest.PROXY_ANY_OP] for all types,
 * pings included
 *
 * Returns: how many requests came from clients, those that were cut or held back included
 *
 * Since: 1.0
 */
guint
curator_test_proxy_count_requests (CuratorTestProxy *self, int op)
{
  GHashTableIter iter;
  gpointer key, value;
  guint n = 0;

  g_return_val_if_fail (CURATOR_TEST_IS_PROXY (self), 0);

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->faults.n_requests);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (op == CURATOR_TEST_PROXY_ANY_OP || op == GPOINTER_TO_INT (key))
        n += GPOINTER_TO_UINT (value);
    }
  g_mutex_unlock (&self->lock);
  return n;
}
