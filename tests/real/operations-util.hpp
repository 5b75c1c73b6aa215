/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests of operations share. */

#include "connection-fixture.h"

#include <gmock/gmock.h>

#include <mutex>

namespace operations_test
{

using connection_test::ConnectionFixture;
using connection_test::Outcome;
using curator_test::Error;

/* How ZooKeeper numbers requests, beside those of connection-fixture.h. */
constexpr int op_delete = 2;
constexpr int op_set_data = 5;
constexpr int op_get_children2 = 12;
constexpr int op_multi = 14;
constexpr int op_create_ttl = 21;

/* --- a retry policy that keeps what it was asked --- */

struct Question
{
  guint retry_count;
  gint64 elapsed_ms;
  gboolean session_lost;
};

struct CountingPolicy
{
  CuratorRetryPolicy parent_instance;
  std::mutex *lock;
  std::vector<Question> *questions;
  guint n_allowed;
};

struct CountingPolicyClass
{
  CuratorRetryPolicyClass parent_class;
};

G_DEFINE_TYPE (CountingPolicy, counting_policy, CURATOR_TYPE_RETRY_POLICY)

inline gboolean
counting_policy_allow_retry (CuratorRetryPolicy *policy,
                             guint count,
                             gint64 elapsed_ms,
                             gboolean session_lost,
                             double,
                             gint64 *sleep_ms)
{
  auto *self = reinterpret_cast<CountingPolicy *> (policy);
  std::lock_guard<std::mutex> guard (*self->lock);

  self->questions->push_back ({ count, elapsed_ms, session_lost });
  *sleep_ms = 1;
  return count < self->n_allowed;
}

inline void
counting_policy_finalize (GObject *object)
{
  auto *self = reinterpret_cast<CountingPolicy *> (object);

  delete self->questions;
  delete self->lock;
  G_OBJECT_CLASS (counting_policy_parent_class)->finalize (object);
}

inline void
counting_policy_class_init (CountingPolicyClass *klass)
{
  CURATOR_RETRY_POLICY_CLASS (klass)->allow_retry = counting_policy_allow_retry;
  G_OBJECT_CLASS (klass)->finalize = counting_policy_finalize;
}

inline void
counting_policy_init (CountingPolicy *self)
{
  self->lock = new std::mutex;
  self->questions = new std::vector<Question>;
}

/* --- the fixture --- */

/* A client behind a proxy, with blocking operations in short. At the end nothing is left on the server that a
 * session owned. */
class OperationsFixture : public ConnectionFixture
{
protected:
  static constexpr int session_ms = 10000;

  void SetUp () override
  {
    ConnectionFixture::SetUp ();
    proxy = NewProxy (Server ());
    client = Connect (Through (proxy), session_ms);
  }

  void TearDown () override
  {
    ConnectionFixture::TearDown ();
    ExpectNothingLeft ();
  }

  /* The server answers the close of a session before it forgets the watches of the connection: it is asked until it
   * has. The main context is gone by now. */
  void ExpectNothingLeft ()
  {
    using List = char **(*) (CuratorTestServer *, const char *, GCancellable *, GError **);
    const gint64 until_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

    for (List list : { curator_test_server_list_ephemerals_sync, curator_test_server_list_watches_sync })
      {
        std::string left = "not asked";

        while (!left.empty () && g_get_monotonic_time () < until_us)
          {
            g_auto (GStrv) paths = list (Server (), ServerPath ().c_str (), nullptr, error.out ());

            left = paths == nullptr ? error.message () : paths[0] != nullptr ? paths[0] : "";
          }
        EXPECT_EQ ("", left);
      }
  }

  /* --- operations --- */

  using Setting = std::function<void (CuratorCreateBuilder *)>;

  std::string CreateNode (const std::string &path,
                          const Setting &set = nullptr,
                          const std::string &data = "x",
                          CuratorStat *stat_out = nullptr)
  {
    Ref<CuratorCreateBuilder> builder (curator_framework_create (client));
    g_autoptr (GBytes) bytes = g_bytes_new (data.data (), data.size ());
    g_autoptr (CuratorStat) stat = nullptr;

    if (set != nullptr)
      set (builder);
    g_autofree char *created = curator_create_builder_for_path_with_stat_sync (builder, path.c_str (), bytes,
                                                                               &stat, nullptr, error.out ());
    if (stat_out != nullptr && stat != nullptr)
      *stat_out = *stat;
    return created != nullptr ? created : "";
  }

  bool DeleteNode (const std::string &path, const std::function<void (CuratorDeleteBuilder *)> &set = nullptr)
  {
    Ref<CuratorDeleteBuilder> builder (curator_framework_delete (client));

    if (set != nullptr)
      set (builder);
    return curator_delete_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
  }

