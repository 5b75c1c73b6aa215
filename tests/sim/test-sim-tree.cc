/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <algorithm>

#include "sim-prepare.h"

namespace
{

using namespace sim;

/* --- paths and lists --- */

struct PathRow
{
  const char *path;
  bool valid;
};

const PathRow path_rows[] = {
  { "/", true },
  { "/a", true },
  { "/a/b", true },
  { "/a.b", true },
  { "/...", true },
  { "/a/..b", true },
  { "/a..", true },
  { "/\xc3\xa9", true },
  { "", false },
  { "a", false },
  { "/a/", false },
  { "//a", false },
  { "/a//b", false },
  { "/.", false },
  { "/..", false },
  { "/a/./b", false },
  { "/a/../b", false },
  { "/\x01", false },
  { "/a\x7f", false },
  { "/\xff", false },
  { "/\xc2\x80", false },
  { "/\xf0\x9d\x84\x9e", false },
  { "/\xee\x80\x80", false },
  { "/\xef\xbf\xbd", false },
};

TEST (SimTree, PathsAreJudged)
{
  for (const PathRow &row : path_rows)
    EXPECT_EQ (row.valid, IsPathValid (row.path)) << row.path;
  EXPECT_FALSE (IsPathValid (std::string ("/a\0b", 4)));
}

struct AclRow
{
  const char *what;
  AclList list;
  Identities identities;
  int32_t may; /* -1: the list is not valid */
};

const Identity ann = { "digest", "ann:" };
const Identity bob = { "digest", "bob:" };

const AclRow acl_rows[] = {
  { "nobody listed", {}, { ann }, -1 },
  { "everybody", { { 31, "world", "anyone" } }, {}, 31 },
  { "everybody reads", { { 1, "world", "anyone" } }, { ann }, 1 },
  { "another world", { { 31, "world", "somebody" } }, {}, -1 },
  { "whoever asks, unknown", { { 31, "auth", "" } }, {}, -1 },
  { "whoever asks", { { 31, "auth", "" } }, { ann }, 31 },
  { "one with a digest", { { 5, "digest", "ann:x" } }, { { "digest", "ann:x" } }, 5 },
  { "another with a digest", { { 31, "digest", "ann:x" } }, { { "digest", "bob:x" } }, 0 },
  { "one and everybody",
    { { 2, "digest", "ann:x" }, { 1, "world", "anyone" } },
    { { "digest", "ann:x" } },
    3 },
  { "a digest without a colon", { { 31, "digest", "ann" } }, {}, -1 },
  { "a digest with two colons", { { 31, "digest", "a:b:c" } }, {}, -1 },
  { "a digest that ends in a colon", { { 31, "digest", "ann:" } }, { ann }, -1 },
  { "an address", { { 31, "ip", "10.0.0.0/8" } }, {}, 0 },
  { "no address", { { 31, "ip", "10.0.0.256" } }, {}, -1 },
  { "an address with too many bits", { { 31, "ip", "10.0.0.1/33" } }, {}, -1 },
  { "an unknown scheme", { { 31, "sasl", "ann" } }, {}, -1 },
};

TEST (SimTree, ListsAreResolvedAndKept)
{
  for (const AclRow &row : acl_rows)
    {
      AclRef acl = ResolveAcl (row.list, row.identities);

      EXPECT_EQ (row.may < 0, acl == nullptr) << row.what;
      for (int32_t bit = 1; acl != nullptr && bit <= kMayAdminister; bit *= 2)
        EXPECT_EQ ((row.may & bit) != 0, MayAccess (acl, bit, row.identities)) << row.what << bit;
    }
  EXPECT_TRUE (MayAccess (nullptr, kMayAdminister, {}));
}

TEST (SimTree, ListsLoseDuplicatesAndGainEveryIdentity)
{
  AclList twice = { { 31, "world", "anyone" }, { 31, "world", "anyone" }, { 1, "world", "anyone" } };

  EXPECT_EQ (2u, ResolveAcl (twice, {})->size ());
  EXPECT_EQ (2u, ResolveAcl ({ { 31, "auth", "ignored" } }, { ann, bob })->size ());
  EXPECT_EQ ("digest", ResolveAcl ({ { 31, "auth", "ignored" } }, { ann, bob })->at (1).scheme);
}

TEST (SimTree, DigestsAreSha1InBase64)
{
  EXPECT_EQ ("super:xQJmxLMiHGwaqBvst5y6rkB6HQs=", GetDigest ("super:admin"));
  EXPECT_EQ ("ann:x", HideDigests ({ { 1, "digest", "ann:secret" } })[0].id);
  EXPECT_EQ ("anyone", HideDigests ({ { 1, "world", "anyone" } })[0].id);
}

/* --- names --- */

TEST (SimTree, NamesComeInBucketsAndByAgeInThem)
{
  NameSet names (8);

  for (const char *name : { "b", "a", "j", "zookeeper" })
    EXPECT_TRUE (names.Add (name));
  EXPECT_FALSE (names.Add ("a"));
  /* "a" is 97, "b" 98, "j" 106: buckets 1, 2 and 2 of eight. */
  std::vector<std::string> order = names.GetNames ();
  order.erase (std::find (order.begin (), order.end (), "zookeeper"));
  EXPECT_EQ (order, (std::vector<std::string>{ "a", "b", "j" }));
  for (const char *name : { "c", "d", "e" })
    names.Add (name);
  EXPECT_TRUE (names.Remove ("b"));
  EXPECT_FALSE (names.Remove ("b"));
  EXPECT_EQ (6u, names.GetSize ());
  EXPECT_TRUE (names.Add ("b"));
  EXPECT_EQ (7u, names.Clone ().GetSize ());
}

/* --- changes --- */

class SimTreeChanges : public ::testing::Test
{
protected:
  Txn Do (int32_t op, const Writer &body)
  {
    WriteRequest request;

    request.op = op;
    request.session = session_;
    request.session_error = session_error_;
    request.identities = &identities_;
    request.body = body.GetBytes ();
    zxid_++;
    Txn txn = preparer_.Prepare (request, zxid_, zxid_ * 10);
    tree_.Apply (&txn);
    other_.Apply (const_cast<const Txn &> (txn));
    return txn;
  }

