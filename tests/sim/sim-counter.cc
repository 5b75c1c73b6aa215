/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes count: each adds one to the same number, some times over, as an atomic number (some of them with
 * a mutex for when others are faster) or as a shared count that it follows.
 *
 * No two are told that they have made the same number of it. Who asks for the number gets none that is lower
 * than what anybody had been told before, and the numbers that a shared count tells of only grow. Each call
 * is answered once, with nothing but the errors that the faults explain; that the outcome is unknown is one
 * of those, and so is no error of what was begun when all faults were over.
 *
 * In some runs somebody deletes the number, or writes something else in its place. Then the numbers begin
 * anew, or there is none until it is deleted, and nothing but that is said of it.
 *
 * At the end the number is at least how often somebody was told that he had added one, and exceeds that by no
 * more than how often somebody was not told. Each shared count that is left knows the number, and has told of
 * it. No node of the mutex is left then, and no session or watch after the clients were closed.
 *
 * faults(simulate counter): 5, 6, 9, 10, 11, 15, 19, 29
 * bugs(simulate counter): CURATOR-311, CURATOR-331 */

namespace sim
{

namespace
{

constexpr const char *kNumber = "/number";
constexpr const char *kLock = "/lock";

class CounterRun;

class User : public Process::Program
{
public:
  User (CounterRun *run, Process *process, unsigned n_rounds);
  ~User () override;

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState state) override;

  bool IsGone () const
  {
    return process_->IsKilled () || process_->IsClosing ();
  }

  bool IsDone () const
  {
    return IsGone () || (!is_busy_ && rounds_left_ == 0);
  }

  /* Nobody will be told what became of it. */
  bool IsLeftOpen () const
  {
    return is_busy_ && adds_;
  }

  void AddRound (int64_t now_us)
  {
    rounds_left_ += 2;
    act_us_ = now_us;
  }

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

  std::string Describe () const
  {
    return std::to_string (GetNumber ()) + (is_busy_ ? " busy" : " idle");
  }

  /* What it knows by following, if it follows. */
  bool Follows () const
  {
    return !IsGone () && count_ != nullptr;
  }

  bool IsCurrent () const
  {
    return curator_shared_count_get_current (count_);
  }

  bool Knows (int32_t number) const
  {
    return IsCurrent () && curator_shared_count_get_count (count_) == number && followed_ == number;
  }

  /* After each step. */
  void Check ()
  {
    wait_.Check ();
  }

private:
  enum class Way
  {
    kIncrement,
    kCompareAndSet,
    kTryToSet,
    kGet,
    kCount,
  };

