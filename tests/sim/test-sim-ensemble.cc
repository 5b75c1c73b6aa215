/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include "sim-acl.h"
#include "sim-raw.h"

namespace
{

using namespace sim;

constexpr int64_t kSecondUs = 1000000;

/* Of an ensemble whose steps are taken one by one. */
class SimEnsembleTest : public ::testing::Test
{
protected:
  void Make (unsigned n_members)
  {
    EnsembleOptions options;

    options.n_members = n_members;
    ensemble_ = std::make_unique<Ensemble> (&world_, options);
    for (unsigned i = 0; i < n_members; i++)
      places_.push_back (std::make_unique<SimPlace> (ensemble_.get (), i));
  }

  /* All that can happen without the clock; the number of steps. */
  unsigned Settle ()
  {
    std::vector<Step> steps;

    for (unsigned n = 0;; n++)
      {
        steps.clear ();
        ensemble_->Collect (&steps);
        if (steps.empty ())
          return n;
        ensemble_->Run (steps.front ());
      }
  }

  size_t CountSteps ()
  {
    std::vector<Step> steps;

    ensemble_->Collect (&steps);
    return steps.size ();
  }

  void Wait (int64_t us)
  {
    int64_t until_us = world_.NowUs () + us;

    while (world_.Advance (until_us))
      ;
  }

  std::unique_ptr<Caller> Connect (unsigned member)
  {
    auto caller = std::make_unique<Caller> (places_[member].get ());

    EXPECT_TRUE (caller->BeginConnect ());
    Settle ();
    EXPECT_TRUE (caller->FinishConnect ());
    return caller;
  }

  /* The same session at another member. */
  std::unique_ptr<Caller> Move (const Caller &from, unsigned member)
  {
    auto caller = std::make_unique<Caller> (places_[member].get ());

    caller->greeting = from.greeting;
    EXPECT_TRUE (caller->BeginConnect ());
    Settle ();
    EXPECT_TRUE (caller->FinishConnect ());
    return caller;
  }

  Reply Do (Caller *caller, int32_t op, const Writer &body)
  {
    caller->Send (op, body);
    Settle ();
    return caller->Read ();
  }

  int32_t Create (Caller *caller, const std::string &path, int32_t flags = 0)
  {
    return Do (caller, kOpCreate, MakeCreate (path, flags, GetOpenAcl ())).error;
  }

  int32_t Exists (Caller *caller, const std::string &path, bool watch = false)
  {
    return Do (caller, kOpExists, MakeWatch (path, watch)).error;
  }

  /* What was said over the older connection. */
  void CheckMoved (unsigned old_member)
  {
    auto before = Connect (old_member);
    auto now = Move (*before, 1);
    int64_t zxid = ensemble_->GetLatest ().last_zxid;

    before->Send (kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ()));
    Settle ();
    EXPECT_TRUE (IsClosed (before.get ()));
    EXPECT_EQ (zxid + 1, ensemble_->GetLatest ().last_zxid);
    EXPECT_EQ (kNoNode, Exists (now.get (), "/a"));
    EXPECT_EQ (kOk, Create (now.get (), "/a"));
  }

  static bool IsEvent (const Reply &reply, int32_t type, const std::string &path)
  {
    Reader body (reply.body);
    int32_t got = body.GetInt ();

    body.GetInt ();
    return reply.IsEvent () && reply.zxid == -1 && got == type && body.GetString () == path;
  }

  static bool IsClosed (Caller *caller)
  {
    return caller->Read ().result == Peer::Result::kClosed;
  }

  static bool IsSilent (Caller *caller)
  {
    return caller->Read ().result == Peer::Result::kNothing;
  }

  Choices choices_{ uint64_t{ 7 } };
  World world_{ &choices_, true };
  std::unique_ptr<Ensemble> ensemble_;
  std::vector<std::unique_ptr<SimPlace> > places_;
};

/* --- connections and sessions --- */

TEST_F (SimEnsembleTest, TimeOutsAreNegotiated)
{
  Make (1);
  for (auto [wanted, given] : { std::pair<int32_t, int32_t>{ 1, 4000 }, { 4001, 4001 }, { 90000, 40000 } })
    {
      Caller caller (places_[0].get ());

      caller.greeting.timeout_ms = wanted;
      ASSERT_TRUE (caller.Connect ());
      EXPECT_EQ (given, caller.greeting.timeout_ms);
    }
  EXPECT_EQ (3u, ensemble_->GetSessions ().size ());
}

