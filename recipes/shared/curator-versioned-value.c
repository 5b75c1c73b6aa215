/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-versioned-value.h"

#include "curator-number-private.h"
#include "curator-versioned-value-private.h"

/**
 * CuratorVersionedValue:
 *
 * What the data of a node were at one time, and which of its versions that was: what
 * [method@Curator.SharedValue.try_set_value_async] sets the value anew with, unless somebody else has set it
 * in between.
 *
 * Threads: it never changes, and may be used in any thread.
 *
 * Since: 1.0
 */
struct _CuratorVersionedValue
{
  gatomicrefcount ref_count;
  GBytes *value;
  CuratorStat stat;
};

G_DEFINE_BOXED_TYPE (CuratorVersionedValue,
                     curator_versioned_value,
                     curator_versioned_value_ref,
                     curator_versioned_value_unref)

CuratorVersionedValue *
curator_versioned_value_new (GBytes *value, const CuratorStat *stat)
{
  CuratorVersionedValue *self = g_new (CuratorVersionedValue, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->value = g_bytes_ref (value);
  self->stat = *stat;
  return self;
}

/**
 * curator_versioned_value_ref:
 * @self: a value
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
CuratorVersionedValue *
curator_versioned_value_ref (CuratorVersionedValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_versioned_value_unref:
 * @self: (transfer full): a value
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
curator_versioned_value_unref (CuratorVersionedValue *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->value);
  g_free (self);
}

/**
 * curator_versioned_value_get_value:
 * @self: a value
 *
 * Gets the data.
 *
 * Returns: (transfer none): the data, perhaps empty
 *
 * Since: 1.0
 */
GBytes *
curator_versioned_value_get_value (CuratorVersionedValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/**
 * curator_versioned_value_get_count:
 * @self: a value
 *
 * Gets the data as the number that a [class@Curator.SharedCount] keeps in them.
 *
 * Returns: the number; 0 where the data are not four bytes long, which those of a count always are
 *
 * Since: 1.0
 */
gint32
curator_versioned_value_get_count (CuratorVersionedValue *self)
{
  gint64 count = 0;

  g_return_val_if_fail (self != NULL, 0);

  curator_number_from_bytes (self->value, CURATOR_NUMBER_INT_SIZE, &count);
  return (gint32) count;
}

/**
 * curator_versioned_value_get_version:
 * @self: a value
 *
 * Gets how often the data had been set by then. It begins anew when the node is deleted and created again;
 * the `mzxid` of [method@Curator.VersionedValue.get_stat] always grows.
 *
 * Returns: the version of the node
 *
 * Since: 1.0
 */
gint32
curator_versioned_value_get_version (CuratorVersionedValue *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->stat.version;
}

/**
 * curator_versioned_value_get_stat:
 * @self: a value
 *
 * Gets what the server said of the node beside its data.
 *
 * Returns: (transfer none): the stat
 *
 * Since: 1.0
 */
const CuratorStat *
curator_versioned_value_get_stat (CuratorVersionedValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->stat;
}
