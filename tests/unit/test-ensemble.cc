/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "curator-ensemble-private.h"
#include "fake-net.h"

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

namespace
{

class Ensemble : public ::testing::Test
{
protected:
  static GPtrArray *Hosts (const std::vector<std::string> &names)
  {
    GPtrArray *hosts = g_ptr_array_new_with_free_func ([] (gpointer data) {
      g_free (static_cast<CuratorHostPort *> (data)->host);
      g_free (data);
    });

    for (const std::string &name : names)
      {
        CuratorHostPort *host = g_new (CuratorHostPort, 1);

        host->host = g_strdup (name.c_str ());
        host->port = 2181;
        g_ptr_array_add (hosts, host);
      }
    return hosts;
  }

  void Make (const std::vector<std::string> &names, bool canonical = false)
  {
    g_autoptr (GPtrArray) hosts = Hosts (names);
    CuratorEnsembleOptions options = CURATOR_ENSEMBLE_OPTIONS_DEFAULT;

    options.canonical_host_names = canonical;
    ensemble = curator_ensemble_new (fake.loop, hosts, &options);
  }

  void SetHosts (const std::vector<std::string> &names)
  {
    g_autoptr (GPtrArray) hosts = Hosts (names);

    curator_ensemble_set_hosts (ensemble, hosts);
  }

  static void OnNext (
      const struct sockaddr *address, socklen_t length, const char *label, const GError *error, gpointer data)
  {
    auto *self = static_cast<Ensemble *> (data);

    self->answers++;
    self->label = label != nullptr ? label : "";
    self->failure = error != nullptr ? error->message : "";
    self->address.clear ();
    if (address != nullptr)
      {
        g_autoptr (GSocketAddress) parsed =
            g_socket_address_new_from_native (const_cast<sockaddr *> (address), length);
        g_autofree char *text =
            g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (parsed)));

        self->address = text;
        EXPECT_EQ (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (parsed)), 2181);
      }
    if (self->free_in_callback)
      g_clear_pointer (&self->ensemble, curator_ensemble_free);
  }

  void Ask ()
  {
    int before = answers;

    curator_ensemble_next (ensemble, OnNext, this);
    EXPECT_EQ (answers, before) << "called back from inside the call";
  }

  /* Asks, and moves the clock until the answer is there. Returns its label. */
  std::string Next (gint64 limit_ms = 20000)
  {
    int before = answers;
    gint64 start_ms = fake.NowMs ();

    Ask ();
    fake.Settle ();
    while (answers == before && fake.NowMs () - start_ms < limit_ms)
      fake.Advance (1);
    EXPECT_EQ (answers, before + 1);
    waited_ms = fake.NowMs () - start_ms;
    return label;
  }

  std::string NextAfterFailure ()
  {
    curator_ensemble_failed (ensemble);
    return Next ();
  }

  /* One pass in which all fail. */
  std::vector<std::string> Pass (size_t length)
  {
    std::vector<std::string> labels;

    while (labels.size () < length)
      labels.push_back (NextAfterFailure ());
    return labels;
  }

  void TearDown () override
  {
    g_clear_pointer (&ensemble, curator_ensemble_free);
  }

  FakeNet fake;
  CuratorEnsemble *ensemble = nullptr;
  int answers = 0;
  bool free_in_callback = false;
  std::string label, address, failure;
  gint64 waited_ms = 0;
};

