/* SPDX-License-Identifier: Apache-2.0 */
/* What applications, processes and servers' answers do to a client. */
#include "connection-fixture.h"

#include <gmock/gmock.h>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace connection_test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Values;

namespace
{

constexpr int session_ms = 20000;

class Faults : public ModalFixture
{
protected:
  static Ref<GCancellable> NewCancellable ()
  {
    return Ref<GCancellable> (g_cancellable_new ());
  }

  /* Time has to pass, because what is shown is that nothing happens in it. */
  void LetPass (int ms)
  {
    gint64 until_us = g_get_monotonic_time () + ms * 1000;

    EXPECT_TRUE (Until ([until_us] { return g_get_monotonic_time () >= until_us; }));
  }

  /* In a forked child: 0, or the number of what went wrong. */
  int UseInChild (CuratorFramework *client, const std::string &connect_string)
  {
    GMainContext *context = g_main_context_new ();
    Ref<CuratorExistsBuilder> exists (curator_framework_check_exists (client));
    Error error;

    alarm (15);
    g_main_context_push_thread_default (context);
    if (curator_exists_builder_for_path_sync (exists, "/", nullptr, error.out ()) != nullptr ||
        !error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED))
      return 1;
    if (curator_framework_close_sync (client, nullptr, error.out ()) ||
        !error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED))
      return 2;
    for (const Outcome *outcome : { Exists (client, "/"), Await (client, -1), Close (client) })
      {
        while (!outcome->IsDone ())
          g_main_context_iteration (context, TRUE);
        if (!outcome->IsClosed ())
          return 3;
      }
    g_object_unref (client);
    return ConnectInChild (connect_string) ? 0 : 4;
  }

  bool ConnectInChild (const std::string &connect_string)
  {
    mode_ = Mode::kShared;
    Ref<CuratorFrameworkBuilder> builder (NewBuilder (connect_string, session_ms));
    Ref<CuratorFramework> own (curator_framework_builder_build (builder, nullptr));
    Ref<CuratorExistsBuilder> exists (curator_framework_check_exists (own));

    if (!curator_framework_start (own, nullptr) ||
        !curator_framework_await_connected_sync (own, 10000, nullptr, nullptr))
      return false;
    g_autoptr (CuratorStat) stat = curator_exists_builder_for_path_sync (exists, "/", nullptr, nullptr);
    return stat != nullptr && curator_framework_close_sync (own, nullptr, nullptr);
  }

  std::vector<Outcome *> SubmitMany (CuratorFramework *client, int n)
  {
    std::vector<Outcome *> outcomes;

    for (int i = 0; i < n; i++)
      outcomes.push_back (i % 2 == 0 ? Create (client, "/n-", CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL)
                                     : Get (client, "/"));
    return outcomes;
  }

  /* All are told that the client was closed, in the order in which they were submitted, before the close is.
   */
  void ExpectAllClosed (const std::vector<Outcome *> &outcomes, CuratorFramework *client)
  {
    std::vector<size_t> order;
    Outcome *close;

    for (size_t i = 0; i < outcomes.size (); i++)
      outcomes[i]->then = [&order, i] { order.push_back (i); };
    close = Close (client);
    close->then = [&order, &outcomes] { EXPECT_EQ (order.size (), outcomes.size ()); };
    ExpectClosed (close);
    ASSERT_TRUE (UntilDone (outcomes));
    EXPECT_TRUE (std::is_sorted (order.begin (), order.end ()));
    for (const Outcome *outcome : outcomes)
      ASSERT_TRUE (outcome->IsClosed ()) << outcome->error.message ();
  }
};

/* --- closing --- */

/* faults: 15 */
TEST_P (Faults, WhatIsUnansweredAtTheCloseIsTold)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  CuratorFramework *client;
  std::vector<Outcome *> outcomes;
  constexpr guint n_outstanding = 1000;

  curator_framework_builder_with_max_close_wait_ms (builder, 100);
  client = Connect (builder);
  curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
  outcomes = SubmitMany (client, n_outstanding);
  ASSERT_TRUE (Until ([proxy] {
    return curator_test_proxy_count_requests (proxy, op_create2) +
               curator_test_proxy_count_requests (proxy, op_get_data) ==
           n_outstanding;
  }));
  ExpectAllClosed (outcomes, client);
}

