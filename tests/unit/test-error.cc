/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <string>

#include "curator-core-private.h"
#include "curator-enum-types.h"
#include "curator-error.h"
#include "curator-request-private.h"

namespace
{

struct Row
{
  int rc;
  gboolean io; /* G_IO_ERROR rather than CURATOR_ERROR */
  int code;
  gboolean retryable;
  const char *text;
};

const Row rows[] = {
  { -1, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "(-1)" },
  { -2, FALSE, CURATOR_ERROR_CONNECTION_LOSS, TRUE, "the connection was lost" },
  { -3, FALSE, CURATOR_ERROR_DATA_INCONSISTENCY, FALSE, "inconsistent" },
  { -4, FALSE, CURATOR_ERROR_CONNECTION_LOSS, TRUE, "the connection was lost" },
  { -5, FALSE, CURATOR_ERROR_DATA_INCONSISTENCY, FALSE, "could not be understood" },
  { -6, FALSE, CURATOR_ERROR_UNIMPLEMENTED, FALSE, "does not know" },
  { -7, FALSE, CURATOR_ERROR_OPERATION_TIMEOUT, TRUE, "in time" },
  { -8, FALSE, CURATOR_ERROR_BAD_ARGUMENTS, FALSE, "arguments" },
  { -9, FALSE, CURATOR_ERROR_SESSION_EXPIRED, TRUE, "the session is gone" },
  { -13, FALSE, CURATOR_ERROR_NEW_CONFIG_NO_QUORUM, FALSE, "quorum" },
  { -14, FALSE, CURATOR_ERROR_RECONFIG_IN_PROGRESS, FALSE, "under way" },
  { -15, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "-15" },
  { -100, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "-100" },
  { -101, FALSE, CURATOR_ERROR_NO_NODE, FALSE, "the node does not exist" },
  { -102, FALSE, CURATOR_ERROR_NO_AUTH, FALSE, "may not" },
  { -103, FALSE, CURATOR_ERROR_BAD_VERSION, FALSE, "version" },
  { -108, FALSE, CURATOR_ERROR_NO_CHILDREN_FOR_EPHEMERALS, FALSE, "ephemeral" },
  { -110, FALSE, CURATOR_ERROR_NODE_EXISTS, FALSE, "the node exists already" },
  { -111, FALSE, CURATOR_ERROR_NOT_EMPTY, FALSE, "children" },
  { -112, FALSE, CURATOR_ERROR_SESSION_EXPIRED, TRUE, "the session is gone" },
  { -113, FALSE, CURATOR_ERROR_BAD_ARGUMENTS, FALSE, "callback" },
  { -114, FALSE, CURATOR_ERROR_INVALID_ACL, FALSE, "access control list" },
  { -115, FALSE, CURATOR_ERROR_AUTH_FAILED, FALSE, "credentials" },
  { -116, TRUE, G_IO_ERROR_CLOSED, FALSE, "was closed" },
  { -117, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "-117" },
  { -118, FALSE, CURATOR_ERROR_SESSION_MOVED, TRUE, "moved" },
  { -119, FALSE, CURATOR_ERROR_NOT_READ_ONLY, FALSE, "read-only" },
  { -120, FALSE, CURATOR_ERROR_EPHEMERAL_ON_LOCAL_SESSION, FALSE, "local session" },
  { -121, FALSE, CURATOR_ERROR_NO_WATCHER, FALSE, "no watch" },
  { -122, FALSE, CURATOR_ERROR_OPERATION_TIMEOUT, TRUE, "in time" },
  { -123, FALSE, CURATOR_ERROR_RECONFIG_DISABLED, FALSE, "does not allow" },
  { -124, FALSE, CURATOR_ERROR_AUTH_FAILED, FALSE, "authenticate" },
  { -125, FALSE, CURATOR_ERROR_QUOTA_EXCEEDED, FALSE, "quota" },
  { -127, FALSE, CURATOR_ERROR_THROTTLED, TRUE, "too busy" },
  { CURATOR_RC_CANCELLED, TRUE, G_IO_ERROR_CANCELLED, FALSE, "cancelled" },
  { CURATOR_RC_CLOSED, TRUE, G_IO_ERROR_CLOSED, FALSE, "was closed" },
  { CURATOR_RC_REQUEST_TOO_LARGE, FALSE, CURATOR_ERROR_REQUEST_TOO_LARGE, FALSE, "request is larger" },
  { CURATOR_RC_REPLY_TOO_LARGE, FALSE, CURATOR_ERROR_REPLY_TOO_LARGE, FALSE, "reply is larger" },
  { CURATOR_RC_INVALID_PATH, TRUE, G_IO_ERROR_INVALID_ARGUMENT, FALSE, "the path is not valid" },
  { CURATOR_RC_FORKED, TRUE, G_IO_ERROR_CLOSED, FALSE, "forked" },
  { CURATOR_RC_NOT_SUPPORTED, TRUE, G_IO_ERROR_NOT_SUPPORTED, FALSE, "not supported" },
  { CURATOR_RC_NOT_STARTED, TRUE, G_IO_ERROR_CLOSED, FALSE, "has not been started" },
  { -10, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "-10" },
  { -999, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "-999" },
  { 1, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "1" },
  { G_MAXINT, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "2147483647" },
  { G_MININT, FALSE, CURATOR_ERROR_SYSTEM, FALSE, "-2147483648" },
};

std::string
Message (int rc, const char *operation, const char *path)
{
  g_autoptr (GError) error = NULL;

  curator_error_set_from_rc (&error, rc, operation, path);
  return error == NULL ? "(none)" : error->message;
}

TEST (Error, EveryNumberHasItsReport)
{
  for (const Row &row : rows)
    {
      g_autoptr (GError) error = NULL;

      curator_error_set_from_rc (&error, row.rc, "get data", "/a/b");
      ASSERT_NE (nullptr, error) << row.rc;
      EXPECT_EQ (row.io ? G_IO_ERROR : CURATOR_ERROR, error->domain) << row.rc;
      EXPECT_EQ (row.code, error->code) << row.rc;
      EXPECT_EQ (0u, std::string (error->message).find ("get data \"/a/b\": ")) << error->message;
      EXPECT_NE (nullptr, strstr (error->message, row.text)) << error->message;
      EXPECT_EQ (row.retryable, curator_rc_is_retryable (row.rc)) << row.rc;
    }
  EXPECT_FALSE (curator_rc_is_retryable (0));
}

TEST (Error, NamesOperationAndPath)
{
  EXPECT_EQ ("create \"/a/b\": the node exists already", Message (-110, "create", "/a/b"));
  EXPECT_EQ ("create \"/a/b\": the parent does not exist", Message (-101, "create", "/a/b"));
  EXPECT_EQ ("delete \"/a/b\": the node does not exist", Message (-101, "delete", "/a/b"));
  EXPECT_EQ ("reconfig: the server does not allow reconfiguration", Message (-123, "reconfig", NULL));
  EXPECT_EQ ("sync \"/\": the server reported the error -999", Message (-999, "sync", "/"));
}

TEST (Error, SaysWhatIsWrongWithAPath)
{
  struct PathRow
  {
    const char *path, *reason;
  };
  const PathRow path_rows[] = {
    { "", "create \"\": the path is not valid: it is empty" },
    { "a", "create \"a\": the path is not valid: it does not begin with a slash" },
    { "/a/", "create \"/a/\": the path is not valid: it ends in a slash" },
    { "/a//", "create \"/a//\": the path is not valid: it has an empty name at byte 3" },
    { "/a/..", "create \"/a/..\": the path is not valid: it has a relative name at byte 3" },
    { "/a\x01",
      "create \"/a\\u0001\": the path is not valid: the character U+0001 at byte 2 is not allowed" },
    { "/\xff", "create \"/\xef\xbf\xbd\": the path is not valid: it is not valid UTF-8 at byte 1" },
    { NULL, "create: the path is not valid: it is NULL" },
    { "/fine", "create \"/fine\": the path is not valid" },
  };

  for (const PathRow &row : path_rows)
    EXPECT_EQ (row.reason, Message (CURATOR_RC_INVALID_PATH, "create", row.path));
}

TEST (Error, AcceptsNoPlaceToReportTo)
{
  curator_error_set_from_rc (NULL, -4, "sync", "/");
  EXPECT_STREQ ("curator-error-quark", g_quark_to_string (CURATOR_ERROR));
}

template <typename Class>
const char *
Nick (GType type, int value)
{
  Class *klass = (Class *) g_type_class_ref (type);
  const char *nick;

  if constexpr (std::is_same_v<Class, GEnumClass>)
    nick = g_enum_get_value (klass, value)->value_nick;
  else
    nick = g_flags_get_first_value (klass, (guint) value)->value_nick;
  g_type_class_unref (klass);
  return nick;
}

TEST (EnumTypes, KnowTheirValues)
{
  EXPECT_STREQ ("node-exists", Nick<GEnumClass> (CURATOR_TYPE_ERROR, CURATOR_ERROR_NODE_EXISTS));
  EXPECT_STREQ ("ephemeral-sequential",
                Nick<GEnumClass> (CURATOR_TYPE_CREATE_MODE, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL));
  EXPECT_STREQ ("read-only",
                Nick<GEnumClass> (CURATOR_TYPE_CONNECTION_STATE, CURATOR_CONNECTION_STATE_READ_ONLY));
  EXPECT_STREQ ("session", Nick<GEnumClass> (CURATOR_TYPE_CONNECTION_STATE_ERROR_POLICY,
                                             CURATOR_CONNECTION_STATE_ERROR_POLICY_SESSION));
  EXPECT_STREQ ("node-data-changed", Nick<GEnumClass> (CURATOR_TYPE_WATCHED_EVENT_TYPE,
                                                       CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED));
  EXPECT_STREQ ("admin", Nick<GFlagsClass> (CURATOR_TYPE_PERMS, CURATOR_PERMS_ADMIN));
  EXPECT_STREQ ("CuratorPerms", g_type_name (CURATOR_TYPE_PERMS));
}

} // namespace
