/* SPDX-License-Identifier: Apache-2.0 */
/* What an ensemble of three does to a client. */
#include "connection-fixture.h"

#include <gmock/gmock.h>

using namespace connection_test;

namespace
{

class EnsembleOutages : public ConnectionFixture
{
protected:
  void TearDown () override
  {
    ConnectionFixture::TearDown ();
    cluster_.reset ();
  }

  void StartCluster ()
  {
    Error error;

    /* Only with local sessions does a read-only server take new clients. */
    static const char *const config[] = { "localSessionsEnabled=true", "localSessionsUpgradingEnabled=true",
                                          nullptr };

    cluster_.reset (CURATOR_TEST_CLUSTER (
        g_object_new (CURATOR_TEST_TYPE_CLUSTER, "n-servers", 3, "extra-config", config, nullptr)));
    ASSERT_TRUE (curator_test_cluster_start_sync (cluster_, nullptr, error.out ())) << error.message ();
  }

  void LoseQuorum ()
  {
    Error error;

    for (guint i = 0; i < 2; i++)
      ASSERT_TRUE (curator_test_cluster_kill_sync (cluster_, i, nullptr, error.out ())) << error.message ();
    ASSERT_TRUE (Until (
        [this] {
          g_autofree char *answer = curator_test_server_four_letter_word_sync (
              curator_test_cluster_get_server (cluster_, 2), "isro", nullptr, nullptr);

          return g_strcmp0 (answer, "ro") == 0;
        },
        30000));
  }

  CuratorFrameworkBuilder *ReadOnlyBuilder ()
  {
    CuratorFrameworkBuilder *builder = NewBuilder (curator_test_cluster_get_connect_string (cluster_), 3000);

    curator_framework_builder_with_read_only (builder, TRUE);
    return builder;
  }

  /* What came of an acquire. */
  struct Acquisition
  {
    bool done = false;
    Ref<CuratorLease> lease;
    Error error;
  };

  static void OnAcquired (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *acquisition = static_cast<Acquisition *> (data);

    EXPECT_FALSE (acquisition->done);
    acquisition->lease.reset (
        curator_mutex_acquire_finish (CURATOR_MUTEX (object), result, acquisition->error.out ()));
    acquisition->done = true;
  }

  /* The acquisition outlives the call. */
  static void Acquire (CuratorMutex *mutex, gint64 timeout_ms, Acquisition *acquisition)
  {
    curator_mutex_acquire_async (mutex, timeout_ms, nullptr, OnAcquired, acquisition);
  }

  Ref<CuratorTestCluster> cluster_;
};

/* faults: 9, 31 */
TEST_F (EnsembleOutages, ASessionSurvivesARollingRestart)
{
  constexpr int long_session_ms = 60000;
  CuratorFramework *client;
  StateLog *log;
  gint64 session_id;
  Error error;

  StartCluster ();
  client = Connect (curator_test_cluster_get_connect_string (cluster_), long_session_ms);
  log = Listen (client);
  session_id = curator_framework_get_session_id (client);
  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  for (guint i = 0; i < curator_test_cluster_get_n_servers (cluster_); i++)
    {
      Outcome *set;

      ASSERT_TRUE (curator_test_cluster_restart_sync (cluster_, i, nullptr, error.out ()))
          << error.message ();
      ASSERT_TRUE (curator_test_cluster_wait_for_quorum_sync (cluster_, nullptr, error.out ()))
          << error.message ();
      set = Set (client, "/ephemeral", std::to_string (i));
      ASSERT_TRUE (UntilDone (set, long_session_ms));
      ASSERT_TRUE (set->ok) << set->error.message ();
      Outcome *get = Get (client, "/ephemeral");
      ASSERT_TRUE (Succeeds (get));
      EXPECT_EQ (get->text, std::to_string (i));
    }
  EXPECT_EQ (curator_framework_get_session_id (client), session_id);
  EXPECT_FALSE (log->Has (kLost));
  EXPECT_TRUE (log->Has (kReconnected));
}

/* A read-only server cannot keep a session that the ensemble knows: that one ends at its deadline. Who may
 * read only gets a session of that server's own, who may not has to wait.
 *
 * faults: 6, 32 */
TEST_F (EnsembleOutages, WithoutAQuorumThereAreReadersOnly)
{
  CuratorFramework *client;
  CuratorFramework *strict;
  StateLog *log;
  gint64 session_id;
  Error error;

  StartCluster ();
  client = Connect (ReadOnlyBuilder ());
  strict = Connect (curator_test_cluster_get_connect_string (cluster_), 3000);
  log = Listen (client);
  session_id = curator_framework_get_session_id (client);
  ASSERT_TRUE (Succeeds (Create (client, "/node", CURATOR_CREATE_MODE_PERSISTENT, "data")));
  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  LoseQuorum ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReadOnly); }, 30000));
  EXPECT_TRUE (log->Has (kLost));
  Outcome *read = Get (client, "/node");
  ASSERT_TRUE (Succeeds (read));
  EXPECT_EQ (read->text, "data");
  Outcome *write = Set (client, "/node", "new");
  ASSERT_TRUE (UntilDone (write));
  EXPECT_TRUE (write->FailedWith (CURATOR_ERROR, CURATOR_ERROR_NOT_READ_ONLY)) << write->error.message ();
  EXPECT_TRUE (curator_framework_is_connected (client));
  EXPECT_TRUE (UntilState (strict, kLost));
  ASSERT_TRUE (curator_test_cluster_restart_sync (cluster_, 0, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReconnected); }, 30000));
  EXPECT_NE (curator_framework_get_session_id (client), session_id);
  EXPECT_TRUE (Succeeds (Set (client, "/node", "new")));
  EXPECT_TRUE (UntilState (strict, kReconnected, 30000));
}

