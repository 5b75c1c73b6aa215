/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-core.h"

#include <gtest/gtest.h>
#include <zookeeper.h>

#include <algorithm>

struct _CuratorTimer
{
  CuratorLoopFunc func;
  gpointer user_data;
};

struct _CuratorRetry
{
  CuratorRetryFunc func;
  gpointer user_data;
  int rc;
};

static std::string
Parent (const std::string &path)
{
  size_t slash = path.rfind ('/');

  return slash == 0 ? "/" : path.substr (0, slash);
}

static std::string
BytesToString (GBytes *bytes)
{
  gsize length = 0;
  const char *data = bytes == nullptr ? "" : static_cast<const char *> (g_bytes_get_data (bytes, &length));

  return std::string (data == nullptr ? "" : data, length);
}

FakeCore::FakeCore ()
{
  tree["/"] = Node ();
  background = curator_background_delete_new (Core ());
}

FakeCore::~FakeCore ()
{
  if (!closing)
    Close ();
  EXPECT_TRUE (listeners.empty ());
  EXPECT_TRUE (timers.empty ());
  EXPECT_TRUE (retries.empty ());
  EXPECT_EQ (n_refs, 1) << "somebody kept a reference";
}

/* --- the server ------------------------------------------------------------------------------------------
 */

void
FakeCore::Add (const std::string &path, const std::string &data, gint64 owner)
{
  Node node;

  node.data = data;
  node.owner = owner;
  node.czxid = ++last_zxid;
  tree[path] = node;
}

std::vector<std::string>
FakeCore::Children (const std::string &parent) const
{
  std::vector<std::string> names;

  for (const auto &entry : tree)
    if (entry.first != "/" && Parent (entry.first) == parent)
      names.push_back (entry.first.substr (entry.first.rfind ('/') + 1));
  return names;
}

bool
FakeCore::HasChildren (const std::string &parent) const
{
  auto next = tree.lower_bound (parent + "/");

  return next != tree.end () && next->first.compare (0, parent.size () + 1, parent + "/") == 0;
}

size_t
FakeCore::CountLog (const std::string &prefix) const
{
  return std::count_if (log.begin (), log.end (), [&] (const std::string &line) {
    return line.compare (0, prefix.size (), prefix) == 0;
  });
}

void
FakeCore::FillStat (CuratorRequest *request, const Node &node)
{
  request->stat = {};
  request->stat.czxid = node.czxid;
  request->stat.version = node.version;
  request->stat.ephemeral_owner = node.owner;
}

int
FakeCore::ApplyCreate (CuratorRequest *request, gint64 owner)
{
  std::string path = request->server_path;
  std::string parent = Parent (path);
  bool ephemeral = request->mode == CURATOR_CREATE_MODE_EPHEMERAL ||
                   request->mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL;
  bool sequential = request->mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL ||
                    request->mode == CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL;
  Node node;

  EXPECT_NE (request->acl, nullptr);
  if (request->mode == CURATOR_CREATE_MODE_CONTAINER && !knows_containers)
    return ZUNIMPLEMENTED;
  if (tree.count (parent) == 0)
    return ZNONODE;
  if (forbidden.count (parent) > 0)
    return ZNOAUTH;
  if (tree[parent].owner != 0)
    return ZNOCHILDRENFOREPHEMERALS;
  if (sequential)
    {
      char number[16];

      g_snprintf (number, sizeof number, "%010d", tree[parent].next_sequence);
      path += number;
    }
  if (tree.count (path) > 0)
    return ZNODEEXISTS;
  tree[parent].next_sequence++;
  node.data = BytesToString (request->data);
  node.owner = ephemeral ? owner : 0;
  node.mode = request->mode;
  node.czxid = ++last_zxid;
  tree[path] = node;
  g_free (request->result_path);
  request->result_path = g_strdup (path.c_str ());
  FillStat (request, node);
  return ZOK;
}

int
FakeCore::ApplyDelete (CuratorRequest *request)
{
  std::string path = request->server_path;

  if (path == "/")
    return ZBADARGUMENTS;
  if (tree.count (path) == 0)
    return ZNONODE;
  if (forbidden.count (Parent (path)) > 0)
    return ZNOAUTH;
  if (request->version != -1 && request->version != tree[path].version)
    return ZBADVERSION;
  if (HasChildren (path))
    return ZNOTEMPTY;
  tree.erase (path);
  last_zxid++;
  return ZOK;
}

