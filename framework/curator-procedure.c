/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-procedure-private.h"

void
curator_procedure_init (CuratorProcedure *self,
                        CuratorCore *core,
                        CuratorRequest *request,
                        CuratorRequestFunc func,
                        gpointer user_data)
{
  self->core = curator_core_ref (core);
  self->request = curator_request_ref (request);
  self->func = func;
  self->user_data = user_data;
  self->bound_session = curator_core_get_session_id (core);
  curator_flight_init (&self->flight, core, self);
  request->procedure = self;
}

void
curator_procedure_end (CuratorProcedure *self, int rc)
{
  g_autoptr (CuratorCore) core = self->core;
  g_autoptr (CuratorRequest) request = self->request;

  request->rc = rc;
  request->procedure = NULL;
  self->func (request, self->user_data);
  g_free (self);
}

gboolean
curator_procedure_has (CuratorProcedure *self, CuratorRequestFlags flag)
{
  return (self->request->flags & flag) != 0;
}

gboolean
curator_procedure_is_session_over (CuratorProcedure *self)
{
  return curator_procedure_has (self, CURATOR_REQUEST_FLAG_THIS_SESSION) &&
         curator_core_get_session_id (self->core) != self->bound_session;
}

CuratorRequestFlags
curator_procedure_get_step_flags (CuratorProcedure *self)
{
  CuratorRequestFlags flags =
      self->request->flags & (CURATOR_REQUEST_FLAG_NO_RETRY | CURATOR_REQUEST_FLAG_THIS_SESSION);

  return curator_procedure_has (self, CURATOR_REQUEST_FLAG_PROTECTED) ? flags | CURATOR_REQUEST_FLAG_NO_RETRY
                                                                      : flags;
}

CuratorRequest *
curator_procedure_new_step (CuratorProcedure *self, CuratorRequestType type, const char *server_path)
{
  return curator_flight_new_request (type, server_path, curator_procedure_get_step_flags (self));
}

CuratorRequest *
curator_procedure_new_set_data (CuratorProcedure *self)
{
  CuratorRequest *set =
      curator_procedure_new_step (self, CURATOR_REQUEST_SET_DATA, self->request->server_path);

  set->data = self->request->data != NULL ? g_bytes_ref (self->request->data) : NULL;
  set->version = self->request->version;
  return set;
}

gboolean
curator_procedure_has_data (CuratorProcedure *self, GBytes *data)
{
  GBytes *wanted = self->request->data;
  gsize wanted_length = wanted == NULL ? 0 : g_bytes_get_size (wanted);
  gsize length = data == NULL ? 0 : g_bytes_get_size (data);

  return length == wanted_length && (length == 0 || g_bytes_equal (data, wanted));
}
