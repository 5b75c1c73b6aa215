/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-error.h"

#include "curator-test-wire-private.h"

G_DEFINE_ENUM_TYPE (CuratorTestError,
                    curator_test_error,
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_NO_NODE, "no-node"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_NODE_EXISTS, "node-exists"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_NOT_EMPTY, "not-empty"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_BAD_VERSION, "bad-version"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_NO_AUTH, "no-auth"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_SESSION_EXPIRED, "session-expired"),
                    G_DEFINE_ENUM_VALUE (CURATOR_TEST_ERROR_NOT_SERVING, "not-serving"))

/**
 * curator_test_error_quark:
 *
 * Returns: the error domain
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (curator - test - error - quark, curator_test_error)

static const struct
{
  gint32 number;
  CuratorTestError code;
  const char *text;
} known_errors[] = {
  { -101, CURATOR_TEST_ERROR_NO_NODE, "no such node" },
  { -102, CURATOR_TEST_ERROR_NO_AUTH, "not authorised" },
  { -103, CURATOR_TEST_ERROR_BAD_VERSION, "another version" },
  { -110, CURATOR_TEST_ERROR_NODE_EXISTS, "the node exists" },
  { -111, CURATOR_TEST_ERROR_NOT_EMPTY, "the node has children" },
  { -112, CURATOR_TEST_ERROR_SESSION_EXPIRED, "the session expired" },
};

void
curator_test_error_set (GError **error, gint32 number, const char *operation, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_errors); i++)
    {
      if (known_errors[i].number == number)
        {
          g_set_error (error, CURATOR_TEST_ERROR, known_errors[i].code, "%s %s: %s", operation, path,
                       known_errors[i].text);
          return;
        }
    }
  g_set_error (error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_FAILED, "%s %s: the server's error %d",
               operation, path, number);
}
