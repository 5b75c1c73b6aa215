/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-watch-hub-private.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

/* Borrowed. Any thread. */
CuratorWatchHub *curator_watcher_get_hub (CuratorWatcher *self);

G_END_DECLS
