/* SPDX-License-Identifier: Apache-2.0 */
/* A process that holds a lock and is stopped for longer than its session lasts. */
#include "connection-fixture.h"

#include <gio/gunixinputstream.h>
#include <gmock/gmock.h>

#include <csignal>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

using namespace connection_test;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Ne;
using ::testing::Values;

namespace
{

constexpr int session_ms = 1000;

class PausedProcess : public ConnectionFixture, public ::testing::WithParamInterface<const char *>
{
protected:
  void TearDown () override
  {
    /* Its standard input closes, and it ends. */
    process_.reset ();
    ConnectionFixture::TearDown ();
  }

  void Spawn ()
  {
    std::string timeout = std::to_string (session_ms);
    Error error;

    process_.reset (g_subprocess_new (
        static_cast<GSubprocessFlags> (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE),
        error.out (), FAULT_CLIENT, Chroot ().c_str (), "/lock", timeout.c_str (), GetParam (), nullptr));
    ASSERT_NE (process_.get (), nullptr) << error.message ();
    output_ = G_POLLABLE_INPUT_STREAM (g_subprocess_get_stdout_pipe (process_));
  }

  /* Whatever it has said, at the end of what was read before. */
  void Read ()
  {
    char buffer[4096];
    gssize n;

    while ((n = g_pollable_input_stream_read_nonblocking (output_, buffer, sizeof buffer, nullptr, nullptr)) >
           0)
      {
        rest_.append (buffer, static_cast<size_t> (n));
        for (size_t end; (end = rest_.find ('\n')) != std::string::npos; rest_.erase (0, end + 1))
          lines_.push_back (rest_.substr (0, end));
      }
  }

  bool UntilSaid (const std::string &line)
  {
    return Until ([&] {
      Read ();
      return std::find (lines_.begin (), lines_.end (), line) != lines_.end ();
    });
  }

  bool IsStopped ()
  {
    g_autofree char *path = g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (process_));
    g_autofree char *text = nullptr;

    return g_file_get_contents (path, &text, nullptr, nullptr) && strstr (text, ") T ") != nullptr;
  }

  size_t CountEphemerals ()
  {
    Error error;
    g_auto (GStrv) paths =
        curator_test_server_list_ephemerals_sync (Server (), ServerPath ().c_str (), nullptr, error.out ());

    EXPECT_NE (paths, nullptr) << error.message ();
    return paths != nullptr ? g_strv_length (paths) : 0;
  }

  guint64 Token ()
  {
    for (const std::string &line : lines_)
      if (g_str_has_prefix (line.c_str (), "token "))
        return g_ascii_strtoull (line.c_str () + strlen ("token "), nullptr, 10);
    return 0;
  }

  Ref<GSubprocess> process_;
  GPollableInputStream *output_ = nullptr;
  std::string rest_;
  std::vector<std::string> lines_;
};

/* Whatever it does first when it wakes up, its lease is not valid in it.
 *
 * faults: 6, 13 */
TEST_P (PausedProcess, KnowsThatItsLeaseIsOverBeforeItDoesAnything)
{
  guint64 token;
  Error error;

  Spawn ();
  ASSERT_TRUE (UntilSaid ("valid"));
  token = Token ();
  EXPECT_GT (token, 0U);
  g_subprocess_send_signal (process_, SIGSTOP);
  ASSERT_TRUE (Until ([this] { return IsStopped (); }));
  Read ();
  EXPECT_EQ (lines_.back (), "valid");
  lines_.clear ();

  CuratorFramework *rival = Connect (Chroot (), 20000);
  Ref<CuratorMutex> mutex (curator_mutex_new (rival, "/lock"));
  Ref<CuratorLease> lease (curator_mutex_acquire_sync (mutex, 20000, nullptr, error.out ()));
  ASSERT_NE (lease.get (), nullptr) << error.message ();
  EXPECT_GT (curator_lease_get_fencing_token (lease), token);
  EXPECT_EQ (CountEphemerals (), 1U);

  g_subprocess_send_signal (process_, SIGCONT);
  ASSERT_TRUE (UntilSaid ("reconnected"));
  EXPECT_THAT (lines_, Each (Ne ("valid")));
  EXPECT_THAT (lines_, Contains ("lost"));
  EXPECT_THAT (lines_, Contains ("lease lost"));
  EXPECT_TRUE (curator_lease_is_valid (lease));
  EXPECT_TRUE (curator_lease_release_sync (lease, nullptr, error.out ())) << error.message ();
}

INSTANTIATE_TEST_SUITE_P (Modes, PausedProcess, Values ("thread", "context"), [] (const auto &parameter) {
  return std::string (parameter.param);
});

} // namespace
