/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-coverage.h"

#include <cinttypes>
#include <cstdio>

namespace sim
{

namespace
{

const char *const guard_names[] = {
#define GUARD_NAME(name, text) text,
  CURATOR_GUARDS (GUARD_NAME)
#undef GUARD_NAME
};

/* That is up to what the processes do. */
bool
IsExpected (Happening happening, const Workload &workload)
{
  return happening > Happening::kHandOver ||
         (workload.happenings & (1u << static_cast<unsigned> (happening))) != 0;
}

} // namespace

const char *
GetName (Happening happening)
{
  static const char *const names[] = {
    "grants",
    "losses",
    "hand-overs",
    "suspensions",
    "reconnections",
    "sessions lost",
    "requests lost",
    "requests late",
    "answers lost",
    "connections refused",
    "connections unanswered",
  };

  static_assert (G_N_ELEMENTS (names) == static_cast<size_t> (Happening::kCount), "one for each");
  return names[static_cast<size_t> (happening)];
}

const char *
GetName (CuratorGuard guard)
{
  return guard_names[guard];
}

CuratorGuard
FindGuard (const std::string &name)
{
  unsigned guard = 0;

  while (guard < CURATOR_N_GUARDS && name != guard_names[guard])
    guard++;
  return static_cast<CuratorGuard> (guard);
}

void
AddTo (Coverage *coverage, const Outcome &outcome)
{
  for (size_t i = 0; i < G_N_ELEMENTS (coverage->hits); i++)
    {
      coverage->strikes[i] += outcome.faults[i].n_strikes;
      coverage->hits[i] += outcome.faults[i].n_hits;
      coverage->usable[i] = coverage->usable[i] || outcome.faults[i].usable;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (coverage->happenings); i++)
    coverage->happenings[i] += outcome.tally.Get (static_cast<Happening> (i));
  coverage->happenings[static_cast<size_t> (Happening::kGrant)] += outcome.n_grants;
  coverage->happenings[static_cast<size_t> (Happening::kLoss)] += outcome.n_losses;
}

void
AddTo (Coverage *total, const Coverage &part)
{
  for (size_t i = 0; i < G_N_ELEMENTS (total->hits); i++)
    {
      total->strikes[i] += part.strikes[i];
      total->hits[i] += part.hits[i];
      total->usable[i] = total->usable[i] || part.usable[i];
    }
  for (size_t i = 0; i < G_N_ELEMENTS (total->happenings); i++)
    total->happenings[i] += part.happenings[i];
  for (size_t i = 0; i < CURATOR_N_GUARDS; i++)
    total->guards[i] += part.guards[i];
}

std::vector<std::string>
FindGaps (const Coverage &coverage, const Workload &workload, const std::vector<CuratorGuard> &guards)
{
  std::vector<std::string> gaps;

  for (size_t i = 0; i < G_N_ELEMENTS (coverage.hits); i++)
    if (coverage.usable[i] && coverage.hits[i] == 0)
      gaps.push_back (std::string ("no fault struck anything: ") + GetName (static_cast<Fault> (i)));
  for (size_t i = 0; i < G_N_ELEMENTS (coverage.happenings); i++)
    if (coverage.happenings[i] == 0 && IsExpected (static_cast<Happening> (i), workload))
      gaps.push_back (std::string ("this never happened: ") + GetName (static_cast<Happening> (i)));
  for (CuratorGuard guard : guards)
    if (coverage.guards[guard] == 0)
      gaps.push_back (std::string ("a guard was never reached: ") + GetName (guard));
  return gaps;
}

void
Print (const Coverage &coverage)
{
  printf ("%-32s %12s %12s\n", "fault", "strikes", "hits");
  for (size_t i = 0; i < G_N_ELEMENTS (coverage.hits); i++)
    printf ("%-32s %12" PRIu64 " %12" PRIu64 "%s\n", GetName (static_cast<Fault> (i)), coverage.strikes[i],
            coverage.hits[i], coverage.usable[i] ? "" : " (not here)");
  printf ("%-32s %12s %12s\n", "happening", "", "times");
  for (size_t i = 0; i < G_N_ELEMENTS (coverage.happenings); i++)
    printf ("%-32s %12s %12" PRIu64 "\n", GetName (static_cast<Happening> (i)), "", coverage.happenings[i]);
  printf ("%-32s %12s %12s\n", "guard", "", "times");
  for (unsigned i = 0; i < CURATOR_N_GUARDS; i++)
    printf ("%-32s %12s %12" PRIu64 "\n", guard_names[i], "", coverage.guards[i]);
}

} // namespace sim
