/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <map>
#include <memory>

#include "sim-run.h"

/* Processes compete for a mutex.
 *
 * At any time: two leases that both say that they are valid do not exist, and the session of a valid lease lives;
 * except where somebody ended the session or deleted the node behind the holder's back. In the order of the grants the
 * fencing tokens grow, which is FIFO as well. Each call is answered once, with nothing but the errors that the faults
 * explain.
 * At the end, when all faults are over: everybody has had what he wanted within a bound, no node is left, and no
 * session or watch after the clients were closed. */

namespace sim
{

namespace
{

constexpr const char *kLock = "/locks/l";
constexpr int kSessionMs = 6000;
constexpr int64_t kSecond = 1000000;
/* The faults go on that long at most; then everybody gets what he wants within the second. */
constexpr int64_t kStormUs = 60 * kSecond;
constexpr int64_t kCalmUs = 120 * kSecond;
/* A valid lease has been in contact for less than its session lasts; then its process has heard. */
constexpr int64_t kNoticedUs = 2 * kSessionMs * 1000;
/* More steps than that are a livelock. */
constexpr uint64_t kMaxSteps = 200000;

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
    return phase_ == Phase::kIdle && rounds_left_ == 0;
  }

  CuratorLease *GetLease () const
  {
    return lease_;
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
  void Rest (Phase phase);
  void OnRefused (const GError *error);
  static void OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnReleased (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnLost (CuratorLease *lease, User *self);

  LockRun *run_;
  Process *process_;
  CuratorMutex *mutex_;
  CuratorLease *lease_ = nullptr;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  bool began_in_storm_ = true;
  int64_t act_us_ = 0; /* -1: not by itself */
};

class LockRun : public Faults::Prey
{
public:
  LockRun (Choices *choices, bool keeps_text);

  Outcome Go ();

  void OnGrant (User *user);
  void OnLoss ()
  {
    n_losses_++;
  }

  /* Expected only while there are faults. */
  bool IsStormy () const
  {
    return stormy_;
  }

  World world;

  std::vector<std::string> GetNodes () override;
  void OnDeleted (const std::string &path) override;
  void OnExpired (int64_t session_id) override;

private:
  void Storm ();
  void Calm ();
  void CloseAll ();
  void CheckLeases ();
  void CheckRest ();
  bool AreAllDone () const;
  bool IsExcused (CuratorLease *lease) const;
  std::string DescribeUsers () const;

  Plan plan_;
  Ensemble ensemble_;
  Network network_;
  Faults faults_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::unique_ptr<User>> users_;
  /* Behind the holders' backs. */
  std::map<std::string, int64_t> deleted_;
  std::map<int64_t, int64_t> expired_;
  guint64 last_token_ = 0;
  unsigned n_grants_ = 0;
  unsigned n_losses_ = 0;
  bool stormy_ = true;
};

/* --- a user --- */

User::User (LockRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), mutex_ (curator_mutex_new (process->GetClient (), kLock)),
      rounds_left_ (n_rounds)
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  g_clear_object (&lease_);
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
  switch (phase_)
    {
    case Phase::kIdle:
      Acquire ();
      break;
    case Phase::kAcquiring:
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
  began_in_storm_ = stormy;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: acquire, time-out %" G_GINT64_FORMAT " ms",
                           GetNumber (), timeout_ms);
  curator_mutex_acquire_async (mutex_, timeout_ms, cancellable_, OnAcquired, this);
}

/* Either explicitly, or by dropping the lease, after which nobody calls back. */
void
User::Release ()
{
  phase_ = Phase::kReleasing;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: release", GetNumber ());
  if (run_->world.choices.Chance (200))
    {
      g_clear_object (&lease_);
      Rest (Phase::kIdle);
      return;
    }
  curator_lease_release_async (lease_, nullptr, OnReleased, this);
}

void
User::OnRefused (const GError *error)
{
  static const int codes[] = { CURATOR_ERROR_CONNECTION_LOSS, CURATOR_ERROR_SESSION_EXPIRED,
                               CURATOR_ERROR_OPERATION_TIMEOUT };
  bool explained = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
                   g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  for (int code : codes)
    explained = explained || (began_in_storm_ && g_error_matches (error, CURATOR_ERROR, code));
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not acquired: %s", GetNumber (), error->message);
  if (!explained)
    run_->world.Fail ("process %u could not acquire: %s", GetNumber (), error->message);
}

void
User::OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  if (self->phase_ != Phase::kAcquiring)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  self->lease_ = curator_mutex_acquire_finish (CURATOR_MUTEX (source), result, &error);
  if (self->lease_ == nullptr)
    {
      self->OnRefused (error);
      if (self->rounds_left_ > 1 || !self->run_->IsStormy ())
        self->rounds_left_--;
      self->Rest (Phase::kIdle);
      return;
    }
  g_signal_connect (self->lease_, "lost", G_CALLBACK (OnLost), self);
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
    self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: not released: %s", self->GetNumber (),
                                   error->message);
  g_clear_object (&self->lease_);
  self->Rest (Phase::kIdle);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected = state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  if (!connected && lease_ != nullptr && curator_lease_is_valid (lease_))
    run_->world.Fail ("process %u says that its lease is valid while not connected", GetNumber ());
}

