/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <vector>

#include "curator-create-builder.h"
#include "curator-delete-builder.h"
#include "curator-exists-builder.h"
#include "curator-get-acl-builder.h"
#include "curator-get-children-builder.h"
#include "curator-get-config-builder.h"
#include "curator-get-data-builder.h"
#include "curator-reconfig-builder.h"
#include "curator-remove-watches-builder.h"
#include "curator-set-acl-builder.h"
#include "curator-set-data-builder.h"
#include "curator-sync-builder.h"
#include "fake-submit.h"

/* What the builders make of their settings, and of the results. */

namespace
{

class Builders : public SubmitFixture
{
};

/* --- remembered errors --- */

struct RefusedRow
{
  const char *part;
  std::function<void (CuratorFramework *, GError **)> run;
};

void
Create (CuratorFramework *client,
        GError **error,
        const std::function<void (CuratorCreateBuilder *)> &configure)
{
  g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (client);

  configure (builder);
  EXPECT_EQ (curator_create_builder_for_path_sync (builder, "/x", nullptr, nullptr, error), nullptr);
}

void
Reconfig (CuratorFramework *client,
          GError **error,
          const std::function<void (CuratorReconfigBuilder *)> &configure)
{
  g_autoptr (CuratorReconfigBuilder) builder = curator_framework_reconfig (client);

  configure (builder);
  EXPECT_EQ (curator_reconfig_builder_for_ensemble_sync (builder, nullptr, error), nullptr);
}

const char *const one_server[] = { "server.1=h:1:2;3", nullptr };
const char *const comma_server[] = { "server.1=h:1:2;3,server.2=h:1:2;3", nullptr };
const char *const empty_server[] = { "server.1=h:1:2;3", "", nullptr };

const std::vector<RefusedRow> refused_rows = {
  { "create \"/x\": the mode 7",
    [] (auto *c, auto **e) {
      Create (c, e, [] (auto *b) { curator_create_builder_with_mode (b, (CuratorCreateMode) 7); });
    } },
  { "create \"/x\": the mode -1",
    [] (auto *c, auto **e) {
      Create (c, e, [] (auto *b) { curator_create_builder_with_mode (b, (CuratorCreateMode) -1); });
    } },
  { "create \"/x\": the time to live of 0 ms",
    [] (auto *c, auto **e) { Create (c, e, [] (auto *b) { curator_create_builder_with_ttl (b, 0); }); } },
  { "create \"/x\": the time to live of 1099511627776 ms",
    [] (auto *c, auto **e) {
      Create (c, e, [] (auto *b) { curator_create_builder_with_ttl (b, 0x10000000000); });
    } },
  { "create \"/x\": the mode needs a time to live",
    [] (auto *c, auto **e) {
      Create (c, e, [] (auto *b) {
        curator_create_builder_with_mode (b, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL);
      });
    } },
  { "create \"/x\": the mode has no time to live",
    [] (auto *c, auto **e) { Create (c, e, [] (auto *b) { curator_create_builder_with_ttl (b, 5); }); } },
  { "create \"/x\": the access control list is empty",
    [] (auto *c, auto **e) {
      g_autoptr (GPtrArray) acl = g_ptr_array_new ();
      Create (c, e, [&] (auto *b) { curator_create_builder_with_acl (b, acl); });
    } },
  { "create \"/x\": entry 1 of the access control list is NULL",
    [] (auto *c, auto **e) {
      g_autoptr (GPtrArray) acl = g_ptr_array_new ();
      g_ptr_array_add (acl, nullptr);
      Create (c, e, [&] (auto *b) { curator_create_builder_with_acl (b, acl); });
    } },
  { "create \"/x\": the version -2",
    [] (auto *c, auto **e) { Create (c, e, [] (auto *b) { curator_create_builder_or_set_data (b, -2); }); } },
  { "create \"/x\": the mode 9", /* the first one wins */
    [] (auto *c, auto **e) {
      Create (c, e, [] (auto *b) {
        curator_create_builder_with_mode (b, (CuratorCreateMode) 9);
        curator_create_builder_with_ttl (b, -1);
      });
    } },
  { "delete \"/x\": the version -7",
    [] (auto *c, auto **e) {
      g_autoptr (CuratorDeleteBuilder) b = curator_framework_delete (c);
      EXPECT_FALSE (curator_delete_builder_for_path_sync (curator_delete_builder_with_version (b, -7), "/x",
                                                          nullptr, e));
    } },
  { "set data \"/x\": the version",
    [] (auto *c, auto **e) {
      g_autoptr (CuratorSetDataBuilder) b = curator_framework_set_data (c);
      curator_set_data_builder_with_version (b, G_MININT32);
      EXPECT_EQ (curator_set_data_builder_for_path_sync (b, "/x", nullptr, nullptr, e), nullptr);
    } },
  { "set ACL \"/x\": the version",
    [] (auto *c, auto **e) {
      g_autoptr (CuratorSetAclBuilder) b = curator_framework_set_acl (c);
      EXPECT_EQ (curator_set_acl_builder_for_path_sync (curator_set_acl_builder_with_version (b, -2), "/x",
                                                        nullptr, e),
                 nullptr);
    } },
  { "remove watches \"/x\": the watcher type 4",
    [] (auto *c, auto **e) {
      g_autoptr (CuratorRemoveWatchesBuilder) b = curator_framework_remove_watches (c);
      curator_remove_watches_builder_of_type (b, (CuratorWatcherType) 4);
      EXPECT_FALSE (curator_remove_watches_builder_for_path_sync (b, "/x", nullptr, e));
    } },
  { "reconfig: no change", [] (auto *c, auto **e) { Reconfig (c, e, [] (auto *) {}); } },
  { "reconfig: servers cannot join",
    [] (auto *c, auto **e) {
      Reconfig (c, e, [] (auto *b) {
        curator_reconfig_builder_joining (b, one_server);
        curator_reconfig_builder_with_new_members (b, one_server);
      });
    } },
  { "reconfig: \"server.1=h:1:2;3,server.2=h:1:2;3\" is not a server",
    [] (auto *c, auto **e) {
      Reconfig (c, e, [] (auto *b) { curator_reconfig_builder_leaving (b, comma_server); });
    } },
  { "reconfig: \"\" is not a server",
    [] (auto *c, auto **e) {
      Reconfig (c, e, [] (auto *b) { curator_reconfig_builder_joining (b, empty_server); });
    } },
  { "reconfig: the version -2",
    [] (auto *c, auto **e) {
      Reconfig (c, e, [] (auto *b) { curator_reconfig_builder_from_config (b, -2); });
    } },
};

TEST_F (Builders, ReportRefusedValuesAtTheTerminalCall)
{
  for (const auto &row : refused_rows)
    {
      GError *error = nullptr;

      row.run (client, &error);
      ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, row.part);
      row.run (client, nullptr);
    }
  EXPECT_EQ (submit.Count (), 0u);
}

