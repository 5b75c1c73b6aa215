/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-request-private.h"
#include "curator-transaction-result.h"

G_BEGIN_DECLS

/* Takes @error over, NULL where the operation was applied. */
CuratorTransactionResult *curator_transaction_result_new (const CuratorMultiPart *part, GError *error);

G_END_DECLS
