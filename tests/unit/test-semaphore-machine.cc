/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "curator-semaphore-machine-private.h"

namespace
{

#define S(name) CURATOR_SEMAPHORE_##name
#define E(name) CURATOR_SEMAPHORE_EVENT_##name
#define A(name) CURATOR_SEMAPHORE_ACTION_##name

using Pair = std::pair<CuratorSemaphoreState, CuratorSemaphoreEvent>;

struct Outcome
{
  CuratorSemaphoreState next;
  guint actions;
};

const guint FAIL = A (DROP_LEASES) | A (DROP_LOCK) | A (FAIL);
const guint ANEW = A (DROP_LEASES) | A (DROP_LOCK) | A (LOCK_ANEW);

/* What is not here changes nothing. */
const std::map<Pair, Outcome> outcomes = {
  { { S (IDLE), E (START) }, { S (LOCKING), A (LOCK) } },
  { { S (IDLE), E (GIVE_UP) }, { S (DONE), FAIL } },
  { { S (LOCKING), E (LOCKED) }, { S (LEASING), A (LEASE) } },
  { { S (LOCKING), E (LOCK_FAILED) }, { S (DONE), FAIL } },
  { { S (LOCKING), E (GIVE_UP) }, { S (DONE), FAIL } },
  { { S (LEASING), E (LEASED_LAST) }, { S (DONE), A (GRANT) | A (DROP_LOCK) } },
  { { S (LEASING), E (LEASE_FAILED) }, { S (DONE), FAIL } },
  { { S (LEASING), E (GIVE_UP) }, { S (DONE), FAIL } },
  { { S (LEASING), E (LOCK_LOST) }, { S (LOCKING), ANEW } },
  { { S (LEASING), E (LEASE_LOST) }, { S (LOCKING), ANEW } },
};

TEST (SemaphoreMachine, EveryPairDoesWhatItShould)
{
  for (int state = S (IDLE); state < S (N_STATES); state++)
    for (int event = 0; event < CURATOR_SEMAPHORE_N_EVENTS; event++)
      {
        auto before = static_cast<CuratorSemaphoreState> (state);
        auto expected = outcomes.find ({ before, static_cast<CuratorSemaphoreEvent> (event) });
        CuratorSemaphoreState now = before;
        guint actions = curator_semaphore_machine_step (&now, static_cast<CuratorSemaphoreEvent> (event));

        SCOPED_TRACE (std::to_string (state) + " + " + std::to_string (event));
        EXPECT_EQ (expected != outcomes.end () ? expected->second.next : before, now);
        EXPECT_EQ (expected != outcomes.end () ? expected->second.actions : 0u, actions);
      }
}

/* However it goes, who is answered has dropped what he does not get, and is answered once. */
TEST (SemaphoreMachine, EveryHistoryIsAnsweredOnceAtMost)
{
  constexpr int n_events = CURATOR_SEMAPHORE_N_EVENTS;
  constexpr int length = 6;
  int n_histories = 1;

  for (int i = 0; i < length; i++)
    n_histories *= n_events;
  for (int history = 0; history < n_histories; history++)
    {
      CuratorSemaphoreState state = S (IDLE);
      bool has_lock = false, has_leases = false;
      int n_answers = 0;

      for (int i = 0, rest = history; i < length; i++, rest /= n_events)
        {
          guint actions =
              curator_semaphore_machine_step (&state, static_cast<CuratorSemaphoreEvent> (rest % n_events));

          if ((actions & (A (DROP_LEASES) | A (GRANT))) != 0)
            has_leases = false;
          if ((actions & A (DROP_LOCK)) != 0)
            has_lock = false;
          if ((actions & (A (LOCK) | A (LOCK_ANEW))) != 0)
            {
              ASSERT_FALSE (has_lock);
              has_lock = true;
            }
          if ((actions & A (LEASE)) != 0)
            {
              ASSERT_TRUE (has_lock);
              ASSERT_FALSE (has_leases);
              has_leases = true;
            }
          n_answers += (actions & (A (GRANT) | A (FAIL))) != 0;
          ASSERT_EQ (state == S (DONE), n_answers == 1);
          ASSERT_TRUE (state != S (DONE) || (!has_lock && !has_leases));
        }
    }
}

} // namespace
