/* SPDX-License-Identifier: Apache-2.0 */
#include "node-fixture.h"

#include <gmock/gmock.h>

using namespace node_test;

namespace
{

constexpr int op_delete = 2;
constexpr int op_multi = 14;
constexpr int op_create2 = 15;
constexpr int session_ms = 3000;

class Barrier : public NodeFixture
{
protected:
  Ref<CuratorBarrier> New (CuratorFramework *client, const char *path = "/gates/gate")
  {
    Ref<CuratorBarrier> barrier (curator_barrier_new (client, path));

    WatchFinalize (barrier.get ());
    return barrier;
  }

  void Set (CuratorBarrier *barrier)
  {
    Error error;

    EXPECT_TRUE (curator_barrier_set_barrier_sync (barrier, nullptr, error.out ())) << error.message ();
  }

  void Remove (CuratorBarrier *barrier)
  {
    Error error;

    EXPECT_TRUE (curator_barrier_remove_barrier_sync (barrier, nullptr, error.out ())) << error.message ();
  }

  Outcome *Wait (CuratorBarrier *barrier, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    Outcome *outcome =
        NewOutcome (reinterpret_cast<Outcome::Finish> (curator_barrier_wait_on_barrier_finish));

    curator_barrier_wait_on_barrier_async (barrier, timeout_ms, cancellable, OnDone, outcome);
    return outcome;
  }

  bool UntilWatched (size_t n)
  {
    return Until ([this, n] { return CountWatches ("/gates/gate") == n; });
  }
};

TEST_F (Barrier, HoldsUpWhileItIsSet)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorBarrier> barrier = New (client);
  Ref<CuratorBarrier> other = New (Connect ());

  EXPECT_TRUE (Succeeds (Wait (other, 0)));
  Set (barrier);
  Set (barrier);
  EXPECT_TRUE (Exists ("/gates/gate"));
  Outcome *waiting = Wait (other);
  Outcome *late = Wait (other, 50);
  Outcome *trying = Wait (other, 0);
  ASSERT_TRUE (UntilDone (late));
  EXPECT_TRUE (late->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << late->error.message ();
  ASSERT_TRUE (UntilDone (trying));
  EXPECT_TRUE (trying->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << trying->error.message ();
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Outcome *cancelled = Wait (other, -1, cancellable);
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (cancelled));
  EXPECT_TRUE (cancelled->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << cancelled->error.message ();
  EXPECT_FALSE (waiting->done);
  Remove (barrier);
  Remove (barrier);
  EXPECT_TRUE (Succeeds (waiting));
}

/* bugs: CURATOR-536 */
TEST_F (Barrier, ASpuriousWakeLetsNobodyPass)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorBarrier> barrier = New (client);

  Set (barrier);
  Outcome *waiting = Wait (barrier);
  for (int i = 0; i < 3; i++)
    {
      ASSERT_TRUE (UntilWatched (1));
      OperatorSetData ("/gates/gate", "x");
    }
  ASSERT_TRUE (UntilWatched (1));
  EXPECT_FALSE (waiting->done);
  Remove (barrier);
  EXPECT_TRUE (Succeeds (waiting));
}

/* faults: 7, 9, 11
 * bugs: CURATOR-536 */
TEST_F (Barrier, AWaitSurvivesASuspensionAndASession)
{
  CuratorFramework *client = ConnectThroughProxy (session_ms);
  CuratorFramework *operator_client = Connect ();
  Ref<CuratorBarrier> barrier = New (operator_client);
  gint64 session_id = curator_framework_get_session_id (client);

  Set (barrier);
  Outcome *waiting = Wait (New (client));
  ASSERT_TRUE (UntilWatched (1));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Reconnect ();
  ASSERT_TRUE (Until ([client] { return curator_framework_is_connected (client); }));
  EXPECT_FALSE (waiting->done);
  Expire (client);
  ASSERT_TRUE (Until (
      [&] {
        return curator_framework_get_session_id (client) != session_id &&
               curator_framework_is_connected (client);
      },
      20000));
  ASSERT_TRUE (UntilWatched (1));
  EXPECT_FALSE (waiting->done);
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Remove (barrier);
  Reconnect ();
  EXPECT_TRUE (Succeeds (waiting));
}

/* faults: 1, 4 */
TEST_F (Barrier, LostAnswersDoNotMatter)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorBarrier> barrier = New (client, "/gate");

  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_create2);
  Set (barrier);
  EXPECT_TRUE (Exists ("/gate"));
  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_delete);
  Remove (barrier);
  EXPECT_FALSE (Exists ("/gate"));
}

