/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "curator-loop-private.h"
#include "fake-net.h"
#include "loop-calls.h"

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

static std::atomic<int> n_wakeups;

/* Stands before GLib's: every wake-up that the library asks for is counted. */
extern "C" void
g_main_context_wakeup (GMainContext *context)
{
  static auto real = reinterpret_cast<void (*) (GMainContext *)> (dlsym (RTLD_NEXT, "g_main_context_wakeup"));

  n_wakeups++;
  real (context);
}

namespace
{

/* Runs in a forked child; the parent sees whether it returned true. Through a pipe, because a memory checker
 * decides on the exit status itself: all that belonged to the threads left behind is lost in the child. */
bool
InChild (const std::function<bool ()> &function)
{
  int fds[2];
  char answer = 'n';

  if (pipe (fds) != 0)
    return false;
  pid_t pid = fork ();
  if (pid == 0)
    {
      alarm (60);
      answer = function () ? 'y' : 'n';
      _exit (write (fds[1], &answer, 1) == 1 ? 0 : 1);
    }
  close (fds[1]);
  bool answered = pid > 0 && read (fds[0], &answer, 1) == 1;
  close (fds[0]);
  if (pid > 0)
    waitpid (pid, nullptr, 0);
  return answered && answer == 'y';
}

std::string
MakeGuid (CuratorLoop *loop)
{
  char guid[CURATOR_GUID_LENGTH + 1];

  curator_loop_make_guid (loop, guid);
  return guid;
}

/* ---- timers ---- */

TEST (Timers, FireInTheOrderOfDueTimeThenOfAddition)
{
  FakeNet fake;
  std::vector<std::pair<gint64, int> > fired, expected;

  for (int i = 0; i < 2000; i++)
    {
      gint64 delay_ms = (gint64) (curator_loop_random (fake.loop) % 50);

      expected.emplace_back (1000 + delay_ms, i);
      AddTimer (fake.loop, delay_ms, [&, i] { fired.emplace_back (fake.NowMs (), i); });
    }
  std::sort (expected.begin (), expected.end ());
  fake.Advance (100);
  EXPECT_EQ (fired, expected);
}

TEST (Timers, RandomCancellationsLeaveTheOthersInOrder)
{
  FakeNet fake;
  static const int count = 2000;
  std::vector<CuratorTimer *> timers (count);
  std::vector<Function *> functions (count);
  std::vector<std::pair<gint64, int> > fired, expected;

  for (int i = 0; i < count; i++)
    {
      gint64 delay_ms = (gint64) (curator_loop_random (fake.loop) % 300);

      functions[i] = new Function ([&, i] { fired.emplace_back (fake.NowMs (), i); });
      timers[i] = curator_loop_add_timer (fake.loop, delay_ms, CallFunction, functions[i]);
      expected.emplace_back (1000 + delay_ms, i);
    }
  for (int i = count - 1; i >= 0; i--)
    {
      if (curator_loop_random (fake.loop) % 2 == 0)
        continue;
      curator_loop_cancel_timer (fake.loop, &timers[i]);
      EXPECT_EQ (timers[i], nullptr);
      delete functions[i];
      expected.erase (expected.begin () + i);
    }
  std::sort (expected.begin (), expected.end ());
  fake.Advance (300);
  EXPECT_EQ (fired, expected);
  EXPECT_EQ (curator_loop_get_next_due_us (fake.loop), -1);
}

TEST (Timers, CallbacksCancelNeighboursThatAreDueToo)
{
  FakeNet fake;
  std::vector<int> fired;
  CuratorTimer *second = nullptr, *fourth = nullptr;
  auto never = [] (gpointer) { FAIL () << "cancelled"; };

  AddTimer (fake.loop, 5, [&] {
    fired.push_back (1);
    curator_loop_cancel_timer (fake.loop, &second);
    curator_loop_cancel_timer (fake.loop, &second);
    curator_loop_cancel_timer (fake.loop, &fourth);
  });
  second = curator_loop_add_timer (fake.loop, 5, never, nullptr);
  AddTimer (fake.loop, 5, [&] { fired.push_back (3); });
  fourth = curator_loop_add_timer (fake.loop, 50, never, nullptr);
  fake.Advance (100);
  EXPECT_THAT (fired, ElementsAre (1, 3));
}

TEST (Timers, NotBeforeTheirTimeNorFromInsideTheCall)
{
  FakeNet fake;
  int fired = 0;

  AddTimer (fake.loop, 0, [&] { fired++; });
  AddTimer (fake.loop, -7, [&] { fired++; });
  curator_loop_add_timer_at (fake.loop, G_MININT64, CallFunction, new Function ([&] { fired++; }));
  EXPECT_EQ (fired, 0);
  fake.Settle ();
  EXPECT_EQ (fired, 3);
  AddTimer (fake.loop, 1, [&] { fired++; });
  fake.now_us += 999;
  fake.Settle ();
  EXPECT_EQ (fired, 3);
  fake.now_us += 1;
  fake.Settle ();
  EXPECT_EQ (fired, 4);

  CuratorTimer *never = curator_loop_add_timer (fake.loop, G_MAXINT64, CallFunction, nullptr);
  EXPECT_EQ (curator_loop_get_next_due_us (fake.loop), G_MAXINT64);
  fake.Settle ();
  curator_loop_cancel_timer (fake.loop, &never);
}

TEST (Timers, OneThatRepeatsAtOnceStarvesNobody)
{
  FakeNet fake;
  int ticks = 0;
  bool other = false;
  Function again = [&] {
    if (++ticks < 1000)
      curator_loop_add_timer_at (fake.loop, 0, CallFunction, new Function (again));
  };

  again ();
  Defer (fake.loop, [&] { other = true; });
  g_main_context_iteration (fake.context, FALSE);
  EXPECT_TRUE (other);
  EXPECT_EQ (ticks, 2);
  fake.Settle ();
  EXPECT_EQ (ticks, 1000);
}

TEST (Timers, AreLookedAtBeforeWhatIsQueued)
{
  FakeNet fake;
  std::vector<int> order;

  Defer (fake.loop, [&] { order.push_back (2); });
  AddTimer (fake.loop, 10, [&] { order.push_back (1); });
  fake.now_us += (gint64) 3600 * G_USEC_PER_SEC;
  fake.Settle ();
  EXPECT_THAT (order, ElementsAre (1, 2));
}

TEST (Timers, WorkerSleepsUntilTheyAreDue)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_worker (curator_net_get_default ());
  gint64 start_us = 0, end_us = 0;
  Gate gate;