TEST_F (Builders, ReportRefusedValuesAsynchronously)
{
  g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (client);
  Outcome outcome;
  GError *error = nullptr;

  curator_create_builder_with_ttl (builder, -1);
  curator_create_builder_for_path_async (builder, "/x", nullptr, nullptr, Outcome::Store, &outcome);
  EXPECT_EQ (outcome.calls, 0);
  Until ([&] { return outcome.calls > 0; });
  EXPECT_EQ (curator_create_builder_for_path_finish (builder, outcome.result, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, "create \"/x\"");
  EXPECT_EQ (submit.Count (), 0u);
}

TEST_F (Builders, MadeWithoutAClient)
{
  g_autoptr (CuratorGetDataBuilder) reader =
      CURATOR_GET_DATA_BUILDER (g_object_new (CURATOR_TYPE_GET_DATA_BUILDER, nullptr));
  g_autoptr (CuratorCreateBuilder) creator =
      CURATOR_CREATE_BUILDER (g_object_new (CURATOR_TYPE_CREATE_BUILDER, nullptr));
  Outcome outcome;
  GError *error = nullptr;

  EXPECT_EQ (curator_get_data_builder_for_path_sync (reader, "/x", nullptr, &error), nullptr);
  ExpectIoError (g_steal_pointer (&error), G_IO_ERROR_INVALID_ARGUMENT, "not made by a client");
  curator_create_builder_for_path_async (creator, "/x", nullptr, nullptr, Outcome::Store, &outcome);
  Until ([&] { return outcome.calls > 0; });
  EXPECT_EQ (curator_create_builder_for_path_finish (creator, outcome.result, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, "not made by a client");
}

/* --- requests and results --- */

TEST_F (Builders, Create)
{
  g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (client);
  g_autoptr (GPtrArray) acl = curator_acl_read_unsafe ();
  g_autoptr (GBytes) data = MakeBytes ("x");
  g_autoptr (CuratorStat) stat = nullptr;
  g_autoptr (GError) error = nullptr;

  EXPECT_EQ (curator_create_builder_with_container_parents (builder), builder);
  EXPECT_EQ (curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL),
             builder);
  EXPECT_EQ (curator_create_builder_with_ttl (builder, 0xffffffffff), builder);
  EXPECT_EQ (curator_create_builder_with_acl (builder, acl), builder);
  EXPECT_EQ (curator_create_builder_with_protection (builder), builder);
  EXPECT_EQ (curator_create_builder_or_set_data (builder, 3), builder);
  EXPECT_EQ (curator_create_builder_idempotent (builder), builder);
  g_ptr_array_set_size (acl, 0); /* the builder has its own */
  submit.AnswerWith ([] (CuratorRequest *request) {
    request->result_path = g_strdup ("/q/n-0000000001");
    request->stat.czxid = 77;
  });
  g_autofree char *path =
      curator_create_builder_for_path_with_stat_sync (builder, "/q/n-", data, &stat, nullptr, &error);

  ASSERT_STREQ (path, "/q/n-0000000001");
  EXPECT_EQ (stat->czxid, 77);
  CuratorRequest *request = submit.At (0);
  EXPECT_EQ (request->type, CURATOR_REQUEST_CREATE);
  EXPECT_STREQ (request->path, "/q/n-");
  EXPECT_EQ (request->flags, CURATOR_REQUEST_FLAG_PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS |
                                 CURATOR_REQUEST_FLAG_PROTECTED | CURATOR_REQUEST_FLAG_OR_SET_DATA |
                                 CURATOR_REQUEST_FLAG_IDEMPOTENT);
  EXPECT_EQ (request->mode, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL);
  EXPECT_EQ (request->ttl_ms, 0xffffffffff);
  EXPECT_EQ (request->version, 3);
  EXPECT_EQ (request->data, data);
  ASSERT_EQ (request->acl->len, 1u);
  EXPECT_EQ (curator_acl_get_perms ((CuratorAcl *) request->acl->pdata[0]), CURATOR_PERMS_READ);
}

TEST_F (Builders, CreateWithDefaults)
{
  g_autoptr (CuratorFramework) other = Build ([] (auto *b) {
    g_autoptr (GBytes) data = MakeBytes ("default");
    curator_framework_builder_with_default_data (b, data);
  });
  g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (other);

  submit.AnswerWith ([] (CuratorRequest *request) { request->result_path = g_strdup ("/x"); });
  g_autofree char *path = curator_create_builder_for_path_sync (builder, "/x", nullptr, nullptr, nullptr);
  EXPECT_STREQ (path, "/x");
  EXPECT_EQ (ToString (submit.At (0)->data), "default");
  EXPECT_EQ (submit.At (0)->flags, CURATOR_REQUEST_FLAG_NONE);
  EXPECT_EQ (submit.At (0)->mode, CURATOR_CREATE_MODE_PERSISTENT);
  EXPECT_EQ (submit.At (0)->acl, nullptr);
  EXPECT_EQ (submit.At (0)->version, -1);
}

TEST_F (Builders, Delete)
{
  g_autoptr (CuratorDeleteBuilder) builder = curator_framework_delete (client);

  curator_delete_builder_with_version (builder, 4);
  curator_delete_builder_guaranteed (builder);
  curator_delete_builder_deleting_children_if_needed (builder);
  curator_delete_builder_quietly (builder);
  curator_delete_builder_idempotent (builder);
  submit.AnswerWith ([] (CuratorRequest *) {});
  EXPECT_TRUE (curator_delete_builder_for_path_sync (builder, "/x", nullptr, nullptr));
  EXPECT_EQ (submit.At (0)->type, CURATOR_REQUEST_DELETE);
  EXPECT_EQ (submit.At (0)->version, 4);
  EXPECT_EQ (submit.At (0)->flags, CURATOR_REQUEST_FLAG_GUARANTEED | CURATOR_REQUEST_FLAG_CHILDREN |
                                       CURATOR_REQUEST_FLAG_QUIETLY | CURATOR_REQUEST_FLAG_IDEMPOTENT);
}

/* A missing node is an answer; other failures are errors. */
TEST_F (Builders, Exists)
{
  g_autoptr (CuratorExistsBuilder) builder = curator_framework_check_exists (client);
  g_autoptr (GError) error = nullptr;
  int rc = 0;

  submit.AnswerWith ([&] (CuratorRequest *request) {
    request->rc = rc;
    request->stat.version = 9;
  });
  g_autoptr (CuratorStat) stat = curator_exists_builder_for_path_sync (builder, "/x", nullptr, &error);
  ASSERT_NE (stat, nullptr);
  EXPECT_EQ (stat->version, 9);

  rc = -101;
  EXPECT_EQ (curator_exists_builder_for_path_sync (builder, "/x", nullptr, &error), nullptr);
  EXPECT_EQ (error, nullptr);
  Outcome outcome;
  curator_exists_builder_for_path_async (builder, "/x", nullptr, Outcome::Store, &outcome);
  Until ([&] { return outcome.calls > 0; });
  EXPECT_EQ (curator_exists_builder_for_path_finish (builder, outcome.result, &error), nullptr);
  EXPECT_EQ (error, nullptr);

  rc = -102;
  EXPECT_EQ (curator_exists_builder_for_path_sync (builder, "/x", nullptr, &error), nullptr);
  EXPECT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_AUTH));
}

