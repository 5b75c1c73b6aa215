/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-candidate-private.h"

#include <string.h>

#include "curator-guard-private.h"
#include "curator-lease-private.h"
#include "curator-loop-private.h"
#include "curator-path-private.h"
#include "curator-request-private.h"

/* After a failure; half of it at least. */
#define LOST_PAUSE_MS    1000
#define REFUSED_PAUSE_MS 5000

struct _CuratorCandidate
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  const CuratorContenderKind *kind;
  char *path;
  GBytes *id;
  gboolean keeps_lease;
  gboolean minds_suspicion; /* by the client's error policy */
  const CuratorCandidateOwner *owner;
  CuratorEmitter *emitter;
  GMainContext *context;

  CuratorCandidateState state;
  gboolean active;             /* from start to end, as long as we keep ourselves alive */
  CuratorContender *contender; /* whose turn it is */
  guint listener;
  CuratorTimer *pause;
  gint64 pause_ms;
  GPtrArray *leading_calls; /* (element-type CuratorCall) */
  GPtrArray *closed_calls;  /* likewise */

  /* any thread */
  guint turn;       /* atomic */
  int closing;      /* atomic */
  int over;         /* atomic */
  int enters_again; /* atomic */
  int queued;       /* atomic */
  GWeakRef lease;
  GMutex mutex;
  /* with the mutex held */
  CuratorLease *kept;
  CuratorLease *unheard; /* (not owned): handed over, as long as nobody has heard of it and its turn lasts */
};

static void candidate_step (CuratorCandidate *self, CuratorCandidateEvent event);

CuratorCandidate *
curator_candidate_new (const CuratorCandidateOptions *options,
                       const CuratorCandidateOwner *owner,
                       CuratorEmitter *emitter)
{
  CuratorCandidate *self = g_new0 (CuratorCandidate, 1);
  const char *id = options->id != NULL ? options->id : "";

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (options->client);
  self->kind = options->kind;
  self->path = g_strdup (options->path);
  self->id = g_bytes_new (id, strlen (id));
  self->keeps_lease = options->keeps_lease;
  self->minds_suspicion = curator_framework_get_connection_state_error_policy (options->client) ==
                          CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD;
  self->enters_again = options->enters_again;
  self->owner = owner;
  self->emitter = curator_emitter_ref (emitter);
  self->context = g_main_context_ref_thread_default ();
  self->state = CURATOR_CANDIDATE_IDLE;
  self->leading_calls = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  self->closed_calls = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);
  g_weak_ref_init (&self->lease, NULL);
  g_mutex_init (&self->mutex);
  return self;
}

CuratorCandidate *
curator_candidate_ref (CuratorCandidate *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
curator_candidate_unref (CuratorCandidate *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->leading_calls);
  g_ptr_array_unref (self->closed_calls);
  g_weak_ref_clear (&self->lease);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->context);
  curator_emitter_unref (self->emitter);
  g_bytes_unref (self->id);
  g_free (self->path);
  g_object_unref (self->client);
  g_free (self);
}

CuratorFramework *
curator_candidate_get_client (CuratorCandidate *self)
{
  return self->client;
}

const char *
curator_candidate_get_path (CuratorCandidate *self)
{
  return self->path;
}

GBytes *
curator_candidate_get_id_bytes (CuratorCandidate *self)
{
  return self->id;
}

/* Any thread: what is known of the leadership */

guint
curator_candidate_get_turn (CuratorCandidate *self)
{
  return (guint) g_atomic_int_get (&self->turn);
}

static gboolean
candidate_has_turn (CuratorCandidate *self)
{
  return (curator_candidate_get_turn (self) & 1) != 0 && !g_atomic_int_get (&self->closing);
}

