/* SPDX-License-Identifier: Apache-2.0 */
#include "watches-fixture.hpp"

#include <map>

using namespace watches_test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::Values;

namespace
{

class Watches : public WatchesFixture
{
};

/* --- one event, or one after the other --- */

TEST_P (Watches, APlainOneSeesOneEvent)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  OperatorSet ("/node", "1");
  ASSERT_TRUE (UntilEvents (log, 1));
  OperatorSet ("/node", "2");
  Settle (client);
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node")));
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  OperatorDelete ("/node");
  ASSERT_TRUE (UntilEvents (log, 2));
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node"), Pair (deleted, "/node")));
  EXPECT_EQ (CountServerWatches (), 0U);
}

TEST_P (Watches, ARearmingOneGoesOn)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);
  Outcome *exists = Exists (client, "/node", watcher);

  ASSERT_TRUE (Succeeds (exists));
  EXPECT_EQ (exists->text, "no");
  OperatorCreate ("/node");
  ASSERT_TRUE (UntilEvents (log, 1));
  Settle (client);
  OperatorSet ("/node", "1");
  ASSERT_TRUE (UntilEvents (log, 2));
  Settle (client);
  OperatorDelete ("/node");
  ASSERT_TRUE (UntilEvents (log, 3));
  Settle (client);
  OperatorCreate ("/node");
  ASSERT_TRUE (UntilEvents (log, 4));
  EXPECT_THAT (log.events, ElementsAre (Pair (created, "/node"), Pair (changed, "/node"),
                                        Pair (deleted, "/node"), Pair (created, "/node")));
  curator_watcher_cancel (watcher);
  ASSERT_TRUE (UntilServerWatches (0));
  OperatorSet ("/node", "2");
  Settle (client);
  EXPECT_EQ (log.events.size (), 4U);
}

TEST_P (Watches, ARearmingOneOfChildrenOutlivesTheNode)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (GetChildren (client, "/node", watcher)));
  OperatorDelete ("/node");
  ASSERT_TRUE (UntilEvents (log, 1));
  ASSERT_TRUE (UntilServerWatches (1));
  OperatorCreate ("/node");
  ASSERT_TRUE (UntilEvents (log, 2));
  Settle (client);
  OperatorSet ("/node", "1");
  OperatorCreate ("/node/child");
  ASSERT_TRUE (UntilEvents (log, 3));
  Settle (client);
  OperatorDelete ("/node/child");
  ASSERT_TRUE (UntilEvents (log, 4));
  EXPECT_THAT (log.events, ElementsAre (Pair (deleted, "/node"), Pair (created, "/node"),
                                        Pair (children_changed, "/node"), Pair (children_changed, "/node")));
  curator_watcher_cancel (watcher);
  EXPECT_TRUE (UntilServerWatches (0));
}

/* Who reads again after each event misses nothing, however fast the changes come.
 *
 * faults: 11 */
TEST_P (Watches, WhoReadsAfterEachEventEndsWithTheLastValue)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  CuratorFramework *writer = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);
  std::vector<Outcome *> reads;
  constexpr int n_changes = 500;

  OperatorCreate ("/node");
  log.then = [&] { reads.push_back (Get (client, "/node")); };
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  for (int i = 1; i <= n_changes; i++)
    Set (writer, "/node", std::to_string (i));
  ASSERT_TRUE (Until ([&] {
    return !reads.empty () && reads.back ()->IsDone () && reads.back ()->text == std::to_string (n_changes);
  }));
  EXPECT_EQ (log.events.size (), log.Count (changed));
}

/* A change is told before the result of any read that sees it. */
TEST_P (Watches, AChangeIsToldBeforeALaterRead)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);
  Outcome *read;
  size_t n_events = 0;

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  Set (client, "/node", "new");
  read = Get (client, "/node");
  read->then = [&] { n_events = log.events.size (); };
  ASSERT_TRUE (Succeeds (read));
  EXPECT_EQ (read->text, "new");
  EXPECT_EQ (n_events, 1U);
}

/* --- through interruptions --- */

