/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of CuratorLeaderLatch and CuratorLeaderSelector share. */

#include "mutex-fixture.h"

namespace leader_test
{

using curator_test::Error;

/* A call that ends with TRUE or an error; lives until its callback has run. */
struct Call
{
  bool done = false;
  bool ok = false;
  Error error;
};

/* What a latch told. */
struct LatchLog
{
  std::vector<std::string> signals;
  std::vector<std::string> errors;
  size_t n_notifications = 0; /* of has-leadership */
};

class LeaderFixture : public mutex_test::ProxyFixture
{
public:
  void TearDown () override
  {
    latches_.clear ();
    ProxyFixture::TearDown ();
    calls_.clear ();
    logs_.clear ();
  }

  CuratorLeaderLatch *
  NewLatch (CuratorFramework *client, const char *id = nullptr, const char *path = "/leader")
  {
    latches_.push_back (Ref<CuratorLeaderLatch> (curator_leader_latch_new (client, path, id)));
    WatchFinalize (latches_.back ().get ());
    return latches_.back ();
  }

  CuratorLeaderLatch *
  StartLatch (CuratorFramework *client, const char *id = nullptr, const char *path = "/leader")
  {
    CuratorLeaderLatch *latch = NewLatch (client, id, path);
    Error error;

    EXPECT_TRUE (curator_leader_latch_start (latch, error.out ())) << error.message ();
    return latch;
  }

  /* Its last reference, but for what is on its way to it. */
  void Drop (CuratorLeaderLatch *latch)
  {
    for (auto i = latches_.begin (); i != latches_.end (); i++)
      if (i->get () == latch)
        {
          latches_.erase (i);
          return;
        }
  }

  static bool Leads (CuratorLeaderLatch *latch)
  {
    return curator_leader_latch_get_has_leadership (latch);
  }

  bool UntilLeads (CuratorLeaderLatch *latch, bool leads = true)
  {
    return Until ([&] { return Leads (latch) == leads; }, 20000);
  }

  Ref<CuratorLease> LeaseOf (CuratorLeaderLatch *latch)
  {
    return Ref<CuratorLease> (curator_leader_latch_dup_lease (latch));
  }

  void CloseLatch (CuratorLeaderLatch *latch,
                   CuratorLeaderLatchCloseMode mode = CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT)
  {
    Error error;

    EXPECT_TRUE (curator_leader_latch_close_sync (latch, mode, nullptr, error.out ())) << error.message ();
    EXPECT_FALSE (Leads (latch));
  }

  static void OnSignal (CuratorLeaderLatch *, gpointer data)
  {
    auto *name = static_cast<std::pair<LatchLog *, const char *> *> (data);

    name->first->signals.push_back (name->second);
  }

  static void OnError (CuratorLeaderLatch *, GError *error, LatchLog *log)
  {
    log->errors.push_back (error->message);
  }

  static void OnNotify (CuratorLeaderLatch *, GParamSpec *, LatchLog *log)
  {
    log->n_notifications++;
  }

  LatchLog *Listen (CuratorLeaderLatch *latch)
  {
    logs_.push_back (std::make_unique<LatchLog> ());
    LatchLog *log = logs_.back ().get ();

    for (const char *name : { "gained", "lost" })
      g_signal_connect_data (
          latch, name, G_CALLBACK (OnSignal), new std::pair<LatchLog *, const char *> (log, name),
          [] (gpointer data, GClosure *) {
            delete static_cast<std::pair<LatchLog *, const char *> *> (data);
          },
          static_cast<GConnectFlags> (0));
    g_signal_connect (latch, "error", G_CALLBACK (OnError), log);
    g_signal_connect (latch, "notify::has-leadership", G_CALLBACK (OnNotify), log);
    return log;
  }

  bool UntilTold (LatchLog *log, const std::vector<std::string> &signals)
  {
    return Until ([&] { return log->signals.size () >= signals.size (); }, 20000) && log->signals == signals;
  }

