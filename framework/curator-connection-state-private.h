/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-enums.h"

G_BEGIN_DECLS

/* The connection-state manager: pure. What happens to the connection, and the state that follows. */

typedef enum
{
  CURATOR_CONNECTION_EVENT_UP,
  CURATOR_CONNECTION_EVENT_UP_READ_ONLY,
  CURATOR_CONNECTION_EVENT_DOWN,
  CURATOR_CONNECTION_EVENT_LOST,
  CURATOR_CONNECTION_EVENT_REFUSED, /* lost for good: the server does not accept the client */
  CURATOR_CONNECTION_EVENT_CLOSED,
  CURATOR_N_CONNECTION_EVENTS
} CuratorConnectionEvent;

#define CURATOR_N_CONNECTION_STATES (CURATOR_CONNECTION_STATE_CLOSED + 1)

/* The state after the event; the same one where the event changes nothing. A client that has only ever been
 * connected to read-only servers is CONNECTED, not RECONNECTED, when it first reaches a writable one. */
CuratorConnectionState curator_connection_state_next (CuratorConnectionState state, CuratorConnectionEvent event,
                                                      gboolean was_writable);
/* Whether the state means that what the session holds may not be relied on. */
gboolean curator_connection_state_is_error (CuratorConnectionState state, CuratorConnectionStateErrorPolicy policy);
gboolean curator_connection_state_is_connected (CuratorConnectionState state);

G_END_DECLS