TEST_F (Builders, GetData)
{
  g_autoptr (CuratorGetDataBuilder) builder = curator_framework_get_data (client);
  g_autoptr (CuratorStat) stat = nullptr;
  g_autoptr (GError) error = nullptr;

  submit.AnswerWith ([] (CuratorRequest *request) {
    request->rc = g_str_equal (request->path, "/missing") ? -101 : 0;
    request->result_data = request->rc == 0 ? MakeBytes ("data") : nullptr;
    request->stat.data_length = 4;
  });
  g_autoptr (GBytes) data =
      curator_get_data_builder_for_path_with_stat_sync (builder, "/x", &stat, nullptr, &error);
  ASSERT_NE (data, nullptr);
  EXPECT_EQ (ToString (data), "data");
  EXPECT_EQ (stat->data_length, 4);

  g_clear_pointer (&stat, curator_stat_free);
  EXPECT_EQ (curator_get_data_builder_for_path_with_stat_sync (builder, "/missing", &stat, nullptr, &error),
             nullptr);
  EXPECT_EQ (stat, nullptr);
  ASSERT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE));
  EXPECT_STREQ (error->message, "get data \"/missing\": the node does not exist");
}

TEST_F (Builders, SetDataAndSetAcl)
{
  g_autoptr (CuratorSetDataBuilder) data_builder = curator_framework_set_data (client);
  g_autoptr (CuratorSetAclBuilder) acl_builder = curator_framework_set_acl (client);
  g_autoptr (GPtrArray) acl = curator_acl_creator_all ();
  g_autoptr (GBytes) data = MakeBytes ("new");

  submit.AnswerWith ([] (CuratorRequest *request) { request->stat.version = 5; });
  curator_set_data_builder_idempotent (curator_set_data_builder_with_version (data_builder, 4));
  g_autoptr (CuratorStat) one =
      curator_set_data_builder_for_path_sync (data_builder, "/x", data, nullptr, nullptr);
  curator_set_acl_builder_with_version (curator_set_acl_builder_with_acl (acl_builder, acl), 2);
  g_autoptr (CuratorStat) two = curator_set_acl_builder_for_path_sync (acl_builder, "/x", nullptr, nullptr);

  EXPECT_EQ (one->version, 5);
  EXPECT_EQ (two->version, 5);
  EXPECT_EQ (submit.At (0)->data, data);
  EXPECT_EQ (submit.At (0)->version, 4);
  EXPECT_EQ (submit.At (0)->flags, CURATOR_REQUEST_FLAG_IDEMPOTENT);
  EXPECT_EQ (submit.At (1)->version, 2);
  EXPECT_EQ (submit.At (1)->acl->len, 1u);
}

