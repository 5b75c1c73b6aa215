/* SPDX-License-Identifier: Apache-2.0 */
/* The ensemble's configuration, read and changed. */
#include "connection-fixture.h"

#include <gmock/gmock.h>

using namespace connection_test;

namespace
{

class Reconfig : public ConnectionFixture
{
protected:
  void SetUp () override
  {
    ConnectionFixture::SetUp ();
    cluster.reset (CURATOR_TEST_CLUSTER (g_object_new (CURATOR_TEST_TYPE_CLUSTER, "n-servers", 1, nullptr)));
    ASSERT_TRUE (curator_test_cluster_start_sync (cluster, nullptr, error.out ())) << error.message ();
  }

  void TearDown () override
  {
    ConnectionFixture::TearDown ();
    cluster.reset ();
  }

  static std::string Text (GBytes *bytes)
  {
    gsize length = 0;
    const char *data = bytes != nullptr ? static_cast<const char *> (g_bytes_get_data (bytes, &length)) : nullptr;

    return std::string (data != nullptr ? data : "", length);
  }

  std::string ReadConfig (CuratorFramework *client)
  {
    Ref<CuratorGetConfigBuilder> builder (curator_framework_get_config (client));
    g_autoptr (GBytes) config = curator_get_config_builder_for_ensemble_sync (builder, nullptr, error.out ());

    return Text (config);
  }

  /* The server's line of the configuration, "server.1=…", as the members of a new one; "" where it is refused. */
  std::string SetMembers (CuratorFramework *client, const std::string &config)
  {
    std::string line = config.substr (0, config.find ('\n'));
    const char *const members[] = { line.c_str (), nullptr };
    Ref<CuratorReconfigBuilder> builder (curator_framework_reconfig (client));

    curator_reconfig_builder_with_new_members (builder, members);
    g_autoptr (GBytes) changed = curator_reconfig_builder_for_ensemble_sync (builder, nullptr, error.out ());
    return Text (changed);
  }

  Ref<CuratorTestCluster> cluster;
  Error error;
};

TEST_F (Reconfig, IsForWhoMay)
{
  CuratorFramework *client = Connect (curator_test_cluster_get_connect_string (cluster), 10000);
  std::string config = ReadConfig (client);

  ASSERT_THAT (config, ::testing::HasSubstr ("server.1=")) << error.message ();
  ASSERT_THAT (config, ::testing::HasSubstr ("version="));
  EXPECT_EQ ("", SetMembers (client, config));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_AUTH)) << error.message ();
  EXPECT_THAT (error.message (), ::testing::HasSubstr ("reconfig"));

  ASSERT_TRUE (Succeeds (AddAuth (client, "digest", CURATOR_TEST_SUPER_CREDENTIALS)));
  EXPECT_THAT (SetMembers (client, config), ::testing::HasSubstr ("server.1=")) << error.message ();
  EXPECT_NE (config, ReadConfig (client)); /* its version has grown */
}

} // namespace
