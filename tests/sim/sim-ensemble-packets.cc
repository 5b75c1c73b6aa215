/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>

#include <algorithm>
#include <cinttypes>
#include <cstring>

#include "sim-ensemble-private.h"

namespace sim
{

namespace
{

constexpr int32_t kPasswordBytes = 16;

/* Only the ensemble knows how it comes from the session. */
void
MakePassword (int64_t session, char *password)
{
  uint64_t state = static_cast<uint64_t> (session) ^ 0x5ec7e7;

  for (int i = 0; i < kPasswordBytes; i += 8)
    {
      uint64_t word = NextRandom (&state);

      memcpy (password + i, &word, sizeof word);
    }
}

bool
IsWrite (int32_t op)
{
  return op == kOpCreate || op == kOpCreate2 || op == kOpCreateContainer || op == kOpCreateTtl ||
         op == kOpDelete || op == kOpSetData || op == kOpSetAcl || op == kOpMulti || op == kOpReconfig ||
         op == kOpCloseSession;
}

bool
IsKnown (int32_t op)
{
  return IsWrite (op) || op == kOpExists || op == kOpGetData || op == kOpGetAcl || op == kOpGetChildren ||
         op == kOpGetChildren2 || op == kOpSync || op == kOpPing || op == kOpCheckWatches ||
         op == kOpRemoveWatches || op == kOpSetWatches;
}

/* One that is cut short gets to nobody who would use up a zxid for it. */
bool
IsReconfigCutShort (int32_t op, Reader body)
{
  if (op != kOpReconfig)
    return false;
  for (int i = 0; i < 3; i++)
    body.GetBuffer ();
  body.GetLong ();
  return body.IsBad ();
}

/* The path that most requests begin with, for the trace. */
std::string
PeekPath (int32_t op, Reader body)
{
  return op == kOpMulti || op == kOpPing || op == kOpSetWatches || op == kOpCloseSession ? std::string ()
                                                                                         : body.GetString ();
}

} // namespace

/* --- connections --- */

Connection *
Ensemble::Private::FindConnection (uint64_t number)
{
  if (number == 0)
    return nullptr;
  for (const auto &connection : members[number % members.size ()].connections)
    if (connection->number == number && connection->line != nullptr)
      return connection.get ();
  return nullptr;
}

/* Closed ones stay until nobody can be in the middle of them. */
void
Ensemble::Private::Sweep (Member *member)
{
  auto is_closed = [] (const auto &connection) { return connection->line == nullptr; };

  member->connections.erase (
      std::remove_if (member->connections.begin (), member->connections.end (), is_closed),
      member->connections.end ());
}

void
Ensemble::Private::Close (Connection *connection, const char *why)
{
  Line *line = connection->line;

  if (line == nullptr)
    return;
  world->trace.Mix (connection->number);
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %u: closes the connection of session 0x%" PRIx64 ": %s",
                        connection->member + 1, static_cast<uint64_t> (connection->session), why);
  connection->line = nullptr;
  connection->watches = Watches ();
  connection->queue.clear ();
  line->Close ();
}

void
Ensemble::Private::Send (Connection *connection, Writer *writer)
{
  writer->End ();
  const std::string &bytes = writer->GetBytes ();
  if (connection->line != nullptr)
    connection->line->Send (reinterpret_cast<const uint8_t *> (bytes.data ()), bytes.size ());
}

void
Ensemble::Private::Reply (Connection *connection, int32_t xid, int64_t reply_zxid, int32_t error)
{
  packet.Begin ();
  packet.PutInt (xid);
  packet.PutLong (reply_zxid);
  packet.PutInt (error);
  Send (connection, &packet);
}

void
Ensemble::Private::SendEvent (Connection *connection, const Event &event)
{
  world->trace.Mix (event.path.data (), event.path.size ());
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %u: session 0x%" PRIx64 " is told of event %d on %s",
                        connection->member + 1, static_cast<uint64_t> (connection->session), event.type,
                        event.path.c_str ());
  packet.Begin ();
  packet.PutInt (kXidEvent);
  packet.PutLong (-1);
  packet.PutInt (kOk);
  packet.PutInt (event.type);
  packet.PutInt (kSyncConnected);
  packet.PutString (event.path);
  Send (connection, &packet);
}

