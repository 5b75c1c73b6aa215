/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A private temporary directory, locked by us for as long as it lives. Those of processes that ended without
 * removing theirs are no longer locked, and are removed when a process makes its first one. */
typedef struct
{
  char *path;
  int lock_fd;
} CuratorTestDir;

CuratorTestDir *curator_test_dir_new (GError **error);
/* Removes it with all that is in it. */
void curator_test_dir_free (CuratorTestDir *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorTestDir, curator_test_dir_free)

G_END_DECLS
