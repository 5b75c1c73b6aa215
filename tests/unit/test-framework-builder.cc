/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "curator-barrier.h"
#include "curator-mutex.h"
#include "curator-semaphore.h"
#include "curator-client-config-private.h"
#include "curator-create-builder.h"
#include "curator-delete-builder.h"
#include "curator-exists-builder.h"
#include "curator-fixed-acl-provider.h"
#include "curator-framework-builder.h"
#include "curator-get-acl-builder.h"
#include "curator-get-children-builder.h"
#include "curator-get-config-builder.h"
#include "curator-get-data-builder.h"
#include "curator-gzip-compression-provider.h"
#include "curator-reconfig-builder.h"
#include "curator-remove-watches-builder.h"
#include "curator-retry-forever.h"
#include "curator-set-acl-builder.h"
#include "curator-set-data-builder.h"
#include "curator-sync-builder.h"
#include "curator-transaction.h"

namespace
{

using Configure = std::function<void (CuratorFrameworkBuilder *)>;

struct BadRow
{
  const char *connect_string;
  Configure configure;
  const char *part; /* of the message */
};

void
Nothing (CuratorFrameworkBuilder *)
{
}

const std::vector<BadRow> bad_rows = {
  { nullptr, Nothing, "connect string" },
  { "", Nothing, "connect string" },
  { "host:0", Nothing, "host:0" },
  { "a,,b", Nothing, "a,,b" },
  { "host/bad//chroot", Nothing, "chroot" },
  { "h", [] (auto *b) { curator_framework_builder_with_session_timeout_ms (b, 0); }, "session time-out: 0" },
  { "h", [] (auto *b) { curator_framework_builder_with_session_timeout_ms (b, -5); },
    "session time-out: -5" },
  { "h", [] (auto *b) { curator_framework_builder_with_session_timeout_ms (b, G_MININT); },
    "session time-out" },
  { "h", [] (auto *b) { curator_framework_builder_with_connection_timeout_ms (b, 0); },
    "connection time-out: 0" },
  { "h", [] (auto *b) { curator_framework_builder_with_connection_timeout_ms (b, -1); },
    "connection time-out: -1" },
  { "h", [] (auto *b) { curator_framework_builder_with_max_close_wait_ms (b, -1); }, "max close wait: -1" },
  { "h", [] (auto *b) { curator_framework_builder_with_namespace (b, "/app"); }, "namespace \"/app\"" },
  { "h", [] (auto *b) { curator_framework_builder_with_namespace (b, "app/"); }, "namespace \"app/\"" },
  { "h", [] (auto *b) { curator_framework_builder_with_namespace (b, "a//b"); }, "namespace \"a//b\"" },
  { "h", [] (auto *b) { curator_framework_builder_with_namespace (b, "a/../b"); }, "namespace" },
  { "h", [] (auto *b) { curator_framework_builder_with_namespace (b, "/"); }, "namespace" },
  { "h", [] (auto *b) { curator_framework_builder_with_max_packet_bytes (b, 0); }, "max packet bytes: 0" },
  { "h", [] (auto *b) { curator_framework_builder_with_max_packet_bytes (b, G_MAXINT64); },
    "max packet bytes" },
  { "h", [] (auto *b) { curator_framework_builder_with_max_reply_bytes (b, -1); }, "max reply bytes: -1" },
  { "h",
    [] (auto *b) {
      curator_framework_builder_with_connection_state_error_policy (b, (CuratorConnectionStateErrorPolicy) 7);
    },
    "connection state error policy: 7" },
  { "h",
    [] (auto *b) {
      g_autoptr (GBytes) auth = g_bytes_new_static ("u:p", 3);
      curator_framework_builder_with_auth (b, "", auth);
    },
    "auth: \"\"" },
  { "h",
    [] (auto *b) {
      g_autoptr (GBytes) auth = g_bytes_new_static ("u:p", 3);
      curator_framework_builder_with_auth (b, "dig est", auth);
    },
    "auth: \"dig est\"" },
  { "h",
    [] (auto *b) {
      g_autoptr (GMainContext) context = g_main_context_new ();
      curator_framework_builder_with_main_context (b, context);
      curator_framework_builder_with_own_thread (b, TRUE);
    },
    "own thread" },
  { "h", /* the first one wins */
    [] (auto *b) {
      curator_framework_builder_with_session_timeout_ms (b, -1);
      curator_framework_builder_with_namespace (b, "/x");
    },
    "session time-out: -1" },
};

TEST (FrameworkBuilder, RefusesBadValues)
{
  for (const auto &row : bad_rows)
    {
      g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new (row.connect_string);
      g_autoptr (GError) error = nullptr;

      row.configure (builder);
      for (int again = 0; again < 2; again++)
        {
          g_autoptr (CuratorFramework) client = curator_framework_builder_build (builder, &error);

          EXPECT_EQ (client, nullptr);
          ASSERT_NE (error, nullptr) << row.part;
          EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error->message;
          EXPECT_NE (std::string (error->message).find (row.part), std::string::npos) << error->message;
          g_clear_error (&error);
        }
      g_autoptr (CuratorFramework) client = curator_framework_builder_build (builder, nullptr);
      EXPECT_EQ (client, nullptr);
    }
}

TEST (FrameworkBuilder, MadeWithoutAConnectString)
{
  g_autoptr (CuratorFrameworkBuilder) builder =
      CURATOR_FRAMEWORK_BUILDER (g_object_new (CURATOR_TYPE_FRAMEWORK_BUILDER, nullptr));
  g_autoptr (GError) error = nullptr;

  EXPECT_EQ (curator_framework_builder_build (builder, &error), nullptr);
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
}

TEST (FrameworkBuilder, Defaults)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new ("h1:1,h2");
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorFramework) client = curator_framework_builder_build (builder, &error);

  ASSERT_NE (client, nullptr) << error->message;
  CuratorClientConfig *config = curator_framework_get_client_config (client);
  ASSERT_EQ (config->hosts->len, 2u);
  EXPECT_STREQ (((CuratorHostPort *) config->hosts->pdata[0])->host, "h1");
  EXPECT_EQ (((CuratorHostPort *) config->hosts->pdata[1])->port, 2181);
  EXPECT_EQ (config->chroot, nullptr);
  EXPECT_EQ (config->namespace_, nullptr);
  EXPECT_EQ (config->session_timeout_ms, 60000u);
  EXPECT_EQ (config->connection_timeout_ms, 15000u);
  EXPECT_EQ (config->max_close_wait_ms, 1000u);
  EXPECT_EQ (config->max_packet_bytes, 1048000u);
  EXPECT_EQ (config->max_reply_bytes, 64u * 1024 * 1024);
  EXPECT_EQ (config->auths->len, 0u);
  EXPECT_EQ (g_bytes_get_size (config->default_data), 0u);
  EXPECT_TRUE (CURATOR_IS_ACL_PROVIDER (config->acl_provider));
  EXPECT_TRUE (CURATOR_IS_GZIP_COMPRESSION_PROVIDER (config->compression_provider));
  EXPECT_FALSE (config->compression_enabled);
  EXPECT_FALSE (config->can_be_read_only);
  EXPECT_FALSE (config->own_thread);
  EXPECT_EQ (config->main_context, nullptr);
  EXPECT_EQ (config->error_policy, CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD);

  /* Exponential back-off: three retries, the first after a second. */
  gint64 sleep_ms = 0;
  EXPECT_TRUE (curator_retry_policy_allow_retry (config->retry_policy, 0, 0, FALSE, 0, &sleep_ms));
  EXPECT_EQ (sleep_ms, 1000);
  EXPECT_TRUE (curator_retry_policy_allow_retry (config->retry_policy, 2, 0, FALSE, 0, &sleep_ms));
  EXPECT_FALSE (curator_retry_policy_allow_retry (config->retry_policy, 3, 0, FALSE, 0, &sleep_ms));
}

