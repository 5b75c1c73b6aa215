/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-shared-count.h"
#include "curator-shared-private.h"

G_BEGIN_DECLS

struct _CuratorSharedCount
{
  GObject parent_instance;

  CuratorShared shared;
  gint32 seed;
};

/* One that was made without its construct-only properties is not. */
gboolean curator_shared_count_is_usable (CuratorSharedCount *self);

G_END_DECLS
