/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_CONTENDER_##name
#define EVENT(name)  CURATOR_CONTENDER_EVENT_##name
#define ACTION(name) CURATOR_CONTENDER_ACTION_##name

/* No event in flight may reach the next state as if it had been asked for there. */
#define DROP (ACTION (CANCEL_REQUESTS) | ACTION (UNWATCH_PREDECESSOR))

#define GRANTED                                                                                              \
  {                                                                                                          \
    STATE (HELD), ACTION (UNWATCH_PREDECESSOR) | ACTION (WATCH_OWN_SOON) | ACTION (GRANT)                    \
  }
/* Our node went although our session lives: take part anew, at the end. */
#define ENTERED_AGAIN                                                                                        \
  {                                                                                                          \
    STATE (CREATING), DROP | ACTION (FORGET) | ACTION (CREATE)                                               \
  }
#define LEFT_OUTSIDE                                                                                         \
  {                                                                                                          \
    STATE (OUTSIDE), DROP | ACTION (FORGET)                                                                  \
  }
#define LISTED_AGAIN                                                                                         \
  {                                                                                                          \
    STATE (RELISTING), DROP | ACTION (LIST)                                                                  \
  }
/* In the usual case only the one nearest to us is left. Whoever holds but for a moment is gone before a list
 * and then a watch could be answered one after the other. */
#define ADVANCED                                                                                             \
  {                                                                                                          \
    STATE (ADVANCING), DROP | ACTION (LIST) | ACTION (WATCH_NEAREST)                                         \
  }
#define PARKED_UNWATCHED                                                                                     \
  {                                                                                                          \
    STATE (PARKED), DROP                                                                                     \
  }
#define CHECKED_AGAIN                                                                                        \
  {                                                                                                          \
    0, ACTION (CHECK)                                                                                        \
  }
/* Not ours any more, by our own decision: the owner hears at once, the node goes in the background. */
#define WITHDRAWN                                                                                            \
  {                                                                                                          \
    STATE (RELEASING), DROP | ACTION (DELETE) | ACTION (FAIL)                                                \
  }
#define ABANDONED                                                                                            \
  {                                                                                                          \
    STATE (DONE), DROP | ACTION (ABANDON_CREATE) | ACTION (FINISH) | ACTION (FAIL)                           \
  }
#define FAILED                                                                                               \
  {                                                                                                          \
    STATE (DONE), DROP | ACTION (FINISH) | ACTION (FAIL)                                                     \
  }
#define WAS_LOST                                                                                             \
  {                                                                                                          \
    STATE (DONE), DROP | ACTION (FINISH) | ACTION (LOSE)                                                     \
  }
#define GIVEN_BACK                                                                                           \
  {                                                                                                          \
    STATE (RELEASING), DROP | ACTION (DELETE)                                                                \
  }

#define GONE                                                                                                 \
  {                                                                                                          \
    STATE (DONE), ACTION (FINISH) | ACTION (RELEASED)                                                        \
  }

/* The rows of one kind of state that agree. */
#define ANSWERS_OF_CREATE                                                                                    \
  [EVENT (CREATED_STALE)] = ENTERED_AGAIN, [EVENT (CREATE_EXPIRED)] = LEFT_OUTSIDE,                          \
         [EVENT (CREATE_FAILED)] = FAILED, [EVENT (EXHAUSTED)] = WITHDRAWN, [EVENT (CLOSED)] = ABANDONED,    \
         [EVENT (GIVE_UP)] = ABANDONED

#define ANSWERS_OF_LIST                                                                                      \
  [EVENT (LISTED_FIRST)] = GRANTED,                                                                          \
         [EVENT (LISTED_NEXT)] = { STATE (WATCHING_NEXT),                                                    \
                                   ACTION (UNWATCH_PREDECESSOR) | ACTION (WATCH_OWN) | ACTION (WATCH) },     \
         [EVENT (LISTED_BEHIND)] = { STATE (WATCHING), ACTION (UNWATCH_PREDECESSOR) |                        \
                                                           ACTION (WATCH_OWN_SOON) | ACTION (WATCH) },       \
         [EVENT (LISTED_REFUSED)] = WITHDRAWN, [EVENT (EXHAUSTED)] = WITHDRAWN

