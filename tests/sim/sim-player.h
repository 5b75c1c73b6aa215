/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim-raw.h"

namespace sim
{

/* Plays a random sequence of everything that clients can do, made from a seed, wherever there is a server,
 * and writes down what the server does in words that do not depend on where that was: zxids count from the
 * beginning of the sequence, sessions have names, and times are left out. Two places that behave alike give
 * the same text. */
class Player
{
public:
  /* @elsewhere: another member of the same ensemble, or NULL. */
  Player (Place *place, Place *elsewhere, uint64_t seed, unsigned n_operations);
  ~Player ();

  /* One line for each request, reply and event. */
  const std::vector<std::string> &Play ();

private:
  struct Client;

  uint32_t Below (uint32_t n);
  bool Chance (uint32_t percent);
  int64_t Earlier (int64_t zxid);
  std::string PickPath ();
  /* Of a node that may be changed: not one that other sequences see as well. */
  std::string PickOwnPath ();
  std::string PickNewPath ();
  int32_t PickVersion ();
  AclList PickAcl ();

  void PutCreate (int32_t op, bool in_multi, Writer *body);
  void Operate (Client *client);
  void OperateInOneFlight (Client *client);
  void Create (Client *client);
  void Change (Client *client);
  void Look (Client *client);
  void Multi (Client *client);
  void HandleWatches (Client *client);
  void Authenticate (Client *client);
  void Misbehave (Client *client);
  void Reconnect (Client *client);
  void Renew (Client *client);
  void Flush (Client *client);
  void Intrude (Client *client);
  void IntrudeElsewhere (Client *client);
  void Leave (Client *client);

  bool Connect (Client *client, const Greeting &greeting);
  bool ConnectTo (Place *place, Client *client, const Greeting &greeting);
  void ExpectClosed (Client *client, bool may_lose_events = false);
  void Request (Client *client, int32_t op, const std::string &words, const Writer &body, int32_t xid = 0);
  bool Await (Client *client, int32_t xid, int32_t op, const std::string &words);
  void NoteEvent (Client *client, int64_t zxid, Reader *body);

  std::string NameZxid (int64_t zxid) const;
  std::string NameSession (int64_t session);
  std::string Describe (int32_t op, Reader *body);
  std::string DescribeStat (const WireStat &stat);
  std::string DescribeMulti (Reader *body);
  void Note (const std::string &line);

  Place *place_;
  Place *elsewhere_;
  uint64_t random_;
  unsigned n_operations_;
  std::string top_;
  int64_t base_zxid_ = 0;
  std::vector<std::unique_ptr<Client> > clients_;
  std::vector<int64_t> sessions_;
  struct Asked
  {
    int32_t xid;
    int32_t op;
    std::string words;
  };

  bool in_flight_ = false; /* requests do not wait for their answers */
  std::vector<Asked> asked_;
  std::vector<std::string> made_; /* what was created, by anybody */
  std::vector<std::string> lines_;
};

} // namespace sim
