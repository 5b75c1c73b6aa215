/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim-choices.h"

namespace sim
{

struct Exhaustion
{
  uint64_t n_runs = 0;
  bool complete = true;         /* FALSE where the limit of runs came first, or a run said so */
  std::vector<uint32_t> failed; /* the script of a run that failed; its record is empty otherwise */
};

/* FALSE where the run failed. */
using TryFunc = std::function<bool (Choices *choices)>;

/* How often a run may deviate from the ordinary. */
struct Deviations
{
  unsigned world; /* in what happens, and when */
  unsigned users; /* in what the users of the library do */
};

/* Every run that begins with the script and deviates at most so many times after it. */
Exhaustion
Exhaust (const std::vector<uint32_t> &script, Deviations most, uint64_t max_runs, const TryFunc &run);

} // namespace sim