  Txn Create (const std::string &path, int32_t flags = 0, int32_t op = kOpCreate2, int64_t ttl_ms = -1)
  {
    Writer body;

    body.PutString (path);
    body.PutString ("data");
    body.PutAcl (acl_);
    body.PutInt (flags);
    if (op == kOpCreateTtl)
      body.PutLong (ttl_ms);
    return Do (op, body);
  }

  Txn Delete (const std::string &path, int32_t version = -1)
  {
    Writer body;

    body.PutString (path);
    body.PutInt (version);
    return Do (kOpDelete, body);
  }

  Txn Set (const std::string &path, int32_t version = -1)
  {
    Writer body;

    body.PutString (path);
    body.PutString ("more data");
    body.PutInt (version);
    return Do (kOpSetData, body);
  }

  WireStat Stat (const std::string &path)
  {
    return tree_.Find (path)->GetWireStat ();
  }

  Tree tree_;
  Tree other_; /* what a member makes of the same log */
  Preparer preparer_{ &tree_ };
  Identities identities_;
  AclList acl_ = GetOpenAcl ();
  int64_t session_ = 0x1234;
  int32_t session_error_ = kOk;
  int64_t zxid_ = 0;
};

TEST_F (SimTreeChanges, AFreshTreeHasTheServersNodes)
{
  EXPECT_EQ (1u, tree_.GetChildren ("/").size ());
  EXPECT_EQ (2u, tree_.GetChildren ("/zookeeper").size ());
  EXPECT_EQ (-1, Stat ("/").cversion);
  EXPECT_EQ (-2, Stat ("/zookeeper").cversion);
  EXPECT_EQ (-1, Stat ("/zookeeper/config").aversion);
  EXPECT_EQ (tree_.Find (""), tree_.Find ("/"));
  EXPECT_EQ (nullptr, tree_.Find ("a"));
  EXPECT_EQ (nullptr, tree_.Find ("/zookeeper/"));
  EXPECT_EQ (0u, tree_.GetSize ());
  EXPECT_TRUE (tree_.GetChildren ("/none").empty ());
}

TEST_F (SimTreeChanges, StatsCount)
{
  Create ("/a");
  EXPECT_EQ (kOk, Create ("/a/x").error);
  EXPECT_EQ (kOk, Create ("/a/y").error);
  EXPECT_EQ (kOk, Delete ("/a/x").error);
  EXPECT_EQ (kOk, Set ("/a").error);
  WireStat stat = Stat ("/a");
  EXPECT_EQ (1, stat.czxid);
  EXPECT_EQ (5, stat.mzxid);
  EXPECT_EQ (4, stat.pzxid);
  EXPECT_EQ (10, stat.ctime_ms);
  EXPECT_EQ (50, stat.mtime_ms);
  EXPECT_EQ (1, stat.version);
  EXPECT_EQ (3, stat.cversion); /* two creates and a delete */
  EXPECT_EQ (0, stat.aversion);
  EXPECT_EQ (9, stat.data_length);
  EXPECT_EQ (1, stat.n_children);
  EXPECT_EQ (5, tree_.last_zxid);
  EXPECT_EQ (stat.pzxid, other_.Find ("/a")->GetWireStat ().pzxid);
  EXPECT_EQ (stat.version, other_.Find ("/a")->GetWireStat ().version);
}

TEST_F (SimTreeChanges, SequenceNumbersAreTheParentsCounter)
{
  Create ("/a");
  EXPECT_EQ ("/a/n-0000000000", Create ("/a/n-", 2).path);
  EXPECT_EQ ("/a/n-0000000001", Create ("/a/n-", 3).path);
  Create ("/a/plain");
  Delete ("/a/n-0000000001");
  EXPECT_EQ ("/a/0000000003", Create ("/a/", 2).path);
  EXPECT_EQ (kBadArguments, Create ("/a/").error);
}

TEST_F (SimTreeChanges, OwnersOfNodes)
{
  Create ("/e", 1);
  Create ("/c", 4, kOpCreateContainer);
  Create ("/t", 5, kOpCreateTtl, 1000);
  EXPECT_EQ (session_, Stat ("/e").ephemeral_owner);
  EXPECT_EQ (0, Stat ("/c").ephemeral_owner);
  EXPECT_EQ (0, Stat ("/t").ephemeral_owner);
  EXPECT_EQ (kNoChildrenForEphemerals, Create ("/e/x").error);
  EXPECT_EQ (kOk, Create ("/c/x").error);
  EXPECT_EQ (2u, tree_.GetContainers ().size ());
  Delete ("/t");
  EXPECT_EQ (1u, tree_.GetContainers ().size ());
  Txn close = preparer_.PrepareCloseSession (session_, ++zxid_, 0);
  EXPECT_EQ (close.paths, std::vector<std::string>{ "/e" });
  tree_.Apply (&close);
  EXPECT_EQ (nullptr, tree_.Find ("/e"));
  EXPECT_EQ (0u, tree_.GetEphemerals (session_).GetSize ());
}

struct CreateRow
{
  const char *what;
  const char *path;
  int32_t op;
  int32_t flags;
  int64_t ttl_ms;
  int32_t error;
};

const CreateRow create_rows[] = {
  { "is there", "/a", kOpCreate, 0, -1, kNodeExists },
  { "the root", "/", kOpCreate, 0, -1, kNodeExists },
  { "no parent", "/none/x", kOpCreate, 0, -1, kNoNode },
  { "no slash", "x", kOpCreate, 0, -1, kBadArguments },
  { "an empty name", "/a//x", kOpCreate, 0, -1, kNoNode },
  { "an unknown mode", "/x", kOpCreate, 7, -1, kBadArguments },
  { "a time to live without a number", "/x", kOpCreate, 5, -1, kBadArguments },
  { "no time to live", "/x", kOpCreateTtl, 5, 0, kBadArguments },
  { "too long a time", "/x", kOpCreateTtl, 5, INT64_C (0x10000000000), kBadArguments },
  { "a time for what has none", "/x", kOpCreateTtl, 0, 10, kBadArguments },
  { "neither a time nor a mode for it", "/x", kOpCreateTtl, 0, -1, kBadArguments },
  { "a time to live", "/x", kOpCreateTtl, 6, 10, kOk },
};

TEST_F (SimTreeChanges, CreatesThatFail)
{
  Create ("/a");
  for (const CreateRow &row : create_rows)
    {
      Txn txn = Create (row.path, row.flags, row.op, row.ttl_ms);

      EXPECT_EQ (row.error, txn.error) << row.what;
      EXPECT_EQ (zxid_, txn.zxid) << row.what;
      EXPECT_EQ (zxid_, tree_.last_zxid) << row.what;
    }
  acl_.clear ();
  EXPECT_EQ (kInvalidAcl, Create ("/none/x").error);
  session_error_ = kSessionMoved;
  EXPECT_EQ (kSessionMoved, Create ("/none/x").error);
  EXPECT_EQ (kBadArguments, Create ("/none/x", 9).error);
  EXPECT_EQ (kSessionMoved, Delete ("/").error);
}

TEST_F (SimTreeChanges, DeletesAndSetsThatFail)
{
  Create ("/a");
  Create ("/a/x");
  EXPECT_EQ (kNotEmpty, Delete ("/a").error);
  EXPECT_EQ (kBadVersion, Delete ("/a", 1).error);
  EXPECT_EQ (kNoNode, Delete ("/b").error);
  EXPECT_EQ (kNoNode, Delete ("/none/b").error);
  EXPECT_EQ (kBadArguments, Delete ("/").error);
  EXPECT_EQ (kBadArguments, Delete ("/zookeeper/quota").error);
  EXPECT_EQ (kBadArguments, Delete ("x").error);
  EXPECT_EQ (kNoNode, Set ("/b").error);
  EXPECT_EQ (kBadVersion, Set ("/a", 3).error);
  EXPECT_EQ (kBadArguments, Set ("/a/").error);
  EXPECT_EQ (kNoAuth, Set ("/zookeeper/config").error);
  EXPECT_EQ (kOk, Set ("/a", 0).error);
  EXPECT_EQ (kMarshallingError, Do (kOpDelete, Writer ()).error);
  EXPECT_EQ (kMarshallingError, Do (kOpCreate, Writer ()).error);
}

TEST_F (SimTreeChanges, PermissionsOfEachOperation)
{
  const int32_t all[] = { kMayRead, kMayWrite, kMayCreate, kMayDelete, kMayAdminister };

  for (int32_t permission : all)
    {
      std::string path = "/p" + std::to_string (permission);
      Writer set_acl;

      Create (path);
      Create (path + "/x");
      set_acl.PutString (path);
      set_acl.PutAcl ({ { permission, "world", "anyone" } });
      set_acl.PutInt (0);
      EXPECT_EQ (kOk, Do (kOpSetAcl, set_acl).error);
      EXPECT_EQ (1, Stat (path).aversion);
      EXPECT_EQ (permission == kMayWrite ? kOk : kNoAuth, Set (path).error);
      EXPECT_EQ (permission == kMayCreate ? kOk : kNoAuth, Create (path + "/y").error);
      EXPECT_EQ (permission == kMayDelete ? kOk : kNoAuth, Delete (path + "/x").error);
      EXPECT_EQ (permission == kMayAdminister ? kBadVersion : kNoAuth, Do (kOpSetAcl, set_acl).error);
    }
}

/* --- several at once --- */

class SimTreeMulti : public SimTreeChanges
{
protected:
  void Add (int32_t op, const std::string &path, int32_t number = -1)
  {
    body_.PutInt (op);
    body_.PutBool (false);
    body_.PutInt (-1);
    body_.PutString (path);
    if (op == kOpCreate || op == kOpCreate2)
      {
        body_.PutString ("");
        body_.PutAcl (acl_);
      }
    if (op == kOpSetData)
      body_.PutString ("m");
    body_.PutInt (number);
  }

