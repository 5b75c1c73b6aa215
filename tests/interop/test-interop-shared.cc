/* SPDX-License-Identifier: Apache-2.0 */

/* Shared values, shared counts and atomic numbers with Java's and kazoo's, and the limit of a semaphore. */

#include "churn-fixture.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

using namespace interop_test;
using mutex_test::Error;
using ::testing::ElementsAre;
using ::testing::SizeIs;

namespace
{

constexpr int churn_ms = 60000; /* at most */

std::string
ToText (GBytes *bytes)
{
  gsize length = 0;
  auto *data = static_cast<const char *> (bytes != nullptr ? g_bytes_get_data (bytes, &length) : nullptr);

  return std::string (data != nullptr ? data : "", length);
}

/* --- values --- */

class InteropValue : public InteropFixture
{
protected:
  void StartOurs (const char *seed)
  {
    g_autoptr (GBytes) bytes = g_bytes_new (seed, strlen (seed));
    Error error;

    value_.reset (curator_shared_value_new (Connect (session_ms), "/value", bytes));
    ASSERT_TRUE (curator_shared_value_start (value_, error.out ())) << error.message ();
    ASSERT_TRUE (curator_shared_value_await_value_sync (value_, 20000, nullptr, error.out ()))
        << error.message ();
  }

  void StartTheirs (const char *seed)
  {
    Ok (Java (), { "peer", "new", "v", "shared-value", "/value", seed });
    Ok (Java (), { "v", "start" });
  }

  void TearDown () override
  {
    value_.reset ();
    InteropFixture::TearDown ();
  }

  std::string Ours ()
  {
    g_autoptr (GBytes) bytes = curator_shared_value_dup_value (value_);

    return ToText (bytes);
  }

  bool UntilOurs (const std::string &text)
  {
    return Until ([&] { return Ours () == text; }, answer_timeout_ms);
  }

  bool UntilTheirs (const std::string &text)
  {
    return Until ([&] { return Get (Java (), { "v", "get" }) == text; }, answer_timeout_ms);
  }

  bool Set (const char *text, Error *error)
  {
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

    return curator_shared_value_set_value_sync (value_, bytes, nullptr, error->out ());
  }

  bool TrySet (CuratorVersionedValue *previous, const char *text, Error *error)
  {
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

    return curator_shared_value_try_set_value_sync (value_, previous, bytes, nullptr, error->out ());
  }

  Ref<CuratorSharedValue> value_;
};

TEST_F (InteropValue, EachFollowsTheOther)
{
  Error error;

  StartTheirs ("theirs");
  StartOurs ("ours");
  EXPECT_EQ ("theirs", Ours ());
  EXPECT_TRUE (Set ("b c", &error)) << error.message ();
  ASSERT_TRUE (UntilTheirs ("b c"));
  ASSERT_TRUE (UntilEvent (Java (), "v", "changed"));
  EXPECT_THAT (Java ().Events ("v").back (), ElementsAre ("changed", "b c"));
  Ok (Java (), { "v", "set", "d" });
  EXPECT_TRUE (UntilOurs ("d"));
  EXPECT_EQ ("d", Read ("/value"));
}

TEST_F (InteropValue, WhatWeSeedTheyFind)
{
  StartOurs ("ours");
  StartTheirs ("theirs");
  EXPECT_THAT (Ok (Java (), { "v", "get" }), ElementsAre ("ours", "0"));
  EXPECT_EQ ("ours", Read ("/value"));
}

TEST_F (InteropValue, NobodySetsOverTheOther)
{
  Error error;

  StartTheirs ("0");
  StartOurs ("0");
  g_autoptr (CuratorVersionedValue) first = curator_shared_value_dup_versioned_value (value_);
  ASSERT_EQ ("0", Get (Java (), { "v", "get" }));
  Ok (Java (), { "v", "try-set", "1" });
  EXPECT_FALSE (TrySet (first, "2", &error));
  EXPECT_TRUE (error.matches (CURATOR_ERROR, CURATOR_ERROR_BAD_VERSION)) << error.message ();
  ASSERT_TRUE (UntilOurs ("1"));
  ASSERT_TRUE (UntilTheirs ("1"));
  g_autoptr (CuratorVersionedValue) second = curator_shared_value_dup_versioned_value (value_);
  EXPECT_TRUE (TrySet (second, "2", &error)) << error.message ();
  ExpectNo (Java (), { "v", "try-set", "3" });
  EXPECT_EQ ("2", Read ("/value"));
}

/* --- counts and numbers --- */

class InteropCount : public InteropFixture
{
protected:
  using Result = std::tuple<bool, gint64, gint64>;

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

