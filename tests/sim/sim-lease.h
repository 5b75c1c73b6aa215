/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sim-process.h"

namespace sim
{

/* Somebody's wait for something, which ends when it is over, cancelled or answered; and not otherwise. */
class Wait
{
public:
  Wait (World *world, const Process *process) : world_ (world), process_ (process)
  {
  }

  /* -1 for ever, 0 for who does not wait for others. */
  void Begin (gint64 timeout_ms);
  void Cancel ();
  /* @error is NULL where it got what it wanted. */
  void End (const GError *error);
  /* After each step. */
  void Check ();

private:
  bool HadItsTurns () const;

  World *world_;
  const Process *process_;
  bool waits_ = false;
  gint64 timeout_ms_ = -1;
  int64_t begun_us_ = 0;
  int64_t cancelled_us_ = -1;
  int64_t connected_since_us_ = -1;
};

/* What a lease says of itself, by its state and by its signals: both tell the same story, which is a possible
 * one, and the client's connection fits to it. */
class LeaseWatch
{
public:
  LeaseWatch (World *world, const Process *process, CuratorLease *lease);
  ~LeaseWatch ();

  LeaseWatch (const LeaseWatch &) = delete;
  LeaseWatch &operator= (const LeaseWatch &) = delete;

  CuratorLease *GetLease () const
  {
    return lease_;
  }

  bool IsLost () const
  {
    return n_lost_ > 0;
  }

  /* After each step. */
  void Check ();

private:
  static void OnSuspended (CuratorLease *lease, LeaseWatch *self);
  static void OnRestored (CuratorLease *lease, LeaseWatch *self);
  static void OnLost (CuratorLease *lease, LeaseWatch *self);
  bool IsLegal (CuratorLeaseState now) const;
  void CheckStory (CuratorLeaseState now);
  void CheckConnection (CuratorLeaseState now);

  World *world_;
  const Process *process_;
  CuratorLease *lease_; /* owned */
  CuratorLeaseState seen_ = CURATOR_LEASE_STATE_HELD;
  bool is_suspended_ = false; /* as the signals say */
  unsigned n_lost_ = 0;
  int64_t suspect_since_us_ = -1; /* while connected */
};

} // namespace sim
