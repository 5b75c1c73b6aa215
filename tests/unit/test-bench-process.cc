/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bench-process.h"

using ::testing::DoubleEq;

namespace
{

/* Programs under test are shell scripts here. */
class BenchProcessTest : public ::testing::Test
{
protected:
  void SetUp () override
  {
    folder_ = g_dir_make_tmp ("test-bench-XXXXXX", nullptr);
    ASSERT_NE (folder_, nullptr);
    program_ = std::string (folder_) + "/program";
    job_.workload = BENCH_WORKLOAD_GET;
    job_.variant = const_cast<char *> ("async");
    job_.connect = const_cast<char *> ("h:1");
    job_.root = const_cast<char *> ("/r");
    job_.window = job_.clients = job_.operations = 1;
  }

  void TearDown () override
  {
    g_unlink (program_.c_str ());
    g_rmdir (folder_);
    g_free (folder_);
  }

  BenchProcess *NewProcess (const char *script)
  {
    std::string text = std::string ("#!/bin/sh\n") + script + "\n";

    EXPECT_TRUE (g_file_set_contents_full (program_.c_str (), text.c_str (), -1, G_FILE_SET_CONTENTS_NONE,
                                           0700, nullptr));
    return bench_process_new (program_.c_str ());
  }

  gboolean Run (BenchProcess *process, guint timeout_s, GError **error)
  {
    measure_ = {};
    return bench_process_run (process, &job_, timeout_s, &measure_, error);
  }

  char *folder_ = nullptr;
  std::string program_;
  BenchJob job_ = {};
  BenchMeasure measure_ = {};
};

constexpr char kAnswer[] =
    "'{\"status\":\"ok\",\"wall_us\":7,\"cpu_us\":2,\"switches\":1,\"samples_us\":[5]}'";

TEST_F (BenchProcessTest, OneProcessDoesSeveralJobs)
{
  const std::string script =
      std::string ("n=0; while read job; do n=$((n+1)); [ $n -gt 2 ] && exit; echo ") + kAnswer + "; done";
  g_autoptr (BenchProcess) process = NewProcess (script.c_str ());
  g_autoptr (GError) error = nullptr;

  for (int i = 0; i < 2; i++)
    {
      ASSERT_TRUE (Run (process, 60, &error)) << error->message;
      EXPECT_EQ (measure_.operations, 1u);
      EXPECT_THAT (measure_.latency_us.median, DoubleEq (5));
    }
  EXPECT_FALSE (Run (process, 60, &error));
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED));
  g_clear_error (&error);
  EXPECT_TRUE (Run (process, 60, &error)) << "not started again: " << error->message;
}

TEST_F (BenchProcessTest, ErrorLeavesItRunning)
{
  g_autoptr (BenchProcess) process = NewProcess (
      "read job; echo '{\"status\":\"error\",\"message\":\"no luck\"}'; read job; echo nonsense; cat");

  for (int code : { G_IO_ERROR_FAILED, G_IO_ERROR_INVALID_DATA })
    {
      g_autoptr (GError) error = nullptr;

      EXPECT_FALSE (Run (process, 60, &error));
      EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, code)) << error->message;
    }
}

TEST_F (BenchProcessTest, SilenceTimesOut)
{
  g_autoptr (BenchProcess) process = NewProcess ("read job; read more");
  g_autoptr (GError) error = nullptr;

  EXPECT_FALSE (Run (process, 1, &error));
  EXPECT_TRUE (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) << error->message;
}

TEST_F (BenchProcessTest, MissingProgramIsAnError)
{
  g_autoptr (BenchProcess) process = bench_process_new (program_.c_str ());
  g_autoptr (GError) error = nullptr;

  EXPECT_FALSE (Run (process, 60, &error));
  EXPECT_NE (error, nullptr);
}

} // namespace
