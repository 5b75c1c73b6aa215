/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-enums.h"
#include "curator-stat.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_TRANSACTION_RESULT (curator_transaction_result_get_type ())

/**
 * CuratorTransactionResult:
 *
 * What became of one operation of a transaction. Immutable and reference counted.
 *
 * Threads: may be used from any thread.
 *
 * Since: 1.0
 */
typedef struct _CuratorTransactionResult CuratorTransactionResult;

CURATOR_API GType curator_transaction_result_get_type (void);
CURATOR_API CuratorTransactionResult *curator_transaction_result_ref (CuratorTransactionResult *self);
CURATOR_API void curator_transaction_result_unref (CuratorTransactionResult *self);
CURATOR_API CuratorTransactionOperation
curator_transaction_result_get_operation (CuratorTransactionResult *self);
CURATOR_API const char *curator_transaction_result_get_path (CuratorTransactionResult *self);
CURATOR_API const char *curator_transaction_result_get_result_path (CuratorTransactionResult *self);
CURATOR_API const CuratorStat *curator_transaction_result_get_stat (CuratorTransactionResult *self);
CURATOR_API const GError *curator_transaction_result_get_error (CuratorTransactionResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuratorTransactionResult, curator_transaction_result_unref)

G_END_DECLS