  void Rest ();
  void Begin (Way way);
  void OnAnswer (const GError *error);
  void OnRefused (const GError *error);
  void OnTried (bool succeeded, int64_t before, int64_t after);
  void Finish (GAsyncResult *result,
               CuratorAtomicResult *(*finish) (CuratorAtomicNumber *, GAsyncResult *, GError **) );
  static void OnIncremented (GObject *, GAsyncResult *result, gpointer user_data);
  static void OnCompared (GObject *, GAsyncResult *result, gpointer user_data);
  static void OnSet (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnGot (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnChanged (CuratorSharedCount *count, CuratorVersionedValue *value, gpointer user_data);

  CounterRun *run_;
  Process *process_;
  CuratorAtomicNumber *number_;
  CuratorSharedCount *count_ = nullptr;
  GCancellable *cancellable_ = nullptr;
  Wait wait_;
  unsigned rounds_left_;
  bool is_busy_ = false;
  bool adds_ = false;
  bool might_fail_ = true;
  unsigned n_connections_ = 0;
  int64_t told_ = 0;   /* to anybody, when the call began */
  int64_t seen_ = 0;   /* here, last */
  int64_t wanted_ = 0; /* what it is to become */
  int64_t followed_ = -1;
  int64_t act_us_ = 0;
};

class CounterRun : public Scenario
{
public:
  CounterRun (Choices *choices, bool keeps_text);

  int64_t GetTold () const
  {
    return told_.empty () ? 0 : *told_.rbegin ();
  }

  /* Somebody deleted the number or wrote something else. */
  bool WasMeddledWith () const
  {
    return was_meddled_with_;
  }

  void OnAdded (const User &user, int64_t number)
  {
    n_grants_++;
    if (!told_.insert (number).second && !was_meddled_with_)
      world.Fail ("process %u has made %" G_GINT64_FORMAT " of it as well", user.GetNumber (), number);
  }

  void OnUnknown ()
  {
    n_losses_++;
  }

  std::vector<std::string> GetNodes () override;
  void OnDeleted (const std::string &path) override;

protected:
  void Check () override
  {
    for (const auto &process : processes_)
      process->CheckInTime ();
    for (const auto &user : users_)
      user->Check ();
    was_meddled_with_ = was_meddled_with_ || !ReadNumber ();
  }

  bool AreAllDone () const override
  {
    return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
  }

  std::string DescribeUsers () const override
  {
    std::string text;

    for (const auto &user : users_)
      text += " " + user->Describe ();
    return text;
  }

  bool WatchesAtRest () const override
  {
    return true;
  }

  bool IsAtRest () override
  {
    return FindFlaw ().empty ();
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
    process->Do ([&] { users_.push_back (std::make_unique<User> (this, process, plan_.n_rounds)); });
  }

private:
  std::string FindFlaw ();
  /* 0 where there is none; nothing where it is no number. */
  std::optional<int32_t> ReadNumber ();

  bool has_meddler_;
  bool was_meddled_with_ = false;
  std::vector<std::unique_ptr<User> > users_;
  std::set<int64_t> told_; /* what somebody was told that he has made of it */
};

/* --- a user --- */

User::User (CounterRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), wait_ (&run->world, process), rounds_left_ (3 * n_rounds)
{
  Choices *choices = &run->world.choices;
  g_autoptr (CuratorRetryPolicy) policy =
      curator_retry_n_times_new (static_cast<int> (choices->Below (3)), 1);
  g_autoptr (GError) error = nullptr;

  if (choices->Chance (400))
    number_ = curator_atomic_int_new_promoted (process->GetClient (), kNumber, policy, kLock,
                                               choices->Chance (300) ? 700 : -1, policy);
  else
    number_ =
        curator_atomic_int_new (process->GetClient (), kNumber, choices->Chance (500) ? policy : nullptr);
  if (choices->Chance (600))
    {
      count_ = curator_shared_count_new (process->GetClient (), kNumber, 0);
      g_signal_connect (count_, "changed", G_CALLBACK (OnChanged), this);
      if (!curator_shared_count_start (count_, &error))
        run_->world.Fail ("process %u could not start: %s", GetNumber (), error->message);
    }
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  if (count_ != nullptr)
    g_signal_handlers_disconnect_by_data (count_, this);
  g_clear_object (&count_);
  g_clear_object (&cancellable_);
  g_object_unref (number_);
}

void
User::Rest ()
{
  const int64_t rests_us[] = { 0, 300, 5000, 400000, Scenario::kSessionMs * 500 };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  act_us_ = run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

void
User::Act ()
{
  act_us_ = -1;
  if (run_->IsStormy () && run_->world.choices.Chance (15))
    {
      run_->world.trace.Write (run_->world.NowUs (), "process %u: close", GetNumber ());
      process_->Close ();
      return;
    }
  if (is_busy_)
    {
      wait_.Cancel ();
      g_cancellable_cancel (cancellable_);
      return;
    }
  Begin (static_cast<Way> (run_->world.choices.Below (static_cast<uint32_t> (Way::kCount))));
}

void
User::Begin (Way way)
{
  static const char *const names[] = { "increment", "compare and set", "try to set", "get" };
  g_autoptr (CuratorVersionedValue) value =
      count_ != nullptr ? curator_shared_count_dup_versioned_value (count_) : nullptr;

  if (way == Way::kTryToSet && value == nullptr)
    way = Way::kIncrement;
  rounds_left_--;
  is_busy_ = true;
  adds_ = way != Way::kGet;
  might_fail_ = run_->MayFail ();
  n_connections_ = process_->GetConnectionCount ();
  told_ = run_->GetTold ();
  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  if (run_->IsStormy () && run_->world.choices.Chance (100))
    Rest ();
  wait_.Begin (-1);
  wanted_ = (way == Way::kTryToSet ? curator_versioned_value_get_count (value) : seen_) + 1;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: %s, %" G_GINT64_FORMAT, GetNumber (),
                           names[static_cast<size_t> (way)], wanted_);
  if (way == Way::kIncrement)
    curator_atomic_number_increment_async (number_, cancellable_, OnIncremented, this);
  else if (way == Way::kCompareAndSet)
    curator_atomic_number_compare_and_set_async (number_, seen_, wanted_, cancellable_, OnCompared, this);
  else if (way == Way::kGet)
    curator_atomic_number_get_async (number_, cancellable_, OnGot, this);
  else
    curator_shared_count_try_set_count_async (count_, value, static_cast<int32_t> (wanted_), cancellable_,
                                              OnSet, this);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;

  if (!connected && Follows () && IsCurrent ())
    run_->world.Fail ("process %u says that it knows the number while not connected", GetNumber ());
}

void
User::OnAnswer (const GError *error)
{
  if (!is_busy_)
    run_->world.Fail ("process %u was answered while idle", GetNumber ());
  wait_.End (error);
  is_busy_ = false;
  Rest ();
}

/* Nothing but these says that it may have been done nevertheless. */
void
User::OnRefused (const GError *error)
{
  bool is_unknown = g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_UNKNOWN_OUTCOME);
  bool is_closed = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  bool is_no_number = g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY);

