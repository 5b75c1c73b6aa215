/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Either one process sets and removes a barrier at which the others wait, or all enter and leave a double
 * barrier.
 *
 * Nobody passes a barrier that was set from the beginning of his wait to its end. Nobody is let into a double
 * barrier unless as many as it wants were there at one time since he wanted to enter, or it was open already;
 * nobody is let out while somebody else is inside who has not begun to leave, unless that one has lost his
 * node, or came when it was open already. Each call is answered once, with nothing but the errors that the faults explain.
 *
 * At the end, when all faults are over, everybody passes the barrier; or all enter and leave the double
 * barrier together some times more, without a time-out and each as soon as he can. No node is left then, and
 * no session or watch after the clients were closed.
 *
 * faults(simulate barrier): 5, 6, 7, 9, 10, 11, 19, 29
 * bugs(simulate barrier): CURATOR-536 */

namespace sim
{

namespace
{

constexpr const char *kParent = "/b";
constexpr const char *kGate = "/b/gate";
constexpr const char *kReady = "/b/ready";
constexpr unsigned kLastRounds = 3;

class BarrierRun;

class User : public Process::Program
{
public:
  User (BarrierRun *run, Process *process, unsigned n_rounds)
      : run_ (run), process_ (process), wait_ (GetWorld (run), process), rounds_left_ (n_rounds)
  {
    process->SetProgram (this);
  }

  ~User () override
  {
    process_->SetProgram (nullptr);
    g_clear_object (&cancellable_);
  }

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

  void OnState (CuratorConnectionState) override
  {
  }

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

  /* After each step. */
  void Check ()
  {
    wait_.Check ();
  }

  virtual bool IsDone () const = 0;
  virtual const char *GetPhase () const = 0;
  /* After each step. */
  virtual void Look () = 0;

protected:
  static World *GetWorld (BarrierRun *run);
  void Rest ();
  /* The time-out of a call that has as long as @longest_ms at most, which may be cancelled. */
  gint64 BeginCall (gint64 longest_ms = -1);
  void Cancel ()
  {
    wait_.Cancel ();
    g_cancellable_cancel (cancellable_);
  }
  bool IsAnswerFine (const char *what, bool ok, const GError *error);

  BarrierRun *run_;
  Process *process_;
  GCancellable *cancellable_ = nullptr;
  Wait wait_;
  unsigned rounds_left_;
  bool might_fail_ = true;
  bool cancels_ = false;
  int64_t act_us_ = 0;
};

class BarrierRun : public Scenario
{
public:
  BarrierRun (Choices *choices, bool keeps_text);

  bool Has (const char *path)
  {
    return ensemble_.GetLatest ().Find (path) != nullptr;
  }

  /* Of the double barrier. */
  size_t CountMembers ();
  bool IsAllThere ()
  {
    return CountMembers () >= users_.size ();
  }

  /* It was opened before the process had a node, if it has one. */
  bool IsOpenFor (const Process &process);
  /* Of the process' session; null where there is none. */
  const Node *FindNodeOf (const Process &process);

  /* All are through with what they did while there were faults. */
  bool IsLastRound ();
  void CheckLeft (const User *user);
  void OnPassed ()
  {
    n_grants_++;
  }

  void OnDeleted (const std::string &path) override
  {
    was_ready_deleted_ = was_ready_deleted_ || path == kReady;
    Scenario::OnDeleted (path);
  }

protected:
  void Check () override;
  bool AreAllDone () const override
  {
    return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
  }

  std::string DescribeUsers () const override;
  bool IsAtRest () override
  {
    return GetNodes ().empty ();
  }

  void CheckRest () override
  {
    for (const std::string &node : GetNodes ())
      world.Fail ("a node is left: %s", node.c_str ());
  }