/* faults: 15 */
TEST_P (Faults, WhatWaitsForAConnectionAtTheCloseIsTold)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  std::vector<Outcome *> outcomes;

  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  outcomes = SubmitMany (client, 1000);
  Drain ();
  ExpectAllClosed (outcomes, client);
}

/* faults: 15 */
TEST_P (Faults, WhatWasNotEvenSentAtTheCloseIsTold)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);

  std::vector<Outcome *> outcomes = SubmitMany (client, 1000);
  outcomes.push_back (AddAuth (client, "digest", "user:password"));
  Outcome *close = Close (client);
  ExpectClosed (close);
  ASSERT_TRUE (UntilDone (outcomes));
  for (const Outcome *outcome : outcomes)
    EXPECT_TRUE (outcome->ok || outcome->IsClosed ()) << outcome->error.message ();
}

/* --- callbacks that do as they please --- */

enum class Place
{
  kResult,
  kState,
  kEvent,
  kError,
};

enum class Action
{
  kClose,
  kDrop,
  kOperate,
  kCancel,
  kIterate,
  kCloseAndIterate,
};

class Callbacks : public Faults
{
protected:
  void SetUp () override
  {
    Faults::SetUp ();
    proxy_ = NewProxy (Server ());
    ConnectAgain ();
    ASSERT_TRUE (Succeeds (Create (client_, "/node")));
  }

  void Act (Action action)
  {
    if (acted_)
      return;
    acted_ = true;
    switch (action)
      {
      case Action::kClose:
        Close (client_);
        break;
      case Action::kDrop:
        Forget (client_);
        break;
      case Action::kOperate:
        follow_up_ = Exists (client_, "/node");
        break;
      case Action::kCancel:
        {
          Ref<GCancellable> cancellable = NewCancellable ();

          follow_up_ = Get (client_, "/node", nullptr, cancellable);
          g_cancellable_cancel (cancellable);
        }
        break;
      case Action::kIterate:
        follow_up_ = Exists (client_, "/node");
        EXPECT_TRUE (UntilDone (follow_up_));
        break;
      case Action::kCloseAndIterate:
        ExpectClosed (Close (client_));
        break;
      }
  }

  void Provoke (Place place, Action action)
  {
    Outcome *result;
    EventLog *events;

    switch (place)
      {
      case Place::kResult:
        result = Get (client_, "/node");
        result->then = [this, action] { Act (action); };
        break;
      case Place::kState:
        log_->then = [this, action] (CuratorConnectionState) { Act (action); };
        curator_test_proxy_drop_connections (proxy_, TRUE);
        break;
      case Place::kEvent:
        events = NewEvents ();
        events->then = [this, action] { Act (action); };
        ASSERT_TRUE (Succeeds (Get (client_, "/node", NewWatcher (events))));
        Set (client_, "/node", "1");
        break;
      case Place::kError:
        log_->then_error = [this, action] { Act (action); };
        ProvokeError ();
        break;
      }
  }

  /* The watch cannot be set again once the list of children is longer than a reply may be. */
  void ProvokeError ()
  {
    std::string list = "/list" + std::to_string (n_lists_++);

    ASSERT_TRUE (Succeeds (Create (client_, list)));
    ASSERT_TRUE (Succeeds (GetChildren (client_, list, NewWatcher (NewEvents (), true))));
    for (int i = 0; i < 100; i++)
      Create (client_, list + "/" + std::string (100, 'x') + "-", CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL);
  }

  void ConnectAgain ()
  {
    CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy_), session_ms);

    curator_framework_builder_with_max_reply_bytes (builder, 4096);
    client_ = Connect (builder);
    log_ = Listen (client_);
  }

  CuratorTestProxy *proxy_ = nullptr;
  CuratorFramework *client_ = nullptr;
  StateLog *log_ = nullptr;
  Outcome *follow_up_ = nullptr;
  bool acted_ = false;
  int n_lists_ = 0;
};

