/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The guards: what is done only because connections, sessions and processes fail at the worst of times. A build for
 * the simulation can leave any of them out, to show that its absence is noticed; in the library they are compiled in
 * for good. CURATOR_GUARD (NAME) is TRUE where the guard stands. */
#define CURATOR_GUARDS(GUARD)                                                                                \
  /* creating with protection */                                                                             \
  GUARD (SEARCH_AFTER_LOSS, "search-after-loss")                                                             \
  GUARD (SYNC_BEFORE_SEARCH, "sync-before-search")                                                           \
  GUARD (CHECK_FOR_DOUBLES, "check-for-doubles")                                                             \
  GUARD (ADOPT_OWN_ONLY, "adopt-own-only")                                                                   \
  GUARD (NEW_GUID_IN_NEW_SESSION, "new-guid-in-new-session")                                                 \
  GUARD (CLEAN_UP_OPEN_OUTCOME, "clean-up-open-outcome")                                                     \
  GUARD (CHECK_LOST_CREATE, "check-lost-create")                                                             \
  /* setting data */                                                                                         \
  GUARD (CHECK_LOST_SET, "check-lost-set")                                                                   \
  /* deleting */                                                                                             \
  GUARD (LOST_DELETE_IS_DONE, "lost-delete-is-done")                                                         \
  GUARD (FINISH_DELETE, "finish-delete")                                                                     \
  GUARD (GUARANTEED_DELETE, "guaranteed-delete")                                                             \
  /* the session */                                                                                          \
  GUARD (LOCAL_LOST, "local-lost")                                                                           \
  GUARD (DEADLINE_BEFORE_INPUT, "deadline-before-input")                                                     \
  GUARD (DATE_BY_SENDING, "date-by-sending")                                                                 \
  /* watches */                                                                                              \
  GUARD (COMPARE_OVER_SESSIONS, "compare-over-sessions")                                                     \
  GUARD (REARM_IN_NEW_SESSION, "rearm-in-new-session")                                                       \
  GUARD (REARM_BEFORE_TELLING, "rearm-before-telling")                                                       \
  GUARD (REARM_BEFORE_OTHERS, "rearm-before-others")                                                         \
  GUARD (TELL_OF_APPEARANCE, "tell-of-appearance")                                                           \
  GUARD (TELL_OF_ABSENCE, "tell-of-absence")                                                                 \
  GUARD (CATCH_UP, "catch-up")                                                                               \
  GUARD (FORGET_LOST_REMOVAL, "forget-lost-removal")                                                         \
  GUARD (END_PLAIN_WATCHES, "end-plain-watches")                                                             \
  /* contending */                                                                                           \
  GUARD (OWNER_BEFORE_GRANT, "owner-before-grant")                                                           \
  GUARD (SESSION_BEFORE_GRANT, "session-before-grant")                                                       \
  GUARD (PRESENT_BEFORE_GRANT, "present-before-grant")                                                       \
  GUARD (OWN_WATCHED_BEFORE_GRANT, "own-watched-before-grant")                                               \
  GUARD (ORDER_BY_SEQUENCE, "order-by-sequence")                                                             \
  GUARD (WATCH_OWN_NODE, "watch-own-node")                                                                   \
  GUARD (REVOKED_BEFORE_GRANT, "revoked-before-grant")                                                       \
  GUARD (RELIST_WHEN_BEHIND, "relist-when-behind")                                                           \
  GUARD (ADVANCES_BEHIND_SAME, "advances-behind-same")                                                       \
  GUARD (RELIST_AFTER_RECONNECT, "relist-after-reconnect")                                                   \
  GUARD (NOTICE_MISSING_PREDECESSOR, "notice-missing-predecessor")                                           \
  GUARD (VERIFY_AFTER_RECONNECT, "verify-after-reconnect")                                                   \
  GUARD (SUSPECT_WHEN_SUSPENDED, "suspect-when-suspended")                                                   \
  GUARD (LOSE_WITH_SESSION, "lose-with-session")                                                             \
  GUARD (LOSE_WITH_NODE, "lose-with-node")                                                                   \
  GUARD (ENTER_AGAIN, "enter-again")                                                                         \
  GUARD (ABANDON_CREATE, "abandon-create")                                                                   \
  GUARD (WRITER_LISTS_AGAIN, "writer-lists-again")                                                           \
  GUARD (COVER_IS_THERE, "cover-is-there")                                                                   \
  GUARD (LEASE_UNDER_LOCK, "lease-under-lock")                                                               \
  GUARD (LEASES_ALL_THERE, "leases-all-there")                                                               \
  /* keeping nodes */                                                                                        \
  GUARD (KEEPER_CREATES_AGAIN, "keeper-creates-again")                                                       \
  GUARD (KEEPER_LOOKS_AGAIN, "keeper-looks-again")                                                           \
  GUARD (KEEPER_LOOKS_AFTER_RECONNECT, "keeper-looks-after-reconnect")                                       \
  GUARD (KEEPER_LOOKS_AFTER_WRITING, "keeper-looks-after-writing")                                           \
  GUARD (KEEPER_DELETES_OPEN_OUTCOME, "keeper-deletes-open-outcome")                                         \
  GUARD (KEEPER_WRITES_NEWEST, "keeper-writes-newest")                                                       \
  GUARD (KEEPER_WRITES_WHAT_EXISTS, "keeper-writes-what-exists")                                             \
  GUARD (ROSTER_LISTS_AGAIN, "roster-lists-again")                                                           \
  GUARD (ROSTER_LISTS_AFTER_RECONNECT, "roster-lists-after-reconnect")                                       \
  GUARD (ROSTER_READS_AGAIN, "roster-reads-again")                                                           \
  /* electing */                                                                                             \
  GUARD (CANDIDATE_ENTERS_AGAIN, "candidate-enters-again")                                                   \
  GUARD (CANDIDATE_TRIES_AGAIN, "candidate-tries-again")                                                     \
  GUARD (CANDIDATE_LOSES_WHEN_SUSPECT, "candidate-loses-when-suspect")                                       \
  GUARD (CANDIDATE_STAYS_CLOSED, "candidate-stays-closed")                                                   \
  /* barriers */                                                                                             \
  GUARD (BARRIER_CHECKS_AGAIN, "barrier-checks-again")                                                       \
  GUARD (BARRIER_SYNCS, "barrier-syncs")                                                                     \
  GUARD (PASSAGE_LISTS_AGAIN, "passage-lists-again")                                                         \
  GUARD (PASSAGE_WAITS_FOR_INSIDERS, "passage-waits-for-insiders")                                           \
  GUARD (PASSAGE_OPENS_FOR_ALL, "passage-opens-for-all")                                                     \
  GUARD (PASSAGE_TAKES_NODE_AWAY, "passage-takes-node-away")                                                 \
  /* shared values */                                                                                        \
  GUARD (CHANGE_SYNCS, "change-syncs")                                                                       \
  GUARD (CHANGE_CHECKS_LOST, "change-checks-lost")                                                           \
  GUARD (CHANGE_TELLS_UNCLEAR, "change-tells-unclear")                                                       \
  GUARD (CHANGE_STAYS_OPEN, "change-stays-open")                                                             \
  GUARD (MIRROR_READS_AFTER_RECONNECT, "mirror-reads-after-reconnect")

