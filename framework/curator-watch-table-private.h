/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-request-private.h"

G_BEGIN_DECLS

/* Which watches wait for events of which path: the C client knows only one watcher for all of them. Loop only; paths
 * are the server's. */

typedef struct _CuratorWatchTable CuratorWatchTable;

typedef struct
{
  /* @watch is to be armed on @path again by a read that carries it. */
  void (*rearm) (const char *path, CuratorWatchKind kind, CuratorWatch *watch, gpointer user_data);
  /* Nobody waits for @path any more: the server may forget its watch. */
  void (*unused) (const char *path, CuratorWatchKind kind, gpointer user_data);
} CuratorWatchTableCallbacks;

CuratorWatchTable *curator_watch_table_new (const CuratorWatchTableCallbacks *callbacks, gpointer user_data);
void curator_watch_table_free (CuratorWatchTable *table);

/* A read that carries a watch was sent, and was answered: each call of the one is followed by one of the other. */
void curator_watch_table_arming (CuratorWatchTable *table, const char *path, CuratorWatchKind kind);
/* @watch is NULL where the read armed nothing. @prefix is what the watch's owner does not want to see of paths. @found
 * is the transaction that made what the read found as it is, 0 for no node: where a watch that re-arms was last armed in
 * another session and found something else, it sees now what it could not see between the two. */
void curator_watch_table_armed (CuratorWatchTable *table, const char *path, CuratorWatchKind kind,
                                CuratorWatch *watch, const char *prefix, gint64 found);
/* In place of it, where nobody waited for the answer to a read that armed. */
void curator_watch_table_abandoned (CuratorWatchTable *table, const char *path, CuratorWatchKind kind);
void curator_watch_table_event (CuratorWatchTable *table, CuratorWatchedEventType type, const char *path);
/* The server has forgotten its watches of the path. */
void curator_watch_table_removed (CuratorWatchTable *table, const char *path, CuratorWatchKind kind);
/* While a watch for children was to wait for the node, the node turned out to be there: created, as far as this watch
 * is concerned. */
void curator_watch_table_appeared (CuratorWatchTable *table, const char *path, CuratorWatch *watch);
/* The other way round; an event has not told of that. */
void curator_watch_table_vanished (CuratorWatchTable *table, const char *path, CuratorWatch *watch);
/* A watch that re-arms could not be armed: it waits for the next connection, unless there will be none. */
void curator_watch_table_postpone (CuratorWatchTable *table, const char *path, CuratorWatch *watch);
/* The server has forgotten everything. Those that re-arm wait for the next connection, or end with @final too. */
void curator_watch_table_session_over (CuratorWatchTable *table, gboolean final);
/* Re-arms what waits. */
void curator_watch_table_connected (CuratorWatchTable *table);
guint curator_watch_table_get_size (CuratorWatchTable *table);

gboolean curator_watch_is_cancelled (CuratorWatch *watch);
/* The watch could not be set again at once: when it is, it tells of one event more, in place of those that may have been
 * in between. */
void curator_watch_set_missed (CuratorWatch *watch);
/* There is no node whose children could be watched, and the watch has told of that. */
gboolean curator_watch_is_absent (CuratorWatch *watch);

G_END_DECLS
