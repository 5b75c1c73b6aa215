/* SPDX-License-Identifier: Apache-2.0 */
#include "leader-fixture.h"

#include <gmock/gmock.h>

using namespace leader_test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

namespace
{

constexpr int session_ms = 3000;
/* How ZooKeeper numbers requests. */
constexpr int op_create = 15;
constexpr int op_delete = 2;

class LeaderLatchFaults : public LeaderFixture
{
protected:
  /* One whose leadership lasts as long as its session. */
  CuratorFramework *ConnectForSession (int timeout_ms)
  {
    CuratorFrameworkBuilder *builder = NewBuilder (StartProxy (), timeout_ms);
    Error error;

    curator_framework_builder_with_connection_state_error_policy (
        builder, CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION);
    CuratorFramework *client = Start (builder);
    EXPECT_TRUE (curator_framework_await_connected_sync (client, 10000, nullptr, error.out ()))
        << error.message ();
    return client;
  }

  static size_t CountLeaders (const std::vector<CuratorLeaderLatch *> &latches)
  {
    size_t count = 0;

    for (CuratorLeaderLatch *latch : latches)
      count += Leads (latch);
    return count;
  }
};

/* --- the connection --- */

/* faults: 9 */
TEST_F (LeaderLatchFaults, NobodyLeadsWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorLeaderLatch *latch = StartLatch (client);
  LatchLog *log = Listen (latch);

  ASSERT_TRUE (UntilTold (log, { "gained" }));
  Ref<CuratorLease> lease = LeaseOf (latch);
  Disconnect ();
  ASSERT_TRUE (UntilTold (log, { "gained", "lost" }));
  EXPECT_FALSE (Leads (latch));
  EXPECT_EQ (nullptr, LeaseOf (latch).get ());
  EXPECT_EQ (CURATOR_LEASE_STATE_SUSPECT, curator_lease_get_state (lease));
  Reconnect ();
  ASSERT_TRUE (UntilTold (log, { "gained", "lost", "gained" }));
  EXPECT_TRUE (Leads (latch));
  EXPECT_EQ (lease.get (), LeaseOf (latch).get ());
}

/* faults: 9 */
TEST_F (LeaderLatchFaults, TheSessionsPolicyLeadsOverSuspensions)
{
  CuratorFramework *client = ConnectForSession (10000);
  CuratorLeaderLatch *latch = StartLatch (client);
  LatchLog *log = Listen (latch);

  ASSERT_TRUE (UntilTold (log, { "gained" }));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  EXPECT_TRUE (Leads (latch));
  Reconnect ();
  ASSERT_TRUE (Until ([&] { return curator_framework_is_connected (client); }));
  ASSERT_TRUE (UntilState (LeaseOf (latch), CURATOR_LEASE_STATE_HELD));
  Drain ();
  EXPECT_TRUE (Leads (latch));
  EXPECT_THAT (log->signals, ElementsAre ("gained"));
}

/* faults: 6 */
TEST_F (LeaderLatchFaults, TheSessionsPolicyEndsWithTheSession)
{
  CuratorFramework *client = ConnectForSession (session_ms);
  CuratorLeaderLatch *latch = StartLatch (client);
  LatchLog *log = Listen (latch);

  ASSERT_TRUE (UntilTold (log, { "gained" }));
  Disconnect ();
  ASSERT_TRUE (UntilTold (log, { "gained", "lost" }));
  EXPECT_FALSE (Leads (latch));
  EXPECT_EQ (CURATOR_CONNECTION_STATE_LOST, curator_framework_get_connection_state (client));
  Reconnect ();
  EXPECT_TRUE (UntilTold (log, { "gained", "lost", "gained" }));
}

/* Nobody enters anew for that: who was first stays first.
 * faults: 9, 12, 30
 * bugs: CURATOR-504, CURATOR-644, CURATOR-652, CURATOR-653 */
TEST_F (LeaderLatchFaults, ASuspensionOfAllLeavesTheOrderAsItWas)
{
  std::string hosts = StartProxy ();
  std::vector<CuratorLeaderLatch *> latches;
  std::vector<LatchLog *> logs;
  CuratorLeaderLatch *observer = NewLatch (Connect ());

  for (int i = 0; i < 3; i++)
    {
      latches.push_back (StartLatch (Connect (10000, hosts), std::to_string (i).c_str ()));
      logs.push_back (Listen (latches.back ()));
      ASSERT_TRUE (UntilParticipants (observer, i + 1));
    }
  ASSERT_TRUE (UntilTold (logs[0], { "gained" }));
  std::vector<std::string> nodes = { NodeOf (observer, "0"), NodeOf (observer, "1"), NodeOf (observer, "2") };
  for (int round = 0; round < 3; round++)
    {
      Disconnect ();
      ASSERT_TRUE (Until ([&] { return CountLeaders (latches) == 0; }, 20000));
      Reconnect ();
      ASSERT_TRUE (UntilLeads (latches[0]));
      for (CuratorLeaderLatch *latch : latches)
        ASSERT_TRUE (
            Until ([&] { return curator_framework_is_connected (curator_leader_latch_get_client (latch)); }));
      for (int i = 0; i < 3; i++)
        EXPECT_EQ (nodes[i], NodeOf (latches[i], std::to_string (i)));
    }
  EXPECT_TRUE (UntilTold (logs[0], { "gained", "lost", "gained", "lost", "gained", "lost", "gained" }));
  EXPECT_THAT (logs[1]->signals, IsEmpty ());
  EXPECT_THAT (logs[2]->signals, IsEmpty ());
}

/* What is left of the entry is found again, and neither led by twice nor waited for.
 * faults: 1, 2, 4
 * bugs: CURATOR-202 */
TEST_F (LeaderLatchFaults, RequestsAndRepliesAreLost)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorLeaderLatch *observer = NewLatch (Connect ());

