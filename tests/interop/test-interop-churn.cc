/* SPDX-License-Identifier: Apache-2.0 */

/* Processes of several libraries that contend for the same path, some of which are killed: what they wrote
 * down shows that each was alone, in the order in which they came. */

#include "churn-fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <functional>
#include <iterator>
#include <utility>

using namespace interop_test;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;

namespace
{

constexpr int churn_ms = 60000; /* at most */
constexpr size_t n_ours = 3;

/* How many failures there would be. */
int
CountFailures (const std::function<void ()> &expect)
{
  ::testing::TestPartResultArray results;
  ::testing::ScopedFakeTestPartResultReporter reporter (
      ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);

  expect ();
  return results.size ();
}

Turn
MakeTurn (size_t holder, const char *what, gint64 from, gint64 to, long counter, long number)
{
  Turn turn;

  turn.holder = holder;
  turn.what = what;
  turn.node = "/lock/_c_x-lock-000000000" + std::to_string (number);
  turn.acquired_ns = from;
  turn.releasing_ns = to;
  turn.czxid = 100 + number;
  turn.counter = counter;
  turn.counter_after = to == G_MAXINT64 ? -1 : turn.alone () ? counter + 1 : counter;
  return turn;
}

/* --- what histories show --- */

TEST (InteropHistory, GoodOnesAreGood)
{
  std::vector<Turn> turns = {
    MakeTurn (0, "lock", 10, 20, 0, 1), MakeTurn (1, "lock", 20, G_MAXINT64, 1, 2),
    MakeTurn (0, "lock", 30, 40, 1, 3), MakeTurn (2, "read", 50, 70, 2, 4),
    MakeTurn (3, "read", 60, 80, 2, 5), MakeTurn (0, "write", 80, 90, 2, 6),
  };

  ExpectAlone (turns);
  ExpectInOrder (turns);
  ExpectCounted (turns, 3);
  ExpectCounted (turns, 4);
  ExpectAtMost (turns, 2);
  EXPECT_THAT (CountTurns (turns, 5), ElementsAre (3, 1, 1, 1, 0));
}

TEST (InteropHistory, BadOnesAreFailures)
{
  Turn first = MakeTurn (0, "lock", 10, 20, 0, 1);

  EXPECT_GT (CountFailures ([&] { ExpectAlone ({ first, MakeTurn (1, "lock", 19, 30, 1, 2) }); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectAlone ({ first, MakeTurn (1, "lock", 21, 30, 0, 2) }); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectAlone ({ first, MakeTurn (1, "lock", 21, 30, 2, 2) }); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectAlone ({ first, MakeTurn (1, "read", 19, 30, 1, 2) }); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectInOrder ({ first, MakeTurn (1, "lock", 21, 30, 1, 0) }); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectCounted ({ first }, 0); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectCounted ({ first }, 2); }), 0);
  EXPECT_GT (CountFailures ([&] { ExpectAtMost ({ first, MakeTurn (1, "lease", 19, 30, 1, 2) }, 1); }), 0);
  first.counter_after = 0;
  EXPECT_GT (CountFailures ([&] { ExpectAlone ({ first }); }), 0);
}

TEST (InteropHistory, SequenceNumbersAreRead)
{
  EXPECT_EQ (12, SequenceOf ("/lock/_c_6d7f3a52-lock-0000000012"));
  EXPECT_EQ (-1, SequenceOf ("/lock/_c_6d7f3a52-lock-000000001x"));
  EXPECT_EQ (-1, SequenceOf ("-"));
}

class InteropChurn : public ChurnFixture
{
protected:
  void NewEach (std::initializer_list<InteropPeer *> peers, const Words &what)
  {
    for (InteropPeer *peer : peers)
      {
        Words words = { "peer", "new", "a" };

        words.insert (words.end (), what.begin (), what.end ());
        Ok (*peer, words);
      }
  }

  /* Contends with two peers, of which the second one is killed, and the first one of ours. */
  void Contend (InteropPeer &living, InteropPeer &doomed, const std::string &kind, const std::string &path)
  {
    for (size_t i = 0; i < n_ours; i++)
      StartOurs (kind, path, churn_ms);
    int tag = StartTheirs (living, "a", churn_ms);
    StartTheirs (doomed, "a", churn_ms);

    /* In the middle of it, each at some point of its turn. */
    ASSERT_TRUE (UntilTurns (n_ours + 1, 20));
    doomed.Kill ();
    ASSERT_TRUE (UntilTurns (0, CountTurnsOf (0) + 20));
    ours_[0]->Kill ();
    /* And on without them, when their sessions have ended. */
    ASSERT_TRUE (UntilTurns (1, CountTurnsOf (1) + 20));
    ASSERT_TRUE (UntilTurns (n_ours, CountTurnsOf (n_ours) + 20));
    Stop ();
    AwaitOurs ();
    for (size_t i = 1; i < n_ours; i++)
      ExpectOrderlyEnd (*ours_[i]);
    EXPECT_GT (std::stol (AwaitOk (living, tag).at (0)), 0);
    EXPECT_THAT (CountTurns (Turns (), files_.size ()), Each (Gt (19u)));
    EXPECT_GT (CountHandOvers (Turns (), n_ours), 20u);
  }

