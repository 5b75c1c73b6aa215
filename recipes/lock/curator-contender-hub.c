/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-hub-private.h"

#include "curator-request-private.h"

typedef struct _CuratorContenderHub
{
  CuratorFramework *client; /* its members keep it alive */
  guint listener;
  guint notifying; /* how deep */
  GQueue members;
} CuratorContenderHub;

static GQuark
hub_quark (void)
{
  return g_quark_from_static_string ("curator-contender-hub");
}

static void
hub_end_if_empty (CuratorContenderHub *hub)
{
  if (hub->members.length > 0 || hub->notifying > 0)
    return;
  curator_framework_remove_state_listener (hub->client, hub->listener);
  g_object_set_qdata (G_OBJECT (hub->client), hub_quark (), NULL);
  g_free (hub);
}

static void
hub_on_state (CuratorConnectionState state, gpointer user_data)
{
  CuratorContenderHub *hub = user_data;
  g_autoptr (CuratorFramework) client = g_object_ref (hub->client);
  guint n_members = hub->members.length;
  g_autofree GList **links = g_new (GList *, n_members);
  g_autofree gpointer *members = g_new (gpointer, n_members);
  guint n = 0;

  /* Who leaves meanwhile is passed over, who joins does so in the new state. */
  for (GList *link = hub->members.head; link != NULL; link = link->next, n++)
    {
      links[n] = link;
      members[n] = ((CuratorContenderHubMember *) (gpointer) link)->ref (link->data);
    }
  hub->notifying++;
  for (guint i = 0; i < n_members; i++)
    {
      CuratorContenderHubMember *member = (CuratorContenderHubMember *) (gpointer) links[i];
      GDestroyNotify unref = member->unref;

      if (member->hub != NULL)
        member->func (state, members[i]);
      unref (members[i]);
    }
  hub->notifying--;
  hub_end_if_empty (hub);
}

static CuratorContenderHub *
hub_ensure (CuratorFramework *client)
{
  CuratorContenderHub *hub = g_object_get_qdata (G_OBJECT (client), hub_quark ());

  if (hub != NULL)
    return hub;
  hub = g_new0 (CuratorContenderHub, 1);
  hub->client = client;
  g_queue_init (&hub->members);
  hub->listener = curator_framework_add_state_listener (client, hub_on_state, hub);
  g_object_set_qdata (G_OBJECT (client), hub_quark (), hub);
  return hub;
}

void
curator_contender_hub_join (CuratorFramework *client,
                            CuratorContenderHubMember *member,
                            CuratorContenderHubFunc func,
                            gpointer user_data,
                            gpointer (*ref) (gpointer),
                            GDestroyNotify unref)
{
  member->hub = hub_ensure (client);
  member->func = func;
  member->ref = ref;
  member->unref = unref;
  member->link.data = user_data;
  g_queue_push_tail_link (&member->hub->members, &member->link);
}

void
curator_contender_hub_leave (CuratorContenderHubMember *member)
{
  CuratorContenderHub *hub = g_steal_pointer (&member->hub);

  if (hub == NULL)
    return;
  g_queue_unlink (&hub->members, &member->link);
  hub_end_if_empty (hub);
}
