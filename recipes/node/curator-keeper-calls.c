/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-keeper-private.h"

#include "curator-loop-private.h"
#include "curator-request-private.h"

/* The way of calls from any thread to a keeper in its loop. */

typedef struct
{
  CuratorKeeper *keeper;
  guint64 number;
} Wait;

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  curator_keeper_unref (wait->keeper);
  g_free (wait);
}

static void
begin_await_created (CuratorCall *call, gpointer data)
{
  curator_keeper_await_created (((Wait *) data)->keeper, call);
}

static void
begin_await_written (CuratorCall *call, gpointer data)
{
  Wait *wait = data;

  curator_keeper_await_written (wait->keeper, call, wait->number);
}

static void
begin_await_closed (CuratorCall *call, gpointer data)
{
  curator_keeper_await_closed (((Wait *) data)->keeper, call);
}

static void
give_up (CuratorCall *call, gpointer data)
{
  curator_keeper_stop_waiting (((Wait *) data)->keeper, call);
}

static const CuratorCallKind await_created = { "await", begin_await_created, give_up };
static const CuratorCallKind await_written = { "set data of", begin_await_written, give_up };
static const CuratorCallKind await_closed = { "close", begin_await_closed, give_up };

static CuratorCallOptions
make_call (CuratorKeeper *self, const CuratorCallKind *kind, guint64 number, gint64 timeout_ms)
{
  Wait *wait = g_new (Wait, 1);

  *wait = (Wait){ curator_keeper_ref (self), number };
  return (CuratorCallOptions){ .client = curator_keeper_get_client (self),
                               .kind = kind,
                               .path = curator_keeper_get_base_path (self),
                               .sequential = curator_keeper_is_sequential (self),
                               .timeout_ms = timeout_ms,
                               .data = wait,
                               .free_data = wait_free };
}

CuratorCallOptions
curator_keeper_get_created_call (CuratorKeeper *self, gint64 timeout_ms)
{
  return make_call (self, &await_created, 0, timeout_ms);
}

CuratorCallOptions
curator_keeper_get_written_call (CuratorKeeper *self, guint64 number)
{
  return make_call (self, &await_written, number, -1);
}

CuratorCallOptions
curator_keeper_get_closed_call (CuratorKeeper *self)
{
  return make_call (self, &await_closed, 0, -1);
}

static void
invoke (CuratorKeeper *self, CuratorLoopFunc func)
{
  CuratorLoop *loop = curator_framework_get_loop (curator_keeper_get_client (self));

  if (curator_loop_is_alive (loop))
    curator_loop_invoke (loop, func, curator_keeper_ref (self));
}

static void
start_in_loop (gpointer user_data)
{
  g_autoptr (CuratorKeeper) keeper = user_data;

  curator_keeper_start (keeper);
}

static void
write_in_loop (gpointer user_data)
{
  g_autoptr (CuratorKeeper) keeper = user_data;

  curator_keeper_write (keeper);
}

static void
close_in_loop (gpointer user_data)
{
  g_autoptr (CuratorKeeper) keeper = user_data;

  curator_keeper_close (keeper);
}

void
curator_keeper_begin_start (CuratorKeeper *self)
{
  invoke (self, start_in_loop);
}

guint64
curator_keeper_begin_write (CuratorKeeper *self, GBytes *data)
{
  guint64 number = curator_keeper_take_data (self, data);

  invoke (self, write_in_loop);
  return number;
}

void
curator_keeper_begin_close (CuratorKeeper *self)
{
  invoke (self, close_in_loop);
}