/* faults: 15, 16 */
TEST_F (Barrier, TheCloseEndsTheWait)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorBarrier> barrier = New (client);

  Set (barrier);
  Outcome *waiting = Wait (barrier);
  waiting->then = [&] { barrier.reset (); };
  ASSERT_TRUE (UntilWatched (1));
  Close (client);
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << waiting->error.message ();
}

TEST_F (Barrier, RefusesInvalidArguments)
{
  CuratorFramework *client = Connect ();
  Error error;

  EXPECT_FALSE (curator_barrier_set_barrier_sync (New (client, "gate"), nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (curator_barrier_wait_on_barrier_sync (New (client), -2, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
}

class DoubleBarrier : public NodeFixture
{
protected:
  Ref<CuratorDoubleBarrier> New (CuratorFramework *client, guint n_members)
  {
    Ref<CuratorDoubleBarrier> barrier (curator_double_barrier_new (client, "/party", n_members));

    WatchFinalize (barrier.get ());
    return barrier;
  }

  Outcome *Enter (CuratorDoubleBarrier *barrier, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    Outcome *outcome = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_double_barrier_enter_finish));

    curator_double_barrier_enter_async (barrier, timeout_ms, cancellable, OnDone, outcome);
    return outcome;
  }

  Outcome *Leave (CuratorDoubleBarrier *barrier, gint64 timeout_ms = -1)
  {
    Outcome *outcome = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_double_barrier_leave_finish));

    curator_double_barrier_leave_async (barrier, timeout_ms, nullptr, OnDone, outcome);
    return outcome;
  }

  std::vector<std::string> Nodes ()
  {
    g_auto (GStrv) names = curator_test_server_operator_get_children_sync (
        Server (), ServerPath ("/party").c_str (), nullptr, nullptr);
    std::vector<std::string> nodes;

    for (char **name = names; name != nullptr && *name != nullptr; name++)
      nodes.push_back (*name);
    return nodes;
  }

  bool UntilNodes (size_t n)
  {
    return Until ([this, n] { return Nodes ().size () == n; });
  }
};

/* Three, four, five: kazoo lets them out too early.
 * bugs: kazoo-double-barrier */
TEST_F (DoubleBarrier, AllComeAndAllGo)
{
  for (guint n : { 1u, 2u, 3u, 5u })
    for (int round = 0; round < 2; round++)
      {
        std::vector<Ref<CuratorDoubleBarrier> > members;
        std::vector<Outcome *> calls;

        for (guint i = 0; i < n; i++)
          members.push_back (New (Connect (), n));
        for (guint i = 0; i + 1 < n; i++)
          calls.push_back (Enter (members[i]));
        ASSERT_TRUE (UntilNodes (n - 1));
        for (Outcome *call : calls)
          EXPECT_FALSE (call->done);
        calls.push_back (Enter (members[n - 1]));
        for (Outcome *call : calls)
          EXPECT_TRUE (Succeeds (call));
        EXPECT_EQ (n + 1, Nodes ().size ());
        calls.clear ();
        for (guint i = 0; i + 1 < n; i++)
          calls.push_back (Leave (members[i]));
        ASSERT_TRUE (Until ([&] { return Nodes ().size () <= 3; }));
        for (Outcome *call : calls)
          EXPECT_FALSE (call->done);
        calls.push_back (Leave (members[n - 1]));
        for (Outcome *call : calls)
          EXPECT_TRUE (Succeeds (call));
        EXPECT_TRUE (Nodes ().empty ());
      }
}

/* faults: 5 */
TEST_F (DoubleBarrier, WhoGivesUpTakesHisNodeAway)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorDoubleBarrier> barrier = New (client, 2);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Outcome *late = Enter (barrier, 50);

  ASSERT_TRUE (UntilDone (late));
  EXPECT_TRUE (late->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << late->error.message ();
  EXPECT_TRUE (UntilNodes (0));
  Outcome *cancelled = Enter (barrier, -1, cancellable);
  ASSERT_TRUE (UntilNodes (1));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (cancelled));
  EXPECT_TRUE (cancelled->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << cancelled->error.message ();
  Reconnect ();
  EXPECT_TRUE (UntilNodes (0));
  /* and is not counted when he comes again */
  Outcome *again = Enter (barrier);
  ASSERT_TRUE (UntilNodes (1));
  EXPECT_FALSE (again->done);
  EXPECT_TRUE (Succeeds (Enter (New (Connect (), 2))));
  EXPECT_TRUE (Succeeds (again));
}

