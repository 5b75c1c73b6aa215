/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sim
{

/* A set of strings in the order in which the server has it: that of a Java HashSet, which is neither sorted
 * nor that of insertion. A client that relies on either has to be seen to fail. */
class NameSet
{
public:
  /* A power of two, as Java's. */
  explicit NameSet (uint32_t capacity = 16) : capacity_ (capacity)
  {
  }

  /* FALSE where it has it already. */
  bool Add (const std::string &name);
  bool Remove (const std::string &name);

  /* As HashSet.clone (): the order can be another one. */
  NameSet Clone () const;

  size_t GetSize () const
  {
    return entries_.size ();
  }

  std::vector<std::string> GetNames () const;

  template <typename Func> void ForEach (Func func) const
  {
    for (const Entry &entry : entries_)
      func (entry.name);
  }

private:
  struct Entry
  {
    uint32_t hash;
    std::string name;
  };

  size_t FindBucket (uint32_t hash) const;
  size_t Find (uint32_t hash, const std::string &name) const;
  void Grow ();

  uint32_t capacity_;
  std::vector<Entry> entries_; /* by bucket; in a bucket by age */
};

} // namespace sim
