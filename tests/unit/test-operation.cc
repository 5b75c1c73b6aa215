/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <thread>

#include "curator-create-builder.h"
#include "curator-exists-builder.h"
#include "curator-get-data-builder.h"
#include "curator-sync-builder.h"
#include "curator-loop-private.h"
#include "fake-submit.h"

/* The way of a terminal call: waiting, delivery, cancellation. */

namespace
{

class Operation : public SubmitFixture
{
protected:
  void SetUp () override
  {
    SubmitFixture::SetUp ();
    builder = curator_framework_sync (client);
    cancellable = g_cancellable_new ();
  }

  void TearDown () override
  {
    g_object_unref (builder);
    /* Nothing is left connected to it. */
    EXPECT_EQ (G_OBJECT (cancellable)->ref_count, 1u);
    EXPECT_EQ (g_signal_handler_find (cancellable, G_SIGNAL_MATCH_ID,
                                      g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE), 0, nullptr, nullptr,
                                      nullptr),
               0u);
    g_object_unref (cancellable);
    SubmitFixture::TearDown ();
  }

  void Begin (Outcome *outcome, GCancellable *with = nullptr)
  {
    curator_sync_builder_for_path_async (builder, "/x", with, Outcome::Store, outcome);
  }

  void ExpectSuccess (Outcome *outcome)
  {
    g_autoptr (GError) error = nullptr;

    EXPECT_EQ (outcome->calls, 1);
    EXPECT_TRUE (curator_sync_builder_for_path_finish (builder, outcome->result, &error));
    EXPECT_EQ (error, nullptr);
    g_clear_object (&outcome->result);
  }

  void ExpectCancelled (Outcome *outcome)
  {
    GError *error = nullptr;

    EXPECT_EQ (outcome->calls, 1);
    EXPECT_FALSE (curator_sync_builder_for_path_finish (builder, outcome->result, &error));
    ExpectIoError (error, G_IO_ERROR_CANCELLED, "sync \"/x\"");
    g_clear_object (&outcome->result);
  }

  CuratorSyncBuilder *builder;
  GCancellable *cancellable;
};

TEST_F (Operation, IsDeliveredInTheContextOfTheCall)
{
  Outcome outcome;

  Begin (&outcome);
  submit.Await (1);
  submit.Answer (0);
  InLoop ([] {});
  EXPECT_EQ (outcome.calls, 0);
  Until ([&] { return outcome.calls > 0; });
  EXPECT_EQ (outcome.thread, g_thread_self ());
  ExpectSuccess (&outcome);
}

/* The thread's context at the time of the call counts, not the one that iterates first. */
TEST_F (Operation, IsDeliveredToEachContext)
{
  GMainContext *other = g_main_context_new ();
  Outcome here, there;

  Begin (&here);
  g_main_context_push_thread_default (other);
  Begin (&there);
  g_main_context_pop_thread_default (other);
  submit.Answer (1);
  submit.Answer (0);
  Until ([&] { return here.calls > 0; });
  EXPECT_EQ (there.calls, 0);
  while (there.calls == 0)
    g_main_context_iteration (other, TRUE);
  ExpectSuccess (&here);
  ExpectSuccess (&there);
  g_main_context_unref (other);
}

TEST_F (Operation, ResultsComeInTheOrderOfTheirEnd)
{
  struct Ordered
  {
    std::vector<int> *order;
    int number;
  };
  std::vector<int> order;
  std::vector<Ordered> ordered (300);

  for (int i = 0; i < 300; i++)
    {
      ordered[i] = { &order, i };
      curator_sync_builder_for_path_async (
          builder, "/x", nullptr,
          [] (GObject *, GAsyncResult *, gpointer user_data) {
            auto *self = static_cast<Ordered *> (user_data);
            self->order->push_back (self->number);
          },
          &ordered[i]);
    }
  for (size_t i = 0; i < 300; i++)
    submit.Answer (i);
  Until ([&] { return order.size () == 300; });
  for (int i = 0; i < 300; i++)
    EXPECT_EQ (order[i], i);
}

/* A callback that iterates the context gets the results that came together with its own. */
TEST_F (Operation, CallbackMayIterateTheContext)
{
  struct Nested
  {
    GMainContext *context;
    Outcome inner;
    bool done = false;
  } nested = { context };

  curator_sync_builder_for_path_async (
      builder, "/x", nullptr,
      [] (GObject *, GAsyncResult *, gpointer user_data) {
        auto *self = static_cast<Nested *> (user_data);

        while (self->inner.calls == 0)
          g_main_context_iteration (self->context, TRUE);
        self->done = true;
      },
      &nested);
  Begin (&nested.inner);
  submit.Answer (0);
  submit.Answer (1);
  InLoop ([] {});
  Until ([&] { return nested.done; });
  ExpectSuccess (&nested.inner);
}