TEST_F (Builders, ListsAndConfigurations)
{
  g_autoptr (CuratorGetChildrenBuilder) children_builder = curator_framework_get_children (client);
  g_autoptr (CuratorGetAclBuilder) acl_builder = curator_framework_get_acl (client);
  g_autoptr (CuratorGetConfigBuilder) config_builder = curator_framework_get_config (client);
  g_autoptr (CuratorReconfigBuilder) reconfig_builder = curator_framework_reconfig (client);
  g_autoptr (CuratorSyncBuilder) sync_builder = curator_framework_sync (client);
  const char *const leaving[] = { "2", "3", nullptr };
  const char *const none[] = { nullptr };

  submit.AnswerWith ([] (CuratorRequest *request) {
    const char *const names[] = { "a", "b", nullptr };

    request->result_children = g_strdupv ((GStrv) names);
    request->result_acl = curator_acl_open_unsafe ();
    request->result_data = MakeBytes ("version=100000000");
  });
  g_auto (GStrv) children =
      curator_get_children_builder_for_path_sync (children_builder, "/x", nullptr, nullptr);
  g_autoptr (GPtrArray) acl = curator_get_acl_builder_for_path_sync (acl_builder, "/x", nullptr, nullptr);
  g_autoptr (GBytes) config = curator_get_config_builder_for_ensemble_sync (config_builder, nullptr, nullptr);
  curator_reconfig_builder_joining (reconfig_builder, one_server);
  curator_reconfig_builder_leaving (reconfig_builder, leaving);
  curator_reconfig_builder_with_new_members (reconfig_builder, none);
  curator_reconfig_builder_from_config (reconfig_builder, 0x100000000);
  g_autoptr (GBytes) changed =
      curator_reconfig_builder_for_ensemble_sync (reconfig_builder, nullptr, nullptr);
  EXPECT_TRUE (curator_sync_builder_for_path_sync (sync_builder, "/", nullptr, nullptr));

  EXPECT_EQ (g_strv_length (children), 2u);
  EXPECT_EQ (acl->len, 1u);
  EXPECT_EQ (ToString (config), "version=100000000");
  EXPECT_EQ (ToString (changed), "version=100000000");
  EXPECT_EQ (submit.At (2)->path, nullptr);
  EXPECT_STREQ (submit.At (3)->joining, "server.1=h:1:2;3");
  EXPECT_STREQ (submit.At (3)->leaving, "2,3");
  EXPECT_EQ (submit.At (3)->members, nullptr);
  EXPECT_EQ (submit.At (3)->from_config, 0x100000000);
  EXPECT_EQ (submit.At (4)->type, CURATOR_REQUEST_SYNC);
}

