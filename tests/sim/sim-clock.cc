/* SPDX-License-Identifier: Apache-2.0 */
#include "sim-world.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace sim
{

namespace
{

thread_local const int64_t *process_clock;

} // namespace

void
SetProcessClock (const int64_t *now_us)
{
  process_clock = now_us;
}

} // namespace sim

/* GLib reads its clock in every iteration of a main context, and whether a task was made in this iteration or
 * in an earlier one decides when its callback runs: with the real clock now and then differently. */
extern "C" int
clock_gettime (clockid_t id, struct timespec *now)
{
  const int64_t *virtual_us = sim::process_clock;

  if (virtual_us == nullptr)
    return static_cast<int> (syscall (SYS_clock_gettime, id, now));
  now->tv_sec = *virtual_us / G_USEC_PER_SEC;
  now->tv_nsec = *virtual_us % G_USEC_PER_SEC * 1000;
  return 0;
}
