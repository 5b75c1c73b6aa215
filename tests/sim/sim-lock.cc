/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes compete for a mutex.
 *
 * At any time: two leases that both say that they are valid do not exist, and the session of a valid lease
 * lives; except where somebody ended the session or deleted the node behind the holder's back. In the order
 * of the grants the fencing tokens grow, which is FIFO as well. Each call is answered once, with nothing but
 * the errors that the faults explain.
 *
 * At the end, when all faults are over: everybody has had what he wanted within a bound, no node is left, and
 * no session or watch after the clients were closed.
 *
 * faults(simulate lock): 1, 2, 4, 5, 6, 7, 9, 10, 11, 13, 19, 29
 * bugs(simulate lock): CURATOR-79, CURATOR-205, CURATOR-211, CURATOR-307, CURATOR-525, CURATOR-561,
 * CURATOR-678, kazoo-170, kazoo-264, kazoo-732 */

namespace sim
{

namespace
{

constexpr const char *kLock = "/locks/l";
constexpr int kSessionMs = Scenario::kSessionMs;

class LockRun;

/* One who acquires, holds and releases, some times over. */
class User : public Process::Program
{
public:
  User (LockRun *run, Process *process, unsigned n_rounds);
  ~User () override;

  int64_t GetNextActUs () override;
  void Act () override;
  void OnState (CuratorConnectionState state) override;

  bool IsDone () const
  {
    return process_->IsKilled () || process_->IsClosed () || (phase_ == Phase::kIdle && rounds_left_ == 0);
  }

  CuratorLease *GetLease () const
  {
    return lease_ != nullptr ? lease_->GetLease () : nullptr;
  }

  /* After each step. */
  void Check ()
  {
    wait_.Check ();
    if (lease_ != nullptr)
      lease_->Check ();
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
    static const char *const names[] = { "idle", "acquiring", "holding", "releasing" };

    return names[static_cast<size_t> (phase_)];
  }

private:
  enum class Phase
  {
    kIdle,
    kAcquiring,
    kHolding,
    kReleasing,
  };

  void Acquire ();
  void Release ();
  void DropLease ();
  void Rest (Phase phase);
  void OnRefused (const GError *error);
  static void OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnReleased (GObject *source, GAsyncResult *result, gpointer user_data);

  LockRun *run_;
  Process *process_;
  CuratorMutex *mutex_;
  std::unique_ptr<LeaseWatch> lease_;
  Wait wait_;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  bool might_fail_ = true;
  int64_t act_us_ = 0; /* -1: not by itself */
};

class LockRun : public Scenario
{
public:
  LockRun (Choices *choices, bool keeps_text);

