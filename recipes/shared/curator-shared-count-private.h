/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-shared-count-follow-private.h"
#include "curator-shared-count.h"
#include "curator-shared-private.h"

G_BEGIN_DECLS

struct _CuratorSharedCount
{
  GObject parent_instance;

  CuratorShared shared;
  gint32 seed;
};

G_END_DECLS
