/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>

#include <csignal>
#include <unistd.h>

#include "curator-test-fixture.hpp"

using curator_test::Error;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace
{

std::vector<std::string>
take_strings (char **strings)
{
  std::vector<std::string> taken;

  for (char **at = strings; at != nullptr && *at != nullptr; at++)
    taken.emplace_back (*at);
  g_strfreev (strings);
  return taken;
}

class HarnessServer : public CuratorTestFixture
{
protected:
  std::string Create (CuratorTestClient *client, const std::string &path, CuratorTestCreateMode mode)
  {
    g_autofree char *made =
        curator_test_client_create_sync (client, path.c_str (), nullptr, mode, nullptr, error_.out ());

    EXPECT_NE (made, nullptr) << error_.message ();
    return made != nullptr ? made : "";
  }

  Ref<CuratorTestClient> Connect (CuratorTestServer *server, guint timeout_ms)
  {
    Ref<CuratorTestClient> client (curator_test_client_new (curator_test_server_get_port (server)));

    EXPECT_TRUE (curator_test_client_connect_sync (client, timeout_ms, nullptr, error_.out ()))
        << error_.message ();
    return client;
  }

  std::vector<std::string> Ephemerals (CuratorTestServer *server, const std::string &under)
  {
    return take_strings (
        curator_test_server_list_ephemerals_sync (server, under.c_str (), nullptr, error_.out ()));
  }

  Error error_;
};

TEST_F (HarnessServer, EachTestHasAChrootOfItsOwn)
{
  g_autofree char *other = curator_test_server_create_chroot_sync (Server (), nullptr, error_.out ());

  EXPECT_THAT (Chroot (),
               HasSubstr (std::string (curator_test_server_get_connect_string (Server ())) + "/t-"));
  EXPECT_NE (Chroot (), other);
  EXPECT_EQ (Chroot (), Chroot ());
}

TEST_F (HarnessServer, OperatorsMethodsWork)
{
  std::string node = ServerPath ("/a");
  std::string below = node + "/b";
  g_autoptr (GBytes) data = g_bytes_new ("x", 1);
  g_autoptr (GBytes) read = nullptr;
  g_autoptr (CuratorTestStat) stat = nullptr;
  g_autofree char *made = curator_test_server_operator_create_sync (
      Server (), node.c_str (), nullptr, CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error_.out ());
  g_autofree char *made_below = curator_test_server_operator_create_sync (
      Server (), below.c_str (), nullptr, CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error_.out ());

  ASSERT_STREQ (made, node.c_str ());
  ASSERT_STREQ (made_below, below.c_str ()) << error_.message ();
  EXPECT_TRUE (
      curator_test_server_operator_set_data_sync (Server (), below.c_str (), data, nullptr, error_.out ()));
  read = curator_test_server_operator_get_data_sync (Server (), below.c_str (), nullptr, error_.out ());
  EXPECT_TRUE (g_bytes_equal (read, data));
  stat = curator_test_server_operator_stat_sync (Server (), below.c_str (), nullptr, error_.out ());
  ASSERT_NE (stat, nullptr) << error_.message ();
  EXPECT_EQ (stat->version, 1);
  EXPECT_EQ (stat->ephemeral_owner, 0);
  EXPECT_EQ (stat->data_length, 1);
  EXPECT_GT (stat->mzxid, stat->czxid);
  EXPECT_THAT (take_strings (curator_test_server_operator_get_children_sync (Server (), node.c_str (),
                                                                             nullptr, error_.out ())),
               ElementsAre ("b"));
  EXPECT_FALSE (
      curator_test_server_operator_delete_sync (Server (), node.c_str (), FALSE, nullptr, error_.out ()));
  EXPECT_TRUE (error_.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NOT_EMPTY)) << error_.message ();
  EXPECT_TRUE (
      curator_test_server_operator_delete_sync (Server (), node.c_str (), TRUE, nullptr, error_.out ()));
  EXPECT_EQ (curator_test_server_operator_stat_sync (Server (), node.c_str (), nullptr, error_.out ()),
             nullptr);
  EXPECT_TRUE (error_.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NO_NODE)) << error_.message ();
}

TEST_F (HarnessServer, OperatorIsTheSuperUser)
{
  /* Everybody may read this node, and nobody but the super user may write it. */
  g_autoptr (GBytes) data = g_bytes_new ("", 0);
  Ref<CuratorTestClient> plain = Connect (Server (), 5000);

  EXPECT_FALSE (
      curator_test_client_set_data_sync (plain, "/zookeeper/config", data, -1, nullptr, error_.out ()));
  EXPECT_TRUE (error_.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NO_AUTH)) << error_.message ();
  ASSERT_TRUE (curator_test_client_add_auth_sync (plain, "digest", CURATOR_TEST_SUPER_CREDENTIALS, nullptr,
                                                  error_.out ()));
  EXPECT_TRUE (
      curator_test_client_set_data_sync (plain, "/zookeeper/config", data, -1, nullptr, error_.out ()))
      << error_.message ();
  EXPECT_TRUE (curator_test_client_close_sync (plain, nullptr, error_.out ()));
}

