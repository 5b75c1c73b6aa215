/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-contact.h"

#include <algorithm>

#include "sim-wire.h"

namespace sim
{

namespace
{

/* FALSE where there is no whole one. */
bool
TakePacket (std::string *bytes, std::string *packet)
{
  if (bytes->size () < 4)
    return false;
  auto length = static_cast<size_t> (Reader (bytes->data (), 4).GetInt ());

  if (bytes->size () - 4 < length)
    return false;
  packet->assign (*bytes, 4, length);
  bytes->erase (0, length + 4);
  return true;
}

} // namespace

void
Exchange::Write (const char *data, size_t length, int64_t now_us)
{
  std::string packet;

  written_.append (data, length);
  while (TakePacket (&written_, &packet))
    {
      if (has_sent_)
        open_.emplace_back (Reader (packet.data (), packet.size ()).GetInt (), now_us);
      else
        greeted_us_ = now_us;
      has_sent_ = true;
    }
}

void
Exchange::Read (const char *data, size_t length, int64_t now_us, Contact *contact)
{
  std::string packet;

  read_.append (data, length);
  while (TakePacket (&read_, &packet))
    {
      if (has_heard_)
        HearAnswer (packet, now_us, contact);
      else
        HearGreeting (packet, contact);
      has_heard_ = true;
      contact->heard_us = now_us;
    }
}

void
Exchange::HearGreeting (const std::string &packet, Contact *contact)
{
  Reader reader (packet.data (), packet.size ());

  reader.GetInt (); /* the protocol's version */
  int32_t timeout_ms = reader.GetInt ();
  is_up_ = timeout_ms > 0;
  contact->is_over = !is_up_;
  if (!is_up_)
    return;
  contact->session = reader.GetLong ();
  contact->timeout_us = static_cast<int64_t> (timeout_ms) * 1000;
  contact->answered_us = greeted_us_;
  contact->is_broken = false;
}

void
Exchange::HearAnswer (const std::string &packet, int64_t now_us, Contact *contact)
{
  int32_t xid = Reader (packet.data (), packet.size ()).GetInt ();
  auto found = std::find_if (open_.begin (), open_.end (), [xid] (const auto &each) { return each.first == xid; });

  if (found == open_.end ())
    return;
  /* What is read too late does not bring the session back. */
  if (now_us < contact->GetDeadlineUs ())
    contact->answered_us = std::max (contact->answered_us, found->second);
  open_.erase (found);
}

void
Exchange::End (Contact *contact) const
{
  contact->is_broken = contact->is_broken || is_up_;
}

} // namespace sim
