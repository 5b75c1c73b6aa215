/* SPDX-License-Identifier: Apache-2.0 */
#include "procedure-run.h"

#include "curator-names-private.h"

using Loss = FakeCore::Loss;
using Fault = FakeCore::Fault;

static const int PROTECTED = CURATOR_REQUEST_FLAG_PROTECTED;
static const int PARENTS = CURATOR_REQUEST_FLAG_PARENTS;
static const int CONTAINERS = PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
static const int OR_SET = CURATOR_REQUEST_FLAG_OR_SET_DATA;
static const int IDEMPOTENT = CURATOR_REQUEST_FLAG_IDEMPOTENT;
static const int NO_RETRY = CURATOR_REQUEST_FLAG_NO_RETRY;
static const int THIS_SESSION = CURATOR_REQUEST_FLAG_THIS_SESSION;

class Create : public ProcedureRun
{
public:
  Create (FakeCore &fake,
          const std::string &path,
          int flags,
          CuratorCreateMode mode = CURATOR_CREATE_MODE_PERSISTENT)
      : ProcedureRun (fake, CURATOR_REQUEST_CREATE, path, flags)
  {
    request->mode = mode;
  }
};

static bool
IsEphemeral (CuratorCreateMode mode)
{
  return mode == CURATOR_CREATE_MODE_EPHEMERAL || mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL;
}

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

/* --- protection ------------------------------------------------------------------------------------------
 */

static std::vector<std::string>
Protected (const FakeCore &fake, const std::string &parent)
{
  std::vector<std::string> paths;

  for (const std::string &name : fake.Children (parent))
    if (curator_names_is_protected (name.c_str ()))
      paths.push_back (parent + "/" + name);
  return paths;
}

/* After everything has come to rest: exactly the node that was reported, or none. */
static void
CheckNodes (FakeCore &fake, Create &create, const std::string &parent)
{
  std::vector<std::string> paths = Protected (fake, parent);

  ASSERT_EQ (create.n_calls, 1);
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
  if (create.rc != ZOK)
    {
      EXPECT_TRUE (paths.empty ()) << "an orphan after " << create.rc << ": " << paths.front ();
      return;
    }
  if (IsEphemeral (create.request->mode) && create.request->session_id != fake.session)
    {
      /* It went with its session, after its creation had been answered. */
      EXPECT_TRUE (paths.empty ());
      return;
    }
  ASSERT_EQ (paths, std::vector<std::string>{ create.Result () });
  EXPECT_EQ (create.request->stat.czxid, fake.tree[paths[0]].czxid);
  EXPECT_EQ (create.request->stat.ephemeral_owner, fake.tree[paths[0]].owner);
  EXPECT_EQ (fake.tree[paths[0]].owner, IsEphemeral (create.request->mode) ? fake.session : 0);
  EXPECT_TRUE (curator_names_has_guid (paths[0].c_str () + parent.size () + 1, create.request->guid));
  EXPECT_EQ (fake.tree[paths[0]].data, "payload");
}

struct Scenario
{
  CuratorCreateMode mode;
  bool parents; /* are missing */
  Fault fault;
};

static std::vector<Scenario>
Scenarios ()
{
  std::vector<Scenario> scenarios;

  for (CuratorCreateMode mode : { CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, CURATOR_CREATE_MODE_EPHEMERAL,
                                  CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL, CURATOR_CREATE_MODE_PERSISTENT,
                                  CURATOR_CREATE_MODE_CONTAINER })
    for (bool parents : { false, true })
      {
        for (Loss loss : { Loss::Before, Loss::After, Loss::AfterAll })
          for (int session = 0; session < 3; session++)
            scenarios.push_back ({ mode, parents, { loss, session > 0, session > 1 } });
        scenarios.push_back ({ mode, parents, { Loss::Operation } });
        scenarios.push_back ({ mode, parents, { Loss::Before, false, false, 0, ZTHROTTLEDOP } });
        scenarios.push_back ({ mode, parents, { Loss::Before, false, false, 0, ZSESSIONMOVED } });
        for (guint late_after = 0; late_after < 4; late_after++)
          scenarios.push_back ({ mode, parents, { Loss::Late, false, false, late_after } });
        /* A persistent node that the server takes from a session which the client gave up stays. */
        if (IsEphemeral (mode))
          for (guint late_after = 0; late_after < 6; late_after++)
            scenarios.push_back ({ mode, parents, { Loss::Late, true, true, late_after } });
      }
  return scenarios;
}

