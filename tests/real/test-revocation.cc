/* SPDX-License-Identifier: Apache-2.0 */
#include "read-write-lock-fixture.h"

#include <gmock/gmock.h>

using namespace read_write_lock_test;
using ::testing::HasSubstr;

namespace
{

/* What is asked of holders, and what keeps out those who do not know that they are none any more. */
class Revocation : public ReadWriteLockFixture
{
protected:
  /* Lives as long as the test, and longer than the leases. */
  int *CountRequests (CuratorLease *lease)
  {
    counts_.push_back (std::make_unique<int> (0));
    g_signal_connect (lease, "revocation-requested",
                      G_CALLBACK (+[] (CuratorLease *, int *count) { ++*count; }), counts_.back ().get ());
    return counts_.back ().get ();
  }

  void Request (CuratorMutex *mutex, const char *participant = nullptr)
  {
    Error error;

    EXPECT_TRUE (curator_mutex_request_revocation_sync (mutex, participant, nullptr, error.out ()))
        << error.message ();
  }

  bool UntilOne (int *count)
  {
    return Until ([count] { return *count == 1; }, 20000);
  }

  std::string GetData (CuratorFramework *client, const std::string &path)
  {
    g_autoptr (CuratorGetDataBuilder) get = curator_framework_get_data (client);
    g_autoptr (GBytes) data = curator_get_data_builder_for_path_sync (get, path.c_str (), nullptr, nullptr);

    return data != nullptr ? std::string (static_cast<const char *> (g_bytes_get_data (data, nullptr)),
                                          g_bytes_get_size (data))
                           : "";
  }

  std::vector<std::unique_ptr<int> > counts_;
};

TEST_F (Revocation, TheHolderHearsOfIt)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> other = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  int *count = CountRequests (lease);

  Request (other);
  EXPECT_EQ ("__REVOKE__", GetData (client, curator_lease_get_path (lease)));
  ASSERT_TRUE (UntilOne (count));
  EXPECT_TRUE (curator_lease_is_valid (lease));
  /* Once more is nothing new. */
  Request (other, curator_lease_get_path (lease));
  ASSERT_TRUE (Until ([&] { return CountWatches (curator_lease_get_path (lease)) == 1; }));
  Release (lease);
  Drain ();
  EXPECT_EQ (1, *count);
}

TEST_F (Revocation, OtherDataAreNoRequest)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  int *count = CountRequests (lease);

  for (const char *text : { "", "__REVOKE", "__REVOKE__ " })
    {
      ASSERT_TRUE (Until ([&] { return CountWatches (curator_lease_get_path (lease)) == 1; }));
      OperatorSetData (curator_lease_get_path (lease), text);
    }
  ASSERT_TRUE (Until ([&] { return CountWatches (curator_lease_get_path (lease)) == 1; }));
  OperatorSetData (curator_lease_get_path (lease), "__REVOKE__");
  EXPECT_TRUE (UntilOne (count));
}

/* The request comes as soon as there is a node, before its watch. */
TEST_F (Revocation, ComesBeforeTheWatch)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> other = NewMutex (Connect ());

  for (int i = 0; i < 10; i++)
    {
      Ref<CuratorLease> lease = Acquire (mutex);
      int *count = CountRequests (lease);

      EXPECT_FALSE (curator_lease_is_revocation_requested (lease));
      Request (other, curator_lease_get_path (lease));
      EXPECT_TRUE (UntilOne (count));
      EXPECT_TRUE (curator_lease_is_revocation_requested (lease));
      Release (lease);
    }
}

/* Those who wait hear of it when they hold: the next one, who watches its own node, and those who do not yet.
 */
TEST_F (Revocation, ComesBeforeTheGrant)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  std::vector<Acquisition *> waiting;
  int *count = nullptr;

  for (size_t i = 0; i < 3; i++)
    {
      waiting.push_back (Begin (NewMutex (client))); /* with a node of its own each */
      waiting.back ()->on_granted = [&] (CuratorLease *granted) { count = CountRequests (granted); };
      ASSERT_TRUE (UntilParticipants (mutex, i + 2));
    }
  std::vector<std::string> paths = Participants (mutex);
  for (size_t i = 1; i < paths.size (); i++)
    Request (other, paths[i].c_str ());
  Release (lease);
  for (Acquisition *acquisition : waiting)
    {
      ASSERT_TRUE (UntilGranted (acquisition));
      EXPECT_TRUE (UntilOne (count));
      acquisition->lease.reset ();
    }
}

