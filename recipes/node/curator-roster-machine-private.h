/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who is in a group, and with what data, as a pure function: the children are listed, those that are not
 * known are read, and all of that is watched. No I/O, no clock, no memory: curator-roster.c runs it. */

typedef enum
{
  CURATOR_ROSTER_IDLE = 1,
  CURATOR_ROSTER_LISTING,  /* a list is in flight, perhaps reads too */
  CURATOR_ROSTER_READING,  /* listed, reads are in flight */
  CURATOR_ROSTER_WATCHING, /* all is known and watched */
  CURATOR_ROSTER_PAUSED,   /* failed; listed again after a while */
  CURATOR_ROSTER_DONE,
  CURATOR_ROSTER_N_STATES
} CuratorRosterState;

typedef enum
{
  CURATOR_ROSTER_EVENT_START,
  CURATOR_ROSTER_EVENT_LISTED,        /* and all are known */
  CURATOR_ROSTER_EVENT_LISTED_UNREAD, /* and some are not */
  CURATOR_ROSTER_EVENT_LIST_FAILED,
  CURATOR_ROSTER_EVENT_READ, /* the last one that was in flight was answered */
  CURATOR_ROSTER_EVENT_READ_FAILED,
  CURATOR_ROSTER_EVENT_TOUCHED,        /* the watch on the list is used up */
  CURATOR_ROSTER_EVENT_MEMBER_TOUCHED, /* that on a member is */
  CURATOR_ROSTER_EVENT_RECONNECTED,
  CURATOR_ROSTER_EVENT_PROMPTED, /* there is something to be seen */
  CURATOR_ROSTER_EVENT_PAUSE_OVER,
  CURATOR_ROSTER_EVENT_CLOSE,
  CURATOR_ROSTER_N_EVENTS
} CuratorRosterEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_ROSTER_ACTION_NONE = 0,
  CURATOR_ROSTER_ACTION_LIST = 1 << 0,
  CURATOR_ROSTER_ACTION_READ = 1 << 1, /* those that are not watched */
  CURATOR_ROSTER_ACTION_PUBLISH = 1 << 2,
  CURATOR_ROSTER_ACTION_PAUSE = 1 << 3,
  CURATOR_ROSTER_ACTION_FINISH = 1 << 4,
} CuratorRosterActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorRosterActions curator_roster_machine_step (CuratorRosterState *state, CuratorRosterEvent event);

const char *curator_roster_state_to_string (CuratorRosterState state);
const char *curator_roster_event_to_string (CuratorRosterEvent event);

G_END_DECLS
