/* SPDX-License-Identifier: Apache-2.0 */
#include "operations-util.hpp"

/* Operations on a real server: what they do, what they say when they cannot, and what becomes of them when
 * requests and replies are lost. */

namespace
{

using namespace connection_test;
using namespace operations_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Operations : public OperationsFixture
{
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
  g_autoptr (GPtrArray) nothing =
      g_ptr_array_new_with_free_func (reinterpret_cast<GDestroyNotify> (curator_acl_unref));
  g_autoptr (GPtrArray) invalid =
      g_ptr_array_new_with_free_func (reinterpret_cast<GDestroyNotify> (curator_acl_unref));
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

TEST_F (Operations, BadValuesAreRefusedHere)
{
  guint before = curator_test_proxy_count_requests (proxy, CURATOR_TEST_PROXY_ANY_OP);

  EXPECT_EQ ("", CreateNode ("/a", WithMode (static_cast<CuratorCreateMode> (7))));
  EXPECT_TRUE (Refused ("create \"/a\""));
  EXPECT_EQ ("", CreateNode ("/a", [] (auto *b) { curator_create_builder_with_ttl (b, -1); }));
  EXPECT_TRUE (Refused ("create \"/a\""));
  EXPECT_EQ ("", CreateNode ("/a", [] (auto *b) { curator_create_builder_with_ttl (b, 1000); }));
  EXPECT_TRUE (Refused ("create \"/a\"")) << "the mode has none";
  EXPECT_EQ ("", CreateNode ("/a", WithMode (CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL)));
  EXPECT_TRUE (Refused ("create \"/a\"")) << "the mode needs one";
  EXPECT_EQ ("", CreateNode ("/a", [] (auto *b) { curator_create_builder_or_set_data (b, -2); }));
  EXPECT_TRUE (Refused ("create \"/a\""));
  EXPECT_EQ ("", CreateNode ("/a", [] (auto *b) {
               g_autoptr (GPtrArray) empty = g_ptr_array_new ();

               curator_create_builder_with_acl (b, empty);
             }));
  EXPECT_TRUE (Refused ("create \"/a\""));
  EXPECT_FALSE (DeleteNode ("/a", [] (auto *b) { curator_delete_builder_with_version (b, -5); }));
  EXPECT_TRUE (Refused ("delete \"/a\""));
  EXPECT_FALSE (
      WriteNode ("/a", "", -1, [] (auto *b) { curator_set_data_builder_with_version (b, G_MININT32); }));
  EXPECT_TRUE (Refused ("set data \"/a\""));
  EXPECT_EQ (before, curator_test_proxy_count_requests (proxy, CURATOR_TEST_PROXY_ANY_OP));
}

TEST_F (Operations, EveryOneOfThemNamesItselfAndItsPath)
{
  Ref<CuratorSetAclBuilder> set_acl (curator_framework_set_acl (client));
  Ref<CuratorSyncBuilder> sync (curator_framework_sync (client));

  EXPECT_EQ ("", CreateNode ("/no/a"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "create \"/no/a\": "));
  EXPECT_FALSE (DeleteNode ("/no"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "delete \"/no\": "));
  EXPECT_EQ ("-", ReadNode ("/no"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "get data \"/no\": "));
  EXPECT_FALSE (WriteNode ("/no", ""));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "set data \"/no\": "));
  Children ("/no");
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "get children \"/no\": "));
  AclOf ("/no");
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "get ACL \"/no\": ")) << error.message ();
  g_autoptr (CuratorStat) stat =
      curator_set_acl_builder_for_path_sync (set_acl, "/no", nullptr, error.out ());
  EXPECT_EQ (nullptr, stat);
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "set ACL \"/no\": ")) << error.message ();
  EXPECT_EQ (0, StatNode ("/no").czxid);
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
  EXPECT_TRUE (curator_sync_builder_for_path_sync (sync, "/no", nullptr, error.out ())) << error.message ();
  EXPECT_FALSE (curator_sync_builder_for_path_sync (sync, "no", nullptr, error.out ()));
  EXPECT_TRUE (Refused ("sync \"no\": "));
}

