/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-meter.h"

#include <errno.h>
#include <sys/resource.h>

static double
timeval_to_us (const struct timeval *value)
{
  return (double) value->tv_sec * 1e6 + (double) value->tv_usec;
}

static BenchMeter
read_now (void)
{
  BenchMeter meter = { .wall_us = bench_now_us () };
  struct rusage usage;

  if (getrusage (RUSAGE_SELF, &usage) != 0)
    g_error ("getrusage: %s", g_strerror (errno));
  meter.cpu_us = timeval_to_us (&usage.ru_utime) + timeval_to_us (&usage.ru_stime);
  meter.switches = (guint64) usage.ru_nvcsw + (guint64) usage.ru_nivcsw;
  return meter;
}

void
bench_meter_start (BenchMeter *meter)
{
  *meter = read_now ();
}

void
bench_meter_stop (BenchMeter *meter)
{
  BenchMeter now = read_now ();

  meter->wall_us = now.wall_us - meter->wall_us;
  meter->cpu_us = now.cpu_us - meter->cpu_us;
  meter->switches = now.switches - meter->switches;
}
