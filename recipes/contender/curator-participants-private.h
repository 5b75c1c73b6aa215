/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-contender-rank-private.h"
#include "curator-framework.h"

G_BEGIN_DECLS

/* Asking the server who takes part in a recipe: the paths of the contenders under @parent, the first one
 * first; none where there is no parent. Any thread; @kind is static, @parent may be invalid: then the call
 * fails. */

/* The callback's task is a pointer task of a GStrv. */
void curator_participants_list_async (CuratorFramework *client,
                                      const CuratorContenderKind *kind,
                                      const char *parent,
                                      gpointer source_object,
                                      gpointer source_tag,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GStrv curator_participants_list_sync (CuratorFramework *client,
                                      const CuratorContenderKind *kind,
                                      const char *parent,
                                      GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
