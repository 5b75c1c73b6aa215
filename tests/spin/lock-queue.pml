/* SPDX-License-Identifier: Apache-2.0 */

/* Clients that take the lock once each and give it back, by ephemeral sequential nodes, while connections break, sessions
 * end, clients die or give up, and an operator deletes nodes of those who wait; as many of these as FAULTS, whenever the
 * model checker likes. Afterwards everyone has to come to an end: whoever waits gets his turn.
 *
 *   Client ()          the rows of `transitions` in curator-contender-machine.c, by the names of their states and events
 *   CREATE, LIST, CHECK, WATCH, DELETE
 *                      contender_run_create (), _list (), _check (), _watch () and _delete () of
 *                      curator-contender-actions.c; a server does its part at once, the answer takes its time
 *   DROP               the action of that name: answers on their way do not count any more
 *   LISTED             contender_judge_rank (), and note_ahead () of curator-contender-rank.c: of those before us the
 *                      last but one is watched, or the only one
 *   predecessor_gone   contender_step_predecessor_gone ()
 *   suspend, reconnect, lose
 *                      contender_on_state (); the C client sets watches again in a new connection
 *   Server ()          ends the sessions of clients that have given them up. That it does not do so earlier is what
 *                      on_lease_timer () and source_dispatch () of curator-session.c are for: the client's clock for a
 *                      session starts before the server's.
 *
 * The create is answered once whatever happens; see protected-create.pml. The operator leaves the first node alone: who is
 * being told that he holds cannot know yet that his node has gone.
 *
 * Guards that can be switched off, each of which is then missed:
 *   -DNO_LOCAL_LOST    the server may end the session of a client that thinks it goes on
 *   -DNO_RELIST        the lock is taken when the node that is watched has gone, whoever else is before us
 *   -DNO_OWN_WATCH     the last one before us going is believed to make it our turn, without a look at our own node
 *   -DNO_MISSING       a node that had gone before the watch was set counts as watched
 *   -DNO_SET_WATCHES   watches are not set again in a new connection
 *   -DNO_REENTER       who finds his node gone while he waits goes on waiting */

#define CLIENTS 3
#ifndef FAULTS
#define FAULTS 2
#endif
#define NODES (CLIENTS + FAULTS)
#define NONE  NODES

mtype = { IDLE, CREATING, CREATING_UNLISTED, LISTING, RELISTING, WATCHING, WATCHING_NEXT, WAITING, WAITING_NEXT, PARKED,
          PARKED_WATCHED, CHECKING, OUTSIDE, HELD, SUSPECT, VERIFYING, RELEASING, DONE };
mtype = { CREATED, LISTED_FIRST, LISTED_NEXT, LISTED_BEHIND, LISTED_ABSENT, PREDECESSOR_WATCHED, PREDECESSOR_MISSING,
          OWN_PRESENT, OWN_MISSING, PREDECESSOR_EVENT, OWN_EVENT };

/* The server: nodes by sequence, and what it will tell whom. */
bool alive[NODES];
byte n_nodes;
byte first; /* of those that are alive; n_nodes for none */
byte watched[CLIENTS] = NONE;
bool own_watched[CLIENTS];
byte left[CLIENTS] = NONE; /* by a session that the client has given up */

/* The clients. */
mtype state[CLIENTS] = IDLE;
bool connected[CLIENTS] = true;
byte own[CLIENTS] = NONE;
byte predecessor[CLIENTS] = NONE; /* the client's side of the watch */
bool own_armed[CLIENTS];
bool checking[CLIENTS];
chan to[CLIENTS] = [5] of { mtype, byte };

byte n_holders, faults;

#define MAY_FAIL    (faults < FAULTS)
#define IS_ALIVE(i) ((i) != NONE && alive[i])
#define HOLDS(c)    (state[c] == HELD || state[c] == SUSPECT || state[c] == VERIFYING)
#ifdef NO_OWN_WATCH
#define WATCHES_OWN false
#else
#define WATCHES_OWN true
#endif
#define IS_READY(c) (state[c] == OUTSIDE || state[c] == IDLE)

