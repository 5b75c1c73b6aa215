/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-roster-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_ROSTER_##name
#define EVENT(name)  CURATOR_ROSTER_EVENT_##name
#define ACTION(name) CURATOR_ROSTER_ACTION_##name

#define LISTED_NOW                                                                                           \
  {                                                                                                          \
    STATE (LISTING), ACTION (LIST)                                                                           \
  }
#define FINISHED                                                                                             \
  {                                                                                                          \
    STATE (DONE), ACTION (FINISH)                                                                            \
  }
#define PAUSED_NOW                                                                                           \
  {                                                                                                          \
    STATE (PAUSED), ACTION (PAUSE)                                                                           \
  }
#define READ_AGAIN                                                                                           \
  {                                                                                                          \
    STATE (READING), ACTION (READ)                                                                           \
  }

static const Transition transitions[CURATOR_ROSTER_N_STATES][CURATOR_ROSTER_N_EVENTS] = {
  [STATE (IDLE)] = {
    [EVENT (START)] = LISTED_NOW,
    [EVENT (CLOSE)] = FINISHED,
  },
  /* Who went is told at once, who came as soon as his data are known. */
  [STATE (LISTING)] = {
    [EVENT (LISTED)] = { STATE (WATCHING), ACTION (PUBLISH) },
    [EVENT (LISTED_UNREAD)] = { STATE (READING), ACTION (READ) | ACTION (PUBLISH) },
    [EVENT (LIST_FAILED)] = PAUSED_NOW,
    [EVENT (TOUCHED)] = LISTED_NOW,
    /* A list without a watch relies on one that may have gone with its session. */
    [EVENT (RECONNECTED)] = LISTED_NOW,
    [EVENT (CLOSE)] = FINISHED,
  },
  [STATE (READING)] = {
    [EVENT (READ)] = { STATE (WATCHING), ACTION (PUBLISH) },
    [EVENT (READ_FAILED)] = PAUSED_NOW,
    [EVENT (TOUCHED)] = LISTED_NOW,
    [EVENT (MEMBER_TOUCHED)] = READ_AGAIN,
    [EVENT (RECONNECTED)] = LISTED_NOW,
    [EVENT (CLOSE)] = FINISHED,
  },
  [STATE (WATCHING)] = {
    [EVENT (TOUCHED)] = LISTED_NOW,
    [EVENT (MEMBER_TOUCHED)] = READ_AGAIN,
    [EVENT (RECONNECTED)] = LISTED_NOW,
    [EVENT (CLOSE)] = FINISHED,
  },
  [STATE (PAUSED)] = {
    [EVENT (TOUCHED)] = LISTED_NOW,
    [EVENT (RECONNECTED)] = LISTED_NOW,
    [EVENT (PROMPTED)] = LISTED_NOW,
    [EVENT (PAUSE_OVER)] = LISTED_NOW,
    [EVENT (CLOSE)] = FINISHED,
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
  CuratorRosterState state;
  CuratorRosterEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (ROSTER_LISTS_AGAIN, READING, TOUCHED, { 0, 0 }),
  MUTATION (ROSTER_LISTS_AFTER_RECONNECT, WATCHING, RECONNECTED, { 0, 0 }),
  MUTATION (ROSTER_READS_AGAIN, WATCHING, MEMBER_TOUCHED, { 0, 0 }),
};

static const Transition *
find_transition (CuratorRosterState state, CuratorRosterEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorRosterState state, CuratorRosterEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorRosterActions
curator_roster_machine_step (CuratorRosterState *state, CuratorRosterEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_roster_state_to_string (CuratorRosterState state)
{
  static const char *const names[CURATOR_ROSTER_N_STATES] = {
    [STATE (IDLE)] = "idle",         [STATE (LISTING)] = "listing", [STATE (READING)] = "reading",
    [STATE (WATCHING)] = "watching", [STATE (PAUSED)] = "paused",   [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_roster_event_to_string (CuratorRosterEvent event)
{
  static const char *const names[CURATOR_ROSTER_N_EVENTS] = {
    [EVENT (START)] = "start",
    [EVENT (LISTED)] = "listed",
    [EVENT (LISTED_UNREAD)] = "listed-unread",
    [EVENT (LIST_FAILED)] = "list-failed",
    [EVENT (READ)] = "read",
    [EVENT (READ_FAILED)] = "read-failed",
    [EVENT (TOUCHED)] = "touched",
    [EVENT (MEMBER_TOUCHED)] = "member-touched",
    [EVENT (RECONNECTED)] = "reconnected",
    [EVENT (PROMPTED)] = "prompted",
    [EVENT (PAUSE_OVER)] = "pause-over",
    [EVENT (CLOSE)] = "close",
  };

  return names[event];
}
