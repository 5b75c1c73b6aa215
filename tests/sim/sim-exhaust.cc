/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-exhaust.h"

namespace sim
{

namespace
{

class Search
{
public:
  Search (uint64_t max_runs, const TryFunc &run) : max_runs_ (max_runs), run_ (run)
  {
  }

  void Explore (const std::vector<uint32_t> &script, Deviations left)
  {
    Choices choices (script);

    if (result_.n_runs >= max_runs_)
      result_.complete = false;
    if (!result_.complete)
      return;
    result_.n_runs++;
    if (!run_ (&choices))
      {
        result_.complete = false;
        result_.failed = script;
        return;
      }
    for (std::size_t at = script.size (); at < choices.GetRecord ().size (); at++)
      Deviate (choices, at, left);
  }

  const Exhaustion &GetResult () const
  {
    return result_;
  }

private:
  /* Details only right behind the choice that they belong to: elsewhere they stay what they are. */
  void Deviate (const Choices &choices, std::size_t at, Deviations left)
  {
    const std::vector<uint32_t> &record = choices.GetRecord ();
    unsigned *budget = choices.IsUsers (at) ? &left.users : &left.world;

    if (!choices.IsDetail (at) && (*budget)-- == 0)
      return;
    for (uint32_t value = 1; value < choices.GetRanges ()[at] && result_.complete; value++)
      {
        std::vector<uint32_t> script (record.begin (), record.begin () + static_cast<std::ptrdiff_t> (at));

        script.push_back (value);
        Explore (script, left);
      }
  }

  uint64_t max_runs_;
  const TryFunc &run_;
  Exhaustion result_;
};

} // namespace

Exhaustion
Exhaust (const std::vector<uint32_t> &script, Deviations most, uint64_t max_runs, const TryFunc &run)
{
  Search search (max_runs, run);

  search.Explore (script, most);
  return search.GetResult ();
}

} // namespace sim