TEST_F (Builders, RemoveWatches)
{
  g_autoptr (CuratorRemoveWatchesBuilder) builder = curator_framework_remove_watches (client);

  submit.AnswerWith ([] (CuratorRequest *) {});
  EXPECT_TRUE (curator_remove_watches_builder_for_path_sync (builder, "/x", nullptr, nullptr));
  EXPECT_EQ (submit.At (0)->watch_kind, CURATOR_WATCH_KIND_ANY);
  curator_remove_watches_builder_of_type (builder, CURATOR_WATCHER_TYPE_CHILDREN);
  EXPECT_TRUE (curator_remove_watches_builder_for_path_sync (curator_remove_watches_builder_quietly (builder),
                                                             "/x", nullptr, nullptr));
  EXPECT_EQ (submit.At (1)->watch_kind, CURATOR_WATCH_KIND_CHILDREN);
  EXPECT_EQ (submit.At (1)->flags, CURATOR_REQUEST_FLAG_QUIETLY);
}

/* --- compression --- */

TEST_F (Builders, Compression)
{
  g_autoptr (CuratorCreateBuilder) creator = curator_framework_create (client);
  g_autoptr (CuratorGetDataBuilder) reader = curator_framework_get_data (client);
  std::string text (10000, 'a');
  g_autoptr (GBytes) data = MakeBytes (text);
  g_autoptr (GError) error = nullptr;

  submit.AnswerWith ([&] (CuratorRequest *request) {
    request->result_path = g_strdup (request->path);
    request->result_data = g_bytes_ref (submit.At (0)->data);
  });
  curator_create_builder_compressed (creator);
  g_autofree char *path = curator_create_builder_for_path_sync (creator, "/x", data, nullptr, &error);
  ASSERT_NE (path, nullptr);
  EXPECT_LT (g_bytes_get_size (submit.At (0)->data), 200u);

  g_autoptr (GBytes) raw = curator_get_data_builder_for_path_sync (reader, "/x", nullptr, &error);
  EXPECT_TRUE (g_bytes_equal (raw, submit.At (0)->data));
  curator_get_data_builder_decompressed (reader);
  g_autoptr (GBytes) plain = curator_get_data_builder_for_path_sync (reader, "/x", nullptr, &error);
  ASSERT_NE (plain, nullptr) << error->message;
  EXPECT_EQ (ToString (plain), text);

  submit.AnswerWith ([] (CuratorRequest *request) { request->result_data = MakeBytes ("garbage"); });
  EXPECT_EQ (curator_get_data_builder_for_path_sync (reader, "/x", nullptr, &error), nullptr);
  ASSERT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY));
  EXPECT_NE (strstr (error->message, "\"/x\""), nullptr) << error->message;
}

