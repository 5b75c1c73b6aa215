/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-contender-private.h"
#include "curator-core-struct-private.h"
#include "curator-framework-private.h"
#include "curator-watch-table-private.h"
#include "fake-submit.h"

#include <zookeeper.h>

/* A contender with a server that is made up: what it asks for, and what it makes of the answers. */

namespace
{

#define UUID_A "_c_00000000-0000-4000-8000-00000000000a-"
#define UUID_B "_c_00000000-0000-4000-8000-00000000000b-"

constexpr gint64 kSession = 77;
constexpr const char *kOwn = UUID_A "lock-0000000005";
constexpr const char *kOwnPath = "/l/" UUID_A "lock-0000000005";

const char *const patterns[] = { "lock-", nullptr };
const CuratorContenderKind one = { "acquire", "lock-", patterns, FALSE, FALSE };
const CuratorContenderKind counted = { "acquire", "lock-", patterns, FALSE, TRUE };

class ContenderShell : public SubmitFixture
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
    SetState (CURATOR_CONNECTION_STATE_CONNECTED);
    SetSession (kSession);
  }

  /* What is still asked is answered by the end of the client. */
  void TearDown () override
  {
    InLoop ([this] {
      curator_contender_release (contender_);
      curator_contender_give_up (contender_, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "end"));
    });
    for (size_t i = 0; i < submit.Count (); i++)
      submit.Answer (i, [] (CuratorRequest *request) { request->rc = CURATOR_RC_CLOSED; });
    InLoop ([this] { g_clear_pointer (&contender_, curator_contender_unref); });
    curator_watch_table_free (table_);
    SubmitFixture::TearDown ();
  }

  void SetState (CuratorConnectionState state)
  {
    __atomic_store_n (&client->core->state, static_cast<int> (state), __ATOMIC_RELEASE);
  }

  void SetSession (gint64 session_id)
  {
    CuratorCorePublished *published = &client->core->published;

    g_mutex_lock (&published->lock);
    published->session_id = session_id;
    g_mutex_unlock (&published->lock);
  }

  void Start (const CuratorContenderKind *kind = &one,
              gint64 timeout_ms = -1,
              const std::function<void (CuratorContender *)> &prepare = nullptr)
  {
    static const CuratorContenderOwner owner = {
      .granted = [] (CuratorContender *,
                     gpointer data) { static_cast<ContenderShell *> (data)->n_granted_++; },
      .suspect = nullptr,
      .restored = nullptr,
      .lost = [] (CuratorContender *, gpointer data) { static_cast<ContenderShell *> (data)->n_lost_++; },
      .failed =
          [] (CuratorContender *, const GError *error, gpointer data) {
            static_cast<ContenderShell *> (data)->failures_.push_back (error->message);
          },
      .released = nullptr,
      .listed = nullptr,
      .revoked = [] (CuratorContender *,
                     gpointer data) { static_cast<ContenderShell *> (data)->n_revoked_++; },
    };

    contender_ = curator_contender_new (client, kind, "/l", nullptr, timeout_ms);
    curator_contender_set_owner (contender_, &owner, this, nullptr);
    if (prepare)
      prepare (contender_);
    InLoop ([this] { curator_contender_start (contender_); });
    ASSERT_EQ (2u, submit.Count ());
    ASSERT_EQ (CURATOR_REQUEST_CREATE, submit.At (0)->type);
    ASSERT_EQ (CURATOR_REQUEST_GET_CHILDREN, submit.At (1)->type);
  }

  void AnswerCreate (size_t i, gint64 owner = kSession, gint64 session_id = kSession)
  {
    submit.Answer (i, [=] (CuratorRequest *request) {
      request->rc = 0;
      request->result_path = g_strdup (kOwnPath);
      request->session_id = session_id;
      request->stat.ephemeral_owner = owner;
      request->stat.czxid = 1000;
    });
    InLoop ([] {});
  }

  void AnswerList (size_t i, std::vector<std::string> names)
  {
    submit.Answer (i, [names] (CuratorRequest *request) {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

      for (const std::string &name : names)
        g_strv_builder_add (builder, name.c_str ());
      request->rc = 0;
      request->result_children = g_strv_builder_end (builder);
    });
    InLoop ([] {});
  }

  /* To exists and get-data; a watch of the request's is armed by it. */
  void AnswerRead (size_t i, gint64 owner = kSession, gint32 version = 0, const std::string &data = "")
  {
    submit.Answer (i, [=] (CuratorRequest *request) {
      request->rc = 0;
      request->stat.ephemeral_owner = owner;
      request->stat.version = version;
      if (request->type == CURATOR_REQUEST_GET_DATA)
        request->result_data = g_bytes_new (data.data (), data.size ());
      if (request->watch == nullptr)
        return;
      curator_watch_table_arming (table_, request->path, CURATOR_WATCH_KIND_DATA);
      curator_watch_table_armed (table_, request->path, CURATOR_WATCH_KIND_DATA, request->watch, nullptr, 1);
    });
    InLoop ([] {});
  }

  void Event (CuratorWatchedEventType type, const char *path)
  {
    InLoop ([=] { curator_watch_table_event (table_, type, path); });
  }

  /* The last request of a kind, of which there are @count. */
  size_t FindLast (CuratorRequestType type, size_t count)
  {
    size_t n = 0, last = 0;

    for (size_t i = 0; i < submit.Count (); i++)
      if (submit.At (i)->type == type)
        {
          n++;
          last = i;
        }
    EXPECT_EQ (count, n) << curator_request_type_to_string (type);
    return last;
  }

  CuratorContender *contender_ = nullptr;
  CuratorWatchTable *table_ = nullptr;
  int n_granted_ = 0, n_lost_ = 0, n_revoked_ = 0;
  std::vector<std::string> failures_;
};