  void DropUsers () override
  {
    users_.clear ();
  }

private:
  bool is_double_;
  bool is_last_round_ = false;
  bool was_ready_deleted_ = false;
  std::vector<std::unique_ptr<User> > users_;
};

/* --- what all do --- */

World *
User::GetWorld (BarrierRun *run)
{
  return &run->world;
}

void
User::Rest ()
{
  const int64_t rests_us[] = {
    0, 300, 5000, 400000, Scenario::kSessionMs * 500, Scenario::kSessionMs * 1500
  };

  act_us_ = run_->world.NowUs () +
            rests_us[run_->world.choices.Below (run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2)];
}

gint64
User::BeginCall (gint64 longest_ms)
{
  const gint64 timeouts_ms[] = { -1, 0, 1, 700, Scenario::kSessionMs * 2 };

  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  might_fail_ = run_->MayFail ();
  act_us_ = -1;
  cancels_ = run_->IsStormy () && run_->world.choices.Chance (150);
  if (cancels_)
    Rest ();
  gint64 timeout_ms =
      run_->IsStormy () ? timeouts_ms[run_->world.choices.Below (G_N_ELEMENTS (timeouts_ms))] : -1;
  if (timeout_ms < 0)
    timeout_ms = longest_ms;
  wait_.Begin (timeout_ms);
  return timeout_ms;
}

bool
User::IsAnswerFine (const char *what, bool ok, const GError *error)
{
  wait_.End (error);
  if (ok)
    return true;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not %s: %s", GetNumber (), what,
                           error->message);
  if (!Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u: not %s: %s", GetNumber (), what, error->message);
  return false;
}

/* --- the barrier --- */

/* Sets it and removes it; at the end it is removed. */
class Setter : public User
{
public:
  Setter (BarrierRun *run, Process *process, unsigned n_rounds)
      : User (run, process, n_rounds), barrier_ (curator_barrier_new (process->GetClient (), kGate))
  {
  }

  ~Setter () override
  {
    g_object_unref (barrier_);
  }

  bool IsDone () const override
  {
    return rounds_left_ == 0 && !is_set_ && !is_busy_;
  }

  const char *GetPhase () const override
  {
    return is_set_ ? "setting" : "removing";
  }

  void Look () override
  {
  }

  void Act () override
  {
    act_us_ = -1;
    if (is_busy_)
      return;
    might_fail_ = run_->MayFail ();
    wait_.Begin (-1);
    is_busy_ = true;
    is_set_ = !is_set_;
    run_->world.trace.Write (run_->world.NowUs (), "process %u: %s", GetNumber (), GetPhase ());
    if (is_set_)
      curator_barrier_set_barrier_async (barrier_, nullptr, OnSet, this);
    else
      curator_barrier_remove_barrier_async (barrier_, nullptr, OnRemoved, this);
  }

private:
  /* What failed is done again. */
  void OnAnswer (bool ok, const GError *error)
  {
    is_busy_ = false;
    if (!IsAnswerFine (GetPhase (), ok, error))
      is_set_ = !is_set_;
    else if (!is_set_)
      rounds_left_--;
    Rest ();
  }

  static void OnSet (GObject *source, GAsyncResult *result, gpointer user_data)
  {
    g_autoptr (GError) error = nullptr;
    bool ok = curator_barrier_set_barrier_finish (CURATOR_BARRIER (source), result, &error);

    static_cast<Setter *> (user_data)->OnAnswer (ok, error);
  }

  static void OnRemoved (GObject *source, GAsyncResult *result, gpointer user_data)
  {
    g_autoptr (GError) error = nullptr;
    bool ok = curator_barrier_remove_barrier_finish (CURATOR_BARRIER (source), result, &error);

    static_cast<Setter *> (user_data)->OnAnswer (ok, error);
  }

  CuratorBarrier *barrier_;
  bool is_set_ = false;
  bool is_busy_ = false;
};

class Waiter : public User
{
public:
  Waiter (BarrierRun *run, Process *process, unsigned n_rounds)
      : User (run, process, 2 * n_rounds), barrier_ (curator_barrier_new (process->GetClient (), kGate))
  {
  }

  ~Waiter () override
  {
    g_object_unref (barrier_);
  }

  bool IsDone () const override
  {
    return rounds_left_ == 0 && !is_waiting_;
  }

  const char *GetPhase () const override
  {
    return is_waiting_ ? "waiting" : "idle";
  }

  void Look () override
  {
    if (is_waiting_ && !run_->Has (kGate))
      was_open_ = true;
  }

