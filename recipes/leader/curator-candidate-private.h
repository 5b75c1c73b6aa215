/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-call-private.h"
#include "curator-candidate-machine-private.h"
#include "curator-contender-private.h"
#include "curator-emitter-private.h"
#include "curator-lease.h"

G_BEGIN_DECLS

/* Takes part in an election, turn after turn: the shell that runs the candidate machine with contenders.
 * Lives in the client's loop. From start to end it keeps itself alive. */
typedef struct _CuratorCandidate CuratorCandidate;

/* What it has to say to the object that it belongs to. */
typedef struct
{
  CuratorEmitterFunc taken;  /* (nullable): a CuratorLease, whose last reference may be this one */
  CuratorEmitterFunc turned; /* the number of the change, by GPOINTER_TO_UINT (): odd from when on it leads */
  CuratorEmitterFunc failed; /* a GError */
  CuratorEmitterFunc over;   /* for good */
} CuratorCandidateOwner;

typedef struct
{
  CuratorFramework *client;
  const CuratorContenderKind *kind; /* static */
  const char *path;
  const char *id;
  gboolean keeps_lease;  /* itself, as long as it leads */
  gboolean enters_again; /* whenever a turn is over; else for each curator_candidate_queue () */
} CuratorCandidateOptions;

/* Any thread, for everything but what says otherwise. Signals of leases come in the thread-default main
 * context of this call. @owner is static. */
CuratorCandidate *curator_candidate_new (const CuratorCandidateOptions *options,
                                         const CuratorCandidateOwner *owner,
                                         CuratorEmitter *emitter);
CuratorCandidate *curator_candidate_ref (CuratorCandidate *self);
void curator_candidate_unref (CuratorCandidate *self);
CuratorFramework *curator_candidate_get_client (CuratorCandidate *self);
const char *curator_candidate_get_path (CuratorCandidate *self);
/* As the data of its nodes say it. */
GBytes *curator_candidate_get_id_bytes (CuratorCandidate *self);
/* Whether it leads now, as far as the clock and the client's error policy allow to say so. */
gboolean curator_candidate_is_leading (CuratorCandidate *self);
/* The last change. */
guint curator_candidate_get_turn (CuratorCandidate *self);
/* What it leads with; NULL where it does not. */
CuratorLease *curator_candidate_dup_lease (CuratorCandidate *self);
/* Over for good, whoever closed it. */
gboolean curator_candidate_is_over (CuratorCandidate *self);

/* TRUE where that is new. */
gboolean curator_candidate_set_enters_again (CuratorCandidate *self, gboolean enters_again);
gboolean curator_candidate_get_enters_again (CuratorCandidate *self);
/* FALSE where a turn is waited for already. A turn is waited for until somebody has heard of its lease: one
 * that ends before that is followed by another one. */
gboolean curator_candidate_queue (CuratorCandidate *self);
/* FALSE where the turn is over. */
gboolean curator_candidate_hear_of (CuratorCandidate *self, CuratorLease *lease);
/* FALSE where there is nothing to ask for. */
gboolean curator_candidate_ask_for_lease (CuratorCandidate *self);

/* Whether it can be started, as far as that can be known. */
gboolean curator_candidate_check_start (CuratorCandidate *self, gboolean is_closed, GError **error);
void curator_candidate_set_started_error (CuratorCandidate *self, GError **error);
/* It leads no more and takes part no more, whatever the loop does about that. */
void curator_candidate_set_closing (CuratorCandidate *self);

/* Nothing in a forked process. */
void curator_candidate_begin_start (CuratorCandidate *self);
void curator_candidate_begin_queue (CuratorCandidate *self);
void curator_candidate_begin_close (CuratorCandidate *self);
/* Calls that wait, for curator_call_async () and curator_call_sync (). */
CuratorCallOptions curator_candidate_get_leading_call (CuratorCandidate *self, gint64 timeout_ms);
CuratorCallOptions curator_candidate_get_closed_call (CuratorCandidate *self);

/* Loop only. */
void curator_candidate_start (CuratorCandidate *self);
void curator_candidate_enter (CuratorCandidate *self);
void curator_candidate_close (CuratorCandidate *self);
/* Completed when it leads, or can be expected not to; and when it is closed and its node has gone. */
void curator_candidate_await_leading (CuratorCandidate *self, CuratorCall *call);
void curator_candidate_await_closed (CuratorCandidate *self, CuratorCall *call);
void curator_candidate_stop_waiting (CuratorCandidate *self, CuratorCall *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorCandidate, curator_candidate_unref)

G_END_DECLS
