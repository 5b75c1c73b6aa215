/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-reads.h"

namespace sim
{

namespace
{

/* A path and whether to watch it. */
struct Target
{
  explicit Target (Reader *body) : path (body->GetString ()), watch (body->GetBool ())
  {
  }

  std::string path;
  bool watch;
};

int32_t
AnswerExists (const Tree &tree, Reader *body, Watches *watches, Writer *out)
{
  Target target (body);

  if (body->IsBad ())
    return kMarshallingError;
  if (target.path.find ('\0') != std::string::npos)
    return kBadArguments;
  const Node *node = tree.Find (target.path);
  if (target.watch)
    watches->Add (Watches::kData, target.path);
  if (node == nullptr)
    return kNoNode;
  out->PutStat (node->GetWireStat ());
  return kOk;
}

int32_t
AnswerGetData (const Tree &tree, Reader *body, const Identities &identities, Watches *watches, Writer *out)
{
  Target target (body);
  const Node *node = tree.Find (target.path);

  if (body->IsBad ())
    return kMarshallingError;
  if (node == nullptr)
    return kNoNode;
  if (!MayAccess (node->acl, kMayRead, identities))
    return kNoAuth;
  if (target.watch)
    watches->Add (Watches::kData, target.path);
  out->PutBuffer (node->data);
  out->PutStat (node->GetWireStat ());
  return kOk;
}

int32_t
AnswerGetChildren (const Tree &tree,
                   bool with_stat,
                   Reader *body,
                   const Identities &identities,
                   Watches *watches,
                   Writer *out)
{
  Target target (body);
  const Node *node = tree.Find (target.path);

  if (body->IsBad ())
    return kMarshallingError;
  if (node == nullptr)
    return kNoNode;
  if (!MayAccess (node->acl, kMayRead, identities))
    return kNoAuth;
  if (target.watch)
    watches->Add (Watches::kChildren, target.path);
  out->PutInt (static_cast<int32_t> (node->children.GetSize ()));
  node->children.ForEach ([out] (const std::string &name) { out->PutString (name); });
  if (with_stat)
    out->PutStat (node->GetWireStat ());
  return kOk;
}

int32_t
AnswerGetAcl (const Tree &tree, Reader *body, const Identities &identities, Writer *out)
{
  std::string path = body->GetString ();
  const Node *node = tree.Find (path);

  if (body->IsBad ())
    return kMarshallingError;
  if (node == nullptr)
    return kNoNode;
  if (!MayAccess (node->acl, kMayRead | kMayAdminister, identities))
    return kNoAuth;
  const AclList &list = node->acl != nullptr ? *node->acl : GetOpenAcl ();
  out->PutAcl (MayAccess (node->acl, kMayAdminister, identities) ? list : HideDigests (list));
  out->PutStat (node->GetWireStat ());
  return kOk;
}

int32_t
RemoveWatches (Reader *body, Watches *watches)
{
  std::string path = body->GetString ();
  int32_t type = body->GetInt ();
  bool removed = false;

  if (body->IsBad () || type < kWatcherChildren || type > kWatcherAny)
    return kMarshallingError;
  if (type != 2)
    removed = watches->Remove (Watches::kChildren, path);
  if (type != kWatcherChildren)
    removed = watches->Remove (Watches::kData, path) || removed;
  return removed ? kOk : kNoWatcher;
}

} // namespace

int32_t
AnswerRead (
    const Tree &tree, int32_t op, Reader *body, const Identities &identities, Watches *watches, Writer *out)
{
  switch (op)
    {
    case kOpExists:
      return AnswerExists (tree, body, watches, out);
    case kOpGetData:
      return AnswerGetData (tree, body, identities, watches, out);
    case kOpGetChildren:
    case kOpGetChildren2:
      return AnswerGetChildren (tree, op == kOpGetChildren2, body, identities, watches, out);
    case kOpGetAcl:
      return AnswerGetAcl (tree, body, identities, out);
    case kOpRemoveWatches:
      return RemoveWatches (body, watches);
    case kOpReconfig:
      return kMarshallingError;
    default:
      return kOk;
    }
}

int32_t
SetWatchesAgain (const Tree &tree, Reader *body, Watches *watches, std::vector<Event> *missed)
{
  int64_t since = body->GetLong ();
  std::vector<std::string> data = body->GetStrings ();
  std::vector<std::string> exists = body->GetStrings ();
  std::vector<std::string> children = body->GetStrings ();

  if (body->IsBad ())
    return kMarshallingError;
  for (const std::string &path : data)
    {
      const Node *node = tree.Find (path);

      if (node == nullptr)
        missed->push_back ({ kNodeDeleted, path });
      else if (node->stat.mzxid > since)
        missed->push_back ({ kNodeDataChanged, path });
      else
        watches->Add (Watches::kData, path);
    }
  for (const std::string &path : exists)
    {
      if (tree.Find (path) != nullptr)
        missed->push_back ({ kNodeCreated, path });
      else
        watches->Add (Watches::kData, path);
    }
  for (const std::string &path : children)
    {
      const Node *node = tree.Find (path);

      if (node == nullptr)
        missed->push_back ({ kNodeDeleted, path });
      else if (node->stat.pzxid > since)
        missed->push_back ({ kNodeChildrenChanged, path });
      else
        watches->Add (Watches::kChildren, path);
    }
  return kOk;
}

} // namespace sim
