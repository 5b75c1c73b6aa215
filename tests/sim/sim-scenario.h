/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim-run.h"

namespace sim
{

/* What all runs have in common: processes with something to do, a storm of faults, the calm after it in which
 * everybody gets what he wants and nothing is left over, one round more for each when nothing may fail any more,
 * and an end at which nothing is left at all. */
class Scenario : public Faults::Prey
{
public:
  static constexpr int kSessionMs = 6000;
  /* Who is connected has heard of what happened so long ago. */
  static constexpr int64_t kNoticedUs = 2 * kSessionMs * 1000;

  /* @parent is the node whose children somebody may delete; @has_policies: clients have different error
   * policies. */
  Scenario (Choices *choices,
            bool keeps_text,
            const char *parent,
            bool may_kill = false,
            bool has_policies = false);
  ~Scenario () override = default;

  Outcome Go ();

  /* There are faults. */
  bool IsStormy () const
  {
    return stormy_;
  }

  /* There are, or were so lately that not everybody is over them. */
  bool MayFail () const
  {
    return stormy_ || world.NowUs () < calm_since_us_ + kNoticedUs;
  }

  /* Whether the error, of what was begun when it might fail or not, is one that faults explain. */
  static bool IsExplained (const GError *error, bool might_fail);

  World world;

  std::vector<std::string> GetNodes () override;
  void OnDeleted (const std::string &path) override;
  void OnKilled (Process *process) override;

protected:
  /* After each step. */
  virtual void Check () = 0;
  virtual bool AreAllDone () const = 0;
  /* Who is not. */
  virtual std::string DescribeUsers () const = 0;
  /* Whether what is left behind is gone, in time, and what to say if it is not. */
  virtual bool IsAtRest () = 0;
  virtual void CheckRest () = 0;
  /* Whether there is something to watch then, too. */
  virtual bool WatchesAtRest () const
  {
    return false;
  }
  /* Everybody who is left has one round more. */
  virtual void AddRound ()
  {
  }
  virtual void DropUsers () = 0;
  /* In the place of one that was killed. */
  virtual void AddUser (Process *)
  {
  }

  bool WasDeleted (const std::string &path) const
  {
    return FindDeletion (path) != nullptr;
  }

  /* The process has dealt with an answer that is no older than the node's end. */
  bool IsKnownDeleted (const Process &process, const std::string &path) const;

  /* The node was deleted, or the session ended, behind the owner's back, and he need not know: either it is
   * not long ago, and he has been connected since before, or nothing that he heard was said after it; and a
   * member took his session for alive a moment ago. */
  bool IsExcused (const Process &process, CuratorLease *lease) const;

  /* The node was gone before the process had its connection. */
  bool WasGoneBefore (const Process &process, const std::string &path) const;

  Plan plan_;
  Ensemble ensemble_;
  Network network_;
  Faults faults_;
  std::vector<std::unique_ptr<Process> > processes_;
  unsigned n_grants_ = 0;
  unsigned n_losses_ = 0;

private:
  struct Deletion
  {
    int64_t at_us, zxid;
  };

  const Deletion *FindDeletion (const std::string &path) const;
  Process *AddProcess (const Process *beside);
  void Storm ();
  void Calm ();
  void Settle ();
  void FinishRounds ();
  void Rest ();
  void CloseAll ();
  void CheckSessionsGo (const std::vector<int64_t> &sessions);

  const char *parent_;
  bool has_policies_;
  ProcessOptions options_;
  std::map<std::string, Deletion> deleted_;
  bool stormy_ = true;
  int64_t calm_since_us_ = 0;
};

} // namespace sim
