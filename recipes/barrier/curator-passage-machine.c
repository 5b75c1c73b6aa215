/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-passage-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_PASSAGE_##name
#define EVENT(name)  CURATOR_PASSAGE_EVENT_##name
#define ACTION(name) CURATOR_PASSAGE_ACTION_##name

#define CREATED_NOW                                                                                          \
  {                                                                                                          \
    STATE (CREATING), ACTION (CREATE)                                                                        \
  }
#define LOOKED_AT                                                                                            \
  {                                                                                                          \
    STATE (LOOKING), ACTION (LOOK)                                                                           \
  }
#define LISTED_NOW                                                                                           \
  {                                                                                                          \
    STATE (LISTING), ACTION (LIST)                                                                           \
  }
#define CLOSED_NOW                                                                                           \
  {                                                                                                          \
    STATE (CLOSING), ACTION (CLOSE)                                                                          \
  }
#define PASSED                                                                                               \
  {                                                                                                          \
    STATE (DONE), ACTION (FINISH) | ACTION (PASS)                                                            \
  }
/* Who does not get through leaves no node behind, that others might count or wait for. */
#define ENDS                                                                                                 \
  [EVENT (FAILED)] = { STATE (DONE), ACTION (FINISH) | ACTION (CLEAN) | ACTION (FAIL) },                     \
         [EVENT (GIVE_UP)] = { STATE (DONE), ACTION (FINISH) | ACTION (CLEAN) }

static const Transition transitions[CURATOR_PASSAGE_N_STATES][CURATOR_PASSAGE_N_EVENTS] = {
  [STATE (IDLE)] = {
    [EVENT (ENTER)] = CREATED_NOW,
    [EVENT (ENTER_DIRTY)] = { STATE (CLEANING), ACTION (CLEAN) },
    [EVENT (LEAVE)] = LISTED_NOW,
  },
  [STATE (CLEANING)] = {
    ENDS,
    [EVENT (CLEAN)] = CREATED_NOW,
  },
  [STATE (CREATING)] = {
    ENDS,
    [EVENT (CREATED)] = LOOKED_AT,
  },
  [STATE (LOOKING)] = {
    ENDS,
    [EVENT (ABSENT)] = CREATED_NOW,
    [EVENT (STALE)] = { STATE (CLEANING), ACTION (CLEAN) },
    [EVENT (SHORT)] = { STATE (WAITING), 0 },
    [EVENT (FULL)] = { STATE (OPENING), ACTION (OPEN) },
    [EVENT (OPEN)] = PASSED,
    [EVENT (LEFTOVER)] = { STATE (SWEEPING), ACTION (SWEEP) },
    [EVENT (TOUCHED)] = LOOKED_AT,
  },
  /* That somebody has opened it means that all were there, wherever they are now. */
  [STATE (WAITING)] = {
    ENDS,
    [EVENT (OPEN)] = PASSED,
    [EVENT (TOUCHED)] = LOOKED_AT,
  },
  [STATE (SWEEPING)] = {
    ENDS,
    [EVENT (SWEPT)] = LOOKED_AT,
  },
  [STATE (OPENING)] = {
    ENDS,
    [EVENT (OPENED)] = PASSED,
    [EVENT (NOT_OPENED)] = LOOKED_AT,
  },
  /* Whoever was waited for, nobody is through before the list is empty. */
  [STATE (LISTING)] = {
    ENDS,
    [EVENT (NOBODY)] = CLOSED_NOW,
    [EVENT (ALONE)] = { STATE (PARTING), ACTION (CLEAN) },
    [EVENT (LOWEST)] = { STATE (WATCHING), ACTION (WATCH) },
    [EVENT (OTHERS)] = { STATE (WATCHING), ACTION (WATCH) | ACTION (CLEAN) },
    [EVENT (TOUCHED)] = LISTED_NOW,
  },
  [STATE (WATCHING)] = {
    ENDS,
    [EVENT (WATCHED)] = { STATE (STAYING), 0 },
    [EVENT (UNWATCHED)] = LISTED_NOW,
    [EVENT (TOUCHED)] = LISTED_NOW,
  },
  [STATE (STAYING)] = {
    ENDS,
    [EVENT (TOUCHED)] = LISTED_NOW,
  },
  [STATE (PARTING)] = {
    ENDS,
    [EVENT (CLEAN)] = CLOSED_NOW,
  },
  [STATE (CLOSING)] = {
    ENDS,
    [EVENT (CLOSED)] = PASSED,
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
  CuratorPassageState state;
  CuratorPassageEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (PASSAGE_LISTS_AGAIN, STAYING, TOUCHED, CLOSED_NOW),
  MUTATION (PASSAGE_TAKES_NODE_AWAY, WAITING, GIVE_UP, { STATE (DONE), ACTION (FINISH) }),
  MUTATION (PASSAGE_TAKES_NODE_AWAY, CREATING, GIVE_UP, { STATE (DONE), ACTION (FINISH) }),
};

static const Transition *
find_transition (CuratorPassageState state, CuratorPassageEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorPassageState state, CuratorPassageEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorPassageActions
curator_passage_machine_step (CuratorPassageState *state, CuratorPassageEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_passage_state_to_string (CuratorPassageState state)
{
  static const char *const names[CURATOR_PASSAGE_N_STATES] = {
    [STATE (IDLE)] = "idle",       [STATE (CLEANING)] = "cleaning", [STATE (CREATING)] = "creating",
    [STATE (LOOKING)] = "looking", [STATE (WAITING)] = "waiting",   [STATE (SWEEPING)] = "sweeping",
    [STATE (OPENING)] = "opening", [STATE (LISTING)] = "listing",   [STATE (WATCHING)] = "watching",
    [STATE (STAYING)] = "staying", [STATE (PARTING)] = "parting",   [STATE (CLOSING)] = "closing",
    [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_passage_event_to_string (CuratorPassageEvent event)
{
  static const char *const names[CURATOR_PASSAGE_N_EVENTS] = {
    [EVENT (ENTER)] = "enter",       [EVENT (ENTER_DIRTY)] = "enter-dirty",
    [EVENT (LEAVE)] = "leave",       [EVENT (CLEAN)] = "clean",
    [EVENT (CREATED)] = "created",   [EVENT (ABSENT)] = "absent",
    [EVENT (STALE)] = "stale",       [EVENT (SHORT)] = "short",
    [EVENT (FULL)] = "full",         [EVENT (OPEN)] = "open",
    [EVENT (LEFTOVER)] = "leftover", [EVENT (SWEPT)] = "swept",
    [EVENT (OPENED)] = "opened",     [EVENT (NOT_OPENED)] = "not-opened",
    [EVENT (NOBODY)] = "nobody",     [EVENT (ALONE)] = "alone",
    [EVENT (LOWEST)] = "lowest",     [EVENT (OTHERS)] = "others",
    [EVENT (WATCHED)] = "watched",   [EVENT (UNWATCHED)] = "unwatched",
    [EVENT (CLOSED)] = "closed",     [EVENT (TOUCHED)] = "touched",
    [EVENT (FAILED)] = "failed",     [EVENT (GIVE_UP)] = "give-up",
  };

  return names[event];
}
