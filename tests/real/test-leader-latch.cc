/* SPDX-License-Identifier: Apache-2.0 */
#include "leader-fixture.h"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace leader_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

namespace
{

class LeaderLatch : public LeaderFixture
{
};

/* --- leading --- */

TEST_F (LeaderLatch, OneOfSeveralLeads)
{
  CuratorLeaderLatch *first = StartLatch (Connect (), "one");
  LatchLog *first_log = Listen (first);
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (Connect (), "two");
  LatchLog *second_log = Listen (second);

  ASSERT_TRUE (UntilParticipants (first, 2));
  EXPECT_FALSE (Leads (second));
  EXPECT_EQ (nullptr, LeaseOf (second).get ());
  EXPECT_THAT (Participants (second), ElementsAre ("*one", "two"));
  Ref<CuratorLease> lease = LeaseOf (first);
  ASSERT_NE (nullptr, lease.get ());
  EXPECT_TRUE (curator_lease_is_valid (lease));
  EXPECT_THAT (curator_lease_get_path (lease), MatchesRegex ("/leader/_c_[-0-9a-f]{36}-latch-[0-9]{10}"));

  CloseLatch (first, CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER);
  EXPECT_EQ (CURATOR_LEASE_STATE_RELEASED, curator_lease_get_state (lease));
  ASSERT_TRUE (UntilLeads (second));
  Ref<CuratorLease> next = LeaseOf (second);
  EXPECT_GT (curator_lease_get_fencing_token (next), curator_lease_get_fencing_token (lease));
  EXPECT_TRUE (UntilTold (first_log, { "gained", "lost" }));
  EXPECT_TRUE (UntilTold (second_log, { "gained" }));
  EXPECT_EQ (2u, first_log->n_notifications);
}

TEST_F (LeaderLatch, TheNodeSaysWhoItIs)
{
  CuratorLeaderLatch *latch = StartLatch (Connect (), "ünö");

  ASSERT_TRUE (UntilLeads (latch));
  std::string node = curator_lease_get_path (LeaseOf (latch));
  Error error;
  g_autoptr (GBytes) data = curator_test_server_operator_get_data_sync (Server (), ServerPath (node).c_str (),
                                                                        nullptr, error.out ());
  ASSERT_NE (nullptr, data) << error.message ();
  EXPECT_EQ ("ünö", std::string (static_cast<const char *> (g_bytes_get_data (data, nullptr)),
                                 g_bytes_get_size (data)));
}

TEST_F (LeaderLatch, ReleasingTheLeaseHandsTheLeadershipOn)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client, "one");
  LatchLog *log = Listen (first);
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client, "two");
  ASSERT_TRUE (UntilParticipants (second, 2));

  Ref<CuratorLease> lease = LeaseOf (first);
  Release (lease);
  EXPECT_FALSE (Leads (first));
  ASSERT_TRUE (UntilLeads (second));
  EXPECT_TRUE (UntilTold (log, { "gained", "lost" }));
  ASSERT_TRUE (Until ([&] { return Participants (second) == std::vector<std::string>{ "*two", "one" }; }));
  CloseLatch (second);
  EXPECT_TRUE (UntilTold (log, { "gained", "lost", "gained" }));
  EXPECT_NE (lease.get (), LeaseOf (first).get ());
}

