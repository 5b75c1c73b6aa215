/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one who wants leases of a semaphore does, as a pure function: he takes the mutex that puts those who
 * ask in order, creates his leases and waits until there are no more than may be, and lets the next one ask.
 * No I/O: curator-semaphore-call.c turns what becomes of the contenders into events and runs the actions. */

typedef enum
{
  CURATOR_SEMAPHORE_IDLE = 1,
  CURATOR_SEMAPHORE_LOCKING, /* the mutex is waited for */
  CURATOR_SEMAPHORE_LEASING, /* under the mutex the leases are waited for */
  CURATOR_SEMAPHORE_DONE,
  CURATOR_SEMAPHORE_N_STATES
} CuratorSemaphoreState;

typedef enum
{
  CURATOR_SEMAPHORE_EVENT_START,
  CURATOR_SEMAPHORE_EVENT_LOCKED,
  CURATOR_SEMAPHORE_EVENT_LOCK_FAILED,
  CURATOR_SEMAPHORE_EVENT_LOCK_LOST,
  CURATOR_SEMAPHORE_EVENT_LEASED,      /* one more lease, and others are missing */
  CURATOR_SEMAPHORE_EVENT_LEASED_LAST, /* all leases */
  CURATOR_SEMAPHORE_EVENT_LEASE_FAILED,
  CURATOR_SEMAPHORE_EVENT_LEASE_LOST, /* one that was there already */
  CURATOR_SEMAPHORE_EVENT_GIVE_UP,    /* cancelled or timed out */
  CURATOR_SEMAPHORE_N_EVENTS
} CuratorSemaphoreEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_SEMAPHORE_ACTION_NONE = 0,
  CURATOR_SEMAPHORE_ACTION_DROP_LEASES = 1 << 0, /* their nodes go, before anything that is begun later */
  CURATOR_SEMAPHORE_ACTION_GRANT = 1 << 1,
  CURATOR_SEMAPHORE_ACTION_DROP_LOCK = 1 << 2,
  CURATOR_SEMAPHORE_ACTION_LOCK = 1 << 3,
  CURATOR_SEMAPHORE_ACTION_LOCK_ANEW = 1 << 4, /* the same, when there is a session */
  CURATOR_SEMAPHORE_ACTION_LEASE = 1 << 5,
  CURATOR_SEMAPHORE_ACTION_FAIL = 1 << 6,
} CuratorSemaphoreActions;

/* Moves @state on and returns what is to be done. An event that means nothing in a state changes nothing. */
CuratorSemaphoreActions curator_semaphore_machine_step (CuratorSemaphoreState *state,
                                                        CuratorSemaphoreEvent event);

G_END_DECLS
