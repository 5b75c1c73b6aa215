/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-cluster.h"

#include <string.h>
#include <unistd.h>

#include "curator-test-error.h"
#include "curator-test-net-private.h"
#include "curator-test-server-private.h"

/**
 * CuratorTestCluster:
 *
 * An ensemble of real ZooKeeper servers on the loopback interface, three unless asked for otherwise.
 *
 * Its members are [class@CuratorTest.Server] objects, with which everything can be done that can be done with
 * a server alone; the methods here that take an index are shorter ways to the same. An ensemble of one allows
 * reconfiguration, which a server alone does not.
 *
 * Members serve read-only while they have no quorum, about two seconds after they lost it.
 *
 * Threads: all methods may be called from any thread. They block the calling thread only.
 *
 * Since: 1.0
 */

struct _CuratorTestCluster
{
  GObject parent_instance;

  guint n_servers;
  guint tick_time_ms;
  GStrv extra_config;
  GPtrArray *servers;
  GArray *ports;
  GError *ports_error; /* reported by the start */
  char *connect_string;
};

/* Where one member listens. */
typedef struct
{
  guint16 client, quorum, election;
  int client_fd, quorum_fd, election_fd;
} Ports;

enum
{
  PROP_N_SERVERS = 1,
  PROP_TICK_TIME_MS,
  PROP_EXTRA_CONFIG,
  N_PROPS
};

enum
{
  MAX_SERVERS = 15,
  QUORUM_TIMEOUT_MS = 60000,
  ROLE_TIMEOUT_MS = 1000,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorTestCluster, curator_test_cluster, G_TYPE_OBJECT)

static void
ports_clear (gpointer data)
{
  Ports *ports = data;
  const int fds[] = { ports->client_fd, ports->quorum_fd, ports->election_fd };

  for (gsize i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      if (fds[i] >= 0)
        close (fds[i]);
    }
}

static GArray *
reserve_ports (guint n, GError **error)
{
  g_autoptr (GArray) array = g_array_sized_new (FALSE, TRUE, sizeof (Ports), n);

  g_array_set_clear_func (array, ports_clear);
  for (guint i = 0; i < n; i++)
    {
      Ports ports = { .client_fd = -1, .quorum_fd = -1, .election_fd = -1 };
      gboolean done;

      ports.client_fd = curator_test_net_reserve_port (&ports.client, error);
      done = ports.client_fd >= 0 &&
             (ports.quorum_fd = curator_test_net_reserve_port (&ports.quorum, error)) >= 0 &&
             (ports.election_fd = curator_test_net_reserve_port (&ports.election, error)) >= 0;
      g_array_append_val (array, ports);
      if (!done)
        return NULL;
    }
  return g_steal_pointer (&array);
}

static char *
dup_members (GArray *all_ports)
{
  GString *members = g_string_new (NULL);

  for (guint i = 0; i < all_ports->len; i++)
    {
      const Ports *ports = &g_array_index (all_ports, Ports, i);

      g_string_append_printf (members, "server.%u=127.0.0.1:%u:%u:participant;127.0.0.1:%u\n", i + 1,
                              ports->quorum, ports->election, ports->client);
    }
  return g_string_free (members, FALSE);
}

static void
cluster_use_ports (CuratorTestCluster *self)
{
  GString *connect_string = g_string_new (NULL);
  g_autofree char *members = dup_members (self->ports);

  for (guint i = 0; i < self->ports->len; i++)
    {
      Ports *ports = &g_array_index (self->ports, Ports, i);

      curator_test_server_join_ensemble (self->servers->pdata[i], i + 1, ports->client,
                                         g_steal_fd (&ports->client_fd), members);
      g_string_append_printf (connect_string, "%s127.0.0.1:%u", i > 0 ? "," : "", ports->client);
    }
  self->connect_string = g_string_free (connect_string, FALSE);
}

static void
curator_test_cluster_constructed (GObject *object)
{
  CuratorTestCluster *self = CURATOR_TEST_CLUSTER (object);

  G_OBJECT_CLASS (curator_test_cluster_parent_class)->constructed (object);
  for (guint i = 0; i < self->n_servers; i++)
    g_ptr_array_add (self->servers,
                     g_object_new (CURATOR_TEST_TYPE_SERVER, "tick-time-ms", self->tick_time_ms,
                                   "extra-config", self->extra_config, NULL));
  self->ports = reserve_ports (self->n_servers, &self->ports_error);
  if (self->ports != NULL)
    cluster_use_ports (self);
}

static void
curator_test_cluster_finalize (GObject *object)
{
  CuratorTestCluster *self = CURATOR_TEST_CLUSTER (object);

  g_ptr_array_unref (self->servers);
  g_clear_pointer (&self->ports, g_array_unref);
  g_clear_error (&self->ports_error);
  g_free (self->connect_string);
  g_strfreev (self->extra_config);
  G_OBJECT_CLASS (curator_test_cluster_parent_class)->finalize (object);
}

