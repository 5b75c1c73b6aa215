/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "curator-candidate-machine-private.h"

namespace
{

#define S(name) CURATOR_CANDIDATE_##name
#define E(name) CURATOR_CANDIDATE_EVENT_##name
#define A(name) CURATOR_CANDIDATE_ACTION_##name

struct Row
{
  CuratorCandidateState state;
  std::vector<CuratorCandidateEvent> events;
  CuratorCandidateState next;
  guint actions;
};

const std::vector<Row> rows = {
  { S (IDLE), { E (WANTED) }, S (ENTERED), A (ENTER) },
  { S (ENTERED), { E (GRANTED) }, S (LEADING), A (TAKE) | A (GAIN) },
  { S (ENTERED), { E (FAILED) }, S (PAUSED), A (FORGET) | A (PAUSE) },
  { S (PAUSED), { E (PAUSE_OVER) }, S (ENTERED), A (ENTER) },

  { S (LEADING), { E (SUSPECT) }, S (SUSPENDED), A (LOSE) },
  { S (SUSPENDED), { E (RESTORED) }, S (LEADING), A (GAIN) },
  { S (LEADING), { E (LOST) }, S (IDLE), A (LOSE) | A (FORGET) },
  { S (SUSPENDED), { E (LOST) }, S (IDLE), A (FORGET) },
  { S (LEADING), { E (GIVEN_BACK) }, S (LEAVING), A (LOSE) },
  { S (SUSPENDED), { E (GIVEN_BACK) }, S (LEAVING), 0 },
  { S (LEAVING), { E (RELEASED), E (LOST) }, S (IDLE), A (FORGET) },

  { S (IDLE), { E (CLOSE) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (PAUSED), { E (CLOSE) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (ENTERED), { E (CLOSE) }, S (CLOSING), A (GIVE_UP) },
  { S (LEADING), { E (CLOSE) }, S (CLOSING), A (LOSE) | A (RELEASE) },
  { S (SUSPENDED), { E (CLOSE) }, S (CLOSING), A (RELEASE) },
  { S (LEAVING), { E (CLOSE) }, S (CLOSING), 0 },
  { S (CLOSING), { E (LOST), E (RELEASED), E (OUT) }, S (CLOSED), A (FORGET) | A (FINISH) },

  { S (IDLE), { E (CLIENT_CLOSED) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (PAUSED), { E (CLIENT_CLOSED) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (ENTERED), { E (CLIENT_CLOSED) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (SUSPENDED), { E (CLIENT_CLOSED) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (LEAVING), { E (CLIENT_CLOSED) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (CLOSING), { E (CLIENT_CLOSED) }, S (CLOSED), A (FORGET) | A (FINISH) },
  { S (LEADING), { E (CLIENT_CLOSED) }, S (CLOSED), A (LOSE) | A (FORGET) | A (FINISH) },
};

/* The pairs that are missing in the rows are to change nothing. */
TEST (CandidateMachine, DoesWhatIsWanted)
{
  std::map<std::pair<guint, guint>, std::pair<CuratorCandidateState, guint> > table;

  for (const Row &row : rows)
    for (CuratorCandidateEvent event : row.events)
      ASSERT_TRUE (table.insert ({ { row.state, event }, { row.next, row.actions } }).second);
  for (guint s = 1; s < CURATOR_CANDIDATE_N_STATES; s++)
    for (guint e = 0; e < CURATOR_CANDIDATE_N_EVENTS; e++)
      {
        auto state = static_cast<CuratorCandidateState> (s);
        auto event = static_cast<CuratorCandidateEvent> (e);
        auto found = table.find ({ s, e });
        CuratorCandidateState next = state;
        guint actions = curator_candidate_machine_step (&next, event);

        SCOPED_TRACE (std::string (curator_candidate_state_to_string (state)) + " + " +
                      curator_candidate_event_to_string (event));
        EXPECT_STREQ (
            curator_candidate_state_to_string (next),
            curator_candidate_state_to_string (found == table.end () ? state : found->second.first));
        EXPECT_EQ (found == table.end () ? 0u : found->second.second, actions);
      }
}

/* What has been said to the owner. */
struct Told
{
  bool leads = false;
  bool has_turn = false;
  bool has_lease = false;
  bool is_over = false;
};

using Situation = std::tuple<CuratorCandidateState, bool, bool, bool, bool>;

void
Apply (guint actions, Told *told)
{
  if ((actions & A (TAKE)) != 0)
    {
      ASSERT_TRUE (told->has_turn && !told->has_lease);
      told->has_lease = true;
    }
  /* Gains and losses alternate, and there is something that is led with. */
  if ((actions & (A (GAIN) | A (LOSE))) != 0)
    {
      ASSERT_NE (told->leads, (actions & A (GAIN)) != 0);
      ASSERT_TRUE (told->has_lease);
      told->leads = !told->leads;
    }
  if ((actions & A (FORGET)) != 0)
    told->has_turn = told->has_lease = false;
  /* One turn at a time, and none after the end. */
  if ((actions & A (ENTER)) != 0)
    {
      ASSERT_FALSE (told->has_turn || told->is_over);
      told->has_turn = true;
    }
  if ((actions & A (FINISH)) != 0)
    {
      ASSERT_FALSE (told->is_over || told->leads || told->has_turn);
      told->is_over = true;
    }
}

/* Whatever comes next, and after that, until nothing is new. */
void
Walk (CuratorCandidateState state, const Told &told, std::set<Situation> *seen)
{
  if (!seen->emplace (state, told.leads, told.has_turn, told.has_lease, told.is_over).second)
    return;
  for (guint e = 0; e < CURATOR_CANDIDATE_N_EVENTS; e++)
    {
      auto event = static_cast<CuratorCandidateEvent> (e);
      CuratorCandidateState next = state;
      Told now = told;

      SCOPED_TRACE (std::string (curator_candidate_state_to_string (state)) + " + " +
                    curator_candidate_event_to_string (event));
      ASSERT_NO_FATAL_FAILURE (Apply (curator_candidate_machine_step (&next, event), &now));
      ASSERT_EQ (now.leads, next == S (LEADING));
      ASSERT_EQ (now.is_over, next == S (CLOSED));
      ASSERT_NO_FATAL_FAILURE (Walk (next, now, seen));
    }
}

/* faults: 12
 * bugs: CURATOR-3 */
TEST (CandidateMachine, TellsAPossibleStoryInAllHistories)
{
  std::set<Situation> seen;

  Walk (S (IDLE), {}, &seen);
  for (guint state = S (IDLE); state < CURATOR_CANDIDATE_N_STATES; state++)
    EXPECT_TRUE (std::any_of (seen.begin (), seen.end (), [state] (const Situation &each) {
      return std::get<0> (each) == static_cast<CuratorCandidateState> (state);
    })) << curator_candidate_state_to_string (static_cast<CuratorCandidateState> (state));
}

} // namespace