TEST (FrameworkBuilder, TakesAllSettings)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new ("[::1]:2182/root/sub");
  CuratorRetryPolicy *policy = curator_retry_forever_new (10);
  g_autoptr (CuratorAclProvider) acls = curator_acl_provider_new ();
  g_autoptr (CuratorCompressionProvider) gzip = curator_gzip_compression_provider_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GBytes) auth = g_bytes_new_static ("u:p", 3);
  g_autoptr (GBytes) data = g_bytes_new_static ("dd", 2);
  g_autoptr (GError) error = nullptr;

  EXPECT_EQ (curator_framework_builder_with_namespace (builder, "site/app"), builder);
  EXPECT_EQ (curator_framework_builder_with_session_timeout_ms (builder, 1), builder);
  EXPECT_EQ (curator_framework_builder_with_connection_timeout_ms (builder, G_MAXINT), builder);
  EXPECT_EQ (curator_framework_builder_with_retry_policy (builder, policy), builder);
  EXPECT_EQ (curator_framework_builder_with_auth (builder, "digest", auth), builder);
  EXPECT_EQ (curator_framework_builder_with_auth (builder, "x509", auth), builder);
  EXPECT_EQ (curator_framework_builder_with_default_data (builder, data), builder);
  EXPECT_EQ (curator_framework_builder_with_acl_provider (builder, acls), builder);
  EXPECT_EQ (curator_framework_builder_with_read_only (builder, TRUE), builder);
  EXPECT_EQ (curator_framework_builder_with_compression_provider (builder, gzip), builder);
  EXPECT_EQ (curator_framework_builder_with_compression_enabled (builder, TRUE), builder);
  EXPECT_EQ (curator_framework_builder_with_main_context (builder, context), builder);
  EXPECT_EQ (curator_framework_builder_with_own_thread (builder, FALSE), builder);
  EXPECT_EQ (curator_framework_builder_with_connection_state_error_policy (
                 builder, CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION),
             builder);
  EXPECT_EQ (curator_framework_builder_with_canonical_host_names (builder, TRUE), builder);
  EXPECT_EQ (curator_framework_builder_with_max_packet_bytes (builder, 1024), builder);
  EXPECT_EQ (curator_framework_builder_with_max_reply_bytes (builder, G_MAXINT32), builder);
  EXPECT_EQ (curator_framework_builder_with_max_close_wait_ms (builder, 0), builder);

  g_autoptr (CuratorFramework) client = curator_framework_builder_build (builder, &error);
  ASSERT_NE (client, nullptr) << error->message;
  CuratorClientConfig *config = curator_framework_get_client_config (client);
  EXPECT_STREQ (config->chroot, "/root/sub");
  EXPECT_STREQ (config->namespace_, "site/app");
  EXPECT_EQ (config->session_timeout_ms, 1u);
  EXPECT_EQ (config->connection_timeout_ms, (guint) G_MAXINT);
  EXPECT_EQ (config->retry_policy, policy);
  ASSERT_EQ (config->auths->len, 2u);
  EXPECT_STREQ (((CuratorAuthInfo *) config->auths->pdata[1])->scheme, "x509");
  EXPECT_EQ (((CuratorAuthInfo *) config->auths->pdata[1])->auth, auth);
  EXPECT_EQ (config->default_data, data);
  EXPECT_EQ (config->acl_provider, acls);
  EXPECT_EQ (config->compression_provider, gzip);
  EXPECT_TRUE (config->compression_enabled);
  EXPECT_TRUE (config->can_be_read_only);
  EXPECT_EQ (config->main_context, context);
  EXPECT_EQ (config->error_policy, CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION);
  EXPECT_TRUE (config->canonical_host_names);
  EXPECT_EQ (config->max_packet_bytes, 1024u);
  EXPECT_EQ (config->max_reply_bytes, (gsize) G_MAXINT32);
  EXPECT_EQ (config->max_close_wait_ms, 0u);
}