TEST_F (HarnessServer, ExpiryTakesTheSessionAndItsNodes)
{
  std::string parent = ServerPath ();
  Ref<CuratorTestClient> client = Connect (Server (), 60000);
  std::string node = Create (client, parent + "/e-", CURATOR_TEST_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  gint64 session_id = curator_test_client_get_session_id (client);
  g_autoptr (GBytes) password = curator_test_client_dup_password (client);
  g_autoptr (GBytes) wrong = g_bytes_new_static ("0123456789abcdef", 16);

  EXPECT_THAT (Ephemerals (Server (), parent), ElementsAre (node));
  EXPECT_FALSE (
      curator_test_server_expire_session_sync (Server (), session_id, wrong, nullptr, error_.out ()));
  EXPECT_TRUE (error_.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_SESSION_EXPIRED)) << error_.message ();
  EXPECT_THAT (Ephemerals (Server (), parent), ElementsAre (node));
  ASSERT_TRUE (
      curator_test_server_expire_session_sync (Server (), session_id, password, nullptr, error_.out ()))
      << error_.message ();
  EXPECT_THAT (Ephemerals (Server (), parent), IsEmpty ());
  EXPECT_FALSE (curator_test_client_ping_sync (client, nullptr, error_.out ()));
  EXPECT_FALSE (
      curator_test_client_resume_sync (client, 60000, session_id, password, nullptr, error_.out ()));
  EXPECT_TRUE (error_.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_SESSION_EXPIRED)) << error_.message ();
}

TEST_F (HarnessServer, SessionNobodyPingsExpiresByItself)
{
  std::string parent = ServerPath ();
  Ref<CuratorTestClient> client = Connect (Server (), 1);

  EXPECT_EQ (curator_test_client_get_negotiated_timeout_ms (client), 200U);
  Create (client, parent + "/e", CURATOR_TEST_CREATE_MODE_EPHEMERAL);
  curator_test_client_disconnect (client);
  EXPECT_TRUE (Until ([&] { return Ephemerals (Server (), parent).empty (); }));
}

TEST_F (HarnessServer, ListsAndCountsWhatIsLeft)
{
  std::string parent = ServerPath ();
  int before = curator_test_server_count_connections_sync (Server (), nullptr, error_.out ());
  Ref<CuratorTestClient> client = Connect (Server (), 5000);

  Create (client, parent + "/e", CURATOR_TEST_CREATE_MODE_EPHEMERAL);
  EXPECT_EQ (curator_test_server_count_connections_sync (Server (), nullptr, error_.out ()), before + 1);
  EXPECT_THAT (Ephemerals (Server (), parent + "/e"), ElementsAre (parent + "/e"));
  EXPECT_THAT (Ephemerals (Server (), parent + "/"), ElementsAre (parent + "/e"));
  EXPECT_THAT (Ephemerals (Server (), parent + "/ee"), IsEmpty ());
  EXPECT_THAT (
      take_strings (curator_test_server_list_watches_sync (Server (), parent.c_str (), nullptr, nullptr)),
      IsEmpty ());
  EXPECT_EQ (curator_test_server_count_watches_sync (Server (), nullptr, error_.out ()), 0);
  EXPECT_TRUE (curator_test_client_close_sync (client, nullptr, error_.out ()));
  EXPECT_THAT (Ephemerals (Server (), parent), IsEmpty ());
}

TEST_F (HarnessServer, ContainersGoWhenTheyAreEmpty)
{
  std::string container = ServerPath ("/c");
  Ref<CuratorTestClient> client = Connect (Server (), 5000);

  Create (client, container, CURATOR_TEST_CREATE_MODE_CONTAINER);
  Create (client, container + "/e", CURATOR_TEST_CREATE_MODE_PERSISTENT);
  EXPECT_TRUE (curator_test_client_delete_sync (client, (container + "/e").c_str (), -1, nullptr, nullptr));
  EXPECT_TRUE (Until ([&] {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), container.c_str (), nullptr, nullptr);

    return stat == nullptr;
  }));
  EXPECT_TRUE (curator_test_client_close_sync (client, nullptr, error_.out ()));
}

