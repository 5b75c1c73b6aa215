/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who takes part, and in which order. Pure; any thread. */

/* The rules of one recipe; static. */
typedef struct
{
  const char *operation;       /* for messages: "acquire" */
  const char *name;            /* of our nodes: "lock-" */
  const char *const *patterns; /* whose nodes count, NULL-terminated: ours and those of other libraries */
  gboolean
      overtaken; /* nodes before ours may come late: whenever somebody leaves, only a list tells our place */
  gboolean counted; /* no order: as many may hold as the contender's limit says */
} CuratorContenderKind;

typedef struct
{
  gboolean present;   /* our node is among the children */
  gboolean exhausted; /* the counter has wrapped, and order counts */
  guint ahead; /* how many contenders are before us; where they are counted, how many others there are */
  const char *watch;   /* whose leaving matters, inside the list; NULL where nobody's does */
  const char *nearest; /* the last one before us where that is not @watch, likewise */
  GPtrArray *twins;  /* (nullable): nodes of our own GUID beside our node, inside the list */
} CuratorContenderRank;

/* Sequences beyond this are refused: the counter wraps to negative numbers, which sort before all others, and
 * from then on two may hold. The distance is for those who wait at the same time. */
#define CURATOR_CONTENDER_LAST_SEQUENCE (G_MAXINT32 - 1000000)

/* FALSE for a node of the kind's own that order cannot be relied on with. */
gboolean curator_contender_rank_check_own (const CuratorContenderKind *kind, const char *own);
/* Whose leaving matters: with one before us that one, with more the last but one before us. Our turn cannot
 * come while that one is there, and when it leaves the usual case is that one is left before us: so the list
 * that tells us is over by the time that one leaves, instead of being waited for then. One leaving thus moves
 * two others, however many wait. Where we may be overtaken a list is needed in any case: there it is the last
 * one before us.
 *
 * Finds the place of @own among @children. Children that are no contenders do not count, and neither do
 * twins, the leftovers of a create that was sent twice. Clear with curator_contender_rank_clear (). */
void curator_contender_rank_init (CuratorContenderRank *rank,
                                  const CuratorContenderKind *kind,
                                  const char *const *children,
                                  const char *own);
void curator_contender_rank_clear (CuratorContenderRank *rank);
/* The paths of the contenders under @parent, the first one first. */
GStrv curator_contender_rank_dup_sorted_paths (const CuratorContenderKind *kind,
                                               const char *parent,
                                               const char *const *children);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CuratorContenderRank, curator_contender_rank_clear)

G_END_DECLS
