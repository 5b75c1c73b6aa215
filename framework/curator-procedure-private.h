/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-flight-private.h"

G_BEGIN_DECLS

/* What the procedures share, each of which begins with it: the request that it works for, and the steps that
 * it is made of. Loop only. */
typedef struct
{
  CuratorCore *core;
  CuratorRequest *request;
  CuratorRequestFunc func;
  gpointer user_data;
  CuratorFlight flight;
  gint64 bound_session; /* with THIS_SESSION */
} CuratorProcedure;

/* The flight calls with the procedure. */
void curator_procedure_init (CuratorProcedure *self,
                             CuratorCore *core,
                             CuratorRequest *request,
                             CuratorRequestFunc func,
                             gpointer user_data);
/* Calls back and frees the procedure, whose other members are to be cleared before. */
void curator_procedure_end (CuratorProcedure *self, int rc);

gboolean curator_procedure_has (CuratorProcedure *self, CuratorRequestFlags flag);
gboolean curator_procedure_is_session_over (CuratorProcedure *self);
/* Of the request's flags those that its steps have too. What is protected is not sent twice by the core. */
CuratorRequestFlags curator_procedure_get_step_flags (CuratorProcedure *self);
/* For curator_flight_add (). */
CuratorRequest *
curator_procedure_new_step (CuratorProcedure *self, CuratorRequestType type, const char *server_path);
/* One that sets the request's data where it has the request's version. */
CuratorRequest *curator_procedure_new_set_data (CuratorProcedure *self);
/* TRUE where @data (nullable) are the request's, none being as good as empty ones. */
gboolean curator_procedure_has_data (CuratorProcedure *self, GBytes *data);

G_END_DECLS