  Invoke (loop, [&] {
    start_us = curator_loop_now_us (loop);
    AddTimer (loop, 30, [&] {
      end_us = curator_loop_now_us (loop);
      gate.Open ();
    });
  });
  ASSERT_TRUE (gate.Wait ());
  EXPECT_GE (end_us - start_us, 30 * 1000);
}

/* ---- calls ---- */

TEST (Calls, AtOnceInTheLoopUnlessDeferred)
{
  FakeNet fake;
  std::vector<int> order;

  Invoke (fake.loop, [&] {
    Defer (fake.loop, [&] { order.push_back (3); });
    Invoke (fake.loop, [&] { order.push_back (1); });
    order.push_back (2);
  });
  EXPECT_THAT (order, IsEmpty ());
  fake.Settle ();
  EXPECT_THAT (order, ElementsAre (1, 2, 3));
}

TEST (Calls, OneThatDefersItselfStarvesNobody)
{
  FakeNet fake;
  int runs = 0;
  Function again = [&] {
    if (++runs < 1000)
      Defer (fake.loop, again);
  };

  Defer (fake.loop, again);
  g_main_context_iteration (fake.context, FALSE);
  EXPECT_EQ (runs, 1);
  fake.Settle ();
  EXPECT_EQ (runs, 1000);
}

