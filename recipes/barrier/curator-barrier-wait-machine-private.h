/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Waiting until a node does not exist, as a pure function. No I/O, no clock, no memory:
 * curator-barrier-wait.c runs it. */

typedef enum
{
  CURATOR_BARRIER_WAIT_IDLE = 1,
  CURATOR_BARRIER_WAIT_CHECKING, /* is it there? The server has been told to catch up before it answers */
  CURATOR_BARRIER_WAIT_WAITING,  /* it is, and is being watched */
  CURATOR_BARRIER_WAIT_DONE,
  CURATOR_BARRIER_WAIT_N_STATES
} CuratorBarrierWaitState;

typedef enum
{
  CURATOR_BARRIER_WAIT_EVENT_START,
  CURATOR_BARRIER_WAIT_EVENT_SET,    /* it is there */
  CURATOR_BARRIER_WAIT_EVENT_OPEN,   /* it is not */
  CURATOR_BARRIER_WAIT_EVENT_UNSURE, /* it was not, but the server may not have caught up */
  CURATOR_BARRIER_WAIT_EVENT_FAILED,
  CURATOR_BARRIER_WAIT_EVENT_TOUCHED, /* the watch is used up, for whatever reason */
  CURATOR_BARRIER_WAIT_EVENT_GIVE_UP,
  CURATOR_BARRIER_WAIT_N_EVENTS
} CuratorBarrierWaitEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_BARRIER_WAIT_ACTION_NONE = 0,
  CURATOR_BARRIER_WAIT_ACTION_CHECK = 1 << 0,
  CURATOR_BARRIER_WAIT_ACTION_FINISH = 1 << 1,
  CURATOR_BARRIER_WAIT_ACTION_PASS = 1 << 2,
  CURATOR_BARRIER_WAIT_ACTION_FAIL = 1 << 3,
} CuratorBarrierWaitActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorBarrierWaitActions curator_barrier_wait_machine_step (CuratorBarrierWaitState *state,
                                                             CuratorBarrierWaitEvent event);

const char *curator_barrier_wait_state_to_string (CuratorBarrierWaitState state);
const char *curator_barrier_wait_event_to_string (CuratorBarrierWaitEvent event);

G_END_DECLS
