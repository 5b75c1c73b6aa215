/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>
#include <memory>

#include "sim-lease.h"
#include "sim-scenario.h"

/* Processes take part in an election with latches. They wait to lead or not, write what only the leader may,
 * give their leadership away, ask who takes part, close and begin anew; some keep their last latch, others
 * close it as well. Some of the clients lead for as long as their sessions last, the others not while they
 * are suspended.
 *
 * At any time: two latches that both say that they lead do not exist, and the session and the node of one
 * that does are there; except where somebody ended the session or deleted the node behind its back. What
 * leaders write under their guard is written in the order of their tokens, without exception. Gains and
 * losses alternate and tell the same story as the latch; what was closed leads no more, and says so or not,
 * as it was told. In the order of the gains the tokens grow. Each call is answered once, with nothing but the
 * errors that the faults explain.
 *
 * At the end, when all faults are over: of the latches that were kept one leads, each of them has one node,
 * and nobody else has. No session or watch is left after the clients were closed.
 *
 * faults(simulate leader): 1, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 19, 29, 30
 * bugs(simulate leader): CURATOR-3, CURATOR-504, CURATOR-620, CURATOR-644, CURATOR-645 */

namespace sim
{

namespace
{

constexpr const char *kElection = "/e";
/* What the leader writes: its token. */
constexpr const char *kFence = "/fence";
constexpr int kSessionMs = Scenario::kSessionMs;
/* Longer than any fault holds anything up. */
constexpr int64_t kAnsweredUs = 20000000;

class LeaderRun;

class User : public Process::Program
{
public:
  User (LeaderRun *run, Process *process, unsigned n_rounds, bool stays, bool minds_suspicion);
  ~User () override;

  int64_t GetNextActUs () override
  {
    return IsDone () ? -1 : act_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState state) override;

  bool IsGone () const
  {
    return process_->IsKilled () || process_->IsClosed ();
  }

  bool IsDone () const
  {
    return IsGone () ||
           (rounds_left_ == 0 && acts_left_ == 0 && phase_ == (stays_ ? Phase::kKeeping : Phase::kIdle));
  }

  /* It is to have a node at the end. */
  bool TakesPart () const
  {
    return !IsGone () && latch_ != nullptr;
  }

  bool Leads () const
  {
    return latch_ != nullptr && curator_leader_latch_get_has_leadership (latch_);
  }

  /* As the signals say. */
  bool IsTold () const
  {
    return is_told_;
  }

  CuratorLeaderLatch *GetLatch () const
  {
    return latch_;
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
    static const char *const names[] = { "idle", "awaiting", "keeping", "writing", "asking", "closing" };

    return names[static_cast<size_t> (phase_)];
  }

  /* After each step. */
  void Check ();

private:
  enum class Phase
  {
    kIdle,
    kAwaiting,
    kKeeping,
    kWriting,
    kAsking,
    kClosing,
  };

