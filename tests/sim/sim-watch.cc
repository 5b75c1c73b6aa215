/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-watch.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "sim-observer.h"

/* Processes watch nodes and change them: what the framework promises of its own.
 *
 * At any time: what a client reads of a node is never older than what it read before in the same session,
 * over members that lag too, nor than what was there when it asked for a sync. A write that was acknowledged
 * is what the node came to be by it; what the server refused was not done. Two nodes that are only changed
 * together, in transactions, are equal. Changes of a node that nobody else touches, idempotent ones, succeed
 * or leave open whether they did. Each call is answered once, over one connection in the order of the calls,
 * with nothing but the errors that the faults explain; a plain watch sees one event, or that its session is
 * over. Clients that share a process do not disturb one another, not by closing either.
 *
 * At the end, when all faults are over: whoever has read after each event of a re-arming watch knows how the
 * nodes are, and what was deleted for good is gone; after the clients were closed no session and no watch is
 * left, and no call without an answer.
 *
 * faults(simulate watch): 4, 10, 11, 29, 33
 * bugs(simulate watch): CURATOR-525, CURATOR-561 */

namespace sim
{

namespace
{

class WatchRun : public Scenario, public Ledger
{
public:
  WatchRun (Choices *choices, bool keeps_text) : Scenario (choices, keeps_text, kWatched, true)
  {
    for (const char *path : { kPair, kLeft, kRight, kWatched })
      ensemble_.OperatorCreate (path, "");
    for (const auto &process : processes_)
      AddUser (process.get ());
  }

  const Node *FindLatest (const std::string &path) const override
  {
    return ensemble_.GetLatest ().Find (path);
  }

  int64_t GetLatestZxid () const override
  {
    return ensemble_.GetLatest ().last_zxid;
  }

protected:
  void Check () override;
  bool AreAllDone () const override;
  std::string DescribeUsers () const override;
  bool WatchesAtRest () const override
  {
    return true;
  }
  bool IsAtRest () override;
  void CheckRest () override;
  void DropUsers () override
  {
    observers_.clear ();
  }

  void AddUser (Process *process) override
  {
    observers_.push_back (std::make_unique<Observer> (this, this, process, plan_.n_rounds));
  }

private:
  std::vector<std::unique_ptr<Observer> > observers_;
};

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
WatchRun::DescribeUsers () const
{
  std::string text;

  for (const auto &observer : observers_)
    text += " " + observer->Describe ();
  return text;
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