/* --- packets --- */

void
Ensemble::Private::Take (Connection *connection)
{
  while (connection->line != nullptr && !connection->connecting)
    {
      size_t left = connection->inbox.size () - connection->n_taken;
      const char *start = connection->inbox.data () + connection->n_taken;
      Reader head (start, left);
      int32_t length = left >= sizeof (int32_t) ? head.GetInt () : 0;

      if (length < 0 || static_cast<size_t> (length) > options.max_packet_bytes)
        {
          Close (connection, "the length of a packet");
          return;
        }
      if (left < sizeof length + static_cast<size_t> (length) || left < sizeof length)
        break;
      connection->n_taken += sizeof length + static_cast<size_t> (length);
      if (!TakePacket (connection, start + sizeof length, static_cast<size_t> (length)))
        Close (connection, "a malformed packet");
    }
  if (connection->n_taken == connection->inbox.size ())
    {
      connection->inbox.clear ();
      connection->n_taken = 0;
    }
}

bool
Ensemble::Private::TakePacket (Connection *connection, const char *data, size_t length)
{
  Reader body (data, length);

  if (!connection->greeted)
    return Greet (connection, &body);
  int32_t xid = body.GetInt ();
  int32_t op = body.GetInt ();
  if (body.IsBad ())
    return false;
  world->trace.Mix (connection->number);
  world->trace.Mix (static_cast<uint64_t> (static_cast<uint32_t> (xid)) << 32 | static_cast<uint32_t> (op));
  if (op == kOpAuth)
    Authenticate (connection, xid, &body);
  else
    TakeRequest (connection, xid, op, &body);
  return true;
}

/* FALSE where it is malformed. */
bool
Ensemble::Private::Greet (Connection *connection, Reader *body)
{
  body->GetInt ();
  int64_t last_seen = body->GetLong ();
  int32_t timeout_ms = body->GetInt ();
  int64_t session = body->GetLong ();
  Buffer given = body->GetBuffer ();
  if (body->IsBad ())
    return false;
  connection->says_read_only = body->GetLeft () > 0;
  connection->greeted = true;
  if (last_seen > GetTree (connection)->last_zxid)
    {
      Close (connection, "the client has seen more");
      return true;
    }
  connection->timeout_ms = std::clamp (timeout_ms, options.tick_ms * 2, options.tick_ms * 20);
  connection->connecting = true;
  if (session == 0)
    {
      session = static_cast<int64_t> ((static_cast<uint64_t> (connection->member) + 1) << 56 |
                                      (0x10000 + session_numbers.size ()));
      session_numbers.push_back (session);
      connection->session = session;
      Submit (connection, { Forward::Kind::kCreateSession,
                            connection->number,
                            session,
                            connection->timeout_ms,
                            kOpCreateSession,
                            {},
                            {} });
      return true;
    }
  connection->session = session;
  Resume (connection, given.bytes);
  return true;
}

/* Whoever names a session takes its place here, even with a wrong password. */
void
Ensemble::Private::Resume (Connection *connection, const std::string &given)
{
  char password[kPasswordBytes];

  for (const auto &other : members[connection->member].connections)
    if (other->session == connection->session && other.get () != connection)
      Close (other.get (), "the session has another one");
  MakePassword (connection->session, password);
  if (given == std::string (password, sizeof password))
    Submit (connection, { Forward::Kind::kRevalidate,
                          connection->number,
                          connection->session,
                          connection->timeout_ms,
                          kOpCreateSession,
                          {},
                          {} });
  else
    FinishConnect (connection, false);
}

