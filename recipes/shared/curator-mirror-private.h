/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-call-private.h"
#include "curator-versioned-value.h"

G_BEGIN_DECLS

/* Knows the data of a node: the shell that runs the mirror machine with requests, a watch and a timer. Lives
 * in the client's loop; from start to close it keeps itself alive. */
typedef struct _CuratorMirror CuratorMirror;

/* Called in the loop, in the order in which things happen. */
typedef struct
{
  /* Other data than before. */
  void (*changed) (gpointer user_data, CuratorVersionedValue *value);
  /* Whether what is known is what the node has, as far as the server told. */
  void (*current) (gpointer user_data);
  void (*failed) (gpointer user_data, const GError *error);
  /* Whether data are such as are wanted; any thread. May be NULL. */
  gboolean (*check) (GBytes *data, const char *path, GError **error);
} CuratorMirrorOwner;

/* Hears of each value in order, in any thread; under a lock, so that it has to be brief. */
typedef void (*CuratorMirrorFunc) (CuratorVersionedValue *value, gpointer user_data);

/* Any thread; so is all of the following. @owner is static. */
CuratorMirror *curator_mirror_new (CuratorFramework *client,
                                   const char *path,
                                   GBytes *seed,
                                   const CuratorMirrorOwner *owner,
                                   gpointer user_data,
                                   GDestroyNotify free_data);
CuratorMirror *curator_mirror_ref (CuratorMirror *self);
void curator_mirror_unref (CuratorMirror *self);

/* NULL before anything is known, and in a forked process. */
CuratorVersionedValue *curator_mirror_dup_value (CuratorMirror *self);
gboolean curator_mirror_is_current (CuratorMirror *self);

/* From the present value on, if there is one. @user_data is what to end it by. */
void curator_mirror_follow (CuratorMirror *self,
                            CuratorMirrorFunc func,
                            gpointer user_data,
                            GDestroyNotify free_data);
void curator_mirror_unfollow (CuratorMirror *self, gpointer user_data);

/* What follows later, in the loop. Nothing in a forked process. */
void curator_mirror_start (CuratorMirror *self);
void curator_mirror_close (CuratorMirror *self);
/* A call that waits until something is known. */
CuratorCallOptions curator_mirror_get_await_call (CuratorMirror *self, gint64 timeout_ms);
/* In the loop: what this client has written. */
void curator_mirror_take (CuratorMirror *self, GBytes *data, const CuratorStat *stat);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorMirror, curator_mirror_unref)

G_END_DECLS
