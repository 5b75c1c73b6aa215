/* SPDX-License-Identifier: Apache-2.0 */
#include "connection-fixture.h"

#include <gmock/gmock.h>

/* Operations on a real server: what they do, what they say when they cannot, and what becomes of them when requests
 * and replies are lost. */

namespace
{

using connection_test::ConnectionFixture;
using connection_test::Outcome;
using connection_test::op_create2;
using connection_test::op_set_acl;
using curator_test::Error;

constexpr int op_delete = 2;
constexpr int op_set_data = 5;
constexpr int session_ms = 10000;

class Operations : public ConnectionFixture
{
protected:
  void SetUp () override
  {
    ConnectionFixture::SetUp ();
    proxy = NewProxy (Server ());
    client = Connect (Through (proxy), session_ms);
  }

  using Setting = std::function<void (CuratorCreateBuilder *)>;

  std::string CreateNode (const std::string &path,
                          const Setting &set = nullptr,
                          const std::string &data = "x",
                          CuratorStat *stat_out = nullptr)
  {
    Ref<CuratorCreateBuilder> builder (curator_framework_create (client));
    g_autoptr (GBytes) bytes = g_bytes_new (data.data (), data.size ());
    g_autoptr (CuratorStat) stat = nullptr;

    if (set != nullptr)
      set (builder);
    g_autofree char *created = curator_create_builder_for_path_with_stat_sync (builder, path.c_str (), bytes, &stat,
                                                                               nullptr, error.out ());
    if (stat_out != nullptr && stat != nullptr)
      *stat_out = *stat;
    return created != nullptr ? created : "";
  }

  bool DeleteNode (const std::string &path, const std::function<void (CuratorDeleteBuilder *)> &set = nullptr)
  {
    Ref<CuratorDeleteBuilder> builder (curator_framework_delete (client));

    if (set != nullptr)
      set (builder);
    return curator_delete_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
  }

  /* The data, or "-" and the error. */
  std::string ReadNode (const std::string &path, bool decompressed = false)
  {
    Ref<CuratorGetDataBuilder> builder (curator_framework_get_data (client));
    gsize length = 0;

    if (decompressed)
      curator_get_data_builder_decompressed (builder);
    g_autoptr (GBytes) bytes
        = curator_get_data_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
    if (bytes == nullptr)
      return "-";
    const char *data = static_cast<const char *> (g_bytes_get_data (bytes, &length));
    return std::string (data != nullptr ? data : "", length);
  }

  bool WriteNode (const std::string &path, const std::string &data, int version = -1)
  {
    Ref<CuratorSetDataBuilder> builder (curator_framework_set_data (client));
    g_autoptr (GBytes) bytes = g_bytes_new (data.data (), data.size ());

    if (version >= 0)
      curator_set_data_builder_with_version (builder, version);
    g_autoptr (CuratorStat) stat
        = curator_set_data_builder_for_path_sync (builder, path.c_str (), bytes, nullptr, error.out ());
    return stat != nullptr;
  }

  std::vector<std::string> Children (const std::string &path)
  {
    Ref<CuratorGetChildrenBuilder> builder (curator_framework_get_children (client));
    std::vector<std::string> names;

    g_auto (GStrv) children
        = curator_get_children_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
    for (char **name = children; name != nullptr && *name != nullptr; name++)
      names.emplace_back (*name);
    return names;
  }

  bool Failed (int code) { return error.matches (CURATOR_ERROR, code); }

  static Setting
  WithMode (CuratorCreateMode mode)
  {
    return [mode] (CuratorCreateBuilder *builder) { curator_create_builder_with_mode (builder, mode); };
  }

