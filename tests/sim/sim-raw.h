/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <memory>
#include <string>

#include "sim-ensemble.h"
#include "sim-wire.h"

namespace sim
{

/* The client's end of a connection that knows nothing but packets. */
class Peer
{
public:
  enum class Result
  {
    kFrame,
    kClosed,
    kNothing, /* and nothing will come by itself */
  };

  virtual ~Peer () = default;

  /* As they are, with whatever length they say. */
  virtual void Write (const std::string &bytes) = 0;
  /* One packet without its length. */
  Result Read (std::string *frame);

protected:
  /* More bytes for the inbox. */
  virtual Result Fill () = 0;

  std::string inbox_;
};

/* Where connections come from. */
class Place
{
public:
  virtual ~Place () = default;
  /* NULL where nobody is there. */
  virtual std::unique_ptr<Peer> Connect () = 0;
};

/* A member of a simulated ensemble; what it sends is there at once. Where it @settles, whoever waits for a
 * packet lets everything happen that can. */
class SimPlace : public Place
{
public:
  SimPlace (Ensemble *ensemble, unsigned member, bool settles = false)
      : ensemble_ (ensemble), member_ (member), settles_ (settles)
  {
  }

  std::unique_ptr<Peer> Connect () override;

private:
  Ensemble *ensemble_;
  unsigned member_;
  bool settles_;
};

/* All that can happen without the clock; the number of steps. */
unsigned Settle (Ensemble *ensemble);

/* A server on this machine. */
class SocketPlace : public Place
{
public:
  explicit SocketPlace (unsigned port) : port_ (port)
  {
  }

  std::unique_ptr<Peer> Connect () override;

private:
  unsigned port_;
};

struct Greeting
{
  int64_t last_zxid = 0;
  int32_t timeout_ms = 10000;
  int64_t session = 0;
  std::string password = std::string (16, '\0');
};

struct Reply
{
  Peer::Result result = Peer::Result::kNothing;
  int32_t xid = 0;
  int64_t zxid = 0;
  int32_t error = 0;
  std::string body;

  bool IsEvent () const
  {
    return result == Peer::Result::kFrame && xid == kXidEvent;
  }
};

/* A client that says one thing after the other and reads what it is told. */
class Caller
{
public:
  explicit Caller (Place *place) : place_ (place)
  {
  }

  /* The greeting; it says which session it is then. FALSE where there is none. */
  bool Connect ();
  /* Without waiting for the answer. */
  bool BeginConnect ();
  bool FinishConnect ();
  void HangUp ()
  {
    peer_.reset ();
  }

  /* The xid. */
  int32_t Send (int32_t op, const Writer &body);
  Reply Read ();
  /* The next that is no event; those before it are dropped. */
  Reply Call (int32_t op, const Writer &body);

  void SendBytes (const std::string &bytes)
  {
    peer_->Write (bytes);
  }

  Greeting greeting;

private:
  Place *place_;
  std::unique_ptr<Peer> peer_;
  int32_t last_xid_ = 0;
};

/* Bodies of requests. */
Writer MakePath (const std::string &path);
Writer MakeWatch (const std::string &path, bool watch);
Writer MakeVersion (const std::string &path, int32_t version);
Writer MakeData (const std::string &path, const std::string &data, int32_t version);
Writer MakeCreate (const std::string &path, int32_t flags, const AclList &acl);

/* With their length. */
std::string MakeGreeting (const Greeting &greeting);
std::string MakeRequest (int32_t xid, int32_t op, const Writer &body);

} // namespace sim
