/* SPDX-License-Identifier: Apache-2.0 */
#include "operations-util.hpp"

/* Creating nodes on a real server, with requests and replies lost in between. */

namespace
{

using namespace connection_test;
using namespace operations_test;
using ::testing::ElementsAre;

class Create : public OperationsFixture
{
protected:
  /* Waits for it, seen past the proxy. */
  std::string OnlyChild (const std::string &path)
  {
    std::string name;

    EXPECT_TRUE (Until ([&] {
      g_auto (GStrv) names = curator_test_server_operator_get_children_sync (
          Server (), ServerPath (path).c_str (), nullptr, nullptr);

      name = names != nullptr && names[0] != nullptr && names[1] == nullptr ? names[0] : "";
      return !name.empty ();
    }));
    return name;
  }
};

TEST_F (Create, AllModesOfCreate)
{
  CuratorStat stat = {};

  EXPECT_EQ ("/p", CreateNode ("/p", WithMode (CURATOR_CREATE_MODE_PERSISTENT)));
  EXPECT_EQ ("/p/s0000000000", CreateNode ("/p/s", WithMode (CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL)));
  EXPECT_EQ ("/p/0000000001",
             CreateNode ("/p/", WithMode (CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL), "", &stat));
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

TEST_F (Create, SequencesCountPerParent)
{
  const auto sequential = WithMode (CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL);

  CreateNode ("/a");
  CreateNode ("/b");
  EXPECT_EQ ("/a/x0000000000", CreateNode ("/a/x", sequential));
  EXPECT_EQ ("/a/y0000000001", CreateNode ("/a/y", sequential));
  EXPECT_EQ ("/a/0000000002", CreateNode ("/a/", sequential));
  EXPECT_EQ ("/b/x0000000000", CreateNode ("/b/x", sequential));
  EXPECT_EQ ("/0000000002", CreateNode ("/", sequential)) << error.message ();
}

TEST_F (Create, TheServerRemovesWhatHasHadItsTime)
{
  const auto with_ttl = [] (auto *b) {
    curator_create_builder_with_mode (b, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL);
    curator_create_builder_with_ttl (b, 300);
  };
  CuratorStat stat = {};

  EXPECT_EQ ("/t-0000000000", CreateNode ("/t-", with_ttl, "x", &stat)) << error.message ();
  EXPECT_GT (stat.czxid, 0);
  EXPECT_TRUE (Until ([this] { return StatNode ("/t-0000000000").czxid == 0; }));
  EXPECT_EQ (1u, curator_test_proxy_count_requests (proxy, op_create_ttl));
}

/* Where one container went, the server has looked at the others too. */
TEST_F (Create, AContainerGoesWithItsLastChild)
{
  EXPECT_EQ ("/c", CreateNode ("/c", WithMode (CURATOR_CREATE_MODE_CONTAINER)));
  EXPECT_EQ ("/c/1", CreateNode ("/c/1")) << error.message ();
  EXPECT_EQ ("/d/e/f", CreateNode ("/d/e/f", curator_create_builder_with_container_parents));
  EXPECT_TRUE (DeleteNode ("/d/e/f"));
  EXPECT_TRUE (Until ([this] { return Children ("/").size () == 1; }));
  EXPECT_THAT (Children ("/"), ElementsAre ("c"));
  EXPECT_THAT (Children ("/c"), ElementsAre ("1"));
  EXPECT_TRUE (DeleteNode ("/c/1"));
  EXPECT_TRUE (Until ([this] { return Children ("/").empty (); }));
}

/* A node with a child stays, however old it is. */
TEST_F (Create, TheServerKeepsWhatIsInUse)
{
  constexpr gint64 ttl_ms = 1500; /* more than it takes to create the child */
  const auto with_ttl = [] (gint64 ms) {
    return [ms] (CuratorCreateBuilder *builder) {
      curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL);
      curator_create_builder_with_ttl (builder, ms);
    };
  };

  EXPECT_EQ ("/parent", CreateNode ("/parent", with_ttl (ttl_ms))) << error.message ();
  EXPECT_EQ ("/parent/child", CreateNode ("/parent/child")) << error.message ();
  EXPECT_EQ ("/short", CreateNode ("/short", with_ttl (ttl_ms))) << error.message ();
  EXPECT_EQ ("/long", CreateNode ("/long", with_ttl (3600 * 1000))) << error.message ();
  EXPECT_TRUE (Until ([this] { return StatNode ("/short").czxid == 0; }));
  EXPECT_THAT (Children ("/"), ::testing::UnorderedElementsAre ("parent", "long"));
  EXPECT_TRUE (DeleteNode ("/parent/child"));
  EXPECT_TRUE (Until ([this] { return StatNode ("/parent").czxid == 0; }));
  EXPECT_THAT (Children ("/"), ElementsAre ("long"));
}

TEST_F (Create, MakesParentsOnlyWhereAsked)
{
  CuratorStat stat = {};

  EXPECT_EQ ("", CreateNode ("/x/y/z"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_NODE, "create \"/x/y/z\": the parent does not exist"));
  EXPECT_EQ ("/x/y/z", CreateNode ("/x/y/z", curator_create_builder_with_parents, "1", &stat));
  EXPECT_EQ (1, stat.data_length);
  EXPECT_EQ (0, StatNode ("/x").data_length);
  EXPECT_EQ ("", CreateNode ("/x/y/z", curator_create_builder_with_parents, "1"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NODE_EXISTS, "create \"/x/y/z\": "));
  EXPECT_EQ ("/x/e/s-0000000000", CreateNode ("/x/e/s-", [] (auto *b) {
               curator_create_builder_with_parents (b);
               curator_create_builder_with_mode (b, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
             }));
  EXPECT_EQ ("", CreateNode ("/x/e/s-0000000000/no", curator_create_builder_with_parents));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NO_CHILDREN_FOR_EPHEMERALS, "create \"/x/e/s-0000000000/no\": "));
}