  for (CuratorTestProxyCut how : { CURATOR_TEST_PROXY_CUT_REQUEST, CURATOR_TEST_PROXY_CUT_REPLY })
    {
      curator_test_proxy_cut_next (proxy_, how, op_create);
      CuratorLeaderLatch *latch = StartLatch (client, "one");
      ASSERT_TRUE (UntilLeads (latch));
      EXPECT_THAT (Participants (observer), ElementsAre ("*one"));
      curator_test_proxy_cut_next (proxy_, how, op_delete);
      CloseLatch (latch);
      EXPECT_TRUE (UntilParticipants (observer, 0));
    }
}

/* bugs: CURATOR-110 */
TEST_F (LeaderLatchFaults, ItStartsWithoutAConnection)
{
  std::string hosts = StartProxy ();
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
  CuratorFramework *client = Start (NewBuilder (hosts, 10000));
  CuratorLeaderLatch *latch = StartLatch (client);
  LatchLog *log = Listen (latch);

  EXPECT_FALSE (Leads (latch));
  Error error;
  EXPECT_FALSE (curator_leader_latch_await_leadership_sync (latch, 300, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  Reconnect ();
  EXPECT_TRUE (UntilTold (log, { "gained" }));
  EXPECT_THAT (log->errors, IsEmpty ());
}

/* bugs: CURATOR-3 */
TEST_F (LeaderLatchFaults, OneThatIsClosedWhileSuspendedStaysAway)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorLeaderLatch *latch = StartLatch (client);
  CuratorLeaderLatch *observer = NewLatch (Connect ());
  LatchLog *log = Listen (latch);

  ASSERT_TRUE (UntilTold (log, { "gained" }));
  Disconnect ();
  ASSERT_TRUE (UntilTold (log, { "gained", "lost" }));
  curator_leader_latch_close_async (latch, CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER, nullptr, nullptr,
                                    nullptr);
  Reconnect ();
  EXPECT_TRUE (UntilParticipants (observer, 0));
  CloseLatch (latch);
  Drain ();
  EXPECT_THAT (log->signals, ElementsAre ("gained", "lost"));
  EXPECT_THAT (Participants (observer), IsEmpty ());
}

/* However long its node stays behind. */
TEST_F (LeaderLatchFaults, WhoWaitsHearsThatItIsClosedWhileSuspended)
{
  CuratorLeaderLatch *first = StartLatch (Connect ());

  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (ConnectThroughProxy ());
  ASSERT_TRUE (UntilParticipants (first, 2));
  Call *waiting = Await (second);
  Disconnect ();
  size_t n_states = 0;
  Drain ();
  g_signal_connect (second, "notify::state",
                    G_CALLBACK (+[] (GObject *, GParamSpec *, size_t *count) { ++*count; }), &n_states);
  Call *closed = BeginClose (second);
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << waiting->error.message ();
  EXPECT_FALSE (closed->done);
  EXPECT_EQ (1u, n_states);
  Reconnect ();
  EXPECT_TRUE (UntilDone (closed));
  EXPECT_TRUE (closed->ok) << closed->error.message ();
}

/* bugs: CURATOR-3 */
TEST_F (LeaderLatchFaults, OneThatIsClosedBeforeItsSessionEndsStaysAway)
{
  CuratorFramework *client = Connect (session_ms);
  CuratorLeaderLatch *latch = StartLatch (client);
  CuratorLeaderLatch *observer = NewLatch (Connect ());

  ASSERT_TRUE (UntilLeads (latch));
  curator_leader_latch_close_async (latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, nullptr, nullptr, nullptr);
  gint64 session_id = curator_framework_get_session_id (client);
  Expire (client);
  ASSERT_TRUE (Until ([&] {
    return curator_framework_get_session_id (client) != session_id && curator_framework_is_connected (client);
  }));
  CloseLatch (latch);
  EXPECT_THAT (Participants (observer), IsEmpty ());
}

/* --- sessions --- */

/* faults: 6, 8 */
TEST_F (LeaderLatchFaults, TheLeadersSessionExpires)
{
  CuratorFramework *client = Connect (session_ms);
  CuratorLeaderLatch *first = StartLatch (client, "one");
  LatchLog *log = Listen (first);
  ASSERT_TRUE (UntilTold (log, { "gained" }));
  CuratorLeaderLatch *second = StartLatch (Connect (), "two");
  ASSERT_TRUE (UntilParticipants (second, 2));
  Ref<CuratorLease> lease = LeaseOf (first);

  Expire (client);
  ASSERT_TRUE (UntilLeads (second));
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (Until ([&] { return Participants (second) == std::vector<std::string>{ "*two", "one" }; }));
  CloseLatch (second);
  ASSERT_TRUE (UntilLeads (first));
  Ref<CuratorLease> again = LeaseOf (first);
  EXPECT_GT (curator_lease_get_fencing_token (again), curator_lease_get_fencing_token (lease));
  EXPECT_NE (curator_lease_get_session_id (again), curator_lease_get_session_id (lease));
  ASSERT_TRUE (Until ([&] { return log->signals.back () == "gained" && log->signals.size () > 1; }));
  for (size_t i = 0; i < log->signals.size (); i++)
    EXPECT_EQ (i % 2 == 0 ? "gained" : "lost", log->signals[i]);
}

/* faults: 7 */
TEST_F (LeaderLatchFaults, AWaitersSessionExpires)
{
  CuratorLeaderLatch *first = StartLatch (Connect (), "one");
  ASSERT_TRUE (UntilLeads (first));
  CuratorFramework *client = Connect (session_ms);
  CuratorLeaderLatch *second = StartLatch (client, "two");
  LatchLog *log = Listen (second);
  ASSERT_TRUE (UntilParticipants (first, 2));
  std::string before = NodeOf (first, "two");

  Expire (client);
  ASSERT_TRUE (Until ([&] {
    std::string now = NodeOf (first, "two");

    return !now.empty () && now != before;
  }));
  Drain ();
  EXPECT_THAT (log->signals, IsEmpty ());
  CloseLatch (first);
  EXPECT_TRUE (UntilTold (log, { "gained" }));
}

/* faults: 6, 12, 30
 * bugs: CURATOR-504, CURATOR-644 */
TEST_F (LeaderLatchFaults, AllSessionsExpireAtOnce)
{
  std::vector<CuratorFramework *> clients;
  std::vector<CuratorLeaderLatch *> latches;
  std::vector<LatchLog *> logs;

  for (int i = 0; i < 4; i++)
    {
      clients.push_back (Connect (session_ms));
      latches.push_back (StartLatch (clients.back (), std::to_string (i).c_str ()));
      logs.push_back (Listen (latches.back ()));
    }
  for (int round = 0; round < 3; round++)
    {
      ASSERT_TRUE (UntilParticipants (latches[0], 4));
      ASSERT_TRUE (Until ([&] { return CountLeaders (latches) == 1; }, 20000));
      for (CuratorFramework *client : clients)
        Expire (client);
    }
  ASSERT_TRUE (UntilParticipants (latches[0], 4));
  EXPECT_TRUE (Until ([&] { return CountLeaders (latches) == 1; }, 20000));
  for (LatchLog *log : logs)
    for (size_t i = 0; i < log->signals.size (); i++)
      EXPECT_EQ (i % 2 == 0 ? "gained" : "lost", log->signals[i]);
}

/* --- operators --- */

/* faults: 19
 * bugs: CURATOR-645 */
TEST_F (LeaderLatchFaults, TheLeadersNodeIsDeleted)
{
  CuratorLeaderLatch *first = StartLatch (Connect (), "one");
  LatchLog *log = Listen (first);
  ASSERT_TRUE (UntilTold (log, { "gained" }));
  CuratorLeaderLatch *second = StartLatch (Connect (), "two");
  ASSERT_TRUE (UntilParticipants (first, 2));
  Ref<CuratorLease> lease = LeaseOf (first);
  std::string node = NodeOf (first, "two");

  OperatorDelete (curator_lease_get_path (lease));
  ASSERT_TRUE (UntilLeads (second));
  EXPECT_EQ (node, curator_lease_get_path (LeaseOf (second)));
  ASSERT_TRUE (UntilTold (log, { "gained", "lost" }));
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (lease));
  EXPECT_TRUE (Until ([&] { return Participants (second) == std::vector<std::string>{ "*two", "one" }; }));
}