inline delete_node (i)
{
  alive[i] = false;
  do
  :: first < n_nodes && !alive[first] -> first++
  :: else -> break
  od;
  for (k : 0 .. CLIENTS - 1) {
    if
    :: watched[k] == i -> watched[k] = NONE; to[k]!PREDECESSOR_EVENT (0)
    :: own_watched[k] && own[k] == i -> own_watched[k] = false; to[k]!OWN_EVENT (0)
    :: else
    fi
  }
  k = 0
}

inline delete_if_alive (i)
{
  if
  :: IS_ALIVE (i) -> delete_node (i)
  :: else
  fi
}

/* --- actions --- */

inline suspend (c)
{
  faults++;
  connected[c] = false;
  do
  :: nempty (to[c]) -> to[c]?_, _
  :: empty (to[c]) -> break
  od;
  watched[c] = NONE;
  own_watched[c] = false;
  checking[c] = false;
  if
  :: state[c] == CREATING -> state[c] = CREATING_UNLISTED
  :: state[c] == LISTING || state[c] == RELISTING || state[c] == WATCHING || state[c] == WATCHING_NEXT ->
     state[c] = PARKED; predecessor[c] = NONE
  :: state[c] == WAITING || state[c] == WAITING_NEXT || state[c] == CHECKING -> state[c] = PARKED_WATCHED
  :: state[c] == HELD || state[c] == VERIFYING -> state[c] = SUSPECT
  :: else
  fi
}

inline apply_create (c)
{
  assert (n_nodes < NODES); /* else the bounds are too small */
  own[c] = n_nodes;
  alive[n_nodes] = true;
  n_nodes++
}

inline list (c)
{
  n_ahead = 0; nearest = NONE; second = NONE;
  if
  :: IS_ALIVE (own[c]) ->
     for (k : 0 .. NODES - 1) {
       if
       :: k < own[c] && alive[k] -> n_ahead++; second = nearest; nearest = k
       :: else
       fi
     }
     if
     :: n_ahead == 0 -> to[c]!LISTED_FIRST (NONE)
     :: n_ahead == 1 -> to[c]!LISTED_NEXT (nearest)
     :: else -> to[c]!LISTED_BEHIND (second)
     fi
  :: else -> to[c]!LISTED_ABSENT (NONE)
  fi;
  n_ahead = 0; nearest = 0; second = 0; k = 0
}

inline check (c)
{
  checking[c] = true;
  if
  :: IS_ALIVE (own[c]) -> own_watched[c] = true; to[c]!OWN_PRESENT (0)
  :: else -> to[c]!OWN_MISSING (0)
  fi
}

inline watch_own (c)
{
#ifndef NO_OWN_WATCH
  if
  :: !own_armed[c] && !checking[c] -> check (c)
  :: else
  fi
#else
  skip
#endif
}

inline watch (c, i)
{
  predecessor[c] = i;
  if
  :: IS_ALIVE (i) -> watched[c] = i; to[c]!PREDECESSOR_WATCHED (0)
#ifdef NO_MISSING
  :: else -> to[c]!PREDECESSOR_WATCHED (0)
#else
  :: else -> to[c]!PREDECESSOR_MISSING (0)
#endif
  fi
}

inline forget_answers (c)
{
  do
  :: to[c]??[LISTED_FIRST, _] -> to[c]??LISTED_FIRST, _
  :: to[c]??[LISTED_NEXT, _] -> to[c]??LISTED_NEXT, _
  :: to[c]??[LISTED_BEHIND, _] -> to[c]??LISTED_BEHIND, _
  :: to[c]??[LISTED_ABSENT, _] -> to[c]??LISTED_ABSENT, _
  :: to[c]??[PREDECESSOR_WATCHED, _] -> to[c]??PREDECESSOR_WATCHED, _
  :: to[c]??[PREDECESSOR_MISSING, _] -> to[c]??PREDECESSOR_MISSING, _
  :: to[c]??[OWN_PRESENT, _] -> to[c]??OWN_PRESENT, _
  :: to[c]??[OWN_MISSING, _] -> to[c]??OWN_MISSING, _
  :: to[c]??[PREDECESSOR_EVENT, _] -> to[c]??PREDECESSOR_EVENT, _
  :: else -> break
  od
}

inline cancel_requests (c)
{
  if
  :: checking[c] && !own_armed[c] -> own_watched[c] = false
  :: else
  fi;
  checking[c] = false
}

