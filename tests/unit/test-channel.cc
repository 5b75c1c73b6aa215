/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <gtest/gtest.h>
#include <string.h>

#include <string>
#include <vector>

extern "C" {
#include "curator-channel-private.h"
#include "curator-request-private.h"
}

namespace
{

/* A stream that is played by the test. */
struct Wire
{
  CuratorNetStream stream;
  int status = 0;
  std::string sent;
  std::vector<std::string> sends;
  gsize accepts = G_MAXSIZE; /* bytes that it still takes */
  guint attempts = 0;
  int send_error = 0;
  std::string to_receive;
  bool at_end = false;
};

Wire *wire_of (CuratorNetStream *stream) { return reinterpret_cast<Wire *> (stream); }

int wire_status (CuratorNetStream *stream) { return wire_of (stream)->status; }

gssize
wire_send (CuratorNetStream *stream, const void *data, gsize length)
{
  Wire *wire = wire_of (stream);
  gsize n = MIN (length, wire->accepts);

  wire->attempts++;
  if (wire->send_error != 0 || n == 0)
    {
      errno = wire->send_error != 0 ? wire->send_error : EAGAIN;
      return -1;
    }
  wire->sent.append (static_cast<const char *> (data), n);
  wire->sends.emplace_back (static_cast<const char *> (data), n);
  wire->accepts -= n;
  return static_cast<gssize> (n);
}

gssize
wire_recv (CuratorNetStream *stream, void *data, gsize length)
{
  Wire *wire = wire_of (stream);
  gsize n = MIN (length, wire->to_receive.size ());

  if (n == 0)
    {
      errno = EAGAIN;
      return wire->at_end ? 0 : -1;
    }
  memcpy (data, wire->to_receive.data (), n);
  wire->to_receive.erase (0, n);
  return static_cast<gssize> (n);
}

int wire_get_fd (CuratorNetStream *) { return -1; }
GIOCondition wire_poll (CuratorNetStream *) { return static_cast<GIOCondition> (G_IO_IN | G_IO_OUT); }
void wire_close (CuratorNetStream *) {}

const CuratorNetStreamClass wire_class = { wire_status, wire_send, wire_recv, wire_get_fd, wire_poll, wire_close };

struct TestNet
{
  CuratorNet net = {};
  Wire wire;
  gint64 now_us = 1000;
};

gint64 net_now_us (CuratorNet *net) { return reinterpret_cast<TestNet *> (net)->now_us; }
guint64 net_random (CuratorNet *) { return 4; }

CuratorNetStream *
net_connect (CuratorNet *net, const struct sockaddr *, socklen_t)
{
  return &reinterpret_cast<TestNet *> (net)->wire.stream;
}

std::string
be32 (gint32 value)
{
  guint32 big = GUINT32_TO_BE (static_cast<guint32> (value));

  return std::string (reinterpret_cast<char *> (&big), sizeof big);
}

std::string framed (const std::string &body) { return be32 (static_cast<gint32> (body.size ())) + body; }

/* xid, zxid, error, body */
std::string
reply (gint32 xid, gint32 error, const std::string &body = "")
{
  return framed (be32 (xid) + std::string (8, '\0') + be32 (error) + body);
}

class ChannelTest : public ::testing::Test
{
protected:
  void
  SetUp () override
  {
    world.net.now_us = net_now_us;
    world.net.random = net_random;
    world.net.connect = net_connect;
    world.wire.stream.klass = &wire_class;
    channel = curator_channel_new (&world.net, kMaxReply);
    curator_channel_open (channel, nullptr, 0);
  }

  void TearDown () override { curator_channel_free (channel); }

  /* Length and body apart, as the C client does. */
  void
  Send (const std::string &body)
  {
    std::string length = be32 (static_cast<gint32> (body.size ()));

    curator_channel_libc_send (channel, length.data (), length.size ());
    curator_channel_libc_send (channel, body.data (), body.size ());
  }

  void SendRequest (gint32 xid, const std::string &rest = "") { Send (be32 (xid) + be32 (2) + rest); }