void
User::OnLost (CuratorLease *lease, User *self)
{
  self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: lost", self->GetNumber ());
  if (curator_lease_is_valid (lease))
    self->run_->world.Fail ("process %u lost a lease that says that it is valid", self->GetNumber ());
  self->run_->OnLoss ();
}

/* --- the run --- */

LockRun::LockRun (Choices *choices, bool keeps_text)
    : world (choices, keeps_text), plan_ (DrawPlan (&world)), ensemble_ (&world, { plan_.n_members }),
      network_ (&world, &ensemble_),
      faults_ (&world, &network_, &ensemble_, plan_.n_members, kSessionMs * 1000, this)
{
  ProcessOptions options;

  options.connect_string = Network::GetConnectString (plan_.n_members);
  options.session_timeout_ms = kSessionMs;
  for (Fault fault : plan_.faults)
    if (fault < Fault::kStopMember || plan_.n_members > 1)
      faults_.Allow (fault);
  for (unsigned i = 0; i < plan_.n_processes; i++)
    {
      processes_.push_back (std::make_unique<Process> (&world, &network_, i + 1, options));
      users_.push_back (std::make_unique<User> (this, processes_.back ().get (), plan_.n_rounds));
      faults_.AddProcess (processes_.back ().get ());
    }
}

std::vector<std::string>
LockRun::GetNodes ()
{
  std::vector<std::string> nodes;

  for (const std::string &name : ensemble_.GetLatest ().GetChildren (kLock))
    nodes.push_back (std::string (kLock) + "/" + name);
  return nodes;
}

void
LockRun::OnDeleted (const std::string &path)
{
  deleted_.emplace (path, world.NowUs ());
}

void
LockRun::OnExpired (int64_t session_id)
{
  expired_.emplace (session_id, world.NowUs ());
}

/* Not for longer than it takes to hear of it. */
bool
LockRun::IsExcused (CuratorLease *lease) const
{
  auto deleted = deleted_.find (curator_lease_get_path (lease));
  auto expired = expired_.find (curator_lease_get_session_id (lease));
  int64_t since_us = world.NowUs () - kNoticedUs;

  return (deleted != deleted_.end () && deleted->second > since_us) ||
         (expired != expired_.end () && expired->second > since_us);
}

