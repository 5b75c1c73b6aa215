/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-keeper-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_KEEPER_##name
#define EVENT(name)  CURATOR_KEEPER_EVENT_##name
#define ACTION(name) CURATOR_KEEPER_ACTION_##name

#define CREATED_NOW                                                                                          \
  {                                                                                                          \
    STATE (CREATING), ACTION (CREATE)                                                                        \
  }
/* Whatever is in flight is about a node that is not there any more. */
#define CREATED_AGAIN                                                                                        \
  {                                                                                                          \
    STATE (CREATING), ACTION (ABANDON) | ACTION (UNWATCH) | ACTION (MISS) | ACTION (CREATE)                  \
  }
#define LOOKED_AT                                                                                            \
  {                                                                                                          \
    STATE (LOOKING), ACTION (ABANDON) | ACTION (LOOK)                                                        \
  }
#define WRITTEN_NOW                                                                                          \
  {                                                                                                          \
    STATE (WRITING), ACTION (WRITE)                                                                          \
  }
#define FINISHED                                                                                             \
  {                                                                                                          \
    STATE (DONE), ACTION (ABANDON) | ACTION (UNWATCH) | ACTION (FINISH)                                      \
  }
#define TAKEN_AWAY                                                                                           \
  {                                                                                                          \
    STATE (DELETING), ACTION (ABANDON) | ACTION (UNWATCH) | ACTION (DELETE)                                  \
  }

#define ENDS_ANYWHERE [EVENT (CLIENT_CLOSED)] = FINISHED, [EVENT (CLOSE_ABANDONED)] = FINISHED

/* There is no node until it is looked for in another session, and made again. */
#define MISSED                                                                                               \
  {                                                                                                          \
    0, ACTION (MISS)                                                                                         \
  }

/* Once there may be a node, it is deleted, and by its name. */
#define ENDS_WITH_NODE ENDS_ANYWHERE, [EVENT (CLOSE)] = TAKEN_AWAY, [EVENT (CLOSE_NAMELESS)] = TAKEN_AWAY

static const Transition transitions[CURATOR_KEEPER_N_STATES][CURATOR_KEEPER_N_EVENTS] = {
  [STATE (IDLE)] = {
    ENDS_ANYWHERE,
    [EVENT (START)] = CREATED_NOW,
    [EVENT (START_OUTSIDE)] = { STATE (OUTSIDE), 0 },
    [EVENT (CLOSE)] = FINISHED,
    [EVENT (CLOSE_NAMELESS)] = FINISHED,
  },
  [STATE (OUTSIDE)] = {
    ENDS_ANYWHERE,
    [EVENT (RECONNECTED)] = CREATED_NOW,
    [EVENT (CLOSE)] = FINISHED,
    [EVENT (CLOSE_NAMELESS)] = FINISHED,
  },
  /* The create looks after itself over suspensions and losses: it is answered once. Where it is closed before
   * that, the delete overtakes nothing that was sent. */
  [STATE (CREATING)] = {
    ENDS_ANYWHERE,
    [EVENT (CLOSE)] = TAKEN_AWAY,
    [EVENT (CLOSE_NAMELESS)] = { STATE (LEAVING), 0 },
    [EVENT (CREATED)] = { STATE (LOOKING), ACTION (LOOK) | ACTION (TELL) },
    [EVENT (EXISTS)] = { STATE (LOOKING), ACTION (LOOK) },
    [EVENT (CREATE_LOST)] = { STATE (PAUSED), ACTION (PAUSE) | ACTION (TELL_LOSS) },
    [EVENT (CREATE_REFUSED)] = { STATE (PAUSED), ACTION (PAUSE) | ACTION (TELL_ERROR) },
  },
  [STATE (LOOKING)] = {
    ENDS_WITH_NODE,
    [EVENT (PRESENT)] = { STATE (KEPT), ACTION (TELL) },
    [EVENT (PRESENT_STALE)] = WRITTEN_NOW,
    [EVENT (ABSENT)] = CREATED_AGAIN,
    [EVENT (LOOK_FAILED)] = { STATE (PAUSED_IN), ACTION (PAUSE) | ACTION (TELL_LOSS) },
    /* That the watch is used up says that the answer on its way brings none. */
    [EVENT (DELETED)] = LOOKED_AT,
    [EVENT (CHANGED)] = LOOKED_AT,
    /* A look without a watch relies on one that may have gone with its session. */
    [EVENT (RECONNECTED)] = LOOKED_AT,
    [EVENT (LOST)] = MISSED,
  },
  /* Writing uses up the watch. */
  [STATE (WRITING)] = {
    ENDS_WITH_NODE,
    [EVENT (WRITTEN)] = { STATE (LOOKING), ACTION (LOOK) | ACTION (TELL) },
    [EVENT (WRITE_ABSENT)] = CREATED_AGAIN,
    [EVENT (WRITE_LOST)] = { STATE (PAUSED_IN), ACTION (PAUSE) | ACTION (TELL_LOSS) },
    [EVENT (WRITE_REFUSED)] = { STATE (PAUSED_IN), ACTION (PAUSE) | ACTION (TELL_ERROR) },
    [EVENT (DELETED)] = CREATED_AGAIN,
    [EVENT (LOST)] = MISSED,
  },
  [STATE (KEPT)] = {
    ENDS_WITH_NODE,
    [EVENT (DELETED)] = CREATED_AGAIN,
    [EVENT (CHANGED)] = LOOKED_AT,
    [EVENT (RECONNECTED)] = LOOKED_AT,
    [EVENT (LOST)] = MISSED,
    [EVENT (SET)] = WRITTEN_NOW,
  },
  /* What was refused may have been so because of the data. */
  [STATE (PAUSED)] = {
    ENDS_WITH_NODE,
    [EVENT (RECONNECTED)] = CREATED_NOW,
    [EVENT (SET)] = CREATED_NOW,
    [EVENT (PAUSE_OVER)] = CREATED_NOW,
  },
  [STATE (PAUSED_IN)] = {
    ENDS_WITH_NODE,
    [EVENT (DELETED)] = CREATED_AGAIN,
    [EVENT (RECONNECTED)] = LOOKED_AT,
    [EVENT (LOST)] = MISSED,
    [EVENT (SET)] = LOOKED_AT,
    [EVENT (PAUSE_OVER)] = LOOKED_AT,
  },
  [STATE (LEAVING)] = {
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (CREATED)] = TAKEN_AWAY,
    [EVENT (EXISTS)] = TAKEN_AWAY,
    [EVENT (CREATE_LOST)] = FINISHED,
    [EVENT (CREATE_REFUSED)] = FINISHED,
  },
  [STATE (DELETING)] = {
    [EVENT (CLIENT_CLOSED)] = FINISHED,
    [EVENT (LOST)] = FINISHED,
    [EVENT (GONE)] = FINISHED,
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
  CuratorKeeperState state;
  CuratorKeeperEvent event;
  Transition transition;
} mutations[] = {
  MUTATION (KEEPER_CREATES_AGAIN, KEPT, DELETED, { 0, 0 }),
  MUTATION (KEEPER_LOOKS_AGAIN, KEPT, CHANGED, { 0, 0 }),
  MUTATION (KEEPER_LOOKS_AFTER_RECONNECT, KEPT, RECONNECTED, { 0, 0 }),
  MUTATION (KEEPER_LOOKS_AFTER_WRITING, WRITING, WRITTEN, { STATE (KEPT), ACTION (TELL) }),
  MUTATION (KEEPER_DELETES_OPEN_OUTCOME, CREATING, CLOSE, FINISHED),
  MUTATION (KEEPER_DELETES_OPEN_OUTCOME, PAUSED, CLOSE, FINISHED),
  MUTATION (KEEPER_WRITES_NEWEST, LOOKING, PRESENT_STALE, { STATE (KEPT), ACTION (TELL) }),
};

