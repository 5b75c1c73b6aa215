/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <map>
#include <string>

#include "sim-acl.h"
#include "sim-tree.h"

namespace sim
{

/* A write as it comes from a connection. */
struct WriteRequest
{
  int32_t op = kOpError;
  int64_t session = 0;
  int32_t session_error = kOk; /* what the leader has against the session */
  const Identities *identities = nullptr;
  std::string body;
  bool may_all = false; /* whatever the lists say */
};

/* The leader's part of a write: whether it can be done, against all that was committed, and what it is in
 * detail. */
class Preparer
{
public:
  explicit Preparer (const Tree *tree) : tree_ (tree)
  {
  }

  /* A transaction in any case; one that is an error only uses up the zxid. */
  Txn Prepare (const WriteRequest &request, int64_t zxid, int64_t time_ms);

  Txn PrepareCloseSession (int64_t session, int64_t zxid, int64_t time_ms);

private:
  /* A node as it will be once what was prepared before it in the same multi is done. */
  struct Record
  {
    bool exists = false;
    NodeStat stat;
    size_t n_children = 0;
    AclRef acl;
  };

  static bool MayDo (const WriteRequest &request, const Record &record, int32_t permission);
  Record Get (const std::string &path) const;
  void Put (const std::string &path, const Record &record);

  int32_t PrepareOne (const WriteRequest &request, int32_t op, Reader *body, Txn *txn);
  int32_t Create (const WriteRequest &request, Reader *body, Txn *txn);
  int32_t
  CheckCreate (const WriteRequest &request, int32_t flags, int64_t ttl_ms, const AclList &list, Txn *txn);
  int32_t NameChild (const Record &parent, int32_t flags, Txn *txn) const;
  int32_t Delete (const WriteRequest &request, Reader *body, Txn *txn);
  int32_t SetData (const WriteRequest &request, Reader *body, Txn *txn);
  int32_t SetAcl (const WriteRequest &request, Reader *body, Txn *txn);
  int32_t Check (const WriteRequest &request, Reader *body, Txn *txn);
  int32_t Multi (const WriteRequest &request, Txn *txn);

  const Tree *tree_;
  bool in_multi_ = false;
  std::map<std::string, Record> changes_;
};

/* As the server judges paths that are written to. */
bool IsPathValid (const std::string &path);

} // namespace sim
