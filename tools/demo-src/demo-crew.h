/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

/* The processes that compete, and what they write. */
typedef struct
{
  char *program;
  char *hosts;
  char *path;
  int n_workers;
  int session_timeout_ms;
  const char *option; /* (nullable): one more for the program */
} DemoPlan;

typedef struct _DemoCrew DemoCrew;

DemoCrew *demo_crew_start (const DemoPlan *plan, GCancellable *interrupt, GError **error);
char *demo_crew_next_line (DemoCrew *self, gint64 deadline_us, GError **error);
void demo_crew_kill (DemoCrew *self, const char *name);
void demo_crew_stop (DemoCrew *self);
gboolean demo_crew_check (DemoCrew *self, GError **error);
void demo_crew_free (DemoCrew *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoCrew, demo_crew_free)
