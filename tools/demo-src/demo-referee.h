/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Judges what workers report. All write to one pipe, a line before they give up what they have and after they
 * got it: so a line that says "holds", or "leads", while somebody else has neither given up nor died is a
 * foul, whatever the clocks say.
 */
typedef enum
{
  DEMO_EVENT_NONE,
  DEMO_EVENT_HOLDS,
  DEMO_EVENT_GIVES_UP,
} DemoEvent;

typedef struct
{
  char *holder;  /* NULL for nobody */
  guint64 token; /* the latest one */
  guint n_grants;
  char *foul; /* the first one */
} DemoReferee;

DemoEvent demo_referee_see (DemoReferee *self, const char *line);
void demo_referee_note_death (DemoReferee *self);
void demo_referee_clear (DemoReferee *self);