TEST_F (Create, SetsTheDataOfWhatExists)
{
  const auto or_set = [] (gint32 version) {
    return [version] (CuratorCreateBuilder *b) { curator_create_builder_or_set_data (b, version); };
  };
  CuratorStat stat = {};

  EXPECT_EQ ("/o", CreateNode ("/o", or_set (-1), "1", &stat));
  EXPECT_EQ (0, stat.version);
  EXPECT_EQ ("/o", CreateNode ("/o", or_set (-1), "2", &stat));
  EXPECT_EQ (1, stat.version);
  EXPECT_EQ ("", CreateNode ("/o", or_set (0), "3"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_BAD_VERSION, "create \"/o\": ")) << error.message ();
  EXPECT_EQ ("/o", CreateNode ("/o", or_set (1), "4"));
  EXPECT_EQ ("4", ReadNode ("/o"));
}

TEST_F (Create, IdempotentTakesTheSameForItsOwn)
{
  EXPECT_EQ ("/i", CreateNode ("/i", curator_create_builder_idempotent, "same"));
  EXPECT_EQ ("/i", CreateNode ("/i", curator_create_builder_idempotent, "same"));
  EXPECT_EQ ("", CreateNode ("/i", curator_create_builder_idempotent, "other"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_NODE_EXISTS, "create \"/i\": "));
  WriteNode ("/i", "same");
  EXPECT_EQ ("", CreateNode ("/i", curator_create_builder_idempotent, "same")) << "it was changed since";
  EXPECT_TRUE (Failed (CURATOR_ERROR_NODE_EXISTS, "create \"/i\": "));
}

TEST_F (Create, ABuilderCanBeUsedAgain)
{
  Ref<CuratorCreateBuilder> builder (curator_framework_create (client));

  curator_create_builder_with_protection (builder);
  curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_EPHEMERAL);
  g_autofree char *first =
      curator_create_builder_for_path_sync (builder, "/n", nullptr, nullptr, error.out ());
  g_autofree char *second =
      curator_create_builder_for_path_sync (builder, "/n", nullptr, nullptr, error.out ());
  ASSERT_NE (nullptr, first) << error.message ();
  ASSERT_NE (nullptr, second) << error.message ();
  EXPECT_STRNE (first, second) << "each has a mark of its own";
  EXPECT_THAT (first, ::testing::MatchesRegex ("/_c_[-0-9a-f]{36}-n"));
  EXPECT_EQ (2u, Children ("/").size ());
}

/* --- lost requests and replies --- */

class LostCreates : public OperationsFixture, public ::testing::WithParamInterface<CuratorTestProxyCut>
{
};

std::string
CutName (const ::testing::TestParamInfo<CuratorTestProxyCut> &info)
{
  return info.param == CURATOR_TEST_PROXY_CUT_REPLY ? "ReplyLost" : "RequestLost";
}

/* faults: 1, 2
 * bugs: CURATOR-45 */
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

