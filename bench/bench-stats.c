/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-stats.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static int
compare_doubles (const void *a, const void *b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

static void
sort_doubles (double *values, gsize n)
{
  if (n > 1)
    qsort (values, n, sizeof *values, compare_doubles);
}

static double
median_of_sorted (const double *sorted, gsize n)
{
  if (n == 0)
    return 0;
  return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double
bench_quantile (const double *sorted, gsize n, double quantile)
{
  double rank;

  if (n == 0)
    return 0;
  /* 0.99 * 100 is a little more than 99 in binary, which must not move the rank up. */
  rank = ceil (CLAMP (quantile, 0.0, 1.0) * (double) n - 1e-9);
  return sorted[rank < 1 ? 0 : (gsize) rank - 1];
}

double
bench_median (const double *values, gsize n)
{
  g_autofree double *sorted = NULL;

  if (n == 0)
    return 0;
  sorted = g_new (double, n);
  memcpy (sorted, values, n * sizeof *sorted);
  sort_doubles (sorted, n);
  return median_of_sorted (sorted, n);
}

BenchSummary
bench_summarise (double *samples, gsize n)
{
  BenchSummary summary = { .count = n };
  double sum = 0;

  if (n == 0)
    return summary;
  sort_doubles (samples, n);
  for (gsize i = 0; i < n; i++)
    sum += samples[i];
  summary.min = samples[0];
  summary.mean = sum / (double) n;
  summary.median = median_of_sorted (samples, n);
  summary.p99 = bench_quantile (samples, n, 0.99);
  summary.max = samples[n - 1];
  return summary;
}

BenchFigures
bench_figures_from_measure (const BenchMeasure *measure)
{
  BenchFigures figures = { .median_us = measure->latency_us.median, .p99_us = measure->latency_us.p99 };
  double operations = (double) measure->operations;

  if (measure->operations == 0)
    return figures;
  if (measure->wall_us > 0)
    figures.operations_per_second = operations * 1e6 / measure->wall_us;
  figures.cpu_us_per_operation = measure->cpu_us / operations;
  figures.switches_per_operation = (double) measure->switches / operations;
  return figures;
}

static double
median_of_field (const BenchFigures *figures, gsize n, gsize offset)
{
  g_autofree double *values = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    values[i] = G_STRUCT_MEMBER (double, &figures[i], offset);
  return bench_median (values, n);
}

BenchFigures
bench_figures_median (const BenchFigures *figures, gsize n)
{
  return (BenchFigures){
    .median_us = median_of_field (figures, n, offsetof (BenchFigures, median_us)),
    .p99_us = median_of_field (figures, n, offsetof (BenchFigures, p99_us)),
    .operations_per_second = median_of_field (figures, n, offsetof (BenchFigures, operations_per_second)),
    .cpu_us_per_operation = median_of_field (figures, n, offsetof (BenchFigures, cpu_us_per_operation)),
    .switches_per_operation = median_of_field (figures, n, offsetof (BenchFigures, switches_per_operation)),
  };
}

double
bench_figures_spread (const BenchFigures *figures, gsize n)
{
  double smallest = INFINITY;
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    {
      smallest = MIN (smallest, figures[i].median_us);
      largest = MAX (largest, figures[i].median_us);
    }
  return n > 1 && smallest > 0 ? largest / smallest : 1;
}

double
bench_ratio (double value, double baseline)
{
  return baseline > 0 && isfinite (value) ? value / baseline : (double) NAN;
}
