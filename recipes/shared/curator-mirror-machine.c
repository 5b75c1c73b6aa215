/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-mirror-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_MIRROR_##name
#define EVENT(name)  CURATOR_MIRROR_EVENT_##name
#define ACTION(name) CURATOR_MIRROR_ACTION_##name

#define SEEDED_NOW                                                                                           \
  {                                                                                                          \
    STATE (SEEDING), ACTION (SEED)                                                                           \
  }
#define READ_NOW                                                                                             \
  {                                                                                                          \
    STATE (READING), ACTION (READ)                                                                           \
  }
#define PAUSED_NOW                                                                                           \
  {                                                                                                          \
    STATE (PAUSED), ACTION (STALE) | ACTION (PAUSE)                                                          \
  }
#define FINISHED                                                                                             \
  {                                                                                                          \
    STATE (DONE), ACTION (STALE) | ACTION (FINISH)                                                           \
  }
#define ANYWHERE [EVENT (CLOSE)] = FINISHED, [EVENT (SUSPENDED)] = { 0, ACTION (STALE) }

/* A read without a watch relies on one that may have gone with its session, and one that is used up says that
 * the answer on its way brings none. */
#define READ_AGAIN [EVENT (TOUCHED)] = READ_NOW, [EVENT (RECONNECTED)] = READ_NOW

static const Transition transitions[CURATOR_MIRROR_N_STATES][CURATOR_MIRROR_N_EVENTS] = {
  [STATE (IDLE)] = {
    ANYWHERE,
    [EVENT (START)] = SEEDED_NOW,
  },
  /* The create looks after itself over suspensions and losses: it is answered once. */
  [STATE (SEEDING)] = {
    ANYWHERE,
    [EVENT (SEEDED)] = READ_NOW,
    [EVENT (SEED_FAILED)] = { STATE (UNSEEDED), ACTION (PAUSE) },
  },
  [STATE (READING)] = {
    ANYWHERE,
    READ_AGAIN,
    [EVENT (READ)] = { STATE (WATCHING), ACTION (TAKE) },
    [EVENT (ABSENT)] = { STATE (LOOKING), ACTION (LOOK) | ACTION (STALE) },
    [EVENT (READ_FAILED)] = PAUSED_NOW,
  },
  [STATE (LOOKING)] = {
    ANYWHERE,
    READ_AGAIN,
    [EVENT (PRESENT)] = READ_NOW,
    [EVENT (ABSENT)] = { STATE (MISSING), 0 },
    [EVENT (READ_FAILED)] = PAUSED_NOW,
  },
  [STATE (WATCHING)] = {
    ANYWHERE,
    READ_AGAIN,
  },
  [STATE (MISSING)] = {
    ANYWHERE,
    READ_AGAIN,
  },
  [STATE (UNSEEDED)] = {
    ANYWHERE,
    [EVENT (RECONNECTED)] = SEEDED_NOW,
    [EVENT (PAUSE_OVER)] = SEEDED_NOW,
  },
  [STATE (PAUSED)] = {
    ANYWHERE,
    READ_AGAIN,
    [EVENT (PAUSE_OVER)] = READ_NOW,
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
  CuratorMirrorState state;
  CuratorMirrorEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (MIRROR_READS_AFTER_RECONNECT, WATCHING, RECONNECTED, { 0, 0 }),
};

static const Transition *
find_transition (CuratorMirrorState state, CuratorMirrorEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorMirrorState state, CuratorMirrorEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorMirrorActions
curator_mirror_machine_step (CuratorMirrorState *state, CuratorMirrorEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_mirror_state_to_string (CuratorMirrorState state)
{
  static const char *const names[CURATOR_MIRROR_N_STATES] = {
    [STATE (IDLE)] = "idle",         [STATE (SEEDING)] = "seeding",   [STATE (READING)] = "reading",
    [STATE (LOOKING)] = "looking",   [STATE (WATCHING)] = "watching", [STATE (MISSING)] = "missing",
    [STATE (UNSEEDED)] = "unseeded", [STATE (PAUSED)] = "paused",     [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_mirror_event_to_string (CuratorMirrorEvent event)
{
  static const char *const names[CURATOR_MIRROR_N_EVENTS] = {
    [EVENT (START)] = "start",
    [EVENT (SEEDED)] = "seeded",
    [EVENT (SEED_FAILED)] = "seed-failed",
    [EVENT (READ)] = "read",
    [EVENT (ABSENT)] = "absent",
    [EVENT (PRESENT)] = "present",
    [EVENT (READ_FAILED)] = "read-failed",
    [EVENT (TOUCHED)] = "touched",
    [EVENT (SUSPENDED)] = "suspended",
    [EVENT (RECONNECTED)] = "reconnected",
    [EVENT (PAUSE_OVER)] = "pause-over",
    [EVENT (CLOSE)] = "close",
  };

  return names[event];
}
