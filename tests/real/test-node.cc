/* SPDX-License-Identifier: Apache-2.0 */
#include "node-fixture.h"

#include <gmock/gmock.h>

#include <algorithm>

using namespace node_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace
{

constexpr int op_create = 1;
constexpr int op_set_data = 5;
constexpr int op_delete = 2;
constexpr int op_create2 = 15;
constexpr int session_ms = 3000;

class PersistentNode : public NodeFixture
{
protected:
  Ref<CuratorPersistentNode> New (CuratorFramework *client,
                                  const char *path,
                                  CuratorCreateMode mode = CURATOR_CREATE_MODE_EPHEMERAL,
                                  bool protection = false)
  {
    g_autoptr (GBytes) data = Text ("first");
    Ref<CuratorPersistentNode> node (protection
                                         ? curator_persistent_node_new_protected (client, path, mode, data)
                                         : curator_persistent_node_new (client, path, mode, data));

    WatchFinalize (node.get ());
    return node;
  }

  void Start (CuratorPersistentNode *node)
  {
    Error error;

    EXPECT_TRUE (curator_persistent_node_start (node, error.out ())) << error.message ();
  }

  void Await (CuratorPersistentNode *node)
  {
    Error error;

    EXPECT_TRUE (curator_persistent_node_await_created_sync (node, 20000, nullptr, error.out ()))
        << error.message ();
  }

  Outcome *AwaitLater (CuratorPersistentNode *node)
  {
    Outcome *outcome =
        NewOutcome (reinterpret_cast<Outcome::Finish> (curator_persistent_node_await_created_finish));

    curator_persistent_node_await_created_async (node, -1, nullptr, OnDone, outcome);
    return outcome;
  }

  void Set (CuratorPersistentNode *node, const char *text)
  {
    g_autoptr (GBytes) data = Text (text);
    Error error;

    EXPECT_TRUE (curator_persistent_node_set_data_sync (node, data, nullptr, error.out ()))
        << error.message ();
  }

  void CloseNode (CuratorPersistentNode *node)
  {
    Error error;

    EXPECT_TRUE (curator_persistent_node_close_sync (node, nullptr, error.out ())) << error.message ();
  }

  static std::string PathOf (CuratorPersistentNode *node)
  {
    g_autofree char *path = curator_persistent_node_dup_actual_path (node);

    return path != nullptr ? path : "-";
  }
};

TEST_F (PersistentNode, IsCreatedWrittenAndDeleted)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorPersistentNode> node = New (client, "/a/b/node");
  std::vector<std::string> created;

  g_signal_connect (node.get (), "created",
                    G_CALLBACK (+[] (CuratorPersistentNode *, const char *path, gpointer data) {
                      static_cast<std::vector<std::string> *> (data)->push_back (path);
                    }),
                    &created);
  EXPECT_EQ ("-", PathOf (node));
  Start (node);
  Await (node);
  EXPECT_EQ ("/a/b/node", PathOf (node));
  EXPECT_EQ ("first", Read ("/a/b/node"));
  EXPECT_EQ (curator_framework_get_session_id (client), GetOwner ("/a/b/node"));
  Set (node, "second");
  EXPECT_EQ ("second", Read ("/a/b/node"));
  ASSERT_TRUE (Until ([&] { return !created.empty (); }));
  CloseNode (node);
  CloseNode (node);
  EXPECT_FALSE (Exists ("/a/b/node"));
  Drain ();
  EXPECT_THAT (created, ElementsAre ("/a/b/node"));
}