TEST_F (LeaderLatch, AWriteOfADeposedLeaderFails)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *latch = StartLatch (client);
  ASSERT_TRUE (UntilLeads (latch));
  Ref<CuratorLease> lease = LeaseOf (latch);
  OperatorCreate ("/data");
  auto write = [&] (Error *error) {
    Ref<CuratorTransaction> transaction (curator_framework_transaction (client));
    g_autoptr (GBytes) data = g_bytes_new ("x", 1);

    curator_lease_guard (lease, transaction);
    curator_transaction_set_data (transaction, "/data", data, -1);
    g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, nullptr, error->out ());
    return results != nullptr;
  };
  Error error;

  EXPECT_TRUE (write (&error)) << error.message ();
  OperatorDelete (curator_lease_get_path (lease));
  EXPECT_FALSE (write (&error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << error.message ();
}

TEST_F (LeaderLatch, ManyLeadInTheirOrder)
{
  std::vector<CuratorLeaderLatch *> latches;
  guint64 token = 0;

  for (int i = 0; i < 6; i++)
    {
      latches.push_back (StartLatch (Connect (), std::to_string (i).c_str ()));
      ASSERT_TRUE (UntilParticipants (latches[0], i + 1));
    }
  for (size_t i = 0; i < latches.size (); i++)
    {
      ASSERT_TRUE (UntilLeads (latches[i]));
      for (CuratorLeaderLatch *other : latches)
        EXPECT_EQ (other == latches[i], Leads (other));
      EXPECT_GT (curator_lease_get_fencing_token (LeaseOf (latches[i])), token);
      token = curator_lease_get_fencing_token (LeaseOf (latches[i]));
      CloseLatch (latches[i]);
    }
}

/* --- starting and closing --- */

TEST_F (LeaderLatch, StatesFollowOneAnother)
{
  CuratorLeaderLatch *latch = NewLatch (Connect ());
  Error error;

  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_LATENT, curator_leader_latch_get_state (latch));
  EXPECT_STREQ ("", curator_leader_latch_get_id (latch));
  EXPECT_TRUE (curator_leader_latch_start (latch, error.out ())) << error.message ();
  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_STARTED, curator_leader_latch_get_state (latch));
  EXPECT_FALSE (curator_leader_latch_start (latch, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  CloseLatch (latch);
  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_CLOSED, curator_leader_latch_get_state (latch));
  EXPECT_FALSE (curator_leader_latch_start (latch, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("/leader"));
  CloseLatch (latch);
}

TEST_F (LeaderLatch, BadValuesAreErrors)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *latch = NewLatch (client, "x", "no/path");
  Error error;

  EXPECT_FALSE (curator_leader_latch_start (latch, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (curator_leader_latch_await_leadership_sync (latch, 100, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_leader_latch_get_participants_sync (latch, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (curator_leader_latch_await_leadership_sync (NewLatch (client), -2, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (curator_leader_latch_start (NewLatch (client, "\xff"), error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
}

TEST_F (LeaderLatch, OneWithoutPropertiesIsHarmless)
{
  Ref<CuratorLeaderLatch> latch (CURATOR_LEADER_LATCH (g_object_new (CURATOR_TYPE_LEADER_LATCH, nullptr)));

  EXPECT_FALSE (curator_leader_latch_get_has_leadership (latch));
  EXPECT_EQ (nullptr, curator_leader_latch_dup_lease (latch));
  EXPECT_EQ (nullptr, curator_leader_latch_get_client (latch));
  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_LATENT, curator_leader_latch_get_state (latch));
}

TEST_F (LeaderLatch, ASilentEndIsNotTold)
{
  CuratorLeaderLatch *latch = StartLatch (Connect ());
  LatchLog *log = Listen (latch);

  ASSERT_TRUE (UntilTold (log, { "gained" }));
  /* At once, whatever the loop has to do before. */
  curator_leader_latch_close_async (latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, nullptr, nullptr, nullptr);
  EXPECT_FALSE (Leads (latch));
  EXPECT_EQ (nullptr, LeaseOf (latch).get ());
  CloseLatch (latch, CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER);
  Drain ();
  EXPECT_THAT (log->signals, ElementsAre ("gained"));
  EXPECT_EQ (2u, log->n_notifications);
}

TEST_F (LeaderLatch, OneThatWaitsIsClosed)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client);
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client);
  LatchLog *log = Listen (second);

  ASSERT_TRUE (UntilParticipants (first, 2));
  CloseLatch (second, CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER);
  EXPECT_THAT (Participants (first), ElementsAre ("*"));
  Drain ();
  EXPECT_THAT (log->signals, IsEmpty ());
  EXPECT_TRUE (Leads (first));
}

/* Whatever it was doing. */
TEST_F (LeaderLatch, OneIsClosedAtAnyMoment)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *observer = NewLatch (client);

  for (int i = 0; i < 60; i++)
    {
      CuratorLeaderLatch *latch = StartLatch (client);

      for (int spins = 0; spins < i * 20; spins++)
        std::this_thread::yield ();
      CloseLatch (latch);
      Drop (latch);
    }
  EXPECT_TRUE (UntilParticipants (observer, 0));
}

TEST_F (LeaderLatch, DroppingItCloses)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client, "one");
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client, "two");

  ASSERT_TRUE (UntilParticipants (second, 2));
  Drop (first);
  EXPECT_TRUE (UntilLeads (second));
}

/* faults: 16 */
TEST_F (LeaderLatch, ItIsClosedAndDroppedFromItsSignal)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *latch = NewLatch (client);
  bool is_dropped = false;
  struct Dropping
  {
    LeaderLatch *test;
    bool *is_dropped;
  } dropping = { this, &is_dropped };

  g_signal_connect (latch, "gained", G_CALLBACK (+[] (CuratorLeaderLatch *self, Dropping *data) {
                      curator_leader_latch_close_async (self, CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER,
                                                        nullptr, nullptr, nullptr);
                      data->test->Drop (self);
                      *data->is_dropped = true;
                    }),
                    &dropping);
  EXPECT_TRUE (curator_leader_latch_start (latch, nullptr));
  EXPECT_TRUE (Until ([&] { return is_dropped; }));
}

