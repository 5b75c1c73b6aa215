/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes take leases of a semaphore, some of them several at once. In the workload "limit" a shared count
 * says how many leases there may be, which anybody changes during the storm, which is as large as ever at its
 * end, and one for the last round.
 *
 * At any time: no more leases say that they are valid than there may be, and the session of each lives;
 * except where somebody ended the session or deleted a node behind a holder's back. Each call is answered
 * once, with all the leases that it asked for or none, and with nothing but the errors that the faults
 * explain.
 *
 * At the end, when all faults are over: everybody has had what he wanted within a bound, and knows the limit
 * where it is a count; no node is left, and no session or watch after the clients were closed.
 *
 * faults(simulate semaphore): 1, 2, 4, 5, 6, 7, 9, 10, 11, 13, 19, 29
 * bugs(simulate semaphore): CURATOR-45, CURATOR-315, CURATOR-335, CURATOR-462, CURATOR-525, CURATOR-561
 * faults(simulate limit): 9, 10, 11, 29
 * bugs(simulate limit): CURATOR-75, CURATOR-311, CURATOR-331 */

namespace sim
{

namespace
{

constexpr const char *kSemaphore = "/semaphores/s";
constexpr const char *kLeases = "/semaphores/s/leases";
constexpr const char *kLocks = "/semaphores/s/locks";
constexpr const char *kLimit = "/limit";
constexpr unsigned kMaxLeases = 2;
constexpr int kSessionMs = Scenario::kSessionMs;

class SemaphoreRun;

/* One who acquires, holds and releases, some times over. */
class User : public Process::Program
{
public:
  User (SemaphoreRun *run, Process *process, unsigned n_rounds);
  ~User () override;

  int64_t GetNextActUs () override
  {
    if (WantsLimit ())
      return 0;
    return IsDone () ? -1 : act_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState state) override;

  bool IsGone () const
  {
    return process_->IsKilled () || process_->IsClosing ();
  }

  /* Where a count says how many leases there may be. */
  bool Knows (guint limit) const
  {
    return count_ == nullptr || IsGone () || curator_semaphore_get_max_leases (semaphore_) == limit;
  }

  bool IsDone () const
  {
    return process_->IsKilled () || process_->IsClosed () || (phase_ == Phase::kIdle && rounds_left_ == 0);
  }

  const std::vector<std::unique_ptr<LeaseWatch> > &GetLeases () const
  {
    return leases_;
  }

  /* After each step. */
  void Check ()
  {
    wait_.Check ();
    for (const auto &lease : leases_)
      lease->Check ();
  }

  const Process &GetProcess () const
  {
    return *process_;
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

  const char *GetPhase () const
  {
    static const char *const names[] = { "idle", "acquiring", "holding" };

    return names[static_cast<size_t> (phase_)];
  }

private:
  enum class Phase
  {
    kIdle,
    kAcquiring,
    kHolding,
  };

  /* It is not what it has to be, and nobody else need see to that. */
  bool WantsLimit () const;
  void SetLimit (unsigned limit);
  static void OnLimitSet (GObject *source, GAsyncResult *result, gpointer user_data);
  void Acquire ();
  void DropLeases ();
  void Rest (Phase phase);
  void OnRefused (const GError *error);
  static void OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data);

  SemaphoreRun *run_;
  Process *process_;
  CuratorSharedCount *count_ = nullptr; /* nullptr where the limit is a number */
  CuratorSemaphore *semaphore_;
  std::vector<std::unique_ptr<LeaseWatch> > leases_;
  Wait wait_;
  unsigned n_wanted_ = 1;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  bool might_fail_ = true;
  bool sets_limit_ = false;
  int64_t act_us_ = 0; /* -1: not by itself */
};

class SemaphoreRun : public Scenario
{
public:
  SemaphoreRun (Choices *choices, bool keeps_text, bool is_counted);

  bool IsCounted () const
  {
    return is_counted_;
  }

  /* When there are no faults any more. */
  unsigned GetWantedLimit () const
  {
    return wanted_limit_;
  }

  /* Who is told of a lower limit late may still acquire by the one before. */
  bool IsLimitKnown () const
  {
    return std::all_of (users_.begin (), users_.end (),
                        [this] (const auto &user) { return user->Knows (wanted_limit_); });
  }

  void OnGrant (const User &user);
  void OnLoss ()
  {
    n_losses_++;
  }

  std::vector<std::string> GetNodes () override;

protected:
  void Check () override;
  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool IsAtRest () override
  {
    return FindFlaw ().empty ();
  }
  bool WatchesAtRest () const override
  {
    return is_counted_;
  }
  void CheckRest () override;
  void AddRound () override
  {
    if (is_counted_)
      wanted_limit_ = 1;
    for (const auto &user : users_)
      user->AddRound (world.NowUs ());
  }

  void DropUsers () override
  {
    users_.clear ();
  }

