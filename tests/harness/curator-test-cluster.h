/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-test-macros.h"
#include "curator-test-server.h"

G_BEGIN_DECLS

#define CURATOR_TEST_TYPE_CLUSTER (curator_test_cluster_get_type ())
CURATOR_TEST_API
G_DECLARE_FINAL_TYPE (CuratorTestCluster, curator_test_cluster, CURATOR_TEST, CLUSTER, GObject)

CURATOR_TEST_API CuratorTestCluster *curator_test_cluster_new (guint n_servers);

CURATOR_TEST_API gboolean curator_test_cluster_start_sync (CuratorTestCluster *self,
                                                           GCancellable *cancellable,
                                                           GError **error);
CURATOR_TEST_API gboolean curator_test_cluster_stop_sync (CuratorTestCluster *self,
                                                          GCancellable *cancellable,
                                                          GError **error);
CURATOR_TEST_API gboolean curator_test_cluster_wait_for_quorum_sync (CuratorTestCluster *self,
                                                                     GCancellable *cancellable,
                                                                     GError **error);

CURATOR_TEST_API guint curator_test_cluster_get_n_servers (CuratorTestCluster *self);
CURATOR_TEST_API CuratorTestServer *curator_test_cluster_get_server (CuratorTestCluster *self, guint index);
CURATOR_TEST_API GPtrArray *curator_test_cluster_get_servers (CuratorTestCluster *self);
CURATOR_TEST_API const char *curator_test_cluster_get_connect_string (CuratorTestCluster *self);
CURATOR_TEST_API int curator_test_cluster_get_leader_index_sync (CuratorTestCluster *self,
                                                                 GCancellable *cancellable,
                                                                 GError **error);
CURATOR_TEST_API char *
curator_test_cluster_create_chroot_sync (CuratorTestCluster *self, GCancellable *cancellable, GError **error);

CURATOR_TEST_API gboolean curator_test_cluster_kill_sync (CuratorTestCluster *self,
                                                          guint index,
                                                          GCancellable *cancellable,
                                                          GError **error);
CURATOR_TEST_API gboolean curator_test_cluster_restart_sync (CuratorTestCluster *self,
                                                             guint index,
                                                             GCancellable *cancellable,
                                                             GError **error);
CURATOR_TEST_API gboolean curator_test_cluster_pause (CuratorTestCluster *self, guint index, GError **error);
CURATOR_TEST_API gboolean curator_test_cluster_resume (CuratorTestCluster *self, guint index, GError **error);

G_END_DECLS
