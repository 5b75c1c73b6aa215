/* SPDX-License-Identifier: Apache-2.0 */
#include "shared-fixture.h"

#include <gmock/gmock.h>

#include <set>

using namespace node_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

constexpr int op_create2 = 15;
constexpr int op_get_data = 4;
constexpr int op_set_data = 5;

class Atomic : public SharedFixture
{
protected:
  using Number = Ref<CuratorAtomicNumber>;
  using Result = std::tuple<bool, gint64, gint64>;

  Number NewInt (CuratorFramework *client, CuratorRetryPolicy *policy = nullptr)
  {
    Number number (curator_atomic_int_new (client, "/a/int", policy));

    WatchFinalize (number.get ());
    return number;
  }

  Number NewLong (CuratorFramework *client)
  {
    Number number (curator_atomic_long_new (client, "/a/long", nullptr));

    WatchFinalize (number.get ());
    return number;
  }

  /* Takes the result. */
  Result Take (CuratorAtomicResult *result)
  {
    g_autoptr (CuratorAtomicResult) taken = result;

    EXPECT_NE (nullptr, taken) << error_.message ();
    if (taken == nullptr)
      return { false, -99, -99 };
    return { curator_atomic_result_get_succeeded (taken), curator_atomic_result_get_pre_value (taken),
             curator_atomic_result_get_post_value (taken) };
  }

  Result Get (CuratorAtomicNumber *number)
  {
    return Take (curator_atomic_number_get_sync (number, nullptr, error_.out ()));
  }

  Result Increment (CuratorAtomicNumber *number)
  {
    return Take (curator_atomic_number_increment_sync (number, nullptr, error_.out ()));
  }

  bool FailsToIncrement (CuratorAtomicNumber *number)
  {
    g_autoptr (CuratorAtomicResult) result =
        curator_atomic_number_increment_sync (number, nullptr, error_.out ());

    return result == nullptr;
  }

  /* Increments that go on at the same time. */
  struct Crowd
  {
    unsigned n_open = 0;
    std::set<gint64> made;
    unsigned n_beaten = 0;
  };

  static void OnIncremented (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *crowd = static_cast<Crowd *> (data);
    Error error;
    g_autoptr (CuratorAtomicResult) outcome =
        curator_atomic_number_increment_finish (CURATOR_ATOMIC_NUMBER (object), result, error.out ());

    crowd->n_open--;
    ASSERT_NE (nullptr, outcome) << error.message ();
    if (!curator_atomic_result_get_succeeded (outcome))
      crowd->n_beaten++;
    else
      EXPECT_TRUE (crowd->made.insert (curator_atomic_result_get_post_value (outcome)).second);
  }

  bool Increment (Crowd *crowd, const std::vector<CuratorAtomicNumber *> &numbers, unsigned n_times)
  {
    for (unsigned i = 0; i < n_times; i++)
      for (CuratorAtomicNumber *number : numbers)
        {
          crowd->n_open++;
          curator_atomic_number_increment_async (number, nullptr, OnIncremented, crowd);
        }
    return Until ([crowd] { return crowd->n_open == 0; }, 60000);
  }

  Error error_;
};

