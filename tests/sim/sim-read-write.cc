/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-scenario.h"

/* Processes read and write under a lock, and some who write go on reading after it.
 *
 * At any time: where a process says that it may write, no other one says that it may read or write, and the
 * session of each that says so lives; except where somebody ended the session or deleted a node behind a
 * holder's back. In the order of the grants the fencing tokens of writers grow, and nobody is granted what a
 * writer that came later was granted before, nor a writer what a reader that came later was; only reads that
 * a write lease covers may come late. Each call is answered once, with nothing but the errors that the faults
 * explain.
 *
 * At the end, when all faults are over: everybody has had what he wanted within a bound, no node is left, and
 * no session or watch after the clients were closed.
 *
 * faults(simulate read-write): 1, 2, 4, 5, 6, 7, 9, 10, 11, 13, 19, 29
 * bugs(simulate read-write): CURATOR-621, kazoo-649 */

namespace sim
{

namespace
{

constexpr const char *kLock = "/locks/rw";
constexpr int kSessionMs = Scenario::kSessionMs;

class ReadWriteRun;

/* One who acquires, holds and releases, some times over. */
class User : public Process::Program
{
public:
  User (ReadWriteRun *run, Process *process, unsigned n_rounds);
  ~User () override;

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState state) override;

  bool IsDone () const
  {
    return process_->IsKilled () || (phase_ == Phase::kIdle && rounds_left_ == 0);
  }

  CuratorLease *GetRead () const
  {
    return read_;
  }

  CuratorLease *GetWrite () const
  {
    return write_;
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
    static const char *const names[] = { "idle", "acquiring", "covering", "holding" };

    return names[static_cast<size_t> (phase_)];
  }

private:
  enum class Phase
  {
    kIdle,
    kAcquiring,
    kCovering,
    kHolding,
  };

  void Acquire ();
  void Cover ();
  void Hold ();
  void Rest (Phase phase);
  void RestCancellably (Phase phase);
  bool IsAnswered (Phase phase, CuratorLease *lease, const GError *error);
  static void OnRead (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnWrite (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnCovered (GObject *source, GAsyncResult *result, gpointer user_data);
  void OnAcquired (CuratorLease **place, CuratorLease *lease, const GError *error);

  ReadWriteRun *run_;
  Process *process_;
  CuratorReadWriteLock *lock_;
  CuratorLease *read_ = nullptr;
  CuratorLease *write_ = nullptr;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  bool might_fail_ = true;
  int64_t act_us_ = 0; /* -1: not by itself */
};

class ReadWriteRun : public Scenario
{
public:
  ReadWriteRun (Choices *choices, bool keeps_text);

  void OnGrant (const User &user, CuratorLease *lease, bool covered);
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
  bool IsThere (CuratorLease *lease) const;
  bool Counts (const User &user, CuratorLease *lease);

  std::vector<std::unique_ptr<User> > users_;
  guint64 last_write_ = 0;
  guint64 last_read_ = 0;
};

/* --- a user --- */

User::User (ReadWriteRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), lock_ (curator_read_write_lock_new (process->GetClient (), kLock)),
      rounds_left_ (n_rounds)
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  g_clear_object (&read_);
  g_clear_object (&write_);
  g_clear_object (&cancellable_);
  g_object_unref (lock_);
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

/* For an answer, or until one does not want it any more. */
void
User::RestCancellably (Phase phase)
{
  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  if (run_->IsStormy () && run_->world.choices.Chance (150))
    Rest (phase);
  phase_ = phase;
  might_fail_ = run_->MayFail ();
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
    case Phase::kCovering:
      g_cancellable_cancel (cancellable_);
      break;
    case Phase::kHolding:
    default:
      Hold ();
      break;
    }
}

void
User::Acquire ()
{
  const gint64 timeouts_ms[] = { -1, 0, 1, 700, kSessionMs * 2 };
  bool stormy = run_->IsStormy ();
  gint64 timeout_ms = stormy ? timeouts_ms[run_->world.choices.Below (G_N_ELEMENTS (timeouts_ms))] : -1;
  bool writes = run_->world.choices.Chance (500);

  RestCancellably (Phase::kAcquiring);
  run_->world.trace.Write (run_->world.NowUs (), "process %u: acquire %s, time-out %" G_GINT64_FORMAT " ms",
                           GetNumber (), writes ? "write" : "read", timeout_ms);
  if (writes)
    curator_read_write_lock_acquire_write_async (lock_, timeout_ms, cancellable_, OnWrite, this);
  else
    curator_read_write_lock_acquire_read_async (lock_, timeout_ms, cancellable_, OnRead, this);
}

void
User::Cover ()
{
  RestCancellably (Phase::kCovering);
  run_->world.trace.Write (run_->world.NowUs (), "process %u: read what it writes", GetNumber ());
  curator_read_write_lock_acquire_covered_read_async (lock_, write_, -1, cancellable_, OnCovered, this);
}

/* Who has both gives back one, then the other; the write lease first is what a downgrade is. */
void
User::Hold ()
{
  CuratorLease **given_back = &write_;

  if (write_ != nullptr && read_ == nullptr && run_->world.choices.Chance (500))
    {
      Cover ();
      return;
    }
  if (write_ == nullptr || (read_ != nullptr && run_->world.choices.Chance (200)))
    given_back = &read_;
  if (*given_back != nullptr)
    run_->world.trace.Write (run_->world.NowUs (), "process %u: release %s", GetNumber (),
                             curator_lease_get_path (*given_back));
  if (*given_back != nullptr && curator_lease_get_state (*given_back) == CURATOR_LEASE_STATE_LOST)
    run_->OnLoss ();
  g_clear_object (given_back);
  Rest (read_ != nullptr || write_ != nullptr ? Phase::kHolding : Phase::kIdle);
}

bool
User::IsAnswered (Phase phase, CuratorLease *lease, const GError *error)
{
  bool is_uncovered = phase == Phase::kCovering &&
                      g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE) &&
                      (might_fail_ || !curator_lease_is_valid (write_));

