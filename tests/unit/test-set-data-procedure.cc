/* SPDX-License-Identifier: Apache-2.0 */
#include "procedure-run.h"

using Loss = FakeCore::Loss;

class SetData : public ProcedureRun
{
public:
  SetData (FakeCore &fake, gint32 version, int flags = CURATOR_REQUEST_FLAG_IDEMPOTENT)
      : ProcedureRun (fake, CURATOR_REQUEST_SET_DATA, "/a", flags)
  {
    request->version = version;
    ProcedureRun::SetData ("new");
  }
};

TEST (SetDataProcedure, CostsOneRequest)
{
  FakeCore fake;
  SetData set (fake, 0);

  fake.Add ("/a", "old");
  EXPECT_EQ (set.Finish (), ZOK);
  EXPECT_EQ (fake.log.size (), 1u);
  EXPECT_EQ (fake.tree["/a"].data, "new");
  EXPECT_EQ (set.request->stat.version, 1);
  EXPECT_EQ (set.request->session_id, fake.session);
}

TEST (SetDataProcedure, FindsWhatALostAttemptHasSet)
{
  FakeCore fake;
  SetData set (fake, 0);

  fake.Add ("/a", "old");
  fake.faults[1] = { Loss::After };
  EXPECT_EQ (set.Finish (), ZOK);
  EXPECT_EQ (fake.tree["/a"].version, 1);
  EXPECT_EQ (set.request->stat.version, 1);
  EXPECT_EQ (set.request->attempts, 2u);
  EXPECT_EQ (fake.log.size (), 3u);
}

TEST (SetDataProcedure, SetsThemAgainWhereTheRequestWasLost)
{
  FakeCore fake;
  SetData set (fake, 0);

  fake.Add ("/a", "old");
  fake.faults[1] = { Loss::Before };
  EXPECT_EQ (set.Finish (), ZOK);
  EXPECT_EQ (fake.tree["/a"].data, "new");
  EXPECT_EQ (set.request->stat.version, 1);
}

TEST (SetDataProcedure, RefusesWhatSomebodyElseHasSet)
{
  FakeCore other_data, other_version;
  SetData one (other_data, 0);
  SetData two (other_version, 0);

  other_data.Add ("/a", "old");
  other_data.faults[1] = { Loss::Before };
  other_data.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_SET_DATA)
      other_data.tree["/a"] = { "theirs", 0, 1 };
  };
  EXPECT_EQ (one.Finish (), ZBADVERSION);

  other_version.Add ("/a", "old");
  other_version.faults[1] = { Loss::Before };
  other_version.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_SET_DATA)
      other_version.tree["/a"] = { "new", 0, 2 };
  };
  EXPECT_EQ (two.Finish (), ZBADVERSION);
}

TEST (SetDataProcedure, ANodeThatGoesInBetweenIsMissed)
{
  FakeCore fake;
  SetData set (fake, 0);

  fake.Add ("/a", "old");
  fake.faults[1] = { Loss::After };
  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_GET_DATA)
      fake.tree.erase ("/a");
  };
  EXPECT_EQ (set.Finish (), ZNONODE);
}

TEST (SetDataProcedure, AVersionThatWasWrongFromTheStartIsDefinite)
{
  FakeCore fake;
  SetData set (fake, 7);

  fake.Add ("/a", "new");
  EXPECT_EQ (set.Finish (), ZBADVERSION);
  EXPECT_EQ (fake.log.size (), 1u);
}

TEST (SetDataProcedure, CanBeCancelledAtAnyPoint)
{
  for (guint steps = 0; steps < 12; steps++)
    {
      FakeCore fake;
      SetData set (fake, 0);

      fake.Add ("/a", "old");
      fake.faults[1] = { Loss::After };
      set.Start ();
      for (guint i = 0; i < steps; i++)
        fake.Step ();
      set.Cancel ();
      fake.Run ();
    }
}
