/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>

#include "sim-scenario.h"

/* Processes create protected nodes, keep them for a while and delete them for good.
 *
 * Of each node that was created there is one, whatever was lost on the way, for as long as its session lives
 * and nobody else deletes it. Of what failed nothing ephemeral stays, and of what was deleted nothing at all.
 *
 * faults(simulate create): 1, 2, 4, 5, 10
 * bugs(simulate create): CURATOR-45 */

namespace sim
{

namespace
{

constexpr const char *kParent = "/q";

class CreateRun;

/* Creates and deletes, some times over. */
class Maker : public Process::Program
{
public:
  Maker (CreateRun *run, Process *process, unsigned n_rounds)
      : run_ (run), process_ (process), rounds_left_ (n_rounds)
  {
    process->SetProgram (this);
  }

  ~Maker () override
  {
    process_->SetProgram (nullptr);
    g_clear_object (&cancellable_);
  }

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState) override
  {
  }

  bool IsDone () const
  {
    return process_->IsKilled () || (phase_ == Phase::kIdle && rounds_left_ == 0);
  }

  void AddRound (int64_t now_us)
  {
    rounds_left_++;
    act_us_ = now_us;
  }

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

  /* Of the node that it has; empty where it has none. */
  const std::string &GetPath () const
  {
    return path_;
  }

  int64_t GetOwner () const
  {
    return owner_;
  }

  const char *GetPhase () const
  {
    static const char *const names[] = { "idle", "creating", "keeping", "deleting" };

    return names[static_cast<size_t> (phase_)];
  }

private:
  enum class Phase
  {
    kIdle,
    kCreating,
    kKeeping,
    kDeleting,
  };

  void Create ();
  void Delete ();
  void Rest (Phase phase);
  static void OnCreated (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnDeleted (GObject *source, GAsyncResult *result, gpointer user_data);

  CreateRun *run_;
  Process *process_;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  std::string path_;
  int64_t owner_ = 0; /* the session's id, 0 for a persistent node */
  unsigned rounds_left_;
  bool might_fail_ = true;
  int64_t act_us_ = 0;
};

class CreateRun : public Scenario
{
public:
  CreateRun (Choices *choices, bool keeps_text);

  void OnCreated (Maker *maker);

  /* Who leave behind what is persistent. */
  bool KillsProcesses () const
  {
    return std::count (plan_.faults.begin (), plan_.faults.end (), Fault::kKill) > 0;
  }

protected:
  void Check () override;
  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool IsAtRest () override;
  void CheckRest () override;
  void AddRound () override
  {
    for (const auto &user : makers_)
      user->AddRound (world.NowUs ());
  }

  void DropUsers () override
  {
    makers_.clear ();
  }

  void AddUser (Process *process) override
  {
    makers_.push_back (std::make_unique<Maker> (this, process, plan_.n_rounds * 2));
  }

private:
  void CheckNode (const Maker &maker);

