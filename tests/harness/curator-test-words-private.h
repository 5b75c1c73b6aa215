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
/* How long the first question may take. */
#define CURATOR_TEST_WORDS_FIRST_TIMEOUT_MS 50

/* What answers at @port now; NOT_SERVING where nobody does within @timeout_ms. A server that is about to
 * serve may drop a question without closing the connection: the first tries are short therefore, and each one
 * that was left without an answer lengthens @timeout_ms for the next, as a loaded machine may need. */
CuratorTestRole curator_test_words_get_role (guint16 port, guint *timeout_ms, GCancellable *cancellable);

/* From the answer to "wchp": the paths, only those at or under @under where that is not NULL. */
GStrv curator_test_words_parse_watches (const char *answer, const char *under);
/* The same from the answer to "dump". */
GStrv curator_test_words_parse_ephemerals (const char *answer, const char *under);
/* From the answer to "cons": how many connections have a session other than @except. */
guint curator_test_words_count_sessions (const char *answer, gint64 except);
/* From the answer to "mntr": a number, or @missing. */
gint64 curator_test_words_get_number (const char *answer, const char *key, gint64 missing);

G_END_DECLS
