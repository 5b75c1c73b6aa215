/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <zookeeper.h>

#include "curator-session-private.h"

G_BEGIN_DECLS

/* Between the session and the translation of requests into the C client's calls. */

/* Hands the request to the C client; where that refuses it, its number, and no completion will come. */
int curator_session_ops_send (zhandle_t *handle, CuratorRequest *request, watcher_fn watcher, void *context);
/* Only on this side; answers at once. */
void curator_session_ops_forget_watches (zhandle_t *handle, const char *path, CuratorWatchKind kind);
/* Implemented by the session: the reply is there and the request's results are filled in. */
void curator_session_ops_completed (CuratorRequest *request, int rc);

G_END_DECLS
