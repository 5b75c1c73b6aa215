/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-faults.h"

#include <algorithm>

namespace sim
{

const char *
GetName (Fault fault)
{
  static const char *const names[] = {
    "cut before requests",
    "cut before replies",
    "cut and late",
    "hold requests",
    "hold replies",
    "refuse",
    "stall",
    "pause",
    "kill",
    "expire",
    "delete node",
    "touch node",
    "stop member",
    "change leader",
    "lag",
    "cut off",
  };

  static_assert (G_N_ELEMENTS (names) == static_cast<size_t> (Fault::kCount), "one for each");
  return names[static_cast<size_t> (fault)];
}

Faults::Faults (
    World *world, Network *network, Ensemble *ensemble, unsigned n_members, int64_t session_us, Prey *prey)
    : world_ (world), network_ (network), ensemble_ (ensemble), n_members_ (n_members),
      session_us_ (session_us), prey_ (prey), actor_ (world->NewActor ()),
      counts_ (static_cast<size_t> (Fault::kCount))
{
  world->Add (this);
}

void
Faults::MayStrike (uint32_t per_mille)
{
  if (allowed_.empty () || !world_->choices.Chance (per_mille))
    return;
  Strike (allowed_[world_->choices.DetailBelow (static_cast<uint32_t> (allowed_.size ()))]);
}

/* From a moment to beyond the session's end, and around where something is decided. */
int64_t
Faults::ChooseUntilUs ()
{
  const int64_t lengths_us[] = {
    200,
    2000,
    50000,
    session_us_ / 3,
    session_us_ * 2 / 3,
    session_us_ - 1000,
    session_us_ + 1000,
    session_us_ * 2,
  };

  return world_->NowUs () + lengths_us[world_->choices.DetailBelow (G_N_ELEMENTS (lengths_us))];
}

void
Faults::Strike (Fault fault)
{
  Process *process = processes_[world_->choices.DetailBelow (static_cast<uint32_t> (processes_.size ()))];

  counts_[static_cast<size_t> (fault)].n_strikes++;
  world_->trace.Mix (static_cast<uint64_t> (fault));
  world_->trace.Write (world_->NowUs (), "fault: %s (process %u)", GetName (fault), process->GetNumber ());
  if (Hits (fault, process))
    counts_[static_cast<size_t> (fault)].n_hits++;
}

/* Does it; FALSE where there is nothing to strike. */
bool
Faults::Hits (Fault fault, Process *process)
{
  if (fault <= Fault::kPause)
    return StrikeConnection (fault, process);
  if (fault == Fault::kKill)
    return Kill (process);
  if (fault == Fault::kExpire)
    return Expire (process);
  if (fault == Fault::kDeleteNode || fault == Fault::kTouchNode)
    return MeddleWithNode (fault);
  return StrikeMembers (fault, process);
}

bool
Faults::StrikeConnection (Fault fault, Process *process)
{
  bool hits = !process->IsKilled () &&
              (fault == Fault::kPause ? !process->IsPaused () : network_->HasConnection (process));
  int64_t now_us = world_->NowUs ();
  int64_t until_us = fault <= Fault::kCutBeforeReplies ? now_us : ChooseUntilUs ();

  switch (fault)
    {
    case Fault::kHoldRequests:
      network_->HoldUp (process, until_us);
      break;
    case Fault::kHoldReplies:
      network_->HoldDown (process, until_us);
      break;
    case Fault::kRefuse:
      process->refused_until_us = until_us;
      network_->Cut (process, false, now_us);
      break;
    case Fault::kStall:
      process->unanswered_until_us = until_us;
      network_->Cut (process, false, now_us);
      break;
    case Fault::kPause:
      process->Pause (until_us);
      break;
    default:
      network_->Cut (process, fault == Fault::kCutBeforeRequests, until_us);
    }
  return hits;
}

bool
Faults::StrikeMembers (Fault fault, Process *process)
{
  unsigned member = world_->choices.DetailBelow (n_members_);

  if (fault == Fault::kChangeLeader)
    {
      ensemble_->ChangeLeader ();
      return true;
    }
  int64_t until_us = ChooseUntilUs ();
  if (fault == Fault::kCutOff)
    {
      bool hits = ensemble_->CutOff (member);

      if (!hits)
        {
          member = (member + 1) % n_members_;
          hits = ensemble_->CutOff (member);
        }
      repairs_.push_back ({ until_us, fault, member });
      return hits;
    }
  if (fault == Fault::kStopMember)
    {
      bool was_up = ensemble_->IsUp (member);

      ensemble_->Stop (member);
      repairs_.push_back ({ until_us, fault, member });
      return was_up;
    }
  bool hits = !process->IsKilled () && network_->HasConnection (process);
  for (unsigned other = 0; other < n_members_; other++)
    if (other != member)
      {
        ensemble_->SetLagging (other, true);
        repairs_.push_back ({ until_us, fault, other });
      }
  network_->Cut (process, false, world_->NowUs ());
  return hits;
}

bool
Faults::MeddleWithNode (Fault fault)
{
  std::vector<std::string> nodes = prey_->GetNodes ();

  if (nodes.empty ())
    return false;
  const std::string &path = nodes[world_->choices.DetailBelow (static_cast<uint32_t> (nodes.size ()))];
  if (fault == Fault::kTouchNode)
    return ensemble_->OperatorSetData (path, "touched") == 0;
  if (ensemble_->OperatorDelete (path) != 0)
    return false;
  prey_->OnDeleted (path);
  return true;
}

bool
Faults::Kill (Process *process)
{
  auto survives = [process] (const Process *other) {
    return !other->IsKilled () && !other->IsBeside (*process);
  };

  if (process->IsKilled () || std::none_of (processes_.begin (), processes_.end (), survives))
    return false;
  process->Kill ();
  for (Process *other : processes_)
    if (other->IsBeside (*process))
      network_->Cut (other, world_->choices.DetailBelow (2) == 1, world_->NowUs ());
  prey_->OnKilled (process);
  return true;
}

bool
Faults::Expire (Process *process)
{
  int64_t session_id = curator_framework_get_session_id (process->GetClient ());

  if (session_id == 0)
    return false;
  bool was_alive = ensemble_->IsAlive (session_id);
  ensemble_->Expire (session_id);
  return was_alive;
}

void
Faults::Heal ()
{
  repairs_.clear ();
  allowed_.clear ();
  for (Process *process : processes_)
    {
      process->refused_until_us = process->unanswered_until_us = 0;
      process->Resume ();
    }
  network_->Heal ();
  ensemble_->Heal ();
}

void
Faults::Mend (const Repair &repair)
{
  if (repair.fault == Fault::kStopMember)
    ensemble_->Start (repair.member);
  else if (repair.fault == Fault::kCutOff)
    ensemble_->Rejoin (repair.member);
  else
    ensemble_->SetLagging (repair.member, false);
}

void
Faults::Collect (std::vector<Step> *steps)
{
  for (size_t i = 0; i < repairs_.size (); i++)
    if (repairs_[i].due_us <= world_->NowUs ())
      {
        steps->push_back ({ actor_, static_cast<uint32_t> (i) });
        return;
      }
}

void
Faults::Run (const Step &step)
{
  Repair repair = repairs_[step.what];

  repairs_.erase (repairs_.begin () + step.what);
  Mend (repair);
}

int64_t
Faults::GetNextDueUs ()
{
  int64_t next_us = -1;

  for (const Repair &repair : repairs_)
    if (next_us < 0 || repair.due_us < next_us)
      next_us = repair.due_us;
  return next_us;
}

} // namespace sim
