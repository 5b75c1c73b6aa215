/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <array>

namespace sim
{

/* What is watched and changed. */
constexpr const char *kWatched = "/w";
constexpr std::array<const char *, 3> kNodes = { "/w/a", "/w/b", "/w/c" };

/* Changed together. */
constexpr const char *kPair = "/pair";
constexpr const char *kLeft = "/pair/left";
constexpr const char *kRight = "/pair/right";
constexpr const char *kFlag = "/pair/flag";

} // namespace sim
