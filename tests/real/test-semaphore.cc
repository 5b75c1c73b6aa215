/* SPDX-License-Identifier: Apache-2.0 */
#include "mutex-fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace mutex_test;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

namespace
{

/* How ZooKeeper numbers requests. */
constexpr int op_delete = 2;
constexpr int op_get_children = 12;
constexpr int op_create = 15;

constexpr int session_ms = 3000;

/* A call for leases; lives until its callback has run. */
struct Call
{
  bool done = false;
  GPtrArray *leases = nullptr;
  Error error;

  ~Call ()
  {
    g_clear_pointer (&leases, g_ptr_array_unref);
  }

  CuratorLease *At (guint i) const
  {
    return CURATOR_LEASE (leases->pdata[i]);
  }
};

class Semaphore : public ProxyFixture
{
protected:
  void TearDown () override
  {
    for (auto &call : calls_)
      if (call->done)
        g_clear_pointer (&call->leases, g_ptr_array_unref);
    ProxyFixture::TearDown ();
    calls_.clear ();
  }

  Ref<CuratorSemaphore>
  NewSemaphore (CuratorFramework *client, guint max_leases, const char *path = "/semaphore")
  {
    Ref<CuratorSemaphore> semaphore (curator_semaphore_new (client, path, max_leases));

    WatchFinalize (semaphore.get ());
    return semaphore;
  }

  Ref<CuratorLease> AcquireOne (CuratorSemaphore *semaphore, gint64 timeout_ms = 20000)
  {
    Error error;
    Ref<CuratorLease> lease (curator_semaphore_acquire_sync (semaphore, timeout_ms, nullptr, error.out ()));

    EXPECT_NE (nullptr, lease.get ()) << error.message ();
    return lease;
  }

  Call *BeginSeveral (CuratorSemaphore *semaphore,
                      guint n_leases,
                      gint64 timeout_ms = -1,
                      GCancellable *cancellable = nullptr)
  {
    calls_.push_back (std::make_unique<Call> ());
    curator_semaphore_acquire_several_async (semaphore, n_leases, timeout_ms, cancellable, OnAcquiredSeveral,
                                             calls_.back ().get ());
    return calls_.back ().get ();
  }

  static void OnAcquiredSeveral (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *call = static_cast<Call *> (data);

    EXPECT_FALSE (call->done);
    call->leases =
        curator_semaphore_acquire_several_finish (CURATOR_SEMAPHORE (object), result, call->error.out ());
    EXPECT_NE (call->leases != nullptr, call->error.get () != nullptr);
    call->done = true;
  }

  bool UntilEnded (Call *call)
  {
    return Until ([call] { return call->done; }, 20000);
  }

  bool UntilServed (Call *call)
  {
    if (!UntilEnded (call))
      return false;
    EXPECT_NE (nullptr, call->leases) << call->error.message ();
    return call->leases != nullptr;
  }

  std::vector<std::string> Nodes (CuratorSemaphore *semaphore)
  {
    Error error;
    g_auto (GStrv) paths = curator_semaphore_get_participant_nodes_sync (semaphore, nullptr, error.out ());
    std::vector<std::string> list;

    EXPECT_NE (nullptr, paths) << error.message ();
    for (char **path = paths; path != nullptr && *path != nullptr; path++)
      list.push_back (*path);
    return list;
  }

  bool UntilNodes (CuratorSemaphore *semaphore, size_t count)
  {
    return Until ([&] { return Nodes (semaphore).size () == count; }, 20000);
  }

  /* Those who hold the mutex of the semaphore or wait for it. */
  bool UntilAsking (CuratorSemaphore *semaphore, size_t count)
  {
    Ref<CuratorMutex> mutex (
        curator_mutex_new (curator_semaphore_get_client (semaphore),
                           (std::string (curator_semaphore_get_path (semaphore)) + "/locks").c_str ()));

    return UntilParticipants (mutex, count);
  }

  std::vector<std::unique_ptr<Call> > calls_;
};

TEST_F (Semaphore, AcquiresAndReleases)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Ref<CuratorLease> first = AcquireOne (semaphore);
  Ref<CuratorLease> second = AcquireOne (semaphore);
  Error error;

