/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of watches share. */

#include "connection-fixture.h"

#include <gmock/gmock.h>

namespace watches_test
{

using namespace connection_test;

constexpr auto none = CURATOR_WATCHED_EVENT_TYPE_NONE;
constexpr auto created = CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED;
constexpr auto deleted = CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED;
constexpr auto changed = CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED;
constexpr auto children_changed = CURATOR_WATCHED_EVENT_TYPE_NODE_CHILDREN_CHANGED;

constexpr int session_ms = 10000;

class WatchesFixture : public ModalFixture
{
protected:
  /* What an operator does to the nodes, past the client and its proxy. */

  void OperatorSet (const std::string &path, const std::string &text)
  {
    g_autoptr (GBytes) data = g_bytes_new (text.data (), text.size ());
    Error error;

    EXPECT_TRUE (curator_test_server_operator_set_data_sync (Server (), ServerPath (path).c_str (), data,
                                                             nullptr, error.out ()))
        << error.message ();
  }

  void OperatorCreate (const std::string &path)
  {
    Error error;
    g_autofree char *made =
        curator_test_server_operator_create_sync (Server (), ServerPath (path).c_str (), nullptr,
                                                  CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error.out ());

    EXPECT_NE (made, nullptr) << error.message ();
  }

  void OperatorDelete (const std::string &path)
  {
    Error error;

    EXPECT_TRUE (curator_test_server_operator_delete_sync (Server (), ServerPath (path).c_str (), TRUE,
                                                           nullptr, error.out ()))
        << error.message ();
  }

  size_t CountServerWatches ()
  {
    Error error;
    g_auto (GStrv) paths =
        curator_test_server_list_watches_sync (Server (), ServerPath ().c_str (), nullptr, error.out ());

    EXPECT_NE (paths, nullptr) << error.message ();
    return paths != nullptr ? g_strv_length (paths) : 0;
  }

  bool UntilServerWatches (size_t n)
  {
    return Until ([=] { return CountServerWatches () == n; });
  }

  bool UntilEvents (const EventLog &log, size_t n)
  {
    return Until ([&log, n] { return log.events.size () >= n; });
  }

  /* Whatever could still come has come when a later request of the same client is answered. */
  void Settle (CuratorFramework *client)
  {
    EXPECT_TRUE (Succeeds (Exists (client, "/")));
    Drain ();
  }

  Outcome *Remove (CuratorFramework *client, const char *path, CuratorWatcher *watcher, bool quietly = false)
  {
    Outcome *outcome = NewOutcome ();
    Ref<CuratorRemoveWatchesBuilder> builder (curator_framework_remove_watches (client));

    if (watcher != nullptr)
      curator_remove_watches_builder_for_watcher (builder, watcher);
    else
      curator_remove_watches_builder_all (builder);
    if (quietly)
      curator_remove_watches_builder_quietly (builder);
    curator_remove_watches_builder_for_path_async (
        builder, path, nullptr,
        OnBoolean<CuratorRemoveWatchesBuilder, curator_remove_watches_builder_for_path_finish>, outcome);
    return outcome;
  }
};

} // namespace watches_test
