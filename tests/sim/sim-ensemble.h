/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim-tree.h"
#include "sim-world.h"

namespace sim
{

/* A member's end of a connection; owned by the network. */
class Line
{
public:
  virtual ~Line () = default;
  /* Towards the client. */
  virtual void Send (const uint8_t *data, size_t length) = 0;
  /* What was sent before still arrives. The ensemble forgets the connection. */
  virtual void Close () = 0;
};

struct EnsembleOptions
{
  unsigned n_members = 1;
  int tick_ms = 2000; /* session time-outs are negotiated to between 2 and 20 of it */
  size_t max_packet_bytes = 0xfffff;
  int sync_limit_ticks = 5;       /* for how long a member goes on without its leader */
  int container_check_ms = 60000; /* how often the leader looks for containers and nodes whose time is over */
};

/* A simulated ZooKeeper: the real protocol in front of one log of transactions, which each member applies in
 * its own time. A member answers reads from what it has applied, sends writes to the leader, and answers what
 * came over one connection in order. Sessions belong to the ensemble; watches to a connection.
 *
 * A member takes a packet when it receives it; a member that is alone also commits, applies and answers it
 * then. All else are steps, each of which is a matter of the scheduler: the leader commits the next request
 * that a member forwarded; a member applies the next transaction; the leader hears from the others which
 * sessions are alive, twice in a tick; it ends a session that is due; it removes containers that became empty
 * and nodes whose time is over; a member that has been without its leader for too long gives up. */
class Ensemble : public Part
{
public:
  Ensemble (World *world, const EnsembleOptions &options);
  ~Ensemble () override;

  /* --- the network's side --- */

  /* A number for the connection, or 0 where the member is down. */
  uint64_t Accept (unsigned member, Line *line);
  /* Any piece of what the client sent, in order. Ignored where the ensemble has closed the connection. */
  void Receive (uint64_t connection, const uint8_t *data, size_t length);
  /* The client's end is closed, or the connection is cut. */
  void HangUp (uint64_t connection);

  /* --- faults --- */

  bool IsUp (unsigned member) const;
  /* Its connections close; what it did not forward is lost. Without a majority nothing commits, and sessions
   * do not expire; a new leader, if need be, is the member that is up and has the longest log. */
  void Stop (unsigned member);
  void Start (unsigned member);
  /* Another leader: what was forwarded and not committed is lost together with the connections that asked,
   * sessions begin their time-outs anew, and zxids a new epoch. */
  void ChangeLeader ();
  /* It answers from what it has applied so far, until it is caught up again. */
  void SetLagging (unsigned member, bool lagging);
  /* Nothing passes between the member and its leader. It goes on to serve what it can, which are reads and
   * signs of life, until it gives up. FALSE where there would be no majority without it, or it is the leader.
   */
  bool CutOff (unsigned member);
  void Rejoin (unsigned member);
  /* As if its time-out were over. */
  void Expire (int64_t session_id);
  /* No more faults: members up, nothing lags. */
  void Heal ();

  /* --- somebody else's hand, at once and past every queue; ZooKeeper's error number --- */

  int OperatorCreate (const std::string &path, const std::string &data);
  int OperatorDelete (const std::string &path);
  int OperatorSetData (const std::string &path, const std::string &data);

  /* --- looking in --- */

  const Tree &GetLatest () const;
  bool IsAlive (int64_t session_id) const;
  /* A member has answered its client within its time-out: the client may take it for alive, whether or not
   * the leader heard of it. */
  bool IsPromised (int64_t session_id) const;
  /* Of the sessions that live. */
  std::vector<int64_t> GetSessions () const;
  /* All of a member's connections together. */
  size_t CountWatches () const;

  /* --- Part --- */

  void Collect (std::vector<Step> *steps) override;
  void Run (const Step &step) override;
  int64_t GetNextDueUs () override;

private:
  struct Private;
  std::unique_ptr<Private> p_;
};

} // namespace sim
