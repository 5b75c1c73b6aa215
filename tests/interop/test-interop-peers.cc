/* SPDX-License-Identifier: Apache-2.0 */

/* The peers themselves: that they do what they are told, in the other libraries' recipes alone. */

#include "interop-fixture.h"

#include <gmock/gmock.h>

using namespace interop_test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

namespace
{

class InteropPeers : public InteropFixture
{
};

class AnyPeer : public InteropFixture, public ::testing::WithParamInterface<const char *>
{
protected:
  InteropPeer &ThePeer ()
  {
    return std::string (GetParam ()) == "java" ? Java () : Kazoo ();
  }

  InteropPeer &StartAnother ()
  {
    return std::string (GetParam ()) == "java" ? StartOwnJava () : StartOwnKazoo ();
  }

  std::string Lock ()
  {
    return std::string (GetParam ()) == "java" ? "mutex" : "lock";
  }
};

INSTANTIATE_TEST_SUITE_P (, AnyPeer, ::testing::Values ("java", "kazoo"), [] (const auto &of) {
  return std::string (of.param);
});

/* --- the programs --- */

TEST_P (AnyPeer, WhatIsNotUnderstoodIsAnsweredWithAnError)
{
  InteropPeer &peer = ThePeer ();

  for (const Words &words : std::initializer_list<Words>{
           { "peer", "no-such-verb" },
           { "peer", "new" },
           { "peer", "new", "x" },
           { "peer", "new", "x", "no-such-kind", "/x" },
           { "peer", "new", "x", Lock () },
           { "peer", "new", "peer", Lock (), "/x" },
           { "peer", "end", "nobody" },
           { "nobody", "acquire", "-1" },
       })
    {
      Answer answer = Ask (peer, words);

      EXPECT_EQ ("error", answer.status) << ::testing::PrintToString (words);
      EXPECT_THAT (answer.words, SizeIs (2)) << ::testing::PrintToString (words);
    }
  Ok (peer, { "peer", "new", "a", Lock (), "/lock" });
  for (const Words &words : std::initializer_list<Words>{ { "a", "no-such-verb" },
                                                          { "a", "acquire" },
                                                          { "a", "acquire", "soon" },
                                                          { "a", "acquire", "1", "2" },
                                                          { "peer", "new", "a", Lock (), "/lock" } })
    EXPECT_EQ ("error", Ask (peer, words).status) << ::testing::PrintToString (words);
  peer.SendLine ("");
  peer.SendLine ("alone");
  peer.SendLine ("%zz %zz %zz");
  peer.SendLine ("\xff\xfe \xff");
  EXPECT_TRUE (Ask (peer, { "peer", "session" }).ok ());
}

TEST_P (AnyPeer, ItEndsWithItsInputWhateverItDoes)
{
  InteropPeer &peer = StartAnother ();

  Ok (peer, { "peer", "new", "a", Lock (), "/lock" });
  Ok (peer, { "peer", "new", "b", Lock (), "/lock" });
  Ok (peer, { "a", "acquire", "-1" });
  peer.Send ({ "b", "acquire", "-1" });
  ASSERT_TRUE (UntilChildren ("/lock", 2));
  peer.CloseInput ();
  EXPECT_TRUE (Until ([&] { return !peer.IsRunning (); }));
  EXPECT_TRUE (Until ([&] { return CountEphemerals () == 0; })) << "its session was not closed";
}

TEST_P (AnyPeer, AKilledOneLeavesItsNodesUntilItsSessionEnds)
{
  InteropPeer &peer = StartAnother ();

  Ok (peer, { "peer", "new", "a", Lock (), "/lock" });
  std::string node = Get (peer, { "a", "acquire", "-1" });
  EXPECT_EQ (SessionOf (peer), GetOwner (node));
  peer.Kill ();
  EXPECT_FALSE (peer.IsRunning ());
  EXPECT_TRUE (Exists (node));
  EXPECT_TRUE (Until ([&] { return !Exists (node); }));
}

TEST_P (AnyPeer, WordsHoldAnyText)
{
  InteropPeer &peer = ThePeer ();
  std::string text = "a b%c\n\xc3\xa4/";

  EXPECT_EQ ("%", EncodeWord (""));
  for (const std::string &name : { std::string ("plain"), text })
    EXPECT_TRUE (Ask (peer, { "peer", "new", name, Lock (), "/" + name.substr (0, 1) }).ok ());
  Answer answer = Ask (peer, { "peer", "new", text + "?", text });
  ASSERT_THAT (answer.words, SizeIs (2));
  EXPECT_THAT (answer.words[1], ::testing::EndsWith (text));
}

/* --- locks --- */

TEST_P (AnyPeer, Locks)
{
  InteropPeer &peer = ThePeer ();

  for (const char *name : { "a", "b" })
    Ok (peer, { "peer", "new", name, Lock (), "/lock" });
  std::string first = Get (peer, { "a", "acquire", "-1" });
  EXPECT_THAT (first, MatchesRegex ("/lock/.*lock.*[0-9]{10}"));
  ExpectNo (peer, { "b", "acquire", "100" });
  int waiting = peer.Send ({ "b", "acquire", "-1" });
  ASSERT_TRUE (UntilChildren ("/lock", 2));
  EXPECT_FALSE (peer.IsAnswered (waiting));
  Ok (peer, { "a", "release" });
  EXPECT_THAT (AwaitOk (peer, waiting), SizeIs (1));
  waiting = peer.Send ({ "a", "acquire", "-1" });
  ASSERT_TRUE (UntilChildren ("/lock", 2));
  Ok (peer, { "a", "interrupt" });
  EXPECT_EQ ("error", Await (peer, waiting).status);
  ASSERT_TRUE (UntilChildren ("/lock", 1));
  Ok (peer, { "b", "release" });
}

TEST_F (InteropPeers, JavaRevokes)
{
  InteropPeer &java = Java ();

  for (const char *name : { "a", "b" })
    Ok (java, { "peer", "new", name, "mutex", "/lock" });
  Ok (java, { "a", "revocable" });
  std::string node = Get (java, { "a", "acquire", "-1" });
  EXPECT_EQ ("", Read (node));
  EXPECT_THAT (Ok (java, { "b", "participants" }), ElementsAre (node));
  Ok (java, { "b", "revoke", node });
  EXPECT_TRUE (UntilEvent (java, "a", "revoked"));
  EXPECT_EQ ("__REVOKE__", Read (node));
  Ok (java, { "a", "held" });
  Ok (java, { "a", "release" });
  ExpectNo (java, { "a", "held" });
}

TEST_F (InteropPeers, JavaReadsAndWrites)
{
  InteropPeer &java = Java ();

  for (const char *name : { "a", "b" })
    Ok (java, { "peer", "new", name, "read-write", "/rw" });
  Ok (java, { "a", "acquire", "read", "-1" });
  std::string read = Get (java, { "b", "acquire", "read", "-1" });
  EXPECT_THAT (read, MatchesRegex ("/rw/_c_.*-__READ__[0-9]{10}"));
  Ok (java, { "b", "release", "read" });
  ExpectNo (java, { "b", "acquire", "write", "100" });
  Ok (java, { "a", "release", "read" });
  EXPECT_THAT (Get (java, { "b", "acquire", "write", "-1" }), MatchesRegex ("/rw/_c_.*-__WRIT__[0-9]{10}"));
  Ok (java, { "b", "acquire", "read", "-1" });
  ExpectNo (java, { "a", "acquire", "read", "100" });
  Ok (java, { "b", "release", "write" });
  Ok (java, { "a", "acquire", "read", "-1" });
  EXPECT_THAT (Ok (java, { "a", "participants", "read" }), SizeIs (2));
  EXPECT_EQ ("error", Ask (java, { "a", "acquire", "neither", "-1" }).status);
}

TEST_F (InteropPeers, KazooReadsAndWrites)
{
  InteropPeer &kazoo = Kazoo ();

  for (const char *name : { "a", "b" })
    Ok (kazoo, { "peer", "new", name, "read-lock", "/rw" });
  Ok (kazoo, { "peer", "new", "w", "write-lock", "/rw" });
  EXPECT_THAT (Get (kazoo, { "a", "acquire", "-1" }), MatchesRegex ("/rw/[0-9a-f]{32}__rlock__[0-9]{10}"));
  Ok (kazoo, { "b", "acquire", "-1" });
  ExpectNo (kazoo, { "w", "acquire", "100" });
  Ok (kazoo, { "a", "release" });
  Ok (kazoo, { "b", "release" });
  EXPECT_THAT (Get (kazoo, { "w", "acquire", "-1" }), MatchesRegex ("/rw/[0-9a-f]{32}__lock__[0-9]{10}"));
  ExpectNo (kazoo, { "a", "acquire", "100" });
  EXPECT_THAT (Ok (kazoo, { "w", "contenders" }), ElementsAre ("w"));
}

TEST_F (InteropPeers, JavaLeases)
{
  InteropPeer &java = Java ();

  for (const char *name : { "a", "b" })
    Ok (java, { "peer", "new", name, "semaphore", "/semaphore", "3" });
  Words leases = Ok (java, { "a", "acquire", "2", "-1" });
  EXPECT_THAT (leases, SizeIs (2));
  ExpectNo (java, { "b", "acquire", "2", "100" });
  Words third = Ok (java, { "b", "acquire", "1", "-1" });
  leases.insert (leases.end (), third.begin (), third.end ());
  EXPECT_THAT (Children ("/semaphore/leases"), ::testing::UnorderedElementsAreArray (leases));
  EXPECT_THAT (Ok (java, { "a", "participants" }), SizeIs (3));
  EXPECT_EQ ("error", Ask (java, { "b", "release", "2" }).status);
  Ok (java, { "a", "release", "2" });
  EXPECT_THAT (Ok (java, { "b", "acquire", "2", "-1" }), SizeIs (2));
}

TEST_F (InteropPeers, JavaLeasesByASharedLimit)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "limit", "shared-count", "/limit", "1" });
  Ok (java, { "limit", "start" });
  Ok (java, { "peer", "new", "a", "semaphore", "/semaphore", "count:/limit" });
  Ok (java, { "a", "acquire", "1", "10000" });
  ExpectNo (java, { "a", "acquire", "1", "100" });
  int waiting = java.Send ({ "a", "acquire", "1", "-1" });
  Ok (java, { "limit", "set", "2" });
  EXPECT_THAT (AwaitOk (java, waiting), SizeIs (1));
}

