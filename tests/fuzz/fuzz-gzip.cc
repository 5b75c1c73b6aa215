/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

extern "C"
{
#include "curator-error.h"
#include "curator-gzip-compression-provider.h"
}

/* The first byte says what to do with the rest: decompress it as it is, or compress it, spoil it and
 * decompress that. Whatever the data: no more comes out than the limit allows, and what was not spoilt comes
 * out as it went in. */

namespace
{

constexpr guint kLimit = 64 * 1024;

GBytes *
decompress (CuratorCompressionProvider *provider, GBytes *data)
{
  g_autoptr (GError) error = nullptr;
  GBytes *result = curator_compression_provider_decompress (provider, "/node", data, &error);

  FUZZ_CHECK ((result == nullptr) == (error != nullptr));
  FUZZ_CHECK (result == nullptr || g_bytes_get_size (result) <= kLimit);
  FUZZ_CHECK (error == nullptr || g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY) ||
              g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE));
  return result;
}

GBytes *
compress (CuratorCompressionProvider *provider, GBytes *data)
{
  g_autoptr (GError) error = nullptr;
  GBytes *result = curator_compression_provider_compress (provider, "/node", data, &error);

  FUZZ_CHECK (result != nullptr && error == nullptr);
  return result;
}

/* So many bytes, up to far beyond the limit, from a few. */
std::string
inflate (std::string pattern, size_t n)
{
  std::string text;

  if (pattern.empty ())
    pattern = "x";
  while (text.size () < n)
    text += pattern;
  return text.substr (0, n);
}

void
check_round_trip (CuratorCompressionProvider *provider, const std::string &text)
{
  g_autoptr (GBytes) plain = g_bytes_new (text.data (), text.size ());
  g_autoptr (GBytes) packed = compress (provider, plain);
  g_autoptr (GBytes) unpacked = decompress (provider, packed);

  FUZZ_CHECK ((unpacked != nullptr) == (text.size () <= kLimit));
  FUZZ_CHECK (unpacked == nullptr || g_bytes_equal (plain, unpacked));
}

/* The checksum at the end notices what matters; what is cut off or added shows too. */
void
check_spoilt (CuratorCompressionProvider *provider, FuzzBytes *bytes)
{
  size_t at = bytes->Word ();
  uint8_t change = bytes->Byte ();
  std::string text = bytes->Rest ();
  g_autoptr (GBytes) plain = g_bytes_new (text.data (), text.size ());
  g_autoptr (GBytes) packed = compress (provider, plain);
  gsize length;
  auto *start = static_cast<const char *> (g_bytes_get_data (packed, &length));
  std::string spoilt (start, length);

  if (change == 0)
    spoilt.resize (at % length);
  else if (change == 1)
    spoilt += inflate (text, 1 + at % 64);
  else
    spoilt[at % length] = static_cast<char> (spoilt[at % length] ^ change);
  g_autoptr (GBytes) data = g_bytes_new (spoilt.data (), spoilt.size ());
  g_autoptr (GBytes) unpacked = decompress (provider, data);
  /* There are bits that mean nothing, as in the header. */
  FUZZ_CHECK (unpacked == nullptr || (change >= 2 && g_bytes_equal (plain, unpacked)));
}

} // namespace

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (CuratorCompressionProvider) provider = CURATOR_COMPRESSION_PROVIDER (
      g_object_new (CURATOR_TYPE_GZIP_COMPRESSION_PROVIDER, "max-decompressed-bytes", kLimit, nullptr));
  FuzzBytes bytes (data, size);
  uint8_t what = bytes.Byte ();

  if (what % 4 == 1)
    check_spoilt (provider, &bytes);
  else if (what % 4 == 2)
    {
      size_t n = bytes.Word () % (4 * kLimit);

      check_round_trip (provider, inflate (bytes.Rest (), n));
    }
  else if (what % 4 == 3)
    check_round_trip (provider, bytes.Rest ());
  else
    {
      std::string rest = bytes.Rest ();
      g_autoptr (GBytes) packed = g_bytes_new (rest.data (), rest.size ());
      g_autoptr (GBytes) unpacked = decompress (provider, packed);
    }
  return 0;
}
