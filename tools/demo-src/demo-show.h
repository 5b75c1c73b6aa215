/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "demo-referee.h"

/* What the user sees. */
void demo_show_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
void demo_show_line (const char *line, DemoEvent event);
