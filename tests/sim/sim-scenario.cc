/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-scenario.h"

#include <algorithm>
#include <cinttypes>

#include "curator-guard-private.h"

namespace sim
{

namespace
{

constexpr int64_t kSecond = 1000000;
/* After the faults everybody gets what he wants within that. */
constexpr int64_t kCalmUs = 120 * kSecond;
/* More steps than that are a livelock. */
constexpr uint64_t kMaxSteps = 200000;
/* The dead are replaced up to so many. */
constexpr size_t kMaxProcesses = 7;

} // namespace

Scenario::Scenario (Choices *choices, bool keeps_text, const char *parent, bool may_kill, bool has_policies)
    : world (choices, keeps_text), plan_ (DrawPlan (&world)), ensemble_ (&world, { plan_.n_members }),
      network_ (&world, &ensemble_),
      faults_ (&world, &network_, &ensemble_, plan_.n_members, kSessionMs * 1000, this), parent_ (parent),
      has_policies_ (has_policies)
{
  curator_whims = plan_.whims;
  options_.connect_string = Network::GetConnectString (plan_.n_members);
  options_.session_timeout_ms = kSessionMs;
  options_.is_impatient = plan_.is_impatient;
  for (unsigned i = 0; i < static_cast<unsigned> (Fault::kCount); i++)
    if (static_cast<Fault> (i) != Fault::kKill || may_kill)
      faults_.MarkUsable (static_cast<Fault> (i));
  for (Fault fault : plan_.faults)
    if ((fault < Fault::kStopMember || plan_.n_members > 1) && (fault != Fault::kKill || may_kill))
      faults_.Allow (fault);
  for (unsigned i = 0; i < plan_.n_processes; i++)
    AddProcess (plan_.is_shared && i % 2 == 1 ? processes_.back ().get () : nullptr);
}

Process *
Scenario::AddProcess (const Process *beside)
{
  auto number = static_cast<unsigned> (processes_.size ()) + 1;

  options_.minds_loss_only = has_policies_ && world.choices.Chance (300);
  processes_.push_back (std::make_unique<Process> (&world, &network_, number, options_, beside));
  faults_.AddProcess (processes_.back ().get ());
  return processes_.back ().get ();
}

bool
Scenario::IsExplained (const GError *error, bool might_fail)
{
  static const int codes[] = { CURATOR_ERROR_CONNECTION_LOSS, CURATOR_ERROR_SESSION_EXPIRED,
                               CURATOR_ERROR_OPERATION_TIMEOUT };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return true;
  return might_fail && std::any_of (std::begin (codes), std::end (codes), [error] (int code) {
           return g_error_matches (error, CURATOR_ERROR, code);
         });
}

std::vector<std::string>
Scenario::GetNodes ()
{
  std::vector<std::string> nodes;

  for (const std::string &name : ensemble_.GetLatest ().GetChildren (parent_))
    nodes.push_back (std::string (parent_) + "/" + name);
  return nodes;
}

void
Scenario::OnDeleted (const std::string &path)
{
  std::string parent = path.substr (0, path.rfind ('/'));

  deleted_[path] = { world.NowUs (), ensemble_.GetLatest ().Find (parent)->stat.pzxid };
}

void
Scenario::OnKilled (Process *process)
{
  for (size_t i = 0, n = processes_.size (); i < n && processes_.size () < kMaxProcesses; i++)
    if (processes_[i]->IsBeside (*process))
      AddUser (AddProcess (nullptr));
}

/* A name may come again, after the parent did: then it is the deletion of another node. */
const Scenario::Deletion *
Scenario::FindDeletion (const std::string &path) const
{
  auto at = deleted_.find (path);

  return at != deleted_.end () && ensemble_.GetLatest ().Find (path) == nullptr ? &at->second : nullptr;
}

bool
Scenario::IsKnownDeleted (const Process &process, const std::string &path) const
{
  const Deletion *deletion = FindDeletion (path);

  return deletion != nullptr && deletion->zxid <= process.GetKnownZxid ();
}

bool
Scenario::IsExcused (const Process &process, CuratorLease *lease) const
{
  const char *path = curator_lease_get_path (lease);
  const Deletion *deletion = FindDeletion (path);
  int64_t session_id = curator_lease_get_session_id (lease);

  if (deletion != nullptr && !WasGoneBefore (process, path) &&
      (deletion->at_us > world.NowUs () - kNoticedUs || !IsKnownDeleted (process, path)))
    return true;
  return !ensemble_.IsAlive (session_id) && ensemble_.IsPromised (session_id);
}

bool
Scenario::WasGoneBefore (const Process &process, const std::string &path) const
{
  const Deletion *deletion = FindDeletion (path);

  return deletion != nullptr && deletion->at_us < process.GetConnectedUs ();
}

void
Scenario::Storm ()
{
  int64_t end_us = world.NowUs () + plan_.storm_us;

  while (world.GetFailure ().empty () && !AreAllDone () && world.GetStepCount () < kMaxSteps)
    {
      faults_.MayStrike (plan_.fault_per_mille);
      if (!world.Advance (end_us))
        break;
      Check ();
    }
}

void
Scenario::FinishRounds ()
{
  int64_t end_us = world.NowUs () + kCalmUs;

  while (world.GetFailure ().empty () && !AreAllDone () && world.GetStepCount () < kMaxSteps)
    {
      if (!world.Advance (end_us))
        break;
      Check ();
    }
  if (!AreAllDone ())
    world.Fail ("no end of it:%s", DescribeUsers ().c_str ());
}

void
Scenario::Calm ()
{
  stormy_ = false;
  calm_since_us_ = world.NowUs ();
  world.trace.Write (world.NowUs (), "no more faults");
  faults_.Heal ();
  FinishRounds ();
}

/* What has been left to itself for so long has no excuse. */
void
Scenario::Settle ()
{
  while (world.GetFailure ().empty () && MayFail () && world.Advance (calm_since_us_ + kNoticedUs))
    Check ();
  world.trace.Write (world.NowUs (), "one round more");
  AddRound ();
  FinishRounds ();
}

/* What goes on in the background has time to end. */
void
Scenario::Rest ()
{
  int64_t end_us = world.NowUs () + kCalmUs;

  auto is_watchless = [this] { return WatchesAtRest () || ensemble_.CountWatches () == 0; };

  while (world.GetFailure ().empty () && !(IsAtRest () && is_watchless ()) && world.Advance (end_us))
    Check ();
  if (world.GetFailure ().empty ())
    CheckRest ();
  if (!is_watchless ())
    world.Fail ("a watch of nobody's is left");
}

void
Scenario::CheckSessionsGo (const std::vector<int64_t> &sessions)
{
  int64_t end_us = world.NowUs () + kSessionMs * 1000 / 2;
  auto find_living = [&] {
    return std::find_if (sessions.begin (), sessions.end (),
                         [this] (int64_t session) { return ensemble_.IsAlive (session); });
  };

  while (world.GetFailure ().empty () && find_living () != sessions.end () && world.Advance (end_us))
    continue;
  if (find_living () != sessions.end ())
    world.Fail ("session 0x%" PRIx64 " of a client that was connected does not end",
                static_cast<uint64_t> (*find_living ()));
}

void
Scenario::CloseAll ()
{
  int64_t end_us = world.NowUs () + kCalmUs;
  auto all_closed = [this] {
    return std::all_of (processes_.begin (), processes_.end (),
                        [] (const auto &p) { return p->IsClosed (); });
  };

  std::vector<int64_t> said; /* by whom it is said that they go, and not left to the end of their time */

  /* Who is connected then, is. */
  while (world.GetFailure ().empty () && world.Advance (calm_since_us_ + kSessionMs * 1000 / 2))
    Check ();
  /* Before any is closed, which wakes the dead. */
  for (const auto &process : processes_)
    if (process->IsConnected () && !process->IsKilled () && !process->IsClosing ())
      said.push_back (curator_framework_get_session_id (process->GetClient ()));
  for (const auto &process : processes_)
    process->Close ();
  while (!all_closed () && world.Advance (end_us))
    continue;
  if (!all_closed ())
    world.Fail ("a client does not close");
  CheckSessionsGo (said);
  /* A member that is behind closes its connections, and forgets their watches, later than others. */
  while (world.GetFailure ().empty () &&
         (!ensemble_.GetSessions ().empty () || ensemble_.CountWatches () != 0) && world.Advance (end_us))
    continue;
  if (!ensemble_.GetSessions ().empty ())
    world.Fail ("a session is left");
  if (ensemble_.CountWatches () != 0)
    world.Fail ("a watch is left");
}

Outcome
Scenario::Go ()
{
  Outcome outcome;

  if (world.trace.KeepsText ())
    world.trace.Write (world.NowUs (), "%s", Describe (plan_).c_str ());
  Storm ();
  if (world.GetFailure ().empty ())
    Calm ();
  if (world.GetFailure ().empty ())
    Rest ();
  if (world.GetFailure ().empty ())
    Settle ();
  if (world.GetFailure ().empty ())
    Rest ();
  faults_.Heal ();
  CloseAll ();
  DropUsers ();
  processes_.clear ();
  outcome.failure = world.GetFailure ();
  outcome.text = world.trace.GetText ();
  outcome.hash = world.trace.GetHash ();
  outcome.n_steps = world.GetStepCount ();
  outcome.n_grants = n_grants_;
  outcome.n_losses = n_losses_;
  outcome.tally = world.tally;
  outcome.faults = faults_.GetCounts ();
  outcome.plan = Describe (plan_);
  return outcome;
}

} // namespace sim