static std::string
Describe (const Scenario &s, guint nth, guint step)
{
  return "mode " + std::to_string (s.mode) + (s.parents ? ", parents" : "") + ", loss " +
         std::to_string (static_cast<int> (s.fault.loss)) + " rc " + std::to_string (s.fault.rc) +
         (s.fault.new_session ? ", new session" : "") + (s.fault.lingering ? ", lingering" : "") + ", late " +
         std::to_string (s.fault.late_after) + ", request " + std::to_string (nth) + ", step " +
         std::to_string (step);
}

class World
{
public:
  World (const Scenario &s, int flags = 0) : create (fake, "/p/q/n-", PROTECTED | CONTAINERS | flags, s.mode)
  {
    if (!s.parents)
      {
        fake.Add ("/p");
        fake.Add ("/p/q");
      }
    /* Others are there too. */
    if (!s.parents)
      fake.Add ("/p/q/_c_99999999-0000-4000-8000-000000000000-n-0000000000", "", 77);
    if (!s.parents)
      fake.Add ("/p/q/garbage");
    create.SetData ("payload");
  }

  void Check ()
  {
    fake.tree.erase ("/p/q/_c_99999999-0000-4000-8000-000000000000-n-0000000000");
    CheckNodes (fake, create, "/p/q");
  }

  FakeCore fake;
  Create create;
};

TEST (CreateProcedure, SurvivesALossAtAnyRequest)
{
  for (const Scenario &s : Scenarios ())
    for (guint nth = 1; nth < 20; nth++)
      {
        SCOPED_TRACE (Describe (s, nth, 0));
        World world (s);

        world.fake.faults[nth] = s.fault;
        EXPECT_EQ (world.create.Finish (), ZOK);
        world.Check ();
        if (world.fake.n_answered < nth)
          break;
        ASSERT_LT (nth, 19u);
      }
}

TEST (CreateProcedure, SurvivesTwoLosses)
{
  for (const Scenario &s : Scenarios ())
    for (guint first = 1; first < 8; first++)
      for (guint second = first + 1; second < 14; second++)
        for (Loss loss : { Loss::Before, Loss::After })
          for (bool new_session : { false, true })
            {
              SCOPED_TRACE (Describe (s, first, second));
              World world (s);

              world.fake.faults[first] = s.fault;
              world.fake.faults[second] = { loss, new_session };
              /* A late arrival after a second search is beyond what servers do. */
              if (s.fault.loss == Loss::Late && !s.fault.new_session)
                continue;
              EXPECT_EQ (world.create.Finish (), ZOK);
              world.Check ();
            }
}

TEST (CreateProcedure, LeavesNothingWhenCancelledAtAnyStep)
{
  for (const Scenario &s : Scenarios ())
    for (guint nth = 0; nth < 12; nth++)
      for (guint step = 0; step < 100; step++)
        {
          SCOPED_TRACE (Describe (s, nth, step));
          World world (s);
          bool done;

          /* Late arrivals come once more than the background looked. */
          if (s.fault.loss == Loss::Late && s.fault.late_after > 0 && !s.fault.new_session)
            break;
          if (nth > 0)
            world.fake.faults[nth] = s.fault;
          world.create.Start ();
          for (guint i = 0; i < step; i++)
            world.fake.Step ();
          done = world.create.n_calls > 0;
          world.create.Cancel ();
          world.fake.Run ();
          world.Check ();
          if (done)
            break;
          ASSERT_LT (step, 99u);
        }
}

