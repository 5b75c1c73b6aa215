/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-rearmer-private.h"

#include <zookeeper.h>

#include "curator-guard-private.h"

struct _CuratorRearmer
{
  CuratorCore *core;
  CuratorWatchTable *table;
  GQueue waiting; /* Rearming: for another attempt */
};

/* A watch that is to be set again. */
typedef struct
{
  GList link; /* while it waits */
  CuratorRearmer *rearmer;
  CuratorRequestType type;
  char *path;
  CuratorWatch *watch;
  CuratorRetryState state;
  CuratorRetry *retry;
} Rearming;

static void
rearming_free (Rearming *rearming)
{
  curator_watch_unref (rearming->watch);
  g_free (rearming->path);
  g_free (rearming);
}

/* Takes over the rearming. */
static void
postpone (Rearming *rearming)
{
  curator_watch_table_postpone (rearming->rearmer->table, rearming->path, rearming->watch);
  rearming_free (rearming);
}

static void on_read (CuratorRequest *request, gpointer user_data);

static void
read_again (Rearming *rearming)
{
  g_autoptr (CuratorRequest) request = curator_request_new (rearming->type, rearming->path);

  request->server_path = g_strdup (rearming->path);
  request->watch = curator_watch_ref (rearming->watch);
  /* Lost, it is for the next connection, before all others there: who reads again after an event reads what
   * the watch does not tell of any more. */
  if (CURATOR_GUARD (REARM_BEFORE_OTHERS))
    request->flags = CURATOR_REQUEST_FLAG_NO_RETRY;
  curator_core_submit (rearming->rearmer->core, request, on_read, rearming);
}

static void
end_wait (Rearming *rearming)
{
  g_queue_unlink (&rearming->rearmer->waiting, &rearming->link);
  rearming->retry = NULL;
}

/* Takes over the rearming. */
static void
give_up (Rearming *rearming, int rc)
{
  if (rc != CURATOR_RC_CLOSED)
    curator_core_report_error (rearming->rearmer->core, rc, "set a watch again", rearming->path);
  if (curator_rc_is_retryable (rc) || rc == CURATOR_RC_CLOSED)
    postpone (rearming);
  else
    rearming_free (rearming);
}

static void
on_waited (int rc, gpointer user_data)
{
  Rearming *rearming = user_data;

  end_wait (rearming);
  if (curator_watch_is_cancelled (rearming->watch))
    rearming_free (rearming);
  else if (rc != ZOK)
    give_up (rearming, rc);
  else
    read_again (rearming);
}

/* Takes over the rearming. */
static void
handle_failure (Rearming *rearming, int rc)
{
  CuratorRearmer *self = rearming->rearmer;

  if (!curator_rc_is_retryable (rc))
    give_up (rearming, rc);
  else if (!curator_core_is_connected (self->core))
    postpone (rearming);
  else
    {
      /* The connection goes on, and with it the reads of those who were told of the last event. */
      curator_watch_set_missed (rearming->watch);
      rearming->link.data = rearming;
      g_queue_push_tail_link (&self->waiting, &rearming->link);
      rearming->retry = curator_core_retry (self->core, &rearming->state, rc, on_waited, rearming);
    }
}

/* A watch for children waits for the node itself to come into being. */
static void
on_read (CuratorRequest *request, gpointer user_data)
{
  Rearming *rearming = user_data;
  CuratorRearmer *self = rearming->rearmer;

  if (request->rc == ZNONODE && rearming->type == CURATOR_REQUEST_GET_CHILDREN)
    {
      g_autoptr (CuratorWatch) watch = curator_watch_ref (rearming->watch);
      g_autofree char *path = g_strdup (rearming->path);

      rearming->type = CURATOR_REQUEST_EXISTS;
      read_again (rearming);
      /* Afterwards, so that whoever reads because of it finds nothing that the watch will not tell of. */
      curator_watch_table_vanished (self->table, path, watch);
    }
  else if (request->rc == ZOK || request->rc == ZNONODE)
    {
      if (request->rc == ZOK && curator_watch_is_absent (rearming->watch) &&
          CURATOR_GUARD (TELL_OF_APPEARANCE))
        curator_watch_table_appeared (self->table, rearming->path, rearming->watch);
      rearming_free (rearming);
    }
  else
    {
      handle_failure (rearming, request->rc);
    }
}

/* --- interface
 * ----------------------------------------------------------------------------------------------- */

CuratorRearmer *
curator_rearmer_new (CuratorCore *core, CuratorWatchTable *table)
{
  CuratorRearmer *self = g_new0 (CuratorRearmer, 1);

  self->core = core;
  self->table = table;
  return self;
}

void
curator_rearmer_free (CuratorRearmer *self)
{
  g_return_if_fail (self->waiting.length == 0);

  g_free (self);
}

void
curator_rearmer_arm (CuratorRearmer *self, const char *path, CuratorWatchKind kind, CuratorWatch *watch)
{
  Rearming *rearming = g_new0 (Rearming, 1);

  rearming->rearmer = self;
  if (kind != CURATOR_WATCH_KIND_CHILDREN || curator_watch_is_absent (watch))
    rearming->type = CURATOR_REQUEST_EXISTS;
  else
    rearming->type = CURATOR_REQUEST_GET_CHILDREN;
  rearming->path = g_strdup (path);
  rearming->watch = curator_watch_ref (watch);
  read_again (rearming);
}

void
curator_rearmer_connected (CuratorRearmer *self)
{
  while (self->waiting.length > 0)
    {
      Rearming *rearming = self->waiting.head->data;

      curator_core_cancel_retry (self->core, rearming->retry);
      end_wait (rearming);
      postpone (rearming);
    }
  curator_watch_table_connected (self->table);
}
