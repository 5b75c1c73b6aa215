/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include <memory>
#include <string>
#include <vector>

#include "sim-player.h"

namespace sim
{

/* Who clients may prove to be. */
constexpr const char *kCredentials[] = { "ann:secret", "bob:hidden" };

std::string Print (const char *format, ...) G_GNUC_PRINTF (1, 2);
std::string Print (const AclList &list);

struct Player::Client
{
  char name;
  std::unique_ptr<Peer> peer;
  Greeting greeting;
  int32_t last_xid = 0;
  std::string watched; /* the path of the last watch */
};

} // namespace sim
