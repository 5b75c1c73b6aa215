/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-run.h"

#include <algorithm>

#include "curator-guard-private.h"

namespace sim
{

namespace
{

constexpr unsigned kMinProcesses = 2;

constexpr uint32_t kGrants = 1u << static_cast<unsigned> (Happening::kGrant);
constexpr uint32_t kLosses = 1u << static_cast<unsigned> (Happening::kLoss);
constexpr uint32_t kHandOvers = 1u << static_cast<unsigned> (Happening::kHandOver);

const Workload workloads[] = {
  { "barrier", RunBarrier, kGrants },
  { "counter", RunCounter, kGrants },
  { "create", RunCreate, kGrants },
  { "leader", RunLeader, kGrants | kLosses | kHandOvers },
  { "limit", RunLimit, kGrants | kLosses | kHandOvers },
  { "lock", RunLock, kGrants | kLosses | kHandOvers },
  { "node", RunNode, kGrants },
  { "read-write", RunReadWrite, kGrants | kLosses | kHandOvers },
  { "revocation", RunRevocation, kGrants | kLosses | kHandOvers },
  { "selector", RunSelector, kGrants | kLosses | kHandOvers },
  { "semaphore", RunSemaphore, kGrants | kLosses | kHandOvers },
  { "watch", RunWatch },
};

} // namespace

const Workload *
FindWorkload (const std::string &name)
{
  for (const Workload &workload : workloads)
    if (name == workload.name)
      return &workload;
  return nullptr;
}

Plan
DrawPlan (World *world)
{
  const uint32_t rates[] = { 0, 2, 5, 10, 25 };
  /* Where it is short, the calm begins while everybody is at it. */
  const int64_t short_storms_us[] = { 300000, 2000000, 10000000 };
  Choices *choices = &world->choices;
  Plan plan;

  plan.scheduling = static_cast<Scheduling> (choices->Below (3));
  world->SetScheduling (plan.scheduling);
  plan.n_members = choices->Chance (400) ? 3 : 1;
  plan.n_processes = kMinProcesses + choices->Below (3);
  plan.n_rounds = 1 + choices->Below (4);
  plan.fault_per_mille = rates[choices->Below (G_N_ELEMENTS (rates))];
  plan.is_impatient = choices->Chance (250);
  plan.is_shared = choices->Chance (150);
  for (unsigned i = 0; i < static_cast<unsigned> (Fault::kCount); i++)
    if ((plan.n_members > 1 || i != static_cast<unsigned> (Fault::kCutOff)) && choices->Chance (350))
      plan.faults.push_back (static_cast<Fault> (i));
  if (choices->Chance (300))
    for (unsigned i = 0; i < CURATOR_N_WHIMS; i++)
      if (choices->DetailBelow (3) == 1)
        plan.whims |= uint64_t{ 1 } << i;
  plan.storm_us = 60000000;
  if (choices->Chance (300))
    plan.storm_us = short_storms_us[choices->DetailBelow (G_N_ELEMENTS (short_storms_us))];
  return plan;
}

std::vector<uint32_t>
GetScript (const Plan &plan)
{
  std::vector<uint32_t> script = { static_cast<uint32_t> (plan.scheduling),
                                   plan.n_members > 1 ? 1u : 0u,
                                   plan.n_processes - kMinProcesses,
                                   plan.n_rounds - 1,
                                   plan.fault_per_mille > 0 ? 1u : 0u,
                                   plan.is_impatient ? 1u : 0u,
                                   plan.is_shared ? 1u : 0u };

  for (unsigned i = 0; i < static_cast<unsigned> (Fault::kCount); i++)
    if (plan.n_members > 1 || i != static_cast<unsigned> (Fault::kCutOff))
      script.push_back (
          std::count (plan.faults.begin (), plan.faults.end (), static_cast<Fault> (i)) > 0 ? 1u : 0u);
  script.push_back (0); /* no whims */
  script.push_back (0); /* a long storm */
  return script;
}

std::string
Describe (const Plan &plan)
{
  static const char *const schedulings[] = { "random", "priorities", "fair" };
#define WHIM_TEXT(name, text) text,
  static const char *const whims[] = { CURATOR_WHIMS (WHIM_TEXT) };
#undef WHIM_TEXT
  g_autofree char *text = g_strdup_printf (
      "%u members, %u %s%s, %u rounds, %s scheduling, %u faults in 1000 steps:", plan.n_members,
      plan.n_processes, plan.is_impatient ? "impatient " : "",
      plan.is_shared ? "clients, two in each process" : "processes", plan.n_rounds,
      schedulings[static_cast<size_t> (plan.scheduling)], plan.fault_per_mille);
  std::string result = text;

  for (Fault fault : plan.faults)
    result += std::string (" [") + GetName (fault) + "]";
  for (unsigned i = 0; i < CURATOR_N_WHIMS; i++)
    if ((plan.whims & (uint64_t{ 1 } << i)) != 0)
      result += std::string (" (") + whims[i] + ")";
  return result;
}

} // namespace sim
