/* SPDX-License-Identifier: Apache-2.0 */
#include <gtest/gtest.h>

#include <vector>

#include "curator-transaction.h"
#include "fake-submit.h"

namespace
{

class Transaction : public SubmitFixture
{
protected:
  void SetUp () override
  {
    SubmitFixture::SetUp ();
    transaction = curator_framework_transaction (client);
  }

  void TearDown () override
  {
    g_object_unref (transaction);
    SubmitFixture::TearDown ();
  }

  CuratorTransaction *transaction;
};

TEST_F (Transaction, Commits)
{
  g_autoptr (GBytes) data = MakeBytes ("x");
  g_autoptr (GPtrArray) acl = curator_acl_read_unsafe ();
  g_autoptr (GError) error = nullptr;

  EXPECT_EQ (
      curator_transaction_create (transaction, "/n-", data, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL, acl),
      transaction);
  EXPECT_EQ (curator_transaction_create_simple (transaction, "/s", nullptr), transaction);
  EXPECT_EQ (curator_transaction_set_data (transaction, "/d", data, 3), transaction);
  EXPECT_EQ (curator_transaction_delete (transaction, "/g", -1), transaction);
  EXPECT_EQ (curator_transaction_check (transaction, "/c", 0), transaction);
  EXPECT_EQ (curator_transaction_dup_results (transaction), nullptr);
  submit.AnswerWith ([] (CuratorRequest *request) {
    request->parts[0].result_path = g_strdup ("/n-0000000005");
    request->parts[1].result_path = g_strdup ("/s");
    request->parts[2].stat.version = 4;
  });
  g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, nullptr, &error);

  ASSERT_NE (results, nullptr) << error->message;
  CuratorRequest *request = submit.At (0);
  ASSERT_EQ (request->n_parts, 5u);
  EXPECT_EQ (request->type, CURATOR_REQUEST_MULTI);
  EXPECT_EQ (request->parts[0].type, CURATOR_REQUEST_CREATE);
  EXPECT_EQ (request->parts[0].mode, CURATOR_CREATE_MODE_EPHEMERAL_SEQUENTIAL);
  EXPECT_EQ (request->parts[0].data, data);
  EXPECT_EQ (request->parts[0].acl->len, 1u);
  EXPECT_EQ (g_bytes_get_size (request->parts[1].data), 0u);
  EXPECT_EQ (request->parts[1].acl, nullptr);
  EXPECT_EQ (request->parts[2].type, CURATOR_REQUEST_SET_DATA);
  EXPECT_EQ (request->parts[2].version, 3);
  EXPECT_EQ (request->parts[3].type, CURATOR_REQUEST_DELETE);
  EXPECT_EQ (request->parts[3].version, -1);
  EXPECT_EQ (request->parts[3].data, nullptr);
  EXPECT_EQ (request->parts[4].type, CURATOR_REQUEST_EXISTS);
  EXPECT_EQ (request->parts[4].version, 0);

  ASSERT_EQ (results->len, 5u);
  auto *first = (CuratorTransactionResult *) results->pdata[0];
  auto *third = (CuratorTransactionResult *) results->pdata[2];
  auto *fifth = (CuratorTransactionResult *) results->pdata[4];
  EXPECT_EQ (curator_transaction_result_get_operation (first), CURATOR_TRANSACTION_OPERATION_CREATE);
  EXPECT_STREQ (curator_transaction_result_get_path (first), "/n-");
  EXPECT_STREQ (curator_transaction_result_get_result_path (first), "/n-0000000005");
  EXPECT_EQ (curator_transaction_result_get_stat (first), nullptr);
  EXPECT_EQ (curator_transaction_result_get_error (first), nullptr);
  EXPECT_EQ (curator_transaction_result_get_operation (third), CURATOR_TRANSACTION_OPERATION_SET_DATA);
  EXPECT_EQ (curator_transaction_result_get_stat (third)->version, 4);
  EXPECT_EQ (curator_transaction_result_get_operation (fifth), CURATOR_TRANSACTION_OPERATION_CHECK);
  EXPECT_EQ (curator_transaction_result_get_result_path (fifth), nullptr);
}