#define ANSWERS_OF_LATER_LIST                                                                                \
  ANSWERS_OF_LIST, [EVENT (LISTED_ABSENT)] = ENTERED_AGAIN, [EVENT (LIST_FAILED)] = WITHDRAWN

#define NOT_HELD_YET [EVENT (LOST)] = LEFT_OUTSIDE, [EVENT (CLOSED)] = FAILED, [EVENT (GIVE_UP)] = WITHDRAWN

#define NOT_HELD_YET_CONNECTED                                                                               \
  [EVENT (OWN_GONE)] = ENTERED_AGAIN, [EVENT (OWN_CHANGED)] = CHECKED_AGAIN, NOT_HELD_YET

/* A watch on our node costs more than it is worth to who is on his way after a moment. */
#define OWN_WATCHED_LATER                                                                                    \
  [EVENT (OWN_DUE)] = { 0, ACTION (WATCH_OWN) }, [EVENT (OWN_FAILED)] = { 0, ACTION (WATCH_OWN_SOON) }

#define HELD_SOMEHOW                                                                                         \
  [EVENT (OWN_GONE)] = WAS_LOST, [EVENT (LOST)] = WAS_LOST, [EVENT (CLOSED)] = WAS_LOST,                     \
         [EVENT (RELEASE)] = GIVEN_BACK

