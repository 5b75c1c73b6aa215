/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-server-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "curator-test-config-private.h"
#include "curator-test-dir-private.h"
#include "curator-test-error.h"
#include "curator-test-net-private.h"
#include "curator-test-process-private.h"

/**
 * CuratorTestServer:
 *
 * A real ZooKeeper server of one's own: in a Java process, in a private temporary directory, on a free port
 * of the loopback interface.
 *
 * The server is made for tests: it starts within a second, writes without fsync, answers all four-letter
 * words, allows TTL nodes and reconfiguration, looks after its containers often, and knows a super user
 * ([const@CuratorTest.SUPER_CREDENTIALS]). The smallest session time-out is two ticks. Port and data stay the
 * same over any number of starts, and go with the object. The process dies with the one that started it, even
 * where that one crashes.
 *
 * Needed are a Java runtime (`JAVA_HOME`, or `java` in the path) and ZooKeeper's jars, as Debian's package
 * `zookeeper` installs them; `CURATOR_TEST_CLASS_PATH` in the environment names others.
 *
 * What an operator would do at the server's shell (create, delete and change nodes) is done by a connection
 * that the object keeps for itself; it sets no watches, owns no nodes, and is not counted by
 * [method@CuratorTest.Server.count_connections_sync].
 *
 * Threads: all methods may be called from any thread. They block the calling thread only.
 *
 * Since: 1.0
 */

struct _CuratorTestServer
{
  GObject parent_instance;

  GMutex lifecycle_lock; /* held while the process is started or ended */
  GMutex lock;           /* of all below; never held while waiting */
  CuratorTestConfig config;
  CuratorTestDir *dir;
  char *connect_string;
  int port_fd;
  GSubprocess *process;
  CuratorTestClient *admin;
};

enum
{
  PROP_TICK_TIME_MS = 1,
  PROP_MAX_PACKET_SIZE,
  PROP_CONTAINER_CHECK_INTERVAL_MS,
  PROP_ENFORCE_QUOTA,
  PROP_EXTRA_CONFIG,
  PROP_PORT,
  N_PROPS
};

enum
{
  START_TIMEOUT_MS = 60000,
  STOP_TIMEOUT_MS = 10000,
  PAUSE_TIMEOUT_MS = 5000,
  PORT_TRIES = 3,
  OPERATOR_SESSION_TIMEOUT_MS = 60000,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorTestServer, curator_test_server, G_TYPE_OBJECT)

static GSubprocess *
server_ref_process (CuratorTestServer *self)
{
  GSubprocess *process;

  g_mutex_lock (&self->lock);
  process = self->process != NULL ? g_object_ref (self->process) : NULL;
  g_mutex_unlock (&self->lock);
  return process;
}

static void
server_set_process (CuratorTestServer *self, GSubprocess *process)
{
  g_mutex_lock (&self->lock);
  g_set_object (&self->process, process);
  g_clear_object (&self->admin);
  g_mutex_unlock (&self->lock);
}

static void
server_take_port (CuratorTestServer *self, guint16 port, int port_fd)
{
  g_mutex_lock (&self->lock);
  if (self->port_fd >= 0)
    close (self->port_fd);
  self->port_fd = port_fd;
  self->config.port = port;
  g_free (self->connect_string);
  self->connect_string = g_strdup_printf ("127.0.0.1:%u", port);
  g_mutex_unlock (&self->lock);
}

static gboolean
server_reserve_port (CuratorTestServer *self, GError **error)
{
  guint16 port = 0;
  int fd = curator_test_net_reserve_port (&port, error);

  if (fd < 0)
    return FALSE;
  server_take_port (self, port, fd);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PORT]);
  return TRUE;
}

static gboolean
server_prepare (CuratorTestServer *self, GError **error)
{
  if (self->dir == NULL)
    {
      CuratorTestDir *dir = curator_test_dir_new (error);

      if (dir == NULL)
        return FALSE;
      g_mutex_lock (&self->lock);
      self->dir = dir;
      self->config.dir = g_strdup (dir->path);
      g_mutex_unlock (&self->lock);
    }
  if (self->port_fd < 0 && !server_reserve_port (self, error))
    return FALSE;
  return curator_test_config_write (&self->config, FALSE, error);
}

