/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "curator-background-delete-private.h"
#include "curator-core-private.h"
#include "curator-watch-table-private.h"

/* The core, the loop and a server in one, for procedures: requests are answered from a tree in memory, one
 * event per Step (), and the connection is lost where the test says. Time passes only when there is nothing
 * else to do. */
class FakeCore
{
public:
  struct Node
  {
    std::string data;
    gint64 owner = 0;
    gint32 version = 0;
    gint64 czxid = 0;
    CuratorCreateMode mode = CURATOR_CREATE_MODE_PERSISTENT;
    gint32 next_sequence = 0;
  };

  enum class Loss
  {
    Before,    /* neither this request nor those behind it are applied */
    After,     /* this one is, those behind it are not */
    AfterAll,  /* all that were sent are applied */
    Late,      /* this one is applied when `late_after` more were answered */
    Operation, /* this one is applied and its reply never comes, the connection stays */
  };

  struct Fault
  {
    Loss loss = Loss::Before;
    bool new_session = false; /* the session is over when the connection is back */
    bool lingering = false;   /* but the server has not noticed until all is quiet */
    guint late_after = 0;
    int rc = 0; /* not 0: no loss, this answer in place of the server's */
  };

  FakeCore ();
  ~FakeCore ();

  CuratorCore *Core ()
  {
    return reinterpret_cast<CuratorCore *> (this);
  }
  bool Step ();
  /* Until nothing is left to do; fails the test where that takes forever. */
  void Run ();
  void Disconnect (bool new_session);
  void HoldConnection (bool hold);
  void Close ();

  void Add (const std::string &path, const std::string &data = "", gint64 owner = 0);
  bool Has (const std::string &path) const
  {
    return tree.count (path) > 0;
  }
  std::vector<std::string> Children (const std::string &parent) const;
  bool HasChildren (const std::string &parent) const;
  size_t CountLog (const std::string &prefix) const;

  std::map<std::string, Node> tree;
  std::map<guint, Fault> faults; /* by the number of the request that is answered, from 1 */
  std::function<void (CuratorRequest *)> before_apply;
  std::set<std::string> forbidden; /* parents that nothing may be created or deleted in */
  std::set<std::string> unreadable;
  bool connected = true;
  bool closing = false;
  std::vector<int> reported; /* errors of the client's signal */
  bool knows_containers = true;
  bool use_containers = true;
  gint64 session = 0x1001;
  guint max_retries = 4;
  guint n_answered = 0;
  guint max_in_flight = 0;
  gint64 now_us = 0;
  int n_refs = 1;
  std::vector<std::string> log; /* what the server was asked, such as "create /a" */
  CuratorBackgroundDelete *background = nullptr;
  CuratorWatchTable *watches = nullptr; /* the test's, where it sets any */
  std::function<void ()> when_connected; /* before all others there */

  /* What the library calls. */
  void Submit (CuratorRequest *request, CuratorRequestFunc func, gpointer user_data);
  void Cancel (CuratorRequest *request);
  CuratorRetry *Retry (CuratorRetryState *state, int rc, CuratorRetryFunc func, gpointer user_data);
  void CancelRetry (CuratorRetry *retry);
  guint AddListener (CuratorStateFunc func, gpointer user_data);
  void RemoveListener (guint id);
  CuratorTimer *AddTimer (gint64 delay_ms, CuratorLoopFunc func, gpointer user_data);
  void CancelTimer (CuratorTimer **timer);
  void MakeGuid (char *guid);
  guint64 Random ();

private:
  enum Phase : guint8
  {
    NEW,
    DEFERRED,
    WAITING,
    ACTIVE,
    DONE
  };
  struct Late
  {
    CuratorRequest *request;
    gint64 session;
    guint due;
  };

  void Send (CuratorRequest *request);
  void Defer (CuratorRequest *request, int rc);
  void Complete (CuratorRequest *request, int rc);
  void Fail (CuratorRequest *request, int rc);
  void Answer ();
  void Reconnect ();
  void Expire (gint64 over);
  void Emit (CuratorConnectionState state);
  void ApplyLate (bool all);
  void Lose (const Fault &fault);
  void SettleWatch (CuratorRequest *request, int rc);
  bool RunRetry ();
  bool RunTimer ();
  bool RunWaiting ();

  int Apply (CuratorRequest *request, gint64 owner);
  int ApplyCreate (CuratorRequest *request, gint64 owner);
  int ApplyDelete (CuratorRequest *request);
  int ApplyRead (CuratorRequest *request);
  void FillStat (CuratorRequest *request, const Node &node);

  std::deque<CuratorRequest *> deferred, waiting, active;
  std::list<CuratorRetry *> retries;
  std::map<guint, std::pair<CuratorStateFunc, gpointer> > listeners;
  std::multimap<gint64, CuratorTimer *> timers;
  std::vector<Late> late;
  std::vector<gint64> lingering;
  bool reconnecting = false, held = false, next_session_is_new = false, next_lingers = false;
  guint last_listener = 0, last_guid = 0;
  gint64 last_zxid = 100;
  guint64 random_state = 1;
};