TEST_F (InteropPeers, JavaLocksByLease)
{
  InteropPeer &java = Java ();

  for (const char *name : { "a", "b" })
    Ok (java, { "peer", "new", name, "semaphore-mutex", "/lock" });
  Ok (java, { "a", "acquire", "-1" });
  Ok (java, { "a", "held" });
  EXPECT_THAT (Children ("/lock/leases"), SizeIs (1));
  ExpectNo (java, { "b", "acquire", "100" });
  Ok (java, { "a", "release" });
  Ok (java, { "b", "acquire", "-1" });
}

TEST_F (InteropPeers, JavaLocksSeveral)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "a", "multi-lock", "/1", "/2" });
  Ok (java, { "peer", "new", "b", "multi-lock", "/2", "/3" });
  Ok (java, { "a", "acquire", "-1" });
  ExpectNo (java, { "b", "acquire", "100" });
  EXPECT_THAT (Children ("/3"), IsEmpty ());
  Ok (java, { "a", "release" });
  Ok (java, { "b", "acquire", "-1" });
  EXPECT_THAT (Children ("/2"), SizeIs (1));
  EXPECT_THAT (Children ("/3"), SizeIs (1));
}

/* --- leaders --- */

TEST_F (InteropPeers, JavaLatches)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "a", "latch", "/latch", "the first" });
  Ok (java, { "peer", "new", "b", "latch", "/latch", "second", "notify-leader" });
  Ok (java, { "a", "start" });
  Ok (java, { "a", "await", "-1" });
  Ok (java, { "b", "start" });
  ASSERT_TRUE (UntilChildren ("/latch", 2));
  ExpectNo (java, { "b", "await", "50" });
  ExpectNo (java, { "b", "leading" });
  EXPECT_EQ ("the first", Get (java, { "b", "leader" }));
  EXPECT_THAT (Ok (java, { "b", "participants" }), ElementsAre ("*the first", "second"));
  EXPECT_EQ ("the first", Read ("/latch/" + Get (java, { "a", "node" }).substr (7)));
  int waiting = java.Send ({ "b", "await", "-1" });
  Ok (java, { "a", "close" });
  AwaitOk (java, waiting);
  EXPECT_EQ (1u, CountEvents (java, "a", "gained"));
  ASSERT_TRUE (UntilEvent (java, "b", "gained"));
  Ok (java, { "b", "close" });
  EXPECT_EQ (1u, CountEvents (java, "b", "lost"));
  EXPECT_EQ (0u, CountEvents (java, "a", "lost"));
}