  void Act () override
  {
    act_us_ = -1;
    if (is_waiting_)
      {
        Cancel ();
        return;
      }
    rounds_left_--;
    is_waiting_ = true;
    was_open_ = !run_->Has (kGate);
    run_->world.trace.Write (run_->world.NowUs (), "process %u: wait", GetNumber ());
    gint64 timeout_ms = BeginCall ();
    curator_barrier_wait_on_barrier_async (barrier_, timeout_ms, cancellable_, OnPassed, this);
  }

private:
  static void OnPassed (GObject *source, GAsyncResult *result, gpointer user_data)
  {
    auto *self = static_cast<Waiter *> (user_data);
    g_autoptr (GError) error = nullptr;
    bool ok = curator_barrier_wait_on_barrier_finish (CURATOR_BARRIER (source), result, &error);

    self->Look ();
    if (!self->is_waiting_)
      self->run_->world.Fail ("process %u was answered while idle", self->GetNumber ());
    self->is_waiting_ = false;
    if (self->IsAnswerFine ("passed", ok, error))
      {
        self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: passed", self->GetNumber ());
        self->run_->OnPassed ();
        if (!self->was_open_)
          self->run_->world.Fail ("process %u passed a barrier that was set all the time",
                                  self->GetNumber ());
      }
    self->Rest ();
  }

  CuratorBarrier *barrier_;
  bool is_waiting_ = false;
  bool was_open_ = false;
};

/* --- the double barrier --- */

class Member : public User
{
public:
  Member (BarrierRun *run, Process *process, unsigned n_rounds, unsigned n_members)
      : User (run, process, n_rounds),
        barrier_ (curator_double_barrier_new (process->GetClient (), kParent, n_members))
  {
  }

  ~Member () override
  {
    g_object_unref (barrier_);
  }

  bool IsDone () const override
  {
    return phase_ == Phase::kDone;
  }

  /* Nothing more to do while there are faults. */
  bool IsReady () const
  {
    return phase_ == Phase::kIdle && rounds_left_ == 0;
  }

  const char *GetPhase () const override
  {
    static const char *const names[] = { "idle", "entering", "inside", "leaving", "done" };

    return names[static_cast<size_t> (phase_)];
  }

  bool CameLate () const
  {
    return came_late_;
  }

  /* Has not begun to leave, and everybody can know it. */
  bool IsInside () const
  {
    return phase_ == Phase::kInside && !came_late_ && run_->FindNodeOf (*process_) != nullptr;
  }

  void Look () override
  {
    if (phase_ == Phase::kEntering && (run_->IsAllThere () || (!is_last_ && run_->IsOpenFor (*process_))))
      may_enter_ = true;
  }

  void Act () override
  {
    act_us_ = -1;
    switch (phase_)
      {
      case Phase::kIdle:
        Enter ();
        break;
      case Phase::kInside:
        Leave ();
        break;
      case Phase::kEntering:
      case Phase::kLeaving:
        Cancel ();
        break;
      case Phase::kDone:
      default:
        break;
      }
  }

private:
  enum class Phase
  {
    kIdle,
    kEntering,
    kInside,
    kLeaving,
    kDone,
  };

  void Enter ()
  {
    is_last_ = run_->IsLastRound ();
    /* In the calm the others may have had enough; the last rounds wait for all. */
    if (rounds_left_ == 0 && !is_last_)
      {
        act_us_ = run_->world.NowUs () + 100000;
        return;
      }
    if (!is_last_)
      rounds_left_--;
    phase_ = Phase::kEntering;
    may_enter_ = false;
    Look ();
    gint64 timeout_ms = BeginCall (is_last_ ? -1 : Scenario::kSessionMs * 3);
    run_->world.trace.Write (run_->world.NowUs (), "process %u: enter, time-out %" G_GINT64_FORMAT " ms",
                             GetNumber (), timeout_ms);
    curator_double_barrier_enter_async (barrier_, timeout_ms, cancellable_, OnEntered, this);
  }

  void Leave ()
  {
    phase_ = Phase::kLeaving;
    gint64 timeout_ms = BeginCall (is_last_ ? -1 : Scenario::kSessionMs * 3);
    run_->world.trace.Write (run_->world.NowUs (), "process %u: leave, time-out %" G_GINT64_FORMAT " ms",
                             GetNumber (), timeout_ms);
    curator_double_barrier_leave_async (barrier_, timeout_ms, cancellable_, OnLeft, this);
  }

  void OnAnswer (Phase phase)
  {
    if (phase_ != phase)
      run_->world.Fail ("process %u was answered while %s", GetNumber (), GetPhase ());
  }

