/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of CuratorMutex share. */

#include "curator-test-fixture.hpp"

#include <cstring>
#include <memory>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "curator.h"

namespace mutex_test
{

using curator_test::Error;

/* An acquire under way; lives until its callback has run. */
struct Acquisition
{
  bool done = false;
  Ref<CuratorLease> lease;
  Error error;
  std::function<void (CuratorLease *)> on_granted; /* before any of the lease's signals */
};

/* What a lease told. */
struct LeaseLog
{
  std::vector<std::string> signals;
  std::vector<CuratorLeaseState> states; /* at the notifications */
};

class MutexFixture : public CuratorTestFixture
{
public:
  /* Nothing may be left on the server by a test that got to its end; its clients are still connected then. */
  void TearDown () override
  {
    for (auto &acquisition : acquisitions_)
      if (acquisition->done)
        acquisition->lease.reset ();
    ExpectNothingLeft ();
    for (auto &client : clients_)
      Close (client);
    Until ([this] {
      for (auto &acquisition : acquisitions_)
        if (!acquisition->done)
          return false;
      return true;
    });
    acquisitions_.clear ();
    clients_.clear ();
    CuratorTestFixture::TearDown ();
  }

  CuratorFrameworkBuilder *NewBuilder (const std::string &connect_string, int session_ms)
  {
    CuratorFrameworkBuilder *builder = curator_framework_builder_new (connect_string.c_str ());

    curator_framework_builder_with_session_timeout_ms (builder, session_ms);
    curator_framework_builder_with_retry_policy (
        builder, CURATOR_RETRY_POLICY (curator_retry_exponential_backoff_new (20, 8)));
    return builder;
  }

  CuratorFramework *Start (CuratorFrameworkBuilder *builder)
  {
    Ref<CuratorFrameworkBuilder> owned (builder);
    Error error;
    Ref<CuratorFramework> client (curator_framework_builder_build (builder, error.out ()));

    EXPECT_NE (nullptr, client.get ()) << error.message ();
    WatchFinalize (client.get ());
    EXPECT_TRUE (curator_framework_start (client, error.out ())) << error.message ();
    clients_.push_back (client);
    return client;
  }

  /* A client that is connected through the loop thread. */
  CuratorFramework *Connect (int session_ms = 10000, const std::string &connect_string = "")
  {
    CuratorFramework *client =
        Start (NewBuilder (connect_string.empty () ? Chroot () : connect_string, session_ms));
    Error error;

    EXPECT_TRUE (curator_framework_await_connected_sync (client, 10000, nullptr, error.out ()))
        << error.message ();
    return client;
  }

  void Close (CuratorFramework *client)
  {
    bool closed = false;

    curator_framework_close_async (
        client, nullptr,
        [] (GObject *object, GAsyncResult *result, gpointer data) {
          Error error;

          EXPECT_TRUE (curator_framework_close_finish (CURATOR_FRAMEWORK (object), result, error.out ()))
              << error.message ();
          *static_cast<bool *> (data) = true;
        },
        &closed);
    EXPECT_TRUE (Until ([&closed] { return closed; }));
  }

  Ref<CuratorMutex> NewMutex (CuratorFramework *client, const char *path = "/lock")
  {
    Ref<CuratorMutex> mutex (curator_mutex_new (client, path));

    WatchFinalize (mutex.get ());
    return mutex;
  }

  /* Calls on one object wait on the server one at a time; those on another one beside them. */
  Ref<CuratorMutex> Another (CuratorMutex *mutex)
  {
    return NewMutex (curator_mutex_get_client (mutex), curator_mutex_get_path (mutex));
  }

  Ref<CuratorLease> Acquire (CuratorMutex *mutex, gint64 timeout_ms = 20000)
  {
    Error error;
    Ref<CuratorLease> lease (curator_mutex_acquire_sync (mutex, timeout_ms, nullptr, error.out ()));

    EXPECT_NE (nullptr, lease.get ()) << error.message ();
    if (lease.get () != nullptr)
      WatchFinalize (lease.get ());
    return lease;
  }

  void Release (CuratorLease *lease)
  {
    Error error;

    EXPECT_TRUE (curator_lease_release_sync (lease, nullptr, error.out ())) << error.message ();
  }

  Acquisition *Begin (CuratorMutex *mutex, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    acquisitions_.push_back (std::make_unique<Acquisition> ());
    curator_mutex_acquire_async (mutex, timeout_ms, cancellable, OnAcquired, acquisitions_.back ().get ());
    return acquisitions_.back ().get ();
  }

  static void OnAcquired (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *acquisition = static_cast<Acquisition *> (data);

    EXPECT_FALSE (acquisition->done);
    acquisition->lease.reset (
        curator_mutex_acquire_finish (CURATOR_MUTEX (object), result, acquisition->error.out ()));
    EXPECT_NE (acquisition->lease.get () != nullptr, acquisition->error.get () != nullptr);
    acquisition->done = true;
    if (acquisition->lease.get () != nullptr && acquisition->on_granted)
      acquisition->on_granted (acquisition->lease);
  }

  bool UntilDone (Acquisition *acquisition)
  {
    return Until ([acquisition] { return acquisition->done; }, 20000);
  }

  bool UntilGranted (Acquisition *acquisition)
  {
    if (!UntilDone (acquisition))
      return false;
    EXPECT_NE (nullptr, acquisition->lease.get ()) << acquisition->error.message ();
    return acquisition->lease.get () != nullptr;
  }

  std::vector<std::string> Participants (CuratorMutex *mutex)
  {
    Error error;
    g_auto (GStrv) paths = curator_mutex_get_participant_nodes_sync (mutex, nullptr, error.out ());
    std::vector<std::string> list;

    EXPECT_NE (nullptr, paths) << error.message ();
    for (char **path = paths; path != nullptr && *path != nullptr; path++)
      list.push_back (*path);
    return list;
  }