/* faults: 15 */
TEST_F (LeaderLatch, TheClientIsClosed)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client);
  LatchLog *log = Listen (first);
  ASSERT_TRUE (UntilTold (log, { "gained" }));
  CuratorLeaderLatch *second = StartLatch (client);
  Call *waiting = Await (second);

  ASSERT_TRUE (UntilParticipants (first, 2));
  Close (client);
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << waiting->error.message ();
  EXPECT_FALSE (Leads (first));
  EXPECT_TRUE (UntilTold (log, { "gained", "lost" }));
  EXPECT_TRUE (
      Until ([&] { return curator_leader_latch_get_state (second) == CURATOR_LEADER_LATCH_STATE_CLOSED; }));
  CloseLatch (first);
}

/* faults: 26 */
TEST_F (LeaderLatch, IsInertInAForkedProcess)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *latch = StartLatch (client);
  CuratorLeaderLatch *other = NewLatch (client);
  ASSERT_TRUE (UntilLeads (latch));
  Ref<CuratorLease> lease = LeaseOf (latch);
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      GError *error = nullptr;
      bool inert =
          !curator_leader_latch_get_has_leadership (latch) &&
          curator_leader_latch_dup_lease (latch) == nullptr && !curator_leader_latch_start (other, nullptr) &&
          curator_leader_latch_get_participants_sync (latch, nullptr, nullptr) == nullptr &&
          !curator_leader_latch_close_sync (latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, nullptr, &error) &&
          g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

      _exit (inert ? 0 : 1);
    }
  ASSERT_EQ (child, waitpid (child, &status, 0));
  EXPECT_TRUE (WIFEXITED (status));
  EXPECT_EQ (0, WEXITSTATUS (status));
  EXPECT_TRUE (Leads (latch));
  EXPECT_EQ (1u, Participants (latch).size ());
}

TEST_F (LeaderLatch, LeavesNeitherNodesNorWatchesBehind)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *observer = NewLatch (client);
  std::vector<CuratorLeaderLatch *> latches;

  for (int i = 0; i < 4; i++)
    {
      latches.push_back (StartLatch (client));
      ASSERT_TRUE (UntilParticipants (observer, i + 1));
    }
  /* One that waits, the leader, and the others. */
  for (int i : { 2, 0, 3, 1 })
    CloseLatch (latches[i]);
  EXPECT_THAT (Participants (observer), IsEmpty ());
  EXPECT_TRUE (Until ([&] { return CountWatches () == 0; }));
}

/* --- waiting --- */

