/* SPDX-License-Identifier: Apache-2.0 */
#include "demo-show.h"

#include <stdarg.h>
#include <unistd.h>

static void
show (const char *text, const char *colour)
{
  if (isatty (STDOUT_FILENO) && g_getenv ("NO_COLOR") == NULL)
    g_print ("\033[%sm%s\033[0m\n", colour, text);
  else
    g_print ("%s\n", text);
}

void
demo_show_note (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  show (text, "1");
}

void
demo_show_line (const char *line, DemoEvent event)
{
  show (line, event == DEMO_EVENT_HOLDS ? "32" : "2");
}
