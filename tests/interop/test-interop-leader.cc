/* SPDX-License-Identifier: Apache-2.0 */

/* CuratorLeaderLatch and CuratorLeaderSelector with Java's LeaderLatch and LeaderSelector, and with kazoo's
 * Election. */

#include "interop-fixture.h"

#include <gmock/gmock.h>

using namespace interop_test;
using mutex_test::Error;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

namespace
{

/* By their ids, the leader's after a star, as the peers say it. */
Words
Names (GPtrArray *participants, const Error &error)
{
  Words names;

  EXPECT_NE (nullptr, participants) << error.message ();
  for (guint i = 0; participants != nullptr && i < participants->len; i++)
    {
      auto *participant = static_cast<CuratorParticipant *> (participants->pdata[i]);

      names.push_back ((curator_participant_is_leader (participant) ? "*" : "") +
                       std::string (curator_participant_get_id (participant)));
    }
  return names;
}

class InteropLatch : public InteropFixture
{
protected:
  void SetUp () override
  {
    InteropFixture::SetUp ();
    client_ = Connect (session_ms);
    latch_.reset (curator_leader_latch_new (client_, "/latch", "ours"));
  }

  void TearDown () override
  {
    curator_leader_latch_close_sync (latch_, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, nullptr, nullptr);
    latch_.reset ();
    InteropFixture::TearDown ();
  }

  void Start ()
  {
    Error error;

    ASSERT_TRUE (curator_leader_latch_start (latch_, error.out ())) << error.message ();
  }

  void CloseLatch ()
  {
    Error error;

    EXPECT_TRUE (curator_leader_latch_close_sync (latch_, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, nullptr,
                                                  error.out ()))
        << error.message ();
  }

  bool Leads ()
  {
    return curator_leader_latch_get_has_leadership (latch_);
  }

  bool UntilLeads (bool leads = true)
  {
    return Until ([&] { return Leads () == leads; }, answer_timeout_ms);
  }

  Words Participants ()
  {
    Error error;
    g_autoptr (GPtrArray) participants =
        curator_leader_latch_get_participants_sync (latch_, nullptr, error.out ());

    return Names (participants, error);
  }

  bool UntilParticipants (const Words &names)
  {
    return Until ([&] { return Participants () == names; }, answer_timeout_ms);
  }

  void StartTheirs (InteropPeer &peer, const char *id = "theirs")
  {
    Ok (peer, { "peer", "new", "a", "latch", "/latch", id });
    Ok (peer, { "a", "start" });
  }

  CuratorFramework *client_ = nullptr;
  Ref<CuratorLeaderLatch> latch_;
};

TEST_F (InteropLatch, TheyLeadAndThenWe)
{
  StartTheirs (Java ());
  ASSERT_TRUE (UntilEvent (Java (), "a", "gained"));
  Start ();
  ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
  EXPECT_THAT (Ok (Java (), { "a", "participants" }), ElementsAre ("*theirs", "ours"));
  EXPECT_FALSE (Leads ());

  Ok (Java (), { "a", "close" });
  ASSERT_TRUE (UntilLeads ());
  EXPECT_THAT (Participants (), ElementsAre ("*ours"));
}

TEST_F (InteropLatch, WeLeadAndThenThey)
{
  Start ();
  ASSERT_TRUE (UntilLeads ());
  StartTheirs (Java ());
  ASSERT_TRUE (UntilParticipants ({ "*ours", "theirs" }));
  EXPECT_THAT (Ok (Java (), { "a", "participants" }), ElementsAre ("*ours", "theirs"));
  EXPECT_EQ ("ours", Get (Java (), { "a", "leader" }));
  ExpectNo (Java (), { "a", "leading" });
  EXPECT_THAT (Get (Java (), { "a", "node" }), MatchesRegex ("/latch/_c_[-0-9a-f]{36}-latch-[0-9]{10}"));

  CloseLatch ();
  ASSERT_TRUE (UntilEvent (Java (), "a", "gained"));
  Ok (Java (), { "a", "leading" });
  EXPECT_THAT (Ok (Java (), { "a", "participants" }), ElementsAre ("*theirs"));
}

/* And takes part again, behind. */
TEST_F (InteropLatch, WeGiveTheLeadershipToThem)
{
  Error error;

  Start ();
  ASSERT_TRUE (UntilLeads ());
  StartTheirs (Java ());
  ASSERT_TRUE (UntilParticipants ({ "*ours", "theirs" }));
  Ref<CuratorLease> lease (curator_leader_latch_dup_lease (latch_));
  EXPECT_TRUE (curator_lease_release_sync (lease, nullptr, error.out ())) << error.message ();
  ASSERT_TRUE (UntilEvent (Java (), "a", "gained"));
  ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
  EXPECT_FALSE (Leads ());
}

TEST_F (InteropLatch, TheirLeaderIsKilled)
{
  InteropPeer &doomed = StartOwnJava ();

  StartTheirs (doomed);
  ASSERT_TRUE (UntilEvent (doomed, "a", "gained"));
  Start ();
  ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
  doomed.Kill ();
  EXPECT_TRUE (UntilLeads ());
}

/* faults: 6 */
TEST_F (InteropLatch, OurSessionExpires)
{
  Start ();
  ASSERT_TRUE (UntilLeads ());
  StartTheirs (Java ());
  ASSERT_TRUE (UntilParticipants ({ "*ours", "theirs" }));
  Expire (client_);
  ASSERT_TRUE (UntilEvent (Java (), "a", "gained"));
  ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
  Ok (Java (), { "a", "close" });
  EXPECT_TRUE (UntilLeads ());
}

class InteropSelector : public InteropFixture
{
protected:
  void SetUp () override
  {
    InteropFixture::SetUp ();
    selector_.reset (curator_leader_selector_new (Connect (session_ms), "/select", "ours"));
    g_signal_connect (selector_.get (), "leadership-taken", G_CALLBACK (OnTaken), this);
  }