TEST_F (Operations, ReadsTellWhatTheServerKeeps)
{
  Ref<CuratorGetDataBuilder> get (curator_framework_get_data (client));
  Ref<CuratorGetChildrenBuilder> list (curator_framework_get_children (client));
  Ref<CuratorGetAclBuilder> get_acl (curator_framework_get_acl (client));
  CuratorStat created = {};
  g_autoptr (CuratorStat) of_data = nullptr, of_children = nullptr, of_acl = nullptr;

  CreateNode ("/s", nullptr, "four", &created);
  CreateNode ("/s/1");
  CreateNode ("/s/2");
  ASSERT_TRUE (WriteNode ("/s", "fives"));
  g_autoptr (GBytes) data =
      curator_get_data_builder_for_path_with_stat_sync (get, "/s", &of_data, nullptr, error.out ());
  g_auto (GStrv) children =
      curator_get_children_builder_for_path_with_stat_sync (list, "/s", &of_children, nullptr, error.out ());
  g_autoptr (GPtrArray) acl =
      curator_get_acl_builder_for_path_with_stat_sync (get_acl, "/s", &of_acl, nullptr, error.out ());
  g_autoptr (CuratorTestStat) real =
      curator_test_server_operator_stat_sync (Server (), ServerPath ("/s").c_str (), nullptr, error.out ());
  ASSERT_NE (nullptr, real) << error.message ();
  CuratorStat of_exists = StatNode ("/s");
  for (const CuratorStat *stat : { of_data, of_children, of_acl, &of_exists })
    {
      ASSERT_NE (nullptr, stat);
      EXPECT_EQ (created.czxid, stat->czxid);
      EXPECT_EQ (real->czxid, stat->czxid);
      EXPECT_EQ (real->mzxid, stat->mzxid);
      EXPECT_EQ (real->pzxid, stat->pzxid);
      EXPECT_EQ (real->ctime_ms, stat->ctime_ms);
      EXPECT_EQ (real->mtime_ms, stat->mtime_ms);
      EXPECT_EQ (1, stat->version);
      EXPECT_EQ (2, stat->cversion);
      EXPECT_EQ (0, stat->aversion);
      EXPECT_EQ (5, stat->data_length);
      EXPECT_EQ (2, stat->num_children);
      EXPECT_EQ (0, stat->ephemeral_owner);
    }
  EXPECT_EQ (0, created.version);
  EXPECT_EQ (4, created.data_length);
  EXPECT_THAT (std::vector<std::string> (children, children + g_strv_length (children)),
               ::testing::UnorderedElementsAre ("1", "2"));
}

TEST_F (Operations, DeletesWhatItIsAskedToDelete)
{
  for (const char *path : { "/d/a/b/c/d/e", "/d/a/x", "/d/y/z", "/e" })
    ASSERT_NE ("", CreateNode (path, curator_create_builder_with_parents));
  EXPECT_FALSE (DeleteNode ("/d"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NOT_EMPTY, "delete \"/d\": "));
  EXPECT_FALSE (DeleteNode ("/d", [] (auto *b) {
    curator_delete_builder_deleting_children_if_needed (b);
    curator_delete_builder_with_version (b, 3);
  }));
  EXPECT_TRUE (Failed (CURATOR_ERROR_BAD_VERSION, "delete \"/d\": "));
  EXPECT_EQ ("x", ReadNode ("/d/a/b/c/d/e")) << "nothing below is touched";
  EXPECT_TRUE (DeleteNode ("/d", curator_delete_builder_deleting_children_if_needed)) << error.message ();
  EXPECT_THAT (Children ("/"), ElementsAre ("e"));
  EXPECT_FALSE (DeleteNode ("/d", curator_delete_builder_deleting_children_if_needed));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE));
  EXPECT_FALSE (DeleteNode ("/d", curator_delete_builder_guaranteed)) << "it was never there";
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE));
  EXPECT_FALSE (DeleteNode ("/d", curator_delete_builder_idempotent));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE));
  EXPECT_TRUE (DeleteNode ("/d", curator_delete_builder_quietly));
}