TEST_F (SimEnsembleTest, StrangersAreRefused)
{
  Make (1);
  auto owner = Connect (0);
  Caller thief (places_[0].get ()), ghost (places_[0].get ());

  thief.greeting = owner->greeting;
  thief.greeting.password[0] ^= 1;
  EXPECT_FALSE (thief.Connect ());
  EXPECT_EQ (0, thief.greeting.session);
  EXPECT_TRUE (IsClosed (&thief));
  /* He cost the owner the connection, but not the session. */
  EXPECT_TRUE (IsClosed (owner.get ()));
  Move (*owner, 0);
  ghost.greeting.session = 99;
  EXPECT_FALSE (ghost.Connect ());
}

TEST_F (SimEnsembleTest, WhoHasSeenMoreIsNotLetIn)
{
  Make (1);
  auto first = Connect (0);
  Caller second (places_[0].get ());

  second.greeting = first->greeting;
  second.greeting.last_zxid = 1000;
  EXPECT_FALSE (second.Connect ());
  EXPECT_TRUE (IsClosed (&second));
  EXPECT_EQ (kOk, Create (first.get (), "/a"));
}

TEST_F (SimEnsembleTest, SessionsExpire)
{
  Make (1);
  auto idle = Connect (0), busy = Connect (0);

  EXPECT_EQ (kOk, Create (idle.get (), "/e", 1));
  EXPECT_EQ (kOk, Exists (busy.get (), "/e", true));
  Wait (9 * kSecondUs);
  Do (busy.get (), kOpPing, Writer ());
  EXPECT_TRUE (ensemble_->IsAlive (idle->greeting.session));
  EXPECT_EQ (0u, CountSteps ());
  Wait (kSecondUs + 1);
  EXPECT_FALSE (ensemble_->IsAlive (idle->greeting.session));
  EXPECT_TRUE (ensemble_->IsAlive (busy->greeting.session));
  EXPECT_TRUE (IsEvent (busy->Read (), kNodeDeleted, "/e"));
  EXPECT_TRUE (IsClosed (idle.get ()));
  Caller again (places_[0].get ());
  again.greeting = idle->greeting;
  EXPECT_FALSE (again.Connect ());
}

TEST_F (SimEnsembleTest, SessionsAreClosedAndExpired)
{
  Make (1);
  auto one = Connect (0), other = Connect (0);

  EXPECT_EQ (kOk, Create (one.get (), "/e", 1));
  EXPECT_EQ (kOk, Exists (one.get (), "/e", true));
  one->Send (kOpCloseSession, Writer ());
  EXPECT_TRUE (IsEvent (one->Read (), kNodeDeleted, "/e"));
  EXPECT_EQ (kOk, one->Read ().error);
  EXPECT_TRUE (IsClosed (one.get ()));
  ensemble_->Expire (other->greeting.session);
  EXPECT_TRUE (IsClosed (other.get ()));
  EXPECT_TRUE (ensemble_->GetSessions ().empty ());
  EXPECT_EQ (0u, ensemble_->GetLatest ().GetSize ());
}

/* --- packets --- */

TEST_F (SimEnsembleTest, PacketsComeInAnyPieces)
{
  Make (1);
  auto caller = Connect (0);
  std::string bytes = MakeRequest (5, kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ())) +
                      MakeRequest (6, kOpExists, MakeWatch ("/a", false));

  for (char byte : bytes)
    caller->SendBytes (std::string (1, byte));
  Reply create = caller->Read (), exists = caller->Read ();
  EXPECT_EQ (5, create.xid);
  EXPECT_EQ (6, exists.xid);
  EXPECT_EQ (kOk, exists.error);
  EXPECT_EQ (create.zxid, exists.zxid);
}

struct GarbageRow
{
  const char *what;
  std::string bytes;
};

