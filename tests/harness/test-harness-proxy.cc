/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>

#include "curator-test-fixture.hpp"

using curator_test::Error;
using ::testing::HasSubstr;

namespace
{

constexpr int op_create = 1;
constexpr int op_get_data = 4;
constexpr guint short_ms = 150;
constexpr guint session_ms = 60000;

class HarnessProxy : public CuratorTestFixture
{
protected:
  void SetUp () override
  {
    CuratorTestFixture::SetUp ();
    proxy_.reset (curator_test_proxy_new (curator_test_server_get_port (Server ())));
    WatchFinalize (proxy_.get ());
    ASSERT_TRUE (curator_test_proxy_start (proxy_, error_.out ())) << error_.message ();
    client_.reset (curator_test_client_new (curator_test_proxy_get_port (proxy_)));
    path_ = ServerPath ();
  }

  void TearDown () override
  {
    client_.reset ();
    proxy_.reset ();
    CuratorTestFixture::TearDown ();
  }

  bool Connect ()
  {
    return curator_test_client_connect_sync (client_, session_ms, nullptr, error_.out ());
  }

  bool Create (const std::string &name)
  {
    g_autofree char *made =
        curator_test_client_create_sync (client_, (path_ + name).c_str (), nullptr,
                                         CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error_.out ());

    return made != nullptr;
  }

  /* Asked past the proxy. */
  bool Exists (const std::string &name)
  {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), (path_ + name).c_str (), nullptr, nullptr);

    return stat != nullptr;
  }

  bool Ping ()
  {
    return curator_test_client_ping_sync (client_, nullptr, error_.out ());
  }

  Error error_;
  Ref<CuratorTestProxy> proxy_;
  Ref<CuratorTestClient> client_;
  std::string path_;
};

TEST_F (HarnessProxy, PassesAndCounts)
{
  ASSERT_TRUE (Connect ()) << error_.message ();
  EXPECT_TRUE (Create ("/a")) << error_.message ();
  EXPECT_TRUE (Create ("/b")) << error_.message ();
  EXPECT_TRUE (Ping ()) << error_.message ();
  EXPECT_EQ (curator_test_proxy_count_requests (proxy_, op_create), 2U);
  EXPECT_EQ (curator_test_proxy_count_requests (proxy_, op_get_data), 0U);
  EXPECT_EQ (curator_test_proxy_count_requests (proxy_, CURATOR_TEST_PROXY_ANY_OP), 3U);
  EXPECT_EQ (curator_test_proxy_count_connections (proxy_), 1U);
  EXPECT_EQ (curator_test_proxy_count_open_connections (proxy_), 1U);
  EXPECT_TRUE (curator_test_client_close_sync (client_, nullptr, error_.out ())) << error_.message ();
  EXPECT_TRUE (Until ([&] { return curator_test_proxy_count_open_connections (proxy_) == 0; }));
  EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, 0, error_.out ()));
}

TEST_F (HarnessProxy, PassesLargeData)
{
  std::string text (900000, 'x');
  g_autoptr (GBytes) data = g_bytes_new (text.data (), text.size ());
  g_autoptr (GBytes) read = nullptr;

  ASSERT_TRUE (Connect ()) << error_.message ();
  ASSERT_TRUE (curator_test_client_set_data_sync (client_, path_.c_str (), data, -1, nullptr, error_.out ()))
      << error_.message ();
  read = curator_test_client_get_data_sync (client_, path_.c_str (), nullptr, error_.out ());
  ASSERT_NE (read, nullptr) << error_.message ();
  EXPECT_TRUE (g_bytes_equal (read, data));
}

TEST_F (HarnessProxy, PassesFourLetterWords)
{
  Ref<GSocketClient> sockets (g_socket_client_new ());
  Ref<GSocketConnection> connection (g_socket_client_connect_to_host (
      sockets, "127.0.0.1", static_cast<guint16> (curator_test_proxy_get_port (proxy_)), nullptr,
      error_.out ()));
  char answer[64] = {};
  gsize n = 0;

  ASSERT_NE (connection.get (), nullptr) << error_.message ();
  ASSERT_TRUE (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection.get ())),
                                          "ruok", 4, &n, nullptr, error_.out ()));
  ASSERT_TRUE (g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection.get ())),
                                        answer, sizeof answer - 1, &n, nullptr, error_.out ()))
      << error_.message ();
  EXPECT_STREQ (answer, "imok");
}

TEST_F (HarnessProxy, LosesARequestBeforeTheServerSeesIt)
{
  ASSERT_TRUE (Connect ()) << error_.message ();
  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REQUEST, op_create);
  EXPECT_TRUE (Ping ()) << error_.message ();
  EXPECT_FALSE (curator_test_proxy_wait_cut_sync (proxy_, 1, error_.out ()));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  EXPECT_FALSE (Create ("/a"));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED)) << error_.message ();
  EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, session_ms, error_.out ())) << error_.message ();
  EXPECT_FALSE (Exists ("/a"));
  /* Once only. */
  ASSERT_TRUE (Connect ()) << error_.message ();
  EXPECT_TRUE (Create ("/a")) << error_.message ();
}

