/* SPDX-License-Identifier: Apache-2.0 */
#include "connection-fixture.h"

#include <glib/gstdio.h>

#include <gmock/gmock.h>

#include <thread>

#include "curator-loop-private.h"
#include "curator-request-private.h"

using namespace connection_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Values;

namespace
{

constexpr int session_ms = 1500;
/* What a loaded machine may add to a bound. */
constexpr int epsilon_ms = 500;

class Connection : public ModalFixture
{
};

class WorkerConnection : public ConnectionFixture
{
protected:
  /* Waits without iterating the test's context. */
  bool UntilAside (const std::function<bool ()> &predicate)
  {
    GMainContext *aside = g_main_context_new ();
    GSource *ticks = g_timeout_source_new (5);
    gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
    bool held;

    g_source_set_callback (
        ticks, [] (gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    g_source_attach (ticks, aside);
    while (!(held = predicate ()) && g_get_monotonic_time () < deadline_us)
      g_main_context_iteration (aside, TRUE);
    g_source_destroy (ticks);
    g_source_unref (ticks);
    g_main_context_unref (aside);
    return held;
  }

  bool UntilStateAside (CuratorFramework *client, CuratorConnectionState state)
  {
    return UntilAside ([=] { return curator_framework_get_connection_state (client) == state; });
  }
};

/* --- states --- */

/* faults: 9, 31 */
TEST_P (Connection, GoesThroughAllStatesInOrder)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Build (NewBuilder (Through (proxy), session_ms));
  StateLog *log = Listen (client);
  gint64 first_id;

  EXPECT_EQ (curator_framework_get_connection_state (client), kLatent);
  EXPECT_EQ (curator_framework_get_session_id (client), 0);
  Start (client);
  ASSERT_TRUE (UntilState (client, kConnected));
  first_id = curator_framework_get_session_id (client);
  EXPECT_NE (first_id, 0);
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  EXPECT_EQ (curator_framework_get_session_id (client), first_id);
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  EXPECT_EQ (curator_framework_get_session_id (client), first_id);
  Swallow (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  ASSERT_TRUE (UntilState (client, kLost));
  EXPECT_EQ (curator_framework_get_session_id (client), 0);
  StopSwallowing (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  EXPECT_NE (curator_framework_get_session_id (client), 0);
  EXPECT_NE (curator_framework_get_session_id (client), first_id);
  EXPECT_TRUE (Succeeds (Create (client, "/after")));
  ExpectClosed (Close (client));
  EXPECT_EQ (curator_framework_get_connection_state (client), kClosed);
  EXPECT_TRUE (Until ([log] { return log->EndsWith (kClosed); }));
  EXPECT_THAT (log->states,
               ElementsAre (kConnected, kSuspended, kReconnected, kSuspended, kLost, kReconnected, kClosed));
}

/* faults: 14, 31
 * bugs: CURATOR-495 */
TEST_F (WorkerConnection, NoStateIsDroppedWhereNobodyLooksForLong)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Build (NewBuilder (Through (proxy), session_ms));
  StateLog *log = Listen (client);

  Start (client);
  ASSERT_TRUE (UntilStateAside (client, kConnected));
  for (int i = 0; i < 5; i++)
    {
      Cut (proxy);
      ASSERT_TRUE (UntilStateAside (client, kSuspended));
      Restore (proxy);
      ASSERT_TRUE (UntilStateAside (client, kReconnected));
    }
  Cut (proxy);
  ASSERT_TRUE (UntilStateAside (client, kLost));
  Restore (proxy);
  ASSERT_TRUE (UntilStateAside (client, kReconnected));
  EXPECT_TRUE (log->states.empty ());
  ASSERT_TRUE (Until ([log] { return log->states.size () >= 14; }));
  EXPECT_THAT (log->states, ElementsAre (kConnected, kSuspended, kReconnected, kSuspended, kReconnected,
                                         kSuspended, kReconnected, kSuspended, kReconnected, kSuspended,
                                         kReconnected, kSuspended, kLost, kReconnected));
}

/* faults: 14 */
TEST_F (WorkerConnection, AnApplicationThatIsBusyForLongKeepsItsSession)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  StateLog *log = Listen (client);
  gint64 session_id = curator_framework_get_session_id (client);
  gint64 busy_until_us = g_get_monotonic_time () + 2 * session_ms * 1000;

  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  ASSERT_TRUE (UntilAside ([=] { return g_get_monotonic_time () >= busy_until_us; }));
  EXPECT_TRUE (Succeeds (Set (client, "/ephemeral", "1")));
  EXPECT_EQ (curator_framework_get_session_id (client), session_id);
  EXPECT_TRUE (log->states.empty ());
}

/* The connection stands, but nothing comes through: only the clock tells. The last request that was answered
 * was sent between two moments known here.
 *
 * faults: 31 */
TEST_P (Connection, IsSuspendedAndLostInTime)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  StateLog *log = Listen (client);
  gint64 before_us = g_get_monotonic_time ();
  gint64 after_us;