TEST_F (SimEnsembleTest, GarbageCostsTheConnection)
{
  const GarbageRow rows[] = {
    { "a length below zero", std::string ("\xff\xff\xff\xff", 4) },
    { "too long", std::string ("\x00\x10\x00\x00", 4) },
    { "nothing", std::string (4, '\0') },
    { "half a header", std::string ("\0\0\0\5\0\0\0\1\0", 9) },
    { "half an authentication", MakeRequest (kXidAuth, kOpAuth, Writer ()) },
  };

  Make (1);
  for (const GarbageRow &row : rows)
    {
      auto caller = Connect (0);

      caller->SendBytes (row.bytes);
      EXPECT_TRUE (IsClosed (caller.get ())) << row.what;
      EXPECT_TRUE (ensemble_->IsAlive (caller->greeting.session)) << row.what;
    }
  auto caller = Connect (0);
  EXPECT_EQ (kUnimplemented, Do (caller.get (), 4711, Writer ()).error);
  EXPECT_TRUE (IsClosed (caller.get ()));
}

TEST_F (SimEnsembleTest, NoBytesDoHarm)
{
  Make (1);
  uint64_t state = 1;

  for (int i = 0; i < 3000; i++)
    {
      std::string bytes = MakeRequest (1, kOpMulti, MakeCreate ("/a/b", 3, GetOpenAcl ()));
      size_t at = NextRandom (&state) % bytes.size ();
      Caller caller (places_[0].get ());

      bytes[11] = static_cast<char> (NextRandom (&state) % 24);
      bytes[at] = static_cast<char> (NextRandom (&state));
      bytes.resize (bytes.size () - NextRandom (&state) % 8);
      if (i % 7 == 0)
        {
          caller.BeginConnect ();
          caller.SendBytes (bytes);
          continue;
        }
      ASSERT_TRUE (caller.Connect ());
      caller.SendBytes (bytes + std::string (64, '\0'));
    }
  auto caller = Connect (0);
  EXPECT_EQ (kNoNode, Exists (caller.get (), "/none"));
}

/* --- identities --- */

TEST_F (SimEnsembleTest, IdentitiesOpenNodes)
{
  Make (1);
  auto ann = Connect (0), nobody = Connect (0);
  Writer auth;

  auth.PutInt (0);
  auth.PutString ("digest");
  auth.PutString ("ann:secret");
  EXPECT_EQ (kInvalidAcl, Do (ann.get (), kOpCreate, MakeCreate ("/a", 0, { { 31, "auth", "" } })).error);
  EXPECT_EQ (kOk, Do (ann.get (), kOpAuth, auth).error);
  EXPECT_EQ (kOk, Do (ann.get (), kOpCreate, MakeCreate ("/a", 0, { { 31, "auth", "" } })).error);
  EXPECT_EQ (kOk, Do (ann.get (), kOpGetData, MakeWatch ("/a", false)).error);
  EXPECT_EQ (kNoAuth, Do (nobody.get (), kOpGetData, MakeWatch ("/a", false)).error);
  EXPECT_EQ (kOk, Exists (nobody.get (), "/a", true));
  EXPECT_EQ (kOk, Do (ann.get (), kOpSetData, MakeData ("/a", "x", -1)).error);
  /* Who may not read is not told, and his watch is gone nevertheless. */
  EXPECT_TRUE (IsSilent (nobody.get ()));
  EXPECT_EQ (0u, ensemble_->CountWatches ());
}

TEST_F (SimEnsembleTest, AFailedAuthenticationCostsTheConnection)
{
  Make (1);
  auto caller = Connect (0);
  Writer auth;

  auth.PutInt (0);
  auth.PutString ("kerberos");
  auth.PutString ("ticket");
  EXPECT_EQ (kAuthFailed, Do (caller.get (), kOpAuth, auth).error);
  EXPECT_TRUE (IsClosed (caller.get ()));
}

/* --- watches --- */

TEST_F (SimEnsembleTest, EventsComeOnceAndBeforeTheAnswer)
{
  Make (1);
  auto caller = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/a"));
  EXPECT_EQ (kOk, Do (caller.get (), kOpGetChildren, MakeWatch ("/a", true)).error);
  EXPECT_EQ (kNoNode, Exists (caller.get (), "/a/x", true));
  EXPECT_EQ (2u, ensemble_->CountWatches ());
  EXPECT_EQ (kOk, Do (caller.get (), kOpPing, Writer ()).error);
  caller->Send (kOpCreate, MakeCreate ("/a/x", 0, GetOpenAcl ()));
  EXPECT_TRUE (IsEvent (caller->Read (), kNodeCreated, "/a/x"));
  EXPECT_TRUE (IsEvent (caller->Read (), kNodeChildrenChanged, "/a"));
  EXPECT_EQ (kOk, caller->Read ().error);
  EXPECT_EQ (kOk, Create (caller.get (), "/a/y"));
}