TEST (CreateProcedure, EndsOnceWhenClosedAtAnyStep)
{
  for (const Scenario &s : Scenarios ())
    for (guint nth = 0; nth < 8; nth++)
      for (guint step = 0; step < 100; step++)
        {
          SCOPED_TRACE (Describe (s, nth, step));
          World world (s);
          bool done;

          if (nth > 0)
            world.fake.faults[nth] = s.fault;
          world.create.Start ();
          for (guint i = 0; i < step; i++)
            world.fake.Step ();
          done = world.create.n_calls > 0;
          world.fake.Close ();
          EXPECT_EQ (world.create.n_calls, 1);
          if (done)
            break;
          /* Success only where the creation was answered and doubles were being looked for. */
          EXPECT_TRUE (world.create.rc == CURATOR_RC_CLOSED || world.fake.Has (world.create.Result ()));
          ASSERT_LT (step, 99u);
        }
}

TEST (CreateProcedure, LeavesNothingWhereItGivesUp)
{
  for (const Scenario &s : Scenarios ())
    for (guint nth = 1; nth < 5; nth++)
      {
        SCOPED_TRACE (Describe (s, nth, 0));
        World world (s, NO_RETRY);

        if (s.fault.loss == Loss::Late && s.fault.late_after > 0 && !s.fault.new_session)
          continue;
        world.fake.faults[nth] = s.fault;
        world.create.Finish ();
        world.Check ();
      }
}

TEST (CreateProcedure, LeavesNothingWhenTheRetriesAreUsedUp)
{
  for (Loss loss : { Loss::Before, Loss::After })
    for (bool new_session : { false, true })
      {
        FakeCore fake;
        Create create (fake, "/p/n-", PROTECTED, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL);

        fake.Add ("/p");
        fake.faults[1] = { loss, new_session };
        for (guint nth = 2; nth < 20; nth++)
          fake.faults[nth] = { Loss::Before, new_session };
        create.SetData ("payload");
        EXPECT_EQ (create.Finish (), ZCONNECTIONLOSS);
        EXPECT_EQ (create.request->attempts, 1u);
        CheckNodes (fake, create, "/p");
      }
}

TEST (CreateProcedure, TakesAnotherGuidInAnotherSession)
{
  FakeCore fake;
  Create create (fake, "/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  std::string guid;

  create.Start ();
  guid = create.request->guid;
  EXPECT_EQ (guid.size (), 36u);
  fake.faults[1] = { Loss::After, true, true };
  fake.Run ();
  EXPECT_EQ (create.rc, ZOK);
  EXPECT_NE (create.request->guid, guid);
  EXPECT_EQ (create.request->session_id, fake.session);
}

TEST (CreateProcedure, DeletesWhatAnEarlierSessionLeft)
{
  FakeCore fake;
  Create create (fake, "/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  std::string left;

  create.Start ();
  left = std::string ("/_c_") + create.request->guid + "-n-0000000000";
  fake.faults[1] = { Loss::After, true, true };
  fake.Run ();
  EXPECT_EQ (create.rc, ZOK);
  EXPECT_EQ (fake.CountLog ("delete " + left), 1u)
      << "rather than to wait behind it until the server notices";
}

TEST (CreateProcedure, KeepsItsGuidWithinTheSession)
{
  FakeCore fake;
  Create create (fake, "/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  std::string guid;

  create.Start ();
  guid = create.request->guid;
  fake.faults[1] = { Loss::Before };
  fake.Run ();
  EXPECT_EQ (create.rc, ZOK);
  EXPECT_EQ (create.request->guid, guid);
  EXPECT_EQ (create.request->attempts, 2u);
}

TEST (CreateProcedure, SearchesBehindASync)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.faults[1] = { Loss::After };
  EXPECT_EQ (create.Finish (), ZOK);
  ASSERT_EQ (fake.log.size (), 4u);
  EXPECT_EQ (fake.log[1], "sync /p");
  EXPECT_EQ (fake.log[2], "list /p");
  EXPECT_EQ (fake.log[3], "exists " + create.Result ());
}

TEST (CreateProcedure, KeepsTheLowestOfTwo)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.faults[1] = { Loss::Late, false, false, 2 };
  create.SetData ("payload");
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (create.request->attempts, 2u);
  EXPECT_EQ (create.Result (), std::string ("/p/_c_") + create.request->guid + "-n-0000000000");
  CheckNodes (fake, create, "/p");
}

TEST (CreateProcedure, KeepsTheOneItKnowsWhereItCannotLookAtBoth)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.faults[1] = { Loss::Late, false, false, 2 };
  fake.faults[6] = { Loss::Before };
  create.SetData ("payload");
  EXPECT_EQ (create.Finish (), ZOK);
  EXPECT_EQ (create.Result (), std::string ("/p/_c_") + create.request->guid + "-n-0000000001");
  CheckNodes (fake, create, "/p");
}

