/* SPDX-License-Identifier: Apache-2.0 */
#include "mutex-fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>

using namespace mutex_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

/* How ZooKeeper numbers requests. */
constexpr int op_delete = 2;
constexpr int op_get_children = 12;
constexpr int op_create = 15;

constexpr int session_ms = 3000;

class MutexFaults : public ProxyFixture
{
protected:
  /* One after the other, whoever comes first. */
  void ExpectAllGranted (const std::vector<Acquisition *> &waiting, guint64 last_token)
  {
    for (size_t i = 0; i < waiting.size (); i++)
      {
        auto holder = waiting.end ();

        ASSERT_TRUE (Until ([&] {
          holder = std::find_if (waiting.begin (), waiting.end (), [] (Acquisition *acquisition) {
            return acquisition->lease.get () != nullptr;
          });
          return holder != waiting.end ();
        }));
        EXPECT_GT (curator_lease_get_fencing_token ((*holder)->lease), last_token);
        last_token = curator_lease_get_fencing_token ((*holder)->lease);
        (*holder)->lease.reset ();
      }
  }
};

/* --- operators --- */

/* faults: 19
 * bugs: CURATOR-211 */
TEST_F (MutexFaults, TheHoldersNodeIsDeleted)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  auto log = Listen (lease);
  Acquisition *waiting = Begin (mutex);

  ASSERT_TRUE (UntilParticipants (mutex, 2));
  OperatorDelete (curator_lease_get_path (lease));
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
  EXPECT_FALSE (curator_lease_is_valid (lease));
  ASSERT_TRUE (UntilGranted (waiting));
  EXPECT_GT (curator_lease_get_fencing_token (waiting->lease), curator_lease_get_fencing_token (lease));
  ASSERT_TRUE (Until ([&] { return !log->signals.empty (); }));
  Release (lease);
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (lease));
  Drain ();
  EXPECT_THAT (log->signals, ElementsAre ("lost"));
  EXPECT_THAT (log->states, ElementsAre (CURATOR_LEASE_STATE_LOST));
  EXPECT_TRUE (curator_lease_is_valid (waiting->lease));
}

/* faults: 19 */
TEST_F (MutexFaults, TheHoldersNodeIsDeletedAtOnce)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());

  for (int i = 0; i < 5; i++)
    {
      Ref<CuratorLease> lease = Acquire (mutex);

      OperatorDelete (curator_lease_get_path (lease));
      EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
    }
}

TEST_F (MutexFaults, TheHoldersNodeIsChangedAndThenDeleted)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  std::string path = curator_lease_get_path (lease);

  for (int i = 0; i < 3; i++)
    {
      ASSERT_TRUE (Until ([&] { return CountWatches (path) == 1; }));
      OperatorSetData (path, "__REVOKE__");
    }
  EXPECT_TRUE (curator_lease_is_valid (lease));
  OperatorDelete (path);
  EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
}

TEST_F (MutexFaults, AWaitersNodeIsDeleted)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Acquisition *next = Begin (Another (mutex));
  ASSERT_TRUE (UntilParticipants (mutex, 2));
  Acquisition *later = Begin (Another (mutex));
  ASSERT_TRUE (UntilParticipants (mutex, 3));
  std::vector<std::string> before = Participants (mutex);

  OperatorDelete (before[1]);
  ASSERT_TRUE (Until ([&] {
    auto now = Participants (mutex);

    return now.size () == 3 && now[1] == before[2];
  }));
  Release (lease);
  ASSERT_TRUE (UntilGranted (later));
  EXPECT_FALSE (next->done);
  later->lease.reset ();
  ASSERT_TRUE (UntilGranted (next));
  EXPECT_NE (before[1], curator_lease_get_path (next->lease));
}

/* faults: 20 */
TEST_F (MutexFaults, EverybodysNodesAreDeleted)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  std::vector<Acquisition *> waiting = { Begin (Another (mutex)), Begin (Another (mutex)),
                                         Begin (Another (mutex)) };

  ASSERT_TRUE (UntilParticipants (mutex, 4));
  for (const std::string &path : Participants (mutex))
    OperatorDelete (path);
  EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
  ExpectAllGranted (waiting, curator_lease_get_fencing_token (lease));
}

/* Else who is back at once would keep it from being deleted.
 * faults: 20
 * bugs: CURATOR-724 */
