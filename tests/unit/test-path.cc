/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <string>

#include "curator-path-private.h"

namespace
{

std::string
Take (char *text)
{
  std::string copy = text == NULL ? "(null)" : text;

  g_free (text);
  return copy;
}

/* "" where the path is valid, else the reason why not. */
std::string
Check (const char *path, gboolean sequential = FALSE)
{
  char *reason = NULL;
  gboolean valid = curator_path_validate (path, sequential, &reason);

  EXPECT_EQ (valid, curator_path_validate (path, sequential, NULL));
  EXPECT_EQ (valid, reason == NULL);
  return valid ? "" : Take (reason);
}

struct PathRow
{
  const char *path;
  const char *reason;            /* part of it; "" for a valid path */
  const char *sequential_reason; /* the same for the prefix of a sequential node */
};

const PathRow path_rows[] = {
  { "/", "", "" },
  { "/this is / a valid/path", "", "" },
  { "/name/with.period.", "", "" },
  { "/a", "", "" },
  { "/a/b/c", "", "" },
  { "/...", "", "" },
  { "/.a", "", "" },
  { "/a.", "", "" },
  { "/..a/b..", "", "" },
  { "/a/.../b", "", "" },
  { "/a:b,c\"d\\e", "", "" },
  { NULL, "NULL", "NULL" },
  { "", "empty", "empty" },
  { "not/valid", "begin with a slash", "begin with a slash" },
  { " /a", "begin with a slash", "begin with a slash" },
  { "/ends/with/slash/", "ends in a slash", "" },
  { "/a/", "ends in a slash", "" },
  { "//", "an empty name at byte 1", "an empty name at byte 1" },
  { "//a", "an empty name at byte 1", "an empty name at byte 1" },
  { "/double//slash", "an empty name at byte 8", "an empty name at byte 8" },
  { "/a//", "an empty name at byte 3", "an empty name at byte 3" },
  { "/.", "a relative name at byte 1", "" },
  { "/..", "a relative name at byte 1", "" },
  { "/a/.", "a relative name at byte 3", "" },
  { "/a/..", "a relative name at byte 3", "" },
  { "/./a", "a relative name at byte 1", "a relative name at byte 1" },
  { "/single/./period", "a relative name at byte 8", "a relative name at byte 8" },
  { "/double/../period", "a relative name at byte 8", "a relative name at byte 8" },
  { "/../", "a relative name at byte 1", "a relative name at byte 1" },
  { "/test\x01", "U+0001 at byte 5", "U+0001 at byte 5" },
  { "/test\t", "U+0009", "U+0009" },
  { "/test\n", "U+000A", "U+000A" },
  { "/test\x1f", "U+001F", "U+001F" },
  { "/test\x20", "", "" },
  { "/test\x7e", "", "" },
  { "/test\x7f", "U+007F", "U+007F" },
  { "/test\u0080", "U+0080", "U+0080" },
  { "/test\u009f", "U+009F", "U+009F" },
  { "/test\u00a0", "", "" },
  { "/t\u00e4st", "", "" },
  { "/test\ud7ff", "", "" },
  { "/test\ue000", "U+E000", "U+E000" },
  { "/test\uf8ff", "U+F8FF", "U+F8FF" },
  { "/test\uf900", "", "" },
  { "/test\uffef", "", "" },
  { "/test\ufff0", "U+FFF0", "U+FFF0" },
  { "/test\ufffd", "U+FFFD", "U+FFFD" },
  { "/test\uffff", "U+FFFF", "U+FFFF" },
  { "/test\U0001f600", "U+1F600", "U+1F600" },
  { "/test\U0010ffff", "U+10FFFF", "U+10FFFF" },
  { "/test\xff", "UTF-8 at byte 5", "UTF-8 at byte 5" },
  { "/test\xc3", "UTF-8 at byte 5", "UTF-8 at byte 5" },
  { "/\xc0\xaf", "UTF-8 at byte 1", "UTF-8 at byte 1" },
  { "/\xed\xa0\x80", "UTF-8 at byte 1", "UTF-8 at byte 1" }, /* a surrogate */
  { "/\x80", "UTF-8 at byte 1", "UTF-8 at byte 1" },
};

void
ExpectReason (const std::string &want, const std::string &got, const char *path)
{
  if (want.empty ())
    EXPECT_EQ ("", got) << path;
  else
    EXPECT_NE (std::string::npos, got.find (want)) << (path == NULL ? "NULL" : path) << " gave: " << got;
}

TEST (Path, ValidatesAsServersDo)
{
  for (const PathRow &row : path_rows)
    {
      ExpectReason (row.reason, Check (row.path), row.path);
      ExpectReason (row.sequential_reason, Check (row.path, TRUE), row.path);
    }
}

TEST (Path, ValidatesLongPaths)
{
  std::string path;

  for (int i = 0; i < 100000; i++)
    path += "/name";
  EXPECT_EQ ("", Check (path.c_str ()));
  ExpectReason ("an empty name at byte 500001", Check ((path + "//x").c_str ()), "long");
}

TEST (Path, JoinsWithOneSlash)
{
  struct Row
  {
    const char *parent, *child, *want;
  };
  const Row rows[] = {
    { "/a", "b", "/a/b" },     { "/a/", "b", "/a/b" },    { "/a", "/b", "/a/b" }, { "/a/", "/b/", "/a/b" },
    { "a", "b", "/a/b" },      { "a", "b/c/", "/a/b/c" }, { "/", "a", "/a" },     { "/", "/a", "/a" },
    { "", "a", "/a" },         { NULL, "a", "/a" },       { "/a", NULL, "/a" },   { "/a", "", "/a" },
    { "/a", "/", "/a" },       { "/", "/", "/" },         { "", "", "/" },        { NULL, NULL, "/" },
    { "/a/b", "c", "/a/b/c" },
  };

  for (const Row &row : rows)
    EXPECT_EQ (row.want, Take (curator_path_make (row.parent, row.child)));
}

TEST (Path, TakesApart)
{
  struct Row
  {
    const char *path, *parent, *name;
  };
  const Row rows[] = {
    { "/", "(null)", "" },        { "/a", "/", "a" },   { "/a/b", "/a", "b" }, { "/a/b/c", "/a/b", "c" },
    { "name", "(null)", "name" }, { "", "(null)", "" }, { "/a/", "/a", "" },
  };

  for (const Row &row : rows)
    {
      EXPECT_EQ (row.parent, Take (curator_path_dup_parent (row.path))) << row.path;
      EXPECT_STREQ (row.name, curator_path_get_basename (row.path)) << row.path;
    }
}

TEST (Path, MakesPrefixes)
{
  struct Row
  {
    const char *chroot, *namespace_, *want;
  };
  const Row rows[] = {
    { NULL, NULL, "(null)" }, { NULL, "", "(null)" },  { "/", NULL, "(null)" },
    { "/", "app", "/app" },   { NULL, "app", "/app" }, { NULL, "a/b", "/a/b" },
    { "/c", NULL, "/c" },     { "/c", "", "/c" },      { "/c/d", "a/b", "/c/d/a/b" },
  };

  for (const Row &row : rows)
    {
      char *reason = NULL;

      EXPECT_EQ (row.want, Take (curator_path_make_prefix (row.chroot, row.namespace_, &reason)));
      EXPECT_EQ (nullptr, reason);
    }
}

TEST (Path, RefusesBadNamespaces)
{
  for (const char *bad : { "/app", "app/", "a//b", "..", "a/./b", "a\x01", "a\xff", "/" })
    {
      char *reason = NULL;

      EXPECT_EQ (nullptr, curator_path_make_prefix ("/c", bad, &reason)) << bad;
      EXPECT_NE ("(null)", Take (reason)) << bad;
    }
}

TEST (Path, PutsPrefixesOnAndTakesThemOff)
{
  struct Row
  {
    const char *prefix, *path;
    gboolean sequential;
    const char *full;
  };
  const Row rows[] = {
    { NULL, "/", FALSE, "/" },
    { NULL, "/a", FALSE, "/a" },
    { "/app", "/", FALSE, "/app" },
    { "/app", "/a", FALSE, "/app/a" },
    { "/app", "/a/b", FALSE, "/app/a/b" },
    { "/app", "/app", FALSE, "/app/app" },
    { "/app", "/a/", TRUE, "/app/a/" },
    { "/app", "/", TRUE, "/app/" },
    { NULL, "/", TRUE, "/" },
  };

  for (const Row &row : rows)
    {
      std::string full = Take (curator_path_apply_prefix (row.prefix, row.path, row.sequential));

      EXPECT_EQ (row.full, full);
      EXPECT_EQ (row.path, Take (curator_path_strip_prefix (row.prefix, full.c_str ())));
    }
}

TEST (Path, LeavesPathsOutsideOfThePrefixAlone)
{
  for (const char *path : { "/", "/apple", "/ap", "/other/app", "/zookeeper/config" })
    EXPECT_EQ (path, Take (curator_path_strip_prefix ("/app", path)));
}

TEST (Path, QuotesForMessages)
{
  struct Row
  {
    const char *text, *want;
  };
  const Row rows[] = {
    { NULL, "NULL" },
    { "", "\"\"" },
    { "/a/b", "\"/a/b\"" },
    { "/\u00e4\u20ac", "\"/\u00e4\u20ac\"" },
    { "/a\"b\\c", "\"/a\\\"b\\\\c\"" },
    { "/a\nb\x1b", "\"/a\\u000ab\\u001b\"" },
    { "/\u202e", "\"/\\u202e\"" },
    { "/\xff", "\"/\ufffd\"" },
  };

  for (const Row &row : rows)
    EXPECT_EQ (row.want, Take (curator_path_quote (row.text)));
}

TEST (Path, QuotesLongTextsInPart)
{
  for (const char *unit : { "x", "\u00e4", "\u20ac", "\U0001f600" })
    {
      std::string text, shown;

      for (int i = 0; i < 5000; i++)
        text += unit;
      for (int i = 0; i < 256; i++)
        shown += unit;
      EXPECT_EQ ("\"" + shown + "\u2026\"", Take (curator_path_quote (text.c_str ())));
    }
  EXPECT_TRUE (
      g_utf8_validate (Take (curator_path_quote (std::string (9999, '\xe2').c_str ())).c_str (), -1, NULL));
}

TEST (Path, QuotesWhatJustFitsInWhole)
{
  std::string fits (255, 'x'), exact (256, 'x');

  EXPECT_EQ ("\"" + fits + "\"", Take (curator_path_quote (fits.c_str ())));
  EXPECT_EQ ("\"" + exact + "\"", Take (curator_path_quote (exact.c_str ())));
}

} // namespace
