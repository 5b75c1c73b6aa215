/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes lead in turns, with selectors: by calls that wait for a turn, and by selectors that are started
 * and tell of theirs, of which some ask for each turn and others have one follow the other. Who leads does so
 * for a while, is asked to end it, or does not keep the lease at all; and closes and begins anew.
 *
 * At any time: two leases that both say that they are valid do not exist, and the session of a valid lease
 * lives; except where somebody ended the session or deleted the node behind the holder's back. A selector
 * that is started leads as long as the lease that it told of, and is told of no other one before that is
 * over. In the order of the grants the tokens grow. Each call is answered once, with nothing but the errors
 * that the faults explain.
 *
 * At the end, when all faults are over: everybody has had his turns within a bound, no node is left, and no
 * session or watch after the clients were closed.
 *
 * faults(simulate selector): 1, 2, 4, 5, 6, 7, 9, 10, 11, 13, 16, 19, 29, 30
 * bugs(simulate selector): CURATOR-15, CURATOR-54, CURATOR-518 */

namespace sim
{

namespace
{

constexpr const char *kRota = "/rota";
constexpr int kSessionMs = Scenario::kSessionMs;
/* Others may have their turns before. */
constexpr int64_t kSlackUs = 500000;

class SelectorRun;

class User : public Process::Program
{
public:
  User (SelectorRun *run, Process *process, unsigned n_rounds);
  ~User () override;

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

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
    static const char *const names[] = { "idle", "taking", "waiting", "leading", "closing" };

    return names[static_cast<size_t> (phase_)];
  }

  /* After each step. */
  void Check ();

private:
  enum class Phase
  {
    kIdle,
    kTaking,
    kWaiting,
    kLeading,
    kClosing,
  };

  void Take ();
  void Start ();
  void Relinquish ();
  void EndTurn ();
  void Close ();
  void Forget ();
  void DropLease ();
  void Lead (CuratorLease *lease);
  void Rest (Phase phase);
  bool IsStarted () const
  {
    return turns_left_ >= 0;
  }

  static void OnTaken (CuratorLeaderSelector *selector, CuratorLease *lease, User *self);
  static void OnError (CuratorLeaderSelector *selector, GError *error, User *self);
  static void OnAsked (CuratorLease *lease, User *self);
  static void OnAnswered (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnClosed (GObject *source, GAsyncResult *result, gpointer user_data);

  SelectorRun *run_;
  Process *process_;
  CuratorLeaderSelector *selector_ = nullptr;
  std::string id_;
  std::string node_; /* that it led with when it was closed */
  std::unique_ptr<LeaseWatch> lease_;
  Wait wait_;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  int turns_left_ = -1; /* of one that is started */
  bool might_fail_ = true;
  int64_t interrupted_us_ = -1; /* and not asked yet */
  int64_t act_us_ = 0;          /* -1: not by itself */
};

class SelectorRun : public Scenario
{
public:
  SelectorRun (Choices *choices, bool keeps_text);

