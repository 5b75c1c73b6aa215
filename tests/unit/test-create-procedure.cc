/* SPDX-License-Identifier: Apache-2.0 */
#include "procedure-run.h"

using Loss = FakeCore::Loss;
using Fault = FakeCore::Fault;

static const int PROTECTED = CURATOR_REQUEST_FLAG_PROTECTED;
static const int PARENTS = CURATOR_REQUEST_FLAG_PARENTS;
static const int CONTAINERS = PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
static const int OR_SET = CURATOR_REQUEST_FLAG_OR_SET_DATA;
static const int IDEMPOTENT = CURATOR_REQUEST_FLAG_IDEMPOTENT;

/* --- parents ---------------------------------------------------------------------------------------------
 */

TEST (CreateProcedure, CostsOneRequestWhereNothingIsMissing)
{
  FakeCore fake;
  Create create (fake, "/a", PARENTS);

  create.SetData ("x");
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (create.Result (), "/a");
  EXPECT_EQ (create.request->stat.czxid, fake.tree["/a"].czxid);
  EXPECT_EQ (create.request->session_id, fake.session);
  EXPECT_EQ (create.request->attempts, 1u);
  EXPECT_EQ (fake.tree["/a"].data, "x");
  EXPECT_EQ (fake.log.size (), 1u);
}

TEST (CreateProcedure, SendsTheFirstRequestBeforeItReturns)
{
  FakeCore fake;
  Create create (fake, "/a", PROTECTED);

  create.Start ();
  EXPECT_EQ (fake.max_in_flight, 1u);
  fake.Run ();
}

TEST (CreateProcedure, MakesTheParentFirstAndTheRestOnlyWhereNeeded)
{
  FakeCore fake;
  Create shallow (fake, "/a/b", PARENTS);
  Create deep (fake, "/p/q/r/s", PARENTS);

  EXPECT_EQ (shallow.Finish (), ZOK);
  EXPECT_EQ (fake.log, (std::vector<std::string>{ "create /a/b", "create /a", "create /a/b" }));
  fake.log.clear ();
  EXPECT_EQ (deep.Finish (), ZOK);
  EXPECT_EQ (fake.log,
             (std::vector<std::string>{ "create /p/q/r/s", "create /p/q/r", "create /p/q/r/s", "create /p",
                                        "create /p/q", "create /p/q/r", "create /p/q/r/s" }));
  EXPECT_EQ (deep.request->attempts, 3u);
  EXPECT_EQ (fake.tree["/p"].mode, CURATOR_CREATE_MODE_PERSISTENT);
}

TEST (CreateProcedure, MakesTheParentsOfASequentialNodeWithoutAName)
{
  FakeCore fake;
  Create create (fake, "/a/b/", PARENTS | PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (create.Result (), std::string ("/a/b/_c_") + create.request->guid + "-0000000000");
  EXPECT_TRUE (fake.Has (create.Result ()));
}

TEST (CreateProcedure, ReportsAMissingParentWhereNotAskedToMakeIt)
{
  FakeCore fake;
  Create plain (fake, "/a/b", PROTECTED);
  Create top (fake, "/", PARENTS | PROTECTED, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL);

  EXPECT_EQ (plain.Finish (), ZNONODE);
  EXPECT_EQ (fake.log.size (), 1u);
  EXPECT_EQ (top.Finish (), ZOK);
}

TEST (CreateProcedure, MakesContainersAndFallsBackForGood)
{
  FakeCore modern, old;
  Create create (modern, "/a/b/c", CONTAINERS);
  Create first (old, "/a/b/c", CONTAINERS);
  Create second (old, "/x/y", CONTAINERS);

  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (modern.tree["/a"].mode, CURATOR_CREATE_MODE_CONTAINER);
  EXPECT_EQ (modern.tree["/a/b"].mode, CURATOR_CREATE_MODE_CONTAINER);
  EXPECT_EQ (modern.tree["/a/b/c"].mode, CURATOR_CREATE_MODE_PERSISTENT);

  old.knows_containers = false;
  EXPECT_EQ (first.Finish (), ZOK);
  EXPECT_FALSE (old.use_containers);
  EXPECT_EQ (old.tree["/a/b"].mode, CURATOR_CREATE_MODE_PERSISTENT);
  old.log.clear ();
  EXPECT_EQ (second.Finish (), ZOK);
  EXPECT_EQ (old.log.size (), 3u);
}

TEST (CreateProcedure, DoesNotMindAncestorsItMayNotCreate)
{
  FakeCore fake;
  Create create (fake, "/app/x/y/z", PARENTS);
  Create refused (fake, "/other/x/y", PARENTS);

  fake.Add ("/app");
  fake.forbidden.insert ("/");
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (refused.Finish (), ZNOAUTH) << "the reason, not that the parent is missing";
}

TEST (CreateProcedure, MakesAContainerThatVanishesAgainButNotForever)
{
  FakeCore fake;
  Create create (fake, "/a/b", CONTAINERS);
  Create hopeless (fake, "/c/d", CONTAINERS);
  guint n = 0;

  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_CREATE && std::string (request->server_path) == "/a/b" && n++ < 5)
      fake.tree.erase ("/a");
    if (std::string (request->server_path) == "/c/d")
      fake.tree.erase ("/c");
  };
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (hopeless.Finish (), ZNONODE);
  EXPECT_LT (fake.CountLog ("create /c/d"), 30u);
}

TEST (CreateProcedure, ReportsAnEphemeralParent)
{
  FakeCore fake;
  Create create (fake, "/e/a/b", PARENTS);

  fake.Add ("/e", "", 77);
  EXPECT_EQ (create.Finish (), ZNOCHILDRENFOREPHEMERALS);
}

