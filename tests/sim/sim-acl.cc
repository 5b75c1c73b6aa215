/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-acl.h"

#include <glib.h>

#include <algorithm>

namespace sim
{

namespace
{

bool
IsAnyone (const Acl &acl)
{
  return acl.scheme == "world" && acl.id == "anyone";
}

/* Two parts at a colon; Java's split () drops empty ones at the end. */
bool
IsDigestValid (const std::string &id)
{
  size_t end = id.find_last_not_of (':');
  std::string kept = end != std::string::npos ? id.substr (0, end + 1) : std::string ();

  return std::count (kept.begin (), kept.end (), ':') == 1;
}

/* a.b.c.d, or that and the number of its bits that count. */
bool
IsAddressValid (const std::string &id)
{
  g_auto (GStrv) halves = g_strsplit (id.c_str (), "/", 2);
  g_auto (GStrv) parts = g_strsplit (halves[0] != nullptr ? halves[0] : "", ".", -1);
  bool valid = g_strv_length (parts) == 4;

  for (int i = 0; valid && i < 4; i++)
    valid = g_ascii_string_to_unsigned (parts[i], 10, 0, 255, nullptr, nullptr);
  if (valid && halves[1] != nullptr)
    valid = g_ascii_string_to_unsigned (halves[1], 10, 0, 32, nullptr, nullptr);
  return valid;
}

bool
IsIdValid (const Acl &acl)
{
  if (acl.scheme == "digest")
    return IsDigestValid (acl.id);
  return acl.scheme == "ip" && IsAddressValid (acl.id);
}

} // namespace

std::string
GetDigest (const std::string &credentials)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, reinterpret_cast<const guchar *> (credentials.data ()),
                     static_cast<gssize> (credentials.size ()));
  g_checksum_get_digest (checksum, digest, &length);
  g_autofree char *base64 = g_base64_encode (digest, length);
  return credentials.substr (0, credentials.find (':')) + ":" + base64;
}

/* The simulated network has no addresses that a list could name. */
bool
MayAccess (const AclRef &acl, int32_t permission, const Identities &identities)
{
  if (acl == nullptr || acl->empty ())
    return true;
  for (const Acl &entry : *acl)
    {
      if ((entry.permissions & permission) == 0)
        continue;
      if (IsAnyone (entry))
        return true;
      if (std::find (identities.begin (), identities.end (), Identity{ entry.scheme, entry.id }) !=
          identities.end ())
        return true;
    }
  return false;
}

AclRef
ResolveAcl (const AclList &list, const Identities &identities)
{
  auto resolved = std::make_shared<AclList> ();

  for (size_t i = 0; i < list.size (); i++)
    {
      const Acl &acl = list[i];
      auto here = list.begin () + static_cast<std::ptrdiff_t> (i);

      if (std::find (list.begin (), here, acl) != here)
        continue;
      if (acl.scheme == "auth")
        {
          if (identities.empty ())
            return nullptr;
          for (const Identity &identity : identities)
            resolved->push_back ({ acl.permissions, identity.scheme, identity.id });
        }
      else if (IsAnyone (acl) || IsIdValid (acl))
        {
          resolved->push_back (acl);
        }
      else
        {
          return nullptr;
        }
    }
  return resolved->empty () ? nullptr : resolved;
}

AclList
HideDigests (const AclList &list)
{
  AclList hidden = list;

  for (Acl &acl : hidden)
    if (acl.scheme == "digest" && acl.id.find (':') != std::string::npos)
      acl.id = acl.id.substr (0, acl.id.find (':')) + ":x";
  return hidden;
}

const AclList &
GetOpenAcl ()
{
  static const AclList list = { { 31, "world", "anyone" } };

  return list;
}

} // namespace sim
