/* SPDX-License-Identifier: Apache-2.0 */
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <set>
#include <string>
#include <vector>

#include "curator-net-private.h"

using ::testing::ElementsAre;

namespace
{

/* A server socket on a free port of the loopback interface. */
class Listener
{
public:
  explicit Listener (int family = AF_INET)
  {
    auto *v4 = reinterpret_cast<sockaddr_in *> (&address);
    auto *v6 = reinterpret_cast<sockaddr_in6 *> (&address);

    address.ss_family = (sa_family_t) family;
    length = family == AF_INET ? sizeof *v4 : sizeof *v6;
    if (family == AF_INET)
      v4->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    else
      v6->sin6_addr = in6addr_loopback;
    fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bound = bind (fd, reinterpret_cast<sockaddr *> (&address), length) == 0 && listen (fd, 8) == 0 &&
            getsockname (fd, reinterpret_cast<sockaddr *> (&address), &length) == 0;
  }

  ~Listener ()
  {
    Close ();
  }

  void Close ()
  {
    if (fd >= 0)
      close (fd);
    fd = -1;
  }

  CuratorNetStream *Connect ()
  {
    CuratorNet *net = curator_net_get_default ();

    return net->connect (net, reinterpret_cast<sockaddr *> (&address), length);
  }

  int fd = -1;
  bool bound = false;
  sockaddr_storage address = {};
  socklen_t length = 0;
};

/* Waits for the descriptor of the stream, at most 30 seconds. */
bool
WaitFor (CuratorNetStream *stream, short events)
{
  pollfd poll_fd = { stream->klass->get_fd (stream), events, 0 };

  return poll (&poll_fd, 1, 30000) == 1;
}

int
WaitForStatus (CuratorNetStream *stream)
{
  if (stream->klass->status (stream) == EINPROGRESS)
    {
      EXPECT_TRUE (WaitFor (stream, POLLOUT));
    }
  return stream->klass->status (stream);
}

TEST (Stream, ConnectsAndTalks)
{
  for (int family : { AF_INET, AF_INET6 })
    {
      Listener listener (family);
      char buffer[16] = "";
      int on = 0;
      socklen_t length = sizeof on;

      if (!listener.bound)
        {
          /* A machine without IPv6 refuses it at once, and that is reported. */
          ASSERT_EQ (family, AF_INET6);
          continue;
        }
      CuratorNetStream *stream = listener.Connect ();
      ASSERT_EQ (WaitForStatus (stream), 0);
      int peer = accept (listener.fd, nullptr, nullptr);
      int fd = stream->klass->get_fd (stream);
      EXPECT_NE (fcntl (fd, F_GETFL) & O_NONBLOCK, 0);
      EXPECT_NE (fcntl (fd, F_GETFD) & FD_CLOEXEC, 0);
      EXPECT_EQ (getsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, &length), 0);
      EXPECT_NE (on, 0);
      EXPECT_EQ (getsockopt (fd, SOL_SOCKET, SO_KEEPALIVE, &on, &length), 0);
      EXPECT_NE (on, 0);

      EXPECT_EQ (stream->klass->recv (stream, buffer, sizeof buffer), -1);
      EXPECT_EQ (errno, EAGAIN);
      EXPECT_EQ (stream->klass->poll (stream), G_IO_OUT);
      EXPECT_EQ (stream->klass->send (stream, "ruok", 4), 4);
      EXPECT_EQ (recv (peer, buffer, sizeof buffer, 0), 4);
      EXPECT_EQ (send (peer, "imok", 4, 0), 4);
      EXPECT_TRUE (WaitFor (stream, POLLIN));
      EXPECT_EQ (stream->klass->poll (stream), G_IO_IN | G_IO_OUT);
      EXPECT_EQ (stream->klass->recv (stream, buffer, sizeof buffer), 4);
      EXPECT_EQ (std::string (buffer, 4), "imok");
      stream->klass->close (stream);
      EXPECT_EQ (recv (peer, buffer, sizeof buffer, 0), 0);
      close (peer);
    }
}

TEST (Stream, RefusalIsTheStatusForGood)
{
  Listener listener;
  char buffer[4];

  listener.Close ();
  CuratorNetStream *stream = listener.Connect ();
  EXPECT_EQ (WaitForStatus (stream), ECONNREFUSED);
  EXPECT_EQ (stream->klass->status (stream), ECONNREFUSED);
  EXPECT_EQ (stream->klass->send (stream, "x", 1), -1);
  EXPECT_EQ (errno, ECONNREFUSED);
  EXPECT_EQ (stream->klass->recv (stream, buffer, sizeof buffer), -1);
  EXPECT_EQ (errno, ECONNREFUSED);
  EXPECT_EQ (stream->klass->poll (stream), G_IO_IN | G_IO_OUT);
  stream->klass->close (stream);
}

