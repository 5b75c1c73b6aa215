/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of the connection, of watches and of faults share. */

#include "curator-test-fixture.hpp"

#include <cstring>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "curator.h"

namespace connection_test
{

using curator_test::Error;

/* How ZooKeeper numbers requests. */
constexpr int op_create = 1;
constexpr int op_exists = 3;
constexpr int op_get_data = 4;
constexpr int op_set_acl = 7;
constexpr int op_set_watches = 101;
constexpr int op_create2 = 15;

/* Where a client's loop runs. */
enum class Mode
{
  kShared,  /* the thread that clients share */
  kOwn,     /* a thread of its own */
  kContext, /* the test's main context */
};

inline void
PrintTo (Mode mode, std::ostream *out)
{
  static const char *const names[] = { "SharedThread", "OwnThread", "MainContext" };

  *out << names[static_cast<int> (mode)];
}

inline std::string
ModeName (const ::testing::TestParamInfo<Mode> &info)
{
  return ::testing::PrintToString (info.param);
}

/* What came of an asynchronous call. */
struct Outcome
{
  int n_callbacks = 0;
  bool ok = false;
  Error error;
  std::string text; /* a path or data */
  std::vector<std::string> names;
  std::function<void ()> then; /* called in the callback */

  bool IsDone () const
  {
    return n_callbacks > 0;
  }

  bool FailedWith (GQuark domain, int code) const
  {
    return n_callbacks == 1 && !ok && error.matches (domain, code);
  }

  bool IsClosed () const
  {
    return FailedWith (G_IO_ERROR, G_IO_ERROR_CLOSED);
  }
};

/* The states that a client told by its signal, and when. */
struct StateLog
{
  std::vector<CuratorConnectionState> states;
  std::vector<gint64> at_us;
  std::vector<std::string> errors;
  std::function<void (CuratorConnectionState)> then;
  std::function<void ()> then_error;

  bool Has (CuratorConnectionState state) const
  {
    return std::find (states.begin (), states.end (), state) != states.end ();
  }

  bool EndsWith (CuratorConnectionState state) const
  {
    return !states.empty () && states.back () == state;
  }

  /* When the state was last entered. */
  gint64 When (CuratorConnectionState state) const
  {
    gint64 when_us = -1;

    for (size_t i = 0; i < states.size (); i++)
      if (states[i] == state)
        when_us = at_us[i];
    return when_us;
  }
};

/* The events that a watcher saw. */
struct EventLog
{
  std::vector<std::pair<CuratorWatchedEventType, std::string> > events;
  std::function<void ()> then;

  size_t Count (CuratorWatchedEventType type) const
  {
    return static_cast<size_t> (std::count_if (events.begin (), events.end (),
                                               [type] (const auto &event) { return event.first == type; }));
  }
};

class ConnectionFixture : public CuratorTestFixture
{
protected:
  static constexpr auto kLatent = CURATOR_CONNECTION_STATE_LATENT;
  static constexpr auto kConnected = CURATOR_CONNECTION_STATE_CONNECTED;
  static constexpr auto kSuspended = CURATOR_CONNECTION_STATE_SUSPENDED;
  static constexpr auto kReconnected = CURATOR_CONNECTION_STATE_RECONNECTED;
  static constexpr auto kLost = CURATOR_CONNECTION_STATE_LOST;
  static constexpr auto kReadOnly = CURATOR_CONNECTION_STATE_READ_ONLY;
  static constexpr auto kClosed = CURATOR_CONNECTION_STATE_CLOSED;

  void TearDown () override
  {
    ForgetHooks ();
    for (Ref<CuratorFramework> &client : clients_)
      ExpectClosed (Close (client));
    Until ([this] {
      return std::all_of (outcomes_.begin (), outcomes_.end (),
                          [] (const auto &outcome) { return outcome->IsDone (); });
    });
    Drain ();
    for (const auto &outcome : outcomes_)
      EXPECT_EQ (outcome->n_callbacks, 1);
    clients_.clear ();
    watchers_.clear ();
    proxies_.clear ();
    DropOwnServers ();
    CuratorTestFixture::TearDown ();
    outcomes_.clear ();
  }

