/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <string>
#include <vector>

#include "sim-tree.h"

namespace sim
{

enum Permission : int32_t
{
  kMayRead = 1,
  kMayWrite = 2,
  kMayCreate = 4,
  kMayDelete = 8,
  kMayAdminister = 16,
};

struct Identity
{
  std::string scheme;
  std::string id;

  bool operator== (const Identity &other) const
  {
    return scheme == other.scheme && id == other.id;
  }
};

/* Whom a connection has proved to be. */
using Identities = std::vector<Identity>;

/* "user:BASE64" for "user:password". */
std::string GetDigest (const std::string &credentials);

/* A node without a list is everybody's. */
bool MayAccess (const AclRef &acl, int32_t permission, const Identities &identities);

/* With what stands for the one who asks put in. NULL where the list is not valid. */
AclRef ResolveAcl (const AclList &list, const Identities &identities);

/* For eyes that may not see the digests. */
AclList HideDigests (const AclList &list);

/* What is put in for a node without a list. */
const AclList &GetOpenAcl ();

} // namespace sim
