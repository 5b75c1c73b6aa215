/* SPDX-License-Identifier: Apache-2.0 */
#include "read-write-lock-fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace read_write_lock_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

namespace
{

constexpr int session_ms = 3000;

class ReadWriteLock : public ReadWriteLockFixture
{
};

TEST_F (ReadWriteLock, HasCuratorsLayout)
{
  Ref<CuratorReadWriteLock> lock = NewLock (Connect (), "/some/lock");
  g_autoptr (CuratorFramework) client = nullptr;
  g_autofree char *path = nullptr;

  g_object_get (lock.get (), "client", &client, "path", &path, nullptr);
  EXPECT_EQ (client, curator_read_write_lock_get_client (lock));
  EXPECT_STREQ ("/some/lock", path);
  EXPECT_STREQ ("/some/lock", curator_read_write_lock_get_path (lock));
  EXPECT_TRUE (Readers (lock).empty ());

  Ref<CuratorLease> read = Read (lock);
  EXPECT_THAT (std::string (curator_lease_get_path (read)),
               MatchesRegex ("/some/lock/_c_[0-9a-f-]*-__READ__0000000000"));
  EXPECT_THAT (Readers (lock), ElementsAre (curator_lease_get_path (read)));
  EXPECT_TRUE (Writers (lock).empty ());
  Release (read);
  Ref<CuratorLease> write = Write (lock);
  EXPECT_THAT (std::string (curator_lease_get_path (write)),
               MatchesRegex ("/some/lock/_c_[0-9a-f-]*-__WRIT__0000000001"));
  EXPECT_THAT (Writers (lock), ElementsAre (curator_lease_get_path (write)));
  Ref<CuratorLease> covered = ReadUnder (lock, write);
  EXPECT_THAT (std::string (curator_lease_get_path (covered)),
               MatchesRegex ("/some/lock/_c_[0-9a-f-]*-__READ__0000000001"));
  EXPECT_GT (curator_lease_get_fencing_token (write), curator_lease_get_fencing_token (read));
  EXPECT_GT (curator_lease_get_fencing_token (covered), curator_lease_get_fencing_token (write));
}

TEST_F (ReadWriteLock, ReadersShare)
{
  Ref<CuratorReadWriteLock> one = NewLock (Connect ());
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> first = Read (one), second = Read (other), third = Read (one);
  Acquisition *writer = BeginWrite (one);

  ASSERT_TRUE (UntilNodes (one, 3, 1));
  first.reset ();
  third.reset ();
  ASSERT_TRUE (UntilNodes (one, 1, 1));
  EXPECT_FALSE (writer->done);
  second.reset ();
  EXPECT_TRUE (UntilGranted (writer));
}

/* A writer keeps those who come later waiting, even while readers hold; then all readers up to the next
 * writer hold. */
TEST_F (ReadWriteLock, NobodyOvertakesAWriter)
{
  Ref<CuratorReadWriteLock> one = NewLock (Connect ());
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> reading = Read (one);
  Acquisition *first_writer = BeginWrite (other);
  ASSERT_TRUE (UntilNodes (one, 1, 1));
  Acquisition *readers[] = { BeginRead (one), BeginRead (other), BeginRead (one) };
  ASSERT_TRUE (UntilNodes (one, 4, 1));
  Acquisition *second_writer = BeginWrite (one);
  ASSERT_TRUE (UntilNodes (one, 4, 2));
  Acquisition *late_reader = BeginRead (other);
  ASSERT_TRUE (UntilNodes (one, 5, 2));

  Drain ();
  for (Acquisition *reader : readers)
    EXPECT_FALSE (reader->done);
  reading.reset ();
  ASSERT_TRUE (UntilGranted (first_writer));
  for (Acquisition *reader : readers)
    EXPECT_FALSE (reader->done);
  first_writer->lease.reset ();
  for (Acquisition *reader : readers)
    ASSERT_TRUE (UntilGranted (reader));
  EXPECT_FALSE (second_writer->done);
  EXPECT_FALSE (late_reader->done);
  for (Acquisition *reader : readers)
    reader->lease.reset ();
  ASSERT_TRUE (UntilGranted (second_writer));
  EXPECT_FALSE (late_reader->done);
  second_writer->lease.reset ();
  EXPECT_TRUE (UntilGranted (late_reader));
}

TEST_F (ReadWriteLock, WritersAreServedInTheirOrder)
{
  Ref<CuratorReadWriteLock> one = NewLock (Connect ());
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> lease = Write (one);
  std::vector<Acquisition *> waiting;

  for (size_t i = 0; i < 5; i++)
    {
      waiting.push_back (BeginWrite (i % 2 == 0 ? other : one));
      ASSERT_TRUE (UntilNodes (one, 0, i + 2));
    }
  for (size_t i = 0; i < waiting.size (); i++)
    {
      Release (lease);
      ASSERT_TRUE (UntilGranted (waiting[i]));
      EXPECT_GT (curator_lease_get_fencing_token (waiting[i]->lease),
                 curator_lease_get_fencing_token (lease));
      lease = waiting[i]->lease;
      waiting[i]->lease.reset ();
      for (size_t later = i + 1; later < waiting.size (); later++)
        EXPECT_FALSE (waiting[later]->done);
    }
}

/* Readers and writers that come all the time, from several clients and threads.
 * bugs: kazoo-649 */
TEST_F (ReadWriteLock, HasEitherReadersOrOneWriter)
{
  const int threads = 6, rounds = 30;
  std::vector<Ref<CuratorReadWriteLock> > locks;
  std::vector<std::thread> running;
  std::atomic<int> readers{ 0 }, writers{ 0 }, granted{ 0 }, wrong{ 0 };

  for (int i = 0; i < threads; i++)
    locks.push_back (NewLock (i < 3 ? Connect () : clients_[static_cast<size_t> (i) % 3].get ()));
  for (int i = 0; i < threads; i++)
    running.emplace_back ([&, i] {
      for (int round = 0; round < rounds; round++)
        {
          bool writes = (round + i) % 3 == 0;
          g_autoptr (CuratorLease) lease =
              writes ? curator_read_write_lock_acquire_write_sync (locks[i], -1, nullptr, nullptr)
                     : curator_read_write_lock_acquire_read_sync (locks[i], -1, nullptr, nullptr);

          if (lease == nullptr)
            return;
          granted++;
          if (writes)
            {
              wrong += writers.fetch_add (1) + readers.load ();
              writers--;
            }
          else
            {
              readers++;
              wrong += writers.load ();
              readers--;
            }
        }
    });
  for (auto &thread : running)
    thread.join ();
  EXPECT_EQ (0, wrong.load ());
  EXPECT_EQ (threads * rounds, granted.load ());
}

TEST_F (ReadWriteLock, Tries)
{
  Ref<CuratorReadWriteLock> one = NewLock (Connect ());
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> read = Read (one);
  Ref<CuratorLease> with (curator_read_write_lock_try_acquire_read_sync (other, nullptr, nullptr));
  Error error;

  EXPECT_NE (nullptr, with.get ());
  EXPECT_EQ (nullptr, curator_read_write_lock_try_acquire_write_sync (other, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ());
  with.reset ();
  /* There is no way up: the reader would wait for itself. */
  EXPECT_EQ (nullptr, curator_read_write_lock_try_acquire_write_sync (one, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ());
  EXPECT_EQ (nullptr, curator_read_write_lock_acquire_write_sync (one, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  EXPECT_THAT (error.message (), HasSubstr ("acquire write \"/lock\""));
  Release (read);

  Ref<CuratorLease> write (curator_read_write_lock_try_acquire_write_sync (other, nullptr, error.out ()));
  ASSERT_NE (nullptr, write.get ()) << error.message ();
  Error none;
  EXPECT_EQ (nullptr, curator_read_write_lock_try_acquire_read_sync (one, nullptr, none.out ()));
  EXPECT_EQ (nullptr, none.get ());
  EXPECT_TRUE (UntilNodes (one, 0, 1));
}

TEST_F (ReadWriteLock, TriesInTheBackground)
{
  Ref<CuratorReadWriteLock> lock = NewLock (Connect ());
  bool was_tried[2] = {};

  curator_read_write_lock_try_acquire_write_async (
      lock, nullptr,
      [] (GObject *object, GAsyncResult *result, gpointer data) {
        g_autoptr (CuratorLease) lease = curator_read_write_lock_try_acquire_write_finish (
            CURATOR_READ_WRITE_LOCK (object), result, nullptr);

        EXPECT_NE (nullptr, lease);
        *static_cast<bool *> (data) = true;
      },
      &was_tried[0]);
  ASSERT_TRUE (Until ([&] { return was_tried[0]; }));
  ASSERT_TRUE (UntilNodes (lock, 0, 0));
  Ref<CuratorLease> write = Write (lock);
  curator_read_write_lock_try_acquire_read_async (
      lock, nullptr,
      [] (GObject *object, GAsyncResult *result, gpointer data) {
        g_autoptr (GError) error = nullptr;

        EXPECT_EQ (nullptr, curator_read_write_lock_try_acquire_read_finish (CURATOR_READ_WRITE_LOCK (object),
                                                                             result, &error));
        EXPECT_EQ (nullptr, error);
        *static_cast<bool *> (data) = true;
      },
      &was_tried[1]);
  ASSERT_TRUE (Until ([&] { return was_tried[1]; }));
}

TEST_F (ReadWriteLock, TimesOutAndIsCancelled)
{
  Ref<CuratorReadWriteLock> lock = NewLock (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> write = Write (lock);
  Acquisition *brief[] = { BeginRead (lock, 100), BeginWrite (lock, 100) };
  Acquisition *long_ones[] = { BeginRead (lock, -1, cancellable), BeginWrite (lock, -1, cancellable) };

  for (Acquisition *acquisition : brief)
    {
      ASSERT_TRUE (UntilDone (acquisition));
      EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
    }
  ASSERT_TRUE (UntilNodes (lock, 1, 2));
  g_cancellable_cancel (cancellable);
  for (Acquisition *acquisition : long_ones)
    {
      ASSERT_TRUE (UntilDone (acquisition));
      EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
    }
  EXPECT_TRUE (UntilNodes (lock, 0, 1));
  EXPECT_TRUE (curator_lease_is_valid (write));
}

TEST_F (ReadWriteLock, ReportsBadArguments)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorReadWriteLock> bad = NewLock (client, "lock"), good = NewLock (client);
  Ref<CuratorReadWriteLock> empty (
      CURATOR_READ_WRITE_LOCK (g_object_new (CURATOR_TYPE_READ_WRITE_LOCK, nullptr)));
  Ref<CuratorLease> write = Write (good);
  Error errors[4];

  EXPECT_EQ (nullptr, curator_read_write_lock_acquire_read_sync (bad, -1, nullptr, errors[0].out ()));
  EXPECT_EQ (nullptr, curator_read_write_lock_acquire_write_sync (good, -2, nullptr, errors[1].out ()));
  EXPECT_EQ (nullptr,
             curator_read_write_lock_acquire_covered_read_sync (bad, write, -1, nullptr, errors[2].out ()));
  EXPECT_EQ (nullptr, curator_read_write_lock_get_reader_nodes_sync (bad, nullptr, errors[3].out ()));
  for (Error &error : errors)
    EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_read_write_lock_get_client (empty));
}

/* --- covered reads --- */

/* Whoever waits behind the write lease waits for the read lease that it covered: a writer that looked at
 * nobody but the write lease would be let in. bugs: CURATOR-621 */
TEST_F (ReadWriteLock, AWriterDowngrades)
{
  Ref<CuratorReadWriteLock> one = NewLock (Connect ());
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> write = Write (one);
  Acquisition *writer = BeginWrite (other);
  ASSERT_TRUE (UntilNodes (one, 0, 2));
  ASSERT_TRUE (UntilWatches (1));
  Acquisition *late_reader = BeginRead (other);
  ASSERT_TRUE (UntilNodes (one, 1, 2));
  Ref<CuratorLease> read = ReadUnder (one, write);

  Release (write);
  ASSERT_TRUE (UntilNodes (one, 2, 1));
  EXPECT_TRUE (curator_lease_is_valid (read));
  LetCatchUp (other);
  EXPECT_FALSE (writer->done);
  EXPECT_FALSE (late_reader->done);
  EXPECT_TRUE (curator_lease_is_valid (read));
  Release (read);
  ASSERT_TRUE (UntilGranted (writer));
  EXPECT_FALSE (late_reader->done);
  writer->lease.reset ();
  EXPECT_TRUE (UntilGranted (late_reader));
}

/* A downgraded reader and the readers that waited behind the write lease hold together. */
TEST_F (ReadWriteLock, ReadersJoinOneThatDowngraded)
{
  Ref<CuratorReadWriteLock> one = NewLock (Connect ());
  Ref<CuratorLease> write = Write (one);
  Acquisition *reader = BeginRead (NewLock (Connect ()));
  ASSERT_TRUE (UntilNodes (one, 1, 1));
  Ref<CuratorLease> reads[] = { ReadUnder (one, write), ReadUnder (one, write) };

  EXPECT_FALSE (reader->done);
  Release (write);
  ASSERT_TRUE (UntilGranted (reader));
  for (auto &read : reads)
    EXPECT_TRUE (curator_lease_is_valid (read));
}

TEST_F (ReadWriteLock, WhatIsNotHeldCoversNothing)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorReadWriteLock> elsewhere = NewLock (client, "/elsewhere");
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> read = Read (lock);
  Ref<CuratorLease> foreign = Write (elsewhere);
  Ref<CuratorLease> never (CURATOR_LEASE (g_object_new (CURATOR_TYPE_LEASE, nullptr)));

  for (CuratorLease *lease : { read.get (), foreign.get (), never.get () })
    {
      Error error;

      EXPECT_EQ (nullptr,
                 curator_read_write_lock_acquire_covered_read_sync (lock, lease, -1, nullptr, error.out ()));
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
      Acquisition *acquisition = BeginReadUnder (lock, lease);
      ASSERT_TRUE (UntilDone (acquisition));
      EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
    }
  Release (read);
  Ref<CuratorLease> write = Write (lock);
  /* Another client's is no cover, even though it is held. */
  Acquisition *of_others = BeginReadUnder (other, write);
  ASSERT_TRUE (UntilDone (of_others));
  EXPECT_TRUE (of_others->error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE));
  Release (write);
  Acquisition *late = BeginReadUnder (lock, write);
  ASSERT_TRUE (UntilDone (late));
  EXPECT_TRUE (late->error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << late->error.message ();
}

TEST_F (ReadWriteLock, ACoveredReadIsCancelled)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorLease> write = Write (lock);
  Ref<GCancellable> cancellable (g_cancellable_new ());

  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Acquisition *acquisition = BeginReadUnder (lock, write, cancellable);
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (acquisition));
  EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
  Reconnect ();
  ASSERT_TRUE (UntilState (write, CURATOR_LEASE_STATE_HELD));
  EXPECT_TRUE (UntilNodes (lock, 0, 1));
}

/* --- sessions and connections --- */

/* faults: 6 */
TEST_F (ReadWriteLock, TheSessionExpiresWhileHolding)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorLease> write = Write (lock);
  Ref<CuratorLease> covered = ReadUnder (lock, write);
  auto write_log = Listen (write), read_log = Listen (covered);
  Acquisition *other = BeginWrite (NewLock (Connect ()));