  /* Contends with peers alone. */
  void ContendWithoutUs (std::initializer_list<InteropPeer *> peers,
                         std::initializer_list<const char *> actors)
  {
    std::vector<std::pair<InteropPeer *, int> > tags;

    for (InteropPeer *peer : peers)
      for (const char *actor : actors)
        tags.push_back ({ peer, StartTheirs (*peer, actor, churn_ms) });
    for (size_t i = 0; i < tags.size (); i++)
      EXPECT_TRUE (UntilTurns (i, 20));
    Stop ();
    for (auto &tag : tags)
      EXPECT_GT (std::stol (AwaitOk (*tag.first, tag.second).at (0)), 0);
    EXPECT_THAT (CountTurns (Turns (), files_.size ()), Each (Gt (0u)));
  }

  static std::vector<Turn> Only (const std::string &what, const std::vector<Turn> &turns)
  {
    std::vector<Turn> chosen;

    std::copy_if (turns.begin (), turns.end (), std::back_inserter (chosen),
                  [&what] (const Turn &turn) { return turn.what == what; });
    return chosen;
  }
};

/* --- with us --- */

TEST_F (InteropChurn, MutexWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();
  InteropPeer &doomed = StartOwnJava ();

  NewEach ({ &java, &doomed }, { "mutex", "/lock" });
  Contend (java, doomed, "mutex", "/lock");
  ExpectAlone (Turns ());
  ExpectInOrder (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

TEST_F (InteropChurn, MutexWithKazooWhileSomeAreKilled)
{
  InteropPeer &kazoo = Kazoo ();
  InteropPeer &doomed = StartOwnKazoo ();

  NewEach ({ &kazoo, &doomed }, { "lock", "/lock", "-lock-" });
  Contend (kazoo, doomed, "mutex", "/lock");
  ExpectAlone (Turns ());
  ExpectInOrder (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

TEST_F (InteropChurn, SemaphoreWithJavaWhileSomeAreKilled)
{
  constexpr size_t limit = 2;
  InteropPeer &java = Java ();
  InteropPeer &doomed = StartOwnJava ();

  NewEach ({ &java, &doomed }, { "semaphore", "/semaphore", std::to_string (limit) });
  Contend (java, doomed, "semaphore", std::to_string (limit) + ":/semaphore");
  ExpectAtMost (Turns (), limit);
  /* As many as are allowed do hold at the same time. */
  EXPECT_GT (CountFailures ([this] { ExpectAtMost (Turns (), limit - 1); }), 0);
}

TEST_F (InteropChurn, SemaphoreMutexWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();
  InteropPeer &doomed = StartOwnJava ();

  NewEach ({ &java, &doomed }, { "semaphore-mutex", "/lock" });
  Contend (java, doomed, "semaphore-mutex", "/lock");
  ExpectAlone (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

TEST_F (InteropChurn, ReadWriteLockWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();
  InteropPeer &doomed = StartOwnJava ();

  NewEach ({ &java, &doomed }, { "read-write", "/rw" });
  Contend (java, doomed, "read-write", "/rw");
  ExpectAlone (Turns ());
  ExpectInOrder (Only ("write", Turns ()));
  ExpectCounted (Turns (), ReadCounter ());
  /* Readers do hold at the same time. */
  EXPECT_GT (CountFailures ([this] { ExpectAtMost (Turns (), 1); }), 0);
}

TEST_F (InteropChurn, LatchWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();
  InteropPeer &doomed = StartOwnJava ();

  NewEach ({ &java, &doomed }, { "latch", "/latch", "theirs" });
  Contend (java, doomed, "latch", "/latch");
  ExpectAlone (Turns ());
  ExpectInOrder (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

TEST_F (InteropChurn, SelectorWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();
  InteropPeer &doomed = StartOwnJava ();

  NewEach ({ &java, &doomed }, { "selector", "/select", "theirs" });
  Contend (java, doomed, "selector", "/select");
  ExpectAlone (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

/* --- the peers alone: what they write down is right --- */

TEST_F (InteropChurn, ReadWriteLocksOfJava)
{
  for (const char *name : { "a", "b", "c" })
    Ok (Java (), { "peer", "new", name, "read-write", "/rw" });
  ContendWithoutUs ({ &Java () }, { "a", "b", "c" });
  ExpectAlone (Turns ());
  ExpectInOrder (Only ("write", Turns ()));
  ExpectCounted (Turns (), ReadCounter ());
  EXPECT_FALSE (Only ("read", Turns ()).empty ());
}

TEST_F (InteropChurn, MultiLocksOfJava)
{
  for (const char *name : { "a", "b" })
    Ok (Java (), { "peer", "new", name, "multi-lock", "/1", "/2" });
  ContendWithoutUs ({ &Java () }, { "a", "b" });
  ExpectAlone (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

TEST_F (InteropChurn, LatchesOfJava)
{
  for (const char *name : { "a", "b", "c" })
    Ok (Java (), { "peer", "new", name, "latch", "/latch", name });
  ContendWithoutUs ({ &Java () }, { "a", "b", "c" });
  ExpectAlone (Turns ());
  ExpectInOrder (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

TEST_F (InteropChurn, SelectorsOfJava)
{
  for (const char *name : { "a", "b" })
    Ok (Java (), { "peer", "new", name, "selector", "/select", name });
  ContendWithoutUs ({ &Java () }, { "a", "b" });
  ExpectAlone (Turns ());
  ExpectCounted (Turns (), ReadCounter ());
}

} // namespace
