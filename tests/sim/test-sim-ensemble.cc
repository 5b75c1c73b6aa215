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

/* Member 3 leads; sessions have 10 s. */
TEST_F (SimEnsembleTest, WhoIsCutOffServesWhatItCanAndTheLeaderDoesNotHearOfIt)
{
  Make (3);
  auto caller = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/e", 1));
  EXPECT_FALSE (ensemble_->CutOff (2)) << "the leader";
  EXPECT_TRUE (ensemble_->CutOff (0));
  EXPECT_FALSE (ensemble_->CutOff (1)) << "without it there would be no majority";
  caller->Send (kOpCreate, MakeCreate ("/f", 0, GetOpenAcl ()));
  Wait (9 * kSecondUs);
  EXPECT_TRUE (IsSilent (caller.get ())) << "a write needs the leader";
  Caller reader (places_[0].get ());
  auto session = caller->greeting.session;
  EXPECT_TRUE (ensemble_->IsAlive (session));
  Wait (kSecondUs + 1000); /* the member gives up as well */
  EXPECT_FALSE (ensemble_->IsAlive (session)) << "the write of 10 s ago was heard of by nobody";
  EXPECT_FALSE (ensemble_->IsPromised (session));
  auto other = Connect (1);
  EXPECT_EQ (kNoNode, Exists (other.get (), "/e"));
  EXPECT_TRUE (IsClosed (caller.get ())) << "it gives up after five ticks";
  EXPECT_FALSE (reader.Connect ());
  ensemble_->Rejoin (0);
  Settle (ensemble_.get ());
  EXPECT_EQ (kNoNode, Exists (Move (*other, 0).get (), "/f"));
}

TEST_F (SimEnsembleTest, SignsOfLifeReachTheLeaderWithItsPings)
{
  Make (3);
  auto caller = Connect (0);

  Wait (5 * kSecondUs);
  EXPECT_EQ (kNoNode, Exists (caller.get (), "/a"));
  EXPECT_TRUE (ensemble_->CutOff (0)) << "before the next ping";
  Wait (5 * kSecondUs + 1);
  EXPECT_FALSE (ensemble_->IsAlive (caller->greeting.session));
  EXPECT_TRUE (ensemble_->IsPromised (caller->greeting.session)) << "its member answered 5 s ago";
  ensemble_->Rejoin (0);

  auto second = Connect (0);
  Wait (5 * kSecondUs);
  EXPECT_EQ (kNoNode, Exists (second.get (), "/a"));
  Wait (kSecondUs);
  EXPECT_TRUE (ensemble_->CutOff (0)) << "after it";
  Wait (8 * kSecondUs);
  EXPECT_TRUE (ensemble_->IsAlive (second->greeting.session));
}

TEST_F (SimEnsembleTest, TheTraceSaysWhatHappens)
{
  Make (3);
  auto caller = Connect (0);

  EXPECT_EQ (kOk, Create (caller.get (), "/a"));
  EXPECT_NE (std::string::npos, world_.trace.GetText ().find ("create /a -> 0"));
  EXPECT_NE (std::string::npos, world_.trace.GetText ().find ("applies zxid"));
}

/* --- all together --- */

/* Everything below a node as a member shows it. */
void
List (Caller *caller, const std::string &path, std::string *text)
{
  Reply data = caller->Call (kOpGetData, MakeWatch (path, false));
  Reply children = caller->Call (kOpGetChildren, MakeWatch (path, false));
  Reader body (children.body);

  *text += path + ": " + data.body + "\n";
  for (const std::string &name : body.GetStrings ())
    List (caller, (path == "/" ? "" : path) + "/" + name, text);
}

class SimEnsembleStorm : public SimEnsembleTest
{
protected:
  uint32_t Below (uint32_t n)
  {
    return choices_.Below (n);
  }

  void TakeStep ()
  {
    std::vector<Step> steps;

    ensemble_->Collect (&steps);
    if (!steps.empty ())
      ensemble_->Run (steps[Below (static_cast<uint32_t> (steps.size ()))]);
  }

  void Disturb ()
  {
    std::vector<int64_t> sessions = ensemble_->GetSessions ();
    unsigned member = Below (3);

    switch (Below (6))
      {
      case 0:
        ensemble_->Stop (member);
        break;
      case 1:
        ensemble_->Start (member);
        break;
      case 2:
        ensemble_->ChangeLeader ();
        break;
      case 3:
        ensemble_->SetLagging (member, true);
        break;
      case 4:
        ensemble_->SetLagging (member, false);
        break;
      default:
        if (!sessions.empty ())
          ensemble_->Expire (sessions[Below (static_cast<uint32_t> (sessions.size ()))]);
        break;
      }
  }

  /* What a client sees of time only ever goes on. */
  void ReadAll (Caller *caller)
  {
    for (;;)
      {
        Reply reply = caller->Read ();

        if (reply.result != Peer::Result::kFrame)
          return;
        if (reply.zxid > 0)
          {
            EXPECT_GE (reply.zxid, caller->greeting.last_zxid);
            caller->greeting.last_zxid = reply.zxid;
          }
      }
  }

  void Ask (Caller *caller)
  {
    static const char *const paths[] = { "/a", "/b", "/a/x", "/b/y" };
    std::string path = paths[Below (4)];

    switch (Below (5))
      {
      case 0:
        caller->Send (kOpCreate, MakeCreate (path, static_cast<int32_t> (Below (4)), GetOpenAcl ()));
        break;
      case 1:
        caller->Send (kOpDelete, MakeVersion (path, -1));
        break;
      case 2:
        caller->Send (kOpSetData, MakeData (path, "x", -1));
        break;
      case 3:
        caller->Send (kOpExists, MakeWatch (path, true));
        break;
      default:
        caller->Send (kOpSync, MakePath (path));
        break;
      }
  }

  void Storm (unsigned n_steps)
  {
    std::vector<std::unique_ptr<Caller> > callers;

    for (unsigned i = 0; i < n_steps; i++)
      {
        if (callers.size () < 6 && Below (10) == 0)
          {
            auto caller = std::make_unique<Caller> (places_[Below (3)].get ());

            if (caller->BeginConnect ())
              {
                Settle (ensemble_.get ());
                if (caller->FinishConnect ())
                  callers.push_back (std::move (caller));
              }
          }
        if (!callers.empty ())
          Ask (callers[Below (static_cast<uint32_t> (callers.size ()))].get ());
        TakeStep ();
        TakeStep ();
        if (Below (50) == 0)
          Disturb ();
        if (Below (40) == 0 && !callers.empty ())
          callers.erase (callers.begin ());
        for (const auto &caller : callers)
          ReadAll (caller.get ());
      }
  }
};

TEST_F (SimEnsembleStorm, MembersAgreeInTheEnd)
{
  size_t n_nodes = 0;

  Make (3);
  for (int round = 0; round < 30; round++)
    {
      std::string texts[3];

      Storm (300);
      ensemble_->Heal ();
      Settle (ensemble_.get ());
      for (unsigned i = 0; i < 3; i++)
        List (Connect (i).get (), "/", &texts[i]);
      ASSERT_EQ (texts[0], texts[1]);
      ASSERT_EQ (texts[0], texts[2]);
      n_nodes += ensemble_->GetLatest ().GetSize ();
    }
  EXPECT_GT (n_nodes, 30u);
}

} // namespace
