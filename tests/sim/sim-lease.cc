/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-lease.h"

namespace sim
{

namespace
{

/* Others may have their turns before. */
constexpr int64_t kSlackUs = 500000;
/* Longer than any fault holds anything up: what is connected for so long has had its answers. */
constexpr int64_t kAnsweredUs = 20000000;

} // namespace

/* --- waiting --- */

void
Wait::Begin (gint64 timeout_ms)
{
  waits_ = true;
  timeout_ms_ = timeout_ms;
  begun_us_ = world_->NowUs ();
  cancelled_us_ = connected_since_us_ = -1;
}

void
Wait::Cancel ()
{
  if (cancelled_us_ < 0)
    cancelled_us_ = world_->NowUs ();
}

/* Nothing kept it from seeing what time it is. */
bool
Wait::HadItsTurns () const
{
  return !process_->IsKilled () && !process_->IsClosing () &&
         world_->NowUs () > process_->GetPausedUntilUs () + kSlackUs;
}

void
Wait::End (const GError *error)
{
  int64_t now_us = world_->NowUs ();

  if (!waits_)
    world_->Fail ("process %u was answered twice", process_->GetNumber ());
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && cancelled_us_ < 0)
    world_->Fail ("process %u was answered as cancelled, and was not", process_->GetNumber ());
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) &&
      (timeout_ms_ < 0 || now_us < begun_us_ + timeout_ms_ * 1000))
    world_->Fail ("process %u was answered as timed out before its time", process_->GetNumber ());
  waits_ = false;
}

void
Wait::Check ()
{
  int64_t now_us = world_->NowUs ();

  if (!waits_)
    return;
  if (process_->IsClosed ())
    world_->Fail ("process %u is closed, and a call of it waits on", process_->GetNumber ());
  if (!process_->IsConnected ())
    connected_since_us_ = -1;
  else if (connected_since_us_ < 0)
    connected_since_us_ = now_us;
  if (!HadItsTurns ())
    return;
  if (cancelled_us_ >= 0 && now_us > cancelled_us_ + kSlackUs)
    world_->Fail ("process %u waits on although cancelled", process_->GetNumber ());
  if (timeout_ms_ > 0 && now_us > begun_us_ + timeout_ms_ * 1000 + kSlackUs)
    world_->Fail ("process %u waits beyond its time", process_->GetNumber ());
  if (timeout_ms_ == 0 && connected_since_us_ >= 0 && now_us > connected_since_us_ + kAnsweredUs)
    world_->Fail ("process %u waits although it did not want to", process_->GetNumber ());
}

/* --- leases --- */

LeaseWatch::LeaseWatch (World *world, const Process *process, CuratorLease *lease)
    : world_ (world), process_ (process), lease_ (CURATOR_LEASE (g_object_ref (lease)))
{
  world->tally.NoteHolder (process->GetNumber ());
  g_signal_connect (lease_, "suspended", G_CALLBACK (OnSuspended), this);
  g_signal_connect (lease_, "restored", G_CALLBACK (OnRestored), this);
  g_signal_connect (lease_, "lost", G_CALLBACK (OnLost), this);
}

LeaseWatch::~LeaseWatch ()
{
  g_signal_handlers_disconnect_by_data (lease_, this);
  g_object_unref (lease_);
}

void
LeaseWatch::OnSuspended (CuratorLease *, LeaseWatch *self)
{
  if (self->is_suspended_ || self->n_lost_ > 0)
    self->world_->Fail ("process %u: a lease is suspended again", self->process_->GetNumber ());
  self->is_suspended_ = true;
}

void
LeaseWatch::OnRestored (CuratorLease *, LeaseWatch *self)
{
  if (!self->is_suspended_ || self->n_lost_ > 0)
    self->world_->Fail ("process %u: a lease is restored that was not suspended",
                        self->process_->GetNumber ());
  self->is_suspended_ = false;
}

void
LeaseWatch::OnLost (CuratorLease *lease, LeaseWatch *self)
{
  self->world_->trace.Write (self->world_->NowUs (), "process %u: lost %s", self->process_->GetNumber (),
                             curator_lease_get_path (lease));
  if (++self->n_lost_ > 1)
    self->world_->Fail ("process %u: a lease is lost twice", self->process_->GetNumber ());
  if (curator_lease_is_valid (lease))
    self->world_->Fail ("process %u lost a lease that says that it is valid", self->process_->GetNumber ());
}

bool
LeaseWatch::IsLegal (CuratorLeaseState now) const
{
  bool was_alive = seen_ == CURATOR_LEASE_STATE_HELD || seen_ == CURATOR_LEASE_STATE_SUSPECT;

  return now == seen_ || was_alive;
}

/* Signals come with the turn in which the state changes; of a release there is none. */
void
LeaseWatch::CheckStory (CuratorLeaseState now)
{
  bool fits = true;

  if (!IsLegal (now))
    world_->Fail ("process %u: a lease went from state %d to %d", process_->GetNumber (), seen_, now);
  if (now == CURATOR_LEASE_STATE_HELD)
    fits = !is_suspended_ && n_lost_ == 0;
  else if (now == CURATOR_LEASE_STATE_SUSPECT)
    fits = is_suspended_ && n_lost_ == 0;
  else if (now == CURATOR_LEASE_STATE_LOST)
    fits = n_lost_ == 1;
  if (!fits)
    world_->Fail ("process %u: the signals of a lease do not say that its state is %d",
                  process_->GetNumber (), now);
  seen_ = now;
}

void
LeaseWatch::CheckConnection (CuratorLeaseState now)
{
  CuratorConnectionState state = curator_framework_get_connection_state (process_->GetClient ());
  bool is_connected = curator_framework_is_connected (process_->GetClient ());

  if (now == CURATOR_LEASE_STATE_HELD && !is_connected)
    world_->Fail ("process %u: a lease is held without a connection", process_->GetNumber ());
  if (now == CURATOR_LEASE_STATE_SUSPECT && state == CURATOR_CONNECTION_STATE_LOST)
    world_->Fail ("process %u: a lease is suspect without a session", process_->GetNumber ());
  if (now != CURATOR_LEASE_STATE_SUSPECT || !is_connected)
    suspect_since_us_ = -1;
  else if (suspect_since_us_ < 0)
    suspect_since_us_ = world_->NowUs ();
  else if (world_->NowUs () > std::max (suspect_since_us_, process_->GetPausedUntilUs ()) + kAnsweredUs)
    world_->Fail ("process %u: a lease stays suspect", process_->GetNumber ());
}

void
LeaseWatch::Check ()
{
  CuratorLeaseState now = curator_lease_get_state (lease_);

  if (process_->IsClosed () && (now == CURATOR_LEASE_STATE_HELD || now == CURATOR_LEASE_STATE_SUSPECT))
    world_->Fail ("process %u is closed, and a lease of it is not lost", process_->GetNumber ());
  if (process_->IsKilled () || process_->IsClosing ())
    return;
  CheckStory (now);
  CheckConnection (now);
}

} // namespace sim
