/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Another program that takes part in recipes, by commands; README.md has them. */

#include <gio/gio.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace interop_test
{

using Words = std::vector<std::string>;

/* What came of a command: "ok", "no" or "error", and what else was said. */
struct Answer
{
  std::string status;
  Words words;

  bool ok () const
  {
    return status == "ok";
  }

  bool no () const
  {
    return status == "no";
  }

  std::string text () const;
};

/* A process. Its answers are collected by a thread, so that nothing here blocks but the end. */
class InteropPeer
{
public:
  /* NULL after a failure, which is a failure of the test. */
  static std::unique_ptr<InteropPeer> StartJava ();
  static std::unique_ptr<InteropPeer> StartKazoo ();
  static std::unique_ptr<InteropPeer> Start (const Words &argv);

  InteropPeer (const InteropPeer &) = delete;
  InteropPeer &operator= (const InteropPeer &) = delete;
  /* Ends its input, at which it closes its session and ends; kills it where that takes too long. */
  ~InteropPeer ();

  /* The number to ask for the answer by. */
  int Send (const Words &words);
  bool IsAnswered (int tag);
  /* Once it is there. */
  Answer Take (int tag);
  /* What was told so far without being asked, in order, without the name of who told it. */
  std::vector<Words> Events (const std::string &name);
  void ForgetEvents ();
  /* Lines that are neither, as they are. */
  Words OtherLines ();

  void SendLine (const std::string &line);
  void CloseInput ();
  bool IsRunning ();
  /* SIGKILL, and until it is gone. */
  void Kill ();

private:
  explicit InteropPeer (GSubprocess *process);

  void Read ();
  void TakeLine (const std::string &line);

  GSubprocess *process_;
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, std::vector<Words> > events_;
  Words other_lines_;
  int last_tag_ = 0;
  bool ended_ = false; /* what it says is over */
  std::thread reader_;
};

std::string EncodeWord (const std::string &word);

} // namespace interop_test
