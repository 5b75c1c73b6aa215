/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <vector>

#include <zookeeper.h>

#include "curator-core-private.h"
#include "curator-protection-private.h"

static const char *const GUID = "6a1c2d3e-0000-4000-8000-00000000000a";
static const char *const OTHER = "6a1c2d3e-0000-4000-8000-00000000000b";

static std::string
Name (const char *guid, const char *rest)
{
  return std::string ("_c_") + guid + "-" + rest;
}

static std::vector<std::string>
Find (const std::vector<std::string> &children, const char *guid)
{
  std::vector<const char *> pointers;
  std::vector<std::string> names;
  GPtrArray *found;

  for (const std::string &child : children)
    pointers.push_back (child.c_str ());
  pointers.push_back (nullptr);
  found = curator_protection_find (pointers.data (), guid);
  for (guint i = 0; i < found->len; i++)
    names.push_back (static_cast<const char *> (g_ptr_array_index (found, i)));
  g_ptr_array_unref (found);
  return names;
}

TEST (Protection, FindsOnlyNamesWithTheGuidLowestFirst)
{
  std::vector<std::string> children = {
    "lock-0000000001",
    Name (GUID, "lock-0000000007"),
    Name (OTHER, "lock-0000000002"),
    Name (GUID, "lock-0000000003"),
    std::string ("x") + Name (GUID, "lock-0000000000"),
    "_c_",
    "_c_-",
    Name (GUID, ""),
    "",
  };
  std::vector<std::string> expected = { Name (GUID, "lock-0000000003"), Name (GUID, "lock-0000000007") };

  EXPECT_EQ (Find (children, GUID), expected);
}

TEST (Protection, FindsNothingInNothing)
{
  GPtrArray *found = curator_protection_find (nullptr, GUID);

  EXPECT_EQ (found->len, 0u);
  g_ptr_array_unref (found);
  EXPECT_TRUE (Find ({}, GUID).empty ());
  EXPECT_TRUE (Find ({ Name (GUID, "a") }, "").empty ());
  EXPECT_TRUE (Find ({ Name (GUID, "a") }, OTHER).empty ());
}

TEST (Protection, FindsNamesThatAreOnlyASequence)
{
  std::vector<std::string> children = { Name (GUID, "0000000012"), Name (GUID, "0000000002") };

  EXPECT_EQ (Find (children, GUID).front (), children[1]);
}

TEST (Protection, TakesAnEphemeralNodeOfThisSessionOnly)
{
  CuratorProtectionCandidate candidates[] = { { FALSE, 7 }, { TRUE, 5 }, { TRUE, 7 }, { TRUE, 7 } };

  EXPECT_EQ (curator_protection_choose (candidates, 4, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, 7), 2u);
  EXPECT_EQ (curator_protection_choose (candidates, 4, CURATOR_CREATE_MODE_EPHEMERAL, 5), 1u);
  EXPECT_EQ (curator_protection_choose (candidates, 4, CURATOR_CREATE_MODE_EPHEMERAL, 6),
             CURATOR_PROTECTION_NO_CANDIDATE);
  EXPECT_EQ (curator_protection_choose (candidates, 1, CURATOR_CREATE_MODE_EPHEMERAL, 7),
             CURATOR_PROTECTION_NO_CANDIDATE);
}

TEST (Protection, TakesThePersistentNodeOfAnySession)
{
  /* Containers and nodes with a time to live are marked in the owner. */
  CuratorProtectionCandidate candidates[] = { { FALSE, 0 }, { TRUE, G_MININT64 }, { TRUE, 0 } };

  EXPECT_EQ (curator_protection_choose (candidates, 3, CURATOR_CREATE_MODE_CONTAINER, 7), 1u);
  EXPECT_EQ (curator_protection_choose (candidates, 3, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL, 7), 1u);
  EXPECT_EQ (curator_protection_choose (candidates, 1, CURATOR_CREATE_MODE_PERSISTENT, 7),
             CURATOR_PROTECTION_NO_CANDIDATE);
  EXPECT_EQ (curator_protection_choose (nullptr, 0, CURATOR_CREATE_MODE_PERSISTENT, 7),
             CURATOR_PROTECTION_NO_CANDIDATE);
}

TEST (Protection, KnowsWhatLeavesTheOutcomeOpen)
{
  for (int rc : { (int) ZCONNECTIONLOSS, (int) ZOPERATIONTIMEOUT, (int) ZSESSIONEXPIRED, CURATOR_RC_CANCELLED,
                  CURATOR_RC_CLOSED, CURATOR_RC_REPLY_TOO_LARGE, -122 })
    EXPECT_TRUE (curator_protection_is_outcome_open (rc)) << rc;
  for (int rc : { (int) ZOK, (int) ZNONODE, (int) ZNODEEXISTS, (int) ZNOAUTH, (int) ZSESSIONMOVED,
                  (int) ZTHROTTLEDOP, CURATOR_RC_REQUEST_TOO_LARGE, CURATOR_RC_INVALID_PATH })
    EXPECT_FALSE (curator_protection_is_outcome_open (rc)) << rc;
}

TEST (Protection, SearchesWhereTheNodeWouldBe)
{
  const std::pair<const char *, const char *> cases[] = {
    { "/a", "/" }, { "/", "/" }, { "/a/b", "/a" }, { "/a/", "/a" }, { "/a/b/n-", "/a/b" },
  };

  for (const auto &c : cases)
    {
      g_autofree char *parent = curator_protection_dup_parent (c.first);

      EXPECT_STREQ (parent, c.second) << c.first;
    }
}

TEST (Protection, KnowsEphemeralModes)
{
  for (int mode = 0; mode <= CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL; mode++)
    EXPECT_EQ (curator_create_mode_is_ephemeral (static_cast<CuratorCreateMode> (mode)),
               mode == CURATOR_CREATE_MODE_EPHEMERAL || mode == CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
}
