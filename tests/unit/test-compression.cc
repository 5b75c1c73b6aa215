/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "curator-error.h"
#include "curator-gzip-compression-provider.h"

namespace
{

std::string
ToString (GBytes *bytes)
{
  gsize size;
  const char *data = (const char *) g_bytes_get_data (bytes, &size);

  return size == 0 ? std::string () : std::string (data, size);
}

class Gzip : public testing::Test
{
protected:
  ~Gzip () override
  {
    g_object_unref (provider);
  }
  std::string Compress (const std::string &data)
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) input = g_bytes_new (data.data (), data.size ());
    g_autoptr (GBytes) output = curator_compression_provider_compress (provider, "/a", input, &error);

    EXPECT_EQ (nullptr, error);
    return output == NULL ? "" : ToString (output);
  }
  /* FALSE with the error in the members below. */
  bool Decompress (const std::string &data)
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) input = g_bytes_new (data.data (), data.size ());
    g_autoptr (GBytes) output = curator_compression_provider_decompress (provider, "/a", input, &error);

    EXPECT_EQ (output == NULL, error != NULL);
    result = output == NULL ? "" : ToString (output);
    message = error == NULL ? "" : error->message;
    code = error == NULL ? -1 : error->code;
    EXPECT_TRUE (error == NULL || error->domain == CURATOR_ERROR) << message;
    return output != NULL;
  }
  CuratorCompressionProvider *provider = curator_gzip_compression_provider_new ();
  std::string result, message;
  int code = -1;
};

/* "Hello, world!" as java.util.zip.GZIPOutputStream writes it. */
const unsigned char java_hello[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf3,
                                     0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0x28, 0xcf, 0x2f, 0xca, 0x49,
                                     0x51, 0x04, 0x00, 0xe6, 0xc6, 0xe6, 0xeb, 0x0d, 0x00, 0x00, 0x00 };
/* Nothing, likewise. */
const unsigned char java_empty[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                     0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 };

template <size_t N>
std::string
Literal (const unsigned char (&data)[N])
{
  return std::string ((const char *) data, N);
}

TEST_F (Gzip, ReadsWhatJavaWrites)
{
  ASSERT_TRUE (Decompress (Literal (java_hello))) << message;
  EXPECT_EQ ("Hello, world!", result);
  ASSERT_TRUE (Decompress (Literal (java_empty))) << message;
  EXPECT_EQ ("", result);
}

TEST_F (Gzip, WritesWhatJavaReads)
{
  /* All but the byte that names the operating system is the same, and no optional field is there. */
  std::string hello = Compress ("Hello, world!"), empty = Compress ("");

  ASSERT_EQ (sizeof java_hello, hello.size ());
  hello[9] = '\0';
  EXPECT_EQ (Literal (java_hello), hello);
  ASSERT_EQ (sizeof java_empty, empty.size ());
  empty[9] = '\0';
  EXPECT_EQ (Literal (java_empty), empty);
}

TEST_F (Gzip, GivesBackWhatItTook)
{
  std::mt19937 random (1);

  for (size_t size : { 0, 1, 2, 15, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 100000, 1048576 })
    {
      std::string data (size, '\0');

      for (char &c : data)
        c = (char) random ();
      ASSERT_TRUE (Decompress (Compress (data))) << size << message;
      EXPECT_EQ (data, result) << size;
      ASSERT_TRUE (Decompress (Compress (std::string (size, 'x')))) << size << message;
      EXPECT_EQ (std::string (size, 'x'), result) << size;
    }
}

TEST_F (Gzip, TruncatedDataAreErrors)
{
  std::string data = Compress ("Hello, world! Hello, world! Hello, world!");

  for (size_t size = 0; size < data.size (); size++)
    {
      EXPECT_FALSE (Decompress (data.substr (0, size))) << size;
      EXPECT_EQ (CURATOR_ERROR_DATA_INCONSISTENCY, code) << size;
      EXPECT_EQ ("decompress \"/a\": the gzip data end too early", message) << size;
    }
}

TEST_F (Gzip, DamagedDataAreErrorsOrHarmless)
{
  const std::string data = Compress ("Hello, world! Hello, world! Hello, world!");

  for (size_t at = 0; at < data.size (); at++)
    for (int change = 1; change < 256; change++)
      {
        std::string damaged = data;

        damaged[at] = (char) (damaged[at] + change);
        if (Decompress (damaged))
          EXPECT_EQ ("Hello, world! Hello, world! Hello, world!", result) << at << " " << change;
        else
          EXPECT_EQ (CURATOR_ERROR_DATA_INCONSISTENCY, code) << message;
      }
}

TEST_F (Gzip, GarbageIsAnError)
{
  for (const std::string &garbage :
       { std::string (100, '\0'), std::string ("plain text"), std::string ("\x1f"),
         std::string ("\x78\x9c\x03\x00\x00\x00\x00\x01", 8) })
    {
      EXPECT_FALSE (Decompress (garbage));
      EXPECT_EQ (CURATOR_ERROR_DATA_INCONSISTENCY, code);
      EXPECT_EQ (0u, message.find ("decompress \"/a\": ")) << message;
    }
}