void
Ensemble::Private::FinishConnect (Connection *connection, bool valid)
{
  char password[kPasswordBytes] = {};

  world->trace.Mix (static_cast<uint64_t> (connection->session) + (valid ? 1 : 0));
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %u: session 0x%" PRIx64 " %s", connection->member + 1,
                        static_cast<uint64_t> (connection->session), valid ? "is connected" : "is refused");
  connection->connecting = false;
  if (valid)
    MakePassword (connection->session, password);
  packet.Begin ();
  packet.PutInt (0);
  packet.PutInt (valid ? connection->timeout_ms : 0);
  packet.PutLong (valid ? connection->session : 0);
  packet.PutBytes (password, sizeof password);
  if (connection->says_read_only)
    packet.PutBool (false);
  Send (connection, &packet);
  if (valid)
    Take (connection);
  else
    Close (connection, "no such session");
}

void
Ensemble::Private::Authenticate (Connection *connection, int32_t xid, Reader *body)
{
  body->GetInt ();
  std::string scheme = body->GetString ();
  Buffer credentials = body->GetBuffer ();

  if (body->IsBad ())
    {
      Close (connection, "a malformed packet");
      return;
    }
  if (scheme == "digest")
    {
      Identity identity = { scheme, GetDigest (credentials.bytes) };
      auto at = std::find (connection->identities.begin (), connection->identities.end (), identity);

      if (at == connection->identities.end ())
        connection->identities.push_back (identity);
    }
  if (scheme == "digest" || scheme == "ip")
    {
      Reply (connection, xid, 0, kOk);
      return;
    }
  Reply (connection, xid, 0, kAuthFailed);
  Close (connection, "failed authentication");
}

void
Ensemble::Private::TakeRequest (Connection *connection, int32_t xid, int32_t op, Reader *body)
{
  bool has_session = Touch (connection);

  if (!has_session && static_cast<int> (connection->member) == leader)
    return;
  if (!IsKnown (op))
    {
      Reply (connection, xid, -1, kUnimplemented);
      Close (connection, "an unknown request");
      return;
    }
  std::string bytes (reinterpret_cast<const char *> (body->GetRest ()), body->GetLeft ());
  bool is_write = IsWrite (op) && !IsReconfigCutShort (op, *body);
  if (is_write || (op == kOpSync && members.size () > 1))
    {
      auto kind = op == kOpSync ? Forward::Kind::kSync : Forward::Kind::kWrite;

      connection->queue.push_back ({ xid, op, op == kOpSync ? bytes : PeekPath (op, *body) });
      Submit (connection, { kind, connection->number, connection->session, connection->timeout_ms, op,
                            std::move (bytes), connection->identities });
    }
  else if (!connection->queue.empty ())
    {
      connection->queue.push_back ({ xid, op, std::move (bytes) });
    }
  else
    {
      Answer (connection, xid, op, body);
    }
}

/* --- answers --- */

/* The leader is strict even about reads. */
bool
Ensemble::Private::MayRead (Connection *connection)
{
  if (static_cast<int> (connection->member) != leader)
    return true;
  int32_t error = CheckSession (connection->session, connection->member);
  if (error == kSessionMoved)
    Close (connection, "the session has moved");
  return error != kSessionMoved;
}

void
Ensemble::Private::Answer (Connection *connection, int32_t xid, int32_t op, Reader *body)
{
  Tree *tree = GetTree (connection);
  std::string path = world->trace.KeepsText () ? PeekPath (op, *body) : std::string ();
  std::vector<Event> missed;
  int32_t error = kOk;

  if (!MayRead (connection))
    return;
  if (op == kOpSetWatches)
    error = SetWatchesAgain (*tree, body, &connection->watches, &missed);
  for (const Event &event : missed)
    SendEvent (connection, event);
  packet.Begin ();
  packet.PutInt (op == kOpPing ? static_cast<int32_t> (kXidPing) : xid);
  packet.PutLong (tree->last_zxid);
  packet.PutInt (kOk);
  if (op == kOpSync)
    packet.PutString (body->GetString ());
  else if (op == kOpCheckWatches)
    error = CheckWatches (connection->member, body);
  else if (op != kOpSetWatches)
    error = AnswerRead (*tree, op, body, connection->identities, &connection->watches, &packet);
  world->trace.Mix (static_cast<uint64_t> (static_cast<uint32_t> (error)));
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %u: session 0x%" PRIx64 " %s %s -> %d",
                        connection->member + 1, static_cast<uint64_t> (connection->session), GetOpName (op),
                        path.c_str (), error);
  if (error != kOk)
    Reply (connection, xid, tree->last_zxid, error);
  else
    Send (connection, &packet);
}

