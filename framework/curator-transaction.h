/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-transaction-result.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_TRANSACTION (curator_transaction_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorTransaction, curator_transaction, CURATOR, TRANSACTION, GObject)

CURATOR_API CuratorTransaction *curator_transaction_create (
    CuratorTransaction *self, const char *path, GBytes *data, CuratorCreateMode mode, GPtrArray *acl);
CURATOR_API CuratorTransaction *
curator_transaction_create_simple (CuratorTransaction *self, const char *path, GBytes *data);
CURATOR_API CuratorTransaction *
curator_transaction_set_data (CuratorTransaction *self, const char *path, GBytes *data, gint32 version);
CURATOR_API CuratorTransaction *
curator_transaction_delete (CuratorTransaction *self, const char *path, gint32 version);
CURATOR_API CuratorTransaction *
curator_transaction_check (CuratorTransaction *self, const char *path, gint32 version);

CURATOR_API void curator_transaction_commit_async (CuratorTransaction *self,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
CURATOR_API GPtrArray *
curator_transaction_commit_finish (CuratorTransaction *self, GAsyncResult *result, GError **error);
CURATOR_API GPtrArray *
curator_transaction_commit_sync (CuratorTransaction *self, GCancellable *cancellable, GError **error);
CURATOR_API GPtrArray *curator_transaction_dup_results (CuratorTransaction *self);

G_END_DECLS
