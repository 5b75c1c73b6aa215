/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/socket.h>

#include "curator-host-port-private.h"
#include "curator-loop-private.h"

G_BEGIN_DECLS

/* The servers of one client: which one to connect to next, and when.
 *
 * The list is shuffled once; addresses are then offered in turn, each once in every pass over the list. A
 * pass that ends without a connection is followed by a delay that grows with each such pass. Names are looked
 * up in the background at the beginning of every pass and when an address of theirs failed; meanwhile, and
 * where the name service fails, the addresses known so far are used. A name that is not known yet never holds
 * up the others.
 *
 * Loop only. */

typedef struct _CuratorEnsemble CuratorEnsemble;

typedef struct
{
  gboolean
      canonical_host_names; /* labels carry the names that addresses are known by, not those in the list */
  gint64 base_delay_ms;     /* the delay after the first pass without a connection */
  gint64 max_delay_ms;      /* the delay doubles up to this; the upper half of it is random */
  gint64 lookup_timeout_ms; /* a lookup that takes longer has failed */
} CuratorEnsembleOptions;

#define CURATOR_ENSEMBLE_OPTIONS_DEFAULT                                                                     \
  {                                                                                                          \
    FALSE, 50, 5000, 5000                                                                                    \
  }

/* @address and @label ("host:port") are valid during the call. With @error there was no address to be had in
 * a whole pass; to ask again is right, and waits for the next pass. */
typedef void (*CuratorEnsembleFunc) (const struct sockaddr *address,
                                     socklen_t length,
                                     const char *label,
                                     const GError *error,
                                     gpointer user_data);

/* hosts: (element-type CuratorHostPort): copied. options: (nullable): copied. */
CuratorEnsemble *
curator_ensemble_new (CuratorLoop *loop, GPtrArray *hosts, const CuratorEnsembleOptions *options);
/* Legal from inside a CuratorEnsembleFunc; none is called afterwards. */
void curator_ensemble_free (CuratorEnsemble *ensemble);

/* @func is called once, never from inside this call, unless it is cancelled; it may call anything here. Who
 * asks again after a success has lost that connection: a pass begins at once, with the server that was left
 * as the last. Anyone else may ask meanwhile, to look at other servers. */
void curator_ensemble_next (CuratorEnsemble *ensemble, CuratorEnsembleFunc func, gpointer user_data);
/* Forgets what was asked for with this @user_data. */
void curator_ensemble_cancel_next (CuratorEnsemble *ensemble, gpointer user_data);
/* What became of the address that was given last: it led to a connection; it did not. */
void curator_ensemble_succeeded (CuratorEnsemble *ensemble);
void curator_ensemble_failed (CuratorEnsemble *ensemble);

/* The server of that label is the next one; one that is not in the list changes nothing. */
void curator_ensemble_prefer (CuratorEnsemble *ensemble, const char *label);
/* Replaces the list: what is known of servers in both lists is kept, and the delay starts over. */
void curator_ensemble_set_hosts (CuratorEnsemble *ensemble, GPtrArray *hosts);
/* The number of hosts in the list, each counted once. */
guint curator_ensemble_get_count (CuratorEnsemble *ensemble);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorEnsemble, curator_ensemble_free)

G_END_DECLS
