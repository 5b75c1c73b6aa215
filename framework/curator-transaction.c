/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-transaction.h"

#include "curator-operation-private.h"
#include "curator-path-private.h"
#include "curator-transaction-result-private.h"

/**
 * CuratorTransaction:
 *
 * A list of operations of which the server applies all or none. Obtained from
 * [method@Curator.Framework.transaction], filled in, and committed once.
 *
 * ```c
 * g_autoptr (CuratorTransaction) transaction = curator_framework_transaction (client);
 * curator_transaction_check (transaction, "/config", 7);
 * curator_transaction_create_simple (transaction, "/jobs/1", data);
 * curator_transaction_delete (transaction, "/drafts/1", -1);
 * g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, NULL, &error);
 * ```
 *
 * Where an operation fails, the error of the commit is that operation's, and its message says which one it
 * is. [method@Curator.Transaction.dup_results] then tells what became of each.
 *
 * A value that cannot be accepted is remembered and reported by the commit. Containers and nodes with a time
 * to live cannot be created in a transaction: that is `G_IO_ERROR_NOT_SUPPORTED`.
 *
 * Threads: a transaction is to be used by one thread at a time. The result is delivered in the thread-default
 * main context of the thread that committed it.
 *
 * Since: 1.0
 */

struct _CuratorTransaction
{
  GObject parent_instance;

  CuratorFramework *client;
  CuratorRefusal refusal;
  GArray *parts; /* CuratorMultiPart; handed over to the request by the commit */
  gboolean committed;
  GPtrArray *results;
};

G_DEFINE_FINAL_TYPE (CuratorTransaction, curator_transaction, G_TYPE_OBJECT)

static void
part_clear (gpointer data)
{
  CuratorMultiPart *part = data;

  g_free (part->path);
  g_clear_pointer (&part->data, g_bytes_unref);
  g_clear_pointer (&part->acl, g_ptr_array_unref);
}

static void
curator_transaction_finalize (GObject *object)
{
  CuratorTransaction *self = CURATOR_TRANSACTION (object);

  curator_refusal_clear (&self->refusal);
  g_array_unref (self->parts);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (curator_transaction_parent_class)->finalize (object);
}

static void
curator_transaction_class_init (CuratorTransactionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = curator_transaction_finalize;
}

static void
curator_transaction_init (CuratorTransaction *self)
{
  self->parts = g_array_new (FALSE, TRUE, sizeof (CuratorMultiPart));
  g_array_set_clear_func (self->parts, part_clear);
}

/* --- operations
 * ---------------------------------------------------------------------------------------------- */

static const char *
get_operation_name (CuratorRequestType type)
{
  return type == CURATOR_REQUEST_EXISTS ? "check" : curator_request_type_to_string (type);
}

static void
refuse (CuratorTransaction *self, const CuratorMultiPart *part, GIOErrorEnum code, const char *text)
{
  g_autofree char *quoted = curator_path_quote (part->path);

  curator_refusal_set (&self->refusal, code, "operation %u, %s %s: %s", self->parts->len + 1,
                       get_operation_name (part->type), quoted, text);
}

/* Adds it even where something is wrong with it, so that the numbers of those that follow are right. */
static void
add_part (CuratorTransaction *self, CuratorMultiPart *part)
{
  g_autofree char *reason = NULL;

  if (part->version < -1)
    refuse (self, part, G_IO_ERROR_INVALID_ARGUMENT, "the version is less than -1");
  if (!curator_path_validate (part->path, curator_create_mode_is_sequential (part->mode), &reason))
    {
      g_autofree char *text = g_strdup_printf ("the path is not valid: %s", reason);

      refuse (self, part, G_IO_ERROR_INVALID_ARGUMENT, text);
    }
  g_array_append_val (self->parts, *part);
}

static void
check_mode (CuratorTransaction *self, const CuratorMultiPart *part)
{
  if (part->mode < CURATOR_CREATE_MODE_PERSISTENT ||
      part->mode > CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL_WITH_TTL)
    refuse (self, part, G_IO_ERROR_INVALID_ARGUMENT, "the mode is not known");
  else if (part->mode >= CURATOR_CREATE_MODE_CONTAINER)
    refuse (self, part, G_IO_ERROR_NOT_SUPPORTED,
            "containers and nodes with a time to live cannot be created in a transaction");
}

static CuratorMultiPart
make_part (CuratorRequestType type, const char *path, GBytes *data, gint32 version)
{
  return (CuratorMultiPart){
    .type = type,
    .path = g_strdup (path),
    .data = data != NULL ? g_bytes_ref (data) : NULL,
    .version = version,
  };
}

/* --- the commit
 * ---------------------------------------------------------------------------------------------- */

static void
encode_part (CuratorOperation *operation, CuratorMultiPart *part)
{
  g_autoptr (GBytes) data = g_steal_pointer (&part->data);

  if (part->type == CURATOR_REQUEST_CREATE || part->type == CURATOR_REQUEST_SET_DATA)
    part->data = curator_operation_encode_data (operation, part->path, data, CURATOR_COMPRESSION_AS_CLIENT);
}

