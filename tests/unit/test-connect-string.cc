/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <string>

#include "curator-connect-string-private.h"

namespace
{

/* The parsed string in one form: "host|port host|port chroot". */
std::string
Parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CuratorConnectString) parsed = curator_connect_string_parse (text, &error);
  std::string result;

  EXPECT_EQ (parsed == NULL, error != NULL);
  if (parsed == NULL)
    return std::string ("error: ") + error->message;
  for (guint i = 0; i < parsed->hosts->len; i++)
    {
      CuratorHostPort *host = (CuratorHostPort *) g_ptr_array_index (parsed->hosts, i);

      result += std::string (host->host) + "|" + std::to_string (host->port) + " ";
    }
  return result + (parsed->chroot == NULL ? "-" : parsed->chroot);
}

TEST (ConnectString, Parses)
{
  struct Row
  {
    const char *text, *want;
  };
  const Row rows[] = {
    { "localhost", "localhost|2181 -" },
    { "localhost:1", "localhost|1 -" },
    { "localhost:65535", "localhost|65535 -" },
    { "zk1:2181,zk2:2182,zk3", "zk1|2181 zk2|2182 zk3|2181 -" },
    { "zk1,zk1", "zk1|2181 zk1|2181 -" },
    { "zk1/app", "zk1|2181 /app" },
    { "zk1:99,zk2/app/one", "zk1|99 zk2|2181 /app/one" },
    { "zk1/", "zk1|2181 -" },
    { "127.0.0.1:2181", "127.0.0.1|2181 -" },
    { "[::1]", "::1|2181 -" },
    { "[::1]:2182", "::1|2182 -" },
    { "[2001:db8::7]:2182,[::ffff:127.0.0.1]/x", "2001:db8::7|2182 ::ffff:127.0.0.1|2181 /x" },
    { "[fe80::1%eth0]:2181", "fe80::1%eth0|2181 -" },
    { "[fe80::1%2]", "fe80::1%2|2181 -" },
    { "my_zk-1.example.com.:2181", "my_zk-1.example.com.|2181 -" },
    { "b\xc3\xbc"
      "cher.example",
      "xn--bcher-kva.example|2181 -" },
    { "1and1.example", "1and1.example|2181 -" },
  };

  for (const Row &row : rows)
    EXPECT_EQ (row.want, Parse (row.text)) << row.text;
}

