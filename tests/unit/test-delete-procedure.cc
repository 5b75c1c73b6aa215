/* SPDX-License-Identifier: Apache-2.0 */
#include "procedure-run.h"

using Loss = FakeCore::Loss;

static const int CHILDREN = CURATOR_REQUEST_FLAG_CHILDREN;
static const int GUARANTEED = CURATOR_REQUEST_FLAG_GUARANTEED;
static const int QUIETLY = CURATOR_REQUEST_FLAG_QUIETLY;
static const int IDEMPOTENT = CURATOR_REQUEST_FLAG_IDEMPOTENT;
static const int NO_RETRY = CURATOR_REQUEST_FLAG_NO_RETRY;
static const int THIS_SESSION = CURATOR_REQUEST_FLAG_THIS_SESSION;

class Delete : public ProcedureRun
{
public:
  Delete (FakeCore &fake, const std::string &path, int flags)
      : ProcedureRun (fake, CURATOR_REQUEST_DELETE, path, flags)
  {
  }
};

static void
AddTree (FakeCore &fake)
{
  for (const char *path : { "/a", "/a/b", "/a/b/c", "/a/b/c/d", "/a/b/e", "/a/f", "/a/g", "/a/g/h", "/z" })
    fake.Add (path);
}

static size_t
CountBelow (const FakeCore &fake, const std::string &path)
{
  size_t n = 0;

  for (const auto &entry : fake.tree)
    n += entry.first == path || entry.first.compare (0, path.size () + 1, path + "/") == 0;
  return n;
}

TEST (DeleteProcedure, CostsOneRequestWithoutChildren)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN | GUARANTEED);

  fake.Add ("/a");
  EXPECT_EQ (del.Finish (), ZOK);
  EXPECT_EQ (fake.log.size (), 1u);
  EXPECT_EQ (del.request->attempts, 1u);
  EXPECT_EQ (del.request->session_id, fake.session);
}

TEST (DeleteProcedure, DeletesATree)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN);

  AddTree (fake);
  EXPECT_EQ (del.Finish (), ZOK);
  EXPECT_EQ (CountBelow (fake, "/a"), 0u);
  EXPECT_TRUE (fake.Has ("/z"));
}

TEST (DeleteProcedure, DeletesManyChildrenInBoundedFlights)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN);

  fake.Add ("/a");
  for (int i = 0; i < 3000; i++)
    fake.Add ("/a/" + std::to_string (i));
  for (int i = 0; i < 600; i++)
    fake.Add ("/a/" + std::to_string (i) + "/x");
  EXPECT_EQ (del.Finish (), ZOK);
  EXPECT_EQ (CountBelow (fake, "/a"), 0u);
  EXPECT_LE (fake.max_in_flight, 256u);
  EXPECT_EQ (fake.CountLog ("list"), 601u) << "leaves are not listed";
}

TEST (DeleteProcedure, DeletesADeepTree)
{
  FakeCore fake;
  Delete del (fake, "/d", CHILDREN);
  std::string path = "/d";

  for (int i = 0; i < 1000; i++, path += "/d")
    fake.Add (path);
  EXPECT_EQ (del.Finish (), ZOK);
  EXPECT_EQ (fake.tree.size (), 1u);
}

TEST (DeleteProcedure, TouchesNoChildWhereTheVersionIsWrong)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN | GUARANTEED);
  Delete plain (fake, "/a", IDEMPOTENT);
  Delete root (fake, "/", CHILDREN);

  AddTree (fake);
  del.request->version = 3;
  EXPECT_EQ (del.Finish (), ZBADVERSION);
  EXPECT_EQ (plain.Finish (), ZNOTEMPTY);
  EXPECT_EQ (root.Finish (), ZBADARGUMENTS);
  EXPECT_EQ (CountBelow (fake, "/a"), 8u);
}

TEST (DeleteProcedure, DeletesTheVersionItWasAskedFor)
{
  FakeCore fake;
  Delete right (fake, "/a", CHILDREN), late (fake, "/b", CHILDREN);

  AddTree (fake);
  fake.tree["/a"].version = 3;
  right.request->version = 3;
  EXPECT_EQ (right.Finish (), ZOK);

  fake.Add ("/b");
  fake.Add ("/b/c");
  late.request->version = 0;
  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_GET_CHILDREN)
      fake.tree["/b"].version = 1;
  };
  EXPECT_EQ (late.Finish (), ZBADVERSION);
  EXPECT_TRUE (fake.Has ("/b"));
}