TEST_F (ContenderShell, IsGrantedByItsOwnNodeInFront)
{
  Start ();
  AnswerCreate (0);
  EXPECT_EQ (0, n_granted_);
  AnswerList (1, { kOwn, UUID_B "lock-0000000006" });
  EXPECT_EQ (1, n_granted_);
  EXPECT_EQ (1000u, curator_contender_get_fencing_token (contender_));
  EXPECT_EQ (2u, submit.Count ());
}

/* It is the first one in the list all the same, and takes part anew.
 * faults: 8
 * bugs: CURATOR-604, CURATOR-696 */
TEST_F (ContenderShell, IsNotGrantedByANodeThatAnotherSessionOwns)
{
  Start ();
  AnswerCreate (0, 33);
  AnswerList (1, { kOwn });
  EXPECT_EQ (0, n_granted_);
  EXPECT_TRUE (failures_.empty ());
  FindLast (CURATOR_REQUEST_CREATE, 2);
}

/* faults: 8
 * bugs: CURATOR-604, CURATOR-696 */
TEST_F (ContenderShell, IsNotGrantedByANodeThatAnotherSessionMade)
{
  Start ();
  AnswerCreate (0, 33, 33);
  AnswerList (1, { kOwn });
  EXPECT_EQ (0, n_granted_);
  FindLast (CURATOR_REQUEST_CREATE, 2);
}

/* The answer is of the session before.
 * faults: 8, 33
 * bugs: CURATOR-604, etcd-11456 */
TEST_F (ContenderShell, IsNotGrantedByAListThatComesAfterItsSession)
{
  Start ();
  AnswerCreate (0);
  SetSession (kSession + 1);
  AnswerList (1, { kOwn });
  EXPECT_EQ (0, n_granted_);
  FindLast (CURATOR_REQUEST_CREATE, 2);
}

/* faults: 8
 * bugs: CURATOR-307 */
TEST_F (ContenderShell, IsNotGrantedByAListWithoutItsNode)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000006" });
  EXPECT_EQ (0, n_granted_);
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2), { UUID_B "lock-0000000006" });
  EXPECT_EQ (0, n_granted_);
  FindLast (CURATOR_REQUEST_CREATE, 2);
}

TEST_F (ContenderShell, IsGrantedWhenTheOnlyOneBeforeItGoes)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_EXISTS, 1));
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  EXPECT_EQ (0, n_granted_);
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000004");
  EXPECT_EQ (1, n_granted_);
  FindLast (CURATOR_REQUEST_GET_CHILDREN, 1);
}

