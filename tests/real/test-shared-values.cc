/* SPDX-License-Identifier: Apache-2.0 */
#include "shared-fixture.h"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

using namespace node_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

constexpr int op_set_data = 5;
constexpr int session_ms = 3000;

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

/* faults: 15 */
TEST_F (SharedValue, TheEndOfTheClientIsToldToWhoWaitsForWhatWasNotStarted)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSharedValue> value = New (client, "/b");
  Outcome *wait = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_await_value_finish));

  curator_shared_value_await_value_async (value, -1, nullptr, OnDone, wait);
  Drain ();
  EXPECT_FALSE (wait->done);
  Close (client);
  ASSERT_TRUE (UntilDone (wait));
  EXPECT_TRUE (wait->error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << wait->error.message ();
}

/* What was on its way when it was closed. */
TEST_F (SharedValue, NothingIsToldAfterTheClose)
{
  Ref<CuratorSharedValue> value = Start (Connect ());
  size_t n_told = 0;

  Drain ();
  g_signal_connect (value.get (), "changed",
                    G_CALLBACK (+[] (GObject *, gpointer, size_t *count) { ++*count; }), &n_told);
  OperatorSetBytes ("/a/value", "2");
  /* Without a turn for the signals. */
  while (Get (value) != "2")
    g_thread_yield ();
  curator_shared_value_close (value);
  Drain ();
  EXPECT_EQ (0u, n_told);
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

/* faults: 5 */
TEST_F (SharedValue, EachCallCanBeCancelled)
{
  CuratorFramework *client = ConnectThroughProxy ();
  Ref<CuratorSharedValue> value = Start (client);
  Ref<CuratorSharedValue> unknown = New (client, "/b");
  g_autoptr (CuratorVersionedValue) known = curator_shared_value_dup_versioned_value (value);
  g_autoptr (GBytes) text = Text ("1");
  Error error;

  Disconnect ();
  ASSERT_TRUE (UntilSuspended (client));
  EXPECT_TRUE (curator_shared_value_start (unknown, error.out ())) << error.message ();
  for (bool before : { true, false })
    {
      Ref<GCancellable> cancellable (g_cancellable_new ());
      Outcome *wait =
          NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_await_value_finish));
      Outcome *set = NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_set_value_finish));
      Outcome *attempt =
          NewOutcome (reinterpret_cast<Outcome::Finish> (curator_shared_value_try_set_value_finish));

      if (before)
        g_cancellable_cancel (cancellable);
      curator_shared_value_await_value_async (unknown, -1, cancellable, OnDone, wait);
      curator_shared_value_set_value_async (value, text, cancellable, OnDone, set);
      curator_shared_value_try_set_value_async (value, known, text, cancellable, OnDone, attempt);
      Drain ();
      g_cancellable_cancel (cancellable);
      for (Outcome *outcome : { wait, set, attempt })
        {
          ASSERT_TRUE (UntilDone (outcome));
          EXPECT_TRUE (outcome->error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED))
              << outcome->error.message ();
        }
    }
  /* None of them had been sent. */
  Reconnect ();
  ASSERT_TRUE (UntilKnows (unknown, "seed"));
  EXPECT_EQ ("seed", Read ("/a/value"));
  EXPECT_EQ (0, GetVersion ("/a/value"));
}

TEST_F (SharedValue, LeavesNoWatchBehind)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSharedValue> value = Start (client);
  Ref<CuratorSharedValue> dropped = Start (client);

  EXPECT_TRUE (Until ([&] { return CountWatches () > 0; }));
  curator_shared_value_close (value);
  dropped.reset ();
  EXPECT_TRUE (Until ([&] { return CountWatches () == 0; }));
}

/* faults: 26 */
TEST_F (SharedValue, IsInertInAForkedProcess)
{
  CuratorFramework *client = Connect ();
  Ref<CuratorSharedValue> value = Start (client);
  Ref<CuratorSharedValue> other = New (client, "/b");
  Ref<CuratorAtomicNumber> number (curator_atomic_int_new (client, "/int", nullptr));
  g_autoptr (GBytes) text = Text ("1");
  ASSERT_TRUE (UntilKnows (value, "seed"));
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      GError *error = nullptr;
      bool inert = curator_shared_value_dup_value (value) == nullptr &&
                   !curator_shared_value_get_current (value) &&
                   !curator_shared_value_start (other, nullptr) &&
                   !curator_shared_value_set_value_sync (value, text, nullptr, nullptr) &&
                   !curator_shared_value_await_value_sync (value, -1, nullptr, nullptr) &&
                   curator_atomic_number_increment_sync (number, nullptr, &error) == nullptr &&
                   g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

      curator_shared_value_close (value);
      _exit (inert ? 0 : 1);
    }
  ASSERT_EQ (child, waitpid (child, &status, 0));
  EXPECT_TRUE (WIFEXITED (status));
  EXPECT_EQ (0, WEXITSTATUS (status));
  EXPECT_TRUE (curator_shared_value_get_current (value));
  OperatorSetBytes ("/a/value", "2");
  EXPECT_TRUE (UntilKnows (value, "2"));
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

} // namespace