TEST (DeleteProcedure, DealsWithChildrenThatComeMeanwhileButNotForever)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN), hopeless (fake, "/z", CHILDREN);
  guint n = 0;

  AddTree (fake);
  fake.Add ("/z/0");
  fake.before_apply = [&] (CuratorRequest *request) {
    std::string path = request->server_path;

    if (request->type != CURATOR_REQUEST_DELETE)
      return;
    if (path == "/a" && n++ < 4)
      fake.Add ("/a/new" + std::to_string (n));
    if (path == "/a/b" && n < 3)
      fake.Add ("/a/b/new");
    if (path == "/z")
      fake.Add ("/z/new" + std::to_string (n++));
  };
  EXPECT_EQ (del.Finish (), ZOK);
  EXPECT_EQ (CountBelow (fake, "/a"), 0u);
  EXPECT_EQ (hopeless.Finish (), ZNOTEMPTY);
  EXPECT_LT (fake.CountLog ("delete /z"), 100u);
}

TEST (DeleteProcedure, ToleratesChildrenThatGoMeanwhile)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN);

  AddTree (fake);
  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_GET_CHILDREN)
      for (const char *path : { "/a/b/c/d", "/a/b/c", "/a/b/e", "/a/b" })
        fake.tree.erase (path);
  };
  EXPECT_EQ (del.Finish (), ZOK);
  EXPECT_EQ (CountBelow (fake, "/a"), 0u);
}

TEST (DeleteProcedure, ToleratesANodeThatGoesMeanwhile)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN);

  AddTree (fake);
  fake.before_apply = [&] (CuratorRequest *request) {
    if (request->type == CURATOR_REQUEST_GET_CHILDREN)
      fake.tree = { { "/", FakeCore::Node () } };
  };
  EXPECT_EQ (del.Finish (), ZOK);
}

/* faults: 18 */
TEST (DeleteProcedure, StopsWhereItMayNotDelete)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN | GUARANTEED), blind (fake, "/a", CHILDREN);

  AddTree (fake);
  fake.forbidden.insert ("/a/b");
  EXPECT_EQ (del.Finish (), ZNOAUTH);
  EXPECT_TRUE (fake.Has ("/a/b/c"));
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
  fake.forbidden.clear ();
  fake.unreadable.insert ("/a/b");
  EXPECT_EQ (blind.Finish (), ZNOAUTH);
}

TEST (DeleteProcedure, ReportsAMissingNodeUnlessAskedNotTo)
{
  FakeCore fake;
  Delete plain (fake, "/a", CHILDREN), guaranteed (fake, "/a", GUARANTEED),
      idempotent (fake, "/a", IDEMPOTENT);
  Delete quiet (fake, "/a", QUIETLY);

  EXPECT_EQ (plain.Finish (), ZNONODE);
  EXPECT_EQ (guaranteed.Finish (), ZNONODE);
  EXPECT_EQ (idempotent.Finish (), ZNONODE);
  EXPECT_EQ (quiet.Finish (), ZOK);
}

TEST (DeleteProcedure, TakesAMissingNodeForTheSuccessOfALostAttempt)
{
  for (int flags : { IDEMPOTENT, GUARANTEED, QUIETLY, 0, CHILDREN })
    {
      FakeCore fake;
      Delete del (fake, "/a", flags);

      fake.Add ("/a");
      fake.faults[1] = { Loss::After };
      EXPECT_EQ (del.Finish (), flags == 0 || flags == CHILDREN ? ZNONODE : ZOK) << flags;
      EXPECT_EQ (del.request->attempts, 2u);
    }
}

/* faults: 4 */
TEST (DeleteProcedure, SurvivesALossAtAnyRequest)
{
  for (Loss loss : { Loss::Before, Loss::After, Loss::AfterAll, Loss::Operation })
    for (bool new_session : { false, true })
      for (guint nth = 1; nth < 40; nth++)
        {
          FakeCore fake;
          Delete del (fake, "/a", CHILDREN | IDEMPOTENT);

          AddTree (fake);
          fake.faults[nth] = { loss, new_session };
          EXPECT_EQ (del.Finish (), ZOK) << nth;
          EXPECT_EQ (CountBelow (fake, "/a"), 0u);
          EXPECT_TRUE (fake.Has ("/z"));
        }
}

