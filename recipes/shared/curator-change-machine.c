/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-change-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_CHANGE_##name
#define EVENT(name)  CURATOR_CHANGE_EVENT_##name
#define ACTION(name) CURATOR_CHANGE_ACTION_##name

#define READ_NOW                                                                                             \
  {                                                                                                          \
    STATE (READING), ACTION (READ)                                                                           \
  }
#define CHECKED_NOW                                                                                          \
  {                                                                                                          \
    STATE (CHECKING), ACTION (CHECK)                                                                         \
  }
#define DECIDED_NOW                                                                                          \
  {                                                                                                          \
    STATE (BEATEN), ACTION (DECIDE)                                                                          \
  }
#define ENDED_WITH(action)                                                                                   \
  {                                                                                                          \
    STATE (DONE), ACTION (DROP) | ACTION (action)                                                            \
  }
/* Who gives up is told so by himself. */
#define CAN_BE_GIVEN_UP [EVENT (GIVE_UP)] = { STATE (DONE), ACTION (DROP) }

static const Transition transitions[CURATOR_CHANGE_N_STATES][CURATOR_CHANGE_N_EVENTS] = {
  [STATE (IDLE)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (START)] = READ_NOW,
    [EVENT (START_KNOWN)] = { STATE (WRITING), ACTION (WRITE) },
    [EVENT (START_FORCED)] = { STATE (FORCING), ACTION (WRITE) },
  },
  [STATE (READING)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (WANTED)] = { STATE (WRITING), ACTION (WRITE) },
    [EVENT (SETTLED)] = ENDED_WITH (RETURN),
    [EVENT (UNSURE)] = READ_NOW,
    [EVENT (READ_FAILED)] = ENDED_WITH (FAIL),
  },
  [STATE (WRITING)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (WRITTEN)] = ENDED_WITH (SUCCEED),
    [EVENT (CONFLICT)] = DECIDED_NOW,
    [EVENT (LOST)] = CHECKED_NOW,
    [EVENT (UNSENT)] = READ_NOW,
    [EVENT (REFUSED)] = ENDED_WITH (FAIL),
  },
  [STATE (CHECKING)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (UNTOUCHED)] = { STATE (REWRITING), ACTION (WRITE) },
    [EVENT (OVERTAKEN)] = DECIDED_NOW,
    [EVENT (UNCLEAR)] = ENDED_WITH (FAIL_OPEN),
    [EVENT (CHECK_FAILED)] = ENDED_WITH (FAIL_OPEN),
  },
  /* Of two that are the same the first one that comes is applied, and the other one is in conflict with it. */
  [STATE (REWRITING)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (WRITTEN)] = ENDED_WITH (SUCCEED),
    [EVENT (CONFLICT)] = CHECKED_NOW,
    [EVENT (LOST)] = CHECKED_NOW,
    [EVENT (UNSENT)] = CHECKED_NOW,
    [EVENT (REFUSED)] = ENDED_WITH (FAIL_OPEN),
  },
  /* It can be written again as often as is needed, which is not for here to do. */
  [STATE (FORCING)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (WRITTEN)] = ENDED_WITH (SUCCEED),
    [EVENT (CONFLICT)] = ENDED_WITH (FAIL),
    [EVENT (LOST)] = ENDED_WITH (FAIL),
    [EVENT (UNSENT)] = ENDED_WITH (FAIL),
    [EVENT (REFUSED)] = ENDED_WITH (FAIL),
  },
  [STATE (BEATEN)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (RETRY)] = { STATE (PAUSED), ACTION (PAUSE) },
    [EVENT (PROMOTE)] = { STATE (LOCKING), ACTION (LOCK) },
    [EVENT (EXHAUSTED)] = ENDED_WITH (RETURN),
  },
  [STATE (PAUSED)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (PAUSE_OVER)] = READ_NOW,
  },
  [STATE (LOCKING)] = {
    CAN_BE_GIVEN_UP,
    [EVENT (LOCKED)] = READ_NOW,
    [EVENT (LOCK_TIMED_OUT)] = ENDED_WITH (RETURN),
    [EVENT (LOCK_FAILED)] = ENDED_WITH (FAIL),
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
  CuratorChangeState state;
  CuratorChangeEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (CHANGE_CHECKS_LOST, WRITING, LOST, READ_NOW),
  MUTATION (CHANGE_TELLS_UNCLEAR, CHECKING, UNCLEAR, ENDED_WITH (SUCCEED)),
  MUTATION (CHANGE_STAYS_OPEN, REWRITING, CONFLICT, DECIDED_NOW),
};

static const Transition *
find_transition (CuratorChangeState state, CuratorChangeEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorChangeState state, CuratorChangeEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorChangeActions
curator_change_machine_step (CuratorChangeState *state, CuratorChangeEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_change_state_to_string (CuratorChangeState state)
{
  static const char *const names[CURATOR_CHANGE_N_STATES] = {
    [STATE (IDLE)] = "idle",         [STATE (READING)] = "reading",     [STATE (WRITING)] = "writing",
    [STATE (CHECKING)] = "checking", [STATE (REWRITING)] = "rewriting", [STATE (FORCING)] = "forcing",
    [STATE (BEATEN)] = "beaten",     [STATE (PAUSED)] = "paused",       [STATE (LOCKING)] = "locking",
    [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_change_event_to_string (CuratorChangeEvent event)
{
  static const char *const names[CURATOR_CHANGE_N_EVENTS] = {
    [EVENT (START)] = "start",
    [EVENT (START_KNOWN)] = "start-known",
    [EVENT (START_FORCED)] = "start-forced",
    [EVENT (WANTED)] = "wanted",
    [EVENT (SETTLED)] = "settled",
    [EVENT (UNSURE)] = "unsure",
    [EVENT (READ_FAILED)] = "read-failed",
    [EVENT (WRITTEN)] = "written",
    [EVENT (CONFLICT)] = "conflict",
    [EVENT (LOST)] = "lost",
    [EVENT (UNSENT)] = "unsent",
    [EVENT (REFUSED)] = "refused",
    [EVENT (UNTOUCHED)] = "untouched",
    [EVENT (OVERTAKEN)] = "overtaken",
    [EVENT (UNCLEAR)] = "unclear",
    [EVENT (CHECK_FAILED)] = "check-failed",
    [EVENT (RETRY)] = "retry",
    [EVENT (PROMOTE)] = "promote",
    [EVENT (EXHAUSTED)] = "exhausted",
    [EVENT (PAUSE_OVER)] = "pause-over",
    [EVENT (LOCKED)] = "locked",
    [EVENT (LOCK_TIMED_OUT)] = "lock-timed-out",
    [EVENT (LOCK_FAILED)] = "lock-failed",
    [EVENT (GIVE_UP)] = "give-up",
  };

  return names[event];
}
