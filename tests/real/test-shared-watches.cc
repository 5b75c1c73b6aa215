/* SPDX-License-Identifier: Apache-2.0 */
#include "watches-fixture.hpp"

/* Watchers with several paths, paths with several watchers, and watches on their way when the client goes. */

using namespace watches_test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::Values;

namespace
{

class SharedWatches : public WatchesFixture
{
protected:
  void Reconnect (CuratorTestProxy *proxy, CuratorFramework *client)
  {
    Cut (proxy);
    EXPECT_TRUE (UntilState (client, kSuspended));
    Restore (proxy);
    EXPECT_TRUE (UntilState (client, kReconnected));
  }
};

/* --- one watcher, several paths --- */

TEST_P (SharedWatches, AWatcherHearsOfEachOfItsPaths)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();

  OperatorCreate ("/a");
  OperatorCreate ("/b");
  for (CuratorWatcher *watcher : { NewWatcher (&plain), NewWatcher (&rearming, true) })
    {
      ASSERT_TRUE (Succeeds (Get (client, "/a", watcher)));
      ASSERT_TRUE (Succeeds (Get (client, "/b", watcher)));
      ASSERT_TRUE (Succeeds (GetChildren (client, "/b", watcher)));
    }
  OperatorSet ("/a", "1");
  ASSERT_TRUE (UntilEvents (plain, 1));
  ASSERT_TRUE (UntilEvents (rearming, 1));
  EXPECT_THAT (plain.events, ElementsAre (Pair (changed, "/a")));
  EXPECT_THAT (rearming.events, ElementsAre (Pair (changed, "/a")));

  Settle (client);
  Reconnect (proxy, client);
  OperatorSet ("/a", "2");
  OperatorSet ("/b", "2");
  OperatorCreate ("/b/child");
  ASSERT_TRUE (UntilEvents (plain, 3));
  ASSERT_TRUE (UntilEvents (rearming, 4));
  Settle (client);
  EXPECT_THAT (plain.events,
               ElementsAre (Pair (changed, "/a"), Pair (changed, "/b"), Pair (children_changed, "/b")));
  EXPECT_THAT (rearming.events, ElementsAre (Pair (changed, "/a"), Pair (changed, "/a"), Pair (changed, "/b"),
                                             Pair (children_changed, "/b")));
}

TEST_P (SharedWatches, RemovedFromOnePathItHearsOfTheOther)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);

  OperatorCreate ("/a");
  OperatorCreate ("/b");
  ASSERT_TRUE (Succeeds (Get (client, "/a", watcher)));
  ASSERT_TRUE (Succeeds (Get (client, "/b", watcher)));
  ASSERT_TRUE (Succeeds (Remove (client, "/a", watcher)));
  EXPECT_TRUE (UntilServerWatches (1));
  Reconnect (proxy, client);
  EXPECT_TRUE (UntilServerWatches (1));
  OperatorSet ("/a", "1");
  OperatorSet ("/b", "1");
  ASSERT_TRUE (UntilEvents (log, 1));
  Settle (client);
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/b")));
  curator_watcher_cancel (watcher);
  EXPECT_TRUE (UntilServerWatches (0));
}

/* The read that the first watch came from is answered only when there is a second one. */
TEST_P (SharedWatches, RemovedWhileItIsBeingSetItCanBeSetAgain)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log);

  OperatorCreate ("/a");
  Settle (client);
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  std::vector<Outcome *> outcomes = { Get (client, "/a", watcher), Remove (client, "/a", watcher),
                                      Get (client, "/a", watcher) };
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  for (Outcome *outcome : outcomes)
    ASSERT_TRUE (Succeeds (outcome));
  OperatorSet ("/a", "1");
  ASSERT_TRUE (UntilEvents (log, 1));
  Settle (client);
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/a")));
}

/* --- one path, several watchers --- */

/* One is removed and one is dropped; the others are told once each, also after a reconnect. */
TEST_P (SharedWatches, RemovingOneOfSeveralLeavesTheOthers)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &removed = *NewEvents ();
  EventLog &cancelled = *NewEvents ();
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();
  CuratorWatcher *to_remove = NewWatcher (&removed, true);
  CuratorWatcher *to_cancel = NewWatcher (&cancelled);

  OperatorCreate ("/node");
  for (CuratorWatcher *watcher : { to_remove, NewWatcher (&plain), to_cancel, NewWatcher (&rearming, true) })
    ASSERT_TRUE (Succeeds (Get (client, "/node", watcher)));
  ASSERT_TRUE (Succeeds (Remove (client, "/node", to_remove)));
  curator_watcher_cancel (to_cancel);
  Settle (client);
  EXPECT_EQ (1u, CountServerWatches ());
  Reconnect (proxy, client);
  OperatorSet ("/node", "1");
  ASSERT_TRUE (UntilEvents (plain, 1));
  ASSERT_TRUE (UntilEvents (rearming, 1));
  Settle (client);
  OperatorSet ("/node", "2");
  ASSERT_TRUE (UntilEvents (rearming, 2));
  Settle (client);
  EXPECT_THAT (plain.events, ElementsAre (Pair (changed, "/node")));
  EXPECT_THAT (rearming.events, ElementsAre (Pair (changed, "/node"), Pair (changed, "/node")));
  EXPECT_THAT (removed.events, IsEmpty ());
  EXPECT_THAT (cancelled.events, IsEmpty ());
}