void
LockRun::OnGrant (User *user)
{
  guint64 token = curator_lease_get_fencing_token (user->GetLease ());

  n_grants_++;
  world.trace.Mix (token);
  world.trace.Write (world.NowUs (), "process %u: granted %s, token %" G_GUINT64_FORMAT, user->GetNumber (),
                     curator_lease_get_path (user->GetLease ()), token);
  /* What was on its way when the session was ended, or the node deleted, may still grant. */
  if (IsExcused (user->GetLease ()))
    return;
  if (token <= last_token_)
    world.Fail ("process %u was granted token %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, user->GetNumber (),
                token, last_token_);
  last_token_ = token;
}

void
LockRun::CheckLeases ()
{
  User *holder = nullptr;

  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      CuratorLease *lease = user->GetLease ();

      if (lease == nullptr || !curator_lease_is_valid (lease) || IsExcused (lease))
        continue;
      if (!ensemble_.IsAlive (curator_lease_get_session_id (lease)))
        world.Fail ("process %u holds without a session", user->GetNumber ());
      if (deleted_.count (curator_lease_get_path (lease)) != 0)
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
LockRun::Storm ()
{
  int64_t end_us = world.NowUs () + kStormUs;

  while (world.GetFailure ().empty () && !AreAllDone () && world.GetStepCount () < kMaxSteps)
    {
      faults_.MayStrike (plan_.fault_per_mille);
      if (!world.Advance (end_us))
        break;
      CheckLeases ();
    }
}

void
LockRun::Calm ()
{
  int64_t end_us = world.NowUs () + kCalmUs;

  stormy_ = false;
  world.trace.Write (world.NowUs (), "no more faults");
  faults_.Heal ();
  while (world.GetFailure ().empty () && !AreAllDone () && world.GetStepCount () < kMaxSteps)
    {
      if (!world.Advance (end_us))
        break;
      CheckLeases ();
    }
  if (!AreAllDone ())
    world.Fail ("no end of it:%s", DescribeUsers ().c_str ());
}

/* Background deletes have had time to end. */
void
LockRun::CheckRest ()
{
  int64_t end_us = world.NowUs () + kCalmUs;

  while (world.GetFailure ().empty () && !GetNodes ().empty () && world.Advance (end_us))
    continue;
  for (const std::string &node : GetNodes ())
    world.Fail ("a node is left: %s", node.c_str ());
}

void
LockRun::CloseAll ()
{
  int64_t end_us = world.NowUs () + kCalmUs;
  auto all_closed = [this] {
    return std::all_of (processes_.begin (), processes_.end (), [] (const auto &p) { return p->IsClosed (); });
  };

  for (const auto &process : processes_)
    process->Close ();
  while (!all_closed () && world.Advance (end_us))
    continue;
  if (!all_closed ())
    world.Fail ("a client does not close");
  while (world.GetFailure ().empty () && !ensemble_.GetSessions ().empty () && world.Advance (end_us))
    continue;
  if (!ensemble_.GetSessions ().empty ())
    world.Fail ("a session is left");
  if (ensemble_.CountWatches () != 0)
    world.Fail ("a watch is left");
}

Outcome
LockRun::Go ()
{
  Outcome outcome;

  if (world.trace.KeepsText ())
    world.trace.Write (world.NowUs (), "%s", Describe (plan_).c_str ());
  Storm ();
  if (world.GetFailure ().empty ())
    Calm ();
  if (world.GetFailure ().empty ())
    CheckRest ();
  faults_.Heal ();
  CloseAll ();
  users_.clear ();
  processes_.clear ();
  outcome.failure = world.GetFailure ();
  outcome.text = world.trace.GetText ();
  outcome.hash = world.trace.GetHash ();
  outcome.n_steps = world.GetStepCount ();
  outcome.n_grants = n_grants_;
  outcome.n_losses = n_losses_;
  outcome.faults = faults_.GetCounts ();
  outcome.plan = Describe (plan_);
  return outcome;
}

} // namespace

Outcome
RunLock (Choices *choices, bool keeps_text)
{
  LockRun run (choices, keeps_text);

  return run.Go ();
}

} // namespace sim
