/* SPDX-License-Identifier: Apache-2.0 */
#include <cinttypes>

#include <algorithm>
#include <array>
#include <memory>

#include "sim-scenario.h"

/* Processes watch nodes and change them: what the framework promises of its own.
 *
 * At any time: what a client reads of a node is never older than what it read before in the same session,
 * over members that lag too. A write that was acknowledged is what the node came to be by it. Two nodes that
 * are only changed together, in transactions, are equal. Each call is answered once, with nothing but the
 * errors that the faults explain; a plain watch sees one event, or that its session is over.
 *
 * At the end, when all faults are over: whoever has read after each event of a re-arming watch knows how the
 * nodes are, and what was deleted for good is gone; after the clients were closed no session and no watch is
 * left.
 *
 * faults(simulate watch): 4, 10, 11, 29, 33
 * bugs(simulate watch): CURATOR-525, CURATOR-561 */

namespace sim
{

namespace
{

constexpr const char *kParent = "/w";
constexpr std::array<const char *, 3> kNodes = { "/w/a", "/w/b", "/w/c" };
constexpr const char *kLeft = "/pair/left";
constexpr const char *kRight = "/pair/right";
constexpr int64_t kUnknown = -1;

class WatchRun;
class Observer;

/* What an observer knows of one path, from reading it once and again after each event. */
struct View
{
  Observer *observer = nullptr;
  const char *path = nullptr;
  bool of_children = false; /* of the path; its data otherwise */
  CuratorWatcher *watcher = nullptr;
  int64_t found = kUnknown; /* the newest transaction of it, 0 for no node */
  int64_t newest = 0;       /* that was read in the session */
  int64_t session_id = 0;
  bool reading = false;
  bool dirty = true;
  bool armed = false;
};

/* One who watches everything, and changes something now and then. */
class Observer : public Process::Program
{
public:
  Observer (WatchRun *run, Process *process, unsigned n_rounds);
  ~Observer () override;

  int64_t GetNextActUs () override
  {
    if (change_us_ < 0 || (read_us_ >= 0 && read_us_ < change_us_))
      return read_us_;
    return change_us_;
  }

  void Act () override;
  void OnState (CuratorConnectionState) override
  {
  }

  bool IsDone () const
  {
    return rounds_left_ == 0 && n_pending_ == 0 && IsQuiet ();
  }

  /* It has read what there was to read. */
  bool IsQuiet () const;
  /* What it does not know, or does not know to have gone; empty where all is well. */
  std::string FindGap () const;

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

  std::string Describe () const;

private:
  friend struct Call;

