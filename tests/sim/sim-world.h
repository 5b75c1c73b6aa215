/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim-choices.h"
#include "sim-tally.h"

namespace sim
{

/* What happened, as a hash of everything and, where somebody wants to read it, as text. */
class Trace
{
public:
  explicit Trace (bool keeps_text) : keeps_text_ (keeps_text)
  {
  }

  /* Before formatting anything for Write (). */
  bool KeepsText () const
  {
    return keeps_text_;
  }

  void Mix (uint64_t value)
  {
    hash_ = (hash_ ^ value) * 0x100000001b3u;
    hash_ ^= hash_ >> 29;
  }

  void Mix (const void *data, size_t length);
  void Write (int64_t now_us, const char *format, ...) G_GNUC_PRINTF (3, 4);

  uint64_t GetHash () const
  {
    return hash_;
  }

  const std::string &GetText () const
  {
    return text_;
  }

private:
  bool keeps_text_;
  uint64_t hash_ = 0xcbf29ce484222325u;
  std::string text_;
};

/* One thing that can happen now. Actors are small numbers, each for what happens in its own order: a client,
 * a direction of a connection, a member of the ensemble. */
struct Step
{
  uint32_t actor;
  uint32_t what; /* means something to the part only */
};

class World;

/* A part of the world that does something of its own: the network, the ensemble, the clients, the faults. */
class Part
{
public:
  virtual ~Part () = default;

  /* Adds what can happen now. Looking must change nothing. */
  virtual void Collect (std::vector<Step> *steps) = 0;
  virtual void Run (const Step &step) = 0;
  /* When something can happen next by the clock alone, or -1; asked only where nobody has a step. */
  virtual int64_t GetNextDueUs () = 0;
};

/* Who is next among those that could be. */
enum class Scheduling
{
  kRandom,     /* anyone */
  kPriorities, /* the one with the highest priority; priorities are random and change a few times (PCT) */
  kFair,       /* who could have been for the longest time, unless the choices say otherwise */
};

/* The clock, the choices and the turn of everything in one run. */
class World
{
public:
  World (Choices *choices, bool keeps_text);
  ~World ();

  World (const World &) = delete;
  World &operator= (const World &) = delete;

  /* Before there are actors; kRandom otherwise. */
  void SetScheduling (Scheduling scheduling);

  /* Not owned; asked in this order. */
  void Add (Part *part)
  {
    parts_.push_back (part);
  }

  /* A number for one more actor of a part; each has a priority of its own. */
  uint32_t NewActor ();

  int64_t NowUs () const
  {
    return now_us_;
  }

  uint64_t GetStepCount () const
  {
    return n_steps_;
  }

  /* Takes one step, or lets the clock go on to where there is one, but not past @until_us. FALSE where
   * nothing happens until then: the clock stands there. */
  bool Advance (int64_t until_us);

  /* What must not be has been seen; the first one counts. */
  void Fail (const char *format, ...) G_GNUC_PRINTF (2, 3);

  /* Empty where all is well. */
  const std::string &GetFailure () const
  {
    return failure_;
  }

  Choices &choices;
  Trace trace;
  Tally tally;

private:
  struct Actor
  {
    uint64_t waits_since; /* the step in which it could have been first; kIdle: it could not */
    uint32_t priority;
    uint64_t seen; /* the last step in which it could have been */
  };

  size_t Choose ();
  void SortByWaiting ();
  bool SkipTo (int64_t until_us);

  Scheduling scheduling_ = Scheduling::kRandom;
  int64_t now_us_ = 1000000;
  uint64_t n_steps_ = 0;
  std::string failure_;
  uint32_t n_changes_ = 0; /* of priorities that are still to come */
  uint32_t change_per_mille_ = 0;
  std::vector<Actor> actors_;
  std::vector<Part *> parts_;
  std::vector<std::pair<Step, Part *> > steps_;
  std::vector<Step> collected_;
};

/* While there is a world, GLib's clock is its clock: the simulation's executables bring a clock_gettime () of
 * their own. NULL: the machine's. */
void SetProcessClock (const int64_t *now_us);

} // namespace sim