TEST_F (Atomic, DoesAllOperations)
{
  Number number = NewInt (Connect ());

  EXPECT_EQ (Get (number), Result (true, 0, 0));
  EXPECT_FALSE (Exists ("/a/int"));
  EXPECT_EQ (Take (curator_atomic_number_compare_and_set_sync (number, 0, 5, nullptr, error_.out ())),
             Result (false, 0, 0));
  EXPECT_EQ (Increment (number), Result (true, 0, 1));
  EXPECT_EQ (std::string ("\0\0\0\1", 4), Read ("/a/int"));
  EXPECT_EQ (Take (curator_atomic_number_add_sync (number, 9, nullptr, error_.out ())), Result (true, 1, 10));
  EXPECT_EQ (Take (curator_atomic_number_subtract_sync (number, 12, nullptr, error_.out ())),
             Result (true, 10, -2));
  EXPECT_EQ (Take (curator_atomic_number_decrement_sync (number, nullptr, error_.out ())),
             Result (true, -2, -3));
  EXPECT_EQ ("\xff\xff\xff\xfd", Read ("/a/int"));
  EXPECT_EQ (Take (curator_atomic_number_compare_and_set_sync (number, -2, 5, nullptr, error_.out ())),
             Result (false, -3, -3));
  EXPECT_EQ (Take (curator_atomic_number_compare_and_set_sync (number, -3, 5, nullptr, error_.out ())),
             Result (true, -3, 5));
  EXPECT_EQ (Take (curator_atomic_number_try_set_sync (number, 6, nullptr, error_.out ())),
             Result (true, 5, 6));
  EXPECT_EQ (Take (curator_atomic_number_initialize_sync (number, 7, nullptr, error_.out ())),
             Result (false, 6, 6));
  EXPECT_TRUE (curator_atomic_number_force_set_sync (number, 8, nullptr, error_.out ())) << error_.message ();
  EXPECT_EQ (Get (number), Result (true, 8, 8));
  OperatorDelete ("/a/int");
  EXPECT_EQ (Take (curator_atomic_number_initialize_sync (number, 7, nullptr, error_.out ())),
             Result (true, 0, 7));
  OperatorDelete ("/a/int");
  EXPECT_TRUE (curator_atomic_number_force_set_sync (number, 9, nullptr, error_.out ())) << error_.message ();
  EXPECT_EQ (Get (NewInt (Connect ())), Result (true, 9, 9));
}

TEST_F (Atomic, WrapsAsInJava)
{
  CuratorFramework *client = Connect ();
  Number small = NewInt (client);
  Number large = NewLong (client);

  EXPECT_TRUE (curator_atomic_number_force_set_sync (small, G_MAXINT32, nullptr, error_.out ()));
  EXPECT_EQ (Increment (small), Result (true, G_MAXINT32, G_MININT32));
  EXPECT_TRUE (curator_atomic_number_force_set_sync (large, G_MAXINT64, nullptr, error_.out ()));
  g_autoptr (CuratorAtomicResult) result =
      curator_atomic_number_increment_sync (large, nullptr, error_.out ());
  ASSERT_NE (nullptr, result) << error_.message ();
  g_autofree char *before = curator_atomic_result_dup_pre_value_string (result);
  g_autofree char *after = curator_atomic_result_dup_post_value_string (result);
  EXPECT_STREQ ("9223372036854775807", before);
  EXPECT_STREQ ("-9223372036854775808", after);
  EXPECT_EQ (std::string ("\x80\0\0\0\0\0\0\0", 8), Read ("/a/long"));
}

/* faults: 23 */
TEST_F (Atomic, RefusesWhatIsInvalid)
{
  CuratorFramework *client = Connect ();
  Number number = NewInt (client);
  Ref<CuratorAtomicNumber> nowhere (curator_atomic_int_new (client, "nowhere", nullptr));
  Ref<CuratorAtomicNumber> unlocked (
      curator_atomic_int_new_promoted (client, "/a/int", nullptr, "unlocked", -1, nullptr));
  Ref<CuratorAtomicNumber> untimely (
      curator_atomic_int_new_promoted (client, "/a/int", nullptr, "/lock", -2, nullptr));
  Ref<GCancellable> cancellable (g_cancellable_new ());

  EXPECT_TRUE (FailsToIncrement (nowhere));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error_.message ();
  EXPECT_TRUE (FailsToIncrement (unlocked));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error_.message ();
  EXPECT_TRUE (FailsToIncrement (untimely));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error_.message ();
  EXPECT_EQ (nullptr,
             curator_atomic_number_add_sync (number, G_GINT64_CONSTANT (2147483648), nullptr, error_.out ()));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error_.message ();
  g_cancellable_cancel (cancellable);
  EXPECT_EQ (nullptr, curator_atomic_number_increment_sync (number, cancellable, error_.out ()));
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << error_.message ();
  EXPECT_EQ (Increment (number), Result (true, 0, 1));
  OperatorSetBytes ("/a/int", "");
  EXPECT_EQ (Get (number), Result (true, 0, 0));
  EXPECT_EQ (Increment (number), Result (true, 0, 1));
  OperatorSetBytes ("/a/int", "12345678");
  EXPECT_TRUE (FailsToIncrement (number));
  EXPECT_TRUE (error_.matches (CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY)) << error_.message ();
  EXPECT_THAT (error_.message (), HasSubstr ("increment \"/a/int\": there are 8 bytes"));
  EXPECT_TRUE (curator_atomic_number_force_set_sync (number, 8, nullptr, error_.out ())) << error_.message ();
  EXPECT_EQ (Increment (number), Result (true, 8, 9));
}