  void Begin ();
  void Rest ();
  void Read (View *view);
  bool IsReadExplained (const GError *error) const;
  void TakeRead (View *view, bool ok, int64_t found, const GError *error);
  void Change ();
  void SetData (const char *path);
  void Create (const char *path, bool is_own);
  void Delete (const char *path, bool is_own);
  void ChangeOwn ();
  void ChangePair ();
  void WatchOnce (const char *path);
  static void OnEvent (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data);
  static void OnPlainEvent (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data);
  static void OnFound (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnListed (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnPlainArmed (GObject *source, GAsyncResult *result, gpointer user_data);

  WatchRun *run_;
  Process *process_;
  std::array<View, kNodes.size () + 1> views_;
  CuratorWatcher *plain_ = nullptr;
  const char *plain_path_ = nullptr; /* once it is armed */
  int64_t plain_found_ = 0;
  unsigned plain_events_ = 0;
  std::string own_path_; /* of a node that nobody else touches */
  bool creates_own_ = false;
  bool has_own_ = false;
  bool deletes_own_ = false; /* for good */
  unsigned n_pending_ = 0;
  unsigned rounds_left_;
  unsigned n_values_ = 0;
  int64_t read_us_ = -1;
  int64_t change_us_ = 0;
};

struct PlainCall
{
  Observer *observer;
  const char *path;
};

/* A change that is under way. */
struct Call
{
  enum class Kind
  {
    kCreate,
    kSetData,
    kDelete,
    kTransaction,
  };

  Observer *observer;
  Kind kind;
  const char *path;
  std::string value;
  bool might_fail;
  bool is_own;

  static void OnDone (GObject *source, GAsyncResult *result, gpointer user_data);
  bool Finish (GObject *source, GAsyncResult *result, int64_t *mzxid, GError **error) const;
};

class WatchRun : public Scenario
{
public:
  WatchRun (Choices *choices, bool keeps_text);

  void CheckWritten (const Observer &observer, const char *path, const std::string &value, int64_t mzxid);
  int64_t GetNewest (const char *path, bool of_children) const;

  bool Exists (const std::string &path) const
  {
    return ensemble_.GetLatest ().Find (path) != nullptr;
  }

protected:
  void Check () override;
  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool IsAtRest () override;
  void CheckRest () override;
  void DropUsers () override
  {
    observers_.clear ();
  }

private:
  std::vector<std::unique_ptr<Observer> > observers_;
};

/* --- an observer --- */

Observer::Observer (WatchRun *run, Process *process, unsigned n_rounds)
    : run_ (run), process_ (process), own_path_ ("/own" + std::to_string (process->GetNumber ())),
      rounds_left_ (3 * n_rounds)
{
  for (size_t i = 0; i < views_.size (); i++)
    {
      views_[i].observer = this;
      views_[i].of_children = i == kNodes.size ();
      views_[i].path = views_[i].of_children ? kParent : kNodes[i];
    }
  process->SetProgram (this);
}

Observer::~Observer ()
{
  process_->SetProgram (nullptr);
  for (View &view : views_)
    g_clear_object (&view.watcher);
  g_clear_object (&plain_);
}

/* In the first turn, as watchers belong to the main context that they were made in. */
void
Observer::Begin ()
{
  for (View &view : views_)
    view.watcher = curator_watcher_new_with_func (TRUE, OnEvent, &view, nullptr);
  read_us_ = 0;
}

void
Observer::Rest ()
{
  const int64_t rests_us[] = {
    0, 300, 5000, 400000, Scenario::kSessionMs * 500, Scenario::kSessionMs * 1500
  };
  uint32_t n = run_->IsStormy () ? G_N_ELEMENTS (rests_us) : 2;

  change_us_ = run_->world.NowUs () + rests_us[run_->world.choices.Below (n)];
}

bool
Observer::IsQuiet () const
{
  return std::none_of (views_.begin (), views_.end (),
                       [] (const View &view) { return view.reading || view.dirty || !view.armed; });
}

void
Observer::Act ()
{
  int64_t now_us = run_->world.NowUs ();

  if (views_[0].watcher == nullptr)
    Begin ();
  if (read_us_ >= 0 && read_us_ <= now_us)
    {
      read_us_ = -1;
      for (View &view : views_)
        if (view.dirty && !view.reading)
          Read (&view);
    }
  if (change_us_ < 0 || change_us_ > now_us)
    return;
  change_us_ = -1;
  rounds_left_--;
  Change ();
  if (rounds_left_ > 0)
    Rest ();
}

void
Observer::OnEvent (CuratorWatcher *, CuratorWatchedEvent *event, gpointer user_data)
{
  auto *view = static_cast<View *> (user_data);
  Observer *self = view->observer;

  self->run_->world.trace.Write (self->run_->world.NowUs (), "process %u: event %d of %s", self->GetNumber (),
                                 curator_watched_event_get_event_type (event),
                                 curator_watched_event_get_path (event));
  if (self->process_->IsClosing ())
    return;
  view->dirty = true;
  if (!view->reading)
    self->Read (view);
}

/* The first one to succeed arms the watcher, too. */
void
Observer::Read (View *view)
{
  CuratorFramework *client = process_->GetClient ();

  view->reading = true;
  view->dirty = false;
  if (view->of_children)
    {
      g_autoptr (CuratorGetChildrenBuilder) list = curator_framework_get_children (client);

      if (!view->armed)
        curator_get_children_builder_using_watcher (list, view->watcher);
      curator_get_children_builder_for_path_async (list, view->path, nullptr, OnListed, view);
      return;
    }
  g_autoptr (CuratorExistsBuilder) exists = curator_framework_check_exists (client);
  if (!view->armed)
    curator_exists_builder_using_watcher (exists, view->watcher);
  curator_exists_builder_for_path_async (exists, view->path, nullptr, OnFound, view);
}

void
Observer::OnFound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *view = static_cast<View *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorStat) stat =
      curator_exists_builder_for_path_finish (CURATOR_EXISTS_BUILDER (source), result, &error);

