/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <deque>

#include "fuzz.h"

extern "C"
{
#include "curator-net-private.h"
}

/* What the client said of one request. */
struct FuzzRequest
{
  int32_t xid;
  int32_t type; /* the protocol's number */
  std::string path;
  std::vector<int32_t> parts; /* types, of a transaction */
};

/* The world of a client: a clock that is moved by hand, and a server that says what it is told to. Its
 * streams have no descriptors. */
class FuzzServer
{
public:
  /* The client's limit; a larger reply is not read. */
  static constexpr int32_t kMaxReplyBytes = 32 * 1024;

  FuzzServer ();

  /* Raw bytes. */
  void Send (const std::string &bytes);
  void SendFrame (const std::string &body);
  /* All connections end: in order, or with this errno. */
  void Cut (int error_number);
  /* How the next connections begin: 0, EINPROGRESS for never, or an errno. */
  void SetStatus (int status);

  /* What the client's search for a writable server is told. */
  void SetProbeAnswer (const std::string &answer);

  bool IsConnected () const;
  bool IsHandshakeDue () const;
  /* On the connection that is there, oldest first. */
  std::deque<FuzzRequest> *GetAsked ();
  size_t CountStreams () const;
  static std::string BeInt (int32_t value);
  static std::string BeLong (int64_t value);
  static std::string String (const std::string &text);

  CuratorNet net = {};
  int64_t now_us = 1000 * 1000;
  uint64_t seed = 1;

private:
  struct Stream
  {
    CuratorNetStream stream;
    FuzzServer *server;
    int status;
    std::string to_client;
    bool at_end = false;
    int error_number = 0;
    std::string from_client;
    std::string frame; /* of what was sent to the client: the last one, as far as it went */
    bool handshake_asked = false;
    bool handshake_sent = false;
    bool is_probe = false;
    std::deque<FuzzRequest> asked;
  };

  static Stream *From (CuratorNetStream *stream);
  static const CuratorNetStreamClass stream_class;
  static gssize OnSend (CuratorNetStream *stream, const void *data, gsize length);
  static gssize OnRecv (CuratorNetStream *stream, void *data, gsize length);
  static GIOCondition OnPoll (CuratorNetStream *stream);
  static void OnClose (CuratorNetStream *stream);
  CuratorNetStream *Connect ();
  Stream *GetCurrent () const;
  void TakeFrames (Stream *stream);
  void TakeRequest (Stream *stream, const std::string &frame);

  std::vector<Stream *> streams_; /* in the order in which they were made */
  std::deque<FuzzRequest> nothing_;
  std::string probe_answer_ = "ro";
  int status_ = 0;
};