TEST_F (HarnessProxy, LosesAReplyAfterTheServerHasCommitted)
{
  ASSERT_TRUE (Connect ()) << error_.message ();
  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, CURATOR_TEST_PROXY_ANY_OP);
  EXPECT_TRUE (Ping ()) << error_.message ();
  EXPECT_FALSE (Create ("/a"));
  EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, session_ms, error_.out ())) << error_.message ();
  EXPECT_TRUE (Exists ("/a"));
  ASSERT_TRUE (Connect ()) << error_.message ();
  EXPECT_TRUE (Create ("/b")) << error_.message ();
}

TEST_F (HarnessProxy, HoldsAndReleasesEachDirection)
{
  ASSERT_TRUE (Connect ()) << error_.message ();
  curator_test_client_set_request_timeout_ms (client_, short_ms);
  curator_test_proxy_set_flow (proxy_, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  EXPECT_FALSE (Create ("/a"));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  EXPECT_TRUE (Until ([&] { return Exists ("/a"); }));

  curator_test_proxy_set_flow (proxy_, CURATOR_TEST_PROXY_FLOW_NONE);
  ASSERT_TRUE (Connect ()) << error_.message ();
  curator_test_proxy_set_flow (proxy_, CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER);
  EXPECT_FALSE (Create ("/b"));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  EXPECT_FALSE (Exists ("/b"));
  curator_test_proxy_set_flow (proxy_, CURATOR_TEST_PROXY_FLOW_NONE);
  EXPECT_TRUE (Until ([&] { return Exists ("/b"); }));
}

TEST_F (HarnessProxy, BlackHoleStallsTheHandshake)
{
  curator_test_client_set_request_timeout_ms (client_, short_ms);
  curator_test_proxy_set_flow (proxy_, CURATOR_TEST_PROXY_FLOW_HOLD);
  EXPECT_FALSE (Connect ());
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  curator_test_proxy_drop_connections (proxy_, TRUE);
  EXPECT_EQ (curator_test_proxy_count_open_connections (proxy_), 0U);
}

TEST_F (HarnessProxy, DropsConnectionsAbruptlyAndOrderly)
{
  for (bool reset : { true, false })
    {
      ASSERT_TRUE (Connect ()) << error_.message ();
      curator_test_proxy_drop_connections (proxy_, reset);
      EXPECT_FALSE (curator_test_client_is_connected (client_));
      EXPECT_FALSE (Ping ());
    }
  EXPECT_EQ (curator_test_proxy_count_connections (proxy_), 2U);
}

TEST_F (HarnessProxy, RefusesAndIgnoresNewConnections)
{
  curator_test_client_set_request_timeout_ms (client_, short_ms);
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
  EXPECT_FALSE (Connect ());
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) << error_.message ();
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_IGNORED);
  EXPECT_FALSE (Connect ());
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  EXPECT_EQ (curator_test_proxy_count_connections (proxy_), 0U);
  curator_test_client_set_request_timeout_ms (client_, session_ms);
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_OPEN);
  EXPECT_TRUE (Connect ()) << error_.message ();
}

TEST_F (HarnessProxy, DelaysEachWay)
{
  constexpr guint delay_ms = 60;
  gint64 start_us;

  ASSERT_TRUE (Connect ()) << error_.message ();
  g_object_set (proxy_.get (), "delay-ms", delay_ms, nullptr);
  start_us = g_get_monotonic_time ();
  EXPECT_TRUE (Ping ()) << error_.message ();
  EXPECT_GE (g_get_monotonic_time () - start_us, 2 * delay_ms * 1000);
}

TEST_F (HarnessProxy, ServerThatIsGoneIsGoneThroughTheProxyToo)
{
  Ref<CuratorTestServer> server (curator_test_server_new ());
  Ref<CuratorTestProxy> proxy;
  Ref<CuratorTestClient> client;

  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error_.out ())) << error_.message ();
  proxy.reset (curator_test_proxy_new (curator_test_server_get_port (server)));
  ASSERT_TRUE (curator_test_proxy_start (proxy, error_.out ())) << error_.message ();
  client.reset (curator_test_client_new (curator_test_proxy_get_port (proxy)));
  ASSERT_TRUE (curator_test_client_connect_sync (client, session_ms, nullptr, error_.out ()))
      << error_.message ();
  ASSERT_TRUE (curator_test_server_kill_sync (server, nullptr, error_.out ()));
  EXPECT_TRUE (Until ([&] { return !curator_test_client_is_connected (client); }));
  EXPECT_FALSE (curator_test_client_connect_sync (client, session_ms, nullptr, error_.out ()));
  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error_.out ())) << error_.message ();
  EXPECT_TRUE (curator_test_client_connect_sync (client, session_ms, nullptr, error_.out ()))
      << error_.message ();
}

} // namespace