  ASSERT_TRUE (Succeeds (Exists (client, "/")));
  Swallow (proxy);
  after_us = g_get_monotonic_time ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kLost); }));
  ASSERT_THAT (log->states, ElementsAre (kSuspended, kLost));
  EXPECT_LE (log->When (kSuspended) - after_us, (session_ms * 2 / 3 + epsilon_ms) * 1000);
  EXPECT_LE (log->When (kLost) - after_us, (session_ms + epsilon_ms) * 1000);
  EXPECT_GE (log->When (kLost) - before_us, session_ms * 1000);
}

/* The server refuses connections at once, and still the session is not given up before its time.
 *
 * faults: 13, 31 */
TEST_P (Connection, IsLostWithoutTheServersWordNeitherEarlyNorLate)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  StateLog *log = Listen (client);
  gint64 before_us = g_get_monotonic_time ();
  gint64 after_us;

  ASSERT_TRUE (Succeeds (Exists (client, "/")));
  Cut (proxy);
  after_us = g_get_monotonic_time ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kLost); }));
  ASSERT_THAT (log->states, ElementsAre (kSuspended, kLost));
  EXPECT_LE (log->When (kSuspended) - after_us, epsilon_ms * 1000);
  EXPECT_LE (log->When (kLost) - after_us, (session_ms + epsilon_ms) * 1000);
  EXPECT_GE (log->When (kLost) - before_us, session_ms * 1000);
}

/* faults: 6
 * bugs: CURATOR-525, CURATOR-627 */
TEST_P (Connection, ASessionThatTheServerExpiredIsLostAndReplaced)
{
  CuratorFramework *client = Connect (Chroot (), 10000);
  StateLog *log = Listen (client);
  gint64 first_id = curator_framework_get_session_id (client);

  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  Expire (client, Server ());
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReconnected); }));
  EXPECT_THAT (log->states, ElementsAre (kSuspended, kLost, kReconnected));
  EXPECT_NE (curator_framework_get_session_id (client), first_id);
  Outcome *exists = Exists (client, "/ephemeral");
  ASSERT_TRUE (Succeeds (exists));
  EXPECT_EQ (exists->text, "no");
}

/* A server that knows as much and not the session: the client is offered a new one, silently.
 *
 * faults: 33 */
