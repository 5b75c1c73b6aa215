/* SPDX-License-Identifier: Apache-2.0 */

/* CuratorMutex with Java's InterProcessMutex and kazoo's Lock. */

#include "interop-fixture.h"
#include "interop-history.h"

#include <gmock/gmock.h>

using namespace interop_test;
using mutex_test::Acquisition;
using mutex_test::Error;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

namespace
{

class InteropMutex : public InteropFixture
{
protected:
  void SetUp () override
  {
    InteropFixture::SetUp ();
    client_ = Connect (session_ms);
    mutex_ = NewMutex (client_);
  }

  void TearDown () override
  {
    mutex_.reset ();
    InteropFixture::TearDown ();
  }

  /* Like its peer: a name of its lock there, of the same path. */
  void NewPeerLock (InteropPeer &peer, const char *name = "a")
  {
    if (&peer == SharedPeers::kazoo.get ())
      Ok (peer, { "peer", "new", name, "lock", "/lock", "-lock-" });
    else
      Ok (peer, { "peer", "new", name, "mutex", "/lock" });
  }

  void TryInVain ()
  {
    Error error;

    EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (mutex_, nullptr, error.out ()));
    EXPECT_EQ (nullptr, error.get ()) << error.message ();
  }

  void TimeOutInVain ()
  {
    Error error;

    EXPECT_EQ (nullptr, curator_mutex_acquire_sync (mutex_, 100, nullptr, error.out ()));
    EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  }

  CuratorFramework *client_ = nullptr;
  Ref<CuratorMutex> mutex_;
};

/* With either of them. */
class InteropMutexWith : public InteropMutex, public ::testing::WithParamInterface<const char *>
{
protected:
  InteropPeer &ThePeer ()
  {
    return std::string (GetParam ()) == "java" ? Java () : Kazoo ();
  }
};

INSTANTIATE_TEST_SUITE_P (, InteropMutexWith, ::testing::Values ("java", "kazoo"), [] (const auto &of) {
  return std::string (of.param);
});

TEST_P (InteropMutexWith, TheyHoldAndWeDoNot)
{
  InteropPeer &peer = ThePeer ();

  NewPeerLock (peer);
  std::string theirs = Get (peer, { "a", "acquire", "-1" });
  TryInVain ();
  TimeOutInVain ();
  EXPECT_THAT (Participants (mutex_), ElementsAre (theirs));
  Ok (peer, { "a", "release" });
  EXPECT_THAT (Participants (mutex_), IsEmpty ());
  Release (Acquire (mutex_));
}

TEST_P (InteropMutexWith, WeHoldAndTheyDoNot)
{
  InteropPeer &peer = ThePeer ();

  NewPeerLock (peer);
  Ref<CuratorLease> lease = Acquire (mutex_);
  ExpectNo (peer, { "a", "acquire", "0" });
  ExpectNo (peer, { "a", "acquire", "100" });
  EXPECT_THAT (Participants (mutex_), ElementsAre (curator_lease_get_path (lease)));
  Release (lease);
  Ok (peer, { "a", "acquire", "-1" });
}

TEST_P (InteropMutexWith, TheirReleaseWakesUs)
{
  InteropPeer &peer = ThePeer ();

  NewPeerLock (peer);
  std::string theirs = Get (peer, { "a", "acquire", "-1" });
  Acquisition *ours = Begin (mutex_);
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  EXPECT_EQ (theirs, Participants (mutex_)[0]);
  EXPECT_FALSE (ours->done);
  Ok (peer, { "a", "release" });
  ASSERT_TRUE (UntilGranted (ours));
  EXPECT_GT (SequenceOf (curator_lease_get_path (ours->lease)), SequenceOf (theirs));
}

TEST_P (InteropMutexWith, OurReleaseWakesThem)
{
  InteropPeer &peer = ThePeer ();

  NewPeerLock (peer);
  Ref<CuratorLease> lease = Acquire (mutex_);
  int theirs = peer.Send ({ "a", "acquire", "-1" });
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  EXPECT_FALSE (peer.IsAnswered (theirs));
  Release (lease);
  EXPECT_GT (SequenceOf (AwaitOk (peer, theirs).at (0)), SequenceOf (curator_lease_get_path (lease)));
  Ok (peer, { "a", "release" });
}

