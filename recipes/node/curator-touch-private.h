/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-keeper-private.h"

G_BEGIN_DECLS

/* Keeps a node with a time to live from being removed: a child of it, with the same time to live, is written
 * to twice in that time. Loop only. */
typedef struct _CuratorTouch CuratorTouch;

/* The keeper outlives it. */
CuratorTouch *curator_touch_start (CuratorKeeper *keeper, gint64 ttl_ms);
void curator_touch_stop (CuratorTouch *touch);

G_END_DECLS
