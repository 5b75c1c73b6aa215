/* SPDX-License-Identifier: Apache-2.0 */
#include "interop-peer.h"

#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

namespace interop_test
{

namespace
{

constexpr gint64 end_timeout_us = 10 * G_USEC_PER_SEC;
constexpr char empty_word[] = "%";

std::string
DecodeWord (const std::string &word)
{
  if (word == empty_word)
    return "";
  g_autoptr (GError) error = nullptr;
  g_autoptr (GBytes) bytes = g_uri_unescape_bytes (word.c_str (), -1, nullptr, &error);

  EXPECT_NE (nullptr, bytes) << word << ": " << error->message;
  if (bytes == nullptr)
    return word;
  return std::string (static_cast<const char *> (g_bytes_get_data (bytes, nullptr)),
                      g_bytes_get_size (bytes));
}

Words
Split (const std::string &line)
{
  std::istringstream stream (line);
  Words words;

  for (std::string word; stream >> word;)
    words.push_back (word);
  return words;
}

Words
DecodeFrom (const Words &words, size_t first)
{
  Words decoded;

  for (size_t i = first; i < words.size (); i++)
    decoded.push_back (DecodeWord (words[i]));
  return decoded;
}

} // namespace

std::string
EncodeWord (const std::string &word)
{
  g_autofree char *escaped =
      g_uri_escape_bytes (reinterpret_cast<const guint8 *> (word.data ()), word.size (), "/:,@+=*");

  return word.empty () ? empty_word : escaped;
}

std::string
Answer::text () const
{
  std::string text = status;

  for (const std::string &word : words)
    text += " " + word;
  return text;
}

std::unique_ptr<InteropPeer>
InteropPeer::Start (const Words &argv)
{
  std::vector<const char *> arguments;
  g_autoptr (GError) error = nullptr;

  for (const std::string &argument : argv)
    arguments.push_back (argument.c_str ());
  arguments.push_back (nullptr);
  GSubprocess *process = g_subprocess_newv (
      arguments.data (),
      static_cast<GSubprocessFlags> (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE), &error);
  EXPECT_NE (nullptr, process) << error->message;
  return process != nullptr ? std::unique_ptr<InteropPeer> (new InteropPeer (process)) : nullptr;
}

std::unique_ptr<InteropPeer>
InteropPeer::StartJava ()
{
  return Start ({ INTEROP_JAVA, "-cp", INTEROP_CLASS_PATH, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                  "-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "curatorglib.peer.Peer" });
}

std::unique_ptr<InteropPeer>
InteropPeer::StartKazoo ()
{
  return Start ({ INTEROP_PYTHON, INTEROP_KAZOO_PEER });
}

InteropPeer::InteropPeer (GSubprocess *process) : process_ (process), reader_ ([this] { Read (); })
{
}

InteropPeer::~InteropPeer ()
{
  gint64 deadline_us = g_get_monotonic_time () + end_timeout_us;

  CloseInput ();
  while (IsRunning () && g_get_monotonic_time () < deadline_us)
    g_usleep (1000);
  if (IsRunning ())
    ADD_FAILURE () << "a peer did not end with its input";
  Kill ();
  reader_.join ();
  g_object_unref (process_);
}

void
InteropPeer::Read ()
{
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process_));

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (stream, nullptr, nullptr, nullptr);

      std::lock_guard<std::mutex> lock (mutex_);
      if (line == nullptr)
        {
          ended_ = true;
          return;
        }
      TakeLine (line);
    }
}

void
InteropPeer::TakeLine (const std::string &line)
{
  Words words = Split (line);

  if (words.size () >= 3 && words[0] == "event")
    events_[words[1]].push_back (DecodeFrom (words, 2));
  else if (words.size () >= 2 && (words[1] == "ok" || words[1] == "no" || words[1] == "error"))
    answers_[words[0]] = { words[1], DecodeFrom (words, 2) };
  else
    other_lines_.push_back (line);
}

void
InteropPeer::SendLine (const std::string &line)
{
  std::string text = line + "\n";

  /* What does not get there is not answered. */
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (process_), text.data (), text.size (), nullptr,
                             nullptr, nullptr);
}

int
InteropPeer::Send (const Words &words)
{
  std::string line = std::to_string (++last_tag_);

  for (const std::string &word : words)
    line += " " + EncodeWord (word);
  SendLine (line);
  return last_tag_;
}

bool
InteropPeer::IsAnswered (int tag)
{
  std::lock_guard<std::mutex> lock (mutex_);

  return answers_.count (std::to_string (tag)) > 0;
}

Answer
InteropPeer::Take (int tag)
{
  std::lock_guard<std::mutex> lock (mutex_);
  auto found = answers_.find (std::to_string (tag));

  return found != answers_.end () ? found->second : Answer{ "missing", {} };
}

std::vector<Words>
InteropPeer::Events (const std::string &name)
{
  std::lock_guard<std::mutex> lock (mutex_);

  return events_[name];
}

void
InteropPeer::ForgetEvents ()
{
  std::lock_guard<std::mutex> lock (mutex_);

  events_.clear ();
}

Words
InteropPeer::OtherLines ()
{
  std::lock_guard<std::mutex> lock (mutex_);

  return other_lines_;
}

void
InteropPeer::CloseInput ()
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (process_), nullptr, nullptr);
}

bool
InteropPeer::IsRunning ()
{
  return g_subprocess_get_identifier (process_) != nullptr;
}

void
InteropPeer::Kill ()
{
  g_subprocess_send_signal (process_, SIGKILL);
  g_subprocess_wait (process_, nullptr, nullptr);
}

} // namespace interop_test
