/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-shrink.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace sim
{

namespace
{

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
          char *end = nullptr;
          uint64_t value = strtoul (word.c_str (), &end, 10);
          uint64_t count = *end == '*' ? strtoul (end + 1, &end, 10) : 1;

          if (*end != '\0' || end == word.c_str () || value > UINT32_MAX || count > 10000000)
            return false;
          script->insert (script->end (), count, static_cast<uint32_t> (value));
        }
    }
  return true;
}

} // namespace sim
