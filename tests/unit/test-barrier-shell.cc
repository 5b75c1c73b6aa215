/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-barrier.h"
#include "curator-core-struct-private.h"
#include "curator-framework-private.h"
#include "curator-watch-table-private.h"
#include "fake-submit.h"

#include <zookeeper.h>

/* Who waits at a barrier, with a server that is made up. */

namespace
{

class BarrierShell : public SubmitFixture
{
protected:
  void SetUp () override
  {
    static const CuratorWatchTableCallbacks callbacks = {
      [] (const char *, CuratorWatchKind, CuratorWatch *, gpointer) {},
      [] (const char *, CuratorWatchKind, gpointer) {},
    };

    SubmitFixture::SetUp ();
    table_ = curator_watch_table_new (&callbacks, nullptr);
    barrier_ = curator_barrier_new (client, "/gate");
  }

  void TearDown () override
  {
    g_object_unref (barrier_);
    curator_watch_table_free (table_);
    SubmitFixture::TearDown ();
  }

  void AnswerWithCode (size_t i, int rc)
  {
    submit.Answer (i, [=] (CuratorRequest *request) {
      request->rc = rc;
      if (request->watch == nullptr || rc != 0)
        return;
      curator_watch_table_arming (table_, request->path, CURATOR_WATCH_KIND_DATA);
      curator_watch_table_armed (table_, request->path, CURATOR_WATCH_KIND_DATA, request->watch, nullptr, 1);
    });
    InLoop ([] {});
  }

  CuratorBarrier *barrier_ = nullptr;
  CuratorWatchTable *table_ = nullptr;
};

/* What went wrong with an earlier look is no reason to fail later.
 * faults: 1 */
TEST_F (BarrierShell, AFailureThatComesTooLateIsForgotten)
{
  Outcome outcome;

  curator_barrier_wait_on_barrier_async (barrier_, -1, nullptr, Outcome::Store, &outcome);
  submit.Await (2);
  ASSERT_EQ (CURATOR_REQUEST_SYNC, submit.At (0)->type);
  ASSERT_EQ (CURATOR_REQUEST_EXISTS, submit.At (1)->type);
  AnswerWithCode (1, 0);
  AnswerWithCode (0, ZCONNECTIONLOSS);
  InLoop ([this] { curator_watch_table_event (table_, CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/gate"); });
  submit.Await (4);
  AnswerWithCode (2, 0);
  AnswerWithCode (3, ZNONODE);
  Until ([&] { return outcome.calls == 1; });
  g_autoptr (GError) error = nullptr;
  EXPECT_TRUE (curator_barrier_wait_on_barrier_finish (barrier_, outcome.result, &error)) << error->message;
}

} // namespace
