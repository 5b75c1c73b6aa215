/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-request-private.h"
#include "curator-loop-private.h"

G_BEGIN_DECLS

/* The part of a client that lives in the loop, shared by all CuratorFramework objects (namespaces) of that client:
 * the session, the connection state, the requests in flight and the watches. Paths here are the server's: the
 * public side puts chroot and namespace before them and takes them off again.
 *
 * Everything is to be called in the loop, except where it says otherwise. */

typedef struct _CuratorCore CuratorCore;

CuratorCore *curator_core_ref (CuratorCore *core);
void curator_core_unref (CuratorCore *core);
CuratorCore *curator_framework_get_core (CuratorFramework *client);
CuratorLoop *curator_core_get_loop (CuratorCore *core);

/* Submits a request with a server path as it is, without looking at the flags that a procedure implements
 * (PARENTS, CONTAINER_PARENTS, PROTECTED, OR_SET_DATA, IDEMPOTENT, GUARANTEED, CHILDREN, QUIETLY). The client's
 * retry policy applies unless NO_RETRY is set. While not connected the request waits for the connection, up to the
 * client's connection time-out. @func is called exactly once and never from inside this call. */
void curator_core_submit (CuratorCore *core, CuratorRequest *request, CuratorRequestFunc func, gpointer user_data);
/* Ends the request at once with CURATOR_RC_CANCELLED (its callback runs before this returns), unless it ended
 * already; what the server does with it is not known any more. */
void curator_core_cancel (CuratorCore *core, CuratorRequest *request);

/* For procedures that try again themselves. Counts and times the attempts of one procedure. */
typedef struct
{
  guint count;
  gint64 started_us; /* 0 before the first retry */
} CuratorRetryState;

typedef struct _CuratorRetry CuratorRetry;
/* @rc is 0 once the policy's delay has passed and the client is connected again: try again. Else the failure to
 * report: the rc given, where the policy says no; CURATOR_RC_CLOSED; CURATOR_RC_CANCELLED. */
typedef void (*CuratorRetryFunc) (int rc, gpointer user_data);

/* TRUE where trying again may help: connection loss, operation time-out, session moved or expired, throttled. */
gboolean curator_rc_is_retryable (int rc);
/* Waits as the policy says and for the connection, then calls @func, never from inside this call. */
CuratorRetry *curator_core_retry (CuratorCore *core, CuratorRetryState *state, int rc, CuratorRetryFunc func,
                                  gpointer user_data);
/* @func is not called any more. */
void curator_core_cancel_retry (CuratorCore *core, CuratorRetry *retry);

gboolean curator_core_is_connected (CuratorCore *core);
/* TRUE from the moment the client closes: nothing new is to be begun. */
gboolean curator_core_is_closing (CuratorCore *core);
/* The id of the current session; 0 without one (before the first connection, after a loss, read-only). */
gint64 curator_core_get_session_id (CuratorCore *core);
/* The access control list for a new node where the caller gave none: (element-type CuratorAcl). */
GPtrArray *curator_core_dup_default_acl (CuratorCore *core, const char *path);
/* Containers are not known to every server; once one said so, persistent nodes are made instead. */
gboolean curator_core_get_use_containers (CuratorCore *core);
void curator_core_set_use_containers (CuratorCore *core, gboolean use_containers);

/* See curator_framework_catch_up (). */
void curator_core_catch_up (CuratorCore *core);

guint curator_core_add_state_listener (CuratorCore *core, CuratorStateFunc func, gpointer user_data);
void curator_core_remove_state_listener (CuratorCore *core, guint id);

/* What went wrong in the background, where nobody waits for an answer: reported to all listeners. */
typedef void (*CuratorErrorFunc) (const GError *error, gpointer user_data);
guint curator_core_add_error_listener (CuratorCore *core, CuratorErrorFunc func, gpointer user_data);
void curator_core_remove_error_listener (CuratorCore *core, guint id);
void curator_core_report_error (CuratorCore *core, int rc, const char *operation, const char *path);

/* The procedures, chosen by curator_framework_submit () from type and flags. Each sends its first request before it
 * returns, so that order and pipelining hold; the request's callback is called exactly once and never from inside
 * the call. All understand curator_*_procedure_cancel () at any point. */
void curator_create_procedure_start (CuratorCore *core, CuratorRequest *request, CuratorRequestFunc func,
                                     gpointer user_data);
void curator_create_procedure_cancel (CuratorCore *core, CuratorRequest *request);
void curator_delete_procedure_start (CuratorCore *core, CuratorRequest *request, CuratorRequestFunc func,
                                     gpointer user_data);
void curator_delete_procedure_cancel (CuratorCore *core, CuratorRequest *request);
void curator_set_data_procedure_start (CuratorCore *core, CuratorRequest *request, CuratorRequestFunc func,
                                       gpointer user_data);
void curator_set_data_procedure_cancel (CuratorCore *core, CuratorRequest *request);
/* Deletes @path (any version) in the background until it is gone or the client closed, over any number of failures,
 * reconnects and sessions. With @session_id not 0 only while that session lives (its ephemerals go with it). */
void curator_core_delete_guaranteed (CuratorCore *core, const char *path, gint64 session_id);
/* Finds the nodes that carry @guid under the parent of @path (the path as given to the create) and deletes them,
 * likewise in the background: what is left of a protected create whose outcome nobody waits for. */
void curator_core_delete_protected (CuratorCore *core, const char *path, const char *guid, gint64 session_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorCore, curator_core_unref)

G_END_DECLS