  void TearDown () override
  {
    curator_leader_selector_close_sync (selector_, nullptr, nullptr);
    selector_.reset ();
    lease_.reset ();
    InteropFixture::TearDown ();
  }

  static void OnTaken (CuratorLeaderSelector *, CuratorLease *lease, InteropSelector *self)
  {
    self->lease_ = Ref<CuratorLease>::Share (lease);
    self->n_turns_++;
  }

  bool UntilTurns (size_t count)
  {
    return Until ([&] { return n_turns_ >= count; }, answer_timeout_ms);
  }

  void Start ()
  {
    Error error;

    ASSERT_TRUE (curator_leader_selector_start (selector_, error.out ())) << error.message ();
  }

  Words Participants ()
  {
    Error error;
    g_autoptr (GPtrArray) participants =
        curator_leader_selector_get_participants_sync (selector_, nullptr, error.out ());

    return Names (participants, error);
  }

  bool UntilParticipants (const Words &names)
  {
    return Until ([&] { return Participants () == names; }, answer_timeout_ms);
  }

  Ref<CuratorLeaderSelector> selector_;
  Ref<CuratorLease> lease_;
  size_t n_turns_ = 0;
};

TEST_F (InteropSelector, TurnsGoRound)
{
  curator_leader_selector_set_auto_requeue (selector_, TRUE);
  Ok (Java (), { "peer", "new", "a", "selector", "/select", "theirs", "auto" });
  Ok (Java (), { "a", "start" });
  ASSERT_TRUE (UntilEvent (Java (), "a", "gained"));
  Start ();
  for (size_t round = 1; round <= 3; round++)
    {
      ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
      EXPECT_THAT (Ok (Java (), { "a", "participants" }), ElementsAre ("*theirs", "ours"));
      Ok (Java (), { "a", "leading" });
      Ok (Java (), { "a", "relinquish" });
      ASSERT_TRUE (UntilTurns (round));
      ASSERT_TRUE (UntilParticipants ({ "*ours", "theirs" }));
      EXPECT_EQ ("ours", Get (Java (), { "a", "leader" }));
      EXPECT_TRUE (curator_leader_selector_get_has_leadership (selector_));
      lease_.reset ();
      ASSERT_TRUE (UntilEvent (Java (), "a", "gained", round + 1));
    }
}

TEST_F (InteropSelector, TheirLeaderIsKilled)
{
  InteropPeer &doomed = StartOwnJava ();

  Ok (doomed, { "peer", "new", "a", "selector", "/select", "theirs" });
  Ok (doomed, { "a", "start" });
  ASSERT_TRUE (UntilEvent (doomed, "a", "gained"));
  Start ();
  ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
  doomed.Kill ();
  EXPECT_TRUE (UntilTurns (1));
}

/* Whom they do not see. */
TEST_F (InteropSelector, WeWaitForKazoo)
{
  Ok (Kazoo (), { "peer", "new", "a", "election", "/select", "theirs" });
  Ok (Kazoo (), { "a", "start" });
  ASSERT_TRUE (UntilEvent (Kazoo (), "a", "gained"));
  Start ();
  ASSERT_TRUE (UntilParticipants ({ "*theirs", "ours" }));
  EXPECT_EQ (0u, n_turns_);
  Ok (Kazoo (), { "a", "relinquish" });
  EXPECT_TRUE (UntilTurns (1));
}

} // namespace