  Expire (client);
  ASSERT_TRUE (UntilState (write, CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (UntilState (covered, CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (UntilGranted (other));
  EXPECT_TRUE (Until ([&] {
    return std::count (write_log->signals.begin (), write_log->signals.end (), "lost") == 1 &&
           std::count (read_log->signals.begin (), read_log->signals.end (), "lost") == 1;
  }));
  /* What was lost covers nothing in the next session. */
  Acquisition *late = BeginReadUnder (lock, write);
  ASSERT_TRUE (UntilDone (late));
  EXPECT_EQ (nullptr, late->lease.get ());
}

/* faults: 7 */
TEST_F (ReadWriteLock, TheSessionExpiresWhileWaiting)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> write = Write (other);
  Acquisition *reader = BeginRead (lock), *writer = BeginWrite (lock);

  ASSERT_TRUE (UntilNodes (other, 1, 2));
  gint64 session_id = curator_framework_get_session_id (client);
  auto readers = Readers (other), writers = Writers (other);
  Expire (client);
  ASSERT_TRUE (Until ([&] {
    auto now_readers = Readers (other), now_writers = Writers (other);

    return now_readers.size () == 1 && now_readers != readers && now_writers.size () == 2 &&
           now_writers[1] != writers[1];
  }));
  Release (write);
  ASSERT_TRUE (Until ([&] { return reader->done || writer->done; }));
  for (Acquisition *acquisition : { reader, writer })
    if (acquisition->done)
      acquisition->lease.reset ();
  ASSERT_TRUE (UntilDone (reader));
  ASSERT_TRUE (UntilDone (writer));
  for (Acquisition *acquisition : { reader, writer })
    EXPECT_EQ (nullptr, acquisition->error.get ()) << acquisition->error.message ();
  EXPECT_NE (session_id, curator_framework_get_session_id (client));
}

/* faults: 9 */
TEST_F (ReadWriteLock, HoldersSurviveASuspension)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorLease> write = Write (lock);
  Ref<CuratorLease> covered = ReadUnder (lock, write);
  auto write_log = Listen (write), read_log = Listen (covered);

  Disconnect ();
  ASSERT_TRUE (UntilState (write, CURATOR_LEASE_STATE_SUSPECT));
  ASSERT_TRUE (UntilState (covered, CURATOR_LEASE_STATE_SUSPECT));
  EXPECT_FALSE (curator_lease_is_valid (covered));
  Reconnect ();
  ASSERT_TRUE (UntilState (write, CURATOR_LEASE_STATE_HELD));
  ASSERT_TRUE (UntilState (covered, CURATOR_LEASE_STATE_HELD));
  ASSERT_TRUE (Until ([&] { return write_log->signals.size () == 2 && read_log->signals.size () == 2; }));
  EXPECT_THAT (read_log->signals, ElementsAre ("suspended", "restored"));
  Release (write);
  EXPECT_TRUE (curator_lease_is_valid (covered));
}

/* faults: 9, 11 */
TEST_F (ReadWriteLock, WaitersSurviveASuspension)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorReadWriteLock> lock = NewLock (client);
  Ref<CuratorReadWriteLock> other = NewLock (Connect ());
  Ref<CuratorLease> write = Write (other);
  Acquisition *reader = BeginRead (lock);
  ASSERT_TRUE (UntilNodes (other, 1, 1));
  Acquisition *writer = BeginWrite (lock);
  ASSERT_TRUE (UntilNodes (other, 1, 2));

  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Release (write);
  EXPECT_FALSE (reader->done);
  Reconnect ();
  ASSERT_TRUE (UntilGranted (reader));
  EXPECT_FALSE (writer->done);
  reader->lease.reset ();
  EXPECT_TRUE (UntilGranted (writer));
}

/* A read that was taken, and a write lease that was given back, while the one who waits could not see it.
 * bugs: CURATOR-621 */
TEST_F (ReadWriteLock, AWriterDowngradesWhileTheNextIsSuspended)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorReadWriteLock> lock = NewLock (Connect ());
  Ref<CuratorLease> write = Write (lock);
  Ref<CuratorReadWriteLock> cut_off = NewLock (client);
  Acquisition *writer = BeginWrite (cut_off);

