/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <string>

#include "curator-names-private.h"

namespace
{

#define GUID  "53345f98-9423-4e0c-a7b5-9f819e3ec2e1"
#define OTHER "00000000-0000-4000-8000-000000000000"

std::string
Take (char *text)
{
  std::string copy = text;

  g_free (text);
  return copy;
}

TEST (Names, AreProtected)
{
  EXPECT_EQ ("_c_" GUID "-lock-", Take (curator_names_protect ("lock-", GUID)));
  EXPECT_EQ ("/a/b/_c_" GUID "-lock-", Take (curator_names_protect_path ("/a/b/lock-", GUID)));
  EXPECT_EQ ("/_c_" GUID "-a", Take (curator_names_protect_path ("/a", GUID)));
  EXPECT_EQ ("/a/_c_" GUID "-", Take (curator_names_protect_path ("/a/", GUID)));
  EXPECT_EQ ("_c_" GUID "-a", Take (curator_names_protect_path ("a", GUID)));
}

struct NameRow
{
  const char *name;
  const char *guid; /* "" where the name is not protected */
  const char *stripped;
};

const NameRow name_rows[] = {
  { "_c_" GUID "-lock-0000000001", GUID, "lock-0000000001" },
  { "_c_" GUID "-x", GUID, "x" },
  { "_c_" GUID "--", GUID, "-" },
  { "_c_53345F98-9423-4E0C-A7B5-9F819E3EC2E1-x", "53345F98-9423-4E0C-A7B5-9F819E3EC2E1", "x" },
  { "_c_" GUID "-_c_" OTHER "-x", GUID, "_c_" OTHER "-x" },
  { "_c_" GUID "-", "", "_c_" GUID "-" },
  { "_c_" GUID, "", "_c_" GUID },
  { "_c_" GUID "x", "", "_c_" GUID "x" },
  { "_c_" GUID "_lock-", "", "_c_" GUID "_lock-" },
  { "_C_" GUID "-x", "", "_C_" GUID "-x" },
  { "c_" GUID "-x", "", "c_" GUID "-x" },
  { "x_c_" GUID "-x", "", "x_c_" GUID "-x" },
  { "_c_53345f9-89423-4e0c-a7b5-9f819e3ec2e1-x", "", "_c_53345f9-89423-4e0c-a7b5-9f819e3ec2e1-x" },
  { "_c_53345f98-9423-4e0c-a7b5-9f819e3ec2eg-x", "", "_c_53345f98-9423-4e0c-a7b5-9f819e3ec2eg-x" },
  { "_c_53345f98-9423-4e0c-a7b5-9f819e3ec2\xc3\xa4-x", "",
    "_c_53345f98-9423-4e0c-a7b5-9f819e3ec2\xc3\xa4-x" },
  { "lock-0000000001", "", "lock-0000000001" },
  { "_c_", "", "_c_" },
  { "_", "", "_" },
  { "", "", "" },
};

TEST (Names, AreTakenApart)
{
  for (const NameRow &row : name_rows)
    {
      char guid[CURATOR_NAMES_GUID_LENGTH + 1] = "rubbish";
      gboolean is_protected = *row.guid != '\0';

      EXPECT_EQ (is_protected, curator_names_is_protected (row.name)) << row.name;
      EXPECT_EQ (is_protected, curator_names_get_guid (row.name, guid)) << row.name;
      EXPECT_STREQ (row.guid, guid) << row.name;
      EXPECT_STREQ (row.stripped, curator_names_strip (row.name)) << row.name;
      EXPECT_EQ (is_protected, curator_names_has_guid (row.name, is_protected ? row.guid : GUID)) << row.name;
      EXPECT_FALSE (curator_names_has_guid (row.name, OTHER)) << row.name;
      EXPECT_FALSE (curator_names_has_guid (row.name, "")) << row.name;
    }
}

TEST (Names, AreTakenApartFromBeginningsOfAny)
{
  std::string name = "_c_" GUID "-x";

  for (size_t length = 0; length < name.size (); length++)
    {
      char *part = g_strndup (name.c_str (), length);

      EXPECT_FALSE (curator_names_is_protected (part)) << part;
      g_free (part);
    }
  EXPECT_TRUE (curator_names_is_protected (name.c_str ()));
}

TEST (Names, AreSortedByWhatFollowsTheLastOccurrence)
{
  struct Row
  {
    const char *name, *recipe_name, *key;
  };
  const Row rows[] = {
    { "_c_" GUID "-lock-0000000001", "lock-", "0000000001" },
    { "lock-0000000001", "lock-", "0000000001" },
    { "lock-lock-0000000001", "lock-", "0000000001" },
    { "lock--2147483648", "lock-", "-2147483648" },
    { "a0000000001lock-", "lock-", "" },
    { "other-0000000001", "lock-", "other-0000000001" },
    { "", "lock-", "" },
    { "_c_" GUID "-__READ__0000000007", "__READ__", "0000000007" },
    { "_c_" GUID "-__WRIT__0000000007", "__READ__", "_c_" GUID "-__WRIT__0000000007" },
  };

  for (const Row &row : rows)
    EXPECT_STREQ (row.key, curator_names_get_sort_key (row.name, row.recipe_name)) << row.name;
}

TEST (Names, SequencesAreWhatServersAppend)
{
  struct Row
  {
    const char *text;
    gint32 value;
  };
  const Row rows[] = {
    { "0000000000", 0 },
    { "0000000001", 1 },
    { "0000123456", 123456 },
    { "2147483647", G_MAXINT32 },
    { "-2147483648", G_MININT32 },
    { "-2147483647", G_MININT32 + 1 },
    { "-1000000000", -1000000000 },
    { "-999999999", -999999999 },
    { "-000000001", -1 },
  };

  for (const Row &row : rows)
    {
      gint32 value = 4711;

      EXPECT_TRUE (curator_names_parse_sequence (row.text, &value)) << row.text;
      EXPECT_EQ (row.value, value) << row.text;
    }
}

TEST (Names, NothingElseIsASequence)
{
  const char *rows[] = {
    "",
    "0",
    "1",
    "000000001",
    "00000000001",
    "0000000001 ",
    " 0000000001",
    " 000000001",
    "+000000001",
    "0x00000001",
    "000000000x",
    "0000000.01",
    "2147483648",
    "9999999999",
    "-2147483649",
    "-9999999999",
    "-000000000",
    "-0000000001",
    "--00000001",
    "-",
    "----------",
    "lock-",
    "abcdefghij",
    "0000000001\n",
    "00000\n0001",
    "18446744073709551617",
    "99999999999999999999999",
    "\xd9\xa0\xd9\xa0\xd9\xa0\xd9\xa0\xd9\xa0",
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
  };

  for (const char *text : rows)
    {
      gint32 value = 4711;

      EXPECT_FALSE (curator_names_parse_sequence (text, &value)) << text;
      EXPECT_EQ (4711, value) << text;
    }
}

TEST (Names, SequencesOfRecipes)
{
  gint32 value = 0;

  EXPECT_TRUE (curator_names_get_sequence ("_c_" GUID "-lock-0000000042", "lock-", &value));
  EXPECT_EQ (42, value);
  EXPECT_TRUE (curator_names_get_sequence ("lock--000000042", "lock-", &value));
  EXPECT_EQ (-42, value);
  for (const char *name : { "", "0000000042", "latch-0000000042", "lock-", "lock-42", "lock-0000000042x",
                            "lock", "lock-0000000042/", "lock-0000000042lock-" })
    EXPECT_FALSE (curator_names_get_sequence (name, "lock-", &value)) << name;
  EXPECT_EQ (-42, value);
}

} // namespace
