/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-background-delete-private.h"
#include "curator-client-config-private.h"
#include "curator-connection-state-private.h"
#include "curator-core-private.h"
#include "curator-listeners-private.h"
#include "curator-metrics-private.h"
#include "curator-rearmer-private.h"
#include "curator-session-private.h"
#include "curator-watch-table-private.h"

G_BEGIN_DECLS

/* The inside of the core, shared by its two halves: curator-core.c (life, session, state, watches) and
 * curator-core-requests.c (requests, retries). */

typedef enum
{
  CURATOR_CORE_LATENT,
  CURATOR_CORE_STARTED,
  CURATOR_CORE_CLOSING,
  CURATOR_CORE_CLOSED,
} CuratorCorePhase;

/* What the loop publishes for other threads to read. */
typedef struct
{
  GMutex lock;
  gint64 session_id;
  guint negotiated_timeout_ms;
  char password[16];
  gsize password_length;
} CuratorCorePublished;

typedef struct _CuratorAuthCall CuratorAuthCall;
typedef void (*CuratorCoreClosedFunc) (gpointer user_data);

struct _CuratorCore
{
  gatomicrefcount ref_count;
  CuratorClientConfig *config;
  CuratorLoop *loop;
  int n_clients; /* atomic: CuratorFramework objects */
  int phase;     /* CuratorCorePhase, written in the loop, atomic */
  int state;     /* CuratorConnectionState, likewise */
  gint64 deadline_us; /* likewise */
  CuratorCorePublished published;
  CuratorMetricsCounters metrics;

  /* loop only */
  CuratorEnsemble *ensemble;
  CuratorSession *session;
  gboolean session_is_new;
  gboolean was_writable;
  gboolean connected; /* as the listeners were told */
  gboolean has_caught_up; /* with the leader, since there is this connection */
  int failed_rc;      /* not 0: no new session will be made, and this is why */
  gboolean use_containers;
  guint64 past_bytes_sent, past_bytes_received; /* of earlier sessions */
  CuratorWatchTable *watches;
  CuratorRearmer *rearmer;
  CuratorBackgroundDelete *background_delete;
  CuratorListeners *state_listeners; /* CuratorStateFunc */
  CuratorListeners *error_listeners; /* CuratorErrorFunc */
  GPtrArray *auths;         /* (element-type CuratorAuthInfo): the config's and those added later */
  GPtrArray *waiting_auths; /* (element-type CuratorAuthCall): for the connection */
  GQueue waiting;         /* CuratorRequest: for the connection */
  GQueue delayed;         /* CuratorRequest: for the retry policy's delay */
  GQueue active;          /* CuratorRequest: sent */
  GQueue deferred;        /* CuratorRequest: failed already, to be called back */
  CuratorTimer *waiting_timer;
  GQueue retries;      /* CuratorRetry */
  GArray *closed_funcs;
};

CuratorCore *curator_core_new (CuratorClientConfig *config);
/* Any thread. */
gboolean curator_core_start (CuratorCore *core, GError **error);
/* Loop only; @func is called once the core is closed, at the earliest after this call. */
void curator_core_close (CuratorCore *core, CuratorCoreClosedFunc func, gpointer user_data);
typedef void (*CuratorCoreAuthFunc) (int rc, gpointer user_data);
/* Loop only. */
void curator_core_add_auth (CuratorCore *core, const char *scheme, GBytes *auth, CuratorCoreAuthFunc func,
                            gpointer user_data);
/* Any thread. */
CuratorMetrics *curator_core_snapshot_metrics (CuratorCore *core);
CuratorCorePhase curator_core_get_phase (CuratorCore *core);

/* curator-core-requests.c, for curator-core.c */
void curator_core_requests_connected (CuratorCore *core);
void curator_core_requests_replied (CuratorCore *core, CuratorRequest *request);
/* Ends all requests that were not sent, and all waiting retries, with @rc. */
void curator_core_requests_fail_unsent (CuratorCore *core, int rc);

G_END_DECLS