/* faults: 16 */
TEST_P (Callbacks, MayCloseTheClient)
{
  for (Place place : { Place::kResult, Place::kState, Place::kEvent, Place::kError })
    {
      acted_ = false;
      Provoke (place, Action::kClose);
      ASSERT_TRUE (Until ([this] { return acted_; })) << static_cast<int> (place);
      EXPECT_TRUE (UntilState (client_, kClosed));
      ConnectAgain ();
    }
}

/* faults: 16 */
TEST_P (Callbacks, MayCloseTheClientAndWaitForIt)
{
  for (Place place : { Place::kResult, Place::kState, Place::kEvent, Place::kError })
    {
      acted_ = false;
      Provoke (place, Action::kCloseAndIterate);
      ASSERT_TRUE (Until ([this] { return acted_; })) << static_cast<int> (place);
      EXPECT_EQ (curator_framework_get_connection_state (client_), kClosed);
      ConnectAgain ();
    }
}

/* faults: 16 */
TEST_P (Callbacks, MayDropTheClient)
{
  for (Place place : { Place::kResult, Place::kState, Place::kEvent, Place::kError })
    {
      acted_ = false;
      Provoke (place, Action::kDrop);
      ASSERT_TRUE (Until ([this] { return acted_; })) << static_cast<int> (place);
      EXPECT_TRUE (Until ([this] { return curator_test_proxy_count_open_connections (proxy_) == 0; }));
      ConnectAgain ();
    }
}

/* faults: 16 */
TEST_P (Callbacks, MayBeginAnotherOperationAndWaitForIt)
{
  for (Action action : { Action::kOperate, Action::kIterate })
    for (Place place : { Place::kResult, Place::kState, Place::kEvent, Place::kError })
      {
        acted_ = false;
        Provoke (place, action);
        ASSERT_TRUE (Until ([this] { return acted_; })) << static_cast<int> (place);
        EXPECT_TRUE (Succeeds (follow_up_));
        ExpectClosed (Close (client_));
        ConnectAgain ();
      }
}

/* faults: 16 */
TEST_P (Callbacks, MayCancel)
{
  for (Place place : { Place::kResult, Place::kState, Place::kEvent, Place::kError })
    {
      acted_ = false;
      Provoke (place, Action::kCancel);
      ASSERT_TRUE (Until ([this] { return acted_; })) << static_cast<int> (place);
      ASSERT_TRUE (UntilDone (follow_up_));
      EXPECT_TRUE (follow_up_->ok || follow_up_->FailedWith (G_IO_ERROR, G_IO_ERROR_CANCELLED))
          << follow_up_->error.message ();
    }
}

/* One callback waits in a loop of its own for what follows, and that one likewise.
 *
 * faults: 16 */
TEST_P (Callbacks, MayWaitForEachOther)
{
  constexpr int depth = 20;
  std::function<void (int)> descend = [&] (int level) {
    Outcome *next = Exists (client_, "/node");

    if (level < depth)
      next->then = [&descend, level] { descend (level + 1); };
    else
      next->then = [this] { ExpectClosed (Close (client_)); };
    EXPECT_TRUE (UntilDone (next));
    next->then = nullptr;
  };

  descend (0);
  EXPECT_EQ (curator_framework_get_connection_state (client_), kClosed);
}

INSTANTIATE_TEST_SUITE_P (Modes, Callbacks, Values (Mode::kShared, Mode::kContext), ModeName);

/* --- sizes --- */

/* faults: 17 */
TEST_P (Faults, AReplyThatIsTooLargeFailsAlone)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  CuratorFramework *client, *writer;
  StateLog *log;
  std::vector<Outcome *> creates;
  constexpr int n_children = 200;

  curator_framework_builder_with_max_reply_bytes (builder, 4096);
  client = Connect (builder);
  writer = Connect (Chroot (), session_ms);
  log = Listen (client);
  creates.push_back (Create (writer, "/small", CURATOR_CREATE_MODE_PERSISTENT, "small"));
  creates.push_back (Create (writer, "/large", CURATOR_CREATE_MODE_PERSISTENT, std::string (1000000, 'x')));
  for (int i = 0; i < n_children; i++)
    creates.push_back (Create (writer, "/" + std::string (40, 'x') + std::to_string (i)));
  ASSERT_TRUE (UntilDone (creates));
  Outcome *before = Get (client, "/small");
  Outcome *list = GetChildren (client, "/");
  Outcome *between = Get (client, "/small");
  Outcome *get = Get (client, "/large");
  Outcome *after = Get (client, "/small");
  ASSERT_TRUE (UntilDone ({ before, list, between, get, after }));
  EXPECT_TRUE (list->FailedWith (CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE)) << list->error.message ();
  EXPECT_THAT (list->error.message (), HasSubstr ("get children \"/\""));
  EXPECT_TRUE (get->FailedWith (CURATOR_ERROR, CURATOR_ERROR_REPLY_TOO_LARGE)) << get->error.message ();
  for (const Outcome *small : { before, between, after })
    EXPECT_EQ (small->text, "small") << small->error.message ();
  EXPECT_THAT (log->states, IsEmpty ());
  EXPECT_EQ (curator_test_proxy_count_connections (proxy), 1U);
  EXPECT_EQ (curator_test_proxy_count_requests (proxy, op_get_data), 4U);
}