static void
prepare (CuratorTransaction *self, CuratorOperation *operation)
{
  const char *path = self->parts->len > 0 ? g_array_index (self->parts, CuratorMultiPart, 0).path : NULL;
  CuratorRequest *request;
  gsize n_parts = 0;

  curator_operation_init (operation, self->client, CURATOR_REQUEST_MULTI, path, &self->refusal);
  if (self->committed)
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT,
                              "the transaction was committed already");
  if (self->parts->len == 0)
    curator_operation_refuse (operation, G_IO_ERROR_INVALID_ARGUMENT, "the transaction has no operations");
  if (operation->error != NULL)
    return;

  self->committed = TRUE;
  request = operation->request;
  request->parts = g_array_steal (self->parts, &n_parts);
  request->n_parts = (guint) n_parts;
  for (guint i = 0; i < request->n_parts; i++)
    encode_part (operation, &request->parts[i]);
}

static void
set_part_error (GError **error, CuratorRequest *request, guint i)
{
  CuratorMultiPart *part = &request->parts[i];

  curator_error_set_from_rc (error, part->rc, get_operation_name (part->type), part->path);
  g_prefix_error (error, "transaction operation %u of %u, ", i + 1, request->n_parts);
}

static void
set_rolled_back (GError **error, CuratorRequest *request, guint i)
{
  g_autofree char *quoted = curator_path_quote (request->parts[i].path);

  g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_ROLLED_BACK,
               "transaction operation %u of %u, %s %s: not applied, because another operation failed", i + 1,
               request->n_parts, get_operation_name (request->parts[i].type), quoted);
}

static gpointer
copy_result (gconstpointer result, gpointer user_data)
{
  return curator_transaction_result_ref ((CuratorTransactionResult *) result);
}

/* Takes the request over. */
static GPtrArray *
take_results (CuratorTransaction *self, CuratorRequest *ended, GError **error)
{
  g_autoptr (CuratorRequest) request = ended;
  int failed;

  if (request == NULL)
    return NULL;
  failed = curator_operation_find_failed_part (request);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_transaction_result_unref);
  for (guint i = 0; i < request->n_parts; i++)
    {
      GError *part_error = NULL;

      if ((int) i == failed)
        set_part_error (&part_error, request, i);
      else if (failed >= 0)
        set_rolled_back (&part_error, request, i);
      g_ptr_array_add (self->results, curator_transaction_result_new (&request->parts[i], part_error));
    }
  if (failed < 0)
    return curator_transaction_dup_results (self);
  set_part_error (error, request, (guint) failed);
  return NULL;
}

/**
 * curator_framework_transaction:
 * @self: the client
 *
 * Begins a transaction.
 *
 * Returns: (transfer full): a transaction without operations
 *
 * Since: 1.0
 */
CuratorTransaction *
curator_framework_transaction (CuratorFramework *self)
{
  CuratorTransaction *transaction;

  g_return_val_if_fail (curator_framework_is_built (self), NULL);

  transaction = g_object_new (CURATOR_TYPE_TRANSACTION, NULL);
  transaction->client = g_object_ref (self);
  return transaction;
}

/**
 * curator_transaction_create:
 * @self: the transaction
 * @path: the path of the node; for a sequential one, what the number is appended to
 * @data: (nullable): the data of the node, or %NULL for the client's default data
 * @mode: the kind of node, neither a container nor one with a time to live
 * @acl: (nullable) (element-type CuratorAcl): the access control list, not empty, or %NULL for the one that
 * the client's [class@Curator.AclProvider] gives
 *
 * Adds an operation that creates a node, whose parent must exist or be created before it in the transaction.
 *
 * Returns: (transfer none): the transaction
 *
 * Since: 1.0
 */
CuratorTransaction *
curator_transaction_create (
    CuratorTransaction *self, const char *path, GBytes *data, CuratorCreateMode mode, GPtrArray *acl)
{
  CuratorMultiPart part;

  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), self);

  part = make_part (CURATOR_REQUEST_CREATE, path, data, -1);
  part.mode = mode;
  if (acl != NULL)
    part.acl = curator_settings_copy_acl (acl, &self->refusal);
  check_mode (self, &part);
  add_part (self, &part);
  return self;
}

/**
 * curator_transaction_create_simple:
 * @self: the transaction
 * @path: the path of the node
 * @data: (nullable): the data of the node, or %NULL for the client's default data
 *
 * Adds an operation that creates a persistent node with the access control list that the client's provider
 * gives.
 *
 * Returns: (transfer none): the transaction
 *
 * Since: 1.0
 */
CuratorTransaction *
curator_transaction_create_simple (CuratorTransaction *self, const char *path, GBytes *data)
{
  return curator_transaction_create (self, path, data, CURATOR_CREATE_MODE_PERSISTENT, NULL);
}