TEST_F (SimEnsembleTest, OneEventForANodeThatGoes)
{
  Make (1);
  auto caller = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/a"));
  Do (caller.get (), kOpGetChildren, MakeWatch ("/a", true));
  Do (caller.get (), kOpGetData, MakeWatch ("/a", true));
  Do (caller.get (), kOpGetChildren, MakeWatch ("/", true));
  caller->Send (kOpDelete, MakeVersion ("/a", -1));
  EXPECT_TRUE (IsEvent (caller->Read (), kNodeDeleted, "/a"));
  EXPECT_TRUE (IsEvent (caller->Read (), kNodeChildrenChanged, "/"));
  EXPECT_EQ (kOk, caller->Read ().error);
  EXPECT_EQ (0u, ensemble_->CountWatches ());
}

TEST_F (SimEnsembleTest, WatchesGoWithTheConnection)
{
  Make (1);
  auto caller = Connect (0);

  EXPECT_EQ (kNoNode, Exists (caller.get (), "/a", true));
  caller->HangUp ();
  EXPECT_EQ (0u, ensemble_->CountWatches ());
  EXPECT_EQ (kOk, ensemble_->OperatorCreate ("/a", "x"));
  auto again = Move (*caller, 0);
  Writer body;
  body.PutLong (again->greeting.last_zxid);
  body.PutStrings ({ "/a", "/b", "/zookeeper" });
  body.PutStrings ({ "/a", "/b" });
  body.PutStrings ({ "/a", "/b", "/zookeeper" });
  again->Send (kOpSetWatches, body);
  EXPECT_TRUE (IsEvent (again->Read (), kNodeDataChanged, "/a"));
  EXPECT_TRUE (IsEvent (again->Read (), kNodeDeleted, "/b"));
  EXPECT_TRUE (IsEvent (again->Read (), kNodeCreated, "/a"));
  EXPECT_TRUE (IsEvent (again->Read (), kNodeChildrenChanged, "/a"));
  EXPECT_TRUE (IsEvent (again->Read (), kNodeDeleted, "/b"));
  EXPECT_EQ (kOk, again->Read ().error);
  EXPECT_EQ (3u, ensemble_->CountWatches ());
  EXPECT_EQ (kOk, ensemble_->OperatorCreate ("/b", ""));
  EXPECT_TRUE (IsEvent (again->Read (), kNodeCreated, "/b"));
}

/* --- by themselves and by hand --- */

TEST_F (SimEnsembleTest, ContainersAndTimedNodesGo)
{
  Make (1);
  auto caller = Connect (0);
  Writer timed = MakeCreate ("/t", 5, GetOpenAcl ());

  timed.PutLong (1000);
  EXPECT_EQ (kOk, Do (caller.get (), kOpCreateContainer, MakeCreate ("/used", 4, GetOpenAcl ())).error);
  EXPECT_EQ (kOk, Do (caller.get (), kOpCreateContainer, MakeCreate ("/fresh", 4, GetOpenAcl ())).error);
  EXPECT_EQ (kOk, Do (caller.get (), kOpCreateTtl, timed).error);
  EXPECT_EQ (kOk, Create (caller.get (), "/used/x"));
  EXPECT_EQ (kOk, Do (caller.get (), kOpDelete, MakeVersion ("/used/x", -1)).error);
  caller->HangUp ();
  Wait (130 * kSecondUs);
  EXPECT_EQ (nullptr, ensemble_->GetLatest ().Find ("/used"));
  EXPECT_NE (nullptr, ensemble_->GetLatest ().Find ("/fresh"));
  EXPECT_EQ (nullptr, ensemble_->GetLatest ().Find ("/t"));
}

TEST_F (SimEnsembleTest, TheOperatorMayDoAnything)
{
  Make (1);
  EXPECT_EQ (kNoNode, ensemble_->OperatorCreate ("/a/b", ""));
  EXPECT_EQ (kOk, ensemble_->OperatorCreate ("/a", ""));
  EXPECT_EQ (kNodeExists, ensemble_->OperatorCreate ("/a", ""));
  EXPECT_EQ (kOk, ensemble_->OperatorSetData ("/a", "x"));
  EXPECT_EQ (kOk, ensemble_->OperatorSetData ("/zookeeper/config", "x"));
  EXPECT_EQ (kOk, ensemble_->OperatorDelete ("/a"));
  EXPECT_EQ (kNoNode, ensemble_->OperatorDelete ("/a"));
}