/* faults: 17 */
TEST_P (Faults, ARequestThatIsTooLargeFailsAloneAndIsNotSent)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  StateLog *log = Listen (client);
  Outcome *create = Create (client, "/node", CURATOR_CREATE_MODE_PERSISTENT, std::string (1000000, 'x'));
  Outcome *large = Create (client, "/large", CURATOR_CREATE_MODE_PERSISTENT, std::string (1100000, 'x'));
  Outcome *get = Get (client, "/node");

  ASSERT_TRUE (UntilDone ({ create, large, get }));
  EXPECT_TRUE (large->FailedWith (CURATOR_ERROR, CURATOR_ERROR_REQUEST_TOO_LARGE)) << large->error.message ();
  EXPECT_THAT (large->error.message (), HasSubstr ("create \"/large\""));
  EXPECT_TRUE (create->ok) << create->error.message ();
  EXPECT_EQ (get->text.size (), 1000000U) << get->error.message ();
  EXPECT_THAT (log->states, IsEmpty ());
  EXPECT_EQ (curator_test_proxy_count_requests (proxy, op_create2), 1U);
}

/* --- permissions --- */

/* faults: 18 */
TEST_P (Faults, WhatIsNotAllowedIsNotTriedAgain)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  CuratorFramework *owner = Connect (Chroot (), session_ms);
  g_autoptr (GPtrArray) own = curator_acl_creator_all ();
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);

  g_ptr_array_add (bad, curator_acl_new (CURATOR_PERMS_ALL, "no-such-scheme", "somebody"));
  ASSERT_TRUE (Succeeds (AddAuth (owner, "digest", "user:password")));
  ASSERT_TRUE (Succeeds (Create (owner, "/node", CURATOR_CREATE_MODE_PERSISTENT, "secret", own)));
  Outcome *get = Get (client, "/node");
  Outcome *create = Create (client, "/bad", CURATOR_CREATE_MODE_PERSISTENT, "", bad);
  ASSERT_TRUE (UntilDone ({ get, create }));
  EXPECT_TRUE (get->FailedWith (CURATOR_ERROR, CURATOR_ERROR_NO_AUTH)) << get->error.message ();
  EXPECT_TRUE (create->FailedWith (CURATOR_ERROR, CURATOR_ERROR_INVALID_ACL)) << create->error.message ();
  EXPECT_EQ (curator_test_proxy_count_requests (proxy, op_get_data), 1U);
  EXPECT_EQ (curator_test_proxy_count_requests (proxy, op_create2), 1U);
  ASSERT_TRUE (Succeeds (AddAuth (client, "digest", "user:password")));
  Outcome *allowed = Get (client, "/node");
  ASSERT_TRUE (Succeeds (allowed));
  EXPECT_EQ (allowed->text, "secret");
}

/* faults: 6, 9, 18 */
TEST_P (Faults, CredentialsOutliveConnectionsAndSessions)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  g_autoptr (GPtrArray) own = curator_acl_creator_all ();
  Outcome *auth;

  Cut (proxy);
  ASSERT_TRUE (UntilState (client, kSuspended));
  auth = AddAuth (client, "digest", "user:password");
  Restore (proxy);
  ASSERT_TRUE (Succeeds (auth));
  ASSERT_TRUE (Succeeds (Create (client, "/node", CURATOR_CREATE_MODE_PERSISTENT, "secret", own)));
  StateLog *log = Listen (client);
  curator_test_proxy_drop_connections (proxy, TRUE);
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kReconnected); }));
  EXPECT_TRUE (Succeeds (Get (client, "/node")));
  Expire (client, Server ());
  ASSERT_TRUE (Until ([log] { return log->Has (kLost) && log->EndsWith (kReconnected); }));
  EXPECT_TRUE (Succeeds (Get (client, "/node")));
}

