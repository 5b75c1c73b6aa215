/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-candidate-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_CANDIDATE_##name
#define EVENT(name)  CURATOR_CANDIDATE_EVENT_##name
#define ACTION(name) CURATOR_CANDIDATE_ACTION_##name

#define FINISHED                                                                                             \
  {                                                                                                          \
    STATE (CLOSED), ACTION (FORGET) | ACTION (FINISH)                                                        \
  }
#define ENTERED_NOW                                                                                          \
  {                                                                                                          \
    STATE (ENTERED), ACTION (ENTER)                                                                          \
  }
#define TURN_OVER                                                                                            \
  {                                                                                                          \
    STATE (IDLE), ACTION (FORGET)                                                                            \
  }

static const Transition transitions[CURATOR_CANDIDATE_N_STATES][CURATOR_CANDIDATE_N_EVENTS] = {
  [STATE (IDLE)] = {
    [EVENT (WANTED)] = ENTERED_NOW,
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (CLOSE)] = FINISHED,
  },
  /* The contender looks after itself over suspensions and sessions until it leads. */
  [STATE (ENTERED)] = {
    [EVENT (GRANTED)] = { STATE (LEADING), ACTION (TAKE) | ACTION (GAIN) },
    [EVENT (FAILED)] = { STATE (PAUSED), ACTION (FORGET) | ACTION (PAUSE) },
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (CLOSE)] = { STATE (CLOSING), ACTION (GIVE_UP) },
  },
  [STATE (LEADING)] = {
    [EVENT (SUSPECT)] = { STATE (SUSPENDED), ACTION (LOSE) },
    [EVENT (GIVEN_BACK)] = { STATE (LEAVING), ACTION (LOSE) },
    [EVENT (LOST)] = { STATE (IDLE), ACTION (LOSE) | ACTION (FORGET) },
    [EVENT (CLIENT_CLOSED)] = { STATE (CLOSED), ACTION (LOSE) | ACTION (FORGET) | ACTION (FINISH) },
    [EVENT (CLOSE)] = { STATE (CLOSING), ACTION (LOSE) | ACTION (RELEASE) },
  },
  /* The node is there still, as far as is known: nobody else leads, and another turn would wait behind it. */
  [STATE (SUSPENDED)] = {
    [EVENT (RESTORED)] = { STATE (LEADING), ACTION (GAIN) },
    [EVENT (GIVEN_BACK)] = { STATE (LEAVING), 0 },
    [EVENT (LOST)] = TURN_OVER,
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (CLOSE)] = { STATE (CLOSING), ACTION (RELEASE) },
  },
  [STATE (LEAVING)] = {
    [EVENT (RELEASED)] = TURN_OVER,
    [EVENT (LOST)] = TURN_OVER,
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (CLOSE)] = { STATE (CLOSING), 0 },
  },
  [STATE (PAUSED)] = {
    [EVENT (PAUSE_OVER)] = ENTERED_NOW,
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (CLOSE)] = FINISHED,
  },
  /* Whatever ends the turn, there is no other one. */
  [STATE (CLOSING)] = {
    [EVENT (LOST)] = FINISHED,
    [EVENT (RELEASED)] = FINISHED,
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (OUT)] = FINISHED,
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
  CuratorCandidateState state;
  CuratorCandidateEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (CANDIDATE_TRIES_AGAIN, ENTERED, FAILED, { STATE (PAUSED), ACTION (FORGET) }),
  MUTATION (CANDIDATE_LOSES_WHEN_SUSPECT, LEADING, SUSPECT, { 0, 0 }),
  MUTATION (CANDIDATE_STAYS_CLOSED, CLOSING, FAILED, { STATE (ENTERED), ACTION (FORGET) | ACTION (ENTER) }),
};

static const Transition *
find_transition (CuratorCandidateState state, CuratorCandidateEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorCandidateState state, CuratorCandidateEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorCandidateActions
curator_candidate_machine_step (CuratorCandidateState *state, CuratorCandidateEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_candidate_state_to_string (CuratorCandidateState state)
{
  static const char *const names[CURATOR_CANDIDATE_N_STATES] = {
    [STATE (IDLE)] = "idle",           [STATE (ENTERED)] = "entered", [STATE (LEADING)] = "leading",
    [STATE (SUSPENDED)] = "suspended", [STATE (LEAVING)] = "leaving", [STATE (PAUSED)] = "paused",
    [STATE (CLOSING)] = "closing",     [STATE (CLOSED)] = "closed",
  };

  return names[state];
}

const char *
curator_candidate_event_to_string (CuratorCandidateEvent event)
{
  static const char *const names[CURATOR_CANDIDATE_N_EVENTS] = {
    [EVENT (WANTED)] = "wanted",
    [EVENT (GRANTED)] = "granted",
    [EVENT (SUSPECT)] = "suspect",
    [EVENT (RESTORED)] = "restored",
    [EVENT (LOST)] = "lost",
    [EVENT (GIVEN_BACK)] = "given-back",
    [EVENT (RELEASED)] = "released",
    [EVENT (FAILED)] = "failed",
    [EVENT (PAUSE_OVER)] = "pause-over",
    [EVENT (CLIENT_CLOSED)] = "client-closed",
    [EVENT (CLOSE)] = "close",
    [EVENT (OUT)] = "out",
  };

  return names[event];
}
