/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The packet by which a client sets its watches again at a new connection. */

/* The largest that is sent as it is. */
#define CURATOR_SET_WATCHES_MAX (128 * 1024)

/* Appends to @out packets, each with its length before it, that together say what the one with this body
 * says, and are not larger than that, unless a path is. Returns how many. */
guint curator_set_watches_split (const guint8 *body, gsize length, GByteArray *out);

G_END_DECLS