/* CANCEL_REQUESTS | UNWATCH_PREDECESSOR */
inline drop (c)
{
  cancel_requests (c);
  forget_answers (c);
  watched[c] = NONE;
  predecessor[c] = NONE
}

inline forget (c)
{
  own_armed[c] = false;
  own_watched[c] = false;
  if
  :: to[c]??[OWN_EVENT, _] -> to[c]??OWN_EVENT, _
  :: else
  fi;
  own[c] = NONE
}

inline grant (c)
{
  state[c] = HELD;
  n_holders++;
  assert (n_holders == 1);
  assert (IS_ALIVE (own[c]))
}

inline list_again (c)
{
  drop (c);
  state[c] = RELISTING;
  list (c)
}

/* The create and the list behind it, in one flight. It may get lost on the way; then it is made later. */
inline create (c)
{
  if
  :: apply_create (c); state[c] = CREATING; to[c]!CREATED (0); list (c)
  :: MAY_FAIL -> state[c] = CREATING; suspend (c)
  fi
}

inline enter_again (c)
{
#ifdef NO_REENTER
  skip
#else
  drop (c);
  forget (c);
  create (c)
#endif
}

inline predecessor_gone (c)
{
  if
#ifdef NO_RELIST
  :: state[c] == WATCHING || state[c] == WAITING -> drop (c); grant (c)
  :: state[c] == CHECKING -> list_again (c)
#else
  :: state[c] == WATCHING || state[c] == WAITING || state[c] == CHECKING -> list_again (c)
#endif
#ifdef NO_OWN_WATCH
  :: state[c] == WATCHING_NEXT || state[c] == WAITING_NEXT -> predecessor[c] = NONE; grant (c)
#else
  :: (state[c] == WATCHING_NEXT || state[c] == WAITING_NEXT) && own_armed[c] -> predecessor[c] = NONE; grant (c)
  :: (state[c] == WATCHING_NEXT || state[c] == WAITING_NEXT) && !own_armed[c] -> list_again (c)
#endif
  :: else
  fi
}

inline own_gone (c)
{
  own_armed[c] = false;
  if
  :: state[c] == LISTING || state[c] == RELISTING || state[c] == WATCHING || state[c] == WATCHING_NEXT ||
     state[c] == WAITING || state[c] == WAITING_NEXT || state[c] == CHECKING -> enter_again (c)
  :: HOLDS (c) -> n_holders--; drop (c); forget (c); state[c] = DONE
  :: else
  fi
}

/* --- the connection --- */

/* What has changed in between is told at once. */
inline set_watches (c)
{
#ifndef NO_SET_WATCHES
  if
  :: IS_ALIVE (predecessor[c]) -> watched[c] = predecessor[c]
  :: predecessor[c] != NONE && !alive[predecessor[c]] -> to[c]!PREDECESSOR_EVENT (0)
  :: else
  fi;
  if
  :: own_armed[c] && IS_ALIVE (own[c]) -> own_watched[c] = true
  :: own_armed[c] && !IS_ALIVE (own[c]) -> to[c]!OWN_EVENT (0)
  :: else
  fi
#else
  skip
#endif
}

inline reconnect (c)
{
  connected[c] = true;
  set_watches (c);
  if
  :: state[c] == CREATING_UNLISTED && own[c] == NONE -> apply_create (c); to[c]!CREATED (0)
  :: state[c] == CREATING_UNLISTED && own[c] != NONE -> to[c]!CREATED (0)
  :: state[c] == PARKED -> state[c] = RELISTING; list (c)
  :: state[c] == PARKED_WATCHED -> state[c] = CHECKING; check (c)
  :: state[c] == SUSPECT -> state[c] = VERIFYING; check (c)
  :: else
  fi
}

/* The node stays until the server knows of the end. */
inline leave_session (c)
{
  faults++;
  left[c] = own[c];
  drop (c);
  forget (c);
  if
  :: HOLDS (c) -> n_holders--; state[c] = DONE
  :: state[c] == RELEASING -> state[c] = DONE
  :: state[c] == CREATING_UNLISTED || IS_READY (c)
  :: else -> state[c] = OUTSIDE
  fi
}

/* --- who acts --- */

