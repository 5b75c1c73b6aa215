/* SPDX-License-Identifier: Apache-2.0 */
#include "node-fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

using namespace node_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

constexpr int op_create2 = 15;
constexpr int op_get_data = 4;
constexpr int op_set_data = 5;
constexpr int session_ms = 3000;

class SharedFixture : public NodeFixture
{
protected:
  void OperatorSetBytes (const std::string &path, const std::string &bytes)
  {
    g_autoptr (GBytes) data = Text (bytes);
    Error error;

    EXPECT_TRUE (curator_test_server_operator_set_data_sync (Server (), ServerPath (path).c_str (), data,
                                                             nullptr, error.out ()))
        << error.message ();
  }

  gint32 GetVersion (const std::string &path)
  {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    return stat != nullptr ? stat->version : -1;
  }

  void CutNext (CuratorTestProxyCut cut, int op)
  {
    curator_test_proxy_cut_next (proxy_, cut, op);
  }

  void ExpectWasCut ()
  {
    Error error;

    EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy_, 0, error.out ())) << error.message ();
  }
};

/* Values */

class SharedValue : public SharedFixture
{
protected:
  Ref<CuratorSharedValue> New (CuratorFramework *client, const char *path = "/a/value")
  {
    g_autoptr (GBytes) seed = Text ("seed");
    Ref<CuratorSharedValue> value (curator_shared_value_new (client, path, seed));

    WatchFinalize (value.get ());
    return value;
  }

  Ref<CuratorSharedValue> Start (CuratorFramework *client)
  {
    Ref<CuratorSharedValue> value = New (client);
    Error error;

    EXPECT_TRUE (curator_shared_value_start (value, error.out ())) << error.message ();
    EXPECT_TRUE (curator_shared_value_await_value_sync (value, 20000, nullptr, error.out ()))
        << error.message ();
    return value;
  }

  bool Set (CuratorSharedValue *value, const char *text, Error *error)
  {
    g_autoptr (GBytes) bytes = Text (text);

    return curator_shared_value_set_value_sync (value, bytes, nullptr, error->out ());
  }

  bool TrySet (CuratorSharedValue *value, CuratorVersionedValue *previous, const char *text, Error *error)
  {
    g_autoptr (GBytes) bytes = Text (text);

    return curator_shared_value_try_set_value_sync (value, previous, bytes, nullptr, error->out ());
  }

  static std::string ToText (GBytes *bytes)
  {
    gsize length = 0;
    auto *text = static_cast<const char *> (g_bytes_get_data (bytes, &length));

    return std::string (text != nullptr ? text : "", length);
  }

  static std::string Get (CuratorSharedValue *value)
  {
    g_autoptr (GBytes) bytes = curator_shared_value_dup_value (value);

    return bytes != nullptr ? ToText (bytes) : "-";
  }

  bool UntilKnows (CuratorSharedValue *value, const std::string &text)
  {
    return Until ([&] { return Get (value) == text && curator_shared_value_get_current (value); }, 20000);
  }

  static void OnChanged (CuratorSharedValue *, CuratorVersionedValue *value, std::vector<std::string> *log)
  {
    log->push_back (ToText (curator_versioned_value_get_value (value)));
  }
};

/* bugs: CURATOR-329 */
TEST_F (SharedValue, IsSeededSetAndFollowed)
{
  Ref<CuratorSharedValue> a = New (Connect ());
  std::vector<std::string> log;
  int n_notified = 0;
  Error error;

  g_signal_connect (a.get (), "changed", G_CALLBACK (OnChanged), &log);
  g_signal_connect (a.get (), "notify::value", G_CALLBACK (+[] (GObject *, GParamSpec *, gpointer data) {
                      ++*static_cast<int *> (data);
                    }),
                    &n_notified);
  EXPECT_EQ ("-", Get (a));
  EXPECT_FALSE (curator_shared_value_get_current (a));
  EXPECT_TRUE (curator_shared_value_start (a, error.out ())) << error.message ();
  ASSERT_TRUE (UntilKnows (a, "seed"));
  EXPECT_EQ ("seed", Read ("/a/value"));
  Ref<CuratorSharedValue> b = Start (Connect ());
  EXPECT_TRUE (Set (b, "1", &error)) << error.message ();
  EXPECT_EQ ("1", Get (b));
  ASSERT_TRUE (UntilKnows (a, "1"));
  EXPECT_TRUE (Set (a, "", &error)) << error.message ();
  ASSERT_TRUE (UntilKnows (b, ""));
  OperatorSetBytes ("/a/value", "2");
  ASSERT_TRUE (UntilKnows (a, "2"));
  ASSERT_TRUE (Until ([&] { return log.size () == 4 && n_notified == 4; }));
  EXPECT_THAT (log, ElementsAre ("seed", "1", "", "2"));
  curator_shared_value_close (a);
  curator_shared_value_close (a);
  EXPECT_TRUE (Set (b, "3", &error)) << error.message ();
  EXPECT_TRUE (UntilKnows (b, "3"));
  EXPECT_EQ ("2", Get (a));
}