/* --- existing nodes --------------------------------------------------------------------------------------
 */

TEST (CreateProcedure, SetsTheDataOfANodeThatExists)
{
  FakeCore fake;
  Create create (fake, "/a", OR_SET);

  fake.Add ("/a", "old");
  create.SetData ("new");
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (create.Result (), "/a");
  EXPECT_EQ (create.request->stat.version, 1);
  EXPECT_EQ (fake.tree["/a"].data, "new");
}

TEST (CreateProcedure, ObservesTheVersionWhereItSetsData)
{
  FakeCore fake;
  Create create (fake, "/a", OR_SET | IDEMPOTENT);

  fake.Add ("/a", "new");
  create.SetData ("new");
  create.request->version = 5;
  EXPECT_EQ (create.Finish (), ZBADVERSION);
}

TEST (CreateProcedure, CreatesAgainWhereTheNodeVanishesBeforeItsDataAreSet)
{
  FakeCore fake;
  Create create (fake, "/a/b", OR_SET | PARENTS);
  Create hopeless (fake, "/c", OR_SET);

  fake.Add ("/a");
  fake.Add ("/a/b");
  fake.Add ("/c");
  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_SET_DATA && std::string (request->server_path) == "/a/b")
      fake.tree.erase ("/a/b");
    if (std::string (request->server_path) == "/c" && request->type == CURATOR_REQUEST_SET_DATA)
      fake.tree.erase ("/c");
    else if (std::string (request->server_path) == "/c")
      fake.Add ("/c");
  };
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_TRUE (fake.Has ("/a/b"));
  EXPECT_EQ (hopeless.Finish (), ZNONODE);
}

TEST (CreateProcedure, IdempotentTakesAnUnchangedNodeWithTheSameData)
{
  FakeCore fake;
  Create same (fake, "/a", IDEMPOTENT), other (fake, "/a", IDEMPOTENT), changed (fake, "/b", IDEMPOTENT);
  Create none (fake, "/c", IDEMPOTENT);

  fake.Add ("/a", "x");
  fake.Add ("/b", "x");
  fake.Add ("/c", "");
  fake.tree["/b"].version = 1;
  same.SetData ("x");
  other.SetData ("y");
  changed.SetData ("x");
  EXPECT_EQ (same.Finish (), ZOK);
  EXPECT_EQ (same.Result (), "/a");
  EXPECT_EQ (same.request->stat.czxid, fake.tree["/a"].czxid);
  EXPECT_EQ (other.Finish (), ZNODEEXISTS);
  EXPECT_EQ (changed.Finish (), ZNODEEXISTS);
  EXPECT_EQ (none.Finish (), ZOK) << "no data are the same as empty data";
}

TEST (CreateProcedure, IdempotentTakesOnlyItsOwnEphemeralNode)
{
  FakeCore fake;
  Create foreign (fake, "/a", IDEMPOTENT, CURATOR_CREATE_MODE_EPHEMERAL);
  Create own (fake, "/b", IDEMPOTENT, CURATOR_CREATE_MODE_EPHEMERAL);

  fake.Add ("/a", "", 77);
  fake.faults[4] = { Loss::After };
  EXPECT_EQ (foreign.Finish (), ZNODEEXISTS);
  EXPECT_EQ (fake.n_answered, 2u);
  fake.n_answered = 3;
  EXPECT_EQ (own.Finish (), ZOK);
  EXPECT_EQ (own.request->stat.ephemeral_owner, fake.session);
  EXPECT_EQ (fake.CountLog ("create /b"), 2u);
}

TEST (CreateProcedure, IdempotentReportsWhyItCannotRead)
{
  FakeCore fake;
  Create create (fake, "/a", IDEMPOTENT), vanishing (fake, "/b", IDEMPOTENT);

  fake.Add ("/a");
  fake.unreadable.insert ("/a");
  EXPECT_EQ (create.Finish (), ZNOAUTH);
  fake.Add ("/b", "other");
  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_GET_DATA)
      fake.tree.erase ("/b");
  };
  EXPECT_EQ (vanishing.Finish (), ZOK);
  EXPECT_EQ (fake.tree["/b"].data, "");
}

TEST (CreateProcedure, IdempotentRecognisesDataThatALostAttemptSet)
{
  FakeCore fake;
  Create create (fake, "/a", OR_SET | IDEMPOTENT);

  fake.Add ("/a", "old");
  create.SetData ("new");
  create.request->version = 0;
  fake.faults[2] = { Loss::After };
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (create.request->stat.version, 1);
}

TEST (CreateProcedure, PlainRetryOfALostCreateFindsTheNodeThere)
{
  FakeCore fake;
  Create create (fake, "/a", PARENTS);

  fake.faults[1] = { Loss::After };
  EXPECT_EQ (create.Finish (), ZNODEEXISTS);
  EXPECT_EQ (create.request->attempts, 2u);
}

TEST (CreateProcedure, RetriesUnprotectedCreatesWithParentsAtAnyLoss)
{
  for (Loss loss : { Loss::Before, Loss::After, Loss::AfterAll })
    for (guint nth = 1; nth < 12; nth++)
      for (bool new_session : { false, true })
        {
          FakeCore fake;
          Create create (fake, "/a/b/c/d", CONTAINERS | IDEMPOTENT);

          create.SetData ("x");
          fake.faults[nth] = { loss, new_session };
          EXPECT_EQ (create.Finish (), ZOK) << nth;
          EXPECT_EQ (fake.tree["/a/b/c/d"].data, "x");
        }
}
