/* SPDX-License-Identifier: Apache-2.0 */
#include "mutex-fixture.h"

#include <gmock/gmock.h>

#include <atomic>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mutex_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

class Mutex : public MutexFixture
{
};

TEST_F (Mutex, AcquiresAndReleases)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client, "/some/where/lock");
  Ref<CuratorLease> lease = Acquire (mutex);
  std::string path = curator_lease_get_path (lease);
  g_autoptr (CuratorTestStat) stat =
      curator_test_server_operator_stat_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);
  g_autofree char *token = curator_lease_dup_fencing_token_string (lease);
  g_autofree char *session = curator_lease_dup_session_id_string (lease);

  ASSERT_NE (nullptr, stat);
  EXPECT_THAT (path, ::testing::MatchesRegex ("/some/where/lock/_c_[0-9a-f-]*-lock-0000000000"));
  EXPECT_EQ (curator_framework_get_session_id (client), stat->ephemeral_owner);
  EXPECT_EQ (curator_framework_get_session_id (client), curator_lease_get_session_id (lease));
  EXPECT_EQ (curator_lease_get_fencing_token (lease), static_cast<guint64> (stat->czxid));
  EXPECT_EQ (std::to_string (curator_lease_get_fencing_token (lease)), token);
  g_autofree char *same_session = curator_framework_dup_session_id_string (client);
  EXPECT_STREQ (same_session, session);
  EXPECT_EQ (CURATOR_LEASE_STATE_HELD, curator_lease_get_state (lease));
  EXPECT_TRUE (curator_lease_is_valid (lease));
  EXPECT_THAT (Participants (mutex), ElementsAre (path));

  Release (lease);
  EXPECT_EQ (CURATOR_LEASE_STATE_RELEASED, curator_lease_get_state (lease));
  EXPECT_FALSE (curator_lease_is_valid (lease));
  EXPECT_FALSE (Exists (path));
  EXPECT_TRUE (Participants (mutex).empty ());
  Release (lease);
}

TEST_F (Mutex, HasProperties)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  g_autoptr (CuratorFramework) same = nullptr;
  g_autofree char *mutex_path = nullptr;
  g_autofree char *path = nullptr;
  guint64 token = 0;
  gint64 session_id = 0;
  CuratorLeaseState state = CURATOR_LEASE_STATE_LOST;

  g_object_get (mutex.get (), "client", &same, "path", &mutex_path, nullptr);
  g_object_get (lease.get (), "path", &path, "fencing-token", &token, "session-id", &session_id, "state",
                &state, nullptr);
  EXPECT_EQ (client, same);
  EXPECT_STREQ ("/lock", mutex_path);
  EXPECT_STREQ (curator_lease_get_path (lease), path);
  EXPECT_EQ (curator_lease_get_fencing_token (lease), token);
  EXPECT_EQ (curator_lease_get_session_id (lease), session_id);
  EXPECT_EQ (CURATOR_LEASE_STATE_HELD, state);
}

TEST_F (Mutex, DroppingALeaseReleasesIt)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);

  lease.reset ();
  lease = Acquire (mutex);
  curator_lease_release_in_background (lease);
  EXPECT_EQ (CURATOR_LEASE_STATE_RELEASED, curator_lease_get_state (lease));
  lease = Acquire (mutex);
}

/* faults: 20 */
TEST_F (Mutex, TokensGrowOverTheDeletionOfTheParent)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  guint64 last = 0;

  for (int i = 0; i < 4; i++)
    {
      Ref<CuratorLease> lease = Acquire (mutex);

      EXPECT_GT (curator_lease_get_fencing_token (lease), last);
      last = curator_lease_get_fencing_token (lease);
      Release (lease);
      if (i == 1)
        OperatorDelete ("/lock");
    }
}

TEST_F (Mutex, FirstComeFirstServed)
{
  Ref<CuratorMutex> one = NewMutex (Connect ());
  Ref<CuratorMutex> other = NewMutex (Connect ());
  std::vector<Acquisition *> waiting;
  Ref<CuratorLease> lease = Acquire (one);

  for (size_t i = 0; i < 6; i++)
    {
      waiting.push_back (Begin (Another (i % 2 == 0 ? one : other)));
      ASSERT_TRUE (UntilParticipants (one, i + 2));
    }
  for (size_t i = 0; i < waiting.size (); i++)
    {
      Release (lease);
      ASSERT_TRUE (UntilGranted (waiting[i]));
      lease = waiting[i]->lease;
      waiting[i]->lease.reset ();
      for (size_t later = i + 1; later < waiting.size (); later++)
        EXPECT_FALSE (waiting[later]->done);
    }
}