static void
curator_test_cluster_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CuratorTestCluster *self = CURATOR_TEST_CLUSTER (object);

  if (id == PROP_N_SERVERS)
    g_value_set_uint (value, self->n_servers);
  else if (id == PROP_TICK_TIME_MS)
    g_value_set_uint (value, self->tick_time_ms);
  else if (id == PROP_EXTRA_CONFIG)
    g_value_set_boxed (value, self->extra_config);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
curator_test_cluster_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CuratorTestCluster *self = CURATOR_TEST_CLUSTER (object);

  if (id == PROP_N_SERVERS)
    self->n_servers = g_value_get_uint (value);
  else if (id == PROP_TICK_TIME_MS)
    self->tick_time_ms = g_value_get_uint (value);
  else if (id == PROP_EXTRA_CONFIG)
    self->extra_config = g_value_dup_boxed (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
curator_test_cluster_class_init (CuratorTestClusterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags configuration = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = curator_test_cluster_constructed;
  object_class->finalize = curator_test_cluster_finalize;
  object_class->get_property = curator_test_cluster_get_property;
  object_class->set_property = curator_test_cluster_set_property;

  /**
   * CuratorTestCluster:n-servers: (getter get_n_servers)
   *
   * How many servers the ensemble has.
   *
   * Since: 1.0
   */
  properties[PROP_N_SERVERS] = g_param_spec_uint ("n-servers", NULL, NULL, 1, MAX_SERVERS, 3, configuration);

  /**
   * CuratorTestCluster:tick-time-ms:
   *
   * The servers' unit of time, in ms. Session time-outs are at least two ticks, and end on a tick.
   *
   * Since: 1.0
   */
  properties[PROP_TICK_TIME_MS] =
      g_param_spec_uint ("tick-time-ms", NULL, NULL, 10, 60000, 100, configuration);

  /**
   * CuratorTestCluster:extra-config:
   *
   * Further lines for the configuration of each server, %NULL for none.
   *
   * Since: 1.0
   */
  properties[PROP_EXTRA_CONFIG] = g_param_spec_boxed ("extra-config", NULL, NULL, G_TYPE_STRV, configuration);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_test_cluster_init (CuratorTestCluster *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
}

/* What the members are now. */
typedef struct
{
  guint n_leaders, n_followers;
  int leader;
} Roles;

static Roles
cluster_get_roles (CuratorTestCluster *self, guint *timeout_ms, GCancellable *cancellable)
{
  Roles roles = { .leader = -1 };

  for (guint i = 0; i < self->servers->len; i++)
    {
      CuratorTestRole role = curator_test_server_get_role (self->servers->pdata[i], timeout_ms, cancellable);

      if (role == CURATOR_TEST_ROLE_FOLLOWER)
        roles.n_followers++;
      if (role == CURATOR_TEST_ROLE_LEADER)
        {
          roles.n_leaders++;
          roles.leader = (int) i;
        }
    }
  return roles;
}

static gboolean
cluster_await_members (CuratorTestCluster *self, guint n_wanted, GCancellable *cancellable, GError **error)
{
  gint64 deadline_us = curator_test_net_deadline (QUORUM_TIMEOUT_MS);

  for (guint timeout_ms = CURATOR_TEST_WORDS_FIRST_TIMEOUT_MS;;)
    {
      Roles roles = cluster_get_roles (self, &timeout_ms, cancellable);

      if (roles.n_leaders == 1 && roles.n_leaders + roles.n_followers >= n_wanted)
        return TRUE;
      if (!curator_test_net_try_again (deadline_us, "The election of a leader", cancellable, error))
        return FALSE;
    }
}

/**
 * curator_test_cluster_new:
 * @n_servers: how many servers, 1 to 15
 *
 * Returns: (transfer full): an ensemble that is not started
 *
 * Since: 1.0
 */
CuratorTestCluster *
curator_test_cluster_new (guint n_servers)
{
  g_return_val_if_fail (n_servers > 0 && n_servers <= MAX_SERVERS, NULL);

  return g_object_new (CURATOR_TEST_TYPE_CLUSTER, "n-servers", n_servers, NULL);
}

/**
 * curator_test_cluster_start_sync:
 * @self: an ensemble
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Starts all members that do not run, and returns when all serve and one leads.
 *
 * Returns: %TRUE on success; fails as [method@CuratorTest.Server.start_sync] does
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_start_sync (CuratorTestCluster *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), FALSE);

  if (self->ports_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->ports_error));
      return FALSE;
    }
  for (guint i = 0; i < self->servers->len; i++)
    {
      if (!curator_test_server_spawn (self->servers->pdata[i], error))
        return FALSE;
    }
  return cluster_await_members (self, self->n_servers, cancellable, error);
}

/**
 * curator_test_cluster_stop_sync:
 * @self: an ensemble
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Ends all members, and returns when their processes are gone.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_CANCELLED` where that came first
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_stop_sync (CuratorTestCluster *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), FALSE);

  for (guint i = 0; i < self->servers->len; i++)
    {
      if (!curator_test_server_stop_sync (self->servers->pdata[i], cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * curator_test_cluster_wait_for_quorum_sync:
 * @self: an ensemble
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Waits until one member leads and a majority serves.
 *
 * Returns: %TRUE on success; fails with `G_IO_ERROR_TIMED_OUT` after 60 s
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_wait_for_quorum_sync (CuratorTestCluster *self,
                                           GCancellable *cancellable,
                                           GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), FALSE);

  return cluster_await_members (self, self->n_servers / 2 + 1, cancellable, error);
}

/**
 * curator_test_cluster_get_n_servers: (get-property n-servers)
 * @self: an ensemble
 *
 * Returns: how many members it has
 *
 * Since: 1.0
 */
guint
curator_test_cluster_get_n_servers (CuratorTestCluster *self)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), 0);

  return self->n_servers;
}

