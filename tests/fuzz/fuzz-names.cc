/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <algorithm>
#include <optional>

#include "fuzz.h"

extern "C"
{
#include "curator-contender-rank-private.h"
#include "curator-names-private.h"
#include "curator-protection-private.h"
}

/* The names of children, and places among them: the first line is our own node's name, the others are the
 * list. What they mean is worked out a second time here, slowly. */

namespace
{

const char guid[] = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
const char *const patterns[] = { "lock-", "__lock__", nullptr };
const CuratorContenderKind kind = { "acquire", "lock-", patterns };

/* Exactly what a server appends. */
std::optional<int32_t>
parse_sequence (const std::string &text)
{
  bool minus = !text.empty () && text[0] == '-';
  std::string digits = text.substr (minus ? 1 : 0);
  int64_t value = 0;

  if (text.size () < 10 || text.size () > 11 || (text.size () == 11 && !(minus && digits[0] != '0')))
    return std::nullopt;
  for (char c : digits)
    {
      if (c < '0' || c > '9')
        return std::nullopt;
      value = value * 10 + (c - '0');
    }
  value = minus ? -value : value;
  if (value < INT32_MIN || value > INT32_MAX || (minus && value == 0))
    return std::nullopt;
  return static_cast<int32_t> (value);
}

std::optional<int32_t>
get_sequence (const std::string &name, const std::string &recipe)
{
  size_t at = name.rfind (recipe);

  return at == std::string::npos ? std::nullopt : parse_sequence (name.substr (at + recipe.size ()));
}

std::optional<int32_t>
get_contender_sequence (const std::string &name)
{
  for (const char *const *pattern = patterns; *pattern != nullptr; pattern++)
    if (auto sequence = get_sequence (name, *pattern))
      return sequence;
  return std::nullopt;
}

void
check_name (const std::string &name)
{
  g_autofree char *protected_name = curator_names_protect (name.c_str (), guid);
  char found[CURATOR_NAMES_GUID_LENGTH + 1];
  const char *stripped = curator_names_strip (name.c_str ());
  bool is_protected = curator_names_is_protected (name.c_str ());
  int32_t sequence = 0;

  FUZZ_CHECK (name.empty () || strcmp (curator_names_strip (protected_name), name.c_str ()) == 0);
  FUZZ_CHECK (curator_names_has_guid (protected_name, guid) == !name.empty ());
  FUZZ_CHECK (curator_names_get_guid (name.c_str (), found) == is_protected);
  FUZZ_CHECK (strlen (found) == (is_protected ? CURATOR_NAMES_GUID_LENGTH : 0));
  FUZZ_CHECK (stripped >= name.c_str () && stripped <= name.c_str () + name.size ());
  if (is_protected)
    {
      g_autofree char *again = curator_names_protect (stripped, found);

      FUZZ_CHECK (again == name);
      FUZZ_CHECK (*stripped != '\0');
    }
  for (const char *const *pattern = patterns; *pattern != nullptr; pattern++)
    {
      auto expected = get_sequence (name, *pattern);

      FUZZ_CHECK (curator_names_get_sequence (name.c_str (), *pattern, &sequence) == expected.has_value ());
      FUZZ_CHECK (!expected || sequence == *expected);
    }
  auto expected = parse_sequence (name);
  FUZZ_CHECK (curator_names_parse_sequence (name.c_str (), &sequence) == expected.has_value ());
  FUZZ_CHECK (!expected || sequence == *expected);
}

bool
is_before (const std::string &a, const std::string &b)
{
  int32_t left = *get_contender_sequence (a), right = *get_contender_sequence (b);

  return left != right ? left < right : a < b;
}

/* Those that count: contenders other than ourselves and what else we made. */
std::vector<std::string>
get_rivals (const std::vector<std::string> &children, const std::string &own, guint *n_twins)
{
  bool is_protected = curator_names_is_protected (own.c_str ());
  std::vector<std::string> rivals;

  for (const std::string &child : children)
    if (child == own)
      continue;
    else if (is_protected &&
             child.compare (0, CURATOR_NAMES_PROTECTION_LENGTH, own, 0, CURATOR_NAMES_PROTECTION_LENGTH) == 0)
      (*n_twins)++;
    else if (get_contender_sequence (child))
      rivals.push_back (child);
  std::sort (rivals.begin (), rivals.end (), is_before);
  return rivals;
}

void
check_rank (const std::vector<std::string> &children,
            const std::vector<const char *> &list,
            const std::string &own)
{
  g_auto (CuratorContenderRank) rank = {};
  guint n_twins = 0;
  std::vector<std::string> rivals = get_rivals (children, own, &n_twins);

  curator_contender_rank_init (&rank, &kind, list.data (), own.c_str ());
  auto own_sequence = get_sequence (own, kind.name);
  if (!own_sequence)
    {
      FUZZ_CHECK (!rank.present && rank.ahead == 0 && rank.watch == nullptr);
      return;
    }
  size_t ahead =
      static_cast<size_t> (std::count_if (rivals.begin (), rivals.end (), [&] (const std::string &name) {
        int32_t sequence = *get_contender_sequence (name);

        return sequence != *own_sequence ? sequence < *own_sequence : name < own;
      }));
  FUZZ_CHECK (rank.present == (std::find (children.begin (), children.end (), own) != children.end ()));
  FUZZ_CHECK (rank.ahead == ahead);
  FUZZ_CHECK ((rank.twins == nullptr ? 0 : rank.twins->len) == n_twins);
  FUZZ_CHECK (rank.exhausted == (!rivals.empty () && *get_contender_sequence (rivals[0]) < 0));
  FUZZ_CHECK ((rank.watch == nullptr) == (ahead == 0));
  if (ahead > 0)
    FUZZ_CHECK (rivals[ahead >= 2 ? ahead - 2 : 0] == rank.watch);
  if (curator_contender_rank_check_own (&kind, own.c_str ()))
    FUZZ_CHECK (*get_sequence (own, kind.name) >= 0 &&
                *get_sequence (own, kind.name) <= CURATOR_CONTENDER_LAST_SEQUENCE);
}

void
check_sorted (const std::vector<std::string> &children, const std::vector<const char *> &list)
{
  g_auto (GStrv) paths = curator_contender_rank_dup_sorted_paths (&kind, "/p", list.data ());
  std::vector<std::string> expected;

  for (const std::string &child : children)
    if (get_contender_sequence (child))
      expected.push_back (child);
  FUZZ_CHECK (g_strv_length (paths) == expected.size ());
  std::sort (expected.begin (), expected.end (), is_before);
  for (size_t i = 0; i < expected.size () && expected[i].find ('/') == std::string::npos; i++)
    FUZZ_CHECK ("/p/" + expected[i] == paths[i]);
}

void
check_search (const std::vector<std::string> &children, const std::vector<const char *> &list)
{
  g_autoptr (GPtrArray) found = curator_protection_find (list.data (), guid);
  size_t n =
      static_cast<size_t> (std::count_if (children.begin (), children.end (), [] (const std::string &child) {
        return curator_names_is_protected (child.c_str ()) &&
               child.compare (3, CURATOR_NAMES_GUID_LENGTH, guid) == 0;
      }));

  FUZZ_CHECK (found->len == n);
  for (guint i = 0; i < found->len; i++)
    {
      FUZZ_CHECK (curator_names_has_guid (static_cast<char *> (found->pdata[i]), guid));
      FUZZ_CHECK (i == 0 || strcmp (static_cast<char *> (found->pdata[i - 1]),
                                    static_cast<char *> (found->pdata[i])) <= 0);
    }
}

/* The first that is there and, where it is ephemeral, ours. */
void
check_choice (const std::string &input)
{
  std::vector<CuratorProtectionCandidate> candidates;
  guint first = CURATOR_PROTECTION_NO_CANDIDATE, first_owned = CURATOR_PROTECTION_NO_CANDIDATE;

  for (guint i = 0; i < input.size (); i++)
    {
      candidates.push_back ({ (input[i] & 1) != 0, input[i] >> 1 & 3 });
      if (candidates[i].exists && first == CURATOR_PROTECTION_NO_CANDIDATE)
        first = i;
      if (candidates[i].exists && candidates[i].ephemeral_owner == 2 &&
          first_owned == CURATOR_PROTECTION_NO_CANDIDATE)
        first_owned = i;
    }
  guint n = static_cast<guint> (candidates.size ());
  FUZZ_CHECK (curator_protection_choose (candidates.data (), n, CURATOR_CREATE_MODE_PERSISTENT, 2) == first);
  FUZZ_CHECK (curator_protection_choose (candidates.data (), n, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL,
                                         2) == first_owned);
}

} // namespace

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  std::vector<std::string> children = FuzzBytes (data, size).Lines ();
  std::string own = children[0];
  std::vector<const char *> list;

  children.erase (children.begin ());
  check_name (own);
  check_choice (own);
  for (const std::string &child : children)
    {
      check_name (child);
      list.push_back (child.c_str ());
    }
  list.push_back (nullptr);
  check_rank (children, list, own);
  check_sorted (children, list);
  check_search (children, list);
  return 0;
}