TEST_F (Builders, CompressionOfTheClient)
{
  g_autoptr (CuratorFramework) other =
      Build ([] (auto *b) { curator_framework_builder_with_compression_enabled (b, TRUE); });
  g_autoptr (CuratorSetDataBuilder) writer = curator_framework_set_data (other);
  g_autoptr (CuratorGetDataBuilder) reader = curator_framework_get_data (other);
  g_autoptr (GBytes) data = MakeBytes ("text");
  Outcome outcome;

  submit.AnswerWith (
      [&] (CuratorRequest *request) { request->result_data = g_bytes_ref (submit.At (0)->data); });
  g_autoptr (CuratorStat) one = curator_set_data_builder_for_path_sync (writer, "/x", data, nullptr, nullptr);
  curator_set_data_builder_uncompressed (writer);
  g_autoptr (CuratorStat) two = curator_set_data_builder_for_path_sync (writer, "/x", data, nullptr, nullptr);
  EXPECT_FALSE (g_bytes_equal (submit.At (0)->data, data));
  EXPECT_TRUE (g_bytes_equal (submit.At (1)->data, data));

  /* As it was set when the operation was begun, not when it ended. */
  curator_get_data_builder_for_path_async (reader, "/x", nullptr, Outcome::Store, &outcome);
  curator_get_data_builder_undecompressed (reader);
  Until ([&] { return outcome.calls > 0; });
  g_autoptr (GBytes) plain = curator_get_data_builder_for_path_finish (reader, outcome.result, nullptr);
  EXPECT_EQ (ToString (plain), "text");
  g_autoptr (GBytes) raw = curator_get_data_builder_for_path_sync (reader, "/x", nullptr, nullptr);
  EXPECT_TRUE (g_bytes_equal (raw, submit.At (0)->data));
}

} // namespace