TEST (Stream, NothingFlowsBeforeItIsConnected)
{
  Listener listener;
  sockaddr_in unreachable = {};
  char buffer[4];
  CuratorNet *net = curator_net_get_default ();

  /* A listener whose queue is full does not answer. */
  ASSERT_EQ (listen (listener.fd, 0), 0);
  std::vector<CuratorNetStream *> streams;
  CuratorNetStream *waiting = nullptr;
  for (int i = 0; i < 8 && waiting == nullptr; i++)
    {
      CuratorNetStream *stream = listener.Connect ();
      pollfd poll_fd = { stream->klass->get_fd (stream), POLLOUT, 0 };

      streams.push_back (stream);
      if (poll (&poll_fd, 1, 50) == 0)
        waiting = stream;
    }
  ASSERT_NE (waiting, nullptr);
  EXPECT_EQ (waiting->klass->status (waiting), EINPROGRESS);
  EXPECT_EQ (waiting->klass->send (waiting, "x", 1), -1);
  EXPECT_EQ (errno, EAGAIN);
  EXPECT_EQ (waiting->klass->recv (waiting, buffer, sizeof buffer), -1);
  EXPECT_EQ (errno, EAGAIN);
  for (CuratorNetStream *stream : streams)
    stream->klass->close (stream);

  /* An address family that TCP does not have. */
  unreachable.sin_family = AF_PACKET;
  CuratorNetStream *stream =
      net->connect (net, reinterpret_cast<sockaddr *> (&unreachable), sizeof unreachable);
  EXPECT_NE (stream->klass->status (stream), 0);
  EXPECT_NE (stream->klass->status (stream), EINPROGRESS);
  EXPECT_EQ (stream->klass->get_fd (stream), -1);
  stream->klass->close (stream);
}

TEST (Stream, PeerThatClosesIsTheEndOfInput)
{
  Listener listener;
  char buffer[4];
  CuratorNetStream *stream = listener.Connect ();

  ASSERT_EQ (WaitForStatus (stream), 0);
  int peer = accept (listener.fd, nullptr, nullptr);
  send (peer, "x", 1, 0);
  close (peer);
  EXPECT_TRUE (WaitFor (stream, POLLIN));
  EXPECT_EQ (stream->klass->recv (stream, buffer, sizeof buffer), 1);
  EXPECT_TRUE (WaitFor (stream, POLLIN));
  EXPECT_EQ (stream->klass->recv (stream, buffer, sizeof buffer), 0);
  EXPECT_EQ (stream->klass->status (stream), 0);
  stream->klass->close (stream);
}