TEST_F (Operations, CredentialsDecideWhoMayDoWhat)
{
  CuratorFramework *owner = client;
  CuratorFramework *other = Connect (Through (proxy), session_ms);
  g_autoptr (GPtrArray) creator = curator_acl_creator_all ();
  const auto mine = [&] (auto *b) { curator_create_builder_with_acl (b, creator); };

  EXPECT_EQ ("", CreateNode ("/mine", mine)) << "nobody has authenticated";
  EXPECT_TRUE (Failed (CURATOR_ERROR_INVALID_ACL, "create \"/mine\": "));
  ASSERT_TRUE (Succeeds (AddAuth (owner, "digest", "me:secret")));
  EXPECT_EQ ("/mine", CreateNode ("/mine", mine, "secret")) << error.message ();
  EXPECT_THAT (AclOf ("/mine"), ElementsAre (StartsWith ("31 digest:me:")));
  client = other;
  EXPECT_EQ ("-", ReadNode ("/mine"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_AUTH, "get data \"/mine\": "));
  EXPECT_FALSE (WriteNode ("/mine", "theirs"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_AUTH, "set data \"/mine\": "));
  EXPECT_EQ ("", CreateNode ("/mine/theirs"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_AUTH, "create \"/mine/theirs\": "));
  Children ("/mine");
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_AUTH, "get children \"/mine\": "));
  ASSERT_TRUE (Succeeds (AddAuth (other, "digest", "me:secret")));
  EXPECT_EQ ("secret", ReadNode ("/mine"));
}

/* Where no list is given it is the provider's, for all that takes one. */
TEST_F (Operations, TheProviderGivesTheAcl)
{
  g_autoptr (GPtrArray) readable = curator_acl_read_unsafe ();
  g_autoptr (GPtrArray) custom = NewAcl (CURATOR_PERMS_ALL, "ip", "127.0.0.1");
  Ref<CuratorAclProvider> provider (curator_fixed_acl_provider_new (custom));
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  const auto is_custom = ElementsAre ("31 ip:127.0.0.1");

  curator_framework_builder_with_acl_provider (builder, provider);
  client = Connect (builder);
  CreateNode ("/p/c", curator_create_builder_with_parents);
  EXPECT_THAT (AclOf ("/p"), is_custom);
  EXPECT_THAT (AclOf ("/p/c"), is_custom);
  CreateNode ("/r", [&] (auto *b) { curator_create_builder_with_acl (b, custom); });
  Ref<CuratorSetAclBuilder> set (curator_framework_set_acl (client));
  CreateNode ("/o", [] (auto *b) {
    g_autoptr (GPtrArray) open = curator_acl_open_unsafe ();

    curator_create_builder_with_acl (b, open);
  });
  EXPECT_THAT (AclOf ("/o"), ElementsAre ("31 world:anyone"));
  curator_set_acl_builder_with_version (set, 3);
  g_autoptr (CuratorStat) none = curator_set_acl_builder_for_path_sync (set, "/o", nullptr, error.out ());
  EXPECT_EQ (nullptr, none);
  EXPECT_TRUE (Failed (CURATOR_ERROR_BAD_VERSION, "set ACL \"/o\": "));
  curator_set_acl_builder_with_version (set, 0);
  g_autoptr (CuratorStat) stat = curator_set_acl_builder_for_path_sync (set, "/o", nullptr, error.out ());
  ASSERT_NE (nullptr, stat) << error.message ();
  EXPECT_EQ (1, stat->aversion);
  EXPECT_THAT (AclOf ("/o"), is_custom);
}

