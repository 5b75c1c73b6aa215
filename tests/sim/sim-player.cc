/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-player-private.h"

#include <glib.h>

#include <algorithm>
#include <cinttypes>

#include "sim-acl.h"

namespace sim
{

namespace
{

const char *const credentials[] = { "ann:secret", "bob:hidden" };

} // namespace

Player::Player (Place *place, uint64_t seed, unsigned n_operations)
    : place_ (place), random_ (seed * 0x9e3779b97f4a7c15u + 1), n_operations_ (n_operations),
      top_ (Print ("/t%" PRIx64, seed))
{
}

Player::~Player () = default;

/* --- chance --- */

uint32_t
Player::Below (uint32_t n)
{
  return static_cast<uint32_t> ((NextRandom (&random_) >> 33) % n);
}

bool
Player::Chance (uint32_t percent)
{
  return Below (100) < percent;
}

std::string
Player::PickPath ()
{
  static const char *const names[] = { "/a", "/b", "/c", "/a/x", "/a/y", "/b/x", "/c/x/z", "/a/x/z", "" };
  static const char *const odd[] = { "/a/",       "//a",   "/.",     "/a/../b", "/\x01",
                                     "/\xc3\xa9", "/\xff", "/a\x7f", "/...",    "/a.b" };

  /* Rather the newer ones, which are still there. */
  if (!made_.empty () && Chance (60))
    return made_[made_.size () - 1 - Below (static_cast<uint32_t> (std::min (made_.size (), size_t{ 8 })))];
  if (Chance (4))
    return top_ + odd[Below (G_N_ELEMENTS (odd))];
  if (Chance (2))
    {
      static const char *const elsewhere[] = {
        "", "a", "/zookeeper", "/zookeeper/config", "/zookeeper/quota", "/nowhere/at/all"
      };

      return elsewhere[Below (G_N_ELEMENTS (elsewhere))];
    }
  return top_ + names[Below (G_N_ELEMENTS (names))];
}

std::string
Player::PickOwnPath ()
{
  std::string path = PickPath ();

  return path == "/zookeeper" || path == "/zookeeper/quota" ? "/zookeeper/config" : path;
}

std::string
Player::PickNewPath ()
{
  static const char *const names[] = { "/x", "/y", "/z" };

  if (!made_.empty () && Chance (40))
    return made_[Below (static_cast<uint32_t> (made_.size ()))] + names[Below (G_N_ELEMENTS (names))];
  return Chance (80) ? top_ + "/" + static_cast<char> ('a' + Below (3)) : PickPath ();
}

int32_t
Player::PickVersion ()
{
  return Chance (60) ? -1 : static_cast<int32_t> (Below (3));
}

AclList
Player::PickAcl ()
{
  switch (Below (60))
    {
    case 0:
      return { { 31, "auth", "" } };
    case 1:
      return { { 1, "world", "anyone" } };
    case 2:
      return { { 31, "digest", GetDigest (credentials[0]) }, { 1, "world", "anyone" } };
    case 3:
      return { { 31, "digest", GetDigest (credentials[1]) } };
    case 4:
      return {};
    case 5:
      return { { 31, "world", "somebody" } };
    case 6:
      return { { 31, "digest", "nothing" } };
    case 7:
      return { { 31, "ip", Chance (50) ? "10.1.2.0/24" : "300.1.2.3" }, { 31, "world", "anyone" } };
    case 8:
      return { { static_cast<int32_t> (Below (32)), "world", "anyone" }, { 16, "auth", "" } };
    case 9:
      return { { 31, "world", "anyone" }, { 31, "world", "anyone" } };
    default:
      return GetOpenAcl ();
    }
}

/* What a client may have seen last. */
int64_t
Player::Earlier (int64_t zxid)
{
  return std::max (base_zxid_, zxid - Below (4));
}

/* --- connections --- */

bool
Player::Connect (Client *client, const Greeting &greeting)
{
  std::string frame;

  client->peer = place_->Connect ();
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
  if (!Await (client, op == kOpPing ? static_cast<int32_t> (kXidPing) : xid, op, words))
    Renew (client);
}

void
Player::ExpectClosed (Client *client)
{
  std::string frame;
  Peer::Result result;

  while ((result = client->peer->Read (&frame)) == Peer::Result::kFrame)
    {
      Reader body (frame);
      int32_t xid = body.GetInt ();
      int64_t zxid = body.GetLong ();

      body.GetInt ();
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

  PutCreate (op, false, &body);
  Request (client, op, Reader (body.GetBytes ()).GetString (), body);
}

void
Player::Change (Client *client)
{
  static const int32_t ops[] = { kOpDelete, kOpDelete, kOpDelete, kOpSetData, kOpSetData, kOpSetAcl };
  int32_t op = ops[Below (G_N_ELEMENTS (ops))];
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

  /* Anybody else may have made a node in there. */
  if (path.empty () || path == "/")
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
  body.PutString (credentials[Below (2)]);
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
      if (Chance (80))
        body.PutLong (-1);
      Request (client, kOpReconfig, "", body);
      break;
    }
}

void
Player::Reconnect (Client *client)
{
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

void
Player::Leave (Client *client)
{
  Request (client, kOpCloseSession, "", Writer ());
  ExpectClosed (client);
}

void
Player::Operate (Client *client)
{
  uint32_t what = Below (100);

  if (what < 30)
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
  create.PutString (top_);
  create.PutString ("");
  create.PutAcl (GetOpenAcl ());
  create.PutInt (0);
  Request (clients_[0].get (), kOpCreate, top_, create);
  for (unsigned i = 0; i < n_operations_; i++)
    Operate (clients_[Below (2)].get ());
  for (const auto &client : clients_)
    Request (client.get (), kOpPing, "", Writer (), kXidPing);
  for (const auto &client : clients_)
    Leave (client.get ());
  return lines_;
}

} // namespace sim
