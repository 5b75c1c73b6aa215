/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <cinttypes>

#include "sim-ensemble-private.h"

namespace sim
{

bool
Ensemble::Private::HasQuorum () const
{
  auto n_up = std::count_if (members.begin (), members.end (),
                             [this] (const Member &member) { return member.up && !IsCut (member); });

  return static_cast<size_t> (n_up) > members.size () / 2;
}

/* --- sessions --- */

void
Ensemble::Private::Promise (int64_t session, int32_t timeout_ms)
{
  promised_until_us[session] = world->NowUs () + static_cast<int64_t> (timeout_ms) * 1000;
}

void
Ensemble::Private::Extend (Session *session, int32_t timeout_ms)
{
  session->timeout_ms = timeout_ms;
  session->due_us = world->NowUs () + static_cast<int64_t> (timeout_ms) * 1000;
}

/* FALSE where there is no such session, as far as the leader knows. Only the leader's own clients are alive
 * for it at once. */
bool
Ensemble::Private::Touch (const Connection *connection)
{
  auto at = sessions.find (connection->session);

  Promise (connection->session, connection->timeout_ms);
  if (static_cast<int> (connection->member) != leader)
    {
      if (!HasNewsForLeader ())
        next_ping_us = (world->NowUs () / GetHalfTickUs () + 1) * GetHalfTickUs ();
      members[connection->member].touched[connection->session] = connection->timeout_ms;
    }
  else if (at != sessions.end ())
    Extend (&at->second, connection->timeout_ms);
  return at != sessions.end ();
}

bool
Ensemble::Private::HasNewsForLeader () const
{
  return std::any_of (members.begin (), members.end (), [this] (const Member &member) {
    return member.up && !IsCut (member) && !member.touched.empty ();
  });
}

/* The others answer its pings with the sessions that they have heard of since the last one. */
void
Ensemble::Private::TellLeader ()
{
  for (Member &member : members)
    {
      if (!member.up || IsCut (member))
        continue;
      for (const auto &[id, timeout_ms] : member.touched)
        {
          auto at = sessions.find (id);

          if (at != sessions.end ())
            Extend (&at->second, timeout_ms);
        }
      member.touched.clear ();
    }
}

void
Ensemble::Private::GiveUp (unsigned number)
{
  members[number].has_given_up = true;
  CloseAll (number, "the member has lost its leader");
}

/* After there was no leader for a while. */
void
Ensemble::Private::TouchAll ()
{
  for (auto &[id, session] : sessions)
    {
      session.due_us = world->NowUs () + static_cast<int64_t> (session.timeout_ms) * 1000;
      session.owner = -1;
    }
}

/* As the leader sees it. */
int32_t
Ensemble::Private::CheckSession (int64_t session, unsigned member)
{
  auto at = sessions.find (session);

  if (at == sessions.end ())
    return kSessionExpired;
  if (at->second.owner < 0)
    at->second.owner = static_cast<int> (member);
  return at->second.owner == static_cast<int> (member) ? kOk : kSessionMoved;
}

/* --- the leader --- */

void
Ensemble::Private::Submit (Connection *connection, Forward forward)
{
  if (members.size () == 1)
    Commit (std::move (forward));
  else
    members[connection->member].forwards.push_back (std::move (forward));
}

void
Ensemble::Private::Commit (Forward forward)
{
  auto member = static_cast<unsigned> (forward.connection % members.size ());

  switch (forward.kind)
    {
    case Forward::Kind::kWrite:
      if (forward.op == kOpCloseSession)
        CloseSession (forward.session, forward.connection);
      else
        CommitWrite (forward);
      break;
    case Forward::Kind::kSync:
      members[member].syncs.emplace_back (log_start + log.size (), forward.connection);
      AnswerSyncs (member);
      break;
    case Forward::Kind::kCreateSession:
      CommitCreateSession (forward);
      break;
    case Forward::Kind::kRevalidate:
    default:
      Revalidate (forward);
      break;
    }
}

void
Ensemble::Private::TraceTxn (const Forward &forward, const Txn &txn)
{
  world->trace.Mix (static_cast<uint64_t> (txn.zxid));
  world->trace.Mix (static_cast<uint64_t> (static_cast<uint32_t> (txn.error)));
  world->trace.Mix (txn.path.data (), txn.path.size ());
  if (!world->trace.KeepsText ())
    return;
  world->trace.Write (world->NowUs (), "member %u: session 0x%" PRIx64 " %s %s -> %d, zxid 0x%" PRIx64,
                      static_cast<unsigned> (forward.connection % members.size ()) + 1,
                      static_cast<uint64_t> (forward.session), GetOpName (forward.op), txn.path.c_str (),
                      txn.error, static_cast<uint64_t> (txn.zxid));
  for (const Txn &part : txn.parts)
    world->trace.Write (world->NowUs (), "    %s %s -> %d", GetOpName (part.op), part.path.c_str (),
                        part.error);
}

void
Ensemble::Private::CommitWrite (const Forward &forward)
{
  WriteRequest request;

  request.op = forward.op;
  request.session = forward.session;
  request.session_error =
      CheckSession (forward.session, static_cast<unsigned> (forward.connection % members.size ()));
  request.identities = &forward.identities;
  request.body = forward.body;
  Txn txn = preparer.Prepare (request, NextZxid (), NowMs ());
  latest.Apply (&txn);
  TraceTxn (forward, txn);
  Append (std::move (txn), forward.connection);
}

void
Ensemble::Private::CommitCreateSession (const Forward &forward)
{
  auto number = static_cast<uint32_t> (forward.session & 0xffffffff) - 0x10000;
  auto member = static_cast<int> (forward.connection % members.size ());
  int64_t due_us = world->NowUs () + static_cast<int64_t> (forward.timeout_ms) * 1000;
  Txn txn;

  sessions[forward.session] = { number, world->NewActor (), forward.timeout_ms, due_us, member };
  Promise (forward.session, forward.timeout_ms);
  txn.type = TxnType::kCreateSession;
  txn.op = kOpCreateSession;
  txn.zxid = NextZxid ();
  txn.time_ms = NowMs ();
  txn.session = forward.session;
  latest.Apply (txn);
  TraceTxn (forward, txn);
  Append (std::move (txn), forward.connection);
}

/* The answer overtakes what the member has not applied yet. */
void
Ensemble::Private::Revalidate (const Forward &forward)
{
  Connection *connection = FindConnection (forward.connection);
  auto at = sessions.find (forward.session);
  bool valid = at != sessions.end ();

  if (valid)
    {
      Promise (forward.session, forward.timeout_ms);
      Extend (&at->second, forward.timeout_ms);
      at->second.owner = static_cast<int> (forward.connection % members.size ());
    }
  if (connection != nullptr)
    FinishConnect (connection, valid);
}

/* By its client, over @connection, or by the leader (0). */
void
Ensemble::Private::CloseSession (int64_t session, uint64_t connection)
{
  Txn txn = preparer.PrepareCloseSession (session, NextZxid (), NowMs ());

  sessions.erase (session);
  latest.Apply (&txn);
  world->trace.Mix (static_cast<uint64_t> (session));
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "leader: session 0x%" PRIx64 " %s, with %zu nodes",
                        static_cast<uint64_t> (session), connection != 0 ? "is closed" : "expires",
                        txn.paths.size ());
  Append (std::move (txn), connection);
}

