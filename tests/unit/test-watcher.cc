/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <vector>

#include "curator-exists-builder.h"
#include "curator-get-children-builder.h"
#include "curator-get-config-builder.h"
#include "curator-get-data-builder.h"
#include "curator-remove-watches-builder.h"
#include "curator-watch-table-private.h"
#include "curator-watcher.h"
#include "fake-submit.h"

/* Watchers, with a watch table of their own in place of the core's. */

namespace
{

struct Seen
{
  CuratorWatchedEventType type;
  std::string path;
};

class Watcher : public SubmitFixture
{
protected:
  void SetUp () override
  {
    static const CuratorWatchTableCallbacks callbacks = { OnRearm, OnUnused };

    SubmitFixture::SetUp ();
    table = curator_watch_table_new (&callbacks, this);
    /* Arms what a real answer would. */
    submit.AnswerWith ([this] (CuratorRequest *request) {
      CuratorWatchKind kind = request->type == CURATOR_REQUEST_GET_CHILDREN ? CURATOR_WATCH_KIND_CHILDREN
                                                                            : CURATOR_WATCH_KIND_DATA;
      const char *path = request->path != nullptr ? request->path : "/zookeeper/config";

      request->rc = g_str_has_prefix (path, "/missing") ? -101 : 0;
      if (request->rc == 0 && request->type == CURATOR_REQUEST_GET_DATA)
        request->result_data = MakeBytes ("");
      if (request->watch == nullptr)
        return;
      curator_watch_table_arming (table, path, kind);
      curator_watch_table_armed (
          table, path, kind,
          request->rc == 0 || request->type == CURATOR_REQUEST_EXISTS ? request->watch : nullptr, nullptr, 1);
    });
  }

  void TearDown () override
  {
    InLoop ([this] {
      curator_watch_table_session_over (table, TRUE);
      curator_watch_table_free (table);
    });
    SubmitFixture::TearDown ();
  }

  static void OnRearm (const char *path, CuratorWatchKind kind, CuratorWatch *watch, gpointer user_data)
  {
    auto *self = static_cast<Watcher *> (user_data);

    curator_watch_table_arming (self->table, path, kind);
    curator_watch_table_armed (self->table, path, kind, watch, nullptr, 1);
  }

  static void OnUnused (const char *path, CuratorWatchKind kind, gpointer user_data)
  {
    static_cast<Watcher *> (user_data)->unused++;
  }

  static void OnEvent (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data)
  {
    auto *self = static_cast<Watcher *> (user_data);

    EXPECT_EQ (g_thread_self (), self->thread);
    self->seen.push_back (
        { curator_watched_event_get_event_type (event), curator_watched_event_get_path (event) });
  }

  CuratorWatcher *Connect (CuratorWatcher *watcher)
  {
    g_signal_connect (watcher, "event", G_CALLBACK (OnEvent), this);
    return watcher;
  }

  void WatchData (CuratorWatcher *watcher, const char *path)
  {
    g_autoptr (CuratorGetDataBuilder) builder = curator_framework_get_data (client);

    EXPECT_EQ (curator_get_data_builder_using_watcher (builder, watcher), builder);
    g_autoptr (GBytes) data = curator_get_data_builder_for_path_sync (builder, path, nullptr, nullptr);
  }

  void WatchChildren (CuratorWatcher *watcher, const char *path)
  {
    g_autoptr (CuratorGetChildrenBuilder) builder = curator_framework_get_children (client);

    curator_get_children_builder_using_watcher (builder, watcher);
    g_auto (GStrv) children = curator_get_children_builder_for_path_sync (builder, path, nullptr, nullptr);
  }

  void WatchExistence (CuratorWatcher *watcher, const char *path)
  {
    g_autoptr (CuratorExistsBuilder) builder = curator_framework_check_exists (client);

    curator_exists_builder_using_watcher (builder, watcher);
    g_autoptr (CuratorStat) stat = curator_exists_builder_for_path_sync (builder, path, nullptr, nullptr);
  }