  void AddUser (Process *process) override
  {
    users_.push_back (std::make_unique<User> (this, process, plan_.n_rounds));
  }

private:
  unsigned CountValid (const User &user);
  guint ReadLimit () const;
  std::string FindFlaw ();

  bool is_counted_;
  unsigned wanted_limit_ = kMaxLeases;
  std::vector<std::unique_ptr<User> > users_;
};

/* --- a user --- */

User::User (SemaphoreRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), wait_ (&run->world, process), rounds_left_ (n_rounds)
{
  CuratorFramework *client = process->GetClient ();
  g_autoptr (GError) error = nullptr;

  if (run->IsCounted ())
    {
      count_ = curator_shared_count_new (client, kLimit, kMaxLeases);
      if (!curator_shared_count_start (count_, &error))
        run_->world.Fail ("process %u could not start: %s", GetNumber (), error->message);
    }
  semaphore_ = count_ != nullptr ? curator_semaphore_new_with_count (client, kSemaphore, count_)
                                 : curator_semaphore_new (client, kSemaphore, kMaxLeases);
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  DropLeases ();
  g_clear_object (&cancellable_);
  g_object_unref (semaphore_);
  g_clear_object (&count_);
}

bool
User::WantsLimit () const
{
  return count_ != nullptr && !run_->IsStormy () && !IsGone () && !sets_limit_ &&
         curator_shared_count_get_current (count_) && !Knows (run_->GetWantedLimit ());
}

void
User::SetLimit (unsigned limit)
{
  sets_limit_ = true;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: limit %u", GetNumber (), limit);
  curator_shared_count_set_count_async (count_, static_cast<gint32> (limit), nullptr, OnLimitSet, this);
}

/* Before the first count there is no node. */
void
User::OnLimitSet (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  self->sets_limit_ = false;
  if (curator_shared_count_set_count_finish (CURATOR_SHARED_COUNT (source), result, &error))
    return;
  self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: %s", self->GetNumber (),
                                 error->message);
  if (!self->process_->IsClosing () && !Scenario::IsExplained (error, self->run_->MayFail ()) &&
      !g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    self->run_->world.Fail ("process %u could not set the limit: %s", self->GetNumber (), error->message);
}

void
User::DropLeases ()
{
  for (const auto &lease : leases_)
    if (lease->IsLost ())
      run_->OnLoss ();
  leases_.clear ();
}

/* The next thing, after a moment or a while. */
void
User::Rest (Phase phase)
{
  const int64_t rests_us[] = { 0, 300, 5000, 400000, kSessionMs * 500, kSessionMs * 3500 };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  phase_ = phase;
  act_us_ = run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

void
User::Act ()
{
  if (WantsLimit ())
    {
      SetLimit (run_->GetWantedLimit ());
      return;
    }
  if (run_->GetWantedLimit () < kMaxLeases && phase_ == Phase::kIdle && !run_->IsLimitKnown ())
    {
      act_us_ = run_->world.NowUs () + 100000;
      return;
    }
  act_us_ = -1;
  /* At any moment: what it waits for is answered, and what it holds is lost. */
  if (run_->IsStormy () && run_->world.choices.Chance (20))
    {
      run_->world.trace.Write (run_->world.NowUs (), "process %u: close", GetNumber ());
      process_->Close ();
      return;
    }
  switch (phase_)
    {
    case Phase::kIdle:
      if (count_ != nullptr && !sets_limit_ && run_->IsStormy () && run_->world.choices.Chance (300))
        SetLimit (run_->world.choices.Below (kMaxLeases + 1));
      Acquire ();
      break;
    case Phase::kAcquiring:
      wait_.Cancel ();
      g_cancellable_cancel (cancellable_);
      break;
    case Phase::kHolding:
    default:
      run_->world.trace.Write (run_->world.NowUs (), "process %u: release", GetNumber ());
      DropLeases ();
      Rest (Phase::kIdle);
      break;
    }
}

void
User::Acquire ()
{
  const gint64 timeouts_ms[] = { -1, 0, 1, 700, kSessionMs * 2 };
  bool stormy = run_->IsStormy ();
  gint64 timeout_ms = stormy ? timeouts_ms[run_->world.choices.Below (G_N_ELEMENTS (timeouts_ms))] : -1;

  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  n_wanted_ = 1 + run_->world.choices.Below (run_->GetWantedLimit ());
  if (stormy && run_->world.choices.Chance (150))
    Rest (Phase::kAcquiring);
  phase_ = Phase::kAcquiring;
  might_fail_ = run_->MayFail ();
  run_->world.trace.Write (run_->world.NowUs (), "process %u: acquire %u, time-out %" G_GINT64_FORMAT " ms",
                           GetNumber (), n_wanted_, timeout_ms);
  wait_.Begin (timeout_ms);
  curator_semaphore_acquire_several_async (semaphore_, n_wanted_, timeout_ms, cancellable_, OnAcquired, this);
}

void
User::OnRefused (const GError *error)
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not acquired: %s", GetNumber (),
                           error->message);
  if (!process_->IsClosing () && !Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u could not acquire: %s", GetNumber (), error->message);
  if (rounds_left_ > 1 || !run_->IsStormy ())
    rounds_left_--;
  Rest (Phase::kIdle);
}

void
User::OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (GPtrArray) leases = nullptr;

