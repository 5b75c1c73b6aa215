/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim-ensemble.h"
#include "sim-prepare.h"
#include "sim-reads.h"

namespace sim
{

/* A request that waits in its connection for those before it. */
struct Waiting
{
  int32_t xid;
  int32_t op;
  std::string body; /* of a read; a write is at the leader, or on its way */
};

struct Connection
{
  uint64_t number;
  unsigned member;
  Line *line; /* NULL: closed */
  bool greeted = false;
  bool connecting = false; /* nothing more is taken until the session is there */
  bool says_read_only = false;
  int64_t session = 0;
  int32_t timeout_ms = 0;
  Identities identities;
  std::string inbox;
  size_t n_taken = 0;
  std::deque<Waiting> queue;
  Watches watches;
};

/* On its way from a member to the leader. */
struct Forward
{
  enum class Kind
  {
    kWrite,
    kSync,
    kCreateSession,
    kRevalidate,
  };

  Kind kind;
  uint64_t connection;
  int64_t session;
  int32_t timeout_ms;
  int32_t op;
  std::string body;
  Identities identities;
};

/* A transaction in the log, with where its answer goes. */
struct LogEntry
{
  Txn txn;
  uint64_t connection;
};

struct Session
{
  uint32_t number;
  uint32_t actor;
  int32_t timeout_ms;
  int64_t due_us;
  int owner; /* the member; -1: whoever is first */
};

struct Member
{
  bool up = true;
  bool lagging = false;
  int64_t cut_since_us = -1; /* from the leader; -1: it is not */
  bool has_given_up = false; /* it has been so for too long, and serves nobody */
  std::map<int64_t, int32_t>
      touched; /* sessions with their time-outs: what the leader has still to hear of */
  Tree *tree = nullptr;
  std::unique_ptr<Tree> own; /* where there are several */
  uint64_t n_applied = 0;    /* of the log */
  std::deque<Forward> forwards;
  std::deque<std::pair<uint64_t, uint64_t> > syncs; /* how much has to be applied, and for which connection */
  std::vector<std::unique_ptr<Connection> > connections;
  uint32_t commit_actor = 0, apply_actor = 0;
};

struct Ensemble::Private
{
  Private (World *the_world, const EnsembleOptions &the_options);

  /* --- connections and packets --- */

  Connection *FindConnection (uint64_t number);
  void Sweep (Member *member);
  void Close (Connection *connection, const char *why);
  void Send (Connection *connection, Writer *packet);
  /* All that has come so far. */
  void Take (Connection *connection);
  bool TakePacket (Connection *connection, const char *data, size_t length);
  bool Greet (Connection *connection, Reader *body);
  void Resume (Connection *connection, const std::string &given);
  void FinishConnect (Connection *connection, bool valid);
  void TakeRequest (Connection *connection, int32_t xid, int32_t op, Reader *body);
  void Authenticate (Connection *connection, int32_t xid, Reader *body);
  bool MayRead (Connection *connection);
  void Answer (Connection *connection, int32_t xid, int32_t op, Reader *body);
  void AnswerQueue (Connection *connection);
  int32_t CheckWatches (unsigned member, Reader *body);
  void PutAnswer (const Txn &txn);
  void AnswerWrite (Connection *connection, const Txn &txn);
  void AnswerSync (Connection *connection);
  void Reply (Connection *connection, int32_t xid, int64_t zxid, int32_t error);
  void SendEvent (Connection *connection, const Event &event);

  /* --- the log --- */

  bool HasQuorum () const;
  Tree *GetTree (const Connection *connection)
  {
    return members[connection->member].tree;
  }

  int64_t NextZxid ()
  {
    return ++zxid;
  }

  int64_t NowMs () const
  {
    return world->NowUs () / 1000;
  }

  void Submit (Connection *connection, Forward forward);
  void Commit (Forward forward);
  void CommitWrite (const Forward &forward);
  void CommitCreateSession (const Forward &forward);
  void Revalidate (const Forward &forward);
  void CloseSession (int64_t session, uint64_t connection);
  /* Into the log; @txn has been applied to what is committed. */
  void Append (Txn txn, uint64_t connection);
  void Deliver (unsigned member, const LogEntry &entry);
  void FireWatches (Member *member, const Txn &txn);
  void ApplyNext (unsigned member);
  void AnswerSyncs (unsigned member);
  void CatchUp (unsigned member);
  void Trim ();
  void CheckContainers ();
  int Operate (int32_t op, const std::string &body);
  void TraceTxn (const Forward &forward, const Txn &txn);

  bool IsCut (const Member &member) const
  {
    return member.cut_since_us >= 0;
  }
  int64_t GetGiveUpUs (const Member &member) const
  {
    return member.cut_since_us + static_cast<int64_t> (options.sync_limit_ticks) * options.tick_ms * 1000;
  }
  int64_t GetHalfTickUs () const
  {
    return static_cast<int64_t> (options.tick_ms) * 500;
  }
  bool HasNewsForLeader () const;
  void TellLeader ();
  void GiveUp (unsigned member);
  void Promise (int64_t session, int32_t timeout_ms);
  void Extend (Session *session, int32_t timeout_ms);
  bool Touch (const Connection *connection);
  void TouchAll ();
  int32_t CheckSession (int64_t session, unsigned member);
  void Elect (bool another);
  void CloseAll (unsigned member, const char *why);

  World *world;
  EnsembleOptions options;
  std::vector<Member> members;
  Tree latest;
  Preparer preparer{ &latest };
  std::deque<LogEntry> log;
  uint64_t log_start = 0; /* how many entries there were before it */
  int64_t zxid = 0;
  int leader = 0; /* -1: none */
  std::map<int64_t, Session> sessions;
  std::map<int64_t, int64_t> promised_until_us; /* of each session that there was */
  int64_t next_ping_us = 0;
  std::vector<int64_t> session_numbers;
  uint64_t n_connections = 0;
  uint32_t leader_actor = 0;
  int64_t next_check_us = 0;
  Writer packet;
};

} // namespace sim
