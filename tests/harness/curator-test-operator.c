/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-server-private.h"

#include <string.h>

#include "curator-test-error.h"
#include "curator-test-net-private.h"

/* What CuratorTestServer can be asked while it serves. */

enum
{
  ANSWER_TIMEOUT_MS = 10000,
  EXPIRER_SESSION_TIMEOUT_MS = 10000,
};

/**
 * curator_test_server_four_letter_word_sync:
 * @self: a server
 * @word: the command, such as "srvr", "mntr", "wchs" or "dump"
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Asks the server with one of its four-letter words.
 *
 * Returns: (transfer full): the answer; %NULL on error, no answer within 10 s being `G_IO_ERROR_TIMED_OUT`
 *
 * Since: 1.0
 */
char *
curator_test_server_four_letter_word_sync (CuratorTestServer *self,
                                           const char *word,
                                           GCancellable *cancellable,
                                           GError **error)
{
  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);
  g_return_val_if_fail (word != NULL && strlen (word) == 4, NULL);

  return curator_test_words_ask ((guint16) curator_test_server_get_port (self), word,
                                 curator_test_net_deadline (ANSWER_TIMEOUT_MS), cancellable, error);
}

/* The same, where only a serving server's answer will do. */
static char *
ask_serving (CuratorTestServer *self, const char *word, GCancellable *cancellable, GError **error)
{
  g_autofree char *answer = curator_test_server_four_letter_word_sync (self, word, cancellable, error);

  if (answer == NULL || strstr (answer, "not currently serving requests") == NULL)
    return g_steal_pointer (&answer);
  g_set_error_literal (error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NOT_SERVING,
                       "The server is not serving clients");
  return NULL;
}

/**
 * curator_test_server_list_watches_sync:
 * @self: a server
 * @under: (nullable): only this path and those below it, %NULL for all
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Lists the paths that somebody watches the data or the existence of on this server. The server does not tell
 * the paths whose children are watched; they are among those of
 * [method@CuratorTest.Server.count_watches_sync].
 *
 * Returns: (transfer full): paths from the server's root; %NULL on error
 *
 * Since: 1.0
 */
GStrv
curator_test_server_list_watches_sync (CuratorTestServer *self,
                                       const char *under,
                                       GCancellable *cancellable,
                                       GError **error)
{
  g_autofree char *answer = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  answer = ask_serving (self, "wchp", cancellable, error);
  return answer != NULL ? curator_test_words_parse_watches (answer, under) : NULL;
}

/**
 * curator_test_server_list_ephemerals_sync:
 * @self: a server
 * @under: (nullable): only this path and those below it, %NULL for all
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Lists the ephemeral nodes of all sessions.
 *
 * Returns: (transfer full): paths from the server's root; %NULL on error
 *
 * Since: 1.0
 */
GStrv
curator_test_server_list_ephemerals_sync (CuratorTestServer *self,
                                          const char *under,
                                          GCancellable *cancellable,
                                          GError **error)
{
  g_autofree char *answer = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  answer = ask_serving (self, "dump", cancellable, error);
  return answer != NULL ? curator_test_words_parse_ephemerals (answer, under) : NULL;
}

/**
 * curator_test_server_count_watches_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Counts the watches on this server, of data, existence and children.
 *
 * Returns: the number of watches; -1 on error
 *
 * Since: 1.0
 */
int
curator_test_server_count_watches_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *answer = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), -1);

  answer = ask_serving (self, "mntr", cancellable, error);
  return answer != NULL ? (int) curator_test_words_get_number (answer, "zk_watch_count", 0) : -1;
}

/**
 * curator_test_server_count_connections_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Counts the connections to this server that have a session, without the one of the harness itself.
 *
 * Returns: the number of connections; -1 on error
 *
 * Since: 1.0
 */
int
curator_test_server_count_connections_sync (CuratorTestServer *self,
                                            GCancellable *cancellable,
                                            GError **error)
{
  g_autofree char *answer = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), -1);

  answer = ask_serving (self, "cons", cancellable, error);
  if (answer == NULL)
    return -1;
  return (int) curator_test_words_count_sessions (answer, curator_test_server_get_operator_session (self));
}

/**
 * curator_test_server_expire_session_sync:
 * @self: a server
 * @session_id: the session
 * @password: the session's password
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Ends a client's session under its feet: a second handle takes the session over and closes it. When this
 * returns, the server has deleted the session's ephemeral nodes. The client, whose connection is closed,
 * learns of it when it reconnects: the server says that the session expired. A client that reconnects at the
 * very moment may get a connection that the server does not answer on, and learns of it by its session
 * time-out only: give it a short one.
 *
 * Returns: %TRUE on success; fails with %CURATOR_TEST_ERROR_SESSION_EXPIRED where there is no such session
 *
 * Since: 1.0
 */
gboolean
curator_test_server_expire_session_sync (
    CuratorTestServer *self, gint64 session_id, GBytes *password, GCancellable *cancellable, GError **error)
{
  const gint64 deadline_us = curator_test_net_deadline (ANSWER_TIMEOUT_MS);
  g_autoptr (CuratorTestClient) client = NULL;
  gboolean taken = FALSE;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);
  g_return_val_if_fail (password != NULL, FALSE);

  /* The client, cut off, reconnects at once and may take the session back before we have closed it. Only the
   * server can say that it is gone. */
  client = curator_test_client_new (curator_test_server_get_port (self));
  for (;;)
    {
      g_autoptr (GError) local_error = NULL;

      if (curator_test_client_resume_sync (client, EXPIRER_SESSION_TIMEOUT_MS, session_id, password,
                                           cancellable, &local_error))
        {
          taken = TRUE;
          curator_test_client_close_sync (client, cancellable, &local_error);
        }
      else if (taken && g_error_matches (local_error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_SESSION_EXPIRED))
        return TRUE;
      if (local_error == NULL)
        continue;
      if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!curator_test_net_try_again (deadline_us, "Expiring the session", cancellable, error))
        return FALSE;
    }
}

