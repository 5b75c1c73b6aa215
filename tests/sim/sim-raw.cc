/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-raw.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sim
{

Peer::Result
Peer::Read (std::string *frame)
{
  for (;;)
    {
      Reader head (inbox_);
      auto length = static_cast<size_t> (head.GetInt ());

      if (!head.IsBad () && head.GetLeft () >= length)
        {
          *frame = inbox_.substr (sizeof (int32_t), length);
          inbox_.erase (0, sizeof (int32_t) + length);
          return Result::kFrame;
        }
      Result result = Fill ();
      if (result != Result::kFrame)
        return result;
    }
}

namespace
{

/* --- simulated --- */

class SimPeer : public Peer, public Line
{
public:
  SimPeer (Ensemble *ensemble, unsigned member, bool settles)
      : ensemble_ (ensemble), settles_ (settles), number_ (ensemble->Accept (member, this))
  {
  }

  ~SimPeer () override
  {
    if (!closed_)
      ensemble_->HangUp (number_);
  }

  bool IsRefused () const
  {
    return number_ == 0;
  }

  void Write (const std::string &bytes) override
  {
    if (!closed_)
      ensemble_->Receive (number_, reinterpret_cast<const uint8_t *> (bytes.data ()), bytes.size ());
  }

  void Send (const uint8_t *data, size_t length) override
  {
    sent_.append (reinterpret_cast<const char *> (data), length);
  }

  void Close () override
  {
    closed_ = true;
  }

protected:
  Result Fill () override
  {
    if (sent_.empty () && !closed_ && settles_)
      Settle (ensemble_);
    if (sent_.empty ())
      return closed_ ? Result::kClosed : Result::kNothing;
    inbox_ += sent_;
    sent_.clear ();
    return Result::kFrame;
  }

private:
  Ensemble *ensemble_;
  bool settles_;
  bool closed_ = false;
  std::string sent_;
  uint64_t number_;
};

/* --- real --- */

class SocketPeer : public Peer
{
public:
  explicit SocketPeer (int fd) : fd_ (fd)
  {
  }

  ~SocketPeer () override
  {
    close (fd_);
  }

  void Write (const std::string &bytes) override
  {
    for (size_t done = 0; done < bytes.size ();)
      {
        ssize_t n = send (fd_, bytes.data () + done, bytes.size () - done, MSG_NOSIGNAL);

        /* Whoever reads finds out. */
        if (n <= 0)
          return;
        done += static_cast<size_t> (n);
      }
  }

protected:
  Result Fill () override
  {
    char buffer[4096];
    ssize_t n = recv (fd_, buffer, sizeof buffer, 0);

    if (n > 0)
      {
        inbox_.append (buffer, static_cast<size_t> (n));
        return Result::kFrame;
      }
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Result::kNothing : Result::kClosed;
  }

private:
  int fd_;
};

} // namespace

unsigned
Settle (Ensemble *ensemble)
{
  std::vector<Step> steps;

  for (unsigned n = 0;; n++)
    {
      steps.clear ();
      ensemble->Collect (&steps);
      if (steps.empty ())
        return n;
      ensemble->Run (steps.front ());
    }
}

std::unique_ptr<Peer>
SimPlace::Connect ()
{
  auto peer = std::make_unique<SimPeer> (ensemble_, member_, settles_);

  if (peer->IsRefused ())
    {
      peer->Close ();
      return nullptr;
    }
  return peer;
}

std::unique_ptr<Peer>
SocketPlace::Connect ()
{
  const struct timeval patience = { 20, 0 };
  const int on = 1;
  struct sockaddr_in address = {};
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_family = AF_INET;
  address.sin_port = htons (static_cast<uint16_t> (port_));
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect (fd, reinterpret_cast<const struct sockaddr *> (&address), sizeof address) != 0)
    {
      close (fd);
      return nullptr;
    }
  return std::make_unique<SocketPeer> (fd);
}

std::string
MakeGreeting (const Greeting &greeting)
{
  Writer out;

  out.Begin ();
  out.PutInt (0);
  out.PutLong (greeting.last_zxid);
  out.PutInt (greeting.timeout_ms);
  out.PutLong (greeting.session);
  out.PutString (greeting.password);
  out.PutBool (false);
  out.End ();
  return out.GetBytes ();
}

std::string
MakeRequest (int32_t xid, int32_t op, const Writer &body)
{
  Writer out;

  out.Begin ();
  out.PutInt (xid);
  out.PutInt (op);
  out.PutRaw (body.GetBytes ());
  out.End ();
  return out.GetBytes ();
}

/* --- bodies --- */

Writer
MakePath (const std::string &path)
{
  Writer body;

  body.PutString (path);
  return body;
}

Writer
MakeWatch (const std::string &path, bool watch)
{
  Writer body = MakePath (path);

  body.PutBool (watch);
  return body;
}

Writer
MakeVersion (const std::string &path, int32_t version)
{
  Writer body = MakePath (path);

  body.PutInt (version);
  return body;
}

Writer
MakeData (const std::string &path, const std::string &data, int32_t version)
{
  Writer body = MakePath (path);

  body.PutString (data);
  body.PutInt (version);
  return body;
}

Writer
MakeCreate (const std::string &path, int32_t flags, const AclList &acl)
{
  Writer body = MakePath (path);

  body.PutString ("");
  body.PutAcl (acl);
  body.PutInt (flags);
  return body;
}

/* --- one who calls --- */

bool
Caller::BeginConnect ()
{
  peer_ = place_->Connect ();
  if (peer_ != nullptr)
    peer_->Write (MakeGreeting (greeting));
  return peer_ != nullptr;
}

bool
Caller::FinishConnect ()
{
  std::string frame;

  if (peer_->Read (&frame) != Peer::Result::kFrame)
    return false;
  Reader body (frame);
  body.GetInt ();
  greeting.timeout_ms = body.GetInt ();
  greeting.session = body.GetLong ();
  greeting.password = body.GetBuffer ().bytes;
  return greeting.session != 0;
}

bool
Caller::Connect ()
{
  return BeginConnect () && FinishConnect ();
}

int32_t
Caller::Send (int32_t op, const Writer &body)
{
  peer_->Write (MakeRequest (++last_xid_, op, body));
  return last_xid_;
}

Reply
Caller::Read ()
{
  std::string frame;
  Reply reply;

  reply.result = peer_->Read (&frame);
  if (reply.result != Peer::Result::kFrame)
    return reply;
  Reader head (frame);
  reply.xid = head.GetInt ();
  reply.zxid = head.GetLong ();
  reply.error = head.GetInt ();
  reply.body = frame.substr (frame.size () - head.GetLeft ());
  return reply;
}

Reply
Caller::Call (int32_t op, const Writer &body)
{
  Reply reply;

  Send (op, body);
  do
    reply = Read ();
  while (reply.IsEvent ());
  return reply;
}

} // namespace sim