/* --- what is missing --- */

/* The watch is one for the creation, and the server has to be told so again.
 *
 * faults: 11 */
TEST_P (SharedWatches, ANodeThatAppearsAfterAReconnectIsTold)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();

  for (CuratorWatcher *watcher : { NewWatcher (&plain), NewWatcher (&rearming, true) })
    ASSERT_TRUE (Succeeds (Exists (client, "/missing", watcher)));
  Reconnect (proxy, client);
  Reconnect (proxy, client);
  Settle (client);
  EXPECT_THAT (plain.events, IsEmpty ());
  EXPECT_THAT (rearming.events, IsEmpty ());
  OperatorCreate ("/missing");
  ASSERT_TRUE (UntilEvents (plain, 1));
  ASSERT_TRUE (UntilEvents (rearming, 1));
  Settle (client);
  EXPECT_THAT (plain.events, ElementsAre (Pair (created, "/missing")));
  EXPECT_THAT (rearming.events, ElementsAre (Pair (created, "/missing")));
}

/* A read of data or children that fails sets no watch.
 *
 * faults: 11 */
TEST_P (SharedWatches, AReadOfWhatIsMissingSetsNone)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &log = *NewEvents ();
  CuratorWatcher *watcher = NewWatcher (&log, true);
  std::vector<Outcome *> reads = { Get (client, "/missing", watcher),
                                   GetChildren (client, "/missing", watcher) };

  ASSERT_TRUE (UntilDone (reads));
  for (const Outcome *read : reads)
    EXPECT_TRUE (read->FailedWith (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << read->error.message ();
  EXPECT_EQ (0u, CountServerWatches ());
  Reconnect (proxy, client);
  OperatorCreate ("/missing");
  Settle (client);
  EXPECT_THAT (log.events, IsEmpty ());
  EXPECT_EQ (0u, CountServerWatches ());
}

/* --- on their way --- */

/* A watch of which nobody knows yet that it stands has no end to be told.
 *
 * faults: 11, 15 */
TEST_P (SharedWatches, AReadOnItsWayAtTheCloseLeavesNone)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  EventLog &plain = *NewEvents ();
  EventLog &rearming = *NewEvents ();
  std::vector<Outcome *> reads;
  Outcome *close;

  OperatorCreate ("/node");
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  reads = { Get (client, "/node", NewWatcher (&plain)),
            Exists (client, "/no", NewWatcher (&rearming, true)) };
  ASSERT_TRUE (UntilServerWatches (2));
  close = Close (client);
  ASSERT_TRUE (UntilDone (reads));
  for (const Outcome *read : reads)
    EXPECT_TRUE (read->IsClosed ()) << read->error.message ();
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  ExpectClosed (close);
  Drain ();
  EXPECT_TRUE (UntilServerWatches (0));
  EXPECT_THAT (plain.events, IsEmpty ());
  EXPECT_THAT (rearming.events, IsEmpty ());
}

/* The close ends what is being armed again, and says so once.
 *
 * faults: 11, 15 */
TEST_P (SharedWatches, ArmingAgainOnItsWayAtTheCloseIsTold)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  EventLog &log = *NewEvents ();
  Outcome *close;

  OperatorCreate ("/node");
  ASSERT_TRUE (Succeeds (Get (client, "/node", NewWatcher (&log, true))));
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER);
  OperatorSet ("/node", "1");
  ASSERT_TRUE (UntilEvents (log, 1));
  close = Close (client);
  ASSERT_TRUE (UntilEvents (log, 2));
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  ExpectClosed (close);
  Drain ();
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node"), Pair (none, "/node")));
  EXPECT_TRUE (UntilServerWatches (0));
}

/* The answer that tells that a watch stands is lost with the connection: the read is done again, and the
 * change in between is in what it reads or is told, never in neither.
 *
 * faults: 11 */
TEST_P (SharedWatches, AReadWhoseAnswerIsLostMissesNothing)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 30000);
  EventLog &log = *NewEvents ();
  Outcome *read;

  OperatorCreate ("/node");
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REPLY, op_get_data);
  read = Get (client, "/node", NewWatcher (&log));
  ASSERT_TRUE (Until ([proxy] { return curator_test_proxy_wait_cut_sync (proxy, 0, nullptr); }));
  OperatorSet ("/node", "between");
  Restore (proxy);
  ASSERT_TRUE (Succeeds (read));
  EXPECT_EQ ("between", read->text);
  Settle (client);
  EXPECT_THAT (log.events, IsEmpty ()) << "it was told of what it had read";
  EXPECT_EQ (1u, CountServerWatches ());
  OperatorSet ("/node", "after");
  ASSERT_TRUE (UntilEvents (log, 1));
  EXPECT_THAT (log.events, ElementsAre (Pair (changed, "/node")));
}

INSTANTIATE_TEST_SUITE_P (Modes, SharedWatches, Values (Mode::kShared, Mode::kContext), ModeName);

} // namespace