/* Calls on one object are served in their order, and cost the server one node beside the holder's.
 * bugs: CURATOR-716 */
TEST_F (Mutex, CallsOnOneObjectQueueInTheProcess)
{
  constexpr size_t n_calls = 50;
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> lease = Acquire (mutex);
  std::vector<Acquisition *> waiting;
  guint64 token = curator_lease_get_fencing_token (lease);

  Acquisition *timed_out = nullptr, *cancelled = nullptr;
  for (size_t i = 0; i < n_calls; i++)
    {
      waiting.push_back (Begin (mutex));
      if (i == n_calls / 2)
        {
          timed_out = Begin (mutex, 20);
          cancelled = Begin (mutex, -1, cancellable);
        }
    }
  EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (mutex, nullptr, nullptr));
  ASSERT_TRUE (UntilParticipants (other, 2));
  Acquisition *foreign = Begin (other);
  ASSERT_TRUE (UntilParticipants (other, 3));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (cancelled));
  EXPECT_TRUE (cancelled->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << cancelled->error.message ();
  ASSERT_TRUE (UntilDone (timed_out));
  EXPECT_TRUE (timed_out->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << timed_out->error.message ();
  EXPECT_THAT (Participants (other), ::testing::SizeIs (3));
  lease.reset ();
  for (size_t i = 0; i < n_calls; i++)
    {
      ASSERT_TRUE (UntilGranted (waiting[i])) << i;
      EXPECT_TRUE (i + 1 == n_calls || !waiting[i + 1]->done);
      EXPECT_GT (curator_lease_get_fencing_token (waiting[i]->lease), token);
      token = curator_lease_get_fencing_token (waiting[i]->lease);
      EXPECT_LE (Participants (other).size (), 3u);
      waiting[i]->lease.reset ();
      /* Other objects have their turn in between. */
      if (i == 0)
        {
          ASSERT_TRUE (UntilGranted (foreign));
          EXPECT_FALSE (waiting[1]->done);
          token = curator_lease_get_fencing_token (foreign->lease);
          foreign->lease.reset ();
        }
    }
}

/* Those in the queue hear of it as well. */
TEST_F (Mutex, TheEndOfTheClientIsTheEndOfTheQueue)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Ref<CuratorLease> lease = Acquire (mutex);
  std::vector<Acquisition *> waiting;

  for (int i = 0; i < 1000; i++)
    waiting.push_back (Begin (mutex));
  ASSERT_TRUE (UntilParticipants (mutex, 2));
  Close (client);
  waiting.push_back (Begin (mutex));
  for (Acquisition *acquisition : waiting)
    {
      ASSERT_TRUE (UntilDone (acquisition));
      EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED))
          << acquisition->error.message ();
    }
}

TEST_F (Mutex, WhoLeavesFromTheMiddleChangesNothingForOthers)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Acquisition *second = Begin (Another (mutex));
  ASSERT_TRUE (UntilParticipants (mutex, 2));
  Acquisition *third = Begin (Another (mutex), -1, cancellable);
  ASSERT_TRUE (UntilParticipants (mutex, 3));
  Acquisition *fourth = Begin (Another (mutex));
  ASSERT_TRUE (UntilParticipants (mutex, 4));

  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (third));
  ASSERT_TRUE (UntilParticipants (mutex, 3));
  EXPECT_FALSE (second->done);
  EXPECT_FALSE (fourth->done);
  Release (lease);
  ASSERT_TRUE (UntilGranted (second));
  EXPECT_FALSE (fourth->done);
  second->lease.reset ();
  EXPECT_TRUE (UntilGranted (fourth));
}

