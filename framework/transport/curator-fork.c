/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-fork-private.h"

#include <pthread.h>

static guint fork_generation;

static void
fork_in_child (void)
{
  g_atomic_int_inc (&fork_generation);
}

guint
curator_fork_get_generation (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      pthread_atfork (NULL, NULL, fork_in_child);
      g_once_init_leave (&once, 1);
    }
  return (guint) g_atomic_int_get (&fork_generation);
}
