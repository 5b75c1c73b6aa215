/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-atomic-result.h"

#include "curator-atomic-result-private.h"

/**
 * CuratorAtomicResult:
 *
 * What became of an operation on a [class@Curator.AtomicNumber].
 *
 * Threads: it never changes, and may be used in any thread.
 *
 * Since: 1.0
 */
struct _CuratorAtomicResult
{
  gatomicrefcount ref_count;
  gboolean succeeded;
  gint64 pre_value;
  gint64 post_value;
};

G_DEFINE_BOXED_TYPE (CuratorAtomicResult,
                     curator_atomic_result,
                     curator_atomic_result_ref,
                     curator_atomic_result_unref)

CuratorAtomicResult *
curator_atomic_result_new (gboolean succeeded, gint64 pre_value, gint64 post_value)
{
  CuratorAtomicResult *self = g_new (CuratorAtomicResult, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->succeeded = succeeded;
  self->pre_value = pre_value;
  self->post_value = post_value;
  return self;
}

/**
 * curator_atomic_result_ref:
 * @self: a result
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
CuratorAtomicResult *
curator_atomic_result_ref (CuratorAtomicResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_atomic_result_unref:
 * @self: (transfer full): a result
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
curator_atomic_result_unref (CuratorAtomicResult *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * curator_atomic_result_get_succeeded:
 * @self: a result
 *
 * Gets whether the operation has done what it was to do. If not, the number was not changed by it.
 *
 * Returns: %TRUE if it has
 *
 * Since: 1.0
 */
gboolean
curator_atomic_result_get_succeeded (CuratorAtomicResult *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->succeeded;
}

/**
 * curator_atomic_result_get_pre_value:
 * @self: a result
 *
 * Gets what the number was before the operation; where that did not succeed, what it was seen to be last.
 *
 * Returns: the number; 0 where there was no node
 *
 * Since: 1.0
 */
gint64
curator_atomic_result_get_pre_value (CuratorAtomicResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pre_value;
}

/**
 * curator_atomic_result_get_post_value:
 * @self: a result
 *
 * Gets what the number has become by the operation; where that did not change it, the same as
 * [method@Curator.AtomicResult.get_pre_value].
 *
 * Returns: the number
 *
 * Since: 1.0
 */
gint64
curator_atomic_result_get_post_value (CuratorAtomicResult *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->post_value;
}

/**
 * curator_atomic_result_dup_pre_value_string:
 * @self: a result
 *
 * Gets [method@Curator.AtomicResult.get_pre_value] as decimal digits.
 *
 * Returns: (transfer full): the number, for languages without 64-bit integers
 *
 * Since: 1.0
 */
char *
curator_atomic_result_dup_pre_value_string (CuratorAtomicResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%" G_GINT64_FORMAT, self->pre_value);
}

/**
 * curator_atomic_result_dup_post_value_string:
 * @self: a result
 *
 * Gets [method@Curator.AtomicResult.get_post_value] as decimal digits.
 *
 * Returns: (transfer full): the number, for languages without 64-bit integers
 *
 * Since: 1.0
 */
char *
curator_atomic_result_dup_post_value_string (CuratorAtomicResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%" G_GINT64_FORMAT, self->post_value);
}
