/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Any thread: how many forks lie between this process and the one that first asked. What was made under
 * another number belongs to another process: its threads are not here, its descriptors are shared. */
guint curator_fork_get_generation (void);

G_END_DECLS
