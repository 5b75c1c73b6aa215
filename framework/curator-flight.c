/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-flight-private.h"

void
curator_flight_init (CuratorFlight *self, CuratorCore *core, gpointer user_data)
{
  self->core = core;
  self->user_data = user_data;
}

static void
on_ended (CuratorRequest *request, gpointer user_data)
{
  CuratorFlight *self = user_data;
  CuratorFlightFunc landed = self->landed;
  g_autoptr (GPtrArray) requests = NULL;

  if (--self->pending > 0 || landed == NULL)
    return;
  requests = g_steal_pointer (&self->requests);
  self->landed = NULL;
  landed (requests, self->user_data);
}

void
curator_flight_add (CuratorFlight *self, CuratorRequest *request)
{
  if (self->requests == NULL)
    self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_request_unref);
  g_ptr_array_add (self->requests, request);
  self->pending++;
  curator_core_submit (self->core, request, on_ended, self);
}

void
curator_flight_begin (CuratorFlight *self, CuratorFlightFunc landed)
{
  self->landed = landed;
}

void
curator_flight_cancel (CuratorFlight *self)
{
  g_autoptr (GPtrArray) requests = g_steal_pointer (&self->requests);

  self->landed = NULL;
  for (guint i = 0; requests != NULL && i < requests->len; i++)
    curator_core_cancel (self->core, g_ptr_array_index (requests, i));
}

CuratorRequest *
curator_flight_new_request (CuratorRequestType type, const char *server_path, CuratorRequestFlags flags)
{
  CuratorRequest *request = curator_request_new (type, server_path);

  request->server_path = g_strdup (server_path);
  request->flags = flags;
  return request;
}