void
Ensemble::Private::Append (Txn txn, uint64_t connection)
{
  LogEntry entry = { std::move (txn), connection };

  if (members.size () == 1)
    Deliver (0, entry);
  else
    log.push_back (std::move (entry));
}

/* --- each member in its own time --- */

void
Ensemble::Private::FireWatches (Member *member, const Txn &txn)
{
  if (member->connections.empty ())
    return;
  ForEachEvent (txn, [this, member] (const Event &event, bool data, bool children, const AclRef &acl) {
    for (const auto &connection : member->connections)
      {
        if (connection->watches.GetSize () == 0)
          continue;
        bool watched = data && connection->watches.Remove (Watches::kData, event.path);
        watched = (children && connection->watches.Remove (Watches::kChildren, event.path)) || watched;
        if (watched && MayAccess (acl, kMayRead, connection->identities))
          SendEvent (connection.get (), event);
      }
  });
}

/* To those at the member whom it concerns, now that it is applied. */
void
Ensemble::Private::Deliver (unsigned number, const LogEntry &entry)
{
  Member *member = &members[number];
  Connection *asker =
      entry.connection % members.size () == number ? FindConnection (entry.connection) : nullptr;

  FireWatches (member, entry.txn);
  if (entry.txn.type == TxnType::kCloseSession)
    for (const auto &connection : member->connections)
      if (connection->session == entry.txn.session && connection.get () != asker)
        Close (connection.get (), "the session is over");
  if (asker == nullptr)
    return;
  if (entry.txn.type == TxnType::kCreateSession)
    FinishConnect (asker, true);
  else
    AnswerWrite (asker, entry.txn);
}

