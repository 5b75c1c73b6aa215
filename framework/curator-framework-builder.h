/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-acl-provider.h"
#include "curator-compression-provider.h"
#include "curator-framework.h"
#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_FRAMEWORK_BUILDER (curator_framework_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorFrameworkBuilder, curator_framework_builder, CURATOR, FRAMEWORK_BUILDER, GObject)

CURATOR_API CuratorFrameworkBuilder *curator_framework_builder_new (const char *connect_string);
CURATOR_API CuratorFrameworkBuilder *curator_framework_builder_with_namespace (CuratorFrameworkBuilder *self,
                                                                               const char *namespace_);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_session_timeout_ms (CuratorFrameworkBuilder *self, gint timeout_ms);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_connection_timeout_ms (CuratorFrameworkBuilder *self, gint timeout_ms);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_retry_policy (CuratorFrameworkBuilder *self, CuratorRetryPolicy *retry_policy);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_auth (CuratorFrameworkBuilder *self, const char *scheme, GBytes *auth);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_default_data (CuratorFrameworkBuilder *self, GBytes *data);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_acl_provider (CuratorFrameworkBuilder *self, CuratorAclProvider *acl_provider);
CURATOR_API CuratorFrameworkBuilder *curator_framework_builder_with_read_only (CuratorFrameworkBuilder *self,
                                                                               gboolean can_be_read_only);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_compression_provider (CuratorFrameworkBuilder *self,
                                                     CuratorCompressionProvider *compression_provider);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_compression_enabled (CuratorFrameworkBuilder *self, gboolean enabled);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_main_context (CuratorFrameworkBuilder *self, GMainContext *context);
CURATOR_API CuratorFrameworkBuilder *curator_framework_builder_with_own_thread (CuratorFrameworkBuilder *self,
                                                                                gboolean own_thread);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_connection_state_error_policy (CuratorFrameworkBuilder *self,
                                                              CuratorConnectionStateErrorPolicy policy);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_canonical_host_names (CuratorFrameworkBuilder *self, gboolean canonical);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_max_packet_bytes (CuratorFrameworkBuilder *self, gint64 bytes);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_max_reply_bytes (CuratorFrameworkBuilder *self, gint64 bytes);
CURATOR_API CuratorFrameworkBuilder *
curator_framework_builder_with_max_close_wait_ms (CuratorFrameworkBuilder *self, gint wait_ms);
CURATOR_API CuratorFramework *curator_framework_builder_build (CuratorFrameworkBuilder *self, GError **error);

G_END_DECLS