  void Start ();
  void Await ();
  void UseLatch ();
  void Write (CuratorLease *lease);
  void Ask ();
  void Close ();
  void NoteNode ();
  void Forget ();
  void Rest (Phase phase);
  void Begin (Phase phase);
  void OnAnswer (Phase phase, bool ok, const GError *error);
  void OnWritten (const GError *error);
  void CheckStory ();
  static void OnGained (CuratorLeaderLatch *latch, User *self);
  static void OnLost (CuratorLeaderLatch *latch, User *self);
  static void OnError (CuratorLeaderLatch *latch, GError *error, User *self);
  static void OnAwaited (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnCommitted (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnAsked (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnClosed (GObject *source, GAsyncResult *result, gpointer user_data);

  LeaderRun *run_;
  Process *process_;
  CuratorLeaderLatch *latch_ = nullptr;
  std::string id_;
  std::unique_ptr<LeaseWatch> lease_;
  std::string written_with_; /* the node that guards what is being written */
  Wait wait_;
  GCancellable *cancellable_ = nullptr;
  Phase phase_ = Phase::kIdle;
  unsigned rounds_left_;
  unsigned acts_left_ = 0;
  bool stays_;
  bool minds_suspicion_;
  bool might_fail_ = true;
  bool is_told_ = false;
  bool was_told_ = false; /* since it began to wait */
  std::string node_; /* when the call began; empty where it is not known of any */
  bool is_muted_ = false;
  int64_t at_odds_since_us_ = -1;
  int64_t act_us_ = 0; /* -1: not by itself */
};

class LeaderRun : public Scenario
{
public:
  LeaderRun (Choices *choices, bool keeps_text);

  void OnGain (User *user);
  void OnLoss ()
  {
    n_losses_++;
  }

  bool HasNode (const std::string &path)
  {
    return ensemble_.GetLatest ().Find (path) != nullptr;
  }

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

  /* One that was there a second ago already. */
  std::string FindOldNodeOf (const Process &process, const std::string &id)
  {
    std::string path = FindNodeOf (process, id);
    const Node *node = ensemble_.GetLatest ().Find (path);

    return node != nullptr && node->stat.ctime_ms < world.NowUs () / 1000 - 1000 ? path : "";
  }

protected:
  void Check () override;
  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool WatchesAtRest () const override
  {
    return std::any_of (users_.begin (), users_.end (), [] (const auto &user) { return user->TakesPart (); });
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

  void AddUser (Process *process) override;

private:
  bool IsUnverified (CuratorLease *lease) const;
  void CheckLeader (const User &user, const User **leader);
  void CheckFence ();
  std::string FindFlaw ();

  std::vector<std::unique_ptr<User> > users_;
  guint64 last_token_ = 0;
  std::string last_path_;
  guint64 fence_ = 0;
};

/* --- a user --- */

User::User (LeaderRun *run, Process *process, unsigned n_rounds, bool stays, bool minds_suspicion)
    : run_ (run), process_ (process), wait_ (&run->world, process), rounds_left_ (n_rounds), stays_ (stays),
      minds_suspicion_ (minds_suspicion)
{
  process->SetProgram (this);
}

User::~User ()
{
  process_->SetProgram (nullptr);
  Forget ();
  g_clear_object (&cancellable_);
}

/* Drops the latch. */
void
User::Forget ()
{
  if (latch_ != nullptr)
    g_signal_handlers_disconnect_by_data (latch_, this);
  g_clear_object (&latch_);
  lease_.reset ();
  is_told_ = false;
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

/* Something that is answered. */
void
User::Begin (Phase phase)
{
  g_clear_object (&cancellable_);
  cancellable_ = g_cancellable_new ();
  might_fail_ = run_->MayFail ();
  phase_ = phase;
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
      Start ();
      break;
    case Phase::kAwaiting:
    case Phase::kAsking:
      wait_.Cancel ();
      g_cancellable_cancel (cancellable_);
      break;
    case Phase::kKeeping:
      if (acts_left_ > 0)
        UseLatch ();
      else if (rounds_left_ > 0 || !stays_)
        Close ();
      break;
    case Phase::kWriting:
    case Phase::kClosing:
    default:
      break;
    }
}

void
User::Start ()
{
  g_autoptr (GError) error = nullptr;

  rounds_left_--;
  acts_left_ = run_->world.choices.Below (4);
  run_->world.trace.Write (run_->world.NowUs (), "process %u: start", GetNumber ());
  id_ = std::to_string (GetNumber ()) + "." + std::to_string (rounds_left_);
  latch_ = curator_leader_latch_new (process_->GetClient (), kElection, id_.c_str ());
  is_muted_ = false;
  at_odds_since_us_ = -1;
  g_signal_connect (latch_, "gained", G_CALLBACK (OnGained), this);
  g_signal_connect (latch_, "lost", G_CALLBACK (OnLost), this);
  g_signal_connect (latch_, "error", G_CALLBACK (OnError), this);
  if (!curator_leader_latch_start (latch_, &error))
    run_->world.Fail ("process %u could not start: %s", GetNumber (), error->message);
  if (run_->world.choices.Chance (500))
    Await ();
  else
    Rest (Phase::kKeeping);
}

/* Who waits for ever gives up some day: somebody else may stay. */
void
User::Await ()
{
  const gint64 timeouts_ms[] = { 700, 0, 1, kSessionMs * 2, -1 };
  bool stormy = run_->IsStormy ();
  gint64 timeout_ms = timeouts_ms[run_->world.choices.Below (stormy ? G_N_ELEMENTS (timeouts_ms) : 2)];

  if (timeout_ms < 0 || (stormy && run_->world.choices.Chance (150)))
    Rest (Phase::kAwaiting);
  Begin (Phase::kAwaiting);
  was_told_ = is_told_;
  wait_.Begin (timeout_ms);
  curator_leader_latch_await_leadership_async (latch_, timeout_ms, cancellable_, OnAwaited, this);
}

/* Whoever leads writes or gives the leadership away; whoever does not asks who does. */
void
User::UseLatch ()
{
  g_autoptr (CuratorLease) lease = curator_leader_latch_dup_lease (latch_);

  acts_left_--;
  if (lease == nullptr)
    Ask ();
  else if (run_->world.choices.Chance (250))
    {
      run_->world.trace.Write (run_->world.NowUs (), "process %u: give the leadership away", GetNumber ());
      curator_lease_release_async (lease, nullptr, nullptr, nullptr);
      if (Leads ())
        run_->world.Fail ("process %u leads with what it gave back", GetNumber ());
      Rest (Phase::kKeeping);
    }
  else
    Write (lease);
}

void
User::Write (CuratorLease *lease)
{
  std::string token = std::to_string (curator_lease_get_fencing_token (lease));
  g_autoptr (CuratorTransaction) transaction = curator_framework_transaction (process_->GetClient ());
  g_autoptr (GBytes) data = g_bytes_new (token.data (), token.size ());

  Begin (Phase::kWriting);
  written_with_ = curator_lease_get_path (lease);
  curator_lease_guard (lease, transaction);
  curator_transaction_set_data (transaction, kFence, data, -1);
  curator_transaction_commit_async (transaction, nullptr, OnCommitted, this);
}

void
User::Ask ()
{
  if (run_->IsStormy () && run_->world.choices.Chance (150))
    Rest (Phase::kAsking);
  Begin (Phase::kAsking);
  NoteNode ();
  curator_leader_latch_get_participants_async (latch_, cancellable_, OnAsked, this);
}

/* What was there for so long that it must know of it. */
void
User::NoteNode ()
{
  node_ = might_fail_ ? "" : run_->FindOldNodeOf (*process_, id_);
}

/* Either explicitly, or by dropping it. */
void
User::Close ()
{
  CuratorLeaderLatchCloseMode mode = CURATOR_LEADER_LATCH_CLOSE_MODE_NOTIFY_LEADER;

  run_->world.trace.Write (run_->world.NowUs (), "process %u: close", GetNumber ());
  if (run_->world.choices.Chance (200))
    {
      Forget ();
      Rest (Phase::kIdle);
      return;
    }
  if (run_->world.choices.Chance (300))
    mode = CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT;
  Begin (Phase::kClosing);
  NoteNode ();
  is_muted_ = mode == CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT;
  curator_leader_latch_close_async (latch_, mode, nullptr, OnClosed, this);
  if (Leads ())
    run_->world.Fail ("process %u leads although closed", GetNumber ());
}

/* --- what it is told --- */

void
User::OnGained (CuratorLeaderLatch *latch, User *self)
{
  g_autoptr (CuratorLease) lease = curator_leader_latch_dup_lease (latch);

  if (self->is_told_ || self->is_muted_ || self->phase_ == Phase::kClosing)
    self->run_->world.Fail ("process %u gained what it had, or did not want", self->GetNumber ());
  self->is_told_ = self->was_told_ = true;
  if (lease == nullptr)
    {
      self->run_->world.Fail ("process %u gained without a lease", self->GetNumber ());
      return;
    }
  if (self->lease_ == nullptr || self->lease_->GetLease () != lease)
    self->lease_ = std::make_unique<LeaseWatch> (&self->run_->world, self->process_, lease);
  self->run_->OnGain (self);
}

void
User::OnLost (CuratorLeaderLatch *, User *self)
{
  self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: lost", self->GetNumber ());
  if (!self->is_told_ || self->is_muted_)
    self->run_->world.Fail ("process %u lost what it did not have, or was not to hear of",
                            self->GetNumber ());
  self->is_told_ = false;
  self->run_->OnLoss ();
}

/* No fault makes a server refuse anybody. */
void
User::OnError (CuratorLeaderLatch *, GError *error, User *self)
{
  self->run_->world.Fail ("process %u is not let in: %s", self->GetNumber (), error->message);
}

void
User::OnAnswer (Phase phase, bool ok, const GError *error)
{
  if (phase_ != phase)
    run_->world.Fail ("process %u was answered while %s", GetNumber (), GetPhase ());
  Rest (Phase::kKeeping);
  if (ok)
    return;
  run_->world.trace.Write (run_->world.NowUs (), "process %u: not done: %s", GetNumber (), error->message);
  if (!process_->IsClosing () && !Scenario::IsExplained (error, might_fail_))
    run_->world.Fail ("process %u: not done: %s", GetNumber (), error->message);
}

void
User::OnAwaited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  bool ok = curator_leader_latch_await_leadership_finish (CURATOR_LEADER_LATCH (source), result, &error);

  self->wait_.End (error);
  if (ok && !self->was_told_ && !self->might_fail_)
    self->run_->world.Fail ("process %u does not lead, and its wait for that is over", self->GetNumber ());
  self->OnAnswer (Phase::kAwaiting, ok, error);
}

/* Numbers are not used again: what is there now was there all the time. */
void
User::OnCommitted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (GPtrArray) results =
      curator_transaction_commit_finish (CURATOR_TRANSACTION (source), result, &error);
  bool is_fenced = g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE);

  if (is_fenced && self->run_->HasNode (self->written_with_))
    self->run_->world.Fail ("process %u: the leader may not write", self->GetNumber ());
  self->OnAnswer (Phase::kWriting, results != nullptr || is_fenced, error);
}

void
User::OnAsked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (GPtrArray) all =
      curator_leader_latch_get_participants_finish (CURATOR_LEADER_LATCH (source), result, &error);