  EXPECT_THAT (std::string (curator_lease_get_path (first)),
               MatchesRegex ("/semaphore/leases/_c_[0-9a-f-]*-lease-0000000000"));
  EXPECT_LT (curator_lease_get_fencing_token (first), curator_lease_get_fencing_token (second));
  EXPECT_THAT (Nodes (semaphore), SizeIs (2));
  EXPECT_EQ (nullptr, curator_semaphore_try_acquire_sync (semaphore, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
  EXPECT_TRUE (UntilAsking (semaphore, 0)) << "who was served keeps others from asking";
  Release (first);
  Ref<CuratorLease> third (curator_semaphore_try_acquire_sync (semaphore, nullptr, error.out ()));
  EXPECT_NE (nullptr, third.get ()) << error.message ();
  EXPECT_TRUE (curator_lease_is_valid (second));
}

TEST_F (Semaphore, HasProperties)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 3);
  g_autoptr (CuratorFramework) same = nullptr;
  g_autofree char *path = nullptr;
  guint max_leases = 0;

  g_object_get (semaphore.get (), "client", &same, "path", &path, "max-leases", &max_leases, nullptr);
  EXPECT_EQ (client, same);
  EXPECT_EQ (client, curator_semaphore_get_client (semaphore));
  EXPECT_STREQ ("/semaphore", path);
  EXPECT_STREQ ("/semaphore", curator_semaphore_get_path (semaphore));
  EXPECT_EQ (3u, max_leases);
  EXPECT_EQ (3u, curator_semaphore_get_max_leases (semaphore));
}

TEST_F (Semaphore, AcquiresSeveralAtOnce)
{
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 4);
  Call *three = BeginSeveral (semaphore, 3);

  ASSERT_TRUE (UntilServed (three));
  ASSERT_EQ (3u, three->leases->len);
  Call *two = BeginSeveral (semaphore, 2);
  ASSERT_TRUE (UntilNodes (semaphore, 5));
  EXPECT_FALSE (two->done);
  Release (three->At (1));
  ASSERT_TRUE (UntilServed (two));
  EXPECT_TRUE (curator_lease_is_valid (three->At (0)));
  EXPECT_FALSE (curator_lease_is_valid (three->At (1)));
  EXPECT_THAT (Nodes (semaphore), SizeIs (4));
}

/* With half of the leases each, these two would wait for one another. */
TEST_F (Semaphore, TwoWhoWantAllDoNotBlockOneAnother)
{
  Ref<CuratorSemaphore> ours = NewSemaphore (Connect (), 2);
  Ref<CuratorSemaphore> theirs = NewSemaphore (Connect (), 2);

  for (int i = 0; i < 20; i++)
    {
      Call *mine = BeginSeveral (ours, 2);
      Call *other = BeginSeveral (theirs, 2);

      ASSERT_TRUE (Until ([&] { return mine->done || other->done; }, 20000));
      for (Call *call : mine->done ? std::vector<Call *>{ mine, other } : std::vector<Call *>{ other, mine })
        {
          ASSERT_TRUE (UntilServed (call));
          g_clear_pointer (&call->leases, g_ptr_array_unref);
        }
    }
}

TEST_F (Semaphore, ServesInOrder)
{
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> small = AcquireOne (semaphore);
  Call *large = BeginSeveral (semaphore, 2);

  ASSERT_TRUE (UntilNodes (semaphore, 3));
  Call *late = BeginSeveral (semaphore, 1);
  ASSERT_TRUE (UntilAsking (semaphore, 2));
  EXPECT_FALSE (late->done);
  Release (small);
  ASSERT_TRUE (UntilServed (large));
  EXPECT_FALSE (late->done);
  g_clear_pointer (&large->leases, g_ptr_array_unref);
  ASSERT_TRUE (UntilServed (late));
}

TEST_F (Semaphore, NeverHasMoreHoldersThanLeases)
{
  constexpr int n_threads = 6, n_rounds = 15, max_leases = 2;
  std::atomic<int> holders (0), most (0), failures (0);
  std::vector<std::thread> threads;
  std::vector<Ref<CuratorSemaphore> > semaphores;

  for (int i = 0; i < n_threads; i++)
    semaphores.push_back (NewSemaphore (Connect (), max_leases));
  for (int i = 0; i < n_threads; i++)
    threads.emplace_back ([&, i] {
      for (int round = 0; round < n_rounds; round++)
        {
          g_autoptr (CuratorLease) lease =
              curator_semaphore_acquire_sync (semaphores[i], -1, nullptr, nullptr);

          failures += lease == nullptr;
          int now = ++holders;
          int seen = most;
          while (now > seen && !most.compare_exchange_weak (seen, now))
            continue;
          std::this_thread::yield ();
          holders--;
        }
    });
  for (std::thread &thread : threads)
    thread.join ();
  EXPECT_EQ (0, failures);
  EXPECT_LE (most, max_leases);
}