  void
  Handshake ()
  {
    Send (std::string (45, 'h'));
    curator_channel_flush (channel);
    world.wire.to_receive = framed (std::string (37, 'r'));
    ASSERT_EQ (Receive (), framed (std::string (37, 'r')));
    world.wire.sent.clear ();
    world.wire.sends.clear ();
  }

  /* The next packet as the C client reads it: first the length, then the rest; "" for none. */
  std::string
  Receive ()
  {
    std::string packet;
    char byte[3];

    curator_channel_fill (channel);
    if (!curator_channel_has_packet (channel))
      return "";
    for (gssize n = curator_channel_libc_recv (channel, byte, sizeof byte); n > 0;
         n = curator_channel_libc_recv (channel, byte, sizeof byte))
      packet.append (byte, static_cast<gsize> (n));
    return packet;
  }

  int
  Error ()
  {
    char byte;

    curator_channel_fill (channel);
    return curator_channel_has_packet (channel) && curator_channel_libc_recv (channel, &byte, 1) < 0 ? errno : 0;
  }

  static constexpr gsize kMaxReply = 1000;
  TestNet world;
  CuratorChannel *channel = nullptr;
};

TEST_F (ChannelTest, RequestsLeaveInOneWrite)
{
  Handshake ();
  for (gint32 xid = 1; xid <= 10; xid++)
    SendRequest (xid);
  EXPECT_TRUE (world.wire.sends.empty ());
  curator_channel_flush (channel);
  EXPECT_EQ (world.wire.sends.size (), 1u);
  EXPECT_EQ (world.wire.sent.size (), 10u * 12);
}

/* Else the server would have nothing to do while we prepare the next round, and we while it does it. */
TEST_F (ChannelTest, ManyRequestsDoNotWaitForTheEndOfTheRound)
{
  Handshake ();
  for (gint32 xid = 1; xid <= 1000; xid++)
    SendRequest (xid);
  EXPECT_GT (world.wire.sends.size (), 8u);
  EXPECT_LT (world.wire.sends.size (), 20u);
  curator_channel_flush (channel);
  EXPECT_EQ (world.wire.sent.size (), 1000u * 12);
}

TEST_F (ChannelTest, AFullStreamIsNotAskedForEachRequest)
{
  Handshake ();
  world.wire.accepts = 0;
  world.wire.attempts = 0;
  for (gint32 xid = 1; xid <= 1000; xid++)
    SendRequest (xid);
  EXPECT_EQ (world.wire.attempts, 1u);
  world.wire.accepts = G_MAXSIZE;
  curator_channel_flush (channel);
  EXPECT_EQ (world.wire.sent.size (), 1000u * 12);
}

TEST_F (ChannelTest, ShortWritesAreFinishedLater)
{
  Handshake ();
  SendRequest (1, "abc");
  world.wire.accepts = 5;
  curator_channel_flush (channel);
  EXPECT_EQ (world.wire.sent.size (), 5u);
  EXPECT_TRUE (curator_channel_get_wanted (channel) & G_IO_OUT);
  SendRequest (2);
  world.wire.accepts = G_MAXSIZE;
  curator_channel_flush (channel);
  EXPECT_EQ (world.wire.sent, framed (be32 (1) + be32 (2) + "abc") + framed (be32 (2) + be32 (2)));
  EXPECT_FALSE (curator_channel_get_wanted (channel) & G_IO_OUT);
}

TEST_F (ChannelTest, ABrokenStreamShowsOnlyAtTheNextReceive)
{
  Handshake ();
  world.wire.send_error = EPIPE;
  SendRequest (1);
  curator_channel_flush (channel);
  SendRequest (2);
  EXPECT_TRUE (curator_channel_is_open (channel));
  EXPECT_EQ (Error (), EPIPE);
}

TEST_F (ChannelTest, WhatCameBeforeABrokenSendIsReceived)
{
  Handshake ();
  SendRequest (1);
  curator_channel_flush (channel);
  world.wire.to_receive = reply (1, 0, "why");
  world.wire.send_error = EPIPE;
  SendRequest (2);
  curator_channel_flush (channel);
  EXPECT_EQ (Receive (), reply (1, 0, "why"));
  EXPECT_EQ (Error (), EPIPE);
}

TEST_F (ChannelTest, WholePacketsComeBeforeTheEndOfTheStream)
{
  Handshake ();
  SendRequest (1);
  SendRequest (2);
  curator_channel_flush (channel);
  world.wire.to_receive = reply (1, 0, "x") + reply (2, 0).substr (0, 10);
  world.wire.at_end = true;
  EXPECT_EQ (Receive (), reply (1, 0, "x"));
  EXPECT_EQ (Error (), ECONNRESET);
}

TEST_F (ChannelTest, PacketsMayArriveByteByByte)
{
  std::string packet = reply (7, 0, "body");

  Handshake ();
  SendRequest (7);
  curator_channel_flush (channel);
  for (gsize i = 0; i + 1 < packet.size (); i++)
    {
      world.wire.to_receive = packet.substr (i, 1);
      EXPECT_EQ (Receive (), "") << i;
    }
  world.wire.to_receive = packet.substr (packet.size () - 1);
  EXPECT_EQ (Receive (), packet);
}

TEST_F (ChannelTest, AnAnswerTellsWhenItsRequestWasSent)
{
  Handshake ();
  EXPECT_EQ (curator_channel_get_answered_us (channel), 1000);
  world.now_us = 2000;
  SendRequest (1);
  world.now_us = 3000;
  curator_channel_flush (channel);
  world.now_us = 4000;
  SendRequest (2);
  curator_channel_flush (channel);
  EXPECT_FALSE (curator_channel_is_idle (channel));
  world.now_us = 9000;
  world.wire.to_receive = reply (1, 0) + reply (2, 0);
  Receive ();
  EXPECT_EQ (curator_channel_get_answered_us (channel), 3000);
  Receive ();
  EXPECT_EQ (curator_channel_get_answered_us (channel), 4000);
  EXPECT_TRUE (curator_channel_is_idle (channel));
}

TEST_F (ChannelTest, PingsMayBeAnsweredOutOfTurn)
{
  Handshake ();
  SendRequest (1);
  SendRequest (-2);
  SendRequest (2);
  curator_channel_flush (channel);
  world.wire.to_receive = reply (-2, 0) + reply (1, 0) + reply (2, 0);
  EXPECT_EQ (Receive (), reply (-2, 0));
  EXPECT_EQ (Receive (), reply (1, 0));
  EXPECT_EQ (Receive (), reply (2, 0));
  EXPECT_EQ (Error (), 0);
}

TEST_F (ChannelTest, RepliesThatBelongToNothingEndTheConnection)
{
  const std::vector<std::string> wrong = {
    reply (2, 0),                          /* out of order */
    reply (99, 0),                         /* never asked */
    reply (-2, 0),                         /* no ping is out */
    be32 (-1),                             /* a negative length */
    be32 (15) + std::string (15, '\0'),    /* too short for a header */
    be32 (G_MAXINT32) + be32 (99) + std::string (12, '\0'),
  };

  for (const std::string &packet : wrong)
    {
      curator_channel_close (channel);
      curator_channel_open (channel, nullptr, 0);
      Handshake ();
      SendRequest (1);
      SendRequest (2);
      curator_channel_flush (channel);
      world.wire.to_receive = packet;
      EXPECT_EQ (Receive (), "");
      EXPECT_EQ (Error (), EPROTO);
    }
}

TEST_F (ChannelTest, AHandshakeOfAnotherSizeEndsTheConnection)
{
  Send (std::string (45, 'h'));
  curator_channel_flush (channel);
  world.wire.to_receive = framed (std::string (38, 'r'));
  EXPECT_EQ (Receive (), "");
  EXPECT_EQ (Error (), EPROTO);
}

/* The C client would read what is not there. */
TEST_F (ChannelTest, BodiesThatCannotBeReadEndTheConnection)
{
  const std::string stat (68, 's'), end = be32 (-1) + std::string (1, '\1') + be32 (-1);
  const std::string first = be32 (5) + std::string (1, '\0') + be32 (0);
  const std::string multi = be32 (5) + std::string (1, '\0') + be32 (-1) + framed ("/a") + be32 (-1) + be32 (-1) + end;
  struct
  {
    gint32 type;
    std::string request, body;
    bool good;
  } rows[] = {
    { 4, "", framed ("data") + stat, true },
    { 4, "", be32 (-1) + stat, true },
    { 4, "", be32 (-2) + stat, false },
    { 4, "", framed ("data") + stat.substr (1), false },
    { 15, "", framed ("/path") + stat, true },
    { 15, "", be32 (-1) + stat, false },
    { 15, "", be32 (G_MAXINT32) + stat, false },
    { 12, "", be32 (2) + framed ("a") + framed ("b") + stat, true },
    { 12, "", be32 (3) + framed ("a") + framed ("b") + stat, false },
    { 12, "", be32 (G_MAXINT32), false },
    { 12, "", be32 (-1) + stat, false },
    { 6, "", be32 (1) + be32 (31) + framed ("world") + framed ("anyone") + stat, true },
    { 6, "", be32 (1) + framed ("world") + framed ("anyone") + stat, false },
    { 14, multi, first + stat + end, true },
    { 14, multi, be32 (-1) + std::string (1, '\0') + be32 (-2) + be32 (-2) + end, true },
    { 14, multi, first + stat + first + stat + end, false },
    { 14, multi, end, false },
  };

  for (const auto &row : rows)
    {
      curator_channel_close (channel);
      curator_channel_open (channel, nullptr, 0);
      Handshake ();
      Send (be32 (1) + be32 (row.type) + row.request);
      curator_channel_flush (channel);
      world.wire.to_receive = reply (1, 0, row.body);
      EXPECT_EQ (Receive (), row.good ? reply (1, 0, row.body) : "") << row.type;
      EXPECT_EQ (Error (), row.good ? 0 : EPROTO) << row.type;
    }
  curator_channel_close (channel);
  curator_channel_open (channel, nullptr, 0);
  Handshake ();
  world.wire.to_receive = reply (-1, 0, be32 (1) + be32 (3) + be32 (90) + "/short");
  EXPECT_EQ (Receive (), "");
  EXPECT_EQ (Error (), EPROTO);
}

/* faults: 17 */
TEST_F (ChannelTest, AnOversizedReplyFailsItsRequestAlone)
{
  std::string big = reply (1, 0, std::string (200000, 'x'));

  for (gsize first : { gsize (21), gsize (4096), big.size () })
    {
      curator_channel_close (channel);
      curator_channel_open (channel, nullptr, 0);
      Handshake ();
      SendRequest (1);
      SendRequest (2);
      curator_channel_flush (channel);
      world.wire.to_receive = big.substr (0, first);
      EXPECT_EQ (Receive (), reply (1, CURATOR_RC_REPLY_TOO_LARGE)) << first;
      world.wire.to_receive = big.substr (first) + reply (2, 0, "fine");
      std::string next = Receive ();
      for (int i = 0; i < 10 && next.empty (); i++)
        next = Receive ();
      EXPECT_EQ (next, reply (2, 0, "fine")) << first;
      EXPECT_EQ (Error (), 0);
    }
}

/* The strings of each of the three vectors of a SetWatches packet, without its length. */
std::vector<std::vector<std::string>>
parse_set_watches (const std::string &body)
{
  std::vector<std::vector<std::string>> vectors;
  gsize at = 16;
  auto next = [&] {
    guint32 value;
    memcpy (&value, body.data () + at, 4);
    at += 4;
    return GUINT32_FROM_BE (value);
  };

  for (int v = 0; v < 3; v++)
    {
      std::vector<std::string> strings;
      for (guint32 n = next (); n > 0; n--)
        {
          guint32 size = next ();
          strings.push_back (body.substr (at, size));
          at += size;
        }
      vectors.push_back (strings);
    }
  EXPECT_EQ (at, body.size ());
  return vectors;
}

/* faults: 17 */
TEST_F (ChannelTest, ALargeSetWatchesLeavesAsBoundedOnes)
{
  std::vector<std::vector<std::string>> watches (3), seen (3);
  std::string head = be32 (-8) + be32 (101) + std::string (7, '\0') + "z";
  std::string body = head;
  gsize packets = 0;

  for (int v = 0; v < 3; v++)
    {
      for (int i = 0; i < 4000 * v; i++)
        watches[v].push_back ("/a/path/of/about/one/hundred/bytes/" + std::string (60, 'p') + std::to_string (i));
      body += be32 (static_cast<gint32> (watches[v].size ()));
      for (const std::string &path : watches[v])
        body += framed (path);
    }
  Handshake ();
  Send (body);
  SendRequest (1);
  curator_channel_flush (channel);

  std::string sent = world.wire.sent;
  while (sent.size () > 12)
    {
      guint32 length;
      memcpy (&length, sent.data (), 4);
      length = GUINT32_FROM_BE (length);
      ASSERT_LE (length, 130u * 1024);
      std::string packet = sent.substr (4, length);
      EXPECT_EQ (packet.substr (0, 16), head);
      auto vectors = parse_set_watches (packet);
      for (int v = 0; v < 3; v++)
        seen[v].insert (seen[v].end (), vectors[v].begin (), vectors[v].end ());
      sent.erase (0, 4 + length);
      packets++;
    }
  EXPECT_EQ (sent, framed (be32 (1) + be32 (2)));
  EXPECT_EQ (seen, watches);
  EXPECT_GT (packets, 8u);

  /* Each of them is answered. */
  for (gsize i = 0; i < packets; i++)
    {
      world.wire.to_receive = reply (-8, 0);
      EXPECT_EQ (Receive (), reply (-8, 0));
    }
  world.wire.to_receive = reply (1, 0);
  EXPECT_EQ (Receive (), reply (1, 0));
  EXPECT_TRUE (curator_channel_is_idle (channel));
}

TEST_F (ChannelTest, ManyRequestsInFlightAreMatchedInOrder)
{
  Handshake ();
  for (gint32 xid = 1; xid <= 5000; xid++)
    SendRequest (xid);
  curator_channel_flush (channel);
  for (gint32 xid = 1; xid <= 5000; xid++)
    {
      world.wire.to_receive = reply (xid, 0);
      ASSERT_EQ (Receive (), reply (xid, 0));
      if (xid % 3 == 0)
        SendRequest (5000 + xid / 3);
      curator_channel_flush (channel);
    }
  for (gint32 xid = 5001; xid <= 5000 + 5000 / 3; xid++)
    {
      world.wire.to_receive = reply (xid, 0);
      ASSERT_EQ (Receive (), reply (xid, 0));
    }
  EXPECT_TRUE (curator_channel_is_idle (channel));
}

TEST_F (ChannelTest, OnlyOneDescriptorIsHandedOut)
{
  EXPECT_EQ (curator_channel_libc_socket (channel), CURATOR_CHANNEL_FD);
  EXPECT_EQ (curator_channel_libc_socket (channel), -1);
  curator_channel_libc_close (channel);
  EXPECT_FALSE (curator_channel_is_open (channel));
  EXPECT_EQ (curator_channel_libc_socket (channel), -1);
}

TEST_F (ChannelTest, ALingeringStreamOutlivesTheClose)
{
  Handshake ();
  curator_channel_libc_socket (channel);
  SendRequest (1);
  curator_channel_set_linger (channel, TRUE);
  curator_channel_libc_close (channel);
  ASSERT_TRUE (curator_channel_is_open (channel));
  curator_channel_flush (channel);
  EXPECT_EQ (world.wire.sent, framed (be32 (1) + be32 (2)));
}

} // namespace
