/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-transaction-result.h"

#include "curator-transaction-result-private.h"

struct _CuratorTransactionResult
{
  gatomicrefcount ref_count;
  CuratorTransactionOperation operation;
  char *path;
  char *result_path;
  gboolean has_stat;
  CuratorStat stat;
  GError *error;
};

G_DEFINE_BOXED_TYPE (CuratorTransactionResult,
                     curator_transaction_result,
                     curator_transaction_result_ref,
                     curator_transaction_result_unref)

static CuratorTransactionOperation
to_operation (CuratorRequestType type)
{
  switch (type)
    {
    case CURATOR_REQUEST_CREATE:
      return CURATOR_TRANSACTION_OPERATION_CREATE;
    case CURATOR_REQUEST_SET_DATA:
      return CURATOR_TRANSACTION_OPERATION_SET_DATA;
    case CURATOR_REQUEST_DELETE:
      return CURATOR_TRANSACTION_OPERATION_DELETE;
    default:
      return CURATOR_TRANSACTION_OPERATION_CHECK;
    }
}

CuratorTransactionResult *
curator_transaction_result_new (const CuratorMultiPart *part, GError *error)
{
  CuratorTransactionResult *self = g_new0 (CuratorTransactionResult, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->operation = to_operation (part->type);
  self->path = g_strdup (part->path);
  self->error = error;
  if (error == NULL)
    {
      self->result_path = g_strdup (part->result_path);
      self->has_stat = part->type == CURATOR_REQUEST_SET_DATA;
      self->stat = part->stat;
    }
  return self;
}

/**
 * curator_transaction_result_ref:
 * @self: a result
 *
 * Adds a reference.
 *
 * Returns: (transfer full): the result
 *
 * Since: 1.0
 */
CuratorTransactionResult *
curator_transaction_result_ref (CuratorTransactionResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * curator_transaction_result_unref:
 * @self: (transfer full): a result
 *
 * Drops a reference; the last one frees the result.
 *
 * Since: 1.0
 */
void
curator_transaction_result_unref (CuratorTransactionResult *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self->result_path);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * curator_transaction_result_get_operation:
 * @self: a result
 *
 * Gets what the operation was to do.
 *
 * Returns: the kind of operation
 *
 * Since: 1.0
 */
CuratorTransactionOperation
curator_transaction_result_get_operation (CuratorTransactionResult *self)
{
  g_return_val_if_fail (self != NULL, CURATOR_TRANSACTION_OPERATION_CHECK);

  return self->operation;
}

/**
 * curator_transaction_result_get_path:
 * @self: a result
 *
 * Gets the path that the operation was given.
 *
 * Returns: (transfer none): the path
 *
 * Since: 1.0
 */
const char *
curator_transaction_result_get_path (CuratorTransactionResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

/**
 * curator_transaction_result_get_result_path:
 * @self: a result
 *
 * Gets the path of the node that was created, with the number that the server appended to a sequential one.
 *
 * Returns: (transfer none) (nullable): the path, or %NULL where no node was created
 *
 * Since: 1.0
 */
const char *
curator_transaction_result_get_result_path (CuratorTransactionResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->result_path;
}

/**
 * curator_transaction_result_get_stat:
 * @self: a result
 *
 * Gets what the server keeps of the node whose data were set.
 *
 * Returns: (transfer none) (nullable): the stat, or %NULL where no data were set
 *
 * Since: 1.0
 */
const CuratorStat *
curator_transaction_result_get_stat (CuratorTransactionResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->has_stat ? &self->stat : NULL;
}

/**
 * curator_transaction_result_get_error:
 * @self: a result
 *
 * Gets why the operation was not applied: `CURATOR_ERROR_ROLLED_BACK` where another one of the transaction
 * failed.
 *
 * Returns: (transfer none) (nullable): the error, or %NULL where it was applied
 *
 * Since: 1.0
 */
const GError *
curator_transaction_result_get_error (CuratorTransactionResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}