/* What was built does not see what the builder is told later, and settings can be taken back. */
TEST (FrameworkBuilder, CanBeUsedAgain)
{
  g_autoptr (CuratorFrameworkBuilder) builder = curator_framework_builder_new ("h");
  g_autoptr (GBytes) auth = g_bytes_new_static ("u:p", 3);

  curator_framework_builder_with_namespace (builder, "one");
  g_autoptr (CuratorFramework) first = curator_framework_builder_build (builder, nullptr);
  curator_framework_builder_with_namespace (builder, nullptr);
  curator_framework_builder_with_auth (builder, "digest", auth);
  g_autoptr (CuratorFramework) second = curator_framework_builder_build (builder, nullptr);

  ASSERT_NE (first, nullptr);
  ASSERT_NE (second, nullptr);
  EXPECT_STREQ (curator_framework_get_client_config (first)->namespace_, "one");
  EXPECT_EQ (curator_framework_get_client_config (first)->auths->len, 0u);
  EXPECT_EQ (curator_framework_get_client_config (second)->namespace_, nullptr);
  EXPECT_EQ (curator_framework_get_client_config (second)->auths->len, 1u);
}

/* As introspection lets one make it: no client, and no crash. */
TEST (FrameworkBuilder, WhatItDidNotBuildIsNoClient)
{
  g_autoptr (CuratorFramework) none = CURATOR_FRAMEWORK (g_object_new (CURATOR_TYPE_FRAMEWORK, nullptr));

  for (int i = 0; i < 3; i++)
    g_test_expect_message ("Curator", G_LOG_LEVEL_CRITICAL, "*curator_framework_is_built*failed");
  EXPECT_EQ (curator_framework_get_connection_state (none), CURATOR_CONNECTION_STATE_LATENT);
  EXPECT_FALSE (curator_framework_start (none, nullptr));
  EXPECT_FALSE (curator_framework_await_connected_sync (none, 10, nullptr, nullptr));
  g_test_assert_expected_messages ();
}

