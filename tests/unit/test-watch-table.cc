/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

extern "C" {
#include "curator-watch-table-private.h"
}

namespace
{

constexpr auto DATA = CURATOR_WATCH_KIND_DATA;
constexpr auto CHILDREN = CURATOR_WATCH_KIND_CHILDREN;
constexpr auto CREATED = CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED;
constexpr auto DELETED = CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED;
constexpr auto CHANGED = CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED;
constexpr auto CHILDREN_CHANGED = CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED;
constexpr auto NONE = CURATOR_WATCHED_EVENT_TYPE_NONE;

class WatchTableTest : public ::testing::Test
{
protected:
  void
  SetUp () override
  {
    static const CuratorWatchTableCallbacks callbacks = { OnRearm, OnUnused };

    table = curator_watch_table_new (&callbacks, this);
  }

  void TearDown () override { curator_watch_table_free (table); }

  CuratorWatch *
  NewWatch (gboolean rearm = FALSE)
  {
    return curator_watch_new (rearm, OnFired, this, nullptr);
  }

  void
  Arm (const char *path, CuratorWatchKind kind, CuratorWatch *watch, const char *prefix = nullptr, gint64 found = 1)
  {
    curator_watch_table_arming (table, path, kind);
    curator_watch_table_armed (table, path, kind, watch, prefix, found);
  }

  static void
  OnFired (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer data)
  {
    auto *self = static_cast<WatchTableTest *> (data);

    self->log.push_back ("fired " + std::to_string (type) + " " + path);
    if (self->when_fired)
      self->when_fired (watch);
  }

  static void
  OnRearm (const char *path, CuratorWatchKind kind, CuratorWatch *, gpointer data)
  {
    static_cast<WatchTableTest *> (data)->log.push_back ("rearm " + std::to_string (kind) + " " + path);
  }

  static void
  OnUnused (const char *path, CuratorWatchKind kind, gpointer data)
  {
    static_cast<WatchTableTest *> (data)->log.push_back ("unused " + std::to_string (kind) + " " + path);
  }

