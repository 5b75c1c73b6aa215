/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes compete for a mutex, and whoever holds it keeps it until he is asked for it. They ask one another,
 * holding or waiting, and nobody twice: nobody gets on where that is missed.
 *
 * At any time: a lease is asked for once at most, only where somebody did ask, and not after it was given
 * back or lost. The fencing tokens grow. Each call is answered once, with nothing but the errors that the
 * faults explain.
 *
 * At the end, when all faults are over: everybody has held as often as he wanted within a bound, and nothing
 * is left.
 *
 * faults(simulate revocation): 4, 6, 7, 9, 10, 11, 13, 19 */

namespace sim
{

namespace
{

constexpr const char *kLock = "/locks/r";
constexpr const char *kRevoke = "__REVOKE__";
constexpr int kSessionMs = Scenario::kSessionMs;

class RevocationRun;

class User : public Process::Program
{
public:
  User (RevocationRun *run, Process *process, unsigned n_rounds);
  ~User () override;

  int64_t GetNextActUs () override;
  void Act () override;
  void OnState (CuratorConnectionState) override
  {
  }

  /* As far as holding is concerned. */
  bool IsThrough () const
  {
    return process_->IsKilled () || process_->IsClosed () || (phase_ == Phase::kIdle && rounds_left_ == 0);
  }

  bool IsDone () const
  {
    return IsThrough () && (!is_asking_ || process_->IsKilled ());
  }

  CuratorLease *GetLease () const
  {
    return lease_ != nullptr ? lease_->GetLease () : nullptr;
  }

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

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

  const char *GetPhase () const
  {
    static const char *const names[] = { "idle", "acquiring", "holding", "asked", "releasing" };

    return names[static_cast<size_t> (phase_)];
  }

private:
  enum class Phase
  {
    kIdle,
    kAcquiring,
    kHolding,
    kAsked,
    kReleasing,
  };

