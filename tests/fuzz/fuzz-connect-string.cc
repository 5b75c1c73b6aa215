/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fuzz.h"

extern "C"
{
#include "curator-connect-string-private.h"
#include "curator-path-private.h"
}

/* A text is refused with a reason, or is a list of servers that means the same when it is written anew. */

namespace
{

std::string
write_anew (const CuratorConnectString *parsed)
{
  std::string text;

  for (guint i = 0; i < parsed->hosts->len; i++)
    {
      auto *host = static_cast<CuratorHostPort *> (parsed->hosts->pdata[i]);
      bool is_ipv6 = strchr (host->host, ':') != nullptr;

      text += std::string (i == 0 ? "" : ",") + (is_ipv6 ? "[" : "") + host->host + (is_ipv6 ? "]" : "") +
              ":" + std::to_string (host->port);
    }
  return text + (parsed->chroot != nullptr ? parsed->chroot : "");
}

void
check_parsed (const std::string &text, const CuratorConnectString *parsed)
{
  g_autoptr (GError) error = nullptr;
  std::string anew = write_anew (parsed);
  g_autoptr (CuratorConnectString) again = curator_connect_string_parse (anew.c_str (), &error);
  size_t n_commas = 0;

  for (char c : text.substr (0, text.find ('/')))
    n_commas += c == ',';
  FUZZ_CHECK (parsed->hosts->len == n_commas + 1);
  for (guint i = 0; i < parsed->hosts->len; i++)
    {
      auto *host = static_cast<CuratorHostPort *> (parsed->hosts->pdata[i]);

      FUZZ_CHECK (host->port != 0 && *host->host != '\0');
      FUZZ_CHECK (strpbrk (host->host, "/, []\t\n") == nullptr && g_str_is_ascii (host->host));
    }
  if (parsed->chroot != nullptr)
    {
      FUZZ_CHECK (curator_path_validate (parsed->chroot, FALSE, nullptr));
      FUZZ_CHECK (text.size () > strlen (parsed->chroot) && strcmp (parsed->chroot, "/") != 0);
      FUZZ_CHECK (text.compare (text.size () - strlen (parsed->chroot), std::string::npos, parsed->chroot) ==
                  0);
    }
  FUZZ_CHECK (again != nullptr && write_anew (again) == anew);
}

} // namespace

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  std::string text = FuzzBytes (data, size).Lines ()[0];
  g_autoptr (GError) error = nullptr;
  g_autoptr (CuratorConnectString) parsed = curator_connect_string_parse (text.c_str (), &error);

  FUZZ_CHECK ((parsed == nullptr) == (error != nullptr));
  if (parsed != nullptr)
    check_parsed (text, parsed);
  else
    {
      FUZZ_CHECK (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
      FUZZ_CHECK (g_utf8_validate (error->message, -1, nullptr));
    }
  return 0;
}
