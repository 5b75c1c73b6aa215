/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-world.h"

#include <algorithm>
#include <cstdarg>
#include <cstring>

namespace sim
{

namespace
{

/* What a step takes. */
constexpr int64_t kStepUs = 50;
/* How often priorities change in a run, at most, and over how many steps that is spread: the first part of most
 * runs, and all of short and of long ones. */
constexpr uint32_t kMaxChanges = 8;
constexpr uint32_t kChangeLengths[] = { 300, 1000, 4000 };
/* How often somebody is given precedence where all else is fair. */
constexpr uint32_t kUnfairPerMille = 30;

} // namespace

/* --- the trace --- */

void
Trace::Mix (const void *data, size_t length)
{
  const char *at = static_cast<const char *> (data);
  uint64_t word;

  Mix (length);
  for (; length >= sizeof word; at += sizeof word, length -= sizeof word)
    {
      memcpy (&word, at, sizeof word);
      Mix (word);
    }
  word = 0;
  memcpy (&word, at, length);
  Mix (word);
}

void
Trace::Write (int64_t now_us, const char *format, ...)
{
  char stamp[32];
  va_list args;

  if (!keeps_text_)
    return;
  g_snprintf (stamp, sizeof stamp, "%10.3f ", static_cast<double> (now_us) / 1000);
  va_start (args, format);
  g_autofree char *line = g_strdup_vprintf (format, args);
  va_end (args);
  text_ += stamp;
  text_ += line;
  text_ += '\n';
}

/* --- the world --- */

World::World (Choices *the_choices, bool keeps_text) : choices (*the_choices), trace (keeps_text)
{
  SetProcessClock (&now_us_);
}

void
World::SetScheduling (Scheduling scheduling)
{
  scheduling_ = scheduling;
  if (scheduling != Scheduling::kPriorities)
    return;
  n_changes_ = choices.Below (kMaxChanges + 1);
  change_per_mille_ = 1000 * n_changes_ / kChangeLengths[choices.Below (G_N_ELEMENTS (kChangeLengths))];
  change_per_mille_ = std::max (change_per_mille_, 1u);
}

World::~World ()
{
  SetProcessClock (nullptr);
}

uint32_t
World::NewActor ()
{
  uint32_t priority = scheduling_ == Scheduling::kPriorities ? kMaxChanges + choices.Below (1 << 16) : 0;

  actors_.push_back ({ 0, priority, 0 });
  return static_cast<uint32_t> (actors_.size () - 1);
}

/* Whoever could have been for the longest time comes first. */
void
World::SortByWaiting ()
{
  for (const auto &step : steps_)
    {
      Actor &actor = actors_[step.first.actor];

      if (actor.seen + 1 < n_steps_)
        actor.waits_since = n_steps_;
      actor.seen = n_steps_;
    }
  std::stable_sort (steps_.begin (), steps_.end (), [this] (const auto &a, const auto &b) {
    return actors_[a.first.actor].waits_since < actors_[b.first.actor].waits_since;
  });
}

size_t
World::Choose ()
{
  auto n = static_cast<uint32_t> (steps_.size ());

  SortByWaiting ();
  if (scheduling_ == Scheduling::kRandom)
    return choices.Below (n);
  if (scheduling_ == Scheduling::kFair)
    return n > 1 && choices.Chance (kUnfairPerMille) ? choices.Below (n) : 0;
  auto highest = std::max_element (steps_.begin (), steps_.end (), [this] (const auto &a, const auto &b) {
    return actors_[a.first.actor].priority < actors_[b.first.actor].priority;
  });
  /* Below all others, and below those that were lowered before. */
  if (n > 1 && n_changes_ > 0 && choices.Chance (change_per_mille_))
    actors_[highest->first.actor].priority = --n_changes_;
  return static_cast<size_t> (highest - steps_.begin ());
}

void
World::Fail (const char *format, ...)
{
  va_list args;

  if (!failure_.empty ())
    return;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  failure_ = text;
  trace.Write (now_us_, "VIOLATION: %s", text);
}

bool
World::SkipTo (int64_t until_us)
{
  int64_t next_us = G_MAXINT64;

  for (Part *part : parts_)
    {
      int64_t due_us = part->GetNextDueUs ();

      if (due_us >= 0)
        next_us = std::min (next_us, due_us);
    }
  now_us_ = std::max (now_us_, std::min (next_us, until_us));
  return next_us <= until_us;
}

bool
World::Advance (int64_t until_us)
{
  if (now_us_ >= until_us)
    return false;
  n_steps_++;
  steps_.clear ();
  for (Part *part : parts_)
    {
      collected_.clear ();
      part->Collect (&collected_);
      for (const Step &step : collected_)
        steps_.emplace_back (step, part);
    }
  if (steps_.empty ())
    return SkipTo (until_us);
  auto [step, part] = steps_[Choose ()];
  now_us_ += kStepUs;
  actors_[step.actor].waits_since = n_steps_ + 1;
  trace.Mix (static_cast<uint64_t> (step.actor) << 32 | step.what);
  part->Run (step);
  return true;
}

} // namespace sim
