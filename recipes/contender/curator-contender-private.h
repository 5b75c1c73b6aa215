/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-machine-private.h"
#include "curator-contender-rank-private.h"
#include "curator-framework.h"

G_BEGIN_DECLS

/* One turn of taking part in a lock or an election: the shell that runs the contender machine with requests,
 * watches and timers. Lives in the client's loop; everything here is to be called there, except where it says
 * otherwise. From start to end it keeps itself alive. */
typedef struct _CuratorContender CuratorContender;
typedef struct _CuratorContenderQueue CuratorContenderQueue;

/* What a node's data say who is asked to let go. */
#define CURATOR_CONTENDER_REVOKE "__REVOKE__"

/* Called in the loop, each as the last thing that a step does: all is legal inside. Any may be NULL. */
typedef struct
{
  void (*granted) (CuratorContender *contender, gpointer user_data);
  void (*suspect) (CuratorContender *contender, gpointer user_data);
  void (*restored) (CuratorContender *contender, gpointer user_data);
  void (*lost) (CuratorContender *contender, gpointer user_data);
  /* Never granted: the node, if any, is on its way out. */
  void (*failed) (CuratorContender *contender, const GError *error, gpointer user_data);
  /* For the observer, before anything else comes of it: given back by its owner. Its release follows. */
  void (*given_back) (CuratorContender *contender, gpointer user_data);
  /* The node has gone; or, with an error, goes later. */
  void (*released) (CuratorContender *contender, const GError *error, gpointer user_data);
  /* Who is there, our own node included, before anything is made of that; as long as it does not hold. */
  void (*listed) (CuratorContender *contender, const char *const *children, gpointer user_data);
  /* While it holds: somebody asks for it by CURATOR_CONTENDER_REVOKE in the data of the node. Once at most.
   */
  void (*revoked) (CuratorContender *contender, gpointer user_data);
} CuratorContenderOwner;

/* Any thread. @parent: the path of the recipe, valid; @data (nullable): of the node; @timeout_ms: how long to
 * wait, -1 for ever, 0 to give up instead of waiting behind others. @owner and @kind are static. */
CuratorContender *curator_contender_new (CuratorFramework *client,
                                         const CuratorContenderKind *kind,
                                         const char *parent,
                                         GBytes *data,
                                         gint64 timeout_ms);
/* Any thread. */
CuratorContender *curator_contender_ref (CuratorContender *self);
void curator_contender_unref (CuratorContender *self);

/* Before the start in any thread, then in the loop. The data are freed with the next owner, or at the end. */
void curator_contender_set_owner (CuratorContender *self,
                                  const CuratorContenderOwner *owner,
                                  gpointer user_data,
                                  GDestroyNotify free_data);
/* Likewise, for somebody who is told of the same after the owner, whoever that is by then; but not of lists
 * and revocations. */
void curator_contender_set_observer (CuratorContender *self,
                                     const CuratorContenderOwner *observer,
                                     gpointer user_data,
                                     GDestroyNotify free_data);

/* Before the start: takes its place behind the others in @queue; see curator-contender-queue-private.h. */
void curator_contender_set_queue (CuratorContender *self, CuratorContenderQueue *queue);
/* Before the start: holds as long as @lease_path, a node beside its own that @session_id owns, is there; its
 * own node has the number of that one. Fails where it is not, and does not outlive that session. */
void curator_contender_set_cover (CuratorContender *self, const char *lease_path, gint64 session_id);
/* Where they are counted, before the start in any thread, then in the loop: how many may hold. */
void curator_contender_set_limit (CuratorContender *self, guint limit);

void curator_contender_start (CuratorContender *self);
/* The same, but waits for a session as long as it takes: nothing is asked of the server without one. */
void curator_contender_start_patiently (CuratorContender *self);
/* Fails with @error (taken), unless it holds already or is over. */
void curator_contender_give_up (CuratorContender *self, GError *error);
/* Gives back what is held; without effect where nothing is. */
void curator_contender_release (CuratorContender *self);

/* For the queue: it is the first one. */
void curator_contender_take_turn (CuratorContender *self);
/* TRUE from the grant on, until it is lost or given back. */
gboolean curator_contender_is_held (CuratorContender *self);
/* TRUE once nothing will happen any more. */
gboolean curator_contender_is_done (CuratorContender *self);
/* What became of the node, once done; NULL where it has gone. */
const GError *curator_contender_get_release_error (CuratorContender *self);
/* Of what is held; constant from the grant on. */
const char *curator_contender_get_path (CuratorContender *self);
guint64 curator_contender_get_fencing_token (CuratorContender *self);
gint64 curator_contender_get_session_id (CuratorContender *self);

/* Any thread. */
CuratorContenderQueue *curator_contender_queue_new (void);
CuratorContenderQueue *curator_contender_queue_ref (CuratorContenderQueue *self);
void curator_contender_queue_unref (CuratorContenderQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorContender, curator_contender_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorContenderQueue, curator_contender_queue_unref)

G_END_DECLS
