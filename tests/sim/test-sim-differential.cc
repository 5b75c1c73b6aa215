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
  sim::Player player (&place, nullptr, seed, n_operations);

  return player.Play ();
}

std::vector<std::string>
PlayReal (unsigned port, uint64_t seed, unsigned n_operations)
{
  sim::SocketPlace place (port);
  sim::Player player (&place, nullptr, seed, n_operations);

  return player.Play ();
}

size_t
FindDifference (const std::vector<std::string> &simulated, const std::vector<std::string> &real)
{
  size_t n = std::min (simulated.size (), real.size ());

  return static_cast<size_t> (
      std::mismatch (real.begin (), real.begin () + static_cast<std::ptrdiff_t> (n), simulated.begin ())
          .first -
      real.begin ());
}

std::string
Join (const char *prefix, const std::vector<std::string> &lines, size_t from, size_t to)
{
  std::string text;

  for (size_t i = from; i < std::min (to, lines.size ()); i++)
    text += prefix + lines[i] + "\n";
  return text;
}

/* Empty where they are the same. */
std::string
Compare (const std::vector<std::string> &simulated, const std::vector<std::string> &real)
{
  size_t at = FindDifference (simulated, real);

  if (at == simulated.size () && at == real.size ())
    return "";
  return Join ("both:      ", real, 0, at) + Join ("simulated: ", simulated, at, at + 1) +
         Join ("real:      ", real, at, real.size ());
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
  uint64_t n_sequences = GetNumber ("SIM_SEQUENCES", 3000);
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

/* Three of them, so that there are members that only forward and sessions that move. */
class DifferentialEnsemble : public ::testing::Test
{
protected:
  void SetUp () override
  {
    const char *const config[] = { "reconfigEnabled=false", nullptr };
    g_autoptr (GError) error = nullptr;

    cluster_ = CURATOR_TEST_CLUSTER (g_object_new (CURATOR_TEST_TYPE_CLUSTER, "n-servers", 3u, "tick-time-ms",
                                                   2000u, "extra-config", config, nullptr));
    ASSERT_TRUE (curator_test_cluster_start_sync (cluster_, nullptr, &error)) << error->message;
    leader_ = curator_test_cluster_get_leader_index_sync (cluster_, nullptr, &error);
    ASSERT_GE (leader_, 0) << error->message;
  }

  void TearDown () override
  {
    g_clear_object (&cluster_);
  }

  /* The leader for every other one. */
  std::vector<std::string> PlayReal (uint64_t seed, unsigned n_operations)
  {
    int home = seed % 2 == 0 ? leader_ : (leader_ + 1) % 3;
    sim::SocketPlace place (GetPort (home));
    sim::SocketPlace elsewhere (GetPort ((leader_ + 2) % 3));
    sim::Player player (&place, &elsewhere, seed, n_operations);

    return player.Play ();
  }

  static std::vector<std::string> PlaySimulated (uint64_t seed, unsigned n_operations)
  {
    sim::Choices choices (seed);
    sim::World world (&choices, false);
    sim::EnsembleOptions options;
    options.n_members = 3;
    sim::Ensemble ensemble (&world, options);
    sim::SimPlace place (&ensemble, seed % 2 == 0 ? 2 : 0, true);
    sim::SimPlace elsewhere (&ensemble, 1, true);
    sim::Player player (&place, &elsewhere, seed, n_operations);

    return player.Play ();
  }

  unsigned GetPort (int index)
  {
    return curator_test_server_get_port (
        curator_test_cluster_get_server (cluster_, static_cast<guint> (index)));
  }

  CuratorTestCluster *cluster_ = nullptr;
  int leader_ = -1;
};

/* An ensemble of 3.8.0 now and then forgets a write, or a new session, until the client gives up
 * (ZOOKEEPER-4537). Nothing after that can be compared. */
bool
IsStall (const std::vector<std::string> &simulated, const std::vector<std::string> &real, gint64 took_us)
{
  size_t at = FindDifference (simulated, real);

  if (at >= real.size () || took_us < 3 * G_USEC_PER_SEC)
    return false;
  return real[at].find (": no answer (") != std::string::npos ||
         real[at].find ("gets no greeting (") != std::string::npos;
}

TEST_F (DifferentialEnsemble, RandomSequences)
{
  uint64_t seed = GetNumber ("SIM_SEED", 1);
  uint64_t n_sequences = GetNumber ("SIM_ENSEMBLE_SEQUENCES", 200);

  uint64_t n_stalls = 0;

  for (uint64_t i = 0; i < n_sequences; i++, seed++)
    {
      auto n_operations = static_cast<unsigned> (8 + seed % 16);
      gint64 start_us = g_get_monotonic_time ();
      std::vector<std::string> real = PlayReal (seed, n_operations);
      std::vector<std::string> simulated = PlaySimulated (seed, n_operations);

      if (!IsStall (simulated, real, g_get_monotonic_time () - start_us))
        {
          ASSERT_EQ (Compare (simulated, real), "") << "SIM_SEED=" << seed;
          continue;
        }
      /* The sessions that it leaves end at some time, and their ends are transactions. */
      n_stalls++;
      TearDown ();
      ASSERT_NO_FATAL_FAILURE (SetUp ());
    }
  EXPECT_LE (n_stalls, 2 + n_sequences / 100);
  RecordProperty ("stalls", static_cast<int> (n_stalls));
}