INSTANTIATE_TEST_SUITE_P (,
                          LostCreates,
                          ::testing::Values (CURATOR_TEST_PROXY_CUT_REQUEST, CURATOR_TEST_PROXY_CUT_REPLY),
                          CutName);

/* The session of the first attempt ends before the answer is known: its node is not adopted, and goes.
 * faults: 1, 6 */
TEST_F (Create, ANodeOfAnExpiredSessionIsNotAdopted)
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

/* The node that is there under the same mark belongs to somebody else's session: it is no reason to give up,
 * and not taken for one's own.
 * faults: 1, 8
 * bugs: CURATOR-498 */
TEST_F (Create, ANodeThatAnotherSessionOwnsIsNotAdopted)
{
  Ref<CuratorTestClient> other (curator_test_client_new (curator_test_server_get_port (Server ())));
  Ref<CuratorCreateBuilder> builder (curator_framework_create (client));
  Outcome *created = NewOutcome ();

  CreateNode ("/q");
  ASSERT_TRUE (curator_test_client_connect_sync (other, session_ms, nullptr, error.out ()))
      << error.message ();
  curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  curator_create_builder_with_protection (builder);
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_IGNORED);
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REPLY, op_create2);
  curator_create_builder_for_path_async (builder, "/q/n-", nullptr, nullptr, OnCreated, created);
  ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 10000, error.out ())) << error.message ();
  std::string mine = OnlyChild ("/q");
  std::string prefix = ServerPath ("/q/" + mine.substr (0, mine.size () - 10));
  ASSERT_TRUE (curator_test_server_operator_delete_sync (Server (), ServerPath ("/q/" + mine).c_str (), FALSE,
                                                         nullptr, error.out ()))
      << error.message ();
  g_autofree char *theirs = curator_test_client_create_sync (
      other, prefix.c_str (), nullptr, CURATOR_TEST_CREATE_MODE_EPHEMERAL_SEQUENTIAL, nullptr, error.out ());
  ASSERT_NE (nullptr, theirs) << error.message ();
  Restore (proxy);
  ASSERT_TRUE (Succeeds (created));
  EXPECT_NE (ServerPath (created->text), theirs);
  EXPECT_EQ (curator_framework_get_session_id (client), StatNode (created->text).ephemeral_owner);
  EXPECT_TRUE (curator_test_client_close_sync (other, nullptr, error.out ())) << error.message ();
}

/* What an earlier attempt left behind appears late.
 * faults: 3 */
TEST_F (Create, OfSeveralNodesOfItsOwnTheLowestIsKept)
{
  Ref<CuratorCreateBuilder> builder (curator_framework_create (client));
  Outcome *created = NewOutcome ();

  CreateNode ("/q");
  curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL);
  curator_create_builder_with_protection (builder);
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_IGNORED);
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REPLY, op_create2);
  curator_create_builder_for_path_async (builder, "/q/n-", nullptr, nullptr, OnCreated, created);
  ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 10000, error.out ())) << error.message ();
  std::string mine = OnlyChild ("/q");
  std::string prefix = ServerPath ("/q/" + mine.substr (0, mine.size () - 10));
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *late = curator_test_server_operator_create_sync (
          Server (), prefix.c_str (), nullptr, CURATOR_TEST_CREATE_MODE_PERSISTENT_SEQUENTIAL, nullptr,
          error.out ());
      ASSERT_NE (nullptr, late) << error.message ();
    }
  Restore (proxy);
  ASSERT_TRUE (Succeeds (created));
  EXPECT_EQ ("/q/" + mine, created->text);
  EXPECT_TRUE (Until ([this] { return Children ("/q").size () == 1; }));
  EXPECT_THAT (Children ("/q"), ElementsAre (mine));
}

/* faults: 1, 5
 * bugs: CURATOR-79 */
TEST_F (Create, ACancelledProtectedCreateLeavesNothing)
{
  Ref<CuratorCreateBuilder> builder (curator_framework_create (client));
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Outcome *created = NewOutcome ();

  CreateNode ("/q");
  curator_create_builder_with_mode (builder, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  curator_create_builder_with_protection (builder);
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  curator_create_builder_for_path_async (builder, "/q/n-", nullptr, cancellable, OnCreated, created);
  EXPECT_NE ("", OnlyChild ("/q"));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (created));
  EXPECT_TRUE (created->FailedWith (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << created->error.message ();
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  EXPECT_TRUE (Until ([this] { return Children ("/q").empty (); }));
}

} // namespace
