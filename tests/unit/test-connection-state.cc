/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <set>
#include <utility>

extern "C" {
#include "curator-connection-state-private.h"
}

namespace
{

using State = CuratorConnectionState;
using Event = CuratorConnectionEvent;

constexpr State LATENT = CURATOR_CONNECTION_STATE_LATENT;
constexpr State CONNECTED = CURATOR_CONNECTION_STATE_CONNECTED;
constexpr State SUSPENDED = CURATOR_CONNECTION_STATE_SUSPENDED;
constexpr State RECONNECTED = CURATOR_CONNECTION_STATE_RECONNECTED;
constexpr State LOST = CURATOR_CONNECTION_STATE_LOST;
constexpr State READ_ONLY = CURATOR_CONNECTION_STATE_READ_ONLY;
constexpr State CLOSED = CURATOR_CONNECTION_STATE_CLOSED;
constexpr Event UP = CURATOR_CONNECTION_EVENT_UP;
constexpr Event UP_READ_ONLY = CURATOR_CONNECTION_EVENT_UP_READ_ONLY;
constexpr Event DOWN = CURATOR_CONNECTION_EVENT_DOWN;
constexpr Event GONE = CURATOR_CONNECTION_EVENT_LOST;
constexpr Event REFUSE = CURATOR_CONNECTION_EVENT_REFUSED;
constexpr Event CLOSE = CURATOR_CONNECTION_EVENT_CLOSED;

TEST (ConnectionState, OneLife)
{
  struct Step
  {
    Event event;
    State expected;
  };
  const Step steps[] = {
    { DOWN, LATENT },      { GONE, LATENT },     { UP, CONNECTED },           { DOWN, SUSPENDED },
    { DOWN, SUSPENDED },   { UP, RECONNECTED },  { DOWN, SUSPENDED },         { GONE, LOST },
    { DOWN, LOST },        { GONE, LOST },       { UP, RECONNECTED },         { GONE, LOST },
    { UP_READ_ONLY, READ_ONLY }, { DOWN, SUSPENDED }, { UP_READ_ONLY, READ_ONLY }, { DOWN, SUSPENDED },
    { UP, RECONNECTED },   { CLOSE, CLOSED },    { UP, CLOSED },              { GONE, CLOSED },
  };
  State state = LATENT;
  bool was_writable = false;

  for (const Step &step : steps)
    {
      was_writable = was_writable || step.event == UP;
      state = curator_connection_state_next (state, step.event, was_writable);
      ASSERT_EQ (state, step.expected) << "step " << (&step - steps);
    }
}

TEST (ConnectionState, ARefusedClientIsLostEvenBeforeItConnected)
{
  EXPECT_EQ (curator_connection_state_next (LATENT, REFUSE, FALSE), LOST);
  EXPECT_EQ (curator_connection_state_next (SUSPENDED, REFUSE, TRUE), LOST);
}

TEST (ConnectionState, TheFirstWritableServerConnects)
{
  State state = curator_connection_state_next (LATENT, UP_READ_ONLY, FALSE);

  EXPECT_EQ (state, READ_ONLY);
  state = curator_connection_state_next (state, DOWN, FALSE);
  EXPECT_EQ (state, SUSPENDED);
  EXPECT_EQ (curator_connection_state_next (state, UP, FALSE), CONNECTED);
  EXPECT_EQ (curator_connection_state_next (READ_ONLY, UP, FALSE), CONNECTED);
}

/* Nothing but these, whatever happens. */
TEST (ConnectionState, OnlyLegalTransitions)
{
  const std::set<std::pair<State, State>> legal = {
    { LATENT, CONNECTED },      { LATENT, READ_ONLY },      { LATENT, LOST },           { CONNECTED, SUSPENDED },   { CONNECTED, LOST },
    { CONNECTED, READ_ONLY },   { SUSPENDED, CONNECTED },   { SUSPENDED, RECONNECTED }, { SUSPENDED, READ_ONLY },
    { SUSPENDED, LOST },        { RECONNECTED, CONNECTED }, { RECONNECTED, SUSPENDED }, { RECONNECTED, LOST },
    { RECONNECTED, READ_ONLY }, { LOST, CONNECTED },        { LOST, RECONNECTED },      { LOST, READ_ONLY },
    { READ_ONLY, CONNECTED },   { READ_ONLY, RECONNECTED }, { READ_ONLY, SUSPENDED },   { READ_ONLY, LOST },
  };

  for (int s = 0; s < CURATOR_N_CONNECTION_STATES; s++)
    for (int e = 0; e < CURATOR_N_CONNECTION_EVENTS; e++)
      for (bool was_writable : { false, true })
        {
          State from = static_cast<State> (s);
          State to = curator_connection_state_next (from, static_cast<Event> (e), was_writable);

          EXPECT_TRUE (to == from || to == CLOSED || legal.count ({ from, to }) == 1) << from << " → " << to;
          EXPECT_TRUE (static_cast<Event> (e) != CLOSE || to == CLOSED);
        }
}

TEST (ConnectionState, ErrorPolicies)
{
  constexpr auto standard = CURATOR_CONNECTION_STATE_ERROR_POLICY_STANDARD;
  constexpr auto session = CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION;

  EXPECT_TRUE (curator_connection_state_is_error (SUSPENDED, standard));
  EXPECT_FALSE (curator_connection_state_is_error (SUSPENDED, session));
  for (auto policy : { standard, session })
    {
      EXPECT_TRUE (curator_connection_state_is_error (LOST, policy));
      EXPECT_TRUE (curator_connection_state_is_error (CLOSED, policy));
      for (State fine : { LATENT, CONNECTED, RECONNECTED, READ_ONLY })
        EXPECT_FALSE (curator_connection_state_is_error (fine, policy));
    }
}

} // namespace