TEST_F (LeaderLatch, WhoWaitsHearsOfIt)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = NewLatch (client);
  Call *early = Await (first);
  Error error;

  ASSERT_TRUE (curator_leader_latch_start (first, error.out ())) << error.message ();
  ASSERT_TRUE (UntilDone (early));
  EXPECT_TRUE (early->ok);
  EXPECT_TRUE (curator_leader_latch_await_leadership_sync (first, 0, nullptr, error.out ()))
      << error.message ();
  CuratorLeaderLatch *second = StartLatch (client);
  Call *late = Await (second);
  EXPECT_FALSE (curator_leader_latch_await_leadership_sync (second, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_FALSE (curator_leader_latch_await_leadership_sync (second, 30, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_FALSE (late->done);
  CloseLatch (first);
  ASSERT_TRUE (UntilDone (late));
  EXPECT_TRUE (late->ok);
}

TEST_F (LeaderLatch, AWaitIsCancelled)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client);
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Call *waiting = Await (second, -1, cancellable);

  ASSERT_TRUE (UntilParticipants (first, 2));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << waiting->error.message ();
  CloseLatch (first);
  EXPECT_TRUE (UntilLeads (second));
}

TEST_F (LeaderLatch, ClosingEndsTheWait)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client);
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client);
  Call *waiting = Await (second);

  CloseLatch (second);
  ASSERT_TRUE (UntilDone (waiting));
  EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << waiting->error.message ();
  EXPECT_THAT (waiting->error.message (), HasSubstr ("/leader"));
}

TEST_F (LeaderLatch, AThreadWaits)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *first = StartLatch (client);
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (client);
  std::atomic<bool> leads{ false };
  std::thread thread ([&] {
    Error error;

    EXPECT_TRUE (curator_leader_latch_await_leadership_sync (second, 20000, nullptr, error.out ()))
        << error.message ();
    leads = true;
  });

  ASSERT_TRUE (UntilParticipants (first, 2));
  CloseLatch (first);
  thread.join ();
  EXPECT_TRUE (leads);
}

/* One that was not started has nothing to hear of its client by. */
TEST_F (LeaderLatch, NobodyWaitsForAClientThatIsClosed)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderLatch *latch = NewLatch (client);
  CuratorLeaderLatch *started = NewLatch (client);

  Close (client);
  EXPECT_TRUE (curator_leader_latch_start (started, nullptr));
  for (CuratorLeaderLatch *each : { latch, started })
    {
      Call *waiting = Await (each);

      ASSERT_TRUE (UntilDone (waiting));
      EXPECT_TRUE (waiting->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << waiting->error.message ();
    }
  EXPECT_EQ (CURATOR_LEADER_LATCH_STATE_CLOSED, curator_leader_latch_get_state (started));
}

/* --- who takes part --- */

TEST_F (LeaderLatch, NobodyTakesPart)
{
  CuratorLeaderLatch *latch = NewLatch (Connect ());
  Error error;

  EXPECT_THAT (Participants (latch), IsEmpty ());
  EXPECT_EQ (nullptr, curator_leader_latch_get_leader_sync (latch, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
}

TEST_F (LeaderLatch, TheLeaderIsKnownToAll)
{
  CuratorLeaderLatch *first = StartLatch (Connect (), "one");
  ASSERT_TRUE (UntilLeads (first));
  CuratorLeaderLatch *second = StartLatch (Connect (), "two");
  ASSERT_TRUE (UntilParticipants (first, 2));
  Error error;
  g_autoptr (CuratorParticipant) leader =
      curator_leader_latch_get_leader_sync (second, nullptr, error.out ());

  ASSERT_NE (nullptr, leader) << error.message ();
  EXPECT_STREQ ("one", curator_participant_get_id (leader));
  EXPECT_STREQ (curator_lease_get_path (LeaseOf (first)), curator_participant_get_path (leader));
  EXPECT_TRUE (curator_participant_is_leader (leader));
}

/* faults: 23 */
TEST_F (LeaderLatch, ForeignNodesAreIgnored)
{
  OperatorCreate ("/leader");
  OperatorCreate ("/leader/config");
  OperatorCreate ("/leader/latch-x");
  OperatorCreate ("/leader/lock-0000000000");
  CuratorLeaderLatch *latch = StartLatch (Connect (), "one");

  ASSERT_TRUE (UntilLeads (latch));
  EXPECT_THAT (Participants (latch), ElementsAre ("*one"));
}

TEST_F (LeaderLatch, AskingIsCancelled)
{
  CuratorLeaderLatch *latch = NewLatch (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Error error;

  g_cancellable_cancel (cancellable);
  EXPECT_EQ (nullptr, curator_leader_latch_get_participants_sync (latch, cancellable, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << error.message ();
}

} // namespace