TEST_F (MutexFaults, TheParentIsDeletedWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  std::vector<Acquisition *> waiting = { Begin (Another (mutex)), Begin (Another (mutex)),
                                         Begin (Another (mutex)) };

  ASSERT_TRUE (UntilParticipants (mutex, 4));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  OperatorDelete ("/lock");
  Reconnect ();
  EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
  ExpectAllGranted (waiting, curator_lease_get_fencing_token (lease));
}

/* --- sessions --- */

/* faults: 6 */
TEST_F (MutexFaults, TheSessionExpiresWhileHolding)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  auto log = Listen (lease);

  Expire (client);
  ASSERT_TRUE (Until ([&] { return !log->signals.empty () && log->signals.back () == "lost"; }));
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (lease));
  EXPECT_EQ (1, std::count (log->signals.begin (), log->signals.end (), "lost"));
  Release (lease);
  Ref<CuratorLease> again = Acquire (mutex);
  EXPECT_STRNE (curator_lease_get_path (lease), curator_lease_get_path (again));
  EXPECT_NE (curator_lease_get_session_id (lease), curator_lease_get_session_id (again));
  EXPECT_GT (curator_lease_get_fencing_token (again), curator_lease_get_fencing_token (lease));
}

/* faults: 7 */
TEST_F (MutexFaults, TheSessionExpiresWhileWaiting)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (other);
  Acquisition *forever = Begin (Another (mutex));
  Acquisition *bounded = Begin (Another (mutex), 4 * session_ms);

  ASSERT_TRUE (UntilParticipants (other, 3));
  std::vector<std::string> before = Participants (other);
  gint64 session_id = curator_framework_get_session_id (client);
  Expire (client);
  ASSERT_TRUE (Until ([&] {
    auto now = Participants (other);

    return now.size () == 3 && now[1] != before[1] && now[1] != before[2] && now[2] != before[2];
  }));
  EXPECT_FALSE (forever->done);
  EXPECT_FALSE (bounded->done);
  Release (lease);
  ASSERT_TRUE (Until ([&] { return forever->done || bounded->done; }));
  Acquisition *first = forever->done ? forever : bounded;
  ASSERT_NE (nullptr, first->lease.get ()) << first->error.message ();
  EXPECT_NE (session_id, curator_lease_get_session_id (first->lease));
  first->lease.reset ();
  EXPECT_TRUE (UntilGranted (forever->done && first == forever ? bounded : forever));
}

/* faults: 28 */
TEST_F (MutexFaults, ManyLocksOfOneSessionAreLostOnceEach)
{
  const int count = 500;
  CuratorFramework *client = Connect (session_ms);
  std::vector<Ref<CuratorLease> > leases;
  std::vector<std::unique_ptr<LeaseLog> > logs;

  for (int i = 0; i < count; i++)
    Begin (NewMutex (client, ("/many/" + std::to_string (i)).c_str ()));
  for (auto &acquisition : acquisitions_)
    {
      ASSERT_TRUE (UntilGranted (acquisition.get ()));
      logs.push_back (Listen (acquisition->lease));
    }
  Expire (client);
  for (auto &acquisition : acquisitions_)
    ASSERT_TRUE (UntilState (acquisition->lease, CURATOR_LEASE_STATE_LOST));
  Drain ();
  for (auto &log : logs)
    EXPECT_EQ (1, std::count (log->signals.begin (), log->signals.end (), "lost"));
}

TEST_F (MutexFaults, AHolderIsKilled)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Error error;
  std::string timeout = std::to_string (session_ms);
  Ref<GSubprocess> holder (g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, error.out (), MUTEX_HOLDER,
                                             Chroot ().c_str (), "/lock", timeout.c_str (), nullptr));

  ASSERT_NE (nullptr, holder.get ()) << error.message ();
  ASSERT_TRUE (UntilParticipants (mutex, 1));
  Acquisition *acquisition = Begin (mutex);
  ASSERT_TRUE (UntilParticipants (mutex, 2));
  EXPECT_FALSE (acquisition->done);
  g_subprocess_send_signal (holder, SIGKILL);
  EXPECT_TRUE (g_subprocess_wait (holder, nullptr, nullptr));
  EXPECT_TRUE (UntilGranted (acquisition));
}

/* --- the connection --- */

/* faults: 9
 * bugs: kazoo-170 */