static const Transition transitions[CURATOR_CONTENDER_N_STATES][CURATOR_CONTENDER_N_EVENTS] = {
  [STATE (IDLE)] = {
    [EVENT (START)] = { STATE (CREATING), ACTION (CREATE) },
    [EVENT (QUEUE)] = { STATE (QUEUED), 0 },
    /* Connected to a server that nothing can be created on. */
    [EVENT (SUSPENDED)] = { STATE (OUTSIDE), 0 },
    [EVENT (CLOSED)] = FAILED,
    [EVENT (GIVE_UP)] = FAILED,
  },
  /* Who has waited goes on waiting where there is no session when the turn comes. */
  [STATE (QUEUED)] = {
    [EVENT (TURN)] = { STATE (OUTSIDE), 0 },
    [EVENT (CLOSED)] = FAILED,
    [EVENT (GIVE_UP)] = FAILED,
  },
  /* The create looks after itself over suspensions and losses: it is answered once. A list that is answered
   * before it, or comes from another connection, says nothing about us. */
  [STATE (CREATING)] = {
    ANSWERS_OF_CREATE,
    [EVENT (CREATED)] = { STATE (LISTING), 0 },
    [EVENT (LISTED_FIRST)] = { STATE (CREATING_UNLISTED), 0 },
    [EVENT (LISTED_NEXT)] = { STATE (CREATING_UNLISTED), 0 },
    [EVENT (LISTED_BEHIND)] = { STATE (CREATING_UNLISTED), 0 },
    [EVENT (LISTED_REFUSED)] = { STATE (CREATING_UNLISTED), 0 },
    [EVENT (LISTED_ABSENT)] = { STATE (CREATING_UNLISTED), 0 },
    [EVENT (LIST_FAILED)] = { STATE (CREATING_UNLISTED), 0 },
    [EVENT (SUSPENDED)] = { STATE (CREATING_UNLISTED), ACTION (CANCEL_REQUESTS) },
  },
  [STATE (CREATING_UNLISTED)] = {
    ANSWERS_OF_CREATE,
    [EVENT (CREATED)] = { STATE (RELISTING), ACTION (LIST) },
  },
  /* Whenever a list has our node in it, it has everyone before us too. If not, then the list overtook the
   * create that was tried again. */
  [STATE (LISTING)] = {
    ANSWERS_OF_LIST,
    NOT_HELD_YET_CONNECTED,
    [EVENT (LISTED_ABSENT)] = LISTED_AGAIN,
    [EVENT (LIST_FAILED)] = LISTED_AGAIN,
    [EVENT (SUSPENDED)] = PARKED_UNWATCHED,
  },
  [STATE (RELISTING)] = {
    ANSWERS_OF_LATER_LIST,
    NOT_HELD_YET_CONNECTED,
    [EVENT (SUSPENDED)] = PARKED_UNWATCHED,
  },
  /* The watch was set later than the list was made, as if it had been asked for by what the list says. If it
   * is answered before the list, that was made later, and says whom to watch. */
  [STATE (ADVANCING)] = {
    ANSWERS_OF_LATER_LIST,
    NOT_HELD_YET_CONNECTED,
    [EVENT (LISTED_NEXT_KNOWN)] = { STATE (WATCHING_NEXT), 0 },
    [EVENT (PREDECESSOR_WATCHED)] = { STATE (RELISTING), ACTION (UNWATCH_PREDECESSOR) },
    [EVENT (PREDECESSOR_DELETED)] = { STATE (RELISTING), ACTION (UNWATCH_PREDECESSOR) },
    [EVENT (PREDECESSOR_CHANGED)] = { STATE (RELISTING), ACTION (UNWATCH_PREDECESSOR) },
    [EVENT (WATCH_FAILED)] = WITHDRAWN,
    [EVENT (SUSPENDED)] = PARKED_UNWATCHED,
  },
  /* Of those before us anybody may have left from the middle, so that only a list tells where we are now. */
  [STATE (WATCHING)] = {
    NOT_HELD_YET_CONNECTED,
    OWN_WATCHED_LATER,
    [EVENT (PREDECESSOR_WATCHED)] = { STATE (WAITING), 0 },
    [EVENT (PREDECESSOR_DELETED)] = ADVANCED,
    [EVENT (PREDECESSOR_CHANGED)] = ADVANCED,
    [EVENT (WATCH_FAILED)] = WITHDRAWN,
    [EVENT (SUSPENDED)] = PARKED_UNWATCHED,
  },
  /* Nobody can get in front of us: sequences only grow. So no list is needed when the last one goes, as long
   * as our own node is known to be there. */
  [STATE (WATCHING_NEXT)] = {
    NOT_HELD_YET_CONNECTED,
    [EVENT (PREDECESSOR_WATCHED)] = { STATE (WAITING_NEXT), 0 },
    [EVENT (PREDECESSOR_DELETED)] = GRANTED,
    [EVENT (PREDECESSOR_CHANGED)] = LISTED_AGAIN,
    [EVENT (WATCH_FAILED)] = WITHDRAWN,
    [EVENT (SUSPENDED)] = PARKED_UNWATCHED,
  },
  [STATE (WAITING)] = {
    NOT_HELD_YET_CONNECTED,
    OWN_WATCHED_LATER,
    [EVENT (PREDECESSOR_DELETED)] = ADVANCED,
    [EVENT (PREDECESSOR_CHANGED)] = ADVANCED,
    [EVENT (SUSPENDED)] = { STATE (PARKED_WATCHED), ACTION (CANCEL_REQUESTS) },
  },
  [STATE (WAITING_NEXT)] = {
    NOT_HELD_YET_CONNECTED,
    [EVENT (PREDECESSOR_DELETED)] = GRANTED,
    [EVENT (PREDECESSOR_CHANGED)] = LISTED_AGAIN,
    [EVENT (SUSPENDED)] = { STATE (PARKED_WATCHED), ACTION (CANCEL_REQUESTS) },
  },
  [STATE (PARKED)] = {
    NOT_HELD_YET,
    [EVENT (OWN_GONE)] = LEFT_OUTSIDE,
    [EVENT (RECONNECTED)] = LISTED_AGAIN,
  },
  [STATE (PARKED_WATCHED)] = {
    NOT_HELD_YET,
    [EVENT (OWN_GONE)] = LEFT_OUTSIDE,
    [EVENT (PREDECESSOR_DELETED)] = PARKED_UNWATCHED,
    [EVENT (PREDECESSOR_CHANGED)] = PARKED_UNWATCHED,
    [EVENT (RECONNECTED)] = { STATE (CHECKING), ACTION (CHECK) },
  },
  [STATE (CHECKING)] = {
    NOT_HELD_YET_CONNECTED,
    [EVENT (PREDECESSOR_DELETED)] = LISTED_AGAIN,
    [EVENT (PREDECESSOR_CHANGED)] = LISTED_AGAIN,
    [EVENT (OWN_PRESENT)] = { STATE (WAITING), 0 },
    [EVENT (OWN_FAILED)] = WITHDRAWN,
    [EVENT (SUSPENDED)] = { STATE (PARKED_WATCHED), ACTION (CANCEL_REQUESTS) },
  },
  [STATE (OUTSIDE)] = {
    [EVENT (RECONNECTED)] = { STATE (CREATING), ACTION (CREATE) },
    [EVENT (CLOSED)] = FAILED,
    [EVENT (GIVE_UP)] = FAILED,
  },
  [STATE (HELD)] = {
    HELD_SOMEHOW,
    OWN_WATCHED_LATER,
    [EVENT (OWN_CHANGED)] = CHECKED_AGAIN,
    [EVENT (SUSPENDED)] = { STATE (SUSPECT), ACTION (CANCEL_REQUESTS) | ACTION (SUSPECT) },
  },
  [STATE (SUSPECT)] = {
    HELD_SOMEHOW,
    [EVENT (RECONNECTED)] = { STATE (VERIFYING), ACTION (CHECK) },
  },
  [STATE (VERIFYING)] = {
    HELD_SOMEHOW,
    [EVENT (OWN_PRESENT)] = { STATE (HELD), ACTION (WATCH_OWN_SOON) | ACTION (RESTORE) },
    [EVENT (OWN_CHANGED)] = CHECKED_AGAIN,
    [EVENT (OWN_FAILED)] = { STATE (RELEASING), DROP | ACTION (DELETE) | ACTION (LOSE) },
    [EVENT (SUSPENDED)] = { STATE (SUSPECT), ACTION (CANCEL_REQUESTS) },
  },
  /* The end of the session does what the delete was to do. */
  [STATE (RELEASING)] = {
    [EVENT (DELETED)] = GONE,
    [EVENT (LOST)] = GONE,
    [EVENT (CLOSED)] = GONE,
  },
};