/* faults: 18 */
TEST_P (Faults, RefusedCredentialsEndTheClientForGood)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFramework *client = Connect (Through (proxy), session_ms);
  StateLog *log = Listen (client);
  Outcome *auth = AddAuth (client, "no-such-scheme", "somebody");
  std::vector<Outcome *> late;

  ASSERT_TRUE (UntilDone (auth));
  EXPECT_TRUE (auth->FailedWith (CURATOR_ERROR, CURATOR_ERROR_AUTH_FAILED)) << auth->error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kLost); }));
  late = { Get (client, "/"), Await (client, -1), AddAuth (client, "digest", "user:password") };
  ASSERT_TRUE (UntilDone (late));
  for (const Outcome *outcome : late)
    EXPECT_TRUE (outcome->FailedWith (CURATOR_ERROR, CURATOR_ERROR_AUTH_FAILED)) << outcome->error.message ();
  LetPass (300);
  EXPECT_EQ (curator_test_proxy_count_connections (proxy), 1U);
  EXPECT_EQ (log->errors.size (), 1U);
  ExpectClosed (Close (client));
  EXPECT_TRUE (Until ([log] { return log->EndsWith (kClosed); }));
}

/* faults: 18 */
TEST_P (Faults, AClientBuiltWithBadCredentialsNeverConnects)
{
  CuratorTestProxy *proxy = NewProxy (Server ());
  CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
  g_autoptr (GBytes) auth = g_bytes_new_static ("somebody", 8);
  CuratorFramework *client;
  StateLog *log;
  guint n_connections;

  curator_framework_builder_with_auth (builder, "no-such-scheme", auth);
  client = Build (builder);
  log = Listen (client);
  Start (client);
  Outcome *early = Get (client, "/");
  ASSERT_TRUE (UntilDone (early));
  EXPECT_TRUE (early->FailedWith (CURATOR_ERROR, CURATOR_ERROR_AUTH_FAILED)) << early->error.message ();
  ASSERT_TRUE (Until ([log] { return log->EndsWith (kLost); }));
  /* The server hangs up, which may cost the answer; but with the answer it ends. */
  n_connections = curator_test_proxy_count_connections (proxy);
  LetPass (300);
  EXPECT_EQ (curator_test_proxy_count_connections (proxy), n_connections);
  EXPECT_EQ (log->errors.size (), 1U);
}

/* --- processes --- */

/* Everything fails in the child, nothing hangs, and its end is not the session's. A client of the child's own
 * works.
 *
 * faults: 26 */
TEST_P (Faults, AForkedChildCannotHarmTheSession)
{
  CuratorFramework *client = Connect (Chroot (), session_ms);
  std::string chroot = Chroot ();
  StateLog *log = Listen (client);
  gint64 session_id = curator_framework_get_session_id (client);
  int status = -1;
  pid_t pid;

  ASSERT_TRUE (Succeeds (Create (client, "/ephemeral", CURATOR_CREATE_MODE_EPHEMERAL)));
  pid = fork ();
  if (pid == 0)
    _exit (UseInChild (client, chroot));
  ASSERT_GT (pid, 0);
  ASSERT_TRUE (Until ([&] { return waitpid (pid, &status, WNOHANG) == pid; }, 20000));
  EXPECT_TRUE (WIFEXITED (status));
  EXPECT_EQ (WEXITSTATUS (status), 0);
  EXPECT_TRUE (Succeeds (Set (client, "/ephemeral", "1")));
  EXPECT_EQ (curator_framework_get_session_id (client), session_id);
  EXPECT_THAT (log->states, IsEmpty ());
}

INSTANTIATE_TEST_SUITE_P (Modes, Faults, Values (Mode::kShared, Mode::kOwn, Mode::kContext), ModeName);

} // namespace