const std::vector<std::string> four = { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4" };
const std::vector<std::string> four_labels = { "10.0.0.1:2181", "10.0.0.2:2181", "10.0.0.3:2181",
                                               "10.0.0.4:2181" };

TEST_F (Ensemble, EveryServerIsTriedInEachPassInTheSameOrder)
{
  Make (four);
  EXPECT_EQ (curator_ensemble_get_count (ensemble), 4u);
  std::vector<std::string> first = Pass (4);
  EXPECT_THAT (first, UnorderedElementsAreArray (four_labels));
  for (int i = 0; i < 50; i++)
    EXPECT_EQ (Pass (4), first);
  EXPECT_TRUE (fake.lookups.empty ());
}

TEST_F (Ensemble, OrdersDifferBetweenClients)
{
  std::set<std::vector<std::string> > orders;

  for (int i = 0; i < 200; i++)
    {
      Make (four);
      orders.insert (Pass (4));
      TearDown ();
    }
  EXPECT_EQ (orders.size (), 24u);
}

TEST_F (Ensemble, HostsGivenTwiceCountOnce)
{
  Make ({ "zk1", "ZK1", "10.0.0.1", "10.0.0.1" });
  EXPECT_EQ (curator_ensemble_get_count (ensemble), 2u);
}

/* faults: 30 */
TEST_F (Ensemble, DelayGrowsWithinItsBoundsAndIsResetBySuccess)
{
  Make ({ "10.0.0.1", "10.0.0.2" });
  gint64 delay_ms = 50;
  std::set<gint64> delays;

  Pass (2);
  for (int pass = 0; pass < 40; pass++)
    {
      NextAfterFailure ();
      EXPECT_GE (waited_ms, delay_ms / 2);
      EXPECT_LE (waited_ms, delay_ms + 1);
      if (delay_ms == 5000)
        delays.insert (waited_ms);
      NextAfterFailure ();
      EXPECT_EQ (waited_ms, 0);
      delay_ms = MIN (delay_ms * 2, 5000);
    }
  EXPECT_GT (delays.size (), 20u) << "not random";

  Next ();
  curator_ensemble_succeeded (ensemble);
  fake.Advance (1000);
  Next ();
  EXPECT_EQ (waited_ms, 0);
  NextAfterFailure ();
  EXPECT_EQ (waited_ms, 0);
  NextAfterFailure ();
  EXPECT_GE (waited_ms, 25);
  EXPECT_LE (waited_ms, 51);
}

TEST_F (Ensemble, ServerThatDropsConnectionsAtOnceDoesNotMakeALoop)
{
  Make ({ "10.0.0.1" });
  gint64 start_ms = fake.NowMs ();

  for (int i = 0; i < 100; i++)
    {
      Next ();
      curator_ensemble_succeeded (ensemble);
    }
  EXPECT_GE (fake.NowMs () - start_ms, 99 * 25);
  EXPECT_LE (fake.NowMs () - start_ms, 100 * 51);
}

TEST_F (Ensemble, ServerThatWasLeftIsTriedLast)
{
  Make (four);
  for (int i = 0; i < 20; i++)
    {
      std::string left = Next ();

      curator_ensemble_succeeded (ensemble);
      fake.Advance (1000);
      std::vector<std::string> pass = { Next () };
      EXPECT_EQ (waited_ms, 0);
      while (pass.size () < 4)
        pass.push_back (NextAfterFailure ());
      EXPECT_THAT (pass, UnorderedElementsAreArray (four_labels));
      EXPECT_EQ (pass.back (), left);
      curator_ensemble_succeeded (ensemble);
      fake.Advance (1000);
    }
}

TEST_F (Ensemble, LookingAroundWhileConnectedDoesNotDelayTheReconnect)
{
  int others = 0;
  auto look = [] (const struct sockaddr *, socklen_t, const char *, const GError *, gpointer data) {
    ++*static_cast<int *> (data);
  };

  Make (four);
  std::string left = Next ();
  curator_ensemble_succeeded (ensemble);
  for (int i = 0; i < 50; i++)
    {
      curator_ensemble_next (ensemble, look, &others);
      fake.Advance (6000);
      EXPECT_EQ (others, i + 1);
    }
  curator_ensemble_next (ensemble, look, &others);
  std::vector<std::string> pass = { Next () };
  EXPECT_EQ (waited_ms, 0);
  while (pass.size () < 3)
    {
      pass.push_back (NextAfterFailure ());
      EXPECT_EQ (waited_ms, 0);
    }
  EXPECT_EQ (pass.back (), left); /* the look at the fourth was still under way */
  EXPECT_EQ (others, 51);
}

TEST_F (Ensemble, PreferredServerIsNext)
{
  Make (four);
  for (const std::string &wanted : four_labels)
    {
      Next ();
      curator_ensemble_succeeded (ensemble);
      fake.Advance (1000);
      curator_ensemble_prefer (ensemble, wanted.c_str ());
      EXPECT_EQ (Next (), wanted);
      /* Only once, and the rest of the pass is complete. */
      std::vector<std::string> rest = Pass (3);
      rest.push_back (wanted);
      EXPECT_THAT (rest, UnorderedElementsAreArray (four_labels));
    }
  curator_ensemble_prefer (ensemble, "10.0.0.9:2181");
  EXPECT_THAT (Next (), Not (::testing::IsEmpty ()));
}

TEST_F (Ensemble, NamesAreLookedUpOncePerPassAndWhenTheyFail)
{
  fake.names["zk1"].addresses = { "10.0.0.1" };
  fake.names["zk2"].addresses = { "10.0.0.2" };
  Make ({ "zk1", "zk2" });
  Next ();
  EXPECT_THAT (fake.lookups, UnorderedElementsAre ("zk1", "zk2"));
  std::string first = label;
  fake.lookups.clear ();
  std::string second = NextAfterFailure ();
  EXPECT_NE (first, second);
  EXPECT_THAT (fake.lookups, ElementsAre (first.substr (0, 3)));
  NextAfterFailure ();
  EXPECT_EQ (fake.lookups.size (), 4u); /* the second failed, and a new pass */
}

TEST_F (Ensemble, EveryAddressOfANameIsTriedAndHasALabelOfItsOwn)
{
  fake.names["zk"].addresses = { "10.0.0.1", "10.0.0.2", "10.0.0.2", "::1" };
  Make ({ "zk", "10.0.0.9" });
  std::vector<std::string> first = Pass (4);
  EXPECT_THAT (
      first, UnorderedElementsAre ("zk/10.0.0.1:2181", "zk/10.0.0.2:2181", "zk/[::1]:2181", "10.0.0.9:2181"));
  EXPECT_THAT (Pass (4), UnorderedElementsAreArray (first));
}

TEST_F (Ensemble, AddressListedTwiceIsOne)
{
  fake.names["zk"].addresses = { "10.0.0.1", "10.0.0.1" };
  Make ({ "zk" });
  EXPECT_EQ (Next (), "zk:2181");
  Next (); /* without a word on the first: the pass is over nevertheless */
  EXPECT_GE (waited_ms, 25);
}

TEST_F (Ensemble, NumericIpv6IsBracketedInLabels)
{
  Make ({ "::1" });
  EXPECT_EQ (Next (), "[::1]:2181");
  EXPECT_EQ (address, "::1");
}

/* faults: 25 */
TEST_F (Ensemble, ChangedAddressesAreFollowed)
{
  fake.names["zk"].addresses = { "10.0.0.1" };
  Make ({ "zk" });
  Next ();
  EXPECT_EQ (address, "10.0.0.1");
  fake.names["zk"].addresses = { "10.0.0.2" };
  /* The failure makes it look again; the new address belongs to the pass under way. */
  curator_ensemble_failed (ensemble);
  fake.Settle ();
  Next ();
  EXPECT_EQ (address, "10.0.0.2");
  EXPECT_EQ (waited_ms, 0);
}

/* faults: 25 */
TEST_F (Ensemble, KnownAddressesOutliveTheNameService)
{
  fake.names["zk"].addresses = { "10.0.0.1" };
  Make ({ "zk" });
  Next ();
  fake.names["zk"].fails = true;
  for (int i = 0; i < 5; i++)
    EXPECT_EQ (NextAfterFailure (), "zk:2181");
  fake.names["zk"] = {};
  for (int i = 0; i < 5; i++)
    EXPECT_EQ (NextAfterFailure (), "zk:2181");
  fake.names["zk"].delay_ms = -1;
  for (int i = 0; i < 5; i++)
    {
      EXPECT_EQ (NextAfterFailure (), "zk:2181");
      EXPECT_LE (waited_ms, 5201);
    }
}

TEST_F (Ensemble, NamesThatFailAreReportedOncePerPassWithADelay)
{
  fake.names["zk1"].fails = true;
  Make ({ "zk1", "zk2" }); /* zk2: the empty answer */
  Next ();
  EXPECT_EQ (label, "");
  EXPECT_THAT (failure, ::testing::AnyOf ("no name service", "zk2: the name has no addresses"));
  gint64 start_ms = fake.NowMs ();
  size_t before = fake.lookups.size ();
  for (int i = 0; i < 20; i++)
    {
      Next ();
      EXPECT_NE (failure, "");
    }
  EXPECT_GE (fake.NowMs () - start_ms, 25 + 50 + 100 + 200 + 400 + 800 + 1600 + 13 * 2500);
  EXPECT_EQ (fake.lookups.size () - before, 40u);
  fake.names["zk1"].fails = false;
  fake.names["zk1"].addresses = { "10.0.0.1" };
  EXPECT_EQ (Next (), "zk1:2181");
}

/* faults: 25 */
TEST_F (Ensemble, SlowNamesAreBoundedAndDoNotHoldUpOthers)
{
  fake.names["slow"].delay_ms = -1;
  Make ({ "slow" });
  Next ();
  EXPECT_EQ (waited_ms, 5000);
  EXPECT_EQ (failure, "slow: the name service did not answer in time");
  TearDown ();

  for (int i = 0; i < 10; i++)
    {
      Make ({ "slow", "10.0.0.1", "10.0.0.2" });
      gint64 start_ms = fake.NowMs ();

      for (int j = 0; j < 4; j++)
        EXPECT_THAT (NextAfterFailure (), ::testing::StartsWith ("10.0.0."));
      /* Once a short wait for the sake of the order, and the delay between the two passes. */
      EXPECT_LE (fake.NowMs () - start_ms, 200 + 51);
      TearDown ();
    }
}

TEST_F (Ensemble, SlowNameJoinsThePassUnderWay)
{
  fake.names["slow"].addresses = { "10.0.0.9" };
  fake.names["slow"].delay_ms = 1000;
  Make ({ "slow", "10.0.0.1" });
  std::vector<std::string> labels;
  while (fake.NowMs () < 6000)
    labels.push_back (NextAfterFailure ());
  EXPECT_THAT (labels, Contains ("slow:2181"));
  EXPECT_THAT (labels, Contains ("10.0.0.1:2181"));
}

TEST_F (Ensemble, FirstLookupsKeepTheShuffledOrder)
{
  std::set<std::string> first;

  fake.names["zk1"] = { { "10.0.0.1" }, false, 150 };
  fake.names["zk2"] = { { "10.0.0.2" }, false, 1 };
  for (int i = 0; i < 50; i++)
    {
      Make ({ "zk1", "zk2" });
      first.insert (Next ());
      EXPECT_EQ (waited_ms, label == "zk1:2181" ? 150 : 1);
      TearDown ();
    }
  EXPECT_THAT (first, ElementsAre ("zk1:2181", "zk2:2181"));
}

TEST_F (Ensemble, CanonicalNamesAreOnlyLabels)
{
  fake.names["zk"].addresses = { "10.0.0.1" };
  fake.names["10.0.0.2"].addresses = { "10.0.0.2" };
  fake.reverse_names["10.0.0.1"] = "server-1.example";
  Make ({ "zk" }, true);
  EXPECT_EQ (Next (), "server-1.example:2181");
  EXPECT_EQ (address, "10.0.0.1");
  TearDown ();

  Make ({ "10.0.0.2" }, true); /* has no name */
  EXPECT_EQ (Next (), "10.0.0.2:2181");
  TearDown ();

  fake.reverse_names["10.0.0.1"] = ""; /* never answers */
  Make ({ "zk" }, true);
  EXPECT_EQ (Next (), "zk:2181");
  EXPECT_EQ (waited_ms, 5000);
}

TEST_F (Ensemble, ListIsReplaced)
{
  fake.names["zk1"].addresses = { "10.0.0.1" };
  fake.names["zk2"].addresses = { "10.0.0.2" };
  Make ({ "zk1" });
  for (int i = 0; i < 12; i++)
    NextAfterFailure ();
  fake.lookups.clear ();
  Ask (); /* waits for a long delay, which the new list ends */
  SetHosts ({ "zk1", "zk2", "10.0.0.3" });
  EXPECT_EQ (curator_ensemble_get_count (ensemble), 3u);
  fake.Settle ();
  std::vector<std::string> labels = { label };
  while (labels.size () < 3)
    {
      labels.push_back (NextAfterFailure ());
      EXPECT_LE (waited_ms, 1);
    }
  EXPECT_THAT (labels, UnorderedElementsAre ("zk1:2181", "zk2:2181", "10.0.0.3:2181"));
  SetHosts ({ "10.0.0.3" });
  for (int i = 0; i < 3; i++)
    EXPECT_EQ (NextAfterFailure (), "10.0.0.3:2181");
  gint64 before_ms = waited_ms;
  SetHosts ({ "10.0.0.3" }); /* the same: the delays go on */
  NextAfterFailure ();
  EXPECT_GT (waited_ms, before_ms / 2);
}

TEST_F (Ensemble, EmptyListIsAnErrorWithDelays)
{
  Make ({});
  Next ();
  EXPECT_EQ (failure, "the list of servers is empty");
  gint64 start_ms = fake.NowMs ();
  Next ();
  Next ();
  EXPECT_GE (fake.NowMs () - start_ms, 25 + 50);
  Ask ();
  SetHosts ({ "10.0.0.1" });
  fake.Settle ();
  EXPECT_EQ (label, "10.0.0.1:2181");
}

TEST_F (Ensemble, RequestsQueueAndAreCancelled)
{
  Make (four);
  Ask ();
  Ask ();
  fake.Settle ();
  EXPECT_EQ (answers, 2);
  Ask ();
  curator_ensemble_cancel_next (ensemble, this);
  fake.Advance (10000);
  EXPECT_EQ (answers, 2);
  Next ();
  EXPECT_EQ (answers, 3);
}

TEST_F (Ensemble, NothingIsCalledAfterFree)
{
  fake.names["zk1"].delay_ms = -1;
  fake.names["zk2"] = { { "10.0.0.2" }, false, 10 };
  Make ({ "zk1", "zk2" });
  Ask ();
  fake.Advance (5);
  EXPECT_EQ (fake.unanswered, 2u);
  TearDown ();
  fake.Advance (10000);
  EXPECT_EQ (answers, 0);

  fake.reverse_names["10.0.0.2"] = "";
  Make ({ "zk2" }, true);
  Ask ();
  fake.Advance (50); /* while it asks for the name */
  EXPECT_EQ (fake.unanswered, 1u);
  TearDown ();
  fake.Advance (10000);
  EXPECT_EQ (answers, 0);
}

TEST_F (Ensemble, IsFreedFromInsideTheCallback)
{
  free_in_callback = true;
  Make (four);
  Ask ();
  Ask ();
  fake.Advance (1000);
  EXPECT_EQ (answers, 1);
  Make ({});
  Ask ();
  fake.Advance (1000);
  EXPECT_EQ (answers, 2);
}

} // namespace