  /* They refer to what the test had on its stack. */
  void ForgetHooks ()
  {
    for (const auto &outcome : outcomes_)
      outcome->then = nullptr;
    for (const auto &log : logs_)
      {
        log->then = nullptr;
        log->then_error = nullptr;
      }
    for (const auto &log : events_)
      log->then = nullptr;
  }

  /* --- servers --- */

  /* A server of the test's own, not started. */
  CuratorTestServer *NewServer ()
  {
    own_servers_.emplace_back (curator_test_server_new ());
    return own_servers_.back ();
  }

  CuratorTestServer *StartServer ()
  {
    CuratorTestServer *server = NewServer ();
    Error error;

    EXPECT_TRUE (curator_test_server_start_sync (server, nullptr, error.out ())) << error.message ();
    return server;
  }

  void DropOwnServers ()
  {
    own_servers_.clear ();
  }

  CuratorTestProxy *NewProxy (CuratorTestServer *server)
  {
    Error error;

    proxies_.emplace_back (curator_test_proxy_new (curator_test_server_get_port (server)));
    EXPECT_TRUE (curator_test_proxy_start (proxies_.back (), error.out ())) << error.message ();
    return proxies_.back ();
  }

  /* Through the proxy into this test's chroot on the shared server. */
  std::string Through (CuratorTestProxy *proxy)
  {
    return curator_test_proxy_get_connect_string (proxy) + ServerPath ();
  }

  /* No connection is possible until Restore (). */
  static void Cut (CuratorTestProxy *proxy)
  {
    curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
    curator_test_proxy_drop_connections (proxy, TRUE);
  }

  static void Restore (CuratorTestProxy *proxy)
  {
    curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_OPEN);
  }

