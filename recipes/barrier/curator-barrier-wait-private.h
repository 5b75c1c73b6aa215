/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-barrier-wait-machine-private.h"
#include "curator-call-private.h"

G_BEGIN_DECLS

/* A call that waits until the node at @path, or its client's, does not exist. Any thread. */
CuratorCallOptions
curator_barrier_wait_get_call (CuratorFramework *client, const char *path, gint64 timeout_ms);

G_END_DECLS
