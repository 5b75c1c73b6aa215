/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A node that is to stay there, as a pure function: it is created, watched, written to, and created again
 * when it has gone. No I/O, no clock, no memory: curator-keeper.c turns replies and watches into events and
 * runs the actions.
 *
 * Requests are sent one after the other, so that the last data that are written are the newest. */

typedef enum
{
  CURATOR_KEEPER_IDLE = 1,
  CURATOR_KEEPER_OUTSIDE,   /* a session is waited for */
  CURATOR_KEEPER_CREATING,  /* the create is in flight */
  CURATOR_KEEPER_LOOKING,   /* is it there? And the watch on it is being set */
  CURATOR_KEEPER_WRITING,   /* its data are being set */
  CURATOR_KEEPER_KEPT,      /* there, watched, with the newest data */
  CURATOR_KEEPER_PAUSED,    /* failed; tried again after a while, beginning with the create */
  CURATOR_KEEPER_PAUSED_IN, /* the same, but the node may be there */
  CURATOR_KEEPER_LEAVING,   /* closed, while the answer to the create tells what there is to delete */
  CURATOR_KEEPER_DELETING,  /* closed; the delete is in flight */
  CURATOR_KEEPER_DONE,
  CURATOR_KEEPER_N_STATES
} CuratorKeeperState;

typedef enum
{
  CURATOR_KEEPER_EVENT_START,         /* connected */
  CURATOR_KEEPER_EVENT_START_OUTSIDE, /* not connected */
  /* replies to the create */
  CURATOR_KEEPER_EVENT_CREATED,
  CURATOR_KEEPER_EVENT_EXISTS,         /* somebody has made it before */
  CURATOR_KEEPER_EVENT_CREATE_LOST,    /* the connection failed; it may be there or not */
  CURATOR_KEEPER_EVENT_CREATE_REFUSED, /* the server does not want it */
  /* replies to the look at it */
  CURATOR_KEEPER_EVENT_PRESENT,
  CURATOR_KEEPER_EVENT_PRESENT_STALE, /* it is there, but has not been given the newest data */
  CURATOR_KEEPER_EVENT_ABSENT,
  CURATOR_KEEPER_EVENT_LOOK_FAILED,
  /* replies to the writing */
  CURATOR_KEEPER_EVENT_WRITTEN,
  CURATOR_KEEPER_EVENT_WRITE_ABSENT, /* there is nothing to write to */
  CURATOR_KEEPER_EVENT_WRITE_LOST,
  CURATOR_KEEPER_EVENT_WRITE_REFUSED,
  /* the watch */
  CURATOR_KEEPER_EVENT_DELETED,
  CURATOR_KEEPER_EVENT_CHANGED, /* it is used up for another reason */
  /* the connection */
  CURATOR_KEEPER_EVENT_RECONNECTED,
  CURATOR_KEEPER_EVENT_LOST, /* the session that it goes with is over */
  CURATOR_KEEPER_EVENT_CLIENT_CLOSED,
  /* the owner */
  CURATOR_KEEPER_EVENT_SET,             /* there are newer data */
  CURATOR_KEEPER_EVENT_CLOSE,           /* what there may be is known by its name */
  CURATOR_KEEPER_EVENT_CLOSE_NAMELESS,  /* it is not: the answer to the create will tell */
  CURATOR_KEEPER_EVENT_CLOSE_ABANDONED, /* it stays, as it goes by its time to live */
  CURATOR_KEEPER_EVENT_PAUSE_OVER,
  CURATOR_KEEPER_EVENT_GONE, /* the reply to the delete, whatever it says */
  CURATOR_KEEPER_N_EVENTS
} CuratorKeeperEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_KEEPER_ACTION_NONE = 0,
  CURATOR_KEEPER_ACTION_ABANDON = 1 << 0, /* answers do not count any more; a create is cancelled */
  CURATOR_KEEPER_ACTION_UNWATCH = 1 << 1,
  CURATOR_KEEPER_ACTION_MISS = 1 << 2, /* it has gone: its return is news */
  CURATOR_KEEPER_ACTION_CREATE = 1 << 3,
  CURATOR_KEEPER_ACTION_LOOK = 1 << 4,
  CURATOR_KEEPER_ACTION_WRITE = 1 << 5,
  CURATOR_KEEPER_ACTION_PAUSE = 1 << 6,
  CURATOR_KEEPER_ACTION_DELETE = 1 << 7,
  CURATOR_KEEPER_ACTION_TELL = 1 << 8,        /* it is there with our data, if that is not known yet */
  CURATOR_KEEPER_ACTION_TELL_LOSS = 1 << 9,   /* who waits for data to be written hears of the failure */
  CURATOR_KEEPER_ACTION_TELL_ERROR = 1 << 10, /* so does everybody else */
  CURATOR_KEEPER_ACTION_FINISH = 1 << 11,
} CuratorKeeperActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorKeeperActions curator_keeper_machine_step (CuratorKeeperState *state, CuratorKeeperEvent event);

const char *curator_keeper_state_to_string (CuratorKeeperState state);
const char *curator_keeper_event_to_string (CuratorKeeperEvent event);

G_END_DECLS
