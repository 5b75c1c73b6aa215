/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz-server.h"

#include <errno.h>
#include <string.h>

#include <algorithm>

namespace
{

/* Reads a body as what it is to be. Once something does not fit, nothing does. */
class Body
{
public:
  explicit Body (const std::string &bytes) : bytes_ (bytes)
  {
  }

  void Skip (size_t n)
  {
    good_ = good_ && bytes_.size () - at_ >= n;
    at_ += good_ ? n : 0;
  }

  int32_t Int ()
  {
    uint32_t value = 0;

    Skip (4);
    if (good_)
      memcpy (&value, bytes_.data () + at_ - 4, 4);
    return static_cast<int32_t> (GUINT32_FROM_BE (value));
  }

  std::string String (bool may_be_null = false)
  {
    int32_t length = Int ();
    size_t start = at_;

    if (may_be_null && length == -1)
      return "";
    good_ = good_ && length >= 0;
    Skip (static_cast<size_t> (MAX (length, 0)));
    return good_ ? bytes_.substr (start, static_cast<size_t> (length)) : "";
  }

  /* By one letter for each field: integer, data, ACL. */
  bool Matches (const char *format)
  {
    for (; *format != '\0' && good_; format++)
      switch (*format)
        {
        case 'i':
          Int ();
          break;
        case 'd':
          String (true);
          break;
        default:
          List ();
          break;
        }
    return good_;
  }

private:
  void List ()
  {
    int32_t n = Int ();

    good_ = good_ && n >= 0;
    for (; good_ && n > 0; n--)
      {
        Int ();
        String ();
        String ();
      }
  }

  const std::string &bytes_;
  size_t at_ = 0;
  bool good_ = true;
};

} // namespace

std::string
FuzzServer::BeInt (int32_t value)
{
  guint32 big = GUINT32_TO_BE (static_cast<guint32> (value));

  return std::string (reinterpret_cast<char *> (&big), sizeof big);
}

std::string
FuzzServer::BeLong (int64_t value)
{
  return BeInt (static_cast<int32_t> (value >> 32)) + BeInt (static_cast<int32_t> (value));
}

std::string
FuzzServer::String (const std::string &text)
{
  return BeInt (static_cast<int32_t> (text.size ())) + text;
}

/* --- the net --- */

FuzzServer::FuzzServer ()
{
  net.now_us = [] (CuratorNet *self) { return reinterpret_cast<FuzzServer *> (self)->now_us; };
  net.random = [] (CuratorNet *self) -> guint64 {
    return reinterpret_cast<FuzzServer *> (self)->seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  };
  net.connect = [] (CuratorNet *self, const struct sockaddr *, socklen_t) {
    return reinterpret_cast<FuzzServer *> (self)->Connect ();
  };
}

CuratorNetStream *
FuzzServer::Connect ()
{
  auto *stream = new Stream ();

  stream->stream.klass = &stream_class;
  stream->server = this;
  stream->status = status_;
  streams_.push_back (stream);
  return &stream->stream;
}

FuzzServer::Stream *
FuzzServer::GetCurrent () const
{
  for (auto stream = streams_.rbegin (); stream != streams_.rend (); stream++)
    if (!(*stream)->is_probe)
      return *stream;
  return nullptr;
}

FuzzServer::Stream *
FuzzServer::From (CuratorNetStream *stream)
{
  return reinterpret_cast<Stream *> (stream);
}

const CuratorNetStreamClass FuzzServer::stream_class = {
  [] (CuratorNetStream *stream) { return From (stream)->status; },
  OnSend,
  OnRecv,
  [] (CuratorNetStream *) { return -1; },
  OnPoll,
  OnClose,
};

gssize
FuzzServer::OnSend (CuratorNetStream *stream, const void *data, gsize length)
{
  Stream *self = From (stream);

  if (self->error_number != 0 && self->error_number != EAGAIN)
    {
      errno = EPIPE;
      return -1;
    }
  self->from_client.append (static_cast<const char *> (data), length);
  self->server->TakeFrames (self);
  return static_cast<gssize> (length);
}

gssize
FuzzServer::OnRecv (CuratorNetStream *stream, void *data, gsize length)
{
  Stream *self = From (stream);
  gsize n = MIN (length, self->to_client.size ());

  if (n == 0)
    {
      errno = self->error_number != 0 ? self->error_number : EAGAIN;
      return self->at_end && self->error_number == 0 ? 0 : -1;
    }
  memcpy (data, self->to_client.data (), n);
  self->to_client.erase (0, n);
  return static_cast<gssize> (n);
}