TEST_F (Atomic, ManyCountTogether)
{
  Number a = NewInt (Connect ()), b = NewInt (Connect ()), c = NewInt (Connect ());
  Crowd crowd;

  ASSERT_TRUE (Increment (&crowd, { a, b, c }, 10));
  EXPECT_EQ (crowd.made.size () + crowd.n_beaten, 30u);
  EXPECT_EQ (Get (a), Result (true, crowd.made.size (), crowd.made.size ()));
}

/* Without the mutex most would be beaten. */
TEST_F (Atomic, UnderAMutexEverybodyHasHisTurn)
{
  Ref<CuratorRetryPolicy> never (curator_retry_n_times_new (0, 0));
  std::vector<Number> numbers;
  std::vector<CuratorAtomicNumber *> all;
  Crowd crowd;

  for (int i = 0; i < 3; i++)
    {
      numbers.emplace_back (
          curator_atomic_long_new_promoted (Connect (), "/a/long", never, "/lock", -1, nullptr));
      all.push_back (numbers.back ());
    }
  ASSERT_TRUE (Increment (&crowd, all, 10));
  EXPECT_EQ (crowd.n_beaten, 0u);
  EXPECT_EQ (crowd.made.size (), 30u);
  EXPECT_EQ (Get (all[0]), Result (true, 30, 30));
}

class LostAtomic : public Atomic, public ::testing::WithParamInterface<CuratorTestProxyCut>
{
protected:
  /* Once or not at all, and what is said is true. */
  void ExpectOnce (CuratorAtomicNumber *number, gint64 before, int op)
  {
    CutNext (GetParam (), op);
    if (GetParam () == CURATOR_TEST_PROXY_CUT_REQUEST)
      EXPECT_EQ (Increment (number), Result (true, before, before + 1));
    else
      ExpectUnknown (number);
    ExpectWasCut ();
    EXPECT_EQ (Get (number), Result (true, before + 1, before + 1));
  }

  void ExpectUnknown (CuratorAtomicNumber *number)
  {
    EXPECT_TRUE (FailsToIncrement (number));
    EXPECT_TRUE (error_.matches (CURATOR_ERROR, CURATOR_ERROR_UNKNOWN_OUTCOME)) << error_.message ();
    EXPECT_THAT (error_.message (), HasSubstr ("increment \"/a/int\": "));
  }
};

/* faults: 2, 29 */
TEST_P (LostAtomic, IsNeverCountedTwice)
{
  Number number = NewInt (ConnectThroughProxy ());

  OperatorCreate ("/a");
  CutNext (GetParam (), op_create2);
  ExpectUnknown (number);
  ExpectWasCut ();
  if (GetParam () == CURATOR_TEST_PROXY_CUT_REQUEST)
    {
      EXPECT_EQ (Increment (number), Result (true, 0, 1));
    }
  EXPECT_EQ (Get (number), Result (true, 1, 1));
  for (gint64 i = 1; i < 6; i++)
    ExpectOnce (number, i, op_set_data);
  CutNext (GetParam (), op_get_data);
  EXPECT_EQ (Increment (number), Result (true, 6, 7));
  ExpectWasCut ();
  EXPECT_EQ (6, GetVersion ("/a/int"));
}

