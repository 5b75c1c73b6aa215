/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>

#include "curator-test-fixture.hpp"

using curator_test::Error;
using ::testing::HasSubstr;

namespace
{

class HarnessCluster : public CuratorTestFixture
{
protected:
  Error error_;
};

TEST_F (HarnessCluster, SurvivesTheDeathOfItsLeader)
{
  Ref<CuratorTestCluster> cluster (curator_test_cluster_new (3));
  g_autofree char *chroot = nullptr;
  g_autofree char *node = nullptr;
  int leader, next;

  WatchFinalize (cluster.get ());
  ASSERT_TRUE (curator_test_cluster_start_sync (cluster, nullptr, error_.out ())) << error_.message ();
  leader = curator_test_cluster_get_leader_index_sync (cluster, nullptr, error_.out ());
  ASSERT_GE (leader, 0) << error_.message ();
  chroot = curator_test_cluster_create_chroot_sync (cluster, nullptr, error_.out ());
  ASSERT_NE (chroot, nullptr) << error_.message ();
  EXPECT_THAT (chroot, HasSubstr (std::string (curator_test_cluster_get_connect_string (cluster)) + "/t-"));

  ASSERT_TRUE (curator_test_cluster_kill_sync (cluster, static_cast<guint> (leader), nullptr, error_.out ()));
  ASSERT_TRUE (curator_test_cluster_wait_for_quorum_sync (cluster, nullptr, error_.out ()))
      << error_.message ();
  next = curator_test_cluster_get_leader_index_sync (cluster, nullptr, error_.out ());
  ASSERT_GE (next, 0) << error_.message ();
  EXPECT_NE (next, leader);

  node = curator_test_server_operator_create_sync (
      curator_test_cluster_get_server (cluster, static_cast<guint> (next)), "/after", nullptr,
      CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error_.out ());
  EXPECT_STREQ (node, "/after") << error_.message ();
  ASSERT_TRUE (
      curator_test_cluster_restart_sync (cluster, static_cast<guint> (leader), nullptr, error_.out ()))
      << error_.message ();
  EXPECT_TRUE (Until ([&] {
    g_autoptr (CuratorTestStat) stat = curator_test_server_operator_stat_sync (
        curator_test_cluster_get_server (cluster, static_cast<guint> (leader)), "/after", nullptr, nullptr);

    return stat != nullptr;
  }));
  EXPECT_TRUE (curator_test_cluster_stop_sync (cluster, nullptr, error_.out ())) << error_.message ();
  EXPECT_EQ (curator_test_cluster_get_leader_index_sync (cluster, nullptr, error_.out ()), -1);
  EXPECT_TRUE (error_.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NOT_SERVING)) << error_.message ();
}

TEST_F (HarnessCluster, MinorityServesReadOnly)
{
  Ref<CuratorTestCluster> cluster (curator_test_cluster_new (3));

  ASSERT_TRUE (curator_test_cluster_start_sync (cluster, nullptr, error_.out ())) << error_.message ();
  ASSERT_TRUE (curator_test_cluster_kill_sync (cluster, 0, nullptr, error_.out ()));
  ASSERT_TRUE (curator_test_cluster_kill_sync (cluster, 1, nullptr, error_.out ()));
  EXPECT_TRUE (Until (
      [&] {
        g_autofree char *answer = curator_test_server_four_letter_word_sync (
            curator_test_cluster_get_server (cluster, 2), "isro", nullptr, nullptr);

        return answer != nullptr && g_str_equal (answer, "ro");
      },
      30000));
}

TEST_F (HarnessCluster, EnsembleOfOneHasAConfiguration)
{
  Ref<CuratorTestCluster> cluster (curator_test_cluster_new (1));
  g_autoptr (GBytes) config = nullptr;

  ASSERT_TRUE (curator_test_cluster_start_sync (cluster, nullptr, error_.out ())) << error_.message ();
  config = curator_test_server_operator_get_data_sync (curator_test_cluster_get_server (cluster, 0),
                                                       "/zookeeper/config", nullptr, error_.out ());
  ASSERT_NE (config, nullptr) << error_.message ();
  EXPECT_THAT (
      std::string (static_cast<const char *> (g_bytes_get_data (config, nullptr)), g_bytes_get_size (config)),
      HasSubstr ("server.1=127.0.0.1:"));
  ASSERT_TRUE (curator_test_cluster_restart_sync (cluster, 0, nullptr, error_.out ())) << error_.message ();
  EXPECT_EQ (curator_test_cluster_get_servers (cluster)->len, 1U);
}

} // namespace