TEST (CreateProcedure, ReportsWhyItCannotSearch)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.unreadable.insert ("/p");
  fake.faults[1] = { Loss::Before };
  EXPECT_EQ (create.Finish (), ZNOAUTH);
}

TEST (CreateProcedure, WaitsForTheConnectionBeforeItSendsWhatMustNotBeSentTwice)
{
  FakeCore fake;
  Create create (fake, "/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  Create impatient (fake, "/m-", PROTECTED | NO_RETRY, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.max_retries = 0;
  fake.Disconnect (false);
  create.Start ();
  impatient.Start ();
  fake.Run ();
  EXPECT_EQ (create.rc, ZOK);
  EXPECT_EQ (impatient.rc, ZCONNECTIONLOSS);
  EXPECT_EQ (fake.CountLog ("create"), 1u);
}

TEST (CreateProcedure, LeavesNothingWhenCancelledWhileDisconnected)
{
  FakeCore fake;
  Create waiting (fake, "/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  Create lost (fake, "/m-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.faults[1] = { Loss::After };
  lost.Start ();
  fake.HoldConnection (true);
  fake.Run ();
  EXPECT_FALSE (fake.connected);
  waiting.Start ();
  waiting.Cancel ();
  lost.Cancel ();
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 1u);
  fake.HoldConnection (false);
  fake.Run ();
  EXPECT_TRUE (fake.Children ("/").empty ());
}

TEST (CreateProcedure, EndsWithTheSessionItIsBoundTo)
{
  for (Loss loss : { Loss::Before, Loss::After })
    for (guint nth = 1; nth < 5; nth++)
      {
        FakeCore fake;
        Create create (fake, "/p/n-", PROTECTED | THIS_SESSION, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

        fake.Add ("/p");
        fake.faults[1] = { Loss::Before };
        fake.faults[nth] = { loss, true, true };
        create.SetData ("payload");
        create.Finish ();
        EXPECT_TRUE (create.rc == ZOK || create.rc == ZSESSIONEXPIRED) << create.rc;
        if (create.rc == ZOK)
          EXPECT_EQ (create.request->session_id, 0x1001);
        else
          CheckNodes (fake, create, "/p");
      }
}

TEST (CreateProcedure, EndsWithoutANodeWhereItMayNotCreate)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED | CONTAINERS, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.forbidden.insert ("/p");
  EXPECT_EQ (create.Finish (), ZNOAUTH);
  EXPECT_EQ (fake.log.size (), 1u);
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

TEST (CreateProcedure, IgnoresACancellationAfterItsEnd)
{
  FakeCore fake;
  Create create (fake, "/a", PROTECTED);

  EXPECT_EQ (create.Finish (), ZOK);
  create.Cancel ();
  fake.Run ();
  EXPECT_TRUE (fake.Has (create.Result ()));
}
