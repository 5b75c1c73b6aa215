/* SPDX-License-Identifier: Apache-2.0 */
#include "operations-util.hpp"

#include <deque>

/* What holds for each asynchronous operation alike, and for its blocking sister. */

namespace
{

using namespace connection_test;
using namespace operations_test;
using ::testing::StartsWith;

/* --- the operations --- */

using BeginFunc =
    std::function<void (GObject *, const char *, GCancellable *, GAsyncReadyCallback, gpointer)>;
using FinishFunc = std::function<bool (GObject *, GAsyncResult *, GError **)>;
using SyncFunc = std::function<bool (GObject *, const char *, GCancellable *, GError **)>;

struct Operation
{
  std::string name;      /* of the test */
  std::string verb;      /* in messages */
  const char *good_path; /* nothing keeps it from succeeding there */
  const char *bad_path;  /* it fails there with the code */
  int bad_code;          /* 0 where the server never refuses it */
  int good_code;         /* 0, or how the server refuses it everywhere */
  std::function<GObject *(CuratorFramework *, const char *)> make;
  BeginFunc begin;
  FinishFunc finish; /* true for a result, which it frees */
  SyncFunc sync;

  /* How messages begin. */
  std::string About (const char *path) const
  {
    return path != nullptr ? verb + " \"" + path + "\": " : verb + ": ";
  }

  std::string AboutResult (const char *path) const
  {
    return name == "Transaction" ? "transaction operation 1 of 1, set data \"" + std::string (path) + "\": "
                                 : About (PathOf (path));
  }