void
Ensemble::Private::ApplyNext (unsigned number)
{
  Member *member = &members[number];
  const LogEntry &entry = log[member->n_applied - log_start];

  member->tree->Apply (entry.txn);
  member->n_applied++;
  world->trace.Mix (static_cast<uint64_t> (number) << 48 ^ static_cast<uint64_t> (entry.txn.zxid));
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %u: applies zxid 0x%" PRIx64, number + 1,
                        static_cast<uint64_t> (entry.txn.zxid));
  Deliver (number, entry);
  AnswerSyncs (number);
  Trim ();
}

void
Ensemble::Private::AnswerSyncs (unsigned number)
{
  Member *member = &members[number];

  while (!member->syncs.empty () && member->syncs.front ().first <= member->n_applied)
    {
      Connection *connection = FindConnection (member->syncs.front ().second);

      member->syncs.pop_front ();
      if (connection != nullptr)
        AnswerSync (connection);
    }
}

/* With the leader, before it serves anybody. */
void
Ensemble::Private::CatchUp (unsigned number)
{
  Member *member = &members[number];

  if (members.size () == 1)
    return;
  for (; member->n_applied < log_start + log.size (); member->n_applied++)
    member->tree->Apply (log[member->n_applied - log_start].txn);
  member->tree->last_zxid = latest.last_zxid;
  Trim ();
}

/* What everybody has applied. */
void
Ensemble::Private::Trim ()
{
  uint64_t least = log_start + log.size ();

  for (const Member &member : members)
    least = std::min (least, member.n_applied);
  for (; log_start < least; log_start++)
    log.pop_front ();
}

/* --- without being asked by a client --- */

void
Ensemble::Private::CheckContainers ()
{
  std::vector<std::string> candidates;

  next_check_us = world->NowUs () + static_cast<int64_t> (options.container_check_ms) * 1000;
  for (const std::string &path : latest.GetContainers ())
    {
      const Node *node = latest.Find (path);
      int64_t owner = node->stat.owner;
      bool over = GetOwnerKind (owner) == OwnerKind::kTtl
                      ? NowMs () - node->stat.mtime_ms > (owner & kMaxTtlMs)
                      : node->stat.cversion > 0;

      if (over && node->children.GetSize () == 0)
        candidates.push_back (path);
    }
  for (const std::string &path : candidates)
    {
      Writer body;

      body.PutString (path);
      body.PutInt (-1);
      Operate (kOpDelete, body.GetBytes ());
    }
}

/* A write of nobody's session; it may do anything. */
int
Ensemble::Private::Operate (int32_t op, const std::string &body)
{
  Identities identities;
  Forward forward = { Forward::Kind::kWrite, 0, 0, 0, op, body, {} };
  WriteRequest request;

  request.op = op;
  request.identities = &identities;
  request.body = body;
  request.may_all = true;
  Txn txn = preparer.Prepare (request, NextZxid (), NowMs ());
  int32_t error = txn.error;
  latest.Apply (&txn);
  TraceTxn (forward, txn);
  Append (std::move (txn), 0);
  return error;
}

/* --- leaders --- */

void
Ensemble::Private::CloseAll (unsigned number, const char *why)
{
  Member *member = &members[number];

  member->forwards.clear ();
  member->syncs.clear ();
  member->touched.clear ();
  for (const auto &connection : member->connections)
    Close (connection.get (), why);
}

/* The one that is up and has the longest log; not the present one where @another and there is a choice.
 * Nobody serves while there is no leader, and nobody serves before he has caught up with a new one. */
void
Ensemble::Private::Elect (bool another)
{
  int before = leader;

  leader = -1;
  for (unsigned i = 0; i < members.size (); i++)
    CloseAll (i, "there is no leader");
  if (!HasQuorum ())
    return;
  for (int i = 0; i < static_cast<int> (members.size ()); i++)
    {
      bool candidate = members[i].up && !IsCut (members[i]) && !(another && i == before);

      if (candidate && (leader < 0 || members[i].n_applied >= members[leader].n_applied))
        leader = i;
    }
  if (leader < 0)
    leader = before;
  if (members.size () > 1)
    latest.last_zxid = zxid = ((zxid >> 32) + 1) << 32;
  for (unsigned i = 0; i < members.size (); i++)
    {
      members[i].has_given_up = IsCut (members[i]);
      if (members[i].up && !IsCut (members[i]))
        CatchUp (i);
    }
  TouchAll ();
  world->trace.Mix (static_cast<uint64_t> (zxid));
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %d: leads from zxid 0x%" PRIx64, leader + 1,
                        static_cast<uint64_t> (zxid));
}

} // namespace sim
