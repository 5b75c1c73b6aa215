/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fuzz.h"

extern "C"
{
#include "curator-path-private.h"
}

/* Lines: a chroot, a namespace, a path, a name. What a server accepts as a path is worked out a second time
 * here; what is put before a valid path comes off again. */

namespace
{

/* By a server's rules, on the UTF-16 units that it sees. */
bool
is_valid (const std::string &path, bool sequential)
{
  std::string whole = sequential ? path + "1" : path;
  g_autofree gunichar2 *units = nullptr;
  glong n_units = 0;

  if (path.empty () || path[0] != '/')
    return false;
  units = g_utf8_to_utf16 (whole.c_str (), -1, nullptr, &n_units, nullptr);
  if (units == nullptr || !g_utf8_validate (whole.c_str (), -1, nullptr))
    return false;
  for (glong i = 0; i < n_units; i++)
    {
      guint u = units[i];

      if (u <= 0x1f || (u >= 0x7f && u <= 0x9f) || (u >= 0xd800 && u <= 0xf8ff) || u >= 0xfff0)
        return false;
    }
  if (whole == "/")
    return true;
  g_auto (GStrv) names = g_strsplit (whole.c_str () + 1, "/", -1);
  for (char **name = names; *name != nullptr; name++)
    if (**name == '\0' || strcmp (*name, ".") == 0 || strcmp (*name, "..") == 0)
      return false;
  return true;
}

void
check_path (const std::string &path)
{
  g_autofree char *quoted = curator_path_quote (path.c_str ());

  FUZZ_CHECK (g_utf8_validate (quoted, -1, nullptr));
  FUZZ_CHECK (quoted[0] == '"' && quoted[strlen (quoted) - 1] == '"' && strlen (quoted) < 4096);
  for (bool sequential : { false, true })
    {
      g_autofree char *reason = nullptr;
      bool valid = curator_path_validate (path.c_str (), sequential, &reason);

      FUZZ_CHECK (valid == is_valid (path, sequential));
      FUZZ_CHECK (valid == (reason == nullptr));
      FUZZ_CHECK (reason == nullptr || g_utf8_validate (reason, -1, nullptr));
    }
}

void
check_parts (const std::string &path, const std::string &name)
{
  g_autofree char *parent = curator_path_dup_parent (path.c_str ());

  if (!is_valid (path, false))
    return;
  FUZZ_CHECK ((parent == nullptr) == (path == "/"));
  if (parent != nullptr)
    {
      g_autofree char *made = curator_path_make (parent, curator_path_get_basename (path.c_str ()));

      FUZZ_CHECK (is_valid (parent, false));
      FUZZ_CHECK (made == path);
    }
  if (!name.empty () && is_valid ("/" + name, false))
    {
      g_autofree char *child = curator_path_make (path.c_str (), name.c_str ());

      FUZZ_CHECK (is_valid (child, false));
      FUZZ_CHECK (child == (path == "/" ? "" : path) + "/" + name);
    }
}

/* What is not below the prefix stays as it is. */
std::string
strip (const std::string &prefix, const std::string &path)
{
  if (prefix.empty () || (path != prefix && path.compare (0, prefix.size () + 1, prefix + "/") != 0))
    return path;
  return path == prefix ? "/" : path.substr (prefix.size ());
}

void
check_prefix (const std::string &chroot, const std::string &name_space, const std::string &path)
{
  bool has_chroot = is_valid (chroot, false) && chroot != "/";
  g_autofree char *reason = nullptr;
  g_autofree char *prefix =
      curator_path_make_prefix (has_chroot ? chroot.c_str () : nullptr, name_space.c_str (), &reason);
  bool refused = !name_space.empty () && !is_valid ("/" + name_space, false);

  FUZZ_CHECK ((reason != nullptr) == refused);
  FUZZ_CHECK ((prefix != nullptr) == (!refused && (has_chroot || !name_space.empty ())));
  FUZZ_CHECK (prefix == nullptr || is_valid (prefix, false));
  for (bool sequential : { false, true })
    {
      if (!is_valid (path, sequential))
        continue;
      g_autofree char *applied = curator_path_apply_prefix (prefix, path.c_str (), sequential);
      g_autofree char *stripped = curator_path_strip_prefix (prefix, applied);

      FUZZ_CHECK (is_valid (applied, sequential));
      FUZZ_CHECK (applied == (path == "/" && !sequential && prefix != nullptr
                                  ? prefix
                                  : (prefix != nullptr ? prefix : "") + path));
      FUZZ_CHECK (stripped == path);
    }
  g_autofree char *stripped = curator_path_strip_prefix (prefix, path.c_str ());
  FUZZ_CHECK (stripped == strip (prefix != nullptr ? prefix : "", path));
}

} // namespace

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  std::vector<std::string> lines = FuzzBytes (data, size).Lines ();

  lines.resize (4);
  for (const std::string &line : lines)
    check_path (line);
  check_parts (lines[2], lines[3]);
  check_prefix (lines[0], lines[1], lines[2]);
  return 0;
}
