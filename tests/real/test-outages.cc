/* SPDX-License-Identifier: Apache-2.0 */
/* What networks and single servers do to a client. */
#include "connection-fixture.h"

#include <gmock/gmock.h>

#include <sys/resource.h>

using namespace connection_test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Values;

namespace
{

constexpr int session_ms = 1500;
constexpr int epsilon_ms = 500;

class Outages : public ModalFixture
{
protected:
  /* Servers that are dead until their doors open, in this test's chroot. */
  std::string DeadServers (size_t n)
  {
    std::string hosts;

    Chroot ();
    for (size_t i = 0; i < n; i++)
      {
        CuratorTestProxy *proxy = NewProxy (Server ());

        curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
        hosts += (i == 0 ? "" : ",") + std::string (curator_test_proxy_get_connect_string (proxy));
      }
    return hosts;
  }

  static gint64 CpuTimeUs ()
  {
    struct rusage usage;

    getrusage (RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
  }
};

/* --- connections that are none --- */

/* Established by the kernel and served by nobody.
 *
 * faults: 31 */
TEST_P (Outages, AStalledHandshakeDoesNotKeepFromOtherServers)
{
  CuratorTestProxy *stalled = NewProxy (Server ());
  CuratorTestProxy *good = NewProxy (Server ());
  std::string hosts = curator_test_proxy_get_connect_string (stalled);
  CuratorFramework *client;

  Chroot ();
  curator_test_proxy_set_door (stalled, CURATOR_TEST_PROXY_DOOR_IGNORED);
  for (int i = 0; i < 4; i++)
    {
      gint64 began_us = g_get_monotonic_time ();

      client = Connect (hosts + "," + Through (good), session_ms);
      EXPECT_LE (g_get_monotonic_time () - began_us, (session_ms / 2 + epsilon_ms) * 1000);
      ExpectClosed (Close (client));
    }
  EXPECT_EQ (curator_test_proxy_count_connections (stalled), 0U);
}

/* faults: 31 */
TEST_P (Outages, AStalledHandshakeIsTriedAgain)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  StateLog *log = Listen (client);
  gint64 session_id = curator_framework_get_session_id (client);

  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_IGNORED);
  curator_test_proxy_drop_connections (proxy, TRUE);
  ASSERT_TRUE (UntilState (client, kLost));
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  EXPECT_NE (curator_framework_get_session_id (client), session_id);
  Drain ();
  EXPECT_THAT (log->states, ElementsAre (kSuspended, kLost, kReconnected));
}

/* The handshake gets through, its answer does not.
 *
 * faults: 31 */
TEST_P (Outages, AHandshakeWithoutAnAnswerIsTriedAgain)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client;

  Chroot ();
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  client = Launch (Through (proxy), session_ms);
  ASSERT_TRUE (Until ([proxy] { return curator_test_proxy_count_connections (proxy) >= 2; }));
  EXPECT_EQ (curator_framework_get_connection_state (client), kLatent);
  StopSwallowing (proxy);
  ASSERT_TRUE (UntilState (client, kConnected));
  EXPECT_TRUE (Succeeds (Exists (client, "/")));
}

/* --- lists of servers --- */

/* faults: 25 */
TEST_P (Outages, TheOnlyLivingServerIsFoundAmongAnyNumber)
{
  for (size_t n_dead : { 1, 3 })
    {
      std::string dead = DeadServers (n_dead);
      std::string chroot = Chroot ();
      CuratorFramework *client = Connect (dead + "," + chroot, session_ms);

      EXPECT_TRUE (Succeeds (Exists (client, "/")));
      ExpectClosed (Close (client));
    }
}

/* After any number of passes over the list, and not at the price of a busy loop.
 *
 * faults: 25, 30 */
