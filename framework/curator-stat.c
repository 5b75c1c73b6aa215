/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-stat.h"

G_DEFINE_BOXED_TYPE (CuratorStat, curator_stat, curator_stat_copy, curator_stat_free)

/**
 * curator_stat_copy:
 * @self: a stat
 *
 * Copies a stat.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 1.0
 */
CuratorStat *
curator_stat_copy (const CuratorStat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_memdup2 (self, sizeof *self);
}

/**
 * curator_stat_free:
 * @self: (transfer full): a stat
 *
 * Frees a stat that was allocated, such as a copy.
 *
 * Since: 1.0
 */
void
curator_stat_free (CuratorStat *self)
{
  g_free (self);
}

static char *
id_to_string (gint64 id)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, id);
}

/**
 * curator_stat_dup_czxid_string:
 * @self: a stat
 *
 * Gets the transaction that created the node, as decimal digits.
 *
 * Returns: (transfer full): the id, for languages without 64-bit integers
 *
 * Since: 1.0
 */
char *
curator_stat_dup_czxid_string (const CuratorStat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return id_to_string (self->czxid);
}

/**
 * curator_stat_dup_mzxid_string:
 * @self: a stat
 *
 * Gets the transaction that last changed the node's data, as decimal digits.
 *
 * Returns: (transfer full): the id, for languages without 64-bit integers
 *
 * Since: 1.0
 */
char *
curator_stat_dup_mzxid_string (const CuratorStat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return id_to_string (self->mzxid);
}

/**
 * curator_stat_dup_ephemeral_owner_string:
 * @self: a stat
 *
 * Gets the session that owns the node, as servers and their tools write it: in hexadecimal with a leading `0x`; `0x0`
 * for a node that is not ephemeral.
 *
 * Returns: (transfer full): the id, for languages without 64-bit integers
 *
 * Since: 1.0
 */
char *
curator_stat_dup_ephemeral_owner_string (const CuratorStat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", (guint64) self->ephemeral_owner);
}