TEST (Stream, SendingToAPeerThatHasGoneIsAnErrorNotASignal)
{
  Listener listener;
  linger reset = { 1, 0 };
  CuratorNetStream *stream = listener.Connect ();

  ASSERT_EQ (WaitForStatus (stream), 0);
  int peer = accept (listener.fd, nullptr, nullptr);
  setsockopt (peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close (peer);
  EXPECT_TRUE (WaitFor (stream, POLLIN));
  EXPECT_EQ (stream->klass->send (stream, "x", 1), -1);
  EXPECT_EQ (errno, ECONNRESET);
  EXPECT_EQ (stream->klass->send (stream, "x", 1), -1);
  EXPECT_EQ (errno, EPIPE);
  stream->klass->close (stream);
}

TEST (Stream, DoesNotConnectToItself)
{
  CuratorNet *net = curator_net_get_default ();
  Listener listener;
  linger reset = { 1, 0 };
  sockaddr_in target = {};
  socklen_t length = sizeof target;
  int met_itself = 0;

  /* A free port of those that the system gives to the connecting side: asked for often enough, it is given to
   * the very connection that asks for it. */
  CuratorNetStream *stream = listener.Connect ();
  ASSERT_EQ (WaitForStatus (stream), 0);
  int fd = stream->klass->get_fd (stream);
  ASSERT_EQ (getsockname (fd, reinterpret_cast<sockaddr *> (&target), &length), 0);
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  stream->klass->close (stream);
  for (int i = 0; i < 40000; i++)
    {
      stream = net->connect (net, reinterpret_cast<sockaddr *> (&target), sizeof target);
      if (WaitForStatus (stream) == 0)
        met_itself++;
      stream->klass->close (stream);
    }
  EXPECT_EQ (met_itself, 0);
}

/* ---- names ---- */

struct Answer
{
  int count = 0;
  std::vector<std::string> addresses;
  std::string name;
  GError *error = nullptr;

  ~Answer ()
  {
    g_clear_error (&error);
  }

  static void OnResolved (GList *list, const GError *error, gpointer data)
  {
    auto *self = static_cast<Answer *> (data);

    self->count++;
    EXPECT_EQ (list == nullptr, error != nullptr);
    for (GList *l = list; l != nullptr; l = l->next)
      {
        g_autofree char *text = g_inet_address_to_string (G_INET_ADDRESS (l->data));

        self->addresses.push_back (text);
      }
    g_resolver_free_addresses (list);
    self->error = error != nullptr ? g_error_copy (error) : nullptr;
  }

  static void OnName (const char *name, const GError *error, gpointer data)
  {
    auto *self = static_cast<Answer *> (data);

    self->count++;
    EXPECT_EQ (name == nullptr, error != nullptr);
    self->name = name != nullptr ? name : "";
    self->error = error != nullptr ? g_error_copy (error) : nullptr;
  }
};

class Names : public ::testing::Test
{
protected:
  void SetUp () override
  {
    g_main_context_push_thread_default (context);
  }

  void TearDown () override
  {
    g_main_context_pop_thread_default (context);
    g_main_context_unref (context);
  }

  void Resolve (const char *host, GCancellable *cancellable, Answer *answer)
  {
    net->resolve (net, host, cancellable, Answer::OnResolved, answer);
    EXPECT_EQ (answer->count, 0) << "called back from inside the call";
  }

  void WaitFor (Answer *answer)
  {
    while (answer->count == 0)
      g_main_context_iteration (context, TRUE);
    while (g_main_context_iteration (context, FALSE))
      continue;
    EXPECT_EQ (answer->count, 1);
  }

  CuratorNet *net = curator_net_get_default ();
  GMainContext *context = g_main_context_new ();
};

TEST_F (Names, NumericAddressesAreAnsweredLater)
{
  for (const char *host : { "127.0.0.1", "::1", "fe80::1234" })
    {
      Answer answer;

      Resolve (host, nullptr, &answer);
      WaitFor (&answer);
      EXPECT_THAT (answer.addresses, ElementsAre (host));
    }
}

TEST_F (Names, LocalhostIsFound)
{
  Answer answer;

  Resolve ("localhost", nullptr, &answer);
  WaitFor (&answer);
  EXPECT_THAT (answer.addresses, ::testing::Each (::testing::AnyOf ("127.0.0.1", "::1")));
  EXPECT_FALSE (answer.addresses.empty ());
}

TEST_F (Names, UnusableNamesAreErrors)
{
  for (const char *host : { "", "no such host", "\xff\xfe", "a..b", "256.1.1.1" })
    {
      Answer answer;

      Resolve (host, nullptr, &answer);
      WaitFor (&answer);
      EXPECT_NE (answer.error, nullptr) << host;
    }
}

TEST_F (Names, CancellingAnswersWithCancelled)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer before, in_flight, named;
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  Resolve ("localhost", cancellable, &in_flight);
  net->reverse (net, address, cancellable, Answer::OnName, &named);
  g_cancellable_cancel (cancellable);
  Resolve ("localhost", cancellable, &before);
  for (Answer *answer : { &in_flight, &before, &named })
    {
      WaitFor (answer);
      EXPECT_TRUE (g_error_matches (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    }
}

TEST_F (Names, AddressesHaveNames)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  Answer answer;

  net->reverse (net, address, nullptr, Answer::OnName, &answer);
  EXPECT_EQ (answer.count, 0);
  WaitFor (&answer);
  EXPECT_THAT (answer.name, ::testing::HasSubstr ("localhost"));
}

/* ---- time and randomness ---- */

/* faults: 24 */
TEST (Environment, ClockCountsWhileTheMachineSleeps)
{
  CuratorNet *net = curator_net_get_default ();
  timespec before, after;

  clock_gettime (CLOCK_BOOTTIME, &before);
  gint64 now_us = net->now_us (net);
  clock_gettime (CLOCK_BOOTTIME, &after);
  EXPECT_GE (now_us, (gint64) before.tv_sec * G_USEC_PER_SEC + before.tv_nsec / 1000);
  EXPECT_LE (now_us, (gint64) after.tv_sec * G_USEC_PER_SEC + after.tv_nsec / 1000);
}

TEST (Environment, RandomBitsAreEvenlySpread)
{
  CuratorNet *net = curator_net_get_default ();
  std::set<guint64> numbers;
  int ones[64] = {};

  for (int i = 0; i < 10000; i++)
    {
      guint64 number = net->random (net);

      numbers.insert (number);
      for (int bit = 0; bit < 64; bit++)
        ones[bit] += (int) (number >> bit & 1);
    }
  EXPECT_EQ (numbers.size (), 10000u);
  for (int bit = 0; bit < 64; bit++)
    EXPECT_NEAR (ones[bit], 5000, 400) << bit; /* eight standard deviations */
}

} // namespace
