/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-flight-private.h"

#include <zookeeper.h>

/* Setting data so that an attempt whose answer was lost does no harm: the next one then meets the version
 * that the lost one has set. That it was this client's is taken from the data and from the version, which
 * must be the one after the version asked for. Retries are the core's. Without a version to ask for there is
 * nothing to be done: setting the same data once more is not refused. */

typedef struct
{
  CuratorCore *core;
  CuratorRequest *request;
  CuratorRequestFunc func;
  gpointer user_data;
  CuratorFlight flight;
} SetDataProcedure;

/* @answer is the request whose stat and session describe the node, or NULL. */
static void
finish (SetDataProcedure *self, int rc, CuratorRequest *answer)
{
  CuratorRequest *request = self->request;
  CuratorCore *core = self->core;

  request->rc = rc;
  request->procedure = NULL;
  if (answer != NULL)
    {
      request->stat = answer->stat;
      request->session_id = answer->session_id;
    }
  self->func (request, self->user_data);

  g_free (self);
  curator_request_unref (request);
  curator_core_unref (core);
}

static CuratorRequest *
new_step (SetDataProcedure *self, CuratorRequestType type)
{
  CuratorRequestFlags flags =
      self->request->flags & (CURATOR_REQUEST_FLAG_NO_RETRY | CURATOR_REQUEST_FLAG_THIS_SESSION);

  return curator_flight_new_request (type, self->request->server_path, flags);
}

static gboolean
is_wanted (SetDataProcedure *self, CuratorRequest *read)
{
  GBytes *data = self->request->data;
  gsize length = data != NULL ? g_bytes_get_size (data) : 0;

  if (read->stat.version != self->request->version + 1 || g_bytes_get_size (read->result_data) != length)
    return FALSE;
  return length == 0 || g_bytes_equal (read->result_data, data);
}

static void
on_read (GPtrArray *requests, gpointer user_data)
{
  SetDataProcedure *self = user_data;
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
  SetDataProcedure *self = user_data;
  CuratorRequest *set = g_ptr_array_index (requests, 0);

  self->request->attempts = set->attempts;
  if (set->rc != ZBADVERSION || set->attempts < 2)
    {
      finish (self, set->rc, set);
      return;
    }
  curator_flight_add (&self->flight, new_step (self, CURATOR_REQUEST_GET_DATA));
  curator_flight_begin (&self->flight, on_read);
}

void
curator_set_data_procedure_start (CuratorCore *core,
                                  CuratorRequest *request,
                                  CuratorRequestFunc func,
                                  gpointer user_data)
{
  SetDataProcedure *self = g_new0 (SetDataProcedure, 1);
  CuratorRequest *set;

  self->core = curator_core_ref (core);
  self->request = curator_request_ref (request);
  self->func = func;
  self->user_data = user_data;
  curator_flight_init (&self->flight, core, self);
  request->procedure = self;
  set = new_step (self, CURATOR_REQUEST_SET_DATA);
  set->data = request->data != NULL ? g_bytes_ref (request->data) : NULL;
  set->version = request->version;
  curator_flight_add (&self->flight, set);
  curator_flight_begin (&self->flight, on_set);
}

void
curator_set_data_procedure_cancel (CuratorCore *core, CuratorRequest *request)
{
  SetDataProcedure *self = request->procedure;

  if (self == NULL)
    return;
  curator_flight_cancel (&self->flight);
  finish (self, CURATOR_RC_CANCELLED, NULL);
}
