/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-call-private.h"
#include "curator-keeper-machine-private.h"

G_BEGIN_DECLS

/* Keeps a node: the shell that runs the keeper machine with requests, watches and timers. Lives in the
 * client's loop; everything here is to be called there, except where it says otherwise. From start to end it
 * keeps itself alive. */
typedef struct _CuratorKeeper CuratorKeeper;

typedef struct
{
  CuratorFramework *client;
  const char *path;
  CuratorCreateMode mode;
  gint64 ttl_ms;
  gboolean protection;
  gboolean parents;
} CuratorKeeperOptions;

/* Called in the loop, each as the last thing that a step does. */
typedef struct
{
  /* The node is there, for the first time or again. */
  void (*created) (gpointer user_data, const char *path);
  void (*failed) (gpointer user_data, const GError *error);
} CuratorKeeperOwner;

/* Any thread. @owner is static. */
CuratorKeeper *curator_keeper_new (const CuratorKeeperOptions *options,
                                   GBytes *data,
                                   const CuratorKeeperOwner *owner,
                                   gpointer user_data,
                                   GDestroyNotify free_data);
/* Any thread. */
CuratorKeeper *curator_keeper_ref (CuratorKeeper *self);
void curator_keeper_unref (CuratorKeeper *self);
CuratorFramework *curator_keeper_get_client (CuratorKeeper *self);
const char *curator_keeper_get_base_path (CuratorKeeper *self);
GBytes *curator_keeper_dup_data (CuratorKeeper *self);
char *curator_keeper_dup_path (CuratorKeeper *self);
gboolean curator_keeper_is_sequential (CuratorKeeper *self);
/* Any thread: the next thing that is written is these data; returns their number for the wait, 0 in a forked
 * process. */
guint64 curator_keeper_take_data (CuratorKeeper *self, GBytes *data);

/* Any thread: what follows below, in the loop. Nothing in a forked process. */
void curator_keeper_begin_start (CuratorKeeper *self);
guint64 curator_keeper_begin_write (CuratorKeeper *self, GBytes *data);
void curator_keeper_begin_close (CuratorKeeper *self);
/* Any thread: calls that wait, for curator_call_async () and curator_call_sync (). */
CuratorCallOptions curator_keeper_get_created_call (CuratorKeeper *self, gint64 timeout_ms);
CuratorCallOptions curator_keeper_get_written_call (CuratorKeeper *self, guint64 number);
CuratorCallOptions curator_keeper_get_closed_call (CuratorKeeper *self);

void curator_keeper_start (CuratorKeeper *self);
/* Writes the data that were taken. */
void curator_keeper_write (CuratorKeeper *self);
void curator_keeper_close (CuratorKeeper *self);

/* The call is completed when the node is there; when the data of that number, or newer ones, were written;
 * when the node has gone. */
void curator_keeper_await_created (CuratorKeeper *self, CuratorCall *call);
void curator_keeper_await_written (CuratorKeeper *self, CuratorCall *call, guint64 number);
void curator_keeper_await_closed (CuratorKeeper *self, CuratorCall *call);
void curator_keeper_stop_waiting (CuratorKeeper *self, CuratorCall *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorKeeper, curator_keeper_unref)

G_END_DECLS