  CuratorTestProxy *proxy = nullptr;
  CuratorFramework *client = nullptr;
  Error error;
};

TEST_F (Operations, ReadWhatWasWritten)
{
  std::string binary ("\0\1\377 \0", 5);
  CuratorStat stat = {};

  EXPECT_EQ ("/a", CreateNode ("/a", nullptr, "one", &stat));
  EXPECT_GT (stat.czxid, 0);
  EXPECT_EQ (0, stat.ephemeral_owner);
  EXPECT_EQ ("one", ReadNode ("/a"));
  EXPECT_TRUE (WriteNode ("/a", binary, 0));
  EXPECT_EQ (binary, ReadNode ("/a"));
  EXPECT_TRUE (WriteNode ("/a", "", 1));
  EXPECT_EQ ("", ReadNode ("/a"));
  EXPECT_TRUE (DeleteNode ("/a", [] (auto *b) { curator_delete_builder_with_version (b, 2); }));
  EXPECT_EQ ("-", ReadNode ("/a"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE));
}

TEST_F (Operations, AllModesOfCreate)
{
  CuratorStat stat = {};

  EXPECT_EQ ("/p", CreateNode ("/p", WithMode (CURATOR_CREATE_MODE_PERSISTENT)));
  EXPECT_EQ ("/p/s0000000000", CreateNode ("/p/s", WithMode (CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL)));
  EXPECT_EQ ("/p/0000000001", CreateNode ("/p/", WithMode (CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL), "", &stat));
  EXPECT_EQ (curator_framework_get_session_id (client), stat.ephemeral_owner);
  EXPECT_EQ ("/e", CreateNode ("/e", WithMode (CURATOR_CREATE_MODE_EPHEMERAL), "", &stat));
  EXPECT_EQ (curator_framework_get_session_id (client), stat.ephemeral_owner);
  EXPECT_EQ ("/c", CreateNode ("/c", WithMode (CURATOR_CREATE_MODE_CONTAINER)));
  EXPECT_EQ ("/t", CreateNode ("/t", [] (auto *b) {
               curator_create_builder_with_mode (b, CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL);
               curator_create_builder_with_ttl (b, 3600 * 1000);
             }));
  EXPECT_EQ ("-", ReadNode ("/missing"));
}

TEST_F (Operations, ParentsChildrenAndOrSetData)
{
  EXPECT_EQ ("", CreateNode ("/x/y/z"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE));
  EXPECT_EQ ("/x/y/z", CreateNode ("/x/y/z", curator_create_builder_with_parents, "1"));
  EXPECT_EQ ("/k/l", CreateNode ("/k/l", curator_create_builder_with_container_parents));
  EXPECT_EQ ("", CreateNode ("/x/y/z", nullptr, "2"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NODE_EXISTS));
  EXPECT_EQ ("/x/y/z", CreateNode ("/x/y/z", [] (auto *b) { curator_create_builder_or_set_data (b, -1); }, "3"));
  EXPECT_EQ ("3", ReadNode ("/x/y/z"));
  EXPECT_FALSE (DeleteNode ("/x"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NOT_EMPTY));
  EXPECT_TRUE (DeleteNode ("/x", curator_delete_builder_deleting_children_if_needed));
  EXPECT_FALSE (DeleteNode ("/x"));
  EXPECT_TRUE (DeleteNode ("/x", curator_delete_builder_quietly));
}

TEST_F (Operations, CompressionBothWays)
{
  std::string text (100000, 'z');

  EXPECT_EQ ("/z", CreateNode ("/z", curator_create_builder_compressed, text));
  EXPECT_LT (ReadNode ("/z").size (), 2000u);
  EXPECT_EQ (text, ReadNode ("/z", true));
  ASSERT_TRUE (WriteNode ("/z", "not gzip"));
  EXPECT_EQ ("-", ReadNode ("/z", true));
  EXPECT_THAT (error.message (), ::testing::HasSubstr ("\"/z\""));
}

/* A definite answer is not asked for twice, and tells of the operation and its path.
 * faults: 18, 23 */
TEST_F (Operations, DefiniteErrorsAreNotRetried)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new_with_free_func (reinterpret_cast<GDestroyNotify> (curator_acl_unref));
  g_autoptr (GPtrArray) invalid = g_ptr_array_new_with_free_func (reinterpret_cast<GDestroyNotify> (curator_acl_unref));
  guint before;

