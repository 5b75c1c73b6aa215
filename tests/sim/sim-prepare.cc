/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-prepare.h"

#include <glib.h>

#include <cstdio>

namespace sim
{

namespace
{

enum CreateFlag : int32_t
{
  kPersistent = 0,
  kEphemeral = 1,
  kSequential = 2,
  kEphemeralSequential = 3,
  kContainer = 4,
  kTtl = 5,
  kSequentialTtl = 6,
};

bool
IsSequential (int32_t flags)
{
  return flags == kSequential || flags == kEphemeralSequential || flags == kSequentialTtl;
}

bool
IsTtl (int32_t flags)
{
  return flags == kTtl || flags == kSequentialTtl;
}

bool
IsSpecial (const std::string &path)
{
  return path == "/" || path == "/zookeeper" || path == "/zookeeper/quota" || path == "/zookeeper/config";
}

int64_t
GetOwner (int32_t flags, int64_t ttl_ms, int64_t session)
{
  if (flags == kContainer)
    return kContainerOwner;
  if (IsTtl (flags))
    return kTtlMask | ttl_ms;
  return flags == kEphemeral || flags == kEphemeralSequential ? session : 0;
}

/* A parent there is where there is a slash. */
bool
HasParent (const std::string &path)
{
  return path.find ('/') != std::string::npos && path.find ('\0') == std::string::npos;
}

bool
IsCharacterValid (gunichar c)
{
  return c > 0x1f && (c < 0x7f || c > 0x9f) && (c < 0xd800 || c > 0xf8ff) && c < 0xfff0;
}

/* Between slashes: not empty, "." or "..". */
bool
IsNameValid (const char *name, size_t length)
{
  return length > 0 && !(name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.')));
}

bool
IsTextValid (const std::string &path)
{
  const char *end = path.data () + path.size ();

  for (const char *at = path.data (); at < end;)
    {
      gunichar c = static_cast<unsigned char> (*at);

      if (c >= 0x80)
        c = g_utf8_get_char_validated (at, end - at);
      if (!IsCharacterValid (c))
        return false;
      at = g_utf8_next_char (at);
    }
  return true;
}

int32_t
CheckVersion (int32_t current, int32_t expected)
{
  return expected == -1 || expected == current ? kOk : kBadVersion;
}

} // namespace

bool
IsPathValid (const std::string &path)
{
  if (path.empty () || path[0] != '/')
    return false;
  if (path.size () == 1)
    return true;
  for (size_t start = 1; start <= path.size ();)
    {
      size_t end = std::min (path.find ('/', start), path.size ());

      if (!IsNameValid (path.data () + start, end - start))
        return false;
      start = end + 1;
    }
  return IsTextValid (path);
}

/* --- what will be --- */

bool
Preparer::MayDo (const WriteRequest &request, const Record &record, int32_t permission)
{
  return request.may_all || MayAccess (record.acl, permission, *request.identities);
}

Preparer::Record
Preparer::Get (const std::string &path) const
{
  Record record;

  if (in_multi_)
    {
      auto changed = changes_.find (path);

      if (changed != changes_.end ())
        return changed->second;
    }
  const Node *node = tree_->Find (path);
  if (node != nullptr)
    {
      record.exists = true;
      record.stat = node->stat;
      record.n_children = node->children.GetSize ();
      record.acl = node->acl;
    }
  return record;
}

void
Preparer::Put (const std::string &path, const Record &record)
{
  if (in_multi_)
    changes_[path] = record;
}

/* --- one at a time --- */

int32_t
Preparer::CheckCreate (
    const WriteRequest &request, int32_t flags, int64_t ttl_ms, const AclList &list, Txn *txn)
{
  if (flags < kPersistent || flags > kSequentialTtl)
    return kBadArguments;
  if (IsTtl (flags) ? (ttl_ms <= 0 || ttl_ms > kMaxTtlMs) : ttl_ms >= 0)
    return kBadArguments;
  /* The real server does not survive it. */
  if (txn->op == kOpCreateTtl && !IsTtl (flags))
    return kBadArguments;
  if (request.session_error != kOk)
    return request.session_error;
  if (!HasParent (txn->path))
    return kBadArguments;
  txn->acl = ResolveAcl (list, *request.identities);
  if (txn->acl == nullptr)
    return kInvalidAcl;
  return kOk;
}

/* The path that it gets, and whether it can be there. */
int32_t
Preparer::NameChild (const Record &parent, int32_t flags, Txn *txn) const
{
  if (IsSequential (flags))
    {
      char suffix[16];

      g_snprintf (suffix, sizeof suffix, "%010d", parent.stat.cversion);
      txn->path += suffix;
    }
  if (!IsPathValid (txn->path))
    return kBadArguments;
  if (Get (txn->path).exists)
    return kNodeExists;
  return GetOwnerKind (parent.stat.owner) == OwnerKind::kSession ? kNoChildrenForEphemerals : kOk;
}

int32_t
Preparer::Create (const WriteRequest &request, Reader *body, Txn *txn)
{
  txn->path = body->GetString ();
  txn->data = body->GetBuffer ();
  AclList list = body->GetAcl ();
  int32_t flags = body->GetInt ();
  int64_t ttl_ms = txn->op == kOpCreateTtl ? body->GetLong () : -1;
  if (body->IsBad ())
    return kMarshallingError;
  int32_t error = CheckCreate (request, flags, ttl_ms, list, txn);
  if (error != kOk)
    return error;
  std::string parent_path = GetParentPath (txn->path);
  Record parent = Get (parent_path);
  if (!parent.exists)
    return kNoNode;
  if (!MayDo (request, parent, kMayCreate))
    return kNoAuth;
  error = NameChild (parent, flags, txn);
  if (error != kOk)
    return error;
  txn->type = TxnType::kCreate;
  txn->version = static_cast<int32_t> (static_cast<uint32_t> (parent.stat.cversion) + 1);
  parent.stat.cversion = txn->version;
  parent.n_children++;
  Put (parent_path, parent);
  /* Which kind of node it is depends on the flags for what comes later in the same multi, and as to
   * containers on the request for everybody else. */
  Record node;
  node.exists = true;
  node.acl = txn->acl;
  node.stat.owner = GetOwner (flags, ttl_ms, request.session);
  txn->owner = flags == kContainer ? 0 : node.stat.owner;
  if (txn->op == kOpCreateContainer)
    txn->owner = kContainerOwner;
  Put (txn->path, node);
  return kOk;
}

int32_t
Preparer::Delete (const WriteRequest &request, Reader *body, Txn *txn)
{
  if (request.session_error != kOk)
    return request.session_error;
  txn->path = body->GetString ();
  int32_t version = body->GetInt ();
  if (body->IsBad ())
    return kMarshallingError;
  if (!HasParent (txn->path) || IsSpecial (txn->path))
    return kBadArguments;
  std::string parent_path = GetParentPath (txn->path);
  Record parent = Get (parent_path);
  if (!parent.exists)
    return kNoNode;
  if (!MayDo (request, parent, kMayDelete))
    return kNoAuth;
  Record node = Get (txn->path);
  if (!node.exists)
    return kNoNode;
  if (CheckVersion (node.stat.version, version) != kOk)
    return kBadVersion;
  if (node.n_children > 0)
    return kNotEmpty;
  txn->type = TxnType::kDelete;
  parent.n_children--;
  Put (parent_path, parent);
  Put (txn->path, Record ());
  return kOk;
}

int32_t
Preparer::SetData (const WriteRequest &request, Reader *body, Txn *txn)
{
  if (request.session_error != kOk)
    return request.session_error;
  txn->path = body->GetString ();
  txn->data = body->GetBuffer ();
  int32_t version = body->GetInt ();
  if (body->IsBad ())
    return kMarshallingError;
  if (!IsPathValid (txn->path))
    return kBadArguments;
  Record node = Get (txn->path);
  if (!node.exists)
    return kNoNode;
  if (!MayDo (request, node, kMayWrite))
    return kNoAuth;
  if (CheckVersion (node.stat.version, version) != kOk)
    return kBadVersion;
  txn->type = TxnType::kSetData;
  txn->version = static_cast<int32_t> (static_cast<uint32_t> (node.stat.version) + 1);
  node.stat.version = txn->version;
  Put (txn->path, node);
  return kOk;
}

int32_t
Preparer::SetAcl (const WriteRequest &request, Reader *body, Txn *txn)
{
  if (request.session_error != kOk)
    return request.session_error;
  txn->path = body->GetString ();
  AclList list = body->GetAcl ();
  int32_t version = body->GetInt ();
  if (body->IsBad ())
    return kMarshallingError;
  if (!IsPathValid (txn->path))
    return kBadArguments;
  txn->acl = ResolveAcl (list, *request.identities);
  if (txn->acl == nullptr)
    return kInvalidAcl;
  Record node = Get (txn->path);
  if (!node.exists)
    return kNoNode;
  if (!MayDo (request, node, kMayAdminister))
    return kNoAuth;
  if (CheckVersion (node.stat.aversion, version) != kOk)
    return kBadVersion;
  txn->type = TxnType::kSetAcl;
  txn->version = static_cast<int32_t> (static_cast<uint32_t> (node.stat.aversion) + 1);
  return kOk;
}

int32_t
Preparer::Check (const WriteRequest &request, Reader *body, Txn *txn)
{
  if (request.session_error != kOk)
    return request.session_error;
  txn->path = body->GetString ();
  int32_t version = body->GetInt ();
  if (body->IsBad ())
    return kMarshallingError;
  if (!IsPathValid (txn->path))
    return kBadArguments;
  Record node = Get (txn->path);
  if (!node.exists)
    return kNoNode;
  if (!MayDo (request, node, kMayRead))
    return kNoAuth;
  if (CheckVersion (node.stat.version, version) != kOk)
    return kBadVersion;
  txn->type = TxnType::kCheck;
  return kOk;
}

int32_t
Preparer::PrepareOne (const WriteRequest &request, int32_t op, Reader *body, Txn *txn)
{
  txn->op = op;
  txn->session = request.session;
  switch (op)
    {
    case kOpCreate:
    case kOpCreate2:
    case kOpCreateContainer:
    case kOpCreateTtl:
      return Create (request, body, txn);
    case kOpDelete:
      return Delete (request, body, txn);
    case kOpSetData:
      return SetData (request, body, txn);
    case kOpSetAcl:
      return SetAcl (request, body, txn);
    case kOpCheck:
      return Check (request, body, txn);
    case kOpReconfig:
      return kReconfigDisabled;
    default:
      return kMarshallingError;
    }
}

/* --- several at once --- */

namespace
{

struct MultiHeader
{
  explicit MultiHeader (Reader *body) : op (body->GetInt ()), done (body->GetBool ()), error (body->GetInt ())
  {
  }

