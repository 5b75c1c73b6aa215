/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "curator-version.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_COMPRESSION_PROVIDER (curator_compression_provider_get_type ())
CURATOR_API
G_DECLARE_DERIVABLE_TYPE (
    CuratorCompressionProvider, curator_compression_provider, CURATOR, COMPRESSION_PROVIDER, GObject)

/**
 * CuratorCompressionProviderClass:
 * @parent_class: the parent class
 * @compress: compresses the data of one node; see [method@Curator.CompressionProvider.compress]. May be
 * called from any thread, and from several at once.
 * @decompress: the reverse; see [method@Curator.CompressionProvider.decompress]. The data come from the
 * server and can be anything.
 *
 * The virtual functions of [class@Curator.CompressionProvider].
 *
 * Since: 1.0
 */
struct _CuratorCompressionProviderClass
{
  GObjectClass parent_class;

  GBytes *(*compress) (CuratorCompressionProvider *self, const char *path, GBytes *data, GError **error);
  GBytes *(*decompress) (CuratorCompressionProvider *self, const char *path, GBytes *data, GError **error);

  /*< private >*/
  gpointer padding[8];
};

CURATOR_API GBytes *curator_compression_provider_compress (CuratorCompressionProvider *self,
                                                           const char *path,
                                                           GBytes *data,
                                                           GError **error);
CURATOR_API GBytes *curator_compression_provider_decompress (CuratorCompressionProvider *self,
                                                             const char *path,
                                                             GBytes *data,
                                                             GError **error);

G_END_DECLS
