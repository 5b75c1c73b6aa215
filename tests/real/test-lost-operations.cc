/* SPDX-License-Identifier: Apache-2.0 */
#include "operations-util.hpp"

/* What becomes of operations when requests, replies, connections and sessions are lost. */

namespace
{

using namespace connection_test;
using namespace operations_test;
using ::testing::ElementsAre;
using ::testing::StartsWith;

class Retries : public OperationsFixture
{
};

class LostOperations : public OperationsFixture, public ::testing::WithParamInterface<CuratorTestProxyCut>
{
protected:
  void ExpectWasCut ()
  {
    EXPECT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 0, error.out ())) << error.message ();
  }
};

std::string
CutName (const ::testing::TestParamInfo<CuratorTestProxyCut> &info)
{
  return info.param == CURATOR_TEST_PROXY_CUT_REPLY ? "ReplyLost" : "RequestLost";
}

/* faults: 4 */
TEST_P (LostOperations, AGuaranteedOrIdempotentDeleteSucceeds)
{
  for (auto *set : { curator_delete_builder_guaranteed, curator_delete_builder_idempotent,
                     curator_delete_builder_quietly })
    {
      CreateNode ("/gone");
      curator_test_proxy_cut_next (proxy, GetParam (), op_delete);
      EXPECT_TRUE (DeleteNode ("/gone", set)) << error.message ();
      ExpectWasCut ();
      EXPECT_EQ ("-", ReadNode ("/gone"));
    }
}

/* Nobody can tell whether it was there. */
TEST_P (LostOperations, APlainDeleteMayFindNothing)
{
  bool deleted;

  CreateNode ("/gone");
  curator_test_proxy_cut_next (proxy, GetParam (), op_delete);
  deleted = DeleteNode ("/gone");
  EXPECT_EQ (GetParam () == CURATOR_TEST_PROXY_CUT_REQUEST, deleted);
  EXPECT_TRUE (deleted || Failed (CURATOR_ERROR_NO_NODE, "delete \"/gone\": "));
  ExpectWasCut ();
}

/* faults: 1, 2 */
TEST_P (LostOperations, AnIdempotentSetOfDataIsDoneOnce)
{
  const auto idempotent = [] (CuratorSetDataBuilder *b) { curator_set_data_builder_idempotent (b); };

  CreateNode ("/d");
  curator_test_proxy_cut_next (proxy, GetParam (), op_set_data);
  EXPECT_TRUE (WriteNode ("/d", "new", 0, idempotent)) << error.message ();
  ExpectWasCut ();
  EXPECT_EQ ("new", ReadNode ("/d"));
  EXPECT_EQ (1, StatNode ("/d").version);
  EXPECT_FALSE (WriteNode ("/d", "new", 0, idempotent)) << "no answer was lost";
  EXPECT_TRUE (Failed (CURATOR_ERROR_BAD_VERSION, "set data \"/d\": "));
}

TEST_P (LostOperations, APlainSetOfDataMayMeetItsOwnVersion)
{
  bool written;

  CreateNode ("/d");
  curator_test_proxy_cut_next (proxy, GetParam (), op_set_data);
  written = WriteNode ("/d", "new", 0);
  EXPECT_EQ (GetParam () == CURATOR_TEST_PROXY_CUT_REQUEST, written);
  EXPECT_TRUE (written || Failed (CURATOR_ERROR_BAD_VERSION, "set data \"/d\": "));
  EXPECT_EQ ("new", ReadNode ("/d"));
  ExpectWasCut ();
}

TEST_P (LostOperations, ReadsAreJustReadAgain)
{
  CreateNode ("/r");
  for (int op : { op_exists, op_get_data, op_get_children2 })
    {
      curator_test_proxy_cut_next (proxy, GetParam (), op);
      EXPECT_GT (StatNode ("/r").czxid, 0) << error.message ();
      EXPECT_EQ ("x", ReadNode ("/r")) << error.message ();
      EXPECT_THAT (Children ("/"), ElementsAre ("r"));
      ExpectWasCut ();
    }
}

INSTANTIATE_TEST_SUITE_P (,
                          LostOperations,
                          ::testing::Values (CURATOR_TEST_PROXY_CUT_REQUEST, CURATOR_TEST_PROXY_CUT_REPLY),
                          CutName);

