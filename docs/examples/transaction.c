/* SPDX-License-Identifier: Apache-2.0 */
/* Moves a job from one queue to another: both changes are made, or none.
 *
 *   cc transaction.c -o transaction $(pkg-config --cflags --libs curator-glib-1.0)
 *   ./transaction 127.0.0.1:2181
 */
#include <curator-glib/curator.h>

static gboolean
make_node (CuratorFramework *client, const char *path, GError **error)
{
  g_autoptr (CuratorCreateBuilder) create = curator_framework_create (client);
  g_autofree char *created = NULL;

  curator_create_builder_with_parents (create);
  created = curator_create_builder_for_path_sync (create, path, NULL, NULL, error);
  return created != NULL;
}

static gboolean
delete_tree (CuratorFramework *client, const char *path, GError **error)
{
  g_autoptr (CuratorDeleteBuilder) delete = curator_framework_delete (client);

  curator_delete_builder_deleting_children_if_needed (delete);
  curator_delete_builder_quietly (delete);
  return curator_delete_builder_for_path_sync (delete, path, NULL, error);
}

static void
print_result (gpointer data, gpointer user_data)
{
  CuratorTransactionResult *result = data;
  const GError *error = curator_transaction_result_get_error (result);

  g_print ("  %s: %s\n", curator_transaction_result_get_path (result),
           error == NULL ? "done" : error->message);
}

static gboolean
move_job (CuratorFramework *client, GError **error)
{
  g_autoptr (CuratorTransaction) transaction = curator_framework_transaction (client);
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) outcome = NULL;

  curator_transaction_delete (transaction, "/examples/todo/job-1", -1);
  curator_transaction_create_simple (transaction, "/examples/done/job-1", NULL);
  results = curator_transaction_commit_sync (transaction, NULL, error);
  outcome = curator_transaction_dup_results (transaction);
  if (outcome != NULL)
    g_ptr_array_foreach (outcome, print_result, NULL);
  return results != NULL;
}

/* The second time there is no such job any more. */
static gboolean
move_twice (CuratorFramework *client, GError **error)
{
  g_autoptr (GError) expected = NULL;

  g_print ("Moving the job:\n");
  if (!move_job (client, error))
    return FALSE;
  g_print ("Moving it again:\n");
  if (move_job (client, &expected))
    return TRUE;
  g_print ("Nothing was changed: %s\n", expected->message);
  return TRUE;
}

static gboolean
run (CuratorFramework *client, GError **error)
{
  return curator_framework_start (client, error) && delete_tree (client, "/examples", error) &&
         make_node (client, "/examples/todo/job-1", error) && make_node (client, "/examples/done", error) &&
         move_twice (client, error) && delete_tree (client, "/examples", error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (CuratorFrameworkBuilder) builder =
      curator_framework_builder_new (argc > 1 ? argv[1] : "127.0.0.1:2181");
  g_autoptr (CuratorFramework) client = NULL;
  g_autoptr (GError) error = NULL;

  client = curator_framework_builder_build (builder, &error);
  if (client == NULL || !run (client, &error))
    g_printerr ("transaction: %s\n", error->message);
  if (client != NULL)
    curator_framework_close_sync (client, NULL, NULL);
  return error == NULL ? 0 : 1;
}