/**
 * curator_test_cluster_get_server:
 * @self: an ensemble
 * @index: which member, from 0
 *
 * Returns: (transfer none): the member, which lives at least as long as @self
 *
 * Since: 1.0
 */
CuratorTestServer *
curator_test_cluster_get_server (CuratorTestCluster *self, guint index)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), NULL);
  g_return_val_if_fail (index < self->servers->len, NULL);

  return self->servers->pdata[index];
}

/**
 * curator_test_cluster_get_servers:
 * @self: an ensemble
 *
 * Returns: (transfer none) (element-type CuratorTestServer): all members, in the order of their indices
 *
 * Since: 1.0
 */
GPtrArray *
curator_test_cluster_get_servers (CuratorTestCluster *self)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), NULL);

  return self->servers;
}

/**
 * curator_test_cluster_get_connect_string:
 * @self: an ensemble
 *
 * Returns: (transfer none) (nullable): the addresses of all members with commas between them; %NULL where no
 * ports could be had, which [method@CuratorTest.Cluster.start_sync] reports
 *
 * Since: 1.0
 */
const char *
curator_test_cluster_get_connect_string (CuratorTestCluster *self)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), NULL);

  return self->connect_string;
}

/**
 * curator_test_cluster_get_leader_index_sync:
 * @self: an ensemble
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Asks all members which of them leads.
 *
 * Returns: the leader's index; -1 on error, that there is none now being %CURATOR_TEST_ERROR_NOT_SERVING
 *
 * Since: 1.0
 */
int
curator_test_cluster_get_leader_index_sync (CuratorTestCluster *self,
                                            GCancellable *cancellable,
                                            GError **error)
{
  guint timeout_ms = ROLE_TIMEOUT_MS;
  Roles roles;

  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), -1);

  roles = cluster_get_roles (self, &timeout_ms, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (roles.leader < 0)
    g_set_error_literal (error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NOT_SERVING, "No member leads now");
  return roles.leader;
}

/**
 * curator_test_cluster_create_chroot_sync:
 * @self: an ensemble
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Creates a node that nobody has used yet, for one test to work under, through the leader.
 *
 * Returns: (transfer full): the ensemble's connect string with that node as its chroot; %NULL on error
 *
 * Since: 1.0
 */
char *
curator_test_cluster_create_chroot_sync (CuratorTestCluster *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *of_leader = NULL;
  int leader;

  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self), NULL);

  leader = curator_test_cluster_get_leader_index_sync (self, cancellable, error);
  if (leader < 0)
    return NULL;
  of_leader = curator_test_server_create_chroot_sync (self->servers->pdata[leader], cancellable, error);
  return of_leader != NULL ? g_strconcat (self->connect_string, strchr (of_leader, '/'), NULL) : NULL;
}

/**
 * curator_test_cluster_kill_sync:
 * @self: an ensemble
 * @index: which member, from 0
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Kills a member with SIGKILL.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_kill_sync (CuratorTestCluster *self,
                                guint index,
                                GCancellable *cancellable,
                                GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self) && index < self->servers->len, FALSE);

  return curator_test_server_kill_sync (self->servers->pdata[index], cancellable, error);
}

/**
 * curator_test_cluster_restart_sync:
 * @self: an ensemble
 * @index: which member, from 0
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Stops a member if it runs, starts it with the same ports and data, and returns when it serves: without a
 * quorum read-only, otherwise as a part of the ensemble.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_restart_sync (CuratorTestCluster *self,
                                   guint index,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self) && index < self->servers->len, FALSE);

  return curator_test_server_restart_sync (self->servers->pdata[index], cancellable, error);
}

/**
 * curator_test_cluster_pause:
 * @self: an ensemble
 * @index: which member, from 0
 * @error: return location for a #GError
 *
 * Stops a member's process with SIGSTOP.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_pause (CuratorTestCluster *self, guint index, GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self) && index < self->servers->len, FALSE);

  return curator_test_server_pause (self->servers->pdata[index], error);
}

/**
 * curator_test_cluster_resume:
 * @self: an ensemble
 * @index: which member, from 0
 * @error: return location for a #GError
 *
 * Lets a paused member go on.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_cluster_resume (CuratorTestCluster *self, guint index, GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_CLUSTER (self) && index < self->servers->len, FALSE);

  return curator_test_server_resume (self->servers->pdata[index], error);
}