/* One batch is one dispatch: results that callbacks cause come in a later one. */
TEST_F (Operation, CallbacksDoNotStarveTheContext)
{
  struct Chain
  {
    CuratorSyncBuilder *builder;
    int calls = 0;
    bool stop = false;

    static void Next (GObject *, GAsyncResult *, gpointer user_data)
    {
      auto *self = static_cast<Chain *> (user_data);

      self->calls++;
      if (!self->stop)
        curator_sync_builder_for_path_async (self->builder, "/x", nullptr, Next, self);
    }
  } chain = { builder };
  bool idle_ran = false;

  submit.AnswerWith ([] (CuratorRequest *) {});
  Chain::Next (nullptr, nullptr, &chain);
  g_autoptr (GSource) idle = g_idle_source_new ();
  g_source_set_callback (
      idle, [] (gpointer flag) -> gboolean { return *static_cast<bool *> (flag) = true, G_SOURCE_REMOVE; },
      &idle_ran, nullptr);
  g_source_attach (idle, context);
  Until ([&] { return idle_ran && chain.calls > 20; });
  chain.stop = true;
  int before = chain.calls;
  Until ([&] { return chain.calls > before; });
}

TEST_F (Operation, FailsWithTheRequestsError)
{
  Outcome outcome;
  g_autoptr (GError) error = nullptr;

  Begin (&outcome);
  submit.Answer (0, [] (CuratorRequest *request) { request->rc = CURATOR_RC_CLOSED; });
  Until ([&] { return outcome.calls > 0; });
  EXPECT_TRUE (g_task_had_error (G_TASK (outcome.result)));
  EXPECT_FALSE (curator_sync_builder_for_path_finish (builder, outcome.result, &error));
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED));
}

TEST_F (Operation, MayBeForgotten)
{
  curator_sync_builder_for_path_async (builder, "/x", cancellable, nullptr, nullptr);
  submit.Answer (0);
  InLoop ([] {});
  while (g_main_context_iteration (context, FALSE))
    ;
  EXPECT_EQ (G_OBJECT (builder)->ref_count, 1u);
}

/* The operation keeps what it needs. */
TEST_F (Operation, OutlivesTheCallersReferences)
{
  Outcome outcome;
  CuratorSyncBuilder *dropped = curator_framework_sync (client);

  curator_sync_builder_for_path_async (dropped, "/x", nullptr, Outcome::Store, &outcome);
  g_object_unref (dropped);
  submit.Answer (0);
  Until ([&] { return outcome.calls > 0; });
  EXPECT_TRUE (curator_sync_builder_for_path_finish (dropped, outcome.result, nullptr));
}

/* --- cancellation --- */

TEST_F (Operation, CancelledBeforeTheStartIsNotSubmitted)
{
  Outcome outcome;
  GError *error = nullptr;

  g_cancellable_cancel (cancellable);
  Begin (&outcome, cancellable);
  EXPECT_EQ (outcome.calls, 0);
  Until ([&] { return outcome.calls > 0; });
  ExpectCancelled (&outcome);
  EXPECT_FALSE (curator_sync_builder_for_path_sync (builder, "/x", cancellable, &error));
  ExpectIoError (error, G_IO_ERROR_CANCELLED, "sync \"/x\"");
  EXPECT_EQ (submit.Count (), 0u);
}

TEST_F (Operation, CancelledInFlight)
{
  Outcome outcome;

  Begin (&outcome, cancellable);
  submit.Await (1);
  g_cancellable_cancel (cancellable);
  EXPECT_EQ (outcome.calls, 0);
  Until ([&] { return outcome.calls > 0; });
  ExpectCancelled (&outcome);
}

/* Neither a deadlock nor a callback from inside of g_cancellable_cancel (). */
TEST_F (Operation, CancelledFromTheLoop)
{
  Outcome outcome;

  Begin (&outcome, cancellable);
  InLoop ([&] {
    g_cancellable_cancel (cancellable);
    EXPECT_EQ (submit.At (0)->rc, 0);
  });
  Until ([&] { return outcome.calls > 0; });
  ExpectCancelled (&outcome);
}

/* A result that is there already is not lost. */
TEST_F (Operation, CancelledAfterTheEnd)
{
  Outcome outcome;

  Begin (&outcome, cancellable);
  submit.Answer (0);
  InLoop ([] {});
  g_cancellable_cancel (cancellable);
  Until ([&] { return outcome.calls > 0; });
  ExpectSuccess (&outcome);
}

