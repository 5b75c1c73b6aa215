/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-barrier-wait-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_BARRIER_WAIT_##name
#define EVENT(name)  CURATOR_BARRIER_WAIT_EVENT_##name
#define ACTION(name) CURATOR_BARRIER_WAIT_ACTION_##name

#define CHECKED_NOW                                                                                          \
  {                                                                                                          \
    STATE (CHECKING), ACTION (CHECK)                                                                         \
  }
#define GIVEN_UP                                                                                             \
  {                                                                                                          \
    STATE (DONE), ACTION (FINISH)                                                                            \
  }

static const Transition transitions[CURATOR_BARRIER_WAIT_N_STATES][CURATOR_BARRIER_WAIT_N_EVENTS] = {
  [STATE (IDLE)] = {
    [EVENT (START)] = CHECKED_NOW,
    [EVENT (GIVE_UP)] = GIVEN_UP,
  },
  [STATE (CHECKING)] = {
    [EVENT (SET)] = { STATE (WAITING), 0 },
    [EVENT (OPEN)] = { STATE (DONE), ACTION (FINISH) | ACTION (PASS) },
    [EVENT (UNSURE)] = CHECKED_NOW,
    [EVENT (FAILED)] = { STATE (DONE), ACTION (FINISH) | ACTION (FAIL) },
    [EVENT (GIVE_UP)] = GIVEN_UP,
  },
  /* That something happened to the node does not say that it has gone. */
  [STATE (WAITING)] = {
    [EVENT (TOUCHED)] = CHECKED_NOW,
    [EVENT (GIVE_UP)] = GIVEN_UP,
  },
};

CuratorBarrierWaitActions
curator_barrier_wait_machine_step (CuratorBarrierWaitState *state, CuratorBarrierWaitEvent event)
{
  const Transition *transition = &transitions[*state][event];
  static const Transition passed = { STATE (DONE), ACTION (FINISH) | ACTION (PASS) };

  if (*state == STATE (WAITING) && event == EVENT (TOUCHED) && !CURATOR_GUARD (BARRIER_CHECKS_AGAIN))
    transition = &passed;
  if (*state == STATE (CHECKING) && event == EVENT (UNSURE) && !CURATOR_GUARD (BARRIER_SYNCS))
    transition = &passed;
  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_barrier_wait_state_to_string (CuratorBarrierWaitState state)
{
  static const char *const names[CURATOR_BARRIER_WAIT_N_STATES] = {
    [STATE (IDLE)] = "idle",
    [STATE (CHECKING)] = "checking",
    [STATE (WAITING)] = "waiting",
    [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_barrier_wait_event_to_string (CuratorBarrierWaitEvent event)
{
  static const char *const names[CURATOR_BARRIER_WAIT_N_EVENTS] = {
    [EVENT (START)] = "start",     [EVENT (SET)] = "set",       [EVENT (OPEN)] = "open",
    [EVENT (UNSURE)] = "unsure",   [EVENT (FAILED)] = "failed", [EVENT (TOUCHED)] = "touched",
    [EVENT (GIVE_UP)] = "give-up",
  };

  return names[event];
}
