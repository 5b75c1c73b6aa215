/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-dir-private.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DIR_PREFIX "curator-test-"

enum
{
  /* A directory younger than this may be about to be locked by its owner. */
  ABANDONED_AFTER_SECONDS = 10,
  MAX_OPEN_DIRS = 8,
};

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *info)
{
  return remove (path);
}

static void
remove_tree (const char *path)
{
  if (nftw (path, remove_entry, MAX_OPEN_DIRS, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
    g_info ("Removing %s: %s", path, g_strerror (errno));
}

static void
remove_if_abandoned (const char *path)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    return;
  if (fstat (fd, &status) == 0 && status.st_uid == geteuid () &&
      status.st_mtime + ABANDONED_AFTER_SECONDS < time (NULL) && flock (fd, LOCK_EX | LOCK_NB) == 0)
    remove_tree (path);
  close (fd);
}

static void
remove_abandoned (void)
{
  g_autoptr (GDir) parent = g_dir_open (g_get_tmp_dir (), 0, NULL);
  const char *name;

  while (parent != NULL && (name = g_dir_read_name (parent)) != NULL)
    {
      if (g_str_has_prefix (name, DIR_PREFIX))
        {
          g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);

          remove_if_abandoned (path);
        }
    }
}

CuratorTestDir *
curator_test_dir_new (GError **error)
{
  static gsize cleaned = 0;
  g_autofree char *path = NULL;
  CuratorTestDir *dir;

  if (g_once_init_enter (&cleaned))
    {
      remove_abandoned ();
      g_once_init_leave (&cleaned, 1);
    }
  path = g_dir_make_tmp (DIR_PREFIX "XXXXXX", error);
  if (path == NULL)
    return NULL;
  dir = g_new0 (CuratorTestDir, 1);
  dir->path = g_steal_pointer (&path);
  dir->lock_fd = open (dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir->lock_fd >= 0)
    flock (dir->lock_fd, LOCK_EX | LOCK_NB);
  return dir;
}

void
curator_test_dir_free (CuratorTestDir *dir)
{
  remove_tree (dir->path);
  if (dir->lock_fd >= 0)
    close (dir->lock_fd);
  g_free (dir->path);
  g_free (dir);
}
