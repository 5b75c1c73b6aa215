/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-process.h"

#include "curator-framework-builder-private.h"
#include "curator-framework-private.h"

namespace sim
{

namespace
{

/* More dispatches than that in one turn are a loop that will not end. */
constexpr unsigned kMaxDispatches = 10000;

/* There is nothing to poll: what the simulation has for a process it says with Wake (). */
gint
PollNothing (GPollFD *fds, guint n_fds, gint)
{
  for (guint i = 0; i < n_fds; i++)
    fds[i].revents = 0;
  return 0;
}

/* The C client counts in milliseconds. */
constexpr int64_t kClockUs = 1000;
/* Others may have their turns before. */
constexpr int64_t kSlackUs = 500000;

/* Of a client that is refused by nobody, and by no server that is read-only. */
bool
IsLegal (CuratorConnectionState from, CuratorConnectionState to)
{
  switch (to)
    {
    case CURATOR_CONNECTION_STATE_CONNECTED:
      return from == CURATOR_CONNECTION_STATE_LATENT;
    case CURATOR_CONNECTION_STATE_SUSPENDED:
      return from == CURATOR_CONNECTION_STATE_CONNECTED || from == CURATOR_CONNECTION_STATE_RECONNECTED;
    case CURATOR_CONNECTION_STATE_RECONNECTED:
      return from == CURATOR_CONNECTION_STATE_SUSPENDED || from == CURATOR_CONNECTION_STATE_LOST;
    case CURATOR_CONNECTION_STATE_LOST:
      return from == CURATOR_CONNECTION_STATE_CONNECTED || from == CURATOR_CONNECTION_STATE_SUSPENDED ||
             from == CURATOR_CONNECTION_STATE_RECONNECTED;
    case CURATOR_CONNECTION_STATE_CLOSED:
      return from != CURATOR_CONNECTION_STATE_CLOSED;
    case CURATOR_CONNECTION_STATE_LATENT:
    case CURATOR_CONNECTION_STATE_READ_ONLY:
    default:
      return false;
    }
}

} // namespace

Process::Home::Home () : context (g_main_context_new ())
{
  g_main_context_set_poll_func (context, PollNothing);
}

Process::Home::~Home ()
{
  g_main_context_unref (context);
}

Process::Process (
    World *world, Network *network, unsigned number, const ProcessOptions &options, const Process *beside)
    : world_ (world), network_ (network), number_ (number), actor_ (world->NewActor ()), random_ (number),
      home_ (beside != nullptr ? beside->home_ : std::make_shared<Home> ())
{
  world->Add (this);
  home_->inhabitants.push_back (this);
  net_.process = this;
  net_.net.now_us = NetNow;
  net_.net.random = NetRandom;
  net_.net.connect = NetConnect;
  Build (options);
}

Process::~Process ()
{
  std::vector<Process *> &inhabitants = home_->inhabitants;

  g_object_unref (client_);
  Dispatch ();
  inhabitants.erase (std::find (inhabitants.begin (), inhabitants.end (), this));
}

void
Process::Build (const ProcessOptions &options)
{
  g_autoptr (CuratorFrameworkBuilder) builder =
      curator_framework_builder_new (options.connect_string.c_str ());
  g_autoptr (GError) error = nullptr;

  g_main_context_push_thread_default (home_->context);
  curator_framework_builder_with_main_context (builder, home_->context);
  curator_framework_builder_with_session_timeout_ms (builder, options.session_timeout_ms);
  curator_framework_builder_with_connection_timeout_ms (builder, options.connection_timeout_ms);
  if (options.is_impatient)
    {
      curator_framework_builder_with_connection_timeout_ms (builder, 100);
      curator_framework_builder_with_retry_policy (builder,
                                                   CURATOR_RETRY_POLICY (curator_retry_one_time_new (10)));
    }
  if (options.minds_loss_only)
    curator_framework_builder_with_connection_state_error_policy (
        builder, CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION);
  curator_framework_builder_set_net (builder, &net_.net);
  client_ = curator_framework_builder_build (builder, &error);
  g_signal_connect (client_, "connection-state-changed", G_CALLBACK (OnState), this);
  if (!curator_framework_start (client_, &error))
    world_->Fail ("process %u did not start: %s", number_, error->message);
  g_main_context_pop_thread_default (home_->context);
}

/* --- its environment --- */

gint64
Process::NetNow (CuratorNet *net)
{
  return reinterpret_cast<Net *> (net)->process->world_->NowUs ();
}

guint64
Process::NetRandom (CuratorNet *net)
{
  return NextRandom (&reinterpret_cast<Net *> (net)->process->random_);
}

CuratorNetStream *
Process::NetConnect (CuratorNet *net, const struct sockaddr *address, socklen_t)
{
  Process *self = reinterpret_cast<Net *> (net)->process;

  self->n_connections_++;
  return self->network_->Connect (self, address);
}

/* --- its turn --- */

int64_t
Process::GetTurnUs () const
{
  int64_t due_us = curator_loop_get_next_due_us (curator_framework_get_loop (client_));
  int64_t act_us = program_ != nullptr && !closing_ ? program_->GetNextActUs () : -1;

  if (dirty_)
    return 0;
  if (due_us < 0 || (act_us >= 0 && act_us < due_us))
    return act_us;
  return due_us;
}

void
Process::Collect (std::vector<Step> *steps)
{
  int64_t turn_us = GetTurnUs ();

  if (!IsKilled () && !IsPaused () && turn_us >= 0 && turn_us <= world_->NowUs ())
    steps->push_back ({ actor_, number_ });
}

int64_t
Process::GetNextDueUs ()
{
  int64_t turn_us = GetTurnUs ();

  return IsKilled () || turn_us < 0 ? -1 : std::max (turn_us, home_->paused_until_us);
}

void
Process::Dispatch ()
{
  unsigned n = 0;

  while (g_main_context_iteration (home_->context, FALSE))
    if (++n > kMaxDispatches)
      {
        world_->Fail ("process %u dispatches for ever", number_);
        return;
      }
}

void
Process::Do (const std::function<void ()> &what)
{
  Choices::Users users (&world_->choices);

  g_main_context_push_thread_default (home_->context);
  what ();
  g_main_context_pop_thread_default (home_->context);
}

void
Process::Run (const Step &)
{
  int64_t act_us = program_ != nullptr && !closing_ ? program_->GetNextActUs () : -1;

  Do ([&] {
    for (Process *other : home_->inhabitants)
      other->dirty_ = false;
    if (act_us >= 0 && act_us <= world_->NowUs ())
      program_->Act ();
    Dispatch ();
    for (Process *other : home_->inhabitants)
      other->known_zxid_ = other->heard_zxid;
  });
}

/* --- its state --- */

void
Process::OnState (CuratorFramework *, CuratorConnectionState state, Process *self)
{
  g_autofree char *name = g_enum_to_string (CURATOR_TYPE_CONNECTION_STATE, state);

  self->world_->trace.Mix (static_cast<uint64_t> (state));
  self->world_->trace.Write (self->world_->NowUs (), "process %u: %s", self->number_, name);
  if (!IsLegal (self->state_, state))
    self->world_->Fail ("process %u went from connection state %d to %d", self->number_, self->state_, state);
  self->state_ = state;
  self->CheckNotEarly ();
  if (state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED)
    self->connected_us_ = self->world_->NowUs ();
  self->NoteState ();
  if (self->program_ != nullptr)
    self->program_->OnState (state);
}

/* Nobody is upset without a reason. */
void
Process::CheckNotEarly ()
{
  int64_t now_us = world_->NowUs ();

  if (closing_)
    return;
  if (state_ == CURATOR_CONNECTION_STATE_SUSPENDED && !contact.is_broken &&
      now_us < contact.GetPatienceUs () - kClockUs)
    world_->Fail ("process %u is suspended too early", number_);
  if (state_ == CURATOR_CONNECTION_STATE_LOST && !contact.is_over && now_us < contact.GetDeadlineUs ())
    world_->Fail ("process %u has lost its session too early", number_);
}

void
Process::NoteState ()
{
  if (state_ == CURATOR_CONNECTION_STATE_SUSPENDED)
    world_->tally.Note (Happening::kSuspended);
  else if (state_ == CURATOR_CONNECTION_STATE_RECONNECTED)
    world_->tally.Note (Happening::kReconnected);
  else if (state_ == CURATOR_CONNECTION_STATE_LOST)
    world_->tally.Note (Happening::kLost);
}

bool
Process::IsConnected () const
{
  return curator_core_is_connected (client_->core);
}

void
Process::CheckInTime ()
{
  CuratorConnectionState state = curator_framework_get_connection_state (client_);
  int64_t deadline_us = curator_framework_get_lease_deadline_us (client_);
  bool is_connected =
      state == CURATOR_CONNECTION_STATE_CONNECTED || state == CURATOR_CONNECTION_STATE_RECONNECTED;
  bool has_session = is_connected || state == CURATOR_CONNECTION_STATE_SUSPENDED;
  bool may_be_late = home_->paused_until_us + kSlackUs > world_->NowUs ();

  if (!has_session || IsKilled () || closing_)
    return;
  if (deadline_us != 0 && deadline_us != contact.GetDeadlineUs ())
    world_->Fail ("process %u relies on its session until %" G_GINT64_FORMAT " us, which ends at %" G_GINT64_FORMAT,
                  number_, deadline_us, contact.GetDeadlineUs ());
  if (!may_be_late && world_->NowUs () > contact.GetDeadlineUs () + kSlackUs)
    world_->Fail ("process %u has not noticed that its session is over", number_);
  if (!may_be_late && is_connected && world_->NowUs () > contact.GetPatienceUs () + kSlackUs)
    world_->Fail ("process %u has not noticed that it hears nothing", number_);
}

void
Process::OnClosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  auto *self = static_cast<Process *> (user_data);
  g_autoptr (GError) error = nullptr;

  if (self->closed_)
    self->world_->Fail ("process %u was told twice that it is closed", self->number_);
  if (!curator_framework_close_finish (CURATOR_FRAMEWORK (source), result, &error))
    self->world_->Fail ("process %u did not close: %s", self->number_, error->message);
  self->closed_ = true;
}

void
Process::Close ()
{
  home_->killed = false;
  dirty_ = true;
  if (closing_)
    return;
  closing_ = true;
  g_main_context_push_thread_default (home_->context);
  curator_framework_close_async (client_, nullptr, OnClosed, this);
  g_main_context_pop_thread_default (home_->context);
}

} // namespace sim