TEST_F (InteropPeers, JavaSelects)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "a", "selector", "/select", "A", "auto" });
  Ok (java, { "peer", "new", "b", "selector", "/select", "B" });
  Ok (java, { "a", "start" });
  ASSERT_TRUE (UntilEvent (java, "a", "gained"));
  Ok (java, { "b", "start" });
  ASSERT_TRUE (UntilChildren ("/select", 2));
  EXPECT_THAT (Ok (java, { "b", "participants" }), ElementsAre ("*A", "B"));
  Ok (java, { "a", "relinquish" });
  ASSERT_TRUE (UntilEvent (java, "b", "gained"));
  EXPECT_EQ (1u, CountEvents (java, "a", "lost"));
  ASSERT_TRUE (UntilChildren ("/select", 2));
  EXPECT_EQ ("B", Get (java, { "a", "leader" }));
  Ok (java, { "b", "interrupt-leadership" });
  ASSERT_TRUE (UntilEvent (java, "b", "lost"));
  ASSERT_TRUE (UntilEvent (java, "a", "gained", 2));
  Ok (java, { "a", "leading" });
  Ok (java, { "b", "requeue" });
  ASSERT_TRUE (UntilChildren ("/select", 2));
  Ok (java, { "b", "close" });
  ASSERT_TRUE (UntilChildren ("/select", 1));
}