/* Of three before it the middle one goes: everything is asked for at once, and the list says who is left. */
TEST_F (ContenderShell, AdvancesInOneFlight)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000003", UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000003");
  size_t own = FindLast (CURATOR_REQUEST_EXISTS, 1), nearest = FindLast (CURATOR_REQUEST_GET_DATA, 2);
  EXPECT_STREQ ("/l/" UUID_B "lock-0000000004", submit.At (nearest)->path);
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2), { UUID_B "lock-0000000004", kOwn });
  AnswerRead (own);
  AnswerRead (nearest);
  EXPECT_EQ (0, n_granted_);
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000004");
  EXPECT_EQ (1, n_granted_);
  FindLast (CURATOR_REQUEST_GET_CHILDREN, 2);
}

/* Who is left is another one than was watched. */
TEST_F (ContenderShell, WatchesWhoeverIsLeft)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000002", UUID_B "lock-0000000003", UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000003");
  size_t nearest = FindLast (CURATOR_REQUEST_GET_DATA, 2);
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2), { UUID_B "lock-0000000002", kOwn });
  submit.Answer (nearest, [] (CuratorRequest *request) { request->rc = ZNONODE; });
  InLoop ([] {});
  EXPECT_EQ (0, n_granted_);
  EXPECT_STREQ ("/l/" UUID_B "lock-0000000002", submit.At (FindLast (CURATOR_REQUEST_GET_DATA, 3))->path);
}

/* A list that comes after the watch was made after it. */
TEST_F (ContenderShell, BelievesALaterListMoreThanTheWatch)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000003", UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000003");
  AnswerRead (FindLast (CURATOR_REQUEST_EXISTS, 1));
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 2));
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000004");
  EXPECT_EQ (0, n_granted_);
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2), { kOwn });
  EXPECT_EQ (1, n_granted_);
}

/* Its own node may have gone as well: only a list tells.
 * faults: 19
 * bugs: CURATOR-211, etcd-11456 */
TEST_F (ContenderShell, IsNotGrantedUnseenBeforeItsOwnNodeIsWatched)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000004");
  EXPECT_EQ (0, n_granted_);
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2), { kOwn });
  EXPECT_EQ (1, n_granted_);
}

/* faults: 3 */
TEST_F (ContenderShell, DeletesWhatItsCreateMadeTwice)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_A "lock-0000000003", kOwn });
  EXPECT_EQ (1, n_granted_);
  EXPECT_STREQ ("/l/" UUID_A "lock-0000000003", submit.At (FindLast (CURATOR_REQUEST_DELETE, 1))->path);
}

/* faults: 19 */
TEST_F (ContenderShell, LosesWithItsNode)
{
  Start (&one, -1);
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_EXISTS, 1));
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000004");
  ASSERT_EQ (1, n_granted_);
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, kOwnPath);
  EXPECT_EQ (1, n_lost_);
  EXPECT_TRUE (curator_contender_is_done (contender_));
}

/* The observer, before the owner's release has got anywhere; and not of one that does not hold. */
TEST_F (ContenderShell, TellsThatItIsGivenBack)
{
  static const CuratorContenderOwner observer = {
    .granted = nullptr,
    .suspect = nullptr,
    .restored = nullptr,
    .lost = nullptr,
    .failed = nullptr,
    .given_back = [] (CuratorContender *, gpointer data) { ++*static_cast<int *> (data); },
    .released = nullptr,
    .listed = nullptr,
    .revoked = nullptr,
  };
  int n_given_back = 0;

  Start (&one, -1, [&] (CuratorContender *contender) {
    curator_contender_set_observer (contender, &observer, &n_given_back, nullptr);
  });
  InLoop ([this] { curator_contender_release (contender_); });
  AnswerCreate (0);
  AnswerList (1, { kOwn });
  ASSERT_EQ (1, n_granted_);
  EXPECT_EQ (0, n_given_back);
  InLoop ([this] { curator_contender_release (contender_); });
  EXPECT_EQ (1, n_given_back);
  InLoop ([this] { curator_contender_release (contender_); });
  EXPECT_EQ (1, n_given_back);
}

