/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers as Java writes them into nodes: two's complement, the highest byte first. Pure; any thread. */

#define CURATOR_NUMBER_INT_SIZE  4
#define CURATOR_NUMBER_LONG_SIZE 8

/* FALSE where the data are of another size. */
gboolean curator_number_from_bytes (GBytes *bytes, gsize size, gint64 *number);
GBytes *curator_number_to_bytes (gint64 number, gsize size);
gboolean curator_number_fits (gint64 number, gsize size);
/* As in Java, what does not fit wraps around. */
gint64 curator_number_add (gint64 a, gint64 b, gsize size);
gint64 curator_number_subtract (gint64 a, gint64 b, gsize size);

G_END_DECLS
