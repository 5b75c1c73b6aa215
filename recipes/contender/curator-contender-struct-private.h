/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-contender-private.h"
#include "curator-loop-private.h"
#include "curator-request-private.h"

G_BEGIN_DECLS

/* The inside of a contender, for curator-contender.c (its life and its owner) and curator-contender-actions.c
 * (what it asks of the server). */

/* Whose answer is wanted still; one of any other request is dropped. */
typedef enum
{
  CURATOR_CONTENDER_SLOT_CREATE,
  CURATOR_CONTENDER_SLOT_LIST,
  CURATOR_CONTENDER_SLOT_WATCH,
  CURATOR_CONTENDER_SLOT_CHECK,
  CURATOR_CONTENDER_SLOT_DELETE,
  CURATOR_CONTENDER_SLOT_REVOCATION,
  CURATOR_CONTENDER_N_SLOTS
} CuratorContenderSlot;

/* Who is told what becomes of it; empty where there is nobody. */
typedef struct
{
  const CuratorContenderOwner *calls;
  gpointer data;
  GDestroyNotify free_data;
} CuratorContenderListener;

struct _CuratorContender
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  const CuratorContenderKind *kind;
  char *parent;
  GBytes *data;
  gint64 timeout_ms;
  guint limit;
  CuratorContenderQueue *queue; /* (nullable) */
  GList queue_link;             /* its data are NULL where we are not in it */
  char *cover;                  /* (nullable): a name beside our own */
  gint64 cover_session_id;

  CuratorContenderListener owner, observer;

  CuratorContenderState state;
  gboolean active; /* from start to end, as long as we keep ourselves alive */
  guint listener;
  CuratorRequest *requests[CURATOR_CONTENDER_N_SLOTS];
  CuratorWatch *predecessor;
  CuratorWatch *own;
  CuratorTimer *timeout;
  CuratorTimer *own_due;

  char *path; /* of our node */
  char *watch_name;   /* (nullable): whom we watch or are to watch */
  char *nearest_name; /* (nullable): the last one before us, where that is another one */
  gint64 session_id;
  gint64 czxid;
  gint32 version;      /* of our node's data, as last seen */
  gint32 read_version; /* and as last read: those we created need no reading */
  gboolean is_revoked;
  GError *failure;
  GError *release_error;
};

void curator_contender_step (CuratorContender *self, CuratorContenderEvent event);
/* Takes the reason for the failure that may follow. */
void curator_contender_take_failure (CuratorContender *self, GError *error);
GError *curator_contender_new_timeout_error (CuratorContender *self);
GError *curator_contender_new_cover_error (CuratorContender *self);
/* While it holds, somebody asks for it. */
void curator_contender_call_revoked (CuratorContender *self);
void curator_contender_call_listed (CuratorContender *self, const char *const *children);
/* All but the calls of the owner. */
void curator_contender_run_actions (CuratorContender *self, CuratorContenderActions actions);

G_END_DECLS