  /* That a session has moved shows with the first write after that, however late. */
  might_fail_ = might_fail_ || n_connections_ != process_->GetConnectionCount ();
  run_->world.trace.Write (run_->world.NowUs (), "process %u: %s", GetNumber (), error->message);
  if (adds_ && (is_unknown || is_closed || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)))
    run_->OnUnknown ();
  if (!(is_closed && process_->IsClosing ()) && !(is_unknown && might_fail_) &&
      !(is_no_number && run_->WasMeddledWith ()) && !Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u: %s", GetNumber (), error->message);
}

void
User::OnTried (bool succeeded, int64_t before, int64_t after)
{
  run_->world.trace.Write (run_->world.NowUs (), "process %u: %s %" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT,
                           GetNumber (), succeeded ? "done," : "not done,", before, after);
  seen_ = after;
  if (!succeeded)
    return;
  if (after != before + 1 || (after <= told_ && !run_->WasMeddledWith ()))
    run_->world.Fail ("process %u added one to %" G_GINT64_FORMAT " after %" G_GINT64_FORMAT
                      " and made %" G_GINT64_FORMAT,
                      GetNumber (), before, told_, after);
  run_->OnAdded (*this, after);
}

void
User::Finish (GAsyncResult *result,
              CuratorAtomicResult *(*finish) (CuratorAtomicNumber *, GAsyncResult *, GError **) )
{
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorAtomicResult) outcome = finish (number_, result, &error);

  OnAnswer (error);
  if (outcome == nullptr)
    OnRefused (error);
  else
    OnTried (curator_atomic_result_get_succeeded (outcome), curator_atomic_result_get_pre_value (outcome),
             curator_atomic_result_get_post_value (outcome));
}

void
User::OnIncremented (GObject *, GAsyncResult *result, gpointer user_data)
{
  static_cast<User *> (user_data)->Finish (result, curator_atomic_number_increment_finish);
}

void
User::OnCompared (GObject *, GAsyncResult *result, gpointer user_data)
{
  static_cast<User *> (user_data)->Finish (result, curator_atomic_number_compare_and_set_finish);
}