/* --- ensembles --- */

TEST_F (SimEnsembleTest, AMemberThatLagsAnswersFromWhatItHas)
{
  Make (3);
  auto here = Connect (0), there = Connect (1);

  ensemble_->SetLagging (1, true);
  EXPECT_EQ (kOk, Create (here.get (), "/a"));
  EXPECT_EQ (kOk, Exists (here.get (), "/a"));
  EXPECT_EQ (kNoNode, Exists (there.get (), "/a", true));
  there->Send (kOpSync, MakePath ("/a"));
  there->Send (kOpExists, MakeWatch ("/a", false));
  Settle ();
  EXPECT_TRUE (IsSilent (there.get ()));
  ensemble_->SetLagging (1, false);
  Settle ();
  EXPECT_TRUE (IsEvent (there->Read (), kNodeCreated, "/a"));
  EXPECT_EQ (kOk, there->Read ().error);
  EXPECT_EQ (kOk, there->Read ().error);
}

TEST_F (SimEnsembleTest, WhoHasSeenMoreIsNotLetInByOneThatLags)
{
  Make (3);
  auto here = Connect (0);

  ensemble_->SetLagging (1, true);
  here->Send (kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ()));
  Settle ();
  here->greeting.last_zxid = here->Read ().zxid;
  Caller there (places_[1].get ());
  there.greeting = here->greeting;
  EXPECT_TRUE (there.BeginConnect ());
  EXPECT_TRUE (IsClosed (&there));
  ensemble_->SetLagging (1, false);
  Settle ();
  EXPECT_EQ (kOk, Exists (Move (*here, 1).get (), "/a"));
}

TEST_F (SimEnsembleTest, ReadsWaitForEarlierWritesOfTheirConnection)
{
  Make (3);
  auto caller = Connect (0), other = Connect (0);

  caller->Send (kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ()));
  caller->Send (kOpExists, MakeWatch ("/a", false));
  caller->Send (kOpDelete, MakeVersion ("/a", -1));
  caller->Send (kOpExists, MakeWatch ("/a", false));
  other->Send (kOpExists, MakeWatch ("/a", false));
  EXPECT_TRUE (IsSilent (caller.get ()));
  EXPECT_EQ (kNoNode, other->Read ().error);
  Settle ();
  for (int32_t error : { kOk, kOk, kOk, kNoNode })
    EXPECT_EQ (error, caller->Read ().error);
}

TEST_F (SimEnsembleTest, MembersForwardInOrderButNotAmongEachOther)
{
  Make (3);
  auto one = Connect (0), two = Connect (1);
  std::vector<Step> steps;

  one->Send (kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ()));
  two->Send (kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ()));
  ensemble_->Collect (&steps);
  ASSERT_EQ (2u, steps.size ());
  EXPECT_NE (steps[0].actor, steps[1].actor);
  ensemble_->Run (steps[1]);
  Settle ();
  EXPECT_EQ (kNodeExists, one->Read ().error);
  EXPECT_EQ (kOk, two->Read ().error);
}

TEST_F (SimEnsembleTest, AWriteByAMemberThatTheSessionLeftIsNotDone)
{
  Make (3);
  CheckMoved (0);
}

TEST_F (SimEnsembleTest, AWriteByALeaderThatTheSessionLeftIsNotDone)
{
  Make (3);
  CheckMoved (2);
}

TEST_F (SimEnsembleTest, TheLeaderIsStrictAboutReads)
{
  Make (3);
  auto follower = Connect (0), leader = Connect (2);
  auto moved_from_follower = Move (*follower, 1), moved_from_leader = Move (*leader, 1);

  EXPECT_EQ (kNoNode, Exists (follower.get (), "/a"));
  leader->Send (kOpExists, MakeWatch ("/a", false));
  EXPECT_TRUE (IsClosed (leader.get ()));
}