  if (phase_ != phase)
    run_->world.Fail ("process %u was answered while %s", GetNumber (), GetPhase ());
  if (lease != nullptr)
    return true;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not acquired: %s", GetNumber (),
                           error->message);
  if (!process_->IsClosing () && !is_uncovered && !Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u could not acquire: %s", GetNumber (), error->message);
  return false;
}

void
User::OnAcquired (CuratorLease **place, CuratorLease *lease, const GError *error)
{
  if (!IsAnswered (Phase::kAcquiring, lease, error))
    {
      if (rounds_left_ > 1 || !run_->IsStormy ())
        rounds_left_--;
      Rest (Phase::kIdle);
      return;
    }
  *place = lease;
  rounds_left_--;
  run_->OnGrant (*this, lease, false);
  Rest (Phase::kHolding);
}

void
User::OnRead (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  CuratorLease *lease =
      curator_read_write_lock_acquire_read_finish (CURATOR_READ_WRITE_LOCK (source), result, &error);

  self->OnAcquired (&self->read_, lease, error);
}

void
User::OnWrite (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  CuratorLease *lease =
      curator_read_write_lock_acquire_write_finish (CURATOR_READ_WRITE_LOCK (source), result, &error);

  self->OnAcquired (&self->write_, lease, error);
}

void
User::OnCovered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  CuratorLease *lease =
      curator_read_write_lock_acquire_covered_read_finish (CURATOR_READ_WRITE_LOCK (source), result, &error);

  if (self->IsAnswered (Phase::kCovering, lease, error))
    {
      self->read_ = lease;
      self->run_->OnGrant (*self, lease, true);
    }
  self->Rest (Phase::kHolding);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  for (CuratorLease *lease : { read_, write_ })
    if (!connected && lease != nullptr && curator_lease_is_valid (lease))
      run_->world.Fail ("process %u says that its lease is valid while not connected", GetNumber ());
}

/* --- the run --- */

ReadWriteRun::ReadWriteRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kLock, true)
{
  for (const auto &process : processes_)
    AddUser (process.get ());
}

/* A covered read has no number of its own: where its node was deleted before the answer, it is made again
 * under the same name. */
bool
ReadWriteRun::IsThere (CuratorLease *lease) const
{
  const Node *node = ensemble_.GetLatest ().Find (curator_lease_get_path (lease));

  return node != nullptr &&
         static_cast<guint64> (node->stat.czxid) == curator_lease_get_fencing_token (lease);
}

void
ReadWriteRun::OnGrant (const User &user, CuratorLease *lease, bool covered)
{
  guint64 token = curator_lease_get_fencing_token (lease);
  bool is_write = lease == user.GetWrite ();

  n_grants_++;
  world.tally.NoteHolder (user.GetNumber ());
  world.trace.Mix (token);
  world.trace.Write (world.NowUs (), "process %u: granted %s, token %" G_GUINT64_FORMAT, user.GetNumber (),
                     curator_lease_get_path (lease), token);
  if (!IsThere (lease) && IsKnownDeleted (user.GetProcess (), curator_lease_get_path (lease)))
    world.Fail ("process %u was granted a node of whose end it had heard", user.GetNumber ());
  /* What was on its way when the session was ended, or the node deleted, may still grant. */
  if (covered || IsExcused (user.GetProcess (), lease))
    return;
  if (token <= last_write_ || (is_write && token <= last_read_))
    world.Fail ("process %u was granted token %" G_GUINT64_FORMAT " after later ones", user.GetNumber (),
                token);
  if (is_write)
    last_write_ = token;
  else
    last_read_ = std::max (last_read_, token);
}

bool
ReadWriteRun::Counts (const User &user, CuratorLease *lease)
{
  if (lease == nullptr || !curator_lease_is_valid (lease) || IsExcused (user.GetProcess (), lease))
    return false;
  if (!ensemble_.IsAlive (curator_lease_get_session_id (lease)))
    world.Fail ("process %u holds without a session", user.GetNumber ());
  if (WasDeleted (curator_lease_get_path (lease)) && !IsThere (lease))
    world.Fail ("process %u holds without a node", user.GetNumber ());
  return true;
}

void
ReadWriteRun::Check ()
{
  User *writer = nullptr, *holder = nullptr;
  unsigned n_holders = 0;

  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      bool writes = Counts (*user, user->GetWrite ());

      if (!Counts (*user, user->GetRead ()) && !writes)
        continue;
      n_holders++;
      if (writes)
        writer = user.get ();
      else
        holder = user.get ();
    }
  if (writer != nullptr && n_holders > 1)
    world.Fail ("process %u writes, and %s", writer->GetNumber (),
                holder != nullptr ? "another one reads" : "another one does");
}

bool
ReadWriteRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
ReadWriteRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

void
ReadWriteRun::CheckRest ()
{
  for (const std::string &node : GetNodes ())
    world.Fail ("a node is left: %s", node.c_str ());
}

} // namespace

Outcome
RunReadWrite (Choices *choices, bool keeps_text)
{
  return ReadWriteRun (choices, keeps_text).Go ();
}

} // namespace sim
