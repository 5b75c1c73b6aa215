/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-test-client.h"
#include "curator-test-macros.h"
#include "curator-test-stat.h"

G_BEGIN_DECLS

/**
 * CURATOR_TEST_SUPER_CREDENTIALS:
 *
 * Credentials of the "digest" scheme that may do everything on the harness's servers, whatever a node's
 * access control list says.
 *
 * Since: 1.0
 */
#define CURATOR_TEST_SUPER_CREDENTIALS "super:curator-test"

#define CURATOR_TEST_TYPE_SERVER (curator_test_server_get_type ())
CURATOR_TEST_API
G_DECLARE_FINAL_TYPE (CuratorTestServer, curator_test_server, CURATOR_TEST, SERVER, GObject)

CURATOR_TEST_API CuratorTestServer *curator_test_server_new (void);

CURATOR_TEST_API gboolean curator_test_server_start_sync (CuratorTestServer *self,
                                                          GCancellable *cancellable,
                                                          GError **error);
CURATOR_TEST_API gboolean curator_test_server_stop_sync (CuratorTestServer *self,
                                                         GCancellable *cancellable,
                                                         GError **error);
CURATOR_TEST_API gboolean curator_test_server_kill_sync (CuratorTestServer *self,
                                                         GCancellable *cancellable,
                                                         GError **error);
CURATOR_TEST_API gboolean curator_test_server_restart_sync (CuratorTestServer *self,
                                                            GCancellable *cancellable,
                                                            GError **error);
CURATOR_TEST_API gboolean curator_test_server_pause (CuratorTestServer *self, GError **error);
CURATOR_TEST_API gboolean curator_test_server_resume (CuratorTestServer *self, GError **error);

CURATOR_TEST_API const char *curator_test_server_get_connect_string (CuratorTestServer *self);
CURATOR_TEST_API guint curator_test_server_get_port (CuratorTestServer *self);
CURATOR_TEST_API int curator_test_server_get_pid (CuratorTestServer *self);
CURATOR_TEST_API gboolean curator_test_server_is_running (CuratorTestServer *self);
CURATOR_TEST_API char *curator_test_server_dup_log (CuratorTestServer *self, guint max_lines);

CURATOR_TEST_API char *curator_test_server_four_letter_word_sync (CuratorTestServer *self,
                                                                  const char *word,
                                                                  GCancellable *cancellable,
                                                                  GError **error);
CURATOR_TEST_API GStrv curator_test_server_list_watches_sync (CuratorTestServer *self,
                                                              const char *under,
                                                              GCancellable *cancellable,
                                                              GError **error);
CURATOR_TEST_API GStrv curator_test_server_list_ephemerals_sync (CuratorTestServer *self,
                                                                 const char *under,
                                                                 GCancellable *cancellable,
                                                                 GError **error);
CURATOR_TEST_API int
curator_test_server_count_watches_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error);
CURATOR_TEST_API int curator_test_server_count_connections_sync (CuratorTestServer *self,
                                                                 GCancellable *cancellable,
                                                                 GError **error);

CURATOR_TEST_API gboolean curator_test_server_expire_session_sync (
    CuratorTestServer *self, gint64 session_id, GBytes *password, GCancellable *cancellable, GError **error);

CURATOR_TEST_API char *
curator_test_server_create_chroot_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error);
CURATOR_TEST_API char *curator_test_server_operator_create_sync (CuratorTestServer *self,
                                                                 const char *path,
                                                                 GBytes *data,
                                                                 CuratorTestCreateMode mode,
                                                                 GCancellable *cancellable,
                                                                 GError **error);
CURATOR_TEST_API gboolean curator_test_server_operator_delete_sync (
    CuratorTestServer *self, const char *path, gboolean recursive, GCancellable *cancellable, GError **error);
CURATOR_TEST_API gboolean curator_test_server_operator_set_data_sync (
    CuratorTestServer *self, const char *path, GBytes *data, GCancellable *cancellable, GError **error);
CURATOR_TEST_API GBytes *curator_test_server_operator_get_data_sync (CuratorTestServer *self,
                                                                     const char *path,
                                                                     GCancellable *cancellable,
                                                                     GError **error);
CURATOR_TEST_API GStrv curator_test_server_operator_get_children_sync (CuratorTestServer *self,
                                                                       const char *path,
                                                                       GCancellable *cancellable,
                                                                       GError **error);
CURATOR_TEST_API CuratorTestStat *curator_test_server_operator_stat_sync (CuratorTestServer *self,
                                                                          const char *path,
                                                                          GCancellable *cancellable,
                                                                          GError **error);

G_END_DECLS