  view->observer->TakeRead (view, error == nullptr, stat != nullptr ? stat->mzxid : 0, error);
}

void
Observer::OnListed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *view = static_cast<View *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorStat) stat = nullptr;
  g_auto (GStrv) names = curator_get_children_builder_for_path_with_stat_finish (
      CURATOR_GET_CHILDREN_BUILDER (source), result, &stat, &error);

  view->observer->TakeRead (view, names != nullptr, names != nullptr ? stat->pzxid : 0, error);
}

/* A member that has just come may not know the parent yet. */
bool
Observer::IsReadExplained (const GError *error) const
{
  return Scenario::IsExplained (error, true) ||
         g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE) ||
         (process_->IsClosing () && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED));
}

void
Observer::TakeRead (View *view, bool ok, int64_t found, const GError *error)
{
  int64_t session_id = curator_framework_get_session_id (process_->GetClient ());

  if (!view->reading)
    run_->world.Fail ("process %u was answered what it did not ask", GetNumber ());
  view->reading = false;
  if (!ok)
    {
      run_->world.trace.Write (run_->world.NowUs (), "process %u: not read: %s", GetNumber (),
                               error->message);
      if (!IsReadExplained (error))
        run_->world.Fail ("process %u could not read %s: %s", GetNumber (), view->path, error->message);
      view->dirty = true;
      read_us_ = run_->world.NowUs () + 1000;
      return;
    }
  run_->world.trace.Mix (static_cast<uint64_t> (found));
  run_->world.trace.Write (run_->world.NowUs (), "process %u: %s is of %" PRIx64, GetNumber (), view->path,
                           static_cast<uint64_t> (found));
  if (session_id != view->session_id)
    view->newest = 0;
  view->session_id = session_id;
  if (found != 0 && found < view->newest)
    run_->world.Fail ("process %u read %s as it had been before", GetNumber (), view->path);
  view->newest = std::max (view->newest, found);
  view->found = found;
  view->armed = true;
  if (view->dirty)
    Read (view);
}

/* --- its changes --- */

void
Observer::Change ()
{
  uint32_t n_calls = 1 + run_->world.choices.Below (3);

  for (uint32_t i = 0; i < n_calls; i++)
    {
      const char *path = kNodes[run_->world.choices.Below (kNodes.size ())];

      switch (run_->world.choices.Below (6))
        {
        case 0:
          Create (path, false);
          break;
        case 1:
          SetData (path);
          break;
        case 2:
          Delete (path, false);
          break;
        case 3:
          ChangePair ();
          break;
        case 4:
          ChangeOwn ();
          break;
        default:
          WatchOnce (path);
        }
    }
}

void
Observer::Create (const char *path, bool is_own)
{
  g_autoptr (CuratorCreateBuilder) create = curator_framework_create (process_->GetClient ());
  std::string value = std::to_string (GetNumber ()) + "." + std::to_string (++n_values_);
  g_autoptr (GBytes) data = g_bytes_new (value.data (), value.size ());

  n_pending_++;
  curator_create_builder_for_path_async (
      create, path, data, nullptr, Call::OnDone,
      new Call{ this, Call::Kind::kCreate, path, value, run_->MayFail (), is_own });
}

void
Observer::SetData (const char *path)
{
  g_autoptr (CuratorSetDataBuilder) set = curator_framework_set_data (process_->GetClient ());
  std::string value = std::to_string (GetNumber ()) + "." + std::to_string (++n_values_);
  g_autoptr (GBytes) data = g_bytes_new (value.data (), value.size ());

  n_pending_++;
  curator_set_data_builder_for_path_async (
      set, path, data, nullptr, Call::OnDone,
      new Call{ this, Call::Kind::kSetData, path, value, run_->MayFail (), false });
}

void
Observer::Delete (const char *path, bool is_own)
{
  g_autoptr (CuratorDeleteBuilder) remove = curator_framework_delete (process_->GetClient ());

  n_pending_++;
  if (is_own)
    curator_delete_builder_guaranteed (remove);
  curator_delete_builder_for_path_async (
      remove, path, nullptr, Call::OnDone,
      new Call{ this, Call::Kind::kDelete, path, "", run_->MayFail (), is_own });
}