  void Fire (CuratorWatchedEventType type, const char *path)
  {
    InLoop ([&] { curator_watch_table_event (table, type, path); });
  }

  /* What is armed: read in the loop. */
  guint Armed ()
  {
    guint size = 0;

    InLoop ([&] { size = curator_watch_table_get_size (table); });
    return size;
  }

  void Drain ()
  {
    InLoop ([] {});
    while (g_main_context_iteration (context, FALSE))
      ;
  }

  static constexpr auto CHANGED = CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED;
  static constexpr auto DELETED = CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED;

  CuratorWatchTable *table;
  GThread *thread = g_thread_self ();
  std::vector<Seen> seen;
  int unused = 0;
};

TEST_F (Watcher, SeesOneEventForEachPath)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new ());

  EXPECT_FALSE (curator_watcher_get_rearm (watcher));
  WatchData (watcher, "/a");
  WatchData (watcher, "/b");
  WatchExistence (watcher, "/missing");
  EXPECT_EQ (Armed (), 3u);
  Fire (CHANGED, "/b");
  Fire (CHANGED, "/b");
  Fire (DELETED, "/a");
  Fire (CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED, "/missing");
  EXPECT_TRUE (seen.empty ()); /* not before the context gets to it */
  Drain ();
  ASSERT_EQ (seen.size (), 3u);
  EXPECT_EQ (seen[0].path, "/b");
  EXPECT_EQ (seen[0].type, CHANGED);
  EXPECT_EQ (seen[1].path, "/a");
  EXPECT_EQ (seen[2].path, "/missing");

  WatchData (watcher, "/b");
  Fire (CHANGED, "/b");
  Drain ();
  EXPECT_EQ (seen.size (), 4u);
}

TEST_F (Watcher, UsedTwiceSeesAnEventOnce)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new ());

  WatchData (watcher, "/a");
  WatchExistence (watcher, "/a");
  WatchData (watcher, "/a");
  EXPECT_EQ (Armed (), 1u);
  Fire (CHANGED, "/a");
  Drain ();
  EXPECT_EQ (seen.size (), 1u);
  /* Data and children are different watches. */
  WatchData (watcher, "/a");
  WatchChildren (watcher, "/a");
  EXPECT_EQ (Armed (), 2u);
}

TEST_F (Watcher, OfAFailedOperationSeesNothing)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new_rearming ());

  WatchData (watcher, "/missing");
  EXPECT_EQ (Armed (), 0u);
  WatchData (watcher, "/missing");
  WatchExistence (watcher, "/missing");
  EXPECT_EQ (Armed (), 1u);
  Fire (CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED, "/missing");
  Drain ();
  EXPECT_EQ (seen.size (), 1u);
}

TEST_F (Watcher, RearmingGoesOnUntilItIsCancelled)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new_rearming ());

  EXPECT_TRUE (curator_watcher_get_rearm (watcher));
  WatchData (watcher, "/a");
  for (int i = 0; i < 5; i++)
    Fire (CHANGED, "/a");
  Drain ();
  EXPECT_EQ (seen.size (), 5u);
  EXPECT_FALSE (curator_watcher_is_cancelled (watcher));
  curator_watcher_cancel (watcher);
  curator_watcher_cancel (watcher);
  EXPECT_TRUE (curator_watcher_is_cancelled (watcher));
  EXPECT_EQ (Armed (), 0u);
  EXPECT_EQ (unused, 1);
}