void
User::OnSet (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;

  bool ok = curator_shared_count_try_set_count_finish (CURATOR_SHARED_COUNT (source), result, &error);

  self->OnAnswer (error);
  if (ok)
    self->OnTried (true, self->wanted_ - 1, self->wanted_);
  else if (!g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_BAD_VERSION))
    self->OnRefused (error);
}

void
User::OnGot (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorAtomicResult) outcome =
      curator_atomic_number_get_finish (CURATOR_ATOMIC_NUMBER (source), result, &error);

  self->OnAnswer (error);
  if (outcome == nullptr)
    {
      self->OnRefused (error);
      return;
    }
  self->seen_ = curator_atomic_result_get_post_value (outcome);
  self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: got %" G_GINT64_FORMAT,
                                 self->GetNumber (), self->seen_);
  if (self->seen_ < self->told_ && !self->run_->WasMeddledWith ())
    self->run_->world.Fail ("process %u got %" G_GINT64_FORMAT " after %" G_GINT64_FORMAT, self->GetNumber (),
                            self->seen_, self->told_);
}

void
User::OnChanged (CuratorSharedCount *, CuratorVersionedValue *value, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  int64_t number = curator_versioned_value_get_count (value);

  if (number <= self->followed_ && !self->run_->WasMeddledWith ())
    self->run_->world.Fail ("process %u saw %" G_GINT64_FORMAT " follow %" G_GINT64_FORMAT,
                            self->GetNumber (), number, self->followed_);
  self->followed_ = number;
}

/* --- the run --- */

CounterRun::CounterRun (Choices *choices, bool keeps_text)
    : Scenario (choices, keeps_text, kLock, true), has_meddler_ (choices->Chance (300))
{
  for (size_t i = 0, n = processes_.size (); i < n; i++)
    AddUser (processes_[i].get ());
}

std::vector<std::string>
CounterRun::GetNodes ()
{
  std::vector<std::string> nodes = Scenario::GetNodes ();

  if (has_meddler_ && IsStormy () && ensemble_.GetLatest ().Find (kNumber) != nullptr)
    nodes.push_back (kNumber);
  return nodes;
}

void
CounterRun::OnDeleted (const std::string &path)
{
  if (path == kNumber)
    was_meddled_with_ = true;
  else
    Scenario::OnDeleted (path);
}

std::optional<int32_t>
CounterRun::ReadNumber ()
{
  const Node *node = ensemble_.GetLatest ().Find (kNumber);
  int32_t number = 0;

  if (node == nullptr)
    return 0;
  if (node->data.bytes.size () != sizeof number)
    return std::nullopt;
  memcpy (&number, node->data.bytes.data (), sizeof number);
  return GINT32_FROM_BE (number);
}

std::string
CounterRun::FindFlaw ()
{
  std::optional<int32_t> number = ReadNumber ();
  bool is_there = number && ensemble_.GetLatest ().Find (kNumber) != nullptr;

  for (const std::string &node : GetNodes ())
    return "a node is left: " + node;
  for (const auto &user : users_)
    if (user->Follows () && (is_there ? !user->Knows (*number) : user->IsCurrent ()))
      return "process " + std::to_string (user->GetNumber ()) + " does not know the number";
  return "";
}

void
CounterRun::CheckRest ()
{
  std::string flaw = FindFlaw ();
  int64_t number = ReadNumber ().value_or (0);
  auto n_added = static_cast<int64_t> (told_.size ());
  int64_t n_open = n_losses_ + std::count_if (users_.begin (), users_.end (),
                                              [] (const auto &user) { return user->IsLeftOpen (); });

  if (!flaw.empty ())
    world.Fail ("%s", flaw.c_str ());
  if (!was_meddled_with_ && (number < n_added || number > n_added + n_open))
    world.Fail ("one was added %" G_GINT64_FORMAT " times, and perhaps %" G_GINT64_FORMAT
                " times more, and there is %" G_GINT64_FORMAT,
                n_added, n_open, number);
}

} // namespace

Outcome
RunCounter (Choices *choices, bool keeps_text)
{
  return CounterRun (choices, keeps_text).Go ();
}

} // namespace sim
