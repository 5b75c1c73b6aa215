/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim-names.h"
#include "sim-wire.h"

namespace sim
{

using AclRef = std::shared_ptr<const AclList>;

/* Owners that are no sessions. */
constexpr int64_t kContainerOwner = INT64_MIN;
constexpr int64_t kTtlMask = static_cast<int64_t> (0xff00000000000000u);
constexpr int64_t kMaxTtlMs = 0xffffffffff;

enum class OwnerKind
{
  kNone,
  kSession,
  kContainer,
  kTtl,
};

OwnerKind GetOwnerKind (int64_t owner);

/* As the server keeps it: cversion counts the creates alone. */
struct NodeStat
{
  int64_t czxid = 0, mzxid = 0, pzxid = 0;
  int64_t ctime_ms = 0, mtime_ms = 0;
  int32_t version = 0, cversion = 0, aversion = 0;
  int64_t owner = 0;
};

struct Node
{
  NodeStat stat;
  Buffer data;
  AclRef acl;
  NameSet children{ 8 };

  WireStat GetWireStat () const;
};

enum class TxnType
{
  kCreate,
  kDelete,
  kSetData,
  kSetAcl,
  kCheck,
  kCreateSession,
  kCloseSession,
  kMulti,
  kError,
};

/* What is done to the tree, with what the client who asked is told of it: that is the same wherever it is
 * applied. */
struct Txn
{
  TxnType type = TxnType::kError;
  int32_t op = kOpError; /* the request's */
  int32_t error = kOk;
  int64_t zxid = 0;
  int64_t time_ms = 0;
  int64_t session = 0;
  std::string path;
  Buffer data;
  AclRef acl;
  int64_t owner = 0;
  int32_t version = 0; /* the new one of what is set; the parent's cversion; a session's time-out */
  WireStat stat;
  std::vector<Txn> parts;         /* of a multi */
  std::vector<std::string> paths; /* that go with a session */

  /* Who may see that it happens: the lists of the node, which is @acl as well, and of its parent; of @paths.
   */
  AclRef parent_acl;
  std::vector<std::pair<AclRef, AclRef> > path_acls;
};

/* The parent of a path with at least one slash: "" for the root. */
std::string GetParentPath (const std::string &path);

/* The nodes as one member has them. */
class Tree
{
public:
  Tree ();

  /* NULL where there is none; "" is a name of the root as well. */
  const Node *Find (const std::string &path) const;

  std::vector<std::string> GetChildren (const std::string &path) const;

  /* In the server's order. */
  NameSet GetEphemerals (int64_t session) const;

  /* What was found to be possible. */
  void Apply (const Txn &txn);
  /* And notes what others have to know of it: the stats of the answer, and the lists. */
  void Apply (Txn *txn);

  /* The content of /zookeeper/config. */
  void SetConfig (const std::string &text);

  const std::set<std::string> &GetContainers () const
  {
    return containers_;
  }

  /* The nodes without those that are always there. */
  size_t GetSize () const
  {
    return nodes_.size () - 4;
  }

  int64_t last_zxid = 0;

private:
  Node *FindMutable (const std::string &path);
  void ApplyPart (const Txn &txn);
  void NoteAcls (Txn *txn) const;
  AclRef GetAcl (const std::string &path) const;
  void Create (const Txn &txn);
  void Delete (const std::string &path, int64_t zxid);

  std::unordered_map<std::string, Node> nodes_; /* looked up only */
  std::map<int64_t, NameSet> ephemerals_;
  std::set<std::string> containers_; /* and nodes with a time to live */
};

} // namespace sim