TEST_F (MutexFaults, ASuspensionIsSurvived)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  auto log = Listen (lease);

  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  EXPECT_FALSE (curator_lease_is_valid (lease));
  ASSERT_TRUE (Until ([&] { return log->signals.size () == 1; }));
  Reconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_HELD));
  EXPECT_TRUE (curator_lease_is_valid (lease));
  ASSERT_TRUE (Until ([&] { return log->signals.size () == 2; }));
  EXPECT_THAT (log->signals, ElementsAre ("suspended", "restored"));
  EXPECT_THAT (log->states, ElementsAre (CURATOR_LEASE_STATE_SUSPECT, CURATOR_LEASE_STATE_HELD));
  /* Its node is watched as before. */
  OperatorDelete (curator_lease_get_path (lease));
  EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
}

/* faults: 9
 * bugs: CURATOR-307 */
TEST_F (MutexFaults, TheNodeIsDeletedWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  auto log = Listen (lease);

  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  ASSERT_TRUE (Until ([&] { return log->signals.size () == 1; }));
  OperatorDelete (curator_lease_get_path (lease));
  Reconnect ();
  ASSERT_TRUE (Until ([&] { return log->signals.size () == 2; }));
  EXPECT_THAT (log->signals, ElementsAre ("suspended", "lost"));
}

/* faults: 11 */
TEST_F (MutexFaults, TheHolderLeavesWhileTheWaiterIsSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (other);
  std::vector<Acquisition *> waiting;

  for (size_t i = 0; i < 3; i++)
    {
      waiting.push_back (Begin (Another (mutex)));
      ASSERT_TRUE (UntilParticipants (other, i + 2));
    }
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Release (lease);
  Reconnect ();
  for (Acquisition *acquisition : waiting)
    {
      ASSERT_TRUE (UntilGranted (acquisition));
      acquisition->lease.reset ();
    }
}

TEST_F (MutexFaults, AWaiterSurvivesASuspension)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (other);
  Acquisition *acquisition = Begin (mutex);

  ASSERT_TRUE (UntilParticipants (other, 2));
  std::vector<std::string> before = Participants (other);
  for (int i = 0; i < 3; i++)
    {
      Disconnect ();
      ASSERT_TRUE (UntilSuspended (client));
      Reconnect ();
      ASSERT_TRUE (Until ([&] { return curator_framework_is_connected (client); }));
    }
  EXPECT_FALSE (acquisition->done);
  EXPECT_EQ (before, Participants (other));
  Release (lease);
  ASSERT_TRUE (UntilGranted (acquisition));
  EXPECT_EQ (before[1], curator_lease_get_path (acquisition->lease));
}

/* faults: 5
 * bugs: CURATOR-79, kazoo-264, kazoo-732 */
TEST_F (MutexFaults, CancelledAndTimedOutWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> lease = Acquire (other);
  Acquisition *cancelled = Begin (Another (mutex), -1, cancellable);
  Acquisition *timed_out = Begin (Another (mutex), 1000);
  Acquisition *in_flight;

  ASSERT_TRUE (UntilParticipants (other, 3));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  in_flight = Begin (Another (mutex), -1, cancellable);
  g_cancellable_cancel (cancellable);
  for (Acquisition *acquisition : { cancelled, in_flight, timed_out })
    EXPECT_TRUE (UntilDone (acquisition));
  EXPECT_TRUE (cancelled->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << cancelled->error.message ();
  EXPECT_TRUE (in_flight->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << in_flight->error.message ();
  EXPECT_TRUE (timed_out->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << timed_out->error.message ();
  Reconnect ();
  EXPECT_TRUE (UntilParticipants (other, 1));
}

/* The connection goes while it looks whether it is the first, and does not come back.
 * faults: 5 */
TEST_F (MutexFaults, WhoDoesNotWaitForOthersDoesNotWaitForAConnectionEither)
{
  constexpr int op_get_children2 = 12;
  CuratorFrameworkBuilder *builder = NewBuilder (StartProxy (), 10000);
  Error error;

  curator_framework_builder_with_connection_timeout_ms (builder, 300);
  CuratorFramework *client = Start (builder);
  ASSERT_TRUE (Until ([client] { return curator_framework_is_connected (client); }));
  Ref<CuratorMutex> mutex = NewMutex (client);
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_get_children2);
  Acquisition *tried = Begin (mutex, 0);
  ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, 10000, error.out ())) << error.message ();
  ASSERT_TRUE (UntilDone (tried));
  EXPECT_TRUE (tried->error.matches (CURATOR_ERROR, CURATOR_ERROR_CONNECTION_LOSS))
      << tried->error.message ();
  Reconnect ();
  EXPECT_TRUE (UntilParticipants (mutex, 0));
}

