/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <array>
#include <string>

#include "sim-watch.h"
#include "sim-changer.h"

namespace sim
{

/* One who watches all nodes, and changes some now and then. */
class Observer : public Process::Program
{
public:
  Observer (Scenario *run, const Ledger *ledger, Process *process, unsigned n_rounds);
  ~Observer () override;

  Observer (const Observer &) = delete;
  Observer &operator= (const Observer &) = delete;

  int64_t GetNextActUs () override;
  void Act () override;
  void OnState (CuratorConnectionState) override
  {
  }

  bool IsDone () const;
  /* What it does not know, or does not know to have gone; empty where all is well. */
  std::string FindGap () const;
  std::string Describe () const;

  unsigned GetNumber () const
  {
    return process_->GetNumber ();
  }

private:
  static constexpr int64_t kUnknown = -1;

  /* What it knows of one path, from reading it once and again after each event. */
  struct View
  {
    Observer *observer = nullptr;
    const char *path = nullptr;
    bool of_children = false; /* of the path; its data otherwise */
    CuratorWatcher *watcher = nullptr;
    int64_t found = kUnknown; /* the newest transaction of it, 0 for no node */
    int64_t newest = 0;       /* that was read in the session */
    int32_t version = -1;
    int64_t session_id = 0;
    bool reading = false;
    bool dirty = true;
    bool armed = false;
  };

  void Begin ();
  void Rest ();
  bool IsQuiet () const;
  int64_t GetNewest (const char *path, bool of_children) const;
  bool IsLate (const View &view) const;
  void ReadAll ();
  void ReadLate ();
  void Read (View *view);
  bool IsReadExplained (const GError *error) const;
  void TakeRead (View *view, bool ok, int64_t found, const GError *error);
  void Change ();
  void WatchOnce (const char *path);
  static void OnEvent (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data);
  static void OnPlainEvent (CuratorWatcher *watcher, CuratorWatchedEvent *event, gpointer user_data);
  static void OnFound (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnListed (GObject *source, GAsyncResult *result, gpointer user_data);
  static void OnPlainArmed (GObject *source, GAsyncResult *result, gpointer user_data);

  Scenario *run_;
  const Ledger *ledger_;
  Process *process_;
  Changer changer_;
  std::array<View, kNodes.size () + 2> views_; /* the nodes, then lists of children */
  CuratorWatcher *plain_ = nullptr;
  const char *plain_path_ = nullptr;
  bool is_plain_arming_ = false;
  int64_t plain_found_ = 0;
  unsigned plain_events_ = 0;
  unsigned rounds_left_;
  int64_t read_us_ = -1;
  int64_t change_us_ = 0;
};

} // namespace sim