/* faults: 19 */
TEST_F (LeaderLatchFaults, AWaitersNodeIsDeleted)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client, "one");
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client, "two");
  ASSERT_TRUE (UntilParticipants (first, 2));
  std::string before = NodeOf (first, "two");

  OperatorDelete (before);
  ASSERT_TRUE (Until ([&] {
    std::string now = NodeOf (first, "two");

    return !now.empty () && now != before;
  }));
  CloseLatch (first);
  EXPECT_TRUE (UntilLeads (second));
}

/* faults: 12, 20
 * bugs: CURATOR-644, CURATOR-645, CURATOR-652, CURATOR-653 */
TEST_F (LeaderLatchFaults, EverybodysNodesAreDeleted)
{
  std::vector<CuratorLeaderLatch *> latches;

  for (int i = 0; i < 5; i++)
    latches.push_back (StartLatch (Connect (), std::to_string (i).c_str ()));
  for (int round = 0; round < 5; round++)
    {
      ASSERT_TRUE (UntilParticipants (latches[0], 5));
      for (int i = 0; i < 5; i++)
        {
          std::string node = NodeOf (latches[0], std::to_string (i));

          if (!node.empty ())
            OperatorDelete (node);
        }
    }
  ASSERT_TRUE (UntilParticipants (latches[0], 5));
  ASSERT_TRUE (Until ([&] { return CountLeaders (latches) == 1; }, 20000));
  /* Nobody resets anybody: what they are is what they stay. */
  auto before = Participants (latches[0]);
  Drain ();
  EXPECT_EQ (before, Participants (latches[1]));
}

