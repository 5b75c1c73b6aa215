/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-tally.h"

void
bench_tally_begin (BenchTally *tally, guint warmup, guint operations)
{
  *tally = (BenchTally){ .warmup = warmup, .operations = operations };
  /* Touched now, so that no page fault is measured. */
  tally->samples_us = g_new0 (double, operations);
  if (warmup == 0)
    bench_meter_start (&tally->meter);
}

void
bench_tally_add (BenchTally *tally, double sample_us)
{
  tally->seen++;
  if (tally->seen > tally->warmup && tally->n_samples < tally->operations)
    {
      tally->samples_us[tally->n_samples++] = sample_us;
      if (tally->n_samples == tally->operations)
        bench_meter_stop (&tally->meter);
    }
  else if (tally->seen == tally->warmup)
    bench_meter_start (&tally->meter);
}

gboolean
bench_tally_is_full (const BenchTally *tally)
{
  return tally->n_samples == tally->operations;
}

void
bench_tally_clear (BenchTally *tally)
{
  g_clear_pointer (&tally->samples_us, g_free);
  tally->n_samples = 0;
}
