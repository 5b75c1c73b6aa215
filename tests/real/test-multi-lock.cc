/* SPDX-License-Identifier: Apache-2.0 */
#include "mutex-fixture.h"

#include <gmock/gmock.h>

#include <thread>

using namespace mutex_test;
using ::testing::HasSubstr;

namespace
{

struct Call
{
  bool done = false;
  GPtrArray *leases = nullptr;
  Error error;

  ~Call ()
  {
    g_clear_pointer (&leases, g_ptr_array_unref);
  }
};

class MultiLock : public MutexFixture
{
protected:
  void TearDown () override
  {
    for (auto &call : calls_)
      if (call->done)
        g_clear_pointer (&call->leases, g_ptr_array_unref);
    MutexFixture::TearDown ();
    calls_.clear ();
  }

  Ref<CuratorMultiLock> NewLock (CuratorFramework *client, const std::vector<const char *> &paths)
  {
    std::vector<const char *> list = paths;

    list.push_back (nullptr);
    Ref<CuratorMultiLock> lock (curator_multi_lock_new_for_paths (client, list.data ()));
    WatchFinalize (lock.get ());
    return lock;
  }

  Call *BeginAll (CuratorMultiLock *lock, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    calls_.push_back (std::make_unique<Call> ());
    curator_multi_lock_acquire_async (
        lock, timeout_ms, cancellable,
        [] (GObject *object, GAsyncResult *result, gpointer data) {
          auto *call = static_cast<Call *> (data);

          call->leases =
              curator_multi_lock_acquire_finish (CURATOR_MULTI_LOCK (object), result, call->error.out ());
          call->done = true;
        },
        calls_.back ().get ());
    return calls_.back ().get ();
  }

  bool UntilEnded (Call *call)
  {
    return Until ([call] { return call->done; }, 20000);
  }

  std::vector<std::unique_ptr<Call> > calls_;
};

TEST_F (MultiLock, AcquiresAllInTheirOrder)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMultiLock> lock = NewLock (client, { "/b", "/a", "/c" });
  Error error;
  g_autoptr (GPtrArray) leases = curator_multi_lock_acquire_sync (lock, 20000, nullptr, error.out ());

  ASSERT_NE (nullptr, leases) << error.message ();
  ASSERT_EQ (3u, leases->len);
  EXPECT_THAT (curator_lease_get_path (CURATOR_LEASE (leases->pdata[0])), HasSubstr ("/b/"));
  EXPECT_THAT (curator_lease_get_path (CURATOR_LEASE (leases->pdata[1])), HasSubstr ("/a/"));
  EXPECT_THAT (curator_lease_get_path (CURATOR_LEASE (leases->pdata[2])), HasSubstr ("/c/"));
  EXPECT_EQ (nullptr, curator_multi_lock_acquire_sync (lock, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
}

/* The one that is held is neither the first nor the last. */
TEST_F (MultiLock, HoldsNothingWhereOneCannotBeHad)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> first = NewMutex (client, "/a");
  Ref<CuratorMutex> second = NewMutex (client, "/b");
  Ref<CuratorMutex> third = NewMutex (client, "/c");
  Ref<CuratorLease> lease = Acquire (second);
  Ref<CuratorMultiLock> lock = NewLock (Connect (), { "/a", "/b", "/c" });
  Error error;

  EXPECT_EQ (nullptr, curator_multi_lock_acquire_sync (lock, 100, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("/b"));
  EXPECT_TRUE (UntilParticipants (first, 0));
  EXPECT_TRUE (UntilParticipants (second, 1));
  EXPECT_TRUE (UntilParticipants (third, 0));
  Call *call = BeginAll (lock);
  ASSERT_TRUE (UntilParticipants (second, 2));
  EXPECT_TRUE (UntilParticipants (first, 1));
  EXPECT_FALSE (call->done);
  Release (lease);
  ASSERT_TRUE (UntilEnded (call));
  EXPECT_NE (nullptr, call->leases) << call->error.message ();
}

TEST_F (MultiLock, IsCancelledAtAnyMomentAndLeavesNothing)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMultiLock> lock = NewLock (client, { "/a", "/b", "/c" });

  for (int turns = 0; turns < 40; turns++)
    {
      Ref<GCancellable> cancellable (g_cancellable_new ());
      Call *call = BeginAll (lock, -1, cancellable);

      for (int i = 0; i < turns * 30; i++)
        g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
      g_cancellable_cancel (cancellable);
      ASSERT_TRUE (UntilEnded (call));
      EXPECT_TRUE (call->leases != nullptr || call->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED))
          << call->error.message ();
      g_clear_pointer (&call->leases, g_ptr_array_unref);
    }
  for (const char *path : { "/a", "/b", "/c" })
    EXPECT_TRUE (UntilParticipants (NewMutex (client, path), 0)) << path;
}

TEST_F (MultiLock, NeverHoldsWhatAnotherHolds)
{
  constexpr int n_threads = 4, n_rounds = 20;
  int inside[2] = { 0, 0 }; /* guarded by the locks themselves */
  std::atomic<int> failures (0);
  std::vector<std::thread> threads;
  std::vector<Ref<CuratorMultiLock> > locks;

  for (int i = 0; i < n_threads; i++)
    locks.push_back (NewLock (Connect (), { "/a", "/b" }));
  for (int i = 0; i < n_threads; i++)
    threads.emplace_back ([&, i] {
      for (int round = 0; round < n_rounds; round++)
        {
          g_autoptr (GPtrArray) leases = curator_multi_lock_acquire_sync (locks[i], -1, nullptr, nullptr);

          failures += leases == nullptr;
          inside[0]++;
          inside[1]++;
        }
    });
  for (std::thread &thread : threads)
    thread.join ();
  EXPECT_EQ (0, failures);
  EXPECT_EQ (n_threads * n_rounds, inside[0]);
  EXPECT_EQ (n_threads * n_rounds, inside[1]);
}

TEST_F (MultiLock, TakesLocksOfAnyKind)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client, "/a");
  Ref<CuratorSemaphoreMutex> other (curator_semaphore_mutex_new (client, "/b"));
  CuratorLock *locks[] = { CURATOR_LOCK (mutex.get ()), CURATOR_LOCK (other.get ()) };
  Ref<CuratorMultiLock> lock (curator_multi_lock_new (client, locks, 2));
  Error error;

  Call *call = BeginAll (lock);
  ASSERT_TRUE (UntilEnded (call));
  ASSERT_NE (nullptr, call->leases) << call->error.message ();
  EXPECT_THAT (curator_lease_get_path (CURATOR_LEASE (call->leases->pdata[1])), HasSubstr ("/b/leases/"));
  EXPECT_EQ (nullptr, curator_semaphore_mutex_try_acquire_sync (other, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
}

TEST_F (MultiLock, RefusesWhatWouldWaitForItself)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMultiLock> twice = NewLock (client, { "/a", "/b", "/a" });
  Error error;

  EXPECT_EQ (nullptr, curator_multi_lock_acquire_sync (twice, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("/a"));
  Call *call = BeginAll (twice);
  ASSERT_TRUE (UntilEnded (call));
  EXPECT_TRUE (call->error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << call->error.message ();
  Ref<CuratorMultiLock> invalid = NewLock (client, { "/a", "relative" });
  EXPECT_EQ (nullptr, curator_multi_lock_acquire_sync (invalid, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_multi_lock_acquire_sync (NewLock (client, {}), -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_TRUE (UntilParticipants (NewMutex (client, "/a"), 0));
}

} // namespace
