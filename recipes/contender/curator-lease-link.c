/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-lease-link-private.h"

#include "curator-lease-private.h"

/* The contender's view of its owner, which it does not keep alive. */
struct _CuratorLeaseLink
{
  gatomicrefcount ref_count;
  GWeakRef lease;
  GMainContext *context;
  GPtrArray *releases; /* loop only: (element-type CuratorPending) */
  int is_asked_for;    /* atomic */
};

typedef struct
{
  CuratorLeaseLink *link;
  CuratorLeaseState state;
  gboolean is_revocation; /* instead of a state */
} Emission;

typedef struct
{
  CuratorContender *contender;
  CuratorLeaseLink *link;  /* NULL where nobody waits */
  CuratorPending *pending; /* likewise */
} ReleaseCall;

CuratorLeaseLink *
curator_lease_link_ref (CuratorLeaseLink *link)
{
  g_atomic_ref_count_inc (&link->ref_count);
  return link;
}

void
curator_lease_link_unref (CuratorLeaseLink *link)
{
  if (!g_atomic_ref_count_dec (&link->ref_count))
    return;
  g_weak_ref_clear (&link->lease);
  g_ptr_array_unref (link->releases);
  g_main_context_unref (link->context);
  g_free (link);
}

CuratorLeaseLink *
curator_lease_link_new (CuratorLease *lease, GMainContext *context)
{
  CuratorLeaseLink *link = g_new0 (CuratorLeaseLink, 1);

  g_atomic_ref_count_init (&link->ref_count);
  g_weak_ref_init (&link->lease, lease);
  link->context = g_main_context_ref (context);
  link->releases = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_pending_unref);
  return link;
}

static void
emission_free (gpointer data)
{
  Emission *emission = data;

  curator_lease_link_unref (emission->link);
  g_free (emission);
}

static gboolean
on_emission (gpointer data)
{
  Emission *emission = data;
  g_autoptr (CuratorLease) lease = g_weak_ref_get (&emission->link->lease);

  if (lease != NULL && emission->is_revocation)
    curator_lease_deliver_revocation (lease);
  else if (lease != NULL)
    curator_lease_deliver (lease, emission->state);
  return G_SOURCE_REMOVE;
}

static void
lease_link_post (CuratorLeaseLink *link, CuratorLeaseState state, gboolean is_revocation)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Emission *emission = g_new (Emission, 1);

  *emission = (Emission){ curator_lease_link_ref (link), state, is_revocation };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "CuratorLease");
  g_source_set_callback (source, on_emission, emission, emission_free);
  g_source_attach (source, link->context);
}

void
curator_lease_link_post (CuratorLeaseLink *link, CuratorLeaseState state)
{
  lease_link_post (link, state, FALSE);
}

void
curator_lease_link_post_revocation (CuratorLeaseLink *link)
{
  g_atomic_int_set (&link->is_asked_for, TRUE);
  lease_link_post (link, CURATOR_LEASE_STATE_HELD, TRUE);
}

gboolean
curator_lease_link_is_asked_for (CuratorLeaseLink *link)
{
  return g_atomic_int_get (&link->is_asked_for);
}

/* As the contender's owner, in the loop */

static void
lease_link_set_state (CuratorLeaseLink *link, CuratorLeaseState state)
{
  g_autoptr (CuratorLease) lease = g_weak_ref_get (&link->lease);

  if (lease != NULL)
    curator_lease_set_state (lease, state);
}

static void
on_suspect (CuratorContender *contender, gpointer user_data)
{
  lease_link_set_state (user_data, CURATOR_LEASE_STATE_SUSPECT);
}

static void
on_restored (CuratorContender *contender, gpointer user_data)
{
  lease_link_set_state (user_data, CURATOR_LEASE_STATE_HELD);
}

static void
on_lost (CuratorContender *contender, gpointer user_data)
{
  lease_link_set_state (user_data, CURATOR_LEASE_STATE_LOST);
}

static void
on_released (CuratorContender *contender, const GError *error, gpointer user_data)
{
  CuratorLeaseLink *link = user_data;
  g_autoptr (GPtrArray) releases = g_steal_pointer (&link->releases);

  link->releases = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_pending_unref);
  for (guint i = 0; i < releases->len; i++)
    curator_pending_complete (releases->pdata[i], GINT_TO_POINTER (TRUE),
                              error != NULL ? g_error_copy (error) : NULL);
}

static void
on_revoked (CuratorContender *contender, gpointer user_data)
{
  curator_lease_link_post_revocation (user_data);
}

static const CuratorContenderOwner contender_owner = {
  .revoked = on_revoked,
  .suspect = on_suspect,
  .restored = on_restored,
  .lost = on_lost,
  .released = on_released,
};

void
curator_lease_link_attach (CuratorLeaseLink *link, CuratorContender *contender)
{
  curator_contender_set_owner (contender, &contender_owner, curator_lease_link_ref (link),
                               (GDestroyNotify) curator_lease_link_unref);
}

static void
run_release (gpointer user_data)
{
  ReleaseCall *call = user_data;

  if (curator_contender_is_done (call->contender))
    {
      const GError *error = curator_contender_get_release_error (call->contender);

      if (call->pending != NULL)
        curator_pending_complete (call->pending, GINT_TO_POINTER (TRUE),
                                  error != NULL ? g_error_copy (error) : NULL);
    }
  else
    {
      if (call->pending != NULL)
        g_ptr_array_add (call->link->releases, curator_pending_ref (call->pending));
      curator_contender_release (call->contender);
    }
  g_clear_pointer (&call->pending, curator_pending_unref);
  g_clear_pointer (&call->link, curator_lease_link_unref);
  curator_contender_unref (call->contender);
  g_free (call);
}

void
curator_lease_link_release (CuratorLeaseLink *link,
                            CuratorContender *contender,
                            CuratorLoop *loop,
                            CuratorPending *pending)
{
  ReleaseCall *call = g_new0 (ReleaseCall, 1);

  call->contender = curator_contender_ref (contender);
  if (pending != NULL)
    {
      call->link = curator_lease_link_ref (link);
      call->pending = curator_pending_ref (pending);
    }
  curator_loop_invoke (loop, run_release, call);
}