/* Called with the lifecycle lock held, as all below that start or end the process. */
static gboolean
server_spawn (CuratorTestServer *self, GError **error)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *log_path = NULL;
  g_auto (GStrv) argv = NULL;

  if (!server_prepare (self, error))
    return FALSE;
  argv = curator_test_config_dup_argv (&self->config, error);
  if (argv == NULL)
    return FALSE;
  log_path = curator_test_config_dup_log_path (&self->config);
  process = curator_test_process_spawn ((const char *const *) argv, log_path, error);
  if (process == NULL)
    return FALSE;
  server_set_process (self, process);
  return TRUE;
}

static gboolean
server_await_serving (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  gint64 deadline_us = curator_test_net_deadline (START_TIMEOUT_MS);
  guint timeout_ms = CURATOR_TEST_WORDS_FIRST_TIMEOUT_MS;

  while (curator_test_server_get_role (self, &timeout_ms, cancellable) == CURATOR_TEST_ROLE_NOT_SERVING)
    {
      if (!curator_test_server_is_running (self))
        {
          g_autofree char *log = curator_test_server_dup_log (self, 20);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The server ended while starting:\n%s", log);
          return FALSE;
        }
      if (!curator_test_net_try_again (deadline_us, "Starting the server", cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
server_signal (CuratorTestServer *self, int signal_number, GError **error)
{
  g_autoptr (GSubprocess) process = server_ref_process (self);

  if (curator_test_process_get_pid (process) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "The server does not run");
      return FALSE;
    }
  g_subprocess_send_signal (process, signal_number);
  return TRUE;
}

/* Succeeds where it does not run. */
static gboolean
server_kill (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocess) process = server_ref_process (self);

  if (process == NULL)
    return TRUE;
  g_subprocess_send_signal (process, SIGKILL);
  if (!curator_test_process_await_exit (process, curator_test_net_deadline (STOP_TIMEOUT_MS), cancellable,
                                        error))
    return FALSE;
  server_set_process (self, NULL);
  return TRUE;
}

static gboolean
server_stop (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocess) process = server_ref_process (self);
  g_autoptr (GError) local_error = NULL;

  if (process == NULL)
    return TRUE;
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_send_signal (process, SIGCONT);
  if (!curator_test_process_await_exit (process, curator_test_net_deadline (STOP_TIMEOUT_MS), cancellable,
                                        &local_error))
    {
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      return server_kill (self, cancellable, error);
    }
  server_set_process (self, NULL);
  return TRUE;
}

/* Whether the port was the trouble: somebody may have asked for it by number before the server did. */
static gboolean
server_lost_port (CuratorTestServer *self)
{
  g_autofree char *log = curator_test_server_dup_log (self, 40);

  return self->config.members == NULL && !curator_test_server_is_running (self) &&
         strstr (log, "Address already in use") != NULL;
}

static gboolean
server_start (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  gboolean first = self->dir == NULL;

  for (guint i = 1;; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (!server_spawn (self, error))
        return FALSE;
      if (server_await_serving (self, cancellable, &local_error))
        return TRUE;
      if (!first || i == PORT_TRIES || !server_lost_port (self))
        {
          server_kill (self, NULL, NULL);
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!server_reserve_port (self, error) || !curator_test_config_write (&self->config, TRUE, error))
        return FALSE;
    }
}

static void
curator_test_server_dispose (GObject *object)
{
  CuratorTestServer *self = CURATOR_TEST_SERVER (object);

  g_clear_object (&self->admin);
  server_kill (self, NULL, NULL);
  g_clear_pointer (&self->dir, curator_test_dir_free);
  if (self->port_fd >= 0)
    close (self->port_fd);
  self->port_fd = -1;
  G_OBJECT_CLASS (curator_test_server_parent_class)->dispose (object);
}

static void
curator_test_server_finalize (GObject *object)
{
  CuratorTestServer *self = CURATOR_TEST_SERVER (object);

  curator_test_config_clear (&self->config);
  g_free (self->connect_string);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->lifecycle_lock);
  G_OBJECT_CLASS (curator_test_server_parent_class)->finalize (object);
}

