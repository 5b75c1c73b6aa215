/* SPDX-License-Identifier: Apache-2.0 */

/* Barriers, groups and persistent nodes with Java's and kazoo's. */

#include "interop-fixture.h"

#include <gmock/gmock.h>

using namespace interop_test;
using mutex_test::Error;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

namespace
{

/* An asynchronous call under way; lives until its callback has run. */
struct Call
{
  using Finish = gboolean (*) (gpointer, GAsyncResult *, GError **);

  Finish finish = nullptr;
  bool done = false;
  bool ok = false;
  Error error;

  static void OnDone (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *call = static_cast<Call *> (data);

    call->ok = call->finish (object, result, call->error.out ());
    call->done = true;
  }
};

class InteropNode : public InteropFixture
{
protected:
  /* What is still under way ends with its client. */
  void TearDown () override
  {
    InteropFixture::TearDown ();
    calls_.clear ();
  }

  template <typename T> Call &NewCall (gboolean (*finish) (T *, GAsyncResult *, GError **))
  {
    calls_.push_back (std::make_unique<Call> ());
    calls_.back ()->finish = reinterpret_cast<Call::Finish> (finish);
    return *calls_.back ();
  }

  bool Succeeds (Call &call)
  {
    EXPECT_TRUE (Until ([&] { return call.done; }, answer_timeout_ms));
    EXPECT_TRUE (call.ok) << call.error.message ();
    return call.ok;
  }

