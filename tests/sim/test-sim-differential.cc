/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdlib>

#include "curator-test-fixture.hpp"
#include "sim-acl.h"
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

/* What is in the server's order: children, and the events of a session that ends. Enough of both that its
 * tables grow. */
std::vector<std::string>
PlayMany (sim::Place *place)
{
  std::vector<std::string> lines;
  sim::Caller maker (place), looker (place);

  if (!maker.Connect () || !looker.Connect ())
    return lines;
  for (const char *top : { "/many", "/some" })
    maker.Call (sim::kOpCreate, sim::MakeCreate (top, 0, sim::GetOpenAcl ()));
  for (int i = 0; i < 200; i++)
    {
      std::string path = i % 3 == 0 ? "/many/lock-" : i % 3 == 1 ? "/some/\xc3\xa9-" : "/many/";

      maker.Call (sim::kOpCreate, sim::MakeCreate (path, 3, sim::GetOpenAcl ()));
      if (i % 20 != 0)
        continue;
      for (const char *top : { "/many", "/some" })
        {
          sim::Reply reply = looker.Call (sim::kOpGetChildren, sim::MakeWatch (top, false));
          sim::Reader body (reply.body);

          for (const std::string &name : body.GetStrings ())
            {
              lines.push_back (name);
              looker.Call (sim::kOpExists, sim::MakeWatch (std::string (top) + "/" + name, true));
              if (i % 40 == 0 && name.back () == '7')
                maker.Call (sim::kOpDelete, sim::MakeVersion (std::string (top) + "/" + name, -1));
            }
        }
    }
  maker.Call (sim::kOpCloseSession, sim::Writer ());
  looker.Send (sim::kOpPing, sim::Writer ());
  for (sim::Reply reply = looker.Read (); reply.IsEvent (); reply = looker.Read ())
    lines.push_back (reply.body.substr (12));
  looker.Call (sim::kOpCloseSession, sim::Writer ());
  return lines;
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

TEST_F (Differential, OrderOfMany)
{
  sim::Choices choices (uint64_t{ 1 });
  sim::World world (&choices, false);
  sim::Ensemble ensemble (&world, {});
  sim::SimPlace simulated (&ensemble, 0);
  sim::SocketPlace real (curator_test_server_get_port (server_));
  std::vector<std::string> lines = PlayMany (&real);

  EXPECT_GT (lines.size (), 1000u);
  EXPECT_EQ (Compare (PlayMany (&simulated), lines), "");
}