TEST (DeleteProcedure, GoesOnInTheBackgroundWhenCancelledAtAnyStep)
{
  for (Loss loss : { Loss::Before, Loss::After })
    for (guint nth = 0; nth < 20; nth++)
      for (guint step = 0; step < 100; step++)
        {
          FakeCore fake;
          Delete del (fake, "/a", CHILDREN | GUARANTEED);
          bool done;

          AddTree (fake);
          if (nth > 0)
            fake.faults[nth] = { loss };
          del.Start ();
          for (guint i = 0; i < step; i++)
            fake.Step ();
          done = del.n_calls > 0;
          del.Cancel ();
          fake.Run ();
          EXPECT_EQ (CountBelow (fake, "/a"), 0u) << nth << " " << step;
          EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
          if (done)
            break;
          ASSERT_LT (step, 99u);
        }
}

TEST (DeleteProcedure, StopsWhenCancelledWithoutAGuarantee)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN);

  AddTree (fake);
  del.Start ();
  fake.Step ();
  del.Cancel ();
  fake.Run ();
  EXPECT_EQ (CountBelow (fake, "/a"), 8u);
}

/* faults: 15 */
TEST (DeleteProcedure, EndsOnceWhenClosedAtAnyStep)
{
  for (guint step = 0; step < 100; step++)
    {
      FakeCore fake;
      Delete del (fake, "/a", CHILDREN | GUARANTEED);
      bool done;

      AddTree (fake);
      del.Start ();
      for (guint i = 0; i < step; i++)
        fake.Step ();
      done = del.n_calls > 0;
      fake.Close ();
      EXPECT_EQ (del.n_calls, 1);
      EXPECT_EQ (del.rc, done ? ZOK : CURATOR_RC_CLOSED);
      if (done)
        return;
    }
  FAIL () << "never ended";
}

TEST (DeleteProcedure, HandsOverWhatItCannotFinish)
{
  FakeCore fake;
  Delete del (fake, "/a", GUARANTEED), unsent (fake, "/b", GUARANTEED | NO_RETRY);
  Delete plain (fake, "/c", IDEMPOTENT | NO_RETRY);

  for (const char *path : { "/a", "/b", "/c" })
    fake.Add (path);
  fake.max_retries = 0;
  fake.faults[1] = { Loss::Before };
  del.Start ();
  fake.HoldConnection (true);
  fake.Run ();
  EXPECT_EQ (del.rc, ZCONNECTIONLOSS);
  unsent.Start ();
  plain.Start ();
  fake.Run ();
  EXPECT_EQ (unsent.rc, ZCONNECTIONLOSS);
  EXPECT_EQ (plain.rc, ZCONNECTIONLOSS);
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 2u);
  fake.HoldConnection (false);
  fake.Run ();
  EXPECT_EQ (fake.Children ("/"), std::vector<std::string>{ "c" });
}

TEST (DeleteProcedure, HandsOverTheVersionToo)
{
  FakeCore fake;
  Delete del (fake, "/a", GUARANTEED | NO_RETRY);

  fake.Add ("/a");
  fake.tree["/a"].version = 2;
  del.request->version = 1;
  fake.faults[1] = { Loss::Before };
  EXPECT_EQ (del.Finish (), ZCONNECTIONLOSS);
  EXPECT_TRUE (fake.Has ("/a"));
  EXPECT_EQ (fake.CountLog ("delete /a"), 2u);
}

TEST (DeleteProcedure, EndsWithTheSessionItIsBoundTo)
{
  FakeCore fake;
  Delete del (fake, "/a", CHILDREN | GUARANTEED | THIS_SESSION);

  AddTree (fake);
  fake.faults[3] = { Loss::Before, true };
  EXPECT_EQ (del.Finish (), ZSESSIONEXPIRED);
  EXPECT_TRUE (fake.Has ("/a"));
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
}

/* --- in the background -----------------------------------------------------------------------------------
 */

