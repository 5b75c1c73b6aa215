/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>

#include "sim-acl.h"
#include "sim-player-private.h"

namespace sim
{

uint32_t
Player::Below (uint32_t n)
{
  return static_cast<uint32_t> ((NextRandom (&random_) >> 33) % n);
}

bool
Player::Chance (uint32_t percent)
{
  return Below (100) < percent;
}

std::string
Player::PickPath ()
{
  static const char *const names[] = { "/a", "/b", "/c", "/a/x", "/a/y", "/b/x", "/c/x/z", "/a/x/z", "" };
  static const char *const odd[] = { "/a/",       "//a",   "/.",     "/a/../b", "/\x01",
                                     "/\xc3\xa9", "/\xff", "/a\x7f", "/...",    "/a.b" };

  /* Rather the newer ones, which are still there. */
  if (!made_.empty () && Chance (60))
    return made_[made_.size () - 1 - Below (static_cast<uint32_t> (std::min (made_.size (), size_t{ 8 })))];
  if (Chance (4))
    return top_ + odd[Below (G_N_ELEMENTS (odd))];
  if (Chance (2))
    {
      static const char *const elsewhere[] = {
        "", "a", "/zookeeper", "/zookeeper/config", "/zookeeper/quota", "/nowhere/at/all"
      };

      return elsewhere[Below (G_N_ELEMENTS (elsewhere))];
    }
  return top_ + names[Below (G_N_ELEMENTS (names))];
}

std::string
Player::PickOwnPath ()
{
  std::string path = PickPath ();

  return path == "/zookeeper" || path == "/zookeeper/quota" ? "/zookeeper/config" : path;
}

std::string
Player::PickNewPath ()
{
  static const char *const names[] = { "/x", "/y", "/z" };

  if (!made_.empty () && Chance (40))
    return made_[Below (static_cast<uint32_t> (made_.size ()))] + names[Below (G_N_ELEMENTS (names))];
  return Chance (80) ? top_ + "/" + static_cast<char> ('a' + Below (3)) : PickPath ();
}

int32_t
Player::PickVersion ()
{
  return Chance (60) ? -1 : static_cast<int32_t> (Below (3));
}

AclList
Player::PickAcl ()
{
  switch (Below (36))
    {
    case 0:
      return { { 31, "auth", "" } };
    case 1:
      return { { 1, "world", "anyone" } };
    case 2:
      return { { 31, "digest", GetDigest (kCredentials[0]) }, { 1, "world", "anyone" } };
    case 3:
      return { { 31, "digest", GetDigest (kCredentials[1]) } };
    case 4:
      return {};
    case 5:
      return { { 31, "world", "somebody" } };
    case 6:
      return { { 31, "digest", "nothing" } };
    case 7:
      return { { 31, "ip", Chance (50) ? "10.1.2.0/24" : "300.1.2.3" }, { 31, "world", "anyone" } };
    case 8:
      return { { static_cast<int32_t> (Below (32)), "world", "anyone" }, { 16, "auth", "" } };
    case 9:
      return { { 31, "world", "anyone" }, { 31, "world", "anyone" } };
    default:
      return GetOpenAcl ();
    }
}

/* What a client may have seen last. */
int64_t
Player::Earlier (int64_t zxid)
{
  return std::max (base_zxid_, zxid - Below (4));
}

} // namespace sim