/* Deleted for good once it is known to be there, and not touched again. */
void
Observer::ChangeOwn ()
{
  if (deletes_own_ || creates_own_)
    return;
  if (!has_own_)
    {
      creates_own_ = true;
      Create (own_path_.c_str (), true);
    }
  else
    {
      deletes_own_ = true;
      Delete (own_path_.c_str (), true);
    }
}

void
Observer::ChangePair ()
{
  g_autoptr (CuratorTransaction) transaction = curator_framework_transaction (process_->GetClient ());
  std::string value = std::to_string (GetNumber ()) + "." + std::to_string (++n_values_);
  g_autoptr (GBytes) data = g_bytes_new (value.data (), value.size ());

  n_pending_++;
  curator_transaction_set_data (transaction, kLeft, data, -1);
  curator_transaction_check (transaction, kRight, -1);
  curator_transaction_set_data (transaction, kRight, data, -1);
  curator_transaction_commit_async (
      transaction, nullptr, Call::OnDone,
      new Call{ this, Call::Kind::kTransaction, kLeft, value, run_->MayFail (), false });
}

bool
Call::Finish (GObject *source, GAsyncResult *result, int64_t *mzxid, GError **error) const
{
  g_autoptr (CuratorStat) stat = nullptr;

  switch (kind)
    {
    case Kind::kCreate:
      {
        g_autofree char *made = curator_create_builder_for_path_with_stat_finish (
            CURATOR_CREATE_BUILDER (source), result, &stat, error);

        *mzxid = stat != nullptr ? stat->mzxid : 0;
        return made != nullptr;
      }
    case Kind::kSetData:
      stat = curator_set_data_builder_for_path_finish (CURATOR_SET_DATA_BUILDER (source), result, error);
      *mzxid = stat != nullptr ? stat->mzxid : 0;
      return stat != nullptr;
    case Kind::kDelete:
      return curator_delete_builder_for_path_finish (CURATOR_DELETE_BUILDER (source), result, error);
    case Kind::kTransaction:
    default:
      {
        g_autoptr (GPtrArray) results =
            curator_transaction_commit_finish (CURATOR_TRANSACTION (source), result, error);

        return results != nullptr && results->len == 3;
      }
    }
}

void
Call::OnDone (GObject *source, GAsyncResult *result, gpointer user_data)
{
  std::unique_ptr<Call> self (static_cast<Call *> (user_data));
  Observer *observer = self->observer;
  WatchRun *run = observer->run_;
  g_autoptr (GError) error = nullptr;
  int64_t mzxid = 0;
  bool ok = self->Finish (source, result, &mzxid, &error);
  bool is_usual = g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE) ||
                  g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NODE_EXISTS);

  run->world.trace.Write (run->world.NowUs (), "process %u: change of %s %s", observer->GetNumber (),
                          self->path, ok ? "done" : error->message);
  observer->n_pending_--;
  if (self->is_own && self->kind == Kind::kCreate)
    {
      observer->creates_own_ = false;
      observer->has_own_ = ok;
    }
  if (ok && mzxid != 0)
    run->CheckWritten (*observer, self->path, self->value, mzxid);
  if (!ok && !(is_usual && self->kind != Kind::kTransaction) &&
      !Scenario::IsExplained (error, self->might_fail))
    run->world.Fail ("process %u could not change %s: %s", observer->GetNumber (), self->path,
                     error->message);
}

/* --- a plain watch --- */

void
Observer::WatchOnce (const char *path)
{
  g_autoptr (CuratorExistsBuilder) exists = nullptr;

  if (plain_ != nullptr && (plain_path_ == nullptr || plain_events_ == 0))
    return;
  g_clear_object (&plain_);
  plain_ = curator_watcher_new_with_func (FALSE, OnPlainEvent, this, nullptr);
  plain_path_ = nullptr;
  plain_events_ = 0;
  n_pending_++;
  exists = curator_framework_check_exists (process_->GetClient ());
  curator_exists_builder_using_watcher (exists, plain_);
  curator_exists_builder_for_path_async (exists, path, nullptr, OnPlainArmed, new PlainCall{ this, path });
}

