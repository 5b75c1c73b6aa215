/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Changing the data of a node exactly once, as a pure function: they are read, what they are to become is
 * written where they are still the same, and where the answer to that was lost it is found out what became
 * of it, or said that it cannot be known. No I/O, no clock, no memory: curator-change.c runs it. */

typedef enum
{
  CURATOR_CHANGE_IDLE = 1,
  CURATOR_CHANGE_READING,
  CURATOR_CHANGE_WRITING,   /* for the first time: nothing else of ours can be under way */
  CURATOR_CHANGE_CHECKING,  /* a write was sent and not answered: what has become of it? */
  CURATOR_CHANGE_REWRITING, /* the same once more, as it had not been applied; it may still be */
  CURATOR_CHANGE_FORCING,   /* whatever the data are */
  CURATOR_CHANGE_BEATEN,    /* somebody else was faster: is it to be tried again? */
  CURATOR_CHANGE_PAUSED,
  CURATOR_CHANGE_LOCKING, /* waits for a lock, under which others are less likely to be faster */
  CURATOR_CHANGE_DONE,
  CURATOR_CHANGE_N_STATES
} CuratorChangeState;

typedef enum
{
  CURATOR_CHANGE_EVENT_START,
  CURATOR_CHANGE_EVENT_START_KNOWN,  /* what is there is known */
  CURATOR_CHANGE_EVENT_START_FORCED, /* and does not matter */
  /* replies to the read */
  CURATOR_CHANGE_EVENT_WANTED,  /* there is something to be written */
  CURATOR_CHANGE_EVENT_SETTLED, /* there is nothing */
  CURATOR_CHANGE_EVENT_UNSURE,  /* it may have been too old */
  CURATOR_CHANGE_EVENT_READ_FAILED,
  /* replies to the write */
  CURATOR_CHANGE_EVENT_WRITTEN,
  CURATOR_CHANGE_EVENT_CONFLICT, /* the data are not those that were read */
  CURATOR_CHANGE_EVENT_LOST,     /* it may have been applied, and may still be */
  CURATOR_CHANGE_EVENT_UNSENT,   /* it has not been and will not be */
  CURATOR_CHANGE_EVENT_REFUSED,  /* the same, and for good */
  /* replies to the check */
  CURATOR_CHANGE_EVENT_UNTOUCHED, /* nobody has written anything */
  CURATOR_CHANGE_EVENT_OVERTAKEN, /* somebody else has: ours was not applied, and never will be */
  CURATOR_CHANGE_EVENT_UNCLEAR,   /* it cannot be told who has */
  CURATOR_CHANGE_EVENT_CHECK_FAILED,
  /* after a defeat */
  CURATOR_CHANGE_EVENT_RETRY,
  CURATOR_CHANGE_EVENT_PROMOTE,
  CURATOR_CHANGE_EVENT_EXHAUSTED,
  CURATOR_CHANGE_EVENT_PAUSE_OVER,
  /* the lock */
  CURATOR_CHANGE_EVENT_LOCKED,
  CURATOR_CHANGE_EVENT_LOCK_TIMED_OUT,
  CURATOR_CHANGE_EVENT_LOCK_FAILED,
  /* the caller */
  CURATOR_CHANGE_EVENT_GIVE_UP,
  CURATOR_CHANGE_N_EVENTS
} CuratorChangeEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_CHANGE_ACTION_NONE = 0,
  CURATOR_CHANGE_ACTION_DROP = 1 << 0, /* requests, pause and lock: nothing is left behind */
  CURATOR_CHANGE_ACTION_READ = 1 << 1,
  CURATOR_CHANGE_ACTION_WRITE = 1 << 2,
  CURATOR_CHANGE_ACTION_CHECK = 1 << 3,
  CURATOR_CHANGE_ACTION_DECIDE = 1 << 4, /* whether to try again */
  CURATOR_CHANGE_ACTION_PAUSE = 1 << 5,
  CURATOR_CHANGE_ACTION_LOCK = 1 << 6,
  CURATOR_CHANGE_ACTION_SUCCEED = 1 << 7,    /* it has been changed, and by us */
  CURATOR_CHANGE_ACTION_RETURN = 1 << 8,     /* it has not */
  CURATOR_CHANGE_ACTION_FAIL = 1 << 9,       /* the same, for an error */
  CURATOR_CHANGE_ACTION_FAIL_OPEN = 1 << 10, /* it cannot be known */
} CuratorChangeActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorChangeActions curator_change_machine_step (CuratorChangeState *state, CuratorChangeEvent event);

const char *curator_change_state_to_string (CuratorChangeState state);
const char *curator_change_event_to_string (CuratorChangeEvent event);

G_END_DECLS