/* Who finds nothing does not know whether it was there. */
TEST_F (Atomic, IsNotCountedAgainInANodeThatWasDeletedMeanwhile)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Number number = NewInt (client);
  Outcome *outcome = NewOutcome ([] (gpointer object, GAsyncResult *result, GError **error) -> gboolean {
    g_autoptr (CuratorAtomicResult) done =
        curator_atomic_number_increment_finish (CURATOR_ATOMIC_NUMBER (object), result, error);

    return done != nullptr;
  });

  OperatorCreate ("/a");
  CutNext (CURATOR_TEST_PROXY_CUT_REPLY, op_create2);
  curator_atomic_number_increment_async (number, nullptr, OnDone, outcome);
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
  ASSERT_TRUE (UntilSuspended (client));
  OperatorDelete ("/a/int");
  Reconnect ();
  ASSERT_TRUE (UntilDone (outcome));
  EXPECT_TRUE (outcome->error.matches (CURATOR_ERROR, CURATOR_ERROR_UNKNOWN_OUTCOME))
      << outcome->error.message ();
  EXPECT_FALSE (Exists ("/a/int"));
}

INSTANTIATE_TEST_SUITE_P (,
                          LostAtomic,
                          ::testing::Values (CURATOR_TEST_PROXY_CUT_REQUEST, CURATOR_TEST_PROXY_CUT_REPLY),
                          [] (const auto &instance) {
                            return instance.param == CURATOR_TEST_PROXY_CUT_REPLY ? "ReplyLost"
                                                                                  : "RequestLost";
                          });

/* Where the write was not sent nothing is unknown.
 * faults: 9 */
TEST_F (Atomic, WaitsForAConnection)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Number number = NewInt (client);
  Crowd crowd;

  EXPECT_EQ (Increment (number), Result (true, 0, 1));
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  crowd.n_open = 1;
  curator_atomic_number_increment_async (number, nullptr, OnIncremented, &crowd);
  Drain ();
  EXPECT_EQ (crowd.n_open, 1u);
  Reconnect ();
  ASSERT_TRUE (Until ([&] { return crowd.n_open == 0; }, 20000));
  EXPECT_THAT (crowd.made, ElementsAre (2));
}

/* faults: 15 */
TEST_F (Atomic, TheEndOfTheClientIsTold)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Number number = NewInt (client);
  bool done = false;

  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  curator_atomic_number_increment_async (
      number, nullptr,
      +[] (GObject *object, GAsyncResult *result, gpointer data) {
        Error error;

        EXPECT_EQ (nullptr, curator_atomic_number_increment_finish (CURATOR_ATOMIC_NUMBER (object), result,
                                                                    error.out ()));
        EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
        *static_cast<bool *> (data) = true;
      },
      &done);
  Close (client);
  EXPECT_TRUE (Until ([&] { return done; }));
}

/* faults: 5 */
TEST_F (Atomic, WhoGivesUpLeavesNothing)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorRetryPolicy> never (curator_retry_n_times_new (0, 0));
  Ref<CuratorMutex> mutex = NewMutex (Connect (), "/lock");
  Ref<CuratorLease> lease = Acquire (mutex);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<CuratorAtomicNumber> number (
      curator_atomic_int_new_promoted (client, "/a/int", never, "/lock", -1, nullptr));
  Ref<CuratorAtomicNumber> impatient (
      curator_atomic_int_new_promoted (client, "/a/int", never, "/lock", 50, nullptr));
  Crowd crowd;
  unsigned n_cancelled = 0;

  /* Of those that begin together one is not beaten. */
  ASSERT_TRUE (Increment (&crowd, { impatient }, 3));
  EXPECT_EQ (crowd.made.size () + crowd.n_beaten, 3u);
  EXPECT_GT (crowd.n_beaten, 0u);
  for (int i = 0; i < 3; i++)
    curator_atomic_number_increment_async (
        number, cancellable,
        +[] (GObject *object, GAsyncResult *result, gpointer data) {
          Error error;
          g_autoptr (CuratorAtomicResult) outcome =
              curator_atomic_number_increment_finish (CURATOR_ATOMIC_NUMBER (object), result, error.out ());

          EXPECT_TRUE (outcome != nullptr || error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED))
              << error.message ();
          ++*static_cast<unsigned *> (data);
        },
        &n_cancelled);
  ASSERT_TRUE (UntilParticipants (mutex, 3));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (Until ([&] { return n_cancelled == 3; }));
  EXPECT_TRUE (UntilParticipants (mutex, 1));
  Release (lease);
}

} // namespace
