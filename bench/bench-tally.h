/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-meter.h"

G_BEGIN_DECLS

/* Counts the operations of one run: the first ones warm up, then the meter runs for as many as were asked
 * for, and what comes after them is ignored. So the meter spans whole operations of a pipeline that is
 * already full.
 *
 * Not locked: one thread at a time. */
typedef struct
{
  guint warmup;
  guint operations;
  guint seen;
  guint n_samples;
  double *samples_us;
  BenchMeter meter;
} BenchTally;

/* Call right before the first operation. */
void bench_tally_begin (BenchTally *tally, guint warmup, guint operations);
void bench_tally_add (BenchTally *tally, double sample_us);
/* TRUE when all that was asked for is measured. */
gboolean bench_tally_is_full (const BenchTally *tally);
void bench_tally_clear (BenchTally *tally);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchTally, bench_tally_clear)

G_END_DECLS