  bool UntilParticipants (CuratorMutex *mutex, size_t count)
  {
    return Until ([&] { return Participants (mutex).size () == count; }, 20000);
  }

  bool UntilState (CuratorLease *lease, CuratorLeaseState state)
  {
    return Until ([&] { return curator_lease_get_state (lease) == state; }, 20000);
  }

  struct SignalName
  {
    LeaseLog *log;
    std::string name;
  };

  static void OnSignal (CuratorLease *, SignalName *signal)
  {
    signal->log->signals.push_back (signal->name);
  }

  static void FreeSignalName (gpointer data, GClosure *)
  {
    delete static_cast<SignalName *> (data);
  }

  static void OnNotify (CuratorLease *lease, GParamSpec *, LeaseLog *log)
  {
    log->states.push_back (curator_lease_get_state (lease));
  }

  /* What the lease tells from now on; to live as long as the lease. */
  std::unique_ptr<LeaseLog> Listen (CuratorLease *lease)
  {
    auto log = std::make_unique<LeaseLog> ();

    for (const char *name : { "suspended", "restored", "lost" })
      g_signal_connect_data (lease, name, G_CALLBACK (OnSignal), new SignalName{ log.get (), name },
                             FreeSignalName, static_cast<GConnectFlags> (0));
    g_signal_connect (lease, "notify::state", G_CALLBACK (OnNotify), log.get ());
    return log;
  }

  void OperatorDelete (const std::string &path)
  {
    Error error;

    /* A container that is empty may be gone already. */
    EXPECT_TRUE (curator_test_server_operator_delete_sync (Server (), ServerPath (path).c_str (), TRUE,
                                                           nullptr, error.out ()) ||
                 error.matches (CURATOR_TEST_ERROR, CURATOR_TEST_ERROR_NO_NODE))
        << error.message ();
  }

  void OperatorCreate (const std::string &path)
  {
    Error error;
    g_autofree char *made =
        curator_test_server_operator_create_sync (Server (), ServerPath (path).c_str (), nullptr,
                                                  CURATOR_TEST_CREATE_MODE_PERSISTENT, nullptr, error.out ());

    EXPECT_NE (nullptr, made) << error.message ();
  }

  void OperatorSetData (const std::string &path, const char *text)
  {
    g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));
    Error error;

    EXPECT_TRUE (curator_test_server_operator_set_data_sync (Server (), ServerPath (path).c_str (), data,
                                                             nullptr, error.out ()))
        << error.message ();
  }

  bool Exists (const std::string &path)
  {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    return stat != nullptr;
  }

  /* The harness takes the session over to close it. A client that is quick to reconnect takes it back, and
   * one that does so too late ends the harness's connection before its answer. */
  void Expire (CuratorFramework *client)
  {
    g_autoptr (GBytes) password = curator_framework_dup_session_password (client);
    gint64 session_id = curator_framework_get_session_id (client);
    Error error;

    EXPECT_TRUE (Until ([&] {
      return curator_test_server_expire_session_sync (Server (), session_id, password, nullptr,
                                                      error.out ()) ||
             curator_framework_get_session_id (client) != session_id;
    })) << error.message ();
  }

  size_t CountWatches (const std::string &path = "")
  {
    Error error;
    g_auto (GStrv) paths =
        curator_test_server_list_watches_sync (Server (), ServerPath (path).c_str (), nullptr, error.out ());

    EXPECT_NE (nullptr, paths) << error.message ();
    return paths != nullptr ? g_strv_length (paths) : 0;
  }

  size_t CountEphemerals (const std::string &path = "")
  {
    Error error;
    g_auto (GStrv) paths = curator_test_server_list_ephemerals_sync (Server (), ServerPath (path).c_str (),
                                                                     nullptr, error.out ());

    EXPECT_NE (nullptr, paths) << error.message ();
    return paths != nullptr ? g_strv_length (paths) : 0;
  }

  void ExpectNothingLeft ()
  {
    EXPECT_TRUE (Until ([this] { return CountEphemerals () == 0; })) << "nodes are left";
    EXPECT_TRUE (Until ([this] { return CountWatches () == 0; })) << "watches are left";
  }

  std::vector<Ref<CuratorFramework> > clients_;
  std::vector<std::unique_ptr<Acquisition> > acquisitions_;
};

/* The same with clients whose connections can be broken. */
class ProxyFixture : public MutexFixture
{
public:
  void TearDown () override
  {
    MutexFixture::TearDown ();
    proxy_.reset ();
  }

  std::string StartProxy ()
  {
    std::string chroot = Chroot ();
    Error error;

    proxy_.reset (curator_test_proxy_new (curator_test_server_get_port (Server ())));
    EXPECT_TRUE (curator_test_proxy_start (proxy_, error.out ())) << error.message ();
    return curator_test_proxy_get_connect_string (proxy_) + chroot.substr (chroot.find ('/'));
  }

  /* A client behind a proxy. */
  CuratorFramework *ConnectThroughProxy (int timeout_ms = 10000)
  {
    return Connect (timeout_ms, StartProxy ());
  }

  void Disconnect ()
  {
    curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
    curator_test_proxy_drop_connections (proxy_, TRUE);
  }

  void Reconnect ()
  {
    curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_OPEN);
  }

  bool UntilSuspended (CuratorFramework *client)
  {
    return Until ([client] { return !curator_framework_is_connected (client); });
  }

  Ref<CuratorTestProxy> proxy_;
};

} // namespace mutex_test