/* faults: 6, 7, 19 */
TEST_F (DoubleBarrier, WhoLosesHisNodeEntersAgain)
{
  CuratorFramework *client = Connect (session_ms);
  Outcome *waiting = Enter (New (client, 2));
  gint64 session_id = curator_framework_get_session_id (client);

  ASSERT_TRUE (UntilNodes (1));
  OperatorDelete ("/party/" + Nodes ()[0]);
  ASSERT_TRUE (UntilNodes (1));
  Expire (client);
  ASSERT_TRUE (Until (
      [&] {
        std::vector<std::string> nodes = Nodes ();

        return curator_framework_get_session_id (client) != session_id && nodes.size () == 1 &&
               GetOwner ("/party/" + nodes[0]) == curator_framework_get_session_id (client);
      },
      20000));
  EXPECT_FALSE (waiting->done);
  EXPECT_TRUE (Succeeds (Enter (New (Connect (), 2))));
  EXPECT_TRUE (Succeeds (waiting));
}

/* faults: 6 */
TEST_F (DoubleBarrier, WhoDiesInsideIsNotWaitedFor)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorDoubleBarrier> dying = New (client, 2);
  Ref<CuratorDoubleBarrier> other = New (Connect (), 2);
  Outcome *one = Enter (dying);

  EXPECT_TRUE (Succeeds (Enter (other)));
  EXPECT_TRUE (Succeeds (one));
  Outcome *leaving = Leave (other);
  Expire (client);
  EXPECT_TRUE (Succeeds (leaving));
  EXPECT_TRUE (Succeeds (Leave (dying)));
  EXPECT_TRUE (Nodes ().empty ());
}

/* faults: 1, 4 */
TEST_F (DoubleBarrier, LostAnswersDoNotMatter)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorDoubleBarrier> barrier = New (client, 1);

  for (int op : { op_create2, op_multi })
    {
      OperatorDelete ("/party");
      OperatorCreate ("/party");
      curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op);
      EXPECT_TRUE (Succeeds (Enter (barrier)));
      curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_delete);
      EXPECT_TRUE (Succeeds (Leave (barrier)));
      EXPECT_TRUE (Nodes ().empty ());
    }
}

/* What others died and left open is closed. */
TEST_F (DoubleBarrier, AnOpenBarrierThatNobodyIsInDoesNotCount)
{
  OperatorCreate ("/party");
  OperatorCreate ("/party/ready");
  Outcome *waiting = Enter (New (Connect (), 2));

  ASSERT_TRUE (Until ([this] {
    std::vector<std::string> nodes = Nodes ();

    return nodes.size () == 1 && nodes[0] != "ready";
  }));
  EXPECT_FALSE (waiting->done);
  EXPECT_TRUE (Succeeds (Enter (New (Connect (), 2))));
  EXPECT_TRUE (Succeeds (waiting));
}

TEST_F (DoubleBarrier, WhoComesAgainIsNotTakenForSomebodyWhoStays)
{
  Ref<CuratorDoubleBarrier> quick = New (Connect (), 2);
  Ref<CuratorDoubleBarrier> slow = New (ConnectThroughProxy (), 2);
  Outcome *entered = Enter (quick);

  ASSERT_TRUE (Succeeds (Enter (slow)));
  ASSERT_TRUE (Succeeds (entered));
  curator_test_proxy_set_delay_ms (proxy_, 50);
  for (int round = 0; round < 4; round++)
    {
      Outcome *leaving = Leave (slow);
      ASSERT_TRUE (Succeeds (Leave (quick)));
      Outcome *again = Enter (quick);
      ASSERT_TRUE (Succeeds (leaving));
      ASSERT_TRUE (Succeeds (Enter (slow)));
      ASSERT_TRUE (Succeeds (again));
    }
}

TEST_F (DoubleBarrier, RefusesWhatMakesNoSense)
{
  Ref<CuratorDoubleBarrier> barrier = New (Connect (), 2);
  Error error;
  Outcome *leaving = Leave (barrier);

  ASSERT_TRUE (UntilDone (leaving));
  EXPECT_TRUE (leaving->error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << leaving->error.message ();
  Outcome *entering = Enter (barrier, 2000);
  Outcome *second = Enter (barrier);
  ASSERT_TRUE (UntilDone (second));
  EXPECT_TRUE (second->error.matches (G_IO_ERROR, G_IO_ERROR_PENDING)) << second->error.message ();
  ASSERT_TRUE (UntilDone (entering));
  Ref<CuratorDoubleBarrier> empty = New (Connect (), 0);
  Outcome *refused = Enter (empty);
  ASSERT_TRUE (UntilDone (refused));
  EXPECT_TRUE (refused->error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << refused->error.message ();
}

} // namespace
