/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sim
{

/* ZooKeeper's serialisation: big-endian numbers, and strings, buffers and lists with a 32-bit length before
 * them. */

enum Op : int32_t
{
  kOpCloseSession = -11,
  kOpCreateSession = -10,
  kOpError = -1,
  kOpCreate = 1,
  kOpDelete = 2,
  kOpExists = 3,
  kOpGetData = 4,
  kOpSetData = 5,
  kOpGetAcl = 6,
  kOpSetAcl = 7,
  kOpGetChildren = 8,
  kOpSync = 9,
  kOpPing = 11,
  kOpGetChildren2 = 12,
  kOpCheck = 13,
  kOpMulti = 14,
  kOpCreate2 = 15,
  kOpReconfig = 16,
  kOpCheckWatches = 17,
  kOpRemoveWatches = 18,
  kOpCreateContainer = 19,
  kOpDeleteContainer = 20,
  kOpCreateTtl = 21,
  kOpAuth = 100,
  kOpSetWatches = 101,
};

/* "create" for kOpCreate. */
const char *GetOpName (int32_t op);

enum Xid : int32_t
{
  kXidEvent = -1,
  kXidPing = -2,
  kXidAuth = -4,
  kXidSetWatches = -8,
};

enum ErrorNumber : int32_t
{
  kOk = 0,
  kRuntimeInconsistency = -2,
  kMarshallingError = -5,
  kUnimplemented = -6,
  kBadArguments = -8,
  kNoNode = -101,
  kNoAuth = -102,
  kBadVersion = -103,
  kNoChildrenForEphemerals = -108,
  kNodeExists = -110,
  kNotEmpty = -111,
  kSessionExpired = -112,
  kInvalidAcl = -114,
  kAuthFailed = -115,
  kSessionMoved = -118,
  kNoWatcher = -121,
  kReconfigDisabled = -123,
};

enum EventType : int32_t
{
  kNodeCreated = 1,
  kNodeDeleted = 2,
  kNodeDataChanged = 3,
  kNodeChildrenChanged = 4,
};

/* The state that events of nodes carry. */
constexpr int32_t kSyncConnected = 3;

struct Acl
{
  int32_t permissions = 0;
  std::string scheme;
  std::string id;

  bool operator== (const Acl &other) const
  {
    return permissions == other.permissions && scheme == other.scheme && id == other.id;
  }
};

using AclList = std::vector<Acl>;

/* What a client sees of a node. */
struct WireStat
{
  int64_t czxid = 0, mzxid = 0, ctime_ms = 0, mtime_ms = 0;
  int32_t version = 0, cversion = 0, aversion = 0;
  int64_t ephemeral_owner = 0;
  int32_t data_length = 0, n_children = 0;
  int64_t pzxid = 0;
};

/* Bytes that may be absent, which is not the same as none. */
struct Buffer
{
  bool is_null = false;
  std::string bytes;
};

class Writer
{
public:
  void PutByte (uint8_t value)
  {
    out_.push_back (static_cast<char> (value));
  }

  void PutBool (bool value)
  {
    PutByte (value ? 1 : 0);
  }

  void PutInt (int32_t value);
  void PutLong (int64_t value);
  void PutBytes (const void *data, size_t length);
  void PutString (const std::string &value)
  {
    PutBytes (value.data (), value.size ());
  }

  /* Without a length. */
  void PutRaw (const std::string &bytes)
  {
    out_ += bytes;
  }

  void PutBuffer (const Buffer &value);
  void PutStrings (const std::vector<std::string> &values);
  void PutAcl (const AclList &list);
  void PutStat (const WireStat &stat);

  /* A packet: its length is put before it by End (). */
  void Begin ();
  void End ();

  const std::string &GetBytes () const
  {
    return out_;
  }

private:
  std::string out_;
};

/* Past the end, and after anything malformed, all that comes is zero and empty, and IsBad (). */
class Reader
{
public:
  Reader (const void *data, size_t length) : data_ (static_cast<const uint8_t *> (data)), left_ (length)
  {
  }

  explicit Reader (const std::string &bytes) : Reader (bytes.data (), bytes.size ())
  {
  }

  uint8_t GetByte ();
  bool GetBool ()
  {
    return GetByte () != 0;
  }

  int32_t GetInt ();
  int64_t GetLong ();
  Buffer GetBuffer ();
  /* Malformed where it is absent. */
  std::string GetString ();
  std::vector<std::string> GetStrings ();
  AclList GetAcl ();
  WireStat GetStat ();

  bool IsBad () const
  {
    return bad_;
  }

  size_t GetLeft () const
  {
    return left_;
  }

  const uint8_t *GetRest () const
  {
    return data_;
  }

private:
  const uint8_t *Take (size_t length);
  int32_t GetCount (size_t smallest);

  const uint8_t *data_;
  size_t left_;
  bool bad_ = false;
};

} // namespace sim
