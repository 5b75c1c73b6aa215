/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of shared values and of atomic numbers share. */

#include "node-fixture.h"

namespace node_test
{

class SharedFixture : public NodeFixture
{
protected:
  void OperatorSetBytes (const std::string &path, const std::string &bytes)
  {
    g_autoptr (GBytes) data = Text (bytes);
    Error error;

    EXPECT_TRUE (curator_test_server_operator_set_data_sync (Server (), ServerPath (path).c_str (), data,
                                                             nullptr, error.out ()))
        << error.message ();
  }

  gint32 GetVersion (const std::string &path)
  {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    return stat != nullptr ? stat->version : -1;
  }

  void CutNext (CuratorTestProxyCut cut, int op)
  {
    curator_test_proxy_cut_next (proxy_, cut, op);
  }

  void ExpectWasCut ()
  {
    Error error;

    EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, 0, error.out ())) << error.message ();
  }
};

} // namespace node_test