TEST_F (Transaction, IsCommittedOnce)
{
  GError *error = nullptr;

  curator_transaction_delete (transaction, "/x", -1);
  submit.AnswerWith ([] (CuratorRequest *) {});
  g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, nullptr, nullptr);
  EXPECT_NE (results, nullptr);
  EXPECT_EQ (curator_transaction_commit_sync (transaction, nullptr, &error), nullptr);
  ExpectIoError (g_steal_pointer (&error), G_IO_ERROR_INVALID_ARGUMENT, "committed already");
  curator_transaction_delete (transaction, "/y", -1);
  EXPECT_EQ (curator_transaction_commit_sync (transaction, nullptr, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, "committed already");
  EXPECT_EQ (submit.Count (), 1u);
}

TEST_F (Transaction, OfNothing)
{
  Outcome outcome;
  GError *error = nullptr;

  curator_transaction_commit_async (transaction, nullptr, Outcome::Store, &outcome);
  Until ([&] { return outcome.calls > 0; });
  EXPECT_EQ (curator_transaction_commit_finish (transaction, outcome.result, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, "transaction: the transaction has no operations");
}

struct RefusedRow
{
  GIOErrorEnum code;
  const char *part;
  std::function<void (CuratorTransaction *)> fill;
};

const std::vector<RefusedRow> refused_rows = {
  { G_IO_ERROR_NOT_SUPPORTED, "operation 2, create \"/c\": containers",
    [] (auto *t) { curator_transaction_create (t, "/c", nullptr, CURATOR_CREATE_MODE_CONTAINER, nullptr); } },
  { G_IO_ERROR_NOT_SUPPORTED, "operation 2, create \"/c\": containers and nodes with a time to live",
    [] (auto *t) {
      curator_transaction_create (t, "/c", nullptr, CURATOR_CREATE_MODE_PERSISTENT_WITH_TTL, nullptr);
    } },
  { G_IO_ERROR_INVALID_ARGUMENT, "the mode is not known",
    [] (auto *t) { curator_transaction_create (t, "/c", nullptr, (CuratorCreateMode) 99, nullptr); } },
  { G_IO_ERROR_INVALID_ARGUMENT, "operation 2, create \"/c//d\": the path is not valid",
    [] (auto *t) { curator_transaction_create_simple (t, "/c//d", nullptr); } },
  { G_IO_ERROR_INVALID_ARGUMENT, "create \"/c/\": the path is not valid",
    [] (auto *t) { curator_transaction_create_simple (t, "/c/", nullptr); } },
  { G_IO_ERROR_INVALID_ARGUMENT, "operation 2, delete NULL",
    [] (auto *t) { curator_transaction_delete (t, nullptr, -1); } },
  { G_IO_ERROR_INVALID_ARGUMENT, "check \"c\": the path is not valid",
    [] (auto *t) { curator_transaction_check (t, "c", -1); } },
  { G_IO_ERROR_INVALID_ARGUMENT, "set data \"/c\": the version",
    [] (auto *t) { curator_transaction_set_data (t, "/c", nullptr, -2); } },
  { G_IO_ERROR_INVALID_ARGUMENT, "access control list is empty",
    [] (auto *t) {
      g_autoptr (GPtrArray) acl = g_ptr_array_new ();
      curator_transaction_create (t, "/c", nullptr, CURATOR_CREATE_MODE_PERSISTENT, acl);
    } },
};

TEST_F (Transaction, RefusesBadValues)
{
  for (const auto &row : refused_rows)
    {
      g_autoptr (CuratorTransaction) bad = curator_framework_transaction (client);
      GError *error = nullptr;

      curator_transaction_create_simple (bad, "/first", nullptr);
      row.fill (bad);
      curator_transaction_create_simple (bad, "bad too", nullptr);
      EXPECT_EQ (curator_transaction_commit_sync (bad, nullptr, &error), nullptr);
      ExpectIoError (error, row.code, row.part);
    }
  EXPECT_EQ (submit.Count (), 0u);
}

/* What goes for the path of a sequential node only. */
TEST_F (Transaction, TakesATrailingSlashForASequentialNode)
{
  curator_transaction_create (transaction, "/c/", nullptr, CURATOR_CREATE_MODE_PERSISTENT_SEQUENTIAL,
                              nullptr);
  submit.AnswerWith ([] (CuratorRequest *) {});
  g_autoptr (GPtrArray) results = curator_transaction_commit_sync (transaction, nullptr, nullptr);
  EXPECT_NE (results, nullptr);
}

TEST_F (Transaction, NamesTheOperationThatFailed)
{
  g_autoptr (GError) error = nullptr;
  Outcome outcome;

  curator_transaction_create_simple (transaction, "/a", nullptr);
  curator_transaction_create_simple (transaction, "/x", nullptr);
  curator_transaction_check (transaction, "/b", 1);
  curator_transaction_commit_async (transaction, nullptr, Outcome::Store, &outcome);
  submit.Answer (0, [] (CuratorRequest *request) {
    request->rc = request->parts[1].rc = -110;
    request->parts[2].rc = -2;
  });
  Until ([&] { return outcome.calls > 0; });
  EXPECT_EQ (curator_transaction_commit_finish (transaction, outcome.result, &error), nullptr);
  ASSERT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_NODE_EXISTS)) << error->message;
  EXPECT_STREQ (error->message, "transaction operation 2 of 3, create \"/x\": the node exists already");

  g_autoptr (GPtrArray) results = curator_transaction_dup_results (transaction);
  ASSERT_EQ (results->len, 3u);
  auto get_error = [&] (guint i) {
    return curator_transaction_result_get_error ((CuratorTransactionResult *) results->pdata[i]);
  };
  EXPECT_TRUE (g_error_matches (get_error (0), CURATOR_ERROR, CURATOR_ERROR_ROLLED_BACK));
  EXPECT_TRUE (g_error_matches (get_error (1), CURATOR_ERROR, CURATOR_ERROR_NODE_EXISTS));
  EXPECT_TRUE (g_error_matches (get_error (2), CURATOR_ERROR, CURATOR_ERROR_ROLLED_BACK));
  EXPECT_NE (strstr (get_error (2)->message, "operation 3 of 3, check \"/b\""), nullptr);
}