  ASSERT_TRUE (UntilNodes (lock, 0, 2));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  Ref<CuratorLease> read = ReadUnder (lock, write);
  Release (write);
  Reconnect ();
  ASSERT_TRUE (Until ([&] { return curator_framework_is_connected (client); }));
  LetCatchUp (cut_off);
  EXPECT_FALSE (writer->done);
  Release (read);
  EXPECT_TRUE (UntilGranted (writer));
}

/* faults: 19 */
TEST_F (ReadWriteLock, NodesAreDeletedByAnOperator)
{
  Ref<CuratorReadWriteLock> lock = NewLock (Connect ());
  Ref<CuratorLease> read = Read (lock);
  Acquisition *writer = BeginWrite (NewLock (Connect ()));
  ASSERT_TRUE (UntilNodes (lock, 1, 1));
  Acquisition *reader = BeginRead (lock);
  ASSERT_TRUE (UntilNodes (lock, 2, 1));

  OperatorDelete (curator_lease_get_path (read));
  ASSERT_TRUE (UntilState (read, CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (UntilGranted (writer));
  EXPECT_FALSE (reader->done);
  OperatorDelete (curator_lease_get_path (writer->lease));
  ASSERT_TRUE (UntilState (writer->lease, CURATOR_LEASE_STATE_LOST));
  EXPECT_TRUE (UntilGranted (reader));
}

/* --- others --- */

/* faults: 23 */
TEST_F (ReadWriteLock, KazoosNodesAreWaitedFor)
{
  Ref<CuratorReadWriteLock> lock = NewLock (Connect ());

  OperatorCreate ("/lock");
  OperatorCreate ("/lock/0123456789abcdef0123456789abcdef__rlock__0000000000");
  OperatorCreate ("/lock/garbage");
  OperatorCreate ("/lock/__lock__");
  Ref<CuratorLease> read = Read (lock);
  Acquisition *writer = BeginWrite (lock);
  ASSERT_TRUE (UntilNodes (lock, 2, 1));
  read.reset ();
  ASSERT_TRUE (UntilNodes (lock, 1, 1));
  EXPECT_FALSE (writer->done);
  OperatorDelete ("/lock/0123456789abcdef0123456789abcdef__rlock__0000000000");
  ASSERT_TRUE (UntilGranted (writer));
  writer->lease.reset ();
  ASSERT_TRUE (UntilNodes (lock, 0, 0));

  OperatorCreate ("/lock/0123456789abcdef0123456789abcdef__lock__0000000000");
  Acquisition *reader = BeginRead (lock);
  ASSERT_TRUE (UntilNodes (lock, 1, 1));
  Drain ();
  EXPECT_FALSE (reader->done);
  OperatorDelete ("/lock/0123456789abcdef0123456789abcdef__lock__0000000000");
  EXPECT_TRUE (UntilGranted (reader));
}

} // namespace
