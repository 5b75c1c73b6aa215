/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-words-private.h"

#include <string.h>

#include "curator-test-net-private.h"

enum
{
  LAST_TIMEOUT_MS = 2000,
};

char *
curator_test_words_ask (
    guint16 port, const char *word, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocket) socket = curator_test_net_connect (port, cancellable, error);
  g_autoptr (GString) answer = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  if (socket == NULL ||
      !curator_test_net_write (socket, word, strlen (word), deadline_us, cancellable, error))
    return NULL;
  while ((n = curator_test_net_read_some (socket, buffer, sizeof buffer, deadline_us, cancellable, error)) >
         0)
    g_string_append_len (answer, buffer, n);
  return n == 0 ? g_string_free (g_steal_pointer (&answer), FALSE) : NULL;
}

CuratorTestRole
curator_test_words_get_role (guint16 port, guint *timeout_ms, GCancellable *cancellable)
{
  static const struct
  {
    const char *text;
    CuratorTestRole role;
  } roles[] = {
    { "Mode: standalone", CURATOR_TEST_ROLE_STANDALONE },
    { "Mode: leader", CURATOR_TEST_ROLE_LEADER },
    { "Mode: follower", CURATOR_TEST_ROLE_FOLLOWER },
    { "Mode: read-only", CURATOR_TEST_ROLE_READ_ONLY },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *answer =
      curator_test_words_ask (port, "srvr", curator_test_net_deadline (*timeout_ms), cancellable, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    *timeout_ms = MIN (*timeout_ms * 2, LAST_TIMEOUT_MS);

  for (gsize i = 0; answer != NULL && i < G_N_ELEMENTS (roles); i++)
    {
      if (strstr (answer, roles[i].text) != NULL)
        return roles[i].role;
    }
  return CURATOR_TEST_ROLE_NOT_SERVING;
}

static gboolean
path_is_under (const char *path, const char *under)
{
  gsize length = under != NULL ? strlen (under) : 0;

  while (length > 0 && under[length - 1] == '/')
    length--;
  return strncmp (path, under != NULL ? under : "", length) == 0 &&
         (path[length] == '\0' || path[length] == '/');
}

/* The lines that are a path after @indent. */
static GStrv
parse_paths (const char *answer, const char *indent, const char *under)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gsize n_indent = strlen (indent);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strchomp (lines[i]);

      if (g_str_has_prefix (line, indent) && line[n_indent] == '/' && path_is_under (line + n_indent, under))
        g_strv_builder_add (builder, line + n_indent);
    }
  return g_strv_builder_end (builder);
}

GStrv
curator_test_words_parse_watches (const char *answer, const char *under)
{
  return parse_paths (answer, "", under);
}

GStrv
curator_test_words_parse_ephemerals (const char *answer, const char *under)
{
  return parse_paths (answer, "\t", under);
}

guint
curator_test_words_count_sessions (const char *answer, gint64 except)
{
  const char *at = answer;
  guint n = 0;

  while ((at = strstr (at, ",sid=0x")) != NULL)
    {
      at += strlen (",sid=0x");
      if ((gint64) g_ascii_strtoull (at, NULL, 16) != except)
        n++;
    }
  return n;
}

gint64
curator_test_words_get_number (const char *answer, const char *key, gint64 missing)
{
  g_autofree char *start = g_strconcat ("\n", key, "\t", NULL);
  const char *at = strstr (answer, start);

  return at != NULL ? g_ascii_strtoll (at + strlen (start), NULL, 10) : missing;
}