  g_ptr_array_add (nothing, curator_acl_new (CURATOR_PERMS_NONE, "world", "anyone"));
  g_ptr_array_add (invalid, curator_acl_new (CURATOR_PERMS_ALL, "no-such-scheme", "x"));
  CreateNode ("/e", WithMode (CURATOR_CREATE_MODE_EPHEMERAL));
  CreateNode ("/n", [&] (auto *b) { curator_create_builder_with_acl (b, nothing); });

  before = curator_test_proxy_count_requests (proxy, op_create2);
  EXPECT_EQ ("", CreateNode ("/e/child"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_CHILDREN_FOR_EPHEMERALS));
  EXPECT_THAT (error.message (), ::testing::HasSubstr ("create \"/e/child\""));
  EXPECT_EQ ("", CreateNode ("/n/child"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_AUTH));
  EXPECT_EQ ("", CreateNode ("/i", [&] (auto *b) { curator_create_builder_with_acl (b, invalid); }));
  EXPECT_TRUE (Failed (CURATOR_ERROR_INVALID_ACL));
  EXPECT_EQ (before + 3, curator_test_proxy_count_requests (proxy, op_create2));

  before = curator_test_proxy_count_requests (proxy, op_set_data);
  EXPECT_FALSE (WriteNode ("/e", "y", 7));
  EXPECT_TRUE (Failed (CURATOR_ERROR_BAD_VERSION));
  EXPECT_THAT (error.message (), ::testing::HasSubstr ("set data \"/e\""));
  EXPECT_EQ (before + 1, curator_test_proxy_count_requests (proxy, op_set_data));
}

TEST_F (Operations, AccessControlLists)
{
  g_autoptr (GPtrArray) readable = curator_acl_read_unsafe ();
  Ref<CuratorSetAclBuilder> set (curator_framework_set_acl (client));
  Ref<CuratorGetAclBuilder> get (curator_framework_get_acl (client));

  CreateNode ("/acl");
  curator_set_acl_builder_with_acl (set, readable);
  g_autoptr (CuratorStat) stat = curator_set_acl_builder_for_path_sync (set, "/acl", nullptr, error.out ());
  ASSERT_NE (nullptr, stat) << error.message ();
  EXPECT_EQ (1, stat->aversion);
  EXPECT_GT (stat->czxid, 0);
  g_autoptr (GPtrArray) now = curator_get_acl_builder_for_path_sync (get, "/acl", nullptr, error.out ());
  ASSERT_NE (nullptr, now);
  ASSERT_EQ (1u, now->len);
  EXPECT_EQ (CURATOR_PERMS_READ, curator_acl_get_perms (static_cast<CuratorAcl *> (now->pdata[0])));
  EXPECT_FALSE (WriteNode ("/acl", "no"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_AUTH));
  EXPECT_EQ (1u, curator_test_proxy_count_requests (proxy, op_set_acl));
}

TEST_F (Operations, BadPathsAreRefusedHere)
{
  guint before = curator_test_proxy_count_requests (proxy, CURATOR_TEST_PROXY_ANY_OP);

  for (const char *path : { "", "relative", "//", "/a//b", "/a/", "/a/./b", "/a/..", "/a\x01", "/\xff" })
    {
      EXPECT_EQ ("", CreateNode (path)) << path;
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
      EXPECT_THAT (error.message (), ::testing::HasSubstr ("create"));
      EXPECT_EQ ("-", ReadNode (path));
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
    }
  EXPECT_EQ (before, curator_test_proxy_count_requests (proxy, CURATOR_TEST_PROXY_ANY_OP));
}