TEST_F (SimEnsembleTest, AWriteThatIsNotCommittedIsLostWithTheLeader)
{
  Make (3);
  auto lost = Connect (0), kept = Connect (1);
  std::vector<Step> steps;

  lost->Send (kOpCreate, MakeCreate ("/lost", 0, GetOpenAcl ()));
  kept->Send (kOpCreate, MakeCreate ("/kept", 1, GetOpenAcl ()));
  ensemble_->Collect (&steps);
  ensemble_->Run (steps[1]);
  int64_t zxid = ensemble_->GetLatest ().last_zxid;
  ensemble_->ChangeLeader ();
  EXPECT_TRUE (IsClosed (lost.get ()));
  EXPECT_TRUE (IsClosed (kept.get ()));
  EXPECT_EQ ((zxid >> 32) + 1, ensemble_->GetLatest ().last_zxid >> 32);
  auto again = Move (*lost, 0);
  EXPECT_EQ (kNoNode, Exists (again.get (), "/lost"));
  EXPECT_EQ (kOk, Exists (again.get (), "/kept"));
  EXPECT_TRUE (ensemble_->IsAlive (kept->greeting.session));
}

TEST_F (SimEnsembleTest, SessionsBeginAnewWithALeader)
{
  Make (3);
  auto caller = Connect (0);

  Wait (9 * kSecondUs);
  ensemble_->ChangeLeader ();
  Wait (9 * kSecondUs);
  EXPECT_TRUE (ensemble_->IsAlive (caller->greeting.session));
  Wait (kSecondUs + 1);
  EXPECT_FALSE (ensemble_->IsAlive (caller->greeting.session));
}

TEST_F (SimEnsembleTest, WithoutAMajorityNothingHappens)
{
  Make (3);
  auto caller = Connect (0);

  ensemble_->Stop (1);
  EXPECT_FALSE (ensemble_->IsUp (1));
  EXPECT_EQ (nullptr, places_[1]->Connect ());
  EXPECT_EQ (kOk, Create (caller.get (), "/a"));
  ensemble_->Stop (2);
  EXPECT_TRUE (IsClosed (caller.get ()));
  Caller again (places_[0].get ());
  again.greeting = caller->greeting;
  EXPECT_FALSE (again.Connect ());
  Wait (100 * kSecondUs);
  EXPECT_TRUE (ensemble_->IsAlive (caller->greeting.session));
  ensemble_->Heal ();
  for (unsigned i = 0; i < 3; i++)
    EXPECT_EQ (kOk, Exists (Move (*caller, i).get (), "/a")) << i;
  EXPECT_EQ (kNodeExists, Create (Move (*caller, 1).get (), "/a"));
}

TEST_F (SimEnsembleTest, ASingleMemberKeepsWhatItHas)
{
  Make (1);
  auto caller = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/e", 1));
  int64_t zxid = ensemble_->GetLatest ().last_zxid;
  ensemble_->Stop (0);
  EXPECT_TRUE (IsClosed (caller.get ()));
  Wait (100 * kSecondUs);
  ensemble_->Start (0);
  EXPECT_EQ (zxid, ensemble_->GetLatest ().last_zxid);
  EXPECT_EQ (kOk, Exists (Move (*caller, 0).get (), "/e"));
  ensemble_->ChangeLeader ();
  EXPECT_EQ (kOk, Exists (Move (*caller, 0).get (), "/e"));
}

TEST_F (SimEnsembleTest, ExpiryReachesEachMemberWhenItAppliesIt)
{
  Make (3);
  auto caller = Connect (1), other = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/e", 1));
  ensemble_->SetLagging (1, true);
  ensemble_->Expire (caller->greeting.session);
  Settle ();
  EXPECT_EQ (kNoNode, Exists (other.get (), "/e"));
  EXPECT_EQ (kOk, Exists (caller.get (), "/e"));
  caller->Send (kOpCreate, MakeCreate ("/f", 0, GetOpenAcl ()));
  ensemble_->SetLagging (1, false);
  Settle ();
  EXPECT_TRUE (IsClosed (caller.get ()));
  EXPECT_EQ (kNoNode, Exists (other.get (), "/f"));
}

TEST_F (SimEnsembleTest, TheTraceSaysWhatHappens)
{
  Make (3);
  auto caller = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/a"));
  EXPECT_NE (std::string::npos, world_.trace.GetText ().find ("create /a -> 0"));
  EXPECT_NE (std::string::npos, world_.trace.GetText ().find ("applies zxid"));
}

} // namespace
