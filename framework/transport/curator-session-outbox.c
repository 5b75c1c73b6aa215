/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-session-outbox-private.h"

typedef enum
{
  DELIVERY_EVENT,
  DELIVERY_REPLY,
  DELIVERY_WATCH,
  DELIVERY_AUTH,
} DeliveryKind;

typedef struct
{
  DeliveryKind kind;
  int value; /* the event, the watched event's type, or the rc */
  union
  {
    CuratorRequest *request;
    char *path;
    struct
    {
      CuratorSessionAuthFunc func;
      gpointer data;
    } auth;
  };
} Delivery;

void
curator_session_outbox_init (CuratorSessionOutbox *outbox,
                             CuratorSession *session,
                             const CuratorSessionCallbacks *callbacks,
                             gpointer user_data)
{
  *outbox = (CuratorSessionOutbox){ .session = session,
                                    .callbacks = *callbacks,
                                    .user_data = user_data,
                                    .deliveries = g_array_new (FALSE, FALSE, sizeof (Delivery)) };
}

void
curator_session_outbox_clear (CuratorSessionOutbox *outbox)
{
  g_clear_pointer (&outbox->deliveries, g_array_unref);
}

void
curator_session_outbox_set_silent (CuratorSessionOutbox *outbox)
{
  outbox->silent = TRUE;
}

static void
push (CuratorSessionOutbox *outbox, Delivery delivery)
{
  g_array_append_val (outbox->deliveries, delivery);
}

void
curator_session_outbox_add_event (CuratorSessionOutbox *outbox, CuratorSessionEvent event)
{
  push (outbox, (Delivery){ .kind = DELIVERY_EVENT, .value = event });
}

void
curator_session_outbox_add_reply (CuratorSessionOutbox *outbox, CuratorRequest *request, int rc)
{
  push (outbox, (Delivery){ .kind = DELIVERY_REPLY, .value = rc, .request = request });
}

void
curator_session_outbox_add_watch (CuratorSessionOutbox *outbox,
                                  CuratorWatchedEventType type,
                                  const char *path)
{
  push (outbox, (Delivery){ .kind = DELIVERY_WATCH, .value = type, .path = g_strdup (path) });
}

void
curator_session_outbox_add_auth (CuratorSessionOutbox *outbox,
                                 int rc,
                                 CuratorSessionAuthFunc func,
                                 gpointer data)
{
  push (outbox, (Delivery){ .kind = DELIVERY_AUTH, .value = rc, .auth = { func, data } });
}

gboolean
curator_session_outbox_is_empty (CuratorSessionOutbox *outbox)
{
  return outbox->next == outbox->deliveries->len;
}

static void
deliver_one (CuratorSessionOutbox *outbox, Delivery *delivery)
{
  CuratorSession *session = outbox->session;

  switch (delivery->kind)
    {
    case DELIVERY_EVENT:
      if (!outbox->silent)
        outbox->callbacks.event (session, (CuratorSessionEvent) delivery->value, outbox->user_data);
      break;
    case DELIVERY_REPLY:
      delivery->request->reply_rc = delivery->value;
      outbox->callbacks.replied (session, delivery->request, outbox->user_data);
      curator_request_unref (delivery->request);
      break;
    case DELIVERY_WATCH:
      if (!outbox->silent)
        outbox->callbacks.watched (session, (CuratorWatchedEventType) delivery->value, delivery->path,
                                   outbox->user_data);
      g_free (delivery->path);
      break;
    case DELIVERY_AUTH:
      if (delivery->auth.func != NULL)
        delivery->auth.func (delivery->value, delivery->auth.data);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
curator_session_outbox_deliver (CuratorSessionOutbox *outbox)
{
  while (outbox->next < outbox->deliveries->len)
    {
      Delivery delivery = g_array_index (outbox->deliveries, Delivery, outbox->next);

      outbox->next++;
      if (outbox->next == outbox->deliveries->len)
        {
          g_array_set_size (outbox->deliveries, 0);
          outbox->next = 0;
        }
      deliver_one (outbox, &delivery);
    }
}
