/* SPDX-License-Identifier: Apache-2.0 */
#include "leader-fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

using namespace leader_test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

namespace
{

/* How ZooKeeper numbers requests. */
constexpr int op_delete = 2;

constexpr int session_ms = 3000;

/* What a selector told; keeps the leases that came. */
struct SelectorLog
{
  bool keeps = true;
  std::vector<Ref<CuratorLease> > leases;
  std::vector<guint64> tokens;
  std::vector<bool> led; /* by what it said of itself right then */
  std::vector<std::string> errors;
  size_t n_asked = 0; /* to end a turn */
};

class LeaderSelector : public LeaderFixture
{
protected:
  void TearDown () override
  {
    selector_logs_.clear ();
    selectors_.clear ();
    LeaderFixture::TearDown ();
  }

  static void OnAsked (CuratorLease *, SelectorLog *log)
  {
    log->n_asked++;
  }

  static void OnTaken (CuratorLeaderSelector *selector, CuratorLease *lease, SelectorLog *log)
  {
    log->led.push_back (curator_leader_selector_get_has_leadership (selector));
    log->tokens.push_back (curator_lease_get_fencing_token (lease));
    g_signal_connect (lease, "revocation-requested", G_CALLBACK (OnAsked), log);
    if (log->keeps)
      log->leases.push_back (Ref<CuratorLease>::Share (lease));
  }

  static void OnSelectorError (CuratorLeaderSelector *, GError *error, SelectorLog *log)
  {
    log->errors.push_back (error->message);
  }

  CuratorLeaderSelector *
  NewSelector (CuratorFramework *client, const char *id = nullptr, const char *path = "/leader")
  {
    selectors_.push_back (Ref<CuratorLeaderSelector> (curator_leader_selector_new (client, path, id)));
    WatchFinalize (selectors_.back ().get ());
    return selectors_.back ();
  }

  SelectorLog *Follow (CuratorLeaderSelector *selector)
  {
    selector_logs_.push_back (std::make_unique<SelectorLog> ());
    g_signal_connect (selector, "leadership-taken", G_CALLBACK (OnTaken), selector_logs_.back ().get ());
    g_signal_connect (selector, "error", G_CALLBACK (OnSelectorError), selector_logs_.back ().get ());
    return selector_logs_.back ().get ();
  }

  void StartSelector (CuratorLeaderSelector *selector)
  {
    Error error;

    EXPECT_TRUE (curator_leader_selector_start (selector, error.out ())) << error.message ();
  }

  void CloseSelector (CuratorLeaderSelector *selector)
  {
    Error error;

    EXPECT_TRUE (curator_leader_selector_close_sync (selector, nullptr, error.out ())) << error.message ();
    EXPECT_FALSE (curator_leader_selector_get_has_leadership (selector));
  }

  Ref<CuratorLease> Take (CuratorLeaderSelector *selector)
  {
    Error error;
    Ref<CuratorLease> lease (
        curator_leader_selector_take_leadership_sync (selector, 20000, nullptr, error.out ()));

    EXPECT_NE (nullptr, lease.get ()) << error.message ();
    return lease;
  }

  std::vector<std::string> Those (CuratorLeaderSelector *selector)
  {
    Error error;
    g_autoptr (GPtrArray) participants =
        curator_leader_selector_get_participants_sync (selector, nullptr, error.out ());

    EXPECT_NE (nullptr, participants) << error.message ();
    return participants != nullptr ? Names (participants) : std::vector<std::string> ();
  }

  bool UntilThose (CuratorLeaderSelector *selector, const std::vector<std::string> &names)
  {
    return Until ([&] { return Those (selector) == names; }, 20000);
  }

  bool UntilTurns (SelectorLog *log, size_t count)
  {
    return Until ([&] { return log->tokens.size () >= count; }, 20000);
  }

