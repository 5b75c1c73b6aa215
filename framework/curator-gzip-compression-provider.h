/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-compression-provider.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_GZIP_COMPRESSION_PROVIDER (curator_gzip_compression_provider_get_type ())
CURATOR_API
G_DECLARE_FINAL_TYPE (CuratorGzipCompressionProvider,
                      curator_gzip_compression_provider,
                      CURATOR,
                      GZIP_COMPRESSION_PROVIDER,
                      CuratorCompressionProvider)

CURATOR_API CuratorCompressionProvider *curator_gzip_compression_provider_new (void);

G_END_DECLS