/**
 * curator_test_server_create_chroot_sync:
 * @self: a server
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Creates a node that nobody has used yet, for one test to work under.
 *
 * Returns: (transfer full): a connect string with that node as its chroot, "127.0.0.1:port/t-1"; %NULL on
 * error
 *
 * Since: 1.0
 */
char *
curator_test_server_create_chroot_sync (CuratorTestServer *self, GCancellable *cancellable, GError **error)
{
  static gint last_number = 0;
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  while (admin != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/t-%d", g_atomic_int_add (&last_number, 1) + 1);
      g_autoptr (GError) local_error = NULL;
      g_autofree char *created = curator_test_client_create_sync (
          admin, path, NULL, CURATOR_TEST_CREATE_MODE_PERSISTENT, cancellable, &local_error);

      if (created != NULL)
        return g_strconcat (curator_test_server_get_connect_string (self), created, NULL);
      if (!g_error_matches (local_error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NODE_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return NULL;
}

/**
 * curator_test_server_operator_create_sync:
 * @self: a server
 * @path: the node's path from the server's root
 * @data: (nullable): its data
 * @mode: what kind of node; an ephemeral one belongs to the harness's own session
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Creates a node as an operator.
 *
 * Returns: (transfer full): the node's path; %NULL on error
 *
 * Since: 1.0
 */
char *
curator_test_server_operator_create_sync (CuratorTestServer *self,
                                          const char *path,
                                          GBytes *data,
                                          CuratorTestCreateMode mode,
                                          GCancellable *cancellable,
                                          GError **error)
{
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  return admin != NULL ? curator_test_client_create_sync (admin, path, data, mode, cancellable, error) : NULL;
}

/* The node itself, and what is below it where @recursive is set; nodes that somebody else deletes meanwhile
 * are no error below the first. */
static gboolean
delete_node (
    CuratorTestClient *admin, const char *path, gboolean recursive, GCancellable *cancellable, GError **error)
{
  g_auto (GStrv) children = NULL;

  if (recursive)
    {
      children = curator_test_client_get_children_sync (admin, path, cancellable, error);
      if (children == NULL)
        return FALSE;
    }
  for (guint i = 0; children != NULL && children[i] != NULL; i++)
    {
      g_autofree char *child = g_strconcat (path, "/", children[i], NULL);
      g_autoptr (GError) local_error = NULL;

      if (!delete_node (admin, child, TRUE, cancellable, &local_error) &&
          !g_error_matches (local_error, CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NO_NODE))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  return curator_test_client_delete_sync (admin, path, -1, cancellable, error);
}

/**
 * curator_test_server_operator_delete_sync:
 * @self: a server
 * @path: the node's path from the server's root
 * @recursive: whether to delete what is below it too
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Deletes a node as an operator, whoever it belongs to.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_server_operator_delete_sync (
    CuratorTestServer *self, const char *path, gboolean recursive, GCancellable *cancellable, GError **error)
{
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  return admin != NULL && delete_node (admin, path, recursive, cancellable, error);
}

/**
 * curator_test_server_operator_set_data_sync:
 * @self: a server
 * @path: the node's path from the server's root
 * @data: (nullable): its new data
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Sets a node's data as an operator, whatever its version.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_server_operator_set_data_sync (
    CuratorTestServer *self, const char *path, GBytes *data, GCancellable *cancellable, GError **error)
{
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), FALSE);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  return admin != NULL && curator_test_client_set_data_sync (admin, path, data, -1, cancellable, error);
}

/**
 * curator_test_server_operator_get_data_sync:
 * @self: a server
 * @path: the node's path from the server's root
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the node's data; %NULL on error
 *
 * Since: 1.0
 */
GBytes *
curator_test_server_operator_get_data_sync (CuratorTestServer *self,
                                            const char *path,
                                            GCancellable *cancellable,
                                            GError **error)
{
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  return admin != NULL ? curator_test_client_get_data_sync (admin, path, cancellable, error) : NULL;
}

/**
 * curator_test_server_operator_get_children_sync:
 * @self: a server
 * @path: the node's path from the server's root
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the names of the node's children in no particular order; %NULL on error
 *
 * Since: 1.0
 */
GStrv
curator_test_server_operator_get_children_sync (CuratorTestServer *self,
                                                const char *path,
                                                GCancellable *cancellable,
                                                GError **error)
{
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  return admin != NULL ? curator_test_client_get_children_sync (admin, path, cancellable, error) : NULL;
}

/**
 * curator_test_server_operator_stat_sync:
 * @self: a server
 * @path: the node's path from the server's root
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Returns: (transfer full): what the server knows about the node, such as its owner; %NULL on error, that it
 * does not exist being %CURATOR_TEST_ERROR_NO_NODE
 *
 * Since: 1.0
 */
CuratorTestStat *
curator_test_server_operator_stat_sync (CuratorTestServer *self,
                                        const char *path,
                                        GCancellable *cancellable,
                                        GError **error)
{
  g_autoptr (CuratorTestClient) admin = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_SERVER (self), NULL);

  admin = curator_test_server_ref_operator (self, cancellable, error);
  return admin != NULL ? curator_test_client_stat_sync (admin, path, cancellable, error) : NULL;
}