  std::vector<Ref<CuratorLeaderSelector> > selectors_;
  std::vector<std::unique_ptr<SelectorLog> > selector_logs_;
};

/* --- by calls --- */

TEST_F (LeaderSelector, TurnsAreTakenByCalls)
{
  CuratorLeaderSelector *first = NewSelector (Connect (), "one");
  CuratorLeaderSelector *second = NewSelector (Connect (), "two");
  Ref<CuratorLease> lease = Take (first);
  Error error;

  EXPECT_THAT (curator_lease_get_path (lease), MatchesRegex ("/leader/_c_[-0-9a-f]{36}-lock-[0-9]{10}"));
  EXPECT_EQ (nullptr, curator_leader_selector_take_leadership_sync (second, 0, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error.message ();
  g_autoptr (CuratorParticipant) leader =
      curator_leader_selector_get_leader_sync (second, nullptr, error.out ());
  ASSERT_NE (nullptr, leader) << error.message ();
  EXPECT_STREQ ("one", curator_participant_get_id (leader));
  EXPECT_FALSE (curator_leader_selector_get_has_leadership (first));
  Release (lease);
  Ref<CuratorLease> next = Take (second);
  EXPECT_GT (curator_lease_get_fencing_token (next), curator_lease_get_fencing_token (lease));
  EXPECT_THAT (Those (first), ElementsAre ("*two"));
}

TEST_F (LeaderSelector, AWaitForATurnIsCancelled)
{
  CuratorLeaderSelector *first = NewSelector (Connect (), "one");
  CuratorLeaderSelector *second = NewSelector (Connect (), "two");
  Ref<CuratorLease> lease = Take (first);
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Call call;

  curator_leader_selector_take_leadership_async (
      second, -1, cancellable,
      [] (GObject *object, GAsyncResult *result, gpointer data) {
        auto *done = static_cast<Call *> (data);

        EXPECT_EQ (nullptr, curator_leader_selector_take_leadership_finish (CURATOR_LEADER_SELECTOR (object),
                                                                            result, done->error.out ()));
        done->done = true;
      },
      &call);
  ASSERT_TRUE (UntilThose (first, { "*one", "two" }));
  g_cancellable_cancel (cancellable);
  ASSERT_TRUE (UntilDone (&call));
  EXPECT_TRUE (call.error.matches (G_IO_ERROR, G_IO_ERROR_CANCELLED)) << call.error.message ();
  EXPECT_TRUE (UntilThose (first, { "*one" }));
}

TEST_F (LeaderSelector, AMutexIsTheSame)
{
  CuratorLeaderSelector *selector = NewSelector (Connect (), "one");
  Ref<CuratorMutex> mutex = NewMutex (Connect (), "/leader");
  Ref<CuratorLease> lease = Take (selector);
  Error error;

  EXPECT_EQ (nullptr, curator_mutex_try_acquire_sync (mutex, nullptr, error.out ()));
  EXPECT_EQ (nullptr, error.get ()) << error.message ();
  Release (lease);
  EXPECT_NE (nullptr, Acquire (mutex).get ());
}

/* --- started --- */

TEST_F (LeaderSelector, ATurnLastsAsLongAsItsLease)
{
  CuratorLeaderSelector *first = NewSelector (Connect (), "one");
  SelectorLog *first_log = Follow (first);
  StartSelector (first);
  ASSERT_TRUE (UntilTurns (first_log, 1));
  EXPECT_THAT (first_log->led, ElementsAre (true));
  EXPECT_TRUE (curator_leader_selector_get_has_leadership (first));
  CuratorLeaderSelector *second = NewSelector (Connect (), "two");
  SelectorLog *second_log = Follow (second);
  StartSelector (second);
  ASSERT_TRUE (UntilThose (first, { "*one", "two" }));
  EXPECT_THAT (second_log->tokens, IsEmpty ());

  Release (first_log->leases[0]);
  EXPECT_FALSE (curator_leader_selector_get_has_leadership (first));
  ASSERT_TRUE (UntilTurns (second_log, 1));
  EXPECT_GT (second_log->tokens[0], first_log->tokens[0]);
  EXPECT_THAT (Those (first), ElementsAre ("*two"));
}

/* faults: 16 */
TEST_F (LeaderSelector, ATurnThatNobodyKeepsEndsAtOnce)
{
  CuratorLeaderSelector *selector = NewSelector (Connect ());
  SelectorLog *log = Follow (selector);

  log->keeps = false;
  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  EXPECT_TRUE (UntilThose (selector, {}));
}

TEST_F (LeaderSelector, OneMoreTurnIsAskedFor)
{
  CuratorLeaderSelector *selector = NewSelector (Connect ());
  SelectorLog *log = Follow (selector);

  EXPECT_FALSE (curator_leader_selector_requeue (selector));
  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  EXPECT_TRUE (curator_leader_selector_requeue (selector));
  EXPECT_FALSE (curator_leader_selector_requeue (selector));
  log->leases.clear ();
  ASSERT_TRUE (UntilTurns (log, 2));
  log->leases.clear ();
  ASSERT_TRUE (UntilThose (selector, {}));
  EXPECT_TRUE (curator_leader_selector_requeue (selector));
  ASSERT_TRUE (UntilTurns (log, 3));
  EXPECT_TRUE (std::is_sorted (log->tokens.begin (), log->tokens.end ()));
  CloseSelector (selector);
  EXPECT_FALSE (curator_leader_selector_requeue (selector));
  EXPECT_EQ (CURATOR_LEASE_STATE_RELEASED, curator_lease_get_state (log->leases[0]));
}

TEST_F (LeaderSelector, TurnsFollowByThemselves)
{
  std::vector<CuratorLeaderSelector *> selectors;
  std::vector<SelectorLog *> logs;
  std::vector<guint64> tokens;

  for (int i = 0; i < 3; i++)
    {
      selectors.push_back (NewSelector (Connect ()));
      g_object_set (selectors.back (), "auto-requeue", TRUE, nullptr);
      EXPECT_TRUE (curator_leader_selector_get_auto_requeue (selectors.back ()));
      logs.push_back (Follow (selectors.back ()));
      logs.back ()->keeps = false;
      StartSelector (selectors.back ());
    }
  for (SelectorLog *log : logs)
    ASSERT_TRUE (UntilTurns (log, 10));
  for (CuratorLeaderSelector *selector : selectors)
    CloseSelector (selector);
  for (SelectorLog *log : logs)
    tokens.insert (tokens.end (), log->tokens.begin (), log->tokens.end ());
  std::sort (tokens.begin (), tokens.end ());
  EXPECT_EQ (tokens.end (), std::adjacent_find (tokens.begin (), tokens.end ()));
  EXPECT_TRUE (UntilThose (selectors[0], {}));
}

/* Whoever changes his mind while he leads has not asked for a turn. */
TEST_F (LeaderSelector, NoTurnFollowsWhereThatIsTakenBack)
{
  CuratorLeaderSelector *selector = NewSelector (Connect ());
  SelectorLog *log = Follow (selector);

  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  curator_leader_selector_set_auto_requeue (selector, TRUE);
  curator_leader_selector_set_auto_requeue (selector, FALSE);
  EXPECT_THAT (Those (selector), ElementsAre ("*"));
  log->leases.clear ();
  EXPECT_TRUE (UntilThose (selector, {}));
  EXPECT_TRUE (curator_leader_selector_requeue (selector));
  ASSERT_TRUE (UntilTurns (log, 2));
}

/* bugs: CURATOR-518 */
TEST_F (LeaderSelector, ATurnIsInterrupted)
{
  CuratorLeaderSelector *selector = NewSelector (Connect ());
  SelectorLog *log = Follow (selector);

  curator_leader_selector_set_auto_requeue (selector, TRUE);
  EXPECT_FALSE (curator_leader_selector_interrupt_leadership (selector));
  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  EXPECT_TRUE (curator_leader_selector_interrupt_leadership (selector));
  EXPECT_TRUE (curator_leader_selector_interrupt_leadership (selector));
  ASSERT_TRUE (Until ([&] { return log->n_asked > 0; }));
  Drain ();
  EXPECT_EQ (1u, log->n_asked);
  EXPECT_TRUE (curator_lease_is_valid (log->leases[0]));
  log->leases.clear ();
  ASSERT_TRUE (UntilTurns (log, 2));
  curator_leader_selector_set_auto_requeue (selector, FALSE);
  EXPECT_TRUE (curator_leader_selector_interrupt_leadership (selector));
  log->leases.clear ();
  EXPECT_TRUE (UntilThose (selector, {}));
  EXPECT_FALSE (curator_leader_selector_interrupt_leadership (selector));
}

TEST_F (LeaderSelector, OneThatWaitsIsClosed)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderSelector *first = NewSelector (client, "one");
  Ref<CuratorLease> lease = Take (first);
  CuratorLeaderSelector *second = NewSelector (client, "two");
  SelectorLog *log = Follow (second);

  StartSelector (second);
  ASSERT_TRUE (UntilThose (first, { "*one", "two" }));
  CloseSelector (second);
  EXPECT_THAT (Those (first), ElementsAre ("*one"));
  Release (lease);
  Drain ();
  EXPECT_THAT (log->tokens, IsEmpty ());
}

TEST_F (LeaderSelector, BadValuesAreErrors)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderSelector *selector = NewSelector (client, "x", "no/path");
  Error error;

  EXPECT_FALSE (curator_leader_selector_start (selector, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_leader_selector_take_leadership_sync (selector, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  selector = NewSelector (client, "\xff");
  EXPECT_FALSE (curator_leader_selector_start (selector, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  EXPECT_EQ (nullptr, curator_leader_selector_take_leadership_sync (selector, -1, nullptr, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  selector = NewSelector (client);
  StartSelector (selector);
  EXPECT_FALSE (curator_leader_selector_start (selector, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) << error.message ();
  CloseSelector (selector);
  EXPECT_FALSE (curator_leader_selector_start (selector, error.out ()));
  EXPECT_TRUE (error.matches (G_IO_ERROR, G_IO_ERROR_CLOSED)) << error.message ();
  Ref<CuratorLeaderSelector> none (
      CURATOR_LEADER_SELECTOR (g_object_new (CURATOR_TYPE_LEADER_SELECTOR, nullptr)));
  EXPECT_FALSE (curator_leader_selector_get_has_leadership (none));
}

TEST_F (LeaderSelector, LeavesNeitherNodesNorWatchesBehind)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderSelector *taken = NewSelector (client, "one");
  Ref<CuratorLease> lease = Take (taken);
  CuratorLeaderSelector *started = NewSelector (client, "two");
  SelectorLog *log = Follow (started);

  StartSelector (started);
  ASSERT_TRUE (UntilThose (taken, { "*one", "two" }));
  Release (lease);
  ASSERT_TRUE (UntilTurns (log, 1));
  CloseSelector (started);
  EXPECT_THAT (Those (taken), IsEmpty ());
  EXPECT_TRUE (Until ([&] { return CountWatches () == 0; }));
}

/* --- faults --- */

/* faults: 6, 7
 * bugs: CURATOR-54 */
TEST_F (LeaderSelector, ATurnEndsWithItsSession)
{
  CuratorFramework *client = Connect (session_ms);
  CuratorLeaderSelector *selector = NewSelector (client);
  SelectorLog *log = Follow (selector);

  curator_leader_selector_set_auto_requeue (selector, TRUE);
  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  Expire (client);
  ASSERT_TRUE (UntilState (log->leases[0], CURATOR_LEASE_STATE_LOST));
  ASSERT_TRUE (UntilTurns (log, 2));
  EXPECT_GT (log->tokens[1], log->tokens[0]);
  EXPECT_NE (curator_lease_get_session_id (log->leases[1]), curator_lease_get_session_id (log->leases[0]));
}

/* Its lease keeps what it was; nobody is told twice.
 * faults: 9 */
TEST_F (LeaderSelector, ATurnSurvivesASuspension)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorLeaderSelector *selector = NewSelector (client);
  SelectorLog *log = Follow (selector);

  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  Disconnect ();
  ASSERT_TRUE (UntilState (log->leases[0], CURATOR_LEASE_STATE_SUSPECT));
  EXPECT_FALSE (curator_leader_selector_get_has_leadership (selector));
  Reconnect ();
  ASSERT_TRUE (UntilState (log->leases[0], CURATOR_LEASE_STATE_HELD));
  EXPECT_TRUE (Until ([&] { return bool (curator_leader_selector_get_has_leadership (selector)); }));
  EXPECT_EQ (1u, log->tokens.size ());
}

/* Whoever was busy meanwhile hears of the next one.
 * faults: 14, 19 */
TEST_F (LeaderSelector, ATurnThatNobodyHeardOfDoesNotCount)
{
  CuratorLeaderSelector *selector = NewSelector (Connect ());
  SelectorLog *log = Follow (selector);
  auto until_leads = [&] (bool leads) {
    gint64 end_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

    while (bool (curator_leader_selector_get_has_leadership (selector)) != leads &&
           g_get_monotonic_time () < end_us)
      std::this_thread::yield ();
    return bool (curator_leader_selector_get_has_leadership (selector)) == leads;
  };

  StartSelector (selector);
  ASSERT_TRUE (until_leads (true));
  g_autoptr (CuratorParticipant) leader =
      curator_leader_selector_get_leader_sync (selector, nullptr, nullptr);
  ASSERT_NE (nullptr, leader);
  OperatorDelete (curator_participant_get_path (leader));
  ASSERT_TRUE (until_leads (false));
  EXPECT_THAT (log->tokens, IsEmpty ());
  EXPECT_FALSE (curator_leader_selector_requeue (selector));
  ASSERT_TRUE (UntilTurns (log, 1));
  EXPECT_STRNE (curator_participant_get_path (leader), curator_lease_get_path (log->leases[0]));
  EXPECT_TRUE (curator_leader_selector_requeue (selector));
  log->leases.clear ();
  ASSERT_TRUE (UntilTurns (log, 2));
  log->leases.clear ();
  EXPECT_TRUE (UntilThose (selector, {}));
}

/* faults: 4 */
TEST_F (LeaderSelector, TheAnswerToTheEndOfATurnIsLost)
{
  CuratorFramework *client = ConnectThroughProxy ();
  CuratorLeaderSelector *selector = NewSelector (client);
  SelectorLog *log = Follow (selector);

  curator_leader_selector_set_auto_requeue (selector, TRUE);
  StartSelector (selector);
  ASSERT_TRUE (UntilTurns (log, 1));
  curator_test_proxy_cut_next (proxy_, CURATOR_TEST_PROXY_CUT_REPLY, op_delete);
  log->leases.clear ();
  ASSERT_TRUE (UntilTurns (log, 2));
  EXPECT_EQ (1u, Those (selector).size ());
}

/* faults: 18
 * bugs: CURATOR-15 */
TEST_F (LeaderSelector, OneThatIsNotLetInTriesAgain)
{
  CuratorFramework *client = Connect ();
  CuratorLeaderSelector *selector = NewSelector (client);
  SelectorLog *log = Follow (selector);

  MakeReadOnly (client, "/leader");
  StartSelector (selector);
  ASSERT_TRUE (Until ([&] { return !log->errors.empty (); }));
  MakeWritable (client, "/leader");
  EXPECT_TRUE (UntilTurns (log, 1));
}

/* bugs: CURATOR-110 */
TEST_F (LeaderSelector, ItStartsWithoutAConnection)
{
  std::string hosts = StartProxy ();
  curator_test_proxy_set_door (proxy_, CURATOR_TEST_PROXY_DOOR_REFUSED);
  CuratorLeaderSelector *selector = NewSelector (Start (NewBuilder (hosts, 10000)));
  SelectorLog *log = Follow (selector);

  StartSelector (selector);
  Reconnect ();
  EXPECT_TRUE (UntilTurns (log, 1));
}

} // namespace