  std::vector<std::unique_ptr<Maker> > makers_;
};

/* --- a maker --- */

void
Maker::Rest (Phase phase)
{
  const int64_t rests_us[] = {
    0, 300, 5000, 400000, Scenario::kSessionMs * 500, Scenario::kSessionMs * 1500
  };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  phase_ = phase;
  act_us_ = run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

void
Maker::Act ()
{
  act_us_ = -1;
  if (phase_ == Phase::kIdle)
    Create ();
  else if (phase_ == Phase::kCreating)
    g_cancellable_cancel (cancellable_);
  else if (phase_ == Phase::kKeeping)
    Delete ();
}

void
Maker::Create ()
{
  g_autoptr (CuratorCreateBuilder) builder = curator_framework_create (process_->GetClient ());
  bool persistent = !run_->KillsProcesses () && run_->world.choices.Chance (300);

  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  might_fail_ = run_->MayFail ();
  if (run_->IsStormy () && run_->world.choices.Chance (100))
    Rest (Phase::kCreating);
  phase_ = Phase::kCreating;
  curator_create_builder_with_mode (builder, persistent ? CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL
                                                        : CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  curator_create_builder_with_protection (builder);
  curator_create_builder_with_parents (builder);
  run_->world.trace.Write (run_->world.NowUs (), "process %u: create, %s", GetNumber (),
                           persistent ? "persistent" : "ephemeral");
  curator_create_builder_for_path_async (builder, "/q/n-", nullptr, cancellable_, OnCreated, this);
}

void
Maker::OnCreated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<Maker *> (user_data);
  g_autoptr (CuratorStat) stat = nullptr;
  g_autoptr (GError) error = nullptr;
  g_autofree char *path = curator_create_builder_for_path_with_stat_finish (CURATOR_CREATE_BUILDER (source),
                                                                            result, &stat, &error);

  if (self->phase_ != Phase::kCreating)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  self->rounds_left_--;
  if (path == nullptr)
    {
      self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: not created: %s",
                                     self->GetNumber (), error->message);
      if (!self->process_->IsClosing () && !Scenario::IsExplained (error, self->might_fail_))
        self->run_->world.Fail ("process %u could not create: %s", self->GetNumber (), error->message);
      self->Rest (Phase::kIdle);
      return;
    }
  self->path_ = path;
  self->owner_ = stat->ephemeral_owner;
  self->run_->OnCreated (self);
  self->Rest (Phase::kKeeping);
}

void
Maker::Delete ()
{
  g_autoptr (CuratorDeleteBuilder) builder = curator_framework_delete (process_->GetClient ());

  phase_ = Phase::kDeleting;
  might_fail_ = run_->MayFail ();
  curator_delete_builder_guaranteed (builder);
  curator_delete_builder_quietly (builder);
  run_->world.trace.Write (run_->world.NowUs (), "process %u: delete %s", GetNumber (), path_.c_str ());
  curator_delete_builder_for_path_async (builder, path_.c_str (), nullptr, OnDeleted, this);
  path_.clear ();
}

/* After a failure the deletion goes on without us. */
void
Maker::OnDeleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<Maker *> (user_data);
  g_autoptr (GError) error = nullptr;

  if (self->phase_ != Phase::kDeleting)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  if (!curator_delete_builder_for_path_finish (CURATOR_DELETE_BUILDER (source), result, &error) &&
      !self->process_->IsClosing () && !Scenario::IsExplained (error, self->might_fail_))
    self->run_->world.Fail ("process %u could not delete: %s", self->GetNumber (), error->message);
  self->Rest (Phase::kIdle);
}

/* --- the run --- */

CreateRun::CreateRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kParent, true)
{
  for (const auto &process : processes_)
    AddUser (process.get ());
}

void
CreateRun::OnCreated (Maker *maker)
{
  n_grants_++;
  world.trace.Mix (maker->GetPath ().data (), maker->GetPath ().size ());
  world.trace.Write (world.NowUs (), "process %u: created %s", maker->GetNumber (),
                     maker->GetPath ().c_str ());
}

void
CreateRun::CheckNode (const Maker &maker)
{
  int64_t session_id = curator_framework_get_session_id (processes_[maker.GetNumber () - 1]->GetClient ());

  if (WasDeleted (maker.GetPath ()) || ensemble_.GetLatest ().Find (maker.GetPath ()) != nullptr)
    return;
  /* An ephemeral node is worth what its session is. */
  if (maker.GetOwner () == 0 || (maker.GetOwner () == session_id && ensemble_.IsAlive (session_id)))
    world.Fail ("the node of process %u is not there: %s", maker.GetNumber (), maker.GetPath ().c_str ());
}

void
CreateRun::Check ()
{
  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &maker : makers_)
    if (!maker->GetPath ().empty ())
      CheckNode (*maker);
}

bool
CreateRun::AreAllDone () const
{
  return std::all_of (makers_.begin (), makers_.end (), [] (const auto &maker) { return maker->IsDone (); });
}

std::string
CreateRun::DescribeUsers () const
{
  std::string text;

  for (const auto &maker : makers_)
    text += " " + std::to_string (maker->GetNumber ()) + " " + maker->GetPhase ();
  return text;
}

/* All rounds are over, so that there should be nothing. */
bool
CreateRun::IsAtRest ()
{
  return GetNodes ().empty ();
}

void
CreateRun::CheckRest ()
{
  for (const std::string &node : GetNodes ())
    world.Fail ("a node is left: %s", node.c_str ());
}

} // namespace

Outcome
RunCreate (Choices *choices, bool keeps_text)
{
  return CreateRun (choices, keeps_text).Go ();
}

} // namespace sim
