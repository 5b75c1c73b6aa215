/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-semaphore-machine-private.h"

#include "curator-guard-private.h"

typedef struct
{
  guint8 next; /* 0: as before */
  guint32 actions;
} Transition;

#define STATE(name)  CURATOR_SEMAPHORE_##name
#define EVENT(name)  CURATOR_SEMAPHORE_EVENT_##name
#define ACTION(name) CURATOR_SEMAPHORE_ACTION_##name

#define FAILED                                                                                               \
  {                                                                                                          \
    STATE (DONE), ACTION (DROP_LEASES) | ACTION (DROP_LOCK) | ACTION (FAIL)                                  \
  }
/* Leases that wait without the mutex, and those of whoever has it now, would wait for one another. */
#define BEGUN_ANEW                                                                                           \
  {                                                                                                          \
    STATE (LOCKING), ACTION (DROP_LEASES) | ACTION (DROP_LOCK) | ACTION (LOCK_ANEW)                          \
  }

static const Transition transitions[CURATOR_SEMAPHORE_N_STATES][CURATOR_SEMAPHORE_N_EVENTS] = {
  [STATE (IDLE)] = {
    [EVENT (START)] = { STATE (LOCKING), ACTION (LOCK) },
    [EVENT (GIVE_UP)] = FAILED,
  },
  [STATE (LOCKING)] = {
    [EVENT (LOCKED)] = { STATE (LEASING), ACTION (LEASE) },
    [EVENT (LOCK_FAILED)] = FAILED,
    [EVENT (GIVE_UP)] = FAILED,
  },
  [STATE (LEASING)] = {
    [EVENT (LOCK_LOST)] = BEGUN_ANEW,
    [EVENT (LEASED_LAST)] = { STATE (DONE), ACTION (GRANT) | ACTION (DROP_LOCK) },
    [EVENT (LEASE_FAILED)] = FAILED,
    [EVENT (LEASE_LOST)] = BEGUN_ANEW,
    [EVENT (GIVE_UP)] = FAILED,
  },
};

CuratorSemaphoreActions
curator_semaphore_machine_step (CuratorSemaphoreState *state, CuratorSemaphoreEvent event)
{
  const Transition *transition = &transitions[*state][event];

  if (event == EVENT (LOCK_LOST) && !CURATOR_GUARD (LEASE_UNDER_LOCK))
    return 0;
  if (transition->next != 0)
    *state = transition->next;
  return transition->actions;
}