  int32_t op;
  bool done;
  int32_t error;
};

bool
IsCreate (int32_t op)
{
  return op == kOpCreate || op == kOpCreate2 || op == kOpCreateContainer || op == kOpCreateTtl;
}

/* In a multi, the flags say what is created; create2 is create. */
int32_t
GetPartOp (int32_t op, int32_t flags)
{
  if (!IsCreate (op) || (op == kOpCreateTtl && IsTtl (flags)))
    return op;
  return flags == kContainer ? kOpCreateContainer : kOpCreate;
}

/* Goes past one part; the flags of a create. */
int32_t
SkipPart (int32_t op, Reader *body)
{
  int32_t flags = 0;

  body->GetString ();
  if (IsCreate (op))
    {
      body->GetBuffer ();
      body->GetAcl ();
      flags = body->GetInt ();
      if (op == kOpCreateTtl)
        body->GetLong ();
    }
  else
    {
      if (op == kOpSetData)
        body->GetBuffer ();
      body->GetInt ();
    }
  return flags;
}

} // namespace

/* All or none: where one cannot be done, those before it are told OK and those after it "runtime
 * inconsistency". */
int32_t
Preparer::Multi (const WriteRequest &request, Txn *txn)
{
  Reader body (request.body);
  int32_t failed = kOk;

  for (MultiHeader header (&body); !header.done; header = MultiHeader (&body))
    {
      Reader start = body;
      bool known =
          IsCreate (header.op) || header.op == kOpDelete || header.op == kOpSetData || header.op == kOpCheck;
      int32_t flags = known ? SkipPart (header.op, &body) : 0;
      Txn part;

      if (!known || body.IsBad ())
        return kMarshallingError;
      if (failed != kOk)
        {
          part.error = kRuntimeInconsistency;
        }
      else
        {
          part.zxid = txn->zxid;
          part.time_ms = txn->time_ms;
          part.error = failed = PrepareOne (request, GetPartOp (header.op, flags), &start, &part);
        }
      txn->parts.push_back (std::move (part));
    }
  if (body.IsBad ())
    return kMarshallingError;
  txn->error = failed;
  if (failed == kOk)
    return kOk;
  for (Txn &part : txn->parts)
    {
      int32_t error = part.error;

      part = Txn ();
      part.error = error;
    }
  return kOk;
}

Txn
Preparer::Prepare (const WriteRequest &request, int64_t zxid, int64_t time_ms)
{
  Txn txn;
  int32_t error;

  txn.zxid = zxid;
  txn.time_ms = time_ms;
  if (request.op == kOpMulti)
    {
      txn.op = kOpMulti;
      txn.session = request.session;
      txn.type = TxnType::kMulti;
      in_multi_ = true;
      error = Multi (request, &txn);
      in_multi_ = false;
      changes_.clear ();
    }
  else
    {
      Reader body (request.body);

      error = PrepareOne (request, request.op, &body, &txn);
    }
  if (error != kOk)
    {
      txn.type = TxnType::kError;
      txn.error = error;
      txn.parts.clear ();
    }
  return txn;
}

Txn
Preparer::PrepareCloseSession (int64_t session, int64_t zxid, int64_t time_ms)
{
  Txn txn;

  txn.type = TxnType::kCloseSession;
  txn.op = kOpCloseSession;
  txn.zxid = zxid;
  txn.time_ms = time_ms;
  txn.session = session;
  txn.paths = tree_->GetEphemerals (session).GetNames ();
  return txn;
}

} // namespace sim
