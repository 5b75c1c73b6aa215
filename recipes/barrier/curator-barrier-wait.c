/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-barrier-wait-private.h"

#include "curator-guard-private.h"
#include "curator-request-private.h"

typedef struct
{
  gatomicrefcount ref_count;
  CuratorFramework *client;
  char *path;
  CuratorBarrierWaitState state;
  CuratorCall *call; /* from start to end */
  CuratorRequest *sync;
  CuratorRequest *check;
  CuratorWatch *watch;
  GError *failure;
} BarrierWait;

static void wait_step (BarrierWait *self, CuratorBarrierWaitEvent event);

static BarrierWait *
wait_ref (BarrierWait *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
wait_unref (BarrierWait *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_error (&self->failure);
  g_free (self->path);
  g_object_unref (self->client);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BarrierWait, wait_unref)

static void
wait_on_event (CuratorWatch *watch, CuratorWatchedEventType type, const char *path, gpointer user_data)
{
  g_autoptr (BarrierWait) self = wait_ref (user_data);

  if (watch == self->watch)
    wait_step (self, CURATOR_BARRIER_WAIT_EVENT_TOUCHED);
}

/* Takes the reason for the failure, which may come too late to count. */
static gboolean
wait_check (BarrierWait *self, CuratorRequest *request)
{
  g_clear_error (&self->failure);
  return curator_request_check (request, &self->failure);
}

static void
wait_on_synced (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (BarrierWait) self = user_data;

  if (self->sync != request)
    return;
  g_clear_pointer (&self->sync, curator_request_unref);
  if (wait_check (self, request))
    return;
  wait_step (self, CURATOR_BARRIER_WAIT_EVENT_FAILED);
}

static void
wait_on_checked (CuratorRequest *request, gpointer user_data)
{
  g_autoptr (BarrierWait) self = user_data;

  if (self->check != request)
    return;
  g_clear_pointer (&self->check, curator_request_unref);
  if (wait_check (self, request))
    wait_step (self, CURATOR_BARRIER_WAIT_EVENT_SET);
  else if (!g_error_matches (self->failure, CURATOR_ERROR, CURATOR_ERROR_NO_NODE))
    wait_step (self, CURATOR_BARRIER_WAIT_EVENT_FAILED);
  else
    {
      g_clear_error (&self->failure);
      wait_step (self,
                 self->sync != NULL ? CURATOR_BARRIER_WAIT_EVENT_UNSURE : CURATOR_BARRIER_WAIT_EVENT_OPEN);
    }
}

static void
wait_cancel (BarrierWait *self, CuratorRequest **request)
{
  g_autoptr (CuratorRequest) cancelled = g_steal_pointer (request);

  if (cancelled != NULL)
    curator_request_cancel (self->client, cancelled);
}

static void
wait_drop (BarrierWait *self)
{
  g_autoptr (CuratorWatch) watch = g_steal_pointer (&self->watch);

  wait_cancel (self, &self->sync);
  /* A read that was sent is left to be answered where that comes soon: only then is it known that there is a
   * watch of nobody's to be removed. */
  if (curator_framework_is_connected (self->client))
    g_clear_pointer (&self->check, curator_request_unref);
  else
    wait_cancel (self, &self->check);
  if (watch != NULL)
    curator_watch_cancel (watch);
}

/* In one flight. What the server knew already is not enough: it may not have heard yet that the barrier was
 * set. */
static void
wait_run_check (BarrierWait *self)
{
  wait_drop (self);
  if (CURATOR_GUARD (BARRIER_SYNCS))
    {
      self->sync = curator_request_new (CURATOR_REQUEST_SYNC, self->path);
      curator_framework_submit (self->client, self->sync, wait_on_synced, wait_ref (self));
    }
  self->watch = curator_watch_new (FALSE, wait_on_event, wait_ref (self), (GDestroyNotify) wait_unref);
  self->check = curator_request_new (CURATOR_REQUEST_EXISTS, self->path);
  self->check->watch = curator_watch_ref (self->watch);
  curator_framework_submit (self->client, self->check, wait_on_checked, wait_ref (self));
}

static void
wait_step (BarrierWait *self, CuratorBarrierWaitEvent event)
{
  CuratorBarrierWaitState before = self->state;
  CuratorBarrierWaitActions actions = curator_barrier_wait_machine_step (&self->state, event);

  if (!g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    g_debug ("wait %s: %s in %s -> %s", self->path, curator_barrier_wait_event_to_string (event),
             curator_barrier_wait_state_to_string (before),
             curator_barrier_wait_state_to_string (self->state));
  if ((actions & CURATOR_BARRIER_WAIT_ACTION_CHECK) != 0)
    wait_run_check (self);
  if ((actions & CURATOR_BARRIER_WAIT_ACTION_FINISH) != 0)
    {
      g_autoptr (CuratorCall) call = g_steal_pointer (&self->call);

      wait_drop (self);
      if ((actions & CURATOR_BARRIER_WAIT_ACTION_PASS) != 0)
        curator_call_complete (call, NULL);
      if ((actions & CURATOR_BARRIER_WAIT_ACTION_FAIL) != 0)
        curator_call_complete (call, g_steal_pointer (&self->failure));
      return;
    }
  if (self->state == CURATOR_BARRIER_WAIT_WAITING && curator_call_is_try (self->call))
    curator_call_time_out (self->call);
}

static void
begin (CuratorCall *call, gpointer data)
{
  g_autoptr (BarrierWait) self = wait_ref (data);

  self->call = curator_call_ref (call);
  wait_step (self, CURATOR_BARRIER_WAIT_EVENT_START);
}

static void
give_up (CuratorCall *call, gpointer data)
{
  g_autoptr (BarrierWait) self = wait_ref (data);

  wait_step (self, CURATOR_BARRIER_WAIT_EVENT_GIVE_UP);
}

static const CuratorCallKind wait_kind = { "wait on barrier", begin, give_up };

CuratorCallOptions
curator_barrier_wait_get_call (CuratorFramework *client, const char *path, gint64 timeout_ms)
{
  BarrierWait *self = g_new0 (BarrierWait, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (client);
  self->path = g_strdup (path);
  self->state = CURATOR_BARRIER_WAIT_IDLE;
  return (CuratorCallOptions){ .client = client,
                               .kind = &wait_kind,
                               .path = path,
                               .timeout_ms = timeout_ms,
                               .data = self,
                               .free_data = (GDestroyNotify) wait_unref };
}