TEST (Calls, HundredThousandFromFourThreadsKeepEachThreadsOrder)
{
  static const int per_thread = 25000;
  struct Call
  {
    std::vector<int> *seen;
    int number;
  };
  std::vector<int> seen[4];
  std::vector<Call> calls[4];
  std::vector<std::thread> threads;
  CuratorLoop *loop = curator_loop_new_worker (curator_net_get_default ());

  for (int t = 0; t < 4; t++)
    {
      for (int i = 0; i < per_thread; i++)
        calls[t].push_back ({ &seen[t], i });
      threads.emplace_back ([&, t] {
        for (Call &call : calls[t])
          curator_loop_invoke (
              loop,
              [] (gpointer data) {
                auto *one = static_cast<Call *> (data);

                one->seen->push_back (one->number);
              },
              &call);
      });
    }
  for (std::thread &thread : threads)
    thread.join ();
  curator_loop_unref (loop); /* runs what is queued */
  for (const std::vector<int> &numbers : seen)
    {
      EXPECT_EQ (numbers.size (), (size_t) per_thread);
      EXPECT_TRUE (std::is_sorted (numbers.begin (), numbers.end ()));
    }
}

TEST (Calls, OneWakeUpPerBatch)
{
  FakeNet fake;
  int runs = 0;

  fake.Settle ();
  n_wakeups = 0;
  for (int i = 0; i < 1000; i++)
    Defer (fake.loop, [&] { runs++; });
  EXPECT_EQ (n_wakeups, 1);
  fake.Settle ();
  EXPECT_EQ (runs, 1000);
  Defer (fake.loop, [&] {
    Defer (fake.loop, [&] { Defer (fake.loop, [&] { runs++; }); });
    Invoke (fake.loop, [&] { runs++; });
  });
  EXPECT_EQ (n_wakeups, 2);
  fake.Settle ();
  EXPECT_EQ (n_wakeups, 2) << "the loop woke itself";
  EXPECT_EQ (runs, 1002);
}

TEST (Calls, SleepingWorkerIsWoken)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_worker (curator_net_get_default ());

  for (int i = 0; i < 1000; i++)
    {
      Gate gate;

      Invoke (loop, [&] { gate.Open (); });
      ASSERT_TRUE (gate.Wait ());
    }
}

TEST (Calls, NestedMainLoopGoesOnWithTheSameBatch)
{
  FakeNet fake;
  g_autoptr (GMainLoop) nested = g_main_loop_new (fake.context, FALSE);
  std::vector<int> order;

  Defer (fake.loop, [&] {
    order.push_back (1);
    g_main_loop_run (nested);
    order.push_back (4);
  });
  Defer (fake.loop, [&] {
    order.push_back (2);
    AddTimer (fake.loop, 0, [&] {
      order.push_back (3);
      g_main_loop_quit (nested);
    });
  });
  fake.Settle ();
  EXPECT_THAT (order, ElementsAre (1, 2, 3, 4));
}

TEST (Calls, NestedMainLoopInATimerGoesOnWithTheOthers)
{
  FakeNet fake;
  g_autoptr (GMainLoop) nested = g_main_loop_new (fake.context, FALSE);
  std::vector<int> order;

  AddTimer (fake.loop, 5, [&] {
    order.push_back (1);
    g_main_loop_run (nested);
    order.push_back (3);
  });
  AddTimer (fake.loop, 5, [&] {
    order.push_back (2);
    g_main_loop_quit (nested);
  });
  fake.Advance (10);
  EXPECT_THAT (order, ElementsAre (1, 2, 3));
}

/* ---- the worker thread ---- */