int
FakeCore::ApplyRead (CuratorRequest *request)
{
  std::string path = request->server_path;

  if (tree.count (path) == 0)
    return ZNONODE;
  if (unreadable.count (path) > 0 && request->type != CURATOR_REQUEST_EXISTS)
    return ZNOAUTH;
  FillStat (request, tree[path]);
  if (request->type == CURATOR_REQUEST_GET_DATA)
    {
      g_clear_pointer (&request->result_data, g_bytes_unref);
      request->result_data = g_bytes_new (tree[path].data.data (), tree[path].data.size ());
    }
  else if (request->type == CURATOR_REQUEST_GET_CHILDREN)
    {
      g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

      for (const std::string &name : Children (path))
        g_strv_builder_add (names, name.c_str ());
      g_strfreev (request->result_children);
      request->result_children = g_strv_builder_end (names);
    }
  return ZOK;
}

int
FakeCore::Apply (CuratorRequest *request, gint64 owner)
{
  std::string path = request->server_path;

  switch (request->type)
    {
    case CURATOR_REQUEST_CREATE:
      return ApplyCreate (request, owner);
    case CURATOR_REQUEST_DELETE:
      return ApplyDelete (request);
    case CURATOR_REQUEST_SYNC:
      return ZOK;
    case CURATOR_REQUEST_SET_DATA:
      if (tree.count (path) == 0)
        return ZNONODE;
      if (request->version != -1 && request->version != tree[path].version)
        return ZBADVERSION;
      tree[path].data = BytesToString (request->data);
      tree[path].version++;
      FillStat (request, tree[path]);
      return ZOK;
    default:
      return ApplyRead (request);
    }
}

void
FakeCore::Expire (gint64 over)
{
  for (auto it = tree.begin (); it != tree.end ();)
    it = it->second.owner == over ? tree.erase (it) : std::next (it);
  late.erase (std::remove_if (late.begin (), late.end (),
                              [over] (const Late &l) {
                                if (l.session == over)
                                  curator_request_unref (l.request);
                                return l.session == over;
                              }),
              late.end ());
}

void
FakeCore::ApplyLate (bool all)
{
  while (!late.empty () && (all || late.front ().due <= n_answered))
    {
      Late l = late.front ();

      late.erase (late.begin ());
      Apply (l.request, l.session);
      curator_request_unref (l.request);
    }
}

/* --- requests --------------------------------------------------------------------------------------------
 */

void
FakeCore::Complete (CuratorRequest *request, int rc)
{
  request->phase = DONE;
  request->rc = rc;
  request->core_func (request, request->core_data);
  curator_request_unref (request);
}

void
FakeCore::Defer (CuratorRequest *request, int rc)
{
  request->phase = DEFERRED;
  request->rc = rc;
  deferred.push_back (request);
}

static CuratorWatchKind
WatchKind (CuratorRequest *request)
{
  return request->type == CURATOR_REQUEST_GET_CHILDREN ? CURATOR_WATCH_KIND_CHILDREN : CURATOR_WATCH_KIND_DATA;
}

void
FakeCore::SettleWatch (CuratorRequest *request, int rc)
{
  bool armed = rc == ZOK || (rc == ZNONODE && request->type == CURATOR_REQUEST_EXISTS);

  if (request->watch != nullptr)
    curator_watch_table_armed (watches, request->server_path, WatchKind (request), armed ? request->watch : nullptr,
                               nullptr, rc == ZOK ? request->stat.czxid : 0);
}

void
FakeCore::Send (CuratorRequest *request)
{
  if ((request->flags & CURATOR_REQUEST_FLAG_THIS_SESSION) != 0 && request->bound_session_id != session)
    {
      Defer (request, ZSESSIONEXPIRED);
      return;
    }
  request->attempts++;
  request->phase = ACTIVE;
  if (request->watch != nullptr)
    curator_watch_table_arming (watches, request->server_path, WatchKind (request));
  active.push_back (curator_request_ref (request));
  max_in_flight = std::max<guint> (max_in_flight, active.size ());
}