/* The caller hears of the failure; the deletion goes on.
 * faults: 4 */
TEST_F (Retries, AGuaranteedDeleteOutlivesItsCaller)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  CuratorFramework *patient = client;

  curator_framework_builder_with_connection_timeout_ms (builder, 50);
  curator_framework_builder_with_retry_policy (builder,
                                               CURATOR_RETRY_POLICY (curator_retry_n_times_new (1, 10)));
  client = Connect (builder);
  CreateNode ("/stays");
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  EXPECT_FALSE (DeleteNode ("/stays", curator_delete_builder_guaranteed));
  EXPECT_TRUE (Failed (CURATOR_ERROR_CONNECTION_LOSS)) << error.message ();
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  client = patient;
  EXPECT_TRUE (Until ([this] { return ReadNode ("/stays") == "-"; }));
}

/* faults: 4 */
TEST_F (Retries, AGuaranteedDeleteOutlivesARestartOfTheServer)
{
  CuratorTestServer *own = StartServer ();
  CuratorFrameworkBuilder *builder = NewBuilder (curator_test_server_get_connect_string (own), session_ms);

  curator_framework_builder_with_connection_timeout_ms (builder, 50);
  curator_framework_builder_with_retry_policy (builder,
                                               CURATOR_RETRY_POLICY (curator_retry_n_times_new (1, 10)));
  client = Connect (builder);
  ASSERT_EQ ("/stays", CreateNode ("/stays"));
  ASSERT_TRUE (curator_test_server_kill_sync (own, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (UntilState (client, kSuspended));
  EXPECT_FALSE (DeleteNode ("/stays", curator_delete_builder_guaranteed));
  EXPECT_TRUE (Failed (CURATOR_ERROR_CONNECTION_LOSS, "delete \"/stays\": "));
  ASSERT_TRUE (curator_test_server_restart_sync (own, nullptr, error.out ())) << error.message ();
  EXPECT_TRUE (Until ([&] {
    Error missing;
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (own, "/stays", nullptr, missing.out ());

    return stat == nullptr && missing.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NO_NODE);
  }));
}

/* --- the retry policy --- */

TEST_F (Retries, ThePolicyIsAskedForEachAttempt)
{
  client =
      ConnectCounting (3, [] (auto *b) { curator_framework_builder_with_connection_timeout_ms (b, 20); });
  CreateNode ("/a");
  EXPECT_EQ (0u, Questions ().size ());
  EXPECT_EQ ("-", ReadNode ("/b"));
  EXPECT_EQ (0u, Questions ().size ()) << "a definite answer";
  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  EXPECT_EQ ("-", ReadNode ("/a"));
  EXPECT_TRUE (Failed (CURATOR_ERROR_CONNECTION_LOSS, "get data \"/a\": "));
  std::vector<Question> asked = Questions ();
  ASSERT_EQ (4u, asked.size ());
  for (guint i = 0; i < asked.size (); i++)
    {
      EXPECT_EQ (i, asked[i].retry_count);
      EXPECT_FALSE (asked[i].session_lost);
      EXPECT_GE (asked[i].elapsed_ms, 20 * (i + 1));
    }
  EXPECT_EQ (3, Count (curator_metrics_get_retries));
  Restore (proxy);
  ASSERT_TRUE (UntilState (client, kReconnected));
  EXPECT_EQ ("x", ReadNode ("/a")) << error.message ();
}

/* The answer is lost, and then the session.
 * faults: 6 */
TEST_F (Retries, ThePolicyLearnsThatTheSessionIsLost)
{
  client = ConnectCounting (5);
  CreateNode ("/a");
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REPLY, op_get_data);
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
  Outcome *get = Get (client, "/a");
  ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 10000, error.out ())) << error.message ();
  Expire (client, Server ());
  Restore (proxy);
  ASSERT_TRUE (Succeeds (get));
  std::vector<Question> asked = Questions ();
  ASSERT_EQ (2u, asked.size ());
  EXPECT_FALSE (asked[0].session_lost);
  EXPECT_TRUE (asked[1].session_lost);
  EXPECT_EQ (asked[0].retry_count, asked[1].retry_count);
  EXPECT_EQ (1, Count (curator_metrics_get_retries));
}

