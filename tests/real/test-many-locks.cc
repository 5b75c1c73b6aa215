/* SPDX-License-Identifier: Apache-2.0 */
#include "mutex-fixture.h"

#include <unistd.h>

#include <fstream>

using namespace mutex_test;

namespace
{

constexpr int kMany = 10000, kFewer = 2500;
constexpr gint64 kSecondUs = G_USEC_PER_SEC;

gint64
CountOperations (CuratorFramework *client)
{
  g_autoptr (CuratorMetrics) metrics = curator_framework_get_metrics (client);

  return curator_metrics_get_operations (metrics);
}

gint64
CountWatchEvents (CuratorFramework *client)
{
  g_autoptr (CuratorMetrics) metrics = curator_framework_get_metrics (client);

  return curator_metrics_get_watch_events (metrics);
}

gint64
CountReconnects (CuratorFramework *client)
{
  g_autoptr (CuratorMetrics) metrics = curator_framework_get_metrics (client);

  return curator_metrics_get_reconnects (metrics);
}

/* What the process has in memory. */
gint64
GetResidentBytes ()
{
  std::ifstream statm ("/proc/self/statm");
  gint64 total = 0, resident = 0;

  statm >> total >> resident;
  return resident * sysconf (_SC_PAGESIZE);
}

struct Cost
{
  gint64 time_us, bytes;
};

/* Four times as much, and as much again for what a busy machine and an allocator do. */
void
ExpectLinear (const Cost &fewer, const Cost &many)
{
  constexpr int ratio = kMany / kFewer;

  EXPECT_LT (many.time_us, 2 * ratio * fewer.time_us + kSecondUs)
      << kFewer << " took " << fewer.time_us << " us";
  EXPECT_LT (many.bytes, 2 * ratio * std::max<gint64> (fewer.bytes, 1 << 20))
      << kFewer << " took " << fewer.bytes << " bytes";
}

class ManyLocks : public ProxyFixture
{
protected:
  template <typename Predicate>
  bool UntilAll (Predicate holds)
  {
    size_t n_done = 0;

    return Until (
        [&] {
          while (n_done < acquisitions_.size () && holds (*acquisitions_[n_done]))
            n_done++;
          return n_done == acquisitions_.size ();
        },
        120000);
  }

  bool UntilAllAre (CuratorLeaseState state)
  {
    return UntilAll ([state] (const Acquisition &each) {
      return each.done && each.lease.get () != nullptr && curator_lease_get_state (each.lease) == state;
    });
  }

  Cost AcquireEach (CuratorFramework *client, int n)
  {
    gint64 begin_us = g_get_monotonic_time (), before = GetResidentBytes ();

    for (int i = 0; i < n; i++)
      {
        std::string path = "/many/" + std::to_string (n) + "-" + std::to_string (i);
        Ref<CuratorMutex> mutex (curator_mutex_new (client, path.c_str ()));

        Begin (mutex);
      }
    EXPECT_TRUE (UntilAllAre (CURATOR_LEASE_STATE_HELD));
    return { g_get_monotonic_time () - begin_us, GetResidentBytes () - before };
  }

  /* In all clients alike; each gives back what it was granted at once. */
  Cost TakeTurns (const std::vector<Ref<CuratorMutex> > &mutexes, int n)
  {
    gint64 begin_us = g_get_monotonic_time (), before = GetResidentBytes (), waiting = 0;
    Ref<CuratorLease> first = Acquire (mutexes[0]);

    for (int i = 0; i < n; i++)
      Begin (mutexes[static_cast<size_t> (i) % mutexes.size ()])->on_granted = [this] (CuratorLease *lease) {
        EXPECT_EQ (n_inside_++, 0);
        EXPECT_GT (curator_lease_get_fencing_token (lease), last_token_);
        last_token_ = curator_lease_get_fencing_token (lease);
        n_inside_--;
        curator_lease_release_async (lease, nullptr, nullptr, nullptr);
      };
    /* One of each client waits, beside the one that holds. */
    EXPECT_TRUE (UntilParticipants (mutexes[0], mutexes.size () + 1));
    waiting = GetResidentBytes () - before;
    Release (first);
    EXPECT_TRUE (UntilAllAre (CURATOR_LEASE_STATE_RELEASED));
    return { g_get_monotonic_time () - begin_us, waiting };
  }

  void Drop ()
  {
    acquisitions_.clear ();
    ExpectNothingLeft ();
  }

  int n_inside_ = 0;
  guint64 last_token_ = 0;
};

/* faults: 9, 30 */
TEST_F (ManyLocks, TenThousandInOneSession)
{
  CuratorFramework *client = ConnectThroughProxy (20000);

  AcquireEach (client, 100);
  Drop ();
  Cost fewer = AcquireEach (client, kFewer);
  Drop ();
  Cost many = AcquireEach (client, kMany);
  ExpectLinear (fewer, many);
  EXPECT_EQ (CountEphemerals (), static_cast<size_t> (kMany));

  /* They all look whether they hold still, in one connection. */
  gint64 operations = CountOperations (client);
  Disconnect ();
  ASSERT_TRUE (UntilAllAre (CURATOR_LEASE_STATE_SUSPECT));
  Reconnect ();
  ASSERT_TRUE (UntilAllAre (CURATOR_LEASE_STATE_HELD));
  EXPECT_EQ (CountReconnects (client), 1);
  EXPECT_LE (CountOperations (client) - operations, 2 * kMany + 10);

  gint64 begin_us = g_get_monotonic_time ();
  for (const auto &each : acquisitions_)
    curator_lease_release_async (each->lease, nullptr, nullptr, nullptr);
  Drop ();
  EXPECT_LT (g_get_monotonic_time () - begin_us, 2 * many.time_us + kSecondUs);
}

/* faults: 30
 * bugs: CURATOR-716 */
TEST_F (ManyLocks, TenThousandWaitForOne)
{
  constexpr size_t n_clients = 8;
  std::vector<CuratorFramework *> clients;
  std::vector<Ref<CuratorMutex> > mutexes;
  gint64 events = 0, operations = 0;

  for (size_t i = 0; i < n_clients; i++)
    {
      clients.push_back (Connect (20000));
      mutexes.push_back (NewMutex (clients.back ()));
    }
  TakeTurns (mutexes, 100);
  Drop ();
  Cost fewer = TakeTurns (mutexes, kFewer);
  Drop ();
  for (CuratorFramework *client : clients)
    {
      events -= CountWatchEvents (client);
      operations -= CountOperations (client);
    }
  Cost many = TakeTurns (mutexes, kMany);
  Drop ();
  ExpectLinear (fewer, many);
  for (CuratorFramework *client : clients)
    {
      events += CountWatchEvents (client);
      operations += CountOperations (client);
      EXPECT_EQ (CountReconnects (client), 0);
    }
  /* A release is told to its owner, who watches his node, to who is next, and to one more, who makes ready to
   * follow him. */
  EXPECT_LE (events, 3 * (kMany + 1));
  EXPECT_LE (operations, 8 * (kMany + 1));
}

} /* namespace */
