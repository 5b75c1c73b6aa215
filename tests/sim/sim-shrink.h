/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sim
{

/* TRUE where a run by this script still shows the failure. */
using StillFails = std::function<bool (const std::vector<uint32_t> &script)>;

/* A simpler script that still fails: shorter, with more zeros and smaller numbers, and so with fewer faults,
 * processes and delays. Tries at most so many runs. */
std::vector<uint32_t> Shrink (std::vector<uint32_t> script, unsigned max_runs, const StillFails &still_fails);

/* "3 0*17 1": numbers, with how often they are repeated. */
std::string FormatScript (const std::vector<uint32_t> &script);
/* FALSE where the text is no script. Lines that begin with # are comments. */
bool ParseScript (const std::string &text, std::vector<uint32_t> *script);

} // namespace sim
