/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-client-private.h"

/* What CuratorTestClient can do with nodes. */

static GByteArray *
arguments_new (const char *path)
{
  GByteArray *arguments = g_byte_array_new ();

  curator_test_wire_put_string (arguments, path);
  return arguments;
}

/* A path and "no watch". */
static GByteArray *
read_arguments_new (const char *path)
{
  GByteArray *arguments = arguments_new (path);

  g_byte_array_append (arguments, (const guint8 *) "", 1);
  return arguments;
}

/**
 * curator_test_client_create_sync:
 * @self: a client
 * @path: the node's path from the server's root
 * @data: (nullable): its data
 * @mode: what kind of node
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Creates a node that everybody may do everything with.
 *
 * Returns: (transfer full): the node's path, which differs from @path for sequential ones; %NULL on error
 *
 * Since: 1.0
 */
char *
curator_test_client_create_sync (CuratorTestClient *self,
                                 const char *path,
                                 GBytes *data,
                                 CuratorTestCreateMode mode,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (GByteArray) arguments = NULL;
  g_autoptr (GBytes) reply = NULL;
  g_autofree char *created = NULL;
  CuratorTestReader reader;
  gint32 op =
      mode == CURATOR_TEST_CREATE_MODE_CONTAINER ? CURATOR_TEST_OP_CREATE_CONTAINER : CURATOR_TEST_OP_CREATE;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  arguments = arguments_new (path);
  curator_test_wire_put_bytes (arguments, data);
  curator_test_wire_put_int (arguments, 1); /* one entry: all rights for everybody */
  curator_test_wire_put_int (arguments, 0x1f);
  curator_test_wire_put_string (arguments, "world");
  curator_test_wire_put_string (arguments, "anyone");
  curator_test_wire_put_int (arguments, (gint32) mode);
  reply = curator_test_client_request (self, op, "Create", path, arguments, cancellable, error);
  if (reply == NULL)
    return NULL;
  curator_test_reader_init (&reader, reply);
  created = curator_test_reader_get_string (&reader);
  return curator_test_client_check (&reader, "Create", path, error) ? g_steal_pointer (&created) : NULL;
}

/**
 * curator_test_client_delete_sync:
 * @self: a client
 * @path: the node's path from the server's root
 * @version: the version it must have, -1 for any
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Deletes a node.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_client_delete_sync (
    CuratorTestClient *self, const char *path, gint32 version, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) arguments = NULL;
  g_autoptr (GBytes) reply = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  arguments = arguments_new (path);
  curator_test_wire_put_int (arguments, version);
  reply = curator_test_client_request (self, CURATOR_TEST_OP_DELETE, "Delete", path, arguments, cancellable,
                                       error);
  return reply != NULL;
}

/**
 * curator_test_client_stat_sync:
 * @self: a client
 * @path: the node's path from the server's root
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Returns: (transfer full): what the server knows about the node; %NULL on error, that it does not exist
 * being %CURATOR_TEST_ERROR_NO_NODE
 *
 * Since: 1.0
 */
CuratorTestStat *
curator_test_client_stat_sync (CuratorTestClient *self,
                               const char *path,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autoptr (GByteArray) arguments = NULL;
  g_autoptr (GBytes) reply = NULL;
  CuratorTestStat stat;
  CuratorTestReader reader;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  arguments = read_arguments_new (path);
  reply =
      curator_test_client_request (self, CURATOR_TEST_OP_EXISTS, "Stat", path, arguments, cancellable, error);
  if (reply == NULL)
    return NULL;
  curator_test_reader_init (&reader, reply);
  curator_test_reader_get_stat (&reader, &stat);
  return curator_test_client_check (&reader, "Stat", path, error) ? curator_test_stat_copy (&stat) : NULL;
}

/**
 * curator_test_client_get_data_sync:
 * @self: a client
 * @path: the node's path from the server's root
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the node's data; %NULL on error
 *
 * Since: 1.0
 */
GBytes *
curator_test_client_get_data_sync (CuratorTestClient *self,
                                   const char *path,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (GByteArray) arguments = NULL;
  g_autoptr (GBytes) reply = NULL;
  g_autoptr (GBytes) data = NULL;
  CuratorTestReader reader;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  arguments = read_arguments_new (path);
  reply = curator_test_client_request (self, CURATOR_TEST_OP_GET_DATA, "Get", path, arguments, cancellable,
                                       error);
  if (reply == NULL)
    return NULL;
  curator_test_reader_init (&reader, reply);
  data = curator_test_reader_get_bytes (&reader);
  return curator_test_client_check (&reader, "Get", path, error) ? g_steal_pointer (&data) : NULL;
}

/**
 * curator_test_client_set_data_sync:
 * @self: a client
 * @path: the node's path from the server's root
 * @data: (nullable): its new data
 * @version: the version it must have, -1 for any
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Sets a node's data.
 *
 * Returns: %TRUE on success
 *
 * Since: 1.0
 */
gboolean
curator_test_client_set_data_sync (CuratorTestClient *self,
                                   const char *path,
                                   GBytes *data,
                                   gint32 version,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (GByteArray) arguments = NULL;
  g_autoptr (GBytes) reply = NULL;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  arguments = arguments_new (path);
  curator_test_wire_put_bytes (arguments, data);
  curator_test_wire_put_int (arguments, version);
  reply = curator_test_client_request (self, CURATOR_TEST_OP_SET_DATA, "Set", path, arguments, cancellable,
                                       error);
  return reply != NULL;
}

/**
 * curator_test_client_get_children_sync:
 * @self: a client
 * @path: the node's path from the server's root
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the names of the node's children in no particular order; %NULL on error
 *
 * Since: 1.0
 */
GStrv
curator_test_client_get_children_sync (CuratorTestClient *self,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GError **error)
{
  g_autoptr (GByteArray) arguments = NULL;
  g_autoptr (GBytes) reply = NULL;
  g_auto (GStrv) children = NULL;
  CuratorTestReader reader;

  g_return_val_if_fail (CURATOR_TEST_IS_CLIENT (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  arguments = read_arguments_new (path);
  reply = curator_test_client_request (self, CURATOR_TEST_OP_GET_CHILDREN, "List", path, arguments,
                                       cancellable, error);
  if (reply == NULL)
    return NULL;
  curator_test_reader_init (&reader, reply);
  children = curator_test_reader_get_strings (&reader);
  return curator_test_client_check (&reader, "List", path, error) ? g_steal_pointer (&children) : NULL;
}