  bool is_among = false;

  for (guint i = 0; all != nullptr && i < all->len; i++)
    {
      auto *participant = static_cast<CuratorParticipant *> (all->pdata[i]);

      is_among = is_among || self->id_ == curator_participant_get_id (participant);
      if ((i == 0) != curator_participant_is_leader (participant))
        self->run_->world.Fail ("process %u: number %u of those who take part leads, or not",
                                self->GetNumber (), i);
    }
  if (all != nullptr && !is_among && !self->node_.empty () && self->run_->HasNode (self->node_))
    self->run_->world.Fail ("process %u takes part, and is not among those who do", self->GetNumber ());
  self->OnAnswer (Phase::kAsking, all != nullptr, error);
}

void
User::OnClosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<User *> (user_data);
  g_autoptr (GError) error = nullptr;
  bool ok = curator_leader_latch_close_finish (CURATOR_LEADER_LATCH (source), result, &error);

  self->OnAnswer (Phase::kClosing, ok, error);
  if (ok && !self->node_.empty () && self->run_->FindNodeOf (*self->process_, self->id_) == self->node_)
    self->run_->world.Fail ("process %u has closed, and its node is there", self->GetNumber ());
  if (self->is_told_ && !self->is_muted_)
    self->run_->world.Fail ("process %u was not told of the end", self->GetNumber ());
  self->Forget ();
  self->Rest (Phase::kIdle);
}

void
User::OnState (CuratorConnectionState state)
{
  bool connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;
  bool may_lead = connected || (state == CURATOR_CONNECTION_STATE_SUSPENDED && !minds_suspicion_);

  if (!may_lead && Leads ())
    run_->world.Fail ("process %u says that it leads while it cannot know", GetNumber ());
}

/* Signals come with the turn in which the leadership changes. It may end before, with time alone. */
void
User::CheckStory ()
{
  bool leads = Leads ();
  bool is_closed = curator_leader_latch_get_state (latch_) == CURATOR_LEADER_LATCH_STATE_CLOSED;
  bool is_suspended = minds_suspicion_ && !curator_framework_is_connected (process_->GetClient ());

  if (leads && !is_told_)
    run_->world.Fail ("process %u leads and was not told so", GetNumber ());
  if (is_told_ && !is_muted_ && (is_closed || is_suspended))
    run_->world.Fail ("process %u was not told that it does not lead", GetNumber ());
  if (is_closed && leads)
    run_->world.Fail ("process %u is closed and leads", GetNumber ());
  if (process_->IsClosed () && !is_closed)
    run_->world.Fail ("process %u is closed, and its latch takes part", GetNumber ());
  if (leads == is_told_ || is_muted_)
    at_odds_since_us_ = -1;
  else if (at_odds_since_us_ < 0)
    at_odds_since_us_ = run_->world.NowUs ();
  else if (run_->world.NowUs () > std::max (at_odds_since_us_, process_->GetPausedUntilUs ()) + kAnsweredUs)
    run_->world.Fail ("process %u is told that it leads, for long, and does not", GetNumber ());
}

void
User::Check ()
{
  wait_.Check ();
  if (latch_ == nullptr || process_->IsKilled ())
    return;
  CheckStory ();
  if (lease_ != nullptr)
    lease_->Check ();
}

/* --- the run --- */

LeaderRun::LeaderRun (Choices *choices, bool keeps_text)
    : Scenario (choices, keeps_text, kElection, true, true)
{
  ensemble_.OperatorCreate (kFence, "0");
  for (const auto &process : processes_)
    AddUser (process.get ());
}

void
LeaderRun::AddUser (Process *process)
{
  bool stays = !world.choices.Chance (300);
  bool minds_suspicion = curator_framework_get_connection_state_error_policy (process->GetClient ()) ==
                         CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD;

  users_.push_back (std::make_unique<User> (this, process, plan_.n_rounds, stays, minds_suspicion));
}

void
LeaderRun::OnGain (User *user)
{
  g_autoptr (CuratorLease) lease = curator_leader_latch_dup_lease (user->GetLatch ());
  guint64 token = curator_lease_get_fencing_token (lease);
  std::string path = curator_lease_get_path (lease);

  n_grants_++;
  world.trace.Mix (token);
  world.trace.Write (world.NowUs (), "process %u: gained %s, token %" G_GUINT64_FORMAT, user->GetNumber (),
                     path.c_str (), token);
  if (IsKnownDeleted (user->GetProcess (), path))
    world.Fail ("process %u leads by a node of whose end it had heard", user->GetNumber ());
  /* What was on its way when the session was ended, or the node deleted, may still lead. */
  if (IsExcused (user->GetProcess (), lease))
    return;
  /* One that was suspended has it again. */
  if (token < last_token_ || (token == last_token_ && path != last_path_))
    world.Fail ("process %u has token %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, user->GetNumber (),
                token, last_token_);
  last_token_ = token;
  last_path_ = path;
}

/* Whoever leads for as long as his session lasts does so while he finds out what happened meanwhile, which
 * takes no longer than a lease may stay suspect. */
bool
LeaderRun::IsUnverified (CuratorLease *lease) const
{
  return curator_lease_get_state (lease) == CURATOR_LEASE_STATE_SUSPECT &&
         WasDeleted (curator_lease_get_path (lease));
}

void
LeaderRun::CheckLeader (const User &user, const User **leader)
{
  g_autoptr (CuratorLease) lease =
      user.Leads () ? curator_leader_latch_dup_lease (user.GetLatch ()) : nullptr;

  if (!user.Leads ())
    return;
  if (lease == nullptr)
    {
      world.Fail ("process %u leads with nothing", user.GetNumber ());
      return;
    }
  if (IsExcused (user.GetProcess (), lease) || IsUnverified (lease))
    return;
  if (!ensemble_.IsAlive (curator_lease_get_session_id (lease)))
    world.Fail ("process %u leads without a session", user.GetNumber ());
  if (WasDeleted (curator_lease_get_path (lease)))
    world.Fail ("process %u leads without a node", user.GetNumber ());
  if (*leader != nullptr)
    world.Fail ("processes %u and %u both lead", (*leader)->GetNumber (), user.GetNumber ());
  *leader = &user;
}

void
LeaderRun::CheckFence ()
{
  guint64 token = g_ascii_strtoull (ensemble_.GetLatest ().Find (kFence)->data.bytes.c_str (), nullptr, 10);

  if (token < fence_)
    world.Fail ("a leader wrote with token %" G_GUINT64_FORMAT " after one with %" G_GUINT64_FORMAT, token,
                fence_);
  fence_ = token;
}

void
LeaderRun::Check ()
{
  const User *leader = nullptr;

  for (const auto &process : processes_)
    process->CheckInTime ();
  for (const auto &user : users_)
    {
      user->Check ();
      CheckLeader (*user, &leader);
    }
  CheckFence ();
}

bool
LeaderRun::AreAllDone () const
{
  return std::all_of (users_.begin (), users_.end (), [] (const auto &user) { return user->IsDone (); });
}

std::string
LeaderRun::DescribeUsers () const
{
  std::string text;

  for (const auto &user : users_)
    text += " " + std::to_string (user->GetNumber ()) + " " + user->GetPhase ();
  return text;
}

std::string
LeaderRun::FindFlaw ()
{
  size_t n_wanted = 0, n_leaders = 0;

  for (const auto &user : users_)
    {
      n_wanted += user->TakesPart ();
      n_leaders += user->TakesPart () && user->Leads () && user->IsTold ();
    }
  if (n_wanted != GetNodes ().size ())
    return std::to_string (GetNodes ().size ()) + " nodes are left of " + std::to_string (n_wanted);
  /* Of its own node, and of one before it. */
  if (ensemble_.CountWatches () > 2 * n_wanted)
    return std::to_string (ensemble_.CountWatches ()) + " watches of " + std::to_string (n_wanted);
  return n_leaders == (n_wanted > 0) ? "" : std::to_string (n_leaders) + " lead";
}

void
LeaderRun::CheckRest ()
{
  std::string flaw = FindFlaw ();

  if (!flaw.empty ())
    world.Fail ("%s", flaw.c_str ());
}

} // namespace

Outcome
RunLeader (Choices *choices, bool keeps_text)
{
  return LeaderRun (choices, keeps_text).Go ();
}

} // namespace sim
