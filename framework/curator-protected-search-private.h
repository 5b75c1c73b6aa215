/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-flight-private.h"

G_BEGIN_DECLS

/* Looks for the node of a protected create by its GUID, and has everything else that carries the GUID deleted
 * in the background: doubles, and what an earlier session left. Embedded in the procedure. Loop only. */

/* @rc is a failure, or 0. @path is the server's path of the node, and @answer an answered request with its
 * stat and session; both NULL where there is none that may be taken. */
typedef void (*CuratorProtectedSearchFunc) (int rc,
                                            const char *path,
                                            CuratorRequest *answer,
                                            gpointer user_data);

typedef struct
{
  CuratorFlight flight;
  gpointer user_data;
  CuratorProtectedSearchFunc func;
  CuratorRequest *create;
  CuratorRequestFlags flags;
  gboolean for_doubles;
  GPtrArray *found; /* names, while their owners are looked at */
} CuratorProtectedSearch;

/* @create is the protected create (borrowed): its path, mode and GUID. @flags are those of the requests made.
 */
void curator_protected_search_init (CuratorProtectedSearch *self,
                                    CuratorCore *core,
                                    CuratorRequest *create,
                                    CuratorRequestFlags flags,
                                    gpointer user_data);
void curator_protected_search_clear (CuratorProtectedSearch *self);
/* After the outcome was left open: behind a sync, which makes the server that answers catch up. */
void curator_protected_search_begin (CuratorProtectedSearch *self, CuratorProtectedSearchFunc func);
/* After the create succeeded: whether there is more than the one node. Finds nothing where there is not. */
void curator_protected_search_begin_for_doubles (CuratorProtectedSearch *self,
                                                 CuratorProtectedSearchFunc func);
void curator_protected_search_cancel (CuratorProtectedSearch *self);

G_END_DECLS