  /* The data, or "-" and the error. */
  std::string ReadNode (const std::string &path, bool decompressed = false)
  {
    Ref<CuratorGetDataBuilder> builder (curator_framework_get_data (client));
    gsize length = 0;

    if (decompressed)
      curator_get_data_builder_decompressed (builder);
    g_autoptr (GBytes) bytes =
        curator_get_data_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
    if (bytes == nullptr)
      return "-";
    const char *data = static_cast<const char *> (g_bytes_get_data (bytes, &length));
    return std::string (data != nullptr ? data : "", length);
  }

  bool WriteNode (const std::string &path,
                  const std::string &data,
                  int version = -1,
                  const std::function<void (CuratorSetDataBuilder *)> &set = nullptr)
  {
    Ref<CuratorSetDataBuilder> builder (curator_framework_set_data (client));
    g_autoptr (GBytes) bytes = g_bytes_new (data.data (), data.size ());

    if (version >= 0)
      curator_set_data_builder_with_version (builder, version);
    if (set != nullptr)
      set (builder);
    g_autoptr (CuratorStat) stat =
        curator_set_data_builder_for_path_sync (builder, path.c_str (), bytes, nullptr, error.out ());
    return stat != nullptr;
  }

  /* All zero, where there is no node or an error. */
  CuratorStat StatNode (const std::string &path)
  {
    Ref<CuratorExistsBuilder> builder (curator_framework_check_exists (client));
    g_autoptr (CuratorStat) stat =
        curator_exists_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());

    return stat != nullptr ? *stat : CuratorStat{};
  }

  /* "perms scheme:id" of each entry. */
  std::vector<std::string> AclOf (const std::string &path)
  {
    Ref<CuratorGetAclBuilder> builder (curator_framework_get_acl (client));
    std::vector<std::string> entries;

    g_autoptr (GPtrArray) acl =
        curator_get_acl_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
    for (guint i = 0; acl != nullptr && i < acl->len; i++)
      {
        auto *entry = static_cast<CuratorAcl *> (acl->pdata[i]);

        entries.push_back (std::to_string (curator_acl_get_perms (entry)) + " " +
                           curator_acl_get_scheme (entry) + ":" + curator_acl_get_id (entry));
      }
    return entries;
  }

  std::vector<std::string> Children (const std::string &path)
  {
    Ref<CuratorGetChildrenBuilder> builder (curator_framework_get_children (client));
    std::vector<std::string> names;

    g_auto (GStrv) children =
        curator_get_children_builder_for_path_sync (builder, path.c_str (), nullptr, error.out ());
    for (char **name = children; name != nullptr && *name != nullptr; name++)
      names.emplace_back (*name);
    return names;
  }

  /* --- what came of them --- */

  /* The last error has the code, and begins with what it is about, such as "create \"/a\"". */
  ::testing::AssertionResult FailedIn (GQuark domain, int code, const std::string &about)
  {
    if (!error.matches (domain, code) || error.message ().compare (0, about.size (), about) != 0)
      return ::testing::AssertionFailure () << error.message ();
    return ::testing::AssertionSuccess ();
  }

  ::testing::AssertionResult Failed (int code, const std::string &about = "")
  {
    return FailedIn (CURATOR_ERROR, code, about);
  }

  ::testing::AssertionResult Refused (const std::string &about = "")
  {
    return FailedIn (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, about);
  }

  /* One entry; free with g_ptr_array_unref (). */
  static GPtrArray *NewAcl (CuratorPerms perms, const char *scheme, const char *id)
  {
    GPtrArray *acl = g_ptr_array_new_with_free_func (reinterpret_cast<GDestroyNotify> (curator_acl_unref));

    g_ptr_array_add (acl, curator_acl_new (perms, scheme, id));
    return acl;
  }

  /* A client that asks the policy, which the fixture keeps for the test to look into. */
  CuratorFramework *ConnectCounting (guint n_allowed,
                                     const std::function<void (CuratorFrameworkBuilder *)> &set = nullptr)
  {
    CuratorFrameworkBuilder *builder = NewBuilder (Through (proxy), session_ms);
    auto *policy = static_cast<CountingPolicy *> (g_object_new (counting_policy_get_type (), nullptr));

    policy->n_allowed = n_allowed;
    policy_ = Ref<CountingPolicy>::Share (policy);
    curator_framework_builder_with_retry_policy (builder, reinterpret_cast<CuratorRetryPolicy *> (policy));
    if (set != nullptr)
      set (builder);
    return Connect (builder);
  }

  std::vector<Question> Questions ()
  {
    std::lock_guard<std::mutex> guard (*policy_.get ()->lock);

    return *policy_.get ()->questions;
  }

  gint64 Count (gint64 (*get) (CuratorMetrics *))
  {
    g_autoptr (CuratorMetrics) metrics = curator_framework_get_metrics (client);

    return get (metrics);
  }

  static Setting WithMode (CuratorCreateMode mode)
  {
    return [mode] (CuratorCreateBuilder *builder) { curator_create_builder_with_mode (builder, mode); };
  }

  CuratorTestProxy *proxy = nullptr;
  CuratorFramework *client = nullptr;
  Error error;

private:
  Ref<CountingPolicy> policy_;
};

} // namespace operations_test