TEST_F (HarnessServer, PortAndDataOutliveEveryWayToEnd)
{
  Ref<CuratorTestServer> server (curator_test_server_new ());
  g_autofree char *node = nullptr;
  guint port;

  WatchFinalize (server.get ());
  EXPECT_FALSE (curator_test_server_is_running (server));
  EXPECT_EQ (curator_test_server_get_connect_string (server), nullptr);
  EXPECT_TRUE (curator_test_server_stop_sync (server, nullptr, error_.out ()));
  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error_.out ())) << error_.message ();
  port = curator_test_server_get_port (server);
  node = curator_test_server_operator_create_sync (
      server, "/kept", nullptr, CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error_.out ());
  ASSERT_STREQ (node, "/kept") << error_.message ();

  ASSERT_TRUE (curator_test_server_kill_sync (server, nullptr, error_.out ())) << error_.message ();
  EXPECT_FALSE (curator_test_server_is_running (server));
  EXPECT_FALSE (curator_test_server_pause (server, error_.out ()));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED)) << error_.message ();
  EXPECT_EQ (curator_test_server_operator_stat_sync (server, "/kept", nullptr, error_.out ()), nullptr);
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) << error_.message ();

  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error_.out ())) << error_.message ();
  g_autoptr (CuratorTestStat) after_kill =
      curator_test_server_operator_stat_sync (server, "/kept", nullptr, error_.out ());
  EXPECT_NE (after_kill, nullptr) << error_.message ();
  ASSERT_TRUE (curator_test_server_restart_sync (server, nullptr, error_.out ())) << error_.message ();
  g_autoptr (CuratorTestStat) after_restart =
      curator_test_server_operator_stat_sync (server, "/kept", nullptr, error_.out ());
  EXPECT_NE (after_restart, nullptr) << error_.message ();
  EXPECT_EQ (curator_test_server_get_port (server), port);
}

TEST_F (HarnessServer, PausedServerSaysNothingUntilItGoesOn)
{
  Ref<CuratorTestServer> server (curator_test_server_new ());
  Ref<CuratorTestClient> client;

  ASSERT_TRUE (curator_test_server_start_sync (server, nullptr, error_.out ())) << error_.message ();
  client = Connect (server, 60000);
  ASSERT_TRUE (curator_test_server_pause (server, error_.out ())) << error_.message ();
  EXPECT_TRUE (curator_test_server_is_running (server));
  curator_test_client_set_request_timeout_ms (client, 100);
  EXPECT_FALSE (curator_test_client_ping_sync (client, nullptr, error_.out ()));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  EXPECT_FALSE (curator_test_client_is_connected (client));
  ASSERT_TRUE (curator_test_server_resume (server, error_.out ())) << error_.message ();
  client = Connect (server, 60000);
  EXPECT_TRUE (curator_test_client_ping_sync (client, nullptr, error_.out ())) << error_.message ();
  /* Ending a paused one works too. */
  ASSERT_TRUE (curator_test_server_pause (server, error_.out ())) << error_.message ();
  EXPECT_TRUE (curator_test_server_stop_sync (server, nullptr, error_.out ())) << error_.message ();
}

TEST_F (HarnessServer, CancellingAStartEndsIt)
{
  Ref<CuratorTestServer> server (curator_test_server_new ());
  Ref<GCancellable> cancellable (g_cancellable_new ());

  g_cancellable_cancel (cancellable);
  EXPECT_FALSE (curator_test_server_start_sync (server, cancellable, error_.out ()));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << error_.message ();
  EXPECT_FALSE (curator_test_server_is_running (server));
}

TEST_F (HarnessServer, BadConfigurationIsReportedWithTheLog)
{
  const char *const lines[] = { "snapCount=10", "tickTime=none", nullptr };
  Ref<CuratorTestServer> server (
      CURATOR_TEST_SERVER (g_object_new (CURATOR_TEST_TYPE_SERVER, "extra-config", lines, nullptr)));

  EXPECT_FALSE (curator_test_server_start_sync (server, nullptr, error_.out ()));
  EXPECT_THAT (error_.message (), HasSubstr ("NumberFormatException"));
}

/* Starts a server, leaves its process id in @file, and crashes. */
void
start_and_crash (const char *file)
{
  CuratorTestServer *server = curator_test_server_new ();

  if (curator_test_server_start_sync (server, nullptr, nullptr))
    g_file_set_contents (file, std::to_string (curator_test_server_get_pid (server)).c_str (), -1, nullptr);
  raise (SIGKILL);
}

TEST_F (HarnessServer, ProcessDiesWithTheOneThatStartedIt)
{
  g_autofree char *file = g_strdup_printf ("%s/harness-crash-%d", g_get_tmp_dir (), getpid ());
  g_autofree char *text = nullptr;

  GTEST_FLAG_SET (death_test_style, "threadsafe");
  /* The process that crashes runs this test from its beginning, and takes the name from its parent. */
  g_setenv ("HARNESS_CRASH_FILE", file, FALSE);
  EXPECT_EXIT (start_and_crash (g_getenv ("HARNESS_CRASH_FILE")), ::testing::KilledBySignal (SIGKILL), "");
  ASSERT_TRUE (g_file_get_contents (file, &text, nullptr, error_.out ())) << error_.message ();
  unlink (file);
  int pid = std::stoi (text);
  EXPECT_TRUE (Until ([pid] { return kill (pid, 0) != 0; }));
}

TEST_F (HarnessServer, UnexpectedWarningsAreNoticed)
{
  ExpectWarning ("a test of warnings");
  g_warning ("This is a test of warnings");
}

} // namespace