TEST_F (Operation, CancelledWhileItBlocks)
{
  GError *error = nullptr;
  std::thread canceller ([&] {
    submit.Await (1);
    g_cancellable_cancel (cancellable);
  });

  EXPECT_FALSE (curator_sync_builder_for_path_sync (builder, "/x", cancellable, &error));
  ExpectIoError (error, G_IO_ERROR_CANCELLED, "sync \"/x\"");
  canceller.join ();
}

/* Ends and cancellations race, in both kinds of call: exactly one result each, and nothing left behind. What
 * comes first to the loop wins; the blocking call may not have connected yet when it is cancelled. */
TEST_F (Operation, CancellationRacesWithTheEnd)
{
  for (int round = 0; round < 300; round++)
    {
      g_autoptr (GCancellable) once = g_cancellable_new ();
      size_t first = submit.Count ();
      Outcome outcome;
      g_autoptr (GError) error = nullptr;

      Begin (&outcome, once);
      std::thread other ([&, round] {
        submit.Await (first + 2);
        if (round % 2 == 0)
          g_cancellable_cancel (once);
        submit.Answer (first);
        submit.Answer (first + 1);
        if (round % 2 != 0)
          g_cancellable_cancel (once);
      });
      gboolean ended = curator_sync_builder_for_path_sync (builder, "/x", once, &error);
      other.join ();
      EXPECT_EQ (ended, submit.At (first + 1)->rc == 0);
      EXPECT_TRUE (ended || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
      Until ([&] { return outcome.calls > 0; });
      if (round % 2 == 0)
        ExpectCancelled (&outcome);
      else
        ExpectSuccess (&outcome);
    }
}

/* --- blocking calls --- */

TEST_F (Operation, BlocksUntilTheEnd)
{
  submit.AnswerWith ([] (CuratorRequest *) {});
  for (int i = 0; i < 1000; i++)
    EXPECT_TRUE (
        curator_sync_builder_for_path_sync (builder, "/x", i % 2 == 0 ? cancellable : nullptr, nullptr));
  EXPECT_EQ (submit.Count (), 1000u);
  EXPECT_FALSE (g_main_context_pending (context));
}

TEST_F (Operation, RefusesToBlockTheLoop)
{
  GError *error = nullptr;

  InLoop ([&] { EXPECT_FALSE (curator_sync_builder_for_path_sync (builder, "/x", nullptr, &error)); });
  ExpectIoError (error, G_IO_ERROR_WOULD_BLOCK, "sync \"/x\"");
  EXPECT_EQ (submit.Count (), 0u);
}

TEST_F (Operation, RefusesToBlockTheApplicationsOwnContext)
{
  g_autoptr (CuratorFramework) other =
      Build ([this] (auto *b) { curator_framework_builder_with_main_context (b, context); });
  g_autoptr (CuratorExistsBuilder) exists = curator_framework_check_exists (other);
  GError *error = nullptr;

  g_main_context_acquire (context);
  EXPECT_EQ (curator_exists_builder_for_path_sync (exists, "/x", nullptr, &error), nullptr);
  g_main_context_release (context);
  ExpectIoError (error, G_IO_ERROR_WOULD_BLOCK, "check exists \"/x\"");
}

/* Without threads: the loop and the caller share the context. */
TEST_F (Operation, InTheApplicationsOwnContext)
{
  g_autoptr (CuratorFramework) other =
      Build ([this] (auto *b) { curator_framework_builder_with_main_context (b, context); });
  g_autoptr (CuratorGetDataBuilder) reader = curator_framework_get_data (other);
  Outcome outcome, cancelled;
  GError *error = nullptr;

  submit.AnswerWith ([] (CuratorRequest *request) { request->result_data = MakeBytes ("data"); });
  curator_get_data_builder_for_path_async (reader, "/x", cancellable, Outcome::Store, &outcome);
  Until ([&] { return outcome.calls > 0; });
  g_autoptr (GBytes) data = curator_get_data_builder_for_path_finish (reader, outcome.result, nullptr);
  EXPECT_EQ (ToString (data), "data");

  submit.AnswerWith (nullptr);
  curator_get_data_builder_for_path_async (reader, "/x", cancellable, Outcome::Store, &cancelled);
  g_cancellable_cancel (cancellable);
  EXPECT_EQ (cancelled.calls, 0);
  Until ([&] { return cancelled.calls > 0; });
  EXPECT_EQ (curator_get_data_builder_for_path_finish (reader, cancelled.result, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_CANCELLED, "get data \"/x\"");
}

} // namespace