  void OnGrant (User *user);
  void OnLoss ()
  {
    n_losses_++;
  }

protected:
  void Check () override;
  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool IsAtRest () override
  {
    return GetNodes ().empty ();
  }
  void CheckRest () override;
  void AddRound () override
  {
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
  std::vector<std::unique_ptr<User> > users_;
  guint64 last_token_ = 0;
};

/* --- a user --- */

User::User (LockRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), mutex_ (curator_mutex_new (process->GetClient (), kLock)),
      wait_ (&run->world, process), rounds_left_ (n_rounds)
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  DropLease ();
  g_clear_object (&cancellable_);
  g_object_unref (mutex_);
}

int64_t
User::GetNextActUs ()
{
  return IsDone () ? -1 : act_us_;
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
      Acquire ();
      break;
    case Phase::kAcquiring:
      wait_.Cancel ();
      g_cancellable_cancel (cancellable_);
      break;
    case Phase::kHolding:
      Release ();
      break;
    case Phase::kReleasing:
    default:
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
  if (stormy && run_->world.choices.Chance (150))
    Rest (Phase::kAcquiring);
  phase_ = Phase::kAcquiring;
  might_fail_ = run_->MayFail ();
  run_->world.trace.Write (run_->world.NowUs (), "process %u: acquire, time-out %" G_GINT64_FORMAT " ms",
                           GetNumber (), timeout_ms);
  wait_.Begin (timeout_ms);
  curator_mutex_acquire_async (mutex_, timeout_ms, cancellable_, OnAcquired, this);
}

void
User::DropLease ()
{
  if (lease_ != nullptr && lease_->IsLost ())
    run_->OnLoss ();
  lease_.reset ();
}

/* Either explicitly, or by dropping the lease, after which nobody calls back. */
void
User::Release ()
{
  phase_ = Phase::kReleasing;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: release", GetNumber ());
  if (run_->world.choices.Chance (200))
    {
      DropLease ();
      Rest (Phase::kIdle);
      return;
    }
  curator_lease_release_async (lease_->GetLease (), nullptr, OnReleased, this);
}

void
User::OnRefused (const GError *error)
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not acquired: %s", GetNumber (),
                           error->message);
  if (!process_->IsClosing () && !Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u could not acquire: %s", GetNumber (), error->message);
}

void
User::OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  if (self->phase_ != Phase::kAcquiring)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  g_autoptr (CuratorLease) lease = curator_mutex_acquire_finish (CURATOR_MUTEX (source), result, &error);
  self->wait_.End (error);
  if (lease == nullptr)
    {
      self->OnRefused (error);
      if (self->rounds_left_ > 1 || !self->run_->IsStormy ())
        self->rounds_left_--;
      self->Rest (Phase::kIdle);
      return;
    }
  self->lease_ = std::make_unique<LeaseWatch> (&self->run_->world, self->process_, lease);
  self->rounds_left_--;
  self->run_->OnGrant (self);
  self->Rest (Phase::kHolding);
}

void
User::OnReleased (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  if (self->phase_ != Phase::kReleasing)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  if (!curator_lease_release_finish (CURATOR_LEASE (source), result, &error))
    self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: not released: %s",
                                   self->GetNumber (), error->message);
  self->DropLease ();
  self->Rest (Phase::kIdle);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  if (!connected && lease_ != nullptr && curator_lease_is_valid (lease_->GetLease ()))
    run_->world.Fail ("process %u says that its lease is valid while not connected", GetNumber ());
}

/* --- the run --- */

LockRun::LockRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kLock, true)
{
  for (const auto &process : processes_)
    AddUser (process.get ());
}

void
LockRun::OnGrant (User *user)
{
  guint64 token = curator_lease_get_fencing_token (user->GetLease ());

  n_grants_++;
  world.trace.Mix (token);
  world.trace.Write (world.NowUs (), "process %u: granted %s, token %" G_GUINT64_FORMAT, user->GetNumber (),
                     curator_lease_get_path (user->GetLease ()), token);
  if (IsKnownDeleted (user->GetProcess (), curator_lease_get_path (user->GetLease ())))
    world.Fail ("process %u was granted a node of whose end it had heard", user->GetNumber ());
  /* What was on its way when the session was ended, or the node deleted, may still grant. */
  if (IsExcused (user->GetProcess (), user->GetLease ()))
    return;
  if (token <= last_token_)
    world.Fail ("process %u was granted token %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT,
                user->GetNumber (), token, last_token_);
  last_token_ = token;
}

void
LockRun::Check ()
{
  User *holder = nullptr;

  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      CuratorLease *lease = user->GetLease ();

      user->Check ();
      if (lease == nullptr || !curator_lease_is_valid (lease) || IsExcused (user->GetProcess (), lease))
        continue;
      if (!ensemble_.IsAlive (curator_lease_get_session_id (lease)))
        world.Fail ("process %u holds without a session", user->GetNumber ());
      if (WasDeleted (curator_lease_get_path (lease)))
        world.Fail ("process %u holds without a node", user->GetNumber ());
      if (holder != nullptr)
        world.Fail ("processes %u and %u both hold", holder->GetNumber (), user->GetNumber ());
      holder = user.get ();
    }
}

bool
LockRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
LockRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

void
LockRun::CheckRest ()
{
  for (const std::string &node : GetNodes ())
    world.Fail ("a node is left: %s", node.c_str ());
}

} // namespace

Outcome
RunLock (Choices *choices, bool keeps_text)
{
  return LockRun (choices, keeps_text).Go ();
}

} // namespace sim