TEST_F (InteropPeers, KazooElects)
{
  InteropPeer &kazoo = Kazoo ();

  for (const char *name : { "a", "b" })
    Ok (kazoo, { "peer", "new", name, "election", "/election", std::string ("id ") + name });
  Ok (kazoo, { "a", "start" });
  ASSERT_TRUE (UntilEvent (kazoo, "a", "gained"));
  Ok (kazoo, { "b", "start" });
  ASSERT_TRUE (UntilChildren ("/election", 2));
  EXPECT_THAT (Ok (kazoo, { "b", "contenders" }), ElementsAre ("id a", "id b"));
  Ok (kazoo, { "a", "relinquish" });
  EXPECT_TRUE (UntilEvent (kazoo, "b", "gained"));
  EXPECT_EQ (1u, CountEvents (kazoo, "a", "lost"));
}

/* --- values --- */

TEST_F (InteropPeers, JavaSharesValues)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "v", "shared-value", "/value", "" });
  Ok (java, { "v", "start" });
  EXPECT_THAT (Ok (java, { "v", "get" }), ElementsAre ("", "0"));
  Ok (java, { "v", "set", "b c" });
  EXPECT_EQ ("b c", Read ("/value"));
  ExpectNo (java, { "v", "try-set", "x" });
  Ok (java, { "v", "get" });
  Ok (java, { "v", "try-set", "x" });
  OperatorSetData ("/value", "from outside");
  ASSERT_TRUE (Until ([&] { return Get (java, { "v", "get" }) == "from outside"; }));
  EXPECT_TRUE (UntilEvent (java, "v", "changed"));
  EXPECT_THAT (java.Events ("v").back (), ElementsAre ("changed", "from outside"));
}

