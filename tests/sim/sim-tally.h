/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sim
{

/* What has to happen somewhere in many runs, as otherwise they show nothing. */
enum class Happening
{
  kGrant,
  kLoss,        /* of what was granted */
  kHandOver,    /* a grant to another process than the one before */
  kSuspended,   /* a client has no connection any more */
  kReconnected, /* it has one again, in the same session or another one */
  kLost,        /* it has no session any more */
  kRequestLost, /* what was sent never reached the member */
  kRequestLate, /* it did when the connection was gone */
  kAnswerLost,  /* what a member answered never reached the process */
  kRefused,     /* a connection did not come about */
  kUnanswered,  /* the same, and nothing was said about it for a while */
  kCount,
};

const char *GetName (Happening happening);

/* How often each happened. */
class Tally
{
public:
  void Note (Happening happening)
  {
    counts_[static_cast<size_t> (happening)]++;
  }

  /* Who holds now, by number. */
  void NoteHolder (unsigned process)
  {
    if (last_holder_ != 0 && last_holder_ != process)
      Note (Happening::kHandOver);
    last_holder_ = process;
  }

  uint64_t Get (Happening happening) const
  {
    return counts_[static_cast<size_t> (happening)];
  }

private:
  std::array<uint64_t, static_cast<size_t> (Happening::kCount)> counts_ = {};
  unsigned last_holder_ = 0;
};

} // namespace sim