typedef enum
{
#define CURATOR_GUARD_ENUMERATOR(name, text) CURATOR_GUARD_##name,
  CURATOR_GUARDS (CURATOR_GUARD_ENUMERATOR)
#undef CURATOR_GUARD_ENUMERATOR
      CURATOR_N_GUARDS,
} CuratorGuard;

/* The whims: what the library might as well do, but does rarely or never. A build for the simulation can have any of
 * them, so that what is rare is tried as well; in the library there are none. */
#define CURATOR_WHIMS(WHIM)                                                                                  \
  WHIM (SMALL_SET_WATCHES, "small-set-watches") /* one watch in each packet after a reconnection */          \
  WHIM (FLUSH_AT_ONCE, "flush-at-once")         /* each request is a piece of its own */                     \
  WHIM (LIST_TWICE, "list-twice")               /* a contender does not trust the list beside its create */  \
  WHIM (WATCH_NEAREST, "watch-nearest")         /* nor that one is left when the last but one goes */        \
  WHIM (WATCH_OWN_AT_ONCE, "watch-own-at-once")                                                              \
  WHIM (WATCH_OWN_LATE, "watch-own-late")

typedef enum
{
#define CURATOR_WHIM_ENUMERATOR(name, text) CURATOR_WHIM_##name,
  CURATOR_WHIMS (CURATOR_WHIM_ENUMERATOR)
#undef CURATOR_WHIM_ENUMERATOR
      CURATOR_N_WHIMS,
} CuratorWhim;

#ifdef CURATOR_MUTANTS
extern guint64 curator_whims;
#define CURATOR_WHIM(name) ((curator_whims & (G_GUINT64_CONSTANT (1) << CURATOR_WHIM_##name)) != 0)
#else
#define CURATOR_WHIM(name) FALSE
#endif

#ifdef CURATOR_MUTANTS
extern gboolean curator_guards_left_out[CURATOR_N_GUARDS];
/* How often the library came by, with the guard or without it. */
extern guint64 curator_guards_reached[CURATOR_N_GUARDS];
#define CURATOR_GUARD_IS_LEFT_OUT(guard) (curator_guards_reached[(guard)]++, curator_guards_left_out[(guard)])
#define CURATOR_GUARD(name) (!CURATOR_GUARD_IS_LEFT_OUT (CURATOR_GUARD_##name))
#else
#define CURATOR_GUARD(name) TRUE
#endif

G_END_DECLS