  Txn Run ()
  {
    body_.PutInt (-1);
    body_.PutBool (true);
    body_.PutInt (-1);
    Txn txn = Do (kOpMulti, body_);
    body_ = Writer ();
    return txn;
  }

  Writer body_;
};

TEST_F (SimTreeMulti, LaterPartsSeeEarlierOnes)
{
  Add (kOpCreate, "/a", 0);
  Add (kOpCreate2, "/a/n-", 2);
  Add (kOpCreate, "/a/n-", 2);
  Add (kOpSetData, "/a", 0);
  Add (kOpCheck, "/a", 1);
  Add (kOpDelete, "/a/n-0000000000", 0);
  Txn txn = Run ();
  ASSERT_EQ (6u, txn.parts.size ());
  EXPECT_EQ (kOk, txn.error);
  EXPECT_EQ ("/a/n-0000000001", txn.parts[2].path);
  EXPECT_EQ (tree_.GetChildren ("/a"), std::vector<std::string>{ "n-0000000001" });
  EXPECT_EQ (tree_.GetChildren ("/a"), other_.GetChildren ("/a"));
  EXPECT_EQ (1, Stat ("/a").czxid);
  EXPECT_EQ (1, Stat ("/a").mzxid);
  EXPECT_EQ (1, zxid_);
}

TEST_F (SimTreeMulti, AllOrNone)
{
  Create ("/a");
  Add (kOpCreate, "/b", 0);
  Add (kOpDelete, "/a");
  Add (kOpCheck, "/a");
  Add (kOpCreate, "/c", 0);
  Txn txn = Run ();
  ASSERT_EQ (4u, txn.parts.size ());
  EXPECT_EQ (kOk, txn.parts[0].error);
  EXPECT_EQ (kOk, txn.parts[1].error);
  EXPECT_EQ (kNoNode, txn.parts[2].error);
  EXPECT_EQ (kRuntimeInconsistency, txn.parts[3].error);
  EXPECT_EQ (TxnType::kError, txn.parts[0].type);
  EXPECT_EQ (1u, tree_.GetSize ());
  EXPECT_NE (nullptr, tree_.Find ("/a"));
  EXPECT_EQ (2, tree_.last_zxid);
  EXPECT_EQ ("/n0000000001", Create ("/n", 2).path);
}

TEST_F (SimTreeMulti, MalformedOnesDoNothing)
{
  Add (kOpCreate, "/a", 0);
  EXPECT_EQ (kMarshallingError, Do (kOpMulti, body_).error);
  Add (kOpGetData, "/a", 0);
  EXPECT_EQ (kMarshallingError, Run ().error);
  EXPECT_EQ (0u, tree_.GetSize ());
  EXPECT_EQ (kOk, Run ().error);
}

} // namespace
