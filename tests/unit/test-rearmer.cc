/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>
#include <zookeeper.h>

#include <string>
#include <vector>

#include "curator-rearmer-private.h"
#include "fake-core.h"

namespace
{

constexpr auto DATA = CURATOR_WATCH_KIND_DATA;
constexpr auto CHILDREN = CURATOR_WATCH_KIND_CHILDREN;
constexpr auto NONE = CURATOR_WATCHED_EVENT_TYPE_NONE;
constexpr auto CREATED = CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED;
constexpr auto DELETED = CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED;
constexpr auto CHANGED = CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED;
constexpr auto CHILDREN_CHANGED = CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED;

using Seen = std::vector<int>;
using Log = std::vector<std::string>;

/* A watch of /a that re-arms, on a core and a server that are made up. */
class Rearmer : public ::testing::Test
{
protected:
  void SetUp () override
  {
    static const CuratorWatchTableCallbacks callbacks = { OnRearm, OnUnused };

    fake.watches = table = curator_watch_table_new (&callbacks, this);
    rearmer = curator_rearmer_new (fake.Core (), table);
    fake.when_connected = [this] { curator_rearmer_connected (rearmer); };
    watch = curator_watch_new (TRUE, OnFired, this, nullptr);
    fake.Add ("/a");
  }

  void TearDown () override
  {
    Close ();
    curator_rearmer_free (rearmer);
    curator_watch_table_free (table);
    curator_watch_unref (watch);
  }

  void Close ()
  {
    if (fake.closing)
      return;
    curator_watch_table_session_over (table, TRUE);
    fake.Close ();
  }

  void Arm (CuratorWatchKind kind)
  {
    curator_rearmer_arm (rearmer, "/a", kind, watch);
    fake.Run ();
    ASSERT_TRUE (curator_watch_is_armed (watch));
    fake.log.clear ();
  }

  /* The next @n answers. */
  void FailNext (guint n, int rc)
  {
    for (guint i = 1; i <= n; i++)
      fake.faults[fake.n_answered + i].rc = rc;
  }

  static void OnRearm (const char *path, CuratorWatchKind kind, CuratorWatch *watch, gpointer user_data)
  {
    curator_rearmer_arm (static_cast<Rearmer *> (user_data)->rearmer, path, kind, watch);
  }

  static void OnUnused (const char *, CuratorWatchKind, gpointer)
  {
  }

  static void OnFired (CuratorWatch *, CuratorWatchedEventType type, const char *path, gpointer user_data)
  {
    EXPECT_STREQ (path, "/a");
    static_cast<Rearmer *> (user_data)->seen.push_back (type);
  }

  FakeCore fake;
  CuratorWatchTable *table = nullptr;
  CuratorRearmer *rearmer = nullptr;
  CuratorWatch *watch = nullptr;
  Seen seen;
};

TEST_F (Rearmer, CostsOneReadWhereNothingFails)
{
  Arm (DATA);
  curator_watch_table_event (table, CHANGED, "/a");
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "exists /a" }));
  EXPECT_EQ (seen, Seen ({ CHANGED }));
  EXPECT_TRUE (curator_watch_is_armed (watch));
}

/* faults: 21 */
TEST_F (Rearmer, TriesAgainWhereTheServerIsTooBusyAndTellsOfWhatItMayHaveMissed)
{
  struct
  {
    CuratorWatchKind kind;
    CuratorWatchedEventType event;
    std::string read;
  } const rows[] = { { DATA, CHANGED, "exists /a" }, { CHILDREN, CHILDREN_CHANGED, "list /a" } };

  for (const auto &row : rows)
    {
      Arm (row.kind);
      seen.clear ();
      FailNext (2, ZTHROTTLEDOP);
      curator_watch_table_event (table, row.event, "/a");
      EXPECT_EQ (seen, Seen ({ row.event }));
      fake.Run ();
      EXPECT_EQ (fake.log, Log ({ row.read, row.read, row.read }));
      EXPECT_TRUE (curator_watch_is_armed (watch));
      EXPECT_EQ (seen, Seen ({ row.event, row.event }));
      EXPECT_TRUE (fake.reported.empty ());
      /* And no more than that. */
      curator_watch_table_event (table, row.event, "/a");
      fake.Run ();
      EXPECT_EQ (seen, Seen ({ row.event, row.event, row.event }));
      curator_watch_cancel (watch);
      curator_watch_unref (watch);
      watch = curator_watch_new (TRUE, OnFired, this, nullptr);
    }
}

/* faults: 21 */
TEST_F (Rearmer, ANodeThatCameAndWentMeanwhileIsToldOf)
{
  fake.tree.erase ("/a");
  Arm (DATA);
  FailNext (1, ZTHROTTLEDOP);
  /* It comes, which is told of, and goes before the watch is set again. */
  curator_watch_table_event (table, CREATED, "/a");
  fake.Run ();
  EXPECT_EQ (seen, Seen ({ CREATED, DELETED }));
}

