/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-compression-provider.h"

#include "curator-error.h"
#include "curator-path-private.h"

/**
 * CuratorCompressionProvider:
 *
 * Compresses the data of nodes on their way to the server, and decompresses them on their way back.
 *
 * [class@Curator.GzipCompressionProvider] is what clients use unless they are told otherwise. Derive from
 * this class for another format.
 *
 * Threads: a provider may be used from any thread, and its virtual functions may be called from any thread.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE (CuratorCompressionProvider, curator_compression_provider, G_TYPE_OBJECT)

static void
curator_compression_provider_class_init (CuratorCompressionProviderClass *klass)
{
}

static void
curator_compression_provider_init (CuratorCompressionProvider *self)
{
}

typedef GBytes *(*ConvertFunc) (CuratorCompressionProvider *self,
                                const char *path,
                                GBytes *data,
                                GError **error);

/* Makes sure that there is either a result or an error, and that the error says where. */
static GBytes *
convert (CuratorCompressionProvider *self,
         ConvertFunc func,
         const char *operation,
         const char *path,
         GBytes *data,
         GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) result = NULL;
  g_autofree char *quoted = NULL;

  result = func (self, path, data, &local_error);
  if (result != NULL && local_error == NULL)
    return g_steal_pointer (&result);
  if (local_error == NULL)
    local_error = g_error_new (CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY,
                               "%s gave neither data nor an error", G_OBJECT_TYPE_NAME (self));
  quoted = path == NULL ? NULL : curator_path_quote (path);
  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s%s%s: ", operation,
                              quoted == NULL ? "" : " ", quoted == NULL ? "" : quoted);
  return NULL;
}

/**
 * curator_compression_provider_compress: (virtual compress)
 * @self: a provider
 * @path: (nullable): the path of the node that the data are for, as the caller wrote it
 * @data: (transfer none): the data, which may be empty
 * @error: the return location for an error
 *
 * Compresses data.
 *
 * Returns: (transfer full): what to store, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_compression_provider_compress (CuratorCompressionProvider *self,
                                       const char *path,
                                       GBytes *data,
                                       GError **error)
{
  ConvertFunc compress;

  g_return_val_if_fail (CURATOR_IS_COMPRESSION_PROVIDER (self), NULL);
  g_return_val_if_fail (data != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  compress = CURATOR_COMPRESSION_PROVIDER_GET_CLASS (self)->compress;
  g_return_val_if_fail (compress != NULL, NULL);
  return convert (self, compress, "compress", path, data, error);
}

/**
 * curator_compression_provider_decompress: (virtual decompress)
 * @self: a provider
 * @path: (nullable): the path of the node that the data are from, as the caller wrote it
 * @data: (transfer none): what was stored; it can be anything
 * @error: the return location for an error
 *
 * Decompresses data. `CURATOR_ERROR_DATA_INCONSISTENCY` says that they are not in the provider's format, or
 * damaged; `CURATOR_ERROR_REPLY_TOO_LARGE` that there would be more of them than the provider allows.
 *
 * Returns: (transfer full): the data, or %NULL with an error
 *
 * Since: 1.0
 */
GBytes *
curator_compression_provider_decompress (CuratorCompressionProvider *self,
                                         const char *path,
                                         GBytes *data,
                                         GError **error)
{
  ConvertFunc decompress;

  g_return_val_if_fail (CURATOR_IS_COMPRESSION_PROVIDER (self), NULL);
  g_return_val_if_fail (data != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  decompress = CURATOR_COMPRESSION_PROVIDER_GET_CLASS (self)->decompress;
  g_return_val_if_fail (decompress != NULL, NULL);
  return convert (self, decompress, "decompress", path, data, error);
}
