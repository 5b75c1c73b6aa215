/* SPDX-License-Identifier: Apache-2.0 */
#include "test-sim-fixture.h"

/* Several members. */

namespace
{

using namespace sim;

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
  Settle (ensemble_.get ());
  EXPECT_TRUE (IsSilent (there.get ()));
  ensemble_->SetLagging (1, false);
  Settle (ensemble_.get ());
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
  Settle (ensemble_.get ());
  here->greeting.last_zxid = here->Read ().zxid;
  Caller there (places_[1].get ());
  there.greeting = here->greeting;
  EXPECT_TRUE (there.BeginConnect ());
  EXPECT_TRUE (IsClosed (&there));
  ensemble_->SetLagging (1, false);
  Settle (ensemble_.get ());
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
  Settle (ensemble_.get ());
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
  Settle (ensemble_.get ());
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
  Settle (ensemble_.get ());
  EXPECT_EQ (kNoNode, Exists (other.get (), "/e"));
  EXPECT_EQ (kOk, Exists (caller.get (), "/e"));
  caller->Send (kOpCreate, MakeCreate ("/f", 0, GetOpenAcl ()));
  ensemble_->SetLagging (1, false);
  Settle (ensemble_.get ());
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