  static void OnEntered (GObject *source, GAsyncResult *result, gpointer user_data)
  {
    auto *self = static_cast<Member *> (user_data);
    g_autoptr (GError) error = nullptr;
    bool ok = curator_double_barrier_enter_finish (CURATOR_DOUBLE_BARRIER (source), result, &error);

    self->Look ();
    self->OnAnswer (Phase::kEntering);
    self->phase_ = Phase::kIdle;
    if (self->IsAnswerFine ("in", ok, error))
      {
        self->phase_ = Phase::kInside;
        self->came_late_ = self->run_->IsOpenFor (*self->process_) || !self->run_->Has (kReady);
        self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: inside", self->GetNumber ());
        self->run_->OnPassed ();
        if (!self->may_enter_)
          self->run_->world.Fail ("process %u was let in before all were there", self->GetNumber ());
      }
    self->Rest ();
  }

  static void OnLeft (GObject *source, GAsyncResult *result, gpointer user_data)
  {
    auto *self = static_cast<Member *> (user_data);
    g_autoptr (GError) error = nullptr;
    bool ok = curator_double_barrier_leave_finish (CURATOR_DOUBLE_BARRIER (source), result, &error);

    self->OnAnswer (Phase::kLeaving);
    if (self->IsAnswerFine ("out", ok, error))
      {
        self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: out", self->GetNumber ());
        self->run_->CheckLeft (self);
      }
    if (self->is_last_)
      self->last_rounds_left_--;
    self->phase_ = self->last_rounds_left_ == 0 ? Phase::kDone : Phase::kIdle;
    self->Rest ();
  }

  CuratorDoubleBarrier *barrier_;
  Phase phase_ = Phase::kIdle;
  unsigned last_rounds_left_ = kLastRounds;
  bool is_last_ = false;
  bool may_enter_ = false;
  bool came_late_ = false;
};

/* --- the run --- */

BarrierRun::BarrierRun (Choices *choices, bool keeps_text)
    : Scenario (choices, keeps_text, kParent), is_double_ (choices->Chance (600))
{
  for (const auto &process : processes_)
    if (is_double_)
      users_.push_back (std::make_unique<Member> (this, process.get (), plan_.n_rounds, plan_.n_processes));
    else if (users_.empty ())
      users_.push_back (std::make_unique<Setter> (this, process.get (), plan_.n_rounds));
    else
      users_.push_back (std::make_unique<Waiter> (this, process.get (), plan_.n_rounds));
}

size_t
BarrierRun::CountMembers ()
{
  size_t n = 0;

  for (const std::string &node : GetNodes ())
    n += node != kReady ? 1 : 0;
  return n;
}

const Node *
BarrierRun::FindNodeOf (const Process &process)
{
  int64_t session_id = curator_framework_get_session_id (process.GetClient ());

  for (const std::string &path : GetNodes ())
    if (const Node *node = ensemble_.GetLatest ().Find (path); node->stat.owner == session_id)
      return node;
  return nullptr;
}

bool
BarrierRun::IsOpenFor (const Process &process)
{
  const Node *ready = ensemble_.GetLatest ().Find (kReady);
  const Node *own = FindNodeOf (process);

  return ready != nullptr && (own == nullptr || own->stat.czxid > ready->stat.czxid);
}

/* What those who lost their sessions left open is closed before it. */
bool
BarrierRun::IsLastRound ()
{
  if (!is_last_round_)
    {
      is_last_round_ = !MayFail () && GetNodes ().empty () &&
                       std::all_of (users_.begin (), users_.end (), [] (const auto &user) {
                         return static_cast<const Member *> (user.get ())->IsReady ();
                       });
      if (!MayFail () && CountMembers () == 0 && Has (kReady))
        ensemble_.OperatorDelete (kReady);
    }
  return is_last_round_;
}

/* Who came by a door that was still open as the last ones left need not have been seen by anybody, nor have seen
 * all that are there; and where somebody else takes the door away, nobody can know. */
void
BarrierRun::CheckLeft (const User *user)
{
  if (static_cast<const Member *> (user)->CameLate () || was_ready_deleted_)
    return;
  for (const auto &other : users_)
    if (other.get () != user && static_cast<const Member *> (other.get ())->IsInside ())
      world.Fail ("process %u was let out while %u was inside", user->GetNumber (), other->GetNumber ());
}

void
BarrierRun::Check ()
{
  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      user->Look ();
      user->Check ();
    }
}

std::string
BarrierRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

} // namespace

Outcome
RunBarrier (Choices *choices, bool keeps_text)
{
  return BarrierRun (choices, keeps_text).Go ();
}

} // namespace sim