/* faults: 21 */
TEST_F (Rearmer, WaitsForAMissingNodeOverABusyServerToo)
{
  fake.tree.erase ("/a");
  FailNext (1, ZTHROTTLEDOP);
  fake.faults[3].rc = ZTHROTTLEDOP;
  curator_rearmer_arm (rearmer, "/a", CHILDREN, watch);
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "list /a", "list /a", "exists /a", "exists /a" }));
  EXPECT_TRUE (curator_watch_is_armed (watch));
}

/* faults: 21 */
TEST_F (Rearmer, ReportsWhatThePolicyGivesUpOnAndGoesOnWithTheNextConnection)
{
  Arm (DATA);
  FailNext (fake.max_retries + 1, ZTHROTTLEDOP);
  curator_watch_table_event (table, CHANGED, "/a");
  fake.Run ();
  EXPECT_EQ (fake.log.size (), fake.max_retries + 1);
  EXPECT_EQ (fake.reported, std::vector<int> ({ ZTHROTTLEDOP }));
  EXPECT_FALSE (curator_watch_is_armed (watch));
  fake.Disconnect (false);
  fake.Run ();
  EXPECT_TRUE (curator_watch_is_armed (watch));
  EXPECT_EQ (seen, Seen ({ CHANGED, CHANGED }));
  EXPECT_EQ (fake.reported.size (), 1u);
}

TEST_F (Rearmer, WaitsNoLongerThanForTheNextConnection)
{
  Arm (DATA);
  FailNext (1, ZTHROTTLEDOP);
  curator_watch_table_event (table, CHANGED, "/a");
  fake.Step ();
  fake.HoldConnection (true);
  fake.Disconnect (true);
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "exists /a" }));
  fake.HoldConnection (false);
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "exists /a", "exists /a" }));
  EXPECT_TRUE (curator_watch_is_armed (watch));
  EXPECT_EQ (seen, Seen ({ CHANGED, CHANGED }));
}

TEST_F (Rearmer, ALostReadIsForTheNextConnectionAndMissesNothing)
{
  Arm (DATA);
  curator_watch_table_event (table, CHANGED, "/a");
  fake.Disconnect (false);
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "exists /a" }));
  EXPECT_EQ (seen, Seen ({ CHANGED }));
  EXPECT_TRUE (fake.reported.empty ());
}

/* faults: 10 */
TEST_F (Rearmer, TellsOfANodeThatCameBeforeItsAbsenceCouldBeWatched)
{
  Arm (CHILDREN);
  fake.tree.erase ("/a");
  fake.HoldConnection (true);
  curator_watch_table_event (table, DELETED, "/a");
  fake.Disconnect (false);
  fake.Run ();
  fake.Add ("/a");
  fake.HoldConnection (false);
  fake.Run ();
  EXPECT_TRUE (curator_watch_is_armed (watch));
  EXPECT_EQ (seen, Seen ({ DELETED, CREATED }));
}

TEST_F (Rearmer, WaitsWithOneReadForTheNodeThatAnEventSaidHasGone)
{
  Arm (CHILDREN);
  fake.tree.erase ("/a");
  curator_watch_table_event (table, DELETED, "/a");
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "exists /a" }));
  fake.Add ("/a");
  curator_watch_table_event (table, CREATED, "/a");
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "exists /a", "list /a" }));
  EXPECT_EQ (seen, Seen ({ DELETED, CREATED }));
}

/* What was read between the list and the next read need not be what was there before or is there after. */
TEST_F (Rearmer, TellsOfTheEndThatNoEventToldOf)
{
  Arm (CHILDREN);
  fake.tree.erase ("/a");
  curator_watch_table_event (table, CHILDREN_CHANGED, "/a");
  fake.Run ();
  EXPECT_EQ (fake.log, Log ({ "list /a", "exists /a" }));
  EXPECT_TRUE (curator_watch_is_armed (watch));
  EXPECT_EQ (seen, Seen ({ CHILDREN_CHANGED, DELETED }));
}

TEST_F (Rearmer, WhatWillNeverBePermittedIsReportedOnce)
{
  Arm (CHILDREN);
  fake.unreadable.insert ("/a");
  curator_watch_table_event (table, CHILDREN_CHANGED, "/a");
  fake.Run ();
  EXPECT_EQ (fake.reported, std::vector<int> ({ ZNOAUTH }));
  fake.Disconnect (false);
  fake.Run ();
  EXPECT_EQ (fake.log.size (), 1u);
}

TEST_F (Rearmer, IsSilentAboutAWatchThatWasCancelledWhileItWaited)
{
  Arm (DATA);
  FailNext (1, ZTHROTTLEDOP);
  curator_watch_table_event (table, CHANGED, "/a");
  fake.Step ();
  curator_watch_cancel (watch);
  fake.Run ();
  EXPECT_EQ (fake.log.size (), 1u);
  EXPECT_TRUE (fake.reported.empty ());
  EXPECT_EQ (seen, Seen ({ CHANGED }));
}

TEST_F (Rearmer, TheClientsEndIsTheEndOfTheWait)
{
  Arm (DATA);
  FailNext (1, ZTHROTTLEDOP);
  curator_watch_table_event (table, CHANGED, "/a");
  fake.Step ();
  Close ();
  EXPECT_EQ (seen, Seen ({ CHANGED, NONE }));
  EXPECT_TRUE (fake.reported.empty ());
}

} // namespace
