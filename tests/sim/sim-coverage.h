/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <string>
#include <vector>

#include "curator-guard-private.h"
#include "sim-run.h"

namespace sim
{

/* What many runs of a workload have done together. Plain, as it goes through a pipe. */
struct Coverage
{
  uint64_t strikes[static_cast<size_t> (Fault::kCount)]; /* how often each kind of fault was tried */
  uint64_t hits[static_cast<size_t> (Fault::kCount)];    /* and how often there was something to strike */
  bool usable[static_cast<size_t> (Fault::kCount)];      /* in runs like these */
  uint64_t happenings[static_cast<size_t> (Happening::kCount)];
  uint64_t guards[CURATOR_N_GUARDS]; /* how often the library came by */
};

void AddTo (Coverage *coverage, const Outcome &outcome);
void AddTo (Coverage *total, const Coverage &part);

/* What should have been there: every kind of fault that there is in runs like these, what has to happen in
 * each workload, and the guards. In words. */
std::vector<std::string>
FindGaps (const Coverage &coverage, const Workload &workload, const std::vector<CuratorGuard> &guards);

/* A table, to standard output. */
void Print (const Coverage &coverage);

/* The name of a guard; CURATOR_N_GUARDS where there is none of that name. */
const char *GetName (CuratorGuard guard);
CuratorGuard FindGuard (const std::string &name);

} // namespace sim