TEST_F (PersistentNode, RefusesWhatIsInvalid)
{
  CuratorFramework *client = Connect ();
  Error error;

  EXPECT_FALSE (curator_persistent_node_start (New (client, "no-slash"), error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (curator_persistent_node_start (New (client, "/x", CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL),
                                               error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  Ref<CuratorPersistentNode> node = New (client, "/x");
  EXPECT_FALSE (curator_persistent_node_await_created_sync (node, -2, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (curator_persistent_node_await_created_sync (node, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  Start (node);
  EXPECT_FALSE (curator_persistent_node_start (node, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  CloseNode (node);
  EXPECT_FALSE (curator_persistent_node_await_created_sync (node, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
}

TEST_F (PersistentNode, HasEachMode)
{
  CuratorFramework *client = Connect ();

  for (CuratorCreateMode mode : { CURATOR_CREATE_MODE_PERSISTENT, CURATOR_CREATE_MODE_EPHEMERAL,
                                  CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL,
                                  CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, CURATOR_CREATE_MODE_CONTAINER })
    for (bool protection : { false, true })
      {
        Ref<CuratorPersistentNode> node = New (client, "/modes/n-", mode, protection);

        Start (node);
        Await (node);
        std::string path = PathOf (node);
        EXPECT_EQ ("first", Read (path));
        EXPECT_EQ (protection, path.find ("/_c_") != std::string::npos);
        OperatorDelete (path);
        ASSERT_TRUE (Until ([&] { return Exists (PathOf (node)); }));
        if (path.size () > 10)
          {
            EXPECT_EQ (path.substr (path.size () - 3), PathOf (node).substr (PathOf (node).size () - 3));
          }
        Await (node);
        path = PathOf (node);
        CloseNode (node);
        EXPECT_FALSE (Exists (path));
      }
}

/* faults: 19
 * bugs: CURATOR-258 */
TEST_F (PersistentNode, IsCreatedAgainWithTheNewestData)
{
  Ref<CuratorPersistentNode> node = New (Connect (), "/node");

  Start (node);
  Await (node);
  Set (node, "second");
  OperatorDelete ("/node");
  ASSERT_TRUE (UntilReads ("/node", "second"));
  OperatorSetData ("/node", "foreign");
  OperatorDelete ("/node");
  ASSERT_TRUE (UntilReads ("/node", "second"));
}

/* Else the node would be back before its parent can be deleted.
 * faults: 20 */
TEST_F (PersistentNode, TheParentIsDeletedWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorPersistentNode> node = New (client, "/parent/node");

  Start (node);
  Await (node);
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  OperatorDelete ("/parent");
  Reconnect ();
  EXPECT_TRUE (UntilReads ("/parent/node", "first"));
}

TEST_F (PersistentNode, TakesOverWhatIsThere)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorPersistentNode> node = New (client, "/node");
  std::string message;

  g_signal_connect (node.get (), "error",
                    G_CALLBACK (+[] (CuratorPersistentNode *, GError *error, gpointer data) {
                      *static_cast<std::string *> (data) = error->message;
                    }),
                    &message);
  OperatorCreate ("/node");
  Start (node);
  Await (node);
  EXPECT_EQ ("first", Read ("/node"));
  ASSERT_TRUE (Until ([&] { return !message.empty (); }));
  EXPECT_THAT (message, HasSubstr ("not ephemeral"));
  OperatorDelete ("/node");
  ASSERT_TRUE (Until ([&] { return GetOwner ("/node") == curator_framework_get_session_id (client); }));
  Await (node);
  CloseNode (node);
  EXPECT_FALSE (Exists ("/node"));
}

/* faults: 6, 33 */
TEST_F (PersistentNode, OutlivesItsSession)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorPersistentNode> node = New (client, "/node");
  Ref<CuratorPersistentNode> sequential = New (client, "/s-", CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, true);
  gint64 session_id = curator_framework_get_session_id (client);

  Start (node);
  Start (sequential);
  Await (node);
  Await (sequential);
  std::string before = PathOf (sequential);
  Expire (client);
  ASSERT_TRUE (Until (
      [&] {
        return curator_framework_get_session_id (client) != session_id &&
               GetOwner ("/node") == curator_framework_get_session_id (client) &&
               GetOwner (PathOf (sequential)) == curator_framework_get_session_id (client);
      },
      20000));
  EXPECT_NE (before, PathOf (sequential));
  EXPECT_FALSE (Exists (before));
}

/* faults: 2, 9 */
TEST_F (PersistentNode, DataThatWereSetWhileSuspendedAreWritten)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorPersistentNode> node = New (client, "/node");
  g_autoptr (GBytes) second = Text ("second");
  g_autoptr (GBytes) third = Text ("third");

  Start (node);
  Await (node);
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Outcome *one = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_persistent_node_set_data_finish));
  curator_persistent_node_set_data_async (node, second, nullptr, OnDone, one);
  Outcome *other = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_persistent_node_set_data_finish));
  curator_persistent_node_set_data_async (node, third, nullptr, OnDone, other);
  Reconnect ();
  EXPECT_TRUE (Succeeds (one));
  EXPECT_TRUE (Succeeds (other));
  EXPECT_EQ ("third", Read ("/node"));
}

/* faults: 1 */
TEST_F (PersistentNode, LostAnswersMakeNoSecondNode)
{
  CuratorFramework *client = ConnectThroughProxy ();

  for (bool protection : { true, false })
    {
      Ref<CuratorPersistentNode> node = New (
          client, "/lost/n-",
          protection ? CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL : CURATOR_CREATE_MODE_EPHEMERAL, protection);

      OperatorDelete ("/lost");
      OperatorCreate ("/lost");
      curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_create2);
      Start (node);
      Await (node);
      curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_set_data);
      Set (node, "second");
      EXPECT_EQ ("second", Read (PathOf (node)));
      EXPECT_EQ (1u, CountEphemerals ());
      CloseNode (node);
    }
}

/* faults: 4
 * bugs: CURATOR-154, CURATOR-297 */
TEST_F (PersistentNode, ACloseSurvivesALostAnswerAndASuspension)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorPersistentNode> node = New (client, "/one", CURATOR_CREATE_MODE_PERSISTENT);
  Ref<CuratorPersistentNode> other = New (client, "/other", CURATOR_CREATE_MODE_PERSISTENT);

  Start (node);
  Start (other);
  Await (node);
  Await (other);
  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_delete);
  CloseNode (node);
  EXPECT_FALSE (Exists ("/one"));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  other.reset ();
  Reconnect ();
  EXPECT_TRUE (Until ([&] { return !Exists ("/other"); }, 20000));
}

TEST_F (PersistentNode, AnyMomentIsGoodForAClose)
{
  CuratorFramework *client = Connect ();

  for (CuratorCreateMode mode : { CURATOR_CREATE_MODE_EPHEMERAL, CURATOR_CREATE_MODE_PERSISTENT,
                                  CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL })
    for (int i = 0; i < 10; i++)
      {
        Ref<CuratorPersistentNode> node = New (client, "/any/n", mode, i % 2 == 1);

        Start (node);
        if (i % 3 == 0)
          node.reset ();
        else
          CloseNode (node);
      }
  EXPECT_TRUE (Until ([&] {
    g_auto (GStrv) left = curator_test_server_operator_get_children_sync (
        Server (), ServerPath ("/any").c_str (), nullptr, nullptr);

    return left == nullptr || left[0] == nullptr;
  }));
}

/* As Curator's PersistentTtlNode does it. */
TEST_F (PersistentNode, ATimeToLiveIsKeptFromRunningOut)
{
  Ref<CuratorPersistentNode> node (curator_persistent_node_new_with_ttl (Connect (), "/ttl", 200, nullptr));
  auto touched = [this] {
    g_autoptr (CuratorTestStat) stat = curator_test_server_operator_stat_sync (
        Server (), ServerPath ("/ttl/touch").c_str (), nullptr, nullptr);

    return stat != nullptr && stat->version >= 2;
  };

  WatchFinalize (node.get ());
  Start (node);
  Await (node);
  EXPECT_TRUE (Until (touched));
  CloseNode (node);
  EXPECT_TRUE (Exists ("/ttl"));
  OperatorDelete ("/ttl");
}

/* faults: 15 */
TEST_F (PersistentNode, TheEndOfTheClientIsTold)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorPersistentNode> node = New (client, "/node");
  Outcome *outcome =
      NewOutcome (reinterpret_cast<Outcome::Finish> (curator_persistent_node_await_created_finish));

  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Start (node);
  curator_persistent_node_await_created_async (node, -1, nullptr, OnDone, outcome);
  Close (client);
  ASSERT_TRUE (UntilDone (outcome));
  EXPECT_TRUE (outcome->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << outcome->error.message ();
}

/* Whether it was started or not, and whenever the wait began.
 * faults: 15 */
TEST_F (PersistentNode, TheEndOfTheClientIsToldToWhoWaitsForWhatWasNotStarted)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorPersistentNode> node = New (client, "/node");
  Outcome *early = AwaitLater (node);

  Drain ();
  EXPECT_FALSE (early->done);
  Close (client);
  Outcome *late = AwaitLater (node);
  for (Outcome *outcome : { early, late })
    {
      ASSERT_TRUE (UntilDone (outcome));
      EXPECT_TRUE (outcome->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << outcome->error.message ();
    }
}

TEST_F (PersistentNode, IsNotSaidToHaveGoneWhereItStaysAsTheClientIsClosed)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorPersistentNode> node = New (client, "/node", CURATOR_CREATE_MODE_PERSISTENT);
  Error error;

  Start (node);
  Await (node);
  Close (client);
  EXPECT_FALSE (curator_persistent_node_close_sync (node, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
  OperatorDelete ("/node");
}

/* faults: 2 */
TEST_F (PersistentNode, IsToldOfWithTheDataThatWereSetLast)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorPersistentNode> node = New (client, "/node");
  g_autoptr (GBytes) second = Text ("second");

  curator_test_proxy_set_delay_ms (proxy_, 50);
  Start (node);
  curator_persistent_node_set_data_async (node, second, nullptr, nullptr, nullptr);
  Await (node);
  EXPECT_EQ ("second", Read ("/node"));
}

/* faults: 6 */
TEST_F (PersistentNode, IsMissedAndNeedNotBeDeletedOnceItsSessionIsLost)
{
  CuratorFramework *client = ConnectThroughProxy (session_ms);
  Ref<CuratorPersistentNode> node = New (client, "/node");
  Error error;

  Start (node);
  Await (node);
  Disconnect ();
  ASSERT_TRUE (UntilLost (client));
  EXPECT_FALSE (curator_persistent_node_await_created_sync (node, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  Reconnect ();
  Await (node);
  EXPECT_TRUE (Exists ("/node"));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  CloseNode (node);
  EXPECT_EQ (CURATOR_CONNECTION_STATE_LOST, curator_framework_get_connection_state (client));
}

/* A pause after a refusal is for the same data. */
TEST_F (PersistentNode, NewerDataAreNotKeptWaitingByARefusal)
{
  constexpr gint64 refused_pause_us = 5 * G_USEC_PER_SEC;
  Ref<CuratorPersistentNode> node = New (Connect (), "/node");
  g_autoptr (GBytes) large = Text (std::string (2000000, 'x'));
  Error error;

  Start (node);
  Await (node);
  EXPECT_FALSE (curator_persistent_node_set_data_sync (node, large, nullptr, error.out ()));
  gint64 begun_us = g_get_monotonic_time ();
  Set (node, "good");
  EXPECT_LT (g_get_monotonic_time () - begun_us, refused_pause_us / 2);
  EXPECT_EQ ("good", Read ("/node"));
}

TEST_F (PersistentNode, IsInertWithoutConstructionProperties)
{
  Ref<CuratorPersistentNode> node (
      static_cast<CuratorPersistentNode *> (g_object_new (CURATOR_TYPE_PERSISTENT_NODE, nullptr)));

  EXPECT_EQ (nullptr, curator_persistent_node_get_path (node));
  EXPECT_EQ (nullptr, curator_persistent_node_dup_data (node));
  EXPECT_EQ ("-", PathOf (node));
}

class GroupMember : public NodeFixture
{
protected:
  using Members = std::map<std::string, std::string>;

  Ref<CuratorGroupMember> New (CuratorFramework *client, const char *id, const char *text = "first")
  {
    g_autoptr (GBytes) data = Text (text);
    Ref<CuratorGroupMember> member (curator_group_member_new (client, "/group", id, data));

    WatchFinalize (member.get ());
    return member;
  }

  Ref<CuratorGroupMember> Join (CuratorFramework *client, const char *id, const char *text = "first")
  {
    Ref<CuratorGroupMember> member = New (client, id, text);
    Error error;

    EXPECT_TRUE (curator_group_member_start (member, error.out ())) << error.message ();
    EXPECT_TRUE (curator_group_member_await_joined_sync (member, 20000, nullptr, error.out ()))
        << error.message ();
    return member;
  }

  static Members MembersOf (CuratorGroupMember *member)
  {
    g_autoptr (GHashTable) table = curator_group_member_dup_members (member);
    GHashTableIter iter;
    gpointer id, data;
    Members members;

    g_hash_table_iter_init (&iter, table);
    while (g_hash_table_iter_next (&iter, &id, &data))
      {
        gsize length = 0;
        auto *text = static_cast<const char *> (g_bytes_get_data (static_cast<GBytes *> (data), &length));

        members[static_cast<const char *> (id)] = std::string (text != nullptr ? text : "", length);
      }
    return members;
  }

  bool UntilSees (CuratorGroupMember *member, const Members &members)
  {
    return Until ([&] { return MembersOf (member) == members; }, 20000);
  }
};

TEST_F (GroupMember, AllSeeEachOther)
{
  Ref<CuratorGroupMember> a = Join (Connect (), "a", "1");
  Ref<CuratorGroupMember> b = Join (Connect (), "b", "2");
  int n_changes = 0;
  Error error;

  ASSERT_TRUE (UntilSees (a, { { "a", "1" }, { "b", "2" } }));
  ASSERT_TRUE (UntilSees (b, { { "a", "1" }, { "b", "2" } }));
  g_signal_connect (a.get (), "members-changed",
                    G_CALLBACK (+[] (CuratorGroupMember *, gpointer data) { ++*static_cast<int *> (data); }),
                    &n_changes);
  g_autoptr (GBytes) data = Text ("3");
  EXPECT_TRUE (curator_group_member_set_data_sync (b, data, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (UntilSees (a, { { "a", "1" }, { "b", "3" } }));
  ASSERT_TRUE (Until ([&] { return n_changes > 0; }));
  OperatorDelete ("/group/b");
  ASSERT_TRUE (Until ([&] { return Exists ("/group/b"); }));
  ASSERT_TRUE (UntilSees (a, { { "a", "1" }, { "b", "3" } }));
  EXPECT_TRUE (curator_group_member_close_sync (b, nullptr, error.out ())) << error.message ();
  EXPECT_FALSE (Exists ("/group/b"));
  ASSERT_TRUE (UntilSees (a, { { "a", "1" } }));
}

TEST_F (GroupMember, RefusesInvalidIds)
{
  CuratorFramework *client = Connect ();
  Error error;

  for (const char *id : { "", "a/b", ".", "..", "/" })
    {
      EXPECT_FALSE (curator_group_member_start (New (client, id), error.out ())) << id;
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
    }
}

/* faults: 6, 9 */
TEST_F (GroupMember, OutlivesSessions)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorGroupMember> a = Join (client, "a");
  Ref<CuratorGroupMember> b = Join (Connect (), "b");
  gint64 session_id = curator_framework_get_session_id (client);

  ASSERT_TRUE (UntilSees (a, { { "a", "first" }, { "b", "first" } }));
  Expire (client);
  ASSERT_TRUE (Until (
      [&] {
        return curator_framework_get_session_id (client) != session_id &&
               GetOwner ("/group/a") == curator_framework_get_session_id (client);
      },
      20000));
  Ref<CuratorGroupMember> c = Join (Connect (), "c");
  EXPECT_TRUE (UntilSees (a, { { "a", "first" }, { "b", "first" }, { "c", "first" } }));
  EXPECT_TRUE (UntilSees (b, { { "a", "first" }, { "b", "first" }, { "c", "first" } }));
}

/* faults: 20 */
TEST_F (GroupMember, TheGroupIsDeleted)
{
  Ref<CuratorGroupMember> a = Join (Connect (), "a");
  Ref<CuratorGroupMember> b = Join (Connect (), "b");

  ASSERT_TRUE (UntilSees (a, { { "a", "first" }, { "b", "first" } }));
  OperatorDelete ("/group/a");
  OperatorDelete ("/group/b");
  EXPECT_TRUE (Until ([&] { return Exists ("/group/a") && Exists ("/group/b"); }));
  EXPECT_TRUE (UntilSees (a, { { "a", "first" }, { "b", "first" } }));
  EXPECT_TRUE (UntilSees (b, { { "a", "first" }, { "b", "first" } }));
}

} // namespace
