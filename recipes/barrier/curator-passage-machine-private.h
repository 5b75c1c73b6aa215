/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Entering and leaving a double barrier, as a pure function. No I/O, no clock, no memory: curator-passage.c
 * turns replies and watches into events and runs the actions. */

typedef enum
{
  CURATOR_PASSAGE_IDLE = 1,
  /* on the way in */
  CURATOR_PASSAGE_CLEANING, /* what an earlier attempt or session left is being deleted */
  CURATOR_PASSAGE_CREATING, /* our node is */
  CURATOR_PASSAGE_LOOKING,  /* who else is there, and is the barrier open? */
  CURATOR_PASSAGE_WAITING,  /* it is not; the watches are set */
  CURATOR_PASSAGE_SWEEPING, /* what opened the barrier for others, all of whom have gone, is being deleted */
  CURATOR_PASSAGE_OPENING,  /* all are there; the others are being told */
  /* on the way out */
  CURATOR_PASSAGE_LISTING,  /* who is still there? */
  CURATOR_PASSAGE_WATCHING, /* the watch on one of them is being set */
  CURATOR_PASSAGE_STAYING,  /* it is set */
  CURATOR_PASSAGE_PARTING,  /* we are the last; our node is being deleted */
  CURATOR_PASSAGE_CLOSING,  /* nobody is there; the barrier is being closed for the next time */
  CURATOR_PASSAGE_DONE,
  CURATOR_PASSAGE_N_STATES
} CuratorPassageState;

typedef enum
{
  CURATOR_PASSAGE_EVENT_ENTER,
  CURATOR_PASSAGE_EVENT_ENTER_DIRTY, /* with a node of ours that is to go first */
  CURATOR_PASSAGE_EVENT_LEAVE,
  CURATOR_PASSAGE_EVENT_CLEAN, /* our node has gone for certain */
  CURATOR_PASSAGE_EVENT_CREATED,
  /* replies to the look */
  CURATOR_PASSAGE_EVENT_ABSENT,   /* our node has gone */
  CURATOR_PASSAGE_EVENT_STALE,    /* it is another session's */
  CURATOR_PASSAGE_EVENT_SHORT,    /* not all are there */
  CURATOR_PASSAGE_EVENT_FULL,     /* they are, but the barrier is not open */
  CURATOR_PASSAGE_EVENT_OPEN,     /* it is */
  CURATOR_PASSAGE_EVENT_LEFTOVER, /* it is, but nobody else is there for whom it was opened */
  CURATOR_PASSAGE_EVENT_SWEPT,
  CURATOR_PASSAGE_EVENT_OPENED,     /* by us */
  CURATOR_PASSAGE_EVENT_NOT_OPENED, /* or not, and nobody knows what it is like now */
  /* replies to the list */
  CURATOR_PASSAGE_EVENT_NOBODY,
  CURATOR_PASSAGE_EVENT_ALONE,
  CURATOR_PASSAGE_EVENT_LOWEST, /* of several: we wait for the highest */
  CURATOR_PASSAGE_EVENT_OTHERS, /* we wait for the lowest */
  CURATOR_PASSAGE_EVENT_WATCHED,
  CURATOR_PASSAGE_EVENT_UNWATCHED, /* who was to be watched has gone */
  CURATOR_PASSAGE_EVENT_CLOSED,
  /* at any time */
  CURATOR_PASSAGE_EVENT_TOUCHED, /* a watch is used up */
  CURATOR_PASSAGE_EVENT_FAILED,
  CURATOR_PASSAGE_EVENT_GIVE_UP,
  CURATOR_PASSAGE_N_EVENTS
} CuratorPassageEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_PASSAGE_ACTION_NONE = 0,
  CURATOR_PASSAGE_ACTION_CREATE = 1 << 0,
  CURATOR_PASSAGE_ACTION_LOOK = 1 << 1,
  CURATOR_PASSAGE_ACTION_SWEEP = 1 << 2,
  CURATOR_PASSAGE_ACTION_OPEN = 1 << 3,
  CURATOR_PASSAGE_ACTION_LIST = 1 << 4,
  CURATOR_PASSAGE_ACTION_WATCH = 1 << 5, /* the one that the list named */
  CURATOR_PASSAGE_ACTION_CLOSE = 1 << 6,
  CURATOR_PASSAGE_ACTION_FINISH = 1 << 7, /* nothing is watched or waited for any more */
  CURATOR_PASSAGE_ACTION_CLEAN = 1 << 8,  /* our node is deleted, however long that takes */
  CURATOR_PASSAGE_ACTION_PASS = 1 << 9,
  CURATOR_PASSAGE_ACTION_FAIL = 1 << 10,
} CuratorPassageActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorPassageActions curator_passage_machine_step (CuratorPassageState *state, CuratorPassageEvent event);

const char *curator_passage_state_to_string (CuratorPassageState state);
const char *curator_passage_event_to_string (CuratorPassageEvent event);

G_END_DECLS
