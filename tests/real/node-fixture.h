/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of persistent nodes, groups and barriers share. */

#include "mutex-fixture.h"

#include <functional>
#include <map>

namespace node_test
{

using curator_test::Error;

/* What came of an asynchronous call. */
struct Outcome
{
  using Finish = gboolean (*) (gpointer, GAsyncResult *, GError **);

  bool done = false;
  bool ok = false;
  Error error;
  Finish finish = nullptr;
  std::function<void ()> then; /* called in the callback */
};

/* Clients, operators and what is left, as for the mutex; and a proxy. */
class NodeFixture : public mutex_test::MutexFixture
{
protected:
  void TearDown () override
  {
    Drain ();
    outcomes_.clear ();
    MutexFixture::TearDown ();
    proxy_.reset ();
  }

  Outcome *NewOutcome (Outcome::Finish finish)
  {
    outcomes_.push_back (std::make_unique<Outcome> ());
    outcomes_.back ()->finish = finish;
    return outcomes_.back ().get ();
  }

  static void OnDone (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);

    EXPECT_FALSE (outcome->done);
    outcome->ok = outcome->finish (object, result, outcome->error.out ());
    EXPECT_NE (outcome->ok, outcome->error.get () != nullptr);
    outcome->done = true;
    if (outcome->then != nullptr)
      outcome->then ();
  }

  bool UntilDone (Outcome *outcome)
  {
    return Until ([outcome] { return outcome->done; }, 20000);
  }

  ::testing::AssertionResult Succeeds (Outcome *outcome)
  {
    if (!UntilDone (outcome) || !outcome->ok)
      return ::testing::AssertionFailure () << outcome->error.message ();
    return ::testing::AssertionSuccess ();
  }

  std::string StartProxy ()
  {
    std::string chroot = Chroot ();
    Error error;

    proxy_.reset (curator_test_proxy_new (curator_test_server_get_port (Server ())));
    EXPECT_TRUE (curator_test_proxy_start (proxy_, error.out ())) << error.message ();
    return curator_test_proxy_get_connect_string (proxy_) + chroot.substr (chroot.find ('/'));
  }

  /* A client behind a proxy. */
  CuratorFramework *ConnectThroughProxy (int timeout_ms = 10000)
  {
    return Connect (timeout_ms, StartProxy ());
  }

  void Disconnect ()
  {
    curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
    curator_test_proxy_drop_connections (proxy_, TRUE);
  }

  void Reconnect ()
  {
    curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_OPEN);
  }

  bool UntilSuspended (CuratorFramework *client)
  {
    return Until ([client] { return !curator_framework_is_connected (client); });
  }

  bool UntilLost (CuratorFramework *client)
  {
    return Until (
        [client] { return curator_framework_get_connection_state (client) == CURATOR_CONNECTION_STATE_LOST; },
        20000);
  }

  /* "-" where there is no node. */
  std::string Read (const std::string &path)
  {
    g_autoptr (GBytes) data =
        curator_test_server_operator_get_data_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    if (data == nullptr)
      return "-";
    gsize length = 0;
    auto *text = static_cast<const char *> (g_bytes_get_data (data, &length));
    return std::string (text != nullptr ? text : "", length);
  }

  bool UntilReads (const std::string &path, const std::string &text)
  {
    return Until ([&] { return Read (path) == text; }, 20000);
  }

  gint64 GetOwner (const std::string &path)
  {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    return stat != nullptr ? stat->ephemeral_owner : -1;
  }

  static GBytes *Text (const std::string &text)
  {
    return g_bytes_new (text.data (), text.size ());
  }

  Ref<CuratorTestProxy> proxy_;
  std::vector<std::unique_ptr<Outcome> > outcomes_;
};

} // namespace node_test
