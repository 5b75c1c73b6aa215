/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-procedure-private.h"

#include <zookeeper.h>

#include "curator-guard-private.h"

/* Setting data so that an attempt whose answer was lost does no harm: the next one then meets the version
 * that the lost one has set. That it was this client's is taken from the data and from the version, which
 * must be the one after the version asked for. Retries are the core's. Without a version to ask for there is
 * nothing to be done: setting the same data once more is not refused. */

/* @answer is the request whose stat and session describe the node, or NULL. */
static void
finish (CuratorProcedure *self, int rc, CuratorRequest *answer)
{
  if (answer != NULL)
    {
      self->request->stat = answer->stat;
      self->request->session_id = answer->session_id;
    }
  curator_procedure_end (self, rc);
}

static gboolean
is_wanted (CuratorProcedure *self, CuratorRequest *read)
{
  return read->stat.version == self->request->version + 1 &&
         curator_procedure_has_data (self, read->result_data);
}

static void
on_read (GPtrArray *requests, gpointer user_data)
{
  CuratorProcedure *self = user_data;
  CuratorRequest *read = g_ptr_array_index (requests, 0);

  if (read->rc != ZOK)
    finish (self, read->rc, NULL);
  else if (is_wanted (self, read))
    finish (self, ZOK, read);
  else
    finish (self, ZBADVERSION, NULL);
}

static void
on_set (GPtrArray *requests, gpointer user_data)
{
  CuratorProcedure *self = user_data;
  CuratorRequest *set = g_ptr_array_index (requests, 0);

  self->request->attempts = set->attempts;
  if (set->rc != ZBADVERSION || set->attempts < 2 || !CURATOR_GUARD (CHECK_LOST_SET))
    {
      finish (self, set->rc, set);
      return;
    }
  curator_flight_add (
      &self->flight, curator_procedure_new_step (self, CURATOR_REQUEST_GET_DATA, self->request->server_path));
  curator_flight_begin (&self->flight, on_read);
}

void
curator_set_data_procedure_start (CuratorCore *core,
                                  CuratorRequest *request,
                                  CuratorRequestFunc func,
                                  gpointer user_data)
{
  CuratorProcedure *self = g_new0 (CuratorProcedure, 1);

  curator_procedure_init (self, core, request, func, user_data);
  curator_flight_add (&self->flight, curator_procedure_new_set_data (self));
  curator_flight_begin (&self->flight, on_set);
}

void
curator_set_data_procedure_cancel (CuratorCore *core, CuratorRequest *request)
{
  CuratorProcedure *self = request->procedure;

  if (self == NULL)
    return;
  curator_flight_cancel (&self->flight);
  finish (self, CURATOR_RC_CANCELLED, NULL);
}