TEST_F (SharedValue, IsTriedToBeSetWhereNobodyElseHas)
{
  Ref<CuratorSharedValue> a = Start (Connect ());
  Ref<CuratorSharedValue> b = Start (Connect ());
  g_autoptr (CuratorVersionedValue) first = curator_shared_value_dup_versioned_value (a);
  Error error;

  EXPECT_EQ (0, curator_versioned_value_get_version (first));
  EXPECT_TRUE (TrySet (a, first, "1", &error)) << error.message ();
  EXPECT_FALSE (TrySet (b, first, "2", &error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_BAD_VERSION)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("try to set \"/a/value\": "));
  ASSERT_TRUE (UntilKnows (b, "1"));
  g_autoptr (CuratorVersionedValue) second = curator_shared_value_dup_versioned_value (b);
  EXPECT_EQ (1, curator_versioned_value_get_version (second));
  EXPECT_TRUE (TrySet (b, second, "2", &error)) << error.message ();
  EXPECT_EQ ("2", Read ("/a/value"));
}

TEST_F (SharedValue, RefusesWhatIsInvalid)
{
  CuratorFramework *client = Connect ();
  Error error;

  EXPECT_FALSE (curator_shared_value_start (New (client, "no-slash"), error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (Set (New (client, "/a//b"), "1", &error));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_FALSE (Set (New (client, "/missing"), "1", &error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << error.message ();
  Ref<CuratorSharedValue> value = New (client);
  EXPECT_FALSE (curator_shared_value_await_value_sync (value, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  EXPECT_FALSE (curator_shared_value_await_value_sync (value, -2, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_TRUE (curator_shared_value_start (value, error.out ())) << error.message ();
  EXPECT_FALSE (curator_shared_value_start (value, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  curator_shared_value_close (value);
  EXPECT_FALSE (Set (value, "1", &error));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
  Ref<CuratorSharedValue> inert (
      static_cast<CuratorSharedValue *> (g_object_new (CURATOR_TYPE_SHARED_VALUE, nullptr)));
  EXPECT_EQ ("-", Get (inert));
  EXPECT_FALSE (curator_shared_value_get_current (inert));
  curator_shared_value_close (inert);
}

/* faults: 9
 * bugs: CURATOR-311 */
TEST_F (SharedValue, IsCurrentOnlyWhileConnected)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorSharedValue> value = Start (client);
  bool was_current = true;

  g_signal_connect (value.get (), "notify::current",
                    G_CALLBACK (+[] (GObject *object, GParamSpec *, bool *is) {
                      *is = curator_shared_value_get_current (CURATOR_SHARED_VALUE (object));
                    }),
                    &was_current);
  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  ASSERT_TRUE (Until ([&] { return !was_current; }));
  EXPECT_FALSE (curator_shared_value_get_current (value));
  OperatorSetBytes ("/a/value", "1");
  EXPECT_EQ ("seed", Get (value));
  Reconnect ();
  EXPECT_TRUE (UntilKnows (value, "1"));
  EXPECT_TRUE (Until ([&] { return was_current; }));
}

/* faults: 6 */
TEST_F (SharedValue, OutlivesItsSession)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorSharedValue> value = Start (client);
  gint64 session_id = curator_framework_get_session_id (client);
  Error error;

  Expire (client);
  ASSERT_TRUE (Until (
      [&] {
        return curator_framework_get_session_id (client) != session_id &&
               curator_framework_is_connected (client);
      },
      20000));
  OperatorSetBytes ("/a/value", "1");
  EXPECT_TRUE (UntilKnows (value, "1"));
  OperatorSetBytes ("/a/value", "2");
  EXPECT_TRUE (UntilKnows (value, "2"));
}

/* The version is then lower than before.
 * faults: 20
 * bugs: CURATOR-391 */
TEST_F (SharedValue, IsFollowedOverADeletion)
{
  CuratorFramework *client = Connect ();
  Error error;

  /* Not a container, which would be gone by the time. */
  OperatorCreate ("/a");
  Ref<CuratorSharedValue> value = Start (client);
  for (const char *text : { "1", "2", "3" })
    EXPECT_TRUE (Set (value, text, &error)) << error.message ();
  OperatorDelete ("/a/value");
  ASSERT_TRUE (Until ([&] { return !curator_shared_value_get_current (value); }));
  EXPECT_EQ ("3", Get (value));
  EXPECT_FALSE (Set (value, "4", &error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_NO_NODE)) << error.message ();
  OperatorCreate ("/a/value");
  ASSERT_TRUE (Until ([&] { return Get (value) != "3" && curator_shared_value_get_current (value); }));
  OperatorSetBytes ("/a/value", "5");
  EXPECT_TRUE (UntilKnows (value, "5"));
}

/* Nobody can tell who has set it where the answer is lost.
 * faults: 2 */
TEST_F (SharedValue, IsNotSaidToBeSetWhereThatCannotBeKnown)
{
  Ref<CuratorSharedValue> value = Start (ConnectThroughProxy ());
  g_autoptr (CuratorVersionedValue) first = curator_shared_value_dup_versioned_value (value);
  Error error;

  CutNext (CURATOR_TEST_PROXY_CUT_REQUEST, op_set_data);
  EXPECT_TRUE (TrySet (value, first, "1", &error)) << error.message ();
  ExpectWasCut ();
  EXPECT_EQ (1, GetVersion ("/a/value"));
  g_autoptr (CuratorVersionedValue) second = curator_shared_value_dup_versioned_value (value);
  CutNext (CURATOR_TEST_PROXY_CUT_REPLY, op_set_data);
  EXPECT_FALSE (TrySet (value, second, "2", &error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_UNKNOWN_OUTCOME)) << error.message ();
  EXPECT_THAT (error.message (), HasSubstr ("try to set \"/a/value\": "));
  ExpectWasCut ();
  EXPECT_EQ (2, GetVersion ("/a/value"));
  EXPECT_TRUE (UntilKnows (value, "2"));
  CutNext (CURATOR_TEST_PROXY_CUT_REPLY, op_set_data);
  EXPECT_TRUE (Set (value, "3", &error)) << error.message ();
  ExpectWasCut ();
  EXPECT_TRUE (UntilKnows (value, "3"));
}

/* faults: 15 */
TEST_F (SharedValue, TheEndOfTheClientIsTold)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorSharedValue> other = Start (client);
  Ref<CuratorSharedValue> value = New (client, "/b");
  g_autoptr (CuratorVersionedValue) known = curator_shared_value_dup_versioned_value (other);
  g_autoptr (GBytes) text = Text ("1");
  Outcome *wait = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_await_value_finish));
  Outcome *set = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_set_value_finish));
  Outcome *attempt =
      NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_try_set_value_finish));
  Error error;

  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  EXPECT_TRUE (curator_shared_value_start (value, error.out ())) << error.message ();
  curator_shared_value_await_value_async (value, -1, nullptr, OnDone, wait);
  curator_shared_value_set_value_async (other, text, nullptr, OnDone, set);
  curator_shared_value_try_set_value_async (other, known, text, nullptr, OnDone, attempt);
  Close (client);
  for (Outcome *outcome : { wait, set, attempt })
    {
      ASSERT_TRUE (UntilDone (outcome));
      EXPECT_TRUE (outcome->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << outcome->error.message ();
    }
}

/* faults: 16 */
TEST_F (SharedValue, MayBeDroppedInItsOwnSignal)
{
  auto *value = Start (Connect ()).release ();
  Ref<CuratorSharedValue> other = Start (Connect ());
  bool dropped = false;
  Error error;

  g_signal_connect (value, "changed", G_CALLBACK (+[] (GObject *object, gpointer, bool *is_dropped) {
                      if (!*is_dropped)
                        g_object_unref (object);
                      *is_dropped = true;
                    }),
                    &dropped);
  EXPECT_TRUE (Set (other, "1", &error)) << error.message ();
  EXPECT_TRUE (Until ([&] { return dropped; }));
}

/* Counts */

class SharedCount : public SharedFixture
{
protected:
  Ref<CuratorSharedCount> Start (CuratorFramework *client, gint32 seed = 0)
  {
    Ref<CuratorSharedCount> count (curator_shared_count_new (client, "/count", seed));
    Error error;

    WatchFinalize (count.get ());
    EXPECT_TRUE (curator_shared_count_start (count, error.out ())) << error.message ();
    return count;
  }

  bool UntilKnows (CuratorSharedCount *count, gint32 number)
  {
    return Until (
        [&] {
          return curator_shared_count_get_count (count) == number && curator_shared_count_get_current (count);
        },
        20000);
  }
};

TEST_F (SharedCount, IsWrittenAsJavaWritesIt)
{
  Ref<CuratorSharedCount> count = Start (Connect (), -2);
  Ref<CuratorSharedCount> other = Start (Connect (), 5);
  Error error;

  EXPECT_EQ (-2, curator_shared_count_get_count (count));
  ASSERT_TRUE (UntilKnows (count, -2) && UntilKnows (other, -2));
  EXPECT_EQ ("\xff\xff\xff\xfe", Read ("/count"));
  EXPECT_TRUE (curator_shared_count_set_count_sync (count, 258, nullptr, error.out ())) << error.message ();
  EXPECT_EQ (std::string ("\0\0\1\2", 4), Read ("/count"));
  ASSERT_TRUE (UntilKnows (other, 258));
  g_autoptr (CuratorVersionedValue) known = curator_shared_count_dup_versioned_value (other);
  EXPECT_EQ (258, curator_versioned_value_get_count (known));
  EXPECT_TRUE (curator_shared_count_try_set_count_sync (other, known, 259, nullptr, error.out ()))
      << error.message ();
  EXPECT_FALSE (curator_shared_count_try_set_count_sync (other, known, 260, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_BAD_VERSION)) << error.message ();
  EXPECT_TRUE (UntilKnows (count, 259));
}

/* faults: 23 */
TEST_F (SharedCount, TheLastGoodNumberStays)
{
  Ref<CuratorSharedCount> count = Start (Connect (), 7);
  std::vector<std::string> errors;
  int n_changes = 0;
  Error error;

  ASSERT_TRUE (UntilKnows (count, 7));
  Drain ();
  g_signal_connect (count.get (), "error",
                    G_CALLBACK (+[] (CuratorSharedCount *, GError *refusal, std::vector<std::string> *log) {
                      EXPECT_TRUE (
                          g_error_matches (refusal, CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY));
                      log->push_back (refusal->message);
                    }),
                    &errors);
  g_signal_connect (count.get (), "changed", G_CALLBACK (+[] (GObject *, gpointer, int *n) { ++*n; }),
                    &n_changes);
  OperatorSetBytes ("/count", "seven");
  ASSERT_TRUE (Until ([&] { return errors.size () == 1; }));
  EXPECT_THAT (errors[0], HasSubstr ("\"/count\": there are 5 bytes"));
  EXPECT_FALSE (curator_shared_count_get_current (count));
  EXPECT_EQ (7, curator_shared_count_get_count (count));
  EXPECT_EQ (0, n_changes);
  Ref<CuratorSharedCount> newcomer = Start (Connect ());
  for (int i = 0; i < 2; i++)
    {
      EXPECT_FALSE (curator_shared_count_await_count_sync (newcomer, -1, nullptr, error.out ()));
      EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_DATA_INCONSISTENCY)) << error.message ();
    }
  OperatorSetBytes ("/count", std::string ("\0\0\0\x8", 4));
  ASSERT_TRUE (UntilKnows (newcomer, 8));
  ASSERT_TRUE (UntilKnows (count, 8));
  EXPECT_TRUE (Until ([&] { return n_changes == 1; }));
  EXPECT_EQ (1u, errors.size ());
}

/* Atomic numbers */

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
      {
        EXPECT_TRUE (FailsToIncrement (number));
        EXPECT_TRUE (error_.matches (CURATOR_ERROR, CURATOR_ERROR_UNKNOWN_OUTCOME)) << error_.message ();
        EXPECT_THAT (error_.message (), HasSubstr ("increment \"/a/int\": "));
      }
    ExpectWasCut ();
    EXPECT_EQ (Get (number), Result (true, before + 1, before + 1));
  }
};

/* faults: 2, 29 */
TEST_P (LostAtomic, IsNeverCountedTwice)
{
  Number number = NewInt (ConnectThroughProxy ());

  OperatorCreate ("/a");
  ExpectOnce (number, 0, op_create2);
  for (gint64 i = 1; i < 6; i++)
    ExpectOnce (number, i, op_set_data);
  CutNext (GetParam (), op_get_data);
  EXPECT_EQ (Increment (number), Result (true, 6, 7));
  ExpectWasCut ();
  EXPECT_EQ (6, GetVersion ("/a/int"));
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