TEST_F (Mutex, NeverHasTwoHolders)
{
  const int threads = 6, rounds = 60;
  std::vector<Ref<CuratorMutex> > mutexes;
  std::vector<std::thread> running;
  std::atomic<int> holders{ 0 }, granted{ 0 }, together{ 0 };
  std::atomic<guint64> last_token{ 0 };

  for (int i = 0; i < threads; i++)
    mutexes.push_back (NewMutex (i % 2 == 0 || i == 1 ? Connect () : clients_.back ().get ()));
  for (int i = 0; i < threads; i++)
    running.emplace_back ([&, i] {
      for (int round = 0; round < rounds; round++)
        {
          g_autoptr (CuratorLease) lease = curator_mutex_acquire_sync (mutexes[i], -1, nullptr, nullptr);

          if (lease == nullptr)
            return;
          together += holders.fetch_add (1);
          if (curator_lease_get_fencing_token (lease) <=
              last_token.exchange (curator_lease_get_fencing_token (lease)))
            together++;
          granted++;
          holders--;
        }
    });
  for (auto &thread : running)
    thread.join ();
  EXPECT_EQ (0, together.load ());
  EXPECT_EQ (threads * rounds, granted.load ());
}

TEST_F (Mutex, Tries)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorMutex> other = NewMutex (Connect ());
  Ref<CuratorLease> lease (curator_mutex_try_acquire_sync (mutex, nullptr, nullptr));
  Error error;

  ASSERT_NE (nullptr, lease.get ());
  EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (other, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ());
  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (other, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  EXPECT_THAT (error.message (), HasSubstr ("acquire \"/lock\""));
  EXPECT_TRUE (UntilParticipants (mutex, 1));
  Release (lease);
  lease.reset (curator_mutex_try_acquire_sync (other, nullptr, error.out ()));
  EXPECT_NE (nullptr, lease.get ()) << error.message ();
}

TEST_F (Mutex, TriesAsynchronously)
{
  struct Outcome
  {
    bool done = false;
    CuratorLease *lease = nullptr;
    GError *error = nullptr;
  } outcome;
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);

  curator_mutex_try_acquire_async (
      mutex, nullptr,
      [] (GObject *object, GAsyncResult *result, gpointer data) {
        auto *got = static_cast<Outcome *> (data);

        got->lease = curator_mutex_try_acquire_finish (CURATOR_MUTEX (object), result, &got->error);
        got->done = true;
      },
      &outcome);
  ASSERT_TRUE (Until ([&] { return outcome.done; }));
  EXPECT_EQ (nullptr, outcome.lease);
  EXPECT_EQ (nullptr, outcome.error);
}

TEST_F (Mutex, TimesOut)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Acquisition *behind = Begin (mutex, 60);
  Acquisition *further_behind = Begin (mutex, 60);

  for (Acquisition *acquisition : { behind, further_behind })
    {
      ASSERT_TRUE (UntilDone (acquisition));
      EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
      EXPECT_THAT (acquisition->error.message (), HasSubstr ("acquire \"/lock\": not granted within 60 ms"));
    }
  EXPECT_TRUE (UntilParticipants (mutex, 1));
  EXPECT_TRUE (curator_lease_is_valid (lease));
}

TEST_F (Mutex, IsCancelledBeforeTheStart)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Error error;

  g_cancellable_cancel (cancellable);
  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex, -1, cancellable, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
  EXPECT_THAT (error.message (), HasSubstr ("acquire \"/lock\""));
  EXPECT_EQ (nullptr, curator_mutex_get_participant_nodes_sync (mutex, cancellable, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
  Acquisition *acquisition = Begin (mutex, -1, cancellable);
  ASSERT_TRUE (UntilDone (acquisition));
  EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
  EXPECT_FALSE (Exists ("/lock"));
}

TEST_F (Mutex, IsCancelledAtAnyMomentAndLeavesNothing)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  int cancelled = 0;

  for (int i = 0; i < 60; i++)
    {
      Ref<GCancellable> cancellable (g_cancellable_new ());
      Acquisition *acquisition = Begin (mutex, -1, cancellable);
      gint64 until = g_get_monotonic_time () + i * 10;

      while (g_get_monotonic_time () < until)
        Drain ();
      g_cancellable_cancel (cancellable);
      ASSERT_TRUE (UntilDone (acquisition));
      if (acquisition->lease.get () == nullptr)
        {
          EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED))
              << acquisition->error.message ();
          cancelled++;
        }
      acquisition->lease.reset ();
    }
  EXPECT_GT (cancelled, 0);
  EXPECT_TRUE (UntilParticipants (mutex, 0));
}