TEST_F (Operations, TheClientsDataAndCompressionAreTheDefault)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  g_autoptr (GBytes) standard = g_bytes_new ("standard", 8);
  std::string text (5000, 't');

  curator_framework_builder_with_default_data (builder, standard);
  curator_framework_builder_with_compression_enabled (builder, TRUE);
  client = Connect (builder);
  Ref<CuratorCreateBuilder> create (curator_framework_create (client));
  Ref<CuratorSetDataBuilder> set (curator_framework_set_data (client));
  g_autofree char *path = curator_create_builder_for_path_sync (create, "/d", nullptr, nullptr, error.out ());
  EXPECT_STREQ ("/d", path);
  EXPECT_EQ ("standard", ReadNode ("/d"));
  ASSERT_TRUE (WriteNode ("/d", text));
  EXPECT_LT (StatNode ("/d").data_length, 1000);
  EXPECT_EQ (text, ReadNode ("/d"));
  EXPECT_TRUE (WriteNode ("/d", text, -1, curator_set_data_builder_uncompressed));
  EXPECT_EQ (5000, StatNode ("/d").data_length);
  EXPECT_EQ ("-", ReadNode ("/d")) << "that is not compressed";
  EXPECT_TRUE (Failed (CURATOR_ERROR_DATA_INCONSISTENCY)) << error.message ();
  g_autoptr (CuratorStat) stat =
      curator_set_data_builder_for_path_sync (set, "/d", nullptr, nullptr, error.out ());
  ASSERT_NE (nullptr, stat) << error.message ();
  EXPECT_EQ ("standard", ReadNode ("/d"));
}

/* The largest data that are accepted here are accepted by the server; what is larger is not sent.
 * faults: 17 */
TEST_F (Operations, TheLargestRequestPassesAndALargerOneIsNotSent)
{
  gint64 session_id = curator_framework_get_session_id (client);
  size_t low = 1000 * 1000, high = 1048 * 1000;
  guint sent;

  ASSERT_EQ ("/l", CreateNode ("/l", nullptr, ""));
  ASSERT_TRUE (WriteNode ("/l", std::string (low, 'a')));
  while (high - low > 1)
    {
      size_t middle = (low + high) / 2;

      if (WriteNode ("/l", std::string (middle, 'b')))
        low = middle;
      else
        high = middle;
      ASSERT_TRUE (low == middle || Failed (CURATOR_ERROR_REQUEST_TOO_LARGE, "set data \"/l\": "));
    }
  std::string largest (low, 'c');
  ASSERT_TRUE (WriteNode ("/l", largest)) << error.message ();
  EXPECT_EQ (largest, ReadNode ("/l"));
  ASSERT_TRUE (WriteNode ("/l", std::string (low - 1, 'd'))) << error.message ();
  sent = curator_test_proxy_count_requests (proxy, op_set_data);
  EXPECT_FALSE (WriteNode ("/l", std::string (low + 1, 'e')));
  EXPECT_TRUE (Failed (CURATOR_ERROR_REQUEST_TOO_LARGE, "set data \"/l\": "));
  EXPECT_EQ (sent, curator_test_proxy_count_requests (proxy, op_set_data));
  EXPECT_EQ (1u, curator_test_proxy_count_connections (proxy));
  EXPECT_EQ (session_id, curator_framework_get_session_id (client));
}

/* A listing of more than a megabyte; and all of it goes again.
 * faults: 17 */
