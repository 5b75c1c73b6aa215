/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-sent-list-private.h"

#include <string.h>

void
curator_sent_list_init (CuratorSentList *list)
{
  *list = (CuratorSentList){ .requests = g_array_new (FALSE, FALSE, sizeof (CuratorSentRequest)) };
}

void
curator_sent_list_reset (CuratorSentList *list)
{
  for (guint i = list->head; i < list->requests->len; i++)
    g_clear_pointer (&g_array_index (list->requests, CuratorSentRequest, i).parts, g_byte_array_unref);
  g_array_set_size (list->requests, 0);
  list->head = list->n_unsent = 0;
}

void
curator_sent_list_clear (CuratorSentList *list)
{
  curator_sent_list_reset (list);
  g_clear_pointer (&list->requests, g_array_unref);
}

void
curator_sent_list_add (CuratorSentList *list, gint32 xid, const char *format, GByteArray *parts)
{
  CuratorSentRequest request = { xid, 0, format, parts };

  g_array_append_val (list->requests, request);
  list->n_unsent++;
}

void
curator_sent_list_stamp (CuratorSentList *list, gint64 now_us)
{
  for (guint i = list->requests->len - list->n_unsent; i < list->requests->len; i++)
    g_array_index (list->requests, CuratorSentRequest, i).sent_us = now_us;
  list->n_unsent = 0;
}

/* Takes the oldest request with the number off the list: the first one, but for the C client's own packets,
 * which the server may answer out of turn. A request proper must be the first of its kind. */
gboolean
curator_sent_list_take (CuratorSentList *list, gint32 xid, CuratorSentRequest *taken)
{
  gboolean special = xid == CURATOR_XID_PING || xid == CURATOR_XID_AUTH || xid == CURATOR_XID_SET_WATCHES;

  for (guint i = list->head; i < list->requests->len; i++)
    {
      CuratorSentRequest found = g_array_index (list->requests, CuratorSentRequest, i);

      if (found.xid == xid && found.sent_us != 0)
        {
          CuratorSentRequest *head = &g_array_index (list->requests, CuratorSentRequest, list->head);

          memmove (head + 1, head, (i - list->head) * sizeof *head);
          list->head++;
          *taken = found;
          if (list->head == list->requests->len)
            {
              list->head = 0;
              g_array_set_size (list->requests, 0);
            }
          else if (list->head >= 1024 && list->head * 2 > list->requests->len)
            {
              g_array_remove_range (list->requests, 0, list->head);
              list->head = 0;
            }
          return TRUE;
        }
      if (!special && found.xid >= 0)
        return FALSE;
    }
  return FALSE;
}

gboolean
curator_sent_list_is_empty (CuratorSentList *list)
{
  return list->head == list->requests->len;
}
