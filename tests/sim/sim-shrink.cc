/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-shrink.h"

#include <glib.h>

#include <algorithm>
#include <sstream>

namespace sim
{

namespace
{

/* Longer runs than any. */
constexpr uint64_t kMaxCount = 10000000;

/* "3" or "3*17"; FALSE for anything else. */
bool
ParseWord (const std::string &word, uint64_t *value, uint64_t *count)
{
  char *end = nullptr;
  const char *begin = word.c_str ();

  *count = 1;
  if (!g_ascii_isdigit (*begin))
    return false;
  *value = g_ascii_strtoull (begin, &end, 10);
  if (*end == '*' && g_ascii_isdigit (end[1]))
    *count = g_ascii_strtoull (end + 1, &end, 10);
  return *end == '\0' && *value <= UINT32_MAX && *count <= kMaxCount;
}

class Shrinker
{
public:
  Shrinker (std::vector<uint32_t> script, unsigned max_runs, const StillFails &still_fails)
      : script_ (std::move (script)), runs_left_ (max_runs), still_fails_ (still_fails)
  {
  }

  std::vector<uint32_t> Go ()
  {
    bool better = true;

    Truncate ();
    while (better && runs_left_ > 0)
      {
        better = Zero ();
        better = Erase () || better;
        better = Lower () || better;
        DropZerosAtEnd ();
      }
    return script_;
  }

private:
  bool Try (const std::vector<uint32_t> &candidate)
  {
    if (runs_left_ == 0 || candidate == script_)
      return false;
    runs_left_--;
    if (!still_fails_ (candidate))
      return false;
    script_ = candidate;
    return true;
  }

  void DropZerosAtEnd ()
  {
    while (!script_.empty () && script_.back () == 0)
      script_.pop_back ();
  }

  /* The shortest beginning; what follows a script is zeros. */
  void Truncate ()
  {
    size_t low = 0;

    while (low < script_.size ())
      {
        size_t middle = low + (script_.size () - low) / 2;

        if (!Try ({ script_.begin (), script_.begin () + static_cast<std::ptrdiff_t> (middle) }))
          low = middle + 1;
      }
    DropZerosAtEnd ();
  }

  bool Zero ()
  {
    bool better = false;

    for (size_t size = std::max<size_t> (script_.size () / 2, 1); size > 0; size /= 2)
      for (size_t at = 0; at < script_.size (); at += size)
        {
          std::vector<uint32_t> candidate = script_;
          auto begin = candidate.begin () + static_cast<std::ptrdiff_t> (at);

          std::fill (begin, begin + static_cast<std::ptrdiff_t> (std::min (size, candidate.size () - at)), 0);
          better = Try (candidate) || better;
        }
    return better;
  }

  bool Erase ()
  {
    bool better = false;

    for (size_t size = 16; size > 0; size /= 2)
      for (size_t at = 0; at + size <= script_.size ();)
        {
          std::vector<uint32_t> candidate = script_;
          auto begin = candidate.begin () + static_cast<std::ptrdiff_t> (at);

          candidate.erase (begin, begin + static_cast<std::ptrdiff_t> (size));
          if (Try (candidate))
            better = true;
          else
            at += size;
        }
    return better;
  }

  bool Lower ()
  {
    bool better = false;

    for (size_t at = 0; at < script_.size (); at++)
      for (uint32_t value : { script_[at] / 2, script_[at] - 1 })
        {
          std::vector<uint32_t> candidate = script_;

          if (script_[at] <= 1 || value >= script_[at])
            continue;
          candidate[at] = value;
          better = Try (candidate) || better;
        }
    return better;
  }

  std::vector<uint32_t> script_;
  unsigned runs_left_;
  const StillFails &still_fails_;
};

} // namespace

std::vector<uint32_t>
Shrink (std::vector<uint32_t> script, unsigned max_runs, const StillFails &still_fails)
{
  return Shrinker (std::move (script), max_runs, still_fails).Go ();
}

std::string
FormatScript (const std::vector<uint32_t> &script)
{
  std::string text;

  for (size_t i = 0, n; i < script.size (); i += n)
    {
      for (n = 1; i + n < script.size () && script[i + n] == script[i];)
        n++;
      text += (i > 0 ? " " : "") + std::to_string (script[i]) + (n > 1 ? "*" + std::to_string (n) : "");
    }
  return text;
}

bool
ParseScript (const std::string &text, std::vector<uint32_t> *script)
{
  std::istringstream lines (text);
  std::string line, word;

  script->clear ();
  while (std::getline (lines, line))
    {
      std::istringstream words (line);

      if (!line.empty () && line[0] == '#')
        continue;
      while (words >> word)
        {
          uint64_t value, count;

          if (!ParseWord (word, &value, &count))
            return false;
          script->insert (script->end (), count, static_cast<uint32_t> (value));
        }
    }
  return true;
}

} // namespace sim
