/* SPDX-License-Identifier: Apache-2.0 */

/* Processes of several libraries that contend for the same path, some of which are killed: what they wrote
 * down shows that each was alone, in the order in which they came. */

#include "churn-fixture.h"

#include <gmock/gmock.h>

using namespace interop_test;
using ::testing::Each;
using ::testing::Gt;

namespace
{

constexpr int churn_ms = 6000;
constexpr size_t n_ours = 3;

class InteropChurn : public ChurnFixture
{
};

TEST_F (InteropChurn, MutexWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = StartOwnJava ();
  InteropPeer &doomed_java = StartOwnJava ();

  for (InteropPeer *peer : { &java, &doomed_java })
    Ok (*peer, { "peer", "new", "a", "mutex", "/lock" });
  for (size_t i = 0; i < n_ours; i++)
    StartOurs ("mutex", "/lock", churn_ms);
  int living = StartTheirs (java, "a", churn_ms);
  StartTheirs (doomed_java, "a", churn_ms);

  /* In the middle of it, each at some point of its turn. */
  ASSERT_TRUE (UntilTurns (4, 20));
  doomed_java.Kill ();
  ASSERT_TRUE (UntilTurns (0, CountTurnsOf (0) + 20));
  ours_[0]->Kill ();
  AwaitOurs ();
  for (size_t i = 1; i < n_ours; i++)
    ExpectOrderlyEnd (*ours_[i]);
  EXPECT_GT (std::stol (AwaitOk (java, living).at (0)), 0);

  std::vector<Turn> turns = Turns ();
  EXPECT_THAT (CountTurns (turns, files_.size ()), Each (Gt (19u)));
  EXPECT_GT (CountHandOvers (turns, n_ours), 20u);
  ExpectAlone (turns);
  ExpectInOrder (turns);
  ExpectCounted (turns, ReadCounter ());
}

TEST_F (InteropChurn, MutexWithKazooWhileSomeAreKilled)
{
  InteropPeer &kazoo = StartOwnKazoo ();
  InteropPeer &doomed_kazoo = StartOwnKazoo ();

  for (InteropPeer *peer : { &kazoo, &doomed_kazoo })
    Ok (*peer, { "peer", "new", "a", "lock", "/lock", "-lock-" });
  for (size_t i = 0; i < n_ours; i++)
    StartOurs ("mutex", "/lock", churn_ms);
  int living = StartTheirs (kazoo, "a", churn_ms);
  StartTheirs (doomed_kazoo, "a", churn_ms);

  ASSERT_TRUE (UntilTurns (4, 20));
  doomed_kazoo.Kill ();
  ASSERT_TRUE (UntilTurns (0, CountTurnsOf (0) + 20));
  ours_[0]->Kill ();
  AwaitOurs ();
  for (size_t i = 1; i < n_ours; i++)
    ExpectOrderlyEnd (*ours_[i]);
  EXPECT_GT (std::stol (AwaitOk (kazoo, living).at (0)), 0);

  std::vector<Turn> turns = Turns ();
  EXPECT_THAT (CountTurns (turns, files_.size ()), Each (Gt (19u)));
  EXPECT_GT (CountHandOvers (turns, n_ours), 20u);
  ExpectAlone (turns);
  ExpectInOrder (turns);
  ExpectCounted (turns, ReadCounter ());
}

} // namespace