  void Go ();
  void Ask ();
  void Acquire ();
  void Release ();
  void DropLease ();
  void Rest (Phase phase);
  int64_t DrawMoment ();
  void OnRefused (const char *what, const GError *error, bool might_fail);
  static void OnAcquired (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnReleased (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnAnswered (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnAskedFor (CuratorLease *lease, User *self);

  RevocationRun *run_;
  Process *process_;
  CuratorMutex *mutex_;
  std::unique_ptr<LeaseWatch> lease_;
  Wait wait_;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  bool is_asking_ = false;
  bool might_fail_to_acquire_ = true, might_fail_to_ask_ = true;
  int64_t act_us_ = 0; /* -1: not by itself */
  int64_t ask_us_;
};

class RevocationRun : public Scenario
{
public:
  RevocationRun (Choices *choices, bool keeps_text);

  void OnGrant (User *user);
  void OnLoss ()
  {
    n_losses_++;
  }

  void OnAskedFor (User *user);
  /* Empty where all have been. */
  std::string ChooseWhomToAsk ();

  bool IsAnybodyWaiting () const
  {
    return std::any_of (users_.begin (), users_.end (), [] (const auto &user) { return !user->IsThrough (); });
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

User::User (RevocationRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), mutex_ (curator_mutex_new (process->GetClient (), kLock)),
      wait_ (&run->world, process), rounds_left_ (n_rounds), ask_us_ (DrawMoment ())
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  DropLease ();
  g_object_unref (mutex_);
}

int64_t
User::GetNextActUs ()
{
  if (process_->IsKilled () || process_->IsClosed ())
    return -1;
  if (is_asking_ || !run_->IsAnybodyWaiting ())
    return act_us_;
  return act_us_ < 0 ? ask_us_ : std::min (act_us_, ask_us_);
}

int64_t
User::DrawMoment ()
{
  const int64_t rests_us[] = { 400000, 5000, 0, 300, kSessionMs * 500, kSessionMs * 1500 };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  return run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

void
User::Rest (Phase phase)
{
  phase_ = phase;
  act_us_ = rounds_left_ > 0 || phase != Phase::kIdle ? DrawMoment () : -1;
}

void
User::Act ()
{
  int64_t now_us = run_->world.NowUs ();

  if (act_us_ >= 0 && act_us_ <= now_us)
    Go ();
  else
    Ask ();
}

void
User::Go ()
{
  act_us_ = -1;
  if (run_->IsStormy () && run_->world.choices.Chance (20))
    {
      run_->world.trace.Write (run_->world.NowUs (), "process %u: close", GetNumber ());
      process_->Close ();
    }
  else if (phase_ == Phase::kIdle)
    Acquire ();
  else if (phase_ == Phase::kAsked)
    Release ();
}

/* It may be himself. What is lost is not asked for any more. */
void
User::Ask ()
{
  if (phase_ == Phase::kHolding && curator_lease_get_state (GetLease ()) == CURATOR_LEASE_STATE_LOST)
    {
      DropLease ();
      Rest (Phase::kIdle);
    }
  ask_us_ = DrawMoment ();
  std::string path = run_->ChooseWhomToAsk ();
  if (path.empty ())
    return;
  is_asking_ = true;
  might_fail_to_ask_ = run_->MayFail ();
  curator_mutex_request_revocation_async (mutex_, path.c_str (), nullptr, OnAnswered, this);
}

void
User::OnAnswered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  self->is_asking_ = false;
  if (curator_mutex_request_revocation_finish (CURATOR_MUTEX (source), result, &error))
    self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: has asked", self->GetNumber ());
  else if (!g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    self->OnRefused ("ask", error, self->might_fail_to_ask_);
  self->ask_us_ = self->DrawMoment ();
}

void
User::Acquire ()
{
  phase_ = Phase::kAcquiring;
  might_fail_to_acquire_ = run_->MayFail ();
  run_->world.trace.Write (run_->world.NowUs (), "process %u: acquire", GetNumber ());
  wait_.Begin (-1);
  curator_mutex_acquire_async (mutex_, -1, nullptr, OnAcquired, this);
}

void
User::DropLease ()
{
  if (lease_ == nullptr)
    return;
  g_signal_handlers_disconnect_by_data (GetLease (), this);
  if (lease_->IsLost ())
    run_->OnLoss ();
  lease_.reset ();
}

void
User::Release ()
{
  phase_ = Phase::kReleasing;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: release", GetNumber ());
  curator_lease_release_async (GetLease (), nullptr, OnReleased, this);
}

void
User::OnRefused (const char *what, const GError *error, bool might_fail)
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: did not %s: %s", GetNumber (), what,
                           error->message);
  if (!process_->IsClosing () && !Scenario::IsExplained (error, might_fail))
    run_->world.Fail ("process %u could not %s: %s", GetNumber (), what, error->message);
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
  if (self->rounds_left_ > 1 || lease != nullptr || !self->run_->IsStormy ())
    self->rounds_left_--;
  if (lease == nullptr)
    {
      self->OnRefused ("acquire", error, self->might_fail_to_acquire_);
      self->Rest (Phase::kIdle);
      return;
    }
  self->phase_ = Phase::kHolding;
  self->lease_ = std::make_unique<LeaseWatch> (&self->run_->world, self->process_, lease);
  g_signal_connect (lease, "revocation-requested", G_CALLBACK (OnAskedFor), self);
  self->run_->OnGrant (self);
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
User::OnAskedFor (CuratorLease *lease, User *self)
{
  CuratorLeaseState state = curator_lease_get_state (lease);

  if (self->phase_ != Phase::kHolding)
    self->run_->world.Fail ("process %u was asked while %s", self->GetNumber (), self->GetPhase ());
  if (state == CURATOR_LEASE_STATE_LOST || state == CURATOR_LEASE_STATE_RELEASED)
    self->run_->world.Fail ("process %u was asked for what it does not have", self->GetNumber ());
  self->run_->OnAskedFor (self);
  self->Rest (Phase::kAsked);
}

/* --- the run --- */

RevocationRun::RevocationRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kLock, true)
{
  for (const auto &process : processes_)
    AddUser (process.get ());
}

void
RevocationRun::OnGrant (User *user)
{
  guint64 token = curator_lease_get_fencing_token (user->GetLease ());

  n_grants_++;
  world.trace.Mix (token);
  world.trace.Write (world.NowUs (), "process %u: granted %s, token %" G_GUINT64_FORMAT, user->GetNumber (),
                     curator_lease_get_path (user->GetLease ()), token);
  if (IsExcused (user->GetProcess (), user->GetLease ()))
    return;
  if (token <= last_token_)
    world.Fail ("process %u was granted token %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT,
                user->GetNumber (), token, last_token_);
  last_token_ = token;
}

/* The node may have gone, or been written to by somebody else since. */
void
RevocationRun::OnAskedFor (User *user)
{
  const Node *node = ensemble_.GetLatest ().Find (curator_lease_get_path (user->GetLease ()));

  world.trace.Write (world.NowUs (), "process %u: is asked", user->GetNumber ());
  if (node != nullptr && node->stat.version == 0)
    world.Fail ("process %u was asked by nobody", user->GetNumber ());
  if (node != nullptr && node->stat.version == 1 && node->data.bytes != kRevoke)
    world.Fail ("process %u was asked by other data", user->GetNumber ());
}

std::string
RevocationRun::ChooseWhomToAsk ()
{
  std::vector<std::string> paths;

  for (const std::string &path : GetNodes ())
    if (ensemble_.GetLatest ().Find (path)->data.bytes != kRevoke)
      paths.push_back (path);
  if (paths.empty ())
    return "";
  const std::string &path = paths[world.choices.Below (static_cast<uint32_t> (paths.size ()))];
  /* Somebody else's data may come right before. */
  if (IsStormy () && world.choices.Chance (300))
    ensemble_.OperatorSetData (path, "x");
  return path;
}

void
RevocationRun::Check ()
{
  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    user->Check ();
}

bool
RevocationRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
RevocationRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

void
RevocationRun::CheckRest ()
{
  for (const std::string &node : GetNodes ())
    world.Fail ("a node is left: %s", node.c_str ());
}

} // namespace

Outcome
RunRevocation (Choices *choices, bool keeps_text)
{
  return RevocationRun (choices, keeps_text).Go ();
}

} // namespace sim