static const Transition *
find_transition (CuratorKeeperState state, CuratorKeeperEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (mutations); i++)
    if (mutations[i].state == state && mutations[i].event == event &&
        CURATOR_GUARD_IS_LEFT_OUT (mutations[i].guard))
      return &mutations[i].transition;
  return &transitions[state][event];
}
#else
static const Transition *
find_transition (CuratorKeeperState state, CuratorKeeperEvent event)
{
  return &transitions[state][event];
}
#endif

CuratorKeeperActions
curator_keeper_machine_step (CuratorKeeperState *state, CuratorKeeperEvent event)
{
  const Transition *transition = find_transition (*state, event);

  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}

const char *
curator_keeper_state_to_string (CuratorKeeperState state)
{
  static const char *const names[CURATOR_KEEPER_N_STATES] = {
    [STATE (IDLE)] = "idle",         [STATE (OUTSIDE)] = "outside",     [STATE (CREATING)] = "creating",
    [STATE (LOOKING)] = "looking",   [STATE (WRITING)] = "writing",     [STATE (KEPT)] = "kept",
    [STATE (PAUSED)] = "paused",     [STATE (PAUSED_IN)] = "paused-in", [STATE (LEAVING)] = "leaving",
    [STATE (DELETING)] = "deleting", [STATE (DONE)] = "done",
  };

  return names[state];
}

const char *
curator_keeper_event_to_string (CuratorKeeperEvent event)
{
  static const char *const names[CURATOR_KEEPER_N_EVENTS] = {
    [EVENT (START)] = "start",
    [EVENT (START_OUTSIDE)] = "start-outside",
    [EVENT (CREATED)] = "created",
    [EVENT (EXISTS)] = "exists",
    [EVENT (CREATE_LOST)] = "create-lost",
    [EVENT (CREATE_REFUSED)] = "create-refused",
    [EVENT (PRESENT)] = "present",
    [EVENT (PRESENT_STALE)] = "present-stale",
    [EVENT (ABSENT)] = "absent",
    [EVENT (LOOK_FAILED)] = "look-failed",
    [EVENT (WRITTEN)] = "written",
    [EVENT (WRITE_ABSENT)] = "write-absent",
    [EVENT (WRITE_LOST)] = "write-lost",
    [EVENT (WRITE_REFUSED)] = "write-refused",
    [EVENT (DELETED)] = "deleted",
    [EVENT (CHANGED)] = "changed",
    [EVENT (RECONNECTED)] = "reconnected",
    [EVENT (LOST)] = "lost",
    [EVENT (CLIENT_CLOSED)] = "client-closed",
    [EVENT (SET)] = "set",
    [EVENT (CLOSE)] = "close",
    [EVENT (CLOSE_NAMELESS)] = "close-nameless",
    [EVENT (CLOSE_ABANDONED)] = "close-abandoned",
    [EVENT (PAUSE_OVER)] = "pause-over",
    [EVENT (GONE)] = "gone",
  };

  return names[event];
}