#ifdef CURATOR_MUTANTS
#define MUTATION(guard, state, event, ...)                                                                   \
  {                                                                                                          \
    CURATOR_GUARD_##guard, STATE (state), EVENT (event), __VA_ARGS__                                         \
  }

/* What would happen without the guard. */
static const struct
{
  CuratorGuard guard;
  CuratorContenderState state;
  CuratorContenderEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (RELIST_WHEN_BEHIND, WATCHING, PREDECESSOR_DELETED, GRANTED),
  MUTATION (RELIST_WHEN_BEHIND, WAITING, PREDECESSOR_DELETED, GRANTED),
  MUTATION (RELIST_AFTER_RECONNECT, PARKED, RECONNECTED, { STATE (WAITING), 0 }),
  MUTATION (VERIFY_AFTER_RECONNECT, SUSPECT, RECONNECTED, { STATE (HELD), ACTION (RESTORE) }),
  MUTATION (SUSPECT_WHEN_SUSPENDED, HELD, SUSPENDED, { 0, 0 }),
  MUTATION (LOSE_WITH_SESSION, HELD, LOST, { 0, 0 }),
  MUTATION (LOSE_WITH_SESSION, SUSPECT, LOST, { 0, 0 }),
  MUTATION (LOSE_WITH_SESSION, VERIFYING, LOST, { 0, 0 }),
  MUTATION (LOSE_WITH_NODE, HELD, OWN_GONE, { 0, 0 }),
  MUTATION (LOSE_WITH_NODE, VERIFYING, OWN_GONE, { STATE (HELD), ACTION (RESTORE) }),
  MUTATION (ENTER_AGAIN, WAITING, OWN_GONE, { 0, 0 }),
  MUTATION (ENTER_AGAIN, WAITING_NEXT, OWN_GONE, { 0, 0 }),
  MUTATION (ENTER_AGAIN, RELISTING, LISTED_ABSENT, { STATE (WAITING), 0 }),
};