/* faults: 11 */
TEST_P (Watches, WhatHappenedWhileDisconnectedIsToldOnce)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  StateLog *states = Listen (client);
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();
  CuratorWatcher *once = NewWatcher (&plain);
  CuratorWatcher *again = NewWatcher (&rearming, true);

  for (const char *path : { "/set", "/deleted", "/parent", "/untouched" })
    OperatorCreate (path);
  for (CuratorWatcher *watcher : { once, again })
    {
      ASSERT_TRUE (Succeeds (Get (client, "/set", watcher)));
      ASSERT_TRUE (Succeeds (Get (client, "/deleted", watcher)));
      ASSERT_TRUE (Succeeds (Get (client, "/untouched", watcher)));
      ASSERT_TRUE (Succeeds (Exists (client, "/created", watcher)));
      ASSERT_TRUE (Succeeds (GetChildren (client, "/parent", watcher)));
    }
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  OperatorSet ("/set", "1");
  OperatorSet ("/set", "2");
  OperatorDelete ("/deleted");
  OperatorCreate ("/created");
  OperatorCreate ("/parent/child");
  EXPECT_THAT (plain.events, IsEmpty ());
  Restore (proxy);
  ASSERT_TRUE (UntilEvents (plain, 4));
  ASSERT_TRUE (UntilEvents (rearming, 4));
  Settle (client);
  for (EventLog *log : { &plain, &rearming })
    EXPECT_THAT (log->events, ::testing::UnorderedElementsAre (
                                  Pair (changed, "/set"), Pair (deleted, "/deleted"),
                                  Pair (created, "/created"), Pair (children_changed, "/parent")));
  OperatorSet ("/set", "3");
  OperatorSet ("/untouched", "1");
  ASSERT_TRUE (UntilEvents (plain, 5));
  ASSERT_TRUE (UntilEvents (rearming, 6));
  Settle (client);
  EXPECT_EQ (plain.events.size (), 5U);
  EXPECT_EQ (rearming.events.size (), 6U);
  EXPECT_THAT (states->states, ElementsAre (kSuspended, kReconnected));
}

/* One packet for all of them would be more than the server takes, and the connection would never stand again.
 *
 * faults: 17
 * bugs: ZOOKEEPER-706 */
TEST_P (Watches, TenThousandSurviveAReconnect)
{
  constexpr int n_watches = 10000;
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  CuratorFramework *writer = Connect (Chroot (), 30000);
  StateLog *states = Listen (client);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);
  std::vector<std::string> paths;
  std::vector<Outcome *> outcomes;
  std::map<std::string, int> seen;

  for (int i = 0; i < n_watches; i++)
    {
      std::string number = std::to_string (i);

      paths.push_back ("/" + std::string (99 - number.size (), 'x') + number);
      outcomes.push_back (Exists (client, paths.back (), watcher));
    }
  ASSERT_TRUE (UntilDone (outcomes));
  EXPECT_EQ (curator_test_proxy_count_connections (proxy), 1U);
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  outcomes.clear ();
  for (const std::string &path : paths)
    outcomes.push_back (Create (writer, path));
  ASSERT_TRUE (UntilDone (outcomes, 60000));
  ASSERT_TRUE (Until ([&] { return log.events.size () >= paths.size (); }, 30000));
  Settle (client);
  for (const auto &event : log.events)
    {
      EXPECT_EQ (event.first, created);
      seen[event.second]++;
    }
  EXPECT_EQ (seen.size (), paths.size ());
  EXPECT_EQ (log.events.size (), paths.size ());
  EXPECT_THAT (states->states, ElementsAre (kSuspended, kReconnected));
  EXPECT_EQ (curator_test_proxy_count_connections (proxy), 2U);
  EXPECT_GT (curator_test_proxy_count_requests (proxy, op_set_watches), 1U);
}

/* faults: 29 */
TEST_P (Watches, FlappingNeitherLosesNorMultipliesThem)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  StateLog *states = Listen (client);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);
  constexpr size_t n_flaps = 10;

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  for (size_t i = 1; i <= n_flaps; i++)
    {
      curator_test_proxy_drop_connections (proxy, TRUE);
      OperatorSet ("/node", std::to_string (i));
      ASSERT_TRUE (Until ([&] { return states->states.size () == 2 * i; }));
      ASSERT_TRUE (UntilEvents (log, i));
      Settle (client);
    }
  Settle (client);
  EXPECT_EQ (log.events.size (), n_flaps);
  EXPECT_EQ (CountServerWatches (), 1U);
}

/* The request that arms the watch again is lost with the connection, and nothing is tried twice.
 *
 * faults: 11 */
