/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-wire.h"

#include <glib.h>

#include <cstring>

namespace sim
{

const char *
GetOpName (int32_t op)
{
  static const struct
  {
    int32_t op;
    const char *name;
  } names[] = {
    { kOpCloseSession, "closeSession" },
    { kOpCreateSession, "createSession" },
    { kOpError, "error" },
    { kOpCreate, "create" },
    { kOpDelete, "delete" },
    { kOpExists, "exists" },
    { kOpGetData, "getData" },
    { kOpSetData, "setData" },
    { kOpGetAcl, "getACL" },
    { kOpSetAcl, "setACL" },
    { kOpGetChildren, "getChildren" },
    { kOpSync, "sync" },
    { kOpPing, "ping" },
    { kOpGetChildren2, "getChildren2" },
    { kOpCheck, "check" },
    { kOpMulti, "multi" },
    { kOpCreate2, "create2" },
    { kOpReconfig, "reconfig" },
    { kOpCheckWatches, "checkWatches" },
    { kOpRemoveWatches, "removeWatches" },
    { kOpCreateContainer, "createContainer" },
    { kOpDeleteContainer, "deleteContainer" },
    { kOpCreateTtl, "createTTL" },
    { kOpAuth, "auth" },
    { kOpSetWatches, "setWatches" },
  };

  for (const auto &entry : names)
    if (entry.op == op)
      return entry.name;
  return "unknown";
}

/* --- writing --- */

void
Writer::PutInt (int32_t value)
{
  int32_t wire = GINT32_TO_BE (value);

  out_.append (reinterpret_cast<const char *> (&wire), sizeof wire);
}

void
Writer::PutLong (int64_t value)
{
  int64_t wire = GINT64_TO_BE (value);

  out_.append (reinterpret_cast<const char *> (&wire), sizeof wire);
}

void
Writer::PutBytes (const void *data, size_t length)
{
  PutInt (static_cast<int32_t> (length));
  out_.append (static_cast<const char *> (data), length);
}

void
Writer::PutBuffer (const Buffer &value)
{
  if (value.is_null)
    PutInt (-1);
  else
    PutString (value.bytes);
}

void
Writer::PutStrings (const std::vector<std::string> &values)
{
  PutInt (static_cast<int32_t> (values.size ()));
  for (const std::string &value : values)
    PutString (value);
}

void
Writer::PutAcl (const AclList &list)
{
  PutInt (static_cast<int32_t> (list.size ()));
  for (const Acl &acl : list)
    {
      PutInt (acl.permissions);
      PutString (acl.scheme);
      PutString (acl.id);
    }
}

void
Writer::PutStat (const WireStat &stat)
{
  PutLong (stat.czxid);
  PutLong (stat.mzxid);
  PutLong (stat.ctime_ms);
  PutLong (stat.mtime_ms);
  PutInt (stat.version);
  PutInt (stat.cversion);
  PutInt (stat.aversion);
  PutLong (stat.ephemeral_owner);
  PutInt (stat.data_length);
  PutInt (stat.n_children);
  PutLong (stat.pzxid);
}

void
Writer::Begin ()
{
  out_.assign (4, '\0');
}

void
Writer::End ()
{
  int32_t wire = GINT32_TO_BE (static_cast<int32_t> (out_.size () - 4));

  memcpy (&out_[0], &wire, sizeof wire);
}

/* --- reading --- */

const uint8_t *
Reader::Take (size_t length)
{
  const uint8_t *start = data_;

  if (bad_ || length > left_)
    {
      bad_ = true;
      return nullptr;
    }
  data_ += length;
  left_ -= length;
  return start;
}

uint8_t
Reader::GetByte ()
{
  const uint8_t *start = Take (1);

  return start != nullptr ? *start : 0;
}

int32_t
Reader::GetInt ()
{
  const uint8_t *start = Take (sizeof (int32_t));
  int32_t wire = 0;

  if (start != nullptr)
    memcpy (&wire, start, sizeof wire);
  return GINT32_FROM_BE (wire);
}

int64_t
Reader::GetLong ()
{
  const uint8_t *start = Take (sizeof (int64_t));
  int64_t wire = 0;

  if (start != nullptr)
    memcpy (&wire, start, sizeof wire);
  return GINT64_FROM_BE (wire);
}

Buffer
Reader::GetBuffer ()
{
  int32_t length = GetInt ();
  Buffer buffer;

  buffer.is_null = length == -1;
  if (length < -1)
    bad_ = true;
  const uint8_t *start = length > 0 ? Take (static_cast<size_t> (length)) : nullptr;
  if (start != nullptr)
    buffer.bytes.assign (reinterpret_cast<const char *> (start), static_cast<size_t> (length));
  return buffer;
}

std::string
Reader::GetString ()
{
  Buffer buffer = GetBuffer ();

  if (buffer.is_null)
    bad_ = true;
  /* As the server: what is no UTF-8 becomes a replacement character. */
  if (!g_utf8_validate (buffer.bytes.data (), static_cast<gssize> (buffer.bytes.size ()), nullptr) &&
      buffer.bytes.find ('\0') == std::string::npos)
    {
      g_autofree char *valid = g_utf8_make_valid (buffer.bytes.data (), static_cast<gssize> (buffer.bytes.size ()));

      buffer.bytes = valid;
    }
  return std::move (buffer.bytes);
}

/* Of elements of at least that size; a list that cannot fit is malformed. */
int32_t
Reader::GetCount (size_t smallest)
{
  int32_t n = GetInt ();

  if (n == -1 || (n > 0 && static_cast<size_t> (n) > left_ / smallest))
    bad_ = true;
  return bad_ ? 0 : n;
}

std::vector<std::string>
Reader::GetStrings ()
{
  int32_t n = GetCount (sizeof (int32_t));
  std::vector<std::string> values;

  for (int32_t i = 0; i < n && !bad_; i++)
    values.push_back (GetString ());
  return values;
}

AclList
Reader::GetAcl ()
{
  int32_t n = GetInt ();
  AclList list;

  for (int32_t i = 0; i < n && !bad_; i++)
    {
      Acl acl;

      acl.permissions = GetInt ();
      acl.scheme = GetString ();
      acl.id = GetString ();
      list.push_back (std::move (acl));
    }
  return list;
}

WireStat
Reader::GetStat ()
{
  WireStat stat;

  stat.czxid = GetLong ();
  stat.mzxid = GetLong ();
  stat.ctime_ms = GetLong ();
  stat.mtime_ms = GetLong ();
  stat.version = GetInt ();
  stat.cversion = GetInt ();
  stat.aversion = GetInt ();
  stat.ephemeral_owner = GetLong ();
  stat.data_length = GetInt ();
  stat.n_children = GetInt ();
  stat.pzxid = GetLong ();
  return stat;
}

} // namespace sim
