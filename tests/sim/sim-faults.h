/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <string>
#include <vector>

#include "sim-process.h"

namespace sim
{

enum class Fault
{
  kCutBeforeRequests, /* the connection breaks, and what was on its way to the member is lost */
  kCutBeforeReplies,  /* it breaks, and what was on its way to the process is lost */
  kCutAndLate,        /* it breaks, and what was on its way to the member arrives later */
  kHoldRequests,      /* nothing arrives for a while, in this direction or the other */
  kHoldReplies,
  kRefuse,     /* the connection breaks, and no other comes about for a while */
  kStall,      /* it breaks, and others are begun but not answered for a while */
  kPause,      /* the process stands still */
  kKill,       /* the process ends, where another is left and the run allows it */
  kExpire,     /* the ensemble ends the session before its time */
  kDeleteNode, /* somebody deletes one of the nodes that the run is about */
  kTouchNode,  /* somebody sets its data, so that watches fire for nothing */
  kStopMember, /* a member is down for a while */
  kChangeLeader,
  kLag,    /* the connection breaks, and all members but one do not hear of changes for a while */
  kCutOff, /* a member is cut off from its leader for a while */
  kCount,
};

const char *GetName (Fault fault);

/* What became of a kind of fault in a run. */
struct FaultCount
{
  unsigned n_strikes = 0;
  unsigned n_hits = 0; /* those that struck something */
  bool usable = false; /* in runs like this, even where it was not drawn for this one */
};

/* Strikes now and then, with the kinds of faults that a run has. */
class Faults : public Part
{
public:
  /* Which nodes somebody may delete, and who has to know of it. */
  class Prey
  {
  public:
    virtual ~Prey () = default;
    virtual std::vector<std::string> GetNodes () = 0;
    virtual void OnDeleted (const std::string &path) = 0;
    virtual void OnKilled (Process *process) = 0;
  };

  Faults (
      World *world, Network *network, Ensemble *ensemble, unsigned n_members, int64_t session_us, Prey *prey);

  void AddProcess (Process *process)
  {
    processes_.push_back (process);
  }

  void Allow (Fault fault)
  {
    allowed_.push_back (fault);
  }

  /* Before each step of the run: perhaps. */
  void MayStrike (uint32_t per_mille);
  /* Everything works again. */
  void Heal ();

  /* In runs like this there is such a fault, too. */
  void MarkUsable (Fault fault)
  {
    counts_[static_cast<size_t> (fault)].usable = true;
  }

  /* Of each kind. */
  const std::vector<FaultCount> &GetCounts () const
  {
    return counts_;
  }

  void Collect (std::vector<Step> *steps) override;
  void Run (const Step &step) override;
  int64_t GetNextDueUs () override;

private:
  struct Repair
  {
    int64_t due_us;
    Fault fault;
    unsigned member;
  };

  int64_t ChooseUntilUs ();
  void Strike (Fault fault);
  bool Hits (Fault fault, Process *process);
  bool StrikeConnection (Fault fault, Process *process);
  bool StrikeMembers (Fault fault, Process *process);
  bool MeddleWithNode (Fault fault);
  bool Kill (Process *process);
  bool Expire (Process *process);
  void Mend (const Repair &repair);

  World *world_;
  Network *network_;
  Ensemble *ensemble_;
  unsigned n_members_;
  int64_t session_us_;
  Prey *prey_;
  uint32_t actor_;
  std::vector<Process *> processes_;
  std::vector<Fault> allowed_;
  std::vector<Repair> repairs_;
  std::vector<FaultCount> counts_;
};

} // namespace sim