static void
curator_test_server_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CuratorTestServer *self = CURATOR_TEST_SERVER (object);

  switch (id)
    {
    case PROP_TICK_TIME_MS:
      g_value_set_uint (value, self->config.tick_time_ms);
      break;
    case PROP_MAX_PACKET_SIZE:
      g_value_set_uint (value, self->config.max_packet_size);
      break;
    case PROP_CONTAINER_CHECK_INTERVAL_MS:
      g_value_set_uint (value, self->config.container_check_interval_ms);
      break;
    case PROP_ENFORCE_QUOTA:
      g_value_set_boolean (value, self->config.enforce_quota);
      break;
    case PROP_EXTRA_CONFIG:
      g_value_set_boxed (value, self->config.extra);
      break;
    case PROP_PORT:
      g_value_set_uint (value, curator_test_server_get_port (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
curator_test_server_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CuratorTestServer *self = CURATOR_TEST_SERVER (object);

  switch (id)
    {
    case PROP_TICK_TIME_MS:
      self->config.tick_time_ms = g_value_get_uint (value);
      break;
    case PROP_MAX_PACKET_SIZE:
      self->config.max_packet_size = g_value_get_uint (value);
      break;
    case PROP_CONTAINER_CHECK_INTERVAL_MS:
      self->config.container_check_interval_ms = g_value_get_uint (value);
      break;
    case PROP_ENFORCE_QUOTA:
      self->config.enforce_quota = g_value_get_boolean (value);
      break;
    case PROP_EXTRA_CONFIG:
      self->config.extra = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
server_install_properties (GObjectClass *object_class)
{
  const GParamFlags configuration = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * CuratorTestServer:tick-time-ms:
   *
   * The server's unit of time, in ms. Session time-outs are at least two ticks, and end on a tick.
   *
   * Since: 1.0
   */
  properties[PROP_TICK_TIME_MS] =
      g_param_spec_uint ("tick-time-ms", NULL, NULL, 10, 60000, 100, configuration);

  /**
   * CuratorTestServer:max-packet-size:
   *
   * The largest request that the server accepts, in bytes, 0 for ZooKeeper's default (1 MiB - 1).
   *
   * Since: 1.0
   */
  properties[PROP_MAX_PACKET_SIZE] =
      g_param_spec_uint ("max-packet-size", NULL, NULL, 0, G_MAXINT, 0, configuration);

  /**
   * CuratorTestServer:container-check-interval-ms:
   *
   * How often the server looks for empty containers and outdated TTL nodes, in ms.
   *
   * Since: 1.0
   */
  properties[PROP_CONTAINER_CHECK_INTERVAL_MS] =
      g_param_spec_uint ("container-check-interval-ms", NULL, NULL, 10, G_MAXINT, 100, configuration);

  /**
   * CuratorTestServer:enforce-quota:
   *
   * Whether quotas are enforced rather than logged.
   *
   * Since: 1.0
   */
  properties[PROP_ENFORCE_QUOTA] = g_param_spec_boolean ("enforce-quota", NULL, NULL, FALSE, configuration);

  /**
   * CuratorTestServer:extra-config:
   *
   * More lines of the server's configuration file, such as `snapCount=10`.
   *
   * Since: 1.0
   */
  properties[PROP_EXTRA_CONFIG] = g_param_spec_boxed ("extra-config", NULL, NULL, G_TYPE_STRV, configuration);

  /**
   * CuratorTestServer:port: (getter get_port)
   *
   * The port on 127.0.0.1 where clients are served, 0 before the first start.
   *
   * Since: 1.0
   */
  properties[PROP_PORT] =
      g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_test_server_class_init (CuratorTestServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = curator_test_server_dispose;
  object_class->finalize = curator_test_server_finalize;
  object_class->get_property = curator_test_server_get_property;
  object_class->set_property = curator_test_server_set_property;
  server_install_properties (object_class);
}

static void
curator_test_server_init (CuratorTestServer *self)
{
  g_mutex_init (&self->lock);
  g_mutex_init (&self->lifecycle_lock);
  self->port_fd = -1;
}

void
curator_test_server_join_ensemble (
    CuratorTestServer *self, guint id, guint16 port, int port_fd, const char *members)
{
  server_take_port (self, port, port_fd);
  self->config.id = id;
  self->config.members = g_strdup (members);
}

gboolean
curator_test_server_spawn (CuratorTestServer *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  locker = g_mutex_locker_new (&self->lifecycle_lock);
  return curator_test_server_is_running (self) || server_spawn (self, error);
}

CuratorTestRole
curator_test_server_get_role (CuratorTestServer *self, guint *timeout_ms, GCancellable *cancellable)
{
  return curator_test_words_get_role ((guint16) curator_test_server_get_port (self), timeout_ms, cancellable);
}

static CuratorTestClient *
server_get_operator (CuratorTestServer *self)
{
  CuratorTestClient *admin;

  g_mutex_lock (&self->lock);
  admin = self->admin != NULL ? g_object_ref (self->admin) : NULL;
  g_mutex_unlock (&self->lock);
  return admin;
}

CuratorTestClient *
curator_test_server_ref_operator (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (CuratorTestClient) admin = server_get_operator (self);
  guint port = curator_test_server_get_port (self);

  if (admin != NULL && curator_test_client_is_connected (admin))
    return g_steal_pointer (&admin);
  if (port == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "The server was never started");
      return NULL;
    }
  g_clear_object (&admin);
  admin = curator_test_client_new (port);
  if (!curator_test_client_connect_sync (admin, OPERATOR_SESSION_TIMEOUT_MS, cancellable, error) ||
      !curator_test_client_add_auth_sync (admin, "digest", CURATOR_TEST_SUPER_CREDENTIALS, cancellable,
                                          error))
    return NULL;
  g_mutex_lock (&self->lock);
  g_set_object (&self->admin, admin);
  g_mutex_unlock (&self->lock);
  return g_steal_pointer (&admin);
}

gint64
curator_test_server_get_operator_session (CuratorTestServer *self)
{
  g_autoptr (CuratorTestClient) admin = server_get_operator (self);

  return admin != NULL ? curator_test_client_get_session_id (admin) : 0;
}

/**
 * curator_test_server_new:
 *
 * Returns: (transfer full): a server with the default configuration, not started
 *
 * Since: 1.0
 */
CuratorTestServer *
curator_test_server_new (void)
{
  return g_object_new (CURATOR_TEST_TYPE_SERVER, NULL);
}

/**
 * curator_test_server_start_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Starts the server, and returns when it serves clients. Does nothing where it runs already.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_NOT_FOUND` where Java or ZooKeeper is not installed, and
 * with the end of the server's log where it ended
 *
 * Since: 1.0
 */
gboolean
curator_test_server_start_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  locker = g_mutex_locker_new (&self->lifecycle_lock);
  return curator_test_server_is_running (self) || server_start (self, cancellable, error);
}

/**
 * curator_test_server_stop_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Ends the server properly, as a system's service manager does, and returns when its process is gone. Does
 * nothing where it does not run. A server that is paused is resumed for that, and one that does not end
 * within 10 s is killed.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_CANCELLED` where that came first
 *
 * Since: 1.0
 */
gboolean
curator_test_server_stop_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  locker = g_mutex_locker_new (&self->lifecycle_lock);
  return server_stop (self, cancellable, error);
}

/**
 * curator_test_server_kill_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Kills the server with SIGKILL, and returns when its process is gone. Does nothing where it does not run.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_CANCELLED` where that came first
 *
 * Since: 1.0
 */
gboolean
curator_test_server_kill_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  locker = g_mutex_locker_new (&self->lifecycle_lock);
  return server_kill (self, cancellable, error);
}

/**
 * curator_test_server_restart_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Stops the server if it runs, and starts it on the same port with the same data.
 *
 * Returns: %TRUE on success; fails as [method@CuratorTest.Server.start_sync] does
 *
 * Since: 1.0
 */
gboolean
curator_test_server_restart_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  locker = g_mutex_locker_new (&self->lifecycle_lock);
  return server_stop (self, cancellable, error) && server_start (self, cancellable, error);
}

