/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-connection-state-private.h"

#define S(name) CURATOR_CONNECTION_STATE_##name

/* Rows: the state; columns: up, up read-only, down, lost, refused, closed. */
static const CuratorConnectionState transitions[CURATOR_N_CONNECTION_STATES][CURATOR_N_CONNECTION_EVENTS] = {
  /* UP, UP_READ_ONLY, DOWN, LOST, REFUSED, CLOSED */
  [S (LATENT)] = { S (CONNECTED), S (READ_ONLY), S (LATENT), S (LATENT), S (LOST), S (CLOSED) },
  [S (CONNECTED)] = { S (CONNECTED), S (READ_ONLY), S (SUSPENDED), S (LOST), S (LOST), S (CLOSED) },
  [S (SUSPENDED)] = { S (RECONNECTED), S (READ_ONLY), S (SUSPENDED), S (LOST), S (LOST), S (CLOSED) },
  [S (RECONNECTED)] = { S (RECONNECTED), S (READ_ONLY), S (SUSPENDED), S (LOST), S (LOST), S (CLOSED) },
  [S (LOST)] = { S (RECONNECTED), S (READ_ONLY), S (LOST), S (LOST), S (LOST), S (CLOSED) },
  [S (READ_ONLY)] = { S (RECONNECTED), S (READ_ONLY), S (SUSPENDED), S (LOST), S (LOST), S (CLOSED) },
  [S (CLOSED)] = { S (CLOSED), S (CLOSED), S (CLOSED), S (CLOSED), S (CLOSED), S (CLOSED) },
};

CuratorConnectionState
curator_connection_state_next (CuratorConnectionState state, CuratorConnectionEvent event, gboolean was_writable)
{
  CuratorConnectionState next = transitions[state][event];

  if (next == S (RECONNECTED) && !was_writable)
    return S (CONNECTED);
  return next;
}

gboolean
curator_connection_state_is_error (CuratorConnectionState state, CuratorConnectionStateErrorPolicy policy)
{
  return state == S (LOST) || state == S (CLOSED)
         || (state == S (SUSPENDED) && policy == CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD);
}

gboolean
curator_connection_state_is_connected (CuratorConnectionState state)
{
  return state == S (CONNECTED) || state == S (RECONNECTED) || state == S (READ_ONLY);
}
