/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What locks and elections share, as a pure function: a contender puts a protected ephemeral sequential node
 * under a parent, finds its place among the others, watches the one before it, holds when it is its turn, and
 * loses honestly. No I/O, no clock, no memory: curator-contender.c turns replies and watches into events and
 * runs the actions. */

typedef enum
{
  CURATOR_CONTENDER_IDLE = 1,
  CURATOR_CONTENDER_QUEUED,            /* behind others of this process, and not on the server yet */
  CURATOR_CONTENDER_CREATING,          /* the create is in flight, and behind it a list of the children */
  CURATOR_CONTENDER_CREATING_UNLISTED, /* the create is in flight, the list came too early to count */
  CURATOR_CONTENDER_LISTING,           /* our node is there; the list sent along with the create is awaited */
  CURATOR_CONTENDER_RELISTING,         /* a list is awaited that was sent after our node was known */
  CURATOR_CONTENDER_ADVANCING,         /* the same, and behind it what the one nearest to us was watched with */
  CURATOR_CONTENDER_WATCHING,          /* the watch on one before us is being set */
  CURATOR_CONTENDER_WATCHING_NEXT,     /* the same, and it is the only one before us */
  CURATOR_CONTENDER_WAITING,           /* the watch is set */
  CURATOR_CONTENDER_WAITING_NEXT,      /* the same, and it is the only one before us */
  CURATOR_CONTENDER_PARKED,            /* suspended, with nobody watched */
  CURATOR_CONTENDER_PARKED_WATCHED,    /* suspended, with a watch that outlives the suspension */
  CURATOR_CONTENDER_CHECKING,          /* reconnected: is our node still there? */
  CURATOR_CONTENDER_OUTSIDE,           /* no node; a session is waited for */
  CURATOR_CONTENDER_HELD,
  CURATOR_CONTENDER_SUSPECT,   /* held, but suspended */
  CURATOR_CONTENDER_VERIFYING, /* held, reconnected: is our node still there? */
  CURATOR_CONTENDER_RELEASING, /* the node is being deleted */
  CURATOR_CONTENDER_DONE,
  CURATOR_CONTENDER_N_STATES
} CuratorContenderState;

typedef enum
{
  CURATOR_CONTENDER_EVENT_START,
  CURATOR_CONTENDER_EVENT_QUEUE, /* in place of it: others of this process are before us */
  CURATOR_CONTENDER_EVENT_TURN,  /* they no longer are */
  /* replies to the create */
  CURATOR_CONTENDER_EVENT_CREATED,        /* our node is there and owned by the current session */
  CURATOR_CONTENDER_EVENT_CREATED_STALE,  /* it belongs to a session that is over */
  CURATOR_CONTENDER_EVENT_CREATE_EXPIRED, /* the session went before the create was answered */
  CURATOR_CONTENDER_EVENT_CREATE_FAILED,
  /* replies to the list, as far as our own node is concerned */
  CURATOR_CONTENDER_EVENT_LISTED_FIRST,   /* it may hold */
  CURATOR_CONTENDER_EVENT_LISTED_NEXT,    /* it may hold as soon as one certain node has gone */
  CURATOR_CONTENDER_EVENT_LISTED_NEXT_KNOWN, /* the same, and the watch on that node is on its way */
  CURATOR_CONTENDER_EVENT_LISTED_BEHIND,  /* several have to go */
  CURATOR_CONTENDER_EVENT_LISTED_REFUSED, /* it may not hold and does not want to wait */
  CURATOR_CONTENDER_EVENT_LISTED_ABSENT,  /* it is not among the children */
  CURATOR_CONTENDER_EVENT_LIST_FAILED,
  /* in a reply to the create or the list: order by sequence cannot be relied on */
  CURATOR_CONTENDER_EVENT_EXHAUSTED,
  /* the one before us that is watched */
  CURATOR_CONTENDER_EVENT_PREDECESSOR_WATCHED,
  CURATOR_CONTENDER_EVENT_PREDECESSOR_DELETED, /* it has gone, and our own node was being watched meanwhile */
  CURATOR_CONTENDER_EVENT_PREDECESSOR_CHANGED, /* its watch is used up for whatever reason */
  CURATOR_CONTENDER_EVENT_WATCH_FAILED,
  /* our node */
  CURATOR_CONTENDER_EVENT_OWN_DUE,     /* time to watch it, if that is not done yet */
  CURATOR_CONTENDER_EVENT_OWN_PRESENT, /* it is there and ours */
  CURATOR_CONTENDER_EVENT_OWN_GONE,    /* it is not there, or another session's */
  CURATOR_CONTENDER_EVENT_OWN_CHANGED, /* its watch is used up, for another reason */
  CURATOR_CONTENDER_EVENT_OWN_FAILED,  /* it cannot be told */
  /* the connection */
  CURATOR_CONTENDER_EVENT_SUSPENDED,
  CURATOR_CONTENDER_EVENT_RECONNECTED,
  CURATOR_CONTENDER_EVENT_LOST,
  CURATOR_CONTENDER_EVENT_CLOSED,
  /* the owner */
  CURATOR_CONTENDER_EVENT_GIVE_UP, /* cancelled or timed out; too late once it holds */
  CURATOR_CONTENDER_EVENT_RELEASE, /* only once it holds */
  CURATOR_CONTENDER_EVENT_DELETED, /* the reply to the delete, whatever it says */
  CURATOR_CONTENDER_N_EVENTS
} CuratorContenderEvent;

