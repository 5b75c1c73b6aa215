/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "curator-net-private.h"
#include "sim-contact.h"
#include "sim-ensemble.h"

namespace sim
{

class Link;

/* What a process sees of the network: its CuratorNet. */
class Host
{
public:
  virtual ~Host () = default;
  /* A stream of this host has something new. */
  virtual void Wake () = 0;

  /* With the ensemble, as far as it has read what it was sent. */
  Contact contact;
  /* The newest state of the ensemble that an answer has brought it. */
  int64_t heard_zxid = 0;
  /* Connections that it begins before then are refused, or stay without an answer. */
  int64_t refused_until_us = 0;
  int64_t unanswered_until_us = 0;
};

/* All connections between processes and members. Each direction of each is an actor: it carries one piece, as
 * it was written, per step. */
class Network : public Part
{
public:
  Network (World *world, Ensemble *ensemble);
  ~Network () override;

  /* To the address 10.0.0.(member + 1). */
  CuratorNetStream *Connect (Host *host, const struct sockaddr *address);
  /* "10.0.0.1:2181,10.0.0.2:2181" for two. */
  static std::string GetConnectString (unsigned n_members);

  /* --- faults; of one host's connections --- */

  /* Whether there is anything to strike. */
  bool HasConnection (const Host *host) const;
  /* The process learns at once, the member once it has read what was written and @notices_us is there. What
   * was written and is still under way is lost, or arrives late. Answers are lost. */
  void Cut (Host *host, bool loses_requests, int64_t notices_us);
  /* Nothing moves in this direction until then. */
  void HoldUp (Host *host, int64_t until_us);
  void HoldDown (Host *host, int64_t until_us);
  /* No more faults. */
  void Heal ();

  void Collect (std::vector<Step> *steps) override;
  void Run (const Step &step) override;
  int64_t GetNextDueUs () override;

private:
  friend class Link;

  Link *Find (uint32_t number);
  void DropFinished ();

  World *world_;
  Ensemble *ensemble_;
  std::vector<std::unique_ptr<Link> > links_;
  uint32_t n_links_ = 0;
};

} // namespace sim