GIOCondition
FuzzServer::OnPoll (CuratorNetStream *stream)
{
  Stream *self = From (stream);
  bool readable = !self->to_client.empty () || self->at_end;

  if (self->status == EINPROGRESS)
    return static_cast<GIOCondition> (0);
  return static_cast<GIOCondition> (G_IO_OUT | (readable ? G_IO_IN : 0));
}

void
FuzzServer::OnClose (CuratorNetStream *stream)
{
  Stream *self = From (stream);

  std::vector<Stream *> *streams = &self->server->streams_;
  auto found = std::find (streams->begin (), streams->end (), self);

  FUZZ_CHECK (found != streams->end ());
  streams->erase (found);
  delete self;
}

/* --- what the client says --- */

void
FuzzServer::TakeFrames (Stream *stream)
{
  if (!stream->handshake_asked && stream->from_client == "isro")
    {
      stream->is_probe = stream->at_end = true;
      stream->to_client = probe_answer_;
      stream->from_client.clear ();
    }
  while (stream->from_client.size () >= 4)
    {
      guint32 length;

      memcpy (&length, stream->from_client.data (), 4);
      length = GUINT32_FROM_BE (length);
      FUZZ_CHECK (length < 1u << 21);
      if (stream->from_client.size () < 4 + length)
        return;
      if (!stream->handshake_asked)
        stream->handshake_asked = true;
      else
        TakeRequest (stream, stream->from_client.substr (4, length));
      stream->from_client.erase (0, 4 + length);
    }
}

void
FuzzServer::TakeRequest (Stream *stream, const std::string &frame)
{
  Body body (frame);
  FuzzRequest request = { body.Int (), body.Int (), "", {} };

  FUZZ_CHECK (frame.size () >= 8);
  if (request.type == 14)
    {
      for (int32_t type = body.Int (); type != -1; type = body.Int ())
        {
          request.parts.push_back (type);
          body.Skip (5);
          body.String ();
          if (type == 1)
            FUZZ_CHECK (body.Matches ("dai"));
          else if (type == 5)
            FUZZ_CHECK (body.Matches ("di"));
          else
            FUZZ_CHECK (body.Matches ("i"));
        }
    }
  else if (request.xid >= 0)
    request.path = body.String ();
  stream->asked.push_back (request);
}

/* --- what the server says --- */

void
FuzzServer::Send (const std::string &bytes)
{
  for (char c : bytes)
    {
      Stream *stream = GetCurrent ();
      guint32 length = 0;

      if (stream == nullptr || stream->at_end)
        return;
      stream->frame.push_back (c);
      if (stream->frame.size () >= 4)
        memcpy (&length, stream->frame.data (), 4);
      length = GUINT32_FROM_BE (length);
      if (stream->frame.size () < 4 || stream->frame.size () - 4 < length)
        {
          stream->to_client.push_back (c);
          continue;
        }
      stream->to_client.push_back (c);
      stream->frame.clear ();
      stream->handshake_sent = true;
    }
}

void
FuzzServer::SendFrame (const std::string &body)
{
  Send (BeInt (static_cast<int32_t> (body.size ())) + body);
}

void
FuzzServer::Cut (int error_number)
{
  for (Stream *stream : streams_)
    {
      stream->at_end = true;
      stream->error_number = error_number;
    }
}

void
FuzzServer::SetStatus (int status)
{
  Stream *stream = GetCurrent ();

  status_ = status;
  if (status == 0 && stream != nullptr && stream->status == EINPROGRESS)
    stream->status = 0;
}

void
FuzzServer::SetProbeAnswer (const std::string &answer)
{
  probe_answer_ = answer;
}

/* --- state --- */

bool
FuzzServer::IsConnected () const
{
  Stream *stream = GetCurrent ();

  return stream != nullptr && stream->status == 0 && !stream->at_end;
}

bool
FuzzServer::IsHandshakeDue () const
{
  return IsConnected () && GetCurrent ()->handshake_asked && !GetCurrent ()->handshake_sent;
}

std::deque<FuzzRequest> *
FuzzServer::GetAsked ()
{
  return IsConnected () ? &GetCurrent ()->asked : &nothing_;
}

size_t
FuzzServer::CountStreams () const
{
  return streams_.size ();
}