/* Threads that share one object hand its only lease on.
 * bugs: CURATOR-376 */
TEST_F (Semaphore, AMutexIsHandedFromThreadToThread)
{
  constexpr int n_threads = 4, n_rounds = 25;
  Ref<CuratorSemaphoreMutex> mutex (curator_semaphore_mutex_new (Connect (), "/mutex"));
  int inside = 0, total = 0; /* guarded by the mutex */
  std::atomic<int> failures (0);
  std::vector<std::thread> threads;

  for (int i = 0; i < n_threads; i++)
    threads.emplace_back ([&] {
      for (int round = 0; round < n_rounds; round++)
        {
          g_autoptr (CuratorLease) lease = curator_semaphore_mutex_acquire_sync (mutex, -1, nullptr, nullptr);

          failures += lease == nullptr || ++inside != 1;
          total++;
          inside--;
        }
    });
  for (std::thread &thread : threads)
    thread.join ();
  EXPECT_EQ (0, failures);
  EXPECT_EQ (n_threads * n_rounds, total);
}

/* --- giving up --- */

/* bugs: CURATOR-462 */
TEST_F (Semaphore, TimesOut)
{
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Error error;

  EXPECT_EQ (nullptr, curator_semaphore_acquire_several_sync (semaphore, 2, 50, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("/semaphore"));
  EXPECT_TRUE (UntilNodes (semaphore, 1));
  EXPECT_TRUE (UntilAsking (semaphore, 0));
  /* One who waits for the mutex. */
  Call *large = BeginSeveral (semaphore, 2);
  ASSERT_TRUE (UntilNodes (semaphore, 3));
  EXPECT_EQ (nullptr, curator_semaphore_acquire_sync (semaphore, 50, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_TRUE (UntilAsking (semaphore, 1));
  Release (lease);
  EXPECT_TRUE (UntilServed (large));
}

/* bugs: CURATOR-335, CURATOR-462 */
TEST_F (Semaphore, IsCancelledAtAnyMomentAndLeavesNothing)
{
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  int n_served = 0;

  for (int turns = 0; turns < 60; turns++)
    {
      Ref<GCancellable> cancellable (g_cancellable_new ());
      Call *call = BeginSeveral (semaphore, 1 + turns % 2, -1, cancellable);

      for (int i = 0; i < turns * 20; i++)
        g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
      g_cancellable_cancel (cancellable);
      ASSERT_TRUE (UntilEnded (call));
      EXPECT_TRUE (call->leases != nullptr || call->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED))
          << call->error.message ();
      n_served += call->leases != nullptr;
      g_clear_pointer (&call->leases, g_ptr_array_unref);
    }
  EXPECT_LT (n_served, 60);
  EXPECT_TRUE (UntilNodes (semaphore, 1));
  EXPECT_TRUE (UntilAsking (semaphore, 0));
}

TEST_F (Semaphore, LeasesThatNobodyTakesAreReleased)
{
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 2);

  curator_semaphore_acquire_async (semaphore, -1, nullptr, nullptr, nullptr);
  curator_semaphore_acquire_several_async (semaphore, 2, -1, nullptr, nullptr, nullptr);
  EXPECT_TRUE (UntilServed (BeginSeveral (semaphore, 2)));
}

TEST_F (Semaphore, RefusesWhatCannotBe)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Error error;

  EXPECT_EQ (nullptr, curator_semaphore_acquire_several_sync (semaphore, 3, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("3 leases"));
  EXPECT_EQ (nullptr, curator_semaphore_acquire_several_sync (semaphore, 0, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_semaphore_acquire_sync (semaphore, -2, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_semaphore_acquire_sync (NewSemaphore (client, 0), -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  for (const char *path : { "relative", "/a//b", "/a/", "" })
    {
      Ref<CuratorSemaphore> invalid = NewSemaphore (client, 1, path);

      EXPECT_EQ (nullptr, curator_semaphore_acquire_sync (invalid, -1, nullptr, error.out ()));
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << path << error.message ();
      EXPECT_EQ (nullptr, curator_semaphore_get_participant_nodes_sync (invalid, nullptr, error.out ()));
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << path << error.message ();
    }
}

/* --- faults --- */

/* faults: 6
 * bugs: CURATOR-335 */
TEST_F (Semaphore, TheSessionExpiresWhileHolding)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Call *both = BeginSeveral (semaphore, 2);

  ASSERT_TRUE (UntilServed (both));
  Expire (client);
  for (guint i = 0; i < 2; i++)
    EXPECT_TRUE (UntilState (both->At (i), CURATOR_LEASE_STATE_LOST));
  EXPECT_TRUE (UntilServed (BeginSeveral (NewSemaphore (Connect (), 2), 2)));
}

/* With the mutex and with his leases, and while others hold.
 * faults: 7 */
TEST_F (Semaphore, TheSessionExpiresWhileWaiting)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Ref<CuratorSemaphore> other = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> lease = AcquireOne (other);
  Call *both = BeginSeveral (semaphore, 2);

  ASSERT_TRUE (UntilNodes (other, 3));
  std::vector<std::string> before = Nodes (other);
  Expire (client);
  ASSERT_TRUE (Until (
      [&] {
        std::vector<std::string> now = Nodes (other);

        return now.size () == 3 && now[2] != before[2];
      },
      20000));
  EXPECT_FALSE (both->done);
  Release (lease);
  ASSERT_TRUE (UntilServed (both));
  EXPECT_EQ (curator_framework_get_session_id (client), curator_lease_get_session_id (both->At (0)));
}

/* faults: 19 */
TEST_F (Semaphore, AnOperatorDeletesNodes)
{
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Call *both = BeginSeveral (semaphore, 2);

  ASSERT_TRUE (UntilNodes (semaphore, 3));
  /* The one that waits, and the mutex under which it does. */
  OperatorDelete (Nodes (semaphore)[2]);
  EXPECT_TRUE (UntilNodes (semaphore, 3));
  OperatorDelete ("/semaphore/locks");
  EXPECT_TRUE (UntilNodes (semaphore, 3));
  EXPECT_FALSE (both->done);
  OperatorDelete (curator_lease_get_path (lease));
  EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (UntilServed (both));
}

/* Somebody else asks when the mutex has gone: without giving up their leases, both would wait for ever. */
TEST_F (Semaphore, WhoLosesTheMutexBeginsAnew)
{
  Ref<CuratorSemaphore> ours = NewSemaphore (Connect (), 2);
  Ref<CuratorSemaphore> theirs = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> lease = AcquireOne (ours);
  Call *mine = BeginSeveral (ours, 2);

  ASSERT_TRUE (UntilNodes (ours, 3));
  Call *other = BeginSeveral (theirs, 2);
  ASSERT_TRUE (UntilAsking (ours, 2));
  Ref<CuratorMutex> mutex (curator_mutex_new (curator_semaphore_get_client (ours), "/semaphore/locks"));
  OperatorDelete (Participants (mutex)[0]);
  ASSERT_TRUE (UntilAsking (ours, 2));
  Release (lease);
  ASSERT_TRUE (Until ([&] { return mine->done || other->done; }, 20000));
  for (Call *call : mine->done ? std::vector<Call *>{ mine, other } : std::vector<Call *>{ other, mine })
    {
      ASSERT_TRUE (UntilServed (call));
      g_clear_pointer (&call->leases, g_ptr_array_unref);
    }
}

/* faults: 9, 11
 * bugs: CURATOR-525, CURATOR-561 */
TEST_F (Semaphore, ASuspensionIsSurvived)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Ref<CuratorSemaphore> other = NewSemaphore (Connect (), 2);
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Ref<CuratorLease> others = AcquireOne (other);
  Call *waiting = BeginSeveral (semaphore, 1);

  ASSERT_TRUE (UntilNodes (other, 3));
  Disconnect ();
  ASSERT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_SUSPECT));
  Release (others);
  Reconnect ();
  ASSERT_TRUE (UntilServed (waiting));
  EXPECT_TRUE (UntilState (lease, CURATOR_LEASE_STATE_HELD));
}

