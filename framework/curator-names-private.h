/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names of nodes: `_c_<guid>-<name><sequence>`, where the part up to the dash is there for protected nodes
 * only and the sequence for sequential ones. Names come from servers, so that anything may be in them. Pure;
 * any thread. */

#define CURATOR_NAMES_GUID_LENGTH       36
#define CURATOR_NAMES_PROTECTION_LENGTH (3 + CURATOR_NAMES_GUID_LENGTH + 1)

/* `_c_<guid>-<name>` */
char *curator_names_protect (const char *name, const char *guid);
/* The same with the last name of a path. */
char *curator_names_protect_path (const char *path, const char *guid);
/* TRUE for a protected name with something after the dash. */
gboolean curator_names_is_protected (const char *name);
/* Writes the GUID of a protected name and a NUL; FALSE (and "") where there is none. */
gboolean curator_names_get_guid (const char *name, char guid[CURATOR_NAMES_GUID_LENGTH + 1]);
gboolean curator_names_has_guid (const char *name, const char *guid);
/* The name without its protection, inside @name. */
const char *curator_names_strip (const char *name);

/* What follows the last occurrence of @recipe_name, inside @name; the whole name where it does not occur. The
 * keys of siblings are compared as strings. */
const char *curator_names_get_sort_key (const char *name, const char *recipe_name);
/* The number, where @text is all of what a server would append for it: ten digits, or a minus and as many as
 * it takes to be ten characters or, at the far end, eleven. FALSE for everything else. */
gboolean curator_names_parse_sequence (const char *text, gint32 *sequence);
/* The number of a node of a recipe: @recipe_name occurs, and nothing but a sequence follows its last
 * occurrence. */
gboolean curator_names_get_sequence (const char *name, const char *recipe_name, gint32 *sequence);

G_END_DECLS
