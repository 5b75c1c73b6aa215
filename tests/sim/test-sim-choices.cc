/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>

#include <algorithm>

#include "sim-choices.h"
#include "sim-exhaust.h"
#include "sim-shrink.h"

/* What a run is made of: its choices, their record, and simpler records. */

namespace
{

using sim::Choices;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Lt;

using Script = std::vector<uint32_t>;

TEST (SimChoices, ASeedAlwaysSaysTheSame)
{
  Choices one (7), same (7), other (8);

  for (int i = 0; i < 100; i++)
    {
      uint32_t choice = one.Below (1000);

      EXPECT_LT (choice, 1000u);
      EXPECT_EQ (choice, same.Below (1000));
      other.Below (1000);
    }
  EXPECT_NE (one.GetRecord (), other.GetRecord ());
}

TEST (SimChoices, ARecordSaysTheSameAgain)
{
  Choices drawn (3);
  Script said;

  for (uint32_t n : { 2u, 5u, 1000u })
    said.push_back (drawn.Below (n));
  said.push_back (drawn.Chance (500) ? 1 : 0);
  Choices again (drawn.GetRecord ());
  EXPECT_EQ (said[0], again.Below (2));
  EXPECT_EQ (said[1], again.Below (5));
  EXPECT_EQ (said[2], again.Below (1000));
  EXPECT_EQ (said[3] != 0, again.Chance (1));
  EXPECT_EQ (drawn.GetRecord (), again.GetRecord ());
}

TEST (SimChoices, ThereIsNoChoiceAmongOneOrOfTheImpossible)
{
  Choices choices (1);

  EXPECT_EQ (0u, choices.Below (0));
  EXPECT_EQ (0u, choices.Below (1));
  EXPECT_FALSE (choices.Chance (0));
  EXPECT_THAT (choices.GetRecord (), IsEmpty ());
}

TEST (SimChoices, AScriptIsBroughtIntoRangeAndGoesOnWithZeros)
{
  Choices choices (Script{ 7, 3 });

  EXPECT_EQ (1u, choices.Below (3));
  EXPECT_TRUE (choices.Chance (1));
  EXPECT_EQ (0u, choices.Below (9));
  EXPECT_FALSE (choices.Chance (999));
  EXPECT_THAT (choices.GetRecord (), ElementsAre (1, 1, 0, 0));
  EXPECT_THAT (choices.GetRanges (), ElementsAre (3, 2, 9, 2));
}

TEST (SimChoices, ChancesComeAsOftenAsTheyShould)
{
  Choices choices (5);
  int n = 0;

  for (int i = 0; i < 10000; i++)
    n += choices.Chance (100) ? 1 : 0;
  EXPECT_GT (n, 850);
  EXPECT_LT (n, 1150);
}

TEST (SimScript, IsWrittenAndRead)
{
  Script script;

  EXPECT_EQ ("3 0*4 1 2*2", sim::FormatScript ({ 3, 0, 0, 0, 0, 1, 2, 2 }));
  EXPECT_EQ ("", sim::FormatScript ({}));
  EXPECT_TRUE (sim::ParseScript ("# why\n3 0*4\n1 2*2\n", &script));
  EXPECT_THAT (script, ElementsAre (3, 0, 0, 0, 0, 1, 2, 2));
  for (const char *bad : { "x", "1 2x", "1*", "-1", "1*99999999999", "5000000000" })
    EXPECT_FALSE (sim::ParseScript (bad, &script)) << bad;
}

/* Fails for any two numbers of at least 10, the first one before the second one. */
TEST (SimShrink, FindsWhatMatters)
{
  Script script (200);
  unsigned n_runs = 0;

  for (uint32_t i = 0; i < script.size (); i++)
    script[i] = i % 37;
  Script small = sim::Shrink (script, 5000, [&n_runs] (const Script &candidate) {
    n_runs++;
    return std::count_if (candidate.begin (), candidate.end (), [] (uint32_t n) { return n >= 10; }) >= 2;
  });
  EXPECT_THAT (small, ElementsAre (10, 10));
  EXPECT_LE (n_runs, 5000u);
}

TEST (SimShrink, KeepsToItsNumberOfRuns)
{
  unsigned n_runs = 0;
  Script script (1000, 1);

  sim::Shrink (script, 20, [&n_runs] (const Script &) { return ++n_runs % 2 == 0; });
  EXPECT_EQ (20u, n_runs);
}

/* Three choices among three: one run without a deviation, 3 * 2 with one, 3 * 4 with two. */
TEST (SimExhaust, TriesEverythingOnce)
{
  std::vector<Script> seen;
  auto run = [&seen] (Choices *choices) {
    for (int i = 0; i < 3; i++)
      choices->Below (3);
    seen.push_back (choices->GetRecord ());
    return true;
  };
  sim::Exhaustion result = sim::Exhaust ({}, { 2, 0 }, 1000, run);

  EXPECT_TRUE (result.complete);
  EXPECT_EQ (1u + 6u + 12u, result.n_runs);
  std::sort (seen.begin (), seen.end ());
  EXPECT_EQ (seen.end (), std::adjacent_find (seen.begin (), seen.end ()));
  for (const Script &script : seen)
    {
      EXPECT_THAT (script, Each (Lt (3u)));
      EXPECT_GE (std::count (script.begin (), script.end (), 0u), 1);
    }
}

TEST (SimExhaust, DetailsAreNoDeviations)
{
  auto run = [] (Choices *choices) {
    if (choices->Chance (1))
      choices->DetailBelow (4);
    return true;
  };

  EXPECT_EQ (5u, sim::Exhaust ({}, { 1, 0 }, 1000, run).n_runs);
}

/* Two choices of the world's and one of a user's, each among three. */
TEST (SimExhaust, UsersAreCountedApart)
{
  auto run = [] (Choices *choices) {
    choices->Below (3);
    {
      Choices::Users users (choices);

      choices->Below (3);
    }
    choices->Below (3);
    return true;
  };

  EXPECT_EQ (1u + 4u, sim::Exhaust ({}, { 1, 0 }, 1000, run).n_runs);
  EXPECT_EQ (1u + 2u, sim::Exhaust ({}, { 0, 1 }, 1000, run).n_runs);
  EXPECT_EQ (5u * 3u, sim::Exhaust ({}, { 1, 1 }, 1000, run).n_runs);
}

TEST (SimExhaust, StopsAtTheLimitOrAtAFailure)
{
  sim::Exhaustion cut = sim::Exhaust ({}, { 1, 0 }, 3, [] (Choices *choices) {
    choices->Below (10);
    return true;
  });
  sim::Exhaustion failed = sim::Exhaust ({ 1 }, { 1, 0 }, 1000, [] (Choices *choices) {
    choices->Below (2);
    return choices->Below (10) != 7;
  });

  EXPECT_FALSE (cut.complete);
  EXPECT_EQ (3u, cut.n_runs);
  EXPECT_FALSE (failed.complete);
  EXPECT_THAT (failed.failed, ElementsAre (1, 7));
}

} // namespace