/* faults: 17 */
TEST_F (Operations, OversizedRequestsAreRefusedAndTheConnectionStays)
{
  gint64 session_id = curator_framework_get_session_id (client);
  std::string large (1040 * 1000, 'l');

  EXPECT_EQ ("/large", CreateNode ("/large", nullptr, large));
  EXPECT_EQ (large, ReadNode ("/large"));
  EXPECT_EQ ("", CreateNode ("/larger", nullptr, std::string (1048 * 1000, 'l')));
  EXPECT_TRUE (Failed (CURATOR_ERROR_REQUEST_TOO_LARGE));
  EXPECT_EQ (1u, curator_test_proxy_count_connections (proxy));
  EXPECT_EQ (session_id, curator_framework_get_session_id (client));
}

TEST_F (Operations, ClosedAndUnstartedClients)
{
  CuratorFramework *unstarted = Build (NewBuilder (Through (proxy), session_ms));

  client = unstarted;
  EXPECT_EQ ("-", ReadNode ("/a"));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
  Start (unstarted);
  EXPECT_EQ ("-", ReadNode ("/a"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE));
  ExpectClosed (Close (unstarted));
  EXPECT_EQ ("-", ReadNode ("/a"));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
}

TEST_F (Operations, TransactionsAreAllOrNothing)
{
  Ref<CuratorTransaction> good (curator_framework_transaction (client));
  Ref<CuratorTransaction> bad (curator_framework_transaction (client));
  g_autoptr (GBytes) data = g_bytes_new ("t", 1);

  curator_transaction_create (good, "/t", data, CURATOR_CREATE_MODE_PERSISTENT, nullptr);
  curator_transaction_create (good, "/t/s", data, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, nullptr);
  curator_transaction_set_data (good, "/t", data, 0);
  g_autoptr (GPtrArray) results = curator_transaction_commit_sync (good, nullptr, error.out ());
  ASSERT_NE (nullptr, results) << error.message ();
  ASSERT_EQ (3u, results->len);
  EXPECT_STREQ ("/t/s0000000000", curator_transaction_result_get_result_path (
                                      static_cast<CuratorTransactionResult *> (results->pdata[1])));

  curator_transaction_set_data (bad, "/t", data, -1);
  curator_transaction_check (bad, "/t", 99);
  curator_transaction_delete (bad, "/t", -1);
  g_autoptr (GPtrArray) none = curator_transaction_commit_sync (bad, nullptr, error.out ());
  EXPECT_EQ (nullptr, none);
  EXPECT_TRUE (Failed (CURATOR_ERROR_BAD_VERSION)) << error.message ();
  EXPECT_THAT (error.message (), ::testing::HasSubstr ("\"/t\""));
  EXPECT_EQ ("t", ReadNode ("/t"));
}

/* --- namespaces --- */

TEST_F (Operations, NamespacesComeIntoBeingAndHideThemselves)
{
  CuratorFramework *root = client;
  Ref<CuratorFramework> view (curator_framework_using_namespace (root, "some/where", error.out ()));

  ASSERT_NE (nullptr, view.get ()) << error.message ();
  client = view;
  EXPECT_EQ ("/s0000000000", CreateNode ("/s", WithMode (CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL), "in"));
  EXPECT_THAT (Children ("/"), ::testing::ElementsAre ("s0000000000"));
  client = root;
  EXPECT_EQ ("in", ReadNode ("/some/where/s0000000000"));
}

/* A namespace that could not be made at first is made later. */
TEST_F (Operations, ANamespaceIsMadeOnceTheServerIsThere)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);

  Cut (proxy);
  curator_framework_builder_with_namespace (builder, "late");
  curator_framework_builder_with_connection_timeout_ms (builder, 100);
  curator_framework_builder_with_retry_policy (builder, CURATOR_RETRY_POLICY (curator_retry_n_times_new (1, 10)));
  client = Launch (builder);
  EXPECT_EQ ("", CreateNode ("/a"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_CONNECTION_LOSS)) << error.message ();
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kConnected));
  EXPECT_EQ ("/a", CreateNode ("/a")) << error.message ();
}

/* --- lost requests and replies --- */

class LostCreates : public Operations, public ::testing::WithParamInterface<CuratorTestProxyCut>
{
};

