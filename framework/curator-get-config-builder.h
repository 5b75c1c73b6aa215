/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"
#include "curator-watcher.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_GET_CONFIG_BUILDER (curator_get_config_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (
    CuratorGetConfigBuilder, curator_get_config_builder, CURATOR, GET_CONFIG_BUILDER, GObject)

CURATOR_API CuratorGetConfigBuilder *curator_get_config_builder_using_watcher (CuratorGetConfigBuilder *self,
                                                                               CuratorWatcher *watcher);

CURATOR_API void curator_get_config_builder_for_ensemble_async (CuratorGetConfigBuilder *self,
                                                                GCancellable *cancellable,
                                                                GAsyncReadyCallback callback,
                                                                gpointer user_data);
CURATOR_API GBytes *curator_get_config_builder_for_ensemble_finish (CuratorGetConfigBuilder *self,
                                                                    GAsyncResult *result,
                                                                    GError **error);
CURATOR_API GBytes *curator_get_config_builder_for_ensemble_sync (CuratorGetConfigBuilder *self,
                                                                  GCancellable *cancellable,
                                                                  GError **error);

G_END_DECLS