TEST_F (Mutex, IsCancelledWhileWaiting)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Acquisition *acquisition = Begin (mutex, -1, cancellable);

  ASSERT_TRUE (UntilParticipants (mutex, 2));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (acquisition));
  EXPECT_TRUE (acquisition->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
  EXPECT_TRUE (UntilParticipants (mutex, 1));
}

TEST_F (Mutex, ABlockedThreadIsCancelled)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Error error;
  CuratorLease *other = nullptr;
  std::thread thread ([&] { other = curator_mutex_acquire_sync (mutex, -1, cancellable, error.out ()); });

  EXPECT_TRUE (UntilParticipants (mutex, 2));
  g_cancellable_cancel (cancellable);
  thread.join ();
  EXPECT_EQ (nullptr, other);
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

TEST_F (Mutex, CancellingAfterTheGrantDoesNotLoseTheLease)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Error error;

  /* With the path in place each of the two is one flight, and the answers come in order: when the second has
   * its answer, the first has been granted. Its callback has not run. */
  OperatorCreate ("/lock");
  Acquisition *acquisition = Begin (mutex, -1, cancellable);
  EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (Another (mutex), nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
  EXPECT_FALSE (acquisition->done);
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilGranted (acquisition));
  EXPECT_TRUE (curator_lease_is_valid (acquisition->lease));
}

TEST_F (Mutex, AResultThatNobodyTakesIsReleased)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  bool done = false;

  curator_mutex_acquire_async (
      mutex, -1, nullptr,
      [] (GObject *, GAsyncResult *, gpointer data) { *static_cast<bool *> (data) = true; }, &done);
  ASSERT_TRUE (Until ([&] { return done; }));
  EXPECT_TRUE (UntilParticipants (mutex, 0));
  curator_mutex_acquire_async (mutex, -1, nullptr, nullptr, nullptr);
  EXPECT_TRUE (UntilGranted (Begin (mutex)));
}

/* faults: 23 */
TEST_F (Mutex, IgnoresWhatIsNoContender)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());

  OperatorCreate ("/lock");
  for (const char *name : { "0", "garbage", "lock-", "lock-1", "lock-000000000x", "__lock__0", "leases" })
    OperatorCreate (std::string ("/lock/") + name);
  Ref<CuratorLease> lease = Acquire (mutex);
  EXPECT_EQ (1u, Participants (mutex).size ());
}

/* faults: 23 */
TEST_F (Mutex, WaitsForKazoo)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  const char *kazoo = "/lock/0123456789abcdef0123456789abcdef__lock__0000000000";

  OperatorCreate ("/lock");
  OperatorCreate (kazoo);
  Acquisition *acquisition = Begin (mutex);
  ASSERT_TRUE (UntilParticipants (mutex, 2));
  EXPECT_EQ (kazoo, Participants (mutex)[0]);
  /* Changing what is watched is no reason to hold. */
  OperatorSetData (kazoo, "x");
  EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (mutex, nullptr, nullptr));
  EXPECT_FALSE (acquisition->done);
  OperatorDelete (kazoo);
  EXPECT_TRUE (UntilGranted (acquisition));
}

TEST_F (Mutex, RefusesWhatCannotBe)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client);
  Error error;

  for (const char *path : { "", "relative", "/a//b", "/a/", "/a/../b" })
    {
      Ref<CuratorMutex> bad = NewMutex (client, path);

      EXPECT_STREQ (path, curator_mutex_get_path (bad));
      EXPECT_EQ (nullptr, curator_mutex_acquire_sync (bad, -1, nullptr, error.out ()));
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
      EXPECT_THAT (error.message (), HasSubstr ("acquire \"" + std::string (path) + "\""));
      EXPECT_EQ (nullptr, curator_mutex_get_participant_nodes_sync (bad, nullptr, error.out ()));
      EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
    }
  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex, -2, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex, G_MININT64, nullptr, nullptr));
}

TEST_F (Mutex, LivesInTheRoot)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorMutex> mutex = NewMutex (client, "/");
  Ref<CuratorLease> lease = Acquire (mutex);

  EXPECT_THAT (Participants (mutex), ElementsAre (curator_lease_get_path (lease)));
  EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (mutex, nullptr, nullptr));
}