void
Observer::OnPlainArmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  std::unique_ptr<PlainCall> call (static_cast<PlainCall *> (user_data));
  Observer *self = call->observer;
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorStat) stat =
      curator_exists_builder_for_path_finish (CURATOR_EXISTS_BUILDER (source), result, &error);

  self->n_pending_--;
  self->plain_path_ = call->path;
  self->plain_found_ = stat != nullptr ? stat->mzxid : 0;
  if (error != nullptr)
    g_clear_object (&self->plain_);
}

void
Observer::OnPlainEvent (CuratorWatcher *, CuratorWatchedEvent *, gpointer user_data)
{
  auto *self = static_cast<Observer *> (user_data);

  if (++self->plain_events_ > 1)
    self->run_->world.Fail ("process %u saw two events of a plain watch", self->GetNumber ());
}

/* --- the run --- */

WatchRun::WatchRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kParent)
{
  for (const char *path : { "/pair", kLeft, kRight, kParent })
    ensemble_.OperatorCreate (path, "");
  for (const auto &process : processes_)
    observers_.push_back (std::make_unique<Observer> (this, process.get (), plan_.n_rounds));
}

int64_t
WatchRun::GetNewest (const char *path, bool of_children) const
{
  const Node *node = ensemble_.GetLatest ().Find (path);

  if (node == nullptr)
    return 0;
  return of_children ? node->stat.pzxid : node->stat.mzxid;
}

/* Nobody else is given the transaction. */
void
WatchRun::CheckWritten (const Observer &observer, const char *path, const std::string &value, int64_t mzxid)
{
  const Node *node = ensemble_.GetLatest ().Find (path);

  if (mzxid > ensemble_.GetLatest ().last_zxid)
    world.Fail ("process %u was told of a transaction that is not there", observer.GetNumber ());
  if (node != nullptr && node->stat.mzxid < mzxid)
    world.Fail ("process %u wrote %s, and it has gone", observer.GetNumber (), path);
  if (node != nullptr && node->stat.mzxid == mzxid && node->data.bytes != value)
    world.Fail ("process %u was told that it wrote what is not in %s", observer.GetNumber (), path);
}

void
WatchRun::Check ()
{
  const Node *left = ensemble_.GetLatest ().Find (kLeft);
  const Node *right = ensemble_.GetLatest ().Find (kRight);

  for (const auto &process : processes_)
    process->CheckInTime ();
  if (left->data.bytes != right->data.bytes || left->stat.version != right->stat.version)
    world.Fail ("half of a transaction was done");
}

bool
WatchRun::AreAllDone () const
{
  return std::all_of (observers_.begin (), observers_.end (), [] (const auto &o) { return o->IsDone (); });
}

std::string
Observer::Describe () const
{
  return std::to_string (GetNumber ()) + (IsQuiet () ? " quiet, " : " reading, ") +
         std::to_string (n_pending_) + " pending";
}

std::string
WatchRun::DescribeUsers () const
{
  std::string text;

  for (const auto &observer : observers_)
    text += " " + observer->Describe ();
  return text;
}

std::string
Observer::FindGap () const
{
  for (const View &view : views_)
    if (view.found != run_->GetNewest (view.path, view.of_children))
      return std::string ("has not seen how ") + view.path + " is now";
  if (plain_ != nullptr && plain_events_ == 0 && plain_found_ != run_->GetNewest (plain_path_, false))
    return std::string ("has not heard that ") + plain_path_ + " has changed";
  if (deletes_own_ && run_->Exists (own_path_))
    return own_path_ + " was deleted for good, and is there";
  return "";
}

/* Events and what is deleted in the background have time to arrive. */
bool
WatchRun::IsAtRest ()
{
  return std::all_of (observers_.begin (), observers_.end (),
                      [] (const auto &observer) { return observer->FindGap ().empty (); });
}

void
WatchRun::CheckRest ()
{
  for (const auto &observer : observers_)
    if (!observer->FindGap ().empty ())
      world.Fail ("process %u: %s", observer->GetNumber (), observer->FindGap ().c_str ());
}

} // namespace

Outcome
RunWatch (Choices *choices, bool keeps_text)
{
  return WatchRun (choices, keeps_text).Go ();
}

} // namespace sim
