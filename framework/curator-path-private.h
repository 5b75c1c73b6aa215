/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Paths of nodes: the checks a server makes, and the arithmetic on names. Pure; any thread. */

/* TRUE where a server accepts @path. With @sequential the path is a prefix that the server appends a number
 * to, so that it may end in a slash. Else @reason (optional) is set to an allocated text that says why and
 * where. */
gboolean curator_path_validate (const char *path, gboolean sequential, char **reason);
/* Joins with exactly one slash: ("/a", "b"), ("/a/", "/b") and ("a", "b/") all give "/a/b". Both may be NULL.
 */
char *curator_path_make (const char *parent, const char *child);
/* "/" for "/a"; NULL for "/" and for what has no slash. */
char *curator_path_dup_parent (const char *path);
/* What follows the last slash (the whole text without one), inside @path. "" for "/". */
const char *curator_path_get_basename (const char *path);

/* What goes before every path of a client: @chroot (absolute or NULL) and @namespace_ (relative or NULL,
 * without slashes at its ends). NULL for none. An invalid namespace gives NULL too, with @reason set. */
char *curator_path_make_prefix (const char *chroot, const char *namespace_, char **reason);
/* Puts @prefix (NULL for none) before a valid @path. "/" is the prefix itself, but for a sequential create,
 * whose number makes a child of it. */
char *curator_path_apply_prefix (const char *prefix, const char *path, gboolean sequential);
/* Takes it off; the prefix itself is "/". A path outside of the prefix is returned as it is. */
char *curator_path_strip_prefix (const char *prefix, const char *path);

/* @text in double quotes for a message: valid UTF-8, control characters escaped, shortened where it is very
 * long. "NULL" for NULL. */
char *curator_path_quote (const char *text);

G_END_DECLS