TEST (BackgroundDelete, DeletesAtOnceWhileConnected)
{
  FakeCore fake;

  fake.Add ("/a");
  curator_core_delete_guaranteed (fake.Core (), "/a", 0);
  EXPECT_EQ (fake.max_in_flight, 1u);
  fake.Run ();
  EXPECT_FALSE (fake.Has ("/a"));
  EXPECT_EQ (fake.now_us, 0);
}

/* faults: 4 */
TEST (BackgroundDelete, SurvivesAnyNumberOfLosses)
{
  for (Loss loss : { Loss::Before, Loss::After })
    for (bool new_session : { false, true })
      {
        FakeCore fake;

        fake.Add ("/a");
        for (guint nth = 1; nth < 40; nth++)
          fake.faults[nth] = { nth == 39 ? loss : Loss::Before, new_session };
        curator_core_delete_guaranteed (fake.Core (), "/a", 0);
        fake.Run ();
        EXPECT_FALSE (fake.Has ("/a"));
        EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
      }
}

/* faults: 21 */
TEST (BackgroundDelete, BacksOffFromABusyServer)
{
  FakeCore fake;

  fake.Add ("/a");
  for (guint nth = 1; nth <= 20; nth++)
    fake.faults[nth].rc = ZTHROTTLEDOP;
  curator_core_delete_guaranteed (fake.Core (), "/a", 0);
  fake.Run ();
  EXPECT_FALSE (fake.Has ("/a"));
  EXPECT_EQ (fake.n_answered, 21u);
  EXPECT_GT (fake.now_us, 100 * 1000000ll) << "the delays grow";
  EXPECT_LE (fake.now_us, 20 * 30 * 1000000ll) << "up to a bound";
}

TEST (BackgroundDelete, TriesAtOnceAfterAReconnect)
{
  FakeCore fake;
  gint64 before;

  fake.Add ("/a");
  for (guint nth = 1; nth <= 12; nth++)
    fake.faults[nth].rc = ZTHROTTLEDOP;
  curator_core_delete_guaranteed (fake.Core (), "/a", 0);
  while (fake.n_answered < 12)
    ASSERT_TRUE (fake.Step ());
  before = fake.now_us;
  fake.Disconnect (false);
  fake.Run ();
  EXPECT_FALSE (fake.Has ("/a"));
  EXPECT_EQ (fake.now_us, before);
}

/* faults: 28 */
TEST (BackgroundDelete, MakesNoStormOfWhatIsPending)
{
  FakeCore fake;

  fake.Disconnect (false);
  for (int i = 0; i < 10000; i++)
    {
      std::string path = "/" + std::to_string (i);

      fake.Add (path);
      curator_core_delete_guaranteed (fake.Core (), path.c_str (), 0);
    }
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 10000u);
  fake.Run ();
  EXPECT_EQ (fake.tree.size (), 1u);
  EXPECT_EQ (fake.n_answered, 10000u);
  EXPECT_EQ (fake.max_in_flight, 256u);
}

TEST (BackgroundDelete, AddsNothingTwice)
{
  FakeCore fake;

  fake.Add ("/a");
  fake.Disconnect (false);
  for (int i = 0; i < 100; i++)
    {
      curator_core_delete_guaranteed (fake.Core (), "/a", 0);
      curator_core_delete_protected (fake.Core (), "/n-", "00000000-0000-4000-8000-000000000001", 0);
    }
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 2u);
  fake.Run ();
  EXPECT_EQ (fake.CountLog ("delete /a"), 1u);
}

TEST (BackgroundDelete, DeletesANodeThatWasMadeAgainMeanwhile)
{
  FakeCore fake;
  bool asked = false;

  fake.Add ("/a");
  curator_core_delete_guaranteed (fake.Core (), "/a", 0);
  curator_core_delete_guaranteed (fake.Core (), "/a", 0);
  fake.before_apply = [&] (CuratorRequest *) {
    /* The second was asked for after the node was there anew. */
    if (asked)
      fake.Add ("/a");
    asked = true;
  };
  fake.Run ();
  EXPECT_EQ (fake.CountLog ("delete /a"), 2u);
  EXPECT_FALSE (fake.Has ("/a"));
}

