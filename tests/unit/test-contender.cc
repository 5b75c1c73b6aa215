/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <map>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "curator-contender-machine-private.h"
#include "curator-contender-rank-private.h"

namespace
{

/* --- the machine --- */

#define S(name) CURATOR_CONTENDER_##name
#define E(name) CURATOR_CONTENDER_EVENT_##name
#define A(name) CURATOR_CONTENDER_ACTION_##name

const guint UNWATCH = A (UNWATCH_PREDECESSOR);
const guint DROP = A (CANCEL_REQUESTS) | UNWATCH;
const guint GRANT = UNWATCH | A (WATCH_OWN_SOON) | A (GRANT);

std::vector<CuratorContenderState>
AllStates ()
{
  std::vector<CuratorContenderState> states;

  for (int state = S (IDLE); state < CURATOR_CONTENDER_N_STATES; state++)
    states.push_back (static_cast<CuratorContenderState> (state));
  return states;
}

std::vector<CuratorContenderEvent>
AllEvents ()
{
  std::vector<CuratorContenderEvent> events;

  for (int event = 0; event < CURATOR_CONTENDER_N_EVENTS; event++)
    events.push_back (static_cast<CuratorContenderEvent> (event));
  return events;
}

std::string
Name (CuratorContenderState state, CuratorContenderEvent event)
{
  return std::string (curator_contender_state_to_string (state)) + " + " +
         curator_contender_event_to_string (event);
}

struct Row
{
  CuratorContenderState state;
  std::vector<CuratorContenderEvent> events;
  CuratorContenderState next;
  guint actions;
};

/* What a contender is to do, by what is the case rather than by how the machine is written down; the pairs
 * that are missing here are to change nothing. */
const std::vector<Row> &
Rows ()
{
  static const std::vector<Row> rows = {
    /* getting in */
    { S (IDLE), { E (START) }, S (CREATING), A (CREATE) },
    { S (IDLE), { E (SUSPENDED) }, S (OUTSIDE), 0 },
    { S (IDLE), { E (QUEUE) }, S (QUEUED), 0 },
    { S (QUEUED), { E (TURN) }, S (OUTSIDE), 0 },
    { S (QUEUED), { E (CLOSED), E (GIVE_UP) }, S (DONE), DROP | A (FINISH) | A (FAIL) },
    { S (IDLE), { E (CLOSED), E (GIVE_UP) }, S (DONE), DROP | A (FINISH) | A (FAIL) },
    { S (CREATING), { E (CREATED) }, S (LISTING), 0 },
    { S (CREATING), { E (SUSPENDED) }, S (CREATING_UNLISTED), A (CANCEL_REQUESTS) },
    { S (CREATING),
      { E (LISTED_FIRST), E (LISTED_NEXT), E (LISTED_BEHIND), E (LISTED_REFUSED), E (LISTED_ABSENT),
        E (LIST_FAILED) },
      S (CREATING_UNLISTED),
      0 },
    { S (CREATING_UNLISTED), { E (CREATED) }, S (RELISTING), A (LIST) },
    { S (CREATING), { E (CREATED_STALE) }, S (CREATING), DROP | A (FORGET) | A (CREATE) },
    { S (CREATING_UNLISTED), { E (CREATED_STALE) }, S (CREATING), DROP | A (FORGET) | A (CREATE) },
    { S (CREATING), { E (CREATE_EXPIRED) }, S (OUTSIDE), DROP | A (FORGET) },
    { S (CREATING_UNLISTED), { E (CREATE_EXPIRED) }, S (OUTSIDE), DROP | A (FORGET) },
    { S (CREATING), { E (CREATE_FAILED) }, S (DONE), DROP | A (FINISH) | A (FAIL) },
    { S (CREATING_UNLISTED), { E (CREATE_FAILED) }, S (DONE), DROP | A (FINISH) | A (FAIL) },
    { S (CREATING), { E (EXHAUSTED) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) },
    { S (CREATING_UNLISTED), { E (EXHAUSTED) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) },
    { S (CREATING),
      { E (CLOSED), E (GIVE_UP) },
      S (DONE),
      DROP | A (ABANDON_CREATE) | A (FINISH) | A (FAIL) },
    { S (CREATING_UNLISTED),
      { E (CLOSED), E (GIVE_UP) },
      S (DONE),
      DROP | A (ABANDON_CREATE) | A (FINISH) | A (FAIL) },

    /* finding one's place */
    { S (LISTING), { E (LISTED_FIRST) }, S (HELD), GRANT },
    { S (LISTING), { E (LISTED_NEXT) }, S (WATCHING_NEXT), UNWATCH | A (WATCH_OWN) | A (WATCH) },
    { S (LISTING), { E (LISTED_BEHIND) }, S (WATCHING), UNWATCH | A (WATCH_OWN_SOON) | A (WATCH) },
    { S (LISTING), { E (LISTED_REFUSED), E (EXHAUSTED) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) },
    { S (LISTING), { E (LISTED_ABSENT), E (LIST_FAILED) }, S (RELISTING), DROP | A (LIST) },
    { S (RELISTING), { E (LISTED_FIRST) }, S (HELD), GRANT },
    { S (RELISTING), { E (LISTED_NEXT) }, S (WATCHING_NEXT), UNWATCH | A (WATCH_OWN) | A (WATCH) },
    { S (RELISTING), { E (LISTED_BEHIND) }, S (WATCHING), UNWATCH | A (WATCH_OWN_SOON) | A (WATCH) },
    { S (RELISTING),
      { E (LISTED_REFUSED), E (EXHAUSTED), E (LIST_FAILED) },
      S (RELEASING),
      DROP | A (DELETE) | A (FAIL) },
    { S (RELISTING), { E (LISTED_ABSENT) }, S (CREATING), DROP | A (FORGET) | A (CREATE) },
    { S (ADVANCING), { E (LISTED_FIRST) }, S (HELD), GRANT },
    { S (ADVANCING), { E (LISTED_NEXT) }, S (WATCHING_NEXT), UNWATCH | A (WATCH_OWN) | A (WATCH) },
    { S (ADVANCING), { E (LISTED_NEXT_KNOWN) }, S (WATCHING_NEXT), 0 },
    { S (ADVANCING), { E (LISTED_BEHIND) }, S (WATCHING), UNWATCH | A (WATCH_OWN_SOON) | A (WATCH) },
    { S (ADVANCING),
      { E (LISTED_REFUSED), E (EXHAUSTED), E (LIST_FAILED), E (WATCH_FAILED) },
      S (RELEASING),
      DROP | A (DELETE) | A (FAIL) },
    { S (ADVANCING), { E (LISTED_ABSENT) }, S (CREATING), DROP | A (FORGET) | A (CREATE) },
    { S (ADVANCING),
      { E (PREDECESSOR_WATCHED), E (PREDECESSOR_DELETED), E (PREDECESSOR_CHANGED) },
      S (RELISTING),
      UNWATCH },

    /* waiting */
    { S (WATCHING), { E (PREDECESSOR_WATCHED) }, S (WAITING), 0 },
    { S (WATCHING),
      { E (PREDECESSOR_DELETED), E (PREDECESSOR_CHANGED) },
      S (ADVANCING),
      DROP | A (LIST) | A (WATCH_NEAREST) },
    { S (WATCHING), { E (WATCH_FAILED) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) },
    { S (WATCHING_NEXT), { E (PREDECESSOR_WATCHED) }, S (WAITING_NEXT), 0 },
    { S (WATCHING_NEXT), { E (PREDECESSOR_DELETED) }, S (HELD), GRANT },
    { S (WATCHING_NEXT), { E (PREDECESSOR_CHANGED) }, S (RELISTING), DROP | A (LIST) },
    { S (WATCHING_NEXT), { E (WATCH_FAILED) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) },
    { S (WAITING),
      { E (PREDECESSOR_DELETED), E (PREDECESSOR_CHANGED) },
      S (ADVANCING),
      DROP | A (LIST) | A (WATCH_NEAREST) },
    { S (WAITING_NEXT), { E (PREDECESSOR_DELETED) }, S (HELD), GRANT },
    { S (WAITING_NEXT), { E (PREDECESSOR_CHANGED) }, S (RELISTING), DROP | A (LIST) },
    { S (WATCHING), { E (OWN_DUE) }, S (WATCHING), A (WATCH_OWN) },
    { S (WATCHING), { E (OWN_FAILED) }, S (WATCHING), A (WATCH_OWN_SOON) },
    { S (WAITING), { E (OWN_DUE) }, S (WAITING), A (WATCH_OWN) },
    { S (WAITING), { E (OWN_FAILED) }, S (WAITING), A (WATCH_OWN_SOON) },
    { S (LISTING), { E (OWN_CHANGED) }, S (LISTING), A (CHECK) },
    { S (RELISTING), { E (OWN_CHANGED) }, S (RELISTING), A (CHECK) },
    { S (ADVANCING), { E (OWN_CHANGED) }, S (ADVANCING), A (CHECK) },
    { S (WATCHING), { E (OWN_CHANGED) }, S (WATCHING), A (CHECK) },
    { S (WATCHING_NEXT), { E (OWN_CHANGED) }, S (WATCHING_NEXT), A (CHECK) },
    { S (WAITING), { E (OWN_CHANGED) }, S (WAITING), A (CHECK) },
    { S (WAITING_NEXT), { E (OWN_CHANGED) }, S (WAITING_NEXT), A (CHECK) },
    { S (CHECKING), { E (OWN_CHANGED) }, S (CHECKING), A (CHECK) },

    /* suspended while waiting */
    { S (LISTING), { E (SUSPENDED) }, S (PARKED), DROP },
    { S (RELISTING), { E (SUSPENDED) }, S (PARKED), DROP },
    { S (ADVANCING), { E (SUSPENDED) }, S (PARKED), DROP },
    { S (WATCHING), { E (SUSPENDED) }, S (PARKED), DROP },
    { S (WATCHING_NEXT), { E (SUSPENDED) }, S (PARKED), DROP },
    { S (WAITING), { E (SUSPENDED) }, S (PARKED_WATCHED), A (CANCEL_REQUESTS) },
    { S (WAITING_NEXT), { E (SUSPENDED) }, S (PARKED_WATCHED), A (CANCEL_REQUESTS) },
    { S (CHECKING), { E (SUSPENDED) }, S (PARKED_WATCHED), A (CANCEL_REQUESTS) },
    { S (PARKED_WATCHED), { E (PREDECESSOR_DELETED), E (PREDECESSOR_CHANGED) }, S (PARKED), DROP },
    { S (PARKED), { E (RECONNECTED) }, S (RELISTING), DROP | A (LIST) },
    { S (PARKED_WATCHED), { E (RECONNECTED) }, S (CHECKING), A (CHECK) },
    { S (CHECKING), { E (OWN_PRESENT) }, S (WAITING), 0 },
    { S (CHECKING), { E (PREDECESSOR_DELETED), E (PREDECESSOR_CHANGED) }, S (RELISTING), DROP | A (LIST) },
    { S (CHECKING), { E (OWN_FAILED) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) },
    { S (OUTSIDE), { E (RECONNECTED) }, S (CREATING), A (CREATE) },
    { S (OUTSIDE), { E (CLOSED), E (GIVE_UP) }, S (DONE), DROP | A (FINISH) | A (FAIL) },
    { S (PARKED), { E (OWN_GONE) }, S (OUTSIDE), DROP | A (FORGET) },
    { S (PARKED_WATCHED), { E (OWN_GONE) }, S (OUTSIDE), DROP | A (FORGET) },

    /* holding */
    { S (HELD), { E (OWN_DUE) }, S (HELD), A (WATCH_OWN) },
    { S (HELD), { E (OWN_CHANGED) }, S (HELD), A (CHECK) },
    { S (HELD), { E (OWN_FAILED) }, S (HELD), A (WATCH_OWN_SOON) },
    { S (HELD), { E (SUSPENDED) }, S (SUSPECT), A (CANCEL_REQUESTS) | A (SUSPECT) },
    { S (SUSPECT), { E (RECONNECTED) }, S (VERIFYING), A (CHECK) },
    { S (VERIFYING), { E (SUSPENDED) }, S (SUSPECT), A (CANCEL_REQUESTS) },
    { S (VERIFYING), { E (OWN_CHANGED) }, S (VERIFYING), A (CHECK) },
    { S (VERIFYING), { E (OWN_PRESENT) }, S (HELD), A (WATCH_OWN_SOON) | A (RESTORE) },
    { S (VERIFYING), { E (OWN_FAILED) }, S (RELEASING), DROP | A (DELETE) | A (LOSE) },

    /* the end */
    { S (RELEASING), { E (DELETED), E (LOST), E (CLOSED) }, S (DONE), A (FINISH) | A (RELEASED) },
  };

  return rows;
}

/* The rows that hold for every state of a kind. */
std::vector<Row>
RowsOfKinds ()
{
  std::vector<Row> rows;

  for (auto state : { S (LISTING), S (RELISTING), S (ADVANCING), S (WATCHING), S (WATCHING_NEXT), S (WAITING),
                      S (WAITING_NEXT), S (PARKED), S (PARKED_WATCHED), S (CHECKING) })
    {
      rows.push_back ({ state, { E (LOST) }, S (OUTSIDE), DROP | A (FORGET) });
      rows.push_back ({ state, { E (CLOSED) }, S (DONE), DROP | A (FINISH) | A (FAIL) });
      rows.push_back ({ state, { E (GIVE_UP) }, S (RELEASING), DROP | A (DELETE) | A (FAIL) });
      if (state != S (PARKED) && state != S (PARKED_WATCHED))
        rows.push_back ({ state, { E (OWN_GONE) }, S (CREATING), DROP | A (FORGET) | A (CREATE) });
    }
  for (auto state : { S (HELD), S (SUSPECT), S (VERIFYING) })
    {
      rows.push_back (
          { state, { E (OWN_GONE), E (LOST), E (CLOSED) }, S (DONE), DROP | A (FINISH) | A (LOSE) });
      rows.push_back ({ state, { E (RELEASE) }, S (RELEASING), DROP | A (DELETE) });
    }
  return rows;
}

TEST (ContenderMachine, EveryPairDoesWhatItShould)
{
  std::map<std::pair<CuratorContenderState, CuratorContenderEvent>, std::pair<CuratorContenderState, guint> >
      expected;

  for (const auto &rows : { Rows (), RowsOfKinds () })
    for (const Row &row : rows)
      for (auto event : row.events)
        ASSERT_TRUE (
            expected.emplace (std::make_pair (row.state, event), std::make_pair (row.next, row.actions))
                .second)
            << "twice: " << Name (row.state, event);

  for (auto state : AllStates ())
    for (auto event : AllEvents ())
      {
        CuratorContenderState next = state;
        guint actions = curator_contender_machine_step (&next, event);
        auto found = expected.find ({ state, event });
        auto want = found != expected.end () ? found->second : std::make_pair (state, 0u);

        EXPECT_STREQ (curator_contender_state_to_string (want.first),
                      curator_contender_state_to_string (next))
            << Name (state, event);
        EXPECT_EQ (want.second, actions) << Name (state, event);
      }
}

TEST (ContenderMachine, NamesAreDistinct)
{
  std::set<std::string> names;

  for (auto state : AllStates ())
    EXPECT_TRUE (names.insert (curator_contender_state_to_string (state)).second);
  for (auto event : AllEvents ())
    EXPECT_TRUE (names.insert (curator_contender_event_to_string (event)).second);
}

/* A world that remembers what the actions did to it, so that whole histories can be judged. */
struct World
{
  CuratorContenderState state = S (IDLE);
  bool node = false;     /* ours, as far as the contender can know */
  bool creating = false; /* a create is in flight */
  bool granted = false;  /* the owner holds */
  bool over = false;     /* the owner was told of the end: failed, lost or released */
  bool released = false;
  bool deleting = false;