void
FakeCore::Submit (CuratorRequest *request, CuratorRequestFunc func, gpointer user_data)
{
  curator_request_ref (request);
  request->core_func = func;
  request->core_data = user_data;
  request->bound_session_id = session;
  request->retries = 0;
  if (closing)
    Defer (request, CURATOR_RC_CLOSED);
  else if (connected)
    Send (request);
  else if ((request->flags & CURATOR_REQUEST_FLAG_NO_RETRY) != 0)
    Defer (request, ZCONNECTIONLOSS);
  else
    {
      request->phase = WAITING;
      waiting.push_back (request);
    }
}

void
FakeCore::Cancel (CuratorRequest *request)
{
  auto drop = [request] (std::deque<CuratorRequest *> &queue) {
    queue.erase (std::remove (queue.begin (), queue.end (), request), queue.end ());
  };

  if (request->phase == NEW || request->phase == DONE)
    return;
  drop (deferred);
  drop (waiting);
  Complete (request, CURATOR_RC_CANCELLED);
}

/* After an attempt that failed. */
void
FakeCore::Fail (CuratorRequest *request, int rc)
{
  if (closing || (request->flags & CURATOR_REQUEST_FLAG_NO_RETRY) != 0 || !curator_rc_is_retryable (rc) ||
      request->retries >= max_retries)
    {
      Complete (request, rc);
      return;
    }
  request->retries++;
  request->phase = WAITING;
  waiting.push_back (request);
}

void
FakeCore::Lose (const Fault &fault)
{
  CuratorRequest *first = active.front ();

  if (fault.loss == Loss::After || fault.loss == Loss::AfterAll)
    Apply (first, session);
  if (fault.loss == Loss::AfterAll)
    for (size_t i = 1; i < active.size (); i++)
      Apply (active[i], session);
  if (fault.loss == Loss::Late)
    late.push_back ({ curator_request_ref (first), session, n_answered + fault.late_after });
  next_lingers = fault.lingering;
  Disconnect (fault.new_session);
}

void
FakeCore::Disconnect (bool new_session)
{
  std::deque<CuratorRequest *> lost;

  connected = false;
  reconnecting = true;
  next_session_is_new = new_session;
  lost.swap (active);
  Emit (CURATOR_CONNECTION_STATE_SUSPENDED);
  for (CuratorRequest *request : lost)
    {
      SettleWatch (request, ZCONNECTIONLOSS);
      if (request->phase == ACTIVE)
        Fail (request, ZCONNECTIONLOSS);
      curator_request_unref (request);
    }
}

void
FakeCore::Reconnect ()
{
  reconnecting = false;
  if (next_session_is_new)
    {
      gint64 over = session;

      session = 0;
      Emit (CURATOR_CONNECTION_STATE_LOST);
      if (next_lingers)
        lingering.push_back (over);
      else
        Expire (over);
      session = over + 1;
    }
  next_session_is_new = next_lingers = false;
  connected = true;
  if (when_connected)
    when_connected ();
  Emit (CURATOR_CONNECTION_STATE_RECONNECTED);
}

void
FakeCore::HoldConnection (bool hold)
{
  held = hold;
}

void
FakeCore::Answer ()
{
  static const char *const verbs[] = { "create", "delete", "exists", "get", "set", "list", "", "", "sync" };
  CuratorRequest *request = active.front ();
  auto found = faults.find (n_answered + 1);
  Fault fault = found == faults.end () ? Fault () : found->second;
  int rc;

  ApplyLate (false);
  if (before_apply)
    before_apply (request);
  log.push_back (std::string (verbs[request->type]) + " " + request->server_path);
  n_answered++;
  if (found != faults.end () && fault.rc == 0 && fault.loss != Loss::Operation)
    {
      Lose (fault);
      return;
    }
  rc = fault.rc != 0 ? fault.rc : Apply (request, session);
  if (found != faults.end () && fault.loss == Loss::Operation)
    rc = ZOPERATIONTIMEOUT;
  active.pop_front ();
  request->session_id = session;
  SettleWatch (request, rc);
  if (request->phase == ACTIVE && rc == ZOK)
    Complete (request, rc);
  else if (request->phase == ACTIVE)
    Fail (request, rc);
  curator_request_unref (request);
}

/* --- events ----------------------------------------------------------------------------------------------
 */

bool
FakeCore::RunWaiting ()
{
  CuratorRequest *request;

  if (!connected || waiting.empty ())
    return false;
  request = waiting.front ();
  waiting.pop_front ();
  Send (request);
  return true;
}