TEST_F (WorkerConnection, AnotherSessionThanTheClientsOwnMeansLost)
{
  CuratorTestServer *server = StartServer ();
  CuratorTestServer *stranger = StartServer ();
  std::string servers = curator_test_server_get_connect_string (server);
  CuratorFrameworkBuilder *builder;
  CuratorFramework *client;
  StateLog *log;
  gint64 first_id;
  Error error;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *made = curator_test_server_operator_create_sync (
          stranger, ("/" + std::to_string (i)).c_str (), nullptr, CURATOR_TEST_CREATE_MODE_PERSISTENT,
          nullptr, error.out ());

      ASSERT_NE (made, nullptr) << error.message ();
    }
  ASSERT_TRUE (curator_test_server_stop_sync (stranger, nullptr, error.out ())) << error.message ();
  builder = NewBuilder (servers + "," + curator_test_server_get_connect_string (stranger), 60000);
  /* A server that is starting accepts connections before it answers on them. */
  curator_framework_builder_with_connection_timeout_ms (builder, 1000);
  client = Connect (builder);
  log = Listen (client);
  first_id = curator_framework_get_session_id (client);
  ASSERT_TRUE (curator_test_server_kill_sync (server, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (curator_test_server_start_sync (stranger, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReconnected); }));
  EXPECT_THAT (log->states, ElementsAre (kSuspended, kLost, kReconnected));
  EXPECT_NE (curator_framework_get_session_id (client), first_id);
}

/* The server comes back without what it knew. It refuses a client that has seen more than it has itself, so
 * that the deadline is what ends the session.
 *
 * faults: 33 */
TEST_F (WorkerConnection, AServerThatForgotEverythingMeansLost)
{
  constexpr int short_session_ms = 3000;
  CuratorTestServer *server = StartServer ();
  CuratorFramework *client = Connect (curator_test_server_get_connect_string (server), short_session_ms);
  StateLog *log = Listen (client);
  gint64 first_id = curator_framework_get_session_id (client);
  Error error;
  g_autofree char *settings =
      curator_test_server_four_letter_word_sync (server, "conf", nullptr, error.out ());
  g_autoptr (GRegex) regex = g_regex_new ("^dataDir=(.*/curator-test-[^/]+/data/version-2)$",
                                          G_REGEX_MULTILINE, static_cast<GRegexMatchFlags> (0), nullptr);
  g_autoptr (GMatchInfo) match = nullptr;

  ASSERT_TRUE (Succeeds (Create (client, "/node")));
  ASSERT_NE (settings, nullptr) << error.message ();
  ASSERT_TRUE (g_regex_match (regex, settings, static_cast<GRegexMatchFlags> (0), &match)) << settings;
  g_autofree char *dir = g_match_info_fetch (match, 1);
  g_autofree char *aside = g_strconcat (dir, ".aside", nullptr);
  ASSERT_TRUE (curator_test_server_kill_sync (server, nullptr, error.out ())) << error.message ();
  ASSERT_EQ (g_rename (dir, aside), 0);
  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReconnected); }));
  EXPECT_THAT (log->states, ElementsAre (kSuspended, kLost, kReconnected));
  EXPECT_NE (curator_framework_get_session_id (client), first_id);
  Outcome *exists = Exists (client, "/node");
  ASSERT_TRUE (Succeeds (exists));
  EXPECT_EQ (exists->text, "no");
}

/* --- start and close --- */

/* faults: 25
 * bugs: CURATOR-110 */