struct Cut
{
  CuratorTestProxyCut how;
  int op;
};

/* faults: 1, 2, 4
 * bugs: CURATOR-45, CURATOR-315, CURATOR-335 */
TEST_F (Semaphore, RequestsAndRepliesAreLost)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Ref<CuratorSemaphore> other = NewSemaphore (Connect (), 2);
  Error error;

  Release (AcquireOne (semaphore));
  for (const Cut &cut : std::initializer_list<Cut>{ { CURATOR_TEST_PROXY_CUT_REQUEST, op_create },
                                                    { CURATOR_TEST_PROXY_CUT_REPLY, op_create },
                                                    { CURATOR_TEST_PROXY_CUT_REQUEST, op_get_children },
                                                    { CURATOR_TEST_PROXY_CUT_REPLY, op_get_children },
                                                    { CURATOR_TEST_PROXY_CUT_REQUEST, op_delete },
                                                    { CURATOR_TEST_PROXY_CUT_REPLY, op_delete } })
    {
      curator_test_proxy_cut_next (proxy_, cut.how, cut.op);
      Call *both = BeginSeveral (semaphore, 2);
      ASSERT_TRUE (UntilServed (both));
      ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, 10000, error.out ())) << error.message ();
      ASSERT_TRUE (UntilNodes (other, 2));
      g_clear_pointer (&both->leases, g_ptr_array_unref);
      ASSERT_TRUE (UntilNodes (other, 0));
      ASSERT_TRUE (UntilAsking (other, 0));
    }
}