proctype Client (byte c)
{
  byte k, n_ahead, nearest, second, which;

  do
  :: atomic { IS_READY (c) && connected[c] -> create (c) }

  :: atomic { to[c]?CREATED, _ ->
       if
       :: state[c] == CREATING -> state[c] = LISTING
       :: state[c] == CREATING_UNLISTED -> state[c] = RELISTING; list (c)
       :: else
       fi }
  :: atomic { to[c]?LISTED_FIRST, _ ->
       assert (state[c] == LISTING || state[c] == RELISTING);
       grant (c) }
  :: atomic { to[c]?LISTED_NEXT, which ->
       state[c] = WATCHING_NEXT; watch_own (c); watch (c, which); which = 0 }
  :: atomic { to[c]?LISTED_BEHIND, which -> state[c] = WATCHING; watch (c, which); which = 0 }
  :: atomic { to[c]?LISTED_ABSENT, _ ->
       if
       :: state[c] == LISTING -> list_again (c)
       :: else -> enter_again (c)
       fi }
  :: atomic { to[c]?PREDECESSOR_WATCHED, _ ->
       if
       :: state[c] == WATCHING -> state[c] = WAITING
       :: state[c] == WATCHING_NEXT -> state[c] = WAITING_NEXT
       :: else
       fi }
  :: atomic { to[c]?PREDECESSOR_MISSING, _ -> predecessor_gone (c) }
  :: atomic { to[c]?PREDECESSOR_EVENT, _ -> predecessor_gone (c) }
  :: atomic { to[c]?OWN_PRESENT, _ ->
       checking[c] = false;
       own_armed[c] = true;
       if
       :: state[c] == CHECKING -> state[c] = WAITING
       :: state[c] == VERIFYING -> state[c] = HELD
       :: else
       fi }
  :: atomic { to[c]?OWN_MISSING, _ -> checking[c] = false; own_gone (c) }
  :: atomic { to[c]?OWN_EVENT, _ -> own_gone (c) }

  /* OWN_DUE */
  :: atomic { connected[c] && (state[c] == WATCHING || state[c] == WAITING || state[c] == HELD) && !own_armed[c] &&
              !checking[c] && WATCHES_OWN -> check (c) }

  /* RELEASE, and GIVE_UP of who waits */
  :: atomic { HOLDS (c) -> n_holders--; drop (c); state[c] = RELEASING }
  :: atomic { MAY_FAIL && own[c] != NONE && state[c] != RELEASING && !HOLDS (c) && state[c] != CREATING ->
       faults++; drop (c); state[c] = RELEASING }
  :: atomic { connected[c] && state[c] == RELEASING ->
       which = own[c]; forget (c); state[c] = DONE; delete_if_alive (which); which = 0 }

  :: atomic { MAY_FAIL && connected[c] && state[c] != DONE && !IS_READY (c) -> suspend (c) }
  :: atomic { !connected[c] && state[c] != DONE -> reconnect (c) }
  :: atomic { !connected[c] && MAY_FAIL && left[c] == NONE && state[c] != DONE -> leave_session (c) } /* LOST */
  :: atomic { MAY_FAIL && left[c] == NONE && state[c] != DONE -> /* dies */
       leave_session (c); connected[c] = false; state[c] = DONE }

  :: atomic { state[c] == DONE -> watched[c] = NONE; own_watched[c] = false; break }
  od
}

#define ENDS(c) atomic { left[c] != NONE -> delete_if_alive (left[c]); left[c] = NONE }
/* Of one behind the first. */
#define OPERATES(c) atomic { MAY_FAIL && IS_ALIVE (own[c]) && own[c] > first -> faults++; delete_node (own[c]) }
#define ENDS_EARLY(c) atomic { MAY_FAIL && !connected[c] && IS_ALIVE (own[c]) -> faults++; delete_node (own[c]) }

proctype Server ()
{
  byte k;

end:
  do
  :: ENDS (0)
  :: ENDS (1)
  :: ENDS (2)
  :: OPERATES (0)
  :: OPERATES (1)
  :: OPERATES (2)
#ifdef NO_LOCAL_LOST
  :: ENDS_EARLY (0)
  :: ENDS_EARLY (1)
  :: ENDS_EARLY (2)
#endif
  od
}

init
{
  atomic {
    run Server ();
    run Client (0);
    run Client (1);
    run Client (2)
  }
}

ltl everyone_comes_to_an_end { <> (state[0] == DONE && state[1] == DONE && state[2] == DONE) }