TEST_F (InteropPeers, JavaAndKazooCount)
{
  InteropPeer &java = Java ();
  InteropPeer &kazoo = Kazoo ();

  Ok (java, { "peer", "new", "n", "shared-count", "/count", "7" });
  Ok (java, { "n", "start" });
  Ok (java, { "n", "set", "-2" });
  EXPECT_EQ (std::string ("\xff\xff\xff\xfe", 4), Read ("/count"));
  Ok (kazoo, { "peer", "new", "n", "counter", "/count" });
  EXPECT_THAT (Ok (kazoo, { "n", "add", "5" }), ElementsAre ("-2", "3"));
  ASSERT_TRUE (Until ([&] { return Get (java, { "n", "get" }) == "3"; }));
  EXPECT_TRUE (UntilEvent (java, "n", "changed"));
  Ok (java, { "peer", "new", "i", "atomic-int", "/count" });
  EXPECT_THAT (Ok (java, { "i", "add", "4" }), ElementsAre ("3", "7"));
  EXPECT_EQ ("7", Get (kazoo, { "n", "get" }));
}

TEST_F (InteropPeers, JavaAndKazooAddAtTheSameTime)
{
  InteropPeer &java = Java ();
  InteropPeer &kazoo = Kazoo ();

  Ok (java, { "peer", "new", "i", "atomic-int", "/sum" });
  Ok (java, { "i", "initialize", "0" });
  Ok (kazoo, { "peer", "new", "n", "counter", "/sum" });
  int of_java = java.Send ({ "i", "churn", "300" });
  int of_kazoo = kazoo.Send ({ "n", "churn", "300" });
  long sum = 0;
  for (const Words &words : { AwaitOk (java, of_java), AwaitOk (kazoo, of_kazoo) })
    {
      ASSERT_THAT (words, SizeIs (2));
      EXPECT_GT (std::stol (words[0]), 0);
      sum += std::stol (words[0]);
    }
  EXPECT_EQ (std::to_string (sum), Get (kazoo, { "n", "get" }));
}

TEST_F (InteropPeers, JavaComparesAndSets)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "l", "atomic-long", "/long", "/long-lock" });
  Ok (java, { "l", "initialize", "1" });
  ExpectNo (java, { "l", "initialize", "2" });
  Answer answer = Ask (java, { "l", "compare-and-set", "5", "6" });
  EXPECT_TRUE (answer.no ()) << answer.text ();
  EXPECT_THAT (Ok (java, { "l", "compare-and-set", "1", "-9223372036854775808" }),
               ElementsAre ("1", "-9223372036854775808"));
  EXPECT_EQ (std::string ("\x80\0\0\0\0\0\0\0", 8), Read ("/long"));
  EXPECT_THAT (Ok (java, { "l", "decrement" }), ElementsAre ("-9223372036854775808", "9223372036854775807"));
  Ok (java, { "l", "force-set", "3" });
  EXPECT_THAT (Ok (java, { "l", "increment" }), ElementsAre ("3", "4"));
  EXPECT_THAT (Ok (java, { "l", "subtract", "6" }), ElementsAre ("4", "-2"));
  EXPECT_THAT (Ok (java, { "l", "set", "8" }), ElementsAre ("-2", "8"));
  EXPECT_EQ ("8", Get (java, { "l", "get" }));
}

/* --- barriers --- */