TEST_F (Mutex, LivesInTheApplicationsContext)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Chroot (), 10000);
  curator_framework_builder_with_main_context (builder, Context ());
  CuratorFramework *client = Start (builder);
  Ref<CuratorMutex> mutex = NewMutex (client);
  Acquisition *first = Begin (Another (mutex));
  Error error;

  ASSERT_TRUE (UntilGranted (first));
  EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) << error.message ();
  Acquisition *second = Begin (Another (mutex));
  Acquisition *third = Begin (Another (mutex));
  ASSERT_TRUE (Until ([&] { return CountEphemerals () == 3; }));
  EXPECT_FALSE (curator_lease_release_sync (first->lease, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) << error.message ();
  ASSERT_TRUE (UntilGranted (second));
  EXPECT_FALSE (third->done);
  second->lease.reset ();
  ASSERT_TRUE (UntilGranted (third));
}

TEST_F (Mutex, ReleasesAsynchronously)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  Ref<GCancellable> cancelled (g_cancellable_new ());
  std::vector<std::string> outcomes;
  auto on_released = [] (GObject *object, GAsyncResult *result, gpointer data) {
    Error error;

    if (curator_lease_release_finish (CURATOR_LEASE (object), result, error.out ()))
      static_cast<std::vector<std::string> *> (data)->push_back ("released");
    else
      static_cast<std::vector<std::string> *> (data)->push_back (error.message ());
  };

  curator_lease_release_async (lease, nullptr, on_released, &outcomes);
  curator_lease_release_async (lease, nullptr, on_released, &outcomes);
  ASSERT_TRUE (Until ([&] { return outcomes.size () == 2; }));
  EXPECT_THAT (outcomes, ElementsAre ("released", "released"));

  lease = Acquire (mutex);
  outcomes.clear ();
  g_cancellable_cancel (cancelled);
  curator_lease_release_async (lease, cancelled, on_released, &outcomes);
  ASSERT_TRUE (Until ([&] { return outcomes.size () == 1; }));
  EXPECT_THAT (outcomes[0], HasSubstr ("cancelled"));
  EXPECT_TRUE (UntilParticipants (mutex, 0));
}

/* Everything that the callback could drop goes in it.
 * faults: 16 */
TEST_F (Mutex, MayBeDroppedFromItsCallback)
{
  struct Everything
  {
    Ref<CuratorMutex> mutex;
    bool done = false;
  } all;

  all.mutex = NewMutex (Connect ());
  curator_mutex_acquire_async (
      all.mutex, -1, nullptr,
      [] (GObject *object, GAsyncResult *result, gpointer data) {
        auto *everything = static_cast<Everything *> (data);
        g_autoptr (CuratorLease) lease =
            curator_mutex_acquire_finish (CURATOR_MUTEX (object), result, nullptr);

        EXPECT_NE (nullptr, lease);
        everything->mutex.reset ();
        everything->done = true;
      },
      &all);
  EXPECT_TRUE (Until ([&] { return all.done; }));
}

/* faults: 26 */
TEST_F (Mutex, IsInertInAForkedProcess)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      GError *error = nullptr;
      bool inert = !curator_lease_is_valid (lease) && !curator_lease_release_sync (lease, nullptr, &error) &&
                   g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) &&
                   curator_mutex_acquire_sync (mutex, -1, nullptr, nullptr) == nullptr;

      g_object_unref (lease.release ());
      _exit (inert ? 0 : 1);
    }
  ASSERT_EQ (child, waitpid (child, &status, 0));
  EXPECT_TRUE (WIFEXITED (status));
  EXPECT_EQ (0, WEXITSTATUS (status));
  EXPECT_TRUE (curator_lease_is_valid (lease));
  EXPECT_EQ (1u, Participants (mutex).size ());
}

TEST_F (Mutex, LeavesNoWatchOfItsPredecessorBehind)
{
  Ref<CuratorMutex> mutex = NewMutex (Connect ());
  Ref<CuratorLease> lease = Acquire (mutex);

  for (int i = 0; i < 3; i++)
    {
      Acquisition *acquisition = Begin (mutex, 80);

      ASSERT_TRUE (UntilDone (acquisition));
    }
  /* Only the holder's node is watched, by the holder. */
  EXPECT_TRUE (Until ([&] { return CountWatches () == 1; }));
  Release (lease);
}

} // namespace