TEST (Worker, IsNamedBlocksSignalsAndOwnsItsContext)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_worker (curator_net_get_default ());
  char name[16] = "";
  sigset_t blocked, own;
  GMainContext *thread_default = nullptr;
  bool is_current = false;
  Gate gate;

  Invoke (loop, [&] {
    pthread_getname_np (pthread_self (), name, sizeof name);
    pthread_sigmask (SIG_SETMASK, nullptr, &blocked);
    thread_default = g_main_context_get_thread_default ();
    is_current = curator_loop_is_current (loop);
    gate.Open ();
  });
  ASSERT_TRUE (gate.Wait ());
  EXPECT_STREQ (name, "curator");
  for (int signal_number : { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGALRM, SIGUSR1, SIGPIPE, SIGRTMIN })
    EXPECT_TRUE (sigismember (&blocked, signal_number)) << signal_number;
  EXPECT_FALSE (sigismember (&blocked, SIGSEGV));
  pthread_sigmask (SIG_SETMASK, nullptr, &own);
  EXPECT_FALSE (sigismember (&own, SIGTERM));
  EXPECT_EQ (thread_default, curator_loop_get_context (loop));
  EXPECT_TRUE (is_current);
  EXPECT_FALSE (curator_loop_is_current (loop));
}

TEST (Worker, ServesSourcesOfOthersInItsContext)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_worker (curator_net_get_default ());
  Gate gate;
  GSource *source = g_idle_source_new ();

  g_source_set_callback (
      source,
      [] (gpointer data) -> gboolean {
        static_cast<Gate *> (data)->Open ();
        return G_SOURCE_REMOVE;
      },
      &gate, nullptr);
  g_source_attach (source, curator_loop_get_context (loop));
  g_source_unref (source);
  EXPECT_TRUE (gate.Wait ());
}

TEST (Worker, NeverUsedNeverStarts)
{
  curator_loop_unref (curator_loop_new_worker (curator_net_get_default ()));
}

TEST (Worker, QueuedCallsRunBeforeTheLastReferenceReturns)
{
  CuratorLoop *loop = curator_loop_new_worker (curator_net_get_default ());
  int runs = 0;

  for (int i = 0; i < 1000; i++)
    Invoke (loop, [&] { runs++; });
  curator_loop_unref (loop);
  EXPECT_EQ (runs, 1000);
}

TEST (Worker, PendingTimersAreDropped)
{
  CuratorLoop *loop = curator_loop_new_worker (curator_net_get_default ());

  Invoke (loop, [&] {
    for (int i = 0; i < 100; i++)
      curator_loop_add_timer (
          loop, 3600 * 1000, [] (gpointer) { FAIL (); }, nullptr);
  });
  curator_loop_unref (loop);
}

TEST (Worker, LastReferenceMayGoInTheWorker)
{
  for (int i = 0; i < 100; i++)
    {
      CuratorLoop *loop = curator_loop_new_worker (curator_net_get_default ());
      GMainContext *context = g_main_context_ref (curator_loop_get_context (loop));
      Gate gate;

      Invoke (loop, [&, loop] {
        curator_loop_unref (loop);
        gate.Open ();
      });
      ASSERT_TRUE (gate.Wait ());
      /* The thread gives its context up as it ends. */
      ASSERT_TRUE (Iterate (nullptr, [&] {
        bool is_free = g_main_context_acquire (context);

        if (is_free)
          g_main_context_release (context);
        return is_free;
      }));
      g_main_context_unref (context);
    }
}

TEST (Worker, CallsQueuedInTheWorkerOutliveTheLastReference)
{
  CuratorLoop *loop = curator_loop_new_worker (curator_net_get_default ());
  Gate gate;

  Invoke (loop, [&, loop] {
    Defer (loop, [&] { gate.Open (); });
    curator_loop_unref (loop);
  });
  EXPECT_TRUE (gate.Wait ());
}