  Result Add (CuratorAtomicNumber *number, gint64 delta)
  {
    return Take (curator_atomic_number_add_sync (number, delta, nullptr, error_.out ()));
  }

  Error error_;
};

TEST_F (InteropCount, ACountIsFollowedByAll)
{
  Ref<CuratorSharedCount> count (curator_shared_count_new (Connect (session_ms), "/count", -2));
  auto until_ours = [&] (gint32 number) {
    return Until ([&] { return curator_shared_count_get_count (count) == number; }, answer_timeout_ms);
  };
  auto until_theirs = [&] (const std::string &number) {
    return Until ([&] { return Get (Java (), { "n", "get" }) == number; }, answer_timeout_ms);
  };

  ASSERT_TRUE (curator_shared_count_start (count, error_.out ())) << error_.message ();
  ASSERT_TRUE (curator_shared_count_await_count_sync (count, 20000, nullptr, error_.out ()))
      << error_.message ();
  Ok (Java (), { "peer", "new", "n", "shared-count", "/count", "7" });
  Ok (Java (), { "n", "start" });
  EXPECT_EQ ("-2", Get (Java (), { "n", "get" }));
  Ok (Kazoo (), { "peer", "new", "n", "counter", "/count" });
  EXPECT_THAT (Ok (Kazoo (), { "n", "add", "5" }), ElementsAre ("-2", "3"));
  ASSERT_TRUE (until_ours (3) && until_theirs ("3"));
  Ok (Java (), { "n", "set", "-70000" });
  ASSERT_TRUE (until_ours (-70000));
  EXPECT_TRUE (curator_shared_count_set_count_sync (count, 70000, nullptr, error_.out ()))
      << error_.message ();
  EXPECT_TRUE (until_theirs ("70000"));
  EXPECT_EQ ("70000", Get (Kazoo (), { "n", "get" }));
}

TEST_F (InteropCount, AnIntIsChangedByAll)
{
  Ref<CuratorAtomicNumber> number (curator_atomic_int_new (Connect (session_ms), "/int", nullptr));

  Ok (Java (), { "peer", "new", "i", "atomic-int", "/int" });
  Ok (Kazoo (), { "peer", "new", "n", "counter", "/int" });
  EXPECT_EQ (Add (number, 3), Result (true, 0, 3));
  EXPECT_THAT (Ok (Java (), { "i", "add", "-5" }), ElementsAre ("3", "-2"));
  EXPECT_THAT (Ok (Kazoo (), { "n", "add", "-1" }), ElementsAre ("-2", "-3"));
  EXPECT_EQ (Add (number, G_MININT32), Result (true, -3, G_MAXINT32 - 2));
  EXPECT_THAT (Ok (Java (), { "i", "add", "3" }), ElementsAre ("2147483645", "-2147483648"));
  EXPECT_EQ (Take (curator_atomic_number_decrement_sync (number, nullptr, error_.out ())),
             Result (true, G_MININT32, G_MAXINT32));
  EXPECT_EQ ("2147483647", Get (Java (), { "i", "get" }));
}

TEST_F (InteropCount, ALongIsChangedByBoth)
{
  Ref<CuratorAtomicNumber> number (curator_atomic_long_new (Connect (session_ms), "/long", nullptr));

  Ok (Java (), { "peer", "new", "l", "atomic-long", "/long" });
  EXPECT_EQ (Take (curator_atomic_number_initialize_sync (number, 1, nullptr, error_.out ())),
             Result (true, 0, 1));
  ExpectNo (Java (), { "l", "initialize", "2" });
  EXPECT_THAT (Ok (Java (), { "l", "compare-and-set", "1", "-9223372036854775808" }),
               ElementsAre ("1", "-9223372036854775808"));
  EXPECT_EQ (Take (curator_atomic_number_compare_and_set_sync (number, 1, 5, nullptr, error_.out ())),
             Result (false, G_MININT64, G_MININT64));
  EXPECT_EQ (Take (curator_atomic_number_subtract_sync (number, 1, nullptr, error_.out ())),
             Result (true, G_MININT64, G_MAXINT64));
  EXPECT_THAT (Ok (Java (), { "l", "increment" }),
               ElementsAre ("9223372036854775807", "-9223372036854775808"));
  EXPECT_TRUE (curator_atomic_number_force_set_sync (number, -5, nullptr, error_.out ()))
      << error_.message ();
  EXPECT_EQ ("-5", Get (Java (), { "l", "get" }));
  Ok (Java (), { "l", "force-set", "4294967296" });
  EXPECT_EQ (Take (curator_atomic_number_get_sync (number, nullptr, error_.out ())),
             Result (true, G_GINT64_CONSTANT (4294967296), G_GINT64_CONSTANT (4294967296)));
}

/* A node that has no data yet is 0 to everybody. */
TEST_F (InteropCount, EmptyDataAreZero)
{
  Ref<CuratorAtomicNumber> number (curator_atomic_int_new (Connect (session_ms), "/int", nullptr));

  OperatorCreate ("/int");
  Ok (Java (), { "peer", "new", "i", "atomic-int", "/int" });
  EXPECT_EQ ("0", Get (Java (), { "i", "get" }));
  EXPECT_EQ (Add (number, 1), Result (true, 0, 1));
  EXPECT_EQ ("1", Get (Java (), { "i", "get" }));
}

/* --- the limit of a semaphore --- */

TEST_F (InteropCount, ASemaphoreIsLimitedForAllByTheSameCount)
{
  CuratorFramework *client = Connect (session_ms);
  Ref<CuratorSharedCount> count (curator_shared_count_new (client, "/limit", 1));
  Ref<CuratorSemaphore> semaphore (curator_semaphore_new_with_count (client, "/semaphore", count));
  auto acquire = [&] (gint64 timeout_ms) {
    return Ref<CuratorLease> (curator_semaphore_acquire_sync (semaphore, timeout_ms, nullptr, error_.out ()));
  };

  ASSERT_TRUE (curator_shared_count_start (count, error_.out ())) << error_.message ();
  Ref<CuratorLease> ours = acquire (20000);
  ASSERT_NE (nullptr, ours.get ()) << error_.message ();
  Ok (Java (), { "peer", "new", "limit", "shared-count", "/limit", "7" });
  Ok (Java (), { "limit", "start" });
  Ok (Java (), { "peer", "new", "a", "semaphore", "/semaphore", "count:/limit" });
  ExpectNo (Java (), { "a", "acquire", "1", "100" });

  int waiting = Java ().Send ({ "a", "acquire", "1", "-1" });
  ASSERT_TRUE (UntilChildren ("/semaphore/leases", 2));
  EXPECT_TRUE (curator_shared_count_set_count_sync (count, 2, nullptr, error_.out ())) << error_.message ();
  EXPECT_THAT (AwaitOk (Java (), waiting), SizeIs (1));

  EXPECT_EQ (nullptr, acquire (100).get ());
  EXPECT_TRUE (error_.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error_.message ();
  Ok (Java (), { "limit", "set", "3" });
  Ref<CuratorLease> more = acquire (20000);
  EXPECT_NE (nullptr, more.get ()) << error_.message ();
}

/* --- at the same time --- */

class InteropSum : public ChurnFixture
{
protected:
  /* What has been made of the number, by the process whose file it is. A line that a kill left half-written
   * does not count. */
  static std::vector<gint64> ReadNumbers (const std::string &file)
  {
    std::ifstream stream (file);
    std::vector<gint64> numbers;
    std::string line;

    while (std::getline (stream, line) && !stream.eof ())
      numbers.push_back (std::stoll (line));
    return numbers;
  }

  bool UntilMade (size_t process, size_t count)
  {
    return Until ([&] { return ReadNumbers (files_[process]).size () >= count; }, answer_timeout_ms);
  }

  int Churn (InteropPeer &peer, const Words &kind)
  {
    Words words = { "peer", "new", "a" };

    words.insert (words.end (), kind.begin (), kind.end ());
    Ok (peer, words);
    return peer.Send ({ "a", "churn", std::to_string (churn_ms), NewFile () });
  }

  gint64 ReadNumber ()
  {
    std::string bytes = Read ("/number");
    gint64 number = 0;

    for (unsigned char byte : bytes)
      number = number * 256 + byte;
    return number;
  }

  /* All have made something else of it; and who was killed may have added one that he could not write down.
   */
  void ExpectSum (size_t n_killed)
  {
    std::set<gint64> made;
    size_t count = 0;

    for (const std::string &file : files_)
      for (gint64 number : ReadNumbers (file))
        {
          EXPECT_TRUE (made.insert (number).second) << number << " was made twice";
          count++;
        }
    EXPECT_GE (ReadNumber (), static_cast<gint64> (count));
    EXPECT_LE (ReadNumber (), static_cast<gint64> (count + n_killed));
  }

  /* Two of ours, of which one is killed, and two of theirs, of which one is. */
  void Contend (InteropPeer &living,
                InteropPeer &doomed,
                const std::string &our_kind,
                const std::string &our_path,
                const Words &kind)
  {
    StartOurs (our_kind, our_path, churn_ms);
    StartOurs (our_kind, our_path, churn_ms);
    int tag = Churn (living, kind);
    Churn (doomed, kind);

    for (size_t process : { 0, 1, 2, 3 })
      ASSERT_TRUE (UntilMade (process, 10));
    doomed.Kill ();
    ours_[0]->Kill ();
    for (size_t process : { 1, 2 })
      ASSERT_TRUE (UntilMade (process, ReadNumbers (files_[process]).size () + 20));
    Stop ();
    AwaitOurs ();
    ExpectOrderlyEnd (*ours_[1]);
    std::string count = AwaitOk (living, tag).at (0);
    EXPECT_EQ (count, std::to_string (ReadNumbers (files_[2]).size ()));
    ExpectSum (2);
  }
};

TEST_F (InteropSum, IntWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();

  Contend (java, StartOwnJava (), "atomic-int", "/number", { "atomic-int", "/number" });
  EXPECT_THAT (Read ("/number"), SizeIs (4));
}

/* Ours ask for the mutex as soon as others are faster. */
TEST_F (InteropSum, LongUnderAMutexWithJavaWhileSomeAreKilled)
{
  InteropPeer &java = Java ();

  Contend (java, StartOwnJava (), "atomic-long", "/lock:/number", { "atomic-long", "/number", "/lock" });
  EXPECT_THAT (Read ("/number"), SizeIs (8));
}

TEST_F (InteropSum, IntWithKazooWhileSomeAreKilled)
{
  InteropPeer &kazoo = Kazoo ();

  Contend (kazoo, StartOwnKazoo (), "atomic-int", "/number", { "counter", "/number" });
}

} // namespace