TEST_P (Outages, AServerThatComesUpLaterIsReached)
{
  for (size_t n_servers : { 2, 4 })
    {
      size_t first = proxies_.size ();
      CuratorFramework *client = Launch (DeadServers (n_servers) + ServerPath (), session_ms);
      Outcome *await = Await (client, 1000);
      gint64 cpu_us = CpuTimeUs ();

      ASSERT_TRUE (UntilDone (await));
      EXPECT_TRUE (await->FailedWith (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << await->error.message ();
      EXPECT_LE (CpuTimeUs () - cpu_us, 300 * 1000);
      Restore (proxies_[first + n_servers - 1]);
      ASSERT_TRUE (UntilState (client, kConnected));
      /* It goes, and another one comes. */
      Cut (proxies_[first + n_servers - 1]);
      ASSERT_TRUE (UntilState (client, kSuspended));
      Restore (proxies_[first]);
      ASSERT_TRUE (Until ([client] { return curator_framework_is_connected (client); }));
      ExpectClosed (Close (client));
    }
}

/* faults: 25 */
TEST_P (Outages, ANameThatDoesNotResolveDoesNotKeepFromOtherServers)
{
  CuratorFramework *hopeless = Launch ("no-such-host.invalid:2181", session_ms);
  CuratorFramework *client = Connect ("no-such-host.invalid:2181," + Chroot (), session_ms);
  Outcome *await = Await (hopeless, 500);

  EXPECT_TRUE (Succeeds (Exists (client, "/")));
  ASSERT_TRUE (UntilDone (await));
  EXPECT_TRUE (await->FailedWith (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << await->error.message ();
  EXPECT_EQ (curator_framework_get_connection_state (hopeless), kLatent);
}

/* --- flapping --- */

/* faults: 9, 29
 * bugs: CURATOR-561 */
TEST_P (Outages, FlappingKeepsTheSessionAndTheOrderOfStates)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), 20000);
  StateLog *log = Listen (client);
  gint64 session_id = curator_framework_get_session_id (client);
  constexpr size_t n_flaps = 20;

  for (size_t i = 1; i <= n_flaps; i++)
    {
      curator_test_proxy_drop_connections (proxy, i % 2 == 0);
      ASSERT_TRUE (Until ([&] { return log->states.size () >= 2 * i; }));
    }
  for (size_t i = 0; i < log->states.size (); i++)
    EXPECT_EQ (log->states[i], i % 2 == 0 ? kSuspended : kReconnected) << i;
  EXPECT_EQ (curator_framework_get_session_id (client), session_id);
  EXPECT_EQ (curator_test_proxy_count_connections (proxy), n_flaps + 1);
  EXPECT_TRUE (Succeeds (Exists (client, "/")));
}

/* --- a server --- */

/* faults: 9, 31 */
TEST_P (Outages, AServerIsKilledAndStartedAgain)
{
  CuratorTestServer *server = StartServer ();
  CuratorFramework *client = Connect (curator_test_server_get_connect_string (server), 9000);
  StateLog *log = Listen (client);
  gint64 session_id = curator_framework_get_session_id (client);
  Error error;

  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  ASSERT_TRUE (curator_test_server_kill_sync (server, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (UntilState (client, kSuspended));
  Outcome *waiting = Set (client, "/ephemeral", "1");
  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error.out ())) << error.message ();
  EXPECT_TRUE (Succeeds (waiting));
  EXPECT_EQ (curator_framework_get_session_id (client), session_id);
  EXPECT_THAT (log->states, ElementsAre (kSuspended, kReconnected));
}

/* faults: 31 */
TEST_P (Outages, AServerThatPausesShortlyIsNotNoticed)
{
  CuratorTestServer *server = StartServer ();
  CuratorFramework *client = Connect (curator_test_server_get_connect_string (server), 6000);
  StateLog *log = Listen (client);
  Error error;

  ASSERT_TRUE (curator_test_server_pause (server, error.out ())) << error.message ();
  Outcome *slow = Exists (client, "/");
  Outcome *clock = Await (Launch ("127.0.0.1:1", 1000), 1000);
  ASSERT_TRUE (UntilDone (clock));
  EXPECT_FALSE (slow->IsDone ());
  ASSERT_TRUE (curator_test_server_resume (server, error.out ())) << error.message ();
  EXPECT_TRUE (Succeeds (slow));
  EXPECT_THAT (log->states, IsEmpty ());
}

/* faults: 6, 31 */
TEST_P (Outages, AServerThatPausesForLongCostsTheSession)
{
  CuratorTestServer *server = StartServer ();
  CuratorFramework *client = Connect (curator_test_server_get_connect_string (server), session_ms);
  StateLog *log = Listen (client);
  gint64 session_id = curator_framework_get_session_id (client);
  Error error;

  ASSERT_TRUE (curator_test_server_pause (server, error.out ())) << error.message ();
  ASSERT_TRUE (UntilState (client, kLost));
  ASSERT_TRUE (curator_test_server_resume (server, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReconnected); }));
  EXPECT_THAT (log->states, ElementsAre (kSuspended, kLost, kReconnected));
  EXPECT_NE (curator_framework_get_session_id (client), session_id);
}

INSTANTIATE_TEST_SUITE_P (Modes, Outages, Values (Mode::kShared, Mode::kContext), ModeName);

} // namespace