TEST (Worker, SharedLoopIsOneAndIsMadeAgain)
{
  for (int i = 0; i < 50; i++)
    {
      CuratorLoop *first = curator_loop_get_shared ();
      CuratorLoop *second = curator_loop_get_shared ();
      Gate gate;

      EXPECT_EQ (first, second);
      EXPECT_EQ (curator_loop_get_net (first), curator_net_get_default ());
      curator_loop_unref (second);
      Invoke (first, [&] { gate.Open (); });
      EXPECT_TRUE (gate.Wait ());
      if (i % 2 == 0)
        curator_loop_unref (first);
      else
        Invoke (first, [first] { curator_loop_unref (first); });
    }
}

TEST (Worker, SharedLoopSurvivesARaceForItsEnd)
{
  std::vector<std::thread> threads;
  std::atomic<int> runs{ 0 };

  for (int t = 0; t < 4; t++)
    threads.emplace_back ([&] {
      for (int i = 0; i < 200; i++)
        {
          CuratorLoop *loop = curator_loop_get_shared ();

          Invoke (loop, [&] { runs++; });
          curator_loop_unref (loop);
        }
    });
  for (std::thread &thread : threads)
    thread.join ();
  EXPECT_EQ (runs, 800);
}

/* ---- the application's context ---- */

TEST (Application, QueuedCallsRunAfterTheLastReference)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  CuratorLoop *loop = curator_loop_new_for_context (context, curator_net_get_default ());
  int runs = 0;

  Defer (loop, [&] { runs++; });
  curator_loop_unref (loop);
  EXPECT_EQ (runs, 0);
  while (g_main_context_iteration (context, FALSE))
    continue;
  EXPECT_EQ (runs, 1);
}

TEST (Application, LastReferenceMayGoInACallback)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  CuratorLoop *loop = curator_loop_new_for_context (context, curator_net_get_default ());
  std::vector<int> order;

  Defer (loop, [&] {
    order.push_back (1);
    curator_loop_add_timer (
        loop, 0, [] (gpointer) { FAIL () << "its owner has gone"; }, nullptr);
    Defer (loop, [&] { order.push_back (3); });
    curator_loop_unref (loop);
  });
  Defer (loop, [&] { order.push_back (2); });
  while (g_main_context_iteration (context, FALSE))
    continue;
  EXPECT_THAT (order, ElementsAre (1, 2, 3));
}

TEST (Application, LastReferenceMayGoWhileAnotherThreadIterates)
{
  for (int i = 0; i < 200; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      std::atomic<bool> stop{ false };
      std::thread thread ([&] {
        while (!stop)
          g_main_context_iteration (context, TRUE);
      });
      CuratorLoop *loop = curator_loop_new_for_context (context, curator_net_get_default ());
      Gate gate;

      Invoke (loop, [&] { gate.Open (); });
      EXPECT_TRUE (gate.Wait ());
      curator_loop_unref (loop);
      stop = true;
      g_main_context_wakeup (context);
      thread.join ();
    }
}

TEST (Application, IsCurrentForTheOwnerOfTheContext)
{
  FakeNet fake;
  bool inside = false;

  EXPECT_FALSE (curator_loop_is_current (fake.loop));
  Defer (fake.loop, [&] {
    std::thread other ([&] { EXPECT_FALSE (curator_loop_is_current (fake.loop)); });

    inside = curator_loop_is_current (fake.loop);
    other.join ();
  });
  fake.Settle ();
  EXPECT_TRUE (inside);
  EXPECT_EQ (curator_loop_get_context (fake.loop), fake.context);
}

/* ---- blocking ---- */

bool
MayBlock (CuratorLoop *loop)
{
  g_autoptr (GError) error = nullptr;
  bool may = curator_loop_check_may_block (loop, "create", "/a/b", &error);

  EXPECT_EQ (may, error == nullptr);
  if (error != nullptr)
    {
      EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
      EXPECT_THAT (error->message, HasSubstr ("create /a/b"));
    }
  return may;
}