/* faults: 15 */
TEST_F (Semaphore, ClosingEndsWaitsAndLeases)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSemaphore> semaphore = NewSemaphore (client, 2);
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Call *leasing = BeginSeveral (semaphore, 2);
  Call *locking = BeginSeveral (semaphore, 1);

  ASSERT_TRUE (UntilNodes (semaphore, 3));
  ASSERT_TRUE (UntilAsking (semaphore, 2));
  Close (client);
  for (Call *call : { leasing, locking, BeginSeveral (semaphore, 1) })
    {
      ASSERT_TRUE (UntilEnded (call));
      EXPECT_TRUE (call->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << call->error.message ();
    }
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (lease));
}

/* --- the limit of a count --- */

class CountedSemaphore : public Semaphore
{
protected:
  Ref<CuratorSharedCount> NewCount (CuratorFramework *client, gint32 seed)
  {
    Ref<CuratorSharedCount> count (curator_shared_count_new (client, "/limit", seed));

    WatchFinalize (count.get ());
    return count;
  }

  Ref<CuratorSharedCount> StartCount (CuratorFramework *client, gint32 seed)
  {
    Ref<CuratorSharedCount> count = NewCount (client, seed);
    Error error;

    EXPECT_TRUE (curator_shared_count_start (count, error.out ())) << error.message ();
    EXPECT_TRUE (curator_shared_count_await_count_sync (count, 20000, nullptr, error.out ()))
        << error.message ();
    return count;
  }

  Ref<CuratorSemaphore> NewCounted (CuratorFramework *client, CuratorSharedCount *count)
  {
    Ref<CuratorSemaphore> semaphore (curator_semaphore_new_with_count (client, "/semaphore", count));

    WatchFinalize (semaphore.get ());
    return semaphore;
  }

  void SetCount (CuratorSharedCount *count, gint32 number)
  {
    Error error;

    EXPECT_TRUE (curator_shared_count_set_count_sync (count, number, nullptr, error.out ()))
        << error.message ();
  }

  bool UntilLimit (CuratorSemaphore *semaphore, guint limit)
  {
    return Until ([&] { return curator_semaphore_get_max_leases (semaphore) == limit; }, 20000);
  }
};

/* bugs: CURATOR-75 */
TEST_F (CountedSemaphore, ALargerCountLetsThoseInWhoWait)
{
  CuratorFramework *client = Connect (), *other = Connect ();
  Ref<CuratorSharedCount> count = StartCount (client, 1);
  Ref<CuratorSemaphore> semaphore = NewCounted (client, count);
  Ref<CuratorSharedCount> other_count = StartCount (other, 1);
  g_autoptr (CuratorSharedCount) same = nullptr;

  g_object_get (semaphore.get (), "count", &same, nullptr);
  EXPECT_EQ (count.get (), same);
  EXPECT_EQ (count.get (), curator_semaphore_get_count (semaphore));
  EXPECT_EQ (1u, curator_semaphore_get_max_leases (semaphore));
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Call *three = BeginSeveral (semaphore, 3);
  ASSERT_TRUE (UntilNodes (semaphore, 4));
  SetCount (other_count, 3);
  ASSERT_TRUE (UntilLimit (semaphore, 3));
  EXPECT_FALSE (three->done);
  SetCount (other_count, 4);
  ASSERT_TRUE (UntilServed (three));
  EXPECT_EQ (3u, three->leases->len);
}

