/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server's four-letter commands, and what their answers say. */

typedef enum
{
  CURATOR_TEST_ROLE_NOT_SERVING,
  CURATOR_TEST_ROLE_STANDALONE,
  CURATOR_TEST_ROLE_LEADER,
  CURATOR_TEST_ROLE_FOLLOWER,
  CURATOR_TEST_ROLE_READ_ONLY,
} CuratorTestRole;

char *curator_test_words_ask (
    guint16 port, const char *word, gint64 deadline_us, GCancellable *cancellable, GError **error);
/* What answers at @port now; NOT_SERVING where nobody does within @timeout_ms. */
CuratorTestRole curator_test_words_get_role (guint16 port, guint timeout_ms, GCancellable *cancellable);
/* How long to wait for the answer while a server starts: it leaves a connection that comes too early without
 * one, so that the first tries are short; later ones are long enough for a loaded machine. */
guint curator_test_words_next_timeout (guint timeout_ms);

/* From the answer to "wchp": the paths, only those at or under @under where that is not NULL. */
GStrv curator_test_words_parse_watches (const char *answer, const char *under);
/* The same from the answer to "dump". */
GStrv curator_test_words_parse_ephemerals (const char *answer, const char *under);
/* From the answer to "cons": how many connections have a session other than @except. */
guint curator_test_words_count_sessions (const char *answer, gint64 except);
/* From the answer to "mntr": a number, or @missing. */
gint64 curator_test_words_get_number (const char *answer, const char *key, gint64 missing);

G_END_DECLS
