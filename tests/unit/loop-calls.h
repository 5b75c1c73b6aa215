/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "curator-loop-private.h"

/* What tests have a loop do. */

using Function = std::function<void ()>;

inline void
CallFunction (gpointer data)
{
  std::unique_ptr<Function> function (static_cast<Function *> (data));

  (*function) ();
}

inline void
Invoke (CuratorLoop *loop, Function function)
{
  curator_loop_invoke (loop, CallFunction, new Function (std::move (function)));
}

inline void
Defer (CuratorLoop *loop, Function function)
{
  curator_loop_defer (loop, CallFunction, new Function (std::move (function)));
}

inline CuratorTimer *
AddTimer (CuratorLoop *loop, gint64 delay_ms, Function function)
{
  return curator_loop_add_timer (loop, delay_ms, CallFunction, new Function (std::move (function)));
}

/* Waits for another thread. */
class Gate
{
public:
  Gate () = default;

  void Open ()
  {
    g_mutex_lock (&mutex);
    open = true;
    g_cond_broadcast (&cond);
    g_mutex_unlock (&mutex);
  }

  bool Wait ()
  {
    gint64 end_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

    g_mutex_lock (&mutex);
    while (!open && g_cond_wait_until (&cond, &mutex, end_us))
      continue;
    g_mutex_unlock (&mutex);
    return open;
  }

private:
  GMutex mutex = {};
  GCond cond = {};
  bool open = false;
};

/* Iterates until the predicate holds. */
inline bool
Iterate (GMainContext *context, const std::function<bool ()> &predicate)
{
  gint64 end_us = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!predicate () && g_get_monotonic_time () < end_us)
    g_main_context_iteration (context, FALSE);
  return predicate ();
}
