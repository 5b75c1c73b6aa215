/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the tests with other programs share. */

#include "interop-peer.h"
#include "mutex-fixture.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace interop_test
{

/* Peers that are slow to start, and that the tests of an executable therefore share; each test has sessions
 * of its own with them. */
class SharedPeers : public ::testing::Environment
{
public:
  using Starter = std::unique_ptr<InteropPeer> (*) ();

  static InteropPeer &Get (std::unique_ptr<InteropPeer> &peer, Starter start)
  {
    if (peer == nullptr || !peer->IsRunning ())
      peer = start ();
    if (peer == nullptr)
      throw std::runtime_error ("a peer cannot be started");
    return *peer;
  }

  void SetUp () override
  {
    /* A peer that died is noticed by its silence. */
    signal (SIGPIPE, SIG_IGN);
  }

  void TearDown () override
  {
    java.reset ();
    kazoo.reset ();
  }

  static inline std::unique_ptr<InteropPeer> java;
  static inline std::unique_ptr<InteropPeer> kazoo;
};

inline ::testing::Environment *const shared_peers_environment =
    ::testing::AddGlobalTestEnvironment (new SharedPeers);

class InteropFixture : public mutex_test::MutexFixture
{
protected:
  static constexpr int session_ms = 2000;
  static constexpr guint answer_timeout_ms = 20000;

  void TearDown () override
  {
    for (InteropPeer *peer : connected_)
      EXPECT_TRUE (!peer->IsRunning () || Ask (*peer, { "peer", "disconnect" }).ok ());
    own_.clear ();
    MutexFixture::TearDown ();
  }

  /* The shared ones, in this test's chroot. */
  InteropPeer &Java ()
  {
    return Connected (SharedPeers::Get (SharedPeers::java, InteropPeer::StartJava));
  }

  InteropPeer &Kazoo ()
  {
    return Connected (SharedPeers::Get (SharedPeers::kazoo, InteropPeer::StartKazoo));
  }

  /* One that may be killed, ended with the test; @connect_string as of the chroot by default. */
  InteropPeer &
  StartOwn (SharedPeers::Starter start, int timeout_ms = session_ms, const std::string &connect_string = "")
  {
    own_.push_back (start ());
    if (own_.back () == nullptr)
      throw std::runtime_error ("a peer cannot be started");
    ConnectPeer (*own_.back (), timeout_ms, connect_string);
    return *own_.back ();
  }

  InteropPeer &StartOwnJava (int timeout_ms = session_ms)
  {
    return StartOwn (InteropPeer::StartJava, timeout_ms);
  }

  InteropPeer &StartOwnKazoo (int timeout_ms = session_ms)
  {
    return StartOwn (InteropPeer::StartKazoo, timeout_ms);
  }

  void ConnectPeer (InteropPeer &peer, int timeout_ms, const std::string &connect_string = "")
  {
    peer.ForgetEvents ();
    Ok (peer, { "peer", "connect", connect_string.empty () ? Chroot () : connect_string,
                std::to_string (timeout_ms) });
  }

  bool UntilAnswered (InteropPeer &peer, int tag, guint timeout_ms = answer_timeout_ms)
  {
    return Until ([&] { return peer.IsAnswered (tag) || !peer.IsRunning (); }, timeout_ms);
  }

  Answer Await (InteropPeer &peer, int tag, guint timeout_ms = answer_timeout_ms)
  {
    UntilAnswered (peer, tag, timeout_ms);
    return peer.Take (tag);
  }

  Answer Ask (InteropPeer &peer, const Words &words)
  {
    return Await (peer, peer.Send (words));
  }

  /* The values of an answer that must be "ok". */
  Words Ok (InteropPeer &peer, const Words &words)
  {
    return AwaitOk (peer, peer.Send (words));
  }

  Words AwaitOk (InteropPeer &peer, int tag)
  {
    Answer answer = Await (peer, tag);

    EXPECT_TRUE (answer.ok ()) << answer.text ();
    return answer.words;
  }

  /* The first value of an answer that must be "ok". */
  std::string Get (InteropPeer &peer, const Words &words)
  {
    Words values = Ok (peer, words);

    return values.empty () ? "nothing" : values[0];
  }

  void ExpectNo (InteropPeer &peer, const Words &words)
  {
    Answer answer = Ask (peer, words);

    EXPECT_TRUE (answer.no ()) << answer.text ();
  }

  size_t CountEvents (InteropPeer &peer, const std::string &name, const std::string &event)
  {
    size_t count = 0;

    for (const Words &words : peer.Events (name))
      count += words[0] == event;
    return count;
  }

  bool UntilEvent (InteropPeer &peer, const std::string &name, const std::string &event, size_t count = 1)
  {
    return Until ([&] { return CountEvents (peer, name, event) >= count; }, answer_timeout_ms);
  }

  /* The session of a peer, as the server knows it. */
  gint64 SessionOf (InteropPeer &peer)
  {
    return static_cast<gint64> (g_ascii_strtoull (Get (peer, { "peer", "session" }).c_str (), nullptr, 16));
  }

  std::vector<std::string> Children (const std::string &path)
  {
    g_auto (GStrv) names = curator_test_server_operator_get_children_sync (
        Server (), ServerPath (path).c_str (), nullptr, nullptr);
    std::vector<std::string> list;

    for (char **name = names; name != nullptr && *name != nullptr; name++)
      list.push_back (*name);
    return list;
  }

  bool UntilChildren (const std::string &path, size_t count)
  {
    return Until ([&] { return Children (path).size () == count; }, answer_timeout_ms);
  }

  /* "-" where there is no node. */
  std::string Read (const std::string &path)
  {
    g_autoptr (GBytes) data =
        curator_test_server_operator_get_data_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    if (data == nullptr)
      return "-";
    return std::string (static_cast<const char *> (g_bytes_get_data (data, nullptr)),
                        g_bytes_get_size (data));
  }

  /* 0 for a node of no session's; -1 where there is no node. */
  gint64 GetOwner (const std::string &path)
  {
    g_autoptr (CuratorTestStat) stat =
        curator_test_server_operator_stat_sync (Server (), ServerPath (path).c_str (), nullptr, nullptr);

    return stat != nullptr ? stat->ephemeral_owner : -1;
  }

private:
  InteropPeer &Connected (InteropPeer &peer)
  {
    if (std::find (connected_.begin (), connected_.end (), &peer) == connected_.end ())
      {
        connected_.push_back (&peer);
        ConnectPeer (peer, 10000);
      }
    return peer;
  }

  std::vector<InteropPeer *> connected_;
  std::vector<std::unique_ptr<InteropPeer> > own_;
};

} // namespace interop_test
