/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim-faults.h"

namespace sim
{

/* What a run is like; drawn at its beginning, so that other runs have other faults, schedulers and sizes (a
 * swarm).
 */
struct Plan
{
  unsigned n_members;
  unsigned n_processes;
  unsigned n_rounds; /* how often each wants what the run is about */
  uint32_t fault_per_mille;
  bool is_impatient; /* clients give up soon */
  Scheduling scheduling;
  std::vector<Fault> faults;
  bool is_shared = false; /* two clients in each process */
  uint64_t whims = 0;     /* of the library: a bit for each */
  int64_t storm_us = 0;   /* how long there are faults at most */
};

/* The first choices of the run; the world gets its scheduler. */
Plan DrawPlan (World *world);
/* The script by which it is drawn; of the rate only whether it is zero. */
std::vector<uint32_t> GetScript (const Plan &plan);
std::string Describe (const Plan &plan);

struct Outcome
{
  std::string failure; /* empty where all is well */
  std::string text;    /* the trace, where it was asked for */
  uint64_t hash = 0;
  uint64_t n_steps = 0;
  unsigned n_grants = 0;
  unsigned n_losses = 0;
  std::vector<FaultCount> faults;
  Tally tally; /* without grants and losses, which are above */
  std::string plan;
};

/* One kind of run for each recipe. */
using RunFunc = Outcome (*) (Choices *choices, bool keeps_text);

struct Workload
{
  const char *name;
  RunFunc run;
  uint32_t happenings = 0; /* that depend on the workload and have to be there in many runs: a bit for each */
};

/* NULL where there is none of the name. */
const Workload *FindWorkload (const std::string &name);

Outcome RunBarrier (Choices *choices, bool keeps_text);
Outcome RunCounter (Choices *choices, bool keeps_text);
Outcome RunCreate (Choices *choices, bool keeps_text);
Outcome RunLeader (Choices *choices, bool keeps_text);
Outcome RunLimit (Choices *choices, bool keeps_text);
Outcome RunLock (Choices *choices, bool keeps_text);
Outcome RunNode (Choices *choices, bool keeps_text);
Outcome RunReadWrite (Choices *choices, bool keeps_text);
Outcome RunRevocation (Choices *choices, bool keeps_text);
Outcome RunSelector (Choices *choices, bool keeps_text);
Outcome RunSemaphore (Choices *choices, bool keeps_text);
Outcome RunWatch (Choices *choices, bool keeps_text);

} // namespace sim
