/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdlib>

#include "curator-test-fixture.hpp"
#include "sim-player.h"

/* The simulated server against the real one: random sequences of everything that clients can do have to give
 * the same text in both places. SIM_SEED and SIM_SEQUENCES choose others than those of every run. */

namespace
{

uint64_t
GetNumber (const char *variable, uint64_t otherwise)
{
  const char *text = g_getenv (variable);

  return text != nullptr ? g_ascii_strtoull (text, nullptr, 10) : otherwise;
}

std::vector<std::string>
PlaySimulated (uint64_t seed, unsigned n_operations)
{
  sim::Choices choices (seed);
  sim::World world (&choices, false);
  sim::Ensemble ensemble (&world, {});
  sim::SimPlace place (&ensemble, 0);
  sim::Player player (&place, seed, n_operations);

  return player.Play ();
}

std::vector<std::string>
PlayReal (unsigned port, uint64_t seed, unsigned n_operations)
{
  sim::SocketPlace place (port);
  sim::Player player (&place, seed, n_operations);

  return player.Play ();
}

std::string
Join (const std::vector<std::string> &lines, size_t from)
{
  std::string text;

  for (size_t i = from; i < lines.size (); i++)
    text += "real:      " + lines[i] + "\n";
  return text;
}

/* Up to the first line that differs, and then what the real one did. */
std::string
Compare (const std::vector<std::string> &simulated, const std::vector<std::string> &real)
{
  std::string text;

  for (size_t i = 0; i < std::max (simulated.size (), real.size ()); i++)
    {
      const std::string &a = i < simulated.size () ? simulated[i] : "nothing";
      const std::string &b = i < real.size () ? real[i] : "nothing";

      if (a != b)
        return text + "simulated: " + a + "\nreal:      " + b + "\n" + Join (real, i + 1);
      text += "           " + a + "\n";
    }
  return "";
}

class Differential : public ::testing::Test
{
protected:
  void SetUp () override
  {
    const char *const config[] = { "reconfigEnabled=false", nullptr };
    g_autoptr (GError) error = nullptr;

    server_ = CURATOR_TEST_SERVER (g_object_new (CURATOR_TEST_TYPE_SERVER, "tick-time-ms", 2000u,
                                                 "container-check-interval-ms", 100000000u, "extra-config",
                                                 config, nullptr));
    ASSERT_TRUE (curator_test_server_start_sync (server_, nullptr, &error)) << error->message;
  }

  void TearDown () override
  {
    g_clear_object (&server_);
  }

  CuratorTestServer *server_ = nullptr;
};

} // namespace

TEST_F (Differential, RandomSequences)
{
  uint64_t seed = GetNumber ("SIM_SEED", 1);
  uint64_t n_sequences = GetNumber ("SIM_SEQUENCES", 2000);
  unsigned port = curator_test_server_get_port (server_);
  size_t n_lines = 0;

  for (uint64_t i = 0; i < n_sequences; i++, seed++)
    {
      auto n_operations = static_cast<unsigned> (8 + seed % 16);
      std::vector<std::string> real = PlayReal (port, seed, n_operations);
      std::vector<std::string> simulated = PlaySimulated (seed, n_operations);

      n_lines += real.size ();
      ASSERT_EQ (Compare (simulated, real), "") << "SIM_SEED=" << seed << " SIM_SEQUENCES=1";
    }
  RecordProperty ("lines", static_cast<int> (n_lines));
}
