/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-shared-value.h"
#include "curator-shared-private.h"

G_BEGIN_DECLS

struct _CuratorSharedValue
{
  GObject parent_instance;

  CuratorShared shared;
  GBytes *seed;
};

/* One that was made without its construct-only properties is not. */
gboolean curator_shared_value_is_usable (CuratorSharedValue *self);

G_END_DECLS