  bool operator<(const World &other) const
  {
    auto key = [] (const World &w) {
      return std::make_tuple (w.state, w.node, w.creating, w.granted, w.over, w.released, w.deleting);
    };
    return key (*this) < key (other);
  }
};

/* The events that the world can produce. */
bool
IsPossible (const World &world, CuratorContenderEvent event)
{
  switch (event)
    {
    case E (START):
    case E (QUEUE):
      return world.state == S (IDLE);
    case E (TURN):
      return world.state == S (QUEUED);
    case E (CREATED):
    case E (CREATED_STALE):
    case E (CREATE_EXPIRED):
    case E (CREATE_FAILED):
      return world.creating;
    case E (EXHAUSTED):
      return world.creating || world.state == S (LISTING) || world.state == S (RELISTING) ||
             world.state == S (ADVANCING);
    case E (RELEASE):
      return world.granted && !world.over;
    case E (GIVE_UP):
      return !world.granted;
    case E (DELETED):
      return world.deleting;
    case E (OWN_DUE):
    case E (OWN_PRESENT):
    case E (OWN_GONE):
    case E (OWN_CHANGED):
    case E (OWN_FAILED):
      return world.node;
    default:
      return world.state != S (IDLE);
    }
}

int
CountOwnerCalls (guint actions)
{
  int count = 0;

  for (guint action : { A (GRANT), A (SUSPECT), A (RESTORE), A (LOSE), A (FAIL), A (RELEASED) })
    count += (actions & action) != 0 ? 1 : 0;
  return count;
}

/* Applies the event and checks what must hold in every history. */
World
Apply (World world, CuratorContenderEvent event)
{
  CuratorContenderState before = world.state;
  std::string name = Name (before, event);

  if (event == E (CREATED) || event == E (CREATED_STALE) || (event == E (EXHAUSTED) && world.creating))
    world.node = true;
  if (event >= E (CREATED) && event <= E (CREATE_FAILED))
    world.creating = false;
  if (event == E (EXHAUSTED))
    world.creating = false;
  if (event == E (LOST) || event == E (CLOSED) || event == E (OWN_GONE))
    world.node = false;
  if (event == E (DELETED) || event == E (LOST) || event == E (CLOSED))
    world.deleting = false;

  guint actions = curator_contender_machine_step (&world.state, event);

  EXPECT_LE (CountOwnerCalls (actions), 1) << name;
  if (actions & A (FORGET))
    world.node = false;
  if (actions & A (ABANDON_CREATE))
    {
      EXPECT_TRUE (world.creating) << name;
      world.creating = false;
    }
  if (actions & A (CREATE))
    {
      EXPECT_FALSE (world.creating) << "two creates: " << name;
      EXPECT_FALSE (world.node) << "a node is left behind: " << name;
      world.creating = true;
    }
  if (actions & A (DELETE))
    {
      EXPECT_TRUE (world.node) << name;
      world.deleting = true;
      world.node = false;
    }
  if (actions & A (GRANT))
    {
      EXPECT_TRUE (world.node) << "granted without a node: " << name;
      EXPECT_FALSE (world.granted) << "granted twice: " << name;
      EXPECT_FALSE (world.over) << name;
      world.granted = true;
    }
  if (actions & (A (SUSPECT) | A (RESTORE)))
    {
      EXPECT_TRUE (world.granted && !world.over) << name;
    }
  if (actions & A (LOSE))
    {
      EXPECT_TRUE (world.granted) << name;
      EXPECT_FALSE (world.over) << "lost twice: " << name;
      world.over = true;
    }
  if (actions & A (FAIL))
    {
      EXPECT_FALSE (world.granted) << name;
      EXPECT_FALSE (world.over) << "failed twice: " << name;
      world.over = true;
    }
  if (actions & A (RELEASED))
    {
      EXPECT_FALSE (world.released) << name;
      world.over = world.released = true;
    }
  EXPECT_EQ (world.state == S (DONE) && before != S (DONE), (actions & A (FINISH)) != 0) << name;
  if (world.state == S (DONE))
    {
      EXPECT_TRUE (world.over) << "the owner never hears of the end: " << name;
      EXPECT_FALSE (world.creating) << "a create outlives the contender: " << name;
      EXPECT_FALSE (world.node) << "a node is left behind: " << name;
    }
  return world;
}

TEST (ContenderMachine, NoHistoryLeavesANodeBehindOrHoldsWithoutOne)
{
  std::set<World> seen = { World () };
  std::queue<World> todo;

  todo.push (World ());
  while (!todo.empty ())
    {
      World world = todo.front ();

      todo.pop ();
      for (auto event : AllEvents ())
        if (IsPossible (world, event))
          {
            World next = Apply (world, event);

            if (seen.insert (next).second)
              todo.push (next);
          }
    }
  /* Every state can be come by. */
  std::set<CuratorContenderState> states;
  for (const World &world : seen)
    states.insert (world.state);
  EXPECT_EQ (AllStates ().size (), states.size ());
}

TEST (ContenderMachine, ClosingEndsEveryHistory)
{
  for (auto state : AllStates ())
    {
      CuratorContenderState next = state;

      curator_contender_machine_step (&next, E (CLOSED));
      EXPECT_EQ (S (DONE), next) << curator_contender_state_to_string (state);
    }
}

/* --- the rank --- */

const char *const patterns[] = { "lock-", "__lock__", nullptr };
const CuratorContenderKind one = { "acquire", "lock-", patterns };

#define UUID_A "_c_00000000-0000-4000-8000-00000000000a-"
#define UUID_B "_c_00000000-0000-4000-8000-00000000000b-"
#define UUID_C "_c_00000000-0000-4000-8000-00000000000c-"
#define KAZOO  "0123456789abcdef0123456789abcdef__lock__"

struct RankRow
{
  const char *title;
  std::vector<const char *> children;
  const char *own;
  bool present;
  bool exhausted;
  guint ahead;
  const char *watch;
  std::vector<std::string> twins;
};

const RankRow rank_rows[] = {
  { "alone", { UUID_A "lock-0000000007" }, UUID_A "lock-0000000007", true, false, 0, nullptr, {} },
  { "not among them",
    { UUID_B "lock-0000000001" },
    UUID_A "lock-0000000007",
    false,
    false,
    1,
    UUID_B "lock-0000000001",
    {} },
  { "nobody there", {}, UUID_A "lock-0000000007", false, false, 0, nullptr, {} },
  { "behind one, in any order of the list",
    { UUID_C "lock-0000000009", UUID_A "lock-0000000007", UUID_B "lock-0000000005" },
    UUID_A "lock-0000000007",
    true,
    false,
    1,
    UUID_B "lock-0000000005",
    {} },
  { "of several the last but one is watched",
    { UUID_B "lock-0000000005", UUID_C "lock-0000000006", "lock-0000000001", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    3,
    UUID_B "lock-0000000005",
    {} },
  { "sequences, not names, decide",
    { "zzz-lock-0000000001", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    1,
    "zzz-lock-0000000001",
    {} },
  { "kazoo holds",
    { KAZOO "0000000003", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    1,
    KAZOO "0000000003",
    {} },
  { "what is not a contender does not count",
    { "garbage", "lock-", "lock-1", "lock-00000000001", "lock-000000000x", "__lock__", "0000000001", "leases",
      "lock-0000000001x", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    0,
    nullptr,
    {} },
  { "the last occurrence of the name counts",
    { "lock-0000000009-lock-0000000001", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    1,
    "lock-0000000009-lock-0000000001",
    {} },
  { "a twin before us is nobody",
    { UUID_A "lock-0000000005", UUID_B "lock-0000000006", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    1,
    UUID_B "lock-0000000006",
    { UUID_A "lock-0000000005" } },
  { "a twin after us is found too",
    { UUID_A "lock-0000000009", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    false,
    0,
    nullptr,
    { UUID_A "lock-0000000009" } },
  { "the counter wrapped behind us",
    { UUID_B "lock--2147483648", UUID_A "lock-0000000007" },
    UUID_A "lock-0000000007",
    true,
    true,
    1,
    UUID_B "lock--2147483648",
    {} },
  { "near the end, but not over it",
    { UUID_B "lock-2147483647", UUID_A "lock-2146483647" },
    UUID_A "lock-2146483647",
    true,
    false,
    0,
    nullptr,
    {} },
};

/* faults: 23 */
TEST (ContenderRank, FindsThePlace)
{
  for (const RankRow &row : rank_rows)
    {
      std::vector<const char *> children = row.children;
      g_auto (CuratorContenderRank) rank = {};
      std::vector<std::string> twins;

      SCOPED_TRACE (row.title);
      children.push_back (nullptr);
      curator_contender_rank_init (&rank, &one, children.data (), row.own);
      for (guint i = 0; rank.twins != nullptr && i < rank.twins->len; i++)
        twins.push_back (static_cast<const char *> (rank.twins->pdata[i]));
      EXPECT_EQ (row.present, rank.present != FALSE);
      EXPECT_EQ (row.exhausted, rank.exhausted != FALSE);
      EXPECT_EQ (row.ahead, rank.ahead);
      EXPECT_STREQ (row.watch, rank.watch);
      EXPECT_EQ (row.twins, twins);
    }
}

/* Writers wait for everybody before them, and a writer's read comes late, with the number of its write. */
TEST (ContenderRank, AnOvertakenOneWatchesTheLastBeforeIt)
{
  static const char *const patterns[] = { "-r-", "-w-", nullptr };
  static const CuratorContenderKind writer = { "write", "-w-", patterns, TRUE, FALSE };
  const char *children[] = { "x-w-0000000005", "x-r-0000000003", "x-r-0000000001", "x-w-0000000002",
                             nullptr };
  g_auto (CuratorContenderRank) rank = {};

  curator_contender_rank_init (&rank, &writer, children, "x-w-0000000005");
  EXPECT_TRUE (rank.present);
  EXPECT_EQ (3u, rank.ahead);
  EXPECT_STREQ ("x-r-0000000003", rank.watch);
}

/* Readers wait for writers only. */
TEST (ContenderRank, PatternsSayWhoCountsAndNotWhoWeAre)
{
  static const char *const patterns[] = { "-w-", nullptr };
  static const CuratorContenderKind reader = { "read", "-r-", patterns, FALSE, FALSE };
  const char *children[] = { "x-r-0000000005", "x-r-0000000003", "x-w-0000000002", "x-w-0000000007",
                             nullptr };
  g_auto (CuratorContenderRank) rank = {};

  curator_contender_rank_init (&rank, &reader, children, "x-r-0000000005");
  EXPECT_TRUE (rank.present);
  EXPECT_EQ (1u, rank.ahead);
  EXPECT_STREQ ("x-w-0000000002", rank.watch);
}

/* Order does not matter, and neither does what the counter has come to. */
TEST (ContenderRank, CountsWhereThereIsNoOrder)
{
  static const char *const patterns[] = { "lease-", nullptr };
  static const CuratorContenderKind lease = { "acquire", "lease-", patterns, FALSE, TRUE };
  const char *children[] = { UUID_A "lease-0000000005",
                             UUID_A "lease-0000000004",
                             UUID_B "lease--2147483648",
                             UUID_B "lease-0000000009",
                             "garbage",
                             nullptr };
  g_auto (CuratorContenderRank) rank = {};

  curator_contender_rank_init (&rank, &lease, children, UUID_A "lease-0000000005");
  EXPECT_TRUE (rank.present);
  EXPECT_FALSE (rank.exhausted);
  EXPECT_EQ (2u, rank.ahead);
  EXPECT_EQ (nullptr, rank.watch);
  ASSERT_NE (nullptr, rank.twins);
  EXPECT_EQ (1u, rank.twins->len);
  EXPECT_TRUE (curator_contender_rank_check_own (&lease, UUID_A "lease--2147483648"));
  EXPECT_FALSE (curator_contender_rank_check_own (&lease, UUID_A "lock-0000000001"));
}

/* faults: 22 */
TEST (ContenderRank, RefusesSequencesNearTheWrap)
{
  EXPECT_TRUE (curator_contender_rank_check_own (&one, UUID_A "lock-0000000000"));
  EXPECT_TRUE (curator_contender_rank_check_own (&one, UUID_A "lock-2146483647"));
  EXPECT_FALSE (curator_contender_rank_check_own (&one, UUID_A "lock-2146483648"));
  EXPECT_FALSE (curator_contender_rank_check_own (&one, UUID_A "lock-2147483647"));
  EXPECT_FALSE (curator_contender_rank_check_own (&one, UUID_A "lock--2147483648"));
  EXPECT_FALSE (curator_contender_rank_check_own (&one, UUID_A "lock--000000001"));
  EXPECT_FALSE (curator_contender_rank_check_own (&one, UUID_A "lock-"));
  EXPECT_FALSE (curator_contender_rank_check_own (&one, "garbage"));
}

TEST (ContenderRank, SortsParticipants)
{
  const char *children[] = { UUID_A "lock-0000000010", "garbage",         KAZOO "0000000009",
                             UUID_B "lock-0000000002", "lock-0000000011", nullptr };
  g_auto (GStrv) sorted = curator_contender_rank_dup_sorted_paths (&one, "/locks/a", children);
  g_auto (GStrv) in_root = curator_contender_rank_dup_sorted_paths (&one, "/", children + 4);
  const char *none[] = { "garbage", nullptr };
  g_auto (GStrv) empty = curator_contender_rank_dup_sorted_paths (&one, "/locks/a", none);

  ASSERT_EQ (4u, g_strv_length (sorted));
  EXPECT_STREQ ("/locks/a/" UUID_B "lock-0000000002", sorted[0]);
  EXPECT_STREQ ("/locks/a/" KAZOO "0000000009", sorted[1]);
  EXPECT_STREQ ("/locks/a/" UUID_A "lock-0000000010", sorted[2]);
  EXPECT_STREQ ("/locks/a/lock-0000000011", sorted[3]);
  EXPECT_STREQ ("/lock-0000000011", in_root[0]);
  EXPECT_EQ (0u, g_strv_length (empty));
}

/* Ten thousand waiters each list ten thousand. */
TEST (ContenderRank, RanksAmongMany)
{
  std::vector<std::string> names;
  std::vector<const char *> children;
  g_auto (CuratorContenderRank) rank = {};

  for (int i = 9999; i >= 0; i--)
    {
      g_autofree char *name = g_strdup_printf ("_c_00000000-0000-4000-8000-%012d-lock-%010d", i, i);

      names.push_back (name);
    }
  for (const std::string &name : names)
    children.push_back (name.c_str ());
  children.push_back (nullptr);
  curator_contender_rank_init (&rank, &one, children.data (), names[0].c_str ());
  EXPECT_EQ (9999u, rank.ahead);
  EXPECT_STREQ (names[2].c_str (), rank.watch);
}

} // namespace