bool
MayBlockInThread (CuratorLoop *loop)
{
  bool may = false;
  std::thread ([&] { may = MayBlock (loop); }).join ();

  return may;
}

TEST (MayBlock, NotInTheWorkerButAnywhereElse)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_worker (curator_net_get_default ());
  bool inside = true;
  Gate gate;

  EXPECT_TRUE (MayBlock (loop));
  Invoke (loop, [&] {
    inside = MayBlock (loop);
    gate.Open ();
  });
  ASSERT_TRUE (gate.Wait ());
  EXPECT_FALSE (inside);
  EXPECT_TRUE (MayBlock (loop));
  EXPECT_TRUE (curator_loop_check_may_block (loop, "close", nullptr, nullptr));
}

TEST (MayBlock, NotWhereOnlyTheCallerIteratesTheContext)
{
  FakeNet fake;
  bool inside = true;

  /* Nobody has iterated it, and nobody begins to. */
  EXPECT_FALSE (MayBlock (fake.loop));
  g_main_context_push_thread_default (fake.context);
  EXPECT_FALSE (MayBlock (fake.loop));
  g_main_context_pop_thread_default (fake.context);

  Defer (fake.loop, [&] { inside = MayBlock (fake.loop); });
  fake.Settle ();
  EXPECT_FALSE (inside);
  /* Between two iterations of this thread: an error here, but not in another thread. */
  EXPECT_FALSE (MayBlock (fake.loop));
  EXPECT_TRUE (MayBlockInThread (fake.loop));
}

TEST (MayBlock, WhereAnotherThreadIsAboutToIterateTheContext)
{
  FakeNet fake;
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (fake.context, FALSE);
  std::thread thread ([&] { g_main_loop_run (main_loop); });

  EXPECT_TRUE (MayBlock (fake.loop));
  Defer (fake.loop, [&] { g_main_loop_quit (main_loop); });
  thread.join ();
}

TEST (MayBlock, WhileAnotherThreadIteratesTheContext)
{
  FakeNet fake;
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (fake.context, FALSE);
  Gate gate;

  fake.Settle (); /* this thread was the last one */
  EXPECT_FALSE (MayBlock (fake.loop));
  std::thread thread ([&] { g_main_loop_run (main_loop); });
  Defer (fake.loop, [&] { gate.Open (); });
  ASSERT_TRUE (gate.Wait ());
  EXPECT_TRUE (MayBlock (fake.loop));
  g_main_loop_quit (main_loop);
  thread.join ();
}

TEST (MayBlock, MainThreadBeforeItsMainLoopRuns)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_for_context (nullptr, curator_net_get_default ());

  EXPECT_EQ (curator_loop_get_context (loop), g_main_context_default ());
  EXPECT_FALSE (MayBlock (loop));
  EXPECT_TRUE (MayBlockInThread (loop)) << "the main thread may still come to run it";
  while (g_main_context_iteration (nullptr, FALSE))
    continue;
  EXPECT_FALSE (MayBlock (loop));
  EXPECT_TRUE (MayBlockInThread (loop));
}

/* ---- fork ---- */

/* faults: 26 */
TEST (Fork, EverythingIsInertInTheChild)
{
  CuratorLoop *worker = curator_loop_get_shared ();
  CuratorLoop *application = curator_loop_new_for_context (nullptr, curator_net_get_default ());
  Gate gate;

  Invoke (worker, [&] { gate.Open (); });
  ASSERT_TRUE (gate.Wait ());
  Defer (application, [] {});
  EXPECT_TRUE (curator_loop_is_alive (worker));
  EXPECT_TRUE (InChild ([&] {
    bool ran = false;
    bool ok = !curator_loop_is_alive (worker) && !curator_loop_is_alive (application);
    auto run = [] (gpointer data) { *static_cast<bool *> (data) = true; };
    g_autoptr (GError) error = nullptr;

    curator_loop_invoke (worker, run, &ran);
    curator_loop_defer (worker, run, &ran);
    curator_loop_defer (application, run, &ran);
    while (g_main_context_iteration (nullptr, FALSE))
      continue;
    ok = ok && !ran && !curator_loop_is_current (worker);
    ok = ok && !curator_loop_check_may_block (worker, "create", "/a", &error);
    ok = ok && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
    curator_loop_unref (worker);
    curator_loop_unref (application);
    return ok;
  }));
  EXPECT_TRUE (curator_loop_is_alive (worker));
  while (g_main_context_iteration (nullptr, FALSE))
    continue;
  curator_loop_unref (application);
  curator_loop_unref (worker);
}