  /* NULL for those that name none. */
  const char *PathOf (const char *path) const
  {
    return name == "GetConfig" || name == "Reconfig" ? nullptr : path;
  }
};

void
PrintTo (const Operation &operation, std::ostream *out)
{
  *out << operation.name;
}

bool
Drop (gboolean result)
{
  return result;
}

bool
Drop (char *result)
{
  if (result == nullptr)
    return false;
  g_free (result);
  return true;
}

bool
Drop (CuratorStat *result)
{
  if (result == nullptr)
    return false;
  curator_stat_free (result);
  return true;
}

bool
Drop (GBytes *result)
{
  if (result == nullptr)
    return false;
  g_bytes_unref (result);
  return true;
}

bool
Drop (GStrv result)
{
  if (result == nullptr)
    return false;
  g_strfreev (result);
  return true;
}

bool
Drop (GPtrArray *result)
{
  if (result == nullptr)
    return false;
  g_ptr_array_unref (result);
  return true;
}

template <typename Builder>
Builder *
As (GObject *object)
{
  return reinterpret_cast<Builder *> (object);
}

template <typename Builder> using Make = Builder *(*) (CuratorFramework *);
template <typename Builder, typename Result> using Finish = Result (*) (Builder *, GAsyncResult *, GError **);

template <typename Builder, typename Result>
Operation
Describe (const char *name, const char *verb, Make<Builder> make, Finish<Builder, Result> finish)
{
  Operation operation = {};

  operation.name = name;
  operation.verb = verb;
  operation.good_path = "/node";
  operation.bad_path = "/no";
  operation.bad_code = CURATOR_ERROR_NO_NODE;
  operation.make = [make] (CuratorFramework *client, const char *) { return G_OBJECT (make (client)); };
  operation.finish = [finish] (GObject *object, GAsyncResult *result, GError **error) {
    return Drop (finish (As<Builder> (object), result, error));
  };
  return operation;
}

/* On a path. */
template <typename Builder, typename Result>
Operation
ForPath (const char *name,
         const char *verb,
         Make<Builder> make,
         void (*begin) (Builder *, const char *, GCancellable *, GAsyncReadyCallback, gpointer),
         Finish<Builder, Result> finish,
         Result (*sync) (Builder *, const char *, GCancellable *, GError **))
{
  Operation operation = Describe (name, verb, make, finish);

  operation.begin = [begin] (GObject *object, const char *path, auto... rest) {
    begin (As<Builder> (object), path, rest...);
  };
  operation.sync = [sync] (GObject *object, const char *path, auto... rest) {
    return Drop (sync (As<Builder> (object), path, rest...));
  };
  return operation;
}

/* On a path, with data. */
template <typename Builder, typename Result>
Operation
WithData (const char *name,
          const char *verb,
          Make<Builder> make,
          void (*begin) (Builder *, const char *, GBytes *, GCancellable *, GAsyncReadyCallback, gpointer),
          Finish<Builder, Result> finish,
          Result (*sync) (Builder *, const char *, GBytes *, GCancellable *, GError **))
{
  Operation operation = Describe (name, verb, make, finish);

  operation.begin = [begin] (GObject *object, const char *path, auto... rest) {
    begin (As<Builder> (object), path, nullptr, rest...);
  };
  operation.sync = [sync] (GObject *object, const char *path, auto... rest) {
    return Drop (sync (As<Builder> (object), path, nullptr, rest...));
  };
  return operation;
}

/* On the ensemble, or what the builder already says. */
template <typename Builder, typename Result>
Operation
WithoutPath (const char *name,
             const char *verb,
             Make<Builder> make,
             void (*begin) (Builder *, GCancellable *, GAsyncReadyCallback, gpointer),
             Finish<Builder, Result> finish,
             Result (*sync) (Builder *, GCancellable *, GError **))
{
  Operation operation = Describe (name, verb, make, finish);

  operation.bad_code = 0;
  operation.begin = [begin] (GObject *object, const char *, auto... rest) {
    begin (As<Builder> (object), rest...);
  };
  operation.sync = [sync] (GObject *object, const char *, auto... rest) {
    return Drop (sync (As<Builder> (object), rest...));
  };
  return operation;
}

/* The stat is asked for where the error is, and comes with a result only: with an error it is set to NULL,
 * whatever was there before. */
template <typename Call>
bool
TakeStat (GError **error, Call call)
{
  CuratorStat *stat = error != nullptr ? reinterpret_cast<CuratorStat *> (error) : nullptr;
  bool ok = Drop (call (error != nullptr ? &stat : nullptr));

  if (error != nullptr)
    {
      EXPECT_EQ (ok, stat != nullptr);
      curator_stat_free (stat);
    }
  return ok;
}

template <typename Builder, typename Result>
Operation
WithStat (Operation operation,
          Result (*finish) (Builder *, GAsyncResult *, CuratorStat **, GError **),
          Result (*sync) (Builder *, const char *, CuratorStat **, GCancellable *, GError **))
{
  operation.name += "WithStat";
  operation.finish = [finish] (GObject *object, GAsyncResult *result, GError **error) {
    return TakeStat (error, [&] (auto stat) { return finish (As<Builder> (object), result, stat, error); });
  };
  operation.sync = [sync] (GObject *object, const char *path, GCancellable *cancellable, GError **error) {
    return TakeStat (error,
                     [&] (auto stat) { return sync (As<Builder> (object), path, stat, cancellable, error); });
  };
  return operation;
}

char *
CreateWithStatSync (CuratorCreateBuilder *builder,
                    const char *path,
                    CuratorStat **stat,
                    GCancellable *cancellable,
                    GError **error)
{
  return curator_create_builder_for_path_with_stat_sync (builder, path, nullptr, stat, cancellable, error);
}

CuratorRemoveWatchesBuilder *
MakeRemoveWatches (CuratorFramework *client)
{
  return curator_remove_watches_builder_all (curator_framework_remove_watches (client));
}

/* The server stands alone, and has no ensemble to change. */
CuratorReconfigBuilder *
MakeReconfig (CuratorFramework *client)
{
  const char *const leaving[] = { "9", nullptr };

  return curator_reconfig_builder_leaving (curator_framework_reconfig (client), leaving);
}

#define FOR_PATH(name, verb, make, word)                                                                     \
  ForPath (name, verb, make, curator_##word##_builder_for_path_async,                                        \
           curator_##word##_builder_for_path_finish, curator_##word##_builder_for_path_sync)
#define WITH_STAT(operation, word)                                                                           \
  WithStat (operation, curator_##word##_builder_for_path_with_stat_finish,                                   \
            curator_##word##_builder_for_path_with_stat_sync)

std::vector<Operation>
ReadingOperations ()
{
  Operation exists = FOR_PATH ("Exists", "check exists", curator_framework_check_exists, exists);
  Operation get_data = FOR_PATH ("GetData", "get data", curator_framework_get_data, get_data);
  Operation get_children =
      FOR_PATH ("GetChildren", "get children", curator_framework_get_children, get_children);
  Operation get_acl = FOR_PATH ("GetAcl", "get ACL", curator_framework_get_acl, get_acl);
  Operation sync = FOR_PATH ("Sync", "sync", curator_framework_sync, sync);
  Operation get_config = WithoutPath (
      "GetConfig", "get config", curator_framework_get_config, curator_get_config_builder_for_ensemble_async,
      curator_get_config_builder_for_ensemble_finish, curator_get_config_builder_for_ensemble_sync);

  exists.bad_code = 0;
  sync.bad_code = 0;
  return { exists,
           get_data,
           WITH_STAT (get_data, get_data),
           get_children,
           WITH_STAT (get_children, get_children),
           get_acl,
           WITH_STAT (get_acl, get_acl),
           sync,
           get_config };
}

std::vector<Operation>
WritingOperations ()
{
  Operation create =
      WithData ("Create", "create", curator_framework_create, curator_create_builder_for_path_async,
                curator_create_builder_for_path_finish, curator_create_builder_for_path_sync);
  Operation reconfig =
      WithoutPath ("Reconfig", "reconfig", MakeReconfig, curator_reconfig_builder_for_ensemble_async,
                   curator_reconfig_builder_for_ensemble_finish, curator_reconfig_builder_for_ensemble_sync);
  Operation remove_watches = FOR_PATH ("RemoveWatches", "remove watches", MakeRemoveWatches, remove_watches);
  Operation transaction = WithoutPath ("Transaction", "transaction", curator_framework_transaction,
                                       curator_transaction_commit_async, curator_transaction_commit_finish,
                                       curator_transaction_commit_sync);

  create.good_path = "/node/new";
  create.bad_path = "/no/new";
  reconfig.good_code = CURATOR_ERROR_UNIMPLEMENTED;
  remove_watches.bad_code = CURATOR_ERROR_NO_WATCHER;
  transaction.bad_code = CURATOR_ERROR_NO_NODE;
  transaction.make = [] (CuratorFramework *client, const char *path) {
    return G_OBJECT (
        curator_transaction_set_data (curator_framework_transaction (client), path, nullptr, -1));
  };
  return { create,
           WithStat (create, curator_create_builder_for_path_with_stat_finish, CreateWithStatSync),
           FOR_PATH ("Delete", "delete", curator_framework_delete, delete),
           WithData ("SetData", "set data", curator_framework_set_data,
                     curator_set_data_builder_for_path_async, curator_set_data_builder_for_path_finish,
                     curator_set_data_builder_for_path_sync),
           FOR_PATH ("SetAcl", "set ACL", curator_framework_set_acl, set_acl),
           reconfig,
           remove_watches,
           transaction };
}

/* --- the fixture --- */

/* One call under way. */
struct Call
{
  const Operation *operation;
  Outcome *outcome;
  GMainContext *context = nullptr; /* in which the callback came */
  bool wants_error = true;
};

class Async : public OperationsFixture, public ::testing::WithParamInterface<Operation>
{
protected:
  void SetUp () override
  {
    OperationsFixture::SetUp ();
    ASSERT_EQ ("/node", CreateNode ("/node")) << error.message ();
    /* What there is to remove. */
    if (op ().name == "RemoveWatches")
      {
        ASSERT_TRUE (Succeeds (Get (client, "/node", NewWatcher (NewEvents ()))));
      }
  }

  const Operation &op () const
  {
    return GetParam ();
  }

  Ref<GObject> NewOperation (const char *path)
  {
    return Ref<GObject> (op ().make (client, path));
  }

  Call *Begin (GObject *builder, const char *path, GCancellable *cancellable = nullptr)
  {
    calls_.push_back ({ &op (), NewOutcome () });
    op ().begin (builder, path, cancellable, OnEnd, &calls_.back ());
    EXPECT_FALSE (calls_.back ().outcome->IsDone ()) << "the callback came in the call";
    return &calls_.back ();
  }

  Call *Begin (const char *path, GCancellable *cancellable = nullptr)
  {
    Ref<GObject> builder = NewOperation (path);

    return Begin (builder, path, cancellable);
  }

  /* The server has it, but its answer does not come until LetAnswersThrough (). */
  Call *BeginUnanswered (GCancellable *cancellable = nullptr)
  {
    guint before = curator_test_proxy_count_requests (proxy, CURATOR_TEST_PROXY_ANY_OP);
    Call *call;

    curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_HOLD_TO_CLIENT);
    call = Begin (op ().good_path, cancellable);
    EXPECT_TRUE (Until (
        [=] { return curator_test_proxy_count_requests (proxy, CURATOR_TEST_PROXY_ANY_OP) > before; }));
    EXPECT_FALSE (call->outcome->IsDone ());
    return call;
  }

  void LetAnswersThrough ()
  {
    curator_test_proxy_set_flow (proxy, CURATOR_TEST_PROXY_FLOW_NONE);
  }

  static void OnEnd (GObject *object, GAsyncResult *result, gpointer data)
  {
    auto *call = static_cast<Call *> (data);
    GError **error = call->wants_error ? call->outcome->error.out () : nullptr;

    call->context = g_source_get_context (g_main_current_source ());
    Note (call->outcome, call->operation->finish (object, result, error));
  }

  /* The server has done it, or refused it where it always does. */
  ::testing::AssertionResult IsDoneWell (bool ok, const Error &failure) const
  {
    if (op ().good_code == 0 ? ok && failure.get () == nullptr
                             : !ok && failure.matches (CURATOR_ERROR, op ().good_code))
      return ::testing::AssertionSuccess ();
    return ::testing::AssertionFailure () << failure.message ();
  }

  ::testing::AssertionResult EndsWell (Call *call)
  {
    if (!UntilDone (call->outcome))
      return ::testing::AssertionFailure () << "no callback";
    return IsDoneWell (call->outcome->ok, call->outcome->error);
  }

  ::testing::AssertionResult EndsWith (Call *call, GIOErrorEnum code)
  {
    std::string about = op ().About (op ().PathOf (op ().good_path));

    if (!UntilDone (call->outcome) || !call->outcome->FailedWith (G_IO_ERROR, code) ||
        call->outcome->error.message ().compare (0, about.size (), about) != 0)
      return ::testing::AssertionFailure () << call->outcome->error.message ();
    return ::testing::AssertionSuccess ();
  }

  /* The client is as good as before, and every callback that was to come has come. */
  void Settle ()
  {
    EXPECT_TRUE (Succeeds (Exists (client, "/")));
    Drain ();
  }

  std::deque<Call> calls_;
};

/* --- the cases --- */

TEST_P (Async, Succeeds)
{
  Call *call = Begin (op ().good_path);

  EXPECT_TRUE (EndsWell (call));
  EXPECT_EQ (Context (), call->context);
  Settle ();
  EXPECT_EQ (1, call->outcome->n_callbacks);
}

TEST_P (Async, SucceedsBlocking)
{
  Ref<GObject> builder = NewOperation (op ().good_path);
  bool ok = op ().sync (builder, op ().good_path, nullptr, error.out ());

  EXPECT_TRUE (IsDoneWell (ok, error));
}

/* What the server refuses is told once, and says what was refused. */
TEST_P (Async, TellsWhatTheServerRefuses)
{
  int code = op ().bad_code != 0 ? op ().bad_code : op ().good_code;
  Ref<GObject> builder = NewOperation (op ().bad_path);
  Call *call = Begin (op ().bad_path);
  bool ok = op ().sync (builder, op ().bad_path, nullptr, error.out ());

  ASSERT_TRUE (UntilDone (call->outcome));
  EXPECT_EQ (call->outcome->ok, ok);
  EXPECT_EQ (call->outcome->error.message (), error.message ());
  if (code == 0)
    {
      EXPECT_EQ (nullptr, error.get ()) << error.message ();
      EXPECT_EQ (op ().name != "Exists", ok);
      return;
    }
  EXPECT_FALSE (ok);
  EXPECT_TRUE (Failed (code, op ().AboutResult (op ().bad_path)));
}

TEST_P (Async, CancelledBeforeTheCallSendsNothing)
{
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Ref<GObject> builder = NewOperation (op ().good_path);
  gint64 sent = Count (curator_metrics_get_operations);

  g_cancellable_cancel (cancellable);
  EXPECT_TRUE (EndsWith (Begin (op ().good_path, cancellable), G_IO_ERROR_CANCELLED));
  EXPECT_FALSE (op ().sync (builder, op ().good_path, cancellable, error.out ()));
  EXPECT_TRUE (FailedIn (G_IO_ERROR, G_IO_ERROR_CANCELLED, op ().About (op ().PathOf (op ().good_path))));
  EXPECT_EQ (sent, Count (curator_metrics_get_operations));
}

TEST_P (Async, CancelledInFlightEndsAtOnce)
{
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Call *call = BeginUnanswered (cancellable);

  g_cancellable_cancel (cancellable);
  EXPECT_TRUE (EndsWith (call, G_IO_ERROR_CANCELLED));
  LetAnswersThrough ();
  Settle ();
  EXPECT_EQ (1, call->outcome->n_callbacks);
  EXPECT_EQ (1u, G_OBJECT (cancellable.get ())->ref_count);
}

TEST_P (Async, CancelledAfterTheEndChangesNothing)
{
  Ref<GCancellable> cancellable (g_cancellable_new ());
  Call *call = Begin (op ().good_path, cancellable);

  EXPECT_TRUE (EndsWell (call));
  g_cancellable_cancel (cancellable);
  Settle ();
  EXPECT_TRUE (EndsWell (call));
  EXPECT_EQ (1, call->outcome->n_callbacks);
}

/* faults: 15 */
TEST_P (Async, ClosedBeforeTheCall)
{
  Ref<GObject> early = NewOperation (op ().good_path);
  Ref<GObject> late;

  ExpectClosed (Close (client));
  late = NewOperation (op ().good_path);
  EXPECT_TRUE (EndsWith (Begin (early, op ().good_path), G_IO_ERROR_CLOSED));
  EXPECT_FALSE (op ().sync (late, op ().good_path, nullptr, error.out ()));
  EXPECT_TRUE (FailedIn (G_IO_ERROR, G_IO_ERROR_CLOSED, op ().About (op ().PathOf (op ().good_path))));
}

/* faults: 15 */
TEST_P (Async, ClosedInFlight)
{
  Call *call = BeginUnanswered ();
  Outcome *close = Close (client);

  EXPECT_TRUE (EndsWith (call, G_IO_ERROR_CLOSED));
  LetAnswersThrough ();
  ExpectClosed (close);
  Drain ();
  EXPECT_EQ (1, call->outcome->n_callbacks);
}

/* The call keeps what it needs.
 * faults: 16 */
TEST_P (Async, DroppedInFlight)
{
  Call *call = BeginUnanswered ();

  Forget (client);
  LetAnswersThrough ();
  EXPECT_TRUE (EndsWell (call));
  Drain ();
  EXPECT_EQ (1, call->outcome->n_callbacks);
}

TEST_P (Async, EndsInTheContextOfTheCall)
{
  g_autoptr (GMainContext) other = g_main_context_new ();
  Call *call;

  g_main_context_push_thread_default (other);
  call = Begin (op ().good_path);
  g_main_context_pop_thread_default (other);
  Settle ();
  EXPECT_FALSE (call->outcome->IsDone ());
  while (!call->outcome->IsDone ())
    g_main_context_iteration (other, TRUE);
  EXPECT_TRUE (EndsWell (call));
  EXPECT_EQ (other, call->context);
}

/* Neither results nor errors nor callbacks have to be taken. */
TEST_P (Async, NobodyNeedsToKnow)
{
  const char *paths[] = { op ().bad_path, op ().good_path };

  for (const char *path : paths)
    {
      Ref<GObject> silent = NewOperation (path);
      Ref<GObject> blocking = NewOperation (path);
      Call *call = Begin (path);

      call->wants_error = false;
      ASSERT_TRUE (UntilDone (call->outcome));
      op ().sync (blocking, path, nullptr, nullptr);
      op ().begin (silent, path, nullptr, nullptr, nullptr);
    }
  Settle ();
}

std::string
OperationName (const ::testing::TestParamInfo<Operation> &info)
{
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P (Reading, Async, ::testing::ValuesIn (ReadingOperations ()), OperationName);
INSTANTIATE_TEST_SUITE_P (Writing, Async, ::testing::ValuesIn (WritingOperations ()), OperationName);

} // namespace
