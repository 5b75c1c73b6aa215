/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-gzip-compression-provider.h"

#include "curator-error.h"

#define DEFAULT_MAX_DECOMPRESSED_BYTES (64 * 1024 * 1024)
#define CHUNK_BYTES                    (16 * 1024)

/**
 * CuratorGzipCompressionProvider:
 *
 * Compresses with gzip, as Java clients do by default: each side reads what the other has written.
 *
 * Data that would decompress to more than [property@Curator.GzipCompressionProvider:max-decompressed-bytes]
 * are an error, so that a small node cannot fill the memory of its readers.
 *
 * Threads: immutable; may be used from any thread.
 *
 * Since: 1.0
 */
struct _CuratorGzipCompressionProvider
{
  CuratorCompressionProvider parent_instance;

  guint max_decompressed_bytes;
};

enum
{
  PROP_MAX_DECOMPRESSED_BYTES = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CuratorGzipCompressionProvider,
                     curator_gzip_compression_provider,
                     CURATOR_TYPE_COMPRESSION_PROVIDER)

/* Runs @data through @converter until its end; @used is how much of them it took. NULL with an error of the
 * converter, or where the output gets longer than @limit with none. */
static GBytes *
run_converter (GConverter *converter, GBytes *data, gsize limit, gsize *used, GError **error)
{
  g_autoptr (GByteArray) output = g_byte_array_new ();
  gsize length;
  const guint8 *input = g_bytes_get_data (data, &length);
  GConverterResult result;

  *used = 0;
  do
    {
      guint8 chunk[CHUNK_BYTES];
      gsize n_read = 0, n_written = 0;

      result =
          g_converter_convert (converter, length == 0 ? (const guint8 *) "" : input + *used, length - *used,
                               chunk, sizeof chunk, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, error);
      if (result == G_CONVERTER_ERROR)
        return NULL;
      *used += n_read;
      if (n_written > limit - output->len)
        return NULL;
      g_byte_array_append (output, chunk, (guint) n_written);
    }
  while (result != G_CONVERTER_FINISHED);
  return g_byte_array_free_to_bytes (g_steal_pointer (&output));
}

static GBytes *
curator_gzip_compression_provider_compress (CuratorCompressionProvider *provider,
                                            const char *path,
                                            GBytes *data,
                                            GError **error)
{
  g_autoptr (GZlibCompressor) compressor = NULL;
  gsize used;

  /* Far from what a server takes, and zlib counts in 32 bits. */
  if (g_bytes_get_size (data) > G_MAXINT32 / 2)
    {
      g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_REQUEST_TOO_LARGE,
                   "%" G_GSIZE_FORMAT " bytes are too much to compress", g_bytes_get_size (data));
      return NULL;
    }
  compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  return run_converter (G_CONVERTER (compressor), data, G_MAXINT32, &used, error);
}

static gboolean
check_input_size (GBytes *data, GError **error)
{
  if (g_bytes_get_size (data) <= G_MAXINT32)
    return TRUE;
  g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE,
               "%" G_GSIZE_FORMAT " bytes are too much to decompress", g_bytes_get_size (data));
  return FALSE;
}

static GBytes *
curator_gzip_compression_provider_decompress (CuratorCompressionProvider *provider,
                                              const char *path,
                                              GBytes *data,
                                              GError **error)
{
  CuratorGzipCompressionProvider *self = CURATOR_GZIP_COMPRESSION_PROVIDER (provider);
  g_autoptr (GZlibDecompressor) decompressor = NULL;
  g_autoptr (GBytes) result = NULL;
  g_autoptr (GError) local_error = NULL;
  gsize used = 0;

  if (!check_input_size (data, error))
    return NULL;
  decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  result =
      run_converter (G_CONVERTER (decompressor), data, self->max_decompressed_bytes, &used, &local_error);
  if (result != NULL && used == g_bytes_get_size (data))
    return g_steal_pointer (&result);
  if (result != NULL)
    g_set_error_literal (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY,
                         "something follows the gzip data");
  else if (local_error == NULL)
    g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE,
                 "the data decompress to more than %u bytes", self->max_decompressed_bytes);
  else if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    g_set_error_literal (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY,
                         "the gzip data end too early");
  else
    g_set_error (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY,
                 "the data are not in gzip's format: %s", local_error->message);
  return NULL;
}

static void
curator_gzip_compression_provider_get_property (GObject *object,
                                                guint property_id,
                                                GValue *value,
                                                GParamSpec *pspec)
{
  CuratorGzipCompressionProvider *self = CURATOR_GZIP_COMPRESSION_PROVIDER (object);

  switch (property_id)
    {
    case PROP_MAX_DECOMPRESSED_BYTES:
      g_value_set_uint (value, self->max_decompressed_bytes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_gzip_compression_provider_set_property (GObject *object,
                                                guint property_id,
                                                const GValue *value,
                                                GParamSpec *pspec)
{
  CuratorGzipCompressionProvider *self = CURATOR_GZIP_COMPRESSION_PROVIDER (object);

  switch (property_id)
    {
    case PROP_MAX_DECOMPRESSED_BYTES:
      self->max_decompressed_bytes = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
curator_gzip_compression_provider_class_init (CuratorGzipCompressionProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  CuratorCompressionProviderClass *provider_class = CURATOR_COMPRESSION_PROVIDER_CLASS (klass);

  object_class->get_property = curator_gzip_compression_provider_get_property;
  object_class->set_property = curator_gzip_compression_provider_set_property;
  provider_class->compress = curator_gzip_compression_provider_compress;
  provider_class->decompress = curator_gzip_compression_provider_decompress;

  /**
   * CuratorGzipCompressionProvider:max-decompressed-bytes:
   *
   * How many bytes data may decompress to, from 0 to %G_MAXINT32.
   *
   * Since: 1.0
   */
  properties[PROP_MAX_DECOMPRESSED_BYTES] = g_param_spec_uint (
      "max-decompressed-bytes", NULL, NULL, 0, G_MAXINT32, DEFAULT_MAX_DECOMPRESSED_BYTES,
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
curator_gzip_compression_provider_init (CuratorGzipCompressionProvider *self)
{
}

/**
 * curator_gzip_compression_provider_new:
 *
 * Creates a provider that decompresses up to 64 MiB per node. Set
 * [property@Curator.GzipCompressionProvider:max-decompressed-bytes] at construction for another limit.
 *
 * Returns: (transfer full) (type CuratorGzipCompressionProvider): the provider
 *
 * Since: 1.0
 */
CuratorCompressionProvider *
curator_gzip_compression_provider_new (void)
{
  return g_object_new (CURATOR_TYPE_GZIP_COMPRESSION_PROVIDER, NULL);
}