/* A suspended lease counts for who does not mind, as long as the session cannot be over. */
static gboolean
candidate_counts_on (CuratorCandidate *self, CuratorLease *lease)
{
  CuratorLoop *loop = curator_framework_get_loop (self->client);
  gint64 deadline_us = curator_framework_get_lease_deadline_us (self->client);

  if (self->minds_suspicion || curator_lease_get_state (lease) != CURATOR_LEASE_STATE_SUSPECT)
    return curator_lease_is_valid (lease);
  return curator_loop_is_alive (loop) && curator_loop_now_us (loop) < deadline_us;
}

gboolean
curator_candidate_is_leading (CuratorCandidate *self)
{
  g_autoptr (CuratorLease) lease = g_weak_ref_get (&self->lease);

  return lease != NULL && candidate_has_turn (self) && candidate_counts_on (self, lease);
}

CuratorLease *
curator_candidate_dup_lease (CuratorCandidate *self)
{
  CuratorLease *lease = NULL;

  /* Who knows what the mutex was like at the fork. */
  if (!curator_loop_is_alive (curator_framework_get_loop (self->client)))
    return NULL;
  g_mutex_lock (&self->mutex);
  if (self->kept != NULL && candidate_has_turn (self))
    lease = g_object_ref (self->kept);
  g_mutex_unlock (&self->mutex);
  return lease;
}

gboolean
curator_candidate_is_over (CuratorCandidate *self)
{
  return g_atomic_int_get (&self->over);
}

gboolean
curator_candidate_set_enters_again (CuratorCandidate *self, gboolean enters_again)
{
  return g_atomic_int_compare_and_exchange (&self->enters_again, !enters_again, enters_again != FALSE);
}

gboolean
curator_candidate_get_enters_again (CuratorCandidate *self)
{
  return g_atomic_int_get (&self->enters_again);
}

gboolean
curator_candidate_queue (CuratorCandidate *self)
{
  return g_atomic_int_compare_and_exchange (&self->queued, FALSE, TRUE);
}

gboolean
curator_candidate_hear_of (CuratorCandidate *self, CuratorLease *lease)
{
  gboolean is_news;

  if (!curator_loop_is_alive (curator_framework_get_loop (self->client)))
    return FALSE;
  g_mutex_lock (&self->mutex);
  is_news = self->unheard == lease;
  if (is_news)
    {
      self->unheard = NULL;
      g_atomic_int_set (&self->queued, FALSE);
    }
  g_mutex_unlock (&self->mutex);
  return is_news;
}

void
curator_candidate_set_closing (CuratorCandidate *self)
{
  g_atomic_int_set (&self->closing, TRUE);
}

/* The handlers of a lease are the application's: its last reference is not dropped in the loop. */

static void
forget_lease (GObject *object, gpointer lease)
{
}

static void
candidate_drop_lease (CuratorCandidate *self, CuratorLease *lease)
{
  if (lease != NULL)
    curator_emitter_post (self->emitter, forget_lease, lease, g_object_unref);
}

gboolean
curator_candidate_ask_for_lease (CuratorCandidate *self)
{
  CuratorLease *lease = candidate_has_turn (self) ? g_weak_ref_get (&self->lease) : NULL;

  if (lease != NULL)
    curator_lease_ask_for (lease);
  candidate_drop_lease (self, lease);
  return lease != NULL;
}

/* Loop: who waits */

static void
complete_calls (GPtrArray *calls, const GError *error)
{
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_call_unref);

  g_ptr_array_extend_and_steal (taken, g_ptr_array_ref (calls));
  for (guint i = 0; i < taken->len; i++)
    curator_call_complete (taken->pdata[i], error != NULL ? g_error_copy (error) : NULL);
}

static GError *
candidate_new_closed_error (CuratorCandidate *self)
{
  g_autofree char *quoted = curator_path_quote (self->path);

  return g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "await the leadership of %s: it was closed", quoted);
}

/* There is nothing to wait for any more. */
static void
candidate_refuse_calls (CuratorCandidate *self)
{
  g_autoptr (GError) error = candidate_new_closed_error (self);

  complete_calls (self->leading_calls, error);
}