TEST_F (Revocation, ComesWhileSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  int *count = CountRequests (lease);

  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  Request (NewMutex (Connect ()));
  EXPECT_EQ (0, *count);
  Reconnect ();
  EXPECT_TRUE (UntilOne (count));
  /* Another reconnection does not repeat it. */
  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  Reconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_HELD));
  Drain ();
  EXPECT_EQ (1, *count);
}

TEST_F (Revocation, TheHolderGivesItBackFromTheSignal)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Acquisition *waiting = Begin (other);

  g_signal_connect (lease.get (), "revocation-requested", G_CALLBACK (curator_lease_release_in_background),
                    nullptr);
  ASSERT_TRUE (UntilParticipants (mutex, 2));
  Request (other);
  EXPECT_TRUE (UntilGranted (waiting));
  EXPECT_EQ (CURATOR_LEASE_STATE_RELEASED, curator_lease_get_state (lease));
}

TEST_F (Revocation, SaysWhyNobodyWasAsked)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> bad = NewMutex (clients_[0], "lock");
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Error none, kazoo, elsewhere, itself, invalid, cancelled, gone;

  EXPECT_FALSE (curator_mutex_request_revocation_sync (mutex, nullptr, nullptr, none.out ()));
  EXPECT_TRUE (none.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << none.message ();
  OperatorCreate ("/lock");
  Error empty;
  EXPECT_FALSE (curator_mutex_request_revocation_sync (mutex, nullptr, nullptr, empty.out ()));
  EXPECT_TRUE (empty.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << empty.message ();
  EXPECT_THAT (empty.message (), HasSubstr ("request revocation \"/lock\""));
  OperatorCreate ("/lock/0123456789abcdef0123456789abcdef__lock__0000000000");
  EXPECT_FALSE (curator_mutex_request_revocation_sync (mutex, nullptr, nullptr, kazoo.out ()));
  EXPECT_TRUE (kazoo.matches (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) << kazoo.message ();
  EXPECT_FALSE (
      curator_mutex_request_revocation_sync (mutex, "/else/lock-0000000000", nullptr, elsewhere.out ()));
  EXPECT_TRUE (elsewhere.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << elsewhere.message ();
  EXPECT_FALSE (curator_mutex_request_revocation_sync (mutex, "/lock", nullptr, itself.out ()));
  EXPECT_TRUE (itself.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << itself.message ();
  EXPECT_FALSE (curator_mutex_request_revocation_sync (bad, nullptr, nullptr, invalid.out ()));
  EXPECT_TRUE (invalid.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << invalid.message ();
  EXPECT_FALSE (curator_mutex_request_revocation_sync (mutex, "/lock/lock-0000000009", nullptr, gone.out ()));
  EXPECT_TRUE (gone.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << gone.message ();
  g_cancellable_cancel (cancellable);
  EXPECT_FALSE (curator_mutex_request_revocation_sync (mutex, nullptr, cancellable, cancelled.out ()));
  EXPECT_TRUE (cancelled.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << cancelled.message ();
  OperatorDelete ("/lock/0123456789abcdef0123456789abcdef__lock__0000000000");
}

struct Outcome
{
  bool done = false;
  Error error;
};

void
OnRequested (GObject *object, GAsyncResult *result, gpointer data)
{
  auto *outcome = static_cast<Outcome *> (data);

  bool was_made =
      curator_mutex_request_revocation_finish (CURATOR_MUTEX (object), result, outcome->error.out ());

  EXPECT_NE (was_made, outcome->error.get () != nullptr);
  outcome->done = true;
}

TEST_F (Revocation, IsCancelledWhileDisconnected)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> cut_off = NewMutex (client);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Outcome asked, cancelled, bad;

  curator_mutex_request_revocation_async (cut_off, "nonsense", nullptr, OnRequested, &bad);
  ASSERT_TRUE (Until ([&] { return bad.done; }));
  EXPECT_TRUE (bad.error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  curator_mutex_request_revocation_async (cut_off, nullptr, cancellable, OnRequested, &cancelled);
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (Until ([&] { return cancelled.done; }));
  EXPECT_TRUE (cancelled.error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
  Reconnect ();
  ASSERT_TRUE (Until ([&] { return curator_framework_is_connected (client); }));
  curator_mutex_request_revocation_async (cut_off, nullptr, nullptr, OnRequested, &asked);
  ASSERT_TRUE (Until ([&] { return asked.done; }));
  EXPECT_EQ (nullptr, asked.error.get ()) << asked.error.message ();
}

TEST_F (Revocation, ReadersAndWritersHearOfIt)
{
  Ref<CuratorReadWriteLock> lock = NewLock (Connect ());
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> first = Read (lock), second = Read (lock);
  int *first_count = CountRequests (first), *second_count = CountRequests (second);
  Error error;

  EXPECT_TRUE (curator_read_write_lock_request_revocation_sync (other, nullptr, nullptr, error.out ()))
      << error.message ();
  ASSERT_TRUE (UntilOne (first_count));
  EXPECT_EQ (0, *second_count);
  EXPECT_TRUE (curator_read_write_lock_request_revocation_sync (other, Readers (other)[1].c_str (), nullptr,
                                                                error.out ()))
      << error.message ();
  ASSERT_TRUE (UntilOne (second_count));
  Release (first);
  Release (second);
  Ref<CuratorLease> write = Write (lock);
  int *write_count = CountRequests (write);
  EXPECT_TRUE (curator_read_write_lock_request_revocation_sync (other, nullptr, nullptr, error.out ()))
      << error.message ();
  EXPECT_TRUE (UntilOne (write_count));
  EXPECT_EQ (1, *first_count);
}

/* --- the guard --- */

class Guard : public Revocation
{
protected:
  /* What a holder does under its lease. */
  bool Put (CuratorFramework *client, CuratorLease *lease, const char *text, Error &error)
  {
    g_autoptr (CuratorTransaction) transaction = curator_framework_transaction (client);
    g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));

    curator_lease_guard (lease, transaction);
    curator_transaction_set_data (transaction, "/value", data, -1);
    g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, nullptr, error.out ());
    return results != nullptr;
  }
};

/* faults: 19 */
TEST_F (Guard, KeepsOutWhoWasDeposed)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorFramework *other = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  Error first, second, third;

  OperatorCreate ("/value");
  EXPECT_TRUE (Put (client, lease, "first", first)) << first.message ();
  EXPECT_EQ ("first", GetData (other, "/value"));
  /* Deposed without hearing of it. */
  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  OperatorDelete (curator_lease_get_path (lease));
  Ref<CuratorLease> next = Acquire (NewMutex (other));
  EXPECT_TRUE (Put (other, next, "second", second)) << second.message ();
  Reconnect ();
  EXPECT_FALSE (Put (client, lease, "late", third));
  EXPECT_TRUE (third.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << third.message ();
  EXPECT_EQ ("second", GetData (other, "/value"));
}

/* faults: 6 */
TEST_F (Guard, KeepsOutWhoseSessionExpired)
{
  CuratorFramework *client = Connect (3000);
  CuratorFramework *other = Connect ();
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorLease> write = Write (lock);
  Error error;

  OperatorCreate ("/value");
  OperatorSetData ("/value", "before");
  Expire (client);
  ASSERT_TRUE (UntilState (write, CURATOR_LEASE_STATE_LOST));
  EXPECT_FALSE (Put (client, write, "late", error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << error.message ();
  EXPECT_EQ ("before", GetData (other, "/value"));
}

TEST_F (Guard, KeepsOutWhoGaveItBack)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  Error error;

  OperatorCreate ("/value");
  Release (lease);
  EXPECT_FALSE (Put (client, lease, "late", error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << error.message ();
}

} // namespace
