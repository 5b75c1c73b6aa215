/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-framework.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_RECONFIG_BUILDER (curator_reconfig_builder_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorReconfigBuilder, curator_reconfig_builder, CURATOR, RECONFIG_BUILDER, GObject)

CURATOR_API CuratorReconfigBuilder *curator_reconfig_builder_joining (CuratorReconfigBuilder *self,
                                                                      const char *const *servers);
CURATOR_API CuratorReconfigBuilder *curator_reconfig_builder_leaving (CuratorReconfigBuilder *self,
                                                                      const char *const *servers);
CURATOR_API CuratorReconfigBuilder *curator_reconfig_builder_with_new_members (CuratorReconfigBuilder *self,
                                                                               const char *const *servers);
CURATOR_API CuratorReconfigBuilder *curator_reconfig_builder_from_config (CuratorReconfigBuilder *self,
                                                                          gint64 version);

CURATOR_API void curator_reconfig_builder_for_ensemble_async (CuratorReconfigBuilder *self,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API GBytes *curator_reconfig_builder_for_ensemble_finish (CuratorReconfigBuilder *self,
                                                                  GAsyncResult *result,
                                                                  GError **error);
CURATOR_API GBytes *curator_reconfig_builder_for_ensemble_sync (CuratorReconfigBuilder *self,
                                                                GCancellable *cancellable,
                                                                GError **error);

G_END_DECLS