  using Log = std::vector<std::string>;
  CuratorWatchTable *table = nullptr;
  Log log;
  std::function<void (CuratorWatch *)> when_fired;
};

TEST_F (WatchTableTest, EachEventConcernsItsKind)
{
  struct
  {
    CuratorWatchedEventType type;
    bool data, children;
  } const rows[] = {
    { CREATED, true, false }, { CHANGED, true, false }, { DELETED, true, true }, { CHILDREN_CHANGED, false, true }
  };

  for (const auto &row : rows)
    for (CuratorWatchKind kind : { DATA, CHILDREN })
      {
        g_autoptr (CuratorWatch) watch = NewWatch ();
        bool concerned = kind == DATA ? row.data : row.children;

        log.clear ();
        Arm ("/a", kind, watch);
        curator_watch_table_event (table, row.type, "/a");
        curator_watch_table_event (table, row.type, "/a");
        EXPECT_EQ (log.size (), concerned ? 1u : 0u) << row.type << " " << kind;
        EXPECT_EQ (curator_watch_is_armed (watch), !concerned);
        curator_watch_cancel (watch);
        EXPECT_EQ (curator_watch_table_get_size (table), 0u);
      }
}

TEST_F (WatchTableTest, AReadThatArmedNothingLeavesNothing)
{
  curator_watch_table_arming (table, "/a", DATA);
  curator_watch_table_armed (table, "/a", DATA, nullptr, nullptr, 0);
  curator_watch_table_event (table, CHANGED, "/a");
  EXPECT_EQ (log, Log ());
}

TEST_F (WatchTableTest, TheSameWatchTwiceFiresOnce)
{
  g_autoptr (CuratorWatch) watch = NewWatch ();

  Arm ("/a", DATA, watch);
  Arm ("/a", DATA, watch);
  EXPECT_EQ (curator_watch_table_get_size (table), 1u);
  curator_watch_table_event (table, CHANGED, "/a");
  EXPECT_EQ (log, Log ({ "fired 3 /a" }));
}

TEST_F (WatchTableTest, PathsAreSeenWithoutThePrefix)
{
  g_autoptr (CuratorWatch) watch = NewWatch ();

  Arm ("/app/ns/a", DATA, watch, "/app/ns");
  curator_watch_table_event (table, DELETED, "/app/ns/a");
  EXPECT_EQ (log, Log ({ "fired 2 /a" }));
}

TEST_F (WatchTableTest, RearmingComesBeforeTheNews)
{
  g_autoptr (CuratorWatch) watch = NewWatch (TRUE);

  Arm ("/a", CHILDREN, watch);
  curator_watch_table_event (table, CHILDREN_CHANGED, "/a");
  EXPECT_EQ (log, Log ({ "rearm 1 /a", "fired 4 /a" }));
}

TEST_F (WatchTableTest, TheLastToLeaveGivesTheServersWatchBack)
{
  g_autoptr (CuratorWatch) first = NewWatch ();
  g_autoptr (CuratorWatch) second = NewWatch ();

  Arm ("/a", DATA, first);
  Arm ("/a", DATA, second);
  curator_watch_cancel (first);
  EXPECT_EQ (log, Log ());
  curator_watch_cancel (second);
  EXPECT_EQ (log, Log ({ "unused 2 /a" }));
}

TEST_F (WatchTableTest, ButNotUnderAReadThatArmsAnother)
{
  g_autoptr (CuratorWatch) first = NewWatch ();
  g_autoptr (CuratorWatch) second = NewWatch ();

  Arm ("/a", DATA, first);
  curator_watch_table_arming (table, "/a", DATA);
  curator_watch_cancel (first);
  EXPECT_EQ (log, Log ());
  curator_watch_table_armed (table, "/a", DATA, second, nullptr, 1);
  curator_watch_table_event (table, CHANGED, "/a");
  EXPECT_EQ (log, Log ({ "fired 3 /a" }));
}

TEST_F (WatchTableTest, AWatchCancelledWhileItsReadIsOutIsGivenBack)
{
  g_autoptr (CuratorWatch) watch = NewWatch ();

  curator_watch_table_arming (table, "/a", DATA);
  curator_watch_cancel (watch);
  curator_watch_table_armed (table, "/a", DATA, watch, nullptr, 1);
  EXPECT_EQ (log, Log ({ "unused 2 /a" }));
  curator_watch_table_event (table, CHANGED, "/a");
  EXPECT_EQ (log.size (), 1u);
}

TEST_F (WatchTableTest, TheSessionsEnd)
{
  g_autoptr (CuratorWatch) once = NewWatch ();
  g_autoptr (CuratorWatch) again = NewWatch (TRUE);

  Arm ("/a", DATA, once);
  Arm ("/b", CHILDREN, again);
  curator_watch_table_session_over (table, FALSE);
  EXPECT_EQ (log, Log ({ "fired " + std::to_string (NONE) + " /a" }));
  log.clear ();
  curator_watch_table_connected (table);
  EXPECT_EQ (log, Log ({ "rearm 1 /b" }));
  log.clear ();
  curator_watch_table_connected (table);
  EXPECT_EQ (log, Log ());
}

struct Away
{
  CuratorWatchKind kind;
  gint64 before, after;
  const char *expected; /* NULL for nothing */
};

/* faults: 11 */
TEST_F (WatchTableTest, WhatHappenedBetweenTwoSessionsIsSeenInTheSecond)
{
  for (const Away &away : std::initializer_list<Away>{ { DATA, 5, 5, nullptr },
                                                       { DATA, 0, 0, nullptr },
                                                       { DATA, 5, 7, "fired 3 /a" },
                                                       { DATA, 0, 7, "fired 1 /a" },
                                                       { DATA, 5, 0, "fired 2 /a" },
                                                       { CHILDREN, 5, 5, nullptr },
                                                       { CHILDREN, 5, 7, "fired 4 /a" } })
    {
      g_autoptr (CuratorWatch) again = NewWatch (TRUE);

      SCOPED_TRACE (std::to_string (away.kind) + " " + std::to_string (away.after));
      Arm ("/a", away.kind, again, nullptr, away.before);
      curator_watch_table_session_over (table, FALSE);
      curator_watch_table_connected (table);
      log.clear ();
      Arm ("/a", away.kind, again, nullptr, away.after);
      EXPECT_EQ (log, away.expected == nullptr ? Log () : Log ({ away.expected }));
      /* Once. */
      log.clear ();
      Arm ("/b", away.kind, again, nullptr, 99);
      EXPECT_EQ (log, Log ());
      curator_watch_cancel (again);
    }
}

/* faults: 11 */
TEST_F (WatchTableTest, TheParentOfWatchedChildrenWentBetweenTwoSessions)
{
  g_autoptr (CuratorWatch) again = NewWatch (TRUE);

  Arm ("/a", CHILDREN, again, nullptr, 5);
  curator_watch_table_session_over (table, FALSE);
  curator_watch_table_connected (table);
  log.clear ();
  /* No node: the list arms nothing, and the watch waits for the node to come. */
  Arm ("/a", CHILDREN, nullptr, nullptr, 0);
  EXPECT_EQ (log, Log ());
  Arm ("/a", DATA, again, nullptr, 0);
  EXPECT_EQ (log, Log ({ "fired 2 /a" }));
}

TEST_F (WatchTableTest, APlainOneThatIsUsedAgainAfterTheSessionsEndSeesNothingOld)
{
  g_autoptr (CuratorWatch) once = NewWatch ();

  Arm ("/a", DATA, once, nullptr, 5);
  curator_watch_table_session_over (table, FALSE);
  log.clear ();
  Arm ("/a", DATA, once, nullptr, 7);
  EXPECT_EQ (log, Log ());
}

TEST_F (WatchTableTest, TheClientsEndIsTheEndOfAll)
{
  g_autoptr (CuratorWatch) again = NewWatch (TRUE);

  Arm ("/b", CHILDREN, again);
  curator_watch_table_session_over (table, TRUE);
  EXPECT_EQ (log, Log ({ "fired 0 /b" }));
  EXPECT_EQ (curator_watch_table_get_size (table), 0u);
}

TEST_F (WatchTableTest, WhatWaitedForAConnectionHearsOfTheEndToo)
{
  g_autoptr (CuratorWatch) again = NewWatch (TRUE);

  Arm ("/b", CHILDREN, again);
  curator_watch_table_session_over (table, FALSE);
  EXPECT_EQ (log, Log ());
  curator_watch_table_session_over (table, TRUE);
  EXPECT_EQ (log, Log ({ "fired 0 /b" }));
  curator_watch_table_postpone (table, "/c", again);
  EXPECT_EQ (log, Log ({ "fired 0 /b", "fired 0 /c" }));
  curator_watch_table_connected (table);
  EXPECT_EQ (log.size (), 2u);
}

TEST_F (WatchTableTest, WhatCouldNotBeArmedWaitsForTheConnection)
{
  g_autoptr (CuratorWatch) again = NewWatch (TRUE);
  g_autoptr (CuratorWatch) cancelled = NewWatch (TRUE);

  for (CuratorWatch *watch : { again, cancelled })
    Arm ("/a", DATA, watch);
  curator_watch_table_event (table, CHANGED, "/a");
  log.clear ();
  for (CuratorWatch *watch : { again, cancelled })
    curator_watch_table_postpone (table, "/a", watch);
  curator_watch_cancel (cancelled);
  curator_watch_table_connected (table);
  EXPECT_EQ (log, Log ({ "rearm 2 /a" }));
}

TEST_F (WatchTableTest, AWatchForChildrenThatWaitsForTheNodeIsOneForChildrenAgain)
{
  g_autoptr (CuratorWatch) again = NewWatch (TRUE);

  Arm ("/a", CHILDREN, again);
  curator_watch_table_event (table, DELETED, "/a");
  EXPECT_EQ (log, Log ({ "rearm 1 /a", "fired 2 /a" }));
  log.clear ();
  Arm ("/a", DATA, again);
  curator_watch_table_event (table, CREATED, "/a");
  EXPECT_EQ (log, Log ({ "rearm 1 /a", "fired 1 /a" }));
  log.clear ();
  Arm ("/a", DATA, again);
  curator_watch_table_appeared (table, "/a", again);
  EXPECT_EQ (log, Log ({ "rearm 1 /a", "unused 2 /a", "fired 1 /a" }));
  EXPECT_EQ (curator_watch_table_get_size (table), 0u);
  EXPECT_FALSE (curator_watch_is_armed (again));
  log.clear ();
  curator_watch_table_appeared (table, "/a", again);
  EXPECT_EQ (log, Log ());
}

TEST_F (WatchTableTest, AReadThatNobodyWaitsForIsGivenBackUnlessOthersNeedIt)
{
  g_autoptr (CuratorWatch) other = NewWatch ();

  curator_watch_table_arming (table, "/a", DATA);
  curator_watch_table_abandoned (table, "/a", DATA);
  EXPECT_EQ (log, Log ({ "unused 2 /a" }));
  log.clear ();
  Arm ("/a", DATA, other);
  curator_watch_table_arming (table, "/a", DATA);
  curator_watch_table_abandoned (table, "/a", DATA);
  EXPECT_EQ (log, Log ());
  curator_watch_table_event (table, CHANGED, "/a");
  EXPECT_EQ (log, Log ({ "fired 3 /a" }));
}

TEST_F (WatchTableTest, WhatTheServerForgotOnRequestIsSilent)
{
  g_autoptr (CuratorWatch) data = NewWatch ();
  g_autoptr (CuratorWatch) children = NewWatch (TRUE);

  Arm ("/a", DATA, data);
  Arm ("/a", CHILDREN, children);
  curator_watch_table_removed (table, "/absent", DATA);
  curator_watch_table_removed (table, "/a", DATA);
  EXPECT_EQ (curator_watch_table_get_size (table), 1u);
  EXPECT_FALSE (curator_watch_is_armed (data));
  EXPECT_TRUE (curator_watch_is_armed (children));
  curator_watch_table_removed (table, "/a", CURATOR_WATCH_KIND_ANY);
  EXPECT_EQ (curator_watch_table_get_size (table), 0u);
  EXPECT_EQ (log, Log ());
}

TEST_F (WatchTableTest, CallbacksMayCancelWhatWouldFireNext)
{
  CuratorWatch *watches[3];

  for (CuratorWatch *&watch : watches)
    Arm ("/a", DATA, watch = NewWatch ());
  when_fired = [&] (CuratorWatch *fired) {
    for (CuratorWatch *watch : watches)
      if (watch != fired)
        curator_watch_cancel (watch);
  };
  curator_watch_table_event (table, CHANGED, "/a");
  EXPECT_EQ (log, Log ({ "fired 3 /a" }));
  for (CuratorWatch *watch : watches)
    curator_watch_unref (watch);
}

} // namespace