/* Nobody gets a lock from a server that cannot keep it: neither who was in the queue nor who comes to it
 * then. Who waits for long enough gets it from the quorum.
 *
 * faults: 6, 7, 32 */
TEST_F (EnsembleOutages, AReadOnlyServerGrantsNothing)
{
  Acquisition held, queued, impatient, patient;
  CuratorFramework *client;
  StateLog *log;
  Error error;

  StartCluster ();
  client = Connect (ReadOnlyBuilder ());
  log = Listen (client);
  Ref<CuratorMutex> mutex (curator_mutex_new (client, "/lock"));
  Ref<CuratorMutex> unused (curator_mutex_new (client, "/unused"));
  Acquire (mutex, 20000, &held);
  ASSERT_TRUE (Until ([&held] { return held.done; }, 30000));
  ASSERT_NE (nullptr, held.lease.get ()) << held.error.message ();
  Acquire (mutex, -1, &queued);
  LoseQuorum ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReadOnly); }, 30000));
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (held.lease));

  Acquire (unused, -1, &patient);
  Acquire (unused, 300, &impatient);
  ASSERT_TRUE (Until ([&impatient] { return impatient.done; }));
  EXPECT_TRUE (impatient.error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << impatient.error.message ();
  EXPECT_TRUE (log->EndsWith (kReadOnly));
  EXPECT_FALSE (queued.done);
  EXPECT_FALSE (patient.done);

  ASSERT_TRUE (curator_test_cluster_restart_sync (cluster_, 0, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([&] { return queued.done && patient.done; }, 30000));
  for (Acquisition *acquisition : { &queued, &patient })
    {
      ASSERT_NE (nullptr, acquisition->lease.get ()) << acquisition->error.message ();
      EXPECT_EQ (CURATOR_LEASE_STATE_HELD, curator_lease_get_state (acquisition->lease));
    }
  EXPECT_TRUE (log->EndsWith (kReconnected));
  EXPECT_GT (curator_lease_get_fencing_token (queued.lease), curator_lease_get_fencing_token (held.lease));
  EXPECT_EQ (CURATOR_LEASE_STATE_LOST, curator_lease_get_state (held.lease));
}

/* Connected for the first time is who can write for the first time.
 *
 * faults: 32 */
TEST_F (EnsembleOutages, WhoFindsNoQuorumIsConnectedOnceThereIsOne)
{
  CuratorFramework *client;
  StateLog *log;
  Error error;
  EventLog &events = *NewEvents ();

  StartCluster ();
  LoseQuorum ();
  client = Build (ReadOnlyBuilder ());
  log = Listen (client);
  Start (client);
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReadOnly); }, 30000));
  ASSERT_TRUE (Succeeds (Exists (client, "/node", NewWatcher (&events))));
  ASSERT_TRUE (curator_test_cluster_restart_sync (cluster_, 0, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kConnected); }, 30000));
  EXPECT_FALSE (log->Has (kReconnected));
  EXPECT_FALSE (log->Has (kLost));
  EXPECT_TRUE (Succeeds (Create (client, "/node")));
  ASSERT_TRUE (Until ([&events] { return !events.events.empty (); }));
  EXPECT_EQ (events.events.front ().first, CURATOR_WATCHED_EVENT_TYPE_NODE_CREATED);
}

/* The read-only member goes on, and all the same the client looks for one that writes.
 *
 * faults: 32 */
TEST_F (EnsembleOutages, AServerThatWritesIsLookedFor)
{
  CuratorTestProxy *writable;
  CuratorFrameworkBuilder *builder;
  CuratorFramework *client;
  StateLog *log;

  StartCluster ();
  LoseQuorum ();
  writable = NewProxy (StartServer ());
  curator_test_proxy_set_door (writable, CURATOR_TEST_PROXY_DOOR_REFUSED);
  builder = NewBuilder (
      std::string (curator_test_server_get_connect_string (curator_test_cluster_get_server (cluster_, 2))) +
          "," + curator_test_proxy_get_connect_string (writable),
      60000);
  curator_framework_builder_with_read_only (builder, TRUE);
  client = Build (builder);
  log = Listen (client);
  Start (client);
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReadOnly); }));
  Restore (writable);
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kConnected); }));
  EXPECT_TRUE (Succeeds (Create (client, "/node")));
  EXPECT_EQ (log->states.front (), kReadOnly);
  EXPECT_EQ (curator_test_proxy_count_open_connections (writable), 1U);
}

} // namespace