/* To be run in this order. At most one of the last group, which calls the owner, is in a set. */
typedef enum
{
  CURATOR_CONTENDER_ACTION_NONE = 0,
  CURATOR_CONTENDER_ACTION_CANCEL_REQUESTS = 1
                                             << 0, /* answers to lists, watches and checks do not count now */
  CURATOR_CONTENDER_ACTION_ABANDON_CREATE = 1 << 1, /* its node, if any, is found and deleted */
  CURATOR_CONTENDER_ACTION_UNWATCH_PREDECESSOR = 1 << 2, /* nor is a watch on it on its way */
  CURATOR_CONTENDER_ACTION_FORGET = 1 << 3, /* our node has gone, and with it its watch */
  CURATOR_CONTENDER_ACTION_CREATE = 1 << 4, /* create and list in one flight */
  CURATOR_CONTENDER_ACTION_LIST = 1 << 5,
  CURATOR_CONTENDER_ACTION_CHECK = 1 << 6,          /* look at our node, with a watch */
  CURATOR_CONTENDER_ACTION_WATCH_OWN = 1 << 7,      /* the same, unless it is being watched */
  CURATOR_CONTENDER_ACTION_WATCH_OWN_SOON = 1 << 8, /* OWN_DUE after a while, likewise */
  CURATOR_CONTENDER_ACTION_WATCH = 1 << 9,          /* the one that the list named */
  CURATOR_CONTENDER_ACTION_WATCH_NEAREST = 1 << 10, /* the last one before us, where that is another one, and
                                                     * our own node, unless it is being watched */
  CURATOR_CONTENDER_ACTION_DELETE = 1 << 11,
  CURATOR_CONTENDER_ACTION_FINISH = 1 << 12, /* nothing is watched, timed or listened to any more */

  CURATOR_CONTENDER_ACTION_GRANT = 1 << 13,
  CURATOR_CONTENDER_ACTION_SUSPECT = 1 << 14,
  CURATOR_CONTENDER_ACTION_RESTORE = 1 << 15,
  CURATOR_CONTENDER_ACTION_LOSE = 1 << 16,
  CURATOR_CONTENDER_ACTION_FAIL = 1 << 17,
  CURATOR_CONTENDER_ACTION_RELEASED = 1 << 18,
} CuratorContenderActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorContenderActions curator_contender_machine_step (CuratorContenderState *state,
                                                        CuratorContenderEvent event);

const char *curator_contender_state_to_string (CuratorContenderState state);
const char *curator_contender_event_to_string (CuratorContenderEvent event);

G_END_DECLS
