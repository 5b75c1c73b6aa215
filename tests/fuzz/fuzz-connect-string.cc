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

/* What follows the colon of a server's entry; "" where there is none. */
std::string
get_port_text (const std::string &entry)
{
  size_t colon = entry.find (':', entry[0] == '[' ? entry.find (']') : 0);

  return colon == std::string::npos ? "" : entry.substr (colon + 1);
}

void
check_port (const std::string &entry, guint16 port)
{
  std::string text = get_port_text (entry);

  FUZZ_CHECK (text.find_first_not_of ("0123456789") == std::string::npos);
  FUZZ_CHECK (port == (text.empty () ? CURATOR_DEFAULT_PORT : g_ascii_strtoull (text.c_str (), nullptr, 10)));
}

void
check_parsed (const std::string &text, const CuratorConnectString *parsed)
{
  g_autoptr (GError) error = nullptr;
  std::string anew = write_anew (parsed);
  g_autoptr (CuratorConnectString) again = curator_connect_string_parse (anew.c_str (), &error);
  g_auto (GStrv) entries = g_strsplit (text.substr (0, text.find ('/')).c_str (), ",", -1);

  FUZZ_CHECK (parsed->hosts->len == g_strv_length (entries));
  for (guint i = 0; i < parsed->hosts->len; i++)
    {
      auto *host = static_cast<CuratorHostPort *> (parsed->hosts->pdata[i]);

      check_port (entries[i], host->port);
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