  /* Nothing gets through, and nobody is told. */
  static void Swallow (CuratorTestProxy *proxy)
  {
    curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD);
  }

  /* What was swallowed is lost, as a connection is of which one end has forgotten. */
  static void StopSwallowing (CuratorTestProxy *proxy)
  {
    curator_test_proxy_drop_connections (proxy, TRUE);
    curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  }

  /* --- clients --- */

  CuratorFrameworkBuilder *NewBuilder (const std::string &connect_string, int session_ms)
  {
    CuratorFrameworkBuilder *builder = curator_framework_builder_new (connect_string.c_str ());

    curator_framework_builder_with_session_timeout_ms (builder, session_ms);
    curator_framework_builder_with_retry_policy (
        builder, CURATOR_RETRY_POLICY (curator_retry_exponential_backoff_new (20, 8)));
    if (mode_ == Mode::kOwn)
      curator_framework_builder_with_own_thread (builder, TRUE);
    else if (mode_ == Mode::kContext)
      curator_framework_builder_with_main_context (builder, Context ());
    return builder;
  }

  /* Takes the builder; not started. */
  CuratorFramework *Build (CuratorFrameworkBuilder *builder)
  {
    Ref<CuratorFrameworkBuilder> owned (builder);
    Error error;
    Ref<CuratorFramework> client (curator_framework_builder_build (builder, error.out ()));

    EXPECT_NE (client.get (), nullptr) << error.message ();
    WatchFinalize (client.get ());
    clients_.push_back (client);
    return client;
  }

  void Start (CuratorFramework *client)
  {
    Error error;

    EXPECT_TRUE (curator_framework_start (client, error.out ())) << error.message ();
  }

  CuratorFramework *Launch (CuratorFrameworkBuilder *builder)
  {
    CuratorFramework *client = Build (builder);

    Start (client);
    return client;
  }

  CuratorFramework *Launch (const std::string &connect_string, int session_ms)
  {
    return Launch (NewBuilder (connect_string, session_ms));
  }

  /* A client that is connected, and has said so. */
  CuratorFramework *Connect (CuratorFrameworkBuilder *builder)
  {
    CuratorFramework *client = Build (builder);
    StateLog log;
    gulong id = g_signal_connect (client, "connection-state-changed", G_CALLBACK (OnState), &log);

    Start (client);
    EXPECT_TRUE (Until ([&log] { return !log.states.empty (); }));
    g_signal_handler_disconnect (client, id);
    return client;
  }

  CuratorFramework *Connect (const std::string &connect_string, int session_ms)
  {
    return Connect (NewBuilder (connect_string, session_ms));
  }

  /* The test's own reference to a client goes, and its close with it. */
  void Forget (CuratorFramework *client)
  {
    clients_.erase (
        std::find_if (clients_.begin (), clients_.end (),
                      [client] (const Ref<CuratorFramework> &ref) { return ref.get () == client; }));
  }

  bool UntilState (CuratorFramework *client, CuratorConnectionState state, guint timeout_ms = 20000)
  {
    return Until ([=] { return curator_framework_get_connection_state (client) == state; }, timeout_ms);
  }

  /* From now on; lives as long as the test. */
  StateLog *Listen (CuratorFramework *client)
  {
    logs_.push_back (std::make_unique<StateLog> ());
    g_signal_connect (client, "connection-state-changed", G_CALLBACK (OnState), logs_.back ().get ());
    g_signal_connect (client, "error", G_CALLBACK (OnError), logs_.back ().get ());
    return logs_.back ().get ();
  }

  void Expire (CuratorFramework *client, CuratorTestServer *server)
  {
    g_autoptr (GBytes) password = curator_framework_dup_session_password (client);
    Error error;

    EXPECT_TRUE (curator_test_server_expire_session_sync (server, curator_framework_get_session_id (client),
                                                          password, nullptr, error.out ()))
        << error.message ();
  }

  /* --- calls --- */

  Outcome *Close (CuratorFramework *client)
  {
    Outcome *outcome = NewOutcome ();

    curator_framework_close_async (client, nullptr,
                                   OnBoolean<CuratorFramework, curator_framework_close_finish>, outcome);
    return outcome;
  }

  void ExpectClosed (Outcome *close)
  {
    EXPECT_TRUE (Until ([close] { return close->IsDone (); }));
    EXPECT_TRUE (close->ok) << close->error.message ();
  }

  Outcome *Await (CuratorFramework *client, gint64 timeout_ms, GCancellable *cancellable = nullptr)
  {
    Outcome *outcome = NewOutcome ();

    curator_framework_await_connected_async (
        client, timeout_ms, cancellable,
        OnBoolean<CuratorFramework, curator_framework_await_connected_finish>, outcome);
    return outcome;
  }

  Outcome *AddAuth (CuratorFramework *client, const char *scheme, const char *text)
  {
    Outcome *outcome = NewOutcome ();
    g_autoptr (GBytes) auth = g_bytes_new (text, strlen (text));

    curator_framework_add_auth_async (client, scheme, auth, nullptr,
                                      OnBoolean<CuratorFramework, curator_framework_add_auth_finish>,
                                      outcome);
    return outcome;
  }

  Outcome *Create (CuratorFramework *client,
                   const std::string &path,
                   CuratorCreateMode mode = CURATOR_CREATE_MODE_PERSISTENT,
                   const std::string &data = "",
                   GPtrArray *acl = nullptr)
  {
    Outcome *outcome = NewOutcome ();
    g_autoptr (GBytes) bytes = g_bytes_new (data.data (), data.size ());
    Ref<CuratorCreateBuilder> builder (curator_framework_create (client));

    curator_create_builder_with_mode (builder, mode);
    if (acl != nullptr)
      curator_create_builder_with_acl (builder, acl);
    curator_create_builder_for_path_async (builder, path.c_str (), bytes, nullptr, OnCreated, outcome);
    return outcome;
  }

  Outcome *Get (CuratorFramework *client,
                const std::string &path,
                CuratorWatcher *watcher = nullptr,
                GCancellable *cancellable = nullptr)
  {
    Outcome *outcome = NewOutcome ();
    Ref<CuratorGetDataBuilder> builder (curator_framework_get_data (client));

    if (watcher != nullptr)
      curator_get_data_builder_using_watcher (builder, watcher);
    curator_get_data_builder_for_path_async (builder, path.c_str (), cancellable, OnData, outcome);
    return outcome;
  }

  Outcome *Exists (CuratorFramework *client, const std::string &path, CuratorWatcher *watcher = nullptr)
  {
    Outcome *outcome = NewOutcome ();
    Ref<CuratorExistsBuilder> builder (curator_framework_check_exists (client));

    if (watcher != nullptr)
      curator_exists_builder_using_watcher (builder, watcher);
    curator_exists_builder_for_path_async (builder, path.c_str (), nullptr, OnExists, outcome);
    return outcome;
  }

  Outcome *GetChildren (CuratorFramework *client, const std::string &path, CuratorWatcher *watcher = nullptr)
  {
    Outcome *outcome = NewOutcome ();
    Ref<CuratorGetChildrenBuilder> builder (curator_framework_get_children (client));

    if (watcher != nullptr)
      curator_get_children_builder_using_watcher (builder, watcher);
    curator_get_children_builder_for_path_async (builder, path.c_str (), nullptr, OnChildren, outcome);
    return outcome;
  }

  Outcome *Set (CuratorFramework *client, const std::string &path, const std::string &data)
  {
    Outcome *outcome = NewOutcome ();
    g_autoptr (GBytes) bytes = g_bytes_new (data.data (), data.size ());
    Ref<CuratorSetDataBuilder> builder (curator_framework_set_data (client));

    curator_set_data_builder_for_path_async (builder, path.c_str (), bytes, nullptr, OnSet, outcome);
    return outcome;
  }

  Outcome *Delete (CuratorFramework *client, const std::string &path)
  {
    Outcome *outcome = NewOutcome ();
    Ref<CuratorDeleteBuilder> builder (curator_framework_delete (client));

    curator_delete_builder_for_path_async (
        builder, path.c_str (), nullptr,
        OnBoolean<CuratorDeleteBuilder, curator_delete_builder_for_path_finish>, outcome);
    return outcome;
  }

  bool UntilDone (const Outcome *outcome, guint timeout_ms = 20000)
  {
    return Until ([outcome] { return outcome->IsDone (); }, timeout_ms);
  }

  bool UntilDone (const std::vector<Outcome *> &outcomes, guint timeout_ms = 30000)
  {
    return Until (
        [&outcomes] {
          return std::all_of (outcomes.begin (), outcomes.end (),
                              [] (const Outcome *outcome) { return outcome->IsDone (); });
        },
        timeout_ms);
  }

  ::testing::AssertionResult Succeeds (const Outcome *outcome)
  {
    if (!UntilDone (outcome) || !outcome->ok)
      return ::testing::AssertionFailure () << outcome->error.message ();
    return ::testing::AssertionSuccess ();
  }

  /* --- watchers --- */

  EventLog *NewEvents ()
  {
    events_.push_back (std::make_unique<EventLog> ());
    return events_.back ().get ();
  }

  CuratorWatcher *NewWatcher (EventLog *log, bool rearm = false)
  {
    watchers_.emplace_back (curator_watcher_new_with_func (rearm, OnEvent, log, nullptr));
    WatchFinalize (watchers_.back ().get ());
    return watchers_.back ();
  }

  void DropWatchers ()
  {
    watchers_.clear ();
  }

  Outcome *NewOutcome ()
  {
    outcomes_.push_back (std::make_unique<Outcome> ());
    return outcomes_.back ().get ();
  }

  /* --- callbacks --- */

  static void Note (Outcome *outcome, bool ok)
  {
    outcome->n_callbacks++;
    outcome->ok = ok;
    if (outcome->then != nullptr)
      outcome->then ();
  }

  template <typename Type, gboolean (*Finish) (Type *, GAsyncResult *, GError **)>
  static void OnBoolean (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);

    Note (outcome, Finish (reinterpret_cast<Type *> (object), result, outcome->error.out ()));
  }

  static void OnCreated (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);
    g_autofree char *path = curator_create_builder_for_path_finish (CURATOR_CREATE_BUILDER (object), result,
                                                                    outcome->error.out ());

    outcome->text = path != nullptr ? path : "";
    Note (outcome, path != nullptr);
  }

  static void OnData (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);
    gsize length = 0;
    g_autoptr (GBytes) bytes = curator_get_data_builder_for_path_finish (CURATOR_GET_DATA_BUILDER (object),
                                                                         result, outcome->error.out ());

    if (bytes != nullptr)
      outcome->text.assign (static_cast<const char *> (g_bytes_get_data (bytes, &length)),
                            g_bytes_get_size (bytes));
    Note (outcome, bytes != nullptr);
  }

  /* The text says whether it exists. */
  static void OnExists (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);
    g_autoptr (CuratorStat) stat = curator_exists_builder_for_path_finish (CURATOR_EXISTS_BUILDER (object),
                                                                           result, outcome->error.out ());

    outcome->text = stat != nullptr ? "yes" : "no";
    Note (outcome, outcome->error.get () == nullptr);
  }

  static void OnChildren (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);
    g_auto (GStrv) names = curator_get_children_builder_for_path_finish (
        CURATOR_GET_CHILDREN_BUILDER (object), result, outcome->error.out ());

    for (char **name = names; name != nullptr && *name != nullptr; name++)
      outcome->names.push_back (*name);
    Note (outcome, names != nullptr);
  }

  static void OnSet (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *outcome = static_cast<Outcome *> (data);
    g_autoptr (CuratorStat) stat = curator_set_data_builder_for_path_finish (
        CURATOR_SET_DATA_BUILDER (object), result, outcome->error.out ());

    Note (outcome, stat != nullptr);
  }

  static void OnState (CuratorFramework *, CuratorConnectionState state, StateLog *log)
  {
    log->states.push_back (state);
    log->at_us.push_back (g_get_monotonic_time ());
    if (log->then != nullptr)
      log->then (state);
  }

  static void OnError (CuratorFramework *, const GError *error, StateLog *log)
  {
    log->errors.push_back (error->message);
    if (log->then_error != nullptr)
      log->then_error ();
  }

  static void OnEvent (CuratorWatcher *, CuratorWatchedEvent *event, gpointer data)
  {
    auto *log = static_cast<EventLog *> (data);

    log->events.emplace_back (curator_watched_event_get_event_type (event),
                              curator_watched_event_get_path (event));
    if (log->then != nullptr)
      log->then ();
  }

  Mode mode_ = Mode::kShared;
  std::vector<Ref<CuratorFramework> > clients_;
  std::vector<Ref<CuratorWatcher> > watchers_;
  std::vector<Ref<CuratorTestProxy> > proxies_;
  std::vector<Ref<CuratorTestServer> > own_servers_;
  std::vector<std::unique_ptr<Outcome> > outcomes_;
  std::vector<std::unique_ptr<StateLog> > logs_;
  std::vector<std::unique_ptr<EventLog> > events_;
};

/* Each test with a loop in each place where it can run. */
class ModalFixture : public ConnectionFixture, public ::testing::WithParamInterface<Mode>
{
protected:
  void SetUp () override
  {
    ConnectionFixture::SetUp ();
    mode_ = GetParam ();
  }
};

} // namespace connection_test
