/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <dlfcn.h>

#include <atomic>
#include <thread>
#include <vector>

#include "curator-loop-private.h"
#include "loop-calls.h"

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

class Visit : public ::testing::Test
{
protected:
  /* Its thread runs, and sleeps sooner or later. */
  Visit ()
  {
    Gate gate;

    Invoke (loop, [&] { gate.Open (); });
    EXPECT_TRUE (gate.Wait ());
  }

  ~Visit () override
  {
    if (loop != nullptr)
      curator_loop_unref (loop);
  }

  void Enter ()
  {
    gint64 end_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

    while (!curator_loop_try_enter (loop))
      {
        ASSERT_LT (g_get_monotonic_time (), end_us) << "the worker never sleeps";
        std::this_thread::yield ();
      }
  }

  CuratorLoop *loop = curator_loop_new_worker (curator_net_get_default ());
};

TEST_F (Visit, MakesTheCallerTheLoop)
{
  bool other_entered = true;
  int runs = 0;

  EXPECT_FALSE (curator_loop_is_current (loop));
  Enter ();
  EXPECT_TRUE (curator_loop_is_current (loop));
  EXPECT_TRUE (curator_loop_is_visited (loop));
  EXPECT_FALSE (curator_loop_try_enter (loop)) << "one visit at a time";
  std::thread other ([&] { other_entered = curator_loop_try_enter (loop); });
  other.join ();
  EXPECT_FALSE (other_entered);
  Invoke (loop, [&] { runs++; });
  EXPECT_EQ (runs, 1) << "not at once";
  EXPECT_FALSE (curator_loop_check_may_block (loop, "get data", "/a", nullptr));
  curator_loop_leave (loop);
  EXPECT_FALSE (curator_loop_is_current (loop));
}

TEST_F (Visit, NotWhereTheLoopIsBusyOrBehind)
{
  Gate begun, go_on, ended;

  Invoke (loop, [&] {
    begun.Open ();
    go_on.Wait ();
  });
  ASSERT_TRUE (begun.Wait ());
  EXPECT_FALSE (curator_loop_try_enter (loop)) << "the worker is at work";
  go_on.Open ();

  Enter ();
  Defer (loop, [&] { ended.Open (); });
  curator_loop_leave (loop);
  ASSERT_TRUE (ended.Wait ()) << "what a visitor queues runs after it";
}

TEST_F (Visit, NotInAContextOfTheApplications)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (CuratorLoop) other = curator_loop_new_for_context (context, curator_net_get_default ());

  EXPECT_FALSE (curator_loop_try_enter (other));
}

TEST_F (Visit, NotInsideOfAnotherLoop)
{
  g_autoptr (CuratorLoop) other = curator_loop_new_worker (curator_net_get_default ());

  Enter ();
  curator_loop_get_context (other); /* starts it */
  EXPECT_FALSE (curator_loop_try_enter (other));
  curator_loop_leave (loop);
}

TEST_F (Visit, WakesTheWorkerOnlyWhereItHasSomethingNewToDo)
{
  Gate due;

  Enter ();
  n_wakeups = 0;
  Invoke (loop, [] {});
  curator_loop_leave (loop);
  EXPECT_EQ (n_wakeups, 0);

  Enter ();
  AddTimer (loop, 1, [&] { due.Open (); });
  n_wakeups = 0;
  curator_loop_leave (loop);
  EXPECT_EQ (n_wakeups, 1);
  EXPECT_TRUE (due.Wait ()) << "slept past the timer";
}

TEST_F (Visit, LaterTimerDoesNotWake)
{
  /* Neither becomes due. */
  auto nothing = [] (gpointer) {};

  Enter ();
  CuratorTimer *first = curator_loop_add_timer (loop, 600 * 1000, nothing, nullptr);
  curator_loop_leave (loop);
  /* The worker has to have seen the first one: it tells so by being asleep after a call of its own. */
  Gate seen;
  Invoke (loop, [&] { seen.Open (); });
  ASSERT_TRUE (seen.Wait ());
  Enter ();
  CuratorTimer *second = curator_loop_add_timer (loop, 900 * 1000, nothing, nullptr);
  n_wakeups = 0;
  curator_loop_leave (loop);
  EXPECT_EQ (n_wakeups, 0);
  EXPECT_NE (first, second);
}

TEST_F (Visit, WhatIsToHappenBeforeItsEndDoes)
{
  std::vector<int> order;

  Enter ();
  curator_loop_before_leave (loop, CallFunction, new Function ([&] {
                               EXPECT_TRUE (curator_loop_is_current (loop));
                               order.push_back (1);
                               curator_loop_before_leave (loop, CallFunction,
                                                          new Function ([&] { order.push_back (3); }));
                             }));
  curator_loop_before_leave (loop, CallFunction, new Function ([&] { order.push_back (2); }));
  EXPECT_TRUE (order.empty ());
  curator_loop_leave (loop);
  EXPECT_EQ (order, (std::vector<int>{ 1, 2, 3 }));

  Enter ();
  curator_loop_leave (loop);
  EXPECT_EQ (order.size (), 3u) << "once";
}

TEST_F (Visit, OnlyOneThreadIsTheLoop)
{
  constexpr int n_threads = 4, n_each = 20000;
  std::vector<std::thread> threads;
  int count = 0; /* nothing but the turn protects it */
  Gate gate;

  /* As it happens, in visits and in the worker; and at last in a visit for sure. */
  for (int i = 0; i < n_threads; i++)
    threads.emplace_back ([&] {
      for (int j = 0; j < n_each; j++)
        {
          bool is_visit = curator_loop_try_enter (loop);

          Invoke (loop, [&] { count++; });
          if (is_visit)
            curator_loop_leave (loop);
        }
      Enter ();
      count++;
      curator_loop_leave (loop);
    });
  for (auto &thread : threads)
    thread.join ();
  Invoke (loop, [&] { gate.Open (); });
  ASSERT_TRUE (gate.Wait ());
  Enter ();
  EXPECT_EQ (count, n_threads * (n_each + 1));
  curator_loop_leave (loop);
}

TEST_F (Visit, LastReferenceMayGoInIt)
{
  g_autoptr (GMainContext) context = g_main_context_ref (curator_loop_get_context (loop));
  CuratorLoop *visited = loop;

  Enter ();
  curator_loop_unref (g_steal_pointer (&loop));
  EXPECT_FALSE (g_main_context_acquire (context)) << "the worker went on while it was not its turn";
  curator_loop_leave (visited);
  ASSERT_TRUE (Iterate (nullptr, [&] {
    bool is_free = g_main_context_acquire (context);

    if (is_free)
      g_main_context_release (context);
    return is_free;
  })) << "the worker was not told to end";
}

} /* namespace */
