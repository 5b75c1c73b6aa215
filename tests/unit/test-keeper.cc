/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "curator-keeper-machine-private.h"
#include "curator-roster-machine-private.h"

namespace
{

template <typename State, typename Event> struct Row
{
  State state;
  std::vector<Event> events;
  State next;
  guint actions;
};

/* Compares a machine with what it is to do, by what is the case rather than by how it is written down; the
 * pairs that are missing in the rows are to change nothing. */
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

#define S(name) CURATOR_KEEPER_##name
#define E(name) CURATOR_KEEPER_EVENT_##name
#define A(name) CURATOR_KEEPER_ACTION_##name

using KeeperRow = Row<CuratorKeeperState, CuratorKeeperEvent>;

TEST (KeeperMachine, DoesWhatIsWanted)
{
  const guint end = A (ABANDON) | A (UNWATCH) | A (FINISH);
  const guint again = A (ABANDON) | A (UNWATCH) | A (MISS) | A (CREATE);
  const guint take_away = A (ABANDON) | A (UNWATCH) | A (DELETE);
  std::vector<KeeperRow> rows = {
    { S (IDLE), { E (START) }, S (CREATING), A (CREATE) },
    { S (IDLE), { E (START_OUTSIDE) }, S (OUTSIDE), 0 },
    { S (OUTSIDE), { E (RECONNECTED) }, S (CREATING), A (CREATE) },

    { S (CREATING), { E (CREATED) }, S (LOOKING), A (LOOK) | A (TELL) },
    { S (CREATING), { E (EXISTS) }, S (LOOKING), A (LOOK) },
    { S (CREATING), { E (CREATE_LOST) }, S (PAUSED), A (PAUSE) | A (TELL_LOSS) },
    { S (CREATING), { E (CREATE_REFUSED) }, S (PAUSED), A (PAUSE) | A (TELL_ERROR) },
    { S (PAUSED), { E (RECONNECTED), E (SET), E (PAUSE_OVER) }, S (CREATING), A (CREATE) },

    { S (LOOKING), { E (PRESENT) }, S (KEPT), A (TELL) },
    { S (LOOKING), { E (PRESENT_STALE) }, S (WRITING), A (WRITE) },
    { S (LOOKING), { E (ABSENT) }, S (CREATING), again },
    { S (LOOKING), { E (LOOK_FAILED) }, S (PAUSED_IN), A (PAUSE) | A (TELL_LOSS) },
    { S (LOOKING), { E (DELETED), E (CHANGED), E (RECONNECTED) }, S (LOOKING), A (ABANDON) | A (LOOK) },

    { S (WRITING), { E (WRITTEN) }, S (LOOKING), A (LOOK) | A (TELL) },
    { S (WRITING), { E (WRITE_ABSENT), E (DELETED) }, S (CREATING), again },
    { S (WRITING), { E (WRITE_LOST) }, S (PAUSED_IN), A (PAUSE) | A (TELL_LOSS) },
    { S (WRITING), { E (WRITE_REFUSED) }, S (PAUSED_IN), A (PAUSE) | A (TELL_ERROR) },

    { S (KEPT), { E (DELETED) }, S (CREATING), again },
    { S (KEPT), { E (CHANGED), E (RECONNECTED) }, S (LOOKING), A (ABANDON) | A (LOOK) },
    { S (KEPT), { E (SET) }, S (WRITING), A (WRITE) },

    { S (PAUSED_IN), { E (DELETED) }, S (CREATING), again },
    { S (PAUSED_IN), { E (RECONNECTED), E (SET), E (PAUSE_OVER) }, S (LOOKING), A (ABANDON) | A (LOOK) },

    { S (LOOKING), { E (LOST) }, S (LOOKING), A (MISS) },
    { S (WRITING), { E (LOST) }, S (WRITING), A (MISS) },
    { S (KEPT), { E (LOST) }, S (KEPT), A (MISS) },
    { S (PAUSED_IN), { E (LOST) }, S (PAUSED_IN), A (MISS) },

    { S (IDLE), { E (CLOSE), E (CLOSE_NAMELESS) }, S (DONE), end },
    { S (OUTSIDE), { E (CLOSE), E (CLOSE_NAMELESS) }, S (DONE), end },
    { S (CREATING), { E (CLOSE) }, S (DELETING), take_away },
    { S (CREATING), { E (CLOSE_NAMELESS) }, S (LEAVING), 0 },
    { S (LEAVING), { E (CREATED), E (EXISTS) }, S (DELETING), take_away },
    { S (LEAVING), { E (CREATE_LOST), E (CREATE_REFUSED), E (CLIENT_CLOSED) }, S (DONE), end },
    { S (DELETING), { E (GONE), E (LOST), E (CLIENT_CLOSED) }, S (DONE), end },
  };

  for (CuratorKeeperState state : { S (LOOKING), S (WRITING), S (KEPT), S (PAUSED), S (PAUSED_IN) })
    rows.push_back ({ state, { E (CLOSE), E (CLOSE_NAMELESS) }, S (DELETING), take_away });
  for (CuratorKeeperState state :
       { S (IDLE), S (OUTSIDE), S (CREATING), S (LOOKING), S (WRITING), S (KEPT), S (PAUSED), S (PAUSED_IN) })
    rows.push_back ({ state, { E (CLIENT_CLOSED), E (CLOSE_ABANDONED) }, S (DONE), end });
  Compare<CuratorKeeperState, CuratorKeeperEvent, CURATOR_KEEPER_N_STATES, CURATOR_KEEPER_N_EVENTS,
          curator_keeper_machine_step, curator_keeper_state_to_string, curator_keeper_event_to_string> (rows);
}

#undef S
#undef E
#undef A
#define S(name) CURATOR_ROSTER_##name
#define E(name) CURATOR_ROSTER_EVENT_##name
#define A(name) CURATOR_ROSTER_ACTION_##name

using RosterRow = Row<CuratorRosterState, CuratorRosterEvent>;

TEST (RosterMachine, DoesWhatIsWanted)
{
  std::vector<RosterRow> rows = {
    { S (IDLE), { E (START) }, S (LISTING), A (LIST) },
    { S (LISTING), { E (LISTED) }, S (WATCHING), A (PUBLISH) },
    { S (LISTING), { E (LISTED_UNREAD) }, S (READING), A (READ) | A (PUBLISH) },
    { S (LISTING), { E (LIST_FAILED) }, S (PAUSED), A (PAUSE) },
    { S (LISTING), { E (TOUCHED), E (RECONNECTED) }, S (LISTING), A (LIST) },
    { S (READING), { E (READ) }, S (WATCHING), A (PUBLISH) },
    { S (READING), { E (READ_FAILED) }, S (PAUSED), A (PAUSE) },
    { S (READING), { E (TOUCHED), E (RECONNECTED) }, S (LISTING), A (LIST) },
    { S (READING), { E (MEMBER_TOUCHED) }, S (READING), A (READ) },
    { S (WATCHING), { E (TOUCHED), E (RECONNECTED) }, S (LISTING), A (LIST) },
    { S (WATCHING), { E (MEMBER_TOUCHED) }, S (READING), A (READ) },
    { S (PAUSED), { E (TOUCHED), E (RECONNECTED), E (PROMPTED), E (PAUSE_OVER) }, S (LISTING), A (LIST) },
  };

  for (CuratorRosterState state : { S (IDLE), S (LISTING), S (READING), S (WATCHING), S (PAUSED) })
    rows.push_back ({ state, { E (CLOSE) }, S (DONE), A (FINISH) });
  Compare<CuratorRosterState, CuratorRosterEvent, CURATOR_ROSTER_N_STATES, CURATOR_ROSTER_N_EVENTS,
          curator_roster_machine_step, curator_roster_state_to_string, curator_roster_event_to_string> (rows);
}

} // namespace