TEST_P (Connection, StartsOfflineAndConnectsOnceThereIsAServer)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client;
  StateLog *log;
  Outcome *early;

  Chroot ();
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
  client = Build (NewBuilder (Through (proxy), session_ms));
  log = Listen (client);
  Start (client);
  early = Create (client, "/early");
  ASSERT_TRUE (Until ([] { return true; }));
  EXPECT_EQ (curator_framework_get_connection_state (client), kLatent);
  Outcome *await = Await (client, 300);
  ASSERT_TRUE (UntilDone (await));
  EXPECT_TRUE (await->FailedWith (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << await->error.message ();
  EXPECT_FALSE (early->IsDone ());
  Restore (proxy);
  ASSERT_TRUE (Succeeds (early));
  EXPECT_THAT (log->states, ElementsAre (kConnected));
}

TEST_P (Connection, StartsOnceAndNotAfterTheClose)
{
  CuratorFramework *client = Build (NewBuilder (Chroot (), session_ms));
  Error error;
  Outcome *early = Exists (client, "/");

  ASSERT_TRUE (UntilDone (early));
  EXPECT_TRUE (early->IsClosed ()) << early->error.message ();
  EXPECT_THAT (early->error.message (), HasSubstr ("check exists \"/\""));
  ASSERT_TRUE (curator_framework_start (client, error.out ())) << error.message ();
  EXPECT_FALSE (curator_framework_start (client, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_EXISTS)) << error.message ();
  ExpectClosed (Close (client));
  EXPECT_FALSE (curator_framework_start (client, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
  ExpectClosed (Close (client));
}

TEST_P (Connection, ClosesBeforeItEverStarted)
{
  CuratorFramework *client = Build (NewBuilder (Chroot (), session_ms));
  Error error;

  ExpectClosed (Close (client));
  EXPECT_FALSE (curator_framework_start (client, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
}

/* faults: 15 */
TEST_P (Connection, RefusesEverythingAfterTheClose)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  EventLog &events = *NewEvents ();
  std::vector<Outcome *> late;

  ExpectClosed (Close (client));
  late = { Create (client, "/a"),      Get (client, "/a", NewWatcher (&events)),
           Exists (client, "/a"),      Set (client, "/a", "x"),
           GetChildren (client, "/a"), Delete (client, "/a"),
           Await (client, 1000),       AddAuth (client, "digest", "user:password") };
  ASSERT_TRUE (UntilDone (late));
  for (const Outcome *outcome : late)
    EXPECT_TRUE (outcome->IsClosed ()) << outcome->error.message ();
  EXPECT_TRUE (events.events.empty ());
  EXPECT_EQ (curator_framework_get_session_id (client), 0);
}

TEST_P (Connection, ANegativeTimeOutOfTheWaitIsRefused)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  Outcome *bad = Await (client, -2);
  Outcome *good = Await (client, -1);

  ASSERT_TRUE (UntilDone (bad));
  EXPECT_TRUE (bad->FailedWith (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << bad->error.message ();
  ASSERT_TRUE (UntilDone (good));
  EXPECT_EQ ("no error", good->error.message ());
}

/* The close waits for the server, which so has ended the session when the close returns.
 *
 * faults: 15 */
TEST_P (Connection, TheCloseEndsTheSession)
{
  CuratorFramework *client = Connect (Chroot (), 60000);
  Error error;

  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  ExpectClosed (Close (client));
  g_auto (GStrv) left =
      curator_test_server_list_ephemerals_sync (Server (), ServerPath ().c_str (), nullptr, error.out ());
  ASSERT_NE (left, nullptr) << error.message ();
  EXPECT_EQ (g_strv_length (left), 0U);
}

/* faults: 16 */
TEST_P (Connection, DroppingTheLastReferenceEndsTheSession)
{
  CuratorFramework *client = Connect (Chroot (), 60000);

  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  Forget (client);
  EXPECT_TRUE (Until ([this] {
    g_auto (GStrv) left =
        curator_test_server_list_ephemerals_sync (Server (), ServerPath ().c_str (), nullptr, nullptr);

    return left != nullptr && g_strv_length (left) == 0;
  }));
}

/* A server that does not answer the farewell is waited for as long as was said, and no longer.
 *
 * faults: 31 */
TEST_P (Connection, TheCloseDoesNotWaitForeverForTheServer)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), 20000);
  CuratorFramework *client;
  gint64 began_us, took_us;

  curator_framework_builder_with_max_close_wait_ms (builder, 300);
  client = Connect (builder);
  Swallow (proxy);
  began_us = g_get_monotonic_time ();
  ExpectClosed (Close (client));
  took_us = g_get_monotonic_time () - began_us;
  EXPECT_GE (took_us, 300 * 1000);
  EXPECT_LE (took_us, (300 + epsilon_ms) * 1000);
}

/* --- waiting for the connection --- */

TEST_P (Connection, AwaitsTheConnection)
{
  CuratorFramework *client = Build (NewBuilder (Chroot (), session_ms));
  Outcome *before = Await (client, -1);
  Outcome *at_once;

  Start (client);
  EXPECT_TRUE (Succeeds (before));
  EXPECT_TRUE (curator_framework_is_connected (client));
  at_once = Await (client, 0);
  EXPECT_TRUE (Succeeds (at_once));
}

TEST_P (Connection, AwaitEndsWithTheTimeTheCancellationOrTheClose)
{
  CuratorFramework *client = Build (NewBuilder (Chroot (), session_ms));
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<GCancellable> cancelled (g_cancellable_new ());
  Outcome *none = Await (client, 0);
  Outcome *due = Await (client, 50);
  Outcome *given_up = Await (client, -1, cancellable);
  Outcome *hopeless = Await (client, -1, cancelled);
  Outcome *closed = Await (client, -1);

  g_cancellable_cancel (cancelled);
  ASSERT_TRUE (UntilDone ({ none, due, hopeless }));
  EXPECT_TRUE (none->FailedWith (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << none->error.message ();
  EXPECT_TRUE (due->FailedWith (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << due->error.message ();
  EXPECT_TRUE (hopeless->FailedWith (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << hopeless->error.message ();
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (given_up));
  EXPECT_TRUE (given_up->FailedWith (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << given_up->error.message ();
  EXPECT_FALSE (closed->IsDone ());
  ExpectClosed (Close (client));
  ASSERT_TRUE (UntilDone (closed));
  EXPECT_TRUE (closed->IsClosed ()) << closed->error.message ();
}

/* Handlers of a cancellable that take their time, in the thread that cancels, do not hold up the loop.
 *
 * faults: 14 */
TEST_F (WorkerConnection, ASlowHandlerOfACancellableDoesNotStopTheLoop)
{
  CuratorFramework *client = Build (NewBuilder (Chroot (), session_ms));
  CuratorFramework *other = Connect (Chroot (), session_ms);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  struct Slow
  {
    std::atomic<bool> entered{ false };
    std::atomic<bool> leave{ false };
  } slow;
  gulong id = g_cancellable_connect (cancellable, G_CALLBACK (+[] (GCancellable *, Slow *state) {
                                       state->entered = true;
                                       while (!state->leave)
                                         g_thread_yield ();
                                     }),
                                     &slow, nullptr);
  Outcome *await = Await (client, 300, cancellable);
  std::thread canceller;

  /* They share a loop: after this it has seen the wait, and connected to the cancellable. */
  EXPECT_TRUE (Succeeds (Exists (other, "/")));
  canceller = std::thread ([&] { g_cancellable_cancel (cancellable); });
  EXPECT_TRUE (Until ([&] { return slow.entered.load (); }));
  EXPECT_TRUE (UntilDone (await, 5000));
  EXPECT_TRUE (Succeeds (Exists (other, "/")));
  slow.leave = true;
  canceller.join ();
  g_cancellable_disconnect (cancellable, id);
  EXPECT_TRUE (await->FailedWith (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << await->error.message ();
}

/* --- properties --- */

TEST_P (Connection, NegotiatesTheTimeOutAndTellsOfIt)
{
  constexpr int wanted_ms = 700000;
  constexpr guint most_ms = 600000;
  CuratorFramework *client = Build (NewBuilder (Chroot (), wanted_ms));
  std::vector<std::string> notified;
  gint64 session_id = 0;
  guint timeout_ms = 0;
  g_autofree char *id_text = nullptr;

  EXPECT_EQ (curator_framework_get_negotiated_timeout_ms (client), static_cast<guint> (wanted_ms));
  g_signal_connect (client, "notify",
                    G_CALLBACK (+[] (GObject *, GParamSpec *spec, std::vector<std::string> *names) {
                      names->push_back (spec->name);
                    }),
                    &notified);
  Start (client);
  ASSERT_TRUE (Until ([&] { return notified.size () >= 3; }));
  EXPECT_THAT (notified,
               ::testing::UnorderedElementsAre ("connection-state", "session-id", "negotiated-timeout-ms"));
  g_object_get (client, "session-id", &session_id, "negotiated-timeout-ms", &timeout_ms, nullptr);
  EXPECT_EQ (timeout_ms, most_ms);
  EXPECT_NE (session_id, 0);
  id_text = curator_framework_dup_session_id_string (client);
  EXPECT_EQ (g_ascii_strtoull (id_text, nullptr, 16), static_cast<guint64> (session_id));
  notified.clear ();
  ExpectClosed (Close (client));
  ASSERT_TRUE (Until ([&] { return !notified.empty (); }));
  EXPECT_EQ (notified.front (), "connection-state");
}

/* --- several clients --- */

/* faults: 27 */
TEST_P (Connection, WhatHappensToOneClientDoesNotTouchTheOther)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *victim = Connect (Through (proxy), session_ms);
  CuratorFramework *bystander = Connect (Chroot (), session_ms);
  StateLog *victims = Listen (victim);
  StateLog *bystanders = Listen (bystander);
  gint64 session_id = curator_framework_get_session_id (bystander);

  ASSERT_TRUE (Succeeds (Create (bystander, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  Swallow (proxy);
  ASSERT_TRUE (Until ([victims] { return victims->EndsWith (kLost); }));
  EXPECT_TRUE (Succeeds (Set (bystander, "/ephemeral", "1")));
  ExpectClosed (Close (victim));
  EXPECT_TRUE (Succeeds (Set (bystander, "/ephemeral", "2")));
  Forget (victim);
  EXPECT_TRUE (Succeeds (Set (bystander, "/ephemeral", "3")));
  EXPECT_EQ (curator_framework_get_session_id (bystander), session_id);
  EXPECT_TRUE (bystanders->states.empty ());
}

/* --- blocking where it would wait for itself --- */

TEST_P (Connection, BlockingCallsInTheLoopAreRefused)
{
  struct Calls
  {
    CuratorFramework *client;
    Error errors[4];
    std::atomic<bool> done{ false };
  } calls;
  auto run = [] (gpointer data) {
    auto *call = static_cast<Calls *> (data);
    g_autoptr (GBytes) bytes = g_bytes_new (nullptr, 0);
    Ref<CuratorExistsBuilder> builder (curator_framework_check_exists (call->client));

    EXPECT_EQ (curator_exists_builder_for_path_sync (builder, "/", nullptr, call->errors[0].out ()), nullptr);
    EXPECT_FALSE (curator_framework_await_connected_sync (call->client, -1, nullptr, call->errors[1].out ()));
    EXPECT_FALSE (curator_framework_close_sync (call->client, nullptr, call->errors[2].out ()));
    EXPECT_FALSE (
        curator_framework_add_auth_sync (call->client, "digest", bytes, nullptr, call->errors[3].out ()));
    call->done = true;
  };

  calls.client = Connect (Chroot (), session_ms);
  curator_loop_defer (curator_framework_get_loop (calls.client), run, &calls);
  ASSERT_TRUE (Until ([&] { return calls.done.load (); }));
  for (const Error &error : calls.errors)
    EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) << error.message ();
  EXPECT_TRUE (Succeeds (Exists (calls.client, "/")));
}

/* The thread whose context it is, outside of any callback: nobody else would iterate it. */
TEST_F (WorkerConnection, BlockingCallsInTheThreadOfTheContextAreRefused)
{
  Error error;

  mode_ = Mode::kContext;
  CuratorFramework *client = Connect (Chroot (), session_ms);
  Ref<CuratorExistsBuilder> builder (curator_framework_check_exists (client));
  EXPECT_EQ (curator_exists_builder_for_path_sync (builder, "/", nullptr, error.out ()), nullptr);
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) << error.message ();
  EXPECT_FALSE (curator_framework_close_sync (client, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) << error.message ();
}

INSTANTIATE_TEST_SUITE_P (Modes, Connection, Values (Mode::kShared, Mode::kOwn, Mode::kContext), ModeName);

} // namespace