  std::vector<std::unique_ptr<Call> > calls_;
};

class InteropBarrier : public InteropNode, public ::testing::WithParamInterface<const char *>
{
protected:
  InteropPeer &ThePeer ()
  {
    return std::string (GetParam ()) == "java" ? Java () : Kazoo ();
  }
};

INSTANTIATE_TEST_SUITE_P (, InteropBarrier, ::testing::Values ("java", "kazoo"), [] (const auto &of) {
  return std::string (of.param);
});

TEST_P (InteropBarrier, TheirsHoldsUsUp)
{
  InteropPeer &peer = ThePeer ();
  Ref<CuratorBarrier> barrier (curator_barrier_new (Connect (), "/barrier"));
  Call &waiting = NewCall (curator_barrier_wait_on_barrier_finish);
  Error error;

  Ok (peer, { "peer", "new", "b", "barrier", "/barrier" });
  Ok (peer, { "b", "set" });
  EXPECT_FALSE (curator_barrier_wait_on_barrier_sync (barrier, 50, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  curator_barrier_wait_on_barrier_async (barrier, -1, nullptr, Call::OnDone, &waiting);
  ASSERT_TRUE (Until ([&] { return CountWatches ("/barrier") == 1; }));
  EXPECT_FALSE (waiting.done);
  Ok (peer, { "b", "remove" });
  EXPECT_TRUE (Succeeds (waiting));
}

TEST_P (InteropBarrier, OursHoldsThemUp)
{
  InteropPeer &peer = ThePeer ();
  Ref<CuratorBarrier> barrier (curator_barrier_new (Connect (), "/barrier"));
  Error error;

  Ok (peer, { "peer", "new", "b", "barrier", "/barrier" });
  EXPECT_TRUE (curator_barrier_set_barrier_sync (barrier, nullptr, error.out ())) << error.message ();
  ExpectNo (peer, { "b", "wait", "50" });
  int waiting = peer.Send ({ "b", "wait", "-1" });
  ASSERT_TRUE (Until ([&] { return CountWatches ("/barrier") == 1; }));
  EXPECT_FALSE (peer.IsAnswered (waiting));
  EXPECT_TRUE (curator_barrier_remove_barrier_sync (barrier, nullptr, error.out ())) << error.message ();
  AwaitOk (peer, waiting);
}

/* One of each; whoever comes last lets the other in, and nobody leaves alone. */
TEST_P (InteropBarrier, OneOfEachEntersAndLeaves)
{
  InteropPeer &peer = ThePeer ();
  Ref<CuratorDoubleBarrier> barrier (curator_double_barrier_new (Connect (), "/double", 2));

  for (bool we_first : { true, false })
    {
      Call &entering = NewCall (curator_double_barrier_enter_finish);
      Call &leaving = NewCall (curator_double_barrier_leave_finish);
      std::string name = we_first ? "a" : "b";

      SCOPED_TRACE (we_first ? "we first" : "they first");
      /* A new one, as kazoo's do not make a parent again that is gone. */
      Ok (peer, { "peer", "new", name, "double-barrier", "/double", "2" });
      int theirs = we_first ? 0 : peer.Send ({ name, "enter", "-1" });
      ASSERT_TRUE (we_first || UntilChildren ("/double", 1));
      curator_double_barrier_enter_async (barrier, -1, nullptr, Call::OnDone, &entering);
      ASSERT_TRUE (!we_first || UntilChildren ("/double", 1));
      EXPECT_FALSE (we_first && entering.done);
      theirs = we_first ? peer.Send ({ name, "enter", "-1" }) : theirs;
      ASSERT_TRUE (Succeeds (entering));
      AwaitOk (peer, theirs);
      EXPECT_THAT (Children ("/double"), Contains ("ready"));

      theirs = we_first ? 0 : peer.Send ({ name, "leave", "-1" });
      curator_double_barrier_leave_async (barrier, -1, nullptr, Call::OnDone, &leaving);
      theirs = we_first ? peer.Send ({ name, "leave", "-1" }) : theirs;
      ASSERT_TRUE (Succeeds (leaving));
      AwaitOk (peer, theirs);
      EXPECT_THAT (Children ("/double"), IsEmpty ());
    }
}

/* kazoo leaves early where there are more than two. */
TEST_F (InteropNode, TwoOfJavaAndTwoOfOursEnterAndLeave)
{
  InteropPeer &java = Java ();
  CuratorFramework *client = Connect ();
  std::vector<Ref<CuratorDoubleBarrier> > ours;
  std::vector<int> theirs;
  Call *entering[] = { &NewCall (curator_double_barrier_enter_finish),
                       &NewCall (curator_double_barrier_enter_finish) };
  Call *leaving[] = { &NewCall (curator_double_barrier_leave_finish),
                      &NewCall (curator_double_barrier_leave_finish) };

  for (const char *name : { "a", "b" })
    {
      Ok (java, { "peer", "new", name, "double-barrier", "/double", "4" });
      ours.emplace_back (curator_double_barrier_new (client, "/double", 4));
    }
  curator_double_barrier_enter_async (ours[0], -1, nullptr, Call::OnDone, entering[0]);
  theirs = { java.Send ({ "a", "enter", "-1" }), java.Send ({ "b", "enter", "-1" }) };
  ASSERT_TRUE (UntilChildren ("/double", 3));
  EXPECT_FALSE (entering[0]->done || java.IsAnswered (theirs[0]) || java.IsAnswered (theirs[1]));
  curator_double_barrier_enter_async (ours[1], -1, nullptr, Call::OnDone, entering[1]);
  for (size_t i = 0; i < 2; i++)
    {
      EXPECT_TRUE (Succeeds (*entering[i]));
      AwaitOk (java, theirs[i]);
    }
  curator_double_barrier_leave_async (ours[0], -1, nullptr, Call::OnDone, leaving[0]);
  theirs = { java.Send ({ "a", "leave", "-1" }), java.Send ({ "b", "leave", "-1" }) };
  /* All but the last one, who is still in. */
  ASSERT_TRUE (Until ([&] { return Children ("/double").size () <= 3; }));
  EXPECT_FALSE (leaving[0]->done || java.IsAnswered (theirs[0]) || java.IsAnswered (theirs[1]));
  curator_double_barrier_leave_async (ours[1], -1, nullptr, Call::OnDone, leaving[1]);
  for (size_t i = 0; i < 2; i++)
    {
      EXPECT_TRUE (Succeeds (*leaving[i]));
      AwaitOk (java, theirs[i]);
    }
  EXPECT_THAT (Children ("/double"), IsEmpty ());
}

TEST_F (InteropNode, AGroupHasMembersOfBoth)
{
  InteropPeer &java = Java ();
  g_autoptr (GBytes) data = g_bytes_new_static ("of ours", 7);
  g_autoptr (GBytes) later = g_bytes_new_static ("later", 5);
  Ref<CuratorGroupMember> ours (curator_group_member_new (Connect (), "/group", "ours", data));
  auto text = [&ours] (const char *id) -> std::string {
    g_autoptr (GHashTable) members = curator_group_member_dup_members (ours);
    auto *value = static_cast<GBytes *> (g_hash_table_lookup (members, id));

    if (value == nullptr)
      return "-";
    return std::string (static_cast<const char *> (g_bytes_get_data (value, nullptr)),
                        g_bytes_get_size (value));
  };
  Error error;

  Ok (java, { "peer", "new", "g", "group", "/group", "java's", "of java" });
  Ok (java, { "g", "start" });
  ASSERT_TRUE (curator_group_member_start (ours, error.out ())) << error.message ();
  EXPECT_TRUE (Until ([&] { return text ("java's") == "of java" && text ("ours") == "of ours"; }));
  EXPECT_TRUE (Until ([&] {
    return Ok (java, { "g", "members" }) == Words ({ "java's", "of java", "ours", "of ours" });
  }));
  Ok (java, { "g", "set", "changed" });
  EXPECT_TRUE (Until ([&] { return text ("java's") == "changed"; }));
  EXPECT_TRUE (curator_group_member_set_data_sync (ours, later, nullptr, error.out ())) << error.message ();
  EXPECT_TRUE (Until ([&] { return Ok (java, { "g", "members" }).back () == "later"; }));
  EXPECT_TRUE (curator_group_member_close_sync (ours, nullptr, error.out ())) << error.message ();
  EXPECT_TRUE (Until ([&] { return Ok (java, { "g", "members" }).size () == 2; }));
}

TEST_F (InteropNode, AMemberThatIsKilledLeavesTheGroup)
{
  InteropPeer &java = StartOwnJava ();
  Ref<CuratorGroupMember> ours (curator_group_member_new (Connect (), "/group", "ours", nullptr));
  auto count = [&ours] {
    g_autoptr (GHashTable) members = curator_group_member_dup_members (ours);

    return g_hash_table_size (members);
  };
  Error error;

  Ok (java, { "peer", "new", "g", "group", "/group", "java", "" });
  Ok (java, { "g", "start" });
  ASSERT_TRUE (curator_group_member_start (ours, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([&] { return count () == 2; }));
  java.Kill ();
  EXPECT_TRUE (Until ([&] { return count () == 1; }));
  EXPECT_TRUE (curator_group_member_close_sync (ours, nullptr, error.out ())) << error.message ();
}

/* What each keeps looks the same on the server. */
TEST_F (InteropNode, PersistentNodesAreTheSame)
{
  InteropPeer &java = Java ();
  CuratorFramework *client = Connect ();
  g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
  const struct
  {
    const char *name;
    CuratorCreateMode mode;
    const char *suffix;
  } modes[] = {
    { "ephemeral", CURATOR_CREATE_MODE_EPHEMERAL, "" },
    { "persistent", CURATOR_CREATE_MODE_PERSISTENT, "" },
    { "ephemeral-sequential", CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, "[0-9]{10}" },
  };
  Error error;

  for (const auto &mode : modes)
    {
      std::string prefix = std::string ("/x/") + mode.name + "-";
      Ref<CuratorPersistentNode> ours (
          curator_persistent_node_new (client, (prefix + "ours").c_str (), mode.mode, data));

      SCOPED_TRACE (mode.name);
      Ok (java, { "peer", "new", mode.name, "node", prefix + "java", mode.name, "data" });
      Ok (java, { mode.name, "start" });
      Ok (java, { mode.name, "await", "10000" });
      ASSERT_TRUE (curator_persistent_node_start (ours, error.out ())) << error.message ();
      ASSERT_TRUE (curator_persistent_node_await_created_sync (ours, 10000, nullptr, error.out ()))
          << error.message ();
      std::string theirs = Get (java, { mode.name, "path" });
      g_autofree char *path = curator_persistent_node_dup_actual_path (ours);
      EXPECT_THAT (theirs, MatchesRegex (prefix + "java" + mode.suffix));
      EXPECT_THAT (std::string (path), MatchesRegex (prefix + "ours" + mode.suffix));
      EXPECT_EQ (Read (theirs), Read (path));
      EXPECT_EQ (GetOwner (theirs) != 0, GetOwner (path) != 0);
      Ok (java, { mode.name, "close" });
      EXPECT_TRUE (curator_persistent_node_close_sync (ours, nullptr, error.out ())) << error.message ();
      EXPECT_TRUE (Until ([&] { return !Exists (theirs) && !Exists (path); }));
    }
}

} // namespace