TEST (ConnectString, RefusesAndSaysWhat)
{
  struct Row
  {
    const char *text, *part, *fault;
  };
  const Row rows[] = {
    { NULL, "NULL", "names no server" },
    { "", "\"\"", "names no server" },
    { "/", "\"/\"", "names no server" },
    { "/app", "\"/app\"", "names no server" },
    { ",", "\",\"", "empty entry" },
    { "zk1,", "\"zk1,\"", "empty entry" },
    { ",zk1", "\",zk1\"", "empty entry" },
    { "zk1,,zk2", "\"zk1,,zk2\"", "empty entry" },
    { "zk1,/app", "\"zk1,/app\"", "empty entry" },
    { " zk1", "\" zk1\"", "white space" },
    { "zk1, zk2", "\" zk2\"", "white space" },
    { "zk1 ,zk2", "\"zk1 \"", "white space" },
    { "zk1:2181\n", "\"zk1:2181\\u000a\"", "white space" },
    { "zk1\xc2\xa0", "\"zk1\xc2\xa0\"", "white space" },
    { "zk1:", "\"zk1:\"", "a port that is not" },
    { "zk1:0", "\"zk1:0\"", "a port that is not" },
    { "ok,zk1:65536", "\"zk1:65536\"", "a port that is not" },
    { "zk1:-1", "\"zk1:-1\"", "a port that is not" },
    { "zk1:+1", "\"zk1:+1\"", "a port that is not" },
    { "zk1:21x81", "\"zk1:21x81\"", "a port that is not" },
    { "zk1:99999999999999999999999999", "\"zk1:99999999999999999999999999\"", "a port that is not" },
    { ":2181", "\":2181\"", "no valid host name" },
    { "-zk", "\"-zk\"", "no valid host name" },
    { "zk-", "\"zk-\"", "no valid host name" },
    { "zk..1", "\"zk..1\"", "no valid host name" },
    { ".", "\".\"", "no valid host name" },
    { "z@k", "\"z@k\"", "no valid host name" },
    { "user@zk:1", "\"user@zk:1\"", "no valid host name" },
    { "zk\x01", "\"zk\\u0001\"", "no valid host name" },
    { "1.2.3", "\"1.2.3\"", "no valid host name" },
    { "1.2.3.256", "\"1.2.3.256\"", "no valid host name" },
    { "2181", "\"2181\"", "no valid host name" },
    { "::1", "\"::1\"", "more than one colon" },
    { "2001:db8::7:2181", "\"2001:db8::7:2181\"", "more than one colon" },
    { "zk1:2181:2181", "\"zk1:2181:2181\"", "more than one colon" },
    { "[::1", "\"[::1\"", "no closing bracket" },
    { "[", "\"[\"", "no closing bracket" },
    { "[]", "\"[]\"", "no IPv6 address" },
    { "[zk1]:2181", "\"[zk1]:2181\"", "no IPv6 address" },
    { "[127.0.0.1]", "\"[127.0.0.1]\"", "no IPv6 address" },
    { "[::1%]", "\"[::1%]\"", "no IPv6 address" },
    { "[::1%a b]", "\"[::1%a b]\"", "white space" },
    { "[::g]", "\"[::g]\"", "no IPv6 address" },
    { "[::1]2181", "\"[::1]2181\"", "after its bracket" },
    { "[::1]:", "\"[::1]:\"", "after its bracket" },
    { "[::1]:x", "\"[::1]:x\"", "a port that is not" },
    { "[::1]:0", "\"[::1]:0\"", "a port that is not" },
    { "zk1/app/", "\"/app/\"", "ends in a slash" },
    { "zk1//", "\"//\"", "an empty name" },
    { "zk1//app", "\"//app\"", "an empty name" },
    { "zk1/a/../b", "\"/a/../b\"", "a relative name" },
    { "zk1/a\x01", "\"/a\\u0001\"", "U+0001" },
    { "zk1/app,zk2/app,zk3/", "\"/app,zk2/app,zk3/\"", "ends in a slash" },
    { "zk\xff", "\"zk\xef\xbf\xbd\"", "UTF-8" },
    { "zk1/\xff", "\"zk1/\xef\xbf\xbd\"", "UTF-8" },
  };

  for (const Row &row : rows)
    {
      std::string got = Parse (row.text);

      EXPECT_EQ (0u, got.find (std::string ("error: connect string: ") + row.part + " ")) << got;
      EXPECT_NE (std::string::npos, got.find (row.fault)) << got;
    }
}

TEST (ConnectString, ErrorsAreInvalidArguments)
{
  for (const char *text : { "", "zk1,", "zk1:x", "zk1//", "\xff" })
    {
      g_autoptr (GError) error = NULL;

      EXPECT_EQ (nullptr, curator_connect_string_parse (text, &error));
      EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << text;
      EXPECT_EQ (nullptr, curator_connect_string_parse (text, NULL));
    }
}

TEST (ConnectString, LimitsNames)
{
  std::string label (63, 'a'), long_label (64, 'a'), name = label + "." + label + "." + label + "." + label;

  EXPECT_EQ (label + "|2181 -", Parse (label.c_str ()));
  EXPECT_EQ (0u, Parse (long_label.c_str ()).find ("error: "));
  EXPECT_EQ (name.substr (0, 253) + "|2181 -", Parse (name.substr (0, 253).c_str ()));
  EXPECT_EQ (0u, Parse (name.c_str ()).find ("error: "));
}

TEST (ConnectString, TakesManyServers)
{
  std::string text = "zk0";

  for (int i = 1; i < 10000; i++)
    text += ",zk" + std::to_string (i);
  g_autoptr (CuratorConnectString) parsed = curator_connect_string_parse (text.c_str (), NULL);

  ASSERT_NE (nullptr, parsed);
  EXPECT_EQ (10000u, parsed->hosts->len);
}

} // namespace
