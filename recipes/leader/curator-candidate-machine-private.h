/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who takes part in an election over and over, as a pure function. A turn is a contender's: it enters, leads
 * or fails, and is over. What goes on between two turns is decided here. No I/O, no clock, no memory:
 * curator-candidate.c turns what befalls the contender into events and runs the actions. */

typedef enum
{
  CURATOR_CANDIDATE_IDLE = 1, /* takes no part */
  CURATOR_CANDIDATE_ENTERED,  /* waits for its turn, which waits for a connection where there is none */
  CURATOR_CANDIDATE_LEADING,
  CURATOR_CANDIDATE_SUSPENDED, /* may lead or not: nobody is told that it does */
  CURATOR_CANDIDATE_LEAVING,   /* gave its leadership back */
  CURATOR_CANDIDATE_PAUSED,    /* could not take part; tries again after a while */
  CURATOR_CANDIDATE_CLOSING,   /* what it has on the server is being taken away */
  CURATOR_CANDIDATE_CLOSED,
  CURATOR_CANDIDATE_N_STATES
} CuratorCandidateState;

typedef enum
{
  CURATOR_CANDIDATE_EVENT_WANTED, /* it shall take part */
  /* its turn */
  CURATOR_CANDIDATE_EVENT_GRANTED,
  CURATOR_CANDIDATE_EVENT_SUSPECT,
  CURATOR_CANDIDATE_EVENT_RESTORED,
  CURATOR_CANDIDATE_EVENT_LOST,
  CURATOR_CANDIDATE_EVENT_GIVEN_BACK, /* by whoever has the lease; RELEASED or LOST follows */
  CURATOR_CANDIDATE_EVENT_RELEASED,   /* its node has gone, or will go by itself */
  CURATOR_CANDIDATE_EVENT_FAILED,     /* ended before it led */
  CURATOR_CANDIDATE_EVENT_PAUSE_OVER,
  CURATOR_CANDIDATE_EVENT_CLIENT_CLOSED,
  /* the owner */
  CURATOR_CANDIDATE_EVENT_CLOSE,
  CURATOR_CANDIDATE_EVENT_OUT, /* after that: its turn is over */
  CURATOR_CANDIDATE_N_EVENTS
} CuratorCandidateEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_CANDIDATE_ACTION_NONE = 0,
  CURATOR_CANDIDATE_ACTION_TAKE = 1 << 0,   /* there is a lease */
  CURATOR_CANDIDATE_ACTION_GAIN = 1 << 1,   /* it leads; alternates with the next one */
  CURATOR_CANDIDATE_ACTION_LOSE = 1 << 2,   /* it does not any more */
  CURATOR_CANDIDATE_ACTION_FORGET = 1 << 3, /* the turn is over: what becomes of it is no news */
  CURATOR_CANDIDATE_ACTION_ENTER = 1 << 4,  /* the next turn */
  CURATOR_CANDIDATE_ACTION_PAUSE = 1 << 5,
  CURATOR_CANDIDATE_ACTION_GIVE_UP = 1 << 6, /* the turn, before it leads; OUT follows */
  CURATOR_CANDIDATE_ACTION_RELEASE = 1 << 7, /* what it leads with; RELEASED, LOST or OUT follows */
  CURATOR_CANDIDATE_ACTION_FINISH = 1 << 8,
} CuratorCandidateActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. Whoever still wants to take part says so whenever it is idle. */
CuratorCandidateActions curator_candidate_machine_step (CuratorCandidateState *state,
                                                        CuratorCandidateEvent event);

const char *curator_candidate_state_to_string (CuratorCandidateState state);
const char *curator_candidate_event_to_string (CuratorCandidateEvent event);

G_END_DECLS
