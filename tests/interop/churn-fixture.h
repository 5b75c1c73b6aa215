/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Processes that contend for the same path, and the histories that they leave. */

#include "interop-fixture.h"
#include "interop-history.h"

#include <glib/gstdio.h>

namespace interop_test
{

class ChurnFixture : public InteropFixture
{
protected:
  void SetUp () override
  {
    InteropFixture::SetUp ();
    folder_ = g_dir_make_tmp ("test-interop-XXXXXX", nullptr);
    ASSERT_NE (nullptr, folder_);
    OperatorCreate ("/counter");
    OperatorSetData ("/counter", "0");
  }

  void TearDown () override
  {
    InteropFixture::TearDown ();
    g_unlink (StopFile ().c_str ());
    for (const std::string &file : files_)
      g_unlink (file.c_str ());
    g_rmdir (folder_);
    g_free (folder_);
  }

  /* A history of its own for one who contends; its number is the holder's in the turns. */
  std::string NewFile ()
  {
    files_.push_back (std::string (folder_) + "/" + std::to_string (files_.size ()));
    return files_.back ();
  }

  /* One of ours; @kind and @path as churn.c has them. */
  InteropPeer &StartOurs (const std::string &kind, const std::string &path, int duration_ms)
  {
    ours_.push_back (InteropPeer::Start ({ INTEROP_CHURN, Chroot (), std::to_string (session_ms), kind, path,
                                           std::to_string (duration_ms), NewFile (), "/counter" }));
    return *ours_.back ();
  }

  /* Has an actor of a peer contend. */
  int StartTheirs (InteropPeer &peer, const std::string &actor, int duration_ms)
  {
    return peer.Send ({ actor, "churn", std::to_string (duration_ms), NewFile (), "/counter" });
  }

  std::string StopFile () const
  {
    return std::string (folder_) + "/stop";
  }

  /* Everybody ends with the turn that he is at. */
  void Stop ()
  {
    EXPECT_TRUE (g_file_set_contents (StopFile ().c_str (), "", 0, nullptr));
  }

  size_t CountTurnsOf (size_t holder)
  {
    return CountTurns (ReadHistories (files_), files_.size ())[holder];
  }

  bool UntilTurns (size_t holder, size_t count)
  {
    return Until ([&] { return CountTurnsOf (holder) >= count; }, answer_timeout_ms);
  }

  /* Ours to their end, which is an orderly one but for those that were killed. */
  void AwaitOurs ()
  {
    for (auto &process : ours_)
      ASSERT_TRUE (Until ([&] { return !process->IsRunning (); }, 30000));
  }

  void ExpectOrderlyEnd (InteropPeer &process)
  {
    EXPECT_TRUE (Until ([&] { return process.OtherLines ().size () == 1; }))
        << "it did not get to its end, see above";
  }

  long ReadCounter ()
  {
    return std::stol (Read ("/counter"));
  }

  std::vector<Turn> Turns ()
  {
    return ReadHistories (files_);
  }

  /* Whose turns follow one another: how often it went from one library to another. */
  static size_t CountHandOvers (const std::vector<Turn> &turns, size_t n_ours)
  {
    size_t count = 0;

    for (size_t i = 1; i < turns.size (); i++)
      count += (turns[i].holder < n_ours) != (turns[i - 1].holder < n_ours);
    return count;
  }

  char *folder_ = nullptr;
  std::vector<std::string> files_;
  std::vector<std::unique_ptr<InteropPeer> > ours_;
};

} // namespace interop_test