  if (self->phase_ != Phase::kAcquiring)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  leases = curator_semaphore_acquire_several_finish (CURATOR_SEMAPHORE (source), result, &error);
  self->wait_.End (error);
  if (leases == nullptr)
    {
      self->OnRefused (error);
      return;
    }
  if (leases->len != self->n_wanted_)
    self->run_->world.Fail ("process %u asked for %u leases and got %u", self->GetNumber (), self->n_wanted_,
                            leases->len);
  for (guint i = 0; i < leases->len; i++)
    self->leases_.push_back (
        std::make_unique<LeaseWatch> (&self->run_->world, self->process_, CURATOR_LEASE (leases->pdata[i])));
  self->rounds_left_--;
  self->run_->OnGrant (*self);
  self->Rest (Phase::kHolding);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  for (const auto &lease : leases_)
    if (!connected && curator_lease_is_valid (lease->GetLease ()))
      run_->world.Fail ("process %u says that a lease is valid while not connected", GetNumber ());
}

/* --- the run --- */

SemaphoreRun::SemaphoreRun (Choices *choices, bool keeps_text, bool is_counted)
    : Scenario (choices, keeps_text, kLeases, true), is_counted_ (is_counted)
{
  for (const auto &process : processes_)
    AddUser (process.get ());
}

/* Those who ask as well as those who have. */
std::vector<std::string>
SemaphoreRun::GetNodes ()
{
  std::vector<std::string> nodes = Scenario::GetNodes ();

  for (const std::string &name : ensemble_.GetLatest ().GetChildren (kLocks))
    nodes.push_back (std::string (kLocks) + "/" + name);
  return nodes;
}

void
SemaphoreRun::OnGrant (const User &user)
{
  n_grants_++;
  for (const auto &watch : user.GetLeases ())
    {
      CuratorLease *lease = watch->GetLease ();

      world.trace.Mix (curator_lease_get_fencing_token (lease));
      world.trace.Write (world.NowUs (), "process %u: granted %s", user.GetNumber (),
                         curator_lease_get_path (lease));
      if (IsKnownDeleted (user.GetProcess (), curator_lease_get_path (lease)))
        world.Fail ("process %u was granted a node of whose end it had heard", user.GetNumber ());
    }
}

unsigned
SemaphoreRun::CountValid (const User &user)
{
  unsigned n = 0;

  for (const auto &watch : user.GetLeases ())
    {
      CuratorLease *lease = watch->GetLease ();

      if (!curator_lease_is_valid (lease) || IsExcused (user.GetProcess (), lease))
        continue;
      n++;
      if (!ensemble_.IsAlive (curator_lease_get_session_id (lease)))
        world.Fail ("process %u holds without a session", user.GetNumber ());
      if (WasDeleted (curator_lease_get_path (lease)))
        world.Fail ("process %u holds without a node", user.GetNumber ());
    }
  return n;
}

void
SemaphoreRun::Check ()
{
  unsigned n = 0;

  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      user->Check ();
      n += CountValid (*user);
    }
  if (n > wanted_limit_)
    world.Fail ("%u leases are held of %u", n, wanted_limit_);
}

bool
SemaphoreRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
SemaphoreRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

guint
SemaphoreRun::ReadLimit () const
{
  const Node *node = ensemble_.GetLatest ().Find (kLimit);
  int32_t limit = 0;

  if (node != nullptr && node->data.bytes.size () == sizeof limit)
    memcpy (&limit, node->data.bytes.data (), sizeof limit);
  return static_cast<guint> (GINT32_FROM_BE (limit));
}

std::string
SemaphoreRun::FindFlaw ()
{
  for (const std::string &node : GetNodes ())
    return "a node is left: " + node;
  for (const auto &user : users_)
    if (!user->Knows (ReadLimit ()))
      return "process " + std::to_string (user->GetNumber ()) + " does not know the limit";
  return "";
}

void
SemaphoreRun::CheckRest ()
{
  std::string flaw = FindFlaw ();

  if (!flaw.empty ())
    world.Fail ("%s", flaw.c_str ());
}

} // namespace

Outcome
RunSemaphore (Choices *choices, bool keeps_text)
{
  return SemaphoreRun (choices, keeps_text, false).Go ();
}

Outcome
RunLimit (Choices *choices, bool keeps_text)
{
  return SemaphoreRun (choices, keeps_text, true).Go ();
}

} // namespace sim
