/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-request-private.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

/* A watcher's interest in one path; lives as long as its watch. */
typedef struct _CuratorWatcherUse CuratorWatcherUse;

/* A watch to be carried by a request of @client on @path (NULL for the configuration): the one that this
 * watcher already has there, if any, so that an event is seen once. NULL where the watcher was cancelled. Any
 * thread. */
CuratorWatch *curator_watcher_begin_watch (CuratorWatcher *self,
                                           CuratorFramework *client,
                                           const char *path,
                                           CuratorWatchKind kind,
                                           CuratorWatcherUse **use);
/* Loop only: the request that carried the watch ended. */
void curator_watcher_use_end_request (CuratorWatcherUse *use);

/* Removes the watcher's own watches from the request's path, as curator_framework_submit () does with
 * REMOVE_WATCHES for those of all. */
void curator_watcher_submit_removal (CuratorWatcher *self,
                                     CuratorFramework *client,
                                     CuratorRequest *request,
                                     CuratorRequestFunc func,
                                     gpointer user_data);

G_END_DECLS
