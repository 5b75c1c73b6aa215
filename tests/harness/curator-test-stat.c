/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-stat.h"

G_DEFINE_BOXED_TYPE (CuratorTestStat, curator_test_stat, curator_test_stat_copy, curator_test_stat_free)

/**
 * curator_test_stat_copy:
 * @self: a stat
 *
 * Returns: (transfer full): a copy
 *
 * Since: 1.0
 */
CuratorTestStat *
curator_test_stat_copy (const CuratorTestStat *self)
{
  return g_memdup2 (self, sizeof *self);
}

/**
 * curator_test_stat_free:
 * @self: (transfer full): a stat
 *
 * Frees @self.
 *
 * Since: 1.0
 */
void
curator_test_stat_free (CuratorTestStat *self)
{
  g_free (self);
}
