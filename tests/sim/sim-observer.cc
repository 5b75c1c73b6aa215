/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-observer.h"

#include <algorithm>
#include <cinttypes>

namespace sim
{

Observer::Observer (Scenario *run, const Ledger *ledger, Process *process, unsigned n_rounds)
    : run_ (run), ledger_ (ledger), process_ (process), changer_ (run, ledger, process),
      rounds_left_ (3 * n_rounds)
{
  for (size_t i = 0; i < views_.size (); i++)
    {
      views_[i].observer = this;
      views_[i].of_children = i >= kNodes.size ();
      views_[i].path = i > kNodes.size () ? kWatched : kNodes[i % kNodes.size ()];
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

int64_t
Observer::GetNextActUs ()
{
  if (change_us_ < 0 || (read_us_ >= 0 && read_us_ < change_us_))
    return read_us_;
  return change_us_;
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

void
Observer::Act ()
{
  int64_t now_us = run_->world.NowUs ();

  if (views_[0].watcher == nullptr)
    Begin ();
  if (read_us_ >= 0 && read_us_ <= now_us)
    ReadAll ();
  if (change_us_ >= 0 && change_us_ <= now_us)
    Change ();
}

/* --- whether all is well --- */

bool
Observer::IsQuiet () const
{
  return std::none_of (views_.begin (), views_.end (),
                       [this] (const View &view) { return view.reading || view.dirty || IsLate (view); });
}

/* Children cannot be watched while their parent is missing; it can go on once they are. */
bool
Observer::IsLate (const View &view) const
{
  return !view.armed && (!view.of_children || view.path == kWatched || views_[0].found != 0);
}

bool
Observer::IsDone () const
{
  if (process_->IsKilled () || process_->IsClosing ())
    return process_->IsKilled () || process_->IsClosed ();
  return rounds_left_ == 0 && changer_.CountPending () == 0 && !is_plain_arming_ && IsQuiet ();
}

int64_t
Observer::GetNewest (const char *path, bool of_children) const
{
  const Node *node = ledger_->FindLatest (path);

  if (node == nullptr)
    return 0;
  return of_children ? node->stat.pzxid : node->stat.mzxid;
}

std::string
Observer::FindGap () const
{
  if (process_->IsKilled () || process_->IsClosing ())
    return "";
  for (const View &view : views_)
    if (view.found != GetNewest (view.path, view.of_children))
      return std::string ("has not seen how ") + (view.of_children ? "the list of " : "") + view.path +
             " is now";
  if (plain_ != nullptr && plain_events_ == 0 && plain_found_ != GetNewest (plain_path_, false))
    return std::string ("has not heard that ") + plain_path_ + " has changed";
  return changer_.FindGap ();
}

std::string
Observer::Describe () const
{
  return std::to_string (GetNumber ()) + (IsQuiet () ? " quiet, " : " reading, ") +
         std::to_string (changer_.CountPending ()) + " pending";
}

/* --- what it sees --- */

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

void
Observer::ReadAll ()
{
  read_us_ = -1;
  for (View &view : views_)
    if (view.dirty && !view.reading)
      Read (&view);
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

  view->version = stat != nullptr ? stat->version : -1;
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

  if (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NO_NODE) && view->path != kWatched)
    view->observer->TakeRead (view, true, 0, nullptr);
  else
    view->observer->TakeRead (view, names != nullptr, names != nullptr ? stat->pzxid : 0, error);
}

/* What can be armed now, but not over and over while the news of a deletion is under way. */
void
Observer::ReadLate ()
{
  for (View &view : views_)
    if (IsLate (view) && !view.reading && !view.dirty)
      {
        view.dirty = true;
        read_us_ = run_->world.NowUs () + 1000;
      }
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
  view->armed = view->armed || !view->of_children || found != 0;
  if (view->dirty)
    Read (view);
  else
    ReadLate ();
}

/* --- what it does --- */

/* Where it has a neighbour in the process, it may leave him alone. */
void
Observer::Change ()
{
  uint32_t n_calls = 1 + run_->world.choices.Below (3);

  change_us_ = -1;
  rounds_left_--;
  for (uint32_t i = 0; i < n_calls; i++)
    {
      const View &view = views_[run_->world.choices.Below (kNodes.size ())];

      if (run_->world.choices.Below (6) == 5)
        WatchOnce (view.path);
      else
        changer_.Act (view.path, view.version);
    }
  if (run_->world.choices.Chance (100))
    changer_.CancelSome ();
  if (rounds_left_ > 0)
    Rest ();
  else if (run_->world.choices.Chance (100))
    process_->Close ();
}

void
Observer::WatchOnce (const char *path)
{
  g_autoptr (CuratorExistsBuilder) exists = nullptr;

  if (is_plain_arming_ || (plain_ != nullptr && plain_events_ == 0))
    return;
  g_clear_object (&plain_);
  plain_ = curator_watcher_new_with_func (FALSE, OnPlainEvent, this, nullptr);
  plain_path_ = path;
  is_plain_arming_ = true;
  plain_events_ = 0;
  exists = curator_framework_check_exists (process_->GetClient ());
  curator_exists_builder_using_watcher (exists, plain_);
  curator_exists_builder_for_path_async (exists, path, nullptr, OnPlainArmed, this);
}

void
Observer::OnPlainArmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<Observer *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorStat) stat =
      curator_exists_builder_for_path_finish (CURATOR_EXISTS_BUILDER (source), result, &error);

  self->is_plain_arming_ = false;
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

} // namespace sim
