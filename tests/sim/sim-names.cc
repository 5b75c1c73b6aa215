/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-names.h"

#include <glib.h>

#include <algorithm>

namespace sim
{

namespace
{

/* What java.lang.String and java.util.HashMap make of it. */
uint32_t
Hash (const std::string &name)
{
  const char *end = name.data () + name.size ();
  uint32_t hash = 0;

  for (const char *at = name.data (); at < end;)
    {
      gunichar c = static_cast<unsigned char> (*at);

      if (c < 0x80)
        {
          at++;
        }
      else
        {
          c = g_utf8_get_char_validated (at, end - at);
          at = c < 0x110000 ? g_utf8_next_char (at) : at + 1;
          if (c >= 0x110000)
            c = 0xfffd;
        }
      if (c > 0xffff)
        {
          hash = 31 * hash + (0xd7c0 + (c >> 10));
          c = 0xdc00 + (c & 0x3ff);
        }
      hash = 31 * hash + c;
    }
  return hash ^ hash >> 16;
}

} // namespace

/* The first entry of the bucket or of a later one. */
size_t
NameSet::FindBucket (uint32_t hash) const
{
  uint32_t bucket = hash & (capacity_ - 1);
  auto at = std::lower_bound (
      entries_.begin (), entries_.end (), bucket,
      [this] (const Entry &entry, uint32_t wanted) { return (entry.hash & (capacity_ - 1)) < wanted; });

  return static_cast<size_t> (at - entries_.begin ());
}

/* The number of entries where it is not there. */
size_t
NameSet::Find (uint32_t hash, const std::string &name) const
{
  uint32_t mask = capacity_ - 1;

  for (size_t i = FindBucket (hash); i < entries_.size () && (entries_[i].hash & mask) == (hash & mask); i++)
    if (entries_[i].hash == hash && entries_[i].name == name)
      return i;
  return entries_.size ();
}

void
NameSet::Grow ()
{
  capacity_ *= 2;
  std::stable_sort (entries_.begin (), entries_.end (), [this] (const Entry &a, const Entry &b) {
    return (a.hash & (capacity_ - 1)) < (b.hash & (capacity_ - 1));
  });
}

bool
NameSet::Add (const std::string &name)
{
  uint32_t hash = Hash (name);
  uint32_t mask = capacity_ - 1;
  size_t at = FindBucket (hash);

  for (; at < entries_.size () && (entries_[at].hash & mask) == (hash & mask); at++)
    if (entries_[at].hash == hash && entries_[at].name == name)
      return false;
  entries_.insert (entries_.begin () + static_cast<std::ptrdiff_t> (at), { hash, name });
  if (entries_.size () > capacity_ / 4 * 3)
    Grow ();
  return true;
}

bool
NameSet::Remove (const std::string &name)
{
  size_t at = Find (Hash (name), name);

  if (at == entries_.size ())
    return false;
  entries_.erase (entries_.begin () + static_cast<std::ptrdiff_t> (at));
  return true;
}

NameSet
NameSet::Clone () const
{
  /* Room for them at a load of three quarters, and one more. */
  auto wanted = static_cast<uint32_t> (static_cast<float> (entries_.size ()) / 0.75f + 1.0f);
  uint32_t capacity = 1;

  while (capacity < wanted)
    capacity *= 2;
  NameSet clone (capacity);
  clone.entries_ = entries_;
  std::stable_sort (clone.entries_.begin (), clone.entries_.end (),
                    [capacity] (const Entry &a, const Entry &b) {
                      return (a.hash & (capacity - 1)) < (b.hash & (capacity - 1));
                    });
  return clone;
}

std::vector<std::string>
NameSet::GetNames () const
{
  std::vector<std::string> names;

  names.reserve (entries_.size ());
  for (const Entry &entry : entries_)
    names.push_back (entry.name);
  return names;
}

} // namespace sim
