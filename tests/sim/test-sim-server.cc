/* SPDX-License-Identifier: Apache-2.0 */
#include "test-sim-fixture.h"

/* One member. */

namespace
{

using namespace sim;

using SimServer = SimEnsembleTest;

/* --- connections and sessions --- */

TEST_F (SimServer, TimeOutsAreNegotiated)
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

TEST_F (SimServer, StrangersAreRefused)
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

TEST_F (SimServer, WhoHasSeenMoreIsNotLetIn)
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

TEST_F (SimServer, SessionsExpire)
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

TEST_F (SimServer, SessionsAreClosedAndExpired)
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

TEST_F (SimServer, PacketsComeInAnyPieces)
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

TEST_F (SimServer, GarbageCostsTheConnection)
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

TEST_F (SimServer, NoBytesDoHarm)
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

TEST_F (SimServer, IdentitiesOpenNodes)
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

TEST_F (SimServer, AFailedAuthenticationCostsTheConnection)
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

TEST_F (SimServer, EventsComeOnceAndBeforeTheAnswer)
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

TEST_F (SimServer, OneEventForANodeThatGoes)
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

TEST_F (SimServer, WatchesGoWithTheConnection)
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

TEST_F (SimServer, ContainersAndTimedNodesGo)
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

TEST_F (SimServer, TheOperatorMayDoAnything)
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

} // namespace