/* faults: 6 */
TEST_F (Retries, AnOperationMayEndWithItsSession)
{
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  std::vector<Outcome *> outcomes;

  curator_framework_builder_with_retry_policy (
      builder, CURATOR_RETRY_POLICY (curator_retry_session_failed_new (
                   CURATOR_RETRY_POLICY (curator_retry_n_times_new (5, 10)))));
  client = Connect (builder);
  CreateNode ("/a");
  curator_test_proxy_set_door (proxy, CURATOR_TEST_PROXY_DOOR_REFUSED);
  curator_test_proxy_cut_next (proxy, CURATOR_TEST_PROXY_CUT_REQUEST, op_create2);
  Ref<CuratorCreateBuilder> create (curator_framework_create (client));
  curator_create_builder_with_protection (create);
  outcomes = { NewOutcome (), Get (client, "/a") };
  curator_create_builder_for_path_async (create, "/b", nullptr, nullptr, OnCreated, outcomes[0]);
  ASSERT_TRUE (curator_test_proxy_wait_cut_sync (proxy, 10000, error.out ())) << error.message ();
  Expire (client, Server ());
  Restore (proxy);
  ASSERT_TRUE (UntilDone (outcomes));
  for (const Outcome *outcome : outcomes)
    EXPECT_TRUE (outcome->FailedWith (CURATOR_ERROR, CURATOR_ERROR_SESSION_EXPIRED))
        << outcome->error.message ();
  EXPECT_THAT (outcomes[0]->error.message (), StartsWith ("create \"/b\": "));
  EXPECT_EQ ("x", ReadNode ("/a")) << "the next one belongs to the new session";
  EXPECT_THAT (Children ("/"), ElementsAre ("a"));
}

/* --- numbers --- */

TEST_F (Retries, MetricsCountWhatHappens)
{
  gint64 operations = Count (curator_metrics_get_operations);
  gint64 failures = Count (curator_metrics_get_failures);
  gint64 sent = Count (curator_metrics_get_bytes_sent);
  gint64 received = Count (curator_metrics_get_bytes_received);
  EventLog *events = NewEvents ();

  EXPECT_EQ (1, Count (curator_metrics_get_sessions));
  CreateNode ("/a", nullptr, std::string (10000, 'a'));
  EXPECT_EQ (operations + 1, Count (curator_metrics_get_operations));
  EXPECT_EQ (failures, Count (curator_metrics_get_failures));
  EXPECT_GT (Count (curator_metrics_get_bytes_sent), sent + 10000);
  EXPECT_LT (Count (curator_metrics_get_bytes_received), received + 10000);
  ReadNode ("/a");
  EXPECT_GT (Count (curator_metrics_get_bytes_received), received + 10000);
  ReadNode ("/no");
  EXPECT_EQ (operations + 3, Count (curator_metrics_get_operations));
  EXPECT_EQ (failures + 1, Count (curator_metrics_get_failures));
  EXPECT_GT (Count (curator_metrics_get_latency_mean_us), 0);
  EXPECT_GE (Count (curator_metrics_get_latency_max_us), Count (curator_metrics_get_latency_p99_us));
  EXPECT_GE (Count (curator_metrics_get_latency_p99_us), Count (curator_metrics_get_latency_p50_us));
  EXPECT_EQ (0, Count (curator_metrics_get_requests_in_flight));

  ASSERT_TRUE (Succeeds (Get (client, "/a", NewWatcher (events))));
  EXPECT_EQ (1, Count (curator_metrics_get_watches));
  WriteNode ("/a", "b");
  EXPECT_TRUE (Until ([events] { return events->events.size () == 1; }));
  EXPECT_EQ (1, Count (curator_metrics_get_watch_events));
  EXPECT_EQ (0, Count (curator_metrics_get_watches));

  EXPECT_EQ (0, Count (curator_metrics_get_reconnects));
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_SERVER);
  Outcome *get = Get (client, "/a");
  EXPECT_TRUE (Until ([this] { return Count (curator_metrics_get_requests_in_flight) == 1; }));
  StopSwallowing (proxy);
  ASSERT_TRUE (Succeeds (get));
  EXPECT_EQ (1, Count (curator_metrics_get_reconnects));
  EXPECT_EQ (1, Count (curator_metrics_get_retries));
  EXPECT_EQ (1, Count (curator_metrics_get_sessions));
}

} // namespace