/* Re-checked when the context gets to it, although the event was on its way already. */
TEST_F (Watcher, SeesNothingAfterTheCancellation)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new ());
  g_autoptr (CuratorGetDataBuilder) builder = curator_framework_get_data (client);
  GError *error = nullptr;

  WatchData (watcher, "/a");
  WatchData (watcher, "/b");
  Fire (CHANGED, "/a");
  curator_watcher_cancel (watcher);
  Fire (CHANGED, "/b");
  Drain ();
  EXPECT_TRUE (seen.empty ());

  curator_get_data_builder_using_watcher (builder, watcher);
  EXPECT_EQ (curator_get_data_builder_for_path_sync (builder, "/a", nullptr, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, "get data \"/a\": the watcher was cancelled");
}

TEST_F (Watcher, SeesNothingAfterTheLastReference)
{
  CuratorWatcher *watcher = Connect (curator_watcher_new_rearming ());
  gpointer gone = watcher;

  WatchData (watcher, "/a");
  Fire (CHANGED, "/a");
  g_object_add_weak_pointer (G_OBJECT (watcher), &gone);
  g_object_unref (watcher);
  EXPECT_EQ (gone, nullptr);
  EXPECT_EQ (Armed (), 0u);
  Drain ();
  EXPECT_TRUE (seen.empty ());
}

/* Cancelling from a handler also takes back the events behind this one. */
TEST_F (Watcher, CancelledFromItsHandler)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new_rearming ());

  g_signal_connect (watcher, "event", G_CALLBACK (curator_watcher_cancel), nullptr);
  WatchData (watcher, "/a");
  Fire (CHANGED, "/a");
  Fire (CHANGED, "/a");
  Drain ();
  EXPECT_EQ (seen.size (), 1u);
}

/* faults: 16 */
TEST_F (Watcher, DroppedFromItsHandler)
{
  CuratorWatcher *watcher = Connect (curator_watcher_new_rearming ());

  g_signal_connect (watcher, "event", G_CALLBACK (g_object_unref), nullptr);
  WatchData (watcher, "/a");
  Fire (CHANGED, "/a");
  Fire (CHANGED, "/a");
  Drain ();
  EXPECT_EQ (seen.size (), 1u);
  EXPECT_EQ (Armed (), 0u);
}

TEST_F (Watcher, TheSessionsEndIsAnEvent)
{
  g_autoptr (CuratorWatcher) once = Connect (curator_watcher_new ());
  g_autoptr (CuratorWatcher) forever = Connect (curator_watcher_new_rearming ());

  WatchData (once, "/a");
  WatchData (forever, "/b");
  InLoop ([this] { curator_watch_table_session_over (table, FALSE); });
  Drain ();
  ASSERT_EQ (seen.size (), 1u);
  EXPECT_EQ (seen[0].type, CURATOR_WATCHED_EVENT_TYPE_NONE);
  EXPECT_EQ (seen[0].path, "/a");

  InLoop ([this] {
    curator_watch_table_connected (table);
    curator_watch_table_event (table, CHANGED, "/b");
    curator_watch_table_session_over (table, TRUE);
  });
  Drain ();
  ASSERT_EQ (seen.size (), 3u);
  EXPECT_EQ (seen[1].type, CHANGED);
  EXPECT_EQ (seen[2].type, CURATOR_WATCHED_EVENT_TYPE_NONE);
  EXPECT_EQ (seen[2].path, "/b");
}

/* An event is seen before the result of a read that followed it, although both wait in the same queue. */
TEST_F (Watcher, ComesBeforeTheReadsThatFollow)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new ());
  g_autoptr (CuratorExistsBuilder) builder = curator_framework_check_exists (client);
  struct
  {
    std::vector<Seen> *seen;
    size_t before = 0, after = 0;
  } order = { &seen };

  WatchData (watcher, "/a");
  submit.AnswerWith (nullptr);
  curator_exists_builder_for_path_async (
      builder, "/a", nullptr,
      [] (GObject *, GAsyncResult *, gpointer data) {
        auto *self = static_cast<decltype (order) *> (data);
        self->before = self->seen->size () + 1;
      },
      &order);
  curator_exists_builder_for_path_async (
      builder, "/a", nullptr,
      [] (GObject *, GAsyncResult *, gpointer data) {
        auto *self = static_cast<decltype (order) *> (data);
        self->after = self->seen->size () + 1;
      },
      &order);
  submit.Answer (1);
  Fire (CHANGED, "/a");
  submit.Answer (2);
  Until ([&] { return order.after > 0; });
  EXPECT_EQ (order.before, 1u);
  EXPECT_EQ (order.after, 2u);
}

