/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-net.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>

#include <algorithm>

#include "sim-wire.h"

namespace sim
{

namespace
{

/* What a step is about: a link's number, and in the lowest bit the direction. */
constexpr uint32_t kDown = 1;

/* The process's end; freed by its close (). */
struct Stream
{
  CuratorNetStream base;
  World *world = nullptr;
  Host *host = nullptr;
  Link *link = nullptr; /* until the link is gone */
  int status = EINPROGRESS;
  bool at_end = false;
  std::string inbox;
  size_t n_read = 0;
  Exchange exchange;
};

} // namespace

class Link : public Line
{
public:
  Link (Network *the_network, Host *the_host, unsigned the_member, uint32_t the_number);
  ~Link () override;

  void Send (const uint8_t *data, size_t length) override;
  void Close () override;

  bool CanGoUp () const;
  bool CanGoDown () const;
  void GoUp ();
  void GoDown ();
  void Break (int error_number);
  /* Neither end knows it any more. */
  bool IsFinished () const
  {
    return stream == nullptr && connection == 0 && !connecting;
  }

  Network *network;
  Host *host;
  unsigned member;
  uint32_t number, up_actor, down_actor;
  Stream *stream;
  uint64_t connection = 0;
  bool connecting = true;
  std::deque<std::string> up, down;
  bool up_ends = false, down_ends = false;
  int64_t up_held_us = 0, down_held_us = 0;

private:
  void Accept ();
  void Hear (const std::string &piece);

