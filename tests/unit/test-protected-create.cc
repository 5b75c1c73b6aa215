/* SPDX-License-Identifier: Apache-2.0 */
#include "procedure-run.h"

#include "curator-names-private.h"

using Loss = FakeCore::Loss;
using Fault = FakeCore::Fault;

static const int PROTECTED = CURATOR_REQUEST_FLAG_PROTECTED;
static const int PARENTS = CURATOR_REQUEST_FLAG_PARENTS;
static const int CONTAINERS = PARENTS | CURATOR_REQUEST_FLAG_CONTAINER_PARENTS;
static const int NO_RETRY = CURATOR_REQUEST_FLAG_NO_RETRY;
static const int THIS_SESSION = CURATOR_REQUEST_FLAG_THIS_SESSION;

static bool
IsEphemeral (CuratorCreateMode mode)
{
  return mode == CURATOR_CREATE_MODE_EPHEMERAL || mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL;
}

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

/* faults: 1, 2 */
TEST (ProtectedCreate, SurvivesALossAtAnyRequest)
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

TEST (ProtectedCreate, SurvivesTwoLosses)
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

TEST (ProtectedCreate, LeavesNothingWhenCancelledAtAnyStep)
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

/* faults: 15 */
TEST (ProtectedCreate, EndsOnceWhenClosedAtAnyStep)
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

TEST (ProtectedCreate, LeavesNothingWhereItGivesUp)
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

TEST (ProtectedCreate, LeavesNothingWhenTheRetriesAreUsedUp)
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

/* faults: 8 */
TEST (ProtectedCreate, TakesAnotherGuidInAnotherSession)
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

/* faults: 8 */
TEST (ProtectedCreate, DeletesWhatAnEarlierSessionLeft)
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

TEST (ProtectedCreate, KeepsItsGuidWithinTheSession)
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

/* faults: 10 */
TEST (ProtectedCreate, SearchesBehindASync)
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

/* faults: 3 */
TEST (ProtectedCreate, KeepsTheLowestOfTwo)
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

TEST (ProtectedCreate, KeepsTheOneItKnowsWhereItCannotLookAtBoth)
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

TEST (ProtectedCreate, ReportsWhyItCannotSearch)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.unreadable.insert ("/p");
  fake.faults[1] = { Loss::Before };
  EXPECT_EQ (create.Finish (), ZNOAUTH);
}

TEST (ProtectedCreate, WaitsForTheConnectionBeforeItSendsWhatMustNotBeSentTwice)
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

/* faults: 5 */
TEST (ProtectedCreate, LeavesNothingWhenCancelledWhileDisconnected)
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

TEST (ProtectedCreate, EndsWithTheSessionItIsBoundTo)
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

/* faults: 18 */
TEST (ProtectedCreate, EndsWithoutANodeWhereItMayNotCreate)
{
  FakeCore fake;
  Create create (fake, "/p/n-", PROTECTED | CONTAINERS, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);

  fake.Add ("/p");
  fake.forbidden.insert ("/p");
  EXPECT_EQ (create.Finish (), ZNOAUTH);
  EXPECT_EQ (fake.log.size (), 1u);
}

TEST (ProtectedCreate, IgnoresACancellationAfterItsEnd)
{
  FakeCore fake;
  Create create (fake, "/a", PROTECTED);

  EXPECT_EQ (create.Finish (), ZOK);
  create.Cancel ();
  fake.Run ();
  EXPECT_TRUE (fake.Has (create.Result ()));
}
