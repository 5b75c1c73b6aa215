/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-acl.h"
#include "sim-player-private.h"

#include <glib.h>

#include <algorithm>
#include <cinttypes>

namespace sim
{

Player::Player (Place *place, Place *elsewhere, uint64_t seed, unsigned n_operations)
    : place_ (place), elsewhere_ (elsewhere), random_ (seed * 0x9e3779b97f4a7c15u + 1),
      n_operations_ (n_operations), top_ (Print ("/t%" PRIx64, seed))
{
}

Player::~Player () = default;

/* --- connections --- */

bool
Player::Connect (Client *client, const Greeting &greeting)
{
  return ConnectTo (place_, client, greeting);
}

bool
Player::ConnectTo (Place *place, Client *client, const Greeting &greeting)
{
  std::string frame;

  client->peer = place->Connect ();
  if (client->peer == nullptr)
    {
      Note (Print ("%c is refused", client->name));
      return false;
    }
  client->peer->Write (MakeGreeting (greeting));
  Peer::Result result = client->peer->Read (&frame);
  if (result != Peer::Result::kFrame)
    {
      Note (Print ("%c gets no greeting (%d)", client->name, static_cast<int> (result)));
      return false;
    }
  Reader body (frame);
  int32_t version = body.GetInt ();
  client->greeting.timeout_ms = body.GetInt ();
  client->greeting.session = body.GetLong ();
  client->greeting.password = body.GetBuffer ().bytes;
  bool read_only = body.GetBool ();
  Note (Print ("%c connects: version %d, time-out %d, %s, read-only %d%s", client->name, version,
               client->greeting.timeout_ms, NameSession (client->greeting.session).c_str (), read_only,
               body.IsBad () || body.GetLeft () > 0 ? ", malformed" : ""));
  return client->greeting.session != 0;
}

void
Player::NoteEvent (Client *client, int64_t zxid, Reader *body)
{
  int32_t type = body->GetInt ();
  int32_t state = body->GetInt ();
  std::string path = body->GetString ();

  Note (Print ("%c event %d, state %d on %s, zxid %s%s", client->name, type, state, path.c_str (),
               NameZxid (zxid).c_str (), body->IsBad () || body->GetLeft () > 0 ? ", malformed" : ""));
}

/* FALSE where there will not be an answer. */
bool
Player::Await (Client *client, int32_t xid, int32_t op, const std::string &words)
{
  std::string frame;

  for (;;)
    {
      Peer::Result result = client->peer->Read (&frame);

      if (result != Peer::Result::kFrame)
        {
          Note (Print ("%c %s %s: no answer (%d)", client->name, GetOpName (op), words.c_str (),
                       static_cast<int> (result)));
          return false;
        }
      Reader body (frame);
      int32_t got = body.GetInt ();
      int64_t zxid = body.GetLong ();
      int32_t error = body.GetInt ();
      if (got == kXidEvent)
        {
          NoteEvent (client, zxid, &body);
          continue;
        }
      client->greeting.last_zxid = std::max (client->greeting.last_zxid, zxid);
      if (base_zxid_ == 0)
        base_zxid_ = zxid;
      std::string text = error == kOk ? Describe (op, &body) : std::string ();
      Note (Print ("%c %s %s -> %d, xid %s, zxid %s:%s%s", client->name, GetOpName (op), words.c_str (),
                   error, got == xid ? "its" : "another", NameZxid (zxid).c_str (), text.c_str (),
                   body.IsBad () || body.GetLeft () > 0 ? " malformed" : ""));
      return true;
    }
}

void
Player::Request (Client *client, int32_t op, const std::string &words, const Writer &body, int32_t xid)
{
  if (xid == 0)
    xid = ++client->last_xid;
  client->peer->Write (MakeRequest (xid, op, body));
  if (in_flight_)
    {
      asked_.push_back ({ op == kOpPing ? static_cast<int32_t> (kXidPing) : xid, op, words });
      return;
    }
  if (!Await (client, op == kOpPing ? static_cast<int32_t> (kXidPing) : xid, op, words))
    Renew (client);
}

void
Player::ExpectClosed (Client *client, bool may_lose_events)
{
  std::string frame;
  Peer::Result result;

  while ((result = client->peer->Read (&frame)) == Peer::Result::kFrame)
    {
      Reader body (frame);
      int32_t xid = body.GetInt ();
      int64_t zxid = body.GetLong ();

      body.GetInt ();
      if (xid == kXidEvent && may_lose_events)
        continue;
      if (xid == kXidEvent)
        NoteEvent (client, zxid, &body);
      else
        Note (Print ("%c gets something else", client->name));
    }
  Note (Print ("%c %s", client->name, result == Peer::Result::kClosed ? "is closed" : "is not closed"));
}

/* The same session over another connection. */
void
Player::Renew (Client *client)
{
  Greeting fresh;

  if (Connect (client, client->greeting))
    return;
  fresh.timeout_ms = 6000 + static_cast<int32_t> (Below (4)) * 1000;
  client->greeting = fresh;
  Connect (client, fresh);
}

/* A server that closes a connection for another one's sake does not wait until what it has just written is
 * sent: events from before are read first. */
void
Player::Flush (Client *client)
{
  Request (client, kOpPing, "", Writer (), kXidPing);
}

/* --- what clients do --- */

void
Player::PutCreate (int32_t op, bool in_multi, Writer *body)
{
  std::string path = PickNewPath ();
  int32_t flags = static_cast<int32_t> (Below (4));
  Buffer data = { Chance (10), Chance (50) ? Print ("%u", Below (1000)) : "" };

  if (data.is_null)
    data.bytes.clear ();
  if (op == kOpCreateContainer)
    flags = 4;
  if (op == kOpCreateTtl)
    flags = 5 + static_cast<int32_t> (Below (2));
  /* What is no mode, and modes that say something else than the request; in a multi the server trips over a
   * few. */
  if (op != kOpCreateTtl && !in_multi && Chance (3))
    flags = static_cast<int32_t> (Below (9)) - 1;
  bool sequential = flags == 2 || flags == 3 || flags == 6;
  if (sequential && Chance (40))
    path += Chance (50) ? "/n-" : "/";
  /* Below the sequence's own node, or the counter would be everybody's. */
  if (sequential && path.compare (0, top_.size () + 1, top_ + "/") != 0)
    path = top_ + "/n-";
  body->PutString (path);
  body->PutBuffer (data);
  body->PutAcl (PickAcl ());
  body->PutInt (flags);
  if (op == kOpCreateTtl)
    body->PutLong (Chance (10) ? static_cast<int64_t> (Below (2)) - 1 : 1000000);
}

void
Player::Create (Client *client)
{
  static const int32_t ops[] = { kOpCreate,  kOpCreate,          kOpCreate2,
                                 kOpCreate2, kOpCreateContainer, kOpCreateTtl };
  int32_t op = ops[Below (G_N_ELEMENTS (ops))];
  Writer body;

  if (op == kOpCreateContainer && elsewhere_ != nullptr)
    op = kOpCreate2;
  PutCreate (op, false, &body);
  Request (client, op, Reader (body.GetBytes ()).GetString (), body);
}

void
Player::Change (Client *client)
{
  static const int32_t ops[] = { kOpDelete, kOpDelete, kOpDelete, kOpSetData, kOpSetData, kOpSetAcl };
  /* The server judges writes that it gets while it has not finished a change of a list by the older one, or
   * by the newer one, as it happens. */
  int32_t op = ops[Below (in_flight_ ? G_N_ELEMENTS (ops) - 1 : G_N_ELEMENTS (ops))];
  std::string path = PickOwnPath ();
  Writer body;

  body.PutString (path);
  if (op == kOpSetData)
    body.PutBuffer ({ Chance (10), "" });
  if (op == kOpSetAcl)
    body.PutAcl (PickAcl ());
  body.PutInt (PickVersion ());
  Request (client, op, path, body);
}

void
Player::Look (Client *client)
{
  static const int32_t ops[] = { kOpExists,       kOpExists, kOpGetData, kOpGetData, kOpGetChildren,
                                 kOpGetChildren2, kOpGetAcl, kOpSync,    kOpPing };
  int32_t op = ops[Below (G_N_ELEMENTS (ops))];
  std::string path = PickPath ();
  bool watch = Chance (60);
  Writer body;

  /* Anybody else may have made a node in there; an ensemble's members have other addresses in another place.
   */
  if (path.empty () || path == "/" || (elsewhere_ != nullptr && path == "/zookeeper/config"))
    path = top_;
  if (op != kOpPing)
    body.PutString (path);
  if (op == kOpExists || op == kOpGetData || op == kOpGetChildren || op == kOpGetChildren2)
    body.PutBool (watch);
  if (watch)
    client->watched = path;
  Request (client, op, path + (watch ? " w" : ""), body, op == kOpPing ? kXidPing : 0);
}

void
Player::Multi (Client *client)
{
  static const int32_t ops[] = { kOpCreate,  kOpCreate, kOpCreate2,         kOpDelete,
                                 kOpSetData, kOpCheck,  kOpCreateContainer, kOpCreateTtl };
  std::string words;
  Writer body;

  for (uint32_t i = Below (5); i > 0; i--)
    {
      int32_t op = ops[Below (G_N_ELEMENTS (ops))];
      Writer part;

      if (op == kOpCreateContainer && elsewhere_ != nullptr)
        op = kOpCreate;
      body.PutInt (op);
      body.PutBool (false);
      body.PutInt (-1);
      if (op == kOpCreate || op == kOpCreate2 || op == kOpCreateContainer || op == kOpCreateTtl)
        {
          PutCreate (op, true, &part);
        }
      else
        {
          part.PutString (PickOwnPath ());
          if (op == kOpSetData)
            part.PutString ("multi");
          part.PutInt (PickVersion ());
        }
      words += Print (" %s %s,", GetOpName (op), Reader (part.GetBytes ()).GetString ().c_str ());
      body.PutRaw (part.GetBytes ());
    }
  body.PutInt (-1);
  body.PutBool (true);
  body.PutInt (-1);
  Request (client, kOpMulti, words, body);
}

void
Player::HandleWatches (Client *client)
{
  Writer body;

  if (Chance (50))
    {
      std::string path = Chance (60) ? client->watched : PickPath ();
      int32_t type = 1 + static_cast<int32_t> (Below (3));

      body.PutString (path);
      body.PutInt (Chance (3) ? 7 : type);
      Request (client, Chance (50) ? kOpRemoveWatches : kOpCheckWatches, Print ("%s %d", path.c_str (), type),
               body);
      return;
    }
  int64_t since = Earlier (client->greeting.last_zxid);
  std::string words = NameZxid (since);
  body.PutLong (since);
  for (const char *kind : { "data", "exists", "children" })
    {
      std::vector<std::string> paths;

      words += Print (", %s", kind);
      for (uint32_t i = Below (4); i > 0; i--)
        {
          paths.push_back (PickPath ());
          words += " " + paths.back ();
        }
      body.PutStrings (paths);
    }
  Request (client, kOpSetWatches, words, body, kXidSetWatches);
}

void
Player::Authenticate (Client *client)
{
  bool known = Chance (90);
  Writer body;

  body.PutInt (0);
  body.PutString (known ? "digest" : "world");
  body.PutString (kCredentials[Below (2)]);
  Request (client, kOpAuth, known ? "digest" : "world", body, kXidAuth);
  if (known)
    return;
  ExpectClosed (client);
  Renew (client);
}

/* Each costs the connection, or could. */
void
Player::Misbehave (Client *client)
{
  Writer body;

  switch (Below (5))
    {
    case 0:
      Request (client, 77, "", body);
      ExpectClosed (client);
      Renew (client);
      break;
    case 1:
      client->peer->Write (std::string ("\x7f\xff\xff\xff", 4));
      ExpectClosed (client);
      Renew (client);
      break;
    case 2:
      client->peer->Write (std::string ("\0\0\0\4\0\0\0\1", 8));
      ExpectClosed (client);
      Renew (client);
      break;
    case 3:
      body.PutInt (40);
      Request (client, Chance (50) ? kOpCreate : kOpExists, "cut short", body);
      break;
    default:
      for (int i = 0; i < 3; i++)
        body.PutInt (-1);
      /* A follower waits for ever for the answer to one that is cut short. */
      if (elsewhere_ != nullptr || Chance (80))
        body.PutLong (-1);
      Request (client, kOpReconfig, "", body);
      break;
    }
}

void
Player::Reconnect (Client *client)
{
  Flush (client);
  Greeting greeting = client->greeting;

  if (Chance (15))
    {
      /* Not let in; the connection that it has stays. */
      std::unique_ptr<Peer> kept = std::move (client->peer);

      greeting.last_zxid = base_zxid_ + 1000000;
      Connect (client, greeting);
      client->peer = std::move (kept);
      return;
    }
  /* The older connection is still there when the new one comes. */
  Client before = { client->name, std::move (client->peer), {}, 0, {} };
  greeting.timeout_ms = 1000 + static_cast<int32_t> (Below (8)) * 3000;
  Connect (client, greeting);
  ExpectClosed (&before);
}

/* Somebody else with the session: he takes it over, ends it, or has a wrong password, which costs the client
 * its connection as well. */
void
Player::Intrude (Client *client)
{
  Client other = { 'X', nullptr, {}, 0, {} };
  Greeting greeting = client->greeting;

  Flush (client);
  if (Chance (30))
    greeting.password[3] ^= 1;
  if (Connect (&other, greeting))
    {
      if (Chance (70))
        {
          Request (&other, kOpCloseSession, "", Writer ());
          ExpectClosed (&other);
        }
    }
  else
    {
      ExpectClosed (&other);
    }
  ExpectClosed (client);
  Renew (client);
}

/* The same at another member, where nothing happens to the client's connection until the client is found out.
 */
void
Player::IntrudeElsewhere (Client *client)
{
  Client other = { 'X', nullptr, {}, 0, {} };
  Greeting greeting = client->greeting;
  Client *witness = clients_[client == clients_[0].get () ? 1 : 0].get ();

  Flush (client);
  /* Or the other member could not have heard of what the client has seen. */
  Request (clients_[2].get (), kOpSync, top_, MakePath (top_));
  if (Chance (20))
    greeting.password[5] ^= 1;
  if (!ConnectTo (elsewhere_, &other, greeting))
    {
      ExpectClosed (&other);
      return;
    }
  if (Chance (50))
    {
      Request (&other, kOpCloseSession, "", Writer ());
      ExpectClosed (&other);
    }
  else
    {
      client->peer->Write (MakeRequest (++client->last_xid, kOpSetData, MakeData (top_, "moved", -1)));
    }
  /* The events of the session's own end. */
  ExpectClosed (client, true);
  Request (witness, kOpSync, top_, MakePath (top_));
  Renew (client);
}

void
Player::Leave (Client *client)
{
  Request (client, kOpCloseSession, "", Writer ());
  ExpectClosed (client);
}

/* Some requests, and then their answers. */
void
Player::OperateInOneFlight (Client *client)
{
  in_flight_ = true;
  for (uint32_t n = 2 + Below (4); n > 0; n--)
    switch (Below (4))
      {
      case 0:
        Create (client);
        break;
      case 1:
        Change (client);
        break;
      case 2:
        Look (client);
        break;
      default:
        Multi (client);
        break;
      }
  in_flight_ = false;
  std::vector<Asked> asked = std::move (asked_);
  asked_.clear ();
  for (const Asked &one : asked)
    if (!Await (client, one.xid, one.op, one.words))
      {
        Renew (client);
        break;
      }
}

void
Player::Operate (Client *client)
{
  uint32_t what = Below (104);

  if (what >= 100)
    OperateInOneFlight (client);
  else if (what < 30)
    Create (client);
  else if (what < 48)
    Change (client);
  else if (what < 72)
    Look (client);
  else if (what < 82)
    Multi (client);
  else if (what < 89)
    HandleWatches (client);
  else if (what < 93)
    Authenticate (client);
  else if (what < 95)
    Misbehave (client);
  else if (what < 97)
    Reconnect (client);
  else if (elsewhere_ != nullptr && Chance (70))
    IntrudeElsewhere (client);
  else
    Intrude (client);
}

const std::vector<std::string> &
Player::Play ()
{
  Writer create;

  for (char name : { 'A', 'B' })
    {
      Greeting greeting;

      clients_.push_back (std::make_unique<Client> ());
      clients_.back ()->name = name;
      greeting.timeout_ms = 6000;
      if (!Connect (clients_.back ().get (), greeting))
        return lines_;
    }
  Request (clients_[0].get (), kOpPing, "", Writer (), kXidPing);
  if (elsewhere_ != nullptr)
    {
      clients_.push_back (std::make_unique<Client> ());
      clients_.back ()->name = 'C';
      if (!ConnectTo (elsewhere_, clients_.back ().get (), Greeting ()))
        return lines_;
    }
  create.PutString (top_);
  create.PutString ("");
  create.PutAcl (GetOpenAcl ());
  create.PutInt (0);
  Request (clients_[0].get (), kOpCreate, top_, create);
  for (unsigned i = 0; i < n_operations_; i++)
    Operate (clients_[Below (2)].get ());
  for (const auto &client : clients_)
    Request (client.get (), kOpSync, top_, MakePath (top_));
  for (const auto &client : clients_)
    Leave (client.get ());
  return lines_;
}

} // namespace sim
