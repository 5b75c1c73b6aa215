/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-tree.h"

#include <algorithm>

namespace sim
{

OwnerKind
GetOwnerKind (int64_t owner)
{
  if ((owner & kTtlMask) == kTtlMask)
    return OwnerKind::kTtl;
  if (owner == kContainerOwner)
    return OwnerKind::kContainer;
  return owner == 0 ? OwnerKind::kNone : OwnerKind::kSession;
}

/* Every create that is no child any more was followed by a delete. */
WireStat
Node::GetWireStat () const
{
  auto n_children = static_cast<int32_t> (children.GetSize ());
  WireStat wire;

  wire.czxid = stat.czxid;
  wire.mzxid = stat.mzxid;
  wire.pzxid = stat.pzxid;
  wire.ctime_ms = stat.ctime_ms;
  wire.mtime_ms = stat.mtime_ms;
  wire.version = stat.version;
  wire.cversion =
      static_cast<int32_t> (static_cast<uint32_t> (stat.cversion) * 2 - static_cast<uint32_t> (n_children));
  wire.aversion = stat.aversion;
  wire.ephemeral_owner = GetOwnerKind (stat.owner) == OwnerKind::kSession ? stat.owner : 0;
  wire.data_length = static_cast<int32_t> (data.bytes.size ());
  wire.n_children = n_children;
  return wire;
}

std::string
GetParentPath (const std::string &path)
{
  return path.substr (0, path.rfind ('/'));
}

Tree::Tree ()
{
  nodes_[""].children.Add ("zookeeper");
  nodes_["/zookeeper"].children.Add ("quota");
  nodes_["/zookeeper"].children.Add ("config");
  nodes_["/zookeeper/quota"];
  Node &config = nodes_["/zookeeper/config"];
  config.acl = std::make_shared<AclList> (AclList{ { 1, "world", "anyone" } });
  config.stat.aversion = -1;
}

void
Tree::SetConfig (const std::string &text)
{
  Node *config = FindMutable ("/zookeeper/config");

  config->data.bytes = text;
  config->stat.version = -1;
}

Node *
Tree::FindMutable (const std::string &path)
{
  auto at = path.size () == 1 && path[0] == '/' ? nodes_.find ("") : nodes_.find (path);

  return at != nodes_.end () ? &at->second : nullptr;
}

const Node *
Tree::Find (const std::string &path) const
{
  return const_cast<Tree *> (this)->FindMutable (path);
}

std::vector<std::string>
Tree::GetChildren (const std::string &path) const
{
  const Node *node = Find (path);

  return node != nullptr ? node->children.GetNames () : std::vector<std::string> ();
}

NameSet
Tree::GetEphemerals (int64_t session) const
{
  auto at = ephemerals_.find (session);

  return at != ephemerals_.end () ? at->second.Clone () : NameSet ();
}

/* --- changes --- */

void
Tree::Create (const Txn &txn)
{
  std::string parent_path = GetParentPath (txn.path);
  Node *parent = FindMutable (parent_path);

  if (parent == nullptr)
    return;
  Node &node = nodes_[txn.path];
  node.stat.czxid = node.stat.mzxid = node.stat.pzxid = txn.zxid;
  node.stat.ctime_ms = node.stat.mtime_ms = txn.time_ms;
  node.stat.owner = txn.owner;
  node.data = txn.data;
  node.acl = txn.acl;
  parent = FindMutable (parent_path);
  parent->children.Add (txn.path.substr (txn.path.rfind ('/') + 1));
  if (txn.version > parent->stat.cversion)
    {
      parent->stat.cversion = txn.version;
      parent->stat.pzxid = txn.zxid;
    }
  switch (GetOwnerKind (txn.owner))
    {
    case OwnerKind::kSession:
      ephemerals_[txn.owner].Add (txn.path);
      break;
    case OwnerKind::kContainer:
    case OwnerKind::kTtl:
      containers_.insert (txn.path);
      break;
    case OwnerKind::kNone:
    default:
      break;
    }
}

void
Tree::Delete (const std::string &path, int64_t zxid)
{
  Node *parent = FindMutable (GetParentPath (path));
  auto at = nodes_.find (path);

  if (parent != nullptr)
    {
      parent->children.Remove (path.substr (path.rfind ('/') + 1));
      parent->stat.pzxid = std::max (parent->stat.pzxid, zxid);
    }
  if (at == nodes_.end ())
    return;
  int64_t owner = at->second.stat.owner;
  if (GetOwnerKind (owner) == OwnerKind::kSession)
    {
      auto list = ephemerals_.find (owner);

      if (list != ephemerals_.end ())
        list->second.Remove (path);
    }
  else if (owner != 0)
    {
      containers_.erase (path);
    }
  nodes_.erase (at);
}

void
Tree::ApplyPart (const Txn &txn)
{
  Node *node = nullptr;

  switch (txn.type)
    {
    case TxnType::kCreate:
      Create (txn);
      break;
    case TxnType::kDelete:
      Delete (txn.path, txn.zxid);
      break;
    case TxnType::kSetData:
      node = FindMutable (txn.path);
      node->data = txn.data;
      node->stat.version = txn.version;
      node->stat.mzxid = txn.zxid;
      node->stat.mtime_ms = txn.time_ms;
      break;
    case TxnType::kSetAcl:
      node = FindMutable (txn.path);
      node->acl = txn.acl;
      node->stat.aversion = txn.version;
      break;
    case TxnType::kCloseSession:
      for (const std::string &path : txn.paths)
        Delete (path, txn.zxid);
      ephemerals_.erase (txn.session);
      break;
    case TxnType::kCheck:
    case TxnType::kCreateSession:
    case TxnType::kMulti:
    case TxnType::kError:
    default:
      break;
    }
}

void
Tree::Apply (const Txn &txn)
{
  ApplyPart (txn);
  if (txn.error == kOk)
    for (const Txn &part : txn.parts)
      ApplyPart (part);
  last_zxid = std::max (last_zxid, txn.zxid);
}

AclRef
Tree::GetAcl (const std::string &path) const
{
  const Node *node = Find (path);

  return node != nullptr ? node->acl : nullptr;
}

void
Tree::NoteAcls (Txn *txn) const
{
  if (txn->type == TxnType::kCreate || txn->type == TxnType::kDelete)
    txn->parent_acl = GetAcl (GetParentPath (txn->path));
  if (txn->type == TxnType::kDelete || txn->type == TxnType::kSetData)
    txn->acl = GetAcl (txn->path);
  for (const std::string &path : txn->paths)
    txn->path_acls.emplace_back (GetAcl (path), GetAcl (GetParentPath (path)));
}

void
Tree::Apply (Txn *txn)
{
  auto apply = [this] (Txn *part) {
    bool has_stat =
        part->type == TxnType::kCreate || part->type == TxnType::kSetData || part->type == TxnType::kSetAcl;

    NoteAcls (part);
    ApplyPart (*part);
    if (has_stat)
      part->stat = Find (part->path)->GetWireStat ();
  };

  apply (txn);
  if (txn->error == kOk)
    for (Txn &part : txn->parts)
      apply (&part);
  last_zxid = std::max (last_zxid, txn->zxid);
}

} // namespace sim