TEST_F (CountedSemaphore, ASmallerCountLetsNobodyElseIn)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSharedCount> count = StartCount (client, 2);
  Ref<CuratorSemaphore> semaphore = NewCounted (client, count);
  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Error error;

  SetCount (count, -1);
  ASSERT_TRUE (UntilLimit (semaphore, 0));
  EXPECT_TRUE (curator_lease_is_valid (lease));
  Ref<CuratorLease> none (curator_semaphore_try_acquire_sync (semaphore, nullptr, error.out ()));
  EXPECT_EQ (nullptr, none.get ());
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
  Release (lease);
  Call *one = BeginSeveral (semaphore, 1);
  ASSERT_TRUE (UntilNodes (semaphore, 1));
  EXPECT_FALSE (one->done);
  SetCount (count, 1);
  EXPECT_TRUE (UntilServed (one));
}

/* The seed may be more than what there is. */
TEST_F (CountedSemaphore, NobodyIsLetInBeforeTheCountIsKnown)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSharedCount> first = StartCount (client, 1);
  Ref<CuratorSharedCount> count = NewCount (client, 5);
  Ref<CuratorSemaphore> semaphore = NewCounted (client, count);
  Call *one = BeginSeveral (semaphore, 1);
  Error error;

  EXPECT_EQ (0u, curator_semaphore_get_max_leases (semaphore));
  ASSERT_TRUE (UntilNodes (semaphore, 1));
  EXPECT_FALSE (one->done);
  EXPECT_TRUE (curator_shared_count_start (count, error.out ())) << error.message ();
  ASSERT_TRUE (UntilServed (one));
  EXPECT_EQ (1u, curator_semaphore_get_max_leases (semaphore));
}

/* faults: 9, 11 */
TEST_F (CountedSemaphore, ACountThatChangedWhileSuspendedIsHeardOf)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorSharedCount> count = StartCount (client, 1);
  Ref<CuratorSharedCount> other_count = StartCount (Connect (), 1);
  Ref<CuratorSemaphore> semaphore = NewCounted (client, count);
  Call *two = BeginSeveral (semaphore, 2);

  ASSERT_TRUE (UntilNodes (semaphore, 2));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  SetCount (other_count, 2);
  EXPECT_FALSE (two->done);
  Reconnect ();
  EXPECT_TRUE (UntilServed (two));
}

/* The count's client is another one, which ends first. */
TEST_F (CountedSemaphore, ItsCountMayBeOfAnotherClient)
{
  CuratorFramework *client = Connect (), *other = Connect ();
  Ref<CuratorSharedCount> count = StartCount (other, 1);
  Ref<CuratorSemaphore> semaphore = NewCounted (client, count);

  Ref<CuratorLease> lease = AcquireOne (semaphore);
  Close (other);
  EXPECT_EQ (1u, curator_semaphore_get_max_leases (semaphore));
  Release (lease);
  lease = AcquireOne (semaphore);
  count.reset ();
  semaphore.reset ();
  EXPECT_TRUE (curator_lease_is_valid (lease));
}

/* --- the mutex of one lease --- */

TEST_F (Semaphore, MakesAMutex)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSemaphoreMutex> mutex (curator_semaphore_mutex_new (client, "/mutex"));
  Ref<CuratorSemaphore> semaphore = NewSemaphore (Connect (), 1, "/mutex");
  Error error;
  Ref<CuratorLease> lease (curator_semaphore_mutex_acquire_sync (mutex, -1, nullptr, error.out ()));

  ASSERT_NE (nullptr, lease.get ()) << error.message ();
  EXPECT_STREQ ("/mutex", curator_semaphore_mutex_get_path (mutex));
  EXPECT_EQ (client, curator_semaphore_mutex_get_client (mutex));
  EXPECT_THAT (Nodes (semaphore), SizeIs (1));
  EXPECT_EQ (nullptr, curator_semaphore_mutex_try_acquire_sync (mutex, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
  EXPECT_EQ (nullptr, curator_semaphore_mutex_acquire_sync (mutex, 30, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_TRUE (UntilNodes (semaphore, 1));
  Call *waiting = BeginSeveral (semaphore, 1);
  ASSERT_TRUE (UntilNodes (semaphore, 2));
  Release (lease);
  ASSERT_TRUE (UntilServed (waiting));
}

} // namespace
