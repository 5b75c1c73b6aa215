/* SPDX-License-Identifier: Apache-2.0 */

/* CuratorReadWriteLock with Java's InterProcessReadWriteLock and kazoo's, and what holders are asked for. */

#include "interop-fixture.h"
#include "interop-history.h"

#include <gmock/gmock.h>

using namespace interop_test;
using mutex_test::Acquisition;
using mutex_test::Error;
using ::testing::ElementsAre;
using ::testing::SizeIs;

namespace
{

class InteropReadWrite : public InteropFixture
{
protected:
  void SetUp () override
  {
    InteropFixture::SetUp ();
    client_ = Connect (session_ms);
    lock_.reset (curator_read_write_lock_new (client_, "/rw"));
  }

  void TearDown () override
  {
    lock_.reset ();
    InteropFixture::TearDown ();
  }

  Ref<CuratorLease> Check (CuratorLease *lease, const Error &error)
  {
    EXPECT_NE (nullptr, lease) << error.message ();
    return Ref<CuratorLease> (lease);
  }

  Ref<CuratorLease> AcquireRead ()
  {
    Error error;

    return Check (curator_read_write_lock_acquire_read_sync (lock_, 20000, nullptr, error.out ()), error);
  }

  Ref<CuratorLease> AcquireWrite ()
  {
    Error error;

    return Check (curator_read_write_lock_acquire_write_sync (lock_, 20000, nullptr, error.out ()), error);
  }

  Acquisition *BeginRead ()
  {
    acquisitions_.push_back (std::make_unique<Acquisition> ());
    curator_read_write_lock_acquire_read_async (
        lock_, -1, nullptr,
        [] (GObject *object, GAsyncResult *result, gpointer data) {
          auto *call = static_cast<Acquisition *> (data);

          call->lease.reset (curator_read_write_lock_acquire_read_finish (CURATOR_READ_WRITE_LOCK (object),
                                                                          result, call->error.out ()));
          call->done = true;
        },
        acquisitions_.back ().get ());
    return acquisitions_.back ().get ();
  }

  Acquisition *BeginWrite ()
  {
    acquisitions_.push_back (std::make_unique<Acquisition> ());
    curator_read_write_lock_acquire_write_async (
        lock_, -1, nullptr,
        [] (GObject *object, GAsyncResult *result, gpointer data) {
          auto *call = static_cast<Acquisition *> (data);

          call->lease.reset (curator_read_write_lock_acquire_write_finish (CURATOR_READ_WRITE_LOCK (object),
                                                                           result, call->error.out ()));
          call->done = true;
        },
        acquisitions_.back ().get ());
    return acquisitions_.back ().get ();
  }

  /* What a revocation asked of a lease; to live as long as it. */
  std::unique_ptr<int> CountRequests (CuratorLease *lease)
  {
    auto count = std::make_unique<int> (0);

    g_signal_connect (lease, "revocation-requested",
                      G_CALLBACK (+[] (CuratorLease *, int *times) { ++*times; }), count.get ());
    return count;
  }

  CuratorFramework *client_ = nullptr;
  Ref<CuratorReadWriteLock> lock_;
};

TEST_F (InteropReadWrite, ReadersOfBothShareAndKeepWritersOut)
{
  InteropPeer &java = Java ();

  for (const char *name : { "a", "b" })
    Ok (java, { "peer", "new", name, "read-write", "/rw" });
  Ok (java, { "a", "acquire", "read", "-1" });
  Ref<CuratorLease> ours = AcquireRead ();
  ExpectNo (java, { "b", "acquire", "write", "100" });
  int theirs = java.Send ({ "b", "acquire", "write", "-1" });
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  Acquisition *behind = BeginRead ();
  ASSERT_TRUE (UntilChildren ("/rw", 4));
  Ok (java, { "a", "release", "read" });
  EXPECT_FALSE (java.IsAnswered (theirs));
  Release (ours);
  AwaitOk (java, theirs);
  EXPECT_FALSE (behind->done);
  Ok (java, { "b", "release", "write" });
  EXPECT_TRUE (UntilGranted (behind));
}

TEST_F (InteropReadWrite, OurWriterWaitsForTheirReadersAndKeepsThemOut)
{
  InteropPeer &java = Java ();

  for (const char *name : { "a", "b", "c" })
    Ok (java, { "peer", "new", name, "read-write", "/rw" });
  Ok (java, { "a", "acquire", "read", "-1" });
  Ok (java, { "b", "acquire", "read", "-1" });
  Acquisition *ours = BeginWrite ();
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  int behind = java.Send ({ "c", "acquire", "read", "-1" });
  ASSERT_TRUE (UntilChildren ("/rw", 4));
  /* Whichever goes first. */
  Ok (java, { "b", "release", "read" });
  EXPECT_FALSE (ours->done);
  Ok (java, { "a", "release", "read" });
  ASSERT_TRUE (UntilGranted (ours));
  EXPECT_FALSE (java.IsAnswered (behind));
  Release (ours->lease);
  AwaitOk (java, behind);
}

/* Their writer reads as well and goes on as a reader: ours may read with it, and not write. Nobody may be
 * waiting to write then: before 5.5.0 Curator's read has a number of its own, behind such a writer
 * (CURATOR-621). */
TEST_F (InteropReadWrite, TheirWriterBecomesAReader)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "a", "read-write", "/rw" });
  Ok (java, { "a", "acquire", "write", "-1" });
  Ok (java, { "a", "acquire", "read", "-1" });
  Acquisition *reader = BeginRead ();
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  EXPECT_FALSE (reader->done);
  Ok (java, { "a", "release", "write" });
  ASSERT_TRUE (UntilGranted (reader));
  Acquisition *writer = BeginWrite ();
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  Release (reader->lease);
  EXPECT_FALSE (writer->done);
  Ok (java, { "a", "release", "read" });
  EXPECT_TRUE (UntilGranted (writer));
}