TEST_F (Operations, SixtyFiveThousandChildren)
{
  constexpr int n_rounds = 66, n_each = 1000;
  std::string long_name = "/many/a-name-of-some-length-";
  int n_failed = 0;

  ASSERT_EQ ("/many", CreateNode ("/many"));
  for (int i = 0; i < n_rounds; i++)
    {
      Ref<CuratorTransaction> round (curator_framework_transaction (client));

      for (int j = 0; j < n_each; j++)
        curator_transaction_create_simple (round, (long_name + std::to_string (i * n_each + j)).c_str (),
                                           nullptr);
      g_autoptr (GPtrArray) results = curator_transaction_commit_sync (round, nullptr, error.out ());
      n_failed += results == nullptr;
    }
  ASSERT_EQ (0, n_failed) << error.message ();
  std::vector<std::string> names = Children ("/many");
  ASSERT_EQ (static_cast<size_t> (n_rounds * n_each), names.size ()) << error.message ();
  std::sort (names.begin (), names.end ());
  EXPECT_EQ (names.end (), std::adjacent_find (names.begin (), names.end ()));
  EXPECT_GT (Count (curator_metrics_get_bytes_received), 1800000);
  EXPECT_TRUE (DeleteNode ("/many", curator_delete_builder_deleting_children_if_needed)) << error.message ();
  EXPECT_EQ (0, StatNode ("/many").czxid);
  EXPECT_EQ (1u, curator_test_proxy_count_connections (proxy));
}

/* faults: 21 */
TEST_F (Operations, AQuotaIsADefiniteError)
{
  Ref<CuratorTestServer> strict (static_cast<CuratorTestServer *> (
      g_object_new (CURATOR_TEST_TYPE_SERVER, "enforce-quota", TRUE, nullptr)));

  ASSERT_TRUE (curator_test_server_start_sync (strict, nullptr, error.out ())) << error.message ();
  CuratorTestProxy *strict_proxy = NewProxy (strict);
  client = Connect (curator_test_proxy_get_connect_string (strict_proxy), session_ms);
  CreateNode ("/q");
  ASSERT_NE ("", CreateNode ("/zookeeper/quota/q/zookeeper_limits", curator_create_builder_with_parents,
                             "count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=3"))
      << error.message ();
  ASSERT_NE ("", CreateNode ("/zookeeper/quota/q/zookeeper_stats", nullptr, "count=0,bytes=0"))
      << error.message ();
  EXPECT_EQ ("/q/a", CreateNode ("/q/a")) << error.message ();
  EXPECT_EQ ("/q/b", CreateNode ("/q/b")) << error.message ();
  guint before = curator_test_proxy_count_requests (strict_proxy, op_create2);
  EXPECT_EQ ("", CreateNode ("/q/c"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_QUOTA_EXCEEDED, "create \"/q/c\": "));
  EXPECT_EQ (before + 1, curator_test_proxy_count_requests (strict_proxy, op_create2));
  EXPECT_FALSE (WriteNode ("/q/a", std::string (30, 'x')));
  EXPECT_TRUE (Failed (CURATOR_ERROR_QUOTA_EXCEEDED, "set data \"/q/a\": "));
  Ref<CuratorTransaction> transaction (curator_framework_transaction (client));
  curator_transaction_set_data (transaction, "/q/a", nullptr, -1);
  curator_transaction_create_simple (transaction, "/q/c", nullptr);
  g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, nullptr, error.out ());
  EXPECT_EQ (nullptr, results);
  EXPECT_TRUE (Failed (CURATOR_ERROR_QUOTA_EXCEEDED, "transaction operation 2 of 2, create \"/q/c\": "));
  EXPECT_TRUE (DeleteNode ("/q/b"));
  EXPECT_EQ ("/q/c", CreateNode ("/q/c")) << error.message ();
  ExpectClosed (Close (client));
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
  curator_framework_builder_with_retry_policy (builder,
                                               CURATOR_RETRY_POLICY (curator_retry_n_times_new (1, 10)));
  client = Launch (builder);
  EXPECT_EQ ("", CreateNode ("/a"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_CONNECTION_LOSS)) << error.message ();
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kConnected));
  EXPECT_EQ ("/a", CreateNode ("/a")) << error.message ();
}