static const Transition *
find_transition (CuratorContenderState state, CuratorContenderEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorContenderState state, CuratorContenderEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorContenderActions
curator_contender_machine_step (CuratorContenderState *state, CuratorContenderEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_contender_state_to_string (CuratorContenderState state)
{
  static const char *const names[CURATOR_CONTENDER_N_STATES] = {
    [STATE (IDLE)] = "idle",           [STATE (QUEUED)] = "queued",
    [STATE (CREATING)] = "creating",   [STATE (CREATING_UNLISTED)] = "creating-unlisted",
    [STATE (LISTING)] = "listing",     [STATE (RELISTING)] = "relisting",
    [STATE (ADVANCING)] = "advancing",
    [STATE (WATCHING)] = "watching",   [STATE (WATCHING_NEXT)] = "watching-next",
    [STATE (WAITING)] = "waiting",     [STATE (WAITING_NEXT)] = "waiting-next",
    [STATE (PARKED)] = "parked",       [STATE (PARKED_WATCHED)] = "parked-watched",
    [STATE (CHECKING)] = "checking",   [STATE (OUTSIDE)] = "outside",
    [STATE (HELD)] = "held",           [STATE (SUSPECT)] = "suspect",
    [STATE (VERIFYING)] = "verifying", [STATE (RELEASING)] = "releasing",
    [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_contender_event_to_string (CuratorContenderEvent event)
{
  static const char *const names[CURATOR_CONTENDER_N_EVENTS] = {
    [EVENT (START)] = "start",
    [EVENT (QUEUE)] = "queue",
    [EVENT (TURN)] = "turn",
    [EVENT (CREATED)] = "created",
    [EVENT (CREATED_STALE)] = "created-stale",
    [EVENT (CREATE_EXPIRED)] = "create-expired",
    [EVENT (CREATE_FAILED)] = "create-failed",
    [EVENT (LISTED_FIRST)] = "listed-first",
    [EVENT (LISTED_NEXT)] = "listed-next",
    [EVENT (LISTED_NEXT_KNOWN)] = "listed-next-known",
    [EVENT (LISTED_BEHIND)] = "listed-behind",
    [EVENT (LISTED_REFUSED)] = "listed-refused",
    [EVENT (LISTED_ABSENT)] = "listed-absent",
    [EVENT (LIST_FAILED)] = "list-failed",
    [EVENT (EXHAUSTED)] = "exhausted",
    [EVENT (PREDECESSOR_WATCHED)] = "predecessor-watched",
    [EVENT (PREDECESSOR_DELETED)] = "predecessor-deleted",
    [EVENT (PREDECESSOR_CHANGED)] = "predecessor-changed",
    [EVENT (WATCH_FAILED)] = "watch-failed",
    [EVENT (OWN_DUE)] = "own-due",
    [EVENT (OWN_PRESENT)] = "own-present",
    [EVENT (OWN_GONE)] = "own-gone",
    [EVENT (OWN_CHANGED)] = "own-changed",
    [EVENT (OWN_FAILED)] = "own-failed",
    [EVENT (SUSPENDED)] = "suspended",
    [EVENT (RECONNECTED)] = "reconnected",
    [EVENT (LOST)] = "lost",
    [EVENT (CLOSED)] = "closed",
    [EVENT (GIVE_UP)] = "give-up",
    [EVENT (RELEASE)] = "release",
    [EVENT (DELETED)] = "deleted",
  };

  return names[event];
}
