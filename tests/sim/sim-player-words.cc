/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-player-private.h"

#include <glib.h>

#include <algorithm>
#include <cinttypes>
#include <cstdarg>
#include <tuple>

namespace sim
{

std::string
Print (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  return text;
}

std::string
Print (const AclList &list)
{
  AclList sorted = list;
  std::string text;

  /* The server puts in the identities of a connection in an order of its own. */
  std::sort (sorted.begin (), sorted.end (), [] (const Acl &a, const Acl &b) {
    return std::tie (a.scheme, a.id, a.permissions) < std::tie (b.scheme, b.id, b.permissions);
  });
  for (const Acl &acl : sorted)
    text += Print (" %d:%s:%s", acl.permissions, acl.scheme.c_str (), acl.id.c_str ());
  return text;
}

void
Player::Note (const std::string &line)
{
  lines_.push_back (line);
}

std::string
Player::NameZxid (int64_t zxid) const
{
  return zxid > base_zxid_ ? Print ("z%" PRId64, zxid - base_zxid_)
         : zxid <= 0       ? Print ("%" PRId64, zxid)
                           : "z-";
}

std::string
Player::NameSession (int64_t session)
{
  auto at = std::find (sessions_.begin (), sessions_.end (), session);

  if (session == 0)
    return "none";
  if (at == sessions_.end ())
    {
      sessions_.push_back (session);
      at = sessions_.end () - 1;
    }
  return Print ("s%d", static_cast<int> (at - sessions_.begin ()));
}

std::string
Player::DescribeStat (const WireStat &stat)
{
  return Print (" [c%s m%s p%s v%d cv%d av%d %s d%d n%d]", NameZxid (stat.czxid).c_str (),
                NameZxid (stat.mzxid).c_str (), NameZxid (stat.pzxid).c_str (), stat.version, stat.cversion,
                stat.aversion, NameSession (stat.ephemeral_owner).c_str (), stat.data_length,
                stat.n_children);
}

std::string
Player::DescribeMulti (Reader *body)
{
  std::string text;

  while (!body->IsBad ())
    {
      int32_t op = body->GetInt ();
      bool done = body->GetBool ();
      int32_t error = body->GetInt ();

      text += Print (" (%d %d %d", op, done, error);
      if (done)
        return text + ")";
      if (op == kOpError)
        text += Print (" %d", body->GetInt ());
      else
        text += Describe (op, body);
      text += ")";
    }
  return text;
}

std::string
Player::Describe (int32_t op, Reader *body)
{
  std::string text;

  if (op == kOpCreate || op == kOpCreate2 || op == kOpCreateContainer || op == kOpCreateTtl)
    {
      std::string path = body->GetString ();

      made_.push_back (path);
      text += " " + path;
    }
  if (op == kOpSync)
    text += " " + body->GetString ();
  if (op == kOpGetData)
    {
      Buffer data = body->GetBuffer ();

      text += data.is_null ? " null" : " '" + data.bytes + "'";
    }
  if (op == kOpGetChildren || op == kOpGetChildren2)
    for (const std::string &name : body->GetStrings ())
      text += " " + name;
  if (op == kOpGetAcl)
    text += Print (body->GetAcl ());
  if (op == kOpMulti)
    text += DescribeMulti (body);
  if (op == kOpExists || op == kOpGetData || op == kOpSetData || op == kOpGetAcl || op == kOpSetAcl ||
      op == kOpGetChildren2 || op == kOpCreate2 || op == kOpCreateContainer || op == kOpCreateTtl)
    text += DescribeStat (body->GetStat ());
  return text;
}

} // namespace sim