TEST_F (InteropPeers, JavaAndKazooWaitAtABarrier)
{
  InteropPeer &java = Java ();
  InteropPeer &kazoo = Kazoo ();

  for (InteropPeer *peer : { &java, &kazoo })
    Ok (*peer, { "peer", "new", "b", "barrier", "/barrier" });
  for (InteropPeer *setter : { &java, &kazoo })
    {
      Ok (*setter, { "b", "set" });
      ExpectNo (java, { "b", "wait", "50" });
      ExpectNo (kazoo, { "b", "wait", "50" });
      int of_java = java.Send ({ "b", "wait", "-1" });
      int of_kazoo = kazoo.Send ({ "b", "wait", "-1" });
      ASSERT_TRUE (Until ([&] { return CountWatches ("/barrier") > 0; }));
      Ok (*setter, { "b", "remove" });
      AwaitOk (java, of_java);
      AwaitOk (kazoo, of_kazoo);
    }
}

TEST_P (AnyPeer, EnterAndLeaveTogether)
{
  InteropPeer &peer = ThePeer ();
  std::vector<int> tags;

  for (const char *name : { "a", "b" })
    Ok (peer, { "peer", "new", name, "double-barrier", "/double", "2" });
  tags = { peer.Send ({ "a", "enter", "-1" }) };
  ASSERT_TRUE (UntilChildren ("/double", 1));
  EXPECT_FALSE (peer.IsAnswered (tags[0]));
  tags.push_back (peer.Send ({ "b", "enter", "-1" }));
  for (int tag : tags)
    AwaitOk (peer, tag);
  EXPECT_THAT (Children ("/double"), ::testing::Contains ("ready"));
  tags = { peer.Send ({ "a", "leave", "-1" }), peer.Send ({ "b", "leave", "-1" }) };
  for (int tag : tags)
    AwaitOk (peer, tag);
  EXPECT_THAT (Children ("/double"), IsEmpty ());
}

TEST_F (InteropPeers, JavaDoesNotWaitForeverToEnter)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "a", "double-barrier", "/double", "2" });
  ExpectNo (java, { "a", "enter", "100" });
}

/* --- nodes --- */

TEST_F (InteropPeers, JavaKeepsANode)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "n", "node", "/node", "ephemeral", "the data" });
  Ok (java, { "n", "start" });
  Ok (java, { "n", "await", "10000" });
  EXPECT_EQ ("/node", Get (java, { "n", "path" }));
  EXPECT_EQ ("the data", Read ("/node"));
  Ok (java, { "n", "set", "other data" });
  ASSERT_TRUE (Until ([&] { return Read ("/node") == "other data"; }));
  EXPECT_EQ ("other data", Get (java, { "n", "get" }));
  OperatorDelete ("/node");
  ASSERT_TRUE (UntilEvent (java, "n", "created", 2));
  Ok (java, { "n", "close" });
  EXPECT_FALSE (Exists ("/node"));
}

TEST_F (InteropPeers, JavaKeepsATtlNode)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "n", "ttl-node", "/ttl", "60000", "data" });
  Ok (java, { "n", "start" });
  Ok (java, { "n", "await", "10000" });
  ASSERT_TRUE (Until ([&] { return Read ("/ttl") == "data"; }));
  Ok (java, { "n", "set", "more" });
  ASSERT_TRUE (Until ([&] { return Read ("/ttl") == "more"; }));
  EXPECT_EQ ("more", Get (java, { "n", "get" }));
  Ok (java, { "n", "close" });
}

TEST_F (InteropPeers, JavaGroups)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "a", "group", "/group", "A", "data of a" });
  Ok (java, { "peer", "new", "b", "group", "/group", "B", "" });
  Ok (java, { "a", "start" });
  Ok (java, { "b", "start" });
  ASSERT_TRUE (Until ([&] { return Ok (java, { "a", "members" }).size () == 4; }));
  EXPECT_THAT (Ok (java, { "a", "members" }), ElementsAre ("A", "data of a", "B", ""));
  Ok (java, { "b", "set", "x" });
  ASSERT_TRUE (Until ([&] { return Ok (java, { "a", "members" }).back () == "x"; }));
  Ok (java, { "b", "close" });
  ASSERT_TRUE (Until ([&] { return Ok (java, { "a", "members" }).size () == 2; }));
  Ok (java, { "a", "close" });
}

} // namespace
