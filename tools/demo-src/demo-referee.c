/* SPDX-License-Identifier: Apache-2.0 */
#include "demo-referee.h"

#include <stdarg.h>
#include <stdio.h>

static void G_GNUC_PRINTF (2, 3) referee_whistle (DemoReferee *self, const char *format, ...)
{
  va_list args;

  if (self->foul != NULL)
    return;
  va_start (args, format);
  self->foul = g_strdup_vprintf (format, args);
  va_end (args);
}

static void
referee_see_grant (DemoReferee *self, const char *name, guint64 token)
{
  if (self->holder != NULL)
    referee_whistle (self, "%s has it while %s does", name, self->holder);
  if (token <= self->token)
    referee_whistle (self, "%s has token %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, name, token,
                     self->token);
  g_free (self->holder);
  self->holder = g_strdup (name);
  self->token = token;
  self->n_grants++;
}

static void
referee_see_end (DemoReferee *self, const char *name)
{
  if (g_strcmp0 (self->holder, name) != 0)
    referee_whistle (self, "%s gives up what it does not have", name);
  g_clear_pointer (&self->holder, g_free);
}

DemoEvent
demo_referee_see (DemoReferee *self, const char *line)
{
  char name[64];
  char verb[16];
  guint64 token;

  if (sscanf (line, "%*s %63s %15s token %" G_GUINT64_FORMAT, name, verb, &token) != 3)
    return DEMO_EVENT_NONE;
  if (g_str_equal (verb, "holds") || g_str_equal (verb, "leads"))
    {
      referee_see_grant (self, name, token);
      return DEMO_EVENT_HOLDS;
    }
  referee_see_end (self, name);
  return DEMO_EVENT_GIVES_UP;
}

void
demo_referee_note_death (DemoReferee *self)
{
  g_clear_pointer (&self->holder, g_free);
}

void
demo_referee_clear (DemoReferee *self)
{
  g_clear_pointer (&self->holder, g_free);
  g_clear_pointer (&self->foul, g_free);
  *self = (DemoReferee){ 0 };
}
