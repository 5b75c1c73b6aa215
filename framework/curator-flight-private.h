/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-core-private.h"

G_BEGIN_DECLS

/* Requests that a procedure sends together and whose answers it looks at together. The procedure embeds one
 * and sends one flight after the other with it. Loop only. */

typedef struct _CuratorFlight CuratorFlight;
/* All requests have ended; they are in the order of their addition. The flight is empty again, so that the
 * next one may be begun, and is not touched after the call, so that it may be freed. */
typedef void (*CuratorFlightFunc) (GPtrArray *requests, gpointer user_data);

struct _CuratorFlight
{
  CuratorCore *core;
  gpointer user_data;
  GPtrArray *requests; /* (element-type CuratorRequest): owned; NULL between flights */
  guint pending;
  CuratorFlightFunc landed;
};

/* The flight needs nothing to be cleared while none of its requests are under way. */
void curator_flight_init (CuratorFlight *self, CuratorCore *core, gpointer user_data);
/* Sends @request, which the flight takes over. Without an answer before the caller returns to the loop. */
void curator_flight_add (CuratorFlight *self, CuratorRequest *request);
/* After the additions, of which there must be one. */
void curator_flight_begin (CuratorFlight *self, CuratorFlightFunc landed);
/* Cancels what is under way; nothing is called. */
void curator_flight_cancel (CuratorFlight *self);

/* A request with a server path, for curator_flight_add (). */
CuratorRequest *
curator_flight_new_request (CuratorRequestType type, const char *server_path, CuratorRequestFlags flags);

G_END_DECLS