TEST (Fork, ChildHasASharedLoopOfItsOwn)
{
  g_autoptr (CuratorLoop) loop = curator_loop_get_shared ();
  Gate gate;

  Invoke (loop, [&] { gate.Open (); });
  ASSERT_TRUE (gate.Wait ());
  EXPECT_TRUE (InChild ([&] {
    CuratorLoop *own = curator_loop_get_shared ();
    Gate own_gate;

    Invoke (own, [&] { own_gate.Open (); });
    bool ok = own != loop && curator_loop_is_alive (own) && own_gate.Wait ();
    curator_loop_unref (own);
    return ok;
  }));
}

TEST (Fork, WorkerThreadThatForksIsNotTheLoopInTheChild)
{
  g_autoptr (CuratorLoop) loop = curator_loop_new_worker (curator_net_get_default ());
  bool ok = false;
  Gate gate;

  Invoke (loop, [&] {
    ok = InChild ([&] { return !curator_loop_is_current (loop); });
    gate.Open ();
  });
  ASSERT_TRUE (gate.Wait ());
  EXPECT_TRUE (ok);
}

TEST (Fork, ChildGoesOnWithOtherRandomNumbers)
{
  g_autoptr (CuratorLoop) loop = curator_loop_get_shared ();
  int fds[2];
  guint64 child[2] = {};

  curator_loop_random (loop);
  ASSERT_EQ (pipe (fds), 0);
  EXPECT_TRUE (InChild ([&] {
    guint64 numbers[2] = { curator_loop_random (loop), curator_loop_random (loop) };

    return write (fds[1], numbers, sizeof numbers) == (gssize) sizeof numbers;
  }));
  ASSERT_EQ (read (fds[0], child, sizeof child), (gssize) sizeof child);
  EXPECT_NE (child[0], curator_loop_random (loop));
  EXPECT_NE (child[1], curator_loop_random (loop));
  close (fds[0]);
  close (fds[1]);
}

/* ---- the environment ---- */

TEST (Environment, GuidsAreWellFormedAndDistinct)
{
  g_autoptr (CuratorLoop) loop = curator_loop_get_shared ();
  std::set<std::string> guids;

  for (int i = 0; i < 10000; i++)
    {
      std::string guid = MakeGuid (loop);

      ASSERT_TRUE (g_uuid_string_is_valid (guid.c_str ())) << guid;
      ASSERT_EQ (guid[14], '4') << guid;
      ASSERT_NE (strchr ("89ab", guid[19]), nullptr) << guid;
      guids.insert (guid);
    }
  EXPECT_EQ (guids.size (), 10000u);
}

TEST (Environment, ThreadsHaveDifferentRandomNumbers)
{
  CuratorNet *net = curator_net_get_default ();
  guint64 own = net->random (net), other = 0;

  std::thread ([&] { other = net->random (net); }).join ();
  EXPECT_NE (own, other);
}

TEST (Environment, SimulatedNetDecidesEverything)
{
  FakeNet one, two;

  EXPECT_EQ (MakeGuid (one.loop), MakeGuid (two.loop));
  EXPECT_EQ (curator_loop_now_us (one.loop), one.now_us);
  one.seed = 7;
  EXPECT_NE (MakeGuid (one.loop), MakeGuid (two.loop));
}

} // namespace
