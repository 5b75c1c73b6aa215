/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sim
{

/* What a process can know of its session, by what it has read. */
struct Contact
{
  int64_t session = 0; /* 0: none */
  int64_t timeout_us = 0;
  int64_t answered_us = 0; /* when the newest request that was answered had been sent */
  int64_t heard_us = 0;    /* when it read anything, last */
  bool is_over = false;    /* a member said so */
  bool is_broken = false;  /* the connection */

  /* It lives until then, for sure; from then on it may be over. */
  int64_t GetDeadlineUs () const
  {
    return answered_us + timeout_us;
  }

  /* By then the process minds that it has heard nothing. */
  int64_t GetPatienceUs () const
  {
    return heard_us + timeout_us * 2 / 3;
  }
};

/* One connection's share in that: the bytes that the process writes and reads. */
class Exchange
{
public:
  void Write (const char *data, size_t length, int64_t now_us);
  void Read (const char *data, size_t length, int64_t now_us, Contact *contact);
  /* The process has heard that it has ended. */
  void End (Contact *contact) const;

private:
  void HearGreeting (const std::string &packet, Contact *contact);
  void HearAnswer (const std::string &packet, int64_t now_us, Contact *contact);

  std::string written_, read_; /* of packets that are not complete */
  bool has_sent_ = false, has_heard_ = false, is_up_ = false;
  int64_t greeted_us_ = 0;
  std::vector<std::pair<int32_t, int64_t> > open_; /* requests without an answer, and when they were sent */
};

} // namespace sim
