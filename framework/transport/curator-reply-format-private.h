/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the bodies of replies look like. The C client does not notice where one cannot be read as what it is
 * to be, and goes on with what happens to be in its memory. Pure. */

/* One letter for each field; static. "" where the C client reads no body. */
const char *curator_reply_format_get (gint32 request_type);
/* The types of a transaction's parts, one byte each, from the request's body. NULL where that is no
 * transaction. */
GByteArray *curator_reply_format_get_parts (const guint8 *request, gsize length);
/* TRUE where @body can be read to the end of the format. */
gboolean
curator_reply_format_matches (const char *format, GByteArray *parts, const guint8 *body, gsize length);

#define CURATOR_REPLY_FORMAT_EVENT "iis"

G_END_DECLS
