/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim-scenario.h"

namespace sim
{

/* What changers need to know of the run. */
class Ledger
{
public:
  virtual ~Ledger () = default;
  /* NULL where there is none. */
  virtual const Node *FindLatest (const std::string &path) const = 0;
  virtual int64_t GetLatestZxid () const = 0;
};

/* Changes nodes for one process, several at a time, and judges the answers. There are nodes that everybody
 * changes, two that are only changed together, in transactions, and one that nobody else touches. */
class Changer
{
public:
  Changer (Scenario *run, const Ledger *ledger, Process *process);
  ~Changer ();

  Changer (const Changer &) = delete;
  Changer &operator= (const Changer &) = delete;

  /* One change, or one look; @path and @version are of a node that everybody changes, as it was read. */
  void Act (const char *path, int32_t version);
  /* Some of what was begun is not wanted any more. */
  void CancelSome ();

  unsigned CountPending () const
  {
    return static_cast<unsigned> (pending_.size ());
  }

  /* What was deleted for good and is there; empty where all is well. */
  std::string FindGap () const;

private:
  struct Call;

  enum class Own
  {
    kAbsent,
    kPresent,
    kUnknown,
    kDeleted, /* for good */
  };

  Call *NewCall (int kind, const std::string &path);
  GBytes *NewValue (Call *call);
  void Create (const std::string &path, bool is_own);
  void SetData (const std::string &path, int32_t version, bool is_own);
  void Delete (const std::string &path, bool is_own, bool is_for_good);
  void ChangeOwn ();
  void ChangePair ();
  void AddToTransaction (CuratorTransaction *transaction, uint32_t kind);
  void SyncAndRead ();
  void Read (const Call &sync);
  void TakeOut (Call *call, const GError *error);
  void CheckOrder (const Call &call);
  void CheckFailure (const Call &call, const GError *error);
  void CheckSuccess (const Call &call, const CuratorStat *stat);
  void CheckOwn (const Call &call);
  void TakeOwn (const Call &call, const GError *error);
  static void OnDone (GObject *source, GAsyncResult *result, gpointer user_data);
  bool Finish (Call *call, GObject *source, GAsyncResult *result, CuratorStat **stat, GError **error);

  Scenario *run_;
  const Ledger *ledger_;
  Process *process_;
  std::vector<std::unique_ptr<Call> > calls_;
  std::vector<Call *> pending_; /* in the order of the calls */
  unsigned n_values_ = 0;
  std::string own_path_;
  Own own_ = Own::kAbsent;
  int32_t own_version_ = 0;
  bool own_busy_ = false;
};

} // namespace sim
