/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-request-private.h"
#include "curator-watched-event.h"

G_BEGIN_DECLS

/* What a watcher shares with its watches and with events on their way, all of which may outlive it. */
typedef struct _CuratorWatchHub CuratorWatchHub;
/* The interest in one path; lives as long as its watch. */
typedef struct _CuratorWatchUse CuratorWatchUse;

typedef void (*CuratorWatchHubFunc) (gpointer watcher, CuratorWatchedEvent *event);

/* @func is called for each event, in the thread-default main context of the caller, as long as @watcher, a
 * GObject of which no reference is taken, is there. */
CuratorWatchHub *curator_watch_hub_new (gpointer watcher, CuratorWatchHubFunc func);
void curator_watch_hub_unref (CuratorWatchHub *hub);
/* Before the first watch. */
void curator_watch_hub_set_rearm (CuratorWatchHub *hub, gboolean rearm);
gboolean curator_watch_hub_get_rearm (CuratorWatchHub *hub);

/* Any thread: ends all watches, for good. */
void curator_watch_hub_cancel (CuratorWatchHub *hub);
gboolean curator_watch_hub_is_cancelled (CuratorWatchHub *hub);

/* A watch to be carried by a request of @client on @path (NULL for the configuration): the one that is there
 * already, if any, so that an event is seen once. NULL where the hub was cancelled. Any thread. */
CuratorWatch *curator_watch_hub_begin_watch (CuratorWatchHub *hub,
                                             CuratorFramework *client,
                                             const char *path,
                                             CuratorWatchKind kind,
                                             CuratorWatchUse **use);
/* Loop only: the request that carried the watch ended. */
void curator_watch_use_end_request (CuratorWatchUse *use);

/* Removes the hub's own watches from the request's path, as curator_framework_submit () does with
 * REMOVE_WATCHES for those of all. */
void curator_watch_hub_submit_removal (CuratorWatchHub *hub,
                                       CuratorFramework *client,
                                       CuratorRequest *request,
                                       CuratorRequestFunc func,
                                       gpointer user_data);

G_END_DECLS