TEST_F (InteropReadWrite, OurWriterBecomesAReader)
{
  InteropPeer &java = Java ();
  Error error;
  Ref<CuratorLease> write = AcquireWrite ();

  for (const char *name : { "a", "b" })
    Ok (java, { "peer", "new", name, "read-write", "/rw" });
  Ref<CuratorLease> covered = Check (
      curator_read_write_lock_acquire_covered_read_sync (lock_, write, 20000, nullptr, error.out ()), error);
  EXPECT_EQ (SequenceOf (curator_lease_get_path (write)), SequenceOf (curator_lease_get_path (covered)));
  int reader = java.Send ({ "b", "acquire", "read", "-1" });
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  EXPECT_FALSE (java.IsAnswered (reader));
  Release (write);
  AwaitOk (java, reader);
  ExpectNo (java, { "a", "acquire", "write", "100" });
  Ok (java, { "b", "release", "read" });
  int writer = java.Send ({ "a", "acquire", "write", "-1" });
  ASSERT_TRUE (UntilChildren ("/rw", 2));
  EXPECT_FALSE (java.IsAnswered (writer));
  Release (covered);
  AwaitOk (java, writer);
}

TEST_F (InteropReadWrite, KazooRespectsUsAndWeRespectKazoo)
{
  InteropPeer &kazoo = Kazoo ();

  Ok (kazoo, { "peer", "new", "r", "read-lock", "/rw", "__WRIT__" });
  Ok (kazoo, { "peer", "new", "w", "write-lock", "/rw", "__WRIT__", "__READ__" });
  Ok (kazoo, { "r", "acquire", "-1" });
  Ref<CuratorLease> read = AcquireRead ();
  ExpectNo (kazoo, { "w", "acquire", "100" });
  Acquisition *writer = BeginWrite ();
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  Release (read);
  EXPECT_FALSE (writer->done);
  Ok (kazoo, { "r", "release" });
  ASSERT_TRUE (UntilGranted (writer));
  ExpectNo (kazoo, { "r", "acquire", "100" });
  int theirs = kazoo.Send ({ "w", "acquire", "-1" });
  ASSERT_TRUE (UntilChildren ("/rw", 2));
  EXPECT_FALSE (kazoo.IsAnswered (theirs));
  Release (writer->lease);
  AwaitOk (kazoo, theirs);
  Acquisition *reader = BeginRead ();
  ASSERT_TRUE (UntilChildren ("/rw", 2));
  EXPECT_FALSE (reader->done);
  Ok (kazoo, { "w", "release" });
  EXPECT_TRUE (UntilGranted (reader));
}

TEST_F (InteropReadWrite, AWriterOfTheirsIsKilled)
{
  InteropPeer &java = StartOwnJava ();

  Ok (java, { "peer", "new", "a", "read-write", "/rw" });
  Ok (java, { "a", "acquire", "write", "-1" });
  Ok (java, { "a", "acquire", "read", "-1" });
  Acquisition *writer = BeginWrite ();
  ASSERT_TRUE (UntilChildren ("/rw", 3));
  java.Kill ();
  EXPECT_FALSE (writer->done);
  EXPECT_TRUE (UntilGranted (writer));
}

/* --- revocation --- */

TEST_F (InteropReadWrite, JavaAsksOurHolders)
{
  InteropPeer &java = Java ();

  Ok (java, { "peer", "new", "m", "mutex", "/rw" });
  for (bool write : { false, true })
    {
      Ref<CuratorLease> lease = write ? AcquireWrite () : AcquireRead ();
      auto requests = CountRequests (lease);

      Ok (java, { "m", "revoke", curator_lease_get_path (lease) });
      ASSERT_TRUE (Until ([&] { return *requests > 0; }));
      EXPECT_EQ (1, *requests);
      EXPECT_TRUE (curator_lease_is_valid (lease));
      Release (lease);
    }
}

TEST_F (InteropReadWrite, WeAskTheirHolders)
{
  InteropPeer &java = Java ();
  Ref<CuratorMutex> mutex = NewMutex (client_);
  Error error;

  Ok (java, { "peer", "new", "m", "mutex", "/lock" });
  Ok (java, { "m", "revocable" });
  Ok (java, { "m", "acquire", "-1" });
  EXPECT_TRUE (curator_mutex_request_revocation_sync (mutex, nullptr, nullptr, error.out ()))
      << error.message ();
  EXPECT_TRUE (UntilEvent (java, "m", "revoked"));
  Acquisition *ours = Begin (mutex);
  ASSERT_TRUE (UntilChildren ("/lock", 2));
  Ok (java, { "m", "release" });
  EXPECT_TRUE (UntilGranted (ours));

  Ok (java, { "peer", "new", "w", "read-write", "/rw" });
  Ok (java, { "w", "revocable", "write" });
  std::string theirs = Get (java, { "w", "acquire", "write", "-1" });
  EXPECT_TRUE (
      curator_read_write_lock_request_revocation_sync (lock_, theirs.c_str (), nullptr, error.out ()))
      << error.message ();
  EXPECT_TRUE (UntilEvent (java, "w", "revoked"));
  EXPECT_THAT (java.Events ("w").back (), ElementsAre ("revoked", "write"));
  EXPECT_EQ (1u, CountEvents (java, "m", "revoked"));
}

} // namespace
