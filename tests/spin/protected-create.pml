/* SPDX-License-Identifier: Apache-2.0 */

/* One protected create of an ephemeral sequential node, until it has been answered and what it left is gone. What is
 * lost, late, stale or expired is the model checker's choice. What the leader does is one atomic step after the other.
 *
 *   Client ()       the procedure: send_create (), on_created (), handle_created (), retry_or_finish (), on_retry (),
 *                   on_searched (), on_checked (), delete_doubles () and finish () of curator-create-procedure.c
 *   prepare_guid    prepare_guid (): a GUID lasts as long as the session in which it was sent first
 *   list, examine   list () with on_listed (), examine () with on_examined () of curator-protected-search.c, and
 *                   curator_protection_choose ()
 *   clean_up        curator_core_delete_protected (), that is begin_search () and on_searched () of
 *                   curator-background-delete.c
 *   Background ()   curator_core_delete_guaranteed () for nodes that are not wanted
 *   Server ()       what arrives late from connections that are broken, and the end of a session
 *
 * A member may be behind: a read shows the log up to some place between `seen`, the last one that the client has heard
 * of, and its end; a sync moves `seen` to the end. A create that is under way when its connection breaks is applied, or
 * never arrives, or is applied later: then only while its session lives and is not attached to another connection.
 *
 * Guards that can be switched off, each of which is then missed:
 *   -DNO_GUID           after a lost answer create again, without a search
 *   -DNO_SYNC           no sync before the search
 *   -DNO_OWNER_CHECK    adopt whatever carries the GUID
 *   -DNO_CLEAN_UP       give up without looking for what may be there
 *   -DNO_SESSION_MOVED  servers that apply late creates of earlier connections
 * With -DNO_DOUBLES there is no list after the create that follows a search. That one is not missed while servers are what
 * they are thought to be; it is there for the case that they are not. */

#define SESSIONS 2
#define NODES    4
#define NEVER    255
#ifndef FAULTS
#define FAULTS 5
#endif

typedef Node {
  byte guid;  /* by the session in which it was made up */
  byte owner; /* session */
  byte created = NEVER; /* places in the log */
  byte deleted = NEVER;
  bool unwanted /* to be deleted in the background */
}

/* The servers. */
Node node[NODES];
byte n_nodes, log = 1;
bool expired[SESSIONS + 1];
byte attached[SESSIONS + 1]; /* each session's connection */
bool late;                   /* a create of a connection that broke */
byte late_guid, late_session, late_connection;

/* The client. */
byte session = 1, connection = 1, seen = 1, faults;
bool connected = true, done;

#define IS_THERE(i)    (node[i].created != NEVER && node[i].deleted == NEVER)
#define IS_SHOWN(i)    (node[i].created <= seen && node[i].deleted > seen)
#define IS_UNWANTED(i) (node[i].unwanted)
#define MAY_FAIL       (faults < FAULTS)

inline apply_create (g, s)
{
  assert (n_nodes < NODES); /* else the bounds are too small */
  log++;
  node[n_nodes].guid = g;
  node[n_nodes].owner = s;
  node[n_nodes].created = log;
  n_nodes++
}

inline apply_delete (i)
{
  if
  :: IS_THERE (i) -> log++; node[i].deleted = log
  :: else
  fi
}

inline disconnect ()
{
  faults++;
  connected = false
}

/* Sessions are over for the client when a server says so, and by its own clock before. */
inline reconnect ()
{
  if
  :: connected
  :: !connected && !expired[session] -> connected = true; connection++; attached[session] = connection
  :: !connected && session < SESSIONS && (expired[session] || MAY_FAIL) ->
     if
     :: expired[session]
     :: else -> faults++
     fi;
     session++; connected = true; connection++; attached[session] = connection
  fi
}

inline look ()
{
  do
  :: seen < log -> seen++
  :: break
  od
}

proctype Server ()
{
  byte i;

end:
  do
  :: atomic { late ->
       if
#ifdef NO_SESSION_MOVED
       :: !expired[late_session] -> apply_create (late_guid, late_session)
#else
       :: !expired[late_session] && attached[late_session] == late_connection ->
          apply_create (late_guid, late_session)
#endif
       :: true
       fi;
       late = false }
  :: atomic { MAY_FAIL && !expired[1] && !done ->
       faults++;
       expired[1] = true;
       log++;
       for (i : 0 .. NODES - 1) {
         if
         :: IS_THERE (i) && node[i].owner == 1 -> node[i].deleted = log
         :: else
         fi
       }
       i = 0;
       if
       :: session == 1 -> connected = false
       :: else
       fi }
  od
}

#define DELETES(i) atomic { connected && IS_UNWANTED (i) -> apply_delete (i); node[i].unwanted = false }

proctype Background ()
{
end:
  do
  :: DELETES (0)
  :: DELETES (1)
  :: DELETES (2)
  :: DELETES (3)
  od
}