TEST_F (Watcher, WithAFunction)
{
  struct Calls
  {
    int events = 0;
    int destroyed = 0;
  } calls;
  CuratorWatcher *watcher = curator_watcher_new_with_func (
      FALSE,
      [] (CuratorWatcher *, CuratorWatchedEvent *, gpointer data) { static_cast<Calls *> (data)->events++; },
      &calls, [] (gpointer data) { static_cast<Calls *> (data)->destroyed++; });

  WatchChildren (watcher, "/a");
  Fire (CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED, "/a");
  Drain ();
  EXPECT_EQ (calls.events, 1);
  g_object_unref (watcher);
  EXPECT_EQ (calls.destroyed, 1);
}

TEST_F (Watcher, OfTheConfiguration)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new ());
  g_autoptr (CuratorGetConfigBuilder) builder = curator_framework_get_config (client);

  curator_get_config_builder_using_watcher (builder, watcher);
  g_autoptr (GBytes) config = curator_get_config_builder_for_ensemble_sync (builder, nullptr, nullptr);
  Fire (CHANGED, "/zookeeper/config");
  Drain ();
  EXPECT_EQ (seen.size (), 1u);
}

/* --- removal of one watcher's watches --- */

TEST_F (Watcher, IsRemovedFromAPath)
{
  g_autoptr (CuratorWatcher) watcher = Connect (curator_watcher_new ());
  g_autoptr (CuratorWatcher) other = Connect (curator_watcher_new ());
  g_autoptr (CuratorRemoveWatchesBuilder) builder = curator_framework_remove_watches (client);
  g_autoptr (GError) error = nullptr;

  WatchData (watcher, "/a");
  WatchChildren (watcher, "/a");
  WatchData (watcher, "/b");
  WatchData (other, "/a");
  EXPECT_EQ (Armed (), 4u);
  size_t submitted = submit.Count ();

  curator_remove_watches_builder_for_watcher (builder, watcher);
  curator_remove_watches_builder_of_type (builder, CURATOR_WATCHER_TYPE_DATA);
  EXPECT_TRUE (curator_remove_watches_builder_for_path_sync (builder, "/a", nullptr, &error));
  EXPECT_EQ (Armed (), 3u);
  EXPECT_FALSE (curator_remove_watches_builder_for_path_sync (builder, "/a", nullptr, &error));
  EXPECT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_WATCHER));
  curator_remove_watches_builder_quietly (builder);
  EXPECT_TRUE (curator_remove_watches_builder_for_path_sync (builder, "/a", nullptr, nullptr));
  curator_remove_watches_builder_of_type (builder, CURATOR_WATCHER_TYPE_ANY);
  EXPECT_TRUE (curator_remove_watches_builder_for_path_sync (builder, "/a", nullptr, nullptr));
  EXPECT_EQ (Armed (), 2u);
  EXPECT_EQ (submit.Count (), submitted);

  Fire (CHANGED, "/a");
  Fire (CHANGED, "/b");
  Drain ();
  ASSERT_EQ (seen.size (), 2u); /* the other's, and the one on the other path */

  Outcome outcome;
  curator_remove_watches_builder_for_path_async (builder, "bad", nullptr, Outcome::Store, &outcome);
  Until ([&] { return outcome.calls > 0; });
  g_clear_error (&error);
  EXPECT_FALSE (curator_remove_watches_builder_for_path_finish (builder, outcome.result, &error));
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
}

} // namespace