/* The reads behind a write that was answered, up to the next write. */
void
Ensemble::Private::AnswerQueue (Connection *connection)
{
  while (connection->line != nullptr && !connection->queue.empty ())
    {
      Waiting &front = connection->queue.front ();

      if (IsWrite (front.op) || (front.op == kOpSync && members.size () > 1))
        return;
      Waiting waiting = std::move (front);
      connection->queue.pop_front ();
      Reader body (waiting.body);
      Answer (connection, waiting.xid, waiting.op, &body);
    }
}

/* Of anybody at this member: the server does not look whose it is. */
int32_t
Ensemble::Private::CheckWatches (unsigned member, Reader *body)
{
  std::string path = body->GetString ();
  int32_t type = body->GetInt ();

  if (body->IsBad () || type < kWatcherChildren || type > kWatcherAny)
    return kMarshallingError;
  /* Nor how the root may be called as well; and it looks for the parent of what has none. */
  if (path.empty ())
    return kNoWatcher;
  if (path.find ('/') == std::string::npos)
    return kMarshallingError;
  for (const auto &connection : members[member].connections)
    if ((type != 2 && connection->watches.Has (Watches::kChildren, path)) ||
        (type != kWatcherChildren && connection->watches.Has (Watches::kData, path)))
      return kOk;
  return kNoWatcher;
}

/* What goes behind the header. */
void
Ensemble::Private::PutAnswer (const Txn &txn)
{
  if (txn.type == TxnType::kCreate)
    packet.PutString (txn.path);
  if ((txn.type == TxnType::kCreate && txn.op != kOpCreate) || txn.type == TxnType::kSetData ||
      txn.type == TxnType::kSetAcl)
    packet.PutStat (txn.stat);
  if (txn.type != TxnType::kMulti)
    return;
  for (const Txn &part : txn.parts)
    {
      bool with_stat = part.type == TxnType::kCreate && part.op != kOpCreate;

      packet.PutInt (part.type == TxnType::kError ? kOpError : with_stat ? kOpCreate2 : part.op);
      packet.PutBool (false);
      packet.PutInt (part.error);
      if (part.type == TxnType::kError)
        packet.PutInt (part.error);
      else
        PutAnswer (part);
    }
  packet.PutInt (-1);
  packet.PutBool (true);
  packet.PutInt (-1);
}

void
Ensemble::Private::AnswerWrite (Connection *connection, const Txn &txn)
{
  bool moved = txn.error == kSessionMoved;

  if (connection->queue.empty ())
    return;
  Waiting waiting = std::move (connection->queue.front ());
  connection->queue.pop_front ();
  if (moved)
    {
      Close (connection, "the session has moved");
      return;
    }
  packet.Begin ();
  packet.PutInt (waiting.xid);
  packet.PutLong (GetTree (connection)->last_zxid);
  packet.PutInt (txn.type == TxnType::kError ? txn.error : kOk);
  PutAnswer (txn);
  Send (connection, &packet);
  if (txn.type == TxnType::kCloseSession)
    Close (connection, "the client says so");
  AnswerQueue (connection);
}

void
Ensemble::Private::AnswerSync (Connection *connection)
{
  if (connection->queue.empty () || connection->queue.front ().op != kOpSync)
    return;
  Waiting waiting = std::move (connection->queue.front ());
  connection->queue.pop_front ();
  Reader body (waiting.body);
  std::string path = body.GetString ();
  world->trace.Mix (connection->number);
  if (world->trace.KeepsText ())
    world->trace.Write (world->NowUs (), "member %u: session 0x%" PRIx64 " sync %s -> 0",
                        connection->member + 1, static_cast<uint64_t> (connection->session), path.c_str ());
  packet.Begin ();
  packet.PutInt (waiting.xid);
  packet.PutLong (GetTree (connection)->last_zxid);
  packet.PutInt (kOk);
  packet.PutString (path);
  Send (connection, &packet);
  AnswerQueue (connection);
}

} // namespace sim