/* faults: 4
 * bugs: CURATOR-678 */
TEST_F (MutexFaults, ReleasedWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  auto log = Listen (lease);

  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  curator_lease_release_in_background (lease);
  EXPECT_EQ (CURATOR_LEASE_STATE_RELEASED, curator_lease_get_state (lease));
  std::vector<std::string> before = log->signals;
  Reconnect ();
  EXPECT_TRUE (UntilParticipants (other, 0));
  Drain ();
  EXPECT_EQ (before, log->signals) << "a signal came after the release";
}

struct Cut
{
  CuratorTestProxyCut how;
  int op;
};

/* What is lost on the way in.
 * faults: 1, 2, 4 */
TEST_F (MutexFaults, RequestsAndRepliesAreLost)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Error error;

  Release (Acquire (mutex));
  for (const Cut &cut : std::initializer_list<Cut>{ { CURATOR_TEST_PROXY_CUT_REQUEST, op_create },
                                                    { CURATOR_TEST_PROXY_CUT_REPLY, op_create },
                                                    { CURATOR_TEST_PROXY_CUT_REQUEST, op_get_children },
                                                    { CURATOR_TEST_PROXY_CUT_REPLY, op_get_children } })
    {
      SCOPED_TRACE (std::to_string (cut.how) + " " + std::to_string (cut.op));
      curator_test_proxy_cut_next (proxy_, cut.how, cut.op);
      Ref<CuratorLease> lease = Acquire (mutex);
      EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, 0, error.out ())) << error.message ();
      EXPECT_THAT (Participants (other), ElementsAre (curator_lease_get_path (lease)));
      Release (lease);
    }
  for (CuratorTestProxyCut how : { CURATOR_TEST_PROXY_CUT_REQUEST, CURATOR_TEST_PROXY_CUT_REPLY })
    {
      Ref<CuratorLease> lease = Acquire (mutex);

      curator_test_proxy_cut_next (proxy_, how, op_delete);
      Release (lease);
      EXPECT_TRUE (Participants (other).empty ());
    }
}

/* --- the end of the client --- */

/* faults: 15 */
TEST_F (MutexFaults, ClosingEndsWaitsAndLeases)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  auto log = Listen (lease);
  Acquisition *next = Begin (Another (mutex));
  Acquisition *later = Begin (Another (mutex), 60000);

  ASSERT_TRUE (UntilParticipants (mutex, 3));
  Acquisition *in_flight = Begin (Another (mutex));
  Close (client);
  for (Acquisition *acquisition : { next, later, in_flight })
    {
      ASSERT_TRUE (UntilDone (acquisition));
      EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED))
          << acquisition->error.message ();
      EXPECT_THAT (acquisition->error.message (), HasSubstr ("/lock"));
    }
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (lease));
  ASSERT_TRUE (Until ([&] { return log->signals.size () == 1; }));
  EXPECT_THAT (log->signals, ElementsAre ("lost"));
  Release (lease);
  EXPECT_TRUE (UntilParticipants (other, 0));
  Error error;
  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
}

TEST_F (MutexFaults, TheClientWasNeverStarted)
{
  Ref<CuratorFrameworkBuilder> builder (NewBuilder (Chroot (), session_ms));
  Ref<CuratorFramework> client (curator_framework_builder_build (builder, nullptr));
  Ref<CuratorMutex> mutex = NewMutex (client);
  Error error;

  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
}

/* CuratorLease may be closed from its own signal, and the client with it.
 * faults: 16 */
TEST_F (MutexFaults, EverythingIsLegalInASignal)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  Acquisition *again = nullptr;

  struct Context
  {
    MutexFixture *self;
    CuratorMutex *mutex;
    Ref<CuratorLease> *lease;
    Acquisition **again;
  } context = { this, mutex, &lease, &again };

  g_signal_connect (lease, "lost", G_CALLBACK (+[] (CuratorLease *, gpointer data) {
                      auto *in = static_cast<Context *> (data);

                      *in->again = in->self->Begin (in->mutex);
                      in->lease->reset ();
                    }),
                    &context);
  OperatorDelete (curator_lease_get_path (lease));
  ASSERT_TRUE (Until ([&] { return again != nullptr; }));
  EXPECT_EQ (nullptr, lease.get ());
  EXPECT_TRUE (UntilGranted (again));
}

} // namespace