static gboolean
candidate_is_client_closed (CuratorCandidate *self)
{
  return curator_framework_get_connection_state (self->client) == CURATOR_CONNECTION_STATE_CLOSED;
}

static gboolean
candidate_is_ending (CuratorCandidate *self)
{
  return self->state == CURATOR_CANDIDATE_CLOSING || self->state == CURATOR_CANDIDATE_CLOSED;
}

void
curator_candidate_await_leading (CuratorCandidate *self, CuratorCall *call)
{
  if (candidate_is_ending (self))
    curator_call_complete (call, candidate_new_closed_error (self));
  else if (curator_candidate_is_leading (self))
    curator_call_complete (call, NULL);
  else if (curator_call_is_try (call))
    curator_call_time_out (call);
  else
    g_ptr_array_add (self->leading_calls, curator_call_ref (call));
}

void
curator_candidate_await_closed (CuratorCandidate *self, CuratorCall *call)
{
  if (self->state == CURATOR_CANDIDATE_CLOSED)
    curator_call_complete (call, NULL);
  else
    g_ptr_array_add (self->closed_calls, curator_call_ref (call));
}

void
curator_candidate_stop_waiting (CuratorCandidate *self, CuratorCall *call)
{
  g_ptr_array_remove_fast (self->leading_calls, call);
  g_ptr_array_remove_fast (self->closed_calls, call);
}

/* Loop: as the observer of the contender whose turn it is */

static void
on_granted (CuratorContender *contender, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender == self->contender)
    candidate_step (self, CURATOR_CANDIDATE_EVENT_GRANTED);
}

static void
on_suspect (CuratorContender *contender, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender == self->contender && self->minds_suspicion)
    candidate_step (self, CURATOR_CANDIDATE_EVENT_SUSPECT);
}

static void
on_restored (CuratorContender *contender, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender == self->contender)
    candidate_step (self, CURATOR_CANDIDATE_EVENT_RESTORED);
}

static void
on_lost (CuratorContender *contender, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender == self->contender)
    candidate_step (self, CURATOR_CANDIDATE_EVENT_LOST);
}

static void
on_given_back (CuratorContender *contender, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender == self->contender)
    candidate_step (self, CURATOR_CANDIDATE_EVENT_GIVEN_BACK);
}

static void
on_released (CuratorContender *contender, const GError *error, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender == self->contender)
    candidate_step (self, CURATOR_CANDIDATE_EVENT_RELEASED);
}

