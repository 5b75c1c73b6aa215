/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim-acl.h"
#include "sim-tree.h"

namespace sim
{

/* What one connection watches: each path once of each kind, for one event. */
class Watches
{
public:
  /* Whether a node is there and its data; who its children are. */
  enum Kind
  {
    kData,
    kChildren,
    kCount
  };

  void Add (Kind kind, const std::string &path)
  {
    paths_[kind].insert (path);
  }

  /* FALSE where there is none. */
  bool Remove (Kind kind, const std::string &path)
  {
    return !paths_[kind].empty () && paths_[kind].erase (path) > 0;
  }

  bool Has (Kind kind, const std::string &path) const
  {
    return paths_[kind].count (path) > 0;
  }

  size_t GetSize () const
  {
    return paths_[kData].size () + paths_[kChildren].size ();
  }

private:
  std::unordered_set<std::string> paths_[kCount]; /* looked up only */
};

struct Event
{
  int32_t type;
  std::string path;
};

/* As the numbers of a request for watches have it: 1 for children, 2 for data, 3 for any. */
constexpr int32_t kWatcherChildren = 1;
constexpr int32_t kWatcherAny = 3;

/* Appends the answer's body; an error number. */
int32_t AnswerRead (
    const Tree &tree, int32_t op, Reader *body, const Identities &identities, Watches *watches, Writer *out);

/* Of a client that comes back: what it missed since its zxid; the rest is watched. */
int32_t SetWatchesAgain (const Tree &tree, Reader *body, Watches *watches, std::vector<Event> *missed);

/* What a transaction does to those who watch, in the server's order. @deliver gets each event, the kinds of
 * watches that it takes, and the list of those who are told of it: whoever may not read the node loses his
 * watch only. */
template <typename Func>
void
ForEachEvent (const Txn &txn, Func deliver)
{
  auto change_children = [&] (const std::string &path, const AclRef &acl) {
    std::string parent = GetParentPath (path);

    deliver (Event{ kNodeChildrenChanged, parent.empty () ? "/" : parent }, false, true, acl);
  };

  if (txn.type == TxnType::kCreate)
    {
      deliver (Event{ kNodeCreated, txn.path }, true, false, txn.acl);
      change_children (txn.path, txn.parent_acl);
    }
  else if (txn.type == TxnType::kDelete)
    {
      deliver (Event{ kNodeDeleted, txn.path }, true, true, txn.acl);
      change_children (txn.path, txn.parent_acl);
    }
  else if (txn.type == TxnType::kSetData)
    {
      deliver (Event{ kNodeDataChanged, txn.path }, true, false, txn.acl);
    }
  for (size_t i = 0; i < txn.paths.size (); i++)
    {
      deliver (Event{ kNodeDeleted, txn.paths[i] }, true, true, txn.path_acls[i].first);
      change_children (txn.paths[i], txn.path_acls[i].second);
    }
  if (txn.error == kOk)
    for (const Txn &part : txn.parts)
      ForEachEvent (part, deliver);
}

} // namespace sim