/**
 * curator_test_server_pause:
 * @self: a server
 * @error: return location for a #GError
 *
 * Stops the server's process with SIGSTOP, and returns when it is stopped. The kernel still accepts
 * connections to it, but nobody answers.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_NOT_CONNECTED` where it does not run
 *
 * Since: 1.0
 */
gboolean
curator_test_server_pause (CuratorTestServer *self, GError **error)
{
  g_autoptr (GSubprocess) process = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  process = server_ref_process (self);
  return server_signal (self, SIGSTOP, error) &&
         curator_test_process_await_stopped (process, curator_test_net_deadline (PAUSE_TIMEOUT_MS), error);
}

/**
 * curator_test_server_resume:
 * @self: a server
 * @error: return location for a #GError
 *
 * Lets a paused server go on, with SIGCONT.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_NOT_CONNECTED` where it does not run
 *
 * Since: 1.0
 */
gboolean
curator_test_server_resume (CuratorTestServer *self, GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  return server_signal (self, SIGCONT, error);
}

/**
 * curator_test_server_get_connect_string:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): "127.0.0.1:port", %NULL before the first start
 *
 * Since: 1.0
 */
const char *
curator_test_server_get_connect_string (CuratorTestServer *self)
{
  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  return self->connect_string;
}

/**
 * curator_test_server_get_port: (get-property port)
 * @self: a server
 *
 * Returns: the port on 127.0.0.1 where clients are served, 0 before the first start
 *
 * Since: 1.0
 */