TEST_F (Gzip, NothingMayFollow)
{
  for (const std::string &more : { std::string (1, '\0'), std::string ("x"), Compress ("more") })
    {
      EXPECT_FALSE (Decompress (Compress ("data") + more));
      EXPECT_EQ (CURATOR_ERROR_DATA_INCONSISTENCY, code);
      EXPECT_EQ ("decompress \"/a\": something follows the gzip data", message);
    }
}

TEST_F (Gzip, BombsAreErrors)
{
  std::string bomb = Compress (std::string (64 * 1024 * 1024 + 1, '\0'));

  EXPECT_LT (bomb.size (), 100000u);
  EXPECT_FALSE (Decompress (bomb));
  EXPECT_EQ (CURATOR_ERROR_REPLY_TOO_LARGE, code);
  EXPECT_EQ ("decompress \"/a\": the data decompress to more than 67108864 bytes", message);
}

TEST_F (Gzip, TheLimitIsExactAndCanBeSet)
{
  guint limit = 0;

  g_object_get (provider, "max-decompressed-bytes", &limit, NULL);
  EXPECT_EQ (64u * 1024 * 1024, limit);
  for (guint max : { 0u, 1u, 16u * 1024, 50000u })
    {
      g_object_unref (provider);
      provider = CURATOR_COMPRESSION_PROVIDER (
          g_object_new (CURATOR_TYPE_GZIP_COMPRESSION_PROVIDER, "max-decompressed-bytes", max, NULL));
      EXPECT_TRUE (Decompress (Compress (std::string (max, 'x')))) << max << message;
      EXPECT_FALSE (Decompress (Compress (std::string (max + 1, 'x')))) << max;
      EXPECT_EQ (CURATOR_ERROR_REPLY_TOO_LARGE, code) << max;
    }
}

TEST_F (Gzip, InputsThatZlibCannotCountAreErrors)
{
  /* Nobody looks at the data; only the size is wrong. */
  static const char byte = 0;
  g_autoptr (GBytes) huge = g_bytes_new_static (&byte, (gsize) G_MAXUINT32 + 1);
  g_autoptr (GError) error = NULL;

  EXPECT_EQ (nullptr, curator_compression_provider_compress (provider, "/a", huge, &error));
  EXPECT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_REQUEST_TOO_LARGE));
  g_clear_error (&error);
  EXPECT_EQ (nullptr, curator_compression_provider_decompress (provider, NULL, huge, &error));
  EXPECT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE));
  EXPECT_STREQ ("decompress: 4294967296 bytes are too much to decompress", error->message);
  EXPECT_EQ (nullptr, curator_compression_provider_decompress (provider, NULL, huge, NULL));
}

/* A provider from outside of the library that does not keep to the rules. */
struct TestCompression
{
  CuratorCompressionProvider parent_instance;
};
struct TestCompressionClass
{
  CuratorCompressionProviderClass parent_class;
};

GType test_compression_get_type (void);
G_DEFINE_TYPE (TestCompression, test_compression, CURATOR_TYPE_COMPRESSION_PROVIDER)

GBytes *
test_compression_compress (CuratorCompressionProvider *, const char *, GBytes *data, GError **)
{
  return g_bytes_ref (data);
}

GBytes *
test_compression_decompress (CuratorCompressionProvider *, const char *path, GBytes *data, GError **error)
{
  if (path == NULL)
    return NULL;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
  return g_bytes_ref (data);
}

void
test_compression_class_init (TestCompressionClass *klass)
{
  CURATOR_COMPRESSION_PROVIDER_CLASS (klass)->compress = test_compression_compress;
  CURATOR_COMPRESSION_PROVIDER_CLASS (klass)->decompress = test_compression_decompress;
}

void
test_compression_init (TestCompression *)
{
}

TEST (CompressionProvider, CanBeDerivedFrom)
{
  g_autoptr (CuratorCompressionProvider) provider =
      CURATOR_COMPRESSION_PROVIDER (g_object_new (test_compression_get_type (), NULL));
  g_autoptr (GBytes) data = g_bytes_new ("x", 1);
  g_autoptr (GBytes) compressed = curator_compression_provider_compress (provider, "/a", data, NULL);

  EXPECT_EQ (data, compressed);
}

TEST (CompressionProvider, GivesDataOrAnErrorButNotBothOrNeither)
{
  g_autoptr (CuratorCompressionProvider) provider =
      CURATOR_COMPRESSION_PROVIDER (g_object_new (test_compression_get_type (), NULL));
  g_autoptr (GBytes) data = g_bytes_new ("x", 1);
  g_autoptr (GError) error = NULL;

  EXPECT_EQ (nullptr, curator_compression_provider_decompress (provider, NULL, data, &error));
  EXPECT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY));
  EXPECT_STREQ ("decompress: TestCompression gave neither data nor an error", error->message);
  g_clear_error (&error);
  EXPECT_EQ (nullptr, curator_compression_provider_decompress (provider, "/a", data, &error));
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED));
  EXPECT_STREQ ("decompress \"/a\": no", error->message);
}

} // namespace