template <typename Builder>
static void
ExpectRefused (Builder *(*factory) (CuratorFramework *) )
{
  g_autoptr (CuratorFramework) none = CURATOR_FRAMEWORK (g_object_new (CURATOR_TYPE_FRAMEWORK, nullptr));

  g_test_expect_message ("Curator", G_LOG_LEVEL_CRITICAL, "*curator_framework_is_built*failed");
  EXPECT_EQ (factory (none), nullptr);
  g_test_assert_expected_messages ();
}

TEST (FrameworkBuilder, WhatItDidNotBuildBeginsNoOperation)
{
  ExpectRefused (curator_framework_check_exists);
  ExpectRefused (curator_framework_create);
  ExpectRefused (curator_framework_delete);
  ExpectRefused (curator_framework_get_acl);
  ExpectRefused (curator_framework_get_children);
  ExpectRefused (curator_framework_get_config);
  ExpectRefused (curator_framework_get_data);
  ExpectRefused (curator_framework_reconfig);
  ExpectRefused (curator_framework_remove_watches);
  ExpectRefused (curator_framework_set_acl);
  ExpectRefused (curator_framework_set_data);
  ExpectRefused (curator_framework_sync);
  ExpectRefused (curator_framework_transaction);
}

TEST (FrameworkBuilder, WhatItDidNotBuildHasNoRecipes)
{
  g_autoptr (CuratorFramework) none = CURATOR_FRAMEWORK (g_object_new (CURATOR_TYPE_FRAMEWORK, nullptr));
  /* By its properties one can be made, which is of no client then. */
  g_autoptr (CuratorMutex) mutex =
      CURATOR_MUTEX (g_object_new (CURATOR_TYPE_MUTEX, "client", none, "path", "/lock", nullptr));

  for (int i = 0; i < 3; i++)
    g_test_expect_message ("Curator", G_LOG_LEVEL_CRITICAL, "*curator_framework_is_built*failed");
  EXPECT_EQ (curator_mutex_new (none, "/lock"), nullptr);
  EXPECT_EQ (curator_semaphore_new (none, "/semaphore", 1), nullptr);
  EXPECT_EQ (curator_barrier_new (none, "/barrier"), nullptr);
  g_test_expect_message ("Curator", G_LOG_LEVEL_CRITICAL, "*mutex_is_usable*failed");
  EXPECT_EQ (curator_mutex_acquire_sync (mutex, 0, nullptr, nullptr), nullptr);
  g_test_assert_expected_messages ();
}

} // namespace
