/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "curator-barrier-wait-machine-private.h"
#include "curator-passage-machine-private.h"

namespace
{

template <typename State, typename Event> struct Row
{
  State state;
  std::vector<Event> events;
  State next;
  guint actions;
};

/* Compares a machine with what it is to do; the pairs that are missing in the rows are to change nothing. */
template <typename State,
          typename Event,
          guint n_states,
          guint n_events,
          auto Step,
          auto StateName,
          auto EventName>
void
Compare (const std::vector<Row<State, Event> > &rows)
{
  std::map<std::pair<State, Event>, std::pair<State, guint> > table;

  for (const auto &row : rows)
    for (Event event : row.events)
      EXPECT_TRUE (table.insert ({ { row.state, event }, { row.next, row.actions } }).second)
          << StateName (row.state) << " + " << EventName (event) << " twice";
  for (guint s = 1; s < n_states; s++)
    for (guint e = 0; e < n_events; e++)
      {
        State state = static_cast<State> (s);
        Event event = static_cast<Event> (e);
        auto found = table.find ({ state, event });
        State next = state;
        guint actions = Step (&next, event);

        SCOPED_TRACE (std::string (StateName (state)) + " + " + EventName (event));
        EXPECT_STREQ (StateName (next), StateName (found == table.end () ? state : found->second.first));
        EXPECT_EQ (actions, found == table.end () ? 0u : found->second.second);
      }
}

#define S(name) CURATOR_BARRIER_WAIT_##name
#define E(name) CURATOR_BARRIER_WAIT_EVENT_##name
#define A(name) CURATOR_BARRIER_WAIT_ACTION_##name

/* bugs: CURATOR-536 */
TEST (BarrierWaitMachine, DoesWhatIsWanted)
{
  Compare<CuratorBarrierWaitState, CuratorBarrierWaitEvent, CURATOR_BARRIER_WAIT_N_STATES,
          CURATOR_BARRIER_WAIT_N_EVENTS, curator_barrier_wait_machine_step,
          curator_barrier_wait_state_to_string, curator_barrier_wait_event_to_string> ({
      { S (IDLE), { E (START) }, S (CHECKING), A (CHECK) },
      { S (IDLE), { E (GIVE_UP) }, S (DONE), A (FINISH) },
      { S (CHECKING), { E (SET) }, S (WAITING), 0 },
      { S (CHECKING), { E (OPEN) }, S (DONE), A (FINISH) | A (PASS) },
      { S (CHECKING), { E (UNSURE) }, S (CHECKING), A (CHECK) },
      { S (CHECKING), { E (FAILED) }, S (DONE), A (FINISH) | A (FAIL) },
      { S (CHECKING), { E (GIVE_UP) }, S (DONE), A (FINISH) },
      { S (WAITING), { E (TOUCHED) }, S (CHECKING), A (CHECK) },
      { S (WAITING), { E (GIVE_UP) }, S (DONE), A (FINISH) },
  });
}

#undef S
#undef E
#undef A
#define S(name) CURATOR_PASSAGE_##name
#define E(name) CURATOR_PASSAGE_EVENT_##name
#define A(name) CURATOR_PASSAGE_ACTION_##name

/* bugs: kazoo-double-barrier */
TEST (PassageMachine, DoesWhatIsWanted)
{
  std::vector<Row<CuratorPassageState, CuratorPassageEvent> > rows = {
    { S (IDLE), { E (ENTER) }, S (CREATING), A (CREATE) },
    { S (IDLE), { E (ENTER_DIRTY) }, S (CLEANING), A (CLEAN) },
    { S (CLEANING), { E (CLEAN) }, S (CREATING), A (CREATE) },
    { S (CREATING), { E (CREATED) }, S (LOOKING), A (LOOK) },
    { S (LOOKING), { E (ABSENT) }, S (CREATING), A (CREATE) },
    { S (LOOKING), { E (STALE) }, S (CLEANING), A (CLEAN) },
    { S (LOOKING), { E (SHORT) }, S (WAITING), 0 },
    { S (LOOKING), { E (FULL) }, S (OPENING), A (OPEN) },
    { S (LOOKING), { E (OPEN) }, S (DONE), A (FINISH) | A (PASS) },
    { S (LOOKING), { E (LEFTOVER) }, S (SWEEPING), A (SWEEP) },
    { S (LOOKING), { E (TOUCHED) }, S (LOOKING), A (LOOK) },
    { S (WAITING), { E (OPEN) }, S (DONE), A (FINISH) | A (PASS) },
    { S (WAITING), { E (TOUCHED) }, S (LOOKING), A (LOOK) },
    { S (SWEEPING), { E (SWEPT) }, S (LOOKING), A (LOOK) },
    { S (OPENING), { E (OPENED) }, S (DONE), A (FINISH) | A (PASS) },
    { S (OPENING), { E (NOT_OPENED) }, S (LOOKING), A (LOOK) },

    { S (IDLE), { E (LEAVE) }, S (LISTING), A (LIST) },
    { S (LISTING), { E (NOBODY) }, S (CLOSING), A (CLOSE) },
    { S (LISTING), { E (ALONE) }, S (PARTING), A (CLEAN) },
    { S (LISTING), { E (LOWEST) }, S (WATCHING), A (WATCH) },
    { S (LISTING), { E (OTHERS) }, S (WATCHING), A (WATCH) | A (CLEAN) },
    { S (LISTING), { E (TOUCHED) }, S (LISTING), A (LIST) },
    { S (WATCHING), { E (WATCHED) }, S (STAYING), 0 },
    { S (WATCHING), { E (UNWATCHED), E (TOUCHED) }, S (LISTING), A (LIST) },
    /* and not through, whoever else is there */
    { S (STAYING), { E (TOUCHED) }, S (LISTING), A (LIST) },
    { S (PARTING), { E (CLEAN) }, S (CLOSING), A (CLOSE) },
    { S (CLOSING), { E (CLOSED) }, S (DONE), A (FINISH) | A (PASS) },
  };

  for (int state = S (CLEANING); state < S (DONE); state++)
    {
      auto from = static_cast<CuratorPassageState> (state);

      rows.push_back ({ from, { E (FAILED) }, S (DONE), A (FINISH) | A (CLEAN) | A (FAIL) });
      rows.push_back ({ from, { E (GIVE_UP) }, S (DONE), A (FINISH) | A (CLEAN) });
    }
  Compare<CuratorPassageState, CuratorPassageEvent, CURATOR_PASSAGE_N_STATES, CURATOR_PASSAGE_N_EVENTS,
          curator_passage_machine_step, curator_passage_state_to_string, curator_passage_event_to_string> (
      rows);
}

} // namespace