  /* The node of who is called so, in the session that the process knows of; empty where there is none. */
  std::string FindNodeOf (const Process &process, const std::string &id)
  {
    int64_t session_id = curator_framework_get_session_id (process.GetClient ());

    for (const std::string &path : GetNodes ())
      {
        const Node *node = ensemble_.GetLatest ().Find (path);

        if (node->data.bytes == id && node->stat.owner == session_id)
          return path;
      }
    return "";
  }

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

User::User (SelectorRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), wait_ (&run->world, process), rounds_left_ (n_rounds)
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  Forget ();
  g_clear_object (&cancellable_);
}

void
User::DropLease ()
{
  interrupted_us_ = -1;
  if (lease_ == nullptr)
    return;
  g_signal_handlers_disconnect_by_data (lease_->GetLease (), this);
  if (lease_->IsLost ())
    run_->OnLoss ();
  lease_.reset ();
}

void
User::Forget ()
{
  DropLease ();
  if (selector_ != nullptr)
    g_signal_handlers_disconnect_by_data (selector_, this);
  g_clear_object (&selector_);
  turns_left_ = -1;
}

/* The next thing, after a moment or a while. */
void
User::Rest (Phase phase)
{
  const int64_t rests_us[] = { 0, 300, 5000, 400000, kSessionMs * 500, kSessionMs * 1500 };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  phase_ = phase;
  act_us_ = run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

void
User::Act ()
{
  act_us_ = -1;
  /* At any moment. */
  if (run_->IsStormy () && run_->world.choices.Chance (20))
    {
      run_->world.trace.Write (run_->world.NowUs (), "process %u: close the client", GetNumber ());
      process_->Close ();
      return;
    }
  switch (phase_)
    {
    case Phase::kIdle:
      rounds_left_--;
      id_ = std::to_string (GetNumber ()) + "." + std::to_string (rounds_left_);
      selector_ = curator_leader_selector_new (process_->GetClient (), kRota, id_.c_str ());
      if (run_->world.choices.Chance (300))
        Take ();
      else
        Start ();
      break;
    case Phase::kTaking:
      wait_.Cancel ();
      g_cancellable_cancel (cancellable_);
      break;
    case Phase::kWaiting:
      Close ();
      break;
    case Phase::kLeading:
      Relinquish ();
      break;
    case Phase::kClosing:
    default:
      break;
    }
}

void
User::Take ()
{
  const gint64 timeouts_ms[] = { -1, 0, 1, 700, kSessionMs * 2 };
  bool stormy = run_->IsStormy ();
  gint64 timeout_ms = stormy ? timeouts_ms[run_->world.choices.Below (G_N_ELEMENTS (timeouts_ms))] : -1;

  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  if (stormy && run_->world.choices.Chance (150))
    Rest (Phase::kTaking);
  phase_ = Phase::kTaking;
  might_fail_ = run_->MayFail ();
  run_->world.trace.Write (run_->world.NowUs (), "process %u: take, time-out %" G_GINT64_FORMAT " ms",
                           GetNumber (), timeout_ms);
  wait_.Begin (timeout_ms);
  curator_leader_selector_take_leadership_async (selector_, timeout_ms, cancellable_, OnAnswered, this);
}

/* Waits for a turn until there is one, or gives up. */
void
User::Start ()
{
  bool requeues = run_->world.choices.Chance (500);
  g_autoptr (GError) error = nullptr;

  turns_left_ = 1 + static_cast<int> (run_->world.choices.Below (3));
  run_->world.trace.Write (run_->world.NowUs (), "process %u: start, %d turns%s", GetNumber (), turns_left_,
                           requeues ? ", by themselves" : "");
  g_signal_connect (selector_, "leadership-taken", G_CALLBACK (OnTaken), this);
  g_signal_connect (selector_, "error", G_CALLBACK (OnError), this);
  curator_leader_selector_set_auto_requeue (selector_, requeues);
  if (!curator_leader_selector_start (selector_, &error))
    run_->world.Fail ("process %u could not start: %s", GetNumber (), error->message);
  if (run_->IsStormy () && run_->world.choices.Chance (150))
    Rest (Phase::kWaiting);
  phase_ = Phase::kWaiting;
}

/* By releasing or dropping the lease, or when asked for it, which may come too late. */
void
User::Relinquish ()
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: end the turn", GetNumber ());
  if (IsStarted () && run_->world.choices.Chance (300) &&
      curator_leader_selector_interrupt_leadership (selector_))
    {
      if (interrupted_us_ < 0)
        interrupted_us_ = run_->world.NowUs ();
      Rest (Phase::kLeading);
    }
  else
    EndTurn ();
}

void
User::OnAsked (CuratorLease *lease, User *self)
{
  if (self->GetLease () != lease || self->phase_ != Phase::kLeading)
    self->run_->world.Fail ("process %u is asked for what it has not", self->GetNumber ());
  else
    self->EndTurn ();
}

void
User::EndTurn ()
{
  bool requeues = IsStarted () && curator_leader_selector_get_auto_requeue (selector_);

  if (run_->world.choices.Chance (600))
    curator_lease_release_async (GetLease (), nullptr, nullptr, nullptr);
  DropLease ();
  if (!IsStarted ())
    {
      Forget ();
      Rest (Phase::kIdle);
    }
  else if (--turns_left_ <= 0)
    Close ();
  else
    {
      phase_ = Phase::kWaiting;
      if (!requeues && !curator_leader_selector_requeue (selector_) && !process_->IsClosing ())
        run_->world.Fail ("process %u cannot have another turn", GetNumber ());
    }
}

/* Either explicitly, or by dropping it. */
void
User::Close ()
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: close", GetNumber ());
  if (run_->world.choices.Chance (300))
    {
      Forget ();
      Rest (Phase::kIdle);
      return;
    }
  phase_ = Phase::kClosing;
  act_us_ = -1;
  node_ = lease_ != nullptr && !run_->MayFail () ? curator_lease_get_path (GetLease ()) : "";
  curator_leader_selector_close_async (selector_, nullptr, OnClosed, this);
}

void
User::Lead (CuratorLease *lease)
{
  DropLease ();
  lease_ = std::make_unique<LeaseWatch> (&run_->world, process_, lease);
  g_signal_connect (lease, "revocation-requested", G_CALLBACK (OnAsked), this);
  run_->OnGrant (this);
  Rest (Phase::kLeading);
}

/* While it still has one that is over, as the case may be. */
void
User::OnTaken (CuratorLeaderSelector *selector, CuratorLease *lease, User *self)
{
  CuratorLease *before = self->GetLease ();

  if (self->phase_ != Phase::kWaiting && self->phase_ != Phase::kLeading)
    self->run_->world.Fail ("process %u got a turn while %s", self->GetNumber (), self->GetPhase ());
  if (before != nullptr && curator_lease_get_state (before) != CURATOR_LEASE_STATE_LOST)
    self->run_->world.Fail ("process %u got a turn while it had one", self->GetNumber ());
  if (curator_lease_get_state (lease) != CURATOR_LEASE_STATE_HELD &&
      curator_lease_get_state (lease) != CURATOR_LEASE_STATE_SUSPECT)
    self->run_->world.Fail ("process %u got a turn that is over", self->GetNumber ());
  if (curator_lease_is_valid (lease) != curator_leader_selector_get_has_leadership (selector))
    self->run_->world.Fail ("process %u does not lead with what it got", self->GetNumber ());
  self->Lead (lease);
  if (self->run_->world.choices.Chance (150))
    self->EndTurn ();
}

/* No fault makes a server refuse anybody. */
void
User::OnError (CuratorLeaderSelector *, GError *error, User *self)
{
  self->run_->world.Fail ("process %u is not let in: %s", self->GetNumber (), error->message);
}

void
User::OnAnswered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorLease) lease =
      curator_leader_selector_take_leadership_finish (CURATOR_LEADER_SELECTOR (source), result, &error);

  if (self->phase_ != Phase::kTaking)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  self->wait_.End (error);
  if (lease != nullptr)
    {
      self->Lead (lease);
      return;
    }
  self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: not taken: %s", self->GetNumber (),
                                 error->message);
  if (!self->process_->IsClosing () && !Scenario::IsExplained (error, self->might_fail_))
    self->run_->world.Fail ("process %u could not take its turn: %s", self->GetNumber (), error->message);
  self->Forget ();
  self->Rest (Phase::kIdle);
}