/* Where the connection was lost nobody knows what became of the operations. */
TEST_F (Transaction, FailsAsAWhole)
{
  g_autoptr (GError) error = nullptr;

  curator_transaction_create_simple (transaction, "/a", nullptr);
  curator_transaction_create_simple (transaction, "/b", nullptr);
  submit.AnswerWith (
      [] (CuratorRequest *request) { request->rc = request->parts[0].rc = request->parts[1].rc = -4; });
  EXPECT_EQ (curator_transaction_commit_sync (transaction, nullptr, &error), nullptr);
  ASSERT_TRUE (g_error_matches (error, CURATOR_ERROR, CURATOR_ERROR_CONNECTION_LOSS));
  EXPECT_STREQ (error->message, "transaction \"/a\": the connection was lost");
  EXPECT_EQ (curator_transaction_dup_results (transaction), nullptr);
}

TEST_F (Transaction, CompressesAsTheClientDoes)
{
  g_autoptr (CuratorFramework) other =
      Build ([] (auto *b) { curator_framework_builder_with_compression_enabled (b, TRUE); });
  g_autoptr (CuratorTransaction) compressed = curator_framework_transaction (other);
  g_autoptr (GBytes) data = MakeBytes (std::string (5000, 'z'));

  curator_transaction_create_simple (compressed, "/a", data);
  curator_transaction_set_data (compressed, "/b", data, -1);
  submit.AnswerWith ([] (CuratorRequest *) {});
  g_autoptr (GPtrArray) results = curator_transaction_commit_sync (compressed, nullptr, nullptr);
  EXPECT_LT (g_bytes_get_size (submit.At (0)->parts[0].data), 200u);
  EXPECT_LT (g_bytes_get_size (submit.At (0)->parts[1].data), 200u);
}

TEST_F (Transaction, MadeWithoutAClient)
{
  g_autoptr (CuratorTransaction) orphan =
      CURATOR_TRANSACTION (g_object_new (CURATOR_TYPE_TRANSACTION, nullptr));
  GError *error = nullptr;

  curator_transaction_create_simple (orphan, "/a", nullptr);
  EXPECT_EQ (curator_transaction_commit_sync (orphan, nullptr, &error), nullptr);
  ExpectIoError (error, G_IO_ERROR_INVALID_ARGUMENT, "not made by a client");
}

} // namespace
