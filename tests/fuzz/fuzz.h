/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/* What every target defines; libFuzzer calls it, or fuzz-replay.cc. */
extern "C" int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A property that no input may break. */
#define FUZZ_CHECK(condition)                                                                                \
  do                                                                                                         \
    {                                                                                                        \
      if (!(condition))                                                                                      \
        fuzz_failed (__FILE__, __LINE__, #condition);                                                        \
    }                                                                                                        \
  while (false)

[[noreturn]] inline void
fuzz_failed (const char *file, int line, const char *condition)
{
  fprintf (stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  abort ();
}

/* An input taken apart; zeros and empty strings once it is used up. */
class FuzzBytes
{
public:
  FuzzBytes (const uint8_t *data, size_t size) : data_ (data), left_ (size)
  {
  }

  bool IsEmpty () const
  {
    return left_ == 0;
  }

  uint8_t Byte ()
  {
    if (left_ == 0)
      return 0;
    left_--;
    return *data_++;
  }

  uint32_t Word ()
  {
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
      value = value << 8 | Byte ();
    return value;
  }

  std::string Take (size_t length)
  {
    std::string taken (reinterpret_cast<const char *> (data_), MIN (length, left_));

    data_ += taken.size ();
    left_ -= taken.size ();
    return taken;
  }

  std::string Rest ()
  {
    return Take (left_);
  }

  /* The rest as strings without a NUL in them. */
  std::vector<std::string> Lines ()
  {
    std::vector<std::string> lines (1);

    while (left_ > 0)
      {
        char c = static_cast<char> (Byte ());

        if (c == '\n' || c == '\0')
          lines.emplace_back ();
        else
          lines.back ().push_back (c);
      }
    return lines;
  }

private:
  const uint8_t *data_;
  size_t left_;
};
