/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-ensemble.h"

#include <algorithm>

#include "sim-ensemble-private.h"

namespace sim
{

namespace
{

/* The upper bits of what a step is about; the lower ones are a member's or a session's number. */
enum StepKind : uint32_t
{
  kCommit = 0u << 28,
  kApply = 1u << 28,
  kExpire = 2u << 28,
  kCheckContainers = 3u << 28,
  kPing = 4u << 28,
  kGiveUp = 5u << 28,
  kKindMask = 15u << 28,
};

std::string
DescribeMembers (size_t n_members)
{
  std::string text;

  for (size_t i = 1; i <= n_members; i++)
    {
      std::string number = std::to_string (i);
      std::string address = "10.0.0." + number;

      text += "server." + number + "=" + address + ":2888:3888:participant;" + address + ":2181\n";
    }
  return text + "version=0";
}

} // namespace

Ensemble::Private::Private (World *the_world, const EnsembleOptions &the_options)
    : world (the_world), options (the_options), members (std::max (the_options.n_members, 1u))
{
  leader_actor = world->NewActor ();
  if (members.size () > 1)
    {
      leader = static_cast<int> (members.size ()) - 1;
      zxid = latest.last_zxid = int64_t{ 1 } << 32;
      latest.SetConfig (DescribeMembers (members.size ()));
    }
  for (Member &member : members)
    {
      member.tree = &latest;
      member.commit_actor = world->NewActor ();
      member.apply_actor = world->NewActor ();
      if (members.size () == 1)
        continue;
      member.own = std::make_unique<Tree> (latest);
      member.tree = member.own.get ();
    }
}

Ensemble::Ensemble (World *world, const EnsembleOptions &options)
    : p_ (std::make_unique<Private> (world, options))
{
  world->Add (this);
}

Ensemble::~Ensemble () = default;

/* --- the network's side --- */

uint64_t
Ensemble::Accept (unsigned member, Line *line)
{
  if (member >= p_->members.size () || !p_->members[member].up)
    return 0;
  auto connection = std::make_unique<Connection> ();
  connection->number = ++p_->n_connections * p_->members.size () + member;
  connection->member = member;
  connection->line = line;
  p_->world->trace.Mix (connection->number);
  p_->members[member].connections.push_back (std::move (connection));
  return p_->members[member].connections.back ()->number;
}

void
Ensemble::Receive (uint64_t number, const uint8_t *data, size_t length)
{
  Connection *connection = p_->FindConnection (number);

  if (connection == nullptr)
    return;
  if (p_->leader < 0 || p_->members[connection->member].has_given_up)
    {
      p_->Close (connection, "there is no leader");
    }
  else
    {
      connection->inbox.append (reinterpret_cast<const char *> (data), length);
      p_->Take (connection);
    }
  p_->Sweep (&p_->members[number % p_->members.size ()]);
}

void
Ensemble::HangUp (uint64_t number)
{
  Connection *connection = p_->FindConnection (number);

  if (connection == nullptr)
    return;
  p_->world->trace.Mix (number);
  connection->line = nullptr;
  p_->Sweep (&p_->members[number % p_->members.size ()]);
}

/* --- faults --- */

bool
Ensemble::IsUp (unsigned member) const
{
  return p_->members[member].up;
}

void
Ensemble::Stop (unsigned number)
{
  Member *member = &p_->members[number];

  if (!member->up)
    return;
  member->up = member->has_given_up = false;
  member->cut_since_us = -1;
  p_->world->trace.Write (p_->world->NowUs (), "member %u: stops", number + 1);
  p_->CloseAll (number, "the member stops");
  if (p_->leader == static_cast<int> (number) || (p_->leader >= 0 && !p_->HasQuorum ()))
    p_->Elect (false);
  for (Member &each : p_->members)
    p_->Sweep (&each);
}

void
Ensemble::Start (unsigned number)
{
  Member *member = &p_->members[number];

  if (member->up)
    return;
  member->up = true;
  p_->world->trace.Write (p_->world->NowUs (), "member %u: starts", number + 1);
  if (p_->leader < 0)
    p_->Elect (false);
  else
    p_->CatchUp (number);
  for (Member &each : p_->members)
    p_->Sweep (&each);
}

void
Ensemble::ChangeLeader ()
{
  if (p_->leader < 0)
    return;
  p_->Elect (true);
  for (Member &each : p_->members)
    p_->Sweep (&each);
}

void
Ensemble::SetLagging (unsigned member, bool lagging)
{
  p_->members[member].lagging = lagging;
}

bool
Ensemble::CutOff (unsigned number)
{
  Member *member = &p_->members[number];

  if (!member->up || p_->IsCut (*member) || p_->leader < 0 || p_->leader == static_cast<int> (number))
    return false;
  member->cut_since_us = p_->world->NowUs ();
  if (!p_->HasQuorum ())
    member->cut_since_us = -1;
  else
    p_->world->trace.Write (p_->world->NowUs (), "member %u: is cut off from its leader", number + 1);
  return p_->IsCut (*member);
}

void
Ensemble::Rejoin (unsigned number)
{
  Member *member = &p_->members[number];

  if (!p_->IsCut (*member))
    return;
  p_->world->trace.Write (p_->world->NowUs (), "member %u: has its leader again", number + 1);
  member->cut_since_us = -1;
  if (p_->leader < 0)
    p_->Elect (false);
  else if (member->has_given_up)
    p_->CatchUp (number);
  member->has_given_up = false;
  for (Member &each : p_->members)
    p_->Sweep (&each);
}

void
Ensemble::Expire (int64_t session_id)
{
  if (p_->sessions.count (session_id) == 0)
    return;
  p_->CloseSession (session_id, 0);
  for (Member &each : p_->members)
    p_->Sweep (&each);
}

void
Ensemble::Heal ()
{
  for (unsigned i = 0; i < p_->members.size (); i++)
    {
      Start (i);
      Rejoin (i);
      SetLagging (i, false);
    }
}

/* --- somebody else's hand --- */

int
Ensemble::OperatorCreate (const std::string &path, const std::string &data)
{
  Writer body;

  body.PutString (path);
  body.PutString (data);
  body.PutAcl (GetOpenAcl ());
  body.PutInt (0);
  return p_->Operate (kOpCreate, body.GetBytes ());
}

int
Ensemble::OperatorDelete (const std::string &path)
{
  Writer body;

  body.PutString (path);
  body.PutInt (-1);
  return p_->Operate (kOpDelete, body.GetBytes ());
}

int
Ensemble::OperatorSetData (const std::string &path, const std::string &data)
{
  Writer body;

  body.PutString (path);
  body.PutString (data);
  body.PutInt (-1);
  return p_->Operate (kOpSetData, body.GetBytes ());
}

/* --- looking in --- */

const Tree &
Ensemble::GetLatest () const
{
  return p_->latest;
}

bool
Ensemble::IsAlive (int64_t session_id) const
{
  return p_->sessions.count (session_id) > 0;
}

bool
Ensemble::IsPromised (int64_t session_id) const
{
  auto at = p_->promised_until_us.find (session_id);

  return at != p_->promised_until_us.end () && p_->world->NowUs () < at->second;
}

std::vector<int64_t>
Ensemble::GetSessions () const
{
  std::vector<int64_t> ids;

  for (const auto &[id, session] : p_->sessions)
    ids.push_back (id);
  return ids;
}

size_t
Ensemble::CountWatches () const
{
  size_t n = 0;

  for (const Member &member : p_->members)
    for (const auto &connection : member.connections)
      n += connection->watches.GetSize ();
  return n;
}

/* --- Part --- */

void
Ensemble::Collect (std::vector<Step> *steps)
{
  int64_t now_us = p_->world->NowUs ();
  uint64_t log_end = p_->log_start + p_->log.size ();

  if (p_->leader < 0)
    return;
  for (uint32_t i = 0; i < p_->members.size () && p_->members.size () > 1; i++)
    {
      const Member &member = p_->members[i];

      if (!member.up)
        continue;
      if (p_->IsCut (member))
        {
          if (!member.has_given_up && p_->GetGiveUpUs (member) <= now_us)
            steps->push_back ({ member.apply_actor, kGiveUp | i });
          continue;
        }
      if (!member.forwards.empty ())
        steps->push_back ({ member.commit_actor, kCommit | i });
      if (member.n_applied < log_end && !member.lagging)
        steps->push_back ({ member.apply_actor, kApply | i });
    }
  for (const auto &[id, session] : p_->sessions)
    if (session.due_us <= now_us)
      steps->push_back ({ session.actor, kExpire | session.number });
  if (p_->next_ping_us <= now_us && p_->HasNewsForLeader ())
    steps->push_back ({ p_->leader_actor, kPing });
  if (p_->next_check_us <= now_us && !p_->latest.GetContainers ().empty ())
    steps->push_back ({ p_->leader_actor, kCheckContainers });
}

void
Ensemble::Run (const Step &step)
{
  uint32_t number = step.what & ~static_cast<uint32_t> (kKindMask);

  switch (step.what & kKindMask)
    {
    case kCommit:
      {
        Forward forward = std::move (p_->members[number].forwards.front ());

        p_->members[number].forwards.pop_front ();
        p_->Commit (std::move (forward));
        break;
      }
    case kApply:
      p_->ApplyNext (number);
      break;
    case kExpire:
      p_->CloseSession (p_->session_numbers[number], 0);
      break;
    case kPing:
      p_->TellLeader ();
      break;
    case kGiveUp:
      p_->GiveUp (number);
      break;
    case kCheckContainers:
    default:
      p_->CheckContainers ();
      break;
    }
  for (Member &each : p_->members)
    p_->Sweep (&each);
}

int64_t
Ensemble::GetNextDueUs ()
{
  int64_t next_us = G_MAXINT64;

  if (p_->leader < 0)
    return -1;
  for (const auto &[id, session] : p_->sessions)
    next_us = std::min (next_us, session.due_us);
  for (const Member &member : p_->members)
    if (member.up && p_->IsCut (member) && !member.has_given_up)
      next_us = std::min (next_us, p_->GetGiveUpUs (member));
  if (p_->HasNewsForLeader ())
    next_us = std::min (next_us, p_->next_ping_us);
  if (!p_->latest.GetContainers ().empty ())
    next_us = std::min (next_us, p_->next_check_us);
  return next_us != G_MAXINT64 ? next_us : -1;
}

} // namespace sim
