/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim
{

/* All that is left to chance in a run: drawn from a seed and recorded, or read back from such a record. A
 * record that has come to its end goes on with zeros, so that 0 has to mean that nothing out of the ordinary
 * happens: a record with more zeros is a simpler run. */
class Choices
{
public:
  explicit Choices (uint64_t seed);
  explicit Choices (std::vector<uint32_t> script);

  /* 0 to n - 1; not recorded where there is nothing to choose. */
  uint32_t Below (uint32_t n);
  /* The same for what belongs to a choice that was made just before: in a search for what few deviations from
   * the ordinary can do it counts for nothing. */
  uint32_t DetailBelow (uint32_t n);
  /* TRUE so many times in a thousand. */
  bool Chance (uint32_t per_mille);

  /* As long as it lives, what is chosen is what the users of the library do: in such a search that counts apart. */
  class Users
  {
  public:
    explicit Users (Choices *choices) : choices_ (choices), before_ (choices->is_users_)
    {
      choices->is_users_ = true;
    }

    ~Users ()
    {
      choices_->is_users_ = before_;
    }

    Users (const Users &) = delete;
    Users &operator= (const Users &) = delete;

  private:
    Choices *choices_;
    bool before_;
  };

  /* What was chosen, and out of how many. */
  const std::vector<uint32_t> &GetRecord () const
  {
    return record_;
  }

  const std::vector<uint32_t> &GetRanges () const
  {
    return ranges_;
  }

  bool IsDetail (std::size_t at) const
  {
    return details_[at];
  }

  bool IsUsers (std::size_t at) const
  {
    return users_[at];
  }

private:
  uint32_t Note (uint32_t choice, uint32_t range);

  std::vector<uint32_t> record_;
  std::vector<uint32_t> ranges_;
  std::vector<bool> details_;
  std::vector<bool> users_;
  std::vector<uint32_t> script_;
  bool replays_;
  bool is_users_ = false;
  uint64_t state_;
};

/* The generator behind it, for numbers that are not choices, such as GUIDs. */
uint64_t NextRandom (uint64_t *state);

} // namespace sim