  bool greeted = false;
};

/* --- the process's end --- */

namespace
{

Stream *
From (CuratorNetStream *stream)
{
  return reinterpret_cast<Stream *> (stream);
}

int
StreamStatus (CuratorNetStream *stream)
{
  return From (stream)->status;
}

gssize
StreamSend (CuratorNetStream *stream, const void *data, gsize length)
{
  Stream *self = From (stream);

  if (self->status != 0)
    {
      errno = self->status == EINPROGRESS ? EAGAIN : self->status;
      return -1;
    }
  if (self->link == nullptr || self->link->down_ends)
    {
      self->exchange.End (&self->host->contact);
      errno = EPIPE;
      return -1;
    }
  self->exchange.Write (static_cast<const char *> (data), length, self->world->NowUs ());
  self->link->up.emplace_back (static_cast<const char *> (data), length);
  return static_cast<gssize> (length);
}

gssize
StreamRecv (CuratorNetStream *stream, void *data, gsize length)
{
  Stream *self = From (stream);
  size_t n = std::min (length, self->inbox.size () - self->n_read);

  if (n > 0)
    {
      memcpy (data, self->inbox.data () + self->n_read, n);
      self->exchange.Read (static_cast<const char *> (data), n, self->world->NowUs (), &self->host->contact);
      self->n_read += n;
      if (self->n_read == self->inbox.size ())
        {
          self->inbox.clear ();
          self->n_read = 0;
        }
      return static_cast<gssize> (n);
    }
  if (self->at_end || (self->status != 0 && self->status != EINPROGRESS))
    self->exchange.End (&self->host->contact);
  if (self->status == 0 && self->at_end)
    return 0;
  errno = self->status == 0 || self->status == EINPROGRESS ? EAGAIN : self->status;
  return -1;
}

int
StreamGetFd (CuratorNetStream *)
{
  return -1;
}

GIOCondition
StreamPoll (CuratorNetStream *stream)
{
  Stream *self = From (stream);
  bool readable = self->n_read < self->inbox.size () || self->at_end;

  if (self->status == EINPROGRESS)
    return static_cast<GIOCondition> (0);
  if (self->status != 0)
    return static_cast<GIOCondition> (G_IO_IN | G_IO_OUT);
  return static_cast<GIOCondition> (G_IO_OUT | (readable ? G_IO_IN : 0));
}

void
StreamClose (CuratorNetStream *stream)
{
  Stream *self = From (stream);

  if (self->link != nullptr)
    {
      self->link->stream = nullptr;
      self->link->up_ends = true;
    }
  delete self;
}

const CuratorNetStreamClass stream_class = {
  StreamStatus, StreamSend, StreamRecv, StreamGetFd, StreamPoll, StreamClose,
};

} // namespace

/* --- a connection --- */

Link::Link (Network *the_network, Host *the_host, unsigned the_member, uint32_t the_number)
    : network (the_network), host (the_host), member (the_member), number (the_number),
      up_actor (the_network->world_->NewActor ()), down_actor (the_network->world_->NewActor ()),
      stream (new Stream ())
{
  stream->base.klass = &stream_class;
  stream->link = this;
  stream->host = the_host;
  stream->world = the_network->world_;
}

Link::~Link ()
{
  if (stream != nullptr)
    stream->link = nullptr;
}

void
Link::Send (const uint8_t *data, size_t length)
{
  if (stream != nullptr)
    down.emplace_back (reinterpret_cast<const char *> (data), length);
  else
    network->world_->tally.Note (Happening::kAnswerLost);
}

void
Link::Close ()
{
  connection = 0;
  down_ends = true;
}

bool
Link::CanGoUp () const
{
  if (network->world_->NowUs () < up_held_us)
    return false;
  return connecting || (connection != 0 && (!up.empty () || up_ends));
}

bool
Link::CanGoDown () const
{
  if (network->world_->NowUs () < down_held_us || stream == nullptr || stream->status != 0)
    return false;
  return !down.empty () || (down_ends && !stream->at_end);
}

void
Link::Accept ()
{
  bool refused = network->world_->NowUs () < host->refused_until_us;

  connecting = false;
  if (stream == nullptr)
    return;
  if (refused)
    network->world_->tally.Note (Happening::kRefused);
  else
    connection = network->ensemble_->Accept (member, this);
  stream->status = connection != 0 ? 0 : ECONNREFUSED;
  host->Wake ();
}

void
Link::GoUp ()
{
  if (connecting)
    {
      Accept ();
    }
  else if (!up.empty ())
    {
      std::string piece = std::move (up.front ());

      up.pop_front ();
      if (stream == nullptr)
        network->world_->tally.Note (Happening::kRequestLate);
      network->world_->trace.Mix (piece.data (), piece.size ());
      network->ensemble_->Receive (connection, reinterpret_cast<const uint8_t *> (piece.data ()),
                                   piece.size ());
    }
  else
    {
      network->ensemble_->HangUp (connection);
      connection = 0;
    }
}

/* Of the answers in the piece, in which packets are whole; the first packet of all is no answer. */
void
Link::Hear (const std::string &piece)
{
  for (size_t at = 0; at + 4 <= piece.size ();)
    {
      Reader reader (piece.data () + at, piece.size () - at);
      auto length = static_cast<size_t> (reader.GetInt ());

      if (greeted && reader.GetInt () != kXidEvent)
        host->heard_zxid = std::max (host->heard_zxid, reader.GetLong ());
      greeted = true;
      at += length + 4;
    }
}

void
Link::GoDown ()
{
  if (!down.empty ())
    {
      Hear (down.front ());
      network->world_->trace.Mix (down.front ().data (), down.front ().size ());
      stream->inbox += down.front ();
      down.pop_front ();
    }
  else
    {
      stream->at_end = true;
    }
  host->Wake ();
}

void
Link::Break (int error_number)
{
  if (!down.empty ())
    network->world_->tally.Note (Happening::kAnswerLost);
  down.clear ();
  up_ends = true;
  connecting = false;
  if (stream == nullptr)
    return;
  stream->status = error_number;
  stream->link = nullptr;
  stream = nullptr;
  host->Wake ();
}

/* --- the network --- */

Network::Network (World *world, Ensemble *ensemble) : world_ (world), ensemble_ (ensemble)
{
  world->Add (this);
}

Network::~Network () = default;

std::string
Network::GetConnectString (unsigned n_members)
{
  std::string list;

  for (unsigned i = 1; i <= n_members; i++)
    list += (i > 1 ? "," : "") + std::string ("10.0.0.") + std::to_string (i) + ":2181";
  return list;
}

CuratorNetStream *
Network::Connect (Host *host, const struct sockaddr *address)
{
  const auto *inet = reinterpret_cast<const struct sockaddr_in *> (address);
  unsigned member = (ntohl (inet->sin_addr.s_addr) & 0xff) - 1;
  auto link = std::make_unique<Link> (this, host, member, n_links_++);

  DropFinished ();
  if (world_->NowUs () < host->unanswered_until_us)
    {
      link->up_held_us = host->unanswered_until_us;
      world_->tally.Note (Happening::kUnanswered);
    }
  links_.push_back (std::move (link));
  return &links_.back ()->stream->base;
}

void
Network::DropFinished ()
{
  links_.erase (
      std::remove_if (links_.begin (), links_.end (), [] (const auto &link) { return link->IsFinished (); }),
      links_.end ());
}

Link *
Network::Find (uint32_t number)
{
  for (const auto &link : links_)
    if (link->number == number)
      return link.get ();
  return nullptr;
}

void
Network::Collect (std::vector<Step> *steps)
{
  for (const auto &link : links_)
    {
      if (link->CanGoUp ())
        steps->push_back ({ link->up_actor, link->number << 1 });
      if (link->CanGoDown ())
        steps->push_back ({ link->down_actor, link->number << 1 | kDown });
    }
}

void
Network::Run (const Step &step)
{
  Link *link = Find (step.what >> 1);

  if ((step.what & kDown) != 0)
    link->GoDown ();
  else
    link->GoUp ();
  DropFinished ();
}

int64_t
Network::GetNextDueUs ()
{
  int64_t next_us = G_MAXINT64;

  for (const auto &link : links_)
    for (int64_t held_us : { link->up_held_us, link->down_held_us })
      if (held_us > world_->NowUs ())
        next_us = std::min (next_us, held_us);
  return next_us != G_MAXINT64 ? next_us : -1;
}

/* --- faults --- */

bool
Network::HasConnection (const Host *host) const
{
  return std::any_of (links_.begin (), links_.end (), [host] (const auto &link) {
    return link->host == host && link->stream != nullptr && link->connection != 0;
  });
}

void
Network::Cut (Host *host, bool loses_requests, int64_t notices_us)
{
  for (const auto &link : links_)
    {
      if (link->host != host || link->stream == nullptr)
        continue;
      if (loses_requests && !link->up.empty ())
        world_->tally.Note (Happening::kRequestLost);
      if (loses_requests)
        link->up.clear ();
      link->up_held_us = std::max (link->up_held_us, notices_us);
      link->Break (ECONNRESET);
    }
}

void
Network::HoldUp (Host *host, int64_t until_us)
{
  for (const auto &link : links_)
    if (link->host == host)
      link->up_held_us = std::max (link->up_held_us, until_us);
}

void
Network::HoldDown (Host *host, int64_t until_us)
{
  for (const auto &link : links_)
    if (link->host == host)
      link->down_held_us = std::max (link->down_held_us, until_us);
}

void
Network::Heal ()
{
  for (const auto &link : links_)
    {
      link->up_held_us = link->down_held_us = 0;
      link->host->refused_until_us = link->host->unanswered_until_us = 0;
    }
}

} // namespace sim