void
User::OnClosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  if (self->phase_ != Phase::kClosing)
    self->run_->world.Fail ("process %u was answered while %s", self->GetNumber (), self->GetPhase ());
  if (!curator_leader_selector_close_finish (CURATOR_LEADER_SELECTOR (source), result, &error))
    self->run_->world.Fail ("process %u did not close: %s", self->GetNumber (), error->message);
  if (!self->node_.empty () && self->run_->FindNodeOf (*self->process_, self->id_) == self->node_)
    self->run_->world.Fail ("process %u has closed, and its node is there", self->GetNumber ());
  self->Forget ();
  self->Rest (Phase::kIdle);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  if (!connected && lease_ != nullptr && curator_lease_is_valid (GetLease ()))
    run_->world.Fail ("process %u says that its lease is valid while not connected", GetNumber ());
}

void
User::Check ()
{
  wait_.Check ();
  if (lease_ != nullptr)
    lease_->Check ();
  if (!IsStarted () || process_->IsKilled ())
    return;
  if (interrupted_us_ >= 0 && !process_->IsClosing () &&
      curator_lease_get_state (GetLease ()) == CURATOR_LEASE_STATE_HELD &&
      run_->world.NowUs () > std::max (interrupted_us_, process_->GetPausedUntilUs ()) + kSlackUs)
    run_->world.Fail ("process %u was interrupted, and not asked", GetNumber ());
  if (curator_leader_selector_get_has_leadership (selector_) !=
      (lease_ != nullptr && curator_lease_is_valid (GetLease ())))
    run_->world.Fail ("process %u does not know whether it leads", GetNumber ());
}

/* --- the run --- */

SelectorRun::SelectorRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kRota, true)
{
  for (const auto &process : processes_)
    AddUser (process.get ());
}

void
SelectorRun::OnGrant (User *user)
{
  guint64 token = curator_lease_get_fencing_token (user->GetLease ());

  n_grants_++;
  world.trace.Mix (token);
  world.trace.Write (world.NowUs (), "process %u: leads by %s, token %" G_GUINT64_FORMAT, user->GetNumber (),
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
SelectorRun::Check ()
{
  User *leader = nullptr;

  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      CuratorLease *lease = user->GetLease ();

      user->Check ();
      if (lease == nullptr || !curator_lease_is_valid (lease) || IsExcused (user->GetProcess (), lease))
        continue;
      if (!ensemble_.IsAlive (curator_lease_get_session_id (lease)))
        world.Fail ("process %u leads without a session", user->GetNumber ());
      if (WasDeleted (curator_lease_get_path (lease)))
        world.Fail ("process %u leads without a node", user->GetNumber ());
      if (leader != nullptr)
        world.Fail ("processes %u and %u both lead", leader->GetNumber (), user->GetNumber ());
      leader = user.get ();
    }
}

bool
SelectorRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
SelectorRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

void
SelectorRun::CheckRest ()
{
  for (const std::string &node : GetNodes ())
    world.Fail ("a node is left: %s", node.c_str ());
}

} // namespace

Outcome
RunSelector (Choices *choices, bool keeps_text)
{
  return SelectorRun (choices, keeps_text).Go ();
}

} // namespace sim
