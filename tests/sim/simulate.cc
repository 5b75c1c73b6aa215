/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "curator-guard-private.h"
#include "sim-coverage.h"
#include "sim-exhaust.h"
#include "sim-run.h"
#include "sim-shrink.h"

/* Runs the library against the simulated ensemble: many seeds, one seed or a script, with the trace where
 * asked for. */

namespace
{

/* Every so many runs one is repeated, and has to be the same. */
constexpr unsigned kRepeatEvery = 100;
constexpr unsigned kShrinkRuns = 3000;
/* So many have to do all that they are there for. */
constexpr uint64_t kManyRuns = 1000;

struct Options
{
  ~Options ()
  {
    g_free (workload);
    g_free (script);
    g_free (without);
    g_free (reach);
  }

  char *workload = nullptr;
  gint64 seed = -1;
  gint64 first = 1;
  gint64 count = 1000;
  int jobs = 0;
  char *script = nullptr;
  gboolean trace = FALSE;
  gboolean shrink = FALSE;
  gboolean expect_failure = FALSE;
  int exhaustive = 0;
  int users = 0;
  gint64 max_runs = G_MAXINT64;
  char *without = nullptr;
  char *reach = nullptr;
  gboolean coverage = FALSE;
  gboolean list_guards = FALSE;
};

struct Sum
{
  uint64_t n_runs, n_failed, n_steps;
  sim::Coverage coverage;
};

void
PrintFailure (const char *what, const sim::Outcome &outcome)
{
  fprintf (stderr, "%s: %s\n  %s\n", what, outcome.failure.c_str (), outcome.plan.c_str ());
}

/* Without its numbers, which differ from script to script. */
std::string
GetKind (const std::string &failure)
{
  static const std::regex numbers ("[0-9A-Za-z]*[0-9][0-9A-Za-z]*");

  return std::regex_replace (failure, numbers, "#");
}

/* --- one run --- */

int
ShowRun (const Options &options, const sim::Workload &workload, sim::Choices *choices)
{
  sim::Outcome outcome = workload.run (choices, options.trace != FALSE && !options.shrink);

  fputs (outcome.text.c_str (), stdout);
  printf ("%s\n%" PRIu64 " steps, %u grants, %u losses, hash %016" PRIx64 "\n", outcome.plan.c_str (),
          outcome.n_steps, outcome.n_grants, outcome.n_losses, outcome.hash);
  if (outcome.failure.empty ())
    return 0;
  PrintFailure ("FAILED", outcome);
  if (options.shrink)
    {
      std::string kind = GetKind (outcome.failure);
      std::vector<uint32_t> script =
          sim::Shrink (choices->GetRecord (), kShrinkRuns, [&] (const std::vector<uint32_t> &candidate) {
            sim::Choices again (candidate);

            return GetKind (workload.run (&again, false).failure) == kind;
          });
      sim::Choices again (script);
      outcome = workload.run (&again, options.trace != FALSE);
      fputs (outcome.text.c_str (), stdout);
      PrintFailure ("shrunk", outcome);
      printf ("# %s\n# %s\n%s\n", outcome.failure.c_str (), outcome.plan.c_str (),
              sim::FormatScript (script).c_str ());
    }
  return 1;
}

int
ShowScript (const Options &options, const sim::Workload &workload)
{
  g_autoptr (GError) error = nullptr;
  g_autofree char *text = nullptr;
  std::vector<uint32_t> script;

  if (!g_file_get_contents (options.script, &text, nullptr, &error))
    {
      fprintf (stderr, "simulate: %s\n", error->message);
      return 2;
    }
  if (!sim::ParseScript (text, &script))
    {
      fprintf (stderr, "simulate: %s is not a script\n", options.script);
      return 2;
    }
  sim::Choices choices (script);
  return ShowRun (options, workload, &choices);
}

/* --- many runs --- */

void
RunSeed (const sim::Workload &workload, uint64_t seed, Sum *sum)
{
  sim::Choices choices (seed);
  sim::Outcome outcome = workload.run (&choices, false);

  sum->n_runs++;
  sum->n_steps += outcome.n_steps;
  sim::AddTo (&sum->coverage, outcome);
  if (seed % kRepeatEvery == 0 && outcome.failure.empty ())
    {
      sim::Choices same (seed);

      if (workload.run (&same, false).hash != outcome.hash)
        outcome.failure = "the run is not the same a second time";
    }
  if (outcome.failure.empty ())
    return;
  g_autofree char *what = g_strdup_printf ("seed %" PRIu64, seed);
  PrintFailure (what, outcome);
  sum->n_failed++;
}

/* With @jobs processes each takes every @jobs-th seed. */
Sum
RunShare (const Options &options, const sim::Workload &workload, int share)
{
  Sum sum = {};

  for (gint64 seed = options.first + share; seed < options.first + options.count; seed += options.jobs)
    {
      RunSeed (workload, static_cast<uint64_t> (seed), &sum);
      if (sum.n_failed > 0 && options.expect_failure)
        break;
    }
  std::copy (std::begin (curator_guards_reached), std::end (curator_guards_reached), sum.coverage.guards);
  return sum;
}

void
AddTo (Sum *total, const Sum &sum)
{
  total->n_runs += sum.n_runs;
  total->n_failed += sum.n_failed;
  total->n_steps += sum.n_steps;
  sim::AddTo (&total->coverage, sum.coverage);
}

bool
RunJobs (const Options &options, const sim::Workload &workload, Sum *total)
{
  std::vector<int> ends;
  bool complete = true;

  fflush (nullptr);
  for (int share = 0; share < options.jobs; share++)
    {
      int pipe_ends[2];

      if (pipe (pipe_ends) != 0)
        return false;
      if (fork () == 0)
        {
          Sum sum = RunShare (options, workload, share);

          _exit (write (pipe_ends[1], &sum, sizeof sum) == sizeof sum ? 0 : 1);
        }
      close (pipe_ends[1]);
      ends.push_back (pipe_ends[0]);
    }
  for (int end : ends)
    {
      Sum sum = {};

      complete = read (end, &sum, sizeof sum) == sizeof sum && complete;
      AddTo (total, sum);
      close (end);
    }
  while (wait (nullptr) > 0)
    continue;
  return complete;
}

bool
ParseGuards (const char *names, std::vector<CuratorGuard> *found)
{
  g_auto (GStrv) list = g_strsplit (names, ",", -1);

  for (char **name = list; *name != nullptr; name++)
    {
      CuratorGuard guard = sim::FindGuard (*name);

      if (guard == CURATOR_N_GUARDS)
        {
          fprintf (stderr, "simulate: there is no guard \"%s\"\n", *name);
          return false;
        }
      found->push_back (guard);
    }
  return true;
}

/* Runs in which nothing happens hold all that is asked of them. */
bool
AreVain (const std::vector<CuratorGuard> &guards, const sim::Workload &workload, const Sum &sum)
{
  if (sum.n_runs < kManyRuns)
    return false;
  std::vector<std::string> gaps = sim::FindGaps (sum.coverage, workload, guards);
  for (const std::string &gap : gaps)
    fprintf (stderr, "%s: in %" PRIu64 " runs %s\n", workload.name, sum.n_runs, gap.c_str ());
  return !gaps.empty ();
}

void
PrintSum (const Options &options, const sim::Workload &workload, const Sum &sum, double seconds)
{
  const sim::Coverage &coverage = sum.coverage;

  printf ("%s: %" PRIu64 " runs in %.1f s (%.0f a second and job), %" PRIu64 " steps, %" PRIu64
          " grants, %" PRIu64 " losses, %" PRIu64 " failed\nfaults:",
          workload.name, sum.n_runs, seconds, static_cast<double> (sum.n_runs) / seconds / options.jobs,
          sum.n_steps, coverage.happenings[static_cast<size_t> (sim::Happening::kGrant)],
          coverage.happenings[static_cast<size_t> (sim::Happening::kLoss)], sum.n_failed);
  for (size_t i = 0; i < G_N_ELEMENTS (coverage.hits); i++)
    printf (" [%s %" PRIu64 "]", sim::GetName (static_cast<sim::Fault> (i)), coverage.hits[i]);
  putchar ('\n');
  if (options.coverage)
    sim::Print (coverage);
  fflush (stdout);
}

int
RunMany (const Options &options, const sim::Workload &workload)
{
  gint64 begin_us = g_get_monotonic_time ();
  std::vector<CuratorGuard> guards;
  Sum sum = {};

  if (options.reach != nullptr && !ParseGuards (options.reach, &guards))
    return 2;
  if (!RunJobs (options, workload, &sum))
    {
      fprintf (stderr, "simulate: a job died\n");
      return 2;
    }
  PrintSum (options, workload, sum, static_cast<double> (g_get_monotonic_time () - begin_us) / 1e6);
  if (options.expect_failure)
    return sum.n_failed > 0 ? 0 : 1;
  return sum.n_failed > 0 || AreVain (guards, workload, sum) ? 1 : 0;
}

/* --- all runs of a small kind --- */

int
RunAll (const Options &options, const sim::Workload &workload)
{
  const sim::Plan plan = { 1,
                           2,
                           1,
                           1,
                           false,
                           sim::Scheduling::kFair,
                           { sim::Fault::kCutBeforeRequests, sim::Fault::kCutBeforeReplies,
                             sim::Fault::kExpire } };
  sim::Exhaustion result =
      sim::Exhaust (sim::GetScript (plan),
                    { static_cast<unsigned> (options.exhaustive), static_cast<unsigned> (options.users) },
                    static_cast<uint64_t> (options.max_runs), [&] (sim::Choices *choices) {
                      sim::Outcome outcome = workload.run (choices, false);

                      if (!outcome.failure.empty ())
                        PrintFailure ("FAILED", outcome);
                      return outcome.failure.empty ();
                    });

  printf ("%s: %" PRIu64 " runs with at most %d deviations, and %d of the users', %s\n", workload.name,
          result.n_runs, options.exhaustive, options.users,
          result.complete ? "all there are" : "not all there are");
  if (!result.failed.empty ())
    printf ("%s\n", sim::FormatScript (result.failed).c_str ());
  return result.failed.empty () == !options.expect_failure ? 0 : 1;
}

/* --- the guards --- */

bool
LeaveOut (const char *names)
{
  std::vector<CuratorGuard> guards;

  if (!ParseGuards (names, &guards))
    return false;
  for (CuratorGuard guard : guards)
    curator_guards_left_out[guard] = TRUE;
  return true;
}

int
ListGuards ()
{
  for (unsigned i = 0; i < CURATOR_N_GUARDS; i++)
    puts (sim::GetName (static_cast<CuratorGuard> (i)));
  return 0;
}

bool
ParseOptions (int *argc, char ***argv, Options *options)
{
  const GOptionEntry entries[] = {
    { "workload", 'w', 0, G_OPTION_ARG_STRING, &options->workload, "What runs (lock)", "NAME" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &options->seed, "Run this seed alone", "SEED" },
    { "first", 'f', 0, G_OPTION_ARG_INT64, &options->first, "The first seed (1)", "SEED" },
    { "count", 'n', 0, G_OPTION_ARG_INT64, &options->count, "How many seeds (1000)", "N" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs, "How many at once (one per processor)", "N" },
    { "script", 'r', 0, G_OPTION_ARG_FILENAME, &options->script, "Run this list of choices", "FILE" },
    { "trace", 't', 0, G_OPTION_ARG_NONE, &options->trace, "Print what happens", nullptr },
    { "shrink", 'x', 0, G_OPTION_ARG_NONE, &options->shrink, "Make the list of choices of a failure simpler",
      nullptr },
    { "exhaustive", 'a', 0, G_OPTION_ARG_INT, &options->exhaustive,
      "Run everything that deviates so many times from a small, ordinary run", "N" },
    { "users", 'u', 0, G_OPTION_ARG_INT, &options->users,
      "And in which what the users do deviates so many times (0)", "N" },
    { "max-runs", 'm', 0, G_OPTION_ARG_INT64, &options->max_runs, "Stop --exhaustive after so many", "N" },
    { "without", 'g', 0, G_OPTION_ARG_STRING, &options->without, "Leave guards of the library out",
      "GUARD,…" },
    { "reach", 'c', 0, G_OPTION_ARG_STRING, &options->reach,
      "Fail where many runs never come by these guards", "GUARD,…" },
    { "coverage", 'o', 0, G_OPTION_ARG_NONE, &options->coverage, "Show what many runs did", nullptr },
    { "list-guards", 'l', 0, G_OPTION_ARG_NONE, &options->list_guards, "Show the guards", nullptr },
    { "expect-failure", 'e', 0, G_OPTION_ARG_NONE, &options->expect_failure, "Succeed where a run fails",
      nullptr },
    { nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- simulates the library in virtual time");
  g_autoptr (GError) error = nullptr;

  g_option_context_add_main_entries (context, entries, nullptr);
  if (g_option_context_parse (context, argc, argv, &error) && *argc == 1 && options->count > 0 &&
      options->users >= 0)
    return true;
  fprintf (stderr, "simulate: %s\n", error != nullptr ? error->message : "bad arguments");
  return false;
}

} // namespace

gboolean curator_guards_left_out[CURATOR_N_GUARDS];
guint64 curator_guards_reached[CURATOR_N_GUARDS];
guint64 curator_whims;

int
main (int argc, char **argv)
{
  Options options;

  if (!ParseOptions (&argc, &argv, &options))
    return 2;
  const sim::Workload *workload = sim::FindWorkload (options.workload != nullptr ? options.workload : "lock");
  if (workload == nullptr)
    {
      fprintf (stderr, "simulate: there is no workload \"%s\"\n", options.workload);
      return 2;
    }
  if (options.list_guards)
    return ListGuards ();
  if (options.without != nullptr && !LeaveOut (options.without))
    return 2;
  if (options.exhaustive > 0)
    return RunAll (options, *workload);
  if (options.jobs <= 0)
    options.jobs = static_cast<int> (g_get_num_processors ());
  if (options.script != nullptr)
    return ShowScript (options, *workload);
  if (options.seed >= 0)
    {
      sim::Choices choices (static_cast<uint64_t> (options.seed));

      return ShowRun (options, *workload, &choices);
    }
  return RunMany (options, *workload);
}