/* Ours, theirs, ours, theirs: each in its turn. */
TEST_P (InteropMutexWith, FirstComeFirstServed)
{
  InteropPeer &peer = ThePeer ();
  Ref<CuratorLease> first = Acquire (mutex_);

  NewPeerLock (peer, "a");
  NewPeerLock (peer, "b");
  int a = peer.Send ({ "a", "acquire", "-1" });
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  Acquisition *ours = Begin (mutex_);
  ASSERT_TRUE (UntilParticipants (mutex_, 3));
  int b = peer.Send ({ "b", "acquire", "-1" });
  ASSERT_TRUE (UntilParticipants (mutex_, 4));
  std::vector<std::string> nodes = Participants (mutex_);

  Release (first);
  EXPECT_EQ (nodes[1], AwaitOk (peer, a).at (0));
  EXPECT_FALSE (ours->done);
  EXPECT_FALSE (peer.IsAnswered (b));
  Ok (peer, { "a", "release" });
  ASSERT_TRUE (UntilGranted (ours));
  EXPECT_EQ (nodes[2], curator_lease_get_path (ours->lease));
  EXPECT_FALSE (peer.IsAnswered (b));
  Release (ours->lease);
  EXPECT_EQ (nodes[3], AwaitOk (peer, b).at (0));
}

/* Whoever waits behind a waiter that gives up waits for the one before it then. */
TEST_P (InteropMutexWith, AWaiterInBetweenGivesUp)
{
  InteropPeer &peer = ThePeer ();
  Ref<CuratorLease> holder = Acquire (mutex_);
  Ref<GCancellable> cancellable (g_cancellable_new ());

  NewPeerLock (peer, "a");
  Acquisition *given_up = Begin (mutex_, -1, cancellable);
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  int theirs = peer.Send ({ "a", "acquire", "-1" });
  ASSERT_TRUE (UntilParticipants (mutex_, 3));
  Ref<CuratorMutex> another = NewMutex (client_);
  Acquisition *ours = Begin (another);
  ASSERT_TRUE (UntilParticipants (mutex_, 4));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (given_up));
  ASSERT_TRUE (UntilParticipants (mutex_, 3));
  EXPECT_FALSE (peer.IsAnswered (theirs));
  Ok (peer, { "a", "interrupt" });
  EXPECT_EQ ("error", Await (peer, theirs).status);
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  EXPECT_FALSE (ours->done);
  Release (holder);
  EXPECT_TRUE (UntilGranted (ours));
}

TEST_P (InteropMutexWith, AHolderOfTheirsIsKilled)
{
  InteropPeer &peer =
      StartOwn (std::string (GetParam ()) == "java" ? InteropPeer::StartJava : InteropPeer::StartKazoo);

  if (std::string (GetParam ()) == "java")
    Ok (peer, { "peer", "new", "a", "mutex", "/lock" });
  else
    Ok (peer, { "peer", "new", "a", "lock", "/lock", "-lock-" });
  std::string theirs = Get (peer, { "a", "acquire", "-1" });
  Acquisition *ours = Begin (mutex_);
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  peer.Kill ();
  EXPECT_FALSE (ours->done);
  EXPECT_TRUE (Exists (theirs));
  ASSERT_TRUE (UntilGranted (ours));
  EXPECT_FALSE (Exists (theirs));
}

TEST_F (InteropMutex, JavaSeesWhomWeSee)
{
  InteropPeer &java = Java ();
  Ref<CuratorLease> lease = Acquire (mutex_);

  NewPeerLock (java, "a");
  int theirs = java.Send ({ "a", "acquire", "-1" });
  ASSERT_TRUE (UntilParticipants (mutex_, 2));
  Begin (mutex_);
  ASSERT_TRUE (UntilParticipants (mutex_, 3));
  EXPECT_EQ (Participants (mutex_), Ok (java, { "a", "participants" }));
  Release (lease);
  AwaitOk (java, theirs);
  EXPECT_EQ (Participants (mutex_), Ok (java, { "a", "participants" }));
  Ok (java, { "a", "release" });
}