  Call *Await (CuratorLeaderLatch *latch, gint64 timeout_ms = -1, GCancellable *cancellable = nullptr)
  {
    calls_.push_back (std::make_unique<Call> ());
    curator_leader_latch_await_leadership_async (
        latch, timeout_ms, cancellable,
        [] (GObject *object, GAsyncResult *result, gpointer data) {
          auto *call = static_cast<Call *> (data);

          EXPECT_FALSE (call->done);
          call->ok = curator_leader_latch_await_leadership_finish (CURATOR_LEADER_LATCH (object), result,
                                                                   call->error.out ());
          call->done = true;
        },
        calls_.back ().get ());
    return calls_.back ().get ();
  }

  Call *BeginClose (CuratorLeaderLatch *latch)
  {
    calls_.push_back (std::make_unique<Call> ());
    curator_leader_latch_close_async (
        latch, CURATOR_LEADER_LATCH_CLOSE_MODE_SILENT, nullptr,
        [] (GObject *object, GAsyncResult *result, gpointer data) {
          auto *call = static_cast<Call *> (data);

          call->ok = curator_leader_latch_close_finish (CURATOR_LEADER_LATCH (object), result,
                                                        call->error.out ());
          call->done = true;
        },
        calls_.back ().get ());
    return calls_.back ().get ();
  }

  bool UntilDone (Call *call)
  {
    return Until ([call] { return call->done; }, 20000);
  }

  /* By their ids, the leader's after a star. */
  static std::vector<std::string> Names (GPtrArray *participants)
  {
    std::vector<std::string> names;

    for (guint i = 0; i < participants->len; i++)
      {
        auto *participant = static_cast<CuratorParticipant *> (participants->pdata[i]);

        names.push_back ((curator_participant_is_leader (participant) ? "*" : "") +
                         std::string (curator_participant_get_id (participant)));
      }
    return names;
  }

  std::vector<std::string> Participants (CuratorLeaderLatch *latch)
  {
    Error error;
    g_autoptr (GPtrArray) participants =
        curator_leader_latch_get_participants_sync (latch, nullptr, error.out ());

    EXPECT_NE (nullptr, participants) << error.message ();
    return participants != nullptr ? Names (participants) : std::vector<std::string> ();
  }

  bool UntilParticipants (CuratorLeaderLatch *latch, size_t count)
  {
    return Until ([&] { return Participants (latch).size () == count; }, 20000);
  }

  /* The path of the node of one who takes part. */
  std::string NodeOf (CuratorLeaderLatch *latch, const std::string &id)
  {
    g_autoptr (GPtrArray) participants = curator_leader_latch_get_participants_sync (latch, nullptr, nullptr);

    for (guint i = 0; participants != nullptr && i < participants->len; i++)
      {
        auto *participant = static_cast<CuratorParticipant *> (participants->pdata[i]);

        if (id == curator_participant_get_id (participant))
          return curator_participant_get_path (participant);
      }
    return "";
  }

  static GPtrArray *NewAcl (int perms)
  {
    GPtrArray *acl = g_ptr_array_new_with_free_func ((GDestroyNotify) curator_acl_unref);

    g_ptr_array_add (acl, curator_acl_new (static_cast<CuratorPerms> (perms), "world", "anyone"));
    return acl;
  }

  /* A parent under which nobody may make anything. */
  void MakeReadOnly (CuratorFramework *client, const char *path)
  {
    Ref<CuratorCreateBuilder> create (curator_framework_create (client));
    g_autoptr (GPtrArray) acl = NewAcl (CURATOR_PERMS_READ | CURATOR_PERMS_ADMIN);
    Error error;

    curator_create_builder_with_acl (create, acl);
    g_autofree char *made =
        curator_create_builder_for_path_sync (create, path, nullptr, nullptr, error.out ());
    EXPECT_NE (nullptr, made) << error.message ();
  }

  void MakeWritable (CuratorFramework *client, const char *path)
  {
    Ref<CuratorSetAclBuilder> set (curator_framework_set_acl (client));
    g_autoptr (GPtrArray) acl = NewAcl (CURATOR_PERMS_ALL);
    Error error;

    curator_set_acl_builder_with_acl (set, acl);
    g_autoptr (CuratorStat) stat = curator_set_acl_builder_for_path_sync (set, path, nullptr, error.out ());
    EXPECT_NE (nullptr, stat) << error.message ();
  }

  std::vector<Ref<CuratorLeaderLatch> > latches_;
  std::vector<std::unique_ptr<Call> > calls_;
  std::vector<std::unique_ptr<LatchLog> > logs_;
};

} // namespace leader_test
