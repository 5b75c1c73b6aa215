/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-enums.h"
#include "curator-error.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_FRAMEWORK (curator_framework_get_type ())
CURATOR_API G_DECLARE_FINAL_TYPE (CuratorFramework, curator_framework, CURATOR, FRAMEWORK, GObject)

typedef struct _CuratorCreateBuilder CuratorCreateBuilder;
typedef struct _CuratorDeleteBuilder CuratorDeleteBuilder;
typedef struct _CuratorExistsBuilder CuratorExistsBuilder;
typedef struct _CuratorGetDataBuilder CuratorGetDataBuilder;
typedef struct _CuratorSetDataBuilder CuratorSetDataBuilder;
typedef struct _CuratorGetChildrenBuilder CuratorGetChildrenBuilder;
typedef struct _CuratorGetAclBuilder CuratorGetAclBuilder;
typedef struct _CuratorSetAclBuilder CuratorSetAclBuilder;
typedef struct _CuratorSyncBuilder CuratorSyncBuilder;
typedef struct _CuratorGetConfigBuilder CuratorGetConfigBuilder;
typedef struct _CuratorReconfigBuilder CuratorReconfigBuilder;
typedef struct _CuratorRemoveWatchesBuilder CuratorRemoveWatchesBuilder;
typedef struct _CuratorTransaction CuratorTransaction;
typedef struct _CuratorMetrics CuratorMetrics;

/* life */
CURATOR_API gboolean curator_framework_start (CuratorFramework *self, GError **error);
CURATOR_API void curator_framework_await_connected_async (CuratorFramework *self, gint64 timeout_ms,
                                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                                          gpointer user_data);
CURATOR_API gboolean curator_framework_await_connected_finish (CuratorFramework *self, GAsyncResult *result,
                                                               GError **error);
CURATOR_API gboolean curator_framework_await_connected_sync (CuratorFramework *self, gint64 timeout_ms,
                                                             GCancellable *cancellable, GError **error);
CURATOR_API void curator_framework_close_async (CuratorFramework *self, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
CURATOR_API gboolean curator_framework_close_finish (CuratorFramework *self, GAsyncResult *result, GError **error);
CURATOR_API gboolean curator_framework_close_sync (CuratorFramework *self, GCancellable *cancellable,
                                                   GError **error);

/* values */
CURATOR_API CuratorConnectionState curator_framework_get_connection_state (CuratorFramework *self);
CURATOR_API gboolean curator_framework_is_connected (CuratorFramework *self);
CURATOR_API CuratorConnectionStateErrorPolicy
curator_framework_get_connection_state_error_policy (CuratorFramework *self);
CURATOR_API gint64 curator_framework_get_session_id (CuratorFramework *self);
CURATOR_API char *curator_framework_dup_session_id_string (CuratorFramework *self);
CURATOR_API GBytes *curator_framework_dup_session_password (CuratorFramework *self);
CURATOR_API guint curator_framework_get_negotiated_timeout_ms (CuratorFramework *self);
CURATOR_API const char *curator_framework_get_namespace (CuratorFramework *self);
CURATOR_API CuratorMetrics *curator_framework_get_metrics (CuratorFramework *self);

/* views */
CURATOR_API CuratorFramework *curator_framework_using_namespace (CuratorFramework *self,
                                                                 const char *namespace_, GError **error);
CURATOR_API void curator_framework_add_auth_async (CuratorFramework *self, const char *scheme, GBytes *auth,
                                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                                   gpointer user_data);
CURATOR_API gboolean curator_framework_add_auth_finish (CuratorFramework *self, GAsyncResult *result,
                                                        GError **error);
CURATOR_API gboolean curator_framework_add_auth_sync (CuratorFramework *self, const char *scheme, GBytes *auth,
                                                      GCancellable *cancellable, GError **error);

/* operations */
CURATOR_API CuratorCreateBuilder *curator_framework_create (CuratorFramework *self);
CURATOR_API CuratorDeleteBuilder *curator_framework_delete (CuratorFramework *self);
CURATOR_API CuratorExistsBuilder *curator_framework_check_exists (CuratorFramework *self);
CURATOR_API CuratorGetDataBuilder *curator_framework_get_data (CuratorFramework *self);
CURATOR_API CuratorSetDataBuilder *curator_framework_set_data (CuratorFramework *self);
CURATOR_API CuratorGetChildrenBuilder *curator_framework_get_children (CuratorFramework *self);
CURATOR_API CuratorGetAclBuilder *curator_framework_get_acl (CuratorFramework *self);
CURATOR_API CuratorSetAclBuilder *curator_framework_set_acl (CuratorFramework *self);
CURATOR_API CuratorSyncBuilder *curator_framework_sync (CuratorFramework *self);
CURATOR_API CuratorGetConfigBuilder *curator_framework_get_config (CuratorFramework *self);
CURATOR_API CuratorReconfigBuilder *curator_framework_reconfig (CuratorFramework *self);
CURATOR_API CuratorRemoveWatchesBuilder *curator_framework_remove_watches (CuratorFramework *self);
CURATOR_API CuratorTransaction *curator_framework_transaction (CuratorFramework *self);

G_END_DECLS
