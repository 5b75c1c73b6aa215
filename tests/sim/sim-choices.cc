/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-choices.h"

#include <utility>

namespace sim
{

/* splitmix64 */
uint64_t
NextRandom (uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Choices::Choices (uint64_t seed) : replays_ (false), state_ (seed)
{
}

Choices::Choices (std::vector<uint32_t> script) : script_ (std::move (script)), replays_ (true), state_ (0)
{
}

uint32_t
Choices::Note (uint32_t choice, uint32_t range)
{
  record_.push_back (choice);
  ranges_.push_back (range);
  details_.push_back (false);
  users_.push_back (is_users_);
  return choice;
}

uint32_t
Choices::DetailBelow (uint32_t n)
{
  uint32_t choice = Below (n);

  if (n > 1)
    details_.back () = true;
  return choice;
}

uint32_t
Choices::Below (uint32_t n)
{
  std::size_t at = record_.size ();

  if (n <= 1)
    return 0;
  if (!replays_)
    return Note (static_cast<uint32_t> ((NextRandom (&state_) >> 32) * n >> 32), n);
  /* A script from before a change of the code still means something. */
  return Note (at < script_.size () ? script_[at] % n : 0, n);
}

bool
Choices::Chance (uint32_t per_mille)
{
  std::size_t at = record_.size ();

  if (per_mille == 0)
    return false;
  if (!replays_)
    return Note ((NextRandom (&state_) >> 32) * 1000 >> 32 < per_mille ? 1 : 0, 2) != 0;
  return Note (at < script_.size () ? script_[at] % 2 : 0, 2) != 0;
}

} // namespace sim