TEST_P (Watches, ArmingAgainIsNotGivenUpWithTheConnection)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), 30000);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);

  curator_framework_builder_with_retry_policy (builder, curator_retry_n_times_new (0, 0));
  CuratorFramework *client = Connect (builder);
  StateLog *states = Listen (client);
  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REQUEST, op_exists);
  OperatorSet ("/node", "1");
  ASSERT_TRUE (Until ([states] { return states->EndsWith (kSuspended); }));
  Outcome *waiting = Get (client, "/node");
  Restore (proxy);
  ASSERT_TRUE (Succeeds (waiting));
  EXPECT_EQ (CountServerWatches (), 1U);
  OperatorSet ("/node", "2");
  ASSERT_TRUE (UntilEvents (log, 2));
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node"), Pair (changed, "/node")));
  EXPECT_THAT (states->errors, IsEmpty ());
}

/* faults: 6 */
TEST_P (Watches, TheEndOfTheSessionIsTold)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  StateLog *states = Listen (client);
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();
  CuratorWatcher *once = NewWatcher (&plain);
  CuratorWatcher *again = NewWatcher (&rearming, true);

  OperatorCreate ("/node");
  for (CuratorWatcher *watcher : { once, again })
    {
      ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
      ASSERT_TRUE (Succeeds (GetChildren (client, "/node", watcher)));
    }
  Expire (client, Server ());
  ASSERT_TRUE (Until ([states] { return states->EndsWith (kReconnected); }));
  ASSERT_TRUE (UntilEvents (plain, 2));
  EXPECT_THAT (plain.events, ElementsAre (Pair (none, "/node"), Pair (none, "/node")));
  EXPECT_THAT (rearming.events, IsEmpty ());
  Settle (client);
  OperatorSet ("/node", "1");
  OperatorCreate ("/node/child");
  ASSERT_TRUE (UntilEvents (rearming, 2));
  EXPECT_THAT (rearming.events, ElementsAre (Pair (changed, "/node"), Pair (children_changed, "/node")));
  EXPECT_EQ (plain.events.size (), 2U);
}

/* Those too that wait for a connection to be armed again.
 *
 * faults: 15 */
TEST_P (Watches, TheCloseIsTold)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 1000);
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();
  CuratorWatcher *once = NewWatcher (&plain);
  CuratorWatcher *again = NewWatcher (&rearming, true);

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", once)));
  ASSERT_TRUE (Succeeds (Get (client, "/node", again)));
  ExpectClosed (Close (client));
  ASSERT_TRUE (UntilEvents (plain, 1));
  ASSERT_TRUE (UntilEvents (rearming, 1));

  client = Connect (Through (proxy), 1000);
  ASSERT_TRUE (Succeeds (Get (client, "/node", once)));
  ASSERT_TRUE (Succeeds (Get (client, "/node", again)));
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kLost));
  ExpectClosed (Close (client));
  ASSERT_TRUE (UntilEvents (plain, 2));
  ASSERT_TRUE (UntilEvents (rearming, 2));
  Drain ();
  for (EventLog *log : { &plain, &rearming })
    EXPECT_THAT (log->events, ElementsAre (Pair (none, "/node"), Pair (none, "/node")));
}

/* --- removal --- */

TEST_P (Watches, RemovalLeavesNothingOnTheServer)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);
  CuratorWatcher *other = NewWatcher (&log);

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  ASSERT_TRUE (Succeeds (GetChildren (client, "/node", watcher)));
  ASSERT_TRUE (Succeeds (Exists (client, "/absent", watcher)));
  ASSERT_TRUE (Succeeds (Get (client, "/node", other)));
  ASSERT_TRUE (UntilServerWatches (2));
  EXPECT_TRUE (Succeeds (Remove (client, "/node", watcher)));
  EXPECT_TRUE (Succeeds (Remove (client, "/absent", watcher)));
  ASSERT_TRUE (UntilServerWatches (1));
  OperatorCreate ("/node/child");
  OperatorSet ("/node", "1");
  ASSERT_TRUE (UntilEvents (log, 1));
  Settle (client);
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node")));
  EXPECT_EQ (CountServerWatches (), 0U);
}

TEST_P (Watches, AllWatchersOfAPathCanBeRemoved)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *plain = NewWatcher (&log);
  CuratorWatcher *rearming = NewWatcher (&log, true);

  OperatorCreate ("/node");
  for (CuratorWatcher *watcher : { plain, rearming })
    {
      ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
      ASSERT_TRUE (Succeeds (GetChildren (client, "/node", watcher)));
    }
  EXPECT_TRUE (Succeeds (Remove (client, "/node", nullptr)));
  EXPECT_EQ (CountServerWatches (), 0U);
  curator_test_proxy_drop_connections (proxy, TRUE);
  ASSERT_TRUE (UntilState (client, kReconnected));
  EXPECT_EQ (CountServerWatches (), 0U);
  OperatorSet ("/node", "1");
  Settle (client);
  EXPECT_THAT (log.events, IsEmpty ());
  ASSERT_TRUE (Succeeds (Get (client, "/node", plain)));
  OperatorSet ("/node", "2");
  ASSERT_TRUE (UntilEvents (log, 1));
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node")));
}

