/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the benchmark says about its numbers. Pure; everything may be called from any thread. */

/* A distribution of samples, all in the unit of the samples; all 0 where there are none. */
typedef struct
{
  gsize count;
  double min;
  double mean;
  double median;
  double p99;
  double max;
} BenchSummary;

/* What one run of one workload cost. */
typedef struct
{
  guint64 operations;
  double wall_us;
  double cpu_us;
  guint64 switches; /* context switches, voluntary and involuntary */
  BenchSummary latency_us;
} BenchMeasure;

/* The figures of a report: of one run, or the medians over several. */
typedef struct
{
  double median_us;
  double p99_us;
  double operations_per_second;
  double cpu_us_per_operation;
  double switches_per_operation;
} BenchFigures;

/* The smallest sample that at least the part @quantile (0 to 1) of all is not above; 0 without samples. */
double bench_quantile (const double *sorted, gsize n, double quantile);
/* The middle sample, or the mean of the two in the middle; 0 without samples. Leaves @values alone. */
double bench_median (const double *values, gsize n);
/* Sorts @samples. */
BenchSummary bench_summarise (double *samples, gsize n);

BenchFigures bench_figures_from_measure (const BenchMeasure *measure);
/* Field by field. */
BenchFigures bench_figures_median (const BenchFigures *figures, gsize n);
/* The largest median latency of the runs over the smallest: how far the repetitions agree. 1 for fewer than
 * two. */
double bench_figures_spread (const BenchFigures *figures, gsize n);
/* @value over @baseline; NaN where that says nothing. */
double bench_ratio (double value, double baseline);

G_END_DECLS