TEST (BackgroundDelete, DropsWhatASessionTookAlong)
{
  FakeCore fake;

  fake.Add ("/a");
  fake.Add ("/_c_00000000-0000-4000-8000-000000000001-n-0000000000");
  fake.Disconnect (true);
  curator_core_delete_guaranteed (fake.Core (), "/a", fake.session);
  curator_core_delete_protected (fake.Core (), "/n-", "00000000-0000-4000-8000-000000000001", fake.session);
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 2u);
  fake.Run ();
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
  EXPECT_EQ (fake.n_answered, 0u);
  curator_core_delete_guaranteed (fake.Core (), "/a", fake.session - 1);
  fake.Run ();
  EXPECT_EQ (fake.n_answered, 0u);
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
}

TEST (BackgroundDelete, EndsAtARefusal)
{
  FakeCore fake;

  fake.Add ("/a");
  fake.Add ("/a/b");
  fake.Add ("/p");
  fake.Add ("/p/_c_00000000-0000-4000-8000-000000000001-n-0000000000");
  fake.forbidden.insert ("/p");
  fake.unreadable.insert ("/a");
  curator_core_delete_guaranteed (fake.Core (), "/a", 0);
  curator_core_delete_guaranteed (fake.Core (), "/none", 0);
  curator_core_delete_protected (fake.Core (), "/p/n-", "00000000-0000-4000-8000-000000000001", 0);
  curator_core_delete_protected (fake.Core (), "/a/n-", "00000000-0000-4000-8000-000000000001", 0);
  curator_core_delete_protected (fake.Core (), "/none/n-", "00000000-0000-4000-8000-000000000001", 0);
  fake.Run ();
  EXPECT_EQ (curator_background_delete_get_n_pending (fake.background), 0u);
  EXPECT_TRUE (fake.Has ("/a"));
  /* The node with a child, the one that may not be deleted, the children that may not be listed. */
  EXPECT_EQ (fake.reported.size (), 3u);
}

TEST (BackgroundDelete, DeletesAllThatCarryTheGuidOverALossAtAnyRequest)
{
  for (Loss loss : { Loss::Before, Loss::After, Loss::AfterAll })
    for (bool new_session : { false, true })
      for (guint nth = 1; nth < 8; nth++)
        {
          FakeCore fake;
          std::string other = "_c_00000000-0000-4000-8000-000000000002-n-0000000002";

          fake.Add ("/p");
          fake.Add ("/p/_c_00000000-0000-4000-8000-000000000001-n-0000000000");
          fake.Add ("/p/_c_00000000-0000-4000-8000-000000000001-n-0000000001");
          fake.Add ("/p/" + other);
          fake.faults[nth] = { loss, new_session };
          curator_core_delete_protected (fake.Core (), "/p/n-", "00000000-0000-4000-8000-000000000001", 0);
          fake.Run ();
          EXPECT_EQ (fake.Children ("/p"), std::vector<std::string>{ other }) << nth;
        }
}

TEST (BackgroundDelete, DropsEverythingWhenTheClientCloses)
{
  for (guint step = 0; step < 8; step++)
    {
      FakeCore fake;

      for (int i = 0; i < 400; i++)
        {
          std::string path = "/" + std::to_string (i);

          fake.Add (path);
          curator_core_delete_guaranteed (fake.Core (), path.c_str (), 0);
          curator_core_delete_protected (fake.Core (), path.c_str (), "00000000-0000-4000-8000-000000000001",
                                         0);
        }
      for (guint i = 0; i < step; i++)
        fake.Step ();
      fake.Close ();
      curator_core_delete_guaranteed (fake.Core (), "/a", 0);
      curator_core_delete_protected (fake.Core (), "/a", "00000000-0000-4000-8000-000000000001", 0);
      EXPECT_LE (fake.n_answered, 8u);
    }
}

TEST (BackgroundDelete, MayBeFreedWhileItIsBusy)
{
  FakeCore fake;

  for (int i = 0; i < 400; i++)
    curator_core_delete_guaranteed (fake.Core (), ("/" + std::to_string (i)).c_str (), 0);
  curator_core_delete_protected (fake.Core (), "/a", "00000000-0000-4000-8000-000000000001", 0);
  g_clear_pointer (&fake.background, curator_background_delete_free);
  fake.Run ();
  EXPECT_LE (fake.n_answered, 256u);
}