/* The connection's fault, which passes by itself. */
static gboolean
is_loss (const GError *error)
{
  static const int codes[] = { CURATOR_ERROR_CONNECTION_LOSS, CURATOR_ERROR_OPERATION_TIMEOUT,
                               CURATOR_ERROR_SESSION_EXPIRED, CURATOR_ERROR_SESSION_MOVED,
                               CURATOR_ERROR_NOT_READ_ONLY,   CURATOR_ERROR_THROTTLED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, CURATOR_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

/* Who is refused once may be let in later, by other rights for instance; who waits for that hears why. */
static void
candidate_tell_failure (CuratorCandidate *self, const GError *error)
{
  gboolean lost = is_loss (error);

  self->pause_ms = lost ? LOST_PAUSE_MS : REFUSED_PAUSE_MS;
  if (lost)
    return;
  curator_emitter_post (self->emitter, self->owner->failed, g_error_copy (error),
                        (GDestroyNotify) g_error_free);
  complete_calls (self->leading_calls, error);
}

static void
on_failed (CuratorContender *contender, const GError *error, gpointer user_data)
{
  CuratorCandidate *self = user_data;

  if (contender != self->contender)
    return;
  if (self->state == CURATOR_CANDIDATE_ENTERED)
    candidate_tell_failure (self, error);
  candidate_step (self, CURATOR_CANDIDATE_EVENT_FAILED);
}

static const CuratorContenderOwner contender_observer = {
  .granted = on_granted,
  .suspect = on_suspect,
  .restored = on_restored,
  .lost = on_lost,
  .failed = on_failed,
  .given_back = on_given_back,
  .released = on_released,
};

/* Loop: the actions */

/* What is to be handed over, once it leads with it; NULL where it is kept. */
static CuratorLease *
candidate_run_take (CuratorCandidate *self)
{
  CuratorLease *lease = curator_lease_new_for_contender (self->client, self->contender, self->context);

  g_weak_ref_set (&self->lease, lease);
  g_mutex_lock (&self->mutex);
  if (self->keeps_lease)
    self->kept = lease;
  else
    self->unheard = lease;
  g_mutex_unlock (&self->mutex);
  return self->keeps_lease ? NULL : lease;
}

static void
candidate_run_turn (CuratorCandidate *self, gboolean leads)
{
  guint turn = curator_candidate_get_turn (self) + 1;

  g_assert ((turn & 1) == (leads ? 1u : 0u));
  g_atomic_int_set (&self->turn, turn);
  curator_emitter_post (self->emitter, self->owner->turned, GUINT_TO_POINTER (turn), NULL);
  if (leads)
    complete_calls (self->leading_calls, NULL);
}

static void
candidate_run_forget (CuratorCandidate *self)
{
  CuratorLease *lease;

  g_mutex_lock (&self->mutex);
  lease = g_steal_pointer (&self->kept);
  self->unheard = NULL;
  g_mutex_unlock (&self->mutex);
  candidate_drop_lease (self, lease);
  g_weak_ref_set (&self->lease, NULL);
  g_clear_pointer (&self->contender, curator_contender_unref);
}

static void
candidate_run_enter (CuratorCandidate *self)
{
  self->contender = curator_contender_new (self->client, self->kind, self->path, self->id, -1);
  curator_contender_set_observer (self->contender, &contender_observer, curator_candidate_ref (self),
                                  (GDestroyNotify) curator_candidate_unref);
  curator_contender_start_patiently (self->contender);
}

static void
candidate_on_pause_over (gpointer user_data)
{
  g_autoptr (CuratorCandidate) self = curator_candidate_ref (user_data);

  self->pause = NULL;
  candidate_step (self, CURATOR_CANDIDATE_EVENT_PAUSE_OVER);
}

/* Not all that failed for the same reason at the same time again. */
static void
candidate_run_pause (CuratorCandidate *self)
{
  CuratorLoop *loop = curator_framework_get_loop (self->client);
  gint64 delay_ms =
      self->pause_ms / 2 + (gint64) (curator_loop_random (loop) % (guint64) (self->pause_ms / 2));

  self->pause = curator_loop_add_timer (loop, delay_ms, candidate_on_pause_over, self);
}

static void
candidate_run_give_up (CuratorCandidate *self)
{
  g_autoptr (CuratorContender) contender = curator_contender_ref (self->contender);

  curator_contender_give_up (contender, candidate_new_closed_error (self));
  if (curator_contender_is_done (contender))
    candidate_step (self, CURATOR_CANDIDATE_EVENT_OUT);
}

/* By the lease where somebody has it, so that it says so. */
static void
candidate_run_release (CuratorCandidate *self)
{
  g_autoptr (CuratorContender) contender = curator_contender_ref (self->contender);
  CuratorLease *lease = g_weak_ref_get (&self->lease);

  if (lease != NULL)
    curator_lease_set_state (lease, CURATOR_LEASE_STATE_RELEASED);
  candidate_drop_lease (self, lease);
  curator_contender_release (contender);
  if (curator_contender_is_done (contender))
    candidate_step (self, CURATOR_CANDIDATE_EVENT_OUT);
}

static void
candidate_run_finish (CuratorCandidate *self)
{
  g_atomic_int_set (&self->over, TRUE);
  curator_emitter_post (self->emitter, self->owner->over, NULL, NULL);
  curator_loop_cancel_timer (curator_framework_get_loop (self->client), &self->pause);
  candidate_refuse_calls (self);
  complete_calls (self->closed_calls, NULL);
  if (self->active)
    {
      self->active = FALSE;
      curator_framework_remove_state_listener (self->client, self->listener);
      curator_candidate_unref (self);
    }
}

static void
candidate_run_actions (CuratorCandidate *self, CuratorCandidateActions actions)
{
  CuratorLease *taken = NULL;

  if ((actions & CURATOR_CANDIDATE_ACTION_TAKE) != 0)
    taken = candidate_run_take (self);
  if ((actions & (CURATOR_CANDIDATE_ACTION_GAIN | CURATOR_CANDIDATE_ACTION_LOSE)) != 0)
    candidate_run_turn (self, (actions & CURATOR_CANDIDATE_ACTION_GAIN) != 0);
  if (taken != NULL)
    curator_emitter_post (self->emitter, self->owner->taken, taken, g_object_unref);
  if ((actions & CURATOR_CANDIDATE_ACTION_FORGET) != 0)
    candidate_run_forget (self);
  if ((actions & CURATOR_CANDIDATE_ACTION_ENTER) != 0)
    candidate_run_enter (self);
  if ((actions & CURATOR_CANDIDATE_ACTION_PAUSE) != 0)
    candidate_run_pause (self);
  if ((actions & CURATOR_CANDIDATE_ACTION_GIVE_UP) != 0)
    candidate_run_give_up (self);
  if ((actions & CURATOR_CANDIDATE_ACTION_RELEASE) != 0)
    candidate_run_release (self);
  if ((actions & CURATOR_CANDIDATE_ACTION_FINISH) != 0)
    candidate_run_finish (self);
}

static gboolean
candidate_is_wanted (CuratorCandidate *self)
{
  return self->active && !g_atomic_int_get (&self->closing) &&
         (g_atomic_int_get (&self->queued) || g_atomic_int_get (&self->enters_again));
}

static void
candidate_step (CuratorCandidate *self, CuratorCandidateEvent event)
{
  g_autoptr (CuratorCandidate) kept = curator_candidate_ref (self);
  CuratorCandidateState before = self->state;
  CuratorCandidateActions actions = curator_candidate_machine_step (&self->state, event);

  g_debug ("candidate %s: %s in %s -> %s", self->path, curator_candidate_event_to_string (event),
           curator_candidate_state_to_string (before), curator_candidate_state_to_string (self->state));
  candidate_run_actions (self, actions);
  if (self->state == CURATOR_CANDIDATE_IDLE && CURATOR_GUARD (CANDIDATE_ENTERS_AGAIN))
    curator_candidate_enter (self);
}

/* Whatever it was doing; before the contender, which was there later, hears of it. */
static void
candidate_on_state (CuratorConnectionState state, gpointer user_data)
{
  if (state == CURATOR_CONNECTION_STATE_CLOSED)
    candidate_step (user_data, CURATOR_CANDIDATE_EVENT_CLIENT_CLOSED);
}

void
curator_candidate_start (CuratorCandidate *self)
{
  if (self->active || self->state == CURATOR_CANDIDATE_CLOSED)
    return;
  self->active = TRUE;
  curator_candidate_ref (self);
  self->listener = curator_framework_add_state_listener (self->client, candidate_on_state, self);
  if (candidate_is_client_closed (self))
    candidate_step (self, CURATOR_CANDIDATE_EVENT_CLIENT_CLOSED);
  else
    curator_candidate_enter (self);
}

void
curator_candidate_enter (CuratorCandidate *self)
{
  if (self->state != CURATOR_CANDIDATE_IDLE || !candidate_is_wanted (self))
    return;
  curator_candidate_queue (self);
  candidate_step (self, CURATOR_CANDIDATE_EVENT_WANTED);
}

void
curator_candidate_close (CuratorCandidate *self)
{
  g_autoptr (CuratorCandidate) kept = curator_candidate_ref (self);

  candidate_step (self, CURATOR_CANDIDATE_EVENT_CLOSE);
  candidate_refuse_calls (self);
}