/**
 * curator_transaction_set_data:
 * @self: the transaction
 * @path: the path of the node
 * @data: (nullable): the new data, or %NULL for the client's default data
 * @version: the version that the data must have, or -1 for any
 *
 * Adds an operation that sets the data of a node.
 *
 * Returns: (transfer none): the transaction
 *
 * Since: 1.0
 */
CuratorTransaction *
curator_transaction_set_data (CuratorTransaction *self, const char *path, GBytes *data, gint32 version)
{
  CuratorMultiPart part;

  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), self);

  part = make_part (CURATOR_REQUEST_SET_DATA, path, data, version);
  add_part (self, &part);
  return self;
}

/**
 * curator_transaction_delete:
 * @self: the transaction
 * @path: the path of the node
 * @version: the version that the data must have, or -1 for any
 *
 * Adds an operation that deletes a node, which must have no children.
 *
 * Returns: (transfer none): the transaction
 *
 * Since: 1.0
 */
CuratorTransaction *
curator_transaction_delete (CuratorTransaction *self, const char *path, gint32 version)
{
  CuratorMultiPart part;

  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), self);

  part = make_part (CURATOR_REQUEST_DELETE, path, NULL, version);
  add_part (self, &part);
  return self;
}

/**
 * curator_transaction_check:
 * @self: the transaction
 * @path: the path of the node
 * @version: the version that the data must have, or -1 for any
 *
 * Adds a condition: the node exists and its data have the version.
 *
 * Returns: (transfer none): the transaction
 *
 * Since: 1.0
 */
CuratorTransaction *
curator_transaction_check (CuratorTransaction *self, const char *path, gint32 version)
{
  CuratorMultiPart part;

  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), self);

  part = make_part (CURATOR_REQUEST_EXISTS, path, NULL, version);
  add_part (self, &part);
  return self;
}

/**
 * curator_transaction_commit_async:
 * @self: the transaction
 * @cancellable: (nullable): cancels the operation; the server may have applied the transaction nevertheless
 * @callback: (scope async) (nullable): called when the operation has ended
 * @user_data: passed to @callback
 *
 * Has the server apply the transaction. The request is sent after those that were begun before it and does
 * not wait for their results. A transaction that was sent cannot be committed again, whatever came of it.
 *
 * Since: 1.0
 */
void
curator_transaction_commit_async (CuratorTransaction *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  CuratorOperation operation;

  g_return_if_fail (CURATOR_IS_TRANSACTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  prepare (self, &operation);
  curator_operation_run_async (&operation, self, curator_transaction_commit_async, cancellable, callback,
                               user_data);
}

/**
 * curator_transaction_commit_finish:
 * @self: the transaction
 * @result: the result that the callback was given
 * @error: the return location for an error
 *
 * Gets the result of [method@Curator.Transaction.commit_async].
 *
 * Returns: (transfer container) (element-type CuratorTransactionResult): what became of each operation, in
 * their order, or %NULL with an error
 *
 * Since: 1.0
 */
GPtrArray *
curator_transaction_commit_finish (CuratorTransaction *self, GAsyncResult *result, GError **error)
{
  CuratorRequest *request;

  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), NULL);

  request = curator_operation_run_finish (self, curator_transaction_commit_async, result, error);
  return take_results (self, request, error);
}

/**
 * curator_transaction_commit_sync:
 * @self: the transaction
 * @cancellable: (nullable): cancels the operation; the server may have applied the transaction nevertheless
 * @error: the return location for an error
 *
 * Has the server apply the transaction. Blocks the calling thread meanwhile; in the client's own loop that is
 * refused with `G_IO_ERROR_WOULD_BLOCK`. A transaction that was sent cannot be committed again, whatever came
 * of it.
 *
 * Returns: (transfer container) (element-type CuratorTransactionResult): what became of each operation, in
 * their order, or %NULL with an error
 *
 * Since: 1.0
 */
GPtrArray *
curator_transaction_commit_sync (CuratorTransaction *self, GCancellable *cancellable, GError **error)
{
  CuratorOperation operation;

  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  prepare (self, &operation);
  return take_results (self, curator_operation_run_sync (&operation, cancellable, error), error);
}

/**
 * curator_transaction_dup_results:
 * @self: the transaction
 *
 * Gets what became of each operation, after a commit that succeeded or in which an operation failed.
 *
 * Returns: (transfer container) (element-type CuratorTransactionResult) (nullable): the results in the order
 * of the operations, or %NULL where the transaction was not committed or its outcome is not known
 *
 * Since: 1.0
 */
GPtrArray *
curator_transaction_dup_results (CuratorTransaction *self)
{
  g_return_val_if_fail (CURATOR_IS_TRANSACTION (self), NULL);

  return self->results != NULL ? g_ptr_array_copy (self->results, copy_result, NULL) : NULL;
}
