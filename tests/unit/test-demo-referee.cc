/* SPDX-License-Identifier: Apache-2.0 */
/* The judge of the demonstration sees what must not be. */
#include <gtest/gtest.h>

extern "C"
{
#include "demo-referee.h"
}

namespace
{

class Referee : public testing::Test
{
protected:
  ~Referee () override
  {
    demo_referee_clear (&referee_);
  }

  DemoEvent See (const char *line)
  {
    return demo_referee_see (&referee_, line);
  }

  DemoReferee referee_{};
};

TEST_F (Referee, FindsNothingInAFairGame)
{
  EXPECT_EQ (See ("20:00:00.000  worker-1   holds    token 3"), DEMO_EVENT_HOLDS);
  EXPECT_STREQ (referee_.holder, "worker-1");
  EXPECT_EQ (See ("20:00:00.100  worker-1   releases token 3"), DEMO_EVENT_GIVES_UP);
  EXPECT_EQ (referee_.holder, nullptr);
  EXPECT_EQ (See ("20:00:00.100  worker-2   holds    token 18446744073709551615"), DEMO_EVENT_HOLDS);
  EXPECT_EQ (referee_.token, G_MAXUINT64);
  EXPECT_EQ (referee_.n_grants, 2u);
  EXPECT_EQ (referee_.foul, nullptr);
}

TEST_F (Referee, SeesTwoAtOnce)
{
  See ("20:00:00.000  worker-1   holds    token 3");
  See ("20:00:00.100  worker-2   holds    token 4");
  EXPECT_STREQ (referee_.foul, "worker-2 has it while worker-1 does");
}

TEST_F (Referee, LetsAnotherOneHoldAfterADeath)
{
  See ("20:00:00.000  worker-1   holds    token 3");
  demo_referee_note_death (&referee_);
  See ("20:00:03.000  worker-2   holds    token 4");
  EXPECT_EQ (referee_.foul, nullptr);
}

TEST_F (Referee, SeesATokenThatDoesNotGrow)
{
  See ("20:00:00.000  worker-1   holds    token 3");
  See ("20:00:00.100  worker-1   loses    token 3");
  See ("20:00:00.200  worker-2   holds    token 3");
  EXPECT_STREQ (referee_.foul, "worker-2 has token 3 after 3");
}

TEST_F (Referee, SeesAReleaseByWhoDoesNotHold)
{
  See ("20:00:00.000  worker-1   holds    token 3");
  See ("20:00:00.100  worker-2   releases token 2");
  EXPECT_STREQ (referee_.foul, "worker-2 gives up what it does not have");
}

TEST_F (Referee, KnowsLeadersAsWell)
{
  EXPECT_EQ (See ("20:00:00.000  worker-1   leads    token 3"), DEMO_EVENT_HOLDS);
  EXPECT_EQ (See ("20:00:00.100  worker-1   resigns  token 3"), DEMO_EVENT_GIVES_UP);
  EXPECT_EQ (See ("20:00:00.200  worker-2   leads    token 4"), DEMO_EVENT_HOLDS);
  EXPECT_EQ (referee_.foul, nullptr);
  See ("20:00:00.300  worker-1   leads    token 5");
  EXPECT_STREQ (referee_.foul, "worker-1 has it while worker-2 does");
}

/* For the next game. */
TEST_F (Referee, ForgetsWhatItSaw)
{
  See ("20:00:00.000  worker-1   holds    token 3");
  See ("20:00:00.100  worker-2   holds    token 3");
  demo_referee_clear (&referee_);
  EXPECT_EQ (See ("20:00:00.200  worker-3   leads    token 1"), DEMO_EVENT_HOLDS);
  EXPECT_EQ (referee_.foul, nullptr);
  EXPECT_EQ (referee_.n_grants, 1u);
}

TEST_F (Referee, IgnoresOtherLines)
{
  EXPECT_EQ (See (""), DEMO_EVENT_NONE);
  EXPECT_EQ (See ("worker-1: not connected"), DEMO_EVENT_NONE);
  EXPECT_EQ (referee_.n_grants, 0u);
  EXPECT_EQ (referee_.foul, nullptr);
}

} // namespace