TEST_F (InteropMutex, SeveralAtOnce)
{
  const char *const paths[] = { "/1", "/2", nullptr };
  InteropPeer &java = Java ();
  Ref<CuratorMultiLock> ours (curator_multi_lock_new_for_paths (client_, paths));
  Error error;

  Ok (java, { "peer", "new", "a", "multi-lock", "/2", "/3" });
  Ok (java, { "a", "acquire", "-1" });
  EXPECT_EQ (nullptr, curator_multi_lock_acquire_sync (ours, 100, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_TRUE (UntilChildren ("/1", 0));
  Ok (java, { "a", "release" });
  g_autoptr (GPtrArray) leases = curator_multi_lock_acquire_sync (ours, 20000, nullptr, error.out ());
  ASSERT_NE (nullptr, leases) << error.message ();
  EXPECT_EQ (2u, leases->len);
  ExpectNo (java, { "a", "acquire", "100" });
  EXPECT_THAT (Children ("/3"), IsEmpty ());
  g_clear_pointer (&leases, g_ptr_array_unref);
  Ok (java, { "a", "acquire", "-1" });
}

/* --- on the server --- */

TEST_F (InteropMutex, TheNodesAreTheSame)
{
  InteropPeer &java = Java ();
  std::vector<std::string> names;

  NewPeerLock (java);
  std::string theirs = Get (java, { "a", "acquire", "-1" });
  EXPECT_EQ (SessionOf (java), GetOwner (theirs));
  names = Children ("/lock");
  Ok (java, { "a", "release" });
  EXPECT_TRUE (Until ([&] { return !Exists ("/lock"); })) << "no container";

  Ref<CuratorLease> lease = Acquire (mutex_);
  EXPECT_EQ (curator_framework_get_session_id (client_), GetOwner (curator_lease_get_path (lease)));
  std::vector<std::string> ours = Children ("/lock");
  names.insert (names.end (), ours.begin (), ours.end ());
  Release (lease);
  EXPECT_TRUE (Until ([&] { return !Exists ("/lock"); })) << "no container";
  ASSERT_THAT (names, SizeIs (2));
  for (const std::string &name : names)
    EXPECT_THAT (
        name, MatchesRegex (
                  "_c_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-lock-0000000000"));
}

/* Both put their client's default data there: Java its address, we nothing. What is revocable has no data. */
TEST_F (InteropMutex, TheDataAreTheClientsDefault)
{
  InteropPeer &java = Java ();

  NewPeerLock (java);
  std::string theirs = Get (java, { "a", "acquire", "-1" });
  EXPECT_THAT (Read (theirs), MatchesRegex ("[0-9a-fA-F.:%a-z]+"));
  Ok (java, { "a", "release" });
  Ok (java, { "a", "revocable" });
  EXPECT_EQ ("", Read (Get (java, { "a", "acquire", "-1" })));
  Ok (java, { "a", "release" });
  EXPECT_EQ ("", Read (curator_lease_get_path (Acquire (mutex_))));
}

/* What one makes, the other works with; and all of it is containers, which go when they are empty. */
TEST_F (InteropMutex, EitherMakesTheParents)
{
  InteropPeer &java = Java ();
  Ref<CuratorMutex> deep = NewMutex (client_, "/of/java/lock");

  Ok (java, { "peer", "new", "a", "mutex", "/of/java/lock" });
  Ok (java, { "a", "acquire", "-1" });
  Ok (java, { "a", "release" });
  Release (Acquire (deep));
  deep = NewMutex (client_, "/of/ours/lock");
  Release (Acquire (deep));
  Ok (java, { "peer", "new", "b", "mutex", "/of/ours/lock" });
  Ok (java, { "b", "acquire", "-1" });
  Ok (java, { "b", "release" });
  EXPECT_TRUE (Until ([&] { return !Exists ("/of"); }));
}

/* Not an agreement but a limit, which the documentation states. */
TEST_F (InteropMutex, KazooDoesNotSeeUsUnlessToldTo)
{
  InteropPeer &kazoo = Kazoo ();

  Ok (kazoo, { "peer", "new", "blind", "lock", "/lock" });
  Ref<CuratorLease> lease = Acquire (mutex_);
  Ok (kazoo, { "blind", "acquire", "0" });
  Ok (kazoo, { "blind", "release" });
}

/* Revoked by Java, our holder is asked. */
TEST_F (InteropMutex, JavaAsksUsToRelease)
{
  InteropPeer &java = Java ();
  Ref<CuratorLease> lease = Acquire (mutex_);
  int asked = 0;

  g_signal_connect (lease, "revocation-requested",
                    G_CALLBACK (+[] (CuratorLease *, gpointer data) { ++*static_cast<int *> (data); }),
                    &asked);
  NewPeerLock (java);
  Ok (java, { "a", "revoke", Ok (java, { "a", "participants" }).at (0) });
  ASSERT_TRUE (Until ([&] { return asked > 0; }));
  EXPECT_EQ (1, asked);
  EXPECT_TRUE (curator_lease_is_valid (lease));
  Release (lease);
}

} // namespace