guint
curator_test_server_get_port (CuratorTestServer *self)
{
  guint port;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), 0);

  g_mutex_lock (&self->lock);
  port = self->config.port;
  g_mutex_unlock (&self->lock);
  return port;
}

/**
 * curator_test_server_get_pid:
 * @self: a server
 *
 * Returns: the server's process, 0 where it does not run
 *
 * Since: 1.0
 */
int
curator_test_server_get_pid (CuratorTestServer *self)
{
  g_autoptr (GSubprocess) process = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), 0);

  process = server_ref_process (self);
  return curator_test_process_get_pid (process);
}

/**
 * curator_test_server_is_running:
 * @self: a server
 *
 * Returns: whether its process is there, paused or not
 *
 * Since: 1.0
 */
gboolean
curator_test_server_is_running (CuratorTestServer *self)
{
  return curator_test_server_get_pid (self) != 0;
}

/* Where the last @max_lines lines of @text begin. */
static const char *
find_tail (const char *text, guint max_lines)
{
  const char *at = text + strlen (text);

  while (at > text && max_lines > 0)
    {
      at--;
      if (at > text && at[-1] == '\n')
        max_lines--;
    }
  return at;
}

/**
 * curator_test_server_dup_log:
 * @self: a server
 * @max_lines: how many lines, at most
 *
 * Returns: (transfer full): the last lines of what the server wrote to its log in all its starts
 *
 * Since: 1.0
 */
char *
curator_test_server_dup_log (CuratorTestServer *self, guint max_lines)
{
  g_autofree char *path = NULL;
  g_autofree char *log = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  g_mutex_lock (&self->lock);
  if (self->config.dir != NULL)
    path = curator_test_config_dup_log_path (&self->config);
  g_mutex_unlock (&self->lock);
  if (path == NULL || !g_file_get_contents (path, &log, NULL, NULL))
    return g_strdup ("");
  return g_strdup (find_tail (log, max_lines));
}
