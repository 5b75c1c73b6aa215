/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "fuzz.h"

/* In place of libFuzzer, for every compiler: runs a target on its corpus, and on as many mutations of that as
 * it is told to, always the same ones.
 *
 * Usage: fuzz-TARGET N_MUTATIONS FILE_OR_FOLDER... */

namespace
{

constexpr size_t kMaxLength = 4096;
/* Growth of the process; what a target leaves behind or takes at once. */
constexpr long kMaxGrowthKb = 512 * 1024;

std::string current;

/* Writes the input that was being run, as input for xxd -r -p. */
void
on_crash (int number)
{
  static const char digits[] = "0123456789abcdef";
  static char text[2 * kMaxLength + 64];
  size_t length = static_cast<size_t> (snprintf (text, 64, "signal %d, with the input (hex):\n", number));

  for (size_t i = 0; i < current.size () && length + 3 < sizeof text; i++)
    {
      text[length++] = digits[static_cast<uint8_t> (current[i]) >> 4];
      text[length++] = digits[current[i] & 0xf];
    }
  text[length++] = '\n';
  if (write (STDERR_FILENO, text, length) < 0)
    _exit (3);
  signal (number, SIG_DFL);
  raise (number);
}

void
run (const std::string &input)
{
  current = input;
  LLVMFuzzerTestOneInput (reinterpret_cast<const uint8_t *> (current.data ()), current.size ());
}

void
load (const std::string &path, std::vector<std::string> *inputs)
{
  std::vector<std::string> names;
  DIR *folder = opendir (path.c_str ());

  if (folder == nullptr)
    {
      std::ifstream file (path, std::ios::binary);

      if (!file)
        {
          fprintf (stderr, "%s cannot be read\n", path.c_str ());
          exit (2);
        }
      inputs->emplace_back (std::istreambuf_iterator<char> (file), std::istreambuf_iterator<char> ());
      return;
    }
  for (struct dirent *entry = readdir (folder); entry != nullptr; entry = readdir (folder))
    if (entry->d_name[0] != '.')
      names.push_back (path + "/" + entry->d_name);
  closedir (folder);
  std::sort (names.begin (), names.end ());
  for (const std::string &name : names)
    load (name, inputs);
}

class Mutator
{
public:
  explicit Mutator (const std::vector<std::string> &inputs) : inputs_ (inputs)
  {
  }

  std::string Next ()
  {
    std::string input = inputs_[Below (inputs_.size ())];

    for (size_t n = 1 + Below (6); n > 0; n--)
      Change (&input);
    input.resize (MIN (input.size (), kMaxLength));
    return input;
  }

private:
  /* Not by a distribution of the library, which may differ from one to the next. */
  size_t Below (size_t n)
  {
    return n == 0 ? 0 : random_ () % n;
  }

  void Change (std::string *input)
  {
    static const char values[] = { '\0', '\1', '\x7f', '\x80', '\xff', '/', '-', '\n' };
    size_t at = Below (input->size ());
    const std::string &other = inputs_[Below (inputs_.size ())];

    switch (Below (6))
      {
      case 0:
        if (!input->empty ())
          (*input)[at] = static_cast<char> ((*input)[at] ^ (1 << Below (8)));
        break;
      case 1:
        if (!input->empty ())
          (*input)[at] = values[Below (sizeof values)];
        break;
      case 2:
        input->insert (at, 1, static_cast<char> (Below (256)));
        break;
      case 3:
        input->erase (at, 1 + Below (8));
        break;
      case 4:
        input->insert (at, other.substr (Below (other.size ()), Below (32)));
        break;
      default:
        *input = input->substr (0, at) + other.substr (Below (other.size ()));
        break;
      }
  }

  const std::vector<std::string> &inputs_;
  std::mt19937_64 random_{ 1 };
};

long
get_peak_kb ()
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

} // namespace

int
main (int argc, char **argv)
{
  std::vector<std::string> inputs;
  long n_mutations = argc > 2 ? atol (argv[1]) : 0;
  long before_kb;

  if (argc < 3)
    {
      fprintf (stderr, "usage: %s N_MUTATIONS FILE_OR_FOLDER...\n", argv[0]);
      return 2;
    }
  for (int i = 2; i < argc; i++)
    load (argv[i], &inputs);
  if (inputs.empty ())
    {
      fprintf (stderr, "the corpus is empty\n");
      return 2;
    }
  for (int number : { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP })
    signal (number, on_crash);
  before_kb = get_peak_kb ();
  for (const std::string &input : inputs)
    run (input);
  Mutator mutator (inputs);
  for (long i = 0; i < n_mutations; i++)
    run (mutator.Next ());
  FUZZ_CHECK (get_peak_kb () - before_kb < kMaxGrowthKb);
  printf ("%zu inputs and %ld mutations of them\n", inputs.size (), n_mutations);
  return 0;
}
