/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <time.h>

#include "bench-stats.h"

G_BEGIN_DECLS

/* Measures what this process (all its threads, and nothing of the server) spends between two points. */

typedef struct
{
  double wall_us;
  double cpu_us;
  guint64 switches;
} BenchMeter;

void bench_meter_start (BenchMeter *meter);
/* Replaces the readings at the start by the differences to them. */
void bench_meter_stop (BenchMeter *meter);

/* Microseconds of a clock that does not jump. Inline, as it is taken twice for every operation. */
static inline double
bench_now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

G_END_DECLS