proctype Client ()
{
  byte i, n_found, chosen, created, result, result_session, guid;
  bool found[NODES];
  bool outcome_open, searched, for_doubles, failed, answered;

create:
  atomic {
    if
    :: guid != session -> guid = session; searched = false /* prepare_guid */
    :: else
    fi;
    if
    :: connected ->
       apply_create (guid, session); seen = log; created = n_nodes - 1; result_session = session; answered = true
    :: connected && MAY_FAIL -> /* the answer is lost */
       apply_create (guid, session); disconnect (); outcome_open = true
    :: connected && MAY_FAIL && !late -> /* it is late */
       late = true; late_guid = guid; late_session = session; late_connection = connection;
       disconnect (); outcome_open = true
    :: connected && MAY_FAIL -> /* it is lost */
       disconnect (); outcome_open = true
    :: connected && MAY_FAIL -> /* the application does not wait for the answer */
       apply_create (guid, session); faults++; outcome_open = true; goto give_up
    :: !connected /* not sent */
    fi
  }
  if
  :: !answered -> goto retry
  :: else -> answered = false; outcome_open = false
  fi;
#ifndef NO_DOUBLES
  if
  :: searched -> for_doubles = true; outcome_open = true; goto list
  :: else
  fi;
#endif
  result = created;
  goto succeed;

retry:
  if
  :: goto give_up /* the policy has had enough */
  :: true
  fi;
  atomic { reconnect () }
#ifndef NO_GUID
  if
  :: outcome_open -> for_doubles = false; goto list
  :: else
  fi;
#endif
  goto create;

list:
  atomic {
    n_found = 0;
    for (i : 0 .. NODES - 1) {
      found[i] = false
    }
    if
    :: connected ->
#ifndef NO_SYNC
       if
       :: !for_doubles -> seen = log
       :: else
       fi;
#endif
       look ();
       for (i : 0 .. NODES - 1) {
         if
         :: IS_SHOWN (i) && node[i].guid == guid -> found[i] = true; n_found++
         :: else
         fi
       }
       i = 0; answered = true
    :: connected && MAY_FAIL -> disconnect ()
    :: connected && MAY_FAIL && for_doubles -> faults++; goto give_up /* cancelled */
    :: !connected
    fi;
    i = 0
  }
  if
  :: !answered && for_doubles -> goto checked
  :: !answered && !for_doubles -> goto retry
  :: else -> answered = false
  fi;
  chosen = NODES;
  if
  :: for_doubles && n_found <= 1 -> goto checked
  :: !for_doubles && n_found == 0 -> goto searched_in_vain
  :: else
  fi;

examine:
  atomic {
    if
    :: connected ->
       look ();
       for (i : 0 .. NODES - 1) {
         if
#ifdef NO_OWNER_CHECK
         :: found[i] && IS_SHOWN (i) && chosen == NODES -> chosen = i
#else
         :: found[i] && IS_SHOWN (i) && chosen == NODES && node[i].owner == session -> chosen = i
#endif
         :: else
         fi
       }
       for (i : 0 .. NODES - 1) {
         if
         :: found[i] && IS_SHOWN (i) && i != chosen && (chosen != NODES || !for_doubles) -> node[i].unwanted = true
         :: else
         fi
       }
       answered = true
    :: connected && MAY_FAIL -> disconnect ()
    :: !connected
    fi;
    i = 0
  }
  if
  :: !answered && for_doubles -> goto checked
  :: !answered && !for_doubles -> goto retry
  :: else -> answered = false
  fi;
  if
  :: chosen != NODES -> result = chosen; result_session = session; goto succeed
  :: chosen == NODES && for_doubles -> goto checked
  :: else
  fi;

searched_in_vain:
  outcome_open = false;
  searched = true;
  goto create;

checked: /* on_checked () without a node: delete_doubles () */
  atomic {
    for (i : 0 .. NODES - 1) {
      if
      :: found[i] && i != created -> node[i].unwanted = true
      :: else
      fi
    }
    i = 0;
    result = created
  }

succeed:
  assert (node[result].owner == result_session);
  goto rest;

give_up:
  failed = true;
#ifndef NO_CLEAN_UP
clean_up:
  do
  :: !outcome_open || session != guid -> break /* the end of the session has done it */
  :: atomic { else -> reconnect () };
     atomic {
       if
       :: connected && session == guid ->
          seen = log;
          for (i : 0 .. NODES - 1) {
            found[i] = IS_SHOWN (i) && node[i].guid == guid
          }
          answered = true
       :: connected && MAY_FAIL -> disconnect ()
       :: !connected || session != guid
       fi;
       i = 0
     }
     atomic {
       if
       :: answered && connected && session == guid ->
          for (i : 0 .. NODES - 1) {
            if
            :: found[i] -> apply_delete (i)
            :: else
            fi
          }
          outcome_open = false
       :: answered && connected && MAY_FAIL -> disconnect ()
       :: !answered || !connected || session != guid
       fi;
       answered = false; i = 0
     }
  od;
#endif

rest:
  do
  :: atomic { !connected -> reconnect () }
  :: atomic { connected && !late && !IS_UNWANTED (0) && !IS_UNWANTED (1) && !IS_UNWANTED (2) && !IS_UNWANTED (3) ->
       n_found = 0;
       for (i : 0 .. NODES - 1) {
         if
         :: IS_THERE (i) && node[i].owner == session -> n_found++; assert (!failed && i == result)
         :: else
         fi
       }
       assert (n_found == (!failed && result_session == session -> 1 : 0));
       done = true;
       break }
  od
}

init
{
  atomic {
    attached[1] = 1;
    run Server ();
    run Background ();
    run Client ()
  }
}

ltl answered_in_the_end { <> done }