/* Before the grant and after it, and told once. */
TEST_F (ContenderShell, HearsThatSomebodyAsksForIt)
{
  Start ();
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000004", kOwn });
  AnswerRead (FindLast (CURATOR_REQUEST_EXISTS, 1), kSession, 1);
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 1));
  EXPECT_EQ (0, n_revoked_);
  Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DELETED, "/l/" UUID_B "lock-0000000004");
  ASSERT_EQ (1, n_granted_);
  AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, 2), kSession, 1, "something else");
  EXPECT_EQ (0, n_revoked_);
  for (gint32 version : { 2, 3 })
    {
      Event (CURATOR_WATCHED_EVENT_TYPE_NODE_DATA_CHANGED, kOwnPath);
      AnswerRead (FindLast (CURATOR_REQUEST_EXISTS, static_cast<size_t> (version)), kSession, version);
      AnswerRead (FindLast (CURATOR_REQUEST_GET_DATA, static_cast<size_t> (version) + 1), kSession, version,
                  CURATOR_CONTENDER_REVOKE);
      EXPECT_EQ (1, n_revoked_);
    }
}

TEST_F (ContenderShell, HoldsAsOneOfAsManyAsTheLimitSays)
{
  Start (&counted, -1, [] (CuratorContender *contender) { curator_contender_set_limit (contender, 2); });
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000004", "lock-0000000009", kOwn });
  EXPECT_EQ (0, n_granted_);
  /* With a watch on all of them, and who went before that was there counts. */
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2),
              { UUID_B "lock-0000000004", "lock-0000000009", kOwn });
  EXPECT_EQ (0, n_granted_);
  InLoop ([this] { curator_contender_set_limit (contender_, 3); });
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 3),
              { UUID_B "lock-0000000004", "lock-0000000009", kOwn });
  EXPECT_EQ (1, n_granted_);
}

TEST_F (ContenderShell, ThoseWhoWentBeforeTheyWereWatchedAreNotWaitedFor)
{
  Start (&counted, -1, [] (CuratorContender *contender) { curator_contender_set_limit (contender, 1); });
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000004", kOwn });
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 2), { kOwn });
  AnswerList (FindLast (CURATOR_REQUEST_GET_CHILDREN, 3), { kOwn });
  EXPECT_EQ (1, n_granted_);
}

/* A writer's read, as long as the write is there. */
TEST_F (ContenderShell, HoldsUnderTheCoverOfAnother)
{
  auto cover = [] (CuratorContender *contender) {
    curator_contender_set_cover (contender, "/l/" UUID_B "write-0000000005", kSession);
  };

  Start (&one, -1, cover);
  EXPECT_EQ (CURATOR_CREATE_MODE_EPHEMERAL, submit.At (0)->mode);
  EXPECT_STREQ ("/l/lock-0000000005", submit.At (0)->path);
  AnswerCreate (0);
  AnswerList (1, { UUID_B "lock-0000000001", UUID_B "write-0000000005", kOwn });
  EXPECT_EQ (1, n_granted_);
}

/* faults: 8
 * bugs: CURATOR-621 */
TEST_F (ContenderShell, ACoverThatHasGoneCoversNothing)
{
  auto cover = [] (CuratorContender *contender) {
    curator_contender_set_cover (contender, "/l/" UUID_B "write-0000000005", kSession);
  };

  Start (&one, -1, cover);
  AnswerCreate (0);
  AnswerList (1, { kOwn });
  EXPECT_EQ (0, n_granted_);
  ASSERT_EQ (1u, failures_.size ());
  EXPECT_NE (std::string::npos, failures_[0].find ("write-0000000005")) << failures_[0];
  FindLast (CURATOR_REQUEST_DELETE, 1);
}

/* faults: 8 */
TEST_F (ContenderShell, ACoverDoesNotOutliveItsSession)
{
  auto cover = [] (CuratorContender *contender) {
    curator_contender_set_cover (contender, "/l/" UUID_B "write-0000000005", kSession);
  };

  Start (&one, -1, cover);
  AnswerCreate (0, kSession + 1, kSession + 1);
  AnswerList (1, { UUID_B "write-0000000005", kOwn });
  EXPECT_EQ (0, n_granted_);
  EXPECT_EQ (1u, failures_.size ());
  FindLast (CURATOR_REQUEST_CREATE, 1);
}

} // namespace