bool
FakeCore::RunRetry ()
{
  for (CuratorRetry *retry : retries)
    {
      if (!connected && retry->rc == 0)
        continue;
      CuratorRetry copy = *retry;

      CancelRetry (retry);
      copy.func (copy.rc, copy.user_data);
      return true;
    }
  return false;
}

bool
FakeCore::RunTimer ()
{
  CuratorTimer timer;

  if (timers.empty ())
    return false;
  now_us = std::max (now_us, timers.begin ()->first);
  timer = *timers.begin ()->second;
  delete timers.begin ()->second;
  timers.erase (timers.begin ());
  timer.func (timer.user_data);
  return true;
}

bool
FakeCore::Step ()
{
  if (!deferred.empty ())
    {
      CuratorRequest *request = deferred.front ();

      deferred.pop_front ();
      Complete (request, request->rc);
    }
  else if (RunWaiting () || RunRetry ())
    return true;
  else if (connected && !active.empty ())
    Answer ();
  else if (reconnecting && !held)
    Reconnect ();
  else if (RunTimer ())
    return true;
  else if (!late.empty ())
    ApplyLate (true);
  else if (!lingering.empty ())
    {
      Expire (lingering.back ());
      lingering.pop_back ();
    }
  else
    return false;
  return true;
}

void
FakeCore::Run ()
{
  guint n = 0;

  while (Step ())
    ASSERT_LT (++n, 1000000u) << "does not come to rest";
}

void
FakeCore::Close ()
{
  std::deque<CuratorRequest *> lost;

  closing = true;
  connected = false;
  reconnecting = false;
  while (!waiting.empty ())
    {
      CuratorRequest *request = waiting.front ();

      waiting.pop_front ();
      Complete (request, CURATOR_RC_CLOSED);
    }
  while (!retries.empty ())
    {
      CuratorRetry copy = *retries.front ();

      CancelRetry (retries.front ());
      copy.func (CURATOR_RC_CLOSED, copy.user_data);
    }
  lost.swap (active);
  for (CuratorRequest *request : lost)
    {
      SettleWatch (request, CURATOR_RC_CLOSED);
      if (request->phase == ACTIVE)
        Complete (request, CURATOR_RC_CLOSED);
      curator_request_unref (request);
    }
  while (!deferred.empty ())
    Step ();
  g_clear_pointer (&background, curator_background_delete_free);
  for (const Late &l : late)
    curator_request_unref (l.request);
  late.clear ();
}

void
FakeCore::Emit (CuratorConnectionState state)
{
  auto copy = listeners;

  for (auto &listener : copy)
    listener.second.first (state, listener.second.second);
}

/* --- services --------------------------------------------------------------------------------------------
 */

CuratorRetry *
FakeCore::Retry (CuratorRetryState *state, int rc, CuratorRetryFunc func, gpointer user_data)
{
  bool allowed = curator_rc_is_retryable (rc) && state->count < max_retries && !closing;

  state->count++;
  if (closing)
    rc = CURATOR_RC_CLOSED;
  retries.push_back (new CuratorRetry{ func, user_data, allowed ? 0 : rc });
  return retries.back ();
}

void
FakeCore::CancelRetry (CuratorRetry *retry)
{
  retries.remove (retry);
  delete retry;
}

guint
FakeCore::AddListener (CuratorStateFunc func, gpointer user_data)
{
  listeners[++last_listener] = { func, user_data };
  return last_listener;
}

void
FakeCore::RemoveListener (guint id)
{
  EXPECT_EQ (listeners.erase (id), 1u);
}

CuratorTimer *
FakeCore::AddTimer (gint64 delay_ms, CuratorLoopFunc func, gpointer user_data)
{
  CuratorTimer *timer = new CuratorTimer{ func, user_data };

  EXPECT_GE (delay_ms, 0);
  timers.insert ({ now_us + delay_ms * 1000, timer });
  return timer;
}

void
FakeCore::CancelTimer (CuratorTimer **timer)
{
  for (auto it = timers.begin (); it != timers.end (); ++it)
    if (it->second == *timer)
      {
        delete it->second;
        timers.erase (it);
        break;
      }
  *timer = nullptr;
}

void
FakeCore::MakeGuid (char *guid)
{
  g_snprintf (guid, CURATOR_GUID_LENGTH + 1, "00000000-0000-4000-8000-%012u", ++last_guid);
}

guint64
FakeCore::Random ()
{
  random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
  return random_state >> 16;
}
