/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Knowing the data of a node, which is created where it is missing at the beginning, as a pure function. No
 * I/O, no clock, no memory: curator-mirror.c runs it. */

typedef enum
{
  CURATOR_MIRROR_IDLE = 1,
  CURATOR_MIRROR_SEEDING,  /* the create is in flight */
  CURATOR_MIRROR_READING,  /* so is a read */
  CURATOR_MIRROR_LOOKING,  /* it has gone: asks to be told when it is there again */
  CURATOR_MIRROR_WATCHING, /* all is known and watched */
  CURATOR_MIRROR_MISSING,  /* that it is not there is */
  CURATOR_MIRROR_UNSEEDED, /* creating failed; tried again after a while */
  CURATOR_MIRROR_PAUSED,   /* reading failed, likewise */
  CURATOR_MIRROR_DONE,
  CURATOR_MIRROR_N_STATES
} CuratorMirrorState;

typedef enum
{
  CURATOR_MIRROR_EVENT_START,
  CURATOR_MIRROR_EVENT_SEEDED, /* or it was there */
  CURATOR_MIRROR_EVENT_SEED_FAILED,
  CURATOR_MIRROR_EVENT_READ,
  CURATOR_MIRROR_EVENT_ABSENT,  /* to a read or a look */
  CURATOR_MIRROR_EVENT_PRESENT, /* to a look */
  CURATOR_MIRROR_EVENT_READ_FAILED,
  CURATOR_MIRROR_EVENT_TOUCHED, /* the watch is used up */
  CURATOR_MIRROR_EVENT_SUSPENDED,
  CURATOR_MIRROR_EVENT_RECONNECTED,
  CURATOR_MIRROR_EVENT_PAUSE_OVER,
  CURATOR_MIRROR_EVENT_CLOSE,
  CURATOR_MIRROR_N_EVENTS
} CuratorMirrorEvent;

/* To be run in this order. */
typedef enum
{
  CURATOR_MIRROR_ACTION_NONE = 0,
  CURATOR_MIRROR_ACTION_SEED = 1 << 0,
  CURATOR_MIRROR_ACTION_READ = 1 << 1,
  CURATOR_MIRROR_ACTION_LOOK = 1 << 2,
  CURATOR_MIRROR_ACTION_TAKE = 1 << 3,  /* what was read */
  CURATOR_MIRROR_ACTION_STALE = 1 << 4, /* what is known may be outdated */
  CURATOR_MIRROR_ACTION_PAUSE = 1 << 5, /* and tells of what is wrong, if that is news */
  CURATOR_MIRROR_ACTION_FINISH = 1 << 6,
} CuratorMirrorActions;

/* Moves @state on and returns what is to be done. Every pair is defined; an event that means nothing in a
 * state changes nothing. */
CuratorMirrorActions curator_mirror_machine_step (CuratorMirrorState *state, CuratorMirrorEvent event);

const char *curator_mirror_state_to_string (CuratorMirrorState state);
const char *curator_mirror_event_to_string (CuratorMirrorEvent event);

G_END_DECLS