std::string
CutName (const ::testing::TestParamInfo<CuratorTestProxyCut> &info)
{
  return info.param == CURATOR_TEST_PROXY_CUT_REPLY ? "ReplyLost" : "RequestLost";
}

/* faults: 1, 2 */
TEST_P (LostCreates, AProtectedCreateMakesOneNode)
{
  CreateNode ("/q");
  for (CuratorCreateMode mode : { CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL,
                                  CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL, CURATOR_CREATE_MODE_EPHEMERAL })
    {
      CuratorStat stat = {};

      curator_test_proxy_cut_next (proxy, GetParam (), op_create2);
      std::string path = CreateNode (
          "/q/n-",
          [mode] (auto *b) {
            curator_create_builder_with_mode (b, mode);
            curator_create_builder_with_protection (b);
          },
          "x", &stat);
      ASSERT_NE ("", path) << error.message ();
      EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 0, nullptr));
      EXPECT_THAT (Children ("/q"), ::testing::ElementsAre (path.substr (3)));
      EXPECT_GT (stat.czxid, 0);
      EXPECT_TRUE (DeleteNode (path));
    }
}

/* faults: 1, 2 */
TEST_P (LostCreates, AnIdempotentCreateSucceeds)
{
  curator_test_proxy_cut_next (proxy, GetParam (), op_create2);
  EXPECT_EQ ("/once", CreateNode ("/once", curator_create_builder_idempotent, "x")) << error.message ();
  EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 0, nullptr));
  EXPECT_EQ ("x", ReadNode ("/once"));
}

/* faults: 4 */
TEST_P (LostCreates, AGuaranteedDeleteSucceeds)
{
  CreateNode ("/gone");
  curator_test_proxy_cut_next (proxy, GetParam (), op_delete);
  EXPECT_TRUE (DeleteNode ("/gone", curator_delete_builder_guaranteed)) << error.message ();
  EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 0, nullptr));
  EXPECT_EQ ("-", ReadNode ("/gone"));
}

INSTANTIATE_TEST_SUITE_P (, LostCreates,
                          ::testing::Values (CURATOR_TEST_PROXY_CUT_REQUEST, CURATOR_TEST_PROXY_CUT_REPLY), CutName);

/* The session of the first attempt ends before the answer is known: its node is not adopted, and goes.
 * faults: 1, 6, 8 */
TEST_F (Operations, ANodeOfAnExpiredSessionIsNotAdopted)
{
  gint64 first_id = curator_framework_get_session_id (client);
  Ref<CuratorCreateBuilder> builder (curator_framework_create (client));
  Outcome *created = NewOutcome ();

  CreateNode ("/q");
  curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  curator_create_builder_with_protection (builder);
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REPLY, op_create2);
  curator_create_builder_for_path_async (builder, "/q/n-", nullptr, nullptr, OnCreated, created);
  ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 10000, error.out ())) << error.message ();
  Expire (client, Server ());
  ASSERT_TRUE (Succeeds (created));
  EXPECT_NE (first_id, curator_framework_get_session_id (client));
  EXPECT_THAT (Children ("/q"), ::testing::ElementsAre (created->text.substr (3)));
}

/* The caller hears of the failure; the deletion goes on.
 * faults: 4 */
TEST_F (Operations, AGuaranteedDeleteOutlivesItsCaller)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  CuratorFramework *patient = client;

  curator_framework_builder_with_connection_timeout_ms (builder, 50);
  curator_framework_builder_with_retry_policy (builder, CURATOR_RETRY_POLICY (curator_retry_n_times_new (1, 10)));
  client = Connect (builder);
  CreateNode ("/stays");
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  EXPECT_FALSE (DeleteNode ("/stays", curator_delete_builder_guaranteed));
  EXPECT_TRUE (Failed (CURATOR_ERROR_CONNECTION_LOSS)) << error.message ();
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  client = patient;
  EXPECT_TRUE (Until ([this] { return ReadNode ("/stays") == "-"; }));
}

} // namespace
