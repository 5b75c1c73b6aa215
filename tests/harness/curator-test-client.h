/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-test-macros.h"
#include "curator-test-stat.h"

G_BEGIN_DECLS

/**
 * CuratorTestCreateMode:
 * @CURATOR_TEST_CREATE_MODE_PERSISTENT: stays until it is deleted
 * @CURATOR_TEST_CREATE_MODE_EPHEMERAL: goes with the session
 * @CURATOR_TEST_CREATE_MODE_PERSISTENT_SEQUENTIAL: persistent, with a number after the name
 * @CURATOR_TEST_CREATE_MODE_EPHEMERAL_SEQUENTIAL: ephemeral, with a number after the name
 * @CURATOR_TEST_CREATE_MODE_CONTAINER: the server deletes it some time after its last child went
 *
 * What kind of node to create. The values are ZooKeeper's.
 *
 * Since: 1.0
 */
typedef enum
{
  CURATOR_TEST_CREATE_MODE_PERSISTENT = 0,
  CURATOR_TEST_CREATE_MODE_EPHEMERAL = 1,
  CURATOR_TEST_CREATE_MODE_PERSISTENT_SEQUENTIAL = 2,
  CURATOR_TEST_CREATE_MODE_EPHEMERAL_SEQUENTIAL = 3,
  CURATOR_TEST_CREATE_MODE_CONTAINER = 4,
} CuratorTestCreateMode;

#define CURATOR_TEST_TYPE_CREATE_MODE (curator_test_create_mode_get_type ())
CURATOR_TEST_API GType curator_test_create_mode_get_type (void);

#define CURATOR_TEST_TYPE_CLIENT (curator_test_client_get_type ())
CURATOR_TEST_API
G_DECLARE_FINAL_TYPE (CuratorTestClient, curator_test_client, CURATOR_TEST, CLIENT, GObject)

CURATOR_TEST_API CuratorTestClient *curator_test_client_new (guint port);

CURATOR_TEST_API gboolean curator_test_client_connect_sync (CuratorTestClient *self,
                                                            guint session_timeout_ms,
                                                            GCancellable *cancellable,
                                                            GError **error);
CURATOR_TEST_API gboolean curator_test_client_resume_sync (CuratorTestClient *self,
                                                           guint session_timeout_ms,
                                                           gint64 session_id,
                                                           GBytes *password,
                                                           GCancellable *cancellable,
                                                           GError **error);
CURATOR_TEST_API gboolean curator_test_client_close_sync (CuratorTestClient *self,
                                                          GCancellable *cancellable,
                                                          GError **error);
CURATOR_TEST_API void curator_test_client_disconnect (CuratorTestClient *self);
CURATOR_TEST_API gboolean curator_test_client_is_connected (CuratorTestClient *self);

CURATOR_TEST_API guint curator_test_client_get_port (CuratorTestClient *self);
CURATOR_TEST_API guint curator_test_client_get_request_timeout_ms (CuratorTestClient *self);
CURATOR_TEST_API void curator_test_client_set_request_timeout_ms (CuratorTestClient *self, guint timeout_ms);
CURATOR_TEST_API gint64 curator_test_client_get_session_id (CuratorTestClient *self);
CURATOR_TEST_API GBytes *curator_test_client_dup_password (CuratorTestClient *self);
CURATOR_TEST_API guint curator_test_client_get_negotiated_timeout_ms (CuratorTestClient *self);

CURATOR_TEST_API gboolean curator_test_client_ping_sync (CuratorTestClient *self,
                                                         GCancellable *cancellable,
                                                         GError **error);
CURATOR_TEST_API gboolean curator_test_client_add_auth_sync (CuratorTestClient *self,
                                                             const char *scheme,
                                                             const char *credentials,
                                                             GCancellable *cancellable,
                                                             GError **error);
CURATOR_TEST_API char *curator_test_client_create_sync (CuratorTestClient *self,
                                                        const char *path,
                                                        GBytes *data,
                                                        CuratorTestCreateMode mode,
                                                        GCancellable *cancellable,
                                                        GError **error);
CURATOR_TEST_API gboolean curator_test_client_delete_sync (
    CuratorTestClient *self, const char *path, gint32 version, GCancellable *cancellable, GError **error);
CURATOR_TEST_API CuratorTestStat *curator_test_client_stat_sync (CuratorTestClient *self,
                                                                 const char *path,
                                                                 GCancellable *cancellable,
                                                                 GError **error);
CURATOR_TEST_API GBytes *curator_test_client_get_data_sync (CuratorTestClient *self,
                                                            const char *path,
                                                            GCancellable *cancellable,
                                                            GError **error);
CURATOR_TEST_API gboolean curator_test_client_set_data_sync (CuratorTestClient *self,
                                                             const char *path,
                                                             GBytes *data,
                                                             gint32 version,
                                                             GCancellable *cancellable,
                                                             GError **error);
CURATOR_TEST_API GStrv curator_test_client_get_children_sync (CuratorTestClient *self,
                                                              const char *path,
                                                              GCancellable *cancellable,
                                                              GError **error);

G_END_DECLS