TEST_P (Watches, RemovingWhatIsNotThereFailsUnlessQuiet)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);
  Outcome *loud = Remove (client, "/node", watcher);
  Outcome *loud_all = Remove (client, "/node", nullptr);

  EXPECT_TRUE (Succeeds (Remove (client, "/node", watcher, true)));
  EXPECT_TRUE (Succeeds (Remove (client, "/node", nullptr, true)));
  ASSERT_TRUE (UntilDone ({ loud, loud_all }));
  EXPECT_TRUE (loud->FailedWith (CURATOR_ERROR, CURATOR_ERROR_NO_WATCHER)) << loud->error.message ();
  EXPECT_TRUE (loud_all->FailedWith (CURATOR_ERROR, CURATOR_ERROR_NO_WATCHER)) << loud_all->error.message ();
}

TEST_P (Watches, DroppingTheWatcherLeavesNothingOnTheServer)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);
  constexpr size_t n_watches = 100;
  std::vector<Outcome *> outcomes;

  for (size_t i = 0; i < n_watches; i++)
    outcomes.push_back (Exists (client, "/" + std::to_string (i), watcher));
  ASSERT_TRUE (UntilDone (outcomes));
  ASSERT_TRUE (UntilServerWatches (n_watches));
  DropWatchers ();
  EXPECT_TRUE (UntilServerWatches (0));
}

/* The reconnect must not bring back what was dropped meanwhile, nor forget what was not. */
TEST_P (Watches, WhatIsDroppedWhileDisconnectedStaysDropped)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &dropped = *NewEvents ();
  EventLog &kept = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&dropped, true);
  CuratorWatcher *other = NewWatcher (&kept, true);

  for (const char *path : { "/dropped", "/shared" })
    {
      OperatorCreate (path);
      ASSERT_TRUE (Succeeds (Get (client, path, watcher)));
      ASSERT_TRUE (Succeeds (GetChildren (client, path, watcher)));
    }
  ASSERT_TRUE (Succeeds (Get (client, "/shared", other)));
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  curator_watcher_cancel (watcher);
  OperatorSet ("/dropped", "1");
  Restore (proxy);
  Settle (client);
  EXPECT_EQ (CountServerWatches (), 1U);
  OperatorSet ("/shared", "1");
  ASSERT_TRUE (UntilEvents (kept, 1));
  EXPECT_THAT (kept.events, ElementsAre (Pair (changed, "/shared")));
  EXPECT_THAT (dropped.events, IsEmpty ());
}

/* The server sets the watch although nobody waits for the answer any more. */
TEST_P (Watches, AReadThatWasGivenUpLeavesNothingOnTheServer)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);
  Outcome *read;

  OperatorCreate ("/node");
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  read = Get (client, "/node", watcher, cancellable);
  ASSERT_TRUE (UntilServerWatches (1));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (read));
  EXPECT_TRUE (read->FailedWith (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << read->error.message ();
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  EXPECT_TRUE (UntilServerWatches (0));
  OperatorSet ("/node", "1");
  Settle (client);
  EXPECT_THAT (log.events, IsEmpty ());
}

/* Another reader of the same node is not robbed of its watch by one that gives up. */
TEST_P (Watches, AReadThatWasGivenUpLeavesOthersTheirWatch)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  EventLog &log = *NewEvents ();
  EventLog &kept = *NewEvents ();
  Outcome *read, *other;

  OperatorCreate ("/node");
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  read = Get (client, "/node", NewWatcher (&log), cancellable);
  other = Get (client, "/node", NewWatcher (&kept));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (read));
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  ASSERT_TRUE (Succeeds (other));
  Settle (client);
  OperatorSet ("/node", "1");
  ASSERT_TRUE (UntilEvents (kept, 1));
  EXPECT_THAT (kept.events, ElementsAre (Pair (changed, "/node")));
  EXPECT_THAT (log.events, IsEmpty ());
}

INSTANTIATE_TEST_SUITE_P (Modes, Watches, Values (Mode::kShared, Mode::kContext), ModeName);

} // namespace