/* Servers remove it when it is empty, and others may. */
TEST_F (Operations, ANamespaceThatGoesAwayIsMadeAgain)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);

  curator_framework_builder_with_namespace (builder, "a/b");
  client = Connect (builder);
  EXPECT_EQ ("/x", CreateNode ("/x"));
  ASSERT_TRUE (curator_test_server_operator_delete_sync (Server (), ServerPath ("/a").c_str (), TRUE, nullptr,
                                                         error.out ()))
      << error.message ();
  EXPECT_EQ ("/x", CreateNode ("/x")) << error.message ();
  EXPECT_EQ ("", CreateNode ("/no/x"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "create \"/no/x\": ")) << error.message ();
}

struct FromTheLoop
{
  CuratorCreateBuilder *builder;
  Outcome *outcome;
};

/* Before what the thread had asked for is even looked at. */
TEST_F (Operations, ACallInTheLoopDoesNotOvertakeEarlierOnes)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  std::vector<Outcome *> outcomes = { NewOutcome (), NewOutcome () };

  curator_framework_builder_with_main_context (builder, Context ());
  client = Connect (builder);
  g_autofree char *parent = curator_test_server_operator_create_sync (
      Server (), ServerPath ("/q").c_str (), nullptr, CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error.out ());
  ASSERT_NE (nullptr, parent) << error.message ();
  Ref<CuratorCreateBuilder> create (curator_framework_create (client));
  curator_create_builder_with_mode (create, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL);
  curator_create_builder_for_path_async (create, "/q/n-", nullptr, nullptr, OnCreated, outcomes[0]);
  FromTheLoop second = { create, outcomes[1] };
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (
      source,
      [] (gpointer data) {
        auto *call = static_cast<FromTheLoop *> (data);

        curator_create_builder_for_path_async (call->builder, "/q/n-", nullptr, nullptr, OnCreated, call->outcome);
        return G_SOURCE_REMOVE;
      },
      &second, nullptr);
  g_source_attach (source, Context ());
  ASSERT_TRUE (UntilDone (outcomes));
  EXPECT_EQ ("/q/n-0000000000", outcomes[0]->text);
  EXPECT_EQ ("/q/n-0000000001", outcomes[1]->text);
}

TEST_F (Operations, ViewsHaveNamespacesOfTheirOwn)
{
  CuratorFramework *root = client;
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);

  curator_framework_builder_with_namespace (builder, "app");
  CuratorFramework *app = client = Connect (builder);
  EXPECT_STREQ ("app", curator_framework_get_namespace (app));
  EXPECT_EQ ("/x", CreateNode ("/x", nullptr, "in app"));
  EXPECT_EQ ("", CreateNode ("/"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NODE_EXISTS, "create \"/\": ")) << "the namespace's own node";
  EXPECT_EQ ("-", ReadNode ("/app/x"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "get data \"/app/x\": "));

  Ref<CuratorFramework> other (curator_framework_using_namespace (app, "other/deep", error.out ()));
  Ref<CuratorFramework> none (curator_framework_using_namespace (other, nullptr, error.out ()));
  client = other;
  EXPECT_THAT (CreateNode ("/e-",
                           [] (auto *b) {
                             curator_create_builder_with_mode (b, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
                             curator_create_builder_with_protection (b);
                           }),
               ::testing::MatchesRegex ("/_c_[-0-9a-f]{36}-e-0000000000"));
  EXPECT_EQ (curator_framework_get_session_id (app), curator_framework_get_session_id (other));
  client = none;
  EXPECT_THAT (Children ("/"), ::testing::UnorderedElementsAre ("app", "other"));
  client = root;
  EXPECT_EQ ("in app", ReadNode ("/app/x"));
  EXPECT_THAT (Children ("/other"), ElementsAre ("deep"));
  EXPECT_EQ (nullptr, curator_framework_using_namespace (root, "a//b", error.out ()));
  EXPECT_TRUE (Refused ("using namespace: "));
}

} // namespace