/* faults: 20
 * bugs: CURATOR-724 */
TEST_F (LeaderLatchFaults, TheParentIsDeletedWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorLeaderLatch *first = StartLatch (client, "one");
  LatchLog *log = Listen (first);
  ASSERT_TRUE (UntilTold (log, { "gained" }));
  CuratorLeaderLatch *second = StartLatch (client, "two");
  ASSERT_TRUE (UntilParticipants (first, 2));
  Ref<CuratorLease> lease = LeaseOf (first);

  Disconnect ();
  ASSERT_TRUE (UntilTold (log, { "gained", "lost" }));
  OperatorDelete ("/leader");
  Reconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (Until ([&] { return CountLeaders ({ first, second }) == 1; }, 20000));
  EXPECT_TRUE (UntilParticipants (first, 2));
}

/* --- rights --- */

/* faults: 18 */
TEST_F (LeaderLatchFaults, OneThatIsNotLetInSaysSo)
{
  CuratorFramework *client = Connect ();
  Error error;

  MakeReadOnly (client, "/leader");
  CuratorLeaderLatch *latch = NewLatch (client);
  LatchLog *log = Listen (latch);
  Call *waiting = Await (latch);
  ASSERT_TRUE (curator_leader_latch_start (latch, error.out ())) << error.message ();
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_AUTH)) << waiting->error.message ();
  ASSERT_TRUE (Until ([&] { return !log->errors.empty (); }));
  EXPECT_FALSE (Leads (latch));
  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_STARTED, curator_leader_latch_get_state (latch));
  CloseLatch (latch);
}

/* Between two attempts it hears of the end as well. */
TEST_F (LeaderLatchFaults, TheClientOfOneThatIsNotLetInIsClosed)
{
  CuratorFramework *client = Connect ();
  MakeReadOnly (client, "/leader");
  CuratorLeaderLatch *latch = StartLatch (client);
  LatchLog *log = Listen (latch);

  ASSERT_TRUE (Until ([&] { return !log->errors.empty (); }));
  Call *waiting = Await (latch);
  Close (client);
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << waiting->error.message ();
  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_CLOSED, curator_leader_latch_get_state (latch));
  EXPECT_EQ (1u, log->errors.size ());
}

} // namespace
